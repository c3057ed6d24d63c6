//! A field's value as people read it: names instead of ids, words instead of keys.

use crate::{core::Inner, error::Error, facts::Collector, people, views::RecordView};
use domain::{Label, Language, Level, Text, Timestamp};
use jiff::tz::TimeZone;
use registers::{Definition, Field, FieldKind};
use serde_json::{Map, Value};
use store::Tx;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Empty,
    Number(f64),
    Text(String),
}

impl Cell {
    /// What stands in it.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// An instant as the site's clocks show it.
pub(crate) fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone())
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

/// Writes values in one language.
pub(crate) struct Cells<'i> {
    inner: &'i Inner,
    language: Language,
}

impl<'i> Cells<'i> {
    pub(crate) fn new(inner: &'i Inner, language: Language) -> Self {
        Self { inner, language }
    }

    pub(crate) fn say(&self, zh: &str, en: &str) -> String {
        Text::new(zh, en).in_language(self.language).to_owned()
    }

    /// What every record has besides its fields, by the word that a path uses for it.
    pub(crate) const HEADER: [(&'static str, &'static str, &'static str); 3] = [
        ("number", "编号", "Number"),
        ("mark", "密级标志", "Mark"),
        ("state", "状态", "State"),
    ];

    /// What the end of a path is called.
    pub(crate) fn head(&self, definition: &Definition, step: &str) -> String {
        let builtin = Self::HEADER.iter().find(|(key, _, _)| *key == step);
        match (definition.field(step), builtin) {
            (Some(field), _) => field.name.in_language(self.language).to_owned(),
            (None, Some((_, zh, en))) => self.say(zh, en),
            (None, None) => step.to_owned(),
        }
    }

    /// What a record is besides its fields.
    pub(crate) fn of_header(&self, definition: &Definition, seen: &RecordView, step: &str) -> Cell {
        match step {
            "number" => text(seen.number.as_deref().unwrap_or_default()),
            "mark" => text(seen.mark.as_deref().unwrap_or_default()),
            "state" => text(&self.state(definition, &seen.state)),
            _ => Cell::Empty,
        }
    }

    /// What a state is called.
    pub(crate) fn state(&self, definition: &Definition, key: &str) -> String {
        let state = definition.state(key);
        let name = state.map_or(key, |state| state.name.in_language(self.language));
        name.to_owned()
    }

    /// One field of a record, as its reader sees it. What it names by title adds to the mark of the file.
    pub(crate) fn cell(
        &self,
        tx: &mut Tx<'_>,
        collector: &mut Collector<'_>,
        (field, fields): (&Field, &Map<String, Value>),
        label: &mut Label,
    ) -> Result<Cell, Error> {
        let Some(value) = fields.get(&field.key).filter(|value| !value.is_null()) else {
            return Ok(Cell::Empty);
        };
        if field.kind == FieldKind::Signature {
            return self.signed(tx, value);
        }
        if field.target().is_some() {
            let named = collector.resolved(tx, field, value)?;
            *label = label.join(&Label::join_all(&labels_of(&named)));
            return Ok(text(&names(&named)));
        }
        Ok(self.plain(field, value))
    }

    /// Who signed: names, and the slips of outsiders.
    fn signed(&self, tx: &mut Tx<'_>, value: &Value) -> Result<Cell, Error> {
        let mut told = Vec::new();
        for one in value.as_array().into_iter().flatten() {
            let word = |key: &str| one.get(key).and_then(Value::as_str);
            match word("person").and_then(|id| id.parse().ok()) {
                Some(person) => told.push(people::name(tx, person)?),
                None => told.extend(word("slip").map(str::to_owned)),
            }
        }
        Ok(text(&told.join(self.between())))
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
            (FieldKind::Table, Value::Array(rows)) => {
                let rows = rows.iter().filter_map(Value::as_object);
                let told: Vec<String> = rows.map(|row| self.row(field, row)).collect();
                text(&told.join("；"))
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

    /// A row of a table, in one line.
    fn row(&self, field: &Field, row: &Map<String, Value>) -> String {
        let told = field.columns.iter().filter_map(|column| {
            let value = row.get(&column.key).filter(|value| !value.is_null())?;
            let name = column.name.in_language(self.language);
            Some(format!("{name}：{}", self.plain(column, value).words()))
        });
        told.collect::<Vec<String>>().join(self.between())
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

    pub(crate) fn between(&self) -> &'static str {
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
