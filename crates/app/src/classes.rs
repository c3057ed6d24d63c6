//! The label classes of the database, kept in memory so that a decision per class is cheap.
//!
//! What is kept is only what a reader's snapshot has shown, so that a class under an id is that
//! class for ever: a change that is taken back takes its ids with it, and another class may get
//! them. Inside a change, classes beyond these are read anew and forgotten with it. A class that is
//! not known is not in the predicate, so its records are hidden: to be late is safe, to be wrong is
//! not possible.

use crate::error::Error;
use domain::LabelClass;
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
    // INVARIANT: every one of them was seen by a reader
    known: BTreeMap<i64, LabelClass>,
    /// Ids below the highest known one that nobody has seen. Their change may still be under way
    /// on `PostgreSQL`, where ids are not committed in their order; it has ended for certain as soon
    /// as every transaction below this number has.
    missing: BTreeMap<i64, i64>,
}

/// What may be known of classes in one transaction.
pub(crate) struct Seen<'c> {
    kept: RwLockReadGuard<'c, Kept>,
    own: Vec<(i64, LabelClass)>,
}

impl Seen<'_> {
    /// Every class with its id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (i64, &LabelClass)> {
        let own = self.own.iter().map(|(id, class)| (*id, class));
        self.kept
            .known
            .iter()
            .map(|(id, class)| (*id, class))
            .chain(own)
    }
}

impl Classes {
    /// The classes of this transaction's database. The statements are the same whatever is found,
    /// but for one more while ids are missing.
    pub(crate) fn seen(&self, tx: &mut Tx<'_>) -> Result<Seen<'_>, Error> {
        let (last, missing) = {
            let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
            let last = kept.known.last_key_value().map_or(0, |(id, _)| *id);
            (last, kept.missing.keys().copied().collect::<Vec<_>>())
        };
        let new = tx.classes_beyond(last, &missing)?;
        let own = if tx.sees_only_committed() {
            self.keep(tx, last, &missing, new)?;
            Vec::new()
        } else {
            new
        };
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        // what a reader has added in the meantime must not stand twice
        let own = own
            .into_iter()
            .filter(|(id, _)| !kept.known.contains_key(id))
            .collect();
        Ok(Seen { kept, own })
    }

    fn keep(
        &self,
        tx: &mut Tx<'_>,
        last: i64,
        missing: &[i64],
        new: Vec<(i64, LabelClass)>,
    ) -> Result<(), Error> {
        let highest = new.last().map_or(last, |(id, _)| *id);
        let consecutive = (last + 1..).zip(&new).all(|(id, (found, _))| id == *found);
        if new.is_empty() && missing.is_empty() {
            return Ok(());
        }
        // the snapshot of the rows above is this one: readers have one for their whole life
        let beside = match consecutive && missing.is_empty() {
            true => None,
            false => Some(tx.beside()?),
        };
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        kept.take(new, highest, beside);
        Ok(())
    }
}

impl Kept {
    fn take(&mut self, new: Vec<(i64, LabelClass)>, highest: i64, beside: Option<Beside>) {
        let last = self.known.last_key_value().map_or(0, |(id, _)| *id);
        for (id, class) in new {
            self.missing.remove(&id);
            self.known.insert(id, class);
        }
        let Some(beside) = beside else { return };
        for id in last + 1..highest {
            if !self.known.contains_key(&id) {
                self.missing.insert(id, beside.begun_below);
            }
        }
        // this snapshot would have shown what these had committed
        self.missing
            .retain(|_, begun_below| *begun_below > beside.ended_below);
    }
}

#[cfg(test)]
mod tests;
