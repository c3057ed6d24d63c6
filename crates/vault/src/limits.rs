//! Every limit of the vault in one place. The format sizes are part of format version 1 and
//! never change; the others bound what is accepted from outside.

/// Plaintext bytes in every chunk of an object but the last: 64 KiB.
pub const CHUNK_BYTES: usize = 1 << CHUNK_LOG2;
/// The same as the exponent that the object header carries.
pub(crate) const CHUNK_LOG2: u8 = 16;
/// Bytes of an authentication tag.
pub const TAG_BYTES: usize = 16;
/// Bytes of a nonce.
pub(crate) const NONCE_BYTES: usize = 12;
/// Stored bytes of a full chunk.
pub const STORED_CHUNK_BYTES: usize = CHUNK_BYTES + TAG_BYTES;
/// Bytes of the object header.
pub const HEADER_BYTES: usize = 136;
/// Chunks in one object: what a 32-bit counter can number.
pub const CHUNKS_MAX: u64 = 1 << 32;
/// Plaintext bytes in one object (256 TiB).
pub const OBJECT_BYTES_MAX: u64 = CHUNKS_MAX << CHUNK_LOG2;
/// Plaintext bytes in one sealed blob; whatever is larger belongs into an object.
pub const SEALED_BYTES_MAX: usize = 16 << 20;
/// Bytes of a secret that a root wraps (keys and seeds, nothing larger).
pub const WRAPPED_SECRET_BYTES_MAX: usize = 1024;
/// Characters in the level part of a [`crate::KekId`].
pub const LEVEL_CHARS_MAX: usize = 128;
/// Characters in one compartment of a [`crate::KekId`].
pub const COMPARTMENT_CHARS_MAX: usize = 64;
/// Compartments in one [`crate::KekId`].
pub const COMPARTMENTS_MAX: usize = 256;
