//! Records: the current row (a cache of the newest version), its links, indexed and unique values,
//! reservations, grounds and numbers.

use crate::{
    Error, Tx, Write,
    rows::{Row, Value},
    values,
};
use domain::{AccountId, Label, PersonId, RecordId};
use jiff::Timestamp;

/// A record as it stands now.
#[derive(Clone, Debug)]
pub struct RecordRow {
    /// Its id.
    pub id: RecordId,
    /// Key of its register.
    pub register: String,
    /// Number drawn from the register's series, once drawn.
    pub number: Option<String>,
    /// Key of its state.
    pub state: String,
    /// Counts up by one with every change.
    pub version: i64,
    /// Interned label class; decides visibility.
    pub class: i64,
    /// The whole label with its ends.
    pub label: Label,
    /// Field values.
    pub body: serde_json::Map<String, serde_json::Value>,
    /// Who drafted it.
    pub drafter: Option<PersonId>,
    /// Which account made it; none for the product itself.
    pub created_by: Option<AccountId>,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When what it records happened.
    pub occurred_at: Timestamp,
    /// Not yet in a final state.
    pub open: bool,
    /// Whose line it is, if it is one.
    pub line: Option<LineNo>,
}

/// The place of a line in its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineNo {
    /// The record.
    pub of: RecordId,
    /// Counts the lines of one kind from 1.
    pub no: i64,
}

impl RecordRow {
    /// The record that gives the grounds on which it is seen: its own, or that of which it is a line.
    #[must_use]
    pub fn root(&self) -> RecordId {
        self.line.map_or(self.id, |line| line.of)
    }
}

/// The value of an `index = true` field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IndexValue {
    /// Texts, ids, keys, dates (ISO order is text order).
    Text(String),
    /// Numbers, scaled integers, instants in milliseconds.
    Int(i64),
}

/// What the index keeps of one field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Indexed {
    /// What lists are sorted by and conditions compare.
    pub value: IndexValue,
    /// How the value is read, which words are looked for in too. No index holds it: it is read where
    /// the value is.
    pub reading: Option<String>,
}

impl From<IndexValue> for Indexed {
    fn from(value: IndexValue) -> Self {
        Self {
            value,
            reading: None,
        }
    }
}

pub(super) const COLUMNS: &str = "r.id, r.register, r.number, r.state, r.version, r.class_id, r.label, r.body, \
     r.drafter, r.created_by, r.created_at, r.updated_at, r.occurred_at, r.open, r.parent_id, r.line_no";
/// How many these are.
pub(super) const WIDTH: usize = 16;

pub(super) fn record(row: &Row) -> Result<RecordRow, Error> {
    Ok(RecordRow {
        id: row.parse(0)?,
        register: row.text(1)?,
        number: row.opt_text(2)?,
        state: row.text(3)?,
        version: row.int(4)?,
        class: row.int(5)?,
        label: row.json(6)?,
        body: row.json(7)?,
        drafter: row.opt_parse(8)?,
        created_by: row.opt_parse(9)?,
        created_at: row.instant(10)?,
        updated_at: row.instant(11)?,
        occurred_at: row.instant(12)?,
        open: row.int(13)? != 0,
        line: match row.opt_parse(14)? {
            Some(of) => Some(LineNo {
                of,
                no: row.int(15)?,
            }),
            None => None,
        },
    })
}

