//! The file system inside OLE files: sectors in chains, streams in storages.
//!
//! WHY own and not the crate `cfb`: it refuses a file whose tables are damaged. This reader follows chains as far as they
//! go, never twice through the same sector, and says that something was damaged.

use std::cell::Cell;
use std::collections::HashSet;

use crate::read::le::{Le, index, utf16};
use crate::read::{Fault, Reading};
use crate::report::Cause;

const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// Sector numbers from here on mean the end, or nothing.
const LAST: u32 = 0xffff_fff9;
/// Streams below this size lie in the small sectors.
const SMALL: u32 = 4_096;
const SMALL_SECTOR: usize = 64;
/// Entries that are looked at; documents have tens.
const ENTRIES: usize = 20_000;

/// An OLE file.
#[derive(Debug)]
pub(crate) struct Compound<'b> {
    bytes: &'b [u8],
    sector: usize,
    fat: Vec<u32>,
    small_fat: Vec<u32>,
    small: Vec<u8>,
    entries: Vec<Entry>,
    /// Who lies in whom, in order of the former.
    by_parent: Vec<(usize, usize)>,
    damaged: Cell<bool>,
}

/// A storage or stream.
#[derive(Debug)]
struct Entry {
    name: String,
    is_stream: bool,
    first: u32,
    size: u32,
    left: u32,
    right: u32,
    child: u32,
    parent: Option<usize>,
}

/// The storage that holds all others.
pub(crate) const ROOT: usize = 0;

impl<'b> Compound<'b> {
    pub(crate) fn open(bytes: &'b [u8]) -> Option<Self> {
        if !bytes.starts_with(MAGIC) {
            return None;
        }
        let shift = bytes.u16(30)?;
        let mut compound = Self {
            bytes,
            sector: if shift == 12 { 4_096 } else { 512 },
            fat: Vec::new(),
            small_fat: Vec::new(),
            small: Vec::new(),
            entries: Vec::new(),
            by_parent: Vec::new(),
            damaged: Cell::new(false),
        };
        compound.tables();
        let directory = compound.chain(bytes.u32(48)?, usize::MAX);
        compound.directory(&directory);
        let small_fat = compound.chain(bytes.u32(60)?, usize::MAX);
        compound.small_fat = numbers(&small_fat).collect();
        let root = compound.entries.first()?;
        compound.small = compound.chain(root.first, index(root.size));
        Some(compound)
    }

