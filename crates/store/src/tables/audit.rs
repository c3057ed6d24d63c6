//! What `check` reads: every table that is derived from versions, movements or the log, in pages and
//! in the order of its key, so that a check of any size needs no more memory than one page.

use super::{IndexValue, Indexed, MovementRow, approvals, custody};
use crate::{
    Error, Tx,
    rows::{Row, Statement},
    values,
};
use domain::{EntryId, FileId, PersonId, RecordId, VersionId};
use jiff::Timestamp;

/// A ground as stored.
#[derive(Clone, Debug)]
pub struct GroundRow {
    /// The record that may be known.
    pub record: RecordId,
    /// Who may know it.
    pub person: PersonId,
    /// Why.
    pub kind: String,
    /// The record or approval that gave it.
    pub cause: RecordId,
    /// Until when.
    pub until: Option<Timestamp>,
}

/// A unique value as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UniqueRow {
    /// Key of the register.
    pub register: String,
    /// Key of the field.
    pub field: String,
    /// The label class among whose records it is unique.
    pub class: i64,
    /// The value.
    pub value: String,
    /// Whose it is.
    pub record: RecordId,
}

/// A row of the knowledge record.
#[derive(Clone, Debug)]
pub struct KnowledgeRow {
    /// What is known.
    pub item: RecordId,
    /// Who knows it.
    pub person: PersonId,
    /// How they came to know it.
    pub how: String,
    /// Since when.
    pub at: Timestamp,
    /// The entry that entered it.
    pub entry: EntryId,
}

fn indexed(row: &Row) -> Result<(String, Indexed), Error> {
    let value = match row.opt_int(2)? {
        Some(int) => IndexValue::Int(int),
        None => IndexValue::Text(row.text(1)?),
    };
    let reading = row.opt_text(3)?;
    Ok((row.text(0)?, Indexed { value, reading }))
}

fn ground(row: &Row) -> Result<GroundRow, Error> {
    Ok(GroundRow {
        record: row.parse(0)?,
        person: row.parse(1)?,
        kind: row.text(2)?,
        cause: row.parse(3)?,
        until: row.opt_instant(4)?,
    })
}

