//! Fixed layouts without indexing: a cursor for reading fields, and an encoding of several
//! byte strings into one that no other split of the same bytes can produce.

/// Reads fields from the front of a byte string.
pub(crate) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next `N` bytes, or nothing when fewer are left.
    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*field)
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(crate) fn rest(self) -> &'a [u8] {
        self.0
    }
}

/// Joins `parts` so that `["ab", "c"]` and `["a", "bc"]` differ: their number, then each one
/// behind its length (64-bit big-endian).
pub(crate) fn encode_parts(parts: &[&[u8]]) -> Vec<u8> {
    let total: usize = parts.iter().map(|part| part.len() + 8).sum();
    let mut joined = Vec::with_capacity(total + 8);
    joined.extend_from_slice(&length(parts.len()));
    for part in parts {
        joined.extend_from_slice(&length(part.len()));
        joined.extend_from_slice(part);
    }
    joined
}

fn length(bytes: usize) -> [u8; 8] {
    // WHY: no supported platform has a `usize` wider than 64 bits, so this never saturates.
    u64::try_from(bytes).unwrap_or(u64::MAX).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_joined_without_ambiguity() {
        let all: [&[&[u8]]; 6] = [
            &[],
            &[b""],
            &[b"abc"],
            &[b"ab", b"c"],
            &[b"a", b"bc"],
            &[b"abc", b""],
        ];
        for (i, left) in all.iter().enumerate() {
            for (j, right) in all.iter().enumerate() {
                assert_eq!(encode_parts(left) == encode_parts(right), i == j);
            }
        }
    }

    #[test]
    fn fields_end_where_the_bytes_end() {
        let mut fields = Fields::new(b"abcde");
        assert_eq!(fields.array::<3>(), Some(*b"abc"));
        assert_eq!(fields.array::<3>(), None);
        assert_eq!(fields.byte(), Some(b'd'));
        assert_eq!(fields.rest(), b"e");
    }
}
