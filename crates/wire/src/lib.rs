//! The shapes that cross the wire: what `api` reads and answers and what `client` sends and gets.
//!
//! One module per subject, each a plain serde type with its OpenAPI schema. Requests refuse
//! unknown fields; answers may grow. Nothing here decides anything, knows how a thing is stored,
//! or speaks HTTP; of our crates it knows only the ids and labels of `domain`.
#![warn(missing_docs)]

mod accounts;
mod approvals;
mod board;
mod bulk;
mod credential;
mod custody;
mod definitions;
mod export;
mod files;
mod imports;
mod inspection;
mod kept;
mod label;
pub mod limits;
mod list;
mod log;
mod notices;
mod packs;
mod perform;
mod policies;
mod problem;
mod records;
mod session;
mod text;

pub use accounts::{
    Account, AccountChange, AccountMade, NewAccount, NewToken, Token, TokenMade, WaitingChange,
};
pub use approvals::{Approval, ApprovalDecision, Decision, SentBack, Verdict};
pub use board::{Tile, TilePart};
pub use bulk::{Bulk, BulkItem, BulkOutcome, BulkQuery, BulkRequest, BulkUndo};
pub use credential::Credential;
pub use custody::{CopyCustody, Custody, KnownBy, Movement};
pub use definitions::Definition;
pub use export::{Export, Preview, Print};
pub use files::{File, NewUpload, PartQuery, PartialUpload, UploadQuery};
pub use imports::{
    Import, ImportHead, ImportQuery, ImportRow, ImportRowsQuery, ImportStart, ImportTarget,
    RowProblem, SheetQuery,
};
pub use inspection::{Inspection, InspectionFinding, InspectionPlace, InspectionVerdict};
pub use kept::{Kept, KeptBody};
pub use label::LabelView;
pub use list::{Items, ListQuery, Page, PageQuery};
pub use log::{LogEntry, LogOrder, LogPage, LogQuery};
pub use notices::Notice;
pub use packs::{
    Changed, CheckedFile, CheckedRegime, CheckedRegister, DefinitionSource, DefinitionVersion,
    PackFile, PackFiles, PackMistake, PackParameter, PackRegime, PackRegister, PackRule, Packs,
    PacksChecked, RegimeWord, TextLine,
};
pub use perform::{
    AcceptedWarning, ActionRequest, DecisionAhead, Done, DryRunQuery, FieldStanding, Made,
    NewRecord, Performed, ScanRequest, Signature, Unfinished, Waiting, WouldHappen,
};
pub use policies::{
    Duty, Policies, Policy, PolicyAnswer, RoleDuties, Shift, ShiftedAccount, TriedText, WhatIf,
};
pub use problem::{FieldProblem, Problem, RuleProblem};
pub use records::{
    ActionState, ClockState, Line, LinePlace, NamedPerson, NamesQuery, Record, RecordName, Signed,
    Version,
};
pub use session::{
    Login, Me, PasswordChange, RecoveryCodes, Session, StepUp, SteppedUp, TotpConfirmation,
    TotpEnrolment,
};
pub use text::Text;
