//! Reading an object, whole or in ranges. Opening proves header and end, so that the length is
//! known to be right before anything is read; reading then opens only the chunks it touches.
//! No byte leaves that did not authenticate for exactly its place.

use std::cmp::Ordering;
use std::fmt;

use super::header::Header;
use super::source::{ReadAt, read_exact};
use super::{
    Binding, ChunkCipher, ObjectInfo, PlainLength, Position, SealId, chunks, stored_len, wide,
};
use crate::data_key::DataKey;
use crate::error::Error;
use crate::limits::{CHUNK_BYTES, CHUNKS_MAX, HEADER_BYTES, STORED_CHUNK_BYTES, TAG_BYTES};
use crate::secret::SecretBytes;

/// An opened object.
pub struct ObjectReader<R> {
    source: R,
    cipher: ChunkCipher,
    info: ObjectInfo,
}

impl<R: ReadAt> ObjectReader<R> {
    /// Opens the object of `key`, sealed under `binding`, and proves its header and its end.
    ///
    /// # Errors
    /// Not an object of this format: [`Error::Format`], [`Error::Version`], [`Error::Suite`].
    /// Not the right one: [`Error::WrongObject`], [`Error::WrongKey`], [`Error::WrongKek`],
    /// [`Error::WrongLabel`]. Not whole: [`Error::HeaderDamaged`], [`Error::Truncated`],
    /// [`Error::Extended`], [`Error::Damaged`], [`Error::EndDamaged`]. Not readable:
    /// [`Error::Read`].
    pub fn open(source: R, key: &DataKey, binding: &Binding<'_>) -> Result<Self, Error> {
        let stored = source.size().map_err(Error::Read)?;
        let header = Header::parse(&read_header(&source, stored)?)?;
        let accepted = header.prove(key, binding)?;
        let (plaintext_bytes, end) = measure(accepted.length, stored)?;
        let info = ObjectInfo {
            object: key.object(),
            suite: accepted.suite,
            plaintext_bytes,
            stored_bytes: stored,
            seal: accepted.seal,
        };
        let reader = Self {
            source,
            cipher: accepted.cipher,
            info,
        };
        reader.prove_end(end)?;
        Ok(reader)
    }

    /// What the object says of itself.
    #[must_use]
    pub fn info(&self) -> &ObjectInfo {
        &self.info
    }

    /// Proves that this is the sealing that `seal` names, not an older one in its place.
    ///
    /// # Errors
    /// [`Error::Replaced`] when it is another one.
    pub fn require_seal(&self, seal: &SealId) -> Result<(), Error> {
        if self.info.seal == *seal {
            return Ok(());
        }
        Err(Error::Replaced {
            object: self.info.object,
        })
    }

    /// Reads content from `offset` on into `buffer`, and says how many bytes it got: fewer than
    /// asked only at the end of the content. On an error `buffer` holds zeros.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::Truncated`] or [`Error::Read`].
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, Error> {
        let left = self.info.plaintext_bytes.saturating_sub(offset);
        let length = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let Some(wanted) = buffer.get_mut(..length) else {
            return Ok(0);
        };
        let filled = self.fill(offset, wanted);
        if filled.is_err() {
            buffer.fill(0);
        }
        filled.map(|()| length)
    }

    /// Reads `length` bytes of content from `offset` on, fewer at its end. Memory is taken for
    /// what is there, not for what is asked; for large ranges use [`ObjectReader::blocks`].
    ///
    /// # Errors
    /// Those of [`ObjectReader::read_at`].
    pub fn read_range(&self, offset: u64, length: u64) -> Result<SecretBytes, Error> {
        let left = self.info.plaintext_bytes.saturating_sub(offset).min(length);
        let left = usize::try_from(left).map_err(|_| Error::ObjectTooLong)?;
        let mut content = SecretBytes::zeroed(left);
        self.read_at(offset, content.expose_mut())?;
        Ok(content)
    }

