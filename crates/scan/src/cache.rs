//! Reports of files that were read before, by what the files hold: a scan that was stopped goes on where it was.
//!
//! What is kept is masked and lies in a folder of its owner; it is of these rules and limits and of this program alone,
//! for a scan with others has another folder inside.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::read::Inspected;

/// A folder of reports.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// Opens the reports of scans of one kind; `kind` says all that a report depends on besides its file.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn open(folder: &Path, kind: &str) -> std::io::Result<Self> {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, kind.as_bytes());
        let name = hex::encode(digest.as_ref().get(..8).unwrap_or_default());
        let folder = folder.join(name);
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        Ok(Self { folder })
    }

    /// What was told of a file with this digest. What cannot be read is as good as not there.
    pub(crate) fn get(&self, sha256: &str) -> Option<Inspected> {
        let bytes = fs::read(self.place(sha256)).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Keeps it. WHY without a word when it fails: a report that is not kept is made once more, no more.
    pub(crate) fn put(&self, sha256: &str, inspected: &Inspected) {
        let place = self.place(sha256);
        let begun = place.with_extension(std::process::id().to_string());
        let written = serde_json::to_vec(inspected)
            .map_err(std::io::Error::other)
            .and_then(|bytes| {
                let mut options = fs::File::options();
                options.write(true).create(true).truncate(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                options.open(&begun)?.write_all(&bytes)?;
                // another program may read it at any moment: it is there whole or not at all
                fs::rename(&begun, &place)
            });
        drop(written);
    }

    fn place(&self, sha256: &str) -> PathBuf {
        self.folder.join(sha256)
    }
}
