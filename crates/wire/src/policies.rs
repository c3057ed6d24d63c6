//! Policies as people read them, and what others would change.

use domain::AccountId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{PackFile, PackMistake, Text, TextLine};

/// The policies in use.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Policies {
    /// Each of them.
    pub policies: Vec<Policy>,
    /// What each role may do.
    pub roles: Vec<RoleDuties>,
    /// The files they stand in, the house's own last.
    pub files: Vec<PackFile>,
}

/// A policy.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Policy {
    /// Its id.
    pub id: String,
    /// The file it stands in.
    pub file: String,
    /// The house's own.
    pub own: bool,
    /// It forbids; else it permits.
    pub forbids: bool,
    /// A second proof of identity lifts it.
    pub by_proof: bool,
    /// The rule behind it.
    pub rule: String,
    /// Where the rule stands.
    pub clause: String,
    /// What it says.
    pub say: Option<Text>,
    /// The kinds of acts it speaks of.
    pub kinds: Vec<Text>,
    /// As it is written, in Cedar.
    pub text: String,
}

/// What a role may do.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RoleDuties {
    /// The role.
    pub role: String,
    /// By which policies.
    pub duties: Vec<Duty>,
}

/// What a role may do by one policy; what a record then allows is decided by its label and its register.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Duty {
    /// The policy.
    pub policy: String,
    /// Its rule.
    pub rule: String,
    /// What it says.
    pub say: Option<Text>,
    /// The acts, always.
    pub always: Vec<Text>,
    /// The acts, in some situations only.
    pub sometimes: Vec<Text>,
    /// Of all of these, those that ask for a second proof of identity.
    pub proof: Vec<Text>,
}

/// What other policies would change. Nothing takes effect by it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WhatIf {
    /// Every mistake of the files; with one there is no comparison.
    pub mistakes: Vec<PackMistake>,
    /// Files of the program among them: those are changed by no house.
    pub of_program: Vec<String>,
    /// What each file changes in the one in use.
    pub files: Vec<TriedText>,
    /// Accounts that were asked for; none where the caller does not see accounts.
    pub accounts: u64,
    /// Roles that were asked for, each for itself.
    pub roles: u64,
    /// Questions that both sets were asked.
    pub compared: u64,
    /// How many there would be; the rest was left out where that is more.
    pub of: u64,
    /// Answers that stay but come from another policy.
    pub otherwise: u64,
    /// Who gains or loses what.
    pub shifts: Vec<Shift>,
}

/// The difference of one file.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TriedText {
    /// Its name.
    pub name: String,
    /// Line by line.
    pub lines: Vec<TextLine>,
}

/// A kind of act whose answer changes for some.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Shift {
    /// The key of the kind.
    pub kind: String,
    /// Its name.
    pub name: Text,
    /// They gain it; else they lose it.
    pub gains: bool,
    /// Roles, each for itself.
    pub roles: Vec<String>,
    /// Accounts.
    pub accounts: Vec<ShiftedAccount>,
    /// What is said today.
    pub before: PolicyAnswer,
    /// What would be said.
    pub after: PolicyAnswer,
    /// When; no more than 12. Empty where it is always so.
    pub situations: Vec<Text>,
    /// In how many situations.
    pub count: u64,
}

/// An account for which an answer changes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ShiftedAccount {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
    /// Its name.
    pub name: String,
}

/// What policies say.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PolicyAnswer {
    /// `allowed`, `proof`, `refused` or `unsettled`.
    pub says: String,
    /// By which policies; none where nothing permits it.
    pub policies: Vec<String>,
}
