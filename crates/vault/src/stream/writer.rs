//! Writing an object: plaintext in blocks of any size, ciphertext out, at most one chunk held.
//! A chunk is only sealed when it is known whether another follows, because the last one is
//! marked in its nonce.

use std::fmt;

use domain::ObjectId;
use zeroize::Zeroizing;

use super::header::Header;
use super::{Binding, ChunkCipher, PlainLength, Position, SealId, stored_len, wide};
use crate::data_key::DataKey;
use crate::error::Error;
use crate::limits::{CHUNK_BYTES, OBJECT_BYTES_MAX};
use crate::random::Random;

/// Seals one object. Ciphertext is appended to the buffer that each call is given; the caller
/// stores it in order and may empty the buffer after every call. An object whose writer was
/// dropped, or failed, before [`ObjectWriter::finish`] does not open.
pub struct ObjectWriter {
    object: ObjectId,
    cipher: ChunkCipher,
    declared: PlainLength,
    seal: SealId,
    /// The next counter; it moves on before a chunk is sealed, so no nonce is used twice.
    next: u64,
    given: u64,
    held: Zeroizing<Vec<u8>>,
}

/// What there is to keep of a finished object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// The object.
    pub object: ObjectId,
    /// Bytes of content.
    pub plaintext_bytes: u64,
    /// Bytes as stored.
    pub stored_bytes: u64,
    /// This sealing; kept in the row, it shows a replaced object.
    pub seal: SealId,
}

impl ObjectWriter {
    /// Begins an object and appends its header to `out`.
    ///
    /// # Errors
    /// [`Error::ObjectTooLong`], or when the source of randomness fails.
    pub fn new(
        key: &DataKey,
        binding: &Binding<'_>,
        length: PlainLength,
        random: &dyn Random,
        out: &mut Vec<u8>,
    ) -> Result<Self, Error> {
        if matches!(length, PlainLength::Known(bytes) if bytes > OBJECT_BYTES_MAX) {
            return Err(Error::ObjectTooLong);
        }
        let accepted = Header::make(key, binding, length, random)?;
        out.extend_from_slice(&accepted.cipher.header);
        Ok(Self {
            object: key.object(),
            cipher: accepted.cipher,
            declared: length,
            seal: accepted.seal,
            next: 0,
            given: 0,
            held: Zeroizing::new(Vec::with_capacity(CHUNK_BYTES)),
        })
    }

    /// Takes the next content and appends what can be sealed of it to `out`, which grows by at
    /// most the content, one chunk and the tags.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`] as soon as more comes than was declared,
    /// [`Error::ObjectTooLong`] beyond the limit of the format.
    pub fn push(&mut self, content: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        self.given = self.given.saturating_add(wide(content.len()));
        match self.declared {
            PlainLength::Known(declared) if self.given > declared => {
                return Err(Error::LengthMismatch {
                    declared,
                    given: self.given,
                });
            }
            _ if self.given > OBJECT_BYTES_MAX => return Err(Error::ObjectTooLong),
            PlainLength::Known(_) | PlainLength::Unknown => {}
        }
        let mut rest = content;
        while !rest.is_empty() {
            if self.held.len() == CHUNK_BYTES {
                self.seal_held(Position::Middle, out)?;
            }
            match rest.split_at_checked(CHUNK_BYTES) {
                Some((chunk, more)) if self.held.is_empty() && !more.is_empty() => {
                    let counter = self.counter()?;
                    self.cipher.seal(counter, Position::Middle, chunk, out)?;
                    rest = more;
                }
                Some(_) | None => rest = self.hold(rest),
            }
        }
        Ok(())
    }

    /// Seals the end and says what was made.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`] when less came than was declared; then the object does not
    /// open and is to be deleted.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<Sealed, Error> {
        if let PlainLength::Known(declared) = self.declared
            && declared != self.given
        {
            return Err(Error::LengthMismatch {
                declared,
                given: self.given,
            });
        }
        self.seal_held(Position::Last, out)?;
        Ok(Sealed {
            object: self.object,
            plaintext_bytes: self.given,
            stored_bytes: stored_len(self.given)?,
            seal: self.seal,
        })
    }

    fn hold<'a>(&mut self, content: &'a [u8]) -> &'a [u8] {
        let room = CHUNK_BYTES - self.held.len();
        let (now, later) = content.split_at_checked(room).unwrap_or((content, &[]));
        self.held.extend_from_slice(now);
        later
    }

    fn seal_held(&mut self, position: Position, out: &mut Vec<u8>) -> Result<(), Error> {
        let counter = self.counter()?;
        self.cipher.seal(counter, position, &self.held, out)?;
        self.held.clear();
        Ok(())
    }

    fn counter(&mut self) -> Result<u32, Error> {
        let counter = u32::try_from(self.next).map_err(|_| Error::ObjectTooLong)?;
        self.next += 1;
        Ok(counter)
    }
}

impl fmt::Debug for ObjectWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "ObjectWriter({}, {} bytes, [redacted])",
            self.object, self.given
        )
    }
}
