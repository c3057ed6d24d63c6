//! A filter of tags: says of every tag that it was made of that it is there, and of one in 256 others (Graf and Lemire,
//! "Binary Fuse Filters", 2022; three places, 8 bits). It may be held with fewer bits, at more errors: any bits of what
//! stands in the places are a filter of their own.

/// Begins anew with another seed so often; each fails by chance in a few of a hundred.
const TRIES: u64 = 200;
/// From so many tags on a segment of places doubles.
const LONGER_FROM: [usize; 13] = [
    3, 9, 28, 92, 304, 1_010, 3_362, 11_192, 37_266, 124_093, 413_227, 1_376_045, 4_582_227,
];
/// Thousandths of a place for each tag, up to so many tags.
const ROOM: [(usize, usize); 8] = [
    (10, 4_000),
    (100, 2_400),
    (1_000, 1_650),
    (10_000, 1_400),
    (100_000, 1_260),
    (250_000, 1_180),
    (500_000, 1_157),
    (1_000_000, 1_142),
];
const ROOM_MANY: usize = 1_125;

/// Where the places of a tag are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Shape {
    pub(crate) seed: u64,
    /// Places of a segment, a power of two.
    pub(crate) segment: u32,
    /// Places of all segments in which a tag may begin.
    pub(crate) begin: u32,
}

/// A filter with all of its bits.
#[derive(Debug, Default)]
pub(crate) struct Fuse {
    pub(crate) shape: Shape,
    pub(crate) places: Vec<u8>,
}

impl Shape {
    fn of(tags: usize) -> Self {
        let doubled = LONGER_FROM.iter().filter(|from| **from <= tags).count();
        let segment = 4_usize << doubled;
        let room = ROOM.iter().find(|(most, _)| tags <= *most);
        let places = tags * room.map_or(ROOM_MANY, |(_, room)| *room) / 1_000;
        let begin = places.div_ceil(segment).saturating_sub(2).max(1) * segment;
        Self {
            seed: 0,
            segment: u32::try_from(segment).unwrap_or(u32::MAX),
            begin: u32::try_from(begin).unwrap_or(u32::MAX),
        }
    }

    /// How many places there are.
    pub(crate) fn places(self) -> u64 {
        u64::from(self.begin) + 2 * u64::from(self.segment)
    }

    /// Whether places may be looked for by it.
    pub(crate) fn is_sound(self) -> bool {
        self.segment.is_power_of_two() && self.begin > 0
    }

    /// The places of a tag and what stands in them together.
    #[inline]
    pub(crate) fn of_tag(self, tag: u64) -> ([u32; 3], u8) {
        let mut hash = tag.wrapping_add(self.seed);
        hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        hash ^= hash >> 33;
        let mask = self.segment.wrapping_sub(1);
        let first = low32(((hash >> 32) * u64::from(self.begin)) >> 32);
        let second = first.wrapping_add(self.segment) ^ low32(hash >> 18) & mask;
        let third = first.wrapping_add(self.segment.wrapping_mul(2)) ^ low32(hash) & mask;
        let [print, ..] = (hash ^ hash >> 32).to_le_bytes();
        ([first, second, third], print)
    }
}

#[inline]
fn low32(word: u64) -> u32 {
    let [a, b, c, d, ..] = word.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

impl Fuse {
    /// A filter of tags, none of which comes twice. Nothing only where tags do come twice.
    pub(crate) fn of(tags: &[u64]) -> Option<Self> {
        let mut shape = Shape::of(tags.len());
        (1..=TRIES).find_map(|attempt| {
            shape.seed = attempt.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            Self::peeled(shape, tags)
        })
    }

    /// Takes tags away one by one that have a place to themselves; the other way round each can then be given its bits.
    fn peeled(shape: Shape, tags: &[u64]) -> Option<Self> {
        let places = usize::try_from(shape.places()).ok()?;
        // of each place how many tags have it, and all of them by exclusive or
        let mut held: Vec<(u32, u64)> = vec![(0, 0); places];
        for tag in tags {
            for place in shape.of_tag(*tag).0 {
                let (count, all) = held.get_mut(place as usize)?;
                *count += 1;
                *all ^= tag;
            }
        }
        let mut alone: Vec<u32> = (0..shape.places())
            .filter_map(|place| u32::try_from(place).ok())
            .filter(|place| {
                held.get(*place as usize)
                    .is_some_and(|(count, _)| *count == 1)
            })
            .collect();
        let mut order: Vec<(u64, u32)> = Vec::with_capacity(tags.len());
        while let Some(place) = alone.pop() {
            let (count, tag) = *held.get(place as usize)?;
            if count != 1 {
                continue;
            }
            order.push((tag, place));
            for other in shape.of_tag(tag).0 {
                let (count, all) = held.get_mut(other as usize)?;
                *count -= 1;
                *all ^= tag;
                if *count == 1 {
                    alone.push(other);
                }
            }
        }
        if order.len() != tags.len() {
            return None;
        }
        let mut filter = Self {
            shape,
            places: vec![0; places],
        };
        for (tag, place) in order.iter().rev() {
            let (all, print) = shape.of_tag(*tag);
            let others = all.iter().filter(|other| *other != place);
            let bits = others.fold(print, |bits, other| bits ^ filter.at(*other));
            *filter.places.get_mut(*place as usize)? = bits;
        }
        Some(filter)
    }

    fn at(&self, place: u32) -> u8 {
        self.places.get(place as usize).copied().unwrap_or_default()
    }
}

/// How many bits of each place are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Width {
    /// None: every tag is looked up on the disk.
    None,
    Two,
    Four,
    Eight,
}

