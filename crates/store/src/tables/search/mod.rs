//! Lists, counts and single reads as a person may see them. What the decision said of every label
//! class is part of each answer, so a hidden record and an absent one are answered by the same
//! statement; how a list is found quickly, whoever asks, is in [`plan`] and [`arms`].

mod arms;
mod groups;
mod plan;

use super::records::{COLUMNS, IndexValue, RecordRow, WIDTH, record};
use crate::{
    Error, Tx, limits,
    rows::{Dialect, Ints, Statement},
};
use arms::{Part, Query};
use domain::{PersonId, RecordId};
pub use groups::{Group, Months};
use jiff::Timestamp;
use plan::Way;
use std::{collections::BTreeSet, sync::Arc};

/// What a person may see, as the decision function worked it out for every label class.
#[derive(Clone, Debug)]
pub struct Visible {
    /// Classes seen outright.
    pub classes: Arc<Ints>,
    /// Classes seen only with a ground on the record itself; none of `classes` is among them.
    pub with_ground: Arc<Ints>,
    /// Kinds of ground that count for what is asked.
    pub grounds: Vec<&'static str>,
    /// Only these registers; none = all.
    pub registers: Option<Vec<String>>,
    /// Lines that are seen by nobody.
    pub kept_back: Arc<[KeptBack]>,
    /// Whose grounds count.
    pub person: Option<PersonId>,
    /// Grounds end; this is the instant that counts.
    pub now: Timestamp,
}

/// Lines that are seen by nobody while their record stands in one of some states: what a blind count has
/// not come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptBack {
    /// The register that the lines are kept in.
    pub register: String,
    /// The states of lines that are kept back.
    pub states: Vec<String>,
    /// The states of their record in which they are.
    pub while_in: Vec<String>,
}

impl KeptBack {
    fn push(&self, statement: &mut Statement) {
        statement
            .push(" AND NOT EXISTS (SELECT 1 FROM record o WHERE o.id = r.parent_id AND r.register = ")
            .bind(&self.register)
            .push(" AND r.state IN ")
            .list(&self.states)
            .push(" AND o.state IN ")
            .list(&self.while_in)
            .push(")");
    }
}

/// One condition of a list.
#[derive(Clone, Debug)]
pub enum Condition {
    /// The record is in one of these states.
    State(Vec<String>),
    /// An indexed field lies between two values, both included.
    Between(String, Option<IndexValue>, Option<IndexValue>),
    /// An indexed field has exactly this value.
    Is(String, IndexValue),
    /// The record links to this one.
    LinksTo(String, RecordId),
    /// The record is written under this definition or a later one.
    Written(i64),
    /// The record's label is of one of these classes.
    Classes(Arc<Ints>),
    /// The record was recorded between two milliseconds, both included.
    Recorded(Option<i64>, Option<i64>),
    /// An indexed field of what a link leads to has exactly this value.
    Over(String, String, IndexValue),
    /// A deadline of the record, of this key or any, stands like this at this instant.
    Clock(Option<String>, Stand, Timestamp),
    /// The number or one of these indexed texts contains these characters.
    Contains {
        /// The characters.
        words: String,
        /// The fields looked at: those that everybody sees who sees the record.
        fields: Vec<String>,
        /// Those of them whose reading is looked at, too.
        read: Vec<String>,
    },
}

/// How a deadline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// It runs, and is not due yet.
    Running,
    /// It runs, and was due.
    Overdue,
    /// It was stopped in time.
    Met,
    /// It was stopped too late.
    Late,
}

impl Stand {
    /// The word that a group of records goes by.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Overdue => "overdue",
            Self::Met => "met",
            Self::Late => "late",
        }
    }
}

/// Where the index keeps a field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Texts, keys, days.
    Text,
    /// Numbers and instants.
    Int,
}

/// The order of a list; the id decides between equals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Newest first.
    Newest,
    /// Oldest first.
    Oldest,
    /// By an indexed field; records without a value come last, newest first.
    Field {
        /// Its key.
        key: String,
        /// Where its values are.
        column: Column,
        /// Largest first.
        descending: bool,
    },
}

