//! Upper bounds of what verbs read.

/// Longest key, token, checkpoint or certificate file, in bytes.
pub(crate) const SMALL_FILE_BYTES: u64 = 1024 * 1024;
/// How deep folders of definitions may lie in each other.
pub(crate) const FOLDER_DEPTH: usize = 8;
