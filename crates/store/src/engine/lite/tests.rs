//! The writer of the embedded database under crashes, errors and panics at each of its moments.

use super::*;
use crate::{Write, values};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
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

/// A request as the queue carries it.
struct Asked<F> {
    change: F,
    keep: bool,
    anew: bool,
    answer: SyncSender<Result<(), Error>>,
}

impl<F: Fn(&mut Tx<'_>) + Send> Request for Asked<F> {
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        (self.change)(tx);
        self.keep
    }

    fn runs_anew(&self) -> bool {
        self.anew
    }

    fn tell(self: Box<Self>, committed: Result<(), Error>) {
        drop(self.answer.send(committed));
    }
}

/// A request that runs once; `keep` says whether its change is to stand.
fn work(keep: bool, change: impl Fn(&mut Tx<'_>) + Send + 'static) -> (Work, Answer) {
    asked(keep, false, change)
}

fn asked(keep: bool, anew: bool, change: impl Fn(&mut Tx<'_>) + Send + 'static) -> (Work, Answer) {
    let (send, answer) = sync_channel(1);
    let asked = Asked {
        change,
        keep,
        anew,
        answer: send,
    };
    (Box::new(asked), answer)
}

fn set(key: &'static str, value: &'static str) -> impl Fn(&mut Tx<'_>) + Send + 'static {
    move |tx| tx.set_meta(key, value).unwrap()
}

fn put(object: &'static str, wrapped: &'static [u8]) -> impl Fn(&mut Tx<'_>) + Send + 'static {
    move |tx| Write { tx }.put_object_key(object, wrapped).unwrap()
}

fn erase(object: &'static str) -> impl Fn(&mut Tx<'_>) + Send + 'static {
    move |tx| Write { tx }.erase_object_key(object).unwrap()
}

/// Commits one change, which must succeed.
fn done(writer: &Writer, change: impl Fn(&mut Tx<'_>) + Send + 'static) {
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
fn half(writer: &Writer, change: impl Fn(&mut Tx<'_>) + Send + 'static) -> Keys {
    writer.begin().unwrap();
    let mut keys = Keys::default();
    let (mut work, _) = work(true, change);
    writer.one(&mut *work, &mut keys).unwrap();
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
        assert!(
            writer
                .key_writer
                .stage(keys, batch)
                .unwrap()
                .wait()
                .unwrap()
        );
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
    writer.finish(keys).unwrap();
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

/// Requests that run once, requests that may run anew, and a mixture of both.
fn kinds() -> [fn(usize) -> bool; 4] {
    [|_| false, |_| true, |at| at < 9, |at| at > 4]
}

#[test]
fn one_failure_in_a_batch_of_many_takes_back_its_own_change_alone() {
    for anew in kinds() {
        let house = House::new();
        let writer = house.start();
        done(&writer, put("shared", b"old"));
        let names = [
            "n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9", "n10", "n11", "n12", "n13",
        ];
        let (works, answers): (Vec<_>, Vec<_>) = names
            .into_iter()
            .enumerate()
            .map(|(at, name)| {
                asked(name != "n7", anew(at), move |tx| {
                    let all = tx.meta("all").unwrap().unwrap_or_default();
                    tx.set_meta("all", &format!("{all} {name}")).unwrap();
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
        let all = " n0 n1 n2 n3 n4 n5 n6 n8 n9 n10 n11 n12 n13";
        assert_eq!(
            meta(&writer, "all").unwrap(),
            all,
            "each once, in their order"
        );
    }
}

/// What a request that may run anew counts, once for every run.
fn counting(
    keep: bool,
    change: impl Fn(&mut Tx<'_>) + Send + 'static,
) -> (Work, Answer, Arc<AtomicU32>) {
    let runs = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&runs);
    let (work, answer) = asked(keep, true, move |tx| {
        count.fetch_add(1, Ordering::Relaxed);
        change(tx);
    });
    (work, answer, runs)
}

#[test]
fn a_batch_is_begun_anew_at_most_once_and_only_for_half_of_a_change() {
    let house = House::new();
    let writer = house.start();
    let look = |tx: &mut Tx<'_>| drop(tx.meta("a").unwrap());
    for (fails, runs) in [(look as fn(&mut Tx<'_>), 1), (|tx| set("b", "half")(tx), 2)] {
        let (first, _first, of_first) = counting(true, set("a", "whole"));
        let (second, _second, of_second) = counting(false, fails);
        let (third, _third, of_third) = counting(false, fails);
        writer.commit([first, second, third].into_iter());
        let counted = [of_first, of_second, of_third].map(|runs| runs.load(Ordering::Relaxed));
        assert_eq!(counted, [runs, runs, 1]);
        assert_eq!(meta(&writer, "a").unwrap(), "whole");
        assert_eq!(meta(&writer, "b"), None);
    }
}

#[test]
fn a_refusal_without_a_change_takes_back_its_keys() {
    let house = House::new();
    let writer = house.start();
    let (first, _first, _) = counting(true, put("a", b"kept"));
    let (second, _second, _) = counting(false, put("b", b"dropped"));
    writer.commit([first, second].into_iter());
    assert_eq!(writer.keys.get("a").unwrap().unwrap(), b"kept");
    assert_eq!(writer.keys.get("b").unwrap(), None);
}

/// Some failures make the database end the whole transaction by itself.
#[test]
fn a_transaction_that_ended_by_itself_fails_the_batch() {
    let house = House::new();
    let writer = house.start();
    let (first, kept, _) = counting(true, set("a", "lost"));
    let (second, ended, _) = counting(false, |tx| {
        if let Link::Lite(connection) = &tx.link {
            connection.execute_batch("ROLLBACK").unwrap();
        }
    });
    let (third, after, _) = counting(true, set("c", "lost"));
    writer.commit([first, second, third].into_iter());
    assert!(kept.recv().unwrap().is_err());
    assert!(ended.recv().unwrap().is_err());
    assert!(after.recv().is_err(), "it was not begun");
    assert_eq!((meta(&writer, "a"), meta(&writer, "c")), (None, None));
    done(&writer, set("a", "again"));
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
