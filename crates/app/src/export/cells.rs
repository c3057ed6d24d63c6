//! A field's value as people read it: names instead of ids, words instead of keys.

use super::table::{Cell, local};
use crate::{core::Inner, error::Error, facts::Collector, views::RecordView};
use domain::{Label, Language, Level, Text, Timestamp};
use registers::{Field, FieldKind};
use serde_json::{Map, Value};
use store::Tx;

/// Writes values in one language.
pub(super) struct Cells<'i> {
    inner: &'i Inner,
    language: Language,
}

impl<'i> Cells<'i> {
    pub(super) fn new(inner: &'i Inner, language: Language) -> Self {
        Self { inner, language }
    }

    fn say(&self, zh: &str, en: &str) -> String {
        Text::new(zh, en).in_language(self.language).to_owned()
    }

    /// The heads of the columns.
    pub(super) fn heads(&self, fields: &[&Field]) -> Vec<String> {
        let mut heads = vec![
            self.say("编号", "Number"),
            self.say("密级标志", "Mark"),
            self.say("状态", "State"),
        ];
        let names = fields.iter().map(|field| &field.name);
        heads.extend(names.map(|name| name.in_language(self.language).to_owned()));
        heads
    }

    /// What stands before the fields.
    pub(super) fn header(&self, seen: &RecordView) -> Vec<Cell> {
        let definition = self.inner.catalogue.definition(&seen.register);
        let state = definition.and_then(|definition| definition.state(&seen.state));
        let state = state.map_or(seen.state.as_str(), |state| {
            state.name.in_language(self.language)
        });
        vec![
            text(seen.number.as_deref().unwrap_or_default()),
            text(seen.mark.as_deref().unwrap_or_default()),
            text(state),
        ]
    }

    /// One field of a record, as its reader sees it. What it names by title adds to the mark of the file.
    pub(super) fn cell(
        &self,
        tx: &mut Tx<'_>,
        collector: &mut Collector<'_>,
        (field, fields): (&Field, &Map<String, Value>),
        label: &mut Label,
    ) -> Result<Cell, Error> {
        let Some(value) = fields.get(&field.key).filter(|value| !value.is_null()) else {
            return Ok(Cell::Empty);
        };
        if field.target().is_some() {
            let named = collector.resolved(tx, field, value)?;
            *label = label.join(&Label::join_all(&labels_of(&named)));
            return Ok(text(&names(&named)));
        }
        Ok(self.plain(field, value))
    }

    fn plain(&self, field: &Field, value: &Value) -> Cell {
        match (field.kind, value) {
            (FieldKind::Choice, Value::String(key)) => text(&self.choice(field, key)),
            (FieldKind::Choices, Value::Array(keys)) => {
                let keys = keys.iter().filter_map(Value::as_str);
                let words: Vec<String> = keys.map(|key| self.choice(field, key)).collect();
                text(&words.join(self.between()))
            }
            (FieldKind::Checklist, Value::Object(answers)) => {
                let told = answers.iter().map(|(item, answer)| {
                    let answer = match answer.as_str() {
                        Some("yes") => self.say("是", "yes"),
                        Some("no") => self.say("否", "no"),
                        Some("na") => self.say("不适用", "n/a"),
                        Some(_) | None => "—".to_owned(),
                    };
                    format!("{}：{answer}", self.choice(field, item))
                });
                let told: Vec<String> = told.collect();
                text(&told.join(self.between()))
            }
            (FieldKind::Level, Value::String(key)) => text(&self.level(key)),
            (FieldKind::Datetime, Value::String(at)) => match at.parse::<Timestamp>() {
                Ok(at) => text(&local(at, &self.inner.zone)),
                Err(_) => text(at),
            },
            (FieldKind::Period, Value::Object(days)) => {
                let day = |key: &str| days.get(key).and_then(Value::as_str).unwrap_or_default();
                text(&format!("{} – {}", day("from"), day("to")))
            }
            (FieldKind::File, _) => text(&self.say("1 个文件", "1 file")),
            (FieldKind::Files, Value::Array(files)) => {
                let many = files.len();
                text(&self.say(&format!("{many} 个文件"), &format!("{many} files")))
            }
            (FieldKind::Term, term) => {
                let term = serde_json::from_value::<domain::Term>(term.clone());
                text(&term.map_or_else(|_| value.to_string(), |term| term.to_string()))
            }
            (_, Value::Bool(yes)) => text(&if *yes {
                self.say("是", "yes")
            } else {
                self.say("否", "no")
            }),
            (_, Value::Number(number)) => number.as_f64().map_or(Cell::Empty, Cell::Number),
            (_, Value::String(words)) => text(words),
            (_, Value::Null) => Cell::Empty,
            (_, Value::Array(_) | Value::Object(_)) => text(&value.to_string()),
        }
    }

    fn choice(&self, field: &Field, key: &str) -> String {
        let choice = field.choices.iter().find(|choice| choice.key == key);
        choice
            .map_or(key, |choice| choice.name.in_language(self.language))
            .to_owned()
    }

    fn level(&self, key: &str) -> String {
        let level = Level::parse_key(key);
        level.map_or_else(
            |_| self.say("公开", "open"),
            |level| self.say(level.zh(), level.en()),
        )
    }

    fn between(&self) -> &'static str {
        match self.language {
            Language::Zh => "、",
            Language::En => ", ",
        }
    }
}

fn text(words: &str) -> Cell {
    if words.is_empty() {
        Cell::Empty
    } else {
        Cell::Text(words.to_owned())
    }
}

/// The labels of linked records; people and places have none.
fn labels_of(value: &Value) -> Vec<Label> {
    let one = |value: &Value| serde_json::from_value(value.get("label")?.clone()).ok();
    let list = value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice);
    list.iter().filter_map(one).collect()
}

/// What linked records are called.
fn names(value: &Value) -> String {
    match value {
        Value::Array(list) => {
            let names: Vec<String> = list
                .iter()
                .map(names)
                .filter(|name| !name.is_empty())
                .collect();
            names.join("、")
        }
        Value::Object(map) => {
            let mut called = ["name", "title", "number", "serial", "id"].iter();
            let called = called.find_map(|key| map.get(*key).and_then(Value::as_str));
            called.unwrap_or_default().to_owned()
        }
        Value::String(words) => words.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}
