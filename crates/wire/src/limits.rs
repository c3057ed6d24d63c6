//! Upper bounds of what crosses the wire, the same for both ends.

/// Longest JSON body of a request, in bytes.
pub const JSON_BYTES: usize = 1024 * 1024;
/// How deep lists and objects of a JSON body may lie in each other.
pub const JSON_DEPTH: usize = 32;
/// Largest upload, in bytes.
pub const UPLOAD_BYTES: u64 = 256 * 1024 * 1024;
/// Largest file that is taken in, in bytes.
pub const IMPORT_BYTES: usize = 32 * 1024 * 1024;
/// Largest content that is inspected, in bytes.
pub const INSPECTION_BYTES: usize = 64 * 1024 * 1024;
/// Most records of one page.
pub const PAGE_RECORDS: i64 = 200;
/// Most log entries of one page.
pub const PAGE_ENTRIES: i64 = 200;
/// Longest idempotency key, in bytes.
pub const IDEMPOTENCY_KEY_BYTES: usize = 200;
/// Longest answer that is not a file, in bytes: a client reads no more.
pub const ANSWER_BYTES: u64 = 32 * 1024 * 1024;
