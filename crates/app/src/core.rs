//! What every use case stands on: the open store, the keys in memory, the definitions in force.

use crate::error::Error;
use access::Policies;
use domain::{Calendar, Clock, Date, Label, LabelClass, Level, Timestamp};
use jiff::tz::TimeZone;
use registers::{Catalogue, Regimes};
use std::{
    collections::BTreeMap,
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
    pub(crate) catalogue: Catalogue,
    pub(crate) regimes: Regimes,
    pub(crate) policies: Policies,
    pub(crate) calendar: Calendar,
    pub(crate) zone: TimeZone,
    pub(crate) max_levels: Vec<Level>,
    pub(crate) root: RootKey,
    pub(crate) keyring: RwLock<Keyring>,
    pub(crate) classes: RwLock<BTreeMap<i64, LabelClass>>,
    pub(crate) signer: ledger::Signer,
    pub(crate) vkey: ledger::VerifierKey,
    /// Where vault objects, log files and temporary files are.
    pub(crate) data: PathBuf,
    /// Names this running server among those that share a database.
    pub(crate) holder: String,
    /// Answers nobody's password with, so that unknown names cost what known ones cost.
    pub(crate) decoy_hash: String,
    /// One sequencing at a time in this program.
    pub(crate) sequencing: tokio::sync::Mutex<()>,
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
        self.ensure_kek(tx, kek)?;
        let ring = self.keyring.read().unwrap_or_else(PoisonError::into_inner);
        Ok(ring.wrap(kek, key, &*self.random)?)
    }

    /// Unwraps a data key; keys that another server made are read from the database.
    pub(crate) fn unwrap_key(
        &self,
        tx: &mut Tx<'_>,
        kek: &KekId,
        object: domain::ObjectId,
        wrapped: &[u8],
    ) -> Result<DataKey, Error> {
        let wrapped = WrappedDataKey::from_bytes(wrapped)?;
        let known = self
            .keyring
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .unwrap(kek, object, &wrapped);
        match known {
            Ok(key) => Ok(key),
            Err(_) => {
                self.load_keks(tx)?;
                let ring = self.keyring.read().unwrap_or_else(PoisonError::into_inner);
                Ok(ring.unwrap(kek, object, &wrapped)?)
            }
        }
    }

    fn ensure_kek(&self, tx: &mut Tx<'_>, kek: &KekId) -> Result<(), Error> {
        if self
            .keyring
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(kek)
        {
            return Ok(());
        }
        self.load_keks(tx)?;
        let mut ring = self.keyring.write().unwrap_or_else(PoisonError::into_inner);
        if !ring.contains(kek) {
            let row = ring.make(kek, &self.root, &*self.random)?;
            let stored = self.store_kek(tx, &row);
            if stored.is_err() {
                ring.forget(kek);
            }
            stored?;
        }
        Ok(())
    }

    fn store_kek(&self, tx: &mut Tx<'_>, row: &StoredKek) -> Result<(), Error> {
        tx.insert_kek(&KekRow {
            id: format!("{}:{}", row.id.canonical(), row.wrapped.head().key_id),
            scope: row.id.canonical(),
            generation: i64::from(row.generation),
            wrapped: row.wrapped.to_bytes(),
        })?;
        Ok(())
    }

    /// Takes in every key-encryption key the database has.
    pub(crate) fn load_keks(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let rows = tx.keks()?;
        let mut ring = self.keyring.write().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            ring.add(&self.root, &stored_kek(&row)?)?;
        }
        Ok(())
    }

    /// Takes in label classes that were made since the last look.
    pub(crate) fn load_classes(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let last = self
            .classes
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .last_key_value()
            .map_or(0, |(id, _)| *id);
        let new = tx.classes_after(last)?;
        if !new.is_empty() {
            self.classes
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .extend(new);
        }
        Ok(())
    }
}

fn stored_kek(row: &KekRow) -> Result<StoredKek, Error> {
    Ok(StoredKek {
        id: KekId::parse(&row.scope)?,
        generation: u32::try_from(row.generation).map_err(Error::internal)?,
        wrapped: vault::WrappedKey::from_bytes(&row.wrapped)?,
    })
}

impl App {
    /// The public key that verifies the log.
    #[must_use]
    pub fn vkey(&self) -> String {
        self.inner.vkey.to_string()
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> Result<(), Error> {
        self.inner
            .store
            .read(|tx| tx.meta("origin").map(|_| ()).map_err(Error::from))
            .await
    }

    /// Runs `f` in a transaction with what is shared.
    pub(crate) async fn transact<T, F>(&self, f: F) -> Result<T, Error>
    where
        F: FnOnce(&Inner, &mut Tx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        self.inner.store.transact(move |tx| f(&inner, tx)).await
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
