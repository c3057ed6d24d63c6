//! The header of an object: its layout, how it is written and what reading it proves.
//!
//! ```text
//!   0   4  "RPV1"                       32  16  salt
//!   4   1  suite                        48   7  nonce prefix
//!   5   1  flags: 1 = length known      55   1  zero
//!   6   1  chunk size, as a power of 2  56  16  key-encryption key, keyed tag
//!   7   1  zero                         72  16  label, keyed tag
//!   8   8  plaintext length or zero     88  32  header tag: HMAC over bytes 0..88
//!  16  16  object id                   120  16  key check
//! ```

use domain::ObjectId;
use uuid::Uuid;

use super::{Binding, ChunkCipher, PREFIX_BYTES, PlainLength, SHORT_BYTES, SealId, StreamKeys};
use crate::bytes::Fields;
use crate::crypto::{mac, same};
use crate::data_key::DataKey;
use crate::error::{Error, check_magic};
use crate::limits::{CHUNK_LOG2, HEADER_BYTES};
use crate::random::{self, Random};
use crate::suite::Suite;

const MAGIC: [u8; 4] = *b"RPV1";
const WHAT: &str = "sealed object";
/// The bytes that the header tag covers.
const TAGGED_BYTES: usize = 88;
const FLAG_LENGTH_KNOWN: u8 = 1;

/// The fields as they stand in the stored bytes.
pub(super) struct Header {
    suite: Suite,
    length: PlainLength,
    object: ObjectId,
    salt: [u8; SHORT_BYTES],
    prefix: [u8; PREFIX_BYTES],
    kek_tag: [u8; SHORT_BYTES],
    label_tag: [u8; SHORT_BYTES],
    tag: [u8; 32],
    key_check: [u8; SHORT_BYTES],
}

/// A header that was just made, or that proved to be right.
pub(super) struct Accepted {
    pub(super) cipher: ChunkCipher,
    pub(super) length: PlainLength,
    pub(super) suite: Suite,
    pub(super) seal: SealId,
}

impl Header {
    /// Makes the header of a new sealing.
    pub(super) fn make(
        key: &DataKey,
        binding: &Binding<'_>,
        length: PlainLength,
        random: &dyn Random,
    ) -> Result<Accepted, Error> {
        let salt = random::array(random)?;
        let keys = StreamKeys::derive(key, key.suite(), &salt)?;
        let mut header = Self {
            suite: key.suite(),
            length,
            object: key.object(),
            salt,
            prefix: random::array(random)?,
            kek_tag: keys.tag_kek(binding.kek)?,
            label_tag: keys.tag_label(binding.label)?,
            tag: [0; 32],
            key_check: keys.check,
        };
        header.tag = mac(&keys.header, &header.tagged())?;
        Ok(header.accept(keys))
    }

    /// Whether bytes that are too few for a header at least begin like one.
    pub(super) fn recognise(start: &[u8]) -> Result<(), Error> {
        check_magic(start.first_chunk().copied(), MAGIC, WHAT)
    }

    /// Reads the fields. Nothing is proved before [`Header::prove`].
    pub(super) fn parse(bytes: &[u8; HEADER_BYTES]) -> Result<Self, Error> {
        let mut fields = Fields::new(bytes);
        check_magic(fields.array(), MAGIC, WHAT)?;
        Self::parse_fields(fields)?.ok_or(Error::Format { what: WHAT })
    }

    fn parse_fields(mut fields: Fields<'_>) -> Result<Option<Self>, Error> {
        let Some([suite, flags, chunk_log2, zero]) = fields.array() else {
            return Ok(None);
        };
        let suite = Suite::from_byte(suite)?;
        let mut rest = || {
            let bytes = u64::from_be_bytes(fields.array()?);
            let length = match flags {
                FLAG_LENGTH_KNOWN => PlainLength::Known(bytes),
                0 if bytes == 0 => PlainLength::Unknown,
                _ => return None,
            };
            let object = ObjectId::from_uuid(Uuid::from_bytes(fields.array()?));
            let (salt, prefix) = (fields.array()?, fields.array()?);
            let last_zero = fields.byte()?;
            let header = Self {
                suite,
                length,
                object,
                salt,
                prefix,
                kek_tag: fields.array()?,
                label_tag: fields.array()?,
                tag: fields.array()?,
                key_check: fields.array()?,
            };
            (chunk_log2 == CHUNK_LOG2 && zero == 0 && last_zero == 0).then_some(header)
        };
        Ok(rest())
    }

    /// Proves, in this order and each with an error of its own: the object, the data key, that
    /// nothing in the header was altered, the key-encryption key and the label.
    pub(super) fn prove(self, key: &DataKey, binding: &Binding<'_>) -> Result<Accepted, Error> {
        let object = key.object();
        if self.object != object {
            return Err(Error::WrongObject {
                expected: object,
                found: self.object,
            });
        }
        let keys = StreamKeys::derive(key, self.suite, &self.salt)?;
        let right_key = same(&keys.check, &self.key_check);
        let right_tag = same(&mac(&keys.header, &self.tagged())?, &self.tag);
        if !right_key && !right_tag {
            return Err(Error::WrongKey { object });
        }
        if !right_key || !right_tag || self.suite != key.suite() {
            return Err(Error::HeaderDamaged { object });
        }
        if !same(&keys.tag_kek(binding.kek)?, &self.kek_tag) {
            return Err(Error::WrongKek);
        }
        if !same(&keys.tag_label(binding.label)?, &self.label_tag) {
            return Err(Error::WrongLabel { object });
        }
        Ok(self.accept(keys))
    }

    fn accept(self, keys: StreamKeys) -> Accepted {
        let header = self.to_bytes();
        Accepted {
            cipher: ChunkCipher {
                content: keys.content,
                prefix: self.prefix,
                header,
            },
            length: self.length,
            suite: self.suite,
            seal: SealId::from_bytes(self.tag),
        }
    }

    fn tagged(&self) -> Vec<u8> {
        let (flags, length) = match self.length {
            PlainLength::Known(bytes) => (FLAG_LENGTH_KNOWN, bytes),
            PlainLength::Unknown => (0, 0),
        };
        let mut bytes = Vec::with_capacity(HEADER_BYTES);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&[self.suite.byte(), flags, CHUNK_LOG2, 0]);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(self.object.as_uuid().as_bytes());
        bytes.extend_from_slice(&self.salt);
        bytes.extend_from_slice(&self.prefix);
        bytes.push(0);
        bytes.extend_from_slice(&self.kek_tag);
        bytes.extend_from_slice(&self.label_tag);
        debug_assert_eq!(bytes.len(), TAGGED_BYTES, "the layout above is fixed");
        bytes
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.tagged();
        bytes.extend_from_slice(&self.tag);
        bytes.extend_from_slice(&self.key_check);
        bytes
    }
}
