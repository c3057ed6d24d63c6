//! What goes into the file: rows of cells, the columns they stand in, and the highest level among them.

use super::{ExportInput, columns::Columns, too_large};
use crate::{
    caller::Caller,
    core::Inner,
    error::Error,
    limits,
    perform::Engine,
    records,
    told::{Cell, Teller, local},
    visibility,
};
use access::Grant;
use domain::{Label, Language, Timestamp};
use registers::Definition;
use serde_json::{Map, Value};
use store::Tx;

/// Everything that is taken out.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) register: String,
    pub(super) title: String,
    pub(super) columns: Columns,
    pub(super) rows: Vec<Vec<Cell>>,
    /// The rows for programs, where that is asked for.
    pub(super) objects: Vec<Value>,
    pub(super) mark: String,
    pub(super) taken: String,
    label: Label,
    day: String,
}

/// What the log tells of it.
#[derive(Debug, Clone)]
pub(super) struct Summary {
    pub(super) rows: usize,
    pub(super) level: String,
}

impl Table {
    /// The highest level first, so that it stands in every list of files.
    pub(super) fn file_name(&self, ending: &str) -> String {
        format!("{}-{}-{}.{ending}", self.mark, self.title, self.day)
    }

    pub(super) fn is_open(&self) -> bool {
        self.label.levels.is_open()
    }

    pub(super) fn summary(&self) -> Summary {
        Summary {
            rows: self.rows.len().max(self.objects.len()),
            level: levels(&self.label),
        }
    }
}

/// The keys of a label's levels, as the log tells them.
pub(crate) fn levels(label: &Label) -> String {
    let levels: Vec<&str> = label.levels.iter().map(domain::Level::key).collect();
    if levels.is_empty() {
        "open".to_owned()
    } else {
        levels.join(" ")
    }
}

/// Reads everything the caller sees, page by page in one transaction.
pub(super) fn collect(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    definition: &Definition,
    input: &ExportInput,
    now: Timestamp,
) -> Result<Table, Error> {
    let sight = visibility::sight(inner, tx, caller, Grant::Handle, now)?;
    let mut pages = records::Pages::new(inner, definition, &sight, &input.list)?;
    let columns = Columns::of(inner, definition, input)?;
    let is_json = input.format == super::ExportFormat::Json;
    let most = limits::export_rows(input.format);
    let (mut rows, mut objects, mut label, mut size) = (Vec::new(), Vec::new(), Label::open(), 0);
    while let Some(page) = pages.next(tx)? {
        // WHY: one for each page, so that what it remembers stays small
        let mut teller = Teller::new(inner, &sight, input.language, now);
        let mut engine = Engine::new(inner, tx, now, Vec::new());
        engine.actor = caller.person;
        let seen = records::briefs(&mut engine, &sight, definition, &page, teller.collector())?;
        for (row, seen) in page.iter().zip(seen) {
            label = label.join(&row.label);
            if is_json {
                let object = object(&seen);
                size += object.to_string().len();
                objects.push(object);
            } else {
                let mut line = Vec::with_capacity(columns.columns.len());
                for column in &columns.columns {
                    line.push(teller.cell(&mut engine, definition, &seen, &column.path)?);
                }
                size += line.iter().map(length).sum::<usize>();
                rows.push(line);
            }
            if size > limits::EXPORT_BYTES || rows.len().max(objects.len()) > most {
                return Err(too_large());
            }
        }
        label = label.join(&teller.label);
    }
    Ok(Table {
        register: definition.key.clone(),
        title: columns.title.clone(),
        columns,
        rows,
        objects,
        mark: mark(&label, input.language),
        taken: local(now, &inner.zone),
        label,
        day: inner.today(now).to_string(),
    })
}

/// A record for programs.
fn object(seen: &crate::views::RecordView) -> Value {
    let mut map = Map::new();
    map.insert("id".to_owned(), seen.id.to_string().into());
    map.insert("number".to_owned(), seen.number.clone().into());
    map.insert("state".to_owned(), seen.state.clone().into());
    map.insert("mark".to_owned(), seen.mark.clone().into());
    map.insert("fields".to_owned(), seen.fields.clone().into());
    map.into()
}

fn length(cell: &Cell) -> usize {
    match cell {
        Cell::Empty => 0,
        Cell::Number(_) => 8,
        Cell::Text(text) => text.len(),
    }
}

/// The highest levels among the rows, one for each family.
pub(crate) fn mark(label: &Label, language: Language) -> String {
    let names = label.levels.iter().map(|level| match language {
        Language::Zh => level.zh(),
        Language::En => level.en(),
    });
    let names: Vec<&str> = names.collect();
    if names.is_empty() {
        match language {
            Language::Zh => "公开".to_owned(),
            Language::En => "open".to_owned(),
        }
    } else {
        names.join("+")
    }
}
