//! Fields of a record and of what it links to, by their path. Each record on the way is read as the reader
//! sees it: one they may not see, and a field hidden from them, is as if it were not there.

use super::cells::{Cell, Cells};
use crate::{
    core::Inner, error::Error, facts::Collector, labels, limits, perform::Engine, records,
    views::RecordView, visibility::Sight,
};
use domain::{Label, Language, RecordId, Timestamp};
use registers::{Definition, Field};
use serde_json::{Map, Value};
use std::{collections::HashMap, rc::Rc};

/// Tells values to one reader, in one language.
pub(crate) struct Teller<'i> {
    pub(crate) cells: Cells<'i>,
    inner: &'i Inner,
    collector: Collector<'i>,
    sight: &'i Sight,
    known: HashMap<RecordId, Option<Rc<RecordView>>>,
    /// The labels of all that was told.
    pub(crate) label: Label,
}

impl<'i> Teller<'i> {
    pub(crate) fn new(
        inner: &'i Inner,
        sight: &'i Sight,
        language: Language,
        now: Timestamp,
    ) -> Self {
        Self {
            cells: Cells::new(inner, language),
            inner,
            collector: Collector::new(inner, now).seen_by(&sight.visible),
            sight,
            known: HashMap::new(),
            label: Label::open(),
        }
    }

    pub(crate) fn collector(&mut self) -> &mut Collector<'i> {
        &mut self.collector
    }

    /// The value at the end of a path that begins at a record.
    pub(crate) fn cell(
        &mut self,
        engine: &mut Engine<'_, '_>,
        definition: &Definition,
        seen: &RecordView,
        path: &[String],
    ) -> Result<Cell, Error> {
        let [step, rest @ ..] = path else {
            return Ok(Cell::Empty);
        };
        let Some(field) = definition.field(step) else {
            return Ok(self.cells.of_header(definition, seen, step));
        };
        if rest.is_empty() {
            return self.field(engine, field, &seen.fields);
        }
        let Some(register) = field.target() else {
            return Ok(Cell::Empty);
        };
        let mut told = Vec::new();
        for id in labels::ids(seen.fields.get(&field.key))
            .into_iter()
            .take(limits::PRINT_LINKS)
        {
            let Some(stood) = self.stood(engine, id)? else {
                continue;
            };
            let Some(target) = self.inner.catalogue.definition(register) else {
                continue;
            };
            self.label = self.label.join(&stood.label);
            match self.cell(engine, target, &stood, rest)? {
                Cell::Empty => {}
                one @ (Cell::Number(_) | Cell::Text(_)) => told.push(one),
            }
        }
        Ok(match told.len() {
            0 | 1 => told.pop().unwrap_or(Cell::Empty),
            _ => {
                let words: Vec<String> = told.iter().map(Cell::words).collect();
                Cell::Text(words.join(self.cells.between()))
            }
        })
    }

    /// A field of a record.
    pub(crate) fn field(
        &mut self,
        engine: &mut Engine<'_, '_>,
        field: &Field,
        fields: &Map<String, Value>,
    ) -> Result<Cell, Error> {
        let place = (field, fields);
        self.cells
            .cell(engine.tx, &mut self.collector, place, &mut self.label)
    }

    fn stood(
        &mut self,
        engine: &mut Engine<'_, '_>,
        id: RecordId,
    ) -> Result<Option<Rc<RecordView>>, Error> {
        if let Some(known) = self.known.get(&id) {
            return Ok(known.clone());
        }
        let row = engine.tx.visible_record(id, &self.sight.visible)?;
        let stood = match row {
            Some(row) => {
                let definition = engine.definition(&row.register)?;
                let rows = std::slice::from_ref(&row);
                let mut views =
                    records::briefs(engine, self.sight, definition, rows, &mut self.collector)?;
                views.pop().map(Rc::new)
            }
            None => None,
        };
        self.known.insert(id, stood.clone());
        Ok(stood)
    }
}
