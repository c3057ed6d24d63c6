//! Every stable error code with its words in both languages and what to do: `codes.toml`, from which
//! the page of codes is written, read here where a layer below speaks English only.
//!
//! It decides nothing: a code it does not know is told as it came.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::Text;
use serde::Deserialize;

/// The table.
#[derive(Debug, Default, Deserialize)]
pub struct Codes {
    /// Codes that are met in the same place.
    #[serde(rename = "section")]
    pub sections: Vec<Section>,
    /// Dotted words of the source that are no codes, by what they are.
    pub other: BTreeMap<String, Vec<String>>,
}

/// Codes that are met in the same place.
#[derive(Debug, Deserialize)]
pub struct Section {
    /// What they have in common.
    pub title: String,
    /// Where they are met, and what to do about all of them.
    pub lead: String,
    /// `here` where the layer that gives the codes has no Chinese of its own.
    pub chinese: Option<String>,
    /// The codes.
    pub rows: Vec<Row>,
}

/// One code.
#[derive(Debug, Deserialize)]
pub struct Row {
    /// Stable for ever.
    pub code: String,
    /// The HTTP status of the answer, or `-`.
    pub status: String,
    /// What it says in Chinese; empty, as the English, where it differs from case to case.
    pub zh: String,
    /// What it says in English.
    pub en: String,
    /// What to do, in Chinese; empty where the section says it.
    #[serde(default)]
    pub do_zh: String,
    /// The same in English.
    #[serde(default)]
    pub do_en: String,
}

/// What is wrong, in Chinese, for a layer that speaks English only.
#[must_use]
pub fn chinese(code: &str) -> Option<&'static str> {
    let row = find(code)?;
    (!row.zh.is_empty()).then_some(row.zh.as_str())
}

/// What to do about a code.
#[must_use]
pub fn advice(code: &str) -> Option<Text> {
    let row = find(code)?;
    (!row.do_en.is_empty()).then(|| Text::new(row.do_zh.as_str(), row.do_en.as_str()))
}

/// The whole table.
#[must_use]
pub fn all() -> &'static Codes {
    static ALL: LazyLock<Codes> =
        LazyLock::new(|| toml::from_str(include_str!("codes.toml")).unwrap_or_default());
    &ALL
}

fn find(code: &str) -> Option<&'static Row> {
    let mut rows = all().sections.iter().flat_map(|section| &section.rows);
    rows.find(|row| row.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_whole() {
        let rows: usize = all().sections.iter().map(|one| one.rows.len()).sum();
        assert_eq!(
            include_str!("codes.toml")
                .matches("\n    { code = ")
                .count(),
            rows
        );
        assert_eq!(chinese("client.unreachable"), Some("服务器没有应答"));
        assert_eq!(
            advice("init.not_empty").unwrap().en,
            "choose an empty folder and an empty database"
        );
        assert!(chinese("no.such_code").is_none() && advice("no.such_code").is_none());
    }
}
