//! Every file below some paths, in the order of their names, and whatever else lies there: nothing is passed over
//! without a word.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// What was met on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A file, and its size in bytes.
    File(PathBuf, u64),
    /// A file or folder that cannot be opened, or a folder that ends early.
    Unreadable(PathBuf),
    /// A device, a pipe, a socket: reading it could do anything.
    Special(PathBuf),
    /// A link that is not followed, or one that leads nowhere.
    Link(PathBuf),
    /// What comes in on standard input, by the name that it is told with.
    Stdin(String),
}

/// How much there is to read, as it is counted while files are read: for people who wait.
#[derive(Debug, Default)]
pub struct Extent {
    files: AtomicU64,
    bytes: AtomicU64,
    counted: AtomicBool,
}

impl Extent {
    /// Counts all of a walk, until somebody says stop.
    pub fn count(&self, walk: Walk, stop: &AtomicBool) {
        for item in walk.take_while(|_| !stop.load(Relaxed)) {
            match item {
                Item::File(_, bytes) => {
                    self.files.fetch_add(1, Relaxed);
                    self.bytes.fetch_add(bytes, Relaxed);
                }
                Item::Unreadable(_) | Item::Special(_) | Item::Stdin(_) => {
                    self.files.fetch_add(1, Relaxed);
                }
                Item::Link(_) => {}
            }
        }
        self.counted.store(true, Relaxed);
    }

    /// Files so far.
    #[must_use]
    pub fn files(&self) -> u64 {
        self.files.load(Relaxed)
    }

    /// All bytes, once everything is counted.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        let counted = self.counted.load(Relaxed);
        counted.then(|| self.bytes.load(Relaxed))
    }
}

/// Walks through folders. Links are followed only where the caller named them, or asked for all of them.
#[derive(Debug)]
pub struct Walk {
    left: Vec<(PathBuf, bool)>,
    follow: bool,
    been: HashSet<PathBuf>,
}

impl Walk {
    /// From these paths on.
    #[must_use]
    pub fn new(paths: &[PathBuf], follow: bool) -> Self {
        let left = paths
            .iter()
            .rev()
            .map(|path| (path.clone(), true))
            .collect();
        Self {
            left,
            follow,
            been: HashSet::new(),
        }
    }

    /// What lies in a folder waits to be walked, the first of its names first.
    fn enter(&mut self, folder: &Path) -> Option<Item> {
        if self.follow {
            // links can lead round in a circle; each folder is entered once
            let real = fs::canonicalize(folder).ok()?;
            if !self.been.insert(real) {
                return None;
            }
        }
        let Ok(entries) = fs::read_dir(folder) else {
            return Some(Item::Unreadable(folder.to_owned()));
        };
        let mut paths = Vec::new();
        let mut whole = true;
        for entry in entries {
            match entry {
                Ok(entry) => paths.push(entry.path()),
                Err(_) => whole = false,
            }
        }
        paths.sort_unstable_by(|one, other| other.cmp(one));
        self.left
            .extend(paths.into_iter().map(|path| (path, false)));
        (!whole).then(|| Item::Unreadable(folder.to_owned()))
    }

    fn meet(&mut self, path: PathBuf, named: bool) -> Option<Item> {
        let Ok(about) = fs::symlink_metadata(&path) else {
            return Some(Item::Unreadable(path));
        };
        if !about.is_symlink() {
            return self.look(path, &about);
        }
        if !(named || self.follow) {
            return Some(Item::Link(path));
        }
        match fs::metadata(&path) {
            Ok(about) => self.look(path, &about),
            Err(_) => Some(Item::Link(path)),
        }
    }

    fn look(&mut self, path: PathBuf, about: &Metadata) -> Option<Item> {
        if about.is_dir() {
            return self.enter(&path);
        }
        Some(if about.is_file() {
            Item::File(path, about.len())
        } else {
            Item::Special(path)
        })
    }
}

impl Iterator for Walk {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        while let Some((path, named)) = self.left.pop() {
            if let Some(item) = self.meet(path, named) {
                return Some(item);
            }
        }
        None
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn files_come_in_order_and_everything_else_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("b/deep")).unwrap();
        fs::write(at("b/deep/2"), "two").unwrap();
        fs::write(at("a"), "one").unwrap();
        fs::write(at("c"), "").unwrap();
        symlink(at("b"), at("d")).unwrap();
        symlink(at("nowhere"), at("e")).unwrap();
        let socket = std::os::unix::net::UnixListener::bind(at("f")).unwrap();
        let all = || Walk::new(&[folder.path().to_owned()], false);
        let met: Vec<Item> = all().collect();
        let extent = Extent::default();
        assert_eq!((extent.files(), extent.bytes()), (0, None));
        extent.count(all(), &AtomicBool::new(false));
        assert_eq!((extent.files(), extent.bytes()), (4, Some(6)));
        let expected = [
            Item::File(at("a"), 3),
            Item::File(at("b/deep/2"), 3),
            Item::File(at("c"), 0),
            Item::Link(at("d")),
            Item::Link(at("e")),
            Item::Special(at("f")),
        ];
        assert_eq!(met, expected);
        drop(socket);
    }

    #[test]
    fn links_are_followed_where_they_are_named_or_asked_for_and_never_round_and_round() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("b")).unwrap();
        fs::write(at("b/1"), "one").unwrap();
        symlink(folder.path(), at("b/up")).unwrap();
        symlink(at("b"), at("a")).unwrap();
        let named: Vec<Item> = Walk::new(&[at("a")], false).collect();
        assert_eq!(named, [Item::File(at("a/1"), 3), Item::Link(at("a/up"))]);
        let all: Vec<Item> = Walk::new(&[folder.path().to_owned()], true).collect();
        assert_eq!(all, [Item::File(at("a/1"), 3)]);
    }

    #[test]
    fn what_is_not_there_is_told() {
        let gone = PathBuf::from("/there/is/no/such/thing");
        assert_eq!(
            Walk::new(std::slice::from_ref(&gone), false).collect::<Vec<_>>(),
            [Item::Unreadable(gone)]
        );
    }
}
