//! The page of registers is what `ruping register describe` says of the packs that are shipped.

use std::{path::Path, process::Command};

const HEAD: &str = "\
# Registers 台账

What each shipped register holds, who does what with it and what that waits for, which rules hold, from where
and how hard, which deadlines run. How to read it: [the register language](register-language.md). The letters:
P primary text, S secondary source, D derived, invariant the product's own; a severity that differs between
regimes is given for each. 各台账的字段、操作、审批、规则（依据、级别、力度）和时限。

This page is written from `packs/` by `ruping register describe packs`; a test keeps it true
(`RUPING_BLESS=1` writes it). 本页由程序按 `packs/` 生成。

";

#[test]
fn the_page_of_registers_is_written_from_the_packs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let told = Command::new(crate::RUPING)
        .args(["register", "describe", "packs"])
        .current_dir(&root)
        .output()
        .unwrap();
    assert!(told.status.success(), "{told:?}");
    let page = format!("{HEAD}{}", String::from_utf8(told.stdout).unwrap());
    crate::docs::is_kept("docs/src/reference/registers.md", &page);
}
