//! Byte copies of all a server has, put back later: what a restore, or a thief of a backup, does.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::{Database, Server, database};

/// A copy of a data folder and, on `PostgreSQL`, of its database. The servers must not run.
#[derive(Debug)]
pub struct Copy {
    folder: TempDir,
    database: Option<(String, String)>,
}

impl Server {
    /// Copies everything.
    ///
    /// # Errors
    /// When something cannot be copied.
    pub fn copy_all(&self) -> Result<Copy> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let folder = TempDir::new()?;
        copy_folder(&self.data(), folder.path())?;
        let database = match self.database() {
            Database::Sqlite => None,
            Database::Postgres { server, name } => {
                let copy = format!("{name}_copy_{}", NEXT.fetch_add(1, Ordering::Relaxed));
                database::copy(server, name, &copy)?;
                Some((server.clone(), copy))
            }
        };
        Ok(Copy { folder, database })
    }

    /// Puts everything back as it was.
    ///
    /// # Errors
    /// When something cannot be put back.
    pub fn put_back(&self, copy: &Copy) -> Result<()> {
        fs::remove_dir_all(self.data())?;
        copy_folder(copy.folder.path(), &self.data())?;
        if let (Database::Postgres { server, name }, Some((_, kept))) =
            (self.database(), &copy.database)
        {
            database::copy(server, kept, name)?;
        }
        Ok(())
    }

    /// Puts one folder of the data folder back (`db`, `vault`), and leaves the others as they are.
    ///
    /// # Errors
    /// When it cannot be put back.
    pub fn put_back_folder(&self, copy: &Copy, folder: &str) -> Result<()> {
        let to = self.data().join(folder);
        fs::remove_dir_all(&to)?;
        copy_folder(&copy.folder.path().join(folder), &to)
    }
}

impl Copy {
    /// Where the copied files lie.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.database {
            drop(database::remove(server, name));
        }
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("reading `{}`", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
