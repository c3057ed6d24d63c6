//! Checkpoints (C2SP tlog-checkpoint): origin, size and root as a signed note. A [`Checkpoint`] is a
//! verified one: it comes from [`Checkpoint::open`], which checks the signature first, or from the
//! log itself. Compare it with an older one kept elsewhere to find truncation and forks.

use crate::error::Error;
use crate::hash::{Hash, TreeHead};
use crate::limits::MAX_TREE_SIZE;
use crate::note::{SignedNote, Signer, VerifierKey};

/// A verified statement of a log about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    head: TreeHead,
    extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint to be signed by the log of this name.
    ///
    /// # Errors
    /// [`Error::Malformed`] when the origin is empty or has a control character.
    pub fn new(origin: &str, head: TreeHead) -> Result<Self, Error> {
        if origin.is_empty() || origin.chars().any(char::is_control) {
            return Err(malformed("its origin is empty or has control characters"));
        }
        Ok(Self {
            origin: origin.to_owned(),
            head,
            extensions: Vec::new(),
        })
    }

    /// Verifies the signature of the log's key, then reads the checkpoint. The origin must be the
    /// name of the key: this product signs each log with a key of that log's name.
    ///
    /// # Errors
    /// [`Error::CheckpointSignature`], [`Error::CheckpointOrigin`] or [`Error::Malformed`].
    pub fn open(bytes: &[u8], key: &VerifierKey) -> Result<Self, Error> {
        let note = SignedNote::parse(bytes)?;
        note.verify(key)?;
        let checkpoint = Self::parse_text(note.text())?;
        if checkpoint.origin == key.name() {
            Ok(checkpoint)
        } else {
            let (expected, found) = (key.name().to_owned(), checkpoint.origin);
            Err(Error::CheckpointOrigin { expected, found })
        }
    }

    /// Signs the checkpoint with the log's key.
    ///
    /// # Errors
    /// [`Error::CheckpointOrigin`] when the key has another name than the log.
    pub fn sign(&self, signer: &Signer) -> Result<SignedNote, Error> {
        if signer.name() != self.origin {
            let (expected, found) = (signer.name().to_owned(), self.origin.clone());
            return Err(Error::CheckpointOrigin { expected, found });
        }
        SignedNote::sign(self.to_text(), signer)
    }

    /// Name of the log.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Size and root.
    #[must_use]
    pub const fn head(&self) -> TreeHead {
        self.head
    }

    /// Further lines that another log's software may have added; opaque.
    #[must_use]
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    fn to_text(&self) -> String {
        let TreeHead { size, root } = self.head;
        let mut text = format!("{}\n{size}\n{}\n", self.origin, root.to_base64());
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    fn parse_text(text: &str) -> Result<Self, Error> {
        let body = text
            .strip_suffix('\n')
            .ok_or_else(|| malformed("it does not end a line"))?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(malformed("it has less than three lines"));
        };
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if origin.is_empty() || extensions.iter().any(String::is_empty) {
            return Err(malformed("it has an empty line"));
        }
        let size = parse_decimal(size).ok_or_else(|| malformed("its size is not a number"))?;
        let root = Hash::parse_base64(root).ok_or_else(|| malformed("its root is not a hash"))?;
        let head = TreeHead { size, root };
        if size > MAX_TREE_SIZE {
            return Err(malformed("its size is larger than any log"));
        }
        if size == 0 && head != TreeHead::empty() {
            return Err(malformed("it gives a root to an empty log"));
        }
        Ok(Self {
            origin: origin.to_owned(),
            head,
            extensions,
        })
    }
}

/// ASCII digits without a leading zero, within `u64`.
pub(crate) fn parse_decimal(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let plain = text == "0" || !text.starts_with('0');
    text.parse().ok().filter(|_| digits && plain)
}

const fn malformed(what: &'static str) -> Error {
    Error::Malformed {
        kind: "checkpoint",
        what,
    }
}

#[cfg(test)]
mod tests;
