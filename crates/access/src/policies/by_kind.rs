//! Sorting a checked set of policies by the kinds of act they can apply to.
//!
//! Every act is asked of its own small set only. A policy is left out of a set only where its
//! action scope cannot match, so the answer is that of the whole set; a forbid without an action
//! scope is in all of them.

use std::collections::BTreeMap;

use cedar_policy::{ActionConstraint, Effect, Entity, EntityUid, Policy, PolicySet};

use super::OfKind;
use crate::Kind;

pub(super) fn by_kind(
    set: &PolicySet,
    actions: BTreeMap<Kind, Entity>,
) -> Result<BTreeMap<Kind, OfKind>, String> {
    let mut policies: Vec<&Policy> = set.policies().collect();
    policies.sort_by_key(|policy| (width(policy), policy.id()));
    let sort = |(kind, action): (Kind, Entity)| {
        let fitting: Vec<&Policy> = policies
            .iter()
            .copied()
            .filter(|policy| covers(policy, kind))
            .collect();
        let permitting = fitting
            .iter()
            .find(|policy| policy.effect() == Effect::Permit)
            .map(|policy| AsRef::<str>::as_ref(policy.id()).to_owned());
        let set = PolicySet::from_policies(fitting.into_iter().cloned())
            .map_err(|error| error.to_string())?;
        Ok((
            kind,
            OfKind {
                action,
                set,
                permitting,
            },
        ))
    };
    actions.into_iter().map(sort).collect()
}

/// How many actions a policy names. Of several permits, a denial names the most particular.
fn width(policy: &Policy) -> usize {
    match policy.action_constraint() {
        ActionConstraint::Any => usize::MAX,
        ActionConstraint::In(uids) => uids.len(),
        ActionConstraint::Eq(_) => 1,
    }
}

/// Whether the policy's action scope lets this kind in, by its own name or by its group's.
fn covers(policy: &Policy, kind: Kind) -> bool {
    let is = |uid: &EntityUid, key: &str| AsRef::<str>::as_ref(uid.id()) == key;
    match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::In(uids) => uids
            .iter()
            .any(|uid| is(uid, kind.key()) || is(uid, kind.group().key())),
        ActionConstraint::Eq(uid) => is(&uid, kind.key()),
    }
}
