//! Tables that programs keep, and programs themselves.

pub(crate) mod dbf;
pub(super) mod program;
pub(super) mod sqlite;

#[cfg(test)]
mod tests;
