//! Entry bundles: up to 256 entries, each after its big-endian `u16` length (C2SP tlog-tiles).
//! Reading is lazy and borrows, so a bundle is walked entry by entry and the first wrong length
//! ends the walk without anything being allocated for it.

use crate::error::Error;

/// Appends one entry to the bytes of a bundle.
///
/// # Errors
/// [`Error::EntryTooLong`] when the length does not fit a `u16`.
pub fn push(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), Error> {
    let length =
        u16::try_from(entry.len()).map_err(|_| Error::EntryTooLong { bytes: entry.len() })?;
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// The entries of a bundle, in order.
#[must_use]
pub const fn entries(bundle: &[u8]) -> Entries<'_> {
    Entries { rest: bundle }
}

/// A length prefix that reaches past the end of its bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutShort;

/// Iterator over the entries of a bundle; ends after the first [`CutShort`].
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Entries<'a> {
    type Item = Result<&'a [u8], CutShort>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let entry = split(self.rest);
        self.rest = entry.map_or(&[], |(_, rest)| rest);
        Some(entry.map(|(entry, _)| entry).ok_or(CutShort))
    }
}

fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_as_they_went_in() {
        let mut bundle = Vec::new();
        for entry in [&b"one"[..], b"", &[7; 65_535]] {
            push(&mut bundle, entry).unwrap();
        }
        let back: Vec<_> = entries(&bundle).map(|entry| entry.unwrap().len()).collect();
        assert_eq!(back, [3, 0, 65_535]);
    }

    #[test]
    fn an_entry_of_64_kib_is_refused() {
        let error = push(&mut Vec::new(), &[0; 65_536]).unwrap_err();
        assert_eq!(error.code(), "ledger.entry_too_long");
    }

    #[test]
    fn a_length_past_the_end_ends_the_walk() {
        let all: Vec<_> = entries(&[0, 1, b'a', 0, 9, b'b']).collect();
        assert_eq!(all, [Ok(&b"a"[..]), Err(CutShort)]);
        assert_eq!(entries(&[0]).collect::<Vec<_>>(), [Err(CutShort)]);
    }
}
