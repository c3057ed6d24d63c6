//! EXIF: fields of cameras and of programs, as far as they hold words or places.

use std::io::Cursor;

use encoding_rs::{SHIFT_JIS, UTF_16BE, UTF_16LE};
use exif::{Context, Exif, Field, Reader, Tag, Value};

use super::iptc;
use crate::read::archive::name_of;
use crate::read::{Outcome, Reading, xmp};

/// Fields that programs of Windows write, in UTF-16.
const WINDOWS: std::ops::RangeInclusive<u16> = 0x9C9B..=0x9C9F;
const XMP: u16 = 700;
const IPTC: u16 = 33_723;
const PHOTOSHOP: u16 = 34_377;

pub(super) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let Some(found) = fields(bytes) else {
        return Ok(());
    };
    for field in found.fields() {
        into.look()?;
        one(field, into)?;
    }
    Ok(())
}

fn fields(bytes: &[u8]) -> Option<Exif> {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    reader
        .read_from_container(&mut Cursor::new(bytes))
        .or_else(|error| error.distill_partial_result(|_| {}))
        .ok()
}

fn one(field: &Field, into: &mut Reading<'_>) -> Outcome {
    let number = field.tag.number();
    let name = field.tag.to_string();
    match (&field.value, field.tag.context()) {
        (Value::Byte(data), Context::Tiff) if number == XMP => xmp::read(data, into),
        (Value::Undefined(data, _) | Value::Byte(data), Context::Tiff) if number == IPTC => {
            iptc::records(data, into)
        }
        (Value::Byte(data) | Value::Undefined(data, _), Context::Tiff) if number == PHOTOSHOP => {
            iptc::blocks(data, into)
        }
        (Value::Byte(data), _) if WINDOWS.contains(&number) => {
            let text = UTF_16LE.decode_without_bom_handling(data).0;
            into.property(&format!("XP 0x{number:04X}"), text.trim_end_matches('\0'))
        }
        // some programs call it bytes
        (Value::Undefined(data, _) | Value::Byte(data), _) if field.tag == Tag::UserComment => {
            into.property(&name, &comment(data))
        }
        (Value::Ascii(lines), _) => {
            let lines: Vec<String> = lines.iter().map(|line| name_of(line)).collect();
            into.property(&name, lines.join("\n").trim_matches('\0'))
        }
        (_, Context::Gps) => into.property(&name, &field.display_value().to_string()),
        _ => Ok(()),
    }
}

/// Eight bytes say the encoding.
fn comment(data: &[u8]) -> String {
    let (code, text) = data.split_at_checked(8).unwrap_or((&[], data));
    let decoded = match code {
        b"UNICODE\0" => {
            // WHY by content: half of all programs keep to the order of the file, and half to their own
            let (big, little) = (UTF_16BE.decode(text).0, UTF_16LE.decode(text).0);
            let chosen = if usual(&big) > usual(&little) {
                big
            } else {
                little
            };
            chosen.into_owned()
        }
        b"JIS\0\0\0\0\0" => SHIFT_JIS.decode(text).0.into_owned(),
        _ => name_of(text),
    };
    decoded.trim_matches('\0').to_owned()
}

/// How many characters of a text are of those that people write.
fn usual(text: &str) -> usize {
    let is_usual = |c: &char| matches!(c, ' '..='~' | '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '★' | '\u{ff01}'..='\u{ff5e}');
    text.chars().filter(is_usual).count()
}

#[cfg(test)]
mod tests {
    use super::comment;

    #[test]
    fn comments_are_read_in_either_order_of_bytes() {
        let words = "内部文件 严禁外传，机密★10年";
        let units = || words.encode_utf16();
        let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        for bytes in [big, little] {
            assert_eq!(comment(&[b"UNICODE\0".as_slice(), &bytes].concat()), words);
        }
        assert_eq!(
            comment(b"UNICODE\0\0S\0E\0C\0R\0E\0T\0/\0/\0N\0F"),
            "SECRET//NF"
        );
    }
}
