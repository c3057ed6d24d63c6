//! What is asked of the policies, whole: whatever is not in a question cannot change its answer.
//!
//! Policies never change once they are loaded, so the same question has the same answer for as long as
//! they live. Building what Cedar is asked costs far more than looking an answer up.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use domain::{AccountId, Levels, UnitId};

use super::Known;
use crate::limits::ANSWERS_KEPT;
use crate::{Act, Channel, Grant, Ground, Kind, Nature, Role, Viewer};

/// Everything that policies may speak of. INVARIANT: Cedar's request and entities are made from this
/// and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each given to Cedar as an attribute of the same name"
)]
pub(super) struct Question {
    pub(super) account: AccountId,
    pub(super) has_person: bool,
    pub(super) units: BTreeSet<UnitId>,
    pub(super) roles: BTreeSet<Role>,
    pub(super) business: bool,
    pub(super) administration: bool,
    pub(super) kind: Kind,
    pub(super) register: String,
    pub(super) area: String,
    pub(super) nature: Nature,
    pub(super) step_up: bool,
    pub(super) at_expiry: bool,
    pub(super) outside: bool,
    pub(super) channel: Channel,
    pub(super) hour: Option<u8>,
    pub(super) grant: Option<Grant>,
    pub(super) grounds: Vec<Ground>,
    pub(super) levels: Levels,
}

impl Question {
    pub(super) fn new(viewer: &Viewer, act: &Act<'_>, known: Known<'_>) -> Self {
        Self {
            account: viewer.account,
            has_person: viewer.person.is_some(),
            units: viewer.units.clone(),
            roles: viewer.roles.clone(),
            business: viewer.is_business(),
            administration: viewer.is_administrator(),
            kind: act.kind(),
            register: act.register.to_owned(),
            area: act.area.to_owned(),
            nature: act.nature,
            step_up: act.step_up,
            at_expiry: act.at_expiry,
            outside: act.outside,
            channel: act.channel,
            hour: act.hour,
            grant: known.grant,
            grounds: known.grounds.to_vec(),
            levels: known.levels.cloned().unwrap_or_default(),
        }
    }
}

/// What the policies said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) allowed: bool,
    /// The policies that decided it, sorted.
    pub(super) reasons: Vec<String>,
}

/// Answers that were given, at most [`ANSWERS_KEPT`].
#[derive(Debug, Default)]
pub(super) struct Answers(Mutex<HashMap<Question, Answer>>);

impl Answers {
    pub(super) fn get(&self, question: &Question) -> Option<Answer> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(question).cloned()
    }

    pub(super) fn keep(&self, question: Question, answer: &Answer) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= ANSWERS_KEPT {
            kept.clear();
        }
        kept.insert(question, answer.clone());
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}
