//! Who may know what, and who may do what: the mandatory label check, the policies, `Granted`.
//!
//! Two questions, answered one after the other. *Visibility* is the mandatory part and lives in
//! Rust alone: clearance dominates the label, and there is a ground to know ([`decide_class`]).
//! *Acts* are governed by Cedar policies, shipped and the site's own ([`Policies`]). Only when
//! both say yes does [`decide`] make a [`Granted`], the value without which the store writes
//! nothing. Pure: no clock, file, network, SQL or HTTP; what the decision needs is passed in,
//! and where it goes is the caller's log entry.
#![warn(missing_docs)]

mod acts;
mod denied;
mod error;
#[cfg(test)]
mod fixtures;
mod granted;
mod grounds;
pub mod limits;
mod policies;
mod roles;
mod viewer;
mod visibility;

pub use acts::{Act, Channel, Group, Kind};
pub use denied::{Denied, Refusal};
pub use error::Error;
pub use granted::{Granted, SystemGrant, SystemReason, decide, decide_office, decide_system};
pub use grounds::{Grant, Ground, Nature};
pub use policies::{
    Duty, DutyKind, Policies, PolicyReport, PolicyView, RegisterFacts, SCHEMA, Shift, Verdict,
    WhatIf, of_role, what_if,
};
pub use roles::{Role, RoleConflict, check_roles};
pub use viewer::Viewer;
pub use visibility::{ClassDecision, Visibility, decide_class, may_know, visibility};
