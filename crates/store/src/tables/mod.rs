//! Typed access to the tables, one subject per file. Reads hang on [`crate::Tx`], changes of business
//! data on [`crate::Write`], a person's own state on [`crate::Keep`].

mod accounts;
mod approvals;
mod audit;
mod batches;
mod bookkeeping;
mod classes;
mod clocks;
mod custody;
mod files;
mod imports;
mod kept;
mod keys;
mod lines;
mod log;
mod notices;
mod records;
mod search;
mod sessions;
mod versions;

use crate::{
    Error, Tx,
    rows::{Dialect, Statement},
};

pub use accounts::{AccountRow, AccountStanding, ChangeKind, ChangeRow, NewAccount};
pub use approvals::{ApprovalRow, DecisionRow, InboxQuery, SignatureRow};
pub use audit::{GroundRow, UniqueRow};
pub use batches::{BatchLine, BatchRow};
pub use bookkeeping::{Answer, DefinitionRow, JobRow};
pub use classes::Beside;
pub use clocks::ClockRow;
pub use custody::{HoldingRow, MovementRow, NewMovement, Status};
pub use files::{FileRow, Unattached};
pub use kept::KeptRow;
pub use keys::KekRow;
pub use log::{EntryQuery, EntryRow, LogEnd};
pub use notices::{NoticePlace, NoticeQuery, NoticeRow};
pub use records::{IndexValue, Indexed, LineNo, RecordRow};
pub use search::{
    After, Column, Condition, Group, KeptBack, ListQuery, Months, Sort, Stand, Visible,
};
pub use sessions::{SessionRow, TokenRow};
pub use versions::{NewVersion, VersionRow};

impl Tx<'_> {
    /// How many rows there are of what `from` says, from `FROM` on; exactly, or only up to `cap`.
    fn tally(
        &mut self,
        cap: Option<i64>,
        from: impl FnOnce(Dialect, &mut Statement),
    ) -> Result<i64, Error> {
        let mut statement = Statement::new("SELECT count(*) FROM (SELECT 1");
        from(self.dialect(), &mut statement);
        if let Some(cap) = cap {
            statement.push(" LIMIT ").bind(cap);
        }
        statement.push(") AS c");
        let (text, values) = statement.parts();
        self.query_one(text, values)?
            .map_or(Ok(0), |row| row.int(0))
    }
}
