//! What a query gives back and what it is given.
pub use crate::sql::{Dialect, Ints, Row, Statement, Value};
