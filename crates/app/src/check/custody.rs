//! Custody: every copy's movements follow each other, its holding is where the last one left it, and
//! its record says the same. Then made + received = held + out + in transit + sent + returned +
//! archived + destroyed + missing, for each copy is in exactly one of them.

use super::{PAGE, findings::Findings};
use crate::error::Error;
use domain::RecordId;
use ledger::Entry;
use std::collections::BTreeMap;
use store::{HoldingRow, MovementRow, Tx};

pub(super) fn all(tx: &mut Tx<'_>, findings: &mut Findings) -> Result<(), Error> {
    let begun = movements(tx, findings)?;
    for copy in tx.holdings_astray()? {
        findings.add(
            "check.holding_astray",
            "a copy's holding is not what its last movement says",
            format!("copy {copy}"),
        );
    }
    holdings(tx, findings)?;
    let held: u64 = tx
        .holding_counts()?
        .into_iter()
        .map(|(_, count)| u64::try_from(count).unwrap_or_default())
        .sum();
    let sum: u64 = begun.values().sum();
    if sum != held {
        findings.add(
            "check.custody_sum",
            format!("{sum} copies came to be, {held} are accounted for"),
            "custody".to_owned(),
        );
    }
    Ok(())
}

/// Follows every copy's movements; counts those that begin one, by kind.
fn movements(tx: &mut Tx<'_>, findings: &mut Findings) -> Result<BTreeMap<String, u64>, Error> {
    let mut begun = BTreeMap::new();
    let mut before: Option<MovementRow> = None;
    let mut after = None;
    loop {
        let page = tx.movements_after(after, PAGE)?;
        let Some((id, last)) = page.last() else {
            return Ok(begun);
        };
        after = Some((last.copy, *id));
        for (_, movement) in page {
            findings.count("movements");
            let known = before.take_if(|before| before.copy == movement.copy);
            if known.is_none() {
                *begun.entry(movement.kind.clone()).or_default() += 1;
            }
            if !follows(known.as_ref(), &movement) || !logged(tx, &movement)? {
                findings.add(
                    "check.movement_changed",
                    "a movement does not follow the one before it, or is not what the log says",
                    format!("copy {} entry {}", movement.copy, movement.entry),
                );
            }
            before = Some(movement);
        }
    }
}

fn follows(before: Option<&MovementRow>, movement: &MovementRow) -> bool {
    movement.from == before.map(|one| one.to)
        && movement.from_person == before.and_then(|one| one.to_person)
        && movement.from_place == before.and_then(|one| one.to_place)
}

/// The entry names the same copy, kind, status and cause.
fn logged(tx: &mut Tx<'_>, movement: &MovementRow) -> Result<bool, Error> {
    let entry = tx
        .entry(movement.entry)?
        .and_then(|row| Entry::parse(&row.body).ok());
    let cause = movement.cause.to_string();
    Ok(entry.is_some_and(|entry| {
        entry.record == Some(movement.copy)
            && entry.action.as_str() == format!("custody.{}", movement.kind)
            && entry.fact("status") == Some(movement.to.key())
            && entry.fact("cause") == Some(cause.as_str())
    }))
}

/// Every holding is that of a record, whose keeper and place are the same.
fn holdings(tx: &mut Tx<'_>, findings: &mut Findings) -> Result<(), Error> {
    let mut after: Option<RecordId> = None;
    loop {
        let page = tx.holdings_after(after, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.copy);
        for holding in page {
            findings.count("holdings");
            if !as_recorded(tx, &holding)? {
                findings.add(
                    "check.holding_astray",
                    "a copy's record names another keeper, place or document than its holding",
                    format!("copy {}", holding.copy),
                );
            }
        }
    }
}

fn as_recorded(tx: &mut Tx<'_>, holding: &HoldingRow) -> Result<bool, Error> {
    let Some(row) = tx.record(holding.copy)? else {
        return Ok(false);
    };
    let says = |field: &str, id: Option<String>| {
        row.body.get(field).and_then(serde_json::Value::as_str) == id.as_deref()
    };
    Ok(says("keeper", holding.person.map(|id| id.to_string()))
        && says("place", holding.place.map(|id| id.to_string()))
        && says("document", Some(holding.item.to_string())))
}
