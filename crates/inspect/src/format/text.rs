//! Which kind of text a file is, or whether it is none.

use super::Format;

/// So much is looked at.
const LOOKED_AT: usize = 64 * 1_024;

pub(super) fn of(bytes: &[u8], _name_hint: &str) -> Format {
    let begin = bytes.get(..LOOKED_AT.min(bytes.len())).unwrap_or_default();
    if begin.contains(&0) && !begin.starts_with(b"\xff\xfe") && !begin.starts_with(b"\xfe\xff") {
        return Format::Unknown;
    }
    Format::Txt
}
