//! A register as ledger pages: what the layout is given.

use super::table::{By, Table};
use crate::{core::Inner, error::Error, printing, told::Cell};
use domain::Language;
use registers::model::PrintOf;
use serde_json::{Value, json};
use store::Tx;

/// The table for a layout.
pub(super) fn data(
    inner: &Inner,
    tx: &mut Tx<'_>,
    table: &Table,
    by: By<'_>,
) -> Result<Value, Error> {
    let input = by.input;
    let between = match input.language {
        Language::Zh => "、",
        Language::En => ", ",
    };
    let words = |row: &Vec<Cell>| row.iter().map(Cell::words).collect::<Vec<_>>();
    let mut data = json!({
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
        "printed": printing::printed(inner, tx, by.caller, by.now)?,
        "proof": Value::Null,
        "code": Value::Null,
    });
    let label = table.columns.print.as_ref();
    let label = label.filter(|print| print.of == PrintOf::Label);
    if let (Some(print), Value::Object(data)) = (label, &mut data) {
        let (size, first) = printing::label::paper(print, input.size.as_deref(), input.first)?;
        data.insert("labels".to_owned(), table.labels.clone().into());
        data.insert("size".to_owned(), size);
        data.insert("first".to_owned(), first.into());
    }
    Ok(data)
}
