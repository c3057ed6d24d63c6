//! Which tags a text has.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::{GRAM, WINDOW};

/// A secret: who has it can ask an index about a text, who has not learns nothing from it.
#[derive(Clone)]
pub struct Key {
    /// What letters are multiplied with; odd.
    base: u64,
    /// The base to the power of the letters of a gram.
    out: u64,
    sip: (u64, u64),
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// A key of 32 random bytes.
    pub fn new(bytes: &[u8; 32]) -> Self {
        let word = |at: usize| {
            bytes
                .iter()
                .skip(at * 8)
                .take(8)
                .fold(0, |word: u64, byte| word << 8 | u64::from(*byte))
        };
        let base = word(0) | 1;
        let out = (0..GRAM).fold(1, |power: u64, _| power.wrapping_mul(base));
        Self {
            base,
            out,
            sip: (word(1), word(2)),
        }
    }

    fn tag(&self, gram: u64) -> u64 {
        let mut hasher = SipHasher13::new_with_keys(self.sip.0, self.sip.1);
        hasher.write_u64(gram);
        hasher.finish()
    }
}

/// A chosen gram of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag {
    /// What is looked up.
    pub tag: u64,
    /// Letters before the gram.
    pub at: u32,
    /// Bytes before the gram, in the normalised text.
    pub byte: usize,
}

/// Places of the ring in which the last grams are kept; more than a window, and a power of two.
const RING: usize = 64;
/// The bits of a gram's order that say where in the ring it is.
const PLACE: u64 = 63;

/// The tags of a normalised text, in their order.
pub fn tags(key: &Key, text: &str) -> Vec<Tag> {
    let mut chosen = Vec::with_capacity(text.len() / (WINDOW as usize * 2));
    let mut grams = Grams::new(key);
    let mut least = Least::new();
    let mut last = None;
    for (byte, letter) in text.char_indices().filter(|(_, one)| is_letter(*one)) {
        let Some(at) = grams.push(letter, byte) else {
            continue;
        };
        let Some(place) = least.push(grams.order(at), at) else {
            continue;
        };
        let least = grams.at(place);
        // of equal ones the last, which stays in sight the longest
        let newest = grams.at(at);
        let gram = if newest.hash == least.hash {
            newest
        } else {
            least
        };
        // WHY: where one gram is repeated over and over, it is chosen once for each window and not for each letter
        let repeated = last.is_some_and(|(hash, before): (u64, u32)| {
            before == gram.at || (hash == gram.hash && at - before < WINDOW)
        });
        if !repeated {
            last = Some((gram.hash, gram.at));
            chosen.push(Tag {
                tag: key.tag(gram.hash),
                at: gram.at,
                byte: gram.byte,
            });
        }
    }
    chosen
}

fn is_letter(one: char) -> bool {
    matches!(one, '\u{4e00}'..='\u{9fff}' | 'a'..='z' | '0'..='9' | 'A'..='Z')
        || (!one.is_ascii() && one.is_alphanumeric())
}

#[derive(Debug, Clone, Copy, Default)]
struct Gram {
    hash: u64,
    /// Letters and bytes before it.
    at: u32,
    byte: usize,
}

/// The last grams of a text, by a hash that rolls from letter to letter.
struct Grams<'k> {
    key: &'k Key,
    letters: [(u64, usize); RING],
    grams: [Gram; RING],
    count: u32,
    hash: u64,
}

impl<'k> Grams<'k> {
    fn new(key: &'k Key) -> Self {
        Self {
            key,
            letters: [(0, 0); RING],
            grams: [Gram::default(); RING],
            count: 0,
            hash: 0,
        }
    }

    /// Takes a letter; tells the number of the gram that it completes.
    fn push(&mut self, letter: char, byte: usize) -> Option<u32> {
        let code = u64::from(u32::from(letter)) + 1;
        let begin = self.letter(self.count.wrapping_sub(GRAM));
        let grown = self.hash.wrapping_mul(self.key.base).wrapping_add(code);
        let full = self.count >= GRAM;
        self.hash = if full {
            grown.wrapping_sub(begin.0.wrapping_mul(self.key.out))
        } else {
            grown
        };
        if let Some(place) = self.letters.get_mut(self.count as usize % RING) {
            *place = (code, byte);
        }
        self.count = self.count.saturating_add(1);
        let at = self.count.checked_sub(GRAM)?;
        let byte = self.letter(at).1;
        if let Some(place) = self.grams.get_mut(at as usize % RING) {
            *place = Gram {
                hash: self.hash,
                at,
                byte,
            };
        }
        Some(at)
    }

    fn letter(&self, at: u32) -> (u64, usize) {
        self.letters
            .get(at as usize % RING)
            .copied()
            .unwrap_or_default()
    }

    fn at(&self, place: u32) -> Gram {
        self.grams
            .get(place as usize % RING)
            .copied()
            .unwrap_or_default()
    }

    /// In which order a gram is chosen before others: as good as at random, with its place in the ring below.
    fn order(&self, at: u32) -> u64 {
        let mixed = (self.hash ^ self.hash >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ mixed >> 32) & !PLACE | u64::from(at) & PLACE
    }
}

/// The least of the last [`WINDOW`] values, at a constant cost for each (van Herk, 1992): the least of what is left of
/// the block before, and of what there is of this one.
struct Least {
    block: [u64; WINDOW as usize],
    /// The least of the block before from each place on.
    rest: [u64; WINDOW as usize],
    so_far: u64,
}

