//! A data folder with people in it, for measuring the use cases as `ruping serve` runs them; and how
//! a figure is told to `cargo xtask bench`.

use anyhow::{Context, Result, bail};
use app::{
    App, Caller, NewAccountInput, Packs, Perform, Performed, RootKeySource, SecretString, Target,
    setup,
};
use domain::{Clock, Level, PersonId, RecordId, Timestamp};
use serde_json::{Map, Value, json};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use store::{Database, Store, StoreOptions};
use vault::RootKey;

const PASSWORD: &str = "a long enough password";

/// A clock that goes on by a millisecond whenever it is read, so that ids and times differ as they
/// do in life and every run sees the same ones.
#[derive(Debug)]
pub(crate) struct Ticking(AtomicI64);

impl Ticking {
    pub(crate) fn new(start: Timestamp) -> Self {
        Self(AtomicI64::new(start.as_millisecond()))
    }
}

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        let now = self.0.fetch_add(1, Ordering::Relaxed);
        Timestamp::from_millisecond(now).unwrap_or_default()
    }
}

/// An open system and who works in it.
pub(crate) struct House {
    pub(crate) app: App,
    pub(crate) office: Caller,
    sysadmin: Caller,
    secadmin: Caller,
    clock: Arc<dyn Clock>,
    database: testkit::Database,
    folder: tempfile::TempDir,
}

impl House {
    /// Makes a folder for tests on this database and opens it.
    pub(crate) async fn build(database: testkit::Database) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let start: Timestamp = "2026-03-02T01:00:00Z".parse()?;
        let clock: Arc<dyn Clock> = Arc::new(Ticking::new(start));
        let made = setup::init(
            setup::InitOptions {
                data: data(folder.path()),
                root_key: root_key(folder.path())?,
                org: "示范单位".into(),
                regimes: vec!["general-company".into()],
                max_levels: vec![Level::Secret, Level::Core, Level::Internal],
                test: true,
                database: server(&database),
            },
            Arc::clone(&clock),
        )
        .await?;
        let app = open(folder.path(), &database, &clock).await?;
        let mut callers = Vec::new();
        for name in ["sysadmin", "secadmin", "office"] {
            let (_, _, once) = made
                .accounts
                .iter()
                .find(|(account, ..)| account == name)
                .context("an account of init")?;
            callers.push(enter(&app, name, once).await?);
        }
        let [sysadmin, secadmin, office] =
            <[Caller; 3]>::try_from(callers).map_err(|_| anyhow::anyhow!("three callers"))?;
        Ok(Self {
            app,
            office,
            sysadmin,
            secadmin,
            clock,
            database,
            folder,
        })
    }

    /// Registers something in the name of the office.
    pub(crate) async fn add(&self, register: &str, input: Value) -> Result<RecordId> {
        let done = self
            .app
            .perform(&self.office, request(register, "add", input))
            .await?;
        match done {
            Performed::Done { record, .. } => Ok(record.id),
            Performed::Waiting { .. } | Performed::WouldHappen { .. } => {
                bail!("`{register}` waits")
            }
        }
    }

    /// A member of staff, cleared for 机密, with an account.
    pub(crate) async fn hire(
        &self,
        name: &str,
        unit: RecordId,
        post: RecordId,
    ) -> Result<(PersonId, Caller)> {
        let person = json!({
            "name": name, "unit": unit, "post": post, "review_passed_on": "2025-01-10",
            "trained_on": "2025-01-11", "pledged_on": "2025-01-12",
        });
        let person = PersonId::from(self.add("person", person).await?);
        let new = NewAccountInput {
            name: name.to_owned(),
            person: Some(person),
            roles: Vec::new(),
        };
        let (account, once) = self.app.create_account(&self.sysadmin, new).await?;
        self.app
            .set_account(&self.secadmin, account.id, vec!["staff".to_owned()], false)
            .await?;
        Ok((person, enter(&self.app, name, &once).await?))
    }

    /// Opens the folder again, as after a restart.
    pub(crate) async fn reopen(self) -> Result<Self> {
        self.reopen_under(Packs::Shipped).await
    }

    /// The same under other packs.
    pub(crate) async fn reopen_under(self, packs: Packs) -> Result<Self> {
        let Self {
            app,
            folder,
            database,
            clock,
            ..
        } = self;
        // the folder is locked as long as it is open
        drop(app);
        let app = setup::open_with(options(folder.path(), &database, &clock)?, &packs).await?;
        Ok(Self {
            app,
            folder,
            database,
            clock,
            ..self
        })
    }

    /// The store beneath, for filling it and for measuring it bare.
    pub(crate) fn store(&self) -> Result<Store> {
        let database = match self.database.url() {
            Some(url) => Database::Postgres {
                url: SecretString::new(url),
            },
            None => {
                let key = std::fs::read(self.folder.path().join("root.key"))?;
                let data = data(self.folder.path());
                Database::Sqlite {
                    main: data.join("db").join("ruping.db"),
                    keys: data.join("keys").join("keys.db"),
                    key: RootKey::parse_file(&key)?.database_key()?,
                }
            }
        };
        Ok(Store::open(&StoreOptions {
            database,
            create: false,
        })?)
    }

    /// Closes it and leaves its data and its root key in this folder, which is there and empty.
    pub(crate) fn keep(self, to: &Path) -> Result<()> {
        let Self { app, folder, .. } = self;
        drop(app);
        for name in ["data", "root.key"] {
            std::fs::rename(folder.path().join(name), to.join(name))?;
        }
        Ok(())
    }

    /// Closes it and tells what the embedded database and its keys take on disk.
    pub(crate) fn close(self) -> Result<u64> {
        let Self { app, folder, .. } = self;
        // the last handle takes the write-ahead log in
        drop(app);
        let data = data(folder.path());
        let mut bytes = 0;
        for folder in ["db", "keys"] {
            for entry in std::fs::read_dir(data.join(folder))? {
                bytes += entry?.metadata()?.len();
            }
        }
        Ok(bytes)
    }
}

