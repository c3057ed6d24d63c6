//! Interned label classes: the visibility decision is made once per class, not once per record.

use crate::{Error, Tx, Write, rows::Dialect, values};
use domain::LabelClass;

impl Tx<'_> {
    /// All classes with an id above `after`, for the decision cache.
    pub fn classes_after(&mut self, after: i64) -> Result<Vec<(i64, LabelClass)>, Error> {
        self.query(
            "SELECT id, body FROM class WHERE id > $1 ORDER BY id",
            values![after],
        )?
        .iter()
        .map(|row| Ok((row.int(0)?, row.json(1)?)))
        .collect()
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
        match self.tx.dialect() {
            Dialect::Sqlite => {
                let id = self.next_class_id()?;
                self.tx.execute(
                    "INSERT INTO class (id, digest, body) VALUES ($1, $2, $3)",
                    values![id, &canonical, body],
                )?;
                Ok(id)
            }
            Dialect::Postgres => {
                // WHY: ids must become visible in their order, for caches ask only for higher ones
                self.tx
                    .query("SELECT pg_advisory_xact_lock(5220142)::text", &[])?;
                if let Some(id) = self.class_id(&canonical)? {
                    return Ok(id);
                }
                self.tx
                    .query_one(
                        "INSERT INTO class (digest, body) VALUES ($1, $2) RETURNING id",
                        values![&canonical, body],
                    )?
                    .ok_or(Error::Corrupt { column: 0 })?
                    .int(0)
            }
        }
    }

    fn class_id(&mut self, canonical: &str) -> Result<Option<i64>, Error> {
        self.tx
            .query_one("SELECT id FROM class WHERE digest = $1", values![canonical])?
            .map(|row| row.int(0))
            .transpose()
    }

    /// WHY: an id that was given and taken back is never given again, for a cache may know it already
    fn next_class_id(&mut self) -> Result<i64, Error> {
        let stored = self
            .tx
            .query_one("SELECT COALESCE(MAX(id), 0) FROM class", &[])?
            .map_or(Ok(0), |row| row.int(0))?;
        let top = self.tx.class_top.map_or(0, std::cell::Cell::get);
        let next = stored.max(top) + 1;
        if let Some(top) = self.tx.class_top {
            top.set(next);
        }
        Ok(next)
    }
}
