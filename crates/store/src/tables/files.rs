//! Files: what the vault holds for which record. Names are sealed like the content.

use crate::{
    Error, Keep, Tx, Write,
    rows::{Row, Statement},
    values,
};
use domain::{AccountId, FileId, ObjectId, RecordId};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// A stored file.
#[derive(Clone, Debug)]
pub struct FileRow {
    /// Its id.
    pub id: FileId,
    /// The record it belongs to; none while it is only uploaded.
    pub record: Option<RecordId>,
    /// The vault's object.
    pub object: ObjectId,
    /// The sealed name.
    pub sealed_name: Vec<u8>,
    /// Media type as told.
    pub media_type: String,
    /// Size of the plain content in bytes.
    pub size: i64,
    /// SHA-256 of the plain content, hex.
    pub sha256: String,
    /// Who uploaded it.
    pub created_by: AccountId,
    /// When.
    pub created_at: Timestamp,
    /// Key-encryption key the content was sealed under, canonical.
    pub kek: String,
    /// Label the content was sealed under, canonical.
    pub binding: String,
    /// Names the sealing, so that a replaced object is noticed.
    pub seal: Vec<u8>,
    /// When its key was erased.
    pub erased_at: Option<Timestamp>,
}

/// Uploads that belong to no record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unattached {
    /// How many of them one account has.
    pub own_files: u64,
    /// How much they hold together, in bytes.
    pub own_bytes: u64,
    /// How much those of everybody hold together, in bytes.
    pub all_bytes: u64,
}

pub(super) const COLUMNS: &str = "id, record_id, object_id, sealed_name, media_type, size, sha256, created_by, \
     created_at, erased_at, kek, binding, seal";

pub(super) fn file(row: &Row) -> Result<FileRow, Error> {
    Ok(FileRow {
        id: row.parse(0)?,
        record: row.opt_parse(1)?,
        object: row.parse(2)?,
        sealed_name: row.blob(3)?,
        media_type: row.text(4)?,
        size: row.int(5)?,
        sha256: row.text(6)?,
        created_by: row.parse(7)?,
        created_at: row.instant(8)?,
        erased_at: row.opt_instant(9)?,
        kek: row.text(10)?,
        binding: row.text(11)?,
        seal: row.blob(12)?,
    })
}

impl Tx<'_> {
    /// A file by id.
    pub fn file(&mut self, id: FileId) -> Result<Option<FileRow>, Error> {
        let text = format!("SELECT {COLUMNS} FROM file WHERE id = $1");
        self.query_one(&text, values![id])?
            .as_ref()
            .map(file)
            .transpose()
    }

    /// Every file of a record whose key is still there, however many were ever attached.
    pub fn files_to_erase(&mut self, record: RecordId) -> Result<Vec<FileRow>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM file WHERE record_id = $1 AND erased_at IS NULL \
             ORDER BY created_at, id"
        );
        self.query(&text, values![record])?
            .iter()
            .map(file)
            .collect()
    }

    /// Files of a record, oldest first.
    pub fn files(&mut self, record: RecordId) -> Result<Vec<FileRow>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM file WHERE record_id = $1 ORDER BY created_at, id LIMIT 1000"
        );
        self.query(&text, values![record])?
            .iter()
            .map(file)
            .collect()
    }
}