impl Tx<'_> {
    /// A record by id, whoever may see it: only for the engine's own reasoning, never for an answer.
    pub fn record(&mut self, id: RecordId) -> Result<Option<RecordRow>, Error> {
        let text = format!("SELECT {COLUMNS} FROM record r WHERE r.id = $1");
        self.query_one(&text, values![id])?
            .as_ref()
            .map(record)
            .transpose()
    }

    /// The open records of a register, oldest first: for what the engine itself reads of a small register.
    pub fn open_records(&mut self, register: &str, limit: i64) -> Result<Vec<RecordRow>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM record r WHERE r.register = $1 AND r.open = 1 ORDER BY r.id LIMIT $2"
        );
        self.query(&text, values![register, limit])?
            .iter()
            .map(record)
            .collect()
    }

    /// As [`Tx::record`], and nobody else changes it before this transaction ends.
    pub fn lock_record(&mut self, id: RecordId) -> Result<Option<RecordRow>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM record r WHERE r.id = $1{}",
            self.for_update()
        );
        self.query_one(&text, values![id])?
            .as_ref()
            .map(record)
            .transpose()
    }

    /// Records that link to `to` by `field` in `register`, oldest first.
    pub fn linked(
        &mut self,
        to: RecordId,
        register: &str,
        field: &str,
    ) -> Result<Vec<RecordRow>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM link l JOIN record r ON r.id = l.from_id \
             WHERE l.to_id = $1 AND l.field = $2 AND r.register = $3 ORDER BY r.created_at, r.id LIMIT 10000"
        );
        self.query(&text, values![to, field, register])?
            .iter()
            .map(record)
            .collect()
    }

    /// The same of those that are open.
    pub fn open_linked(
        &mut self,
        to: RecordId,
        register: &str,
        field: &str,
    ) -> Result<Vec<RecordRow>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM link l JOIN record r ON r.id = l.from_id WHERE l.to_id = $1 AND l.field = $2 \
             AND r.register = $3 AND r.open = 1 ORDER BY r.created_at, r.id LIMIT 1000"
        );
        self.query(&text, values![to, field, register])?
            .iter()
            .map(record)
            .collect()
    }

    /// A page of the records that link to `to`, whatever the field, by their ids.
    pub fn backlinks(
        &mut self,
        to: RecordId,
        after: Option<RecordId>,
        limit: i64,
    ) -> Result<Vec<RecordRow>, Error> {
        self.linking(to, after, limit, "")
    }

    /// The same of those that are open.
    pub fn open_backlinks(
        &mut self,
        to: RecordId,
        after: Option<RecordId>,
        limit: i64,
    ) -> Result<Vec<RecordRow>, Error> {
        self.linking(to, after, limit, "r.open = 1 AND ")
    }

    fn linking(
        &mut self,
        to: RecordId,
        after: Option<RecordId>,
        limit: i64,
        condition: &str,
    ) -> Result<Vec<RecordRow>, Error> {
        let after = after.map_or_else(String::new, |id| id.to_string());
        let text = format!(
            "SELECT {COLUMNS} FROM record r WHERE {condition}r.id IN \
             (SELECT from_id FROM link WHERE to_id = $1 AND from_id > $2) ORDER BY r.id LIMIT $3"
        );
        self.query(&text, values![to, after, limit])?
            .iter()
            .map(record)
            .collect()
    }

    /// Whether any record links to `to`.
    pub fn referred_to(&mut self, to: RecordId) -> Result<bool, Error> {
        let found = self.query_one("SELECT 1 FROM link WHERE to_id = $1 LIMIT 1", values![to])?;
        Ok(found.is_some())
    }

    /// Who holds a reservation on `target`.
    pub fn reservation(&mut self, target: RecordId) -> Result<Option<RecordId>, Error> {
        self.query_one(
            "SELECT record_id FROM reservation WHERE target_id = $1",
            values![target],
        )?
        .map(|row| row.parse(0))
        .transpose()
    }

    /// Grounds a person has on a record now.
    pub fn grounds(
        &mut self,
        record: RecordId,
        person: PersonId,
        now: Timestamp,
    ) -> Result<Vec<String>, Error> {
        self.query(
            "SELECT DISTINCT kind FROM ground WHERE record_id = $1 AND person_id = $2 \
             AND (until IS NULL OR until > $3) ORDER BY kind",
            values![record, person, now],
        )?
        .iter()
        .map(|row| row.text(0))
        .collect()
    }

    /// The unique values of a record: field, label class, value.
    pub fn unique_of(&mut self, record: RecordId) -> Result<Vec<(String, i64, String)>, Error> {
        self.query(
            "SELECT field, class_id, value FROM unique_value WHERE record_id = $1",
            values![record],
        )?
        .iter()
        .map(|row| Ok((row.text(0)?, row.int(1)?, row.text(2)?)))
        .collect()
    }

    /// Whose a unique value is among records of a label class.
    pub fn unique_holder(
        &mut self,
        register: &str,
        field: &str,
        class: i64,
        value: &str,
    ) -> Result<Option<RecordId>, Error> {
        self.query_one(
            "SELECT record_id FROM unique_value \
             WHERE register = $1 AND field = $2 AND class_id = $3 AND value = $4",
            values![register, field, class, value],
        )?
        .map(|row| row.parse(0))
        .transpose()
    }
}

