//! Nothing in the repository knows the machine it was written on.
//!
//! A path into somebody's home or work folder breaks on the next machine; a package source other
//! than the public ones would let that machine's mirror speak for everybody.

use super::{Finding, lines};
use crate::house::File;

/// Top folders that belong to one machine or one person.
const FOLDERS: [&str; 4] = ["home", "root", "work", "Users"];

/// Settings that name another source of packages, by file name.
const SOURCES: [(&str, &str); 4] = [
    ("config.toml", "[source"),
    ("config.toml", "[registries"),
    (".npmrc", "registry"),
    ("pip.conf", "index-url"),
];

/// Where a lock file may say a package came from, by file name.
const LOCKS: [(&str, &str, &str); 2] = [
    (
        "Cargo.lock",
        "source = \"",
        "registry+https://github.com/rust-lang/crates.io-index\"",
    ),
    (
        "package-lock.json",
        "\"resolved\": \"",
        "https://registry.npmjs.org/",
    ),
];

/// Paths of one machine, and package sources other than the public ones.
pub(super) fn check(file: &File) -> Vec<Finding> {
    lines(&file.text)
        .filter_map(|(number, line)| {
            let say = judge(file, line)?;
            Some(Finding::new(file, number, say))
        })
        .collect()
}

fn judge(file: &File, line: &str) -> Option<String> {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    for (lock, key, public) in LOCKS {
        if name == lock {
            let (_, source) = line.split_once(key)?;
            return (!source.starts_with(public))
                .then(|| "package from another source than the public registry".to_owned());
        }
    }
    if SOURCES
        .iter()
        .any(|(of, setting)| name == *of && line.trim_start().starts_with(setting))
    {
        return Some("names a package source: that belongs to the machine".to_owned());
    }
    let folder = FOLDERS.iter().find(|folder| has_path(line, folder))?;
    Some(format!(
        "a path of one machine, under its folder `{folder}`"
    ))
}

/// Whether an absolute path into this top folder stands in the line.
fn has_path(line: &str, folder: &str) -> bool {
    let path = format!("/{folder}/");
    line.match_indices(&path).any(|(at, _)| {
        let head = line.get(..at).unwrap_or_default();
        !head.ends_with(|char: char| char.is_alphanumeric() || "_-.}>/".contains(char))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> bool {
        !check(&File::new(path, text)).is_empty()
    }

    #[test]
    fn paths_of_one_machine_are_found() {
        for folder in FOLDERS {
            assert!(found("a.md", &format!("see `/{folder}/x`")), "{folder}");
            assert!(found("a.rs", &format!("\"/{folder}/x\"")), "{folder}");
        }
        assert!(
            found("a.md", &["a/wo", "rk/x and /wo", "rk/x"].concat()),
            "the second of two"
        );
    }

    #[test]
    fn folders_of_ours_and_addresses_are_not() {
        assert!(!found(
            "a.md",
            "docs/work/x, https://example.org/home/x, {base}/root/x"
        ));
        assert!(!found("a.md", "/workshop/x /rooted/x"));
    }

    #[test]
    fn other_package_sources_are_found() {
        let public = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
        assert!(!found("Cargo.lock", public));
        assert!(found(
            "Cargo.lock",
            "source = \"registry+https://mirror.example/index\""
        ));
        assert!(found(
            "Cargo.lock",
            "source = \"git+https://example.org/a\""
        ));
        assert!(found(".cargo/config.toml", "[source.crates-io]"));
        assert!(!found(".cargo/config.toml", "[alias]"));
        assert!(found(
            "web/package-lock.json",
            "  \"resolved\": \"https://mirror.example/a.tgz\""
        ));
    }
}