impl Tx<'_> {
    /// What lies here that belongs to no record, an account's own and everybody's.
    pub fn unattached(&mut self, account: AccountId) -> Result<Unattached, Error> {
        let row = self.query_one(
            "SELECT CAST(coalesce(sum(CASE WHEN created_by = $1 THEN 1 ELSE 0 END), 0) AS BIGINT), \
             CAST(coalesce(sum(CASE WHEN created_by = $1 THEN size ELSE 0 END), 0) AS BIGINT), \
             CAST(coalesce(sum(size), 0) AS BIGINT) FROM file WHERE record_id IS NULL",
            values![account],
        )?;
        let Some(row) = row else {
            return Ok(Unattached::default());
        };
        // nothing that is counted is negative
        let count = |column| Ok::<_, Error>(row.int(column)?.unsigned_abs());
        Ok(Unattached {
            own_files: count(0)?,
            own_bytes: count(1)?,
            all_bytes: count(2)?,
        })
    }

    /// Erases again the keys of every erased file: a crash between the commit and the erasure, or a
    /// key file put back from a copy, must not bring content back. Tells how many there are.
    pub fn replay_erasures(&mut self) -> Result<usize, Error> {
        let erased = self.query(
            "SELECT object_id FROM file WHERE erased_at IS NOT NULL",
            &[],
        )?;
        for row in &erased {
            Write { tx: self }.erase_object_key(&row.text(0)?)?;
        }
        Ok(erased.len())
    }

    /// Erases again the keys of these objects, which the log says were erased.
    pub fn erase_again(&mut self, objects: &[ObjectId]) -> Result<(), Error> {
        for object in objects {
            Write { tx: self }.erase_object_key(&object.to_string())?;
        }
        Ok(())
    }

    /// Notes that the log says these objects were erased.
    pub fn note_erased(&mut self, objects: &[ObjectId], at: Timestamp) -> Result<(), Error> {
        for object in objects {
            self.execute(
                "UPDATE file SET erased_at = $2 WHERE object_id = $1 AND erased_at IS NULL",
                values![*object, at],
            )?;
        }
        Ok(())
    }

    /// Which of these objects a file names.
    pub fn known_objects(&mut self, objects: &[ObjectId]) -> Result<BTreeSet<ObjectId>, Error> {
        let mut statement = Statement::new("SELECT object_id FROM file WHERE object_id IN ");
        statement.list(objects.iter().copied());
        let (text, values) = statement.parts();
        self.query(text, values)?
            .iter()
            .map(|row| row.parse(0))
            .collect()
    }
}

impl Keep<'_, '_> {
    /// Forgets uploads made before an instant that belong to no record, with their keys; gives
    /// their objects, a page at a time. Those of somebody whose request waits stay: it may name them.
    pub fn forget_uploads(&mut self, before: Timestamp) -> Result<Vec<ObjectId>, Error> {
        let objects: Vec<ObjectId> = self
            .tx
            .query(
                "DELETE FROM file WHERE id IN (SELECT id FROM file WHERE record_id IS NULL \
                 AND created_at < $1 AND NOT EXISTS (SELECT 1 FROM approval WHERE requested_by = file.created_by \
                 AND state IN ('pending', 'returned')) ORDER BY id LIMIT 500) AND record_id IS NULL \
                 RETURNING object_id",
                values![before],
            )?
            .iter()
            .map(|row| row.parse(0))
            .collect::<Result<_, _>>()?;
        self.tx.erase_again(&objects)?;
        Ok(objects)
    }

    /// Notes an upload that belongs to no record yet: it is its uploader's own until then.
    pub fn insert_upload(&mut self, row: &FileRow, wrapped: &[u8]) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO file (id, object_id, sealed_name, media_type, size, sha256, created_by, created_at, kek, \
             binding, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            values![
                row.id,
                row.object,
                row.sealed_name.as_slice(),
                &row.media_type,
                row.size,
                &row.sha256,
                row.created_by,
                row.created_at,
                &row.kek,
                &row.binding,
                row.seal.as_slice()
            ],
        )?;
        Write { tx: self.tx }.put_object_key(&row.object.to_string(), wrapped)
    }
}

impl Write<'_, '_> {
    /// Gives an upload to a record, with its key wrapped anew under the record's level; false if
    /// another record has it by now, or it was swept away.
    pub fn attach_file(
        &mut self,
        id: FileId,
        object: ObjectId,
        record: RecordId,
        wrapped: &[u8],
    ) -> Result<bool, Error> {
        let touched = self.tx.execute(
            "UPDATE file SET record_id = $2 WHERE id = $1 AND (record_id IS NULL OR record_id = $2)",
            values![id, record],
        )?;
        self.put_object_key(&object.to_string(), wrapped)?;
        Ok(touched == 1)
    }

    /// Erases a file's key: the content can never be opened again.
    pub fn erase_file(&mut self, row: &FileRow, at: Timestamp) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE file SET erased_at = $2 WHERE id = $1",
            values![row.id, at],
        )?;
        self.erase_object_key(&row.object.to_string())
    }
}