impl Width {
    /// The most that has room.
    pub(crate) fn within(places: u64, bytes: u64) -> Self {
        let room = |width: Self| width.bytes(places) <= bytes;
        [Self::Eight, Self::Four, Self::Two]
            .into_iter()
            .find(|width| room(*width))
            .unwrap_or(Self::None)
    }

    fn bytes(self, places: u64) -> u64 {
        match self {
            Self::None => 0,
            Self::Two => places.div_ceil(4),
            Self::Four => places.div_ceil(2),
            Self::Eight => places,
        }
    }

    /// Binary logarithm of the places in a byte.
    fn shift(self) -> u32 {
        match self {
            Self::None | Self::Eight => 0,
            Self::Four => 1,
            Self::Two => 2,
        }
    }
}

/// Shards of a filter as they are held, by the first bits of tags.
#[derive(Debug)]
pub(crate) struct Filter {
    width: Width,
    shift: u32,
    mask: u8,
    /// Of each shard its shape and the byte at which its places begin.
    shards: Vec<(Shape, usize)>,
    /// How many of a tag's first bits tell its shard.
    bits: u32,
    held: Vec<u8>,
}

impl Filter {
    pub(crate) fn new(width: Width, bits: u32, places: u64) -> Self {
        let shift = width.shift();
        let most = usize::try_from(width.bytes(places)).unwrap_or_default();
        Self {
            width,
            shift,
            mask: u8::MAX >> (8 - (8 >> shift)),
            shards: Vec::new(),
            bits,
            // a little more: shards begin at whole bytes
            held: Vec::with_capacity(if width == Width::None {
                0
            } else {
                most + 1_024
            }),
        }
    }

    /// Whether anything of shards is held.
    pub(crate) fn holds(&self) -> bool {
        self.width != Width::None
    }

    /// Takes the next shard.
    pub(crate) fn push(&mut self, shape: Shape, places: &[u8]) {
        self.shards.push((shape, self.held.len()));
        let width = 8 >> self.shift;
        for chunk in places.chunks(1 << self.shift) {
            let joined = chunk.iter().rev().fold(0_u16, |joined, place| {
                joined << width | u16::from(place & self.mask)
            });
            let [byte, _] = joined.to_le_bytes();
            self.held.push(byte);
        }
    }

    /// Tells which of some tags may be there, by their place among them. WHY two steps: looking at a place is waiting for memory,
    /// and a processor waits for many at once if nothing else is between.
    pub(crate) fn each(&self, tags: impl Iterator<Item = u64>, tell: &mut dyn FnMut(usize)) {
        let mut wanted = [Wanted::default(); TOGETHER];
        let (mut count, mut done) = (0, 0);
        for tag in tags {
            if let Some(place) = wanted.get_mut(count) {
                *place = self.wanted(tag);
            }
            count += 1;
            if count == TOGETHER {
                self.look(&wanted, done, tell);
                done += TOGETHER;
                count = 0;
            }
        }
        self.look(wanted.get(..count).unwrap_or_default(), done, tell);
    }

