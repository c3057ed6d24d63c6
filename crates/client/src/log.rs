//! The log: its files, its entries and the proofs of single entries.

use domain::EntryId;
use wire::{LogOrder, LogPage, LogQuery};

use crate::address::{API, with_query};
use crate::{Call, Client, Error};

impl Client {
    /// The newest signed checkpoint.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn read_checkpoint(&self) -> Result<Vec<u8>, Error> {
        self.bytes("/log/checkpoint")
    }

    /// A page of the log, for the auditor.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_entries(&self, query: &LogQuery) -> Result<LogPage, Error> {
        let order = query.order.map(|order| match order {
            LogOrder::Oldest => "oldest".to_owned(),
            LogOrder::Newest => "newest".to_owned(),
        });
        self.get(&with_query(
            "/log/entries",
            &[
                ("after", query.after.map(|after| after.to_string())),
                ("limit", query.limit.map(|limit| limit.to_string())),
                ("order", order),
                ("from", query.from.map(|from| from.to_string())),
                ("until", query.until.map(|until| until.to_string())),
                ("action", query.action.clone()),
                ("register", query.register.clone()),
                ("record", query.record.map(|record| record.to_string())),
                ("account", query.account.map(|account| account.to_string())),
            ],
        ))
    }

    /// The proof file of an entry; `ledger.pending` while it has no place yet.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn read_proof(&self, entry: EntryId) -> Result<Vec<u8>, Error> {
        self.bytes(&format!("/log/proof/{entry}"))
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, Error> {
        Ok(self
            .send(&Call::new("GET", &format!("{API}{path}")))?
            .accepted()?
            .body)
    }
}

/// The log's files as a server hands them out, for a verifier.
#[derive(Clone, Debug)]
pub struct RemoteLog(Client);

impl RemoteLog {
    /// The log of this client's server.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self(client)
    }

    /// How many entries the server has committed that are not under its checkpoint yet; none if it
    /// does not say.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn pending(&self) -> Result<Option<u64>, Error> {
        let path = format!("{API}/log/checkpoint");
        let answer = self.0.send(&Call::new("GET", &path))?.accepted()?;
        Ok(answer
            .header("ruping-pending")
            .and_then(|pending| pending.parse().ok()))
    }

    /// A file by its path in the log (`checkpoint`, `tile/0/000`); none where there is none.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let answer = self
            .0
            .send(&Call::new("GET", &format!("{API}/log/{path}")))?;
        if answer.status == 404 {
            return Ok(None);
        }
        Ok(Some(answer.accepted()?.body))
    }
}
