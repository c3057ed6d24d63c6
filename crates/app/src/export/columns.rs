//! Which columns a file has. A file for spreadsheets has every field; a page has those that its form asks for,
//! or as many as fit.

use super::{ExportFormat, ExportInput};
use crate::{core::Inner, error::Error, printing, told::Cells};
use registers::{
    Definition, Field, FieldKind, LabelRule,
    model::{Print, PrintOf},
};

/// The columns, and what the whole is called.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) title: String,
    pub(super) columns: Vec<Column>,
    /// Names of fields that have no column.
    pub(super) left_out: Vec<String>,
    /// The layout of pages.
    pub(super) layout: String,
    /// The form of pages; none for a file for spreadsheets.
    pub(super) print: Option<Print>,
    /// What is signed for on them with a pen.
    pub(super) sign: Vec<String>,
}

/// One column.
#[derive(Debug)]
pub(super) struct Column {
    /// Where its value is found, from the record.
    pub(super) path: Vec<String>,
    head: String,
    /// Its share of a page's width; 0 for as wide as what stands in it.
    share: u8,
}

/// Fields on a page whose form does not say which.
const FIELDS: usize = 8;

impl Columns {
    pub(super) fn of(
        inner: &Inner,
        definition: &Definition,
        input: &ExportInput,
    ) -> Result<Self, Error> {
        let cells = Cells::new(inner, input.language);
        let all: Vec<&Field> = definition.fields.iter().collect();
        let name = definition.name.in_language(input.language);
        let mut columns = Self {
            title: name.to_owned(),
            columns: Vec::new(),
            left_out: Vec::new(),
            layout: String::new(),
            print: None,
            sign: Vec::new(),
        };
        if input.format != ExportFormat::Pdf {
            columns.columns = with_header(&cells, definition, &all);
            return Ok(columns);
        }
        let key = input.print.as_deref().unwrap_or(Print::LEDGER);
        let print = printing::form(definition, key, PrintOf::is_of_many)?;
        columns.title = printing::title(definition, print, input.language);
        columns.layout.clone_from(&print.layout);
        columns.print = Some(print.clone());
        let sign = print.sign.iter();
        columns.sign = sign
            .map(|words| words.in_language(input.language).to_owned())
            .collect();
        if print.show.is_empty() {
            let fits = |field: &&Field| !is_long(field.kind);
            let shown: Vec<&Field> = all.iter().copied().filter(fits).take(FIELDS).collect();
            let left = all.iter().filter(|field| !shown.contains(field));
            columns.left_out = left
                .map(|field| field.name.in_language(input.language).to_owned())
                .collect();
            columns.columns = with_header(&cells, definition, &shown);
            // WHY: a page has no room for columns in which nothing can stand
            let unnumbered = definition.number.is_none();
            let unmarked = definition.label == LabelRule::Open;
            columns
                .columns
                .retain(|column| match column.path.as_slice() {
                    [step] if step == "number" => !unnumbered,
                    [step] if step == "mark" => !unmarked,
                    _ => true,
                });
        } else {
            let shown = print.show.iter();
            columns.columns = shown
                .map(|path| printing::column(inner, definition, path, &cells))
                .map(|(path, head, share)| Column { path, head, share })
                .collect();
        }
        Ok(columns)
    }

    pub(super) fn heads(&self) -> impl Iterator<Item = &String> {
        self.columns.iter().map(|column| &column.head)
    }

    pub(super) fn shares(&self) -> impl Iterator<Item = u8> {
        self.columns.iter().map(|column| column.share)
    }
}

fn with_header(cells: &Cells<'_>, definition: &Definition, fields: &[&Field]) -> Vec<Column> {
    let header = Cells::HEADER.iter().map(|(key, _, _)| (*key, 0));
    let fields = fields
        .iter()
        .map(|field| (field.key.as_str(), printing::share(field.kind)));
    header
        .chain(fields)
        .map(|(key, share)| Column {
            path: vec![key.to_owned()],
            head: cells.head(definition, key),
            share,
        })
        .collect()
}

/// Whether a field is too long for a column of a page.
const fn is_long(kind: FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::LongText
            | FieldKind::Table
            | FieldKind::File
            | FieldKind::Files
            | FieldKind::Label
            | FieldKind::Checklist
            | FieldKind::Signature
    )
}
