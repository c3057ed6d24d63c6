//! Clocks: deadlines that records have started.

use crate::{Error, Tx, Write, rows::Row, values};
use domain::{ClockId, RecordId};
use jiff::Timestamp;

/// A running or ended clock.
#[derive(Clone, Debug)]
pub struct ClockRow {
    /// Its id.
    pub id: ClockId,
    /// The record it belongs to.
    pub record: RecordId,
    /// Key in the record's definition.
    pub key: String,
    /// From when it counts.
    pub started_at: Timestamp,
    /// When it is due.
    pub due_at: Timestamp,
    /// When it has to be looked at next (a warning, the due time); none once nothing is left to do.
    pub next_at: Option<Timestamp>,
    /// Which warnings and escalations have been given.
    pub fired: Vec<String>,
    /// When it was stopped.
    pub stopped_at: Option<Timestamp>,
    /// When it ran out.
    pub expired_at: Option<Timestamp>,
}

const COLUMNS: &str =
    "id, record_id, key, started_at, due_at, next_at, fired, stopped_at, expired_at";

fn clock(row: &Row) -> Result<ClockRow, Error> {
    Ok(ClockRow {
        id: row.parse(0)?,
        record: row.parse(1)?,
        key: row.text(2)?,
        started_at: row.instant(3)?,
        due_at: row.instant(4)?,
        next_at: row.opt_instant(5)?,
        fired: row.json(6)?,
        stopped_at: row.opt_instant(7)?,
        expired_at: row.opt_instant(8)?,
    })
}

impl Tx<'_> {
    /// Clocks of a record, oldest first.
    pub fn clocks(&mut self, record: RecordId) -> Result<Vec<ClockRow>, Error> {
        let text =
            format!("SELECT {COLUMNS} FROM clock WHERE record_id = $1 ORDER BY started_at, key");
        self.query(&text, values![record])?
            .iter()
            .map(clock)
            .collect()
    }

    /// Clocks that have to be looked at by now, the longest overdue first.
    pub fn clocks_due(&mut self, now: Timestamp, limit: i64) -> Result<Vec<ClockRow>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM clock WHERE next_at <= $1 ORDER BY next_at, id LIMIT $2"
        );
        self.query(&text, values![now, limit])?
            .iter()
            .map(clock)
            .collect()
    }

    /// One clock, locked.
    pub fn lock_clock(&mut self, id: ClockId) -> Result<Option<ClockRow>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM clock WHERE id = $1{}",
            self.for_update()
        );
        self.query_one(&text, values![id])?
            .as_ref()
            .map(clock)
            .transpose()
    }
}

impl Write<'_, '_> {
    /// Starts a clock or keeps its changed state.
    pub fn put_clock(&mut self, row: &ClockRow) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO clock (id, record_id, key, started_at, due_at, next_at, fired, stopped_at, expired_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET \
             due_at = excluded.due_at, next_at = excluded.next_at, fired = excluded.fired, \
             stopped_at = excluded.stopped_at, expired_at = excluded.expired_at",
            values![
                row.id,
                row.record,
                &row.key,
                row.started_at,
                row.due_at,
                row.next_at,
                super::records::json(&row.fired),
                row.stopped_at,
                row.expired_at
            ],
        )?;
        Ok(())
    }
}
