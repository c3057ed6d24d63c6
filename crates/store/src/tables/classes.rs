//! Interned label classes: the visibility decision is made once per class, not once per record.
//!
//! A stored class never changes and no committed id is given twice, so whoever keeps classes in
//! memory may keep what a reader saw, and only that: what a change sees of itself or of others in
//! its batch can still be taken back, and its id given to another class.

use crate::{Error, Tx, Write, rows::Dialect, values};
use domain::LabelClass;

/// Which other transactions a snapshot was taken beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    /// Every transaction with a number below this one had ended.
    pub ended_below: i64,
    /// No transaction had yet begun under this number or a higher one.
    pub begun_below: i64,
}

impl Tx<'_> {
    /// Classes with an id above `last`, and those of `missing` that have come to be, by id.
    pub fn classes_beyond(
        &mut self,
        last: i64,
        missing: &[i64],
    ) -> Result<Vec<(i64, LabelClass)>, Error> {
        let mut statement = crate::rows::Statement::new("SELECT id, body FROM class WHERE id > ");
        statement.bind(last);
        // WHY: every request asks this, and with the list it costs several times as much
        if !missing.is_empty() {
            statement.push(" OR id IN ").list(missing.iter().copied());
        }
        statement.push(" ORDER BY id");
        let (text, values) = statement.parts();
        self.query(text, values)?
            .iter()
            .map(|row| Ok((row.int(0)?, row.json(1)?)))
            .collect()
    }

    /// Which transactions this reader's snapshot was taken beside. On `SQLite` there is one writer,
    /// so ids become visible in their order and nothing is ever waited for.
    pub fn beside(&mut self) -> Result<Beside, Error> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(Beside {
                ended_below: 0,
                begun_below: 0,
            });
        }
        let row = self
            .query_one(
                "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint \
                 FROM pg_current_snapshot() AS s",
                &[],
            )?
            .ok_or(Error::Corrupt { column: 0 })?;
        Ok(Beside {
            ended_below: row.int(0)?,
            begun_below: row.int(1)?,
        })
    }

    /// One class.
    pub fn class(&mut self, id: i64) -> Result<Option<LabelClass>, Error> {
        self.query_one("SELECT body FROM class WHERE id = $1", values![id])?
            .map(|row| row.json(0))
            .transpose()
    }
}

impl Write<'_, '_> {
    /// The id of a class, new or known.
    pub fn intern_class(&mut self, class: &LabelClass) -> Result<i64, Error> {
        let canonical = class.canonical();
        if let Some(id) = self.class_id(&canonical)? {
            return Ok(id);
        }
        let body = super::records::json(class);
        let text = match self.tx.dialect() {
            Dialect::Sqlite => {
                "INSERT INTO class (id, digest, body) \
                 SELECT COALESCE(MAX(id), 0) + 1, $1, $2 FROM class RETURNING id"
            }
            Dialect::Postgres => {
                // INVARIANT: a transaction has its number before it draws an id; by that number
                // readers know whether an id below one they see can still come (see `beside`)
                self.tx.query("SELECT pg_current_xact_id()::text", &[])?;
                "INSERT INTO class (digest, body) VALUES ($1, $2) \
                 ON CONFLICT (digest) DO UPDATE SET digest = excluded.digest RETURNING id"
            }
        };
        self.tx
            .query_one(text, values![&canonical, body])?
            .ok_or(Error::Corrupt { column: 0 })?
            .int(0)
    }

    fn class_id(&mut self, canonical: &str) -> Result<Option<i64>, Error> {
        self.tx
            .query_one("SELECT id FROM class WHERE digest = $1", values![canonical])?
            .map(|row| row.int(0))
            .transpose()
    }
}
