//! Where the parts of a segment are. WHY small: an index holds it in memory for each segment, six bytes for a block of
//! postings.

use crate::bytes::{Rest, put};
use crate::fuse::Shape;
use crate::limits::{BLOCK_BYTES_MOST, SHARD_BYTES_MOST};

/// Blocks after which an offset is kept.
const GROUP: usize = 32;

/// A sealed part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) offset: u64,
    pub(crate) length: u32,
}

/// Blocks of postings.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Blocks {
    /// The first 32 bits of each block's first tag.
    first: Vec<u32>,
    /// Bytes of each block, sealed.
    length: Vec<u16>,
    /// Offsets of some blocks; those after it lie behind it without a gap.
    group: Vec<(u32, u64)>,
}

impl Blocks {
    pub(crate) fn push(&mut self, tag: u64, at: Span) -> Option<()> {
        let number = u32::try_from(self.first.len()).ok()?;
        let goes_on = !self.first.len().is_multiple_of(GROUP)
            && number
                .checked_sub(1)
                .and_then(|last| self.span(last as usize))
                .is_some_and(|last| last.offset + u64::from(last.length) == at.offset);
        if !goes_on {
            self.group.push((number, at.offset));
        }
        self.first.push(u32::try_from(tag >> 32).ok()?);
        self.length.push(u16::try_from(at.length).ok()?);
        Some(())
    }

    pub(crate) fn len(&self) -> usize {
        self.first.len()
    }

    /// Where a block is.
    pub(crate) fn span(&self, number: usize) -> Option<Span> {
        let length = u32::from(*self.length.get(number)?);
        let after = self
            .group
            .partition_point(|(first, _)| *first as usize <= number);
        let (first, offset) = *self.group.get(after.checked_sub(1)?)?;
        let between = self.length.get(first as usize..number)?;
        let before: u64 = between.iter().map(|length| u64::from(*length)).sum();
        Some(Span {
            offset: offset.checked_add(before)?,
            length,
        })
    }

    /// The first block that may have a tag; those after it may too, as long as [`Blocks::may_begin`] says so.
    pub(crate) fn first_with(&self, tag: u64) -> usize {
        let high = u32::try_from(tag >> 32).unwrap_or(u32::MAX);
        self.first
            .partition_point(|first| *first < high)
            .saturating_sub(1)
    }

    /// Whether a block begins with a tag that is no greater, as far as is known.
    pub(crate) fn may_begin(&self, number: usize, tag: u64) -> bool {
        let high = u32::try_from(tag >> 32).unwrap_or(u32::MAX);
        self.first.get(number).is_some_and(|first| *first <= high)
    }
}

/// Where everything is, and how much.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Footer {
    pub(crate) postings: u64,
    pub(crate) documents: u32,
    pub(crate) removed: u32,
    pub(crate) blocks: Blocks,
    /// How many of a tag's first bits tell its shard of the filter.
    pub(crate) bits: u32,
    pub(crate) shards: Vec<(Shape, Span)>,
    /// Blocks of documents, each with its first number.
    pub(crate) names: Vec<(u32, Span)>,
    pub(crate) removals: Vec<Span>,
}

