//! Links between our own pages lead somewhere, and every page of the book is in its table.

use super::{Finding, lines};
use crate::house::File;
use std::collections::BTreeSet;

const BOOK: &str = "docs/src/";
const TABLE: &str = "docs/src/SUMMARY.md";

/// Relative links of a Markdown file whose target does not exist.
pub(super) fn check(file: &File, exists: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    targets(file)
        .into_iter()
        .filter(|(_, target)| !exists(target))
        .map(|(line, target)| Finding::new(file, line, format!("link to nothing: `{target}`")))
        .collect()
}

/// Pages of the book that its table does not name: mdBook would leave them out.
pub(super) fn unlisted(files: &[File]) -> Vec<Finding> {
    let Some(table) = files.iter().find(|file| file.path == TABLE) else {
        return Vec::new();
    };
    let listed: BTreeSet<String> = targets(table).into_iter().map(|(_, path)| path).collect();
    files
        .iter()
        .filter(|file| file.path.starts_with(BOOK) && file.extension() == "md")
        .filter(|file| file.path != TABLE && !listed.contains(&file.path))
        .map(|file| Finding::new(file, 1, format!("not in {TABLE}")))
        .collect()
}

/// The paths, from the root, of every relative link, with its line.
fn targets(file: &File) -> Vec<(usize, String)> {
    if file.extension() != "md" {
        return Vec::new();
    }
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut fenced = false;
    let mut found = Vec::new();
    for (number, line) in lines(&file.text) {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            let links = links(&without_code(line));
            found.extend(
                links
                    .into_iter()
                    .filter_map(|link| Some((number, resolve(folder, &link)?))),
            );
        }
    }
    found
}

/// The line without its spans of code.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("``")
}

fn links(line: &str) -> Vec<String> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ']).next())
        .map(str::to_owned)
        .collect()
}

/// A path from the root, or nothing if the link leaves the repository or stays on the page.
fn resolve(folder: &str, link: &str) -> Option<String> {
    let path = link.split('#').next().unwrap_or_default();
    if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            // WHY: a link above the root keeps its dots, so that it is reported
            ".." if parts.pop().is_none() => parts.push(".."),
            ".." => {}
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dead(path: &str, text: &str, there: &[&str]) -> Vec<String> {
        let findings = check(&File::new(path, text), &|path| there.contains(&path));
        findings
            .into_iter()
            .map(|finding| finding.to_string())
            .collect()
    }

    #[test]
    fn dead_links_are_found_where_they_stand() {
        let text = "# A\n\nsee [b](../b.md#x) and [c](c.md)\n";
        assert_eq!(
            dead("docs/src/a.md", text, &["docs/b.md"]),
            ["docs/src/a.md:3: link to nothing: `docs/src/c.md`"]
        );
        assert_eq!(
            dead("a.md", "[up](../x.md)", &[]),
            ["a.md:1: link to nothing: `../x.md`"]
        );
    }

    #[test]
    fn other_addresses_and_code_are_left_alone() {
        let text = "[a](https://example.org/) [b](#here) `[c](c.md)`\n```\n[d](d.md)\n```\n";
        assert_eq!(dead("a.md", text, &[]), [""; 0]);
    }

    #[test]
    fn a_page_that_is_not_in_the_table_is_found() {
        let files = [
            File::new(TABLE, "- [a](howto/a.md)\n"),
            File::new("docs/src/howto/a.md", "# a\n"),
            File::new("docs/src/howto/b.md", "# b\n"),
        ];
        let findings = unlisted(&files);
        let paths: Vec<_> = findings
            .iter()
            .map(|finding| finding.path.as_str())
            .collect();
        assert_eq!(paths, ["docs/src/howto/b.md"]);
    }
}
