//! What is kept beside a record for speed: links, index, unique values, reservations, clocks. Each
//! is made again from the record and its definition, and compared.

use super::{PAGE, findings::Findings};
use crate::{
    core::Inner,
    error::Error,
    facts::{Around, Collector},
    labels,
    perform::indexed,
};
use registers::{ClockDef, Definition, LabelRule, model::Trigger};
use std::collections::BTreeSet;
use store::{ClockRow, RecordRow, Tx, UniqueRow};

pub(super) fn of_record(
    inner: &Inner,
    tx: &mut Tx<'_>,
    row: &RecordRow,
    findings: &mut Findings,
) -> Result<(), Error> {
    let Some(definition) = inner.catalogue.kept_as(&row.register) else {
        return Ok(());
    };
    links(tx, definition, row, findings)?;
    index(tx, definition, row, findings)?;
    unique(tx, definition, row, findings)?;
    reservations(tx, definition, row, findings)?;
    for clock in tx.clocks(row.id)? {
        one_clock(definition, row, &clock, findings);
    }
    missing_clocks(inner, tx, definition, row, findings)
}

fn place(row: &RecordRow) -> String {
    format!("record {}", row.id)
}

fn links(
    tx: &mut Tx<'_>,
    definition: &Definition,
    row: &RecordRow,
    findings: &mut Findings,
) -> Result<(), Error> {
    let wanted: BTreeSet<_> = definition
        .fields
        .iter()
        .filter(|field| field.target().is_some())
        .flat_map(|field| {
            let ids = labels::ids(row.body.get(&field.key));
            ids.into_iter().map(|to| (field.key.clone(), to))
        })
        .collect();
    let kept: BTreeSet<_> = tx.links_of(row.id)?.into_iter().collect();
    if wanted != kept {
        findings.add(
            "check.links",
            "the links of a record are not those its fields name",
            place(row),
        );
    }
    Ok(())
}

fn index(
    tx: &mut Tx<'_>,
    definition: &Definition,
    row: &RecordRow,
    findings: &mut Findings,
) -> Result<(), Error> {
    let fields = definition.fields.iter().filter(|field| field.index);
    let wanted: BTreeSet<_> = fields
        .filter_map(|field| Some((field.key.clone(), indexed(field, row.body.get(&field.key))?)))
        .collect();
    let kept: BTreeSet<_> = tx.index_of(row.id)?.into_iter().collect();
    if wanted != kept {
        findings.add(
            "check.index",
            "the index of a record's fields does not hold their values",
            place(row),
        );
    }
    Ok(())
}

/// What a unique field holds, as the table of unique values writes it.
fn unique_text(row: &RecordRow, field: &str) -> Option<String> {
    row.body.get(field).map(|value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    })
}

fn unique(
    tx: &mut Tx<'_>,
    definition: &Definition,
    row: &RecordRow,
    findings: &mut Findings,
) -> Result<(), Error> {
    for field in definition.fields.iter().filter(|field| field.unique) {
        let Some(value) = unique_text(row, &field.key) else {
            continue;
        };
        let holder = tx.unique_holder(&row.register, &field.key, row.class, &value)?;
        // where labels follow others, two of one value may have come into one class
        let follows = matches!(definition.label, LabelRule::Join(_) | LabelRule::Parent(_));
        if holder != Some(row.id) && !(follows && holder.is_some()) {
            findings.add(
                "check.unique",
                format!(
                    "the unique value of `{}` is not kept for its record",
                    field.key
                ),
                place(row),
            );
        }
    }
    Ok(())
}

/// Every unique value that is kept is the value of the record it is kept for.
pub(super) fn unique_values(tx: &mut Tx<'_>, findings: &mut Findings) -> Result<(), Error> {
    let mut after: Option<UniqueRow> = None;
    loop {
        let page = tx.unique_after(after.as_ref(), PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.clone());
        for kept in page {
            findings.count("unique values");
            let holds = tx.record(kept.record)?.is_some_and(|row| {
                row.register == kept.register
                    && row.class == kept.class
                    && unique_text(&row, &kept.field).as_ref() == Some(&kept.value)
            });
            if !holds {
                findings.add(
                    "check.unique",
                    format!(
                        "a unique value of `{}` is kept that its record does not have",
                        kept.field
                    ),
                    format!("record {}", kept.record),
                );
            }
        }
    }
}

fn reservations(
    tx: &mut Tx<'_>,
    definition: &Definition,
    row: &RecordRow,
    findings: &mut Findings,
) -> Result<(), Error> {
    let reserving = definition
        .fields
        .iter()
        .filter(|field| field.reserve && row.open);
    let wanted: BTreeSet<_> = reserving
        .flat_map(|field| {
            let ids = labels::ids(row.body.get(&field.key));
            ids.into_iter().map(|to| (to, field.key.clone()))
        })
        .collect();
    let kept: BTreeSet<_> = tx.reservations_of(row.id)?.into_iter().collect();
    if wanted != kept {
        findings.add(
            "check.reservations",
            "what a record has reserved is not what it holds while it is open",
            place(row),
        );
    }
    Ok(())
}

/// A clock agrees with its record's state and with itself.
fn one_clock(definition: &Definition, row: &RecordRow, clock: &ClockRow, findings: &mut Findings) {
    let Some(rule) = definition.clocks.iter().find(|rule| rule.key == clock.key) else {
        return;
    };
    let stops = rule.stop.iter().any(|stop| match stop {
        Trigger::State(state) => row.state == *state,
        Trigger::Field(field) => row.body.get(field).is_some_and(|value| !value.is_null()),
        Trigger::Event(_) => false,
    });
    let told = clock.fired.contains(&clock.due_at.to_string());
    let wrong = match clock.stopped_at {
        None if stops => "runs although its record has stopped it",
        None if clock.next_at.is_none() && !told => "waits for nothing although it is not due yet",
        None if clock.expired_at.is_none() && told => "was told to be due but has not run out",
        Some(at) if at < clock.started_at => "was stopped before it started",
        Some(_) if clock.next_at.is_some() => "is stopped but still waits",
        None | Some(_) => return,
    };
    findings.add(
        "check.clock",
        format!("the clock `{}` {wrong}", clock.key),
        place(row),
    );
}

/// A record in a state that starts a clock has that clock, if it can be told when it is due.
fn missing_clocks(
    inner: &Inner,
    tx: &mut Tx<'_>,
    definition: &Definition,
    row: &RecordRow,
    findings: &mut Findings,
) -> Result<(), Error> {
    let kept = tx.clocks(row.id)?;
    let missing: Vec<&ClockDef> = definition
        .clocks
        .iter()
        .filter(|rule| {
            let mut starts = rule.start.iter();
            starts.any(|one| matches!(one, Trigger::State(state) if *state == row.state))
        })
        .filter(|rule| !kept.iter().any(|clock| clock.key == rule.key))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let facts =
        Collector::new(inner, inner.now()).facts(tx, definition, row, &Around::default())?;
    for rule in missing {
        // WHY: a clock with a condition may rightly never have started
        let due = registers::clocks::due(rule, &facts, row.occurred_at);
        if rule.when.is_none() && matches!(due, Ok(Some(_))) {
            findings.add(
                "check.clock",
                format!("the clock `{}` was never started", rule.key),
                place(row),
            );
        }
    }
    Ok(())
}
