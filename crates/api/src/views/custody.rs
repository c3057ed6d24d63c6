//! The line of custody.

use super::named;

/// Where every copy of an item is, and how it came there.
pub(crate) fn custody(view: app::CustodyView) -> wire::Custody {
    wire::Custody {
        item: view.item,
        copies: view.copies.into_iter().map(copy).collect(),
        known_by: view.known_by.into_iter().map(known_by).collect(),
    }
}

fn copy(view: app::CopyCustody) -> wire::CopyCustody {
    wire::CopyCustody {
        copy: view.copy,
        serial: view.serial,
        status: view.status,
        person: view.person.map(named),
        place: view.place,
        since: view.since,
        movements: view.movements.into_iter().map(movement).collect(),
    }
}

fn movement(view: app::MovementView) -> wire::Movement {
    wire::Movement {
        at: view.at,
        kind: view.kind,
        status: view.status,
        person: view.person.map(named),
        place: view.place,
        cause: view.cause,
        entry: view.entry,
    }
}

fn known_by(view: app::KnownBy) -> wire::KnownBy {
    wire::KnownBy {
        person: named(view.person),
        how: view.how,
        at: view.at,
    }
}
