//! Taking files in.

use domain::JobId;
use wire::{Import, ImportRow, ImportRowsQuery, ImportStart, Items, SheetQuery};

use crate::address::{API, segment, with_query};
use crate::{Call, Client, Error};

impl Client {
    /// Sends a workbook or CSV file for a register; nothing is done with its rows yet.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn begin_import(
        &self,
        register: &str,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Import, Error> {
        let path = format!("{API}/registers/{}/imports", segment(register));
        let path = with_query(&path, &[("name", Some(name.to_owned()))]);
        let call = Call::new("POST", &path).bytes("application/octet-stream", bytes);
        self.send(&call)?.accepted()?.json()
    }

    /// The caller's files, newest first.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_imports(&self) -> Result<Items<Import>, Error> {
        self.get("/imports")
    }

    /// A file and how far it is.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn read_import(&self, id: JobId) -> Result<Import, Error> {
        self.get(&format!("/imports/{id}"))
    }

    /// Has its rows tried or worked off.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn start_import(&self, id: JobId, start: &ImportStart) -> Result<Import, Error> {
        let call = Call::new("POST", &format!("{API}/imports/{id}/start")).json(start)?;
        self.send(&call)?.accepted()?.json()
    }

    /// Ends the work on it.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn stop_import(&self, id: JobId) -> Result<Import, Error> {
        let call = Call::new("POST", &format!("{API}/imports/{id}/stop"));
        self.send(&call)?.accepted()?.json()
    }

    /// Drops it.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn drop_import(&self, id: JobId) -> Result<(), Error> {
        let call = Call::new("DELETE", &format!("{API}/imports/{id}"));
        self.send(&call)?.accepted().map(drop)
    }

    /// Rows behind one, and what became of each.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_import_rows(
        &self,
        id: JobId,
        query: &ImportRowsQuery,
    ) -> Result<Items<ImportRow>, Error> {
        let after = query.after.map(|after| after.to_string());
        self.get(&with_query(
            &format!("/imports/{id}/rows"),
            &[("outcome", query.outcome.clone()), ("after", after)],
        ))
    }

    /// The file again, with what became of each row.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn read_import_result(&self, id: JobId, query: &SheetQuery) -> Result<Vec<u8>, Error> {
        self.sheet(&format!("{API}/imports/{id}/result"), query)
    }

    /// An empty sheet for a register.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn read_template(&self, register: &str, query: &SheetQuery) -> Result<Vec<u8>, Error> {
        let path = format!("{API}/registers/{}/template", segment(register));
        self.sheet(&path, query)
    }

    fn sheet(&self, path: &str, query: &SheetQuery) -> Result<Vec<u8>, Error> {
        let path = with_query(
            path,
            &[
                ("action", query.action.clone()),
                ("format", query.format.clone()),
                ("language", query.language.clone()),
            ],
        );
        Ok(self.send(&Call::new("GET", &path))?.accepted()?.body)
    }
}
