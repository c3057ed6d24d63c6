//! Cursors: the sort value and id of a page's last row, which the reader has seen anyway.

use crate::{error::Error, perform::index_value};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::RecordId;
use registers::Definition;
use store::{IndexValue, ListQuery, RecordRow, Sort};

/// The cursor after a full page.
pub(super) fn next(
    definition: &Definition,
    query: &ListQuery,
    rows: &[RecordRow],
) -> Option<String> {
    let full = i64::try_from(rows.len()).ok()? >= query.limit.clamp(1, store::limits::PAGE);
    let last = rows.last().filter(|_| full)?;
    let value = match &query.sort {
        Sort::Newest | Sort::Oldest => IndexValue::Int(last.created_at.as_millisecond()),
        Sort::Field { key, .. } => index_value(definition.field(key)?.kind, last.body.get(key))?,
    };
    let text = match value {
        IndexValue::Int(number) => format!("i{number}\n{}", last.id),
        IndexValue::Text(text) => format!("t{text}\n{}", last.id),
    };
    Some(BASE64_URL_SAFE_NO_PAD.encode(text))
}

/// Reads a cursor back.
pub(super) fn parse(cursor: &str, sort: &Sort) -> Result<(IndexValue, RecordId), Error> {
    read(cursor, sort).ok_or_else(|| {
        Error::malformed(
            "list.cursor",
            "翻页标记无效，请从第一页开始",
            "the cursor is not valid, start from the first page",
        )
    })
}

fn read(cursor: &str, sort: &Sort) -> Option<(IndexValue, RecordId)> {
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (value, id) = text.rsplit_once('\n')?;
    let value = if let Some(number) = value.strip_prefix('i') {
        IndexValue::Int(number.parse().ok()?)
    } else {
        IndexValue::Text(value.strip_prefix('t')?.to_owned())
    };
    let fits = matches!(sort, Sort::Field { .. }) || matches!(value, IndexValue::Int(_));
    fits.then_some((value, id.parse().ok()?))
}
