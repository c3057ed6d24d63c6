//! One handler per operation: extract, call one use case, map its answer.

pub(crate) mod accounts;
pub(crate) mod approvals;
pub(crate) mod board;
pub(crate) mod bulk;
pub(crate) mod events;
pub(crate) mod export;
pub(crate) mod files;
pub(crate) mod health;
pub(crate) mod imports;
pub(crate) mod inspection;
pub(crate) mod kept;
pub(crate) mod lines;
pub(crate) mod log;
pub(crate) mod packs;
pub(crate) mod parts;
pub(crate) mod policies;
pub(crate) mod records;
pub(crate) mod registers;
pub(crate) mod session;
pub(crate) mod uploads;
