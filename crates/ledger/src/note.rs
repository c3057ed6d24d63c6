//! Signed notes (C2SP signed-note) with Ed25519: text, a blank line, signature lines. A parsed note
//! is unverified; its text must not be used before [`SignedNote::verify`] (or, for checkpoints,
//! through [`crate::Checkpoint::open`], the only way to get one from bytes).
//!
//! Signatures of unknown keys (witnesses, old keys) are kept and ignored. Parsing is strict, so
//! printing a parsed note gives the same bytes. The keys are in the module below.

mod key;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::Error;
use crate::limits::{MAX_NOTE_BYTES, MAX_SIGNATURES};

pub use key::{Signer, VerifierKey};

/// Em dash and space, which begin every signature line.
const SIGNATURE_MARK: &str = "\u{2014} ";

/// One signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    name: String,
    key_id: u32,
    bytes: Vec<u8>,
}

impl NoteSignature {
    /// Name of the key that claims to have signed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Id of that key: the first four bytes of a hash of its name, type and public part.
    #[must_use]
    pub const fn key_id(&self) -> u32 {
        self.key_id
    }

    fn parse(line: &str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix(SIGNATURE_MARK)?.split_once(' ')?;
        let bytes = STANDARD.decode(encoded).ok()?;
        let (key_id, signature) = bytes.split_first_chunk()?;
        if !key::is_name(name) || signature.is_empty() {
            return None;
        }
        let key_id = u32::from_be_bytes(*key_id);
        Some(Self {
            name: name.to_owned(),
            key_id,
            bytes: signature.to_vec(),
        })
    }

    fn is_by(&self, key: &VerifierKey) -> bool {
        self.name == key.name() && self.key_id == key.key_id()
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.key_id.to_be_bytes()[..], &self.bytes].concat();
        write!(
            f,
            "{SIGNATURE_MARK}{} {}",
            self.name,
            STANDARD.encode(bytes)
        )
    }
}

/// A note with its signature lines, not verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl SignedNote {
    /// Signs `text`, which must end with a newline.
    ///
    /// # Errors
    /// [`Error::Malformed`] when the text breaks the note format.
    pub fn sign(text: String, signer: &Signer) -> Result<Self, Error> {
        if !text.ends_with('\n') {
            return Err(malformed("its text does not end with a newline"));
        }
        if text.len() > MAX_NOTE_BYTES || text.chars().any(is_forbidden) {
            return Err(malformed("its text is too long or has control characters"));
        }
        let mut note = Self {
            text,
            signatures: Vec::new(),
        };
        note.cosign(signer)?;
        Ok(note)
    }

    /// Adds the signature of another key (a second office, a new log key) to the same text. Signing
    /// twice with one key changes nothing.
    ///
    /// # Errors
    /// [`Error::Malformed`] when the note has [`MAX_SIGNATURES`] already.
    pub fn cosign(&mut self, signer: &Signer) -> Result<(), Error> {
        let signature = NoteSignature {
            name: signer.name().to_owned(),
            key_id: signer.key_id(),
            bytes: signer.sign(self.text.as_bytes()),
        };
        if self.signatures.contains(&signature) {
            return Ok(());
        }
        if self.signatures.len() >= MAX_SIGNATURES {
            return Err(malformed("it has too many signatures"));
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// Reads a note. It proves nothing before [`Self::verify`].
    ///
    /// # Errors
    /// [`Error::Malformed`] for anything that the signed-note text does not allow.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_NOTE_BYTES {
            return Err(malformed("it is too long"));
        }
        let all = std::str::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8"))?;
        if all.chars().any(is_forbidden) {
            return Err(malformed("it has control characters"));
        }
        let (text, lines) = all
            .rsplit_once("\n\n")
            .ok_or_else(|| malformed("it has no signatures"))?;
        let lines = lines
            .strip_suffix('\n')
            .ok_or_else(|| malformed("its last line does not end with a newline"))?;
        let signatures = lines
            .split('\n')
            .take(MAX_SIGNATURES + 1)
            .map(|line| {
                NoteSignature::parse(line).ok_or_else(|| malformed("a signature line is wrong"))
            })
            .collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(malformed("it has too many signatures"));
        }
        Ok(Self {
            text: format!("{text}\n"),
            signatures,
        })
    }

    /// Succeeds when `key` has signed the text. A wrong signature under the key's own name and id
    /// refuses the note even beside a right one.
    ///
    /// # Errors
    /// [`Error::CheckpointSignature`].
    pub fn verify(&self, key: &VerifierKey) -> Result<(), Error> {
        let mut by_key = self
            .signatures
            .iter()
            .filter(|signature| signature.is_by(key))
            .peekable();
        let signed = by_key.peek().is_some();
        if signed && by_key.all(|signature| key.accepts(self.text.as_bytes(), &signature.bytes)) {
            Ok(())
        } else {
            Err(Error::CheckpointSignature {
                key: key.name().to_owned(),
            })
        }
    }

    /// The signed text with its last newline. Not to be believed before [`Self::verify`].
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, in order.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

const fn is_forbidden(c: char) -> bool {
    c < ' ' && c != '\n'
}

const fn malformed(what: &'static str) -> Error {
    Error::Malformed {
        kind: "signed note",
        what,
    }
}

#[cfg(test)]
mod tests;
