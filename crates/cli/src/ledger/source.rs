//! A log as plain files in a folder, or as a server hands them out.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::PathBuf;

use client::RemoteLog;
use ledger::{BoxError, TileSource};

/// Files of a folder.
pub(super) struct Folder(pub(super) PathBuf);

impl TileSource for Folder {
    fn read(&self, path: &str, limit_bytes: usize) -> Result<Option<Vec<u8>>, BoxError> {
        let file = match File::open(self.0.join(path)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let mut bytes = Vec::new();
        file.take(limit_bytes as u64 + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn partial_widths(&self, path: &str) -> Result<Vec<u8>, BoxError> {
        let entries = match fs::read_dir(self.0.join(format!("{path}.p"))) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut widths = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            widths.extend(name.to_str().and_then(|name| name.parse::<u8>().ok()));
        }
        Ok(widths)
    }
}

/// Files a server hands out.
pub(super) struct Remote(pub(super) RemoteLog);

impl TileSource for Remote {
    fn read(&self, path: &str, _limit_bytes: usize) -> Result<Option<Vec<u8>>, BoxError> {
        Ok(self.0.read(path)?)
    }
}
