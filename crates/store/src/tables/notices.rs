//! Notices: what the product told a person about a record.

use super::search::Visible;
use crate::{
    Error, Tx, Write, limits,
    rows::{Dialect, Row, Statement},
    values,
};
use domain::{PersonId, RecordId};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Where a notice stands among those of its person: when, about which record, of which kind.
pub type NoticePlace = (Timestamp, RecordId, String);

/// A notice, with what is shown of its record.
#[derive(Clone, Debug)]
pub struct NoticeRow {
    /// The record it is about.
    pub record: RecordId,
    /// That record's register.
    pub register: String,
    /// That record's number.
    pub number: Option<String>,
    /// What it tells.
    pub kind: String,
    /// When it was given.
    pub at: Timestamp,
}

/// Which notices.
#[derive(Clone, Debug)]
pub struct NoticeQuery {
    /// What their reader may see.
    pub visible: Visible,
    /// Who was told; nobody is told without being somebody.
    pub person: Option<PersonId>,
    /// Where the last one of the page before stands.
    pub after: Option<NoticePlace>,
    /// At most so many, bounded by [`limits::PAGE`].
    pub limit: i64,
}

fn notice(row: &Row) -> Result<NoticeRow, Error> {
    Ok(NoticeRow {
        record: row.parse(0)?,
        register: row.text(1)?,
        number: row.opt_text(2)?,
        kind: row.text(3)?,
        at: row.instant(4)?,
    })
}

impl Tx<'_> {
    /// A page of the notices given to a person whose records they may see, newest first.
    pub fn notices(&mut self, query: &NoticeQuery) -> Result<Vec<NoticeRow>, Error> {
        let mut statement =
            Statement::new("SELECT n.record_id, r.register, r.number, n.kind, n.at");
        given_to(query, self.dialect(), &mut statement);
        if let Some((at, record, kind)) = &query.after {
            statement
                .push(" AND (n.at, n.record_id, n.kind) < (")
                .bind(*at);
            statement.push(", ").bind(*record);
            statement.push(", ").bind(kind).push(")");
        }
        statement
            .push(" ORDER BY n.at DESC, n.record_id DESC, n.kind DESC LIMIT ")
            .bind(query.limit.clamp(1, limits::PAGE));
        let (text, values) = statement.parts();
        self.query(text, values)?.iter().map(notice).collect()
    }

    /// Those of these persons who were told something since an instant.
    pub fn noticed_since(
        &mut self,
        persons: &[PersonId],
        since: Timestamp,
    ) -> Result<BTreeSet<PersonId>, Error> {
        let mut statement =
            Statement::new("SELECT DISTINCT n.person_id FROM notice n WHERE n.person_id IN ");
        statement
            .list(persons.iter().copied())
            .push(" AND n.at >= ")
            .bind(since);
        let (text, values) = statement.parts();
        self.query(text, values)?
            .iter()
            .map(|row| row.parse(0))
            .collect()
    }

    /// How many there are, counted exactly or only up to `cap`.
    pub fn notice_count(&mut self, query: &NoticeQuery, cap: Option<i64>) -> Result<i64, Error> {
        self.tally(cap, |dialect, statement| {
            given_to(query, dialect, statement)
        })
    }
}

fn given_to(query: &NoticeQuery, dialect: Dialect, statement: &mut Statement) {
    let person = query.person.map(|person| person.to_string());
    statement
        .push(" FROM notice n JOIN record r ON r.id = n.record_id WHERE n.person_id = ")
        .bind(person.unwrap_or_default());
    query.visible.push(dialect, statement);
}

impl Write<'_, '_> {
    /// Tells a person something about a record.
    pub fn put_notice(
        &mut self,
        person: PersonId,
        record: RecordId,
        kind: &str,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO notice (person_id, record_id, kind, at) VALUES ($1, $2, $3, $4)",
            values![person, record, kind, at],
        )?;
        Ok(())
    }
}
