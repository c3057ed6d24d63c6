//! A register as ledger pages: what the layout is given.

use super::{ExportInput, table::Table};
use crate::{caller::Caller, core::Inner, error::Error, printing, told::Cell};
use domain::{Language, Timestamp};
use serde_json::{Value, json};
use store::Tx;

/// The table for a layout.
pub(super) fn data(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    table: &Table,
    input: &ExportInput,
    now: Timestamp,
) -> Result<Value, Error> {
    let between = match input.language {
        Language::Zh => "、",
        Language::En => ", ",
    };
    let words = |row: &Vec<Cell>| row.iter().map(Cell::words).collect::<Vec<_>>();
    Ok(json!({
        "lang": super::language_key(input.language),
        "org": tx.meta("org")?.unwrap_or_default(),
        "form": table.title,
        "register": table.title,
        "mark": if table.is_open() { "" } else { &table.mark },
        "number": "",
        "heads": table.columns.heads().collect::<Vec<_>>(),
        "shares": table.columns.shares().collect::<Vec<_>>(),
        "rows": table.rows.iter().map(words).collect::<Vec<_>>(),
        "left_out": table.columns.left_out.join(between),
        "to_sign": table.columns.sign,
        "printed": printing::printed(inner, tx, caller, now)?,
        "proof": Value::Null,
        "code": Value::Null,
    }))
}