impl Footer {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put(&mut out, self.postings);
        put(&mut out, u64::from(self.documents));
        put(&mut out, u64::from(self.removed));
        put(&mut out, self.blocks.len() as u64);
        for number in 0..self.blocks.len() {
            let first = self.blocks.first.get(number).copied().unwrap_or_default();
            out.extend(first.to_le_bytes());
            let span = self.blocks.span(number).unwrap_or(Span {
                offset: 0,
                length: 0,
            });
            put_span(&mut out, span);
        }
        put(&mut out, u64::from(self.bits));
        put(&mut out, self.shards.len() as u64);
        for (shape, span) in &self.shards {
            put(&mut out, shape.seed);
            put(&mut out, u64::from(shape.segment));
            put(&mut out, u64::from(shape.begin));
            put_span(&mut out, *span);
        }
        put(&mut out, self.names.len() as u64);
        for (first, span) in &self.names {
            put(&mut out, u64::from(*first));
            put_span(&mut out, *span);
        }
        put(&mut out, self.removals.len() as u64);
        for span in &self.removals {
            put_span(&mut out, *span);
        }
        out
    }

    /// A footer from its bytes; nothing where it does not hold together.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut rest = Rest(bytes);
        let mut footer = Self {
            postings: rest.number()?,
            documents: rest.short()?,
            removed: rest.short()?,
            ..Self::default()
        };
        for _ in 0..rest.count(6)? {
            let first = u64::from(rest.u32()?) << 32;
            let span = span(&mut rest, BLOCK_BYTES_MOST)?;
            footer.blocks.push(first, span)?;
        }
        footer.bits = rest.short().filter(|bits| *bits < 32)?;
        let shards = rest.count(5)?;
        if shards != 1 << footer.bits {
            return None;
        }
        for _ in 0..shards {
            let shape = Shape {
                seed: rest.number()?,
                segment: rest.short()?,
                begin: rest.short()?,
            };
            let span = span(&mut rest, SHARD_BYTES_MOST)?;
            if !shape.is_sound() || shape.places() > u64::from(span.length) {
                return None;
            }
            footer.shards.push((shape, span));
        }
        for _ in 0..rest.count(3)? {
            footer
                .names
                .push((rest.short()?, span(&mut rest, BLOCK_BYTES_MOST)?));
        }
        for _ in 0..rest.count(2)? {
            footer.removals.push(span(&mut rest, BLOCK_BYTES_MOST)?);
        }
        rest.is_empty().then_some(footer)
    }
}

fn put_span(out: &mut Vec<u8>, span: Span) {
    put(out, span.offset);
    put(out, u64::from(span.length));
}

fn span(rest: &mut Rest<'_>, most: u64) -> Option<Span> {
    let (offset, length) = (rest.number()?, rest.number()?);
    if length > most {
        return None;
    }
    offset.checked_add(length)?;
    Some(Span {
        offset,
        length: u32::try_from(length).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn some() -> Footer {
        let mut footer = Footer {
            postings: 900,
            documents: 3,
            removed: 1,
            ..Footer::default()
        };
        let mut offset = 24;
        for number in 0..100_u32 {
            // a gap, as a shard of the filter leaves one
            offset += if number == 40 { 500 } else { 0 };
            let span = Span {
                offset,
                length: 60 + number,
            };
            footer
                .blocks
                .push(u64::from(number / 2) << 32, span)
                .unwrap();
            offset += u64::from(span.length);
        }
        let shape = Shape {
            seed: 1 << 60,
            segment: 4,
            begin: 4,
        };
        let span = Span {
            offset: 7,
            length: 28,
        };
        footer.shards.push((shape, span));
        footer.names.push((5, span));
        footer.removals.push(span);
        footer
    }

    #[test]
    fn blocks_are_found_by_number_and_by_tag() {
        let footer = some();
        let blocks = &footer.blocks;
        let mut offset = 24;
        for number in 0..100 {
            offset += if number == 40 { 500 } else { 0 };
            let span = blocks.span(number).unwrap();
            assert_eq!((span.offset, span.length as usize), (offset, 60 + number));
            offset += u64::from(span.length);
        }
        assert_eq!(blocks.span(100), None);
        // a tag of block 10 or 11 may begin at the end of block 9
        assert_eq!(blocks.first_with(5 << 32), 9);
        assert!(blocks.may_begin(11, 5 << 32) && !blocks.may_begin(12, 5 << 32));
        assert_eq!(blocks.first_with(0), 0);
        assert_eq!(blocks.first_with(u64::MAX), 99);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_footer_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0_usize..2_000, flip in 1_u8..) {
            let _any = Footer::from_bytes(&bytes);
            let whole = some().to_bytes();
            prop_assert_eq!(Footer::from_bytes(&whole), Some(some()));
            let at = at % whole.len();
            prop_assert_eq!(Footer::from_bytes(&whole[..at]), None);
            let mut bent = whole;
            bent[at] ^= flip;
            let _bent = Footer::from_bytes(&bent);
        }
    }
}