impl Tx<'_> {
    /// Records that have no version at all.
    pub fn records_without_version(&mut self) -> Result<Vec<RecordId>, Error> {
        self.query(
            "SELECT r.id FROM record r WHERE NOT EXISTS \
             (SELECT 1 FROM version v WHERE v.record_id = r.id) ORDER BY r.id LIMIT 1000",
            &[],
        )?
        .iter()
        .map(|row| row.parse(0))
        .collect()
    }

    /// Which of these versions there are, each with its entry.
    pub fn entries_of_versions(
        &mut self,
        ids: &[VersionId],
    ) -> Result<Vec<(VersionId, EntryId)>, Error> {
        let mut statement = Statement::new("SELECT id, entry_id FROM version WHERE id IN (");
        for (place, id) in ids.iter().enumerate() {
            statement.push(if place == 0 { "" } else { ", " });
            statement.bind(*id);
        }
        statement.push(if ids.is_empty() { "NULL)" } else { ")" });
        let (text, values) = statement.parts();
        self.query(text, values)?
            .iter()
            .map(|row| Ok((row.parse(0)?, row.parse(1)?)))
            .collect()
    }

    /// The links of a record: field and target.
    pub fn links_of(&mut self, record: RecordId) -> Result<Vec<(String, RecordId)>, Error> {
        self.query(
            "SELECT field, to_id FROM link WHERE from_id = $1 ORDER BY field, to_id",
            values![record],
        )?
        .iter()
        .map(|row| Ok((row.text(0)?, row.parse(1)?)))
        .collect()
    }

    /// What the index keeps of a record, by field; fields without a value left out.
    pub fn index_of(&mut self, record: RecordId) -> Result<Vec<(String, Indexed)>, Error> {
        self.query(
            "SELECT field, text_value, int_value, reading FROM field_index WHERE record_id = $1 \
             AND (text_value IS NOT NULL OR int_value IS NOT NULL) ORDER BY field",
            values![record],
        )?
        .iter()
        .map(indexed)
        .collect()
    }

    /// A page of unique values.
    pub fn unique_after(
        &mut self,
        after: Option<&UniqueRow>,
        limit: i64,
    ) -> Result<Vec<UniqueRow>, Error> {
        let (register, field, class, value) = after.map_or(("", "", 0, ""), |row| {
            (
                row.register.as_str(),
                row.field.as_str(),
                row.class,
                row.value.as_str(),
            )
        });
        self.query(
            "SELECT register, field, class_id, value, record_id FROM unique_value \
             WHERE (register, field, class_id, value) > ($1, $2, $3, $4) \
             ORDER BY register, field, class_id, value LIMIT $5",
            values![register, field, class, value, limit],
        )?
        .iter()
        .map(|row| {
            Ok(UniqueRow {
                register: row.text(0)?,
                field: row.text(1)?,
                class: row.int(2)?,
                value: row.text(3)?,
                record: row.parse(4)?,
            })
        })
        .collect()
    }

    /// What a record has reserved: target and field.
    pub fn reservations_of(&mut self, record: RecordId) -> Result<Vec<(RecordId, String)>, Error> {
        self.query(
            "SELECT target_id, field FROM reservation WHERE record_id = $1 ORDER BY target_id",
            values![record],
        )?
        .iter()
        .map(|row| Ok((row.parse(0)?, row.text(1)?)))
        .collect()
    }

    /// Grounds on a record.
    pub fn grounds_on(&mut self, record: RecordId) -> Result<Vec<GroundRow>, Error> {
        self.query(
            "SELECT record_id, person_id, kind, cause_id, until FROM ground WHERE record_id = $1 \
             ORDER BY person_id, kind, cause_id",
            values![record],
        )?
        .iter()
        .map(ground)
        .collect()
    }

    /// Grounds on what is no record.
    pub fn grounds_astray(&mut self) -> Result<Vec<GroundRow>, Error> {
        self.query(
            "SELECT record_id, person_id, kind, cause_id, until FROM ground g WHERE NOT EXISTS \
             (SELECT 1 FROM record r WHERE r.id = g.record_id) \
             ORDER BY record_id, person_id, kind, cause_id LIMIT 1000",
            &[],
        )?
        .iter()
        .map(ground)
        .collect()
    }

    /// The record of an approval, and its state.
    pub fn approval_state(
        &mut self,
        id: domain::ApprovalId,
    ) -> Result<Option<(RecordId, String)>, Error> {
        self.query_one(
            "SELECT record_id, state FROM approval WHERE id = $1",
            values![id],
        )?
        .map(|row| Ok((row.parse(0)?, row.text(1)?)))
        .transpose()
    }

    /// A page of all approvals.
    pub fn approvals_after(
        &mut self,
        after: Option<domain::ApprovalId>,
        limit: i64,
    ) -> Result<Vec<super::ApprovalRow>, Error> {
        let after = after.map_or(String::new(), |id| id.to_string());
        let text = format!(
            "SELECT {} FROM approval a WHERE a.id > $1 ORDER BY a.id LIMIT $2",
            approvals::COLUMNS
        );
        self.query(&text, values![after, limit])?
            .iter()
            .map(approvals::approval)
            .collect()
    }

    /// A page of the knowledge record.
    pub fn knowledge_after(
        &mut self,
        after: Option<&KnowledgeRow>,
        limit: i64,
    ) -> Result<Vec<KnowledgeRow>, Error> {
        let (item, person, how, at) = after.map_or_else(
            || (String::new(), String::new(), "", i64::MIN),
            |row| {
                let ids = (row.item.to_string(), row.person.to_string());
                (ids.0, ids.1, row.how.as_str(), row.at.as_millisecond())
            },
        );
        self.query(
            "SELECT item_id, person_id, how, at, entry_id FROM knowledge \
             WHERE (item_id, person_id, how, at) > ($1, $2, $3, $4) \
             ORDER BY item_id, person_id, how, at LIMIT $5",
            values![item, person, how, at, limit],
        )?
        .iter()
        .map(|row| {
            Ok(KnowledgeRow {
                item: row.parse(0)?,
                person: row.parse(1)?,
                how: row.text(2)?,
                at: row.instant(3)?,
                entry: row.parse(4)?,
            })
        })
        .collect()
    }

    /// Whether the knowledge record has this.
    pub fn has_knowledge(
        &mut self,
        item: RecordId,
        person: PersonId,
        how: &str,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let found = self.query_one(
            "SELECT 1 FROM knowledge WHERE item_id = $1 AND person_id = $2 AND how = $3 AND at = $4",
            values![item, person, how, at],
        )?;
        Ok(found.is_some())
    }

    /// Every series of numbers and how far it is.
    pub fn counters(&mut self) -> Result<Vec<(String, i64)>, Error> {
        self.query("SELECT series, value FROM counter ORDER BY series", &[])?
            .iter()
            .map(|row| Ok((row.text(0)?, row.int(1)?)))
            .collect()
    }

    /// A page of all movements, copy by copy, oldest first.
    pub fn movements_after(
        &mut self,
        after: Option<(RecordId, i64)>,
        limit: i64,
    ) -> Result<Vec<(i64, MovementRow)>, Error> {
        let (copy, id) = after.map_or((String::new(), 0), |(copy, id)| (copy.to_string(), id));
        let text = format!(
            "SELECT {}, id FROM movement WHERE (copy_id, id) > ($1, $2) ORDER BY copy_id, id LIMIT $3",
            custody::MOVEMENT
        );
        self.query(&text, values![copy, id, limit])?
            .iter()
            .map(|row| Ok((row.int(11)?, custody::movement(row)?)))
            .collect()
    }

    /// A page of all holdings.
    pub fn holdings_after(
        &mut self,
        after: Option<RecordId>,
        limit: i64,
    ) -> Result<Vec<super::HoldingRow>, Error> {
        let after = after.map_or(String::new(), |copy| copy.to_string());
        let text = format!(
            "SELECT {} FROM holding WHERE copy_id > $1 ORDER BY copy_id LIMIT $2",
            custody::HOLDING
        );
        self.query(&text, values![after, limit])?
            .iter()
            .map(custody::holding)
            .collect()
    }

    /// Whether an entry has its movement of a copy.
    pub fn has_movement(&mut self, copy: RecordId, entry: EntryId) -> Result<bool, Error> {
        let found = self.query_one(
            "SELECT 1 FROM movement WHERE copy_id = $1 AND entry_id = $2",
            values![copy, entry],
        )?;
        Ok(found.is_some())
    }

    /// A page of all files.
    pub fn files_after(
        &mut self,
        after: Option<FileId>,
        limit: i64,
    ) -> Result<Vec<super::FileRow>, Error> {
        let after = after.map_or(String::new(), |id| id.to_string());
        let text = format!(
            "SELECT {} FROM file WHERE id > $1 ORDER BY id LIMIT $2",
            super::files::COLUMNS
        );
        self.query(&text, values![after, limit])?
            .iter()
            .map(super::files::file)
            .collect()
    }
}
