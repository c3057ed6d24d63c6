//! The key-encryption keys in memory: built from stored rows and a root, wiped when dropped.
//! It wraps and unwraps data keys. It keeps older keys of a line for reading, wraps by the
//! newest, and must never let a data key out under another level or for another object.

use std::collections::BTreeMap;
use std::fmt;

use domain::ObjectId;

use crate::bytes::encode_parts;
use crate::crypto::{Aead, Label, derive};
use crate::data_key::{DataKey, WrappedDataKey, WrappedDataKeyHead};
use crate::error::Error;
use crate::kek::{KekId, StoredKek, context};
use crate::limits::NONCE_BYTES;
use crate::random::{self, Random};
use crate::secret::Secret;
use crate::suite::Suite;
use crate::wrapped::{KeyId, KeyUse, Purpose, RootWrap};

/// WHY: see `root::SUITE`; data keys name the suite of their content themselves.
const SUITE: Suite = Suite::Aes256Gcm;

/// Unwrapped key-encryption keys.
#[derive(Default)]
pub struct Keyring {
    /// Per id its keys by generation and key id; the last one wraps.
    keks: BTreeMap<KekId, BTreeMap<(u32, KeyId), Secret<32>>>,
}

impl Keyring {
    /// A keyring without keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Unwraps all rows. To go on where single rows are damaged, use [`Keyring::add`].
    ///
    /// # Errors
    /// The first error of [`Keyring::add`].
    pub fn open<'a>(
        root: &dyn RootWrap,
        rows: impl IntoIterator<Item = &'a StoredKek>,
    ) -> Result<Self, Error> {
        let mut keyring = Self::new();
        for row in rows {
            keyring.add(root, row)?;
        }
        Ok(keyring)
    }

    /// Unwraps one row.
    ///
    /// # Errors
    /// Those of [`RootWrap::unwrap`]; [`Error::KeyDamaged`] also for a key of a wrong length.
    pub fn add(&mut self, root: &dyn RootWrap, row: &StoredKek) -> Result<(), Error> {
        let context = context(&row.id, row.generation);
        let of = KeyUse {
            purpose: Purpose::Kek,
            context: &context,
        };
        let secret = root.unwrap(of, &row.wrapped)?;
        let key_id = row.wrapped.head().key_id;
        let secret =
            Secret::from_slice(secret.expose()).ok_or(Error::KeyDamaged { key: key_id })?;
        self.keks
            .entry(row.id.clone())
            .or_default()
            .insert((row.generation, key_id), secret);
        Ok(())
    }

    /// Makes a new key for `id` and takes it in: the first one, or on a rotation the next
    /// generation. The row must be stored before anything is wrapped by it.
    ///
    /// # Errors
    /// When the source of randomness or the root fails.
    pub fn make(
        &mut self,
        id: &KekId,
        root: &dyn RootWrap,
        random: &dyn Random,
    ) -> Result<StoredKek, Error> {
        let newest = self.newest(id).map_or(0, |(generation, _, _)| generation);
        let generation = newest.checked_add(1).ok_or(Error::Crypto)?;
        let key_id = KeyId::random(random)?;
        let secret = Secret::<32>::random(random)?;
        let context = context(id, generation);
        let of = KeyUse {
            purpose: Purpose::Kek,
            context: &context,
        };
        let wrapped = root.wrap(of, key_id, secret.expose(), random)?;
        self.keks
            .entry(id.clone())
            .or_default()
            .insert((generation, key_id), secret);
        Ok(StoredKek {
            id: id.clone(),
            generation,
            wrapped,
        })
    }

    /// Whether there is a key for `id`.
    #[must_use]
    pub fn contains(&self, id: &KekId) -> bool {
        self.newest(id).is_some()
    }

    /// The ids that have a key.
    pub fn ids(&self) -> impl Iterator<Item = &KekId> {
        self.keks.keys()
    }

    /// Drops every key of `id`. With the rows deleted too, all its material is closed for good.
    pub fn forget(&mut self, id: &KekId) {
        self.keks.remove(id);
    }

    /// Wraps a data key by the newest key of `kek`.
    ///
    /// # Errors
    /// [`Error::KekGone`] when there is none, or when the source of randomness fails.
    pub fn wrap(
        &self,
        kek: &KekId,
        key: &DataKey,
        random: &dyn Random,
    ) -> Result<WrappedDataKey, Error> {
        let (_, kek_key_id, secret) = self.newest(kek).ok_or(Error::KekGone)?;
        let head = WrappedDataKeyHead {
            suite: SUITE,
            content_suite: key.suite(),
            kek: kek_key_id,
            object: key.object(),
        };
        let nonce: [u8; NONCE_BYTES] = random::array(random)?;
        let mut body = nonce.to_vec();
        Aead::new(SUITE, &derive(secret, b"", Label::KekWrapDataKey, SUITE)?)?.seal(
            nonce,
            &data_key_aad(&head, kek),
            key.secret().expose(),
            &mut body,
        )?;
        WrappedDataKey::new(head, &body)
    }

    /// Unwraps the data key of `object`, which must have been wrapped under `kek`.
    ///
    /// # Errors
    /// [`Error::WrongObject`], [`Error::WrongKek`], [`Error::KekGone`] or
    /// [`Error::KeyDamaged`].
    pub fn unwrap(
        &self,
        kek: &KekId,
        object: ObjectId,
        wrapped: &WrappedDataKey,
    ) -> Result<DataKey, Error> {
        let head = wrapped.head();
        if head.object != object {
            return Err(Error::WrongObject {
                expected: object,
                found: head.object,
            });
        }
        let secret = self.find(kek, head.kek)?;
        let mut key = Secret::new([0; 32]);
        let (nonce, sealed) = wrapped.body();
        Aead::new(
            head.suite,
            &derive(secret, b"", Label::KekWrapDataKey, head.suite)?,
        )?
        .open(nonce, &data_key_aad(head, kek), sealed, key.expose_mut())
        .map_err(|_| Error::KeyDamaged { key: head.kek })?;
        Ok(DataKey::new(object, head.content_suite, key))
    }

    /// Wraps the same data key by the newest key of `to`: after a rotation (`from` = `to`), or
    /// when the object moves to another level or other compartments. The object's header goes
    /// on naming what it was sealed under; see [`crate::Binding`].
    ///
    /// # Errors
    /// Those of [`Keyring::unwrap`] and [`Keyring::wrap`].
    pub fn rewrap(
        &self,
        from: &KekId,
        to: &KekId,
        wrapped: &WrappedDataKey,
        random: &dyn Random,
    ) -> Result<WrappedDataKey, Error> {
        let key = self.unwrap(from, wrapped.head().object, wrapped)?;
        self.wrap(to, &key, random)
    }

    /// Whether the data key is wrapped by the newest key of `kek`; if not, a rotation still has
    /// to [`Keyring::rewrap`] it.
    #[must_use]
    pub fn is_current(&self, kek: &KekId, wrapped: &WrappedDataKey) -> bool {
        self.newest(kek)
            .is_some_and(|(_, key_id, _)| key_id == wrapped.head().kek)
    }

    fn newest(&self, id: &KekId) -> Option<(u32, KeyId, &Secret<32>)> {
        let ((generation, key_id), secret) = self.keks.get(id)?.last_key_value()?;
        Some((*generation, *key_id, secret))
    }

    fn find(&self, id: &KekId, key_id: KeyId) -> Result<&Secret<32>, Error> {
        let held = |keys: &'_ BTreeMap<(u32, KeyId), Secret<32>>| {
            keys.keys().copied().find(|(_, held)| *held == key_id)
        };
        let line = self.keks.get(id);
        if let Some(secret) = line.and_then(|keys| keys.get(&held(keys)?)) {
            return Ok(secret);
        }
        if self.keks.values().any(|keys| held(keys).is_some()) {
            return Err(Error::WrongKek);
        }
        Err(Error::KekGone)
    }
}

fn data_key_aad(head: &WrappedDataKeyHead, kek: &KekId) -> Vec<u8> {
    encode_parts(&[&head.to_bytes(), &kek.binding()])
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} ids, [redacted])", self.keks.len())
    }
}

#[cfg(test)]
mod tests;
