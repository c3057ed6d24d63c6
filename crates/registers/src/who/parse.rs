//! Reading the who syntax.

use super::Who;
use crate::nearest::nearest;

/// A who that does not parse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{written}` does not say who")]
pub struct WhoError {
    /// What was written, shortened.
    pub written: String,
    /// The form it comes nearest to.
    pub nearest: Option<&'static str>,
}

const WORDS: [(&str, Who); 4] = [
    ("drafter", Who::Drafter),
    ("proposer", Who::Proposer),
    ("system", Who::System),
    ("staff", Who::Staff),
];
const FORMS: [&str; 8] = [
    "role:",
    "field:",
    "head_of(…)",
    "holder_of(…)",
    "drafter",
    "proposer",
    "system",
    "staff",
];
/// Steps of a path such as `copy.holder.unit`.
const PATH_STEPS_MAX: usize = 5;

impl Who {
    /// Reads one who.
    pub fn parse(text: &str) -> Result<Self, WhoError> {
        let text = text.trim();
        read(text).ok_or_else(|| WhoError {
            written: text.chars().take(60).collect(),
            nearest: hint(text),
        })
    }
}

fn read(text: &str) -> Option<Who> {
    if let Some((_, who)) = WORDS.iter().find(|(word, _)| *word == text) {
        return Some(who.clone());
    }
    if let Some(role) = text.strip_prefix("role:") {
        return is_key(role).then(|| Who::Role(role.to_owned()));
    }
    if let Some(rest) = text.strip_prefix("field:") {
        return path(rest).map(Who::Field);
    }
    let (function, rest) = text.split_once('(')?;
    let path = path(rest.strip_suffix(')')?.trim())?;
    match function.trim() {
        "head_of" => Some(Who::HeadOf(path)),
        "holder_of" => Some(Who::HolderOf(path)),
        _ => None,
    }
}

fn path(text: &str) -> Option<Vec<String>> {
    let steps: Vec<String> = text.split('.').map(str::to_owned).collect();
    (steps.len() <= PATH_STEPS_MAX && steps.iter().all(|step| is_key(step))).then_some(steps)
}

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn hint(text: &str) -> Option<&'static str> {
    let start: String = text
        .chars()
        .take_while(|c| !matches!(c, ':' | '('))
        .collect();
    let bare = |form: &'static str| form.trim_end_matches("(…)").trim_end_matches(':');
    let near = nearest(start.trim(), FORMS.into_iter().map(bare))?;
    FORMS.into_iter().find(|form| bare(form) == near)
}
