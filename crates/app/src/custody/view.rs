//! One picture of an item's copies over time: where each is now, who ever held it, who ever knew it.

use crate::{
    caller::Caller,
    core::App,
    error::Error,
    people,
    views::{CopyCustody, CustodyView, KnownBy, MovementView, NamedPerson},
    visibility,
};
use access::Grant;
use domain::{PersonId, RecordId};
use store::{HoldingRow, MovementRow, RecordRow, Tx, Visible};

impl App {
    /// The line of custody of a copy's item, or of an item.
    pub async fn custody(&self, caller: &Caller, id: RecordId) -> Result<CustodyView, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            let visible = visibility::sight(inner, tx, &caller, Grant::Handle, now)?.visible;
            let row = tx.visible_record(id, &visible)?.ok_or(Error::NotFound)?;
            line(tx, &visible, &row)
        })
        .await
    }
}

/// The line of custody of a record that its reader sees.
pub(crate) fn line(
    tx: &mut Tx<'_>,
    visible: &Visible,
    row: &RecordRow,
) -> Result<CustodyView, Error> {
    let id = row.id;
    let holdings = match row.register.as_str() {
        "copy" => {
            let item = super::linked(row, "document")?;
            let all = tx.holdings(item)?;
            all.into_iter()
                .filter(|holding| holding.copy == id)
                .collect()
        }
        "document" => tx.holdings(id)?,
        _ => return Err(Error::NotFound),
    };
    let item = holdings.first().map_or(id, |holding| holding.item);
    let mut copies = Vec::new();
    for holding in &holdings {
        copies.push(copy(tx, holding, visible)?);
    }
    // the item, and who knows it, is told to those who may know the item, not only one copy
    let seen = tx.visible_record(item, visible)?;
    let known_by = match &seen {
        Some(_) => known_by(tx, item)?,
        None => Vec::new(),
    };
    Ok(CustodyView {
        item: seen.map(|item| item.id),
        copies,
        known_by,
    })
}

fn copy(tx: &mut Tx<'_>, holding: &HoldingRow, visible: &Visible) -> Result<CopyCustody, Error> {
    let mut movements = Vec::new();
    for one in tx.movements(holding.copy)? {
        movements.push(movement(tx, one, visible)?);
    }
    Ok(CopyCustody {
        copy: holding.copy,
        serial: format!("{:06}", holding.serial),
        status: holding.status.key().to_owned(),
        person: named(tx, holding.person)?,
        place: place(tx, holding.place)?,
        since: holding.since,
        movements,
    })
}

fn movement(tx: &mut Tx<'_>, row: MovementRow, visible: &Visible) -> Result<MovementView, Error> {
    Ok(MovementView {
        at: row.at,
        kind: row.kind,
        status: row.to.key().to_owned(),
        person: named(tx, row.to_person)?,
        place: place(tx, row.to_place)?,
        cause: tx.visible_record(row.cause, visible)?.map(|cause| cause.id),
        entry: row.entry,
    })
}

fn named(tx: &mut Tx<'_>, id: Option<PersonId>) -> Result<Option<NamedPerson>, Error> {
    match id {
        Some(id) => Ok(Some(NamedPerson {
            id,
            name: people::name(tx, id)?,
        })),
        None => Ok(None),
    }
}

fn place(tx: &mut Tx<'_>, id: Option<RecordId>) -> Result<Option<String>, Error> {
    match id {
        Some(id) => {
            let row = tx.record(id)?;
            Ok(row
                .as_ref()
                .and_then(|row| people::text_of(row, "name"))
                .map(ToOwned::to_owned))
        }
        None => Ok(None),
    }
}

fn known_by(tx: &mut Tx<'_>, item: RecordId) -> Result<Vec<KnownBy>, Error> {
    let mut known = Vec::new();
    for (id, how, at) in tx.knowledge(item)? {
        known.push(KnownBy {
            person: NamedPerson {
                id,
                name: people::name(tx, id)?,
            },
            how,
            at,
        });
    }
    Ok(known)
}
