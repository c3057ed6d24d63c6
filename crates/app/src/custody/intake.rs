//! Copies come to be: made in the house or received from outside, numbered and taken into stock.

use super::{Movement, integer, linked, optional};
use crate::{
    error::{Error, text},
    labels, limits, log,
    perform::{Engine, Nested},
};
use access::Granted;
use domain::{PersonId, RecordId, Timestamp};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use store::{HoldingRow, RecordRow, Status};

/// Where new copies are kept, and what made them.
struct Stock {
    keeper: RecordId,
    place: RecordId,
    cause: RecordId,
    kind: Movement,
    at: Timestamp,
}

/// Makes the approved number of copies of a document and takes them into stock. The document
/// is the record itself, or the one that an approved making names.
pub(crate) fn make(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
) -> Result<(), Error> {
    let count = integer(&row.body, "copies_count").unwrap_or(0);
    let document = optional(row, "document").unwrap_or(row.id);
    add_copies(
        engine,
        granted,
        document,
        count,
        None,
        &stock(row, Movement::Made)?,
    )
}

/// Makes copies of the documents of copies that are there.
pub(crate) fn reproduce(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
) -> Result<(), Error> {
    let count = integer(&row.body, "copies_count").unwrap_or(0);
    let stock = stock(row, Movement::Copied)?;
    let documents = originals(engine, row)?;
    let all = count.saturating_mul(i64::try_from(documents.len()).unwrap_or(i64::MAX));
    if all > limits::COPIES {
        return Err(too_many());
    }
    for document in documents {
        add_copies(engine, granted, document, count, None, &stock)?;
    }
    Ok(())
}

/// Writes the numbers that the copies are about to get into the record that makes them.
pub(crate) fn number(engine: &mut Engine<'_, '_>, row: &mut RecordRow) -> Result<(), Error> {
    let documents = match optional(row, "document") {
        Some(document) => BTreeSet::from([document]),
        None => originals(engine, row)?,
    };
    let written = engine.definition(&row.register)?.field("numbers").is_some();
    let count = integer(&row.body, "copies_count").unwrap_or(0);
    let mut ranges = Vec::new();
    for document in documents {
        // WHY: nobody else makes copies of it before these have their numbers, or destroys it
        let locked = engine.tx.lock_record(document)?;
        if !locked.is_some_and(|row| row.open) {
            return Err(Error::conflict(
                "custody.document_gone",
                "文件已销毁或作废，不能再制作载体",
                "the document is destroyed or cancelled: no more copies of it are made",
            ));
        }
        let last = engine.tx.last_serial(document)?;
        let (first, last) = (last + 1, last + count);
        ranges.push(if first == last {
            format!("{first:06}")
        } else {
            format!("{first:06}-{last:06}")
        });
    }
    if written && !ranges.is_empty() {
        row.body
            .insert("numbers".to_owned(), ranges.join(",").into());
    }
    Ok(())
}

/// The documents of the copies that a record names as its sources, each once, in the order in which
/// everybody locks them.
fn originals(engine: &mut Engine<'_, '_>, row: &RecordRow) -> Result<BTreeSet<RecordId>, Error> {
    let mut documents = BTreeSet::new();
    for copy in labels::ids(row.body.get("sources")) {
        let copy = engine.tx.record(copy)?.ok_or(Error::NotFound)?;
        documents.insert(linked(&copy, "document")?);
    }
    Ok(documents)
}

fn stock(row: &RecordRow, kind: Movement) -> Result<Stock, Error> {
    Ok(Stock {
        keeper: linked(row, "keeper")?,
        place: linked(row, "place")?,
        cause: row.id,
        kind,
        at: row.occurred_at,
    })
}

/// Registers what came from outside: one document per line of the list, one copy per copy found.
pub(crate) fn receive(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
) -> Result<(), Error> {
    let stock = stock(row, Movement::Received)?;
    let list = row
        .body
        .get("list")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let lines = || list.iter().filter_map(Value::as_object);
    let all = lines().filter_map(|line| integer(line, "copies_found"));
    if all.sum::<i64>() > limits::COPIES {
        return Err(too_many());
    }
    for line in lines() {
        let document = document_of(engine, granted, row, line)?;
        let found = integer(line, "copies_found").unwrap_or(0);
        add_copies(
            engine,
            granted,
            document,
            found,
            integer(line, "first_serial"),
            &stock,
        )?;
    }
    Ok(())
}

fn too_many() -> Error {
    Error::Limited {
        code: "custody.too_many_copies",
        say: text("一次最多登记 500 份", "at most 500 copies at once"),
    }
}

fn document_of(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
    line: &Map<String, Value>,
) -> Result<RecordId, Error> {
    let mut set = Map::new();
    let noticed = engine.inner.today(row.occurred_at);
    for field in ["title", "doc_no", "level", "term", "issue_date", "pages"] {
        set.insert(
            field.to_owned(),
            line.get(field).cloned().unwrap_or(Value::Null),
        );
    }
    for field in ["scope_persons", "scope_units"] {
        set.insert(
            field.to_owned(),
            row.body.get(field).cloned().unwrap_or(Value::Null),
        );
    }
    set.insert(
        "issuer".to_owned(),
        row.body.get("sender").cloned().unwrap_or(Value::Null),
    );
    set.insert("kind".to_owned(), "paper".into());
    // without an issue date the period runs from when those in scope were told
    set.insert("notice_date".to_owned(), noticed.to_string().into());
    let nested = Nested {
        action: "receive",
        set,
        cause: row.id,
        occurred_at: row.occurred_at,
    };
    Ok(engine.make(granted, "document", nested)?.id)
}

fn add_copies(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    document: RecordId,
    count: i64,
    first_foreign: Option<i64>,
    stock: &Stock,
) -> Result<(), Error> {
    if count > limits::COPIES {
        return Err(too_many());
    }
    let last = engine.tx.last_serial(document)?;
    for index in 0..count {
        let foreign = first_foreign.map(|first| format!("{:06}", first + index));
        add_copy(
            engine,
            granted,
            document,
            last + index + 1,
            foreign.as_deref(),
            stock,
        )?;
    }
    Ok(())
}

fn add_copy(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    document: RecordId,
    serial: i64,
    foreign: Option<&str>,
    stock: &Stock,
) -> Result<(), Error> {
    let set = json!({
        "document": document,
        "serial": format!("{serial:06}"),
        "foreign_serial": foreign,
        "keeper": stock.keeper,
        "place": stock.place,
        "home_keeper": stock.keeper,
        "home_place": stock.place,
    });
    let set = set.as_object().cloned().unwrap_or_default();
    let nested = Nested {
        action: "register",
        set,
        cause: stock.cause,
        occurred_at: stock.at,
    };
    let copy = engine.make(granted, "copy", nested)?;
    let holding = HoldingRow {
        copy: copy.id,
        item: document,
        serial,
        status: Status::Held,
        person: Some(PersonId::from(stock.keeper)),
        place: Some(stock.place),
        since: stock.at,
    };
    let about = log::About {
        register: Some("copy".to_owned()),
        record: Some(copy.id),
        facts: vec![
            ("status", "held".to_owned()),
            ("cause", stock.cause.to_string()),
        ],
        ..log::About::default()
    };
    let action = format!("custody.{}", stock.kind.key());
    let entry = log::entry(engine.inner, granted, &action, &about, engine.now)?;
    let (id, now, kind, cause) = (entry.id, engine.now, stock.kind.key(), stock.cause);
    engine.tx.write::<_, Error>(granted, |door| {
        Ok((entry, door.insert_holding(&holding, kind, cause, id, now)?))
    })
}
