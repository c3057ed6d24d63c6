//! (being built)

pub mod oracle;
