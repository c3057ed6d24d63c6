//! From a viewer to the predicate of every list, count and single read. The predicate is made by the
//! decision itself, once per label class; a class that is not known is in no predicate.

use crate::{caller::Caller, core::Inner, error::Error, people};
use access::{Grant, Nature, Viewer};
use domain::{ClassId, Timestamp};
use store::{Tx, Visible};

/// A caller and what they may see at this moment.
#[derive(Debug)]
pub(crate) struct Sight {
    /// Who looks.
    pub(crate) viewer: Viewer,
    /// What they may see.
    pub(crate) visible: Visible,
}

/// The caller's view of all registers.
pub(crate) fn sight(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    grant: Grant,
    now: Timestamp,
) -> Result<Sight, Error> {
    let viewer = people::viewer(inner, tx, caller, now)?;
    let visible = visible(inner, tx, &viewer, grant, now)?;
    Ok(Sight { viewer, visible })
}

/// What a viewer may see of all registers.
pub(crate) fn visible(
    inner: &Inner,
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    grant: Grant,
    now: Timestamp,
) -> Result<Visible, Error> {
    // an administrator sees directories alone; for everybody else the nature changes nothing,
    // because an open class is inside everybody's scope
    let (nature, registers) = if viewer.is_business() {
        (Nature::Business, None)
    } else {
        (Nature::Directory, Some(directories(inner)))
    };
    let classes = inner.classes.seen(tx)?;
    let pairs = classes.iter().map(|(id, class)| (ClassId::new(id), class));
    let sorted = access::visibility(viewer, pairs, nature, grant);
    Ok(Visible {
        classes: sorted.visible.iter().map(|id| id.row()).collect(),
        with_ground: sorted.with_ground.iter().map(|id| id.row()).collect(),
        grounds: access::Ground::of_record(grant)
            .iter()
            .map(|ground| ground.key())
            .collect(),
        person: viewer.person,
        registers,
        now,
    })
}

fn directories(inner: &Inner) -> Vec<String> {
    inner
        .catalogue
        .definitions()
        .filter(|definition| nature(definition) == Nature::Directory)
        .map(|definition| definition.key.clone())
        .collect()
}

/// A definition's nature in the words of the access decision.
pub(crate) fn nature(definition: &registers::Definition) -> Nature {
    match definition.nature {
        registers::Nature::Business => Nature::Business,
        registers::Nature::Directory => Nature::Directory,
    }
}
