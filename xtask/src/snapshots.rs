//! Snapshots nobody asked for any more.
//!
//! insta notes each snapshot file it reads during a test run. A file it never read belongs to a
//! test that was renamed or removed, and would otherwise stay as a false witness.

use crate::house;
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::path::Path;

/// Fails and names them, if the last full test run left snapshot files unread.
pub(crate) fn check(references: &Path) -> Result<()> {
    let unread = unread(references)?;
    if !unread.is_empty() {
        bail!(
            "no test reads these snapshots (`cargo xtask bless` removes them):\n{}",
            unread.join("\n")
        );
    }
    Ok(())
}

/// Removes the snapshot files that the last full test run left unread.
pub(crate) fn remove_unread(references: &Path) -> Result<()> {
    for path in unread(references)? {
        std::fs::remove_file(house::root().join(&path))?;
        println!("removed {path}");
    }
    Ok(())
}

fn unread(references: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(references)
        .with_context(|| format!("cannot read `{}`", references.display()))?;
    let root = house::root();
    let read: BTreeSet<String> = text.lines().map(|line| relative(&root, line)).collect();
    let files = house::files()?;
    let kept = files.into_iter().map(|file| file.path);
    Ok(left_over(kept, &read))
}

fn relative(root: &Path, line: &str) -> String {
    let path = Path::new(line);
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let path = path.strip_prefix(root).unwrap_or(&path);
    path.to_string_lossy().into_owned()
}

fn left_over(paths: impl Iterator<Item = String>, read: &BTreeSet<String>) -> Vec<String> {
    paths
        .filter(|path| path.ends_with(".snap") && !read.contains(path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_snapshots_that_no_test_read_are_left_over() {
        let read = BTreeSet::from(["a/one.snap".to_owned()]);
        let paths = ["a/one.snap", "a/two.snap", "a/two.rs"].map(str::to_owned);
        assert_eq!(left_over(paths.into_iter(), &read), ["a/two.snap"]);
    }
}