/// A store without anything above it, on this database.
pub(crate) fn bare(database: &testkit::Database, folder: &Path) -> Result<Store> {
    let database = match database.url() {
        Some(url) => Database::Postgres {
            url: SecretString::new(url),
        },
        None => Database::Sqlite {
            main: folder.join("bare.db"),
            keys: folder.join("keys.db"),
            key: RootKey::from_bytes([7; 32])?.database_key()?,
        },
    };
    Ok(Store::open(&StoreOptions {
        database,
        create: true,
    })?)
}

/// What so many in a hundred took at most, in milliseconds.
pub(crate) fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let at = sorted.len().saturating_sub(1) * percent / 100;
    sorted.get(at).map_or(0.0, |took| took.as_secs_f64() * 1e3)
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

fn root_key(folder: &Path) -> Result<RootKeySource> {
    let text = format!("file:{}", folder.join("root.key").display());
    text.parse()
        .map_err(|error| anyhow::anyhow!("the root key: {error}"))
}

fn server(database: &testkit::Database) -> Option<SecretString> {
    database.url().map(SecretString::new)
}

async fn open(folder: &Path, database: &testkit::Database, clock: &Arc<dyn Clock>) -> Result<App> {
    Ok(setup::open(options(folder, database, clock)?).await?)
}

fn options(
    folder: &Path,
    database: &testkit::Database,
    clock: &Arc<dyn Clock>,
) -> Result<setup::OpenOptions> {
    Ok(setup::OpenOptions {
        data: data(folder),
        root_key: root_key(folder)?,
        database: server(database),
        clock: Arc::clone(clock),
        test_clock: true,
    })
}

async fn enter(app: &App, name: &str, once: &SecretString) -> Result<Caller> {
    let secret = |text: &str| SecretString::new(text.to_owned());
    let first = app.login(name, secret(once.expose()), None).await?;
    let caller = app.authenticate_session(first.token.expose()).await?;
    app.change_password(&caller, secret(once.expose()), secret(PASSWORD))
        .await?;
    let session = app.login(name, secret(PASSWORD), None).await?;
    let caller = app.authenticate_session(session.token.expose()).await?;
    app.step_up(&caller, Some(secret(PASSWORD)), None).await?;
    Ok(app.authenticate_session(session.token.expose()).await?)
}

/// The fields of an object.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    let Value::Object(map) = value else {
        return Map::new();
    };
    map
}

/// A request for a new record.
pub(crate) fn request(register: &str, action: &str, input: Value) -> Perform {
    Perform::new(
        Target::New {
            register: register.to_owned(),
        },
        action,
        object(input),
    )
}

/// One figure on a line of its own, its parts split by tabs, as `cargo xtask bench` reads it: what,
/// how much, of which unit, its ratio to the peer of the same run, and the floor it has to keep.
pub(crate) fn tell(what: &str, value: f64, unit: &str, ratio: Option<f64>, floor: Option<&str>) {
    let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
    println!(
        "figure\t{what}\t{value:.1}\t{unit}\t{ratio}\t{}",
        floor.unwrap_or_default()
    );
}
