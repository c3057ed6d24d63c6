//! No file so long that nobody reads it: split by subject.

use super::Finding;
use crate::house::File;

/// Lines of one source file.
const SOURCE_LIMIT: usize = 600;

/// Lines of one file of tests: cases may be many, as long as each is short.
const TESTS_LIMIT: usize = 1_000;

/// Lines of the map of the house: it is read in one sitting.
const MAP_LIMIT: usize = 200;

/// What nobody writes or reads: the types that the interface's snapshot gives.
const GENERATED: &str = "web/src/api/schema.ts";

/// The file, if it is longer than its kind may be.
pub(super) fn check(file: &File) -> Option<Finding> {
    let limit = limit(file)?;
    let lines = file.text.lines().count();
    (lines > limit).then(|| Finding::new(file, lines, format!("over {limit} lines")))
}

fn limit(file: &File) -> Option<usize> {
    if file.path == "ARCHITECTURE.md" {
        return Some(MAP_LIMIT);
    }
    if file.path == GENERATED {
        return None;
    }
    let is_test = file.path.ends_with("/tests.rs") || file.path.contains("/tests/");
    match file.extension() {
        "rs" | "ts" | "tsx" if is_test => Some(TESTS_LIMIT),
        "rs" | "ts" | "tsx" => Some(SOURCE_LIMIT),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, lines: usize) -> bool {
        check(&File::new(path, &"x\n".repeat(lines))).is_some()
    }

    #[test]
    fn each_kind_has_its_limit() {
        assert!(!found("crates/a/src/b.rs", 600));
        assert!(found("crates/a/src/b.rs", 601));
        assert!(found("web/src/a.tsx", 601));
        assert!(!found(GENERATED, 5_000));
        assert!(!found("crates/a/src/b/tests.rs", 1_000));
        assert!(found("crates/a/tests/it/b.rs", 1_001));
        assert!(!found("ARCHITECTURE.md", 200));
        assert!(found("ARCHITECTURE.md", 201));
        assert!(!found("docs/src/long.md", 5_000));
    }
}
