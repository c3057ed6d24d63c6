//! A ZIP as programs for documents use it: parts by their names.
//!
//! WHY own and not the crate `zip`: half of the damaged documents have lost their directory, and what still stands in
//! them is found by the headers before the members. Both ways give the same entries here, over borrowed bytes, and a
//! member that breaks off gives what came before the break.

use std::borrow::Cow;
use std::collections::HashMap;

use flate2::{Decompress, FlushDecompress, Status};
use memchr::memmem;

use crate::read::le::{Le, index};
use crate::read::{Fault, Reading};
use crate::report::Cause;

const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
/// The end record stands within a comment's length of the end.
const END_WITHIN: usize = 22 + 65_535;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// Parts of a package, in the order of its directory.
#[derive(Debug)]
pub(crate) struct Package<'b> {
    bytes: &'b [u8],
    entries: Vec<Entry>,
    by_name: HashMap<String, usize>,
    /// Whether the directory said something else than the bytes.
    damaged: bool,
}

#[derive(Debug)]
struct Entry {
    name: String,
    method: u16,
    locked: bool,
    crc: Option<u32>,
    /// Where its data begins, and how long it is said to be.
    from: usize,
    packed: usize,
    size: usize,
}

impl<'b> Package<'b> {
    /// Finds the parts; no more of them than the limits allow.
    pub(crate) fn open(bytes: &'b [u8], most: usize) -> Self {
        let mut package = Self {
            bytes,
            entries: Vec::new(),
            by_name: HashMap::new(),
            damaged: false,
        };
        if package.directory(most).is_none() {
            package.damaged = true;
            package.headers(most);
        }
        package
    }

    /// Whether its directory is not whole.
    pub(crate) fn damaged(&self) -> bool {
        self.damaged
    }

    /// Whether it may have more parts than were asked for.
    pub(crate) fn is_cut(&self, most: usize) -> bool {
        self.entries.len() >= most
    }

    /// Names of all parts, in the order of the directory.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// A part, unpacked; what was wrong with it is noted, and what came before the fault is given.
    pub(crate) fn part(
        &self,
        name: &str,
        into: &mut Reading<'_>,
    ) -> Result<Option<Cow<'b, [u8]>>, Fault> {
        let Some(entry) = self.find(name) else {
            return Ok(None);
        };
        if entry.locked {
            into.note(Cause::Encrypted);
            return Ok(None);
        }
        let packed = self.bytes.some(entry.from, entry.packed);
        if packed.len() < entry.packed && entry.packed != usize::MAX {
            into.note(Cause::Damaged);
        }
        let room = usize::try_from(into.room(packed.len() as u64)).unwrap_or(usize::MAX);
        let unpacked = match entry.method {
            STORED if packed.len() <= room => Cow::Borrowed(packed),
            STORED => return Err(Fault(Cause::TooBig)),
            DEFLATED => Cow::Owned(inflate(packed, entry.size, room, into)),
            _ => {
                into.note(Cause::UnknownFormat);
                return Ok(None);
            }
        };
        if let Some(crc) = entry.crc
            && unpacked.len() < room
            && crc32fast::hash(&unpacked) != crc
        {
            into.note(Cause::Damaged);
        }
        into.unpacked(unpacked.len())?;
        Ok(Some(unpacked))
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        self.by_name
            .get(&plain(name))
            .and_then(|at| self.entries.get(*at))
    }

    /// Reads the directory at the end; `None` where it says what is not so.
    fn directory(&mut self, most: usize) -> Option<()> {
        let tail = self.bytes.len().saturating_sub(END_WITHIN);
        let end = tail + memmem::rfind(self.bytes.rest(tail), END)?;
        let mut count = usize::from(self.bytes.u16(end + 10)?);
        let mut size = index(self.bytes.u32(end + 12)?);
        let mut told = index(self.bytes.u32(end + 16)?);
        // a large package has a larger end record, and a pointer to it before this one
        if told == index(u32::MAX) || count == 0xffff {
            let pointer = end.checked_sub(20)?;
            let large = index(self.bytes.u32(pointer + 8)?);
            if self.bytes.all(pointer, 4) == Some(b"PK\x06\x07") {
                count = index(self.bytes.u32(large.checked_add(32)?)?) & 0xffff;
                size = index(self.bytes.u32(large + 40)?);
                told = index(self.bytes.u32(large + 48)?);
            }
        }
        // bytes before the package move everything by as much
        let (mut at, shift) = match self.bytes.get(told..told.checked_add(4)?) {
            Some(CENTRAL) => (told, 0),
            _ => {
                let at = end.checked_sub(size)?;
                (at, at.checked_sub(told)?)
            }
        };
        let mut found = 0_usize;
        while self.bytes.all(at, 4) == Some(CENTRAL) && self.entries.len() < most {
            let name_length = usize::from(self.bytes.u16(at + 28)?);
            let extra = usize::from(self.bytes.u16(at + 30)?);
            let comment = usize::from(self.bytes.u16(at + 32)?);
            let name = self.bytes.all(at + 46, name_length)?;
            let mut large = Large::of(self.bytes.some(at + 46 + name_length, extra));
            let size = large.number(self.bytes.u32(at + 24)?);
            let packed = large.number(self.bytes.u32(at + 20)?);
            let header = large.number(self.bytes.u32(at + 42)?).checked_add(shift)?;
            let mut entry = self.entry(header, at, name)?;
            (entry.size, entry.packed) = (size, packed);
            self.add(entry);
            at += 46 + name_length + extra + comment;
            found += 1;
        }
        // counts wrap at 65,536; an empty package is one
        (found & 0xffff == count || found >= most).then_some(())
    }

    /// An entry whose sizes the directory tells.
    fn entry(&self, header: usize, central: usize, name: &[u8]) -> Option<Entry> {
        if self.bytes.all(header, 4) != Some(LOCAL) {
            return None;
        }
        let name_length = usize::from(self.bytes.u16(header + 26)?);
        let extra = usize::from(self.bytes.u16(header + 28)?);
        Some(Entry {
            name: as_text(name),
            method: self.bytes.u16(central + 10)?,
            locked: self.bytes.u16(central + 8)? & 1 == 1,
            crc: Some(self.bytes.u32(central + 16)?),
            from: header + 30 + name_length + extra,
            packed: 0,
            size: 0,
        })
    }

    /// Finds members by the headers before them.
    fn headers(&mut self, most: usize) {
        let bytes = self.bytes;
        for header in memmem::find_iter(bytes, LOCAL) {
            if self.entries.len() >= most {
                return;
            }
            if let Some(entry) = lone_entry(bytes, header) {
                self.add(entry);
            }
        }
    }

    fn add(&mut self, entry: Entry) {
        let mut key = plain(&entry.name);
        if key.ends_with('/') {
            return;
        }
        let mut entry = entry;
        // programs differ in which of two they read: both are
        if self.by_name.contains_key(&key) {
            entry.name = format!("{}/{}", self.entries.len(), entry.name);
            key = plain(&entry.name);
        }
        self.by_name.insert(key, self.entries.len());
        self.entries.push(entry);
    }
}

