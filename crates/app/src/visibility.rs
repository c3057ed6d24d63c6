//! From a viewer to the predicate of every list, count and single read. The predicate is made by the
//! decision itself, once per label class and viewer: classes are never changed, so what was decided
//! stands as long as everything the decision looks at is the same. A class that is not known is in no
//! predicate.

use crate::{caller::Caller, classes::Seen, core::Inner, error::Error, limits, people};
use access::{Grant, Nature, Viewer};
use domain::{AccountId, ClassId, LabelClass, Timestamp};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use store::{KeptBack, Tx, Visible, rows::Ints};

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
    let sorted = inner.sights.sorted(viewer, nature, grant, &classes);
    Ok(Visible {
        classes: sorted.visible,
        with_ground: sorted.with_ground,
        grounds: access::Ground::of_record(grant)
            .iter()
            .map(|ground| ground.key())
            .collect(),
        kept_back: kept_back(inner),
        person: viewer.person,
        registers,
        now,
    })
}

/// Decisions that were made, so that thousands of classes are not decided anew at every request.
#[derive(Debug, Default)]
pub(crate) struct Sights(Mutex<HashMap<(AccountId, Grant), Decided>>);

/// INVARIANT: `viewer` and `nature` are everything besides the class that the decision looks at; a
/// viewer who differs in anything (a role, a unit, a clearance lost a moment ago) is decided anew.
#[derive(Debug)]
struct Decided {
    viewer: Viewer,
    nature: Nature,
    /// How many of the classes that are kept were decided.
    count: usize,
    sorted: Sorted,
}

#[derive(Clone, Debug)]
struct Sorted {
    visible: Arc<Ints>,
    with_ground: Arc<Ints>,
}

impl Sorted {
    /// These and, of more classes, those that the decision lets through.
    fn and(
        self,
        viewer: &Viewer,
        nature: Nature,
        grant: Grant,
        classes: &[(i64, LabelClass)],
    ) -> Self {
        if classes.is_empty() {
            return self;
        }
        let pairs = classes.iter().map(|(id, class)| (ClassId::new(*id), class));
        let new = access::visibility(viewer, pairs, nature, grant);
        let with = |old: &Ints, new: &[ClassId]| {
            let new = new.iter().map(|id| id.row());
            Arc::new(Ints::new(
                old.numbers().iter().copied().chain(new).collect(),
            ))
        };
        Self {
            visible: with(&self.visible, &new.visible),
            with_ground: with(&self.with_ground, &new.with_ground),
        }
    }
}

impl Sights {
    /// All classes as the decision sorts them; only those that are new to it are decided.
    fn sorted(&self, viewer: &Viewer, nature: Nature, grant: Grant, classes: &Seen<'_>) -> Sorted {
        let kept = self.kept(viewer, nature, grant, classes.kept());
        // what a change has not committed yet is decided for itself alone
        kept.and(viewer, nature, grant, classes.own())
    }

    fn kept(
        &self,
        viewer: &Viewer,
        nature: Nature,
        grant: Grant,
        classes: &[(i64, LabelClass)],
    ) -> Sorted {
        let mut sights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (viewer.account, grant);
        let known = sights.get(&key).filter(|known| {
            known.viewer == *viewer && known.nature == nature && known.count <= classes.len()
        });
        let (count, sorted) = match known {
            Some(known) => (known.count, known.sorted.clone()),
            None => {
                let none = Arc::new(Ints::new(Vec::new()));
                let sorted = Sorted {
                    visible: Arc::clone(&none),
                    with_ground: none,
                };
                (0, sorted)
            }
        };
        if known.is_some() && count == classes.len() {
            return sorted;
        }
        let new = classes.get(count..).unwrap_or_default();
        let sorted = sorted.and(viewer, nature, grant, new);
        if sights.len() >= limits::SIGHTS {
            sights.clear();
        }
        let decided = Decided {
            viewer: viewer.clone(),
            nature,
            count: classes.len(),
            sorted: sorted.clone(),
        };
        sights.insert(key, decided);
        sorted
    }
}

/// Lines that a blind count has not come to: nobody sees them.
fn kept_back(inner: &Inner) -> Arc<[KeptBack]> {
    let lines = inner.catalogue.definitions().flat_map(|definition| {
        let lines = definition.lines.iter();
        lines.filter_map(|line| {
            let scan = line.scan.as_ref().filter(|scan| !scan.blind.is_empty())?;
            Some(KeptBack {
                register: line.register_key(&definition.key),
                states: line.action(&scan.action)?.from.clone(),
                while_in: scan.blind.clone(),
            })
        })
    });
    lines.collect()
}

fn directories(inner: &Inner) -> Vec<String> {
    inner
        .catalogue
        .definitions()
        .filter(|definition| nature(definition) == Nature::Directory)
        .flat_map(|definition| {
            let lines = definition.lines.iter();
            let lines = lines.map(|line| line.register_key(&definition.key));
            lines.chain([definition.key.clone()])
        })
        .collect()
}

/// A definition's nature in the words of the access decision.
pub(crate) fn nature(definition: &registers::Definition) -> Nature {
    match definition.nature {
        registers::Nature::Business => Nature::Business,
        registers::Nature::Directory => Nature::Directory,
    }
}
