//! Lists, counts and single reads as a person may see them: the visibility predicate is part of every
//! statement, so a hidden record and an absent one are answered by the same statement.

use super::records::{COLUMNS, IndexValue, RecordRow, record};
use crate::{
    Error, Tx, limits,
    rows::{Statement, Value},
};
use domain::{PersonId, RecordId};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// What a person may see, as the decision function worked it out for every label class.
#[derive(Clone, Debug)]
pub struct Visible {
    /// Classes seen outright.
    pub classes: Vec<i64>,
    /// Classes seen only with a ground on the record itself.
    pub with_ground: Vec<i64>,
    /// Kinds of ground that count for what is asked.
    pub grounds: Vec<&'static str>,
    /// Only these registers; none = all.
    pub registers: Option<Vec<String>>,
    /// Whose grounds count.
    pub person: Option<PersonId>,
    /// Grounds end; this is the instant that counts.
    pub now: Timestamp,
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
    /// The number or one of these indexed texts contains these characters.
    Contains {
        /// The characters.
        words: String,
        /// The fields looked at: those that everybody sees who sees the record.
        fields: Vec<String>,
    },
    /// Only records not yet in a final state.
    Open,
}

/// Where the index keeps a field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Texts, keys, days.
    Text,
    /// Numbers and instants.
    Int,
}

impl Column {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "s.text_value",
            Self::Int => "s.int_value",
        }
    }
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
    pub(super) fn push(&self, statement: &mut Statement) {
        self.push_class("r.class_id", statement);
        if let Some(registers) = &self.registers {
            statement.push(" AND r.register IN (NULL");
            for register in registers {
                statement.push(", ").bind(register);
            }
            statement.push(")");
        }
    }

    /// The same decision on the class in another column, with the grounds of the record `r`.
    pub(super) fn push_class(&self, column: &str, statement: &mut Statement) {
        statement.push(&format!(" AND ({column} IN "));
        statement.int_list(&self.classes);
        if let (false, Some(person)) = (self.with_ground.is_empty(), self.person) {
            statement.push(&format!(" OR ({column} IN "));
            statement.int_list(&self.with_ground);
            statement
                .push(" AND EXISTS (SELECT 1 FROM ground g WHERE g.record_id = r.id AND g.person_id = ")
                .bind(person)
                .push(" AND g.kind IN (NULL");
            for kind in &self.grounds {
                statement.push(", ").bind(*kind);
            }
            statement
                .push(") AND (g.until IS NULL OR g.until > ")
                .bind(self.now)
                .push(")))");
        }
        statement.push(")");
    }
}

impl Tx<'_> {
    /// A record as a person may see it: none if it is absent or hidden, by the same statement.
    pub fn visible_record(
        &mut self,
        id: RecordId,
        visible: &Visible,
    ) -> Result<Option<RecordRow>, Error> {
        let mut statement =
            Statement::new(&format!("SELECT {COLUMNS} FROM record r WHERE r.id = "));
        statement.bind(id);
        visible.push(&mut statement);
        let (text, values) = statement.parts();
        self.query_one(text, values)?
            .as_ref()
            .map(record)
            .transpose()
    }

    /// Which of these records a person may see.
    pub fn visible_among(
        &mut self,
        ids: &BTreeSet<RecordId>,
        visible: &Visible,
    ) -> Result<BTreeSet<RecordId>, Error> {
        let mut statement = Statement::new("SELECT r.id FROM record r WHERE r.id IN (NULL");
        for id in ids {
            statement.push(", ").bind(*id);
        }
        statement.push(")");
        visible.push(&mut statement);
        let (text, values) = statement.parts();
        self.query(text, values)?
            .iter()
            .map(|row| row.parse(0))
            .collect()
    }

    /// One page of a register.
    pub fn list(&mut self, query: &ListQuery) -> Result<Vec<RecordRow>, Error> {
        let limit = query.limit.clamp(1, limits::PAGE);
        if !matches!(query.sort, Sort::Field { .. }) {
            return self.part(query, Part::Whole, limit);
        }
        let mut rows = match query.after {
            Some(After::Empty(..)) => Vec::new(),
            Some(After::Row(..)) | None => self.part(query, Part::Valued, limit)?,
        };
        let left = limit - i64::try_from(rows.len()).unwrap_or(limit);
        if left > 0 {
            rows.extend(self.part(query, Part::Empty, left)?);
        }
        Ok(rows)
    }

    fn part(&mut self, query: &ListQuery, part: Part, limit: i64) -> Result<Vec<RecordRow>, Error> {
        let mut statement = Statement::new(&format!("SELECT {COLUMNS} FROM "));
        from(query, part, &mut statement);
        after(query, part, &mut statement);
        statement.push(" ORDER BY ").push(&order(query, part));
        statement.push(" LIMIT ").bind(limit);
        let (text, values) = statement.parts();
        self.query(text, values)?.iter().map(record).collect()
    }

    /// How many records a list has, counted exactly or only up to `cap`.
    pub fn count(&mut self, query: &ListQuery, cap: Option<i64>) -> Result<i64, Error> {
        let mut inner = Statement::new("SELECT count(*) FROM (SELECT 1 FROM ");
        from(query, Part::Whole, &mut inner);
        if let Some(cap) = cap {
            inner.push(" LIMIT ").bind(cap);
        }
        inner.push(") AS c");
        let (text, values) = inner.parts();
        self.query_one(text, values)?
            .map_or(Ok(0), |row| row.int(0))
    }
}

