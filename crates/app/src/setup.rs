//! Making a data folder and opening it: keys, database, definitions, the three administrators.

mod folder;
mod lock;
mod noted;
mod open;
mod root_key;

pub use folder::{InitOptions, Initialised, init, init_with};
pub(crate) use lock::FolderLock;
pub use open::{OpenOptions, look_with, open, open_with};
pub use root_key::RootKeySource;

#[cfg(test)]
mod tests;
