//! Wrapped keys: key-encryption keys beside the data, object keys apart from it.

use crate::{Error, Tx, Write, engine::Link, rows::Row, values};

/// A stored key-encryption key.
#[derive(Clone, Debug)]
pub struct KekRow {
    /// Its id.
    pub id: String,
    /// What it is for, canonical text.
    pub scope: String,
    /// Generation of the root that wraps it.
    pub generation: i64,
    /// The wrapped key.
    pub wrapped: Vec<u8>,
}

fn kek(row: &Row) -> Result<KekRow, Error> {
    Ok(KekRow {
        id: row.text(0)?,
        scope: row.text(1)?,
        generation: row.int(2)?,
        wrapped: row.blob(3)?,
    })
}

impl Tx<'_> {
    /// All key-encryption keys.
    pub fn keks(&mut self) -> Result<Vec<KekRow>, Error> {
        self.query(
            "SELECT id, scope, generation, wrapped FROM kek ORDER BY id",
            &[],
        )?
        .iter()
        .map(kek)
        .collect()
    }

    /// The key-encryption keys of one scope. Servers that need the first one at the same time may
    /// each make one; every wrapped key names the one it is under.
    pub fn keks_of(&mut self, scope: &str) -> Result<Vec<KekRow>, Error> {
        self.query(
            "SELECT id, scope, generation, wrapped FROM kek WHERE scope = $1 ORDER BY id",
            values![scope],
        )?
        .iter()
        .map(kek)
        .collect()
    }

    /// The wrapped key of an object; none once it is erased.
    pub fn object_key(&mut self, object: &str) -> Result<Option<Vec<u8>>, Error> {
        if self.keys.erased.contains(object) {
            return Ok(None);
        }
        if let Some(wrapped) = self.keys.new.get(object) {
            return Ok(Some(wrapped.clone()));
        }
        self.stored_key(object)
    }
}

impl Write<'_, '_> {
    /// Keeps the wrapped key of an object.
    pub fn put_object_key(&mut self, object: &str, wrapped: &[u8]) -> Result<(), Error> {
        match self.tx.link {
            Link::Lite(_) => {
                self.tx.keys.put(object, wrapped);
            }
            Link::Pg(..) => {
                self.tx.execute(
                    "INSERT INTO keys.object_key (id, wrapped) VALUES ($1, $2) \
                     ON CONFLICT (id) DO UPDATE SET wrapped = excluded.wrapped",
                    values![object, wrapped],
                )?;
            }
        }
        Ok(())
    }

    /// Erases the key of an object with this commit: what it sealed can never be opened again.
    pub fn erase_object_key(&mut self, object: &str) -> Result<(), Error> {
        match self.tx.link {
            Link::Lite(_) => {
                self.tx.keys.erase(object);
            }
            Link::Pg(..) => {
                self.tx
                    .execute("DELETE FROM keys.object_key WHERE id = $1", values![object])?;
            }
        }
        Ok(())
    }
}

impl Tx<'_> {
    /// Adds a key-encryption key.
    pub fn insert_kek(&mut self, row: &KekRow) -> Result<(), Error> {
        self.execute(
            "INSERT INTO kek (id, scope, generation, wrapped) VALUES ($1, $2, $3, $4)",
            values![&row.id, &row.scope, row.generation, row.wrapped.as_slice()],
        )?;
        self.note_kek();
        Ok(())
    }
}
