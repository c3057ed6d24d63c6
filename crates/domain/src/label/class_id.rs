//! The number of an interned label class: lists carry thousands of them, so it is small.

use std::fmt;

/// An interned label class, by its row number in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId(i64);

impl ClassId {
    /// The class of a row.
    pub const fn new(row: i64) -> Self {
        Self(row)
    }

    /// The row of a class.
    pub const fn row(self) -> i64 {
        self.0
    }
}

impl fmt::Display for ClassId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
