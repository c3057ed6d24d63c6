//! What callers of a store are told, on both databases.

use super::*;
use crate::Write;
use std::sync::mpsc::channel;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

struct House {
    store: Store,
    runtime: Runtime,
    // INVARIANT: after the store, which still writes into them
    _place: (TempDir, testkit::Database),
}

fn on_each_database(show: impl Fn(&House)) {
    for database in testkit::databases().unwrap() {
        println!("on {database:?}");
        let folder = TempDir::new().unwrap();
        let place = match database.url() {
            Some(url) => Database::Postgres {
                url: SecretString::new(url),
            },
            None => Database::Sqlite {
                main: folder.path().join("main.db"),
                keys: folder.path().join("keys.db"),
                key: SecretString::new(format!("x'{}'", "5a".repeat(32))),
            },
        };
        let options = StoreOptions {
            database: place,
            create: true,
        };
        show(&House {
            store: Store::open(&options).unwrap(),
            runtime: Builder::new_current_thread().build().unwrap(),
            _place: (folder, database),
        });
    }
}

impl House {
    fn transact<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.runtime.block_on(self.store.transact(change))
    }

    fn said(&self) -> Option<String> {
        let read = self.store.read(|tx| tx.meta("said"));
        self.runtime.block_on(read).unwrap()
    }
}

#[test]
fn a_panic_takes_its_change_back_and_the_store_goes_on() {
    on_each_database(|house| {
        let panicked = house.transact::<()>(|tx| {
            tx.set_meta("said", "half")?;
            Write { tx }.put_object_key("a", b"half")?;
            panic!("on purpose");
        });
        assert!(matches!(panicked, Err(Error::Closed)), "{panicked:?}");
        assert_eq!(house.said(), None);
        let key = house.transact(|tx| tx.object_key("a")).unwrap();
        assert_eq!(key, None);
        house.transact(|tx| tx.set_meta("said", "whole")).unwrap();
        assert_eq!(house.said().unwrap(), "whole");
        let read = house
            .store
            .read::<(), Error, _>(|_| panic!("in a reader, on purpose"));
        assert!(house.runtime.block_on(read).is_err());
        assert_eq!(house.said().unwrap(), "whole");
    });
}

#[test]
fn a_failed_statement_that_is_passed_over_takes_everything_back() {
    on_each_database(|house| {
        let passed_over = house.transact(|tx| {
            tx.set_meta("said", "half")?;
            drop(tx.execute("UPDATE nothing_of_this_name SET x = 1", &[]));
            Ok(())
        });
        assert!(passed_over.is_err(), "half of a change is no change");
        assert_eq!(house.said(), None);
    });
}

#[test]
fn a_refused_change_is_taken_back() {
    on_each_database(|house| {
        let refused = house.transact::<()>(|tx| {
            tx.set_meta("said", "half")?;
            Write { tx }.put_object_key("a", b"half")?;
            Err(Error::Stale { current: 3 })
        });
        assert!(matches!(refused, Err(Error::Stale { current: 3 })));
        assert_eq!(house.said(), None);
        assert_eq!(house.transact(|tx| tx.object_key("a")).unwrap(), None);
    });
}

#[test]
fn what_a_reader_writes_is_not_kept() {
    on_each_database(|house| {
        let wrote = house.store.read(|tx| tx.set_meta("said", "by a reader"));
        assert!(house.runtime.block_on(wrote).is_err());
        assert_eq!(house.said(), None);
    });
}

#[test]
fn only_a_reader_sees_nothing_that_may_be_taken_back() {
    on_each_database(|house| {
        let read = house
            .store
            .read::<_, Error, _>(|tx| Ok(tx.sees_only_committed()));
        assert!(house.runtime.block_on(read).unwrap());
        assert!(!house.transact(|tx| Ok(tx.sees_only_committed())).unwrap());
    });
}

/// A connection knows the pages that it has read; here a setting of its own tells it from the others.
#[test]
fn who_asks_one_thing_after_another_is_answered_on_one_connection() {
    on_each_database(|house| {
        if house.store.inner.dialect == Dialect::Postgres {
            return;
        }
        let ask = |text| {
            let read = house.store.read(move |tx| {
                let row = tx.query_one(text, &[])?;
                row.map_or(Ok(0), |row| row.int(0))
            });
            house.runtime.block_on(read).unwrap()
        };
        assert_eq!(ask("PRAGMA busy_timeout = 1234"), 1234);
        for _ in 0..20 {
            assert_eq!(ask("PRAGMA busy_timeout"), 1234);
        }
    });
}

/// Whoever has the answer may close what the request was about, and open it again.
#[test]
fn an_answered_request_holds_nothing_any_more() {
    on_each_database(|house| {
        for _ in 0..200 {
            let held = Arc::new(());
            let (first, second) = (Arc::clone(&held), Arc::clone(&held));
            let change = house.store.transact_anew(move |tx| {
                let _held = &first;
                tx.set_meta("said", "held")
            });
            house.runtime.block_on(change).unwrap();
            let read = house.store.read(move |_| {
                let _held = &second;
                Ok::<_, Error>(())
            });
            house.runtime.block_on(read).unwrap();
            assert_eq!(Arc::strong_count(&held), 1);
        }
    });
}

#[test]
fn a_reader_that_has_read_a_key_does_not_keep_the_writer_from_the_keys() {
    on_each_database(|house| {
        house
            .transact(|tx| Write { tx }.put_object_key("a", b"old"))
            .unwrap();
        let (at_the_key, wait) = channel();
        let (go_on, stay) = channel::<()>();
        let store = house.store.clone();
        let reader = thread::spawn(move || {
            let read = store.read::<_, Error, _>(move |tx| {
                tx.meta("said")?;
                let found = tx.object_key("a")?;
                at_the_key.send(()).unwrap();
                stay.recv().unwrap();
                Ok(found)
            });
            Builder::new_current_thread()
                .build()
                .unwrap()
                .block_on(read)
                .unwrap()
        });
        wait.recv().unwrap();
        house
            .transact(|tx| Write { tx }.erase_object_key("a"))
            .unwrap();
        assert_eq!(house.transact(|tx| tx.object_key("a")).unwrap(), None);
        go_on.send(()).unwrap();
        assert_eq!(reader.join().unwrap().unwrap(), b"old");
    });
}

#[test]
fn a_store_whose_threads_have_ended_says_so_and_a_full_one_too() {
    let runtime = Builder::new_current_thread().build().unwrap();
    let (queue, threads) = mpsc::channel(1);
    let inner = Inner {
        dialect: Dialect::Sqlite,
        damage: Damage::none(),
        writers: queue.clone(),
        glances: queue.clone(),
        readers: queue,
        statements: Arc::default(),
        _threads: Threads::default(),
    };
    let store = Store {
        inner: Arc::new(inner),
    };
    let ask = || runtime.block_on(store.transact::<(), Error, _>(|_| Ok(())));
    let nothing = Asked {
        run: Run::Once(Some(|_: &mut Tx<'_>| Ok::<_, Error>(()))),
        found: None,
        answer: oneshot::channel().0,
        damage: Damage::none(),
        statements: Arc::default(),
    };
    store.inner.writers.try_send(Box::new(nothing)).unwrap();
    assert!(matches!(ask(), Err(Error::Busy)));
    drop(threads);
    assert!(matches!(ask(), Err(Error::Closed)));
    store.inner.damage.note();
    assert!(matches!(ask(), Err(Error::DamagedPage)));
}
