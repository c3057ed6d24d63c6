//! Runs of text in bytes whose order nobody knows: what is left to do for formats without a reader here, and for
//! documents whose tables are lost. What it finds is always told as partial.

use crate::read::{Outcome, Reading};

/// Runs shorter than this are chance.
const SHORTEST: usize = 4;

/// Writes each run of UTF-16 that looks like text, a line each, and each long run of ASCII.
pub(crate) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    wide(bytes, into)?;
    wide(bytes.get(1..).unwrap_or_default(), into)?;
    narrow(bytes, into)
}

fn wide(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut run = String::new();
    for two in bytes.as_chunks::<2>().0 {
        let letter = char::from_u32(u32::from(u16::from_le_bytes(*two)));
        match letter.filter(|letter| is_likely(*letter)) {
            Some(letter) => run.push(letter),
            None => flush(&mut run, SHORTEST, into)?,
        }
    }
    flush(&mut run, SHORTEST, into)
}

fn narrow(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut run = String::new();
    for byte in bytes {
        if byte.is_ascii_graphic() || *byte == b' ' {
            run.push(char::from(*byte));
        } else {
            flush(&mut run, SHORTEST * 2, into)?;
        }
    }
    flush(&mut run, SHORTEST * 2, into)
}

fn flush(run: &mut String, shortest: usize, into: &mut Reading<'_>) -> Outcome {
    if run.chars().nth(shortest - 1).is_some() {
        into.line()?;
        into.write(run)?;
    }
    run.clear();
    Ok(())
}

/// Letters of Latin, common Chinese, kana, full width, and their punctuation. WHY not all of the plane: bytes of anything
/// else read as rare letters.
fn is_likely(letter: char) -> bool {
    matches!(letter,
        ' '..='~' | '\u{a0}'..='\u{24f}' | '\u{370}'..='\u{45f}' | '\u{2010}'..='\u{203b}' | '\u{2460}'..='\u{2473}'
        | '\u{25a0}'..='\u{2606}' | '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fa5}' | '\u{ff01}'..='\u{ff5e}')
}
