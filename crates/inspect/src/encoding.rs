//! From bytes to characters: which encoding a text is in, and whether bytes are text at all.
//!
//! In this order: a byte order mark, UTF-8 that holds, shifted seven-bit text (HZ, ISO-2022), UTF-16 and UTF-32 by the
//! plausibility of their units, GBK and Big5 by how common their characters are, and `chardetng` for the rest. WHY so:
//! `chardetng` knows neither UTF-16 nor HZ, and needs more text than a mark has.

mod guess;
mod pieces;
mod seven;

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

pub(crate) use guess::{SAMPLE, chinese, guess};
pub(crate) use pieces::Pieces;

/// How bytes become characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    /// One of the encodings of the web.
    Web(&'static Encoding),
    /// UTF-8 with lines of another encoding between.
    Mixed,
    /// Four bytes a character, the lowest first.
    Utf32Little,
    /// Four bytes a character, the highest first.
    Utf32Big,
    /// GB 2312 between `~{` and `~}`.
    Hz,
    /// ISO 2022 with shifts: Korean or Chinese.
    Shifted(&'static Encoding),
}

/// So many bytes become characters at once.
const CHUNK: usize = 64 * 1_024;

/// So many lines of one file get an encoding of their own; each guess costs microseconds.
const GUESSED_MOST: usize = 20_000;

/// Gives the text of bytes in pieces, and whether all of them were characters. It ends early with what `write` says.
pub(crate) fn decode<E>(
    bytes: &[u8],
    coding: Coding,
    write: &mut dyn FnMut(&str) -> Result<(), E>,
) -> Result<bool, E> {
    match coding {
        Coding::Web(encoding) => web(bytes, encoding, write),
        Coding::Mixed => mixed(bytes, write),
        Coding::Utf32Little => wide(bytes, u32::from_le_bytes, write),
        Coding::Utf32Big => wide(bytes, u32::from_be_bytes, write),
        Coding::Hz => web(&seven::hz(bytes), encoding_rs::GBK, write),
        Coding::Shifted(encoding) => web(&seven::shifted(bytes), encoding, write),
    }
}

/// All text of bytes, up to so many bytes of it, and whether all of them were characters.
pub(crate) fn decode_to(bytes: &[u8], coding: Coding, most: usize) -> (String, bool) {
    let mut text = String::new();
    let whole = decode(bytes, coding, &mut |piece| {
        text.push_str(piece);
        if text.len() > most { Err(()) } else { Ok(()) }
    });
    (text, whole.unwrap_or(false))
}

fn web<E>(
    bytes: &[u8],
    encoding: &'static Encoding,
    write: &mut dyn FnMut(&str) -> Result<(), E>,
) -> Result<bool, E> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut text = String::with_capacity(bytes.len().min(CHUNK) * 3 + 16);
    let mut whole = true;
    let mut chunks = bytes.chunks(CHUNK).peekable();
    while let Some(chunk) = chunks.next() {
        text.clear();
        whole &= chunk_of(&mut decoder, chunk, chunks.peek().is_none(), &mut text);
        write(&text)?;
    }
    Ok(whole)
}

/// One chunk; bytes that are no characters become U+FFFD.
fn chunk_of(decoder: &mut Decoder, chunk: &[u8], last: bool, text: &mut String) -> bool {
    let mut rest = chunk;
    let mut whole = true;
    loop {
        let needed = decoder.max_utf8_buffer_length_without_replacement(rest.len());
        text.reserve(needed.unwrap_or(CHUNK));
        let (result, read) = decoder.decode_to_string_without_replacement(rest, text, last);
        rest = rest.get(read..).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => return whole,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(_, _) => {
                whole = false;
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
}

/// Lines that are UTF-8 as such, each other one in an encoding of its own.
fn mixed<E>(bytes: &[u8], write: &mut dyn FnMut(&str) -> Result<(), E>) -> Result<bool, E> {
    let mut whole = true;
    let mut guessed = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let fits = std::str::from_utf8(line).is_ok() || guessed >= GUESSED_MOST;
        guessed += usize::from(!fits);
        let coding = if fits { None } else { guess::legacy(line) };
        let coding = coding.unwrap_or(UTF_8);
        whole &= web(line, coding, write)?;
    }
    Ok(whole)
}

fn wide<E>(
    bytes: &[u8],
    unit: fn([u8; 4]) -> u32,
    write: &mut dyn FnMut(&str) -> Result<(), E>,
) -> Result<bool, E> {
    let (units, left) = bytes.as_chunks::<4>();
    let mut whole = left.is_empty();
    for chunk in units.chunks(CHUNK / 4) {
        let text: String = chunk
            .iter()
            .map(|four| char::from_u32(unit(*four)).unwrap_or(char::REPLACEMENT_CHARACTER))
            .filter(|c| *c != '\u{feff}')
            .collect();
        whole &= !text.contains(char::REPLACEMENT_CHARACTER);
        write(&text)?;
    }
    Ok(whole)
}

/// What a byte order mark says.
fn marked(bytes: &[u8]) -> Option<Coding> {
    // WHY first: the mark of UTF-32 begins with that of UTF-16
    if bytes.starts_with(b"\xff\xfe\0\0") && bytes.len().is_multiple_of(4) {
        return Some(Coding::Utf32Little);
    }
    if bytes.starts_with(b"\0\0\xfe\xff") {
        return Some(Coding::Utf32Big);
    }
    [
        (&b"\xef\xbb\xbf"[..], UTF_8),
        (b"\xff\xfe", UTF_16LE),
        (b"\xfe\xff", UTF_16BE),
    ]
    .into_iter()
    .find(|(mark, _)| bytes.starts_with(mark))
    .map(|(_, encoding)| Coding::Web(encoding))
}

#[cfg(test)]
mod tests;
