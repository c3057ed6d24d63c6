//! What goes into the file: rows of cells, the columns they stand in, and the highest level among them.

use super::{ExportInput, cells::Cells, too_large};
use crate::{
    caller::Caller, core::Inner, error::Error, facts::Collector, limits, perform::Engine, records,
    visibility,
};
use access::Grant;
use domain::{Label, Language, Timestamp};
use jiff::tz::TimeZone;
use registers::{Definition, Field};
use serde_json::{Map, Value};
use store::Tx;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Empty,
    Number(f64),
    Text(String),
}

/// Everything that is taken out.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) register: String,
    pub(super) title: String,
    pub(super) heads: Vec<String>,
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

    pub(super) fn summary(&self) -> Summary {
        let levels: Vec<&str> = self.label.levels.iter().map(domain::Level::key).collect();
        Summary {
            rows: self.rows.len().max(self.objects.len()),
            level: if levels.is_empty() {
                "open".to_owned()
            } else {
                levels.join(" ")
            },
        }
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
    let mut pages = records::Pages::new(definition, &sight, &input.list)?;
    let cells = Cells::new(inner, input.language);
    let fields: Vec<&Field> = definition.fields.iter().collect();
    let is_json = input.format == super::ExportFormat::Json;
    let (mut rows, mut objects, mut label, mut size) = (Vec::new(), Vec::new(), Label::open(), 0);
    while let Some(page) = pages.next(tx)? {
        let mut collector = Collector::new(inner, now).seen_by(&sight.visible);
        let mut engine = Engine::new(inner, tx, now, Vec::new());
        engine.actor = caller.person;
        let seen = records::briefs(&mut engine, &sight, definition, &page, &mut collector)?;
        for (row, seen) in page.iter().zip(seen) {
            label = label.join(&row.label);
            if is_json {
                let object = object(&seen);
                size += object.to_string().len();
                objects.push(object);
            } else {
                let mut line = cells.header(&seen);
                for field in &fields {
                    let place = (*field, &seen.fields);
                    line.push(cells.cell(engine.tx, &mut collector, place, &mut label)?);
                }
                size += line.iter().map(length).sum::<usize>();
                rows.push(line);
            }
            if size > limits::EXPORT_BYTES || rows.len().max(objects.len()) > limits::EXPORT_ROWS {
                return Err(too_large());
            }
        }
    }
    let heads = cells.heads(&fields);
    Ok(Table {
        register: definition.key.clone(),
        title: definition.name.in_language(input.language).to_owned(),
        heads,
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
fn mark(label: &Label, language: Language) -> String {
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

/// An instant as the site's clocks show it.
pub(super) fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone())
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}