    fn look(&self, wanted: &[Wanted], first: usize, tell: &mut dyn FnMut(usize)) {
        let mut misses = [0_u8; TOGETHER];
        if self.shift == 0 {
            let at = |byte: usize| self.held.get(byte).copied().unwrap_or_default();
            for (miss, wanted) in misses.iter_mut().zip(wanted) {
                let [one, two, three] = wanted.places.map(|place| wanted.from + place as usize);
                *miss =
                    (at(one) ^ at(two) ^ at(three) ^ wanted.print) & wanted.mask | wanted.absent;
            }
        } else {
            for (miss, wanted) in misses.iter_mut().zip(wanted) {
                let at = |place: u32| {
                    let byte = self.held.get(wanted.from + (place >> self.shift) as usize);
                    let low = (place & ((1 << self.shift) - 1)) * (8 >> self.shift);
                    byte.copied().unwrap_or_default() >> low
                };
                let [one, two, three] = wanted.places;
                *miss =
                    (at(one) ^ at(two) ^ at(three) ^ wanted.print) & wanted.mask | wanted.absent;
            }
        }
        for ((which, miss), _) in (first..).zip(misses).zip(wanted) {
            if miss == 0 {
                tell(which);
            }
        }
    }

    #[inline]
    fn wanted(&self, tag: u64) -> Wanted {
        let shard = self.shards.get(shard_of(tag, self.bits));
        let Some((shape, from)) = shard.filter(|_| self.holds()) else {
            let absent = u8::from(self.holds());
            return Wanted {
                absent,
                ..Wanted::default()
            };
        };
        let (places, print) = shape.of_tag(tag);
        Wanted {
            from: *from,
            places,
            print,
            mask: self.mask,
            absent: 0,
        }
    }

    /// Whether a tag may be there.
    pub(crate) fn may_have(&self, tag: u64) -> bool {
        let mut there = false;
        self.each([tag].into_iter(), &mut |_| there = true);
        there
    }
}

/// Tags that are looked for together.
const TOGETHER: usize = 64;

/// Where to look for a tag.
#[derive(Debug, Clone, Copy, Default)]
struct Wanted {
    from: usize,
    places: [u32; 3],
    print: u8,
    /// The bits that are held; none where none are, and then it may be there.
    mask: u8,
    /// Not 0 where there is no shard for it.
    absent: u8,
}

/// The shard of a tag, by its first bits.
#[inline]
pub(crate) fn shard_of(tag: u64, bits: u32) -> usize {
    let shard = tag.checked_shr(64 - bits.min(63)).unwrap_or_default();
    usize::try_from(shard).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(count: u64, seed: u64) -> Vec<u64> {
        (0..count)
            .map(|at| {
                (at + seed)
                    .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                    .rotate_left(31)
                    ^ seed
            })
            .collect()
    }

    #[test]
    fn every_tag_is_there_and_of_others_a_few() {
        for count in [0, 1, 2, 3, 10, 100, 999, 5_000, 60_000, 300_000] {
            let (mine, others) = (tags(count, 1), tags(100_000, 1 << 40));
            let fuse = Fuse::of(&mine).unwrap();
            assert_eq!(fuse.places.len() as u64, fuse.shape.places());
            for (width, of) in [(Width::Eight, 256), (Width::Four, 16), (Width::Two, 4)] {
                let mut filter = Filter::new(width, 0, fuse.shape.places());
                filter.push(fuse.shape, &fuse.places);
                assert!(
                    mine.iter().all(|tag| filter.may_have(*tag)),
                    "{count} {width:?}"
                );
                let wrong = others.iter().filter(|tag| filter.may_have(**tag)).count();
                assert!(
                    wrong <= others.len() / of * 5 / 4,
                    "{count} {width:?}: {wrong}"
                );
            }
        }
    }

    #[test]
    fn shards_go_by_the_first_bits_and_nothing_held_says_yes() {
        let mut filter = Filter::new(Width::Eight, 1, 1_000);
        let (low, high) = (Fuse::of(&[5]).unwrap(), Fuse::of(&[1 << 63 | 9]).unwrap());
        filter.push(low.shape, &low.places);
        filter.push(high.shape, &high.places);
        assert!(filter.may_have(5) && filter.may_have(1 << 63 | 9));
        assert!(Filter::new(Width::None, 0, 0).may_have(77));
        assert!(Fuse::of(&[4, 4]).is_none(), "the same tag twice");
    }

    #[test]
    fn what_is_held_keeps_to_what_was_allowed() {
        let places = 1_000_000;
        for (bytes, width) in [
            (1_000_000, Width::Eight),
            (999_999, Width::Four),
            (250_000, Width::Two),
            (249_999, Width::None),
        ] {
            assert_eq!(Width::within(places, bytes), width);
        }
    }
}
