//! Reading small files, never more of one than it may hold.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use crate::Error;
use crate::limits::SMALL_FILE_BYTES;

/// A key, token, checkpoint or certificate file.
///
/// # Errors
/// [`Error::Read`] or [`Error::TooLarge`].
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    read_at_most(path, SMALL_FILE_BYTES)
}

/// A file of at most so many bytes.
pub(crate) fn read_at_most(path: &Path, limit_bytes: u64) -> Result<Vec<u8>, Error> {
    let unreadable = |source| Error::Read {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit_bytes + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() as u64 > limit_bytes {
        return Err(Error::TooLarge {
            path: path.to_owned(),
        });
    }
    Ok(bytes)
}

/// A file that nobody else of this machine reads; what it holds stays until it is written.
pub(crate) fn for_secrets(path: &Path) -> Result<File, Error> {
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|source| Error::Write {
        path: path.to_owned(),
        source,
    })
}

/// Writes such a file.
pub(crate) fn write_secrets(path: &Path, file: &mut File, bytes: &[u8]) -> Result<(), Error> {
    let written = file.set_len(0).and_then(|()| file.write_all(bytes));
    written.map_err(|source| Error::Write {
        path: path.to_owned(),
        source,
    })
}

/// A file of one line of text.
pub(crate) fn read_line(path: &Path) -> Result<String, Error> {
    let text = String::from_utf8(read(path)?);
    let text = text.map_err(|_| Error::NotText {
        path: path.to_owned(),
    })?;
    Ok(text.trim().to_owned())
}
