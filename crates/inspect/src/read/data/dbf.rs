//! dBase: a table of records of one length.

use encoding_rs::{BIG5, Encoding, GBK, SHIFT_JIS, WINDOWS_1252};

use crate::read::archive::{name_of, u16_at, u32_at};
use crate::read::{Fault, Outcome, Reading};
use crate::report::Cause;
use crate::{Part, Place};

const VERSIONS: &[u8] = &[
    0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0x8C, 0xCB, 0xF5, 0xFB,
];
const FIELD: usize = 32;
const END_OF_FIELDS: u8 = 0x0D;
const DELETED: u8 = b'*';

struct Field {
    name: String,
    length: usize,
}

/// Whether a file begins as a table does; it has no mark.
pub(crate) fn is_table(bytes: &[u8]) -> bool {
    let Some([version, _, month, day]) = bytes.get(..4) else {
        return false;
    };
    let header = u16_at(bytes, 8).map(usize::from).unwrap_or_default();
    let end = bytes.get(FIELD + FIELD..header).unwrap_or_default();
    VERSIONS.contains(version)
        && (1..=12).contains(month)
        && (1..=31).contains(day)
        && end.iter().step_by(FIELD).any(|byte| *byte == END_OF_FIELDS)
        && u16_at(bytes, 10).is_some_and(|length| length > 1)
        && bytes
            .get(FIELD)
            .is_some_and(|first| !first.is_ascii_control())
}

pub(in crate::read) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let damaged = Fault(Cause::Damaged);
    let count = u32_at(bytes, 4).ok_or(damaged)?;
    let header = usize::from(u16_at(bytes, 8).ok_or(damaged)?);
    let length = usize::from(u16_at(bytes, 10).ok_or(damaged)?);
    let encoding = bytes.get(29).copied().and_then(encoding);
    let fields = fields(bytes.get(FIELD..header).unwrap_or_default());
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    into.write(&names.join("\t"))?;
    let records = bytes.get(header..).unwrap_or_default();
    let mut read = 0;
    for record in records
        .chunks_exact(length.max(1))
        .take(usize::try_from(count).unwrap_or_default())
    {
        let Some((state, values)) = record.split_first() else {
            break;
        };
        into.at(Place {
            part: if *state == DELETED {
                Part::Hidden
            } else {
                Part::Body
            },
            ..Place::default()
        })?;
        into.write(&row(values, &fields, encoding))?;
        read += 1;
    }
    if read < count {
        return Err(damaged);
    }
    Ok(())
}

fn fields(bytes: &[u8]) -> Vec<Field> {
    bytes
        .chunks_exact(FIELD)
        .take_while(|field| field.first() != Some(&END_OF_FIELDS))
        .map(|field| Field {
            name: name_of(
                field
                    .get(..11)
                    .and_then(|name| name.split(|byte| *byte == 0).next())
                    .unwrap_or_default(),
            ),
            length: field.get(16).copied().map(usize::from).unwrap_or_default(),
        })
        .collect()
}

fn row(values: &[u8], fields: &[Field], encoding: Option<&'static Encoding>) -> String {
    let mut at = 0;
    let mut texts: Vec<String> = Vec::with_capacity(fields.len());
    for field in fields {
        let value = values.get(at..at + field.length).unwrap_or_default();
        at += field.length;
        let value = value.trim_ascii();
        let text = match encoding {
            Some(encoding) => encoding.decode_without_bom_handling(value).0.into_owned(),
            None => name_of(value),
        };
        texts.push(text.chars().filter(|one| !one.is_control()).collect());
    }
    texts.join("\t")
}

/// The code page; where none is told, or one that is told for want of a better, the bytes decide.
fn encoding(mark: u8) -> Option<&'static Encoding> {
    match mark {
        0x4D | 0x7A => Some(GBK),
        0x4F | 0x78 => Some(BIG5),
        0x13 | 0x7B => Some(SHIFT_JIS),
        0x03 | 0x57 => None,
        0x58 | 0x59 => Some(WINDOWS_1252),
        _ => None,
    }
}
