//! Key-encryption keys: none wraps anything that a restart could not open.

use super::*;
use crate::{RootKeySource, setup};
use domain::{FixedClock, ObjectId};
use std::path::Path;
use tokio::runtime::Runtime;
use vault::{SecretString, Suite};

pub(crate) struct Place {
    folder: tempfile::TempDir,
    database: testkit::Database,
    pub(crate) runtime: Runtime,
}

pub(crate) fn on_each_database(show: impl Fn(&Place)) {
    for database in testkit::databases().unwrap() {
        println!("on {database:?}");
        let place = Place {
            folder: tempfile::tempdir().unwrap(),
            database,
            runtime: Runtime::new().unwrap(),
        };
        place.init();
        show(&place);
    }
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock::new("2026-03-02T01:00:00Z".parse().unwrap()))
}

impl Place {
    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn root_key(&self) -> RootKeySource {
        RootKeySource::File(self.path().join("root.key"))
    }

    fn url(&self) -> Option<SecretString> {
        self.database.url().map(SecretString::new)
    }

    fn init(&self) {
        let options = setup::InitOptions {
            data: self.path().join("data"),
            root_key: self.root_key(),
            org: "示范单位".to_owned(),
            regimes: vec!["general-company".to_owned()],
            max_levels: vec![Level::Secret],
            test: true,
            database: self.url(),
        };
        drop(
            self.runtime
                .block_on(setup::init(options, clock()))
                .unwrap(),
        );
    }

    pub(crate) fn open(&self) -> App {
        let options = setup::OpenOptions {
            data: self.path().join("data"),
            root_key: self.root_key(),
            database: self.url(),
            clock: clock(),
            test_clock: true,
        };
        self.runtime.block_on(setup::open(options)).unwrap()
    }

    /// Makes a data key under a label's key and keeps it, if `keep` says so.
    fn seal(&self, app: &App, keep: bool) -> Result<ObjectId, Error> {
        let sealed = app.transact(move |inner, tx| {
            let object = ObjectId::new(inner.now(), inner.random()?);
            let key = DataKey::generate(object, Suite::Aes256Gcm, &*inner.random)?;
            let kek = kek();
            let wrapped = inner.wrap(tx, &kek, &key)?.to_bytes();
            // within the transaction it opens at once
            inner.unwrap_key(tx, &kek, object, &wrapped)?;
            let act = access::Act::new("test.seal", "test", "office");
            let granted = access::Granted::from(
                access::decide_system(&act, access::SystemReason::Job).unwrap(),
            );
            let about = crate::log::About::default();
            let entry = crate::log::entry(inner, &granted, "test.seal", &about, inner.now())?;
            let packed = crate::keys::pack(&kek, &wrapped);
            tx.write::<_, Error>(&granted, |door| {
                door.put_object_key(&object.to_string(), &packed)?;
                Ok((entry, ()))
            })?;
            if keep {
                Ok(object)
            } else {
                Err(Error::NotFound)
            }
        });
        self.runtime.block_on(sealed)
    }

    fn opens(&self, app: &App, object: ObjectId) -> bool {
        let open = app.read_tx(move |inner, tx| crate::keys::open(inner, tx, object));
        self.runtime.block_on(open).unwrap().is_some()
    }
}

fn kek() -> KekId {
    KekId::new("state.confidential", ["新项目"]).unwrap()
}

fn shared(app: &App) -> bool {
    app.inner.keyring.read().unwrap().contains(&kek())
}

#[test]
fn a_key_made_in_a_transaction_that_is_taken_back_wraps_nothing_later() {
    on_each_database(|place| {
        let app = place.open();
        assert!(place.seal(&app, false).is_err());
        assert!(!shared(&app), "what has no stored row is not shared");
        let object = place.seal(&app, true).unwrap();
        assert!(shared(&app), "what was committed is");
        assert!(place.opens(&app, object));
        drop(app);
        let again = place.open();
        assert!(place.opens(&again, object), "and after a restart");
    });
}

#[test]
fn a_writer_shares_no_keys() {
    on_each_database(|place| {
        let app = place.open();
        let shares = app.transact(|inner, tx| inner.load_keks(tx));
        assert!(place.runtime.block_on(shares).is_err());
    });
}

#[test]
fn servers_that_make_the_same_key_at_once_open_what_each_has_sealed() {
    on_each_database(|place| {
        let servers = match place.database {
            // an embedded database has one server, but its requests come at once all the same
            testkit::Database::Sqlite => {
                let app = place.open();
                vec![app.clone(), app]
            }
            testkit::Database::Postgres { .. } => vec![place.open(), place.open()],
        };
        let sealed: Vec<ObjectId> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|number| {
                    let app = &servers[number % 2];
                    scope.spawn(move || place.seal(app, true).unwrap())
                })
                .collect();
            threads.into_iter().map(|one| one.join().unwrap()).collect()
        });
        for app in &servers {
            for object in &sealed {
                assert!(place.opens(app, *object));
            }
        }
        drop(servers);
        let again = place.open();
        for object in sealed {
            assert!(place.opens(&again, object), "after a restart");
        }
    });
}
