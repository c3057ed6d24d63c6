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

/// The bits of a gram's order that tell it from others of the same hash: the last ones of its number.
const PLACE: u64 = 63;
/// Letters that are taken together; whole windows of them.
const BLOCK: usize = WINDOW as usize * BLOCKS as usize;
const BLOCKS: u32 = 20;
const LONG: usize = GRAM as usize;
const WIDE: usize = WINDOW as usize;

/// The tags of a normalised text, in their order.
pub fn tags(key: &Key, text: &str) -> Vec<Tag> {
    let mut pass = Pass {
        key,
        letters: [0; LONG + BLOCK],
        begins: [0; LONG + BLOCK],
        hashes: [0; WIDE + BLOCK],
        bytes: [0; WIDE + BLOCK],
        orders: [u64::MAX; BLOCK],
        behind: [u64::MAX; WIDE],
        hash: 0,
        before: 0,
        last: None,
        chosen: Vec::with_capacity(text.len() / (WIDE * 2)),
    };
    let mut at = 0;
    loop {
        let (count, next) = pass.read(text, at);
        pass.roll(count);
        pass.choose(count);
        pass.keep();
        if count < BLOCK {
            return pass.chosen;
        }
        at = next;
    }
}

fn is_letter(one: char) -> bool {
    matches!(one, '\u{4e00}'..='\u{9fff}' | 'a'..='z' | '0'..='9' | 'A'..='Z')
        || (!one.is_ascii() && one.is_alphanumeric())
}

/// A gram that was chosen.
#[derive(Debug, Clone, Copy)]
struct Chosen {
    hash: u64,
    order: u64,
    at: u32,
}

/// A text on its way, so many letters at a time. WHY in steps over arrays and not letter by letter: each step is a short loop
/// that a processor runs ahead in.
struct Pass<'k> {
    key: &'k Key,
    /// Letters as numbers, behind those of one gram before.
    letters: [u64; LONG + BLOCK],
    /// Where they begin, in bytes.
    begins: [usize; LONG + BLOCK],
    /// Hashes of the grams that end with each letter, behind those of one window before.
    hashes: [u64; WIDE + BLOCK],
    /// Where those grams begin, in bytes.
    bytes: [usize; WIDE + BLOCK],
    /// In which order they are chosen.
    orders: [u64; BLOCK],
    /// The least of what comes in the window before behind each place.
    behind: [u64; WIDE],
    hash: u64,
    /// Letters before this block.
    before: u32,
    last: Option<Chosen>,
    chosen: Vec<Tag>,
}

