//! The vocabulary every other crate speaks: ids, clock, levels, labels, terms, marks, calendar.
//!
//! Pure values with one `parse` each and laws that tests hold them to. Nothing here may read a
//! clock, a file, the network or a database, decide who may know something (`access`), or know
//! how a value is stored. The words are those of `docs/src/reference/glossary.md`.
#![warn(missing_docs)]

mod actor;
mod calendar;
mod clock;
mod error;
mod ids;
mod label;
mod level;
pub mod limits;
mod mark;
mod term;
mod text;

pub use actor::{Actor, SYSTEM_ACTORS};
pub use calendar::Calendar;
pub use clock::{Clock, FixedClock, SITE_ZONE_DEFAULT, today};
pub use error::Error;
pub use ids::{
    AccountId, ApprovalId, ClockId, EntryId, FileId, JobId, MovementId, ObjectId, PersonId,
    RecordId, SessionId, TokenId, UnitId, VersionId,
};
pub use jiff::{Timestamp, civil::Date};
pub use label::{ClassId, Clause, Clearance, Compartment, Ends, Label, LabelClass, Levels, Scope};
pub use level::{Family, Level};
pub use mark::{Mark, MarkError, MarkFlag};
pub use term::{Term, TermError};
pub use text::{Language, Text};
