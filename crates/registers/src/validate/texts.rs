//! Texts: length and characters.

use serde_json::Value;

use super::FieldError;
use crate::limits;
use crate::model::{Field, FieldKind};
use crate::numbering::NumberFormat;

pub(super) fn text(field: &Field, value: &Value, path: &str) -> Result<Value, FieldError> {
    let Value::String(text) = value else {
        return Err(FieldError::kind(path, "文字", "a text"));
    };
    let long = field.kind == FieldKind::LongText;
    let usual = if long {
        limits::LONG_TEXT_FIELD_CHARS
    } else {
        limits::TEXT_FIELD_CHARS
    };
    let max = field.max_length.unwrap_or(usual);
    let text = text.replace("\r\n", "\n");
    if text.chars().nth(max).is_some() {
        return Err(FieldError::too_long(path, max));
    }
    if text.chars().any(|c| is_unwanted(c, long)) {
        return Err(FieldError::characters(path));
    }
    Ok(Value::String(text))
}

/// Whether a number that is typed by hand has the form it should have.
pub(super) fn has_form(mask: &NumberFormat, value: &Value) -> bool {
    value.as_str().is_some_and(|text| mask.matches(text))
}

/// Control characters, and signs that turn the reading direction so that a text reads otherwise
/// than it is.
pub(super) fn is_unwanted(c: char, long: bool) -> bool {
    match c {
        '\n' | '\t' => !long,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        c => c.is_control(),
    }
}
