//! Every crate lives under the house's lints and is never published by accident.

use super::Finding;
use crate::house::File;

const WANTED: [(&str, &str); 3] = [
    (
        "[lints]\nworkspace = true",
        "does not take the workspace's lints",
    ),
    (
        "publish.workspace = true",
        "does not take `publish` from the workspace",
    ),
    (
        "license.workspace = true",
        "does not take `license` from the workspace",
    ),
];

/// What a member's manifest leaves out.
pub(super) fn check(file: &File) -> Vec<Finding> {
    let is_member = file.path.ends_with("/Cargo.toml") && !file.path.starts_with("fuzz/");
    if !is_member {
        return Vec::new();
    }
    WANTED
        .into_iter()
        .filter(|(wanted, _)| !file.text.contains(wanted))
        .map(|(_, say)| Finding::new(file, 1, say))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_without_lints_is_found() {
        let good =
            "publish.workspace = true\nlicense.workspace = true\n\n[lints]\nworkspace = true\n";
        assert!(check(&File::new("crates/a/Cargo.toml", good)).is_empty());
        let bad = good.replace("[lints]", "[other]");
        let findings = check(&File::new("crates/a/Cargo.toml", &bad));
        assert_eq!(findings.len(), 1);
        assert!(check(&File::new("Cargo.toml", "[workspace]")).is_empty());
    }
}
