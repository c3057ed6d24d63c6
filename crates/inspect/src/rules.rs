//! What is looked for.

/// Rules of all kinds, ready to be asked.
#[derive(Debug, Default)]
pub struct Rules {}
