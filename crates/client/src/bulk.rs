//! The same act on many records.

use domain::JobId;
use wire::{Bulk, BulkOutcome, BulkRequest, BulkUndo, ImportRowsQuery, Items};

use crate::address::{API, segment, with_query};
use crate::{Call, Client, Error};

impl Client {
    /// Acts on many records of a register, or tries to.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn begin_bulk(
        &self,
        register: &str,
        wanted: &BulkRequest,
        key: Option<&str>,
    ) -> Result<Bulk, Error> {
        let path = format!("{API}/registers/{}/bulk", segment(register));
        let mut call = Call::new("POST", &path).json(wanted)?;
        if let Some(key) = key {
            call = call.header("Idempotency-Key", key);
        }
        self.send(&call)?.accepted()?.json()
    }

    /// The caller's bulk acts, newest first.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_bulk(&self) -> Result<Items<Bulk>, Error> {
        self.get("/bulk")
    }

    /// A bulk act and how far it is.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn read_bulk(&self, id: JobId) -> Result<Bulk, Error> {
        self.get(&format!("/bulk/{id}"))
    }

    /// Its records behind one, and what became of each.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_bulk_rows(
        &self,
        id: JobId,
        query: &ImportRowsQuery,
    ) -> Result<Items<BulkOutcome>, Error> {
        let after = query.after.map(|after| after.to_string());
        self.get(&with_query(
            &format!("/bulk/{id}/rows"),
            &[("outcome", query.outcome.clone()), ("after", after)],
        ))
    }

    /// Ends the work on it.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn stop_bulk(&self, id: JobId) -> Result<Bulk, Error> {
        let call = Call::new("POST", &format!("{API}/bulk/{id}/stop"));
        self.send(&call)?.accepted()?.json()
    }

    /// Undoes it, or tries to.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn undo_bulk(&self, id: JobId, undo: &BulkUndo) -> Result<Bulk, Error> {
        let call = Call::new("POST", &format!("{API}/bulk/{id}/undo")).json(undo)?;
        self.send(&call)?.accepted()?.json()
    }
}
