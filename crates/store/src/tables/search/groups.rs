//! Counting a list by groups, in one statement: what the board shows, under the predicate of the list itself.

use super::{Column, arms::Query};
use crate::rows::{Statement, Value};
use jiff::Timestamp;

/// By what the records of a list are told apart.
#[derive(Clone, Debug)]
pub enum Group {
    /// By nothing: one number.
    All,
    /// By their states.
    State,
    /// By the classes of their labels.
    Class,
    /// By the value of an indexed field.
    Field(String, Column),
    /// By what a field links to.
    Link(String),
    /// By an indexed field of what a link leads to.
    Over(String, String, Column),
    /// By how a deadline stands at an instant.
    Clock(String, Timestamp),
    /// By stretches of the time at which they were recorded, or of an indexed field.
    Months(Months),
}

/// Stretches of time, each from one bound to before the next.
#[derive(Clone, Debug)]
pub struct Months {
    /// The field; none = when the record was recorded.
    pub field: Option<(String, Column)>,
    /// The bounds, ascending: days as texts, instants as milliseconds. A stretch goes by its number from 1;
    /// 0 is before them all.
    pub bounds: Vec<Value>,
}

/// How a deadline of the record `r` stands: the one that runs and is due first, else the one stopped last.
pub(super) fn push_stand(key: &str, now: Timestamp, statement: &mut Statement) {
    statement
        .push("(SELECT CASE WHEN c.stopped_at IS NULL THEN CASE WHEN c.due_at > ")
        .bind(now)
        .push(
            " THEN 'running' ELSE 'overdue' END WHEN c.stopped_at <= c.due_at THEN 'met' ELSE 'late' END \
             FROM clock c WHERE c.record_id = r.id AND c.key = ",
        )
        .bind(key)
        .push(
            " ORDER BY CASE WHEN c.stopped_at IS NULL THEN 0 ELSE 1 END, \
             CASE WHEN c.stopped_at IS NULL THEN c.due_at ELSE -c.stopped_at END LIMIT 1)",
        );
}

fn value(column: Column) -> &'static str {
    match column {
        Column::Text => "(x.text_value)",
        Column::Int => "CAST(x.int_value AS TEXT)",
    }
}

fn push_stretches(of: &str, bounds: &[Value], statement: &mut Statement) {
    statement.push("CASE");
    for (number, bound) in bounds.iter().enumerate() {
        statement
            .push(&format!(" WHEN {of} < "))
            .bind(bound.clone());
        statement.push(&format!(" THEN '{number}'"));
    }
    statement.push(&format!(" ELSE '{}' END", bounds.len()));
}

impl Group {
    /// The text that a record `r` is grouped by.
    fn push(&self, statement: &mut Statement) {
        match self {
            Self::All => {
                statement.push("''");
            }
            Self::State => {
                statement.push("(r.state)");
            }
            Self::Class => {
                statement.push("CAST(r.class_id AS TEXT)");
            }
            Self::Field(field, column) => {
                push_field(value(*column), field, statement);
            }
            Self::Link(field) => {
                statement
                    .push("(SELECT MIN(k.to_id) FROM link k WHERE k.from_id = r.id AND k.field = ")
                    .bind(field)
                    .push(")");
            }
            Self::Over(link, field, column) => {
                statement
                    .push(&format!(
                        "(SELECT MIN({}) FROM link k JOIN field_index x ON x.record_id = k.to_id \
                         WHERE k.from_id = r.id AND k.field = ",
                        value(*column)
                    ))
                    .bind(link)
                    .push(" AND x.field = ")
                    .bind(field)
                    .push(")");
            }
            Self::Clock(key, now) => push_stand(key, *now, statement),
            Self::Months(Months { field, bounds }) => match field {
                None => push_stretches("r.created_at", bounds, statement),
                Some((field, column)) => {
                    let of = match column {
                        Column::Text => "(x.text_value)",
                        Column::Int => "(x.int_value)",
                    };
                    statement.push("(SELECT ");
                    push_stretches(of, bounds, statement);
                    push_of_field(field, statement);
                }
            },
        }
    }
}

fn push_field(value: &str, field: &str, statement: &mut Statement) {
    statement.push(&format!("(SELECT {value}"));
    push_of_field(field, statement);
}

fn push_of_field(field: &str, statement: &mut Statement) {
    statement
        .push(" FROM field_index x WHERE x.record_id = r.id AND x.field = ")
        .bind(field)
        .push(")");
}

impl Query<'_> {
    /// How many records there are in each group, of the first so many that are met.
    pub(super) fn grouped(&self, group: &Group, cap: i64) -> Statement {
        let mut statement = Statement::new("SELECT g, count(*) FROM (");
        self.push_each(|statement| group.push(statement), &mut statement);
        statement.push(" LIMIT ").bind(cap);
        statement.push(") AS c GROUP BY g ORDER BY g");
        statement
    }
}
