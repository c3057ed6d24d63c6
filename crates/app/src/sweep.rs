//! Leftovers: uploads that no act ever attached, and objects that an upload cut off by a crash left
//! in the vault. Both go when they are old enough that nobody can still be at them.

use crate::{
    core::{App, Inner},
    error::Error,
    files::{object_at, object_path},
    limits,
};
use domain::{ObjectId, Timestamp};
use std::{fs, io, path::Path, sync::Arc};

/// Objects that are asked for at once.
const PAGE: usize = 500;

impl App {
    /// Removes old leftovers; tells how many objects went.
    pub async fn sweep_uploads(&self) -> Result<usize, Error> {
        let before = self.inner.now() - limits::UPLOAD_LEFT;
        let mut swept = 0;
        loop {
            let gone = self
                .transact(move |_, tx| Ok(tx.keep().forget_uploads(before)?))
                .await?;
            if gone.is_empty() {
                break;
            }
            swept += gone.len();
            self.remove_objects(gone).await?;
        }
        Ok(swept + self.sweep_strays(before).await?)
    }

    /// Removes objects that no file names. A crash after the object and before its row leaves one.
    async fn sweep_strays(&self, before: Timestamp) -> Result<usize, Error> {
        let inner = Arc::clone(&self.inner);
        let old = tokio::task::spawn_blocking(move || objects_before(&inner, before))
            .await
            .map_err(Error::internal)?
            .map_err(Error::internal)?;
        let mut swept = 0;
        for page in old.chunks(PAGE) {
            let page = page.to_vec();
            let strays = self
                .read_tx(move |_, tx| {
                    let known = tx.known_objects(&page)?;
                    Ok(page
                        .into_iter()
                        .filter(|object| !known.contains(object))
                        .collect::<Vec<_>>())
                })
                .await?;
            swept += strays.len();
            self.remove_objects(strays).await?;
        }
        Ok(swept)
    }

    async fn remove_objects(&self, objects: Vec<ObjectId>) -> Result<(), Error> {
        let inner = Arc::clone(&self.inner);
        let removed = tokio::task::spawn_blocking(move || {
            objects.iter().try_for_each(|object| {
                match fs::remove_file(object_path(&inner, *object)) {
                    // another server may have been faster
                    Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                    Ok(()) | Err(_) => Ok(()),
                }
            })
        });
        removed
            .await
            .map_err(Error::internal)?
            .map_err(Error::internal)
    }
}

/// Objects in the vault that were begun before an instant. What has another name is not ours.
fn objects_before(inner: &Inner, before: Timestamp) -> io::Result<Vec<ObjectId>> {
    let mut old = Vec::new();
    for shard in listed(&inner.data.join("vault"))? {
        for path in listed(&shard)? {
            let object = path
                .file_name()
                .and_then(|name| name.to_str())
                .and_then(|name| name.parse::<ObjectId>().ok());
            old.extend(object.filter(|object| object_at(*object) < before.as_millisecond()));
        }
    }
    Ok(old)
}

fn listed(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if is_no_folder(&error) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn is_no_folder(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}
