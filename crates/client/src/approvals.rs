//! The inbox and deciding.

use domain::ApprovalId;
use wire::{Approval, ApprovalDecision, Notice, Page, PageQuery, Performed};

use crate::address::with_query;
use crate::{Client, Error};

impl Client {
    /// What waits for the caller: decisions to take, and requests that were sent back.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_inbox(&self, query: &PageQuery) -> Result<Page<Approval>, Error> {
        self.get(&paged("/inbox", query))
    }

    /// What the caller was told, newest first.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_notices(&self, query: &PageQuery) -> Result<Page<Notice>, Error> {
        self.get(&paged("/me/notices", query))
    }

    /// Decides on an approval, or withdraws one's own request.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn decide_approval(
        &self,
        id: ApprovalId,
        decision: &ApprovalDecision,
    ) -> Result<Performed, Error> {
        self.submit("POST", &format!("/approvals/{id}"), decision)
    }
}

fn paged(path: &str, query: &PageQuery) -> String {
    with_query(
        path,
        &[
            ("after", query.after.clone()),
            ("limit", query.limit.map(|limit| limit.to_string())),
            ("count", query.count.clone()),
        ],
    )
}
