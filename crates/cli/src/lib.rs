//! Command line verbs that need no data folder: the log verified from its files or over HTTP, proofs
//! checked offline, definitions checked. It never decides anything and holds no key but public ones.

pub mod ledger;
mod out;
pub mod register;
