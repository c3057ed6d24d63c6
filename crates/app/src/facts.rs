//! Facts: what expressions see of a record. Links are followed a fixed depth, people carry their
//! clearance of this moment, and everything a transaction has looked up it looks up once.

mod asked;

pub(crate) use asked::For;

use crate::{core::Inner, error::Error, labels, limits, open_items, people, regimes::Attached};
use asked::Reading;
use domain::{Date, PersonId, RecordId, Timestamp};
use registers::{
    Definition, Facts, Field, FieldKind,
    model::{Line, WITHDRAWN},
};
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};
use store::{RecordRow, Tx, Visible};

/// Collects facts inside one transaction.
#[derive(Debug)]
pub(crate) struct Collector<'i> {
    pub(crate) inner: &'i Inner,
    pub(crate) now: Timestamp,
    pub(crate) today: Date,
    /// Whose eyes it is for; the engine itself reasons with everything.
    visible: Option<&'i Visible>,
    records: HashMap<(RecordId, u8), Value>,
    people: HashMap<PersonId, Value>,
    /// What regimes are attached to, once it was asked.
    attached: Option<Attached>,
}

/// At most so many variables are no fields of the record.
const AROUND: usize = 16;

/// What an expression is asked about besides the record itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Around {
    /// What it is asked for.
    pub(crate) asked: For,
    /// The person who acts.
    pub(crate) actor: Option<PersonId>,
    /// The person who asked for what is decided.
    pub(crate) proposer: Option<PersonId>,
    /// The person who decides.
    pub(crate) decider: Option<PersonId>,
    /// Persons who approved the record earlier.
    pub(crate) approvers: Vec<PersonId>,
    /// The record as it was before the act that is judged.
    pub(crate) before: Option<RecordRow>,
    /// Lines that are given stand in the place of those given before: it is asked again.
    pub(crate) anew: bool,
}

impl<'i> Collector<'i> {
    pub(crate) fn new(inner: &'i Inner, now: Timestamp) -> Self {
        let today = inner.today(now);
        Self {
            inner,
            now,
            today,
            visible: None,
            records: HashMap::new(),
            people: HashMap::new(),
            attached: None,
        }
    }

    /// The same for who knows already what regimes are attached to.
    pub(crate) fn under(mut self, attached: Attached) -> Self {
        self.attached = Some(attached);
        self
    }

    /// Facts for somebody's eyes: what they may not see is as if it were not there.
    pub(crate) fn seen_by(mut self, visible: &'i Visible) -> Self {
        self.visible = Some(visible);
        self
    }

