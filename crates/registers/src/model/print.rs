//! Printed forms of a register.

use domain::Text;
use serde::Serialize;

/// One printed form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Print {
    /// Key, unique in its register.
    pub key: String,
    /// Name shown to people.
    pub name: Text,
    /// Layout in the pack's `prints/` folder.
    pub layout: String,
}
