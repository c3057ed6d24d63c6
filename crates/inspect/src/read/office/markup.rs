//! XML in pieces, as it comes: no tree, no entities of its own making, nothing kept.
//!
//! WHY own and not `quick-xml`: what is read is damaged or hostile as often as not, and a reader that stops at the first
//! fault loses a page for a bit. This one goes on after whatever stands there, knows the five entities and numbers (so a
//! bomb of entities is a word), and costs little more than finding `<`.

use std::borrow::Cow;

use memchr::{memchr, memchr3, memmem};

/// A piece of XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'x> {
    /// A tag begins an element; one that is empty is followed by its own end.
    Open(Tag<'x>),
    /// An element of this local name ends.
    Close(&'x [u8]),
    /// Text as it is written, to be [`text`]ed.
    Text(&'x [u8]),
    /// Text that means what it says.
    Data(&'x [u8]),
}

/// A tag with its attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag<'x> {
    /// Name without its prefix: programs choose prefixes as they like.
    pub(crate) name: &'x [u8],
    /// The prefix, without colon.
    pub(crate) prefix: &'x [u8],
    attributes: &'x [u8],
}

/// Pieces of a document in UTF-8, from its beginning on.
#[derive(Debug)]
pub(crate) struct Markup<'x> {
    left: &'x [u8],
    /// The empty element that has yet to end.
    empty: Option<&'x [u8]>,
}

impl<'x> Markup<'x> {
    pub(crate) fn of(bytes: &'x [u8]) -> Self {
        Self {
            left: bytes,
            empty: None,
        }
    }

    fn take(&mut self, length: usize) -> &'x [u8] {
        let length = length.min(self.left.len());
        let (taken, left) = self.left.split_at(length);
        self.left = left;
        taken
    }

    /// Goes on after what ends a piece, or at the end.
    fn after(&mut self, end: &[u8]) -> &'x [u8] {
        match memmem::find(self.left, end) {
            Some(at) => {
                let taken = self.take(at);
                self.take(end.len());
                taken
            }
            None => self.take(usize::MAX),
        }
    }

    /// The bytes of a tag up to its `>`.
    fn tag(&mut self) -> &'x [u8] {
        // WHY: nearly all tags have their quotes in pairs before the first `>`
        let (mut double, mut single) = (false, false);
        for (at, byte) in self.left.iter().enumerate() {
            match byte {
                b'"' => double = !double,
                b'\'' => single = !single,
                b'>' if !double && !single => {
                    let taken = self.take(at);
                    self.take(1);
                    return taken;
                }
                b'>' | b'<' => break,
                _ => {}
            }
        }
        self.odd_tag()
    }

    /// As [`Self::tag`], where a `>` stands in quotes, or a quote was lost.
    fn odd_tag(&mut self) -> &'x [u8] {
        let mut at = 0;
        loop {
            let rest = self.left.get(at..).unwrap_or_default();
            let Some(next) = memchr3(b'>', b'"', b'\'', rest) else {
                return self.take(usize::MAX);
            };
            let found = rest.get(next).copied().unwrap_or_default();
            at += next + 1;
            if found == b'>' {
                let taken = self.take(at - 1);
                self.take(1);
                return taken;
            }
            let quoted = self.left.get(at..).unwrap_or_default();
            match memchr(found, quoted) {
                // no value holds a tag's beginning: the quote was lost
                Some(end) if memchr(b'<', quoted.get(..end).unwrap_or_default()).is_none() => {
                    at += end + 1;
                }
                _ => {}
            }
        }
    }

    fn special(&mut self) -> Option<Piece<'x>> {
        if self.left.starts_with(b"<!--") {
            self.take(4);
            self.after(b"-->");
        } else if self.left.starts_with(b"<![CDATA[") {
            self.take(9);
            return Some(Piece::Data(self.after(b"]]>")));
        } else if self.left.starts_with(b"<?") {
            self.after(b"?>");
        } else {
            self.take(2);
            let inner = self.tag();
            if memchr(b'[', inner).is_some() && memchr(b']', inner).is_none() {
                self.after(b"]");
                self.after(b">");
            }
        }
        None
    }

    fn element(&mut self) -> Piece<'x> {
        self.take(1);
        let inner = self.tag();
        let (inner, empty) = match inner.strip_suffix(b"/") {
            Some(inner) => (inner, true),
            None => (inner, false),
        };
        let end = inner
            .iter()
            .position(u8::is_ascii_whitespace)
            .unwrap_or(inner.len());
        let (whole, attributes) = inner.split_at(end);
        let (prefix, name) = local(whole);
        if empty {
            self.empty = Some(name);
        }
        Piece::Open(Tag {
            name,
            prefix,
            attributes,
        })
    }
}

impl<'x> Iterator for Markup<'x> {
    type Item = Piece<'x>;

    fn next(&mut self) -> Option<Piece<'x>> {
        if let Some(name) = self.empty.take() {
            return Some(Piece::Close(name));
        }
        loop {
            let begin = find(b'<', self.left).unwrap_or(self.left.len());
            if begin > 0 {
                return Some(Piece::Text(self.take(begin)));
            }
            match self.left.get(1)? {
                b'!' | b'?' => {
                    if let Some(piece) = self.special() {
                        return Some(piece);
                    }
                }
                b'/' => {
                    self.take(2);
                    let inner = self.tag();
                    return Some(Piece::Close(local(inner.trim_ascii_end()).1));
                }
                letter if letter.is_ascii_alphabetic() || *letter == b'_' || *letter >= 0x80 => {
                    return Some(self.element());
                }
                // a lone `<` is text
                _ => return Some(Piece::Text(self.take(1))),
            }
        }
    }
}

