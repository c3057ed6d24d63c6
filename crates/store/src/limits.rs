//! Every queue, batch and result of the store has an upper bound, and it stands here.

/// Requests waiting for the writer before callers are told that the database is busy.
pub const WRITE_QUEUE: usize = 1024;
/// Requests waiting for a reader.
pub const READ_QUEUE: usize = 1024;
/// Requests that share one commit on `SQLite`.
pub const BATCH: usize = 128;
/// Reader threads on `SQLite`.
pub const READERS: usize = 4;
/// Connections kept to a `PostgreSQL` server for writing.
pub const PG_WRITERS: usize = 8;
/// Connections kept to a `PostgreSQL` server for reading.
pub const PG_READERS: usize = 4;
/// How often a change is begun at most when other transactions of `PostgreSQL` are in its way.
pub const PG_ATTEMPTS: u32 = 5;
/// Prepared statements kept per connection.
pub const STATEMENTS: usize = 256;
/// Rows that one page of a list may hold.
pub const PAGE: i64 = 200;
