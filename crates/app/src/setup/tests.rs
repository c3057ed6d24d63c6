//! Folders for tests are known by the name of their log, which is signed, not by a row alone.

use super::{InitOptions, OpenOptions, RootKeySource, init, open};
use crate::{Error, accounts::Cost};
use domain::{FixedClock, Level};
use std::{path::Path, sync::Arc};
use vault::SecretString;

fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::new("2026-03-02T01:00:00Z".parse().unwrap()))
}

fn options(folder: &Path, database: &testkit::Database, test_clock: bool) -> OpenOptions {
    OpenOptions {
        data: folder.join("data"),
        root_key: RootKeySource::File(folder.join("root.key")),
        database: database.url().map(SecretString::new),
        clock: clock(),
        test_clock,
    }
}

fn new(folder: &Path, database: &testkit::Database, test: bool) -> InitOptions {
    InitOptions {
        data: folder.join("data"),
        root_key: RootKeySource::File(folder.join("root.key")),
        org: "示范单位".to_owned(),
        regimes: vec!["general-company".to_owned()],
        max_levels: vec![Level::Secret],
        test,
        database: database.url().map(SecretString::new),
    }
}

/// WHY: the test's own connection to the server may not be made inside a runtime
fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}

fn make(folder: &Path, database: &testkit::Database, test: bool) {
    wait(init(new(folder, database, test), clock())).unwrap();
}

#[test]
fn a_regime_that_no_pack_has_is_refused_before_anything_is_made() {
    for database in testkit::databases().unwrap() {
        let folder = tempfile::tempdir().unwrap();
        let mut unknown = new(folder.path(), &database, false);
        unknown.regimes.push("state-orgam".to_owned());
        let refused = wait(init(unknown, clock())).unwrap_err();
        assert!(
            matches!(
                refused,
                Error::Malformed {
                    code: "init.regime_unknown",
                    ..
                }
            ),
            "{refused}"
        );
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        // so that the same folder and database can be had with the right one
        make(folder.path(), &database, false);
    }
}

#[test]
fn a_row_alone_makes_no_folder_for_tests() {
    for database in testkit::databases().unwrap() {
        println!("on {database:?}");
        let folder = tempfile::tempdir().unwrap();
        make(folder.path(), &database, false);
        let app = wait(open(options(folder.path(), &database, false))).unwrap();
        assert_eq!(app.inner.hashing, Cost::Everyday);
        wait(app.transact(|_, tx| Ok(tx.set_meta("test", "1")?))).unwrap();
        drop(app);
        let refused = wait(open(options(folder.path(), &database, true)));
        assert!(matches!(
            refused.unwrap_err(),
            Error::Malformed {
                code: "clock.not_a_test_folder",
                ..
            }
        ));
        let app = wait(open(options(folder.path(), &database, false))).unwrap();
        assert_eq!(app.inner.hashing, Cost::Everyday, "hashes stay dear");
    }
}

#[test]
fn a_folder_made_for_tests_takes_a_test_clock_and_hashes_cheaply() {
    for database in testkit::databases().unwrap() {
        let folder = tempfile::tempdir().unwrap();
        make(folder.path(), &database, true);
        let app = wait(open(options(folder.path(), &database, true))).unwrap();
        assert_eq!(app.inner.hashing, Cost::Test);
    }
}
