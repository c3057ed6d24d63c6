//! `init`: a new data folder.

use super::{
    OpenOptions, RootKeySource,
    lock::{self, Company, FolderLock},
    open::open_locked,
};
use crate::{
    accounts::{self, hash_password, one_time_password},
    error::{Error, text},
    packs::{self, Packs},
};
use access::Role;
use domain::{AccountId, Clock, Level, Timestamp};
use ledger::Signer;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{Database, NewAccount, Store, StoreOptions};
use vault::{KeyId, KeyUse, Purpose, Random, RootKey, RootWrap, SecretString, SystemRandom};

/// How a data folder is made.
#[derive(Debug)]
pub struct InitOptions {
    /// The folder; it must be empty or absent.
    pub data: PathBuf,
    /// The root key; a missing key file is made.
    pub root_key: RootKeySource,
    /// Name of the organisation.
    pub org: String,
    /// Keys of the regimes in force.
    pub regimes: Vec<String>,
    /// Highest levels this installation may hold, one per family.
    pub max_levels: Vec<Level>,
    /// A folder for tests: a test clock is allowed, and stamped into the log's name.
    pub test: bool,
    /// A server to use instead of the embedded database.
    pub database: Option<SecretString>,
}

/// What `init` tells once.
#[derive(Debug)]
pub struct Initialised {
    /// Login name, role and one-time password of each first account.
    pub accounts: Vec<(String, String, SecretString)>,
    /// The key that verifies the log.
    pub vkey: String,
}

/// First accounts: the three administrators, and the head of the office who registers everybody.
const FIRST: [(&str, &str); 4] = [
    ("sysadmin", "system_admin"),
    ("secadmin", "security_admin"),
    ("auditor", "audit_admin"),
    ("office", "office_head"),
];

/// How the name of a log begins whose folder is for tests.
pub(super) const TEST_ORIGIN: &str = "ruping.test/";

/// Makes a data folder with the shipped packs.
pub async fn init(options: InitOptions, clock: Arc<dyn Clock>) -> Result<Initialised, Error> {
    init_with(options, clock, &Packs::Shipped).await
}

/// Makes a data folder with these packs.
pub async fn init_with(
    options: InitOptions,
    clock: Arc<dyn Clock>,
    packs: &Packs,
) -> Result<Initialised, Error> {
    if !packs.for_everyday() && !options.test {
        return Err(packs::not_a_test_folder());
    }
    refuse_unknown_regimes(packs, &options.regimes)?;
    refuse_full(&options.data)?;
    let lock = FolderLock::take(&options.data, Company::Nobody)?;
    // once more, for another `init` may have been faster
    refuse_full(&options.data)?;
    let random = SystemRandom;
    make_key_file(&options, &random)?;
    for folder in ["db", "keys", "vault", "log", "tmp"] {
        fs::create_dir_all(options.data.join(folder)).map_err(Error::internal)?;
    }
    let mut salt = [0; 16];
    random.fill(&mut salt)?;
    fs::write(options.data.join("salt"), hex::encode(salt)).map_err(Error::internal)?;
    let root = options.root_key.read(&options.data, &salt)?;
    let store = Store::open(&StoreOptions {
        database: database(&options.data, &root, options.database.as_ref())?,
        create: true,
    })?;
    let meta = meta(&options, &root, &random)?;
    store
        .transact(move |tx| {
            if tx.meta("origin")?.is_some() {
                return Err(full());
            }
            for (key, value) in &meta {
                tx.set_meta(key, value)?;
            }
            Ok(())
        })
        .await?;
    drop(store);
    let opened = OpenOptions {
        data: options.data,
        root_key: options.root_key,
        database: options.database,
        clock,
        test_clock: options.test,
    };
    let app = open_locked(opened, packs, lock).await?;
    let accounts = first_accounts(&app).await?;
    app.sequence().await?;
    Ok(Initialised {
        accounts,
        vkey: app.vkey(),
    })
}

fn full() -> Error {
    Error::Malformed {
        code: "init.not_empty",
        say: text(
            "数据目录或数据库不是空的",
            "the data folder or database is not empty",
        ),
    }
}

/// Before anything is made: a folder with a regime that no pack has would never open.
fn refuse_unknown_regimes(packs: &Packs, regimes: &[String]) -> Result<(), Error> {
    let catalogue = packs.catalogue()?;
    let Some(unknown) = regimes.iter().find(|key| catalogue.regime(key).is_none()) else {
        return Ok(());
    };
    let known: Vec<&str> = catalogue.regimes().map(|one| one.key.as_str()).collect();
    Err(Error::Malformed {
        code: "init.regime_unknown",
        say: text(
            &format!("没有管理体系 `{unknown}`；可用：{}", known.join("、")),
            &format!(
                "there is no regime `{unknown}`; there are: {}",
                known.join(", ")
            ),
        ),
    })
}