impl Least {
    fn new() -> Self {
        Self {
            block: [u64::MAX; WINDOW as usize],
            rest: [u64::MAX; WINDOW as usize],
            so_far: u64::MAX,
        }
    }

    /// Takes the value of a gram; tells the place in the ring of the least, once a window is full.
    fn push(&mut self, order: u64, at: u32) -> Option<u32> {
        let place = (at % WINDOW) as usize;
        if let Some(here) = self.block.get_mut(place) {
            *here = order;
        }
        self.so_far = self.so_far.min(order);
        let before = self.rest.get(place + 1).copied().unwrap_or(u64::MAX);
        let least = self.so_far.min(before);
        if place + 1 == WINDOW as usize {
            let mut from_here = u64::MAX;
            for (rest, value) in self.rest.iter_mut().zip(&self.block).rev() {
                from_here = from_here.min(*value);
                *rest = from_here;
            }
            self.so_far = u64::MAX;
        }
        (at + 1 >= WINDOW).then(|| u32::try_from(least & PLACE).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn key() -> Key {
        Key::new(&[7; 32])
    }

    /// Text of random letters, the same each time.
    fn random(length: usize, mut seed: u64) -> String {
        let mut next = || {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            seed >> 33
        };
        (0..length)
            .map(|_| char::from_u32(0x4e00 + u32::try_from(next() % 3_000).unwrap()).unwrap())
            .collect()
    }

    #[test]
    fn texts_that_share_enough_letters_share_two_tags_at_one_distance_wherever_they_stand() {
        for seed in 0..300_u64 {
            let place = usize::try_from(seed).unwrap();
            let passage = random(super::super::GUARANTEED as usize, seed);
            let one = random(place % 50, seed + 1_000) + &passage + &random(40, seed + 2_000);
            let other =
                random(place % 37 + 100, seed + 3_000) + &passage + &random(9, seed + 4_000);
            let (one, other) = (tags(&key(), &one), tags(&key(), &other));
            let apart: Vec<i64> = one
                .iter()
                .flat_map(|here| {
                    other
                        .iter()
                        .filter(|there| there.tag == here.tag)
                        .map(|there| i64::from(here.at) - i64::from(there.at))
                })
                .collect();
            let most = apart
                .iter()
                .map(|one| apart.iter().filter(|other| *other == one).count())
                .max();
            assert!(most >= Some(2), "{seed}: {apart:?}");
        }
    }

    #[test]
    fn the_least_of_a_window_is_what_looking_at_all_of_it_finds() {
        let text: Vec<char> = random(500, 5).chars().collect();
        let key = key();
        let (mut grams, mut least) = (Grams::new(&key), Least::new());
        let mut orders = Vec::new();
        for (byte, letter) in text.iter().enumerate() {
            let Some(at) = grams.push(*letter, byte) else {
                continue;
            };
            orders.push(grams.order(at));
            let found = least.push(grams.order(at), at);
            let slow = orders
                .len()
                .checked_sub(WINDOW as usize)
                .and_then(|from| orders.get(from..)?.iter().min());
            assert_eq!(
                found,
                slow.map(|order| u32::try_from(order & PLACE).unwrap()),
                "{at}"
            );
        }
    }

    #[test]
    fn a_gram_is_the_same_wherever_it_stands_and_tells_where() {
        let passage = random(200, 9);
        let alone: HashSet<u64> = tags(&key(), &passage).iter().map(|tag| tag.tag).collect();
        let text = format!("abc，{passage}");
        for tag in tags(&key(), &text).iter().skip(4) {
            assert!(
                alone.contains(&tag.tag) || tag.at + GRAM + WINDOW > 200,
                "{tag:?}"
            );
            let before = text
                .get(..tag.byte)
                .unwrap()
                .chars()
                .filter(|one| is_letter(*one))
                .count();
            assert_eq!(before, tag.at as usize);
        }
        let other = Key::new(&[8; 32]);
        assert!(
            tags(&other, &passage)
                .iter()
                .all(|tag| !alone.contains(&tag.tag)),
            "another key, other tags"
        );
    }

    #[test]
    fn spaces_and_punctuation_are_no_letters_and_repetition_does_not_swell() {
        let passage = random(120, 3);
        let spaced: String = passage.chars().flat_map(|one| [one, '，', ' ']).collect();
        let only = |text: &str| {
            tags(&key(), text)
                .iter()
                .map(|tag| (tag.tag, tag.at))
                .collect::<Vec<_>>()
        };
        assert_eq!(only(&passage), only(&spaced));
        let repeated = tags(&key(), &"密".repeat(10_000)).len();
        assert!(repeated <= 10_000 / WINDOW as usize + 1, "{repeated}");
        assert!(
            tags(&key(), &random(GRAM as usize - 1, 1)).is_empty() && tags(&key(), "").is_empty()
        );
    }

    #[test]
    fn about_two_in_a_window_are_chosen() {
        let chosen = tags(&key(), &random(100_000, 4)).len();
        let expected = 2 * 100_000 / (WINDOW as usize + 1);
        assert!(
            chosen.abs_diff(expected) < expected / 20,
            "{chosen} of about {expected}"
        );
    }
}
