//! Lists, counts and single reads as a person may see them: the visibility predicate is part of every
//! statement, so a hidden record and an absent one are answered by the same statement.

use super::records::{COLUMNS, IndexValue, RecordRow, record};
use crate::{
    Error, Tx, limits,
    rows::{Statement, Value},
};
use domain::{PersonId, RecordId};
use jiff::Timestamp;

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
    /// The number or an indexed text contains these characters.
    Contains(String),
    /// Only records not yet in a final state.
    Open,
}

/// The order of a list; the id decides between equals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Newest first.
    Newest,
    /// Oldest first.
    Oldest,
    /// By an indexed field.
    Field {
        /// Its key.
        key: String,
        /// Largest first.
        descending: bool,
    },
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
    /// Sort value and id of the last row of the page before.
    pub after: Option<(IndexValue, RecordId)>,
    /// At most so many, bounded by [`limits::PAGE`].
    pub limit: i64,
}

impl Visible {
    fn push(&self, statement: &mut Statement) {
        statement
            .push(" AND (r.class_id IN ")
            .int_list(&self.classes);
        if let (false, Some(person)) = (self.with_ground.is_empty(), self.person) {
            statement
                .push(" OR (r.class_id IN ")
                .int_list(&self.with_ground);
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
        if let Some(registers) = &self.registers {
            statement.push(" AND r.register IN (NULL");
            for register in registers {
                statement.push(", ").bind(register);
            }
            statement.push(")");
        }
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

    /// One page of a register.
    pub fn list(&mut self, query: &ListQuery) -> Result<Vec<RecordRow>, Error> {
        let mut statement = Statement::new(&format!("SELECT {COLUMNS} FROM "));
        from(query, &mut statement);
        after(query, &mut statement);
        statement.push(match &query.sort {
            Sort::Newest => " ORDER BY r.created_at DESC, r.id DESC",
            Sort::Oldest => " ORDER BY r.created_at, r.id",
            Sort::Field {
                descending: true, ..
            } => " ORDER BY s.text_value DESC, s.int_value DESC, r.id DESC",
            Sort::Field {
                descending: false, ..
            } => " ORDER BY s.text_value, s.int_value, r.id",
        });
        statement
            .push(" LIMIT ")
            .bind(query.limit.clamp(1, limits::PAGE));
        let (text, values) = statement.parts();
        self.query(text, values)?.iter().map(record).collect()
    }

    /// How many records a list has, counted exactly or only up to `cap`.
    pub fn count(&mut self, query: &ListQuery, cap: Option<i64>) -> Result<i64, Error> {
        let mut inner = Statement::new("SELECT count(*) FROM (SELECT 1 FROM ");
        from(query, &mut inner);
        if let Some(cap) = cap {
            inner.push(" LIMIT ").bind(cap);
        }
        inner.push(") AS c");
        let (text, values) = inner.parts();
        self.query_one(text, values)?
            .map_or(Ok(0), |row| row.int(0))
    }
}

fn from(query: &ListQuery, statement: &mut Statement) {
    statement.push("record r");
    if let Sort::Field { key, .. } = &query.sort {
        statement
            .push(" JOIN field_index s ON s.record_id = r.id AND s.field = ")
            .bind(key);
    }
    statement.push(" WHERE r.register = ").bind(&query.register);
    query.visible.push(statement);
    for condition in &query.conditions {
        push_condition(condition, statement);
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
        Condition::Contains(words) => {
            let pattern = format!("%{}%", escape(words));
            statement
                .push(" AND (r.number LIKE ")
                .bind(&pattern)
                .push(" ESCAPE '\\'");
            statement
                .push(" OR EXISTS (SELECT 1 FROM field_index x WHERE x.record_id = r.id AND x.text_value LIKE ")
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

fn after(query: &ListQuery, statement: &mut Statement) {
    let Some((value, id)) = &query.after else {
        return;
    };
    let column = match (&query.sort, value) {
        (Sort::Newest | Sort::Oldest, _) => "r.created_at",
        (Sort::Field { .. }, IndexValue::Text(_)) => "s.text_value",
        (Sort::Field { .. }, IndexValue::Int(_)) => "s.int_value",
    };
    let operator = match &query.sort {
        Sort::Newest
        | Sort::Field {
            descending: true, ..
        } => "<",
        Sort::Oldest
        | Sort::Field {
            descending: false, ..
        } => ">",
    };
    // WHY: a row value is one index seek on both databases; `a < x OR (a = x AND …)` is not
    statement.push(&format!(" AND ({column}, r.id) {operator} ("));
    match value {
        IndexValue::Text(x) => statement.bind(Value::from(x)),
        IndexValue::Int(x) => statement.bind(Value::from(*x)),
    };
    statement.push(", ").bind(*id).push(")");
}

fn escape(words: &str) -> String {
    words
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}
