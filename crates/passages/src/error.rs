//! What may go wrong with an index, each with a stable code.

use std::path::{Path, PathBuf};

/// An index could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error("`{}` cannot be read or written", path.display())]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// A file is not as it was written.
    #[error("`{}` is damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The key is not the one it was made with.
    #[error("`{}` was made with another key", path.display())]
    WrongKey {
        /// The file.
        path: PathBuf,
    },
    /// There is no index or table here.
    #[error("`{}` is no index of registered documents and no table", path.display())]
    None {
        /// The folder or file.
        path: PathBuf,
    },
    /// Something is here already.
    #[error("`{}` is there already", path.display())]
    There {
        /// The folder or file.
        path: PathBuf,
    },
    /// Another program changes it.
    #[error("another program is changing `{}`", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// No more documents have room.
    #[error("the index is full")]
    Full,
    /// The source of randomness failed.
    #[error("there is no randomness")]
    Random(#[source] std::io::Error),
    /// The cryptographic library refused.
    #[error("the cryptographic library refused")]
    Crypto,
}

impl Error {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Disk { .. } => "passages.disk",
            Self::Damaged { .. } => "passages.damaged",
            Self::WrongKey { .. } => "passages.wrong_key",
            Self::None { .. } => "passages.none",
            Self::There { .. } => "passages.there",
            Self::Busy { .. } => "passages.busy",
            Self::Full => "passages.full",
            Self::Random(_) => "passages.random",
            Self::Crypto => "passages.crypto",
        }
    }

    pub(crate) fn damaged(path: &Path) -> Self {
        Self::Damaged {
            path: path.to_owned(),
        }
    }

    /// Makes an error of the disk one of a file.
    pub(crate) fn disk(path: &Path) -> impl Fn(std::io::Error) -> Self + '_ {
        |source| Self::Disk {
            path: path.to_owned(),
            source,
        }
    }
}