impl Pass<'_> {
    /// Takes letters from a byte on; tells how many, and the byte behind them.
    fn read(&mut self, text: &str, from: usize) -> (usize, usize) {
        let mut rest = text.as_bytes().get(from..).unwrap_or_default();
        let mut count = 0;
        while count < BLOCK {
            let begin = text.len() - rest.len();
            let (letter, length) = match rest {
                [] => break,
                // most Chinese characters: U+4E00 to U+9FFF
                [first @ 0xe4..=0xe9, second, third, ..] if *first > 0xe4 || *second >= 0xb8 => {
                    let high = u64::from(first & 0x0f) << 12 | u64::from(second & 0x3f) << 6;
                    (high | u64::from(third & 0x3f), 3)
                }
                // the commonest signs: U+FF00 to U+FF0F, U+3000 to U+3004
                [0xef, 0xbc, 0x80..=0x8f, ..] | [0xe3, 0x80, 0x80..=0x84, ..] => (0, 3),
                [first, ..] if first.is_ascii() => {
                    let letter = first.is_ascii_alphanumeric();
                    (if letter { u64::from(*first) } else { 0 }, 1)
                }
                _ => {
                    let one = text.get(begin..).and_then(|text| text.chars().next());
                    let letter = one.filter(|one| is_letter(*one)).map(u64::from);
                    (letter.unwrap_or_default(), one.map_or(1, char::len_utf8))
                }
            };
            rest = rest.get(length..).unwrap_or_default();
            // WHY written also where there is none: the next letter takes its place, and nothing has to be guessed
            if let Some(place) = self.letters.get_mut(LONG + count) {
                *place = letter + 1;
            }
            if let Some(place) = self.begins.get_mut(LONG + count) {
                *place = begin;
            }
            count += usize::from(letter != 0);
        }
        (count, text.len() - rest.len())
    }

    /// Hashes of all grams, rolled from letter to letter, and their order: as good as at random.
    fn roll(&mut self, count: usize) {
        let (base, out) = (self.key.base, self.key.out);
        let mut hash = self.hash;
        let ins = self.letters.iter().skip(LONG).take(count);
        for ((hashed, new), old) in self
            .hashes
            .iter_mut()
            .skip(WIDE)
            .zip(ins)
            .zip(&self.letters)
        {
            let change = new.wrapping_sub(old.wrapping_mul(out));
            hash = hash.wrapping_mul(base).wrapping_add(change);
            *hashed = hash;
        }
        self.hash = hash;
        let begins = self.begins.iter().skip(1).take(count);
        for (byte, begin) in self.bytes.iter_mut().skip(WIDE).zip(begins) {
            *byte = *begin;
        }
        // the number of the first gram, as far as its last bits go
        let first = u64::from(self.before) + PLACE + 1 - (LONG as u64 - 1);
        let hashes = self.hashes.iter().skip(WIDE).take(count);
        for ((order, hash), place) in self.orders.iter_mut().zip(hashes).zip(first..) {
            let mixed = (hash ^ hash >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *order = (mixed ^ mixed >> 32) & !PLACE | place & PLACE;
        }
        // the first letters of a text complete no gram
        if let Some(missing) = (LONG - 1).checked_sub(self.before as usize) {
            self.orders
                .iter_mut()
                .take(missing)
                .for_each(|order| *order = u64::MAX);
        }
        self.orders
            .iter_mut()
            .skip(count)
            .for_each(|order| *order = u64::MAX);
    }

    /// Chooses the least of each window, at a constant cost for each letter (van Herk, 1992): the least of what is left of
    /// the window before, and of what there is of this one.
    fn choose(&mut self, count: usize) {
        let orders = self.orders;
        let mut sight = self.sight();
        for (window, orders) in orders.chunks_exact(WIDE).enumerate() {
            let begun = window * WIDE;
            if begun >= count {
                return;
            }
            let mut leasts = self.behind;
            let mut so_far = u64::MAX;
            for (least, order) in leasts.iter_mut().zip(orders) {
                so_far = so_far.min(*order);
                *least = so_far.min(*least);
            }
            for (letter, (least, order)) in (begun..).zip(leasts.iter().zip(orders)) {
                // mostly it is the one that was chosen before, and still in sight
                let held = *least == sight.0 && letter < sight.1 && order ^ least > PLACE;
                if !held && letter < count {
                    self.take(letter, *least);
                    sight = self.sight();
                }
            }
            let mut from_here = u64::MAX;
            for (behind, order) in self.behind.iter_mut().zip(orders).rev() {
                *behind = from_here;
                from_here = from_here.min(*order);
            }
        }
    }

    /// The order of the gram that was chosen last, and the first letter of this block from which it is out of sight.
    fn sight(&self) -> (u64, usize) {
        let Some(last) = self.last else {
            return (u64::MAX, 0);
        };
        let until = last.at.saturating_add(WINDOW + GRAM - 1);
        (last.order, until.saturating_sub(self.before) as usize)
    }

    /// The number of the gram that ends with a letter.
    fn gram(&self, letter: usize) -> u32 {
        let letter = u32::try_from(letter).unwrap_or(u32::MAX);
        self.before.wrapping_add(letter).wrapping_sub(GRAM - 1)
    }

    /// Takes the least gram of the window that ends with a letter, unless it was taken.
    fn take(&mut self, letter: usize, least: u64) {
        let newest = self.gram(letter);
        if (self.before as usize + letter) < LONG + WIDE - 2 {
            return;
        }
        let back = u64::from(newest).wrapping_sub(least) & PLACE;
        let back = usize::try_from(back).unwrap_or_default();
        let hash_of = |back: usize| self.hashes.get(WIDE + letter - back).copied();
        let same = hash_of(0) == hash_of(back);
        // of equal ones the last, which stays in sight the longest
        let back = if same { 0 } else { back };
        let at = newest.wrapping_sub(u32::try_from(back).unwrap_or_default());
        let hash = hash_of(back).unwrap_or_default();
        // WHY: where one gram is repeated over and over, it is chosen once for each window and not for each letter
        let repeated = self.last.is_some_and(|last| {
            last.at == at || (last.hash == hash && newest.wrapping_sub(last.at) < WINDOW)
        });
        if repeated {
            return;
        }
        let order = least & !PLACE | u64::from(at) & PLACE;
        self.last = Some(Chosen { hash, order, at });
        self.chosen.push(Tag {
            tag: self.key.tag(hash),
            at,
            byte: self
                .bytes
                .get(WIDE + letter - back)
                .copied()
                .unwrap_or_default(),
        });
    }

    /// Keeps what the next letters need.
    fn keep(&mut self) {
        self.letters.copy_within(BLOCK.., 0);
        self.begins.copy_within(BLOCK.., 0);
        self.hashes.copy_within(BLOCK.., 0);
        self.bytes.copy_within(BLOCK.., 0);
        self.before = self.before.saturating_add(WINDOW * BLOCKS);
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

    /// What [`tags`] is to find, looked for window by window.
    fn slowly(key: &Key, text: &str) -> Vec<Tag> {
        let letters: Vec<(usize, char)> = text
            .char_indices()
            .filter(|(_, one)| is_letter(*one))
            .collect();
        let grams: Vec<(u64, u64)> = letters
            .windows(GRAM as usize)
            .zip(0_u64..)
            .map(|(gram, at)| {
                let hash = gram.iter().fold(0_u64, |hash, (_, letter)| {
                    let code = u64::from(u32::from(*letter)) + 1;
                    hash.wrapping_mul(key.base).wrapping_add(code)
                });
                let mixed = (hash ^ hash >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                (hash, (mixed ^ mixed >> 32) & !PLACE | at & PLACE)
            })
            .collect();
        let (mut chosen, mut last) = (Vec::new(), None::<(u64, usize)>);
        for end in WINDOW as usize..=grams.len() {
            let newest = end - 1;
            let least = (end - WINDOW as usize..end)
                .min_by_key(|at| grams[*at].1)
                .unwrap();
            let at = if grams[newest].0 == grams[least].0 {
                newest
            } else {
                least
            };
            let hash = grams[at].0;
            let repeated = last.is_some_and(|(before, there)| {
                there == at || (before == hash && newest - there < WINDOW as usize)
            });
            if !repeated {
                last = Some((hash, at));
                chosen.push(Tag {
                    tag: key.tag(hash),
                    at: u32::try_from(at).unwrap(),
                    byte: letters[at].0,
                });
            }
        }
        chosen
    }

    #[test]
    fn tags_are_what_looking_at_every_window_finds() {
        let key = key();
        for seed in 0..200_u64 {
            let place = usize::try_from(seed).unwrap();
            let (one, other) = (random(place * 13, seed), random(place % 70 + 1, seed + 500));
            let mixed = "A b，9、é 𠀀。㇏ 々〇\u{3000}〄！０／Ａ䷀䷿㿿 ".repeat(place % 9);
            // what is repeated, at all distances
            let text = one + &other.repeat(place % 20 + 1) + &mixed + &"密".repeat(place % 90);
            assert_eq!(tags(&key, &text), slowly(&key, &text), "{seed}");
        }
        for length in (0..1_500).step_by(7).chain([480, 491, 492, 960]) {
            let text = random(length, 3);
            assert_eq!(tags(&key, &text), slowly(&key, &text), "{length}");
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