    /// Goes through `length` bytes of content from `offset` on (fewer at its end) in blocks of
    /// at most one chunk, opening each chunk once. The first error ends it.
    #[must_use]
    pub fn blocks(&self, offset: u64, length: u64) -> Blocks<'_, R> {
        let end = offset.saturating_add(length).min(self.info.plaintext_bytes);
        Blocks {
            reader: self,
            offset,
            end,
        }
    }

    /// The last chunk only opens as the last one, so its number proves the length.
    fn prove_end(&self, end: End) -> Result<(), Error> {
        let last = self.last_chunk();
        let mut scratch = Scratch::new();
        let opened = self.open_chunk(last, Position::Last, &mut scratch);
        match (opened, end) {
            (Err(Error::Damaged { .. }), End::Computed | End::Stray) => {
                Err(self.explain_end(last, end, &mut scratch))
            }
            (Ok(()), End::Stray) => Err(Error::Extended {
                expected: offset_of(last + 1),
            }),
            (opened, _) => opened,
        }
    }

    /// Where the length was not known beforehand, what can be said of a wrong end: a chunk from
    /// the middle stands there, or the real end stands before it.
    fn explain_end(&self, last: u64, end: End, scratch: &mut Scratch) -> Error {
        if self.open_chunk(last, Position::Middle, scratch).is_ok() {
            return Error::Truncated {
                found: self.info.stored_bytes,
            };
        }
        let before = last.checked_sub(1).filter(|_| end == End::Computed);
        match before.map(|chunk| self.open_chunk(chunk, Position::Last, scratch)) {
            Some(Ok(())) => Error::Extended {
                expected: offset_of(last),
            },
            Some(Err(_)) | None => Error::EndDamaged { chunk: last },
        }
    }

    fn fill(&self, offset: u64, mut wanted: &mut [u8]) -> Result<(), Error> {
        let mut scratch = Scratch::new();
        let mut chunk = offset / wide(CHUNK_BYTES);
        let mut skip = usize::try_from(offset % wide(CHUNK_BYTES)).unwrap_or_default();
        while !wanted.is_empty() {
            let length = self.content_of(chunk);
            let take = length.saturating_sub(skip).min(wanted.len());
            let (now, later) = wanted.split_at_mut_checked(take).ok_or(Error::Crypto)?;
            if take == length {
                self.open_into(chunk, self.position(chunk), &mut scratch.sealed, now)?;
            } else {
                self.open_chunk(chunk, self.position(chunk), &mut scratch)?;
                let part = scratch.content.expose().get(skip..skip + take);
                now.copy_from_slice(part.ok_or(Error::Crypto)?);
            }
            wanted = later;
            skip = 0;
            chunk += 1;
        }
        Ok(())
    }

    fn open_chunk(
        &self,
        chunk: u64,
        position: Position,
        scratch: &mut Scratch,
    ) -> Result<(), Error> {
        let length = self.content_of(chunk);
        let content = scratch
            .content
            .expose_mut()
            .get_mut(..length)
            .ok_or(Error::Crypto)?;
        self.open_into(chunk, position, &mut scratch.sealed, content)
    }

    fn open_into(
        &self,
        chunk: u64,
        position: Position,
        sealed: &mut [u8],
        content: &mut [u8],
    ) -> Result<(), Error> {
        let sealed = sealed
            .get_mut(..content.len() + TAG_BYTES)
            .ok_or(Error::Crypto)?;
        read_exact(&self.source, offset_of(chunk), sealed)?;
        let counter = u32::try_from(chunk).map_err(|_| Error::ObjectTooLong)?;
        self.cipher
            .open(counter, position, sealed, content)
            .map_err(|_| Error::Damaged { chunk })
    }

    fn last_chunk(&self) -> u64 {
        chunks(self.info.plaintext_bytes) - 1
    }

    fn position(&self, chunk: u64) -> Position {
        if chunk == self.last_chunk() {
            Position::Last
        } else {
            Position::Middle
        }
    }

    /// Bytes of content in a chunk.
    fn content_of(&self, chunk: u64) -> usize {
        let before = chunk.saturating_mul(wide(CHUNK_BYTES));
        let left = self.info.plaintext_bytes.saturating_sub(before);
        usize::try_from(left).unwrap_or(usize::MAX).min(CHUNK_BYTES)
    }
}

