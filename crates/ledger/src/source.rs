//! Where log files come from: a folder, a database, an HTTP client or a map, seen through one small
//! trait. Whatever it returns is treated as hostile until it is authenticated against a checkpoint.

use std::collections::BTreeMap;
use std::error::Error as StdError;

use crate::error::Error;

/// The storage's own error, kept as the cause of [`Error::Unreadable`].
pub type BoxError = Box<dyn StdError + Send + Sync + 'static>;

/// A log in memory: path to bytes.
pub type MemorySource = BTreeMap<String, Vec<u8>>;

/// Read access to the files of one log, by the paths of [`crate::LogPath`].
pub trait TileSource {
    /// The bytes at `path`, or `None` when there is no such file. An implementation must not read
    /// more than `limit_bytes + 1` bytes: a longer answer is refused as malformed, so a huge file
    /// planted in the folder costs nothing.
    ///
    /// # Errors
    /// Only when the storage itself fails; a missing file is `Ok(None)`.
    fn read(&self, path: &str, limit_bytes: usize) -> Result<Option<Vec<u8>>, BoxError>;

    /// The widths of the partial files that still lie beside `path` (under `<path>.p/`). A source
    /// that cannot list answers with none; one that can lets the verifier check leftovers too.
    ///
    /// # Errors
    /// Only when the storage itself fails.
    fn partial_widths(&self, path: &str) -> Result<Vec<u8>, BoxError> {
        let _ = path;
        Ok(Vec::new())
    }
}

impl TileSource for MemorySource {
    fn read(&self, path: &str, limit_bytes: usize) -> Result<Option<Vec<u8>>, BoxError> {
        Ok(self.get(path).map(|bytes| {
            let end = bytes.len().min(limit_bytes.saturating_add(1));
            bytes.get(..end).unwrap_or_default().to_vec()
        }))
    }

    fn partial_widths(&self, path: &str) -> Result<Vec<u8>, BoxError> {
        let folder = format!("{path}.p/");
        Ok(self
            .range(folder.clone()..)
            .map_while(|(name, _)| name.strip_prefix(&folder))
            .filter_map(|width| width.parse().ok())
            .collect())
    }
}

/// Reads a file and applies the limit.
pub(crate) fn read_limited(
    source: &dyn TileSource,
    path: &str,
    limit_bytes: usize,
) -> Result<Option<Vec<u8>>, Error> {
    let bytes = source
        .read(path, limit_bytes)
        .map_err(|source| Error::Unreadable {
            path: path.to_owned(),
            source,
        })?;
    match bytes {
        Some(bytes) if bytes.len() > limit_bytes => Err(Error::MalformedFile {
            path: path.to_owned(),
            what: "it is too long",
        }),
        other => Ok(other),
    }
}
