//! Who may know: the one decision per label class, and the list predicate made from it.
//!
//! [`decide_class`] is the only place that answers; lists, counts and single records all come
//! from it, so the SQL predicate cannot disagree with the decision. A class decided
//! [`ClassDecision::NeedsGround`] is known only record by record, where the record itself gives
//! one of [`Ground::of_record`]. What is hidden does not exist for the viewer; callers answer it
//! exactly like a record that is not there, and count lists with [`Grant::Handle`].
//!
//! The decision, first row that fits (`open` = no level, no compartment, scope of everyone;
//! `cleared` = the clearance dominates levels and compartments):
//!
//! | nature | viewer | class | `handle` | `open` | `stat` |
//! |---|---|---|---|---|---|
//! | directory | anybody | open | visible: directory | visible: directory | visible: directory |
//! | either | administrator, or no role at all | any other | hidden | hidden | hidden |
//! | either | head of the office | not cleared | hidden | hidden | visible: oversight |
//! | either | other business role | not cleared | hidden | hidden | hidden |
//! | either | business role | cleared, in scope | visible: in scope | visible: in scope | visible: in scope |
//! | either | registrar | cleared, out of scope | visible: custody | needs ground | visible: custody |
//! | either | other business role | cleared, out of scope | needs ground | needs ground | visible: cleared |
//!
//! Rules: R-181 (scope), R-184 (clearance, and need to know always), R-407 (administrators).
//! That clearance also bounds the registrar and every record ground is the product's invariant.

use domain::{ClassId, LabelClass};

use crate::{Grant, Ground, Nature, Role, Viewer};

/// What a label class is to a viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use = "a decision that nobody reads protects nothing"]
pub enum ClassDecision {
    /// Every record of the class, for this reason.
    Visible(Ground),
    /// Only those records that themselves give the viewer a ground.
    NeedsGround,
    /// No record of the class, whatever ground it gives; not even that it exists.
    Hidden,
}

/// Decides what a label class is to a viewer: the one function every other answer comes from.
/// The table is in the module's documentation.
pub fn decide_class(
    viewer: &Viewer,
    class: &LabelClass,
    nature: Nature,
    grant: Grant,
) -> ClassDecision {
    if nature == Nature::Directory && class.is_open() {
        return ClassDecision::Visible(Ground::Directory);
    }
    if !viewer.is_business() {
        return ClassDecision::Hidden;
    }
    if !viewer.clearance.dominates(class) {
        return decide_uncleared(viewer, grant);
    }
    if viewer.is_inside(&class.scope) {
        return ClassDecision::Visible(Ground::InScope);
    }
    let registrar = viewer.has(Role::Registrar);
    match grant {
        Grant::Handle | Grant::Stat if registrar => ClassDecision::Visible(Ground::Custody),
        Grant::Stat => ClassDecision::Visible(Ground::Cleared),
        Grant::Handle | Grant::Open => ClassDecision::NeedsGround,
    }
}

/// INVARIANT: nothing but a count ever passes without clearance, and only to the head of the
/// office, who reports on what he need not know.
fn decide_uncleared(viewer: &Viewer, grant: Grant) -> ClassDecision {
    match grant {
        Grant::Stat if viewer.has(Role::OfficeHead) => ClassDecision::Visible(Ground::Oversight),
        Grant::Stat | Grant::Handle | Grant::Open => ClassDecision::Hidden,
    }
}

/// The predicate of a list: the record's class is in `visible`, or it is in `with_ground` and the
/// record gives the viewer one of [`Ground::of_record`]. Classes in neither list are hidden.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "a query without its predicate shows everything"]
pub struct Visibility {
    /// Classes whose every record the viewer may know.
    pub visible: Vec<ClassId>,
    /// Classes of which only records with a ground of their own are known.
    pub with_ground: Vec<ClassId>,
}

/// Sorts label classes by [`decide_class`], for one viewer and grant; the order is kept.
pub fn visibility<'a>(
    viewer: &Viewer,
    classes: impl IntoIterator<Item = (ClassId, &'a LabelClass)>,
    nature: Nature,
    grant: Grant,
) -> Visibility {
    let mut sorted = Visibility::default();
    for (id, class) in classes {
        match decide_class(viewer, class, nature, grant) {
            ClassDecision::Visible(_) => sorted.visible.push(id),
            ClassDecision::NeedsGround => sorted.with_ground.push(id),
            ClassDecision::Hidden => {}
        }
    }
    sorted
}

/// Whether a viewer may know one record, or one version of it, of this class.
#[must_use]
pub fn may_know(
    viewer: &Viewer,
    class: &LabelClass,
    nature: Nature,
    record_grounds: &[Ground],
    grant: Grant,
) -> bool {
    grounds_of(viewer, class, nature, record_grounds, grant).is_some()
}

/// Every ground on which a viewer may know one record, or `None` if he may not know it exists.
/// Grounds that a record cannot give are ignored: the label alone says who is in scope.
pub(crate) fn grounds_of(
    viewer: &Viewer,
    class: &LabelClass,
    nature: Nature,
    record_grounds: &[Ground],
    grant: Grant,
) -> Option<Vec<Ground>> {
    let mut grounds: Vec<Ground> = Ground::of_record(grant)
        .iter()
        .copied()
        .filter(|ground| record_grounds.contains(ground))
        .collect();
    match decide_class(viewer, class, nature, grant) {
        ClassDecision::Hidden => None,
        ClassDecision::NeedsGround => (!grounds.is_empty()).then_some(grounds),
        ClassDecision::Visible(ground) => {
            grounds.retain(|other| *other != ground);
            grounds.insert(0, ground);
            Some(grounds)
        }
    }
}

#[cfg(test)]
mod tests;
