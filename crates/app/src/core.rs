//! What every use case stands on: the open store, the keys in memory, the definitions in force.

use crate::{classes::Classes, error::Error, latest::Latest};
use access::Policies;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{Calendar, Clock, Date, Label, Level, Timestamp};
use jiff::tz::TimeZone;
use registers::Catalogue;
use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};
use store::{KekRow, Store, Tx};
use vault::{DataKey, KekId, Keyring, Random, RootKey, StoredKek, WrappedDataKey};

/// The open system; cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    pub(crate) inner: Arc<Inner>,
}

/// What is shared by all requests.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) regimes: crate::regimes::InForce,
    pub(crate) policies: Policies,
    /// Where definitions, regimes and policies come from.
    pub(crate) packs: crate::Packs,
    pub(crate) calendar: Calendar,
    pub(crate) zone: TimeZone,
    pub(crate) max_levels: Vec<Level>,
    pub(crate) root: RootKey,
    pub(crate) keyring: RwLock<Keyring>,
    pub(crate) classes: Classes,
    pub(crate) sights: crate::visibility::Sights,
    pub(crate) signer: ledger::Signer,
    pub(crate) vkey: ledger::VerifierKey,
    /// Where vault objects, log files and temporary files are.
    pub(crate) data: PathBuf,
    /// Names this running server among those that share a database.
    pub(crate) holder: String,
    /// When the newest entry was made.
    pub(crate) latest: Latest,
    /// What hashing a password costs here.
    pub(crate) hashing: crate::accounts::Cost,
    /// Answers nobody's password with, so that unknown names cost what known ones cost.
    pub(crate) decoy_hash: String,
    /// Registers that are being carried over to a new definition.
    pub(crate) behind: crate::carrying::Behind,
    /// Where pages are made.
    pub(crate) shop: crate::printing::Shop,
    /// Files that are taken in by this program.
    pub(crate) desks: crate::import::Desks,
    /// Where contents are inspected.
    pub(crate) counter: crate::inspection::Counter,
    /// Uploads on their way to this program.
    pub(crate) under_way: Arc<crate::files::UnderWay>,
    /// Pages that are told what changes for their accounts.
    pub(crate) watchers: crate::events::Watchers,
    /// One sequencing at a time in this program.
    pub(crate) sequencing: tokio::sync::Mutex<()>,
    // INVARIANT: the last field, so that the store has ended when the folder is free
    pub(crate) _lock: crate::setup::FolderLock,
}

