//! The label classes of the database, kept in memory so that a decision per class is cheap.
//!
//! What is kept is only what a reader's snapshot has shown, so that a class under an id is that
//! class for ever: a change that is taken back takes its ids with it, and another class may get
//! them. Inside a change, classes beyond these are read anew and forgotten with it. A class that is
//! not known is not in the predicate, so its records are hidden: to be late is safe, to be wrong is
//! not possible.

use crate::error::Error;
use domain::{LabelClass, Level, Levels};
use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock, RwLockReadGuard},
};
use store::{Beside, Tx};

/// The classes that were committed when somebody last looked.
#[derive(Debug, Default)]
pub(crate) struct Classes(RwLock<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// In the order in which they became known, which is not that of their ids: who has sorted the
    /// first so many need look at the rest alone.
    /// INVARIANT: every one of them was seen by a reader, and none stands twice.
    known: Vec<(i64, LabelClass)>,
    /// The highest id of them.
    last: i64,
    /// Ids below the last that nobody has seen. Their change may still be under way on `PostgreSQL`,
    /// where ids are not committed in their order; it has ended for certain as soon as every
    /// transaction below this number has.
    missing: BTreeMap<i64, i64>,
}

/// What may be known of classes in one transaction.
pub(crate) struct Seen<'c> {
    kept: RwLockReadGuard<'c, Kept>,
    own: Vec<(i64, LabelClass)>,
}

impl Seen<'_> {
    /// What every later look will also find, in the same order: only more will follow.
    pub(crate) fn kept(&self) -> &[(i64, LabelClass)] {
        &self.kept.known
    }

    /// What only this transaction may know.
    pub(crate) fn own(&self) -> &[(i64, LabelClass)] {
        &self.own
    }

    /// The levels of a class.
    pub(crate) fn levels(&self, id: i64) -> Option<Levels> {
        let mut all = self.kept.known.iter().chain(&self.own);
        let found = all.find(|(one, _)| *one == id);
        found.map(|(_, class)| class.levels.clone())
    }

    /// The highest level of a class; none where it has none, or is not known.
    pub(crate) fn highest(&self, id: i64) -> Option<Level> {
        let levels = self.levels(id)?;
        highest(&levels)
    }

    /// Every class with its id.
    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (i64, &LabelClass)> {
        let all = self.kept.known.iter().chain(&self.own);
        all.map(|(id, class)| (*id, class))
    }
}

impl Classes {
    /// The classes of this transaction's database. The statements are the same whatever is found,
    /// but for one more while ids are missing.
    pub(crate) fn seen(&self, tx: &mut Tx<'_>) -> Result<Seen<'_>, Error> {
        let (count, last, missing) = {
            let kept = self.kept();
            let missing: Vec<i64> = kept.missing.keys().copied().collect();
            (kept.known.len(), kept.last, missing)
        };
        let new = tx.classes_beyond(last, &missing)?;
        let own = if tx.sees_only_committed() {
            self.keep(tx, last, !missing.is_empty(), new)?;
            Vec::new()
        } else {
            new
        };
        let kept = self.kept();
        // what a reader has added in the meantime must not stand twice
        let since = kept.known.get(count..).unwrap_or_default();
        let own = own
            .into_iter()
            .filter(|(id, _)| !since.iter().any(|(known, _)| known == id))
            .collect();
        Ok(Seen { kept, own })
    }

    /// The classes that readers have seen whose highest level is this, or that have none.
    pub(crate) fn of_level(&self, level: Option<Level>) -> Vec<i64> {
        let kept = self.kept();
        let of_level = kept
            .known
            .iter()
            .filter(|(_, class)| highest(&class.levels) == level);
        of_level.map(|(id, _)| *id).collect()
    }

    fn kept(&self) -> RwLockReadGuard<'_, Kept> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(
        &self,
        tx: &mut Tx<'_>,
        last: i64,
        waits: bool,
        new: Vec<(i64, LabelClass)>,
    ) -> Result<(), Error> {
        let consecutive = (last + 1..).zip(&new).all(|(id, (found, _))| id == *found);
        if new.is_empty() && !waits {
            return Ok(());
        }
        // the snapshot of the rows above is this one: readers have one for their whole life
        let beside = if consecutive && !waits {
            None
        } else {
            Some(tx.beside()?)
        };
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        kept.take(new, beside);
        Ok(())
    }
}

/// The level that a record is counted under: of the families the first that it has one in.
fn highest(levels: &Levels) -> Option<Level> {
    let trade_before_work = |level: &Level| level.family() == domain::Family::Work;
    let of_family = |work: bool| levels.iter().find(|one| trade_before_work(one) == work);
    of_family(false).or_else(|| of_family(true))
}

impl Kept {
    /// Takes in rows by id, as a snapshot showed all beyond what was known and of what was missing.
    fn take(&mut self, new: Vec<(i64, LabelClass)>, beside: Option<Beside>) {
        for (id, class) in new {
            let begun_below = beside.map(|beside| beside.begun_below);
            if id > self.last {
                let passed = (self.last + 1..id).zip(std::iter::repeat(begun_below));
                self.missing
                    .extend(passed.filter_map(|(id, below)| Some((id, below?))));
                self.last = id;
            } else if self.missing.remove(&id).is_none() {
                continue; // another reader was faster
            }
            self.known.push((id, class));
        }
        // this snapshot would have shown what these had committed
        if let Some(beside) = beside {
            self.missing
                .retain(|_, begun_below| *begun_below > beside.ended_below);
        }
    }
}

#[cfg(test)]
mod tests;