/// The last row of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum After {
    /// A row with this sort value.
    Row(IndexValue, RecordId),
    /// A row without a value of the sort field, recorded at this millisecond.
    Empty(i64, RecordId),
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct ListQuery {
    /// Which register.
    pub register: String,
    /// Who asks.
    pub visible: Visible,
    /// All must hold.
    pub conditions: Vec<Condition>,
    /// In which order.
    pub sort: Sort,
    /// The last row of the page before.
    pub after: Option<After>,
    /// At most so many, bounded by [`limits::PAGE`].
    pub limit: i64,
}

impl Visible {
    /// Whether a record of this class is seen, given whether it gives the person a ground.
    fn admits(&self, class: i64, ground: bool) -> bool {
        self.classes.contains(class) || (ground && self.with_ground.contains(class))
    }

    /// What every statement about records carries that is led by something else: the predicate on
    /// the record `r`.
    pub(super) fn push(&self, dialect: Dialect, statement: &mut Statement) {
        self.push_class(dialect, "r.class_id", statement);
        self.push_registers(statement);
        self.push_kept_back(statement);
    }

    /// Leaves out lines that nobody sees.
    fn push_kept_back(&self, statement: &mut Statement) {
        self.kept_back.iter().for_each(|one| one.push(statement));
    }

    /// The same where all records are of one register.
    fn push_kept_back_of(&self, register: &str, statement: &mut Statement) {
        let own = self.kept_back.iter().filter(|one| one.register == register);
        own.for_each(|one| one.push(statement));
    }

    /// The same decision on the class in another column, with the grounds of the record `r`.
    pub(super) fn push_class(&self, dialect: Dialect, column: &str, statement: &mut Statement) {
        statement
            .push(&format!(" AND (({column} + 0)"))
            .one_of(dialect, &self.classes);
        if self.person.is_some() && !self.with_ground.is_empty() {
            statement
                .push(&format!(" OR (({column} + 0)"))
                .one_of(dialect, &self.with_ground)
                .push(
                    " AND EXISTS (SELECT 1 FROM ground g WHERE g.record_id = COALESCE(r.parent_id, r.id) AND ",
                );
            self.push_grounds(statement);
            statement.push("))");
        }
        statement.push(")");
    }

    /// The grounds of the person that count now: the part of a `WHERE` after `ground g`.
    fn push_grounds(&self, statement: &mut Statement) {
        statement
            .push("g.person_id = ")
            .bind(self.person)
            .push(" AND g.kind IN ")
            .list(self.grounds.iter().copied())
            .push(" AND (g.until IS NULL OR g.until > ")
            .bind(self.now)
            .push(")");
    }

    fn push_registers(&self, statement: &mut Statement) {
        if let Some(registers) = &self.registers {
            statement.push(" AND r.register IN ").list(registers);
        }
    }
}

/// A query for records with, behind their own columns, how many grounds each gives the person. A line
/// gives those of its record.
fn single(columns: &str, visible: &Visible) -> Statement {
    let mut statement = Statement::new(&format!(
        "SELECT {columns}, (SELECT count(*) FROM ground g WHERE g.record_id = COALESCE(r.parent_id, r.id) AND "
    ));
    visible.push_grounds(&mut statement);
    statement.push(") FROM record r WHERE r.id");
    statement
}

