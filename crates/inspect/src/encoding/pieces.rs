//! From bytes to characters where bytes come piece by piece.

use encoding_rs::{Decoder, UTF_8};

use super::{Coding, GUESSED_MOST, chunk_of, guess, web};

/// A line that is longer is decoded as if it ended here.
const LINE_MOST: usize = 1 << 20;

/// Decodes pieces of one text; what a piece ends amid waits for the next one.
pub(crate) struct Pieces {
    how: How,
}

enum How {
    Web(Box<Decoder>),
    /// Bytes of a line that has not ended, and how many lines had an encoding of their own.
    Lines(Vec<u8>, usize),
    /// Bytes of a unit that is not whole.
    Units(Vec<u8>, fn([u8; 4]) -> u32),
}

impl Pieces {
    /// None for seven-bit text with shifts, which is small and read as a whole.
    pub(crate) fn of(coding: Coding) -> Option<Self> {
        let how = match coding {
            Coding::Web(encoding) => How::Web(Box::new(encoding.new_decoder_with_bom_removal())),
            Coding::Mixed => How::Lines(Vec::new(), 0),
            Coding::Utf32Little => How::Units(Vec::new(), u32::from_le_bytes),
            Coding::Utf32Big => How::Units(Vec::new(), u32::from_be_bytes),
            Coding::Hz | Coding::Shifted(_) => return None,
        };
        Some(Self { how })
    }

    /// Adds the text of a piece, and says whether all of it were characters.
    pub(crate) fn push(&mut self, bytes: &[u8], last: bool, text: &mut String) -> bool {
        match &mut self.how {
            How::Web(decoder) => chunk_of(decoder, bytes, last, text),
            How::Lines(begun, guessed) => {
                begun.extend_from_slice(bytes);
                let ends = begun.iter().rposition(|byte| *byte == b'\n');
                let whole_lines = match ends {
                    _ if last || begun.len() > LINE_MOST => begun.len(),
                    Some(end) => end + 1,
                    None => 0,
                };
                let rest = begun.split_off(whole_lines);
                lines(&std::mem::replace(begun, rest), guessed, text)
            }
            How::Units(begun, unit) => {
                begun.extend_from_slice(bytes);
                let rest = begun.split_off(begun.len() / 4 * 4);
                let (units, _) = begun.as_chunks::<4>();
                let before = text.len();
                text.extend(
                    units
                        .iter()
                        .map(|four| {
                            char::from_u32(unit(*four)).unwrap_or(char::REPLACEMENT_CHARACTER)
                        })
                        .filter(|one| *one != '\u{feff}'),
                );
                let added = text.get(before..).unwrap_or_default();
                let whole = !added.contains(char::REPLACEMENT_CHARACTER);
                *begun = rest;
                whole && (begun.is_empty() || !last)
            }
        }
    }
}

/// Lines that are UTF-8 as such, each other one in an encoding of its own.
fn lines(bytes: &[u8], guessed: &mut usize, text: &mut String) -> bool {
    let mut whole = true;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let fits = std::str::from_utf8(line).is_ok() || *guessed >= GUESSED_MOST;
        *guessed += usize::from(!fits);
        let coding = if fits { None } else { guess::legacy(line) };
        let written = web(line, coding.unwrap_or(UTF_8), &mut |piece| {
            text.push_str(piece);
            Ok::<(), std::convert::Infallible>(())
        });
        whole &= written.unwrap_or(false);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::decode_to;
    use encoding_rs::{GB18030, SHIFT_JIS, UTF_16LE};
    use proptest::prelude::*;

    fn in_pieces(bytes: &[u8], coding: Coding, cuts: &[usize]) -> (String, bool) {
        let mut pieces = Pieces::of(coding).unwrap();
        let (mut text, mut whole, mut rest) = (String::new(), true, bytes);
        for cut in cuts {
            let (piece, more) = rest.split_at((*cut).min(rest.len()));
            whole &= pieces.push(piece, false, &mut text);
            rest = more;
        }
        whole &= pieces.push(rest, true, &mut text);
        (text, whole)
    }

    proptest! {
        #[test]
        fn pieces_come_to_the_whole(
            text in "([a-z\n机密年。\u{1f600}]{1,8}\n?){0,20}",
            noise in proptest::collection::vec(any::<u8>(), 0..20),
            cuts in proptest::collection::vec(0_usize..30, 0..20),
        ) {
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let wider: Vec<u8> = text.chars().flat_map(|one| u32::from(one).to_le_bytes()).collect();
            let gb = GB18030.encode(&text).0.into_owned();
            let mixed = [text.as_bytes(), &gb, &noise].concat();
            for (bytes, coding) in [
                ([text.as_bytes(), &noise].concat(), Coding::Web(UTF_8)),
                (mixed, Coding::Mixed),
                ([gb, noise.clone()].concat(), Coding::Web(GB18030)),
                (noise.clone(), Coding::Web(SHIFT_JIS)),
                ([wide, noise.clone()].concat(), Coding::Web(UTF_16LE)),
                ([wider, noise.clone()].concat(), Coding::Utf32Little),
            ] {
                prop_assert_eq!(in_pieces(&bytes, coding, &cuts), decode_to(&bytes, coding, usize::MAX));
            }
        }
    }
}