/// Numbers of eight bytes, for those that have no room in four; in the order of the directory.
struct Large<'b> {
    left: &'b [u8],
}

impl<'b> Large<'b> {
    /// Extra fields: a key, a length, and so many bytes; the key of these is 1.
    fn of(mut extra: &'b [u8]) -> Self {
        while let (Some(key), Some(length)) = (extra.u16(0), extra.u16(2)) {
            if key == 1 {
                return Self {
                    left: extra.some(4, usize::from(length)),
                };
            }
            extra = extra.rest(4 + usize::from(length));
        }
        Self { left: b"" }
    }

    fn number(&mut self, small: u32) -> usize {
        if small != u32::MAX {
            return index(small);
        }
        let Some(eight) = self.left.first_chunk::<8>() else {
            return usize::MAX;
        };
        self.left = self.left.rest(8);
        usize::try_from(u64::from_le_bytes(*eight)).unwrap_or(usize::MAX)
    }
}

/// An entry by the header before it alone. Sizes that are told after the data are unknown here; deflated data knows
/// its own end, and stored data ends before the next header.
fn lone_entry(bytes: &[u8], header: usize) -> Option<Entry> {
    let name_length = usize::from(bytes.u16(header + 26)?);
    let extra = usize::from(bytes.u16(header + 28)?);
    let name = bytes.all(header + 30, name_length)?;
    let flags = bytes.u16(header + 6)?;
    let from = header + 30 + name_length + extra;
    let told_after = flags & 8 == 8;
    let method = bytes.u16(header + 8)?;
    let packed = match (told_after, method) {
        (false, _) => index(bytes.u32(header + 18)?),
        (true, STORED) => memmem::find(bytes.rest(from), b"PK").unwrap_or(usize::MAX),
        (true, _) => usize::MAX,
    };
    Some(Entry {
        name: as_text(name),
        method,
        locked: flags & 1 == 1,
        crc: (!told_after).then_some(bytes.u32(header + 14)?),
        from,
        packed,
        size: index(bytes.u32(header + 22)?),
    })
}

/// Names are compared as packages compare them: by either slash, from the root, in either case.
fn plain(name: &str) -> String {
    name.trim_start_matches(['/', '\\'])
        .replace('\\', "/")
        .to_ascii_lowercase()
}

fn as_text(name: &[u8]) -> String {
    let name = match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::GB18030.decode(name).0.into_owned(),
    };
    name.replace('\\', "/")
}

/// Inflates up to `room`; beyond, or where the data breaks, what came before stays and the cause is noted.
pub(crate) fn inflate(
    packed: &[u8],
    size_told: usize,
    room: usize,
    into: &mut Reading<'_>,
) -> Vec<u8> {
    inflate_as(packed, size_told, room, into, false)
}

/// As [`inflate`], with or without the two bytes before the data that zlib writes.
pub(crate) fn inflate_as(
    packed: &[u8],
    size_told: usize,
    room: usize,
    into: &mut Reading<'_>,
    with_header: bool,
) -> Vec<u8> {
    let mut inflater = Decompress::new(with_header);
    // what is told may be a lie: the room is taken as it is needed
    let first = size_told
        .min(packed.len().saturating_mul(8))
        .max(256)
        .min(room);
    let mut unpacked = Vec::with_capacity(first);
    let mut at = 0;
    loop {
        let before = (inflater.total_in(), inflater.total_out());
        let status = inflater.decompress_vec(packed.rest(at), &mut unpacked, FlushDecompress::None);
        at = usize::try_from(inflater.total_in()).unwrap_or(usize::MAX);
        match status {
            Ok(Status::StreamEnd) => return unpacked,
            Ok(Status::Ok | Status::BufError) => {}
            Err(_) => {
                into.note(Cause::Damaged);
                return unpacked;
            }
        }
        if unpacked.len() == unpacked.capacity() {
            if unpacked.len() >= room {
                into.note(Cause::TooBig);
                return unpacked;
            }
            if into.look().is_err() {
                return unpacked;
            }
            let more = unpacked.len().min(room - unpacked.len()).max(1);
            unpacked.reserve_exact(more);
        } else if before == (inflater.total_in(), inflater.total_out()) {
            // some programs leave the end away; what was told is there
            if size_told == 0 || unpacked.len() < size_told {
                into.note(Cause::Damaged);
            }
            return unpacked;
        }
    }
}
