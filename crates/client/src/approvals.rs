//! The inbox and deciding.

use domain::ApprovalId;
use wire::{ApprovalDecision, ApprovalPage, InboxQuery, Items, Notice, Performed};

use crate::address::with_query;
use crate::{Client, Error};

impl Client {
    /// What waits for the caller: decisions to take, and requests that were sent back.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_inbox(&self, query: &InboxQuery) -> Result<ApprovalPage, Error> {
        self.get(&with_query(
            "/inbox",
            &[
                ("after", query.after.clone()),
                ("limit", query.limit.map(|limit| limit.to_string())),
                ("count", query.count.clone()),
            ],
        ))
    }

    /// What the caller was told.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_notices(&self) -> Result<Items<Notice>, Error> {
        self.get("/me/notices")
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
