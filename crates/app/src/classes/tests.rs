//! Ids that were given and taken back, and ids that are committed out of their order.

use super::Classes;
use crate::sight::on_each_database;
use domain::{EntryId, LabelClass, Level, PersonId, Scope, Timestamp};
use std::{collections::BTreeMap, sync::mpsc};
use store::{EntryDraft, Error, Store, StoreOptions, Tx};
use tempfile::TempDir;
use vault::SecretString;

const NOW: &str = "2026-03-02T01:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// The class of what this person alone may know.
fn class(number: u8) -> LabelClass {
    LabelClass {
        levels: Level::Secret.into(),
        compartments: std::collections::BTreeSet::new(),
        scope: Scope::named([PersonId::new(now(), [number; 10])], []),
    }
}

fn store(folder: &TempDir, server: Option<String>) -> Store {
    let database = match server {
        Some(url) => store::Database::Postgres {
            url: SecretString::new(url),
        },
        None => store::Database::Sqlite {
            main: folder.path().join("main.db"),
            keys: folder.path().join("keys.db"),
            key: SecretString::new(format!("x'{}'", "ab".repeat(32))),
        },
    };
    let create = true;
    Store::open(&StoreOptions { database, create }).unwrap()
}

fn intern(tx: &mut Tx<'_>, number: u8) -> Result<i64, Error> {
    let act = access::Act::new("unit.register", "unit", "custody");
    let granted = access::decide_system(&act, access::SystemReason::Job).unwrap();
    let entry = EntryDraft {
        id: EntryId::new(now(), [number; 10]),
        body: vec![number],
        record: None,
        at: now(),
    };
    tx.write(granted.as_ref(), |door| {
        Ok((entry, door.intern_class(&class(number))?))
    })
}

/// What a reader sees now.
fn seen(classes: &Classes, tx: &mut Tx<'_>) -> BTreeMap<i64, LabelClass> {
    let seen = classes.seen(tx).unwrap();
    seen.iter().map(|(id, class)| (id, class.clone())).collect()
}

/// Every class that is stored, straight from the table.
fn stored(tx: &mut Tx<'_>) -> BTreeMap<i64, LabelClass> {
    tx.classes_beyond(0, &[]).unwrap().into_iter().collect()
}

/// Looks as a reader does, and checks that it sees what is stored: no less and nothing else.
async fn look(store: &Store, classes: &'static Classes) -> BTreeMap<i64, LabelClass> {
    let looked = store.read(move |tx| Ok::<_, Error>((seen(classes, tx), stored(tx))));
    let (seen, stored) = looked.await.unwrap();
    assert_eq!(seen, stored);
    seen
}

fn fresh() -> &'static Classes {
    Box::leak(Box::default())
}

#[test]
fn an_id_that_was_taken_back_is_never_another_class_to_anybody() {
    on_each_database(|server| async move {
        let folder = TempDir::new().unwrap();
        let (store, classes) = (store(&folder, server), fresh());
        store.transact(|tx| intern(tx, 1)).await.unwrap();
        look(&store, classes).await;
        // somebody interns a class, works with it, and fails
        let taken_back = store.transact(move |tx| {
            let id = intern(tx, 2)?;
            assert_eq!(
                seen(classes, tx).get(&id),
                Some(&class(2)),
                "it sees its own"
            );
            Err::<i64, _>(Error::Stale { current: id })
        });
        let Error::Stale { current: id } = taken_back.await.unwrap_err() else {
            panic!("another failure")
        };
        assert_eq!(look(&store, classes).await.len(), 1);
        // another class may now get the very id
        let next = store.transact(|tx| intern(tx, 3)).await.unwrap();
        let seen = look(&store, classes).await;
        assert_eq!(seen.get(&next), Some(&class(3)), "{id} and {next}");
        assert_eq!(seen.len(), 2);
    });
}

#[test]
fn a_class_that_is_committed_late_is_seen_then() {
    on_each_database(|server| async move {
        if server.is_none() {
            return; // one writer: ids are committed in their order
        }
        let folder = TempDir::new().unwrap();
        let (store, classes) = (store(&folder, server), fresh());
        for ends_well in [true, false] {
            let base = u8::from(ends_well) * 10;
            let (drawn, was_drawn) = tokio::sync::oneshot::channel();
            let (go_on, wait) = mpsc::channel::<()>();
            let slow = tokio::spawn({
                let store = store.clone();
                async move {
                    store
                        .transact(move |tx| {
                            let id = intern(tx, base + 1)?;
                            drawn.send(id).unwrap();
                            wait.recv().unwrap();
                            if ends_well {
                                Ok(id)
                            } else {
                                Err(Error::Closed)
                            }
                        })
                        .await
                }
            });
            let early = was_drawn.await.unwrap();
            let late = store
                .transact(move |tx| intern(tx, base + 2))
                .await
                .unwrap();
            assert!(early < late, "the ids are drawn in this order");
            let seen = look(&store, classes).await;
            assert!(seen.contains_key(&late) && !seen.contains_key(&early));
            look(&store, classes).await;
            go_on.send(()).unwrap();
            assert_eq!(slow.await.unwrap().is_ok(), ends_well);
            assert_eq!(look(&store, classes).await.contains_key(&early), ends_well);
        }
    });
}

#[test]
fn two_changes_that_intern_do_not_wait_for_each_other() {
    on_each_database(|server| async move {
        if server.is_none() {
            return;
        }
        let folder = TempDir::new().unwrap();
        let store = store(&folder, server);
        let (drawn, was_drawn) = tokio::sync::oneshot::channel();
        let (go_on, wait) = mpsc::channel::<()>();
        let slow = tokio::spawn({
            let store = store.clone();
            async move {
                store
                    .transact(move |tx| {
                        intern(tx, 1)?;
                        drawn.send(()).unwrap();
                        wait.recv().map_err(|_| Error::Closed)
                    })
                    .await
            }
        });
        was_drawn.await.unwrap();
        // it ends although the other still holds its own
        store.transact(|tx| intern(tx, 2)).await.unwrap();
        go_on.send(()).unwrap();
        slow.await.unwrap().unwrap();
    });
}

#[test]
fn an_id_is_waited_for_until_whoever_may_have_drawn_it_has_ended() {
    let beside = |ended_below, begun_below| store::Beside {
        ended_below,
        begun_below,
    };
    let waits = |kept: &super::Kept| kept.missing.keys().copied().collect::<Vec<_>>();
    let mut kept = super::Kept::default();
    let rows = vec![(1, class(1)), (4, class(4))];
    kept.take(rows, Some(beside(90, 95)));
    assert_eq!(waits(&kept), [2, 3]);
    kept.take(vec![(2, class(2))], Some(beside(94, 99)));
    assert_eq!(waits(&kept), [3], "a transaction of that time still runs");
    kept.take(Vec::new(), Some(beside(95, 99)));
    assert!(waits(&kept).is_empty(), "it was taken back");
    let known: Vec<i64> = kept.known.iter().map(|(id, _)| *id).collect();
    assert_eq!(known, [1, 4, 2], "in the order in which they became known");
}
