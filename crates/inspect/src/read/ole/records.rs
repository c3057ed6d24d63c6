//! Records of workbooks before 2007 (BIFF): a number, a length, and so many bytes.

use crate::read::le::Le;

/// A record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'s> {
    pub(super) kind: u16,
    pub(super) data: &'s [u8],
}

/// Records from a place on.
#[derive(Debug, Clone)]
pub(super) struct Records<'s> {
    stream: &'s [u8],
    at: usize,
}

impl<'s> Records<'s> {
    pub(super) fn from(stream: &'s [u8], at: usize) -> Self {
        Self { stream, at }
    }

    /// The next record, if it goes on with this one.
    pub(super) fn next_of(&mut self, kind: u16) -> Option<&'s [u8]> {
        let before = self.at;
        match self.next() {
            Some(record) if record.kind == kind => Some(record.data),
            _ => {
                self.at = before;
                None
            }
        }
    }
}

impl<'s> Iterator for Records<'s> {
    type Item = Record<'s>;

    fn next(&mut self) -> Option<Record<'s>> {
        let at = self.at;
        let kind = self.stream.u16(at)?;
        let length = usize::from(self.stream.u16(at + 2)?);
        self.at = at + 4 + length;
        Some(Record {
            kind,
            data: self.stream.some(at + 4, length),
        })
    }
}

/// Bytes of a record and of those that go on with it. Strings may be cut between them, and then say again how wide
/// their letters are.
#[derive(Debug)]
pub(super) struct Spread<'s> {
    chunks: Vec<&'s [u8]>,
    chunk: usize,
    at: usize,
}

impl<'s> Spread<'s> {
    pub(super) fn of(chunks: Vec<&'s [u8]>) -> Self {
        Self {
            chunks,
            chunk: 0,
            at: 0,
        }
    }

    fn here(&self) -> &'s [u8] {
        self.chunks
            .get(self.chunk)
            .map(|chunk| chunk.rest(self.at))
            .unwrap_or_default()
    }

    /// Bytes that no cut falls into, or what is there of them.
    fn take(&mut self, length: usize) -> &'s [u8] {
        while self.here().is_empty() && self.chunk < self.chunks.len() {
            self.chunk += 1;
            self.at = 0;
        }
        let taken = self.here().some(0, length);
        self.at += taken.len();
        taken
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.take(1).u8(0)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.take(2).u16(0)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.take(4).u32(0)
    }

    fn skip(&mut self, mut length: usize) {
        while length > 0 {
            let taken = self.take(length).len();
            if taken == 0 {
                return;
            }
            length -= taken;
        }
    }

    /// So many letters, one or two bytes each.
    pub(super) fn letters(&mut self, count: usize, wide: bool, text: &mut Vec<u16>) {
        let (mut left, mut wide) = (count, wide);
        loop {
            // the cut may fall before the first letter
            if left > 0
                && self.here().is_empty()
                && let Some(flags) = self.u8()
            {
                wide = flags & 1 == 1;
            }
            let width = if wide { 2 } else { 1 };
            let bytes = self.take(left.saturating_mul(width));
            if wide {
                text.extend(
                    bytes
                        .as_chunks::<2>()
                        .0
                        .iter()
                        .map(|two| u16::from_le_bytes(*two)),
                );
            } else {
                text.extend(bytes.iter().map(|byte| u16::from(*byte)));
            }
            left = left.saturating_sub(bytes.len().div_ceil(width));
            if left == 0 || bytes.is_empty() {
                return;
            }
        }
    }

    /// A string with its length before it, its runs of type and its readings after it.
    pub(super) fn string(&mut self) -> Option<String> {
        let count = usize::from(self.u16()?);
        let flags = self.u8()?;
        let runs = if flags & 8 == 8 { self.u16()? } else { 0 };
        let readings = if flags & 4 == 4 { self.u32()? } else { 0 };
        let mut text = Vec::new();
        self.letters(count, flags & 1 == 1, &mut text);
        self.skip(usize::from(runs) * 4);
        self.skip(usize::try_from(readings).unwrap_or(usize::MAX));
        Some(String::from_utf16_lossy(&text))
    }
}
