//! SQLite: the text in the rows of all tables, page by page and without an engine.
//!
//! Pages are read in the order of the file and not along the trees, so that a broken tree costs nothing, and so that
//! rows on pages that are no longer in use, which a reader of the file can still find, are read too.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::Format;
use crate::read::archive::{u16_at, u32_at};
use crate::read::{Fault, Outcome, Reading};
use crate::report::Cause;

const LEAF_OF_TABLE: u8 = 0x0D;
const LEAF_OF_INDEX: u8 = 0x0A;
const INSIDE_OF_INDEX: u8 = 0x02;
const HEADER: usize = 100;

/// A value is never larger than the file; still one row may ask for all of it again and again.
const PAYLOAD: usize = 16 << 20;

struct Base<'b> {
    bytes: &'b [u8],
    page: usize,
    usable: usize,
    encoding: &'static Encoding,
    /// Tables that are kept as indexes.
    in_indexes: bool,
}

pub(in crate::read) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let page = match u16_at(bytes, 16).map(u16::swap_bytes) {
        Some(1) => 65_536,
        Some(size) if size >= 512 && size.is_power_of_two() => usize::from(size),
        _ => return Err(Fault(Cause::Damaged)),
    };
    let reserved = bytes.get(20).copied().map(usize::from).unwrap_or_default();
    let without = b"WITHOUT ROWID";
    let base = Base {
        bytes,
        page,
        usable: page.saturating_sub(reserved).max(480),
        encoding: match bytes.get(59) {
            Some(2) => UTF_16LE,
            Some(3) => UTF_16BE,
            _ => UTF_8,
        },
        in_indexes: memchr::memmem::find(bytes, without).is_some()
            || memchr::memmem::find(bytes, &without.to_ascii_lowercase()).is_some(),
    };
    for number in 0..bytes.len().div_ceil(page) {
        into.look()?;
        one_page(&base, number, into)?;
    }
    let told = u32_at(bytes, 28).map(u32::swap_bytes).unwrap_or_default();
    if u64::from(told) * page as u64 > bytes.len() as u64 {
        return Err(Fault(Cause::Damaged));
    }
    Ok(())
}

fn one_page(base: &Base<'_>, number: usize, into: &mut Reading<'_>) -> Outcome {
    let from = number * base.page;
    let end = (from + base.page).min(base.bytes.len());
    let page = base.bytes.get(from..end).unwrap_or_default();
    let at = if number == 0 { HEADER } else { 0 };
    let (pointers, before) = match page.get(at) {
        Some(&LEAF_OF_TABLE) => (at + 8, 0),
        Some(&LEAF_OF_INDEX) if base.in_indexes => (at + 8, 0),
        Some(&INSIDE_OF_INDEX) if base.in_indexes => (at + 12, 4),
        _ => return Ok(()),
    };
    let table = page.get(at) == Some(&LEAF_OF_TABLE);
    let count = u16_at(page, at + 3)
        .map(u16::swap_bytes)
        .unwrap_or_default();
    for cell in 0..usize::from(count).min(base.page / 2) {
        let Some(pointer) = u16_at(page, pointers + 2 * cell).map(u16::swap_bytes) else {
            break;
        };
        into.look()?;
        let cell = page
            .get(usize::from(pointer) + before..)
            .unwrap_or_default();
        if let Some(payload) = payload(base, cell, table) {
            row(base, &payload, into)?;
        }
    }
    Ok(())
}

/// A number of one to nine bytes, and what follows.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (at, byte) in bytes.iter().take(9).enumerate() {
        if at == 8 {
            return Some((value << 8 | u64::from(*byte), bytes.get(9..)?));
        }
        value = value << 7 | u64::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(at + 1..)?));
        }
    }
    None
}

/// The bytes of a row: some in its cell, the others along a chain of pages.
fn payload(base: &Base<'_>, cell: &[u8], table: bool) -> Option<Vec<u8>> {
    let (length, mut rest) = number(cell)?;
    if table {
        rest = number(rest)?.1;
    }
    let length = usize::try_from(length)
        .ok()?
        .min(PAYLOAD)
        .min(base.bytes.len());
    let most = if table {
        base.usable - 35
    } else {
        (base.usable - 12) * 64 / 255 - 23
    };
    if length <= most {
        return Some(rest.get(..length.min(rest.len()))?.to_vec());
    }
    let least = (base.usable - 12) * 32 / 255 - 23;
    let fitting = least + (length - least) % (base.usable - 4);
    let here = if fitting <= most { fitting } else { least };
    let mut whole = rest.get(..here)?.to_vec();
    let mut next = u32_at(rest, here)?.swap_bytes();
    while whole.len() < length && next != 0 {
        let from = (usize::try_from(next).ok()? - 1).checked_mul(base.page)?;
        let end = (from + base.usable).min(base.bytes.len());
        let Some(page) = base.bytes.get(from..end) else {
            break;
        };
        next = u32_at(page, 0)?.swap_bytes();
        let data = page.get(4..).unwrap_or_default();
        if data.is_empty() {
            break;
        }
        whole.extend_from_slice(data.get(..data.len().min(length - whole.len()))?);
    }
    Some(whole)
}

/// A header of kinds, then values of those kinds.
fn row(base: &Base<'_>, payload: &[u8], into: &mut Reading<'_>) -> Outcome {
    let Some((length, mut kinds)) = number(payload) else {
        return Ok(());
    };
    let length = usize::try_from(length)
        .unwrap_or(usize::MAX)
        .min(payload.len());
    let before = payload.len() - kinds.len();
    kinds = kinds
        .get(..length.saturating_sub(before))
        .unwrap_or_default();
    let mut values = payload.get(length..).unwrap_or_default();
    let mut texts: Vec<String> = Vec::new();
    let mut files: Vec<&[u8]> = Vec::new();
    while let Some((kind, rest)) = number(kinds) {
        kinds = rest;
        let size = match kind {
            0 | 8 | 9 => 0,
            1..=4 => usize::try_from(kind).unwrap_or_default(),
            5 => 6,
            6 | 7 => 8,
            10 | 11 => return Ok(()),
            _ => usize::try_from((kind - 12) / 2).unwrap_or(usize::MAX),
        };
        let (value, rest) = values.split_at_checked(size).unwrap_or((values, &[]));
        values = rest;
        match kind {
            1..=6 => texts.extend(whole_number(value)),
            13.. if kind % 2 == 1 => {
                texts.push(
                    base.encoding
                        .decode_without_bom_handling(value)
                        .0
                        .into_owned(),
                );
            }
            12.. => files.push(value),
            _ => {}
        }
    }
    into.line()?;
    into.write(&texts.join("\t"))?;
    for file in files {
        let format = Format::of(file, "");
        if !matches!(format, Format::Unknown | Format::Empty) {
            into.inside("blob", file)?;
        }
    }
    Ok(())
}

/// Numbers are told, for an identity or a telephone may be kept as one.
fn whole_number(value: &[u8]) -> Option<String> {
    let first = *value.first()?;
    let begin = if first & 0x80 != 0 { -1 } else { 0 };
    let number = value
        .iter()
        .fold(begin, |sum: i64, byte| sum << 8 | i64::from(*byte));
    Some(number.to_string())
}
