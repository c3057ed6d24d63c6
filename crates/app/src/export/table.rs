//! What goes into the file: rows of cells, the columns they stand in, and the highest level among them.

use super::{ExportFormat, ExportInput, columns::Columns, too_large};
use crate::{
    caller::Caller,
    core::Inner,
    error::Error,
    limits,
    perform::Engine,
    printing::{label::Roll, wrong_state},
    records,
    told::{Cell, Teller, local},
    views::RecordView,
    visibility::{self, Sight},
};
use access::Grant;
use domain::{Label, Language, RecordId, Timestamp};
use registers::{Definition, model::PrintOf};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use store::{RecordRow, Tx, limits::PAGE};

/// Everything that is taken out.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) register: String,
    pub(super) title: String,
    pub(super) columns: Columns,
    pub(super) rows: Vec<Vec<Cell>>,
    /// The rows for programs, where that is asked for.
    pub(super) objects: Vec<Value>,
    /// A label for each row, where labels are asked for.
    pub(super) labels: Vec<Value>,
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
    /// Key of the form of pages.
    pub(super) form: String,
}

/// Who asks for what, when.
#[derive(Clone, Copy)]
pub(super) struct By<'b> {
    pub(super) caller: &'b Caller,
    pub(super) input: &'b ExportInput,
    /// Only to be looked at.
    pub(super) preview: bool,
    pub(super) now: Timestamp,
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
            rows: self.many(),
            level: levels(&self.label),
            form: self
                .columns
                .print
                .as_ref()
                .map(|print| print.key.clone())
                .unwrap_or_default(),
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

/// Reads everything the caller sees, or what they name of it, page by page in one transaction.
pub(super) fn collect(
    inner: &Inner,
    tx: &mut Tx<'_>,
    definition: &Definition,
    by: By<'_>,
) -> Result<Table, Error> {
    let (input, now) = (by.input, by.now);
    let sight = visibility::sight(inner, tx, by.caller, Grant::Handle, now)?;
    let mut source = Rows::new(inner, definition, &sight, input)?;
    let columns = Columns::of(inner, definition, input)?;
    let mut table = Table {
        register: definition.key.clone(),
        title: columns.title.clone(),
        columns,
        rows: Vec::new(),
        objects: Vec::new(),
        labels: Vec::new(),
        mark: String::new(),
        taken: local(now, &inner.zone),
        label: Label::open(),
        day: inner.today(now).to_string(),
    };
    let most = limits::export_rows(input.format);
    let mut size = 0;
    while let Some(page) = source.next(tx)? {
        // WHY: one for each page, so that what it remembers stays small
        let mut teller = Teller::new(inner, &sight, input.language, now);
        let mut engine = Engine::new(inner, tx, now, Vec::new());
        engine.actor = by.caller.person;
        let seen = records::briefs(&mut engine, &sight, definition, &page, teller.collector())?;
        for (row, seen) in page.iter().zip(seen) {
            table.label = table.label.join(&row.label);
            size += table.put(&mut engine, &mut teller, (definition, by), (row, &seen))?;
            if size > limits::EXPORT_BYTES || table.many() > most {
                return Err(too_large());
            }
        }
        table.label = table.label.join(&teller.label);
    }
    table.mark = mark(&table.label, input.language);
    Ok(table)
}

impl Table {
    /// How many records are in it.
    fn many(&self) -> usize {
        let most = self.rows.len().max(self.objects.len());
        most.max(self.labels.len())
    }

    /// Takes one record in; how long it is.
    fn put(
        &mut self,
        engine: &mut Engine<'_, '_>,
        teller: &mut Teller<'_>,
        (definition, by): (&Definition, By<'_>),
        (row, seen): (&RecordRow, &RecordView),
    ) -> Result<usize, Error> {
        if by.input.format == ExportFormat::Json {
            let object = object(seen);
            let size = object.to_string().len();
            self.objects.push(object);
            return Ok(size);
        }
        let print = self.columns.print.as_ref();
        if let Some(print) = print.filter(|print| print.of == PrintOf::Label) {
            if !print.is_for(&row.state) {
                return Err(wrong_state(engine.inner, definition, row));
            }
            let roll = Roll {
                inner: engine.inner,
                definition,
                print,
                language: by.input.language,
                preview: by.preview,
            };
            let (label, _) = roll.label(engine, teller, (row, seen))?;
            let size = label.to_string().len();
            self.labels.push(label);
            return Ok(size);
        }
        let mut line = Vec::with_capacity(self.columns.columns.len());
        for column in &self.columns.columns {
            line.push(teller.cell(engine, definition, seen, &column.path)?);
        }
        let size = line.iter().map(length).sum();
        self.rows.push(line);
        Ok(size)
    }
}

/// The records that are asked for: those of a list, or those that are named.
enum Rows<'d> {
    List(Box<records::Pages<'d>>),
    Named {
        left: Vec<RecordId>,
        sight: &'d Sight,
        register: &'d str,
    },
}

impl<'d> Rows<'d> {
    fn new(
        inner: &Inner,
        definition: &'d Definition,
        sight: &'d Sight,
        input: &ExportInput,
    ) -> Result<Self, Error> {
        if input.ids.is_empty() {
            let pages = records::Pages::new(inner, definition, sight, &input.list)?;
            return Ok(Self::List(Box::new(pages)));
        }
        let list = &input.list;
        if list.filter.is_some() || list.q.is_some() || list.sort.is_some() {
            return Err(Error::malformed(
                "export.either",
                "指定了记录的，不能再写筛选、检索和排序",
                "where records are named there are no conditions, words or order",
            ));
        }
        if input.ids.len() > limits::EXPORT_IDS {
            return Err(Error::malformed(
                "export.ids",
                "一次最多指定 500 条记录",
                "no more than 500 records are named at once",
            ));
        }
        let mut known = BTreeSet::new();
        let once = input.ids.iter().copied().filter(|id| known.insert(*id));
        let mut left: Vec<RecordId> = once.collect();
        left.reverse();
        Ok(Self::Named {
            left,
            sight,
            register: &definition.key,
        })
    }

    /// The next of them; none after the last.
    fn next(&mut self, tx: &mut Tx<'_>) -> Result<Option<Vec<RecordRow>>, Error> {
        let (left, sight, register) = match self {
            Self::List(pages) => return pages.next(tx),
            Self::Named {
                left,
                sight,
                register,
            } => (left, *sight, *register),
        };
        let mut rows = Vec::new();
        let most = usize::try_from(PAGE).map_err(Error::internal)?;
        while let Some(id) = left.pop() {
            let row = tx.visible_record(id, &sight.visible)?;
            // WHY: one that is left out without a word is one whose label is missed later
            let row = row.filter(|row| row.register == register);
            rows.push(row.ok_or(Error::NotFound)?);
            if rows.len() >= most {
                break;
            }
        }
        Ok((!rows.is_empty()).then_some(rows))
    }
}

/// A record for programs.
fn object(seen: &RecordView) -> Value {
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
