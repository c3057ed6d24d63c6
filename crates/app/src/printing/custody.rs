//! The line of custody on paper: every movement of a copy, or of all copies of an item, with the act that
//! moved it, who signed that and where its entry stands in the log. It tells what the page of custody tells.

use super::{proof, too_large};
use crate::{
    core::Inner,
    custody::{Movement, view},
    error::Error,
    limits,
    perform::Engine,
    records,
    told::{Cells, Teller, local},
    views::{CopyCustody, MovementView},
    visibility::Sight,
};
use domain::{RecordId, Timestamp};
use serde_json::{Value, json};
use std::collections::HashMap;
use store::RecordRow;

/// Where a copy stands.
const STATUSES: [(&str, &str, &str); 8] = [
    ("held", "在保管", "held"),
    ("out", "在外", "out"),
    ("in_transit", "在途", "in transit"),
    ("sent", "已发出", "sent"),
    ("returned", "已退回", "returned"),
    ("archived", "已归档", "archived"),
    ("destroyed", "已销毁", "destroyed"),
    ("missing", "下落不明", "missing"),
];

/// How somebody came to know it.
const WAYS: [(&str, &str, &str); 4] = [
    ("borrowed", "借阅", "borrowed it"),
    ("read", "传阅", "read it in circulation"),
    ("opened", "打开电子文件", "opened its file"),
    ("drafted", "起草", "drafted it"),
];

fn word(cells: &Cells<'_>, words: &[(&str, &str, &str)], key: &str) -> String {
    let known = words.iter().find(|(known, _, _)| *known == key);
    known.map_or_else(|| key.to_owned(), |(_, zh, en)| cells.say(zh, en))
}

fn moved(cells: &Cells<'_>, key: &str) -> String {
    let known = Movement::of(key).map(Movement::name);
    known.map_or_else(|| key.to_owned(), |name| cells.say(&name.zh, &name.en))
}

/// Tells one line of custody.
pub(super) struct Chain<'c, 't, 'i> {
    pub(super) inner: &'c Inner,
    pub(super) sight: &'c Sight,
    pub(super) teller: &'t mut Teller<'i>,
    pub(super) now: Timestamp,
    /// Some entry has no place in the log yet.
    pub(super) pending: bool,
    /// What each act is called, and who signed its versions.
    acts: HashMap<RecordId, Act>,
}

/// A record that moved copies, as its reader sees it.
#[derive(Default)]
struct Act {
    name: String,
    signed: Vec<(Timestamp, Vec<String>)>,
}

impl<'c, 't, 'i> Chain<'c, 't, 'i> {
    pub(super) fn new(
        inner: &'c Inner,
        sight: &'c Sight,
        teller: &'t mut Teller<'i>,
        now: Timestamp,
    ) -> Self {
        Self {
            inner,
            sight,
            teller,
            now,
            pending: false,
            acts: HashMap::new(),
        }
    }

    /// The line of custody of a copy's item, or of an item.
    pub(super) fn told(
        &mut self,
        engine: &mut Engine<'_, '_>,
        row: &RecordRow,
    ) -> Result<Value, Error> {
        let line = view::line(engine.tx, &self.sight.visible, row)?;
        let rows: usize = line.copies.iter().map(|copy| copy.movements.len()).sum();
        if rows + line.known_by.len() > limits::PRINT_ROWS {
            return Err(too_large());
        }
        let mut copies = Vec::new();
        for copy in &line.copies {
            copies.push(self.copy(engine, copy)?);
        }
        let known = line.known_by.iter().map(|one| {
            json!([
                one.person.name,
                word(&self.teller.cells, &WAYS, &one.how),
                local(one.at, &self.inner.zone),
            ])
        });
        Ok(json!({ "copies": copies, "known_by": known.collect::<Vec<_>>() }))
    }

    fn copy(&mut self, engine: &mut Engine<'_, '_>, copy: &CopyCustody) -> Result<Value, Error> {
        let mut rows = Vec::new();
        for movement in &copy.movements {
            rows.push(self.movement(engine, movement)?);
        }
        let person = copy.person.as_ref();
        Ok(json!({
            "serial": copy.serial,
            "status": word(&self.teller.cells, &STATUSES, &copy.status),
            "person": person.map(|person| person.name.clone()).unwrap_or_default(),
            "place": copy.place.clone().unwrap_or_default(),
            "since": local(copy.since, &self.inner.zone),
            "rows": rows,
        }))
    }

    /// When, what, who answers for it, where it is, by which act, who signed, the entry.
    fn movement(
        &mut self,
        engine: &mut Engine<'_, '_>,
        one: &MovementView,
    ) -> Result<Value, Error> {
        let place = proof::place(self.inner, engine.tx, Some(one.entry))?;
        self.pending |= place.is_none();
        let (act, signed) = match one.cause {
            Some(cause) => {
                let act = self.act(engine, cause)?;
                // what one act moves is recorded with it, under the same time
                let at = place.as_ref().map(proof::Place::at);
                let signed = act.signed.iter().filter(|(when, _)| Some(*when) == at);
                let signed: Vec<String> = signed.flat_map(|(_, who)| who.clone()).collect();
                let name = act.name.clone();
                (name, signed.join(self.teller.cells.between()))
            }
            None => (String::new(), String::new()),
        };
        let person = one.person.as_ref();
        Ok(json!([
            local(one.at, &self.inner.zone),
            moved(&self.teller.cells, &one.kind),
            person.map(|person| person.name.clone()).unwrap_or_default(),
            one.place.clone().unwrap_or_default(),
            act,
            signed,
            place.map(|place| place.number()).unwrap_or_default(),
        ]))
    }

    fn act(&mut self, engine: &mut Engine<'_, '_>, cause: RecordId) -> Result<&Act, Error> {
        if !self.acts.contains_key(&cause) {
            let act = self.read(engine, cause)?;
            self.acts.insert(cause, act);
        }
        self.acts
            .get(&cause)
            .ok_or_else(|| Error::defect("an act that was just read"))
    }

    fn read(&mut self, engine: &mut Engine<'_, '_>, cause: RecordId) -> Result<Act, Error> {
        let row = engine.tx.visible_record(cause, &self.sight.visible)?;
        let Some(row) = row else {
            return Ok(Act::default());
        };
        self.teller.label = self.teller.label.join(&row.label);
        let definition = engine.definition(&row.register)?;
        let called = self
            .teller
            .cells
            .say(&definition.name.zh, &definition.name.en);
        let name = match (&row.number, row.line) {
            (Some(number), _) => format!("{called} {number}"),
            (None, Some(line)) => {
                let of = engine.tx.visible_record(line.of, &self.sight.visible)?;
                let number = of.and_then(|of| of.number).unwrap_or_default();
                format!("{called} {number}").trim_end().to_owned()
            }
            (None, None) => called,
        };
        let versions = records::versions(self.inner, engine.tx, self.sight, cause, self.now)?;
        let signed = versions.into_iter().map(|version| {
            let who = version.signatures.into_iter().filter_map(|signed| {
                let person = signed.person.map(|person| person.name);
                person.or(signed.paper)
            });
            (version.at, who.collect())
        });
        Ok(Act {
            name,
            signed: signed.collect(),
        })
    }
}