impl Tx<'_> {
    /// A record as a person may see it: none if it is absent or hidden, by the same statement.
    pub fn visible_record(
        &mut self,
        id: RecordId,
        visible: &Visible,
    ) -> Result<Option<RecordRow>, Error> {
        let mut statement = single(COLUMNS, visible);
        statement.push(" = ").bind(id);
        self.visible_one(statement, visible)
    }

    /// The record of a number, by the same rule.
    pub fn visible_numbered(
        &mut self,
        register: &str,
        number: &str,
        visible: &Visible,
    ) -> Result<Option<RecordRow>, Error> {
        let mut statement = single(COLUMNS, visible);
        statement
            .push(" = (SELECT n.id FROM record n WHERE n.register = ")
            .bind(register)
            .push(" AND n.number = ")
            .bind(number)
            .push(")");
        self.visible_one(statement, visible)
    }

    fn visible_one(
        &mut self,
        mut statement: Statement,
        visible: &Visible,
    ) -> Result<Option<RecordRow>, Error> {
        visible.push_registers(&mut statement);
        visible.push_kept_back(&mut statement);
        let (text, values) = statement.parts();
        let Some(row) = self.query_one(text, values)? else {
            return Ok(None);
        };
        // WHY: one class is looked up here faster than thousands are handed to the database; a row
        // that is not admitted goes no further
        let (class, grounds) = (row.int(5)?, row.int(WIDTH)?);
        if visible.admits(class, grounds > 0) {
            record(&row).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Which of these records a person may see.
    pub fn visible_among(
        &mut self,
        ids: &BTreeSet<RecordId>,
        visible: &Visible,
    ) -> Result<BTreeSet<RecordId>, Error> {
        let mut statement = single("r.id, r.class_id", visible);
        statement.push(" IN ").list(ids.iter().copied());
        visible.push_registers(&mut statement);
        visible.push_kept_back(&mut statement);
        let (text, values) = statement.parts();
        let mut seen = BTreeSet::new();
        for row in self.query(text, values)? {
            if visible.admits(row.int(1)?, row.int(2)? > 0) {
                seen.insert(row.parse(0)?);
            }
        }
        Ok(seen)
    }

    /// Those of these records that a person may see, by their ids.
    pub fn visible_records(
        &mut self,
        ids: &BTreeSet<RecordId>,
        visible: &Visible,
    ) -> Result<Vec<RecordRow>, Error> {
        let mut statement = single(COLUMNS, visible);
        statement.push(" IN ").list(ids.iter().copied());
        visible.push_registers(&mut statement);
        visible.push_kept_back(&mut statement);
        statement.push(" ORDER BY r.id");
        let (text, values) = statement.parts();
        let mut seen = Vec::new();
        for row in self.query(text, values)? {
            if visible.admits(row.int(5)?, row.int(WIDTH)? > 0) {
                seen.push(record(&row)?);
            }
        }
        Ok(seen)
    }

    /// One page of a register.
    pub fn list(&mut self, query: &ListQuery) -> Result<Vec<RecordRow>, Error> {
        let way = self.way(query)?;
        let limit = query.limit.clamp(1, limits::PAGE);
        let mut rows = Vec::new();
        for part in Part::of(query) {
            let left = limit - i64::try_from(rows.len()).unwrap_or(limit);
            if left > 0 {
                let statement = Query::new(self.dialect(), query, way).page(*part, left);
                let (text, values) = statement.parts();
                for row in self.query(text, values)? {
                    rows.push(record(&row)?);
                }
            }
        }
        Ok(rows)
    }

    /// How many of the first `cap` records of a list are in each group; nothing is its own group. One
    /// statement, led by the label classes.
    pub fn grouped(
        &mut self,
        query: &ListQuery,
        group: &Group,
        cap: i64,
    ) -> Result<Vec<(Option<String>, i64)>, Error> {
        let statement = Query::new(self.dialect(), query, Way::Classes).grouped(group, cap);
        let (text, values) = statement.parts();
        self.query(text, values)?
            .iter()
            .map(|row| Ok((row.opt_text(0)?, row.int(1)?)))
            .collect()
    }

    /// How many records a list has, counted exactly or only up to `cap`.
    pub fn count(&mut self, query: &ListQuery, cap: Option<i64>) -> Result<i64, Error> {
        let way = self.way_to_count(query)?;
        let statement = Query::new(self.dialect(), query, way).count(cap);
        let (text, values) = statement.parts();
        self.query_one(text, values)?
            .map_or(Ok(0), |row| row.int(0))
    }
}

#[cfg(test)]
mod tests;
