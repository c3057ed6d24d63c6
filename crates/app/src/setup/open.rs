//! Opening a data folder.

use super::{
    RootKeySource, folder,
    lock::{Company, FolderLock},
};
use crate::{
    App,
    accounts::{Cost, hash_password},
    classes::Classes,
    core::Inner,
    error::{Error, text},
    latest::Latest,
    packs::{self, Packs},
    regimes::InForce,
};
use domain::{Calendar, Clock, Level, SITE_ZONE_DEFAULT};
use jiff::tz::TimeZone;
use ledger::Signer;
use registers::Catalogue;
use std::{
    fs,
    path::PathBuf,
    sync::{Arc, RwLock},
};
use store::{Store, StoreOptions, Tx};
use vault::{KeyCheck, Keyring, Random, RootKey, RootWrap, SecretString, SystemRandom};

/// How a data folder is opened.
#[derive(Debug)]
pub struct OpenOptions {
    /// The folder.
    pub data: PathBuf,
    /// The root key.
    pub root_key: RootKeySource,
    /// A server instead of the embedded database.
    pub database: Option<SecretString>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The clock is one of tests: only folders made for tests allow it.
    pub test_clock: bool,
}

/// What the database tells at opening.
struct Settings {
    origin: String,
    log_seed: Vec<u8>,
    regimes: Vec<String>,
    max_levels: Vec<Level>,
    test: bool,
}

/// Opens a data folder with the shipped packs.
pub async fn open(options: OpenOptions) -> Result<App, Error> {
    open_with(options, &Packs::Shipped).await
}

/// Opens a data folder with these packs.
pub async fn open_with(options: OpenOptions, packs: &Packs) -> Result<App, Error> {
    // before the lock: a folder that is not ours is left alone
    read_salt(&options)?;
    let company = Company::of(options.database.as_ref());
    let lock = FolderLock::take(&options.data, company)?;
    open_locked(options, packs, lock).await
}

/// The same for who only looks at what these packs would change: they are not in force here.
pub async fn look_with(options: OpenOptions, packs: &Packs) -> Result<App, Error> {
    read_salt(&options)?;
    let company = Company::of(options.database.as_ref());
    let lock = FolderLock::take(&options.data, company)?;
    prepared(options, packs, lock).await
}

/// The same for who has the folder already.
pub(super) async fn open_locked(
    options: OpenOptions,
    packs: &Packs,
    lock: FolderLock,
) -> Result<App, Error> {
    let app = prepared(options, packs, lock).await?;
    app.note_rules().await?;
    app.begin_carrying().await?;
    Ok(app)
}

/// An open folder in which these packs are not in force yet.
async fn prepared(options: OpenOptions, packs: &Packs, lock: FolderLock) -> Result<App, Error> {
    let salt = read_salt(&options)?;
    let root = options.root_key.read(&options.data, &salt)?;
    let store = Store::open(&StoreOptions {
        database: folder::database(&options.data, &root, options.database.as_ref())?,
        create: false,
    })
    .map_err(opening)?;
    let check = root.check_value()?;
    let settings = store.read(move |tx| read_settings(tx, &check)).await?;
    if options.test_clock && !settings.test {
        return Err(Error::malformed(
            "clock.not_a_test_folder",
            "只有用 init --test 建立的目录才能使用测试时钟",
            "a test clock needs a folder made by init --test",
        ));
    }
    if !packs.for_everyday() && !settings.test {
        return Err(packs::not_a_test_folder());
    }
    let packs = packs.in_house(&options.data)?;
    let catalogue = packs.catalogue()?;
    let regimes = regimes(&store, &catalogue, (&settings, options.database.is_none())).await?;
    let signer = signer(&root, &settings)?;
    let vkey = signer.verifier().clone();
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let mut holder = [0; 8];
    random.fill(&mut holder)?;
    let mut inner = Inner {
        store,
        clock: options.clock,
        random,
        catalogue,
        regimes,
        policies: packs.policies()?,
        packs: packs.clone(),
        behind: crate::carrying::Behind::default(),
        shop: crate::printing::Shop::new(&packs),
        calendar: Calendar::default(),
        zone: TimeZone::get(SITE_ZONE_DEFAULT).map_err(Error::internal)?,
        max_levels: settings.max_levels,
        root,
        keyring: RwLock::new(Keyring::new()),
        classes: Classes::default(),
        sights: crate::visibility::Sights::default(),
        signer,
        vkey,
        data: options.data,
        holder: hex::encode(holder),
        latest: Latest::unknown(),
        hashing: if settings.test {
            Cost::Test
        } else {
            Cost::Everyday
        },
        decoy_hash: String::new(),
        desks: crate::import::Desks::default(),
        counter: crate::inspection::Counter::default(),
        under_way: Arc::default(),
        watchers: crate::events::Watchers::default(),
        sequencing: tokio::sync::Mutex::new(()),
        _lock: lock,
    };
    inner.decoy_hash = hash_password(&inner, &SecretString::new(hex::encode(holder)))?;
    let app = App {
        inner: Arc::new(inner),
    };
    app.take_in().await?;
    Ok(app)
}

