//! What a register is once its definition has been read: plain data with public fields.
//!
//! The loader makes these values and guarantees what it checked (references exist, expressions
//! fit); nothing here decides, stores or asks. Serialised, a [`Definition`] is what
//! `GET /registers/{key}` shows, with expressions as their source text.

mod action;
mod approval;
mod clock;
mod definition;
mod expressions;
mod field;
mod label_rule;
mod line;
mod migration;
mod number_rule;
mod print;
mod rule;
mod state;
mod tile;

pub use action::{
    Action, Builtin, Comment, Creates, DistinctFrom, FanOut, LOSE, STRIKE, SignMethod, Signer,
};
pub use approval::{Approval, Step};
pub use clock::{After, ClockDef, Due, EventName, Length, Trigger};
pub use definition::{Area, Definition, LineOf, Nature};
pub(crate) use expressions::UsesFor;
pub use expressions::{BEFORE, Purpose};
pub use field::{Choice, ChoicesOf, Field, FieldKind, Required, SetBy, Visible};
pub use label_rule::LabelRule;
pub use line::{Fill, FillFrom, Line, ParentMove, Scan, WITHDRAWN};
pub use migration::Migration;
pub use number_rule::NumberRule;
pub use print::{LabelSize, Print, PrintOf};
pub use rule::{Letter, Rule, RuleTest, Severity};
pub use state::State;
pub use tile::{Tile, TileBy, TileKind};

/// Values set by expressions, in the order of their keys: field key → expression.
pub type Assignments = std::collections::BTreeMap<String, crate::Expr>;

/// Helps serde leave out flags that are off.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
pub(crate) fn is_false(flag: &bool) -> bool {
    !*flag
}
