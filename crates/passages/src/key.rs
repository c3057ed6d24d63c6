//! The key of an index, and what is derived from it for each file.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hkdf;
use zeroize::{Zeroize, Zeroizing};

use crate::Error;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// Random bytes of a file.
pub(crate) const SALT_BYTES: usize = 16;
/// Bytes that sealing adds.
pub(crate) const TAG_BYTES: usize = 16;

pub(crate) type Salt = [u8; SALT_BYTES];

/// The key of an index: 32 random bytes, wiped when they are no longer needed.
pub struct Key(Zeroizing<[u8; KEY_BYTES]>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key([redacted])")
    }
}

/// What is derived: changing a label makes unreadable what was written before.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Label {
    Check,
    Tags,
    Cells,
    Seal,
}

impl Label {
    fn text(self) -> &'static [u8] {
        match self {
            Self::Check => b"ruping passages 1 check",
            Self::Tags => b"ruping passages 1 tags",
            Self::Cells => b"ruping passages 1 cells",
            Self::Seal => b"ruping passages 1 seal",
        }
    }
}

struct Bytes(usize);

impl hkdf::KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

impl Key {
    /// Takes 32 random bytes over, and wipes those that were passed in.
    #[must_use]
    pub fn new(mut bytes: [u8; KEY_BYTES]) -> Self {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        key.copy_from_slice(&bytes);
        bytes.zeroize();
        Self(key)
    }

    pub(crate) fn derive<const N: usize>(
        &self,
        salt: &[u8],
        label: Label,
    ) -> Result<Zeroizing<[u8; N]>, Error> {
        let mut derived = Zeroizing::new([0; N]);
        let fixed = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(self.0.as_slice());
        fixed
            .expand(&[label.text()], Bytes(N))
            .and_then(|out| out.fill(derived.as_mut_slice()))
            .map_err(|_| Error::Crypto)?;
        Ok(derived)
    }

    /// The key with which tags of all segments are made.
    pub(crate) fn tags(&self) -> Result<inspect::copies::Key, Error> {
        Ok(inspect::copies::Key::new(
            &*self.derive::<32>(b"", Label::Tags)?,
        ))
    }

    pub(crate) fn sealer(&self, salt: &Salt) -> Result<Sealer, Error> {
        let key = self.derive::<32>(salt, Label::Seal)?;
        let key = UnboundKey::new(&AES_256_GCM, key.as_slice()).map_err(|_| Error::Crypto)?;
        Ok(Sealer(LessSafeKey::new(key)))
    }

    /// What tells a wrong key before anything is opened with it.
    pub(crate) fn check(&self, salt: &Salt) -> Result<[u8; 16], Error> {
        Ok(*self.derive::<16>(salt, Label::Check)?)
    }

    pub(crate) fn is_of(&self, salt: &Salt, check: &[u8]) -> Result<bool, Error> {
        Ok(verify_slices_are_equal(&self.check(salt)?, check).is_ok())
    }
}

/// The kind of a sealed part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Postings = 1,
    Filter = 2,
    Documents = 3,
    Removed = 4,
    Footer = 5,
    List = 6,
    Table = 7,
}

/// Seals and opens the parts of one file.
#[derive(Debug)]
pub(crate) struct Sealer(LessSafeKey);

impl Sealer {
    // INVARIANT: under one salt each kind and number is sealed once
    fn nonce(part: Part, number: u64) -> Nonce {
        let mut nonce = [0; 12];
        for (to, from) in nonce
            .iter_mut()
            .zip([part as u8, 0, 0, 0].iter().chain(&number.to_le_bytes()))
        {
            *to = *from;
        }
        Nonce::assume_unique_for_key(nonce)
    }

    /// Seals in place; the tag comes behind.
    pub(crate) fn seal(&self, part: Part, number: u64, bytes: &mut Vec<u8>) -> Result<(), Error> {
        self.0
            .seal_in_place_append_tag(Self::nonce(part, number), Aad::empty(), bytes)
            .map_err(|_| Error::Crypto)
    }

    /// Opens in place; nothing where the bytes are not what was sealed.
    pub(crate) fn open(&self, part: Part, number: u64, bytes: &mut Vec<u8>) -> Option<()> {
        let nonce = Self::nonce(part, number);
        let opened = self.0.open_in_place(nonce, Aad::empty(), bytes).ok()?;
        let length = opened.len();
        bytes.truncate(length);
        Some(())
    }
}
