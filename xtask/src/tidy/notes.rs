//! A note to oneself in a comment names the issue that will settle it.

use super::lexer::{Kind, pieces};
use super::{Finding, lines};
use crate::house::File;

const MARKERS: [&str; 4] = ["TODO", "FIXME", "XXX", "HACK"];

/// Notes without an issue number such as `#12`.
pub(super) fn check(file: &File) -> Vec<Finding> {
    let comments: Vec<(usize, String)> = match file.extension() {
        "rs" => pieces(&file.text)
            .into_iter()
            .filter(|piece| piece.kind == Kind::Comment)
            .flat_map(|piece| {
                let lines = lines(&piece.text).map(|(number, line)| (number, line.to_owned()));
                let lines: Vec<_> = lines.collect();
                lines
                    .into_iter()
                    .map(move |(number, line)| (piece.line + number - 1, line))
            })
            .collect(),
        "toml" | "sql" | "sh" | "ts" | "tsx" | "css" | "cedar" => lines(&file.text)
            .map(|(number, line)| (number, line.to_owned()))
            .collect(),
        _ => Vec::new(),
    };
    comments
        .into_iter()
        .filter(|(_, line)| has_marker(line) && !names_an_issue(line))
        .map(|(number, line)| {
            let say = format!("note without an issue number: `{}`", line.trim());
            Finding::new(file, number, say)
        })
        .collect()
}

fn has_marker(line: &str) -> bool {
    line.split(|char: char| !char.is_alphanumeric())
        .any(|word| MARKERS.contains(&word))
}

fn names_an_issue(line: &str) -> bool {
    let mut parts = line.split('#');
    parts.next();
    parts.any(|part| part.starts_with(|char: char| char.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<usize> {
        let findings = check(&File::new(path, text));
        findings.into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn a_note_needs_an_issue() {
        assert_eq!(found("a.rs", "fn a() {}\n// TODO: later\n"), [2]);
        assert_eq!(found("a.rs", "/* one\n FIXME */"), [2]);
        assert_eq!(found("a.rs", "// TODO(#12): later\n"), [0; 0]);
        assert_eq!(found("a.toml", "# HACK around it\n"), [1]);
    }

    #[test]
    fn words_in_literals_and_longer_words_are_no_notes() {
        assert_eq!(
            found("a.rs", "let a = \"TODO\";\n// TODOS of others\n"),
            [0; 0]
        );
        assert_eq!(found("a.md", "TODO lists are fine in prose\n"), [0; 0]);
    }
}
