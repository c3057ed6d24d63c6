//! The vault: key hierarchy, envelope encryption and secret types.
//!
//! Root key → key-encryption keys ([`Keyring`], one line per level and compartments) → one
//! [`DataKey`] per object → chunked objects ([`ObjectWriter`], [`ObjectReader`]) and small
//! [`sealed`] blobs. Bytes in, bytes out: it opens no file, reads no clock, and takes its
//! randomness as a parameter. It must never know who may decrypt (that is `access`), never
//! print a key, and never hand out a byte that did not authenticate.
//! Format and threats: `docs/src/adr/0006-vault-format.md`, `docs/src/explanation/vault.md`.
#![warn(missing_docs)]

mod bytes;
mod crypto;
mod data_key;
mod error;
mod kek;
mod keyring;
pub mod limits;
mod random;
mod root;
pub mod sealed;
mod secret;
mod stream;
mod suite;
mod wrapped;

pub use data_key::{DataKey, WrappedDataKey};
pub use error::Error;
pub use kek::{KekId, StoredKek};
pub use keyring::Keyring;
pub use random::{Random, SystemRandom};
pub use root::RootKey;
pub use secret::{Secret, SecretBytes, SecretString};
pub use stream::{
    Binding, Blocks, LabelDigest, ObjectInfo, ObjectReader, ObjectWriter, PlainLength, ReadAt,
    SealId, Sealed, stored_len,
};
pub use suite::Suite;
pub use wrapped::{KeyCheck, KeyId, KeyUse, Purpose, RootWrap, WrappedHead, WrappedKey};
