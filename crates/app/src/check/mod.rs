//! `check`: everything that is derived against what it is derived from. Versions are what the log
//! committed to, and there is one for each commitment; current rows, links, indexes, reservations,
//! clocks, grounds and numbers are what versions say; holdings are what movements left behind;
//! entries are in the tree; erased keys are gone and all others open what they should.
//!
//! It reads page by page inside one reader's transaction, so that memory stays small and nothing
//! moves meanwhile; it changes nothing and names ids only, never content.

mod approvals;
mod custody;
mod derived;
mod entries;
mod files;
mod findings;
mod grounds;
mod knowledge;
mod numbers;
mod versions;

pub use findings::{Problem, Progress, Report, Told};

use crate::{core::App, error::Error, log};
use findings::Findings;

/// Rows that are read at once.
const PAGE: i64 = 500;

impl App {
    /// Checks everything; `kept` is an older checkpoint somebody kept, to notice a lost tail.
    pub async fn check(&self, kept: Option<&[u8]>) -> Result<Report, Error> {
        self.check_telling(kept, Box::new(|_| ())).await
    }

    /// As [`App::check`], telling now and then how far it is.
    pub async fn check_telling(&self, kept: Option<&[u8]>, told: Told) -> Result<Report, Error> {
        let kept = kept
            .map(|bytes| Ok::<_, Error>(ledger::Checkpoint::open(bytes, &self.inner.vkey)?.head()))
            .transpose()?;
        self.read_tx(move |inner, tx| {
            let mut findings = Findings::new(told);
            let end = log::end(inner, tx)?;
            entries::tree(inner, tx, kept.as_ref(), &mut findings)?;
            entries::leaves(inner, tx, &mut findings)?;
            let taken = entries::Taken::read(inner, tx)?;
            entries::all(tx, &taken, &mut findings)?;
            approvals::all(tx, &taken, &mut findings)?;
            knowledge::all(tx, &mut findings)?;
            let numbers = versions::all(inner, tx, &mut findings)?;
            numbers.compare(tx, &mut findings)?;
            derived::unique_values(tx, &mut findings)?;
            grounds::astray(tx, &mut findings)?;
            custody::all(tx, &mut findings)?;
            files::all(inner, tx, &mut findings)?;
            Ok(findings.report(end))
        })
        .await
    }
}