/// The regimes in force; `alone` where no other program writes in the database.
async fn regimes(
    store: &Store,
    catalogue: &Catalogue,
    (settings, alone): (&Settings, bool),
) -> Result<InForce, Error> {
    let mut regimes = InForce::new(catalogue, &settings.regimes)?;
    let attached = store.read(crate::regimes::attached).await?;
    crate::regimes::refuse_unknown(catalogue, &attached)?;
    if alone && attached.is_empty() {
        regimes.rest();
    }
    Ok(regimes)
}

/// Who signs the log's checkpoints.
fn signer(root: &RootKey, settings: &Settings) -> Result<Signer, Error> {
    let wrapped = vault::WrappedKey::from_bytes(&settings.log_seed)?;
    let seed = root.unwrap(folder::seed_use(), &wrapped)?;
    let seed: [u8; 32] = seed
        .expose()
        .try_into()
        .map_err(|_| Error::defect("the log's seed is damaged"))?;
    let seed = zeroize::Zeroizing::new(seed);
    Ok(Signer::from_seed(&settings.origin, seed)?)
}

fn read_salt(options: &OpenOptions) -> Result<[u8; 16], Error> {
    let text = fs::read_to_string(options.data.join("salt")).map_err(|_| not_a_folder())?;
    let mut salt = [0; 16];
    hex::decode_to_slice(text.trim(), &mut salt).map_err(|_| not_a_folder())?;
    Ok(salt)
}

fn not_a_folder() -> Error {
    Error::Malformed {
        code: "data.not_a_folder",
        say: text(
            "这不是如瓶的数据目录，请先运行 ruping init",
            "this is no data folder of ruping; run ruping init first",
        ),
    }
}

fn opening(error: store::Error) -> Error {
    if matches!(error, store::Error::WrongKey) {
        wrong_key()
    } else {
        error.into()
    }
}

fn wrong_key() -> Error {
    Error::Malformed {
        code: "root_key.wrong",
        say: text(
            "根密钥与该数据目录不符",
            "the root key does not belong to this data folder",
        ),
    }
}

fn read_settings(tx: &mut Tx<'_>, check: &KeyCheck) -> Result<Settings, Error> {
    let mut get = |key: &str| tx.meta(key)?.ok_or_else(not_a_folder);
    if get("root_check")? != check.to_string() {
        return Err(wrong_key());
    }
    let split = |text: String| -> Vec<String> {
        text.split(',')
            .filter(|part| !part.is_empty())
            .map(ToOwned::to_owned)
            .collect()
    };
    let levels: Result<Vec<Level>, _> = split(get("max_levels")?)
        .iter()
        .map(|key| Level::parse_key(key))
        .collect();
    let origin = get("origin")?;
    Ok(Settings {
        log_seed: hex::decode(get("log_seed")?).map_err(Error::internal)?,
        regimes: split(get("regimes")?),
        max_levels: levels.map_err(Error::internal)?,
        // WHY: the log's name is signed, the row is not: who changes the row alone gets no test clock
        test: get("test")? == "1" && origin.starts_with(folder::TEST_ORIGIN),
        origin,
    })
}

impl App {
    /// Takes in what the database tells of the past: the newest entry, keys, label classes, and what
    /// was erased.
    async fn take_in(&self) -> Result<(), Error> {
        self.read_tx(|inner, tx| {
            if let Some(at) = tx.newest_entry_at()? {
                inner.latest.note(at);
            }
            inner.load_keks(tx)?;
            inner.classes.seen(tx).map(drop)
        })
        .await?;
        self.transact(crate::log::replay).await
    }
}
