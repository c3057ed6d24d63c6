//! Files: sent and read as streams, so that no size has to fit into memory.

use std::io::{Read, Write};

use domain::FileId;
use ureq::SendBody;
use wire::{File, Inspection, limits};

use crate::address::{API, with_query};
use crate::call::refusal;
use crate::{Call, Client, Error};

impl Client {
    /// Sends a file; it is the caller's own until an act gives it to a record.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn upload_file(
        &self,
        name: &str,
        media_type: &str,
        content: &mut dyn Read,
    ) -> Result<File, Error> {
        let path = with_query(&format!("{API}/files"), &[("name", Some(name.to_owned()))]);
        let call = Call::new("POST", &path).header("content-type", media_type);
        let response = self.send_from(&call, SendBody::from_reader(content))?;
        let status = response.status().as_u16();
        let mut body = response.into_body();
        let bytes = body
            .with_config()
            .limit(limits::ANSWER_BYTES)
            .read_to_vec()
            .map_err(|error| Error::Unreachable(Box::new(error)))?;
        if status != 201 {
            return Err(refusal(status, &path, &bytes));
        }
        serde_json::from_slice(&bytes).map_err(|source| Error::Answer { path, source })
    }

    /// Has a content inspected, without a name; nothing of it is kept.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn inspect_content(&self, content: Vec<u8>) -> Result<Inspection, Error> {
        let call = Call::new("POST", &format!("{API}/inspect"));
        let call = call.bytes("application/octet-stream", content);
        self.send(&call)?.accepted()?.json()
    }

    /// Reads a file's whole content into `out`; answers how many bytes there were.
    ///
    /// # Errors
    /// [`Error::Problem`], [`Error::Write`] and those of [`Client::send`].
    pub fn read_file(&self, id: FileId, out: &mut dyn Write) -> Result<u64, Error> {
        let path = format!("{API}/files/{id}/content");
        let response = self.send_from(&Call::new("GET", &path), SendBody::none())?;
        let status = response.status().as_u16();
        let mut reader = response.into_body().into_reader();
        if status != 200 {
            let mut bytes = Vec::new();
            let mut limited = reader.take(limits::ANSWER_BYTES);
            limited.read_to_end(&mut bytes).map_err(unreachable)?;
            return Err(refusal(status, &path, &bytes));
        }
        let mut buffer = vec![0; 64 * 1024];
        let mut total = 0;
        loop {
            let read = reader.read(&mut buffer).map_err(unreachable)?;
            let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else {
                return Ok(total);
            };
            out.write_all(part).map_err(Error::Write)?;
            total += part.len() as u64;
        }
    }

    /// Reads the bytes from `first` to `last`, both included; the server may answer with fewer.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn read_file_range(&self, id: FileId, first: u64, last: u64) -> Result<Vec<u8>, Error> {
        let call = Call::new("GET", &format!("{API}/files/{id}/content"))
            .header("range", &format!("bytes={first}-{last}"));
        Ok(self.send(&call)?.accepted()?.body)
    }
}

fn unreachable(error: std::io::Error) -> Error {
    Error::Unreachable(Box::new(ureq::Error::Io(error)))
}
