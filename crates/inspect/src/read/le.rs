//! Numbers as binary formats keep them, least byte first. A number that is not there is `None`, never a panic.

/// A place or count as the machine counts; what does not fit is beyond every end.
pub(crate) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Numbers at places of a slice.
pub(crate) trait Le {
    fn u8(&self, at: usize) -> Option<u8>;
    fn u16(&self, at: usize) -> Option<u16>;
    fn u32(&self, at: usize) -> Option<u32>;
    fn f64(&self, at: usize) -> Option<f64>;
    /// So many bytes from there on, or as many of them as there are.
    fn some(&self, at: usize, length: usize) -> &[u8];
    /// So many bytes from there on, all of them.
    fn all(&self, at: usize, length: usize) -> Option<&[u8]>;
    /// From there to the end.
    fn rest(&self, at: usize) -> &[u8];
}

impl Le for [u8] {
    fn u8(&self, at: usize) -> Option<u8> {
        self.get(at).copied()
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let bytes = self.get(at..)?.first_chunk::<2>()?;
        Some(u16::from_le_bytes(*bytes))
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes = self.get(at..)?.first_chunk::<4>()?;
        Some(u32::from_le_bytes(*bytes))
    }

    fn f64(&self, at: usize) -> Option<f64> {
        let bytes = self.get(at..)?.first_chunk::<8>()?;
        Some(f64::from_le_bytes(*bytes))
    }

    fn some(&self, at: usize, length: usize) -> &[u8] {
        let rest = self.rest(at);
        rest.get(..length.min(rest.len())).unwrap_or_default()
    }

    fn all(&self, at: usize, length: usize) -> Option<&[u8]> {
        self.get(at..at.checked_add(length)?)
    }

    fn rest(&self, at: usize) -> &[u8] {
        self.get(at..).unwrap_or_default()
    }
}

/// UTF-16 with the least byte first; up to its first zero, if it has one.
pub(crate) fn utf16(bytes: &[u8]) -> String {
    let units = bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|two| u16::from_le_bytes(*two))
        .take_while(|unit| *unit != 0);
    char::decode_utf16(units)
        .map(|one| one.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}
