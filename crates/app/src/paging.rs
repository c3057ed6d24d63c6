//! Pages of lists: how they are asked for, and the two refusals they have in common.

use crate::{error::Error, limits};

/// How a page is asked for.
#[derive(Clone, Debug, Default)]
pub struct PageInput {
    /// Cursor from the page before.
    pub after: Option<String>,
    /// At most so many.
    pub limit: Option<i64>,
    /// `none`, `capped` or `exact`.
    pub count: Option<String>,
}

/// A page of a list.
#[derive(Debug)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// How many there are on all pages, if it was asked.
    pub total: Option<i64>,
}

/// Counts as it was asked: `tally` counts everything, or only up to a cap.
pub(crate) fn total(
    count: Option<&str>,
    tally: impl FnOnce(Option<i64>) -> Result<i64, store::Error>,
) -> Result<Option<i64>, Error> {
    match count {
        Some("exact") => Ok(Some(tally(None)?)),
        Some("capped") => Ok(Some(tally(Some(limits::COUNT_CAP))?)),
        Some("none") | None => Ok(None),
        Some(_) => Err(Error::malformed(
            "list.count",
            "count 只能是 none、capped 或 exact",
            "count is none, capped or exact",
        )),
    }
}

/// A cursor that no page gave.
pub(crate) fn bad_cursor() -> Error {
    Error::malformed(
        "list.cursor",
        "翻页标记无效，请从第一页开始",
        "the cursor is not valid, start from the first page",
    )
}

impl PageInput {
    /// How many at most, where nothing else was asked for.
    pub(crate) fn limit(&self) -> i64 {
        self.limit
            .unwrap_or(limits::PAGE)
            .clamp(1, store::limits::PAGE)
    }
}

/// The last of a page that is full: after it comes another.
pub(crate) fn last_of_full<T>(rows: &[T], limit: i64) -> Option<&T> {
    let full = i64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    rows.last().filter(|_| full)
}
