//! The tree's files: plain files in `DIR/log` beside an embedded database, rows on a server that
//! several programs share.

use super::READ_LOG;
use crate::{
    accounts,
    caller::Caller,
    core::{App, Inner},
    error::Error,
};
use ledger::{BoxError, LogFile, LogPath, ProofFile, TileReader, TileSource, TreeHead};
use std::{
    cell::RefCell,
    collections::BTreeSet,
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
};
use store::{Tx, rows::Dialect};

/// Reads the tree's files of a running system.
pub(crate) struct Files<'t, 'a> {
    folder: PathBuf,
    tx: Option<RefCell<&'t mut Tx<'a>>>,
}

impl std::fmt::Debug for Files<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Files")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

/// Where the tree's files are read from in this transaction.
pub(crate) fn source<'t, 'a>(inner: &Inner, tx: &'t mut Tx<'a>) -> Files<'t, 'a> {
    let tx = match tx.dialect() {
        Dialect::Sqlite => None,
        Dialect::Postgres => Some(RefCell::new(tx)),
    };
    Files {
        folder: inner.data.join("log"),
        tx,
    }
}

impl TileSource for Files<'_, '_> {
    fn read(&self, path: &str, limit_bytes: usize) -> Result<Option<Vec<u8>>, BoxError> {
        match &self.tx {
            Some(tx) => Ok(tx.borrow_mut().log_file(path)?),
            None => read_file(&self.folder.join(path), limit_bytes),
        }
    }

    fn partial_widths(&self, path: &str) -> Result<Vec<u8>, BoxError> {
        match &self.tx {
            // a server keeps only what it was told to keep; nothing lies beside it unseen
            Some(_) => Ok(Vec::new()),
            None => list_widths(&self.folder.join(format!("{path}.p"))),
        }
    }
}

/// The head of the newest checkpoint; none without one that is sound.
pub(crate) fn published(inner: &Inner, tx: &mut Tx<'_>) -> Result<Option<TreeHead>, Error> {
    let found = source(inner, tx)
        .read("checkpoint", ledger::limits::MAX_NOTE_BYTES)
        .map_err(Error::Unavailable)?;
    let opened = found.map(|bytes| ledger::Checkpoint::open(&bytes, &inner.vkey));
    Ok(opened
        .and_then(Result::ok)
        .map(|checkpoint| checkpoint.head()))
}

fn list_widths(folder: &Path) -> Result<Vec<u8>, BoxError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut widths = Vec::new();
    for entry in entries.take(256) {
        widths.extend(
            entry?
                .file_name()
                .to_str()
                .and_then(|name| name.parse::<u8>().ok()),
        );
    }
    Ok(widths)
}

fn read_file(path: &Path, limit_bytes: usize) -> Result<Option<Vec<u8>>, BoxError> {
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut bytes = Vec::new();
    file.take(limit_bytes as u64 + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Stores the files of an update; the last one, its checkpoint, once all the others are durable.
pub(super) fn store(inner: &Inner, tx: &mut Tx<'_>, files: &[LogFile]) -> Result<(), Error> {
    match tx.dialect() {
        Dialect::Postgres => {
            for file in files {
                tx.put_log_file(&file.path, &file.bytes)?;
            }
            Ok(())
        }
        Dialect::Sqlite => write_files(&inner.data.join("log"), files).map_err(Error::internal),
    }
}

/// Removes partial tiles whose full tile is stored.
pub(super) fn drop_superseded(
    inner: &Inner,
    tx: &mut Tx<'_>,
    folders: &[String],
) -> Result<(), Error> {
    if tx.dialect() == Dialect::Postgres {
        return Ok(tx.drop_log_folders(folders)?);
    }
    for folder in folders {
        match fs::remove_dir_all(inner.data.join("log").join(folder)) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::internal(error)),
        }
    }
    Ok(())
}

fn write_files(folder: &Path, files: &[LogFile]) -> std::io::Result<()> {
    let Some((checkpoint, tiles)) = files.split_last() else {
        return Ok(());
    };
    write_durably(folder, tiles)?;
    write_durably(folder, std::slice::from_ref(checkpoint))
}

/// Writes files that nobody relies on before all of them are there. WHY: a flush of a folder waits
/// for the disk as one of a file does, and the register's commits wait in the same line.
fn write_durably(folder: &Path, files: &[LogFile]) -> std::io::Result<()> {
    let mut changed = BTreeSet::new();
    for file in files {
        let path = folder.join(&file.path);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent)?;
        let temporary = path.with_extension("new");
        let mut out = fs::File::create(&temporary)?;
        out.write_all(&file.bytes)?;
        out.sync_all()?;
        fs::rename(&temporary, &path)?;
        // each of them may be new in the one above it, also from an attempt that was cut short
        let within = parent.ancestors().take_while(|one| one.starts_with(folder));
        changed.extend(within.map(Path::to_owned));
    }
    changed
        .iter()
        .try_for_each(|folder| fs::File::open(folder)?.sync_all())
}

/// The proof file of a sequenced entry; none while no checkpoint covers it yet.
pub(super) fn prove(inner: &Inner, tx: &mut Tx<'_>, index: u64) -> Result<Option<Vec<u8>>, Error> {
    let files = source(inner, tx);
    let Some(checkpoint) = files
        .read("checkpoint", ledger::limits::MAX_NOTE_BYTES)
        .map_err(Error::Unavailable)?
    else {
        return Ok(None);
    };
    let head = ledger::Checkpoint::open(&checkpoint, &inner.vkey)?.head();
    if index >= head.size {
        return Ok(None);
    }
    let mut reader = TileReader::open(&files, head)?;
    let proof = ProofFile::create(&mut reader, &checkpoint, &inner.vkey, index)?;
    Ok(Some(proof.to_string().into_bytes()))
}

impl App {
    /// A file of the tree by its path (`tile/0/000`, …). Hashes tell nothing and are everybody's;
    /// bundles of entries are for those who read the log.
    pub async fn log_file(&self, caller: &Caller, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let Ok(wanted) = path.parse::<LogPath>() else {
            return Ok(None);
        };
        let (caller, now) = (caller.clone(), self.inner.now());
        let path = path.to_owned();
        self.read_tx(move |inner, tx| {
            if matches!(wanted, LogPath::Entries { .. }) {
                drop(accounts::office(inner, tx, &caller, READ_LOG, now)?);
            } else {
                accounts::live_account(tx, &caller)?;
            }
            source(inner, tx)
                .read(&path, wanted.limit_bytes())
                .map_err(Error::Unavailable)
        })
        .await
    }

    /// The newest signed checkpoint.
    pub async fn checkpoint(&self) -> Result<Vec<u8>, Error> {
        self.read_tx(|inner, tx| {
            source(inner, tx)
                .read("checkpoint", ledger::limits::MAX_NOTE_BYTES)
                .map_err(Error::Unavailable)
        })
        .await?
        .ok_or(Error::NotFound)
    }
}
