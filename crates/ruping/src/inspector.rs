//! Who reads contents for the server: workers of `ruping scan`, which are this same program.

use std::sync::Arc;
use std::thread::available_parallelism;

use anyhow::Context;
use scan::{Content, Readers};

/// Workers that the server lends to its use cases.
#[derive(Debug)]
struct Inspector(Readers);

impl app::Inspector for Inspector {
    fn read(&self, name: &str, bytes: &[u8], size: u64) -> inspect::Report {
        let mut told = self.0.read(&Content { name, size, bytes });
        told.report.text = told.text.unwrap_or_default();
        told.report
    }
}

pub(crate) fn make() -> anyhow::Result<Arc<dyn app::Inspector>> {
    let program = std::env::current_exe().context("the place of this program is not known")?;
    let jobs = available_parallelism().map_or(1, usize::from);
    let pool = cli::scan::serving(program, jobs);
    Ok(Arc::new(Inspector(Readers::new(pool))))
}
