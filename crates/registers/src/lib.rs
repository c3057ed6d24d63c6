//! The definition language: every register (台账) of the product is data in this language.
//!
//! `load` reads definitions and reports every mistake with its place; the model is what the
//! engine interprets; expressions, input checks, rules, numbers, clocks, approvals and regimes
//! are decided here, purely: no clock, no I/O, no knowledge of where records live. The language
//! is described in `docs/src/reference/register-language.md`.
#![warn(missing_docs)]

mod amount;
pub mod approvals;
mod catalogue;
pub mod clocks;
pub mod compute;
mod error;
mod expr;
pub mod filter;
#[cfg(test)]
mod fixtures;
pub mod limits;
mod load;
pub mod migrate;
pub mod model;
mod nearest;
mod numbering;
mod opening;
mod page;
mod range;
mod regime;
mod report;
mod rests;
pub mod rules;
mod shape;
mod span;
mod standard;
pub mod tasks;
pub mod validate;
mod who;

pub use amount::hundredths as amount_in_hundredths;
pub use catalogue::Catalogue;
pub use error::Error;
pub use expr::{EvalError, EvalErrorKind, Expr, ExprError, ExprErrorKind, Facts, function_names};
pub use load::{Effect, Known, Source, load};
pub use model::{
    Action, Approval, Area, Builtin, Choice, ClockDef, Definition, Field, FieldKind, LabelRule,
    Letter, Line, Nature, NumberRule, Rule, Severity, State, Step, Tile, TileBy, TileKind,
};
pub use model::{BEFORE, Purpose};
pub use numbering::{NumberFormat, NumberFormatError, NumberParts, ParsedNumber};
pub use opening::{FORMER_NUMBER, TAKEN_FROM};
pub use page::page;
pub use range::NumberRange;
pub use regime::{BASE, Content, Parameter, Parameters, Regime, Regimes, Stricter};
pub use report::Report;
pub use span::{Offset, Span, SpanUnit};
pub use standard::correctors;
pub use validate::FieldError;
pub use who::{Party, Who, WhoCase, WhoError, WhoSet};
