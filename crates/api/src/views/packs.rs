//! The rules of the house. What is read there has the same parts on both sides, so it is handed on as it is
//! written; a test reads every one of them.

use serde::{Serialize, de::DeserializeOwned};

use crate::refusal::Refusal;

/// What the use case answers, in the shape of the wire.
pub(crate) fn written<T: Serialize, U: DeserializeOwned>(answer: &T) -> Result<U, Refusal> {
    let value = serde_json::to_value(answer);
    value
        .and_then(serde_json::from_value)
        .map_err(|error| Refusal::internal(Box::new(error)))
}

/// Files that were sent.
pub(crate) fn pack_files(files: wire::PackFiles) -> Vec<app::PackFile> {
    let file = |wire::PackFile { name, text }| app::PackFile { name, text };
    files.files.into_iter().map(file).collect()
}
