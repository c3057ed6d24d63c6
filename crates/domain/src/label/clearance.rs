//! What a person is cleared for, as a projection of post, review, training, pledge and status.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Compartment, LabelClass, Levels};

/// What a person is cleared for. Never a ground by itself: need to know comes on top.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clearance {
    /// The highest level per family; a family that is missing is not cleared at all.
    pub levels: Levels,
    /// The compartments the person has been admitted to.
    pub compartments: BTreeSet<Compartment>,
}

impl Clearance {
    /// Cleared for nothing but open material.
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether every level and every compartment of the class is covered.
    pub fn dominates(&self, class: &LabelClass) -> bool {
        class.levels.dominated_by(&self.levels) && class.compartments.is_subset(&self.compartments)
    }
}
