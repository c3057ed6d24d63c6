//! `cargo xtask samples`: the fictitious documents of `samples/`, byte for byte the same each time.
//!
//! The demo and the tests upload them, so they are valid files of their formats that office
//! programs open. Their text is invented; the marks in it are there because drafts and lists carry
//! marks too. Tidy compares what is committed with what this module makes.

mod docx;
mod ofd;
mod pdf;
#[cfg(test)]
mod tests;
mod xlsx;
mod zip;

use crate::house;
use anyhow::{Context, Result};
use std::fs;

const FOLDER: &str = "samples";

/// A sentence every sample carries, so that nobody takes one for real.
const FICTITIOUS: &str = "本文件为软件演示用虚构材料，所涉单位、人员、项目均不存在。";

/// The samples by file name.
fn all() -> [(&'static str, Vec<u8>); 4] {
    [
        ("draft.docx", docx::make()),
        ("annex.pdf", pdf::make()),
        ("list.xlsx", xlsx::make()),
        ("notice.ofd", ofd::make()),
    ]
}

/// Writes every sample.
pub(crate) fn write_all() -> Result<()> {
    let folder = house::root().join(FOLDER);
    for (name, bytes) in all() {
        fs::write(folder.join(name), &bytes)
            .with_context(|| format!("cannot write `{FOLDER}/{name}`"))?;
        println!("wrote {FOLDER}/{name}, {} bytes", bytes.len());
    }
    Ok(())
}

/// A line for each sample that is not what this module makes.
pub(crate) fn stale() -> Result<Vec<String>> {
    let folder = house::root().join(FOLDER);
    let mut stale = Vec::new();
    for (name, bytes) in all() {
        if fs::read(folder.join(name)).ok().as_ref() != Some(&bytes) {
            stale.push(format!(
                "{FOLDER}/{name}:1: not what `cargo xtask samples` writes"
            ));
        }
    }
    Ok(stale)
}

/// Text as it stands inside an XML element.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