    /// Facts of a record in the state `row` describes.
    pub(crate) fn facts(
        &mut self,
        tx: &mut Tx<'_>,
        definition: &Definition,
        row: &RecordRow,
        around: &Around,
    ) -> Result<Facts<'i>, Error> {
        if row.line.is_some() {
            return self.of_line(tx, definition, row, around);
        }
        let reading = Reading::of(&self.inner.catalogue, &definition.key, &around.asked);
        self.of_record(tx, definition, (row, None), around, reading)
    }

    /// Facts of a record, with one of its lines as it would be.
    fn of_record(
        &mut self,
        tx: &mut Tx<'_>,
        definition: &Definition,
        (row, line): (&RecordRow, Option<&RecordRow>),
        around: &Around,
        reading: Reading<'_>,
    ) -> Result<Facts<'i>, Error> {
        let mut vars = self.fields(tx, &definition.fields, &row.body, limits::LINK_DEPTH)?;
        // WHY: every act asks, and of these things most definitions read one or two
        let whole = reading.reads("record");
        header(&mut vars, row, |name| whole || reading.reads(name));
        if definition.label.proposes() {
            let proposed = labels::proposed(&row.body, row.drafter);
            vars.insert("proposed".to_owned(), labels::to_value(&proposed));
        }
        self.around(tx, &mut vars, row, around)?;
        let lines = self.lines(tx, definition, row, (around.anew, line), reading)?;
        vars.insert("lines".to_owned(), lines.into());
        let before = self.before(tx, definition, around, reading)?;
        vars.insert(registers::BEFORE.to_owned(), before);
        if reading.calls("open_items") {
            self.open_items(tx, definition, &mut vars, (row, around))?;
        }
        let mut facts = self.about(tx, definition, row, vars)?;
        let computed = registers::compute::computed(&definition.fields, &facts);
        facts.vars.extend(computed);
        // what lines compute may read the record's, and the record's what lines compute
        if registers::compute::in_lines(&definition.lines, &mut facts) {
            let computed = registers::compute::computed(&definition.fields, &facts);
            facts.vars.extend(computed);
        }
        Ok(facts)
    }

    /// Facts of a record on which those of its lines of one kind rest, as far as these are asked for.
    pub(crate) fn of_lines(
        &mut self,
        tx: &mut Tx<'_>,
        (definition, of): (&Definition, &RecordRow),
        lines: &Definition,
        around: &Around,
    ) -> Result<Facts<'i>, Error> {
        let reading = Reading::of(&self.inner.catalogue, &lines.key, &around.asked);
        let record = self.of_record(tx, definition, (of, None), around, reading)?;
        Ok(record.for_lines())
    }

    /// Facts of a line, in whose record it stands as it would be.
    fn of_line(
        &mut self,
        tx: &mut Tx<'_>,
        definition: &Definition,
        row: &RecordRow,
        around: &Around,
    ) -> Result<Facts<'i>, Error> {
        let gone = || Error::defect("a line's record is gone");
        let mut of = tx.record(row.root())?.ok_or_else(gone)?;
        // the record follows what its line names: rules see it as it will be
        of.label = of.label.join(&labels::of(tx, definition, row)?);
        let catalogue = &self.inner.catalogue;
        let register = catalogue.definition(&of.register).ok_or_else(gone)?;
        let record = Around {
            before: None,
            anew: false,
            ..around.clone()
        };
        let reading = Reading::of(catalogue, &definition.key, &around.asked);
        let record = self.of_record(tx, register, (&of, Some(row)), &record, reading)?;
        self.in_record(tx, definition, row, around, &record.for_lines())
    }

    /// Facts of a line on those of its record: its own fields, then the record's.
    pub(crate) fn in_record(
        &mut self,
        tx: &mut Tx<'_>,
        definition: &Definition,
        row: &RecordRow,
        around: &Around,
        record: &Facts<'i>,
    ) -> Result<Facts<'i>, Error> {
        let catalogue = &self.inner.catalogue;
        let place = definition.line_of.as_ref();
        let kind = place.and_then(|of| catalogue.definition(&of.register)?.line(&of.line));
        let kind = kind.ok_or_else(|| Error::defect("a line of no kind"))?;
        let mut own = self.fields(tx, &definition.fields, &row.body, limits::LINK_DEPTH)?;
        header(&mut own, row, |name| {
            ["id", "state", "version"].contains(&name)
        });
        let reading = Reading::of(catalogue, &definition.key, &around.asked);
        let before = match &around.before {
            Some(before) if reading.reads(registers::BEFORE) => {
                self.alone(tx, definition, before)?
            }
            Some(_) | None => Value::Null,
        };
        own.insert(registers::BEFORE.to_owned(), before);
        let mut facts = record.in_line(kind, &own);
        let computed = registers::compute::computed(&definition.fields, &facts);
        facts.vars.extend(computed);
        Ok(facts)
    }

    /// The lines of a record as far as its register's expressions read them: those that are kept, one
    /// of them as it would be, and those that are given.
    fn lines(
        &mut self,
        tx: &mut Tx<'_>,
        definition: &Definition,
        row: &RecordRow,
        (anew, instead): (bool, Option<&RecordRow>),
        reading: Reading<'_>,
    ) -> Result<Vec<Value>, Error> {
        let mut lines = Vec::new();
        for line in &definition.lines {
            if !reading.reads(&line.key) && !reading.reads("lines") {
                continue;
            }
            let register = line.register_key(&definition.key);
            let replaced = anew && row.body.contains_key(&line.key);
            let kept = if row.version == 0 || replaced {
                Vec::new()
            } else {
                let most = i64::try_from(limits::LINES).map_err(Error::internal)?;
                tx.lines(row.id, (&register, &[WITHDRAWN]), 0, most)?
            };
            let mut met = false;
            for one in &kept {
                let one = instead.filter(|new| new.id == one.id).unwrap_or(one);
                met |= instead.is_some_and(|new| new.id == one.id);
                lines.push(self.line(
                    tx,
                    (line, reading),
                    (json!(one.id), &one.state),
                    &one.body,
                )?);
            }
            if let Some(new) = instead.filter(|new| !met && new.register == register) {
                lines.push(self.line(
                    tx,
                    (line, reading),
                    (json!(new.id), &new.state),
                    &new.body,
                )?);
            }
            let initial = line.initial_state().map_or("", |state| &state.key);
            for body in line.given(&row.body) {
                lines.push(self.line(tx, (line, reading), (Value::Null, initial), body)?);
            }
        }
        Ok(lines)
    }

    /// One line as an entry of `lines`, with what is read of it.
    fn line(
        &mut self,
        tx: &mut Tx<'_>,
        (line, reading): (&Line, Reading<'_>),
        (id, state): (Value, &str),
        body: &Map<String, Value>,
    ) -> Result<Value, Error> {
        let read = line.fields.iter().filter(|field| reading.reads(&field.key));
        let mut map = self.fields(tx, read, body, limits::LINK_DEPTH)?;
        map.insert("line".to_owned(), line.key.clone().into());
        map.insert("id".to_owned(), id);
        map.insert("state".to_owned(), state.into());
        Ok(Value::Object(map))
    }

    /// A record or a line by itself: its fields and its header.
    pub(crate) fn alone(
        &mut self,
        tx: &mut Tx<'_>,
        definition: &Definition,
        row: &RecordRow,
    ) -> Result<Value, Error> {
        let mut map = self.fields(tx, &definition.fields, &row.body, limits::LINK_DEPTH)?;
        header(&mut map, row, |_| true);
        Ok(Value::Object(map))
    }

    /// The computed fields of a record; of its other fields only those are looked up that these read.
    pub(crate) fn computed(
        &mut self,
        tx: &mut Tx<'_>,
        definition: &Definition,
        row: &RecordRow,
    ) -> Result<Map<String, Value>, Error> {
        let mut computes = definition
            .fields
            .iter()
            .filter_map(|field| field.compute.as_ref())
            .peekable();
        if computes.peek().is_none() {
            return Ok(Map::new());
        }
        let read: BTreeSet<String> = computes
            .flat_map(registers::Expr::paths)
            .filter_map(|path| path.into_iter().next())
            .collect();
        // the record as a whole, or what stands around it
        let reading = Reading::of(&self.inner.catalogue, &definition.key, &For::Computing);
        let whole = reading.calls("open_items")
            || read
                .iter()
                .any(|name| name == "record" || definition.field(name).is_none());
        if whole {
            let around = Around {
                asked: For::Computing,
                ..Around::default()
            };
            let facts = self.facts(tx, definition, row, &around)?;
            return Ok(registers::compute::computed(&definition.fields, &facts));
        }
        let fields = definition
            .fields
            .iter()
            .filter(|field| read.contains(&field.key));
        let mut vars = self.fields(tx, fields, &row.body, limits::LINK_DEPTH)?;
        header(&mut vars, row, |name| read.contains(name));
        let facts = self.about(tx, definition, row, vars)?;
        Ok(registers::compute::computed(&definition.fields, &facts))
    }

    /// The record as it was, for rules that compare; a person is a person there too.
    fn before(
        &mut self,
        tx: &mut Tx<'_>,
        definition: &Definition,
        around: &Around,
        reading: Reading<'_>,
    ) -> Result<Value, Error> {
        let before = around.before.as_ref();
        let Some(row) = before.filter(|_| reading.reads(registers::BEFORE)) else {
            return Ok(Value::Null);
        };
        if definition.key == "person" {
            return self.person(tx, PersonId::from(row.id));
        }
        let mut map = self.fields(tx, &definition.fields, &row.body, limits::LINK_DEPTH)?;
        header(&mut map, row, |_| true);
        let drafter = match row.drafter {
            Some(person) => self.person(tx, person)?,
            None => Value::Null,
        };
        map.insert("drafter".to_owned(), drafter);
        Ok(Value::Object(map))
    }

    fn about(
        &mut self,
        tx: &mut Tx<'_>,
        definition: &Definition,
        row: &RecordRow,
        vars: Map<String, Value>,
    ) -> Result<Facts<'i>, Error> {
        let inner = self.inner;
        let attached = match &self.attached {
            Some(attached) => attached.clone(),
            None => Attached::load(inner, tx)?,
        };
        let regimes = attached.of(inner, tx, definition, row)?;
        self.attached = Some(attached);
        let parameters = &regimes.parameters;
        let facts = Facts::new(vars, self.today, self.now, parameters, &inner.calendar);
        Ok(facts.in_zone(inner.zone.clone()))
    }

    fn around(
        &mut self,
        tx: &mut Tx<'_>,
        vars: &mut Map<String, Value>,
        row: &RecordRow,
        around: &Around,
    ) -> Result<(), Error> {
        for (key, person) in [
            ("actor", around.actor),
            ("proposer", around.proposer),
            ("decider", around.decider),
            ("drafter", row.drafter),
        ] {
            let value = match person {
                Some(id) => self.person(tx, id)?,
                None => Value::Null,
            };
            vars.insert(key.to_owned(), value);
        }
        let approvers: Vec<Value> = around
            .approvers
            .iter()
            .map(|id| id.to_string().into())
            .collect();
        vars.insert("approvers".to_owned(), approvers.into());
        Ok(())
    }

    /// What every person the record names still has open, for rules that ask.
    fn open_items(
        &mut self,
        tx: &mut Tx<'_>,
        definition: &Definition,
        vars: &mut Map<String, Value>,
        (row, around): (&RecordRow, &Around),
    ) -> Result<(), Error> {
        let mut persons: BTreeSet<PersonId> = [around.actor, around.proposer, around.decider]
            .into_iter()
            .chain([row.drafter])
            .flatten()
            .collect();
        let named = definition
            .fields
            .iter()
            .filter(|field| matches!(field.kind, FieldKind::Person | FieldKind::Persons));
        for field in named {
            let ids = labels::ids(row.body.get(&field.key));
            persons.extend(ids.into_iter().map(PersonId::from));
        }
        if definition.key == "person" {
            persons.insert(PersonId::from(row.id));
            let own = self.person(tx, PersonId::from(row.id))?;
            vars.insert("record".to_owned(), own);
        }
        let mut open = Map::new();
        for person in persons {
            let items = open_items::of(self.inner, tx, person, self.visible, self.now)?;
            open.insert(person.to_string(), items.into());
        }
        vars.insert("open_items".to_owned(), open.into());
        Ok(())
    }

    fn fields<'d>(
        &mut self,
        tx: &mut Tx<'_>,
        fields: impl IntoIterator<Item = &'d Field>,
        body: &Map<String, Value>,
        depth: u8,
    ) -> Result<Map<String, Value>, Error> {
        let fields = fields.into_iter();
        // room for what stands around the fields, too
        let mut vars = Map::with_capacity(fields.size_hint().0 + AROUND);
        for field in fields {
            let raw = body.get(&field.key).unwrap_or(&Value::Null);
            vars.insert(field.key.clone(), self.value(tx, field, raw, depth)?);
        }
        Ok(vars)
    }

    /// What the links in a field lead to, as far as they may be followed.
    pub(crate) fn resolved(
        &mut self,
        tx: &mut Tx<'_>,
        field: &Field,
        raw: &Value,
    ) -> Result<Value, Error> {
        self.value(tx, field, raw, 1)
    }

    fn value(
        &mut self,
        tx: &mut Tx<'_>,
        field: &Field,
        raw: &Value,
        depth: u8,
    ) -> Result<Value, Error> {
        let is_person = matches!(field.kind, FieldKind::Person | FieldKind::Persons);
        match raw {
            Value::Array(list) if field.target().is_some() => {
                let resolved: Result<Vec<Value>, Error> = list
                    .iter()
                    .map(|one| self.target(tx, one, is_person, depth))
                    .collect();
                Ok(Value::Array(resolved?))
            }
            Value::Null if is_list(field.kind) => Ok(Value::Array(Vec::new())),
            Value::String(_) if field.target().is_some() => self.target(tx, raw, is_person, depth),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => Ok(raw.clone()),
        }
    }

    fn target(
        &mut self,
        tx: &mut Tx<'_>,
        raw: &Value,
        is_person: bool,
        depth: u8,
    ) -> Result<Value, Error> {
        let Some(text) = raw.as_str() else {
            return Ok(Value::Null);
        };
        if is_person {
            return match text.parse::<PersonId>() {
                Ok(id) => self.person(tx, id),
                Err(_) => Ok(Value::Null),
            };
        }
        match text.parse::<RecordId>() {
            Ok(id) => self.record(tx, id, depth),
            Err(_) => Ok(Value::Null),
        }
    }

    /// A person's facts.
    pub(crate) fn person(&mut self, tx: &mut Tx<'_>, id: PersonId) -> Result<Value, Error> {
        if let Some(known) = self.people.get(&id) {
            return Ok(known.clone());
        }
        let value = people::load(self.inner, tx, id, self.today)?
            .map_or(Value::Null, |person| Value::Object(people::facts(&person)));
        self.people.insert(id, value.clone());
        Ok(value)
    }

    /// A linked record's facts; below the depth it is only its id.
    fn record(&mut self, tx: &mut Tx<'_>, id: RecordId, depth: u8) -> Result<Value, Error> {
        let Some(below) = depth.checked_sub(1) else {
            return Ok(id.to_string().into());
        };
        if let Some(known) = self.records.get(&(id, depth)) {
            return Ok(known.clone());
        }
        let row = match self.visible {
            Some(visible) => tx.visible_record(id, visible)?,
            None => tx.record(id)?,
        };
        let Some(row) = row else {
            return Ok(Value::Null);
        };
        let mut map = match self.inner.catalogue.kept_as(&row.register) {
            Some(definition) => self.fields(tx, &definition.fields, &row.body, below)?,
            None => row.body.clone(),
        };
        header(&mut map, &row, |_| true);
        let drafter = match row.drafter {
            Some(person) => self.person(tx, person)?,
            None => Value::Null,
        };
        map.insert("drafter".to_owned(), drafter);
        let value = Value::Object(map);
        self.records.insert((id, depth), value.clone());
        Ok(value)
    }
}

/// What a record is besides its fields, as far as it is wanted.
fn header(map: &mut Map<String, Value>, row: &RecordRow, wanted: impl Fn(&str) -> bool) {
    let mut tell = |name: &str, value: &dyn Fn() -> Value| {
        if wanted(name) {
            map.insert(name.to_owned(), value());
        }
    };
    tell("id", &|| row.id.to_string().into());
    tell("register", &|| row.register.clone().into());
    tell("number", &|| row.number.clone().into());
    tell("state", &|| row.state.clone().into());
    tell("version", &|| row.version.into());
    tell("label", &|| labels::to_value(&row.label));
}

fn is_list(kind: FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::Persons
            | FieldKind::Units
            | FieldKind::Links
            | FieldKind::Choices
            | FieldKind::Files
            | FieldKind::Table
            | FieldKind::Checklist
    )
}
