//! The writer of the embedded database under crashes, errors and panics at each of its moments.

use super::super::{Done, Reply};
use super::*;
use crate::{Write, values};
use std::sync::mpsc::{Receiver, channel};
use tempfile::TempDir;

struct House {
    folder: TempDir,
    key: SecretString,
}

impl House {
    fn new() -> Self {
        let key = SecretString::new(format!("x'{}'", "5a".repeat(32)));
        let folder = TempDir::new().unwrap();
        Self { folder, key }
    }

    /// The writer as a start of the program makes it.
    fn start(&self) -> Writer {
        let (main, keys) = (self.path("main.db"), self.path("keys.db"));
        let files = Files {
            main: &main,
            keys: &keys,
            key: &self.key,
        };
        writer(&files, true, &Damage::none()).unwrap()
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// A second connection to the key file, to do mischief with.
    fn key_file(&self) -> Connection {
        connect(&self.path("keys.db"), &self.key, flags(false)).unwrap()
    }
}

type Answer = Receiver<Result<(), Error>>;

/// A request as the queue carries it; `keep` says whether its change is to stand.
fn work(keep: bool, change: impl FnOnce(&mut Tx<'_>) + Send + 'static) -> (Work, Answer) {
    let (send, answer) = channel();
    let work: Work = Box::new(move |tx| {
        change(tx);
        let reply: Reply = Box::new(move |committed| drop(send.send(committed)));
        Done { keep, reply }
    });
    (work, answer)
}

fn set(key: &'static str, value: &'static str) -> impl FnOnce(&mut Tx<'_>) + Send + 'static {
    move |tx| tx.set_meta(key, value).unwrap()
}

fn put(object: &'static str, wrapped: &'static [u8]) -> impl FnOnce(&mut Tx<'_>) + Send + 'static {
    move |tx| Write { tx }.put_object_key(object, wrapped).unwrap()
}

fn erase(object: &'static str) -> impl FnOnce(&mut Tx<'_>) + Send + 'static {
    move |tx| Write { tx }.erase_object_key(object).unwrap()
}

/// Commits one change, which must succeed.
fn done(writer: &Writer, change: impl FnOnce(&mut Tx<'_>) + Send + 'static) {
    let (work, answer) = work(true, change);
    writer.commit(iter::once(work));
    answer.recv().unwrap().unwrap();
}

fn meta(writer: &Writer, key: &str) -> Option<String> {
    let read = "SELECT value FROM meta WHERE key = ?1";
    let found = writer.main.query_row(read, [key], |row| row.get(0));
    found.optional().unwrap()
}

/// Runs a change up to just before the commit, as `Writer::commit` does.
fn half(writer: &Writer, change: impl FnOnce(&mut Tx<'_>) + Send + 'static) -> Keys {
    writer.begin().unwrap();
    let mut keys = Keys::default();
    let (work, _) = work(true, change);
    drop(writer.one(work, &mut keys).unwrap());
    keys
}

#[test]
fn a_crash_between_stage_and_commit_leaves_keys_and_register_as_they_were() {
    for change in [0, 1] {
        let house = House::new();
        let writer = house.start();
        done(&writer, put("a", b"old"));
        let mut keys = match change {
            0 => half(&writer, put("a", b"new")),
            _ => half(&writer, erase("a")),
        };
        keys.put("b", b"of a commit that never came");
        let batch = writer.key_batch().unwrap() + 1;
        assert!(writer.keys.stage(&keys, batch).unwrap());
        drop(writer);
        let writer = house.start();
        assert_eq!(writer.keys.get("a").unwrap().unwrap(), b"old");
        done(&writer, put("a", b"newer"));
        assert_eq!(writer.keys.get("a").unwrap().unwrap(), b"newer");
    }
}

#[test]
fn a_crash_between_commit_and_settle_is_made_good_at_the_next_start() {
    let house = House::new();
    let writer = house.start();
    done(&writer, put("a", b"old"));
    done(&writer, put("b", b"doomed"));
    let keys = half(&writer, |tx| {
        put("a", b"new")(tx);
        erase("b")(tx);
        set("said", "yes")(tx);
    });
    writer.finish(&keys).unwrap();
    assert_eq!(writer.keys.get("a").unwrap().unwrap(), b"old");
    drop(writer);
    let writer = house.start();
    assert_eq!(meta(&writer, "said").unwrap(), "yes");
    assert_eq!(writer.keys.get("a").unwrap().unwrap(), b"new");
    assert_eq!(
        writer.keys.get("b").unwrap(),
        None,
        "destroyed is destroyed"
    );
}

#[test]
fn a_crash_before_the_stage_loses_the_whole_change() {
    let house = House::new();
    let writer = house.start();
    done(&writer, put("a", b"old"));
    drop(half(&writer, |tx| {
        put("a", b"new")(tx);
        set("said", "yes")(tx);
    }));
    drop(writer);
    let writer = house.start();
    assert_eq!(meta(&writer, "said"), None);
    assert_eq!(writer.keys.get("a").unwrap().unwrap(), b"old");
}

#[test]
fn an_error_after_the_commit_is_no_failure_of_what_was_committed() {
    let house = House::new();
    let writer = house.start();
    done(&writer, put("a", b"old"));
    let mischief = house.key_file();
    let jam = "CREATE TRIGGER jam BEFORE UPDATE ON object_key \
               BEGIN SELECT RAISE(ABORT, 'jammed'); END";
    mischief.execute_batch(jam).unwrap();
    done(&writer, |tx| {
        put("a", b"new")(tx);
        set("said", "yes")(tx);
    });
    assert_eq!(meta(&writer, "said").unwrap(), "yes");
    let (next, answer) = work(true, set("said", "twice"));
    writer.commit(iter::once(next));
    assert!(
        answer.recv().is_err(),
        "nothing new is begun while keys are behind the register"
    );
    mischief.execute_batch("DROP TRIGGER jam").unwrap();
    done(&writer, set("said", "thrice"));
    assert_eq!(writer.keys.get("a").unwrap().unwrap(), b"new");
    assert_eq!(meta(&writer, "said").unwrap(), "thrice");
}

#[test]
fn one_failure_in_a_batch_of_many_takes_back_its_own_change_alone() {
    let house = House::new();
    let writer = house.start();
    done(&writer, put("shared", b"old"));
    let names = [
        "n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9", "n10", "n11", "n12", "n13",
    ];
    let (works, answers): (Vec<_>, Vec<_>) = names
        .into_iter()
        .map(|name| {
            work(name != "n7", move |tx| {
                set(name, "here")(tx);
                put(name, b"key")(tx);
                if name == "n7" {
                    erase("shared")(tx);
                }
            })
        })
        .unzip();
    writer.commit(works.into_iter());
    for answer in answers {
        answer.recv().unwrap().unwrap();
    }
    for name in names {
        let kept = name != "n7";
        assert_eq!(meta(&writer, name).is_some(), kept, "{name}");
        assert_eq!(writer.keys.get(name).unwrap().is_some(), kept, "{name}");
    }
    assert!(writer.keys.get("shared").unwrap().is_some());
}

#[test]
fn a_request_sees_the_keys_of_those_before_it_in_its_batch() {
    let house = House::new();
    let writer = house.start();
    let (send, seen) = channel();
    let look = move |tx: &mut Tx<'_>| {
        let found = (tx.object_key("a"), tx.object_key("b"));
        send.send((found.0.unwrap(), found.1.unwrap())).unwrap();
    };
    done(&writer, put("b", b"doomed"));
    let (works, _answers): (Vec<_>, Vec<_>) = [
        work(true, put("a", b"mine")),
        work(true, erase("b")),
        work(true, look),
    ]
    .into_iter()
    .unzip();
    writer.commit(works.into_iter());
    assert_eq!(seen.recv().unwrap(), (Some(b"mine".to_vec()), None));
}

#[test]
fn a_commit_that_fails_is_told_to_every_caller_of_the_batch() {
    let house = House::new();
    let writer = house.start();
    // a foreign key that is checked at the commit only
    writer
        .main
        .execute_batch(
            "CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (id INTEGER \
             REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)",
        )
        .unwrap();
    let orphan = |tx: &mut Tx<'_>| {
        let added = tx.execute("INSERT INTO child (id) VALUES ($1)", values![9_i64]);
        added.unwrap();
        put("a", b"key")(tx);
    };
    let (works, answers): (Vec<_>, Vec<_>) = [work(true, set("said", "yes")), work(true, orphan)]
        .into_iter()
        .unzip();
    writer.commit(works.into_iter());
    for answer in answers {
        assert!(answer.recv().unwrap().is_err());
    }
    assert_eq!(meta(&writer, "said"), None);
    done(&writer, set("said", "again"));
}