/// What of a list one statement gives. WHY: in one statement the order of empty values differs between
/// the databases, and neither can take it from an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Everything, in the order in which it was recorded.
    Whole,
    /// Records with a value of the sort field, in its order.
    Valued,
    /// Records without one.
    Empty,
}

fn from(query: &ListQuery, part: Part, statement: &mut Statement) {
    statement.push("record r");
    let sort = match (&query.sort, part) {
        (Sort::Field { key, column, .. }, Part::Valued | Part::Empty) => Some((key, column.name())),
        _ => None,
    };
    if let (Some((key, _)), Part::Valued) = (sort, part) {
        statement.push(" JOIN field_index s ON s.record_id = r.id AND s.register = ");
        statement
            .bind(&query.register)
            .push(" AND s.field = ")
            .bind(key);
    }
    statement.push(" WHERE r.register = ").bind(&query.register);
    match (sort, part) {
        (Some((_, column)), Part::Valued) => {
            statement.push(&format!(" AND {column} IS NOT NULL"));
        }
        (Some((key, column)), _) => {
            statement
                .push(" AND NOT EXISTS (SELECT 1 FROM field_index s WHERE s.record_id = r.id AND s.field = ")
                .bind(key)
                .push(&format!(" AND {column} IS NOT NULL)"));
        }
        (None, _) => {}
    }
    query.visible.push(statement);
    for condition in &query.conditions {
        push_condition(condition, statement);
    }
}

fn order(query: &ListQuery, part: Part) -> String {
    match (&query.sort, part) {
        (
            Sort::Field {
                column, descending, ..
            },
            Part::Valued,
        ) => {
            let (column, word) = (column.name(), if *descending { " DESC" } else { "" });
            format!("{column}{word}, s.record_id{word}")
        }
        (Sort::Oldest, _) => "r.created_at, r.id".to_owned(),
        (Sort::Newest | Sort::Field { .. }, _) => "r.created_at DESC, r.id DESC".to_owned(),
    }
}

fn push_condition(condition: &Condition, statement: &mut Statement) {
    match condition {
        Condition::State(states) => {
            statement.push(" AND r.state IN (NULL");
            for state in states {
                statement.push(", ").bind(state);
            }
            statement.push(")");
        }
        Condition::Is(field, value) => {
            indexed(field, statement);
            compare(value, "=", statement);
            statement.push(")");
        }
        Condition::Between(field, low, high) => {
            indexed(field, statement);
            for (bound, operator) in [(low, ">="), (high, "<=")] {
                if let Some(value) = bound {
                    compare(value, operator, statement);
                }
            }
            statement.push(")");
        }
        Condition::LinksTo(field, to) => {
            statement
                .push(" AND EXISTS (SELECT 1 FROM link k WHERE k.from_id = r.id AND k.field = ")
                .bind(field)
                .push(" AND k.to_id = ")
                .bind(*to)
                .push(")");
        }
        Condition::Contains { words, fields } => {
            let pattern = format!("%{}%", escape(words));
            statement
                .push(" AND (r.number LIKE ")
                .bind(&pattern)
                .push(" ESCAPE '\\'");
            statement.push(
                " OR EXISTS (SELECT 1 FROM field_index x WHERE x.record_id = r.id AND x.field IN (NULL",
            );
            for field in fields {
                statement.push(", ").bind(field);
            }
            statement
                .push(") AND x.text_value LIKE ")
                .bind(&pattern)
                .push(" ESCAPE '\\'))");
        }
        Condition::Open => {
            statement.push(" AND r.open = 1");
        }
    }
}

fn indexed(field: &str, statement: &mut Statement) {
    statement
        .push(" AND EXISTS (SELECT 1 FROM field_index x WHERE x.record_id = r.id AND x.field = ")
        .bind(field);
}

fn compare(value: &IndexValue, operator: &str, statement: &mut Statement) {
    match value {
        IndexValue::Text(x) => {
            statement
                .push(" AND x.text_value ")
                .push(operator)
                .push(" ")
                .bind(x);
        }
        IndexValue::Int(x) => {
            statement
                .push(" AND x.int_value ")
                .push(operator)
                .push(" ")
                .bind(*x);
        }
    }
}

fn after(query: &ListQuery, part: Part, statement: &mut Statement) {
    let (columns, rising, value, id) = match (&query.after, &query.sort, part) {
        (
            Some(After::Row(value, id)),
            Sort::Field {
                column, descending, ..
            },
            Part::Valued,
        ) => {
            let columns = format!("{}, s.record_id", column.name());
            (columns, !descending, value.clone(), *id)
        }
        (Some(After::Row(value, id)), sort, Part::Whole) => {
            let rising = *sort == Sort::Oldest;
            ("r.created_at, r.id".to_owned(), rising, value.clone(), *id)
        }
        (Some(After::Empty(at, id)), _, Part::Empty) => (
            "r.created_at, r.id".to_owned(),
            false,
            IndexValue::Int(*at),
            *id,
        ),
        // another part has its beginning
        _ => return,
    };
    let operator = if rising { ">" } else { "<" };
    // WHY: a row value is one index seek on both databases; `a < x OR (a = x AND …)` is not
    statement.push(&format!(" AND ({columns}) {operator} ("));
    match value {
        IndexValue::Text(x) => statement.bind(Value::from(x)),
        IndexValue::Int(x) => statement.bind(Value::from(x)),
    };
    statement.push(", ").bind(id).push(")");
}

fn escape(words: &str) -> String {
    words
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}
