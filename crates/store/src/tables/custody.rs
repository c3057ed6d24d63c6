//! Custody: where every copy is, who has it, and every movement that brought it there.

use crate::{Error, Tx, Write, rows::Row, values};
use domain::{EntryId, PersonId, RecordId};
use jiff::Timestamp;

/// Where a copy stands in the invariant: made + received = held + out + in transit + sent + returned +
/// archived + destroyed + missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// In stock: one keeper and one place.
    Held,
    /// With one person (loan, circulation, carried out).
    Out,
    /// Handed over, not yet receipted.
    InTransit,
    /// Sent out and receipted.
    Sent,
    /// Returned to its issuer.
    Returned,
    /// Handed to an archive.
    Archived,
    /// Destroyed.
    Destroyed,
    /// Cannot be found.
    Missing,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Held,
        Self::Out,
        Self::InTransit,
        Self::Sent,
        Self::Returned,
        Self::Archived,
        Self::Destroyed,
        Self::Missing,
    ];

    /// The word in the database and in answers.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Out => "out",
            Self::InTransit => "in_transit",
            Self::Sent => "sent",
            Self::Returned => "returned",
            Self::Archived => "archived",
            Self::Destroyed => "destroyed",
            Self::Missing => "missing",
        }
    }
}

impl std::str::FromStr for Status {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|status| status.key() == text)
            .ok_or(())
    }
}

/// Where a copy is now.
#[derive(Clone, Debug)]
pub struct HoldingRow {
    /// The copy's record.
    pub copy: RecordId,
    /// The item it is a copy of.
    pub item: RecordId,
    /// Its serial number (份号).
    pub serial: i64,
    /// Where it stands.
    pub status: Status,
    /// The one person responsible.
    pub person: Option<PersonId>,
    /// The one place it is kept at.
    pub place: Option<RecordId>,
    /// Since when.
    pub since: Timestamp,
}

/// A movement to be recorded; the holding changes with it.
#[derive(Clone, Debug)]
pub struct NewMovement {
    /// The copy.
    pub copy: RecordId,
    /// When it happened.
    pub at: Timestamp,
    /// What happened: `made`, `lent`, `returned`, `lost` …
    pub kind: &'static str,
    /// Where it stands afterwards.
    pub to: Status,
    /// Who is responsible afterwards.
    pub person: Option<PersonId>,
    /// Where it is kept afterwards.
    pub place: Option<RecordId>,
    /// The record that made it move.
    pub cause: RecordId,
}

/// A recorded movement.
#[derive(Clone, Debug)]
pub struct MovementRow {
    /// The copy.
    pub copy: RecordId,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: String,
    /// Status before.
    pub from: Option<Status>,
    /// Status after.
    pub to: Status,
    /// Responsible before.
    pub from_person: Option<PersonId>,
    /// Responsible after.
    pub to_person: Option<PersonId>,
    /// Place before.
    pub from_place: Option<RecordId>,
    /// Place after.
    pub to_place: Option<RecordId>,
    /// The record that made it move.
    pub cause: RecordId,
    /// The log entry.
    pub entry: EntryId,
}

pub(super) const HOLDING: &str = "copy_id, item_id, serial, status, person_id, place_id, since";

pub(super) const MOVEMENT: &str = "copy_id, at, kind, from_status, to_status, from_person, to_person, \
     from_place, to_place, cause_id, entry_id";

pub(super) fn holding(row: &Row) -> Result<HoldingRow, Error> {
    Ok(HoldingRow {
        copy: row.parse(0)?,
        item: row.parse(1)?,
        serial: row.int(2)?,
        status: row.parse(3)?,
        person: row.opt_parse(4)?,
        place: row.opt_parse(5)?,
        since: row.instant(6)?,
    })
}

pub(super) fn movement(row: &Row) -> Result<MovementRow, Error> {
    Ok(MovementRow {
        copy: row.parse(0)?,
        at: row.instant(1)?,
        kind: row.text(2)?,
        from: row.opt_parse(3)?,
        to: row.parse(4)?,
        from_person: row.opt_parse(5)?,
        to_person: row.opt_parse(6)?,
        from_place: row.opt_parse(7)?,
        to_place: row.opt_parse(8)?,
        cause: row.parse(9)?,
        entry: row.parse(10)?,
    })
}

