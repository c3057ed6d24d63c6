//! Ed25519 keys of signed notes and their text forms, those of Go's `sumdb/note`:
//! `name+id+base64(0x01 || public)` and `PRIVATE+KEY+name+id+base64(0x01 || seed)`. The private part
//! is zeroed on drop and never appears in `Debug`, errors or serialisation.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::hash::sha256_parts;
use crate::limits::MAX_KEY_NAME_BYTES;

/// Signature type of plain Ed25519 over the note text.
const ED25519_TYPE: u8 = 0x01;

/// Type byte and 32 bytes of key.
const ENCODED_KEY_BYTES: usize = 33;

/// Prefix of a signer's text form.
const PRIVATE: &str = "PRIVATE+KEY+";

/// The public half: all that is needed to check checkpoints and proofs of a log.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key_id: u32,
    public: [u8; 32],
}

impl VerifierKey {
    /// Name of the key, which for a log's key is the log's origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `SHA-256(name || 0x0A || 0x01 || public)[..4]`, big-endian.
    #[must_use]
    pub const fn key_id(&self) -> u32 {
        self.key_id
    }

    pub(super) fn accepts(&self, text: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.public)
            .verify(text, signature)
            .is_ok()
    }

    fn new(name: &str, public: [u8; 32]) -> Self {
        let id = sha256_parts(&[name.as_bytes(), b"\n", &[ED25519_TYPE], &public]);
        let [a, b, c, d, ..] = *id.as_bytes();
        Self {
            name: name.to_owned(),
            key_id: u32::from_be_bytes([a, b, c, d]),
            public,
        }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded = STANDARD.encode([&[ED25519_TYPE], &self.public[..]].concat());
        write!(f, "{}+{:08x}+{encoded}", self.name, self.key_id)
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

impl FromStr for VerifierKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (name, id, public) = parse_key("verifier", text)?;
        let key = Self::new(name, *public);
        if key.key_id == id {
            Ok(key)
        } else {
            Err(wrong_id("verifier"))
        }
    }
}

/// The private half. Not `Clone`: one owner signs.
pub struct Signer {
    verifier: VerifierKey,
    seed: Zeroizing<[u8; 32]>,
    pair: Ed25519KeyPair,
}

impl Signer {
    /// Makes a key from a name and 32 bytes of a cryptographic random source.
    ///
    /// # Errors
    /// [`Error::MalformedKey`] when the name is empty, too long, or has spaces, control characters
    /// or a plus sign.
    pub fn from_seed(name: &str, seed: Zeroizing<[u8; 32]>) -> Result<Self, Error> {
        if !is_name(name) {
            return Err(Error::MalformedKey {
                kind: "signer",
                what: "its name is not allowed",
            });
        }
        let refused = Error::MalformedKey {
            kind: "signer",
            what: "its seed was refused",
        };
        let pair = Ed25519KeyPair::from_seed_unchecked(&*seed).map_err(|_| refused)?;
        let mut public = [0; 32];
        for (to, from) in public.iter_mut().zip(pair.public_key().as_ref()) {
            *to = *from;
        }
        Ok(Self {
            verifier: VerifierKey::new(name, public),
            seed,
            pair,
        })
    }

    /// Reads the text form that [`Self::to_secret_text`] prints.
    ///
    /// # Errors
    /// [`Error::MalformedKey`]; nothing of the text is repeated in it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let rest = text.strip_prefix(PRIVATE).ok_or(Error::MalformedKey {
            kind: "signer",
            what: "it does not begin with PRIVATE+KEY+",
        })?;
        let (name, id, seed) = parse_key("signer", rest)?;
        let signer = Self::from_seed(name, seed)?;
        if signer.key_id() == id {
            Ok(signer)
        } else {
            Err(wrong_id("signer"))
        }
    }

    /// The text form, for a key file. It is the secret itself.
    #[must_use]
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        let mut encoded = Zeroizing::new([0_u8; ENCODED_KEY_BYTES]);
        for (to, from) in encoded
            .iter_mut()
            .zip([&ED25519_TYPE].into_iter().chain(&*self.seed))
        {
            *to = *from;
        }
        let encoded = Zeroizing::new(STANDARD.encode(encoded.as_slice()));
        // WHY: sized beforehand, because growing would leave a copy of the secret behind.
        let mut text = Zeroizing::new(String::with_capacity(
            PRIVATE.len() + self.name().len() + 10 + encoded.len(),
        ));
        let id = format!("+{:08x}+", self.key_id());
        for part in [PRIVATE, self.name(), &id, &encoded] {
            text.push_str(part);
        }
        text
    }

    /// The public half.
    #[must_use]
    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Name of the key, which for a log's key is the log's origin.
    #[must_use]
    pub fn name(&self) -> &str {
        self.verifier.name()
    }

    /// See [`VerifierKey::key_id`].
    #[must_use]
    pub const fn key_id(&self) -> u32 {
        self.verifier.key_id
    }

    pub(super) fn sign(&self, text: &[u8]) -> Vec<u8> {
        self.pair.sign(text).as_ref().to_vec()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({}, [redacted])", self.name())
    }
}

/// Non-empty, without Unicode spaces, control characters or plus (signed-note).
pub(super) fn is_name(name: &str) -> bool {
    (1..=MAX_KEY_NAME_BYTES).contains(&name.len())
        && !name
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

type KeyParts<'a> = (&'a str, u32, Zeroizing<[u8; 32]>);

fn parse_key<'a>(kind: &'static str, text: &'a str) -> Result<KeyParts<'a>, Error> {
    let wrong = |what| Error::MalformedKey { kind, what };
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong("it does not have the form name+id+key"));
    };
    if !is_name(name) {
        return Err(wrong("its name is not allowed"));
    }
    let lower = id
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let id = u32::from_str_radix(id, 16)
        .ok()
        .filter(|_| lower && id.len() == 8);
    let id = id.ok_or_else(|| wrong("its id is not 8 lower-case hexadecimal digits"))?;
    // WHY: decoded into a fixed buffer that is zeroed, so no copy of a seed stays on the heap. One
    // byte of slack lets the decoder tell "too long" from "exactly 33".
    let mut bytes = Zeroizing::new([0_u8; ENCODED_KEY_BYTES + 3]);
    let length = STANDARD
        .decode_slice(encoded, bytes.as_mut_slice())
        .map_err(|_| wrong("its last part is not base64 of 33 bytes"))?;
    let (kind_byte, rest) = (bytes.first().copied(), bytes.get(1..ENCODED_KEY_BYTES));
    if length != ENCODED_KEY_BYTES || kind_byte != Some(ED25519_TYPE) {
        return Err(wrong("it is not an Ed25519 key"));
    }
    let mut key = Zeroizing::new([0; 32]);
    for (to, from) in key.iter_mut().zip(rest.into_iter().flatten()) {
        *to = *from;
    }
    Ok((name, id, key))
}

const fn wrong_id(kind: &'static str) -> Error {
    Error::MalformedKey {
        kind,
        what: "its id does not belong to its name and key",
    }
}