impl<R> fmt::Debug for ObjectReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObjectReader")
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

/// Content in order, block by block; see [`ObjectReader::blocks`].
#[derive(Debug)]
pub struct Blocks<'a, R> {
    reader: &'a ObjectReader<R>,
    offset: u64,
    end: u64,
}

impl<R: ReadAt> Iterator for Blocks<'_, R> {
    type Item = Result<SecretBytes, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let left = self.end.checked_sub(self.offset).filter(|&left| left > 0)?;
        let to_boundary = wide(CHUNK_BYTES) - self.offset % wide(CHUNK_BYTES);
        let length = left.min(to_boundary);
        let block = self.reader.read_range(self.offset, length);
        self.offset = if block.is_ok() {
            self.offset + length
        } else {
            self.end
        };
        Some(block)
    }
}

/// Room for one chunk as stored and one as content, used again from chunk to chunk.
struct Scratch {
    sealed: Vec<u8>,
    content: SecretBytes,
}

impl Scratch {
    fn new() -> Self {
        Self {
            sealed: vec![0; STORED_CHUNK_BYTES],
            content: SecretBytes::zeroed(CHUNK_BYTES),
        }
    }
}

fn offset_of(chunk: u64) -> u64 {
    wide(HEADER_BYTES).saturating_add(chunk.saturating_mul(wide(STORED_CHUNK_BYTES)))
}

/// How far the length of the content is known before the last chunk is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// The header states it, and the stored length agrees.
    Stated,
    /// It follows from the stored length.
    Computed,
    /// It follows from the stored length, but behind the last chunk are bytes too few for one.
    Stray,
}

/// The length of the content, from the header and from how much is stored.
fn measure(length: PlainLength, stored: u64) -> Result<(u64, End), Error> {
    let PlainLength::Known(bytes) = length else {
        return measure_unstated(stored);
    };
    let expected = stored_len(bytes)?;
    match stored.cmp(&expected) {
        Ordering::Less => Err(Error::Truncated { found: stored }),
        Ordering::Equal => Ok((bytes, End::Stated)),
        Ordering::Greater => Err(Error::Extended { expected }),
    }
}

fn measure_unstated(stored: u64) -> Result<(u64, End), Error> {
    let body = stored.saturating_sub(wide(HEADER_BYTES));
    let (full, rest) = (
        body / wide(STORED_CHUNK_BYTES),
        body % wide(STORED_CHUNK_BYTES),
    );
    if full + u64::from(rest > 0) > CHUNKS_MAX {
        return Err(Error::ObjectTooLong);
    }
    let content = full * wide(CHUNK_BYTES);
    match rest.checked_sub(wide(TAG_BYTES)) {
        // An empty chunk is the end of an empty object only.
        Some(bytes) if bytes > 0 || full == 0 => Ok((content + bytes, End::Computed)),
        _ if full == 0 => Err(Error::Truncated { found: stored }),
        _ if rest == 0 => Ok((content, End::Computed)),
        _ => Ok((content, End::Stray)),
    }
}

fn read_header(source: &impl ReadAt, stored: u64) -> Result<[u8; HEADER_BYTES], Error> {
    let mut header = [0; HEADER_BYTES];
    if stored >= wide(HEADER_BYTES) {
        read_exact(source, 0, &mut header)?;
        return Ok(header);
    }
    let there = usize::try_from(stored)
        .unwrap_or_default()
        .min(HEADER_BYTES);
    read_exact(source, 0, header.get_mut(..there).unwrap_or_default())?;
    Header::recognise(header.get(..there).unwrap_or_default())?;
    Err(Error::Truncated { found: stored })
}
