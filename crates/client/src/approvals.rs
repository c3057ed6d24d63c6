//! The inbox and deciding.

use domain::ApprovalId;
use wire::{Approval, ApprovalDecision, Items, Notice, Performed};

use crate::{Client, Error};

impl Client {
    /// What waits for the caller's decision.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_inbox(&self) -> Result<Items<Approval>, Error> {
        self.get("/inbox")
    }

    /// What the caller was told.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_notices(&self) -> Result<Items<Notice>, Error> {
        self.get("/me/notices")
    }

    /// Decides on an approval.
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
