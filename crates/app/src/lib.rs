//! Use cases: permit → validate → transact → record.
//!
//! Every change of business data passes [`App::perform`] (or [`App::decide`], which executes what was
//! performed and waited), whatever asks for it: page, API, command line, clock. Nothing here knows HTTP
//! or SQL; time, randomness and folders come in through [`setup`].
#![warn(missing_docs)]

mod accounts;
mod background;
mod batch;
mod bulk;
mod caller;
mod carrying;
pub mod check;
mod classes;
mod classification;
mod clocks;
mod core;
mod custody;
mod error;
mod events;
mod export;
mod facts;
mod files;
mod gate;
mod import;
mod inspection;
mod kept;
mod keys;
mod labels;
mod latest;
mod leaving;
mod limits;
mod log;
mod notices;
mod open_items;
mod packs;
mod paging;
mod people;
mod perform;
mod printing;
mod problems;
mod records;
mod regimes;
mod rulebook;
pub mod setup;
#[cfg(test)]
mod sight;
mod sweep;
mod told;
mod training;
mod views;
mod visibility;

pub use accounts::Scope;
pub use batch::BatchLineView;
pub use bulk::{BulkInput, BulkUndo, BulkView};
pub use caller::Caller;
pub use carrying::{CarryTrial, Changed};
pub use core::App;
pub use error::{Error, FieldProblem, RuleProblem};
pub use events::{Event, EventStream};
pub use export::{ExportFormat, ExportInput, Exported};
pub use files::Upload;
pub use import::{HeadView, ImportRoom, ImportStart, ImportView, SheetFormat};
pub use inspection::{InspectionRoom, InspectionView, Inspector};
pub use kept::{Kept, KeptView};
pub use log::{EntryPage, EntryView, LogInput, LostEntry};
pub use packs::{House, Packs, known_to_definitions};
pub use paging::{Page, PageInput};
pub use printing::{PreviewView, PrintInput};
pub use problems::Problem;
pub use records::{TilePartView, TileView};
pub use registers::validate::Standing;
pub use rulebook::{
    CheckedFile, CheckedRegime, CheckedRegister, DutyView, Mistake, PackFile, PacksChecked,
    PacksView, ParameterView, PoliciesView, PolicyText, RegimeView, RegimeWord, RegisterView,
    RoleDuties, RuleView, ShiftView, SourceView, TextLine, TriedText, VerdictView, VersionTold,
    WhatIfView, WhoView, try_policies,
};
pub use setup::RootKeySource;
pub use vault::SecretString;
pub use views::*;
