//! How a Chinese name is found by pinyin: by the first letters of its characters, and by their whole
//! syllables, with every reading a character has. Kept in the index beside the name.

use pinyin::ToPinyinMulti;

/// Characters of a name that count.
const CHARS: usize = 32;
/// Ways to read a name that are kept.
const WAYS: usize = 16;

/// The ways a text is read, letters first; nothing if it has no Chinese in it.
pub(super) fn of(text: &str) -> Option<String> {
    let mut ways = vec![(String::new(), String::new())];
    let mut is_chinese = false;
    for character in text.chars().take(CHARS) {
        let readings = readings(character);
        is_chinese |= !readings.is_empty() && !character.is_ascii();
        match readings.as_slice() {
            [] => {}
            [only] => ways.iter_mut().for_each(|way| read_on(way, only)),
            several => {
                let longer = ways.iter().flat_map(|way| {
                    several.iter().map(|reading| {
                        let mut way = way.clone();
                        read_on(&mut way, reading);
                        way
                    })
                });
                ways = longer.take(WAYS).collect();
            }
        }
    }
    if !is_chinese {
        return None;
    }
    let mut words: Vec<String> = Vec::new();
    let (letters, syllables): (Vec<String>, Vec<String>) = ways.into_iter().unzip();
    for word in letters.into_iter().chain(syllables) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    Some(words.join(" "))
}

/// Adds the reading of one more character to the letters and to the syllables.
fn read_on((letters, syllables): &mut (String, String), reading: &str) {
    letters.extend(reading.chars().take(1));
    syllables.push_str(reading);
}

/// How a character is read: a letter or digit as itself, what is neither not at all.
fn readings(character: char) -> Vec<String> {
    if character.is_ascii_alphanumeric() {
        return vec![character.to_ascii_lowercase().to_string()];
    }
    let mut readings = Vec::new();
    for reading in character.to_pinyin_multi().into_iter().flatten() {
        let plain = reading.plain().replace('ü', "v");
        if !readings.contains(&plain) {
            readings.push(plain);
        }
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let read = of(text).unwrap_or_default();
        read.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_name_is_read_by_letters_and_by_syllables() {
        let words = words("王小明");
        assert!(words.contains(&"wxm".to_owned()), "{words:?}");
        assert!(words.contains(&"wangxiaoming".to_owned()), "{words:?}");
    }

    #[test]
    fn a_character_with_two_readings_is_found_by_both() {
        let words = words("单雄信");
        for word in ["sxx", "dxx", "shanxiongxin"] {
            assert!(words.contains(&word.to_owned()), "{word}: {words:?}");
        }
    }

    #[test]
    fn what_is_no_chinese_needs_no_pinyin_and_length_is_bounded() {
        assert_eq!(of("R&D 2"), None);
        assert!(words("总体部2").contains(&"ztb2".to_owned()));
        let long: String = "行".repeat(5_000);
        assert!(words(&long).len() <= 2 * WAYS);
    }
}