impl Inner {
    pub(crate) fn now(&self) -> Timestamp {
        // WHY: the database keeps milliseconds; what is sealed must be what is stored
        let now = self.clock.now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    pub(crate) fn today(&self, now: Timestamp) -> Date {
        now.to_zoned_datetime(self.zone.clone()).date()
    }

    pub(crate) fn random<const N: usize>(&self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// Whether this installation may hold the label at all.
    pub(crate) fn within_installation(&self, label: &Label) -> bool {
        label
            .levels
            .iter()
            .all(|level| self.max_levels.iter().any(|max| max.at_least(level)))
    }

    /// Which key-encryption key a label's material is under.
    pub(crate) fn kek_id(label: &Label) -> Result<KekId, Error> {
        let levels: Vec<&str> = label.levels.iter().map(Level::key).collect();
        let level = if levels.is_empty() {
            "open".to_owned()
        } else {
            levels.join("+")
        };
        Ok(KekId::new(
            &level,
            label.compartments.iter().map(domain::Compartment::as_str),
        )?)
    }

    /// Wraps a data key under the label's key, which is made on first use.
    pub(crate) fn wrap(
        &self,
        tx: &mut Tx<'_>,
        kek: &KekId,
        key: &DataKey,
    ) -> Result<WrappedDataKey, Error> {
        let shared = self.shared(|ring| {
            ring.contains(kek)
                .then(|| ring.wrap(kek, key, &*self.random))
        });
        if let Some(wrapped) = shared {
            return Ok(wrapped?);
        }
        let mut own = self.own_ring(tx, kek)?;
        if !own.contains(kek) {
            let row = own.make(kek, &self.root, &*self.random)?;
            store_kek(tx, &row)?;
        }
        Ok(own.wrap(kek, key, &*self.random)?)
    }

    /// Unwraps a data key; keys that are not shared yet are read from the database.
    pub(crate) fn unwrap_key(
        &self,
        tx: &mut Tx<'_>,
        kek: &KekId,
        object: domain::ObjectId,
        wrapped: &[u8],
    ) -> Result<DataKey, Error> {
        let wrapped = WrappedDataKey::from_bytes(wrapped)?;
        if let Ok(key) = self.shared(|ring| ring.unwrap(kek, object, &wrapped)) {
            return Ok(key);
        }
        if tx.sees_only_committed() {
            self.load_keks(tx)?;
            return Ok(self.shared(|ring| ring.unwrap(kek, object, &wrapped))?);
        }
        Ok(self.own_ring(tx, kek)?.unwrap(kek, object, &wrapped)?)
    }

    fn shared<T>(&self, use_ring: impl FnOnce(&Keyring) -> T) -> T {
        use_ring(&self.keyring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The keys of one scope as this transaction sees them, for its own use: what it made, or what
    /// others of its batch made, may still be taken back.
    fn own_ring(&self, tx: &mut Tx<'_>, kek: &KekId) -> Result<Keyring, Error> {
        let rows = tx.keks_of(&kek.canonical())?;
        let stored: Vec<StoredKek> = rows.iter().map(stored_kek).collect::<Result<_, _>>()?;
        Ok(Keyring::open(&self.root, &stored)?)
    }

    /// Shares every key-encryption key the database has.
    /// INVARIANT: only readers share; a key whose row was taken back must never wrap anything.
    pub(crate) fn load_keks(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        if !tx.sees_only_committed() {
            return Err(Error::defect("a writer would share keys"));
        }
        let rows = tx.keks()?;
        let mut ring = self.keyring.write().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            ring.add(&self.root, &stored_kek(&row)?)?;
        }
        Ok(())
    }
}

fn store_kek(tx: &mut Tx<'_>, row: &StoredKek) -> Result<(), Error> {
    tx.insert_kek(&KekRow {
        id: format!("{}:{}", row.id.canonical(), row.wrapped.head().key_id),
        scope: row.id.canonical(),
        generation: i64::from(row.generation),
        wrapped: row.wrapped.to_bytes(),
    })?;
    Ok(())
}

fn stored_kek(row: &KekRow) -> Result<StoredKek, Error> {
    Ok(StoredKek {
        id: KekId::parse(&row.scope)?,
        generation: u32::try_from(row.generation).map_err(Error::internal)?,
        wrapped: vault::WrappedKey::from_bytes(&row.wrapped)?,
    })
}

/// What `f` did, and whether it made a key-encryption key.
fn noting_keys<T>(
    inner: &Inner,
    tx: &mut Tx<'_>,
    f: impl FnOnce(&Inner, &mut Tx<'_>) -> Result<T, Error>,
) -> Result<(T, bool), Error> {
    let done = f(inner, tx)?;
    Ok((done, tx.kek_added()))
}

impl App {
    /// The public key that verifies the log.
    #[must_use]
    pub fn vkey(&self) -> String {
        self.inner.vkey.to_string()
    }

    /// Statements run so far, for measurements and tests: what is hidden must cost what is absent
    /// costs.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.inner.store.statements()
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> Result<(), Error> {
        self.inner
            .store
            .read(|tx| tx.meta("origin").map(|_| ()).map_err(Error::from))
            .await
    }

    /// What one page names its own styles by, so that none that was smuggled in counts: nobody can guess it.
    pub fn nonce(&self) -> Result<String, Error> {
        Ok(BASE64_URL_SAFE_NO_PAD.encode(self.inner.random::<18>()?))
    }

    /// Waits for damage to the database, and gives what callers are told from then on.
    pub async fn damaged(&self) -> Error {
        self.inner.store.damaged().await;
        Error::damaged_page()
    }

    /// Runs `f` in a transaction with what is shared.
    pub(crate) async fn transact<T, F>(&self, f: F) -> Result<T, Error>
    where
        F: FnOnce(&Inner, &mut Tx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        let change = move |tx: &mut Tx<'_>| noting_keys(&inner, tx, f);
        self.change(self.inner.store.transact(change)).await
    }

    /// The same for what may run more than once: it is begun anew when others were in its way, and
    /// costs no savepoint of its own.
    pub(crate) async fn transact_anew<T, F>(&self, f: F) -> Result<T, Error>
    where
        F: FnOnce(&Inner, &mut Tx<'_>) -> Result<T, Error> + Clone + Send + 'static,
        T: Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        let change = move |tx: &mut Tx<'_>| noting_keys(&inner, tx, f);
        self.change(self.inner.store.transact_anew(change)).await
    }

    /// Lets a change run, unless the clock is behind the log; key-encryption keys that it committed
    /// are taken into what all requests share.
    async fn change<T>(
        &self,
        change: impl Future<Output = Result<(T, bool), Error>>,
    ) -> Result<T, Error> {
        self.inner.latest.check(self.inner.now())?;
        let (done, kek_added) = change.await?;
        if kek_added {
            // WHY: an error is no failure of what was just committed; the key is read when needed
            drop(self.read_tx(|inner, tx| inner.load_keks(tx)).await);
        }
        Ok(done)
    }

    /// The same for a short look after an act.
    pub(crate) async fn glance<T, F>(&self, f: F) -> Result<T, Error>
    where
        F: FnOnce(&Inner, &mut Tx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        self.inner.store.glance(move |tx| f(&inner, tx)).await
    }

    /// Runs `f` on a reader with what is shared.
    pub(crate) async fn read_tx<T, F>(&self, f: F) -> Result<T, Error>
    where
        F: FnOnce(&Inner, &mut Tx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        self.inner.store.read(move |tx| f(&inner, tx)).await
    }
}

#[cfg(test)]
pub(crate) mod tests;
