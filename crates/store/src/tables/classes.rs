//! Interned label classes: the visibility decision is made once per class, not once per record.

use crate::{Error, Tx, Write, values};
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
        let known = self.tx.query_one(
            "SELECT id FROM class WHERE digest = $1",
            values![&canonical],
        )?;
        if let Some(row) = known {
            return row.int(0);
        }
        self.tx
            .query_one(
                "INSERT INTO class (digest, body) VALUES ($1, $2) \
                 ON CONFLICT (digest) DO UPDATE SET body = excluded.body RETURNING id",
                values![&canonical, super::records::json(class)],
            )?
            .ok_or(Error::Corrupt { column: 0 })?
            .int(0)
    }
}