impl Tx<'_> {
    /// Where a copy is, locked against a second mover.
    pub fn lock_holding(&mut self, copy: RecordId) -> Result<Option<HoldingRow>, Error> {
        let text = format!(
            "SELECT {HOLDING} FROM holding WHERE copy_id = $1{}",
            self.for_update()
        );
        self.query_one(&text, values![copy])?
            .as_ref()
            .map(holding)
            .transpose()
    }

    /// Where all copies of an item are, by serial.
    pub fn holdings(&mut self, item: RecordId) -> Result<Vec<HoldingRow>, Error> {
        let text =
            format!("SELECT {HOLDING} FROM holding WHERE item_id = $1 ORDER BY serial LIMIT 10000");
        self.query(&text, values![item])?
            .iter()
            .map(holding)
            .collect()
    }

    /// Whether no copy of an item is left anywhere.
    pub fn all_destroyed(&mut self, item: RecordId) -> Result<bool, Error> {
        let left = self.query_one(
            "SELECT copy_id FROM holding WHERE item_id = $1 AND status <> 'destroyed' LIMIT 1",
            values![item],
        )?;
        Ok(left.is_none())
    }

    /// Highest serial of an item's copies so far.
    pub fn last_serial(&mut self, item: RecordId) -> Result<i64, Error> {
        self.query_one(
            "SELECT COALESCE(MAX(serial), 0) FROM holding WHERE item_id = $1",
            values![item],
        )?
        .map_or(Ok(0), |row| row.int(0))
    }

    /// Every movement of a copy, oldest first.
    pub fn movements(&mut self, copy: RecordId) -> Result<Vec<MovementRow>, Error> {
        let text =
            format!("SELECT {MOVEMENT} FROM movement WHERE copy_id = $1 ORDER BY id LIMIT 10000");
        self.query(&text, values![copy])?
            .iter()
            .map(movement)
            .collect()
    }

    /// Who has come to know an item: person, how, when.
    pub fn knowledge(
        &mut self,
        item: RecordId,
    ) -> Result<Vec<(PersonId, String, Timestamp)>, Error> {
        self.query(
            "SELECT person_id, how, at FROM knowledge WHERE item_id = $1 ORDER BY at, person_id LIMIT 10000",
            values![item],
        )?
        .iter()
        .map(|row| Ok((row.parse(0)?, row.text(1)?, row.instant(2)?)))
        .collect()
    }

    /// How many copies stand in each status, for the custody invariant.
    pub fn holding_counts(&mut self) -> Result<Vec<(String, i64)>, Error> {
        self.query(
            "SELECT status, count(*) FROM holding GROUP BY status ORDER BY status",
            &[],
        )?
        .iter()
        .map(|row| Ok((row.text(0)?, row.int(1)?)))
        .collect()
    }

    /// Copies whose holding is not what their last movement says, or that never moved.
    pub fn holdings_astray(&mut self) -> Result<Vec<RecordId>, Error> {
        self.query(
            "SELECT h.copy_id FROM holding h LEFT JOIN movement m ON m.copy_id = h.copy_id AND m.id = \
             (SELECT MAX(id) FROM movement WHERE copy_id = h.copy_id) \
             WHERE m.id IS NULL OR m.to_status <> h.status \
             OR COALESCE(m.to_person, '') <> COALESCE(h.person_id, '') \
             OR COALESCE(m.to_place, '') <> COALESCE(h.place_id, '') ORDER BY h.copy_id LIMIT 1000",
            &[],
        )?
        .iter()
        .map(|row| row.parse(0))
        .collect()
    }
}

impl Write<'_, '_> {
    /// Registers a copy: its first movement.
    pub fn insert_holding(
        &mut self,
        row: &HoldingRow,
        kind: &'static str,
        cause: RecordId,
        entry: EntryId,
        recorded: Timestamp,
    ) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO holding (copy_id, item_id, serial, status, person_id, place_id, since) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![
                row.copy,
                row.item,
                row.serial,
                row.status.key(),
                row.person,
                row.place,
                row.since
            ],
        )?;
        let new = NewMovement {
            copy: row.copy,
            at: row.since,
            kind,
            to: row.status,
            person: row.person,
            place: row.place,
            cause,
        };
        self.insert_movement(&new, None, row.item, entry, recorded)
    }

    /// Moves a copy from where it was (`before`, locked) to somewhere else.
    pub fn move_copy(
        &mut self,
        before: &HoldingRow,
        new: &NewMovement,
        entry: EntryId,
        recorded: Timestamp,
    ) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE holding SET status = $2, person_id = $3, place_id = $4, since = $5 WHERE copy_id = $1",
            values![new.copy, new.to.key(), new.person, new.place, new.at],
        )?;
        self.insert_movement(new, Some(before), before.item, entry, recorded)
    }

    fn insert_movement(
        &mut self,
        new: &NewMovement,
        before: Option<&HoldingRow>,
        item: RecordId,
        entry: EntryId,
        recorded: Timestamp,
    ) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO movement (copy_id, item_id, at, recorded_at, kind, from_status, to_status, \
             from_person, to_person, from_place, to_place, cause_id, entry_id) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            values![
                new.copy,
                item,
                new.at,
                recorded,
                new.kind,
                before.map(|x| x.status.key()),
                new.to.key(),
                before.and_then(|x| x.person),
                new.person,
                before.and_then(|x| x.place),
                new.place,
                new.cause,
                entry
            ],
        )?;
        Ok(())
    }

    /// Enters a person in the knowledge record of an item.
    pub fn add_knowledge(
        &mut self,
        item: RecordId,
        person: PersonId,
        how: &str,
        at: Timestamp,
        (cause, entry): (RecordId, EntryId),
    ) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO knowledge (item_id, person_id, how, at, cause_id, entry_id) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            values![item, person, how, at, cause, entry],
        )?;
        Ok(())
    }
}
