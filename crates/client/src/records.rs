//! Registers and records.

use domain::RecordId;
use wire::{
    ActionRequest, Custody, Definition, File, Items, Line, ListQuery, NewRecord, Page, PageQuery,
    Performed, Preview, Record, RecordName, ScanRequest,
};

use crate::address::{API, segment, with_query};
use crate::{Call, Client, Error};

/// How an act is asked for, beside what it is.
#[derive(Clone, Debug, Default)]
pub struct Act {
    /// Only tell what would happen.
    pub dry_run: bool,
    /// Key under which a repeat gets the same answer.
    pub idempotency_key: Option<String>,
}

/// A record at the version that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// The record.
    pub record: RecordId,
    /// Its version.
    pub version: i64,
}

impl From<&Record> for Version {
    fn from(record: &Record) -> Self {
        Self {
            record: record.id,
            version: record.version,
        }
    }
}

impl Client {
    /// Every register's definition.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_registers(&self) -> Result<Items<Definition>, Error> {
        self.get("/registers")
    }

    /// One register's definition.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn read_register(&self, register: &str) -> Result<Definition, Error> {
        self.get(&format!("/registers/{}", segment(register)))
    }

    /// A page of a register's records.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_records(&self, register: &str, query: &ListQuery) -> Result<Page<Record>, Error> {
        let path = format!("/registers/{}/records", segment(register));
        self.get(&with_query(
            &path,
            &[
                ("filter", query.filter.clone()),
                ("q", query.q.clone()),
                ("sort", query.sort.clone()),
                ("after", query.after.clone()),
                ("limit", query.limit.map(|limit| limit.to_string())),
                ("count", query.count.clone()),
            ],
        ))
    }

    /// Makes a record.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn create_record(
        &self,
        register: &str,
        new: &NewRecord,
        act: &Act,
    ) -> Result<Performed, Error> {
        let path = format!("{API}/registers/{}/records", segment(register));
        self.send(&act.dress(Call::new("POST", &act.path(&path)).json(new)?))?
            .accepted()?
            .json()
    }

    /// One record.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn read_record(&self, id: RecordId) -> Result<Record, Error> {
        self.get(&format!("/records/{id}"))
    }

    /// What those of these records are called that the caller may see.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_names(&self, ids: &[RecordId]) -> Result<Items<RecordName>, Error> {
        let ids: Vec<String> = ids.iter().map(RecordId::to_string).collect();
        self.get(&with_query("/names", &[("ids", Some(ids.join(",")))]))
    }

    /// A page of the lines of one kind that a record has.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_lines(
        &self,
        of: RecordId,
        line: &str,
        query: &PageQuery,
    ) -> Result<Page<Line>, Error> {
        let path = format!("/records/{of}/lines/{}", segment(line));
        self.get(&with_query(
            &path,
            &[
                ("after", query.after.clone()),
                ("limit", query.limit.map(|limit| limit.to_string())),
                ("count", query.count.clone()),
            ],
        ))
    }

    /// Makes a line of a record.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn create_line(
        &self,
        of: RecordId,
        line: &str,
        new: &NewRecord,
        act: &Act,
    ) -> Result<Performed, Error> {
        let path = format!("{API}/records/{of}/lines/{}", segment(line));
        self.send(&act.dress(Call::new("POST", &act.path(&path)).json(new)?))?
            .accepted()?
            .json()
    }

    /// Every version of a record.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn read_history(&self, id: RecordId) -> Result<Items<wire::Version>, Error> {
        self.get(&format!("/records/{id}/history"))
    }

    /// A register as a file: its bytes, and the name that the server gives it, as its header writes it.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn export_register(
        &self,
        register: &str,
        wanted: &wire::Export,
    ) -> Result<(String, Vec<u8>), Error> {
        let path = format!("{API}/registers/{}/export", segment(register));
        let answer = self
            .send(&Call::new("POST", &path).json(wanted)?)?
            .accepted()?;
        let name = answer.header("content-disposition").unwrap_or_default();
        Ok((name.to_owned(), answer.body))
    }

    /// A record on one of its forms: the PDF, and the name that the server gives it, as its header writes it.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn print_record(
        &self,
        id: RecordId,
        wanted: &wire::Print,
    ) -> Result<(String, Vec<u8>), Error> {
        let path = format!("{API}/records/{id}/print");
        let answer = self
            .send(&Call::new("POST", &path).json(wanted)?)?
            .accepted()?;
        let name = answer.header("content-disposition").unwrap_or_default();
        Ok((name.to_owned(), answer.body))
    }

    /// The pages that a record would be printed on, to look at.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn preview_record(&self, id: RecordId, wanted: &wire::Print) -> Result<Preview, Error> {
        let path = format!("{API}/records/{id}/preview");
        let call = Call::new("POST", &path).json(wanted)?;
        self.send(&call)?.accepted()?.json()
    }

    /// The pages of a register, to look at.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn preview_register(
        &self,
        register: &str,
        wanted: &wire::Export,
    ) -> Result<Preview, Error> {
        let path = format!("{API}/registers/{}/preview", segment(register));
        let call = Call::new("POST", &path).json(wanted)?;
        self.send(&call)?.accepted()?.json()
    }

    /// The line of custody of an item or copy.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn read_custody(&self, id: RecordId) -> Result<Custody, Error> {
        self.get(&format!("/records/{id}/custody"))
    }

    /// The files of a record.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_files(&self, id: RecordId) -> Result<Items<File>, Error> {
        self.get(&format!("/records/{id}/files"))
    }

    /// Acts on a record at the version that was seen.
    ///
    /// # Errors
    /// [`Error::Problem`], `record.stale` if it changed since, and those of [`Client::send`].
    pub fn perform_action(
        &self,
        seen: Version,
        action: &str,
        request: &ActionRequest,
        act: &Act,
    ) -> Result<Performed, Error> {
        let path = format!("{API}/records/{}/actions/{}", seen.record, segment(action));
        let call = Call::new("POST", &act.path(&path)).json(request)?;
        let call = call.header("if-match", &format!("\"{}\"", seen.version));
        self.send(&act.dress(call))?.accepted()?.json()
    }
}

impl Client {
    /// Acts on the line of a record that is meant by what was scanned. What is scanned is done, not tried.
    ///
    /// # Errors
    /// [`Error::Problem`], `scan.…` where no line waits for it, and those of [`Client::send`].
    pub fn scan_line(
        &self,
        of: RecordId,
        request: &ScanRequest,
        idempotency_key: Option<&str>,
    ) -> Result<Performed, Error> {
        let call = Call::new("POST", &format!("{API}/records/{of}/scan")).json(request)?;
        let act = Act {
            dry_run: false,
            idempotency_key: idempotency_key.map(str::to_owned),
        };
        self.send(&act.dress(call))?.accepted()?.json()
    }
}

impl Act {
    fn path(&self, path: &str) -> String {
        with_query(
            path,
            &[("dry_run", self.dry_run.then(|| "true".to_owned()))],
        )
    }

    fn dress(&self, call: Call) -> Call {
        match &self.idempotency_key {
            Some(key) => call.header("idempotency-key", key),
            None => call,
        }
    }
}
