//! Labels of records: a square code that a scanner reads, the mark, and what their form shows beside it.

use super::{column, proof};
use crate::{core::Inner, error::Error, export, perform::Engine, told::Teller, views::RecordView};
use domain::{Label, Language, RecordId};
use registers::{
    Definition,
    model::{LabelSize, Print},
};
use serde_json::{Value, json};
use store::RecordRow;

/// What a label's code says: which record it is of, and nothing that tells anything about it.
pub(crate) fn code(id: RecordId) -> String {
    let id = id.as_uuid().simple().to_string();
    format!("RP:{}", id.to_uppercase())
}

/// What the code of a preview says, so that no scanner takes it for a label.
const PREVIEW: &str = "PREVIEW";

/// Labels of one form, in one language.
#[derive(Clone, Copy)]
pub(crate) struct Roll<'r> {
    pub(crate) inner: &'r Inner,
    pub(crate) definition: &'r Definition,
    pub(crate) print: &'r Print,
    pub(crate) language: Language,
    /// Only to be looked at.
    pub(crate) preview: bool,
}

impl Roll<'_> {
    /// The label of a record, and how secret what stands on it is.
    pub(crate) fn label(
        self,
        engine: &mut Engine<'_, '_>,
        teller: &mut Teller<'_>,
        (row, seen): (&RecordRow, &RecordView),
    ) -> Result<(Value, Label), Error> {
        // WHY: the mark of one label is its own, not that of all labels told so far
        let others = std::mem::replace(&mut teller.label, Label::open());
        let mut fields = Vec::new();
        for path in &self.print.show {
            let cell = teller.cell(engine, self.definition, seen, path)?;
            let (_, name, _) = column(self.inner, self.definition, path, &teller.cells);
            fields.push(json!({ "key": path.join("."), "name": name, "value": cell.words() }));
        }
        let label = row.label.join(&teller.label);
        teller.label = others.join(&label);
        let own = seen.mark.clone();
        let own = own.filter(|_| label.levels == row.label.levels);
        let mark = own.unwrap_or_else(|| export::mark(&label, self.language));
        let code = if self.preview {
            PREVIEW.to_owned()
        } else {
            code(row.id)
        };
        let told = json!({
            "code": proof::drawn(&code),
            "mark": if label.levels.is_open() { "" } else { &mark },
            "number": seen.number.clone().unwrap_or_default(),
            "fields": fields,
        });
        Ok((told, label))
    }
}

/// Where labels stand on their pages, as a layout reads it: millimetres, and the first place that is free.
pub(crate) fn paper(
    print: &Print,
    size: Option<&str>,
    first: Option<u32>,
) -> Result<(Value, u32), Error> {
    let Some(size) = print.size(size) else {
        return Err(Error::malformed(
            "print.size",
            "标签没有这种规格",
            "the label has no such size",
        ));
    };
    let first = first.unwrap_or(1);
    if !(1..=size.places()).contains(&first) {
        return Err(Error::malformed(
            "print.first",
            "一张纸上没有这个位置",
            "a sheet has no such place",
        ));
    }
    Ok((told(size), first))
}

fn told(size: &LabelSize) -> Value {
    let millimetres = |tenths: u32| f64::from(tenths) / 10.0;
    json!({
        "width": millimetres(size.width),
        "height": millimetres(size.height),
        "columns": size.columns,
        "rows": size.rows,
        "gap_across": millimetres(size.gap_across),
        "gap_down": millimetres(size.gap_down),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_record_and_nothing_else() {
        let id: RecordId = "0193b2f4-5a6b-7c8d-9e0f-a1b2c3d4e5f6".parse().unwrap();
        let code = code(id);
        assert_eq!(code, "RP:0193B2F45A6B7C8D9E0FA1B2C3D4E5F6");
        assert_eq!(code.len(), 35);
        // the characters that a square code packs two by two
        let dense = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || c == ':';
        assert!(code.chars().all(dense));
    }
}
