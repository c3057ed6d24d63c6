//! Every module says at its top what it is for.

use super::Finding;
use crate::house::File;

/// The module, if it does not begin with `//!`. Tests are named after what they show instead.
pub(super) fn check(file: &File) -> Option<Finding> {
    let is_module = file.path.contains("/src/") && file.path.ends_with(".rs");
    let is_test = file.path.ends_with("/tests.rs") || file.path.contains("/tests/");
    (is_module && !is_test && !file.text.starts_with("//!")).then(|| {
        Finding::new(
            file,
            1,
            "does not begin with `//!`: say what this module is for",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_need_a_head_and_tests_do_not() {
        let found = |path, text| check(&File::new(path, text)).is_some();
        assert!(found("crates/a/src/lib.rs", "use x;\n//! late\n"));
        assert!(found("xtask/src/main.rs", "fn main() {}\n"));
        assert!(!found("crates/a/src/lib.rs", "//! What it is for.\n"));
        assert!(!found("crates/a/src/b/tests.rs", "use super::*;\n"));
        assert!(!found("crates/a/tests/it/main.rs", "mod x;\n"));
    }
}
