//! How much is held, read and written at once.

/// Bytes of filters that an index holds in memory unless told otherwise.
pub const RESIDENT_BYTES: usize = 264 << 20;
/// Postings of a block: what one look at the disk reads.
pub(crate) const BLOCK_POSTINGS: usize = 128;
/// Documents of a block.
pub(crate) const BLOCK_DOCUMENTS: usize = 64;
/// Removed documents of a block.
pub(crate) const BLOCK_REMOVED: usize = 16_384;
/// Bytes of a block before it is sealed, at most; what a file says beyond this is damage.
pub(crate) const BLOCK_BYTES_MOST: u64 = 1 << 20;
/// Tags of a shard of a filter, about; up to twice as many.
pub(crate) const SHARD_TAGS: u64 = 1 << 20;
/// Bytes of a shard, at most.
pub(crate) const SHARD_BYTES_MOST: u64 = 64 << 20;
/// Bytes of a footer, at most: twenty million blocks.
pub(crate) const FOOTER_BYTES_MOST: u64 = 256 << 20;
/// Bytes of the list of segments, at most.
pub(crate) const LIST_BYTES_MOST: u64 = 1 << 20;
/// Segments of about one size, from which on they are merged.
pub(crate) const MERGED_TOGETHER: usize = 8;
/// Segments in all, at most: eight sizes of eight.
pub(crate) const SEGMENTS_MOST: usize = 4_096;
/// Segments with fewer postings are read whole into memory when an index is opened.
pub(crate) const SMALL_POSTINGS: u64 = 1 << 16;
/// Postings that wait for the next commit; then they are written whether asked or not.
pub(crate) const WAITING_POSTINGS: usize = 8 << 20;
/// Bytes of a document's name.
pub(crate) const NAME_BYTES_MOST: usize = 4_096;
/// Bytes of a level's key.
pub(crate) const LEVEL_BYTES_MOST: usize = 256;
/// Bytes of a table's file.
pub(crate) const TABLE_BYTES_MOST: u64 = 1 << 30;