    /// Whether a chain or table led nowhere so far.
    pub(crate) fn damaged(&self) -> bool {
        self.damaged.get()
    }

    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector
    }

    fn sector(&self, number: u32) -> Option<&'b [u8]> {
        let at = index(number).checked_add(1)?.checked_mul(self.sector)?;
        let sector = self.bytes.get(at..)?;
        sector.get(..self.sector.min(sector.len()))
    }

    /// The table of chains; where its own sectors lie stands in the header and in a chain from there.
    fn tables(&mut self) {
        let most = self.sectors() / (self.sector / 4) + 1;
        let mut own: Vec<u32> = numbers(self.bytes.some(76, 436)).collect();
        let mut next = self.bytes.u32(68).unwrap_or(LAST);
        let mut steps = 0;
        while next < LAST && steps <= most && own.len() <= most {
            let Some(sector) = self.sector(next) else {
                self.damaged.set(true);
                break;
            };
            let mut list: Vec<u32> = numbers(sector).collect();
            next = list.pop().unwrap_or(LAST);
            own.extend(list);
            steps += 1;
        }
        for number in own.into_iter().filter(|number| *number < LAST).take(most) {
            match self.sector(number) {
                Some(sector) => self.fat.extend(numbers(sector)),
                None => self.damaged.set(true),
            }
        }
    }

    /// The bytes of a chain of sectors, no more than `size`.
    fn chain(&self, first: u32, size: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(size.min(self.bytes.len()));
        let mut seen = HashSet::new();
        let mut at = first;
        while at < LAST && bytes.len() < size {
            let sector = self.sector(at).filter(|_| seen.insert(at));
            let Some(sector) = sector else {
                self.damaged.set(true);
                break;
            };
            bytes.extend_from_slice(sector.some(0, size - bytes.len()));
            at = match self.fat.get(index(at)) {
                Some(next) => *next,
                None => {
                    self.damaged.set(true);
                    break;
                }
            };
        }
        if size != usize::MAX && bytes.len() < size {
            self.damaged.set(true);
        }
        bytes
    }

    fn small_chain(&self, first: u32, size: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(size.min(self.small.len()));
        let mut at = first;
        // a chain through all small sectors is the longest there is
        for _ in 0..=self.small.len() / SMALL_SECTOR {
            if at >= LAST || bytes.len() >= size {
                break;
            }
            let from = index(at).saturating_mul(SMALL_SECTOR);
            let length = SMALL_SECTOR.min(size - bytes.len());
            bytes.extend_from_slice(self.small.some(from, length));
            at = self.small_fat.get(index(at)).copied().unwrap_or(LAST);
        }
        if bytes.len() < size {
            self.damaged.set(true);
        }
        bytes
    }

    fn directory(&mut self, bytes: &[u8]) {
        if bytes.len() / 128 > ENTRIES {
            self.damaged.set(true);
        }
        for raw in bytes.as_chunks::<128>().0.iter().take(ENTRIES) {
            let length = usize::from(raw.u16(64).unwrap_or_default()).saturating_sub(2);
            let number = |at: usize| raw.u32(at).unwrap_or_default();
            self.entries.push(Entry {
                name: utf16(raw.some(0, length.min(62))),
                is_stream: raw.u8(66) == Some(2),
                first: number(116),
                size: number(120),
                left: number(68),
                right: number(72),
                child: number(76),
                parent: None,
            });
        }
        self.parents();
    }

    /// Who lies in whom; entries that no storage has any more are given to the root.
    fn parents(&mut self) {
        let mut seen = HashSet::from([ROOT]);
        let first = self.entries.first().map_or(u32::MAX, |root| root.child);
        let mut left = vec![(first, ROOT)];
        while let Some((number, parent)) = left.pop() {
            let at = index(number);
            if number == u32::MAX || !seen.insert(at) {
                continue;
            }
            let Some(entry) = self.entries.get_mut(at) else {
                self.damaged.set(true);
                continue;
            };
            entry.parent = Some(parent);
            left.push((entry.left, parent));
            left.push((entry.right, parent));
            if !entry.is_stream {
                left.push((entry.child, at));
            }
        }
        for entry in self.entries.iter_mut().skip(1) {
            if entry.parent.is_none() && entry.is_stream && !entry.name.is_empty() {
                self.damaged.set(true);
                entry.parent = Some(ROOT);
            }
        }
        self.by_parent = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(at, entry)| Some((entry.parent?, at)))
            .collect();
        self.by_parent.sort_unstable();
    }

    /// What lies in a storage: name, number, and whether it is a stream.
    pub(crate) fn children(&self, of: usize) -> impl Iterator<Item = (&str, usize, bool)> {
        let from = self.by_parent.partition_point(|(parent, _)| *parent < of);
        let inside = self.by_parent.iter().skip(from);
        inside
            .take_while(move |(parent, _)| *parent == of)
            .filter_map(|(_, at)| {
                let entry = self.entries.get(*at)?;
                Some((entry.name.as_str(), *at, entry.is_stream))
            })
    }

    /// A storage or stream of a storage, by its name.
    pub(crate) fn find(&self, of: usize, name: &str) -> Option<usize> {
        self.children(of)
            .find(|(child, _, _)| child.eq_ignore_ascii_case(name))
            .map(|(_, at, _)| at)
    }

    /// The bytes of a stream, as far as its chain goes.
    pub(crate) fn stream(&self, at: usize, into: &mut Reading<'_>) -> Result<Vec<u8>, Fault> {
        let Some(entry) = self.entries.get(at).filter(|entry| entry.is_stream) else {
            return Ok(Vec::new());
        };
        let bytes = if entry.size < SMALL {
            self.small_chain(entry.first, index(entry.size))
        } else {
            self.chain(entry.first, index(entry.size))
        };
        into.unpacked(bytes.len())?;
        if self.damaged() {
            into.note(Cause::Damaged);
        }
        Ok(bytes)
    }

    /// A stream of a storage by its name, if there is one.
    pub(crate) fn named(
        &self,
        of: usize,
        name: &str,
        into: &mut Reading<'_>,
    ) -> Result<Option<Vec<u8>>, Fault> {
        match self.find(of, name) {
            Some(at) => self.stream(at, into).map(Some),
            None => Ok(None),
        }
    }
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|four| u32::from_le_bytes(*four))
}
