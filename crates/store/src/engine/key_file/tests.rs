//! The key file between its two moments: what is staged, what is announced, what is settled.

use super::*;
use tempfile::TempDir;

const BATCH: i64 = 7;

fn key() -> SecretString {
    SecretString::new(format!("x'{}'", "5a".repeat(32)))
}

fn file(folder: &TempDir) -> KeyFile {
    KeyFile::open(&folder.path().join("keys.db"), &key(), true).unwrap()
}

/// A file that holds the key `old` of the object `a`.
fn with_a_key(folder: &TempDir) -> KeyFile {
    let file = file(folder);
    let mut first = Keys::default();
    first.put("a", b"old");
    assert!(!file.stage(&first, BATCH - 1).unwrap());
    file
}

fn replacing() -> Keys {
    let mut keys = Keys::default();
    keys.put("a", b"new");
    keys
}

fn erasing() -> Keys {
    let mut keys = Keys::default();
    keys.erase("a");
    keys
}

#[test]
fn a_new_key_needs_no_announcement_and_is_there_at_once() {
    let folder = TempDir::new().unwrap();
    let file = with_a_key(&folder);
    assert_eq!(file.get("a").unwrap().unwrap(), b"old");
    assert_eq!(file.get("b").unwrap(), None);
    assert!(!file.stage(&Keys::default(), BATCH).unwrap());
}

#[test]
fn what_replaces_a_key_shows_only_once_its_commit_stands() {
    let folder = TempDir::new().unwrap();
    let file = with_a_key(&folder);
    assert!(file.stage(&replacing(), BATCH).unwrap());
    assert_eq!(file.get("a").unwrap().unwrap(), b"old");
    file.settle(BATCH).unwrap();
    assert_eq!(file.get("a").unwrap().unwrap(), b"new");
}

#[test]
fn what_belongs_to_a_commit_that_never_came_is_dropped() {
    for keys in [replacing(), erasing()] {
        let folder = TempDir::new().unwrap();
        let file = with_a_key(&folder);
        assert!(file.stage(&keys, BATCH).unwrap());
        file.settle(BATCH - 1).unwrap();
        assert_eq!(file.get("a").unwrap().unwrap(), b"old");
        file.settle(BATCH).unwrap();
        assert_eq!(file.get("a").unwrap().unwrap(), b"old", "it stays dropped");
    }
}

#[test]
fn an_erased_key_is_gone_with_its_commit() {
    let folder = TempDir::new().unwrap();
    let file = with_a_key(&folder);
    assert!(file.stage(&erasing(), BATCH).unwrap());
    file.settle(BATCH).unwrap();
    assert_eq!(file.get("a").unwrap(), None);
    file.settle(BATCH).unwrap();
    assert!(
        !file.stage(&erasing(), BATCH + 1).unwrap(),
        "there is nothing left to erase"
    );
}

#[test]
fn a_reader_cannot_write() {
    let folder = TempDir::new().unwrap();
    drop(with_a_key(&folder));
    let reader = KeyFile::open_reader(&folder.path().join("keys.db"), &key()).unwrap();
    assert!(reader.stage(&replacing(), BATCH).is_err());
}