fn refuse_full(data: &Path) -> Result<(), Error> {
    let entries = match fs::read_dir(data) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return fs::create_dir_all(data).map_err(Error::internal);
        }
        Err(error) => return Err(Error::internal(error)),
    };
    for entry in entries {
        if !lock::is_lock(&entry.map_err(Error::internal)?.file_name()) {
            return Err(full());
        }
    }
    Ok(())
}

/// A missing key file is made, readable by its owner alone.
fn make_key_file(options: &InitOptions, random: &SystemRandom) -> Result<(), Error> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let RootKeySource::File(path) = &options.root_key else {
        return Ok(());
    };
    if path.exists() {
        return Ok(());
    }
    let inside = path
        .parent()
        .and_then(|parent| parent.canonicalize().ok())
        .is_some_and(|parent| {
            options
                .data
                .canonicalize()
                .is_ok_and(|data| parent.starts_with(data))
        });
    if inside {
        return Err(Error::Malformed {
            code: "root_key.inside_data",
            say: text(
                "根密钥不得放在数据目录内",
                "the root key may not lie inside the data folder",
            ),
        });
    }
    let key = RootKey::generate(random)?;
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(Error::internal)?;
    writeln!(file, "{}", key.to_hex().expose()).map_err(Error::internal)?;
    file.sync_all().map_err(Error::internal)
}

/// Where the database of a folder is.
pub(super) fn database(
    data: &Path,
    root: &RootKey,
    server: Option<&SecretString>,
) -> Result<Database, Error> {
    Ok(match server {
        Some(url) => Database::Postgres {
            url: SecretString::new(url.expose().to_owned()),
        },
        None => Database::Sqlite {
            main: data.join("db").join("ruping.db"),
            keys: data.join("keys").join("keys.db"),
            key: root.database_key()?,
        },
    })
}

/// Settings that stay: the log's name and key, the regimes, the highest levels.
fn meta(
    options: &InitOptions,
    root: &RootKey,
    random: &SystemRandom,
) -> Result<Vec<(&'static str, String)>, Error> {
    let mut id = [0; 8];
    random.fill(&mut id)?;
    let origin = if options.test {
        format!("{TEST_ORIGIN}{}", hex::encode(id))
    } else {
        format!("ruping/{}", hex::encode(id))
    };
    let mut seed = [0; 32];
    random.fill(&mut seed)?;
    let wrapped = root.wrap(seed_use(), KeyId::random(random)?, &seed, random)?;
    let signer = Signer::from_seed(&origin, zeroize::Zeroizing::new(seed))?;
    let levels: Vec<&str> = options.max_levels.iter().map(|level| level.key()).collect();
    Ok(vec![
        ("origin", origin),
        ("log_seed", hex::encode(wrapped.to_bytes())),
        ("vkey", signer.verifier().to_string()),
        ("root_check", root.check_value()?.to_string()),
        ("org", options.org.clone()),
        ("regimes", options.regimes.join(",")),
        ("max_levels", levels.join(",")),
        ("test", u8::from(options.test).to_string()),
    ])
}

/// The log's signing seed under the root.
pub(super) fn seed_use() -> KeyUse<'static> {
    KeyUse {
        purpose: Purpose::LogSeed,
        context: b"log",
    }
}

async fn first_accounts(app: &crate::App) -> Result<Vec<(String, String, SecretString)>, Error> {
    let mut told = Vec::new();
    for (name, role) in FIRST {
        let password = one_time_password(&app.inner)?;
        let hash = hash_password(&app.inner, &password)?;
        let now: Timestamp = app.inner.now();
        app.transact(move |inner, tx| {
            let row = NewAccount {
                id: AccountId::new(now, inner.random()?),
                name: name.to_owned(),
                person: None,
                password: hash,
                roles: vec![role.to_owned()],
                side: accounts::side(&Role::parse_key(role).into_iter().collect())
                    .map(ToOwned::to_owned),
                created_at: now,
            };
            let act = access::Act::new("account.register", "account", "custody");
            let granted = access::decide_system(&act, access::SystemReason::Job)
                .map_err(|denied| Error::denied(&denied))?;
            let granted = access::Granted::from(granted);
            let entry = crate::log::account_entry(inner, &granted, row.id, now)?;
            tx.write::<_, Error>(&granted, |door| Ok((entry, door.insert_account(&row)?)))?;
            Ok(())
        })
        .await?;
        told.push((name.to_owned(), role.to_owned(), password));
    }
    Ok(told)
}
