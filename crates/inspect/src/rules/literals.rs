//! Where any of thousands of words stands: one look at each byte, at a bit for its next four or six bytes; only where
//! that is set are words compared. WHY not an automaton: its states do not fit the caches with Chinese words, and it
//! takes a step for each byte that depends on the one before.

use std::collections::HashMap;

/// A word has at least so many bytes: two Chinese characters, four letters.
pub(super) const LEAST: usize = 4;
/// From so many bytes on a word is known by its first six.
const LONG: usize = 6;
const FOUR: u64 = 0xffff_ffff;
const SIX: u64 = 0xffff_ffff_ffff;
/// Makes letters small; whatever it does to other bytes, it does on both sides.
const SMALL: u64 = 0x2020_2020_2020_2020;
/// From the golden ratio: spreads keys over the bits.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Word {
    bytes: Box<[u8]>,
    any_case: bool,
}

/// Words, ready to be looked for.
#[derive(Debug, Default)]
pub(crate) struct Literals {
    words: Vec<Word>,
    known: HashMap<Word, usize>,
    short: Keys,
    long: Keys,
}

#[derive(Debug, Default)]
struct Keys {
    bits: Vec<u64>,
    shift: u32,
    words: HashMap<u64, Vec<usize>>,
}

impl Keys {
    fn build(&mut self) {
        let wanted = (self.words.len() * 64)
            .next_power_of_two()
            .clamp(1 << 12, 1 << 22);
        self.shift = 64 - wanted.trailing_zeros();
        self.bits = vec![0; wanted / 64];
        for key in self.words.keys() {
            let bit = key.wrapping_mul(SPREAD) >> self.shift;
            if let Some(word) = self.bits.get_mut((bit / 64) as usize) {
                *word |= 1 << (bit % 64);
            }
        }
    }

    #[inline]
    fn may_have(&self, key: u64) -> bool {
        let bit = key.wrapping_mul(SPREAD) >> self.shift;
        self.bits
            .get((bit / 64) as usize)
            .is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }
}

impl Literals {
    /// Adds a word and gives its number; the same word twice has one.
    pub(super) fn add(&mut self, word: &str, any_case: bool) -> usize {
        let bytes = if any_case {
            word.to_ascii_lowercase()
        } else {
            word.to_owned()
        };
        let word = Word {
            bytes: bytes.into_bytes().into(),
            any_case,
        };
        if let Some(known) = self.known.get(&word) {
            return *known;
        }
        let number = self.words.len();
        let keys = if word.bytes.len() < LONG {
            &mut self.short
        } else {
            &mut self.long
        };
        let key = key(&word.bytes) & if word.bytes.len() < LONG { FOUR } else { SIX };
        keys.words.entry(key).or_default().push(number);
        self.known.insert(word.clone(), number);
        self.words.push(word);
        number
    }

    pub(super) fn build(&mut self) {
        self.short.build();
        self.long.build();
    }

    /// Bytes of a word.
    pub(crate) fn length(&self, word: usize) -> usize {
        self.words.get(word).map_or(0, |word| word.bytes.len())
    }

    /// Calls with the number of each word and where it stands; overlapping ones too.
    pub(crate) fn each(&self, text: &str, with: &mut dyn FnMut(usize, usize)) {
        if self.words.is_empty() {
            return;
        }
        let bytes = text.as_bytes();
        for (at, window) in bytes.windows(8).enumerate() {
            let Ok(eight) = <[u8; 8]>::try_from(window) else {
                continue;
            };
            self.at(bytes, at, u64::from_le_bytes(eight), with);
        }
        for at in bytes.len().saturating_sub(7)..bytes.len() {
            self.at(
                bytes,
                at,
                key_raw(bytes.get(at..).unwrap_or_default()),
                with,
            );
        }
    }

    #[inline]
    fn at(&self, bytes: &[u8], at: usize, eight: u64, with: &mut dyn FnMut(usize, usize)) {
        // the middle of a character
        if eight & 0xc0 == 0x80 {
            return;
        }
        let small = eight | SMALL;
        if self.long.may_have(small & SIX) {
            self.compare(&self.long, small & SIX, bytes, at, with);
        }
        if self.short.may_have(small & FOUR) {
            self.compare(&self.short, small & FOUR, bytes, at, with);
        }
    }

    #[cold]
    fn compare(
        &self,
        keys: &Keys,
        key: u64,
        bytes: &[u8],
        at: usize,
        with: &mut dyn FnMut(usize, usize),
    ) {
        for &number in keys.words.get(&key).into_iter().flatten() {
            let Some(word) = self.words.get(number) else {
                continue;
            };
            let there = bytes.get(at..at + word.bytes.len());
            let fits = there.is_some_and(|there| {
                if word.any_case {
                    there.eq_ignore_ascii_case(&word.bytes)
                } else {
                    *there == *word.bytes
                }
            });
            if fits {
                with(number, at);
            }
        }
    }
}

fn key(bytes: &[u8]) -> u64 {
    key_raw(bytes) | SMALL
}

/// The next eight bytes, zeros beyond the end.
fn key_raw(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .take(8)
        .rev()
        .fold(0, |key, byte| key << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::Literals;

    fn found(words: &[(&str, bool)], text: &str) -> Vec<(usize, usize)> {
        let mut literals = Literals::default();
        for (word, any_case) in words {
            literals.add(word, *any_case);
        }
        literals.build();
        let mut found = Vec::new();
        literals.each(text, &mut |word, at| found.push((word, at)));
        found.sort_unstable();
        found
    }

    #[test]
    fn words_are_found_wherever_they_stand_overlapping_too() {
        let words = [
            ("机密", false),
            ("机密文件", false),
            ("密文", false),
            ("SECRET", false),
            ("token", true),
        ];
        assert_eq!(found(&words, "机密文件"), [(0, 0), (1, 0), (2, 3)]);
        assert_eq!(found(&words, "a SECRET secret ToKeN"), [(3, 2), (4, 16)]);
        assert_eq!(found(&words, "机"), []);
        assert_eq!(found(&[("机密", false)], "机密"), [(0, 0)]);
    }

    #[test]
    fn it_finds_what_a_plain_search_finds() {
        let words: Vec<String> = (0..400_u32)
            .map(|n| format!("{}{n:03}词", char::from_u32(0x4e00 + n % 90).unwrap()))
            .collect();
        let text: String = (0..2_000_u32)
            .map(|n| {
                format!(
                    "{}{:03}词,",
                    char::from_u32(0x4e00 + n % 95).unwrap(),
                    n % 411
                )
            })
            .collect();
        let pairs: Vec<(&str, bool)> = words.iter().map(|word| (word.as_str(), false)).collect();
        let mut plain: Vec<(usize, usize)> = Vec::new();
        for (number, word) in words.iter().enumerate() {
            plain.extend(
                text.match_indices(word.as_str())
                    .map(|(at, _)| (number, at)),
            );
        }
        plain.sort_unstable();
        assert!(!plain.is_empty());
        assert_eq!(found(&pairs, &text), plain);
    }
}
