//! What facts are collected for, so that no more of a record is looked up than its expressions read.

use registers::{Action, Catalogue, Purpose};

/// What facts are collected for: they hold no more of lines than is read for it.
#[derive(Clone, Debug, Default)]
pub(crate) enum For {
    /// Whatever a definition may ask.
    #[default]
    Anything,
    /// An action, by its key.
    Act(String),
    /// What follows for the record from the lines kept under this key.
    Moves(String),
    /// Which actions somebody may do.
    Judging,
    /// Computed fields.
    Computing,
}

impl For {
    /// An action of a definition; those that the language adds reach through everything.
    pub(crate) fn act(action: &Action) -> Self {
        if action.added {
            Self::Anything
        } else {
            Self::Act(action.key.clone())
        }
    }
}

/// Whose expressions are going to read facts, and what for.
#[derive(Clone, Copy)]
pub(super) struct Reading<'r> {
    catalogue: &'r Catalogue,
    key: &'r str,
    purpose: Purpose<'r>,
}

impl<'r> Reading<'r> {
    pub(super) fn of(catalogue: &'r Catalogue, key: &'r str, asked: &'r For) -> Self {
        let (key, purpose) = match asked {
            For::Anything => (key, Purpose::Any),
            For::Act(action) => (key, Purpose::Act(action)),
            For::Moves(lines) => (lines.as_str(), Purpose::Moves),
            For::Judging => (key, Purpose::Judge),
            For::Computing => (key, Purpose::Compute),
        };
        Self {
            catalogue,
            key,
            purpose,
        }
    }

    pub(super) fn reads(&self, name: &str) -> bool {
        self.catalogue.reads(self.key, self.purpose, name)
    }

    pub(super) fn calls(&self, function: &str) -> bool {
        self.catalogue.calls(self.key, self.purpose, function)
    }
}
