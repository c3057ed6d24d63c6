//! Versions: the truth. Append-only and sealed; the log commits to each of them.

use crate::{Error, Tx, Write, rows::Row, values};
use domain::{EntryId, RecordId, VersionId};
use jiff::Timestamp;

/// A version to be added; `sealed` holds salt and content under the record's own key.
#[derive(Clone, Debug)]
pub struct NewVersion<'x> {
    /// Its id, which the commitment names.
    pub id: VersionId,
    /// The record.
    pub record: RecordId,
    /// Its version number.
    pub version: i64,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who did it, as the log names them.
    pub actor: &'x str,
    /// Which action.
    pub action: &'x str,
    /// State after it.
    pub state: &'x str,
    /// Version of the definition it was made under.
    pub definition: i64,
    /// Sealed salt and content.
    pub sealed: &'x [u8],
    /// Salted commitment, hex.
    pub commitment: &'x str,
    /// The log entry that carries the commitment.
    pub entry: EntryId,
}

/// A stored version.
#[derive(Clone, Debug)]
pub struct VersionRow {
    /// Its id, which the commitment names.
    pub id: VersionId,
    /// The record.
    pub record: RecordId,
    /// Its version number.
    pub version: i64,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who did it, as the log names them.
    pub actor: String,
    /// Which action.
    pub action: String,
    /// State after it.
    pub state: String,
    /// Version of the definition it was made under.
    pub definition: i64,
    /// Sealed salt and content.
    pub sealed: Vec<u8>,
    /// Salted commitment, hex.
    pub commitment: String,
    /// The log entry that carries the commitment.
    pub entry: EntryId,
}

const COLUMNS: &str =
    "record_id, version, at, actor, action, state, sealed, commitment, entry_id, id, definition";

fn version(row: &Row) -> Result<VersionRow, Error> {
    Ok(VersionRow {
        record: row.parse(0)?,
        version: row.int(1)?,
        at: row.instant(2)?,
        actor: row.text(3)?,
        action: row.text(4)?,
        state: row.text(5)?,
        sealed: row.blob(6)?,
        commitment: row.text(7)?,
        entry: row.parse(8)?,
        id: row.parse(9)?,
        definition: row.int(10)?,
    })
}

impl Tx<'_> {
    /// All versions of a record, oldest first.
    pub fn versions(&mut self, record: RecordId) -> Result<Vec<VersionRow>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM version WHERE record_id = $1 ORDER BY version LIMIT 10000"
        );
        self.query(&text, values![record])?
            .iter()
            .map(version)
            .collect()
    }

    /// A page of all versions in the order of their keys, for checking.
    pub fn versions_after(
        &mut self,
        after: Option<(RecordId, i64)>,
        limit: i64,
    ) -> Result<Vec<VersionRow>, Error> {
        let (record, number) = after.map_or((String::new(), 0), |(r, n)| (r.to_string(), n));
        let text = format!(
            "SELECT {COLUMNS} FROM version WHERE (record_id, version) > ($1, $2) \
             ORDER BY record_id, version LIMIT $3"
        );
        self.query(&text, values![record, number, limit])?
            .iter()
            .map(version)
            .collect()
    }

    /// Records of a register, oldest first, whose newest version was made under an older definition; each with
    /// its place, behind which to go on.
    pub fn records_behind(
        &mut self,
        register: &str,
        definition: i64,
        (after, limit): (Option<(i64, RecordId)>, i64),
    ) -> Result<Vec<(i64, RecordId)>, Error> {
        let (at, id) = after.map_or((i64::MIN, String::new()), |(at, id)| (at, id.to_string()));
        self.query(
            "SELECT r.created_at, r.id FROM record r \
             JOIN version v ON v.record_id = r.id AND v.version = r.version \
             WHERE r.register = $1 AND v.definition < $2 AND (r.created_at, r.id) > ($3, $4) \
             ORDER BY r.created_at, r.id LIMIT $5",
            values![register, definition, at, id, limit],
        )?
        .iter()
        .map(|row| Ok((row.int(0)?, row.parse(1)?)))
        .collect()
    }

    /// The definition that a version was made under, by its number.
    pub fn version_definition(
        &mut self,
        record: RecordId,
        version: i64,
    ) -> Result<Option<i64>, Error> {
        self.query_one(
            "SELECT definition FROM version WHERE record_id = $1 AND version = $2",
            values![record, version],
        )?
        .map(|row| row.int(0))
        .transpose()
    }

    /// The entry of a version.
    pub fn version_entry(
        &mut self,
        record: RecordId,
        version: i64,
    ) -> Result<Option<EntryId>, Error> {
        self.query_one(
            "SELECT entry_id FROM version WHERE record_id = $1 AND version = $2",
            values![record, version],
        )?
        .map(|row| row.parse(0))
        .transpose()
    }
}

impl Write<'_, '_> {
    /// Adds a version.
    pub fn insert_version(&mut self, new: &NewVersion<'_>) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO version (record_id, version, at, actor, action, state, definition, sealed, \
             commitment, entry_id, id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            values![
                new.record,
                new.version,
                new.at,
                new.actor,
                new.action,
                new.state,
                new.definition,
                new.sealed,
                new.commitment,
                new.entry,
                new.id
            ],
        )?;
        Ok(())
    }
}
