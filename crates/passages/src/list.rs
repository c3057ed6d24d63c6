//! The list of segments: what an index is made of at this moment. It is replaced whole, so that there is always one.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::bytes::Rest;
use crate::key::{Key, Part, SALT_BYTES, Salt, TAG_BYTES};
use crate::limits::{LIST_BYTES_MOST, SEGMENTS_MOST};
use crate::{Error, Random};

const MAGIC: &[u8; 8] = b"RUPASIX1";
const NAME: &str = "index";
pub(crate) const LOCK: &str = "lock";

/// A segment as the list names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) number: u64,
    /// Bytes of its file.
    pub(crate) bytes: u64,
    pub(crate) postings: u64,
    pub(crate) documents: u32,
    pub(crate) removed: u32,
}

/// All segments of an index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct List {
    pub(crate) next_document: u32,
    pub(crate) next_segment: u64,
    pub(crate) segments: Vec<Entry>,
}

/// Where a segment lies.
pub(crate) fn segment_path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number}.seg"))
}

impl List {
    /// Whether there is a list in a folder, sound or not.
    pub(crate) fn is_in(folder: &Path) -> bool {
        folder.join(NAME).is_file() && folder.join(LOCK).is_file()
    }

    pub(crate) fn read(folder: &Path, key: &Key) -> Result<Self, Error> {
        let path = folder.join(NAME);
        let mut bytes = Vec::new();
        let file = match File::open(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::None {
                    path: folder.to_owned(),
                });
            }
            other => other.map_err(Error::disk(&path))?,
        };
        file.take(LIST_BYTES_MOST)
            .read_to_end(&mut bytes)
            .map_err(Error::disk(&path))?;
        let damaged = || Error::damaged(&path);
        let mut rest = Rest(&bytes);
        if rest.fixed().as_ref() != Some(MAGIC) {
            return Err(damaged());
        }
        let salt: Salt = rest.fixed().ok_or_else(damaged)?;
        let check: [u8; 16] = rest.fixed().ok_or_else(damaged)?;
        if !key.is_of(&salt, &check)? {
            return Err(Error::WrongKey { path });
        }
        let mut body = rest.0.to_vec();
        let opened = key.sealer(&salt)?.open(Part::List, 0, &mut body);
        opened
            .and_then(|()| Self::parse(Rest(&body)))
            .ok_or_else(damaged)
    }

    fn parse(mut rest: Rest<'_>) -> Option<Self> {
        let (next_document, next_segment) = (rest.u32()?, rest.u64()?);
        let count = rest.u32()? as usize;
        if count > SEGMENTS_MOST {
            return None;
        }
        let segments = (0..count)
            .map(|_| {
                Some(Entry {
                    number: rest.u64()?,
                    bytes: rest.u64()?,
                    postings: rest.u64()?,
                    documents: rest.u32()?,
                    removed: rest.u32()?,
                })
            })
            .collect::<Option<_>>()?;
        rest.is_empty().then_some(Self {
            next_document,
            next_segment,
            segments,
        })
    }

    /// Puts it in the place of the list before.
    pub(crate) fn write(
        &self,
        folder: &Path,
        key: &Key,
        random: &mut Random<'_>,
    ) -> Result<(), Error> {
        let mut body = Vec::new();
        body.extend(self.next_document.to_le_bytes());
        body.extend(self.next_segment.to_le_bytes());
        let count = u32::try_from(self.segments.len()).map_err(|_| Error::Full)?;
        body.extend(count.to_le_bytes());
        for entry in &self.segments {
            body.extend(entry.number.to_le_bytes());
            body.extend(entry.bytes.to_le_bytes());
            body.extend(entry.postings.to_le_bytes());
            body.extend(entry.documents.to_le_bytes());
            body.extend(entry.removed.to_le_bytes());
        }
        let mut salt: Salt = [0; SALT_BYTES];
        random(&mut salt).map_err(Error::Random)?;
        key.sealer(&salt)?.seal(Part::List, 0, &mut body)?;
        let mut whole = Vec::with_capacity(body.len() + 40 + TAG_BYTES);
        whole.extend(MAGIC);
        whole.extend(salt);
        whole.extend(key.check(&salt)?);
        whole.extend(body);
        replace(&folder.join(NAME), &whole)
    }
}

/// Writes a file beside the one that is there, and puts it in its place once all of it is on the disk.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let beside = path.with_extension("new");
    let mut file = create(&beside)?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(Error::disk(path))?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// A new file that nobody else of this machine reads.
pub(crate) fn create(path: &Path) -> Result<File, Error> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(Error::disk(path))
}

/// Names of files are on the disk once their folder is.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(Error::disk(folder))?;
    #[cfg(not(unix))]
    let _folder = folder;
    Ok(())
}
