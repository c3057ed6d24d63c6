//! Typed access to the tables, one subject per file. Reads hang on [`crate::Tx`], changes of business
//! data on [`crate::Write`], a person's own state on [`crate::Keep`].

mod accounts;
mod approvals;
mod audit;
mod bookkeeping;
mod classes;
mod clocks;
mod custody;
mod files;
mod keys;
mod log;
mod notices;
mod records;
mod search;
mod sessions;
mod versions;

pub use accounts::{AccountRow, ChangeKind, ChangeRow, NewAccount};
pub use approvals::{ApprovalRow, DecisionRow, InboxQuery, SignatureRow};
pub use audit::{GroundRow, Indexed, UniqueRow};
pub use bookkeeping::{Answer, JobRow};
pub use classes::Beside;
pub use clocks::ClockRow;
pub use custody::{HoldingRow, MovementRow, NewMovement, Status};
pub use files::{FileRow, Unattached};
pub use keys::KekRow;
pub use log::{EntryRow, LogEnd};
pub use notices::{NoticePlace, NoticeQuery, NoticeRow};
pub use records::{IndexValue, RecordRow};
pub use search::{After, Column, Condition, ListQuery, Sort, Visible};
pub use sessions::{SessionRow, TokenRow};
pub use versions::{NewVersion, VersionRow};
