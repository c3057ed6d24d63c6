//! Destruction: the listed copies end, and with the last copy of a document the keys of its files are
//! erased, so that no backup of database and vault can open them again.

use super::{Move, Movement, linked, move_copy};
use crate::{
    error::Error,
    log,
    perform::{Engine, Nested},
};
use access::Granted;
use domain::RecordId;
use serde_json::Map;
use store::{RecordRow, Status};

/// Destroys the copy of a line, and with the last one of a document its content.
pub(crate) fn destroy(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    line: &RecordRow,
) -> Result<(), Error> {
    let to = Move {
        action: "destroy",
        kind: Movement::Destroyed,
        to: Status::Destroyed,
        person: None,
        place: None,
        cause: line.id,
        at: line.occurred_at,
    };
    let document = move_copy(engine, granted, linked(line, "copy")?, &to)?.item;
    // WHY: who makes copies holds this lock too, and so does another list with the last copies
    engine.tx.lock_record(document)?;
    if engine.tx.all_destroyed(document)? {
        erase_content(engine, granted, document, line)?;
    }
    Ok(())
}

fn erase_content(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    document: RecordId,
    row: &RecordRow,
) -> Result<(), Error> {
    let files = engine.tx.files_to_erase(document)?;
    let about = log::About {
        register: Some("document".to_owned()),
        record: Some(document),
        objects: files.iter().map(|file| file.object).collect(),
        facts: vec![("cause", row.id.to_string())],
        ..log::About::default()
    };
    let entry = log::entry(engine.inner, granted, log::ERASED, &about, engine.now)?;
    let now = engine.now;
    engine.tx.write::<_, Error>(granted, |door| {
        for file in &files {
            door.erase_file(file, now)?;
        }
        Ok((entry, ()))
    })?;
    let nested = Nested {
        action: "destroyed",
        set: Map::new(),
        cause: row.id,
        occurred_at: row.occurred_at,
    };
    engine.act_on(granted, document, nested)?;
    Ok(())
}
