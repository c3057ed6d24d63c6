//! Pieces of Markdown, and the words of the language as the page writes them.

use domain::Text;

use crate::{Expr, Who, WhoSet};

/// A text in both languages.
pub(super) fn both(text: &Text) -> String {
    format!("{} · {}", text.zh, text.en)
}

pub(super) fn code(text: &str) -> String {
    format!("`{text}`")
}

pub(super) fn codes<T: AsRef<str>>(words: &[T]) -> String {
    let all: Vec<String> = words.iter().map(|word| code(word.as_ref())).collect();
    all.join(", ")
}

/// An expression, with what it is for before it.
pub(super) fn condition(before: &str, expr: Option<&Expr>) -> Option<String> {
    expr.map(|expr| format!("{before} {}", code(expr.source())))
}

/// Who is meant, each with the condition under which that counts.
pub(super) fn who(set: &WhoSet) -> String {
    let all: Vec<String> = set
        .any
        .iter()
        .map(|case| {
            let named = code(&case.who.to_string());
            match condition("若 if", case.when.as_ref()) {
                Some(when) => format!("{named} {when}"),
                None => named,
            }
        })
        .collect();
    all.join(", ")
}

pub(super) fn each_who(list: &[Who]) -> String {
    let all: Vec<String> = list.iter().map(ToString::to_string).collect();
    codes(&all)
}

/// A table; nothing where there are no rows.
pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let head_line = line(head.iter().map(|word| (*word).to_owned()).collect());
    let rule = format!("|{}\n", "---|".repeat(head.len()));
    let body = rows
        .iter()
        .map(|row| line(row.iter().map(|text| cell(text)).collect()));
    [head_line, rule].into_iter().chain(body).collect()
}

/// Text that stays inside its cell: a bar would end it, also within code.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}
