//! Leaving a classified post: the cooling-off runs from the day of approval, and when the last
//! task is done the person gives up the post, or leaves altogether.

use crate::{
    custody::{integer, linked},
    error::Error,
    people,
    perform::{Engine, Nested},
};
use access::Granted;
use domain::Date;
use jiff::Span;
use serde_json::{Map, Value};
use store::RecordRow;

/// the cooling-off counts from the day the unit approves.
pub(crate) fn approve(today: Date, row: &mut RecordRow) {
    row.body
        .insert("approved_on".to_owned(), today.to_string().into());
}

/// The person's own record follows: the end of the cooling-off, and the post or the place here given up.
pub(crate) fn leave(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
) -> Result<(), Error> {
    let person = linked(row, "person")?;
    let approved = people::date_of(row, "approved_on")
        .ok_or_else(|| Error::defect("somebody leaves without a day of approval"))?;
    let months = integer(&row.body, "cooling_months").unwrap_or(0);
    let cooling = Span::new().try_months(months).map_err(Error::internal)?;
    let mut until = approved.checked_add(cooling).map_err(Error::internal)?;
    // a cooling-off that runs already is never cut short
    let runs = engine.tx.record(person)?;
    if let Some(day) = runs.and_then(|row| people::date_of(&row, "cooling_off_until")) {
        until = until.max(day);
    }
    let mut set = Map::new();
    set.insert("cooling_off_until".to_owned(), until.to_string().into());
    let stays = people::text_of(row, "kind") == Some("post");
    if stays {
        set.insert("post".to_owned(), Value::Null);
    }
    let nested = Nested {
        action: if stays { "correct" } else { "leave" },
        set,
        cause: row.id,
        occurred_at: row.occurred_at,
    };
    engine.act_on(granted, person, nested)?;
    Ok(())
}
