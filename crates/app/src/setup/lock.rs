//! One program at a time works on a data folder. What is announced to the key file, the erasures that
//! a start carries out again and the files of the log have no other guard between two programs.

use crate::error::{Error, text};
use std::{
    fs::{File, TryLockError},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};
use vault::SecretString;

/// Name of the file that is locked; it is empty and stays.
const NAME: &str = "lock";

/// Who else may be in the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Company {
    /// Nobody: the database, its keys and the log are files here.
    Nobody,
    /// Servers that agree with each other through a database of their own; only `init` wants to be
    /// alone.
    Servers,
}

impl Company {
    /// Whom work on this database goes with.
    pub(super) fn of(server: Option<&SecretString>) -> Self {
        server.map_or(Self::Nobody, |_| Self::Servers)
    }
}

/// A folder that is ours; it is free again when this goes, also when the program is killed.
#[derive(Debug)]
pub(crate) struct FolderLock(#[expect(dead_code, reason = "held, never used")] File);

impl FolderLock {
    /// Takes the folder, without waiting: what holds it is a server, which does not end by itself.
    pub(super) fn take(data: &Path, company: Company) -> Result<Self, Error> {
        let file = File::options()
            .create(true)
            .truncate(false)
            // a shared lock on a file system of the network needs a file that is open for reading
            .read(true)
            .write(true)
            .mode(0o600)
            .open(data.join(NAME))
            .map_err(|error| no_lock(data, &error))?;
        let taken = match company {
            Company::Nobody => file.try_lock(),
            Company::Servers => file.try_lock_shared(),
        };
        match taken {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(in_use(data)),
            Err(TryLockError::Error(error)) => Err(no_lock(data, &error)),
        }
    }
}

/// Whether a file of the folder is the lock.
pub(super) fn is_lock(name: &std::ffi::OsStr) -> bool {
    name == NAME
}

fn in_use(data: &Path) -> Error {
    let data = data.display();
    Error::Conflict {
        code: "data.in_use",
        say: text(
            &format!("数据目录 `{data}` 正由另一个如瓶程序使用；请先停止该程序"),
            &format!("another ruping works on the data folder `{data}`; stop that one first"),
        ),
    }
}

fn no_lock(data: &Path, error: &std::io::Error) -> Error {
    let data = data.display();
    Error::Malformed {
        code: "data.no_lock",
        say: text(
            &format!("无法锁定数据目录 `{data}`：{error}"),
            &format!("the data folder `{data}` cannot be locked: {error}"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(taken: &Result<FolderLock, Error>) -> Option<&'static str> {
        match taken {
            Err(Error::Conflict { code, .. } | Error::Malformed { code, .. }) => Some(code),
            _ => None,
        }
    }

    #[test]
    fn a_folder_is_one_programs_unless_a_server_of_databases_is_between_them() {
        let folder = tempfile::TempDir::new().unwrap();
        let alone = FolderLock::take(folder.path(), Company::Nobody).unwrap();
        for company in [Company::Nobody, Company::Servers] {
            let refused = FolderLock::take(folder.path(), company);
            assert_eq!(code(&refused), Some("data.in_use"), "{company:?}");
        }
        drop(alone);
        let one = FolderLock::take(folder.path(), Company::Servers).unwrap();
        let other = FolderLock::take(folder.path(), Company::Servers).unwrap();
        let refused = FolderLock::take(folder.path(), Company::Nobody);
        assert_eq!(code(&refused), Some("data.in_use"), "init beside servers");
        drop((one, other));
        FolderLock::take(folder.path(), Company::Nobody).unwrap();
        let nowhere = FolderLock::take(&folder.path().join("none"), Company::Nobody);
        assert_eq!(code(&nowhere), Some("data.no_lock"));
    }
}