impl Write<'_, '_> {
    /// Adds a new record.
    pub fn insert_record(&mut self, row: &RecordRow) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO record (id, register, number, state, version, class_id, label, body, drafter, \
             created_by, created_at, updated_at, occurred_at, open, parent_id, line_no) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            &record_values(row),
        )?;
        Ok(())
    }

    /// Replaces a record whose previous version is `row.version - 1`.
    pub fn update_record(&mut self, row: &RecordRow) -> Result<(), Error> {
        let mut values = record_values(row);
        values.push(Value::from(row.version - 1));
        let touched = self.tx.execute(
            "UPDATE record SET register = $2, number = $3, state = $4, version = $5, class_id = $6, \
             label = $7, body = $8, drafter = $9, created_by = $10, created_at = $11, updated_at = $12, \
             occurred_at = $13, open = $14, parent_id = $15, line_no = $16 WHERE id = $1 AND version = $17",
            &values,
        )?;
        if touched == 1 {
            Ok(())
        } else {
            Err(Error::Stale {
                current: row.version,
            })
        }
    }

    /// Removes the links of one field.
    fn drop_links(&mut self, from: RecordId, field: &str) -> Result<(), Error> {
        self.tx.execute(
            "DELETE FROM link WHERE from_id = $1 AND field = $2",
            values![from, field],
        )?;
        Ok(())
    }

    /// Replaces the links of one field.
    pub fn set_links(&mut self, from: RecordId, field: &str, to: &[RecordId]) -> Result<(), Error> {
        self.drop_links(from, field)?;
        self.add_links(from, field, to)
    }

    /// Adds links of one field.
    pub fn add_links(&mut self, from: RecordId, field: &str, to: &[RecordId]) -> Result<(), Error> {
        for target in to {
            self.tx.execute(
                "INSERT INTO link (from_id, field, to_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                values![from, field, *target],
            )?;
        }
        Ok(())
    }

    /// Forgets the links, the index and the unique values of a record, which are about to be made anew.
    pub fn forget_derived(&mut self, record: RecordId) -> Result<(), Error> {
        for text in [
            "DELETE FROM link WHERE from_id = $1",
            "DELETE FROM field_index WHERE record_id = $1",
            "DELETE FROM unique_value WHERE record_id = $1",
        ] {
            self.tx.execute(text, values![record])?;
        }
        Ok(())
    }

    /// Replaces the indexed value of one field; without a value nothing is kept.
    pub fn set_index(
        &mut self,
        record: RecordId,
        register: &str,
        field: &str,
        kept: Option<&Indexed>,
    ) -> Result<(), Error> {
        let (text, int) = match kept.map(|kept| &kept.value) {
            Some(IndexValue::Text(x)) => (Value::from(x), Value::Null),
            Some(IndexValue::Int(x)) => (Value::Null, Value::from(*x)),
            None => {
                self.tx.execute(
                    "DELETE FROM field_index WHERE record_id = $1 AND field = $2",
                    values![record, field],
                )?;
                return Ok(());
            }
        };
        self.tx.execute(
            "INSERT INTO field_index (register, field, text_value, int_value, reading, record_id) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (record_id, field) DO UPDATE \
             SET text_value = excluded.text_value, int_value = excluded.int_value, \
             reading = excluded.reading",
            &[
                Value::from(register),
                Value::from(field),
                text,
                int,
                kept.and_then(|kept| kept.reading.as_deref()).into(),
                Value::from(record),
            ],
        )?;
        Ok(())
    }

    /// Takes a unique value for a record; false if another record of its label class has it. WHY: a
    /// refusal for a record of another class would tell of it to people who may not know it.
    pub fn claim_unique(
        &mut self,
        row: &RecordRow,
        field: &str,
        value: Option<&str>,
    ) -> Result<bool, Error> {
        let (record, register) = (row.id, row.register.as_str());
        self.tx.execute(
            "DELETE FROM unique_value WHERE record_id = $1 AND field = $2",
            values![record, field],
        )?;
        let Some(value) = value else { return Ok(true) };
        let added = self.tx.execute(
            "INSERT INTO unique_value (register, field, class_id, value, record_id) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            values![register, field, row.class, value, record],
        )?;
        Ok(added == 1)
    }

    /// Reserves a target for a record; false if another record has it.
    pub fn reserve(
        &mut self,
        target: RecordId,
        record: RecordId,
        field: &str,
    ) -> Result<bool, Error> {
        let added = self.tx.execute(
            "INSERT INTO reservation (target_id, record_id, field) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING",
            values![target, record, field],
        )?;
        Ok(added == 1 || self.tx.reservation(target)? == Some(record))
    }

    /// Gives back everything a record had reserved.
    pub fn release(&mut self, record: RecordId) -> Result<(), Error> {
        self.tx.execute(
            "DELETE FROM reservation WHERE record_id = $1",
            values![record],
        )?;
        Ok(())
    }

    /// Gives a person a ground on a record, until an instant if there is one.
    pub fn add_ground(
        &mut self,
        record: RecordId,
        person: PersonId,
        kind: &str,
        cause: RecordId,
        until: Option<Timestamp>,
    ) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO ground (record_id, person_id, kind, cause_id, until) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (record_id, person_id, kind, cause_id) DO UPDATE SET until = excluded.until",
            values![record, person, kind, cause, until],
        )?;
        Ok(())
    }

    /// Ends the grounds that a cause had given.
    pub fn end_grounds(&mut self, cause: RecordId, at: Timestamp) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE ground SET until = $2 WHERE cause_id = $1 AND kind <> 'drafter' \
             AND (until IS NULL OR until > $2)",
            values![cause, at],
        )?;
        Ok(())
    }

    /// Ends the task that a cause had given one person on a record.
    pub fn end_task(
        &mut self,
        record: RecordId,
        person: PersonId,
        cause: RecordId,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE ground SET until = $4 WHERE record_id = $1 AND person_id = $2 AND cause_id = $3 \
             AND kind = 'task' AND (until IS NULL OR until > $4)",
            values![record, person, cause, at],
        )?;
        Ok(())
    }

    /// The next number of a series: gapless, because the row stays locked until the commit.
    pub fn next_number(&mut self, series: &str) -> Result<i64, Error> {
        self.tx
            .query_one(
                "INSERT INTO counter (series, value) VALUES ($1, 1) \
                 ON CONFLICT (series) DO UPDATE SET value = counter.value + 1 RETURNING value",
                values![series],
            )?
            .ok_or(Error::Corrupt { column: 0 })?
            .int(0)
    }
}

fn record_values(row: &RecordRow) -> Vec<Value> {
    vec![
        row.id.into(),
        (&row.register).into(),
        row.number.as_deref().into(),
        (&row.state).into(),
        row.version.into(),
        row.class.into(),
        json(&row.label).into(),
        json(&row.body).into(),
        row.drafter.into(),
        row.created_by.into(),
        row.created_at.into(),
        row.updated_at.into(),
        row.occurred_at.into(),
        row.open.into(),
        row.line.map(|line| line.of).into(),
        row.line.map(|line| line.no).into(),
    ]
}

/// JSON text of a value of ours; our types have no map keys or numbers that JSON cannot hold.
pub(super) fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