/// As `memchr`, faster for what is near, as it is in markup.
fn find(byte: u8, bytes: &[u8]) -> Option<usize> {
    let near = bytes.len().min(24);
    let (first, rest) = bytes.split_at_checked(near)?;
    match first.iter().position(|one| *one == byte) {
        Some(at) => Some(at),
        None => memchr(byte, rest).map(|at| at + near),
    }
}

/// Prefix and local name.
fn local(name: &[u8]) -> (&[u8], &[u8]) {
    match name.iter().position(|byte| *byte == b':') {
        Some(at) => {
            let (prefix, rest) = name.split_at(at);
            (prefix, rest.get(1..).unwrap_or_default())
        }
        None => (b"", name),
    }
}

impl<'x> Tag<'x> {
    /// The value of an attribute by its local name.
    pub(crate) fn attribute(&self, name: &[u8]) -> Option<Cow<'x, str>> {
        self.raw(name).map(text)
    }

    /// As [`Self::attribute`], as it is written.
    pub(crate) fn raw(&self, name: &[u8]) -> Option<&'x [u8]> {
        self.attributes()
            .find(|(_, local, _)| *local == name)
            .map(|(_, _, value)| value)
    }

    /// Prefix, local name and value of each attribute.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&'x [u8], &'x [u8], &'x [u8])> {
        let mut left = self.attributes;
        std::iter::from_fn(move || {
            let equals = find(b'=', left)?;
            let (name, rest) = left.split_at(equals);
            let (prefix, name) = local(name.trim_ascii());
            let rest = rest.get(1..)?.trim_ascii_start();
            let quote = *rest.first()?;
            let rest = rest.get(1..)?;
            let end = find(quote, rest)?;
            let (value, after) = rest.split_at(end);
            left = after.get(1..).unwrap_or_default();
            Some((prefix, name, value))
        })
    }

    /// Whether an attribute says yes.
    pub(crate) fn says(&self, name: &[u8]) -> bool {
        matches!(self.raw(name), Some(b"1" | b"true" | b"on"))
    }

    /// Whether a switch such as `<w:vanish/>` is on: it is, unless it says otherwise.
    pub(crate) fn on(&self) -> bool {
        !matches!(self.raw(b"val"), Some(b"0" | b"false" | b"off"))
    }

    /// An attribute's number.
    pub(crate) fn number(&self, name: &[u8]) -> Option<u32> {
        std::str::from_utf8(self.raw(name)?)
            .ok()?
            .trim()
            .parse()
            .ok()
    }
}

/// Text as it is meant: the five entities and characters by number.
pub(crate) fn text(raw: &[u8]) -> Cow<'_, str> {
    if find(b'&', raw).is_none() {
        return String::from_utf8_lossy(raw);
    }
    let mut meant = String::with_capacity(raw.len());
    let mut left = raw;
    while let Some(at) = memchr(b'&', left) {
        let (before, rest) = left.split_at(at);
        meant.push_str(&String::from_utf8_lossy(before));
        match entity(rest) {
            Some((letter, length)) => {
                meant.push(letter);
                left = rest.get(length..).unwrap_or_default();
            }
            None => {
                meant.push('&');
                left = rest.get(1..).unwrap_or_default();
            }
        }
    }
    meant.push_str(&String::from_utf8_lossy(left));
    Cow::Owned(meant)
}

fn entity(bytes: &[u8]) -> Option<(char, usize)> {
    let within = bytes.get(..bytes.len().min(12))?;
    let end = memchr(b';', within)?;
    let name = std::str::from_utf8(within.get(1..end)?).ok()?;
    let letter = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(number)?
        }
    };
    Some((letter, end + 1))
}

/// A document in UTF-8, whatever encoding it was written in.
pub(crate) fn utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    let owned = |encoding: &'static encoding_rs::Encoding| {
        Cow::Owned(encoding.decode(bytes).0.into_owned().into_bytes())
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => return Cow::Borrowed(rest),
        [0xff, 0xfe, ..] | [b'<', 0, ..] => return owned(encoding_rs::UTF_16LE),
        [0xfe, 0xff, ..] | [0, b'<', ..] => return owned(encoding_rs::UTF_16BE),
        _ => {}
    }
    let begin = bytes.get(..bytes.len().min(160)).unwrap_or_default();
    let declared = begin
        .strip_prefix(b"<?xml")
        .and_then(|rest| memmem::find(rest, b"encoding").map(|at| (rest, at + 8)))
        .and_then(|(rest, at)| rest.get(at..))
        .and_then(|rest| {
            let mut quoted = rest.split(|byte| matches!(byte, b'"' | b'\''));
            quoted.nth(1)
        })
        .and_then(encoding_rs::Encoding::for_label);
    match declared {
        Some(encoding) if encoding != encoding_rs::UTF_8 && std::str::from_utf8(bytes).is_err() => {
            owned(encoding)
        }
        _ => Cow::Borrowed(bytes),
    }
}
