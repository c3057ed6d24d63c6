//! What a cell says, in the form its field takes: words and numbers as people write them, names and
//! numbers of records for what they link to. A cell that cannot be read goes on as it is, and the
//! register's own check says what is wrong with it.

use super::columns;
use crate::{core::Inner, error::Error, limits, problems::Problem, views::Perform};
use domain::{Level, RecordId, Timestamp};
use jiff::civil::{Date, DateTime};
use registers::{Definition, Field, FieldKind};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use store::{Condition, IndexValue, ListQuery, Sort, Tx, Visible};

/// What stands between several things in one cell.
const BETWEEN: [char; 6] = ['、', ',', '，', ';', '；', '\n'];

/// How much of a cell is repeated to who wrote it.
const SHOWN_CHARS: usize = 60;

/// Reads cells for one caller.
pub(super) struct Values<'v> {
    inner: &'v Inner,
    /// Where the rows go.
    register: &'v str,
    /// What the caller sees; names of other records say nothing.
    visible: &'v Visible,
    /// What names stand for, by register and name: rows say the same ones again and again.
    known: HashMap<(String, String), Found>,
}

/// What a name stands for.
#[derive(Clone)]
enum Found {
    One(String),
    None,
    Several,
}

impl<'v> Values<'v> {
    pub(super) fn new(inner: &'v Inner, register: &'v str, visible: &'v Visible) -> Self {
        Self {
            inner,
            register,
            visible,
            known: HashMap::new(),
        }
    }

    /// Puts the cells of a row, and of those that go on with it, into a request; what could not be found is told.
    pub(super) fn fill(
        &mut self,
        tx: &mut Tx<'_>,
        definition: &Definition,
        (mapping, rows): (&[Option<String>], &[&[Value]]),
        request: &mut Perform,
    ) -> Result<Vec<Problem>, Error> {
        let mut problems = Vec::new();
        for cells in rows {
            // one more row of each table or line that this row says something of
            let mut nested: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
            for (target, cell) in mapping.iter().zip(*cells) {
                let (Some(target), false) = (target, cell.is_null()) else {
                    continue;
                };
                if cell.is_object() {
                    problems.push(Problem::field(
                        target,
                        "import.error_cell",
                        "单元格中的公式出错，请改正",
                        "the formula in this cell went wrong: mend it",
                    ));
                    continue;
                }
                match columns::field(definition, target) {
                    Some(field) if target != columns::STATE => {
                        match (
                            self.value(tx, (field, target), cell)?,
                            target.split_once('.'),
                        ) {
                            (Ok(value), Some((table, key))) => {
                                nested
                                    .entry(table)
                                    .or_default()
                                    .insert(key.to_owned(), value);
                            }
                            (Ok(value), None) => {
                                request.input.insert(target.clone(), value);
                            }
                            (Err(problem), _) => problems.push(problem),
                        }
                    }
                    _ => problems.extend(self.besides(definition, target, cell, request)),
                }
            }
            for (table, row) in nested {
                let rows = request
                    .input
                    .entry(table)
                    .or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(rows) = rows {
                    rows.push(row.into());
                }
            }
        }
        Ok(problems)
    }

    /// What is no field: the state a record is taken over in, and when it happened.
    fn besides(
        &self,
        definition: &Definition,
        target: &str,
        cell: &Value,
        request: &mut Perform,
    ) -> Option<Problem> {
        if target == columns::STATE {
            let state = state(definition, &words(cell));
            request.input.insert(target.to_owned(), state.into());
            return None;
        }
        let Some(at) = self.instant(&words(cell)) else {
            return Some(Problem::field(
                target,
                "import.time",
                "无法识别的时间，应如 2026-03-01 22:10",
                "no time, which is written 2026-03-01 22:10",
            ));
        };
        request.occurred_at = Some(at);
        None
    }

    fn value(
        &mut self,
        tx: &mut Tx<'_>,
        (field, column): (&Field, &str),
        cell: &Value,
    ) -> Result<Result<Value, Problem>, Error> {
        let text = words(cell);
        if let Some(target) = field.target() {
            return self.links(tx, (field, column, target), &text);
        }
        Ok(Ok(match field.kind {
            FieldKind::Integer | FieldKind::Decimal | FieldKind::Score | FieldKind::Money => {
                number(&text).into()
            }
            FieldKind::Date => day(&text).map_or_else(|| text.into(), Value::from),
            FieldKind::Datetime => self
                .instant(&text)
                .map_or_else(|| text.into(), |at| at.to_string().into()),
            FieldKind::Period => period(&text).unwrap_or_else(|| text.into()),
            FieldKind::Bool => yes_no(&text).map_or_else(|| text.into(), Value::from),
            FieldKind::Choice => choice(field, &text).into(),
            FieldKind::Choices => parts(&text).map(|one| choice(field, one)).collect(),
            FieldKind::Level => level(&text).into(),
            FieldKind::Term if text.parse::<u32>().is_ok() => format!("{text}年").into(),
            FieldKind::OutsideOrg | FieldKind::OutsidePerson => json!({ "name": text }),
            FieldKind::Text
            | FieldKind::LongText
            | FieldKind::Duration
            | FieldKind::Term
            | FieldKind::Mark
            | FieldKind::NumberRange
            // these link, or no cell can say them
            | FieldKind::Person
            | FieldKind::Persons
            | FieldKind::Unit
            | FieldKind::Units
            | FieldKind::Post
            | FieldKind::Place
            | FieldKind::Link
            | FieldKind::Links
            | FieldKind::Table
            | FieldKind::File
            | FieldKind::Files
            | FieldKind::Label
            | FieldKind::Checklist
            | FieldKind::Signature
            | FieldKind::Computed => text.into(),
        }))
    }

    /// An instant, or a time as the site's clocks show it.
    fn instant(&self, text: &str) -> Option<Timestamp> {
        if let Ok(at) = text.parse::<Timestamp>() {
            return Some(at);
        }
        let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, "00:00"));
        let date = day(date)?;
        let local: DateTime = format!("{date}T{}", time.trim()).parse().ok()?;
        let at = self.inner.zone.to_timestamp(local).ok()?;
        Timestamp::from_millisecond(at.as_millisecond()).ok()
    }

    fn links(
        &mut self,
        tx: &mut Tx<'_>,
        (field, column, target): (&Field, &str, &str),
        text: &str,
    ) -> Result<Result<Value, Problem>, Error> {
        let several = matches!(
            field.kind,
            FieldKind::Links | FieldKind::Persons | FieldKind::Units
        );
        if !several {
            return Ok(self.link(tx, (column, target), text)?.map(Value::from));
        }
        let mut ids = Vec::new();
        for one in parts(text) {
            if ids.len() >= limits::IMPORT_NAMES {
                return Ok(Err(Problem::field(
                    column,
                    "import.names",
                    "一格中的名称过多，至多 200 个",
                    "there are too many names in one cell: 200 are the most",
                )));
            }
            match self.link(tx, (column, target), one)? {
                Ok(id) => ids.push(id),
                Err(problem) => return Ok(Err(problem)),
            }
        }
        Ok(Ok(ids.into()))
    }

    /// The one record of this id, number or name that the caller sees.
    fn link(
        &mut self,
        tx: &mut Tx<'_>,
        (column, target): (&str, &str),
        text: &str,
    ) -> Result<Result<String, Problem>, Error> {
        let key = (target.to_owned(), text.to_owned());
        let found = match self.known.get(&key) {
            Some(found) => found.clone(),
            None => {
                let found = self.look_up(tx, target, text)?;
                self.known.insert(key, found.clone());
                found
            }
        };
        let shown: String = text.chars().take(SHOWN_CHARS).collect();
        Ok(match found {
            Found::One(id) => Ok(id),
            Found::Several => Err(Problem::field(
                column,
                "import.several",
                &format!("有多个“{shown}”，请改填编号"),
                &format!("there are several called “{shown}”: write the number instead"),
            )),
            Found::None => {
                let (zh, en) = if target == self.register {
                    (
                        "（同一文件中后面的行导入后会自动再试）",
                        " (rows further down in the file are found once they are taken in)",
                    )
                } else {
                    ("", "")
                };
                Err(Problem::field(
                    column,
                    "import.not_found",
                    &format!("没有找到“{shown}”，请核对名称或编号{zh}"),
                    &format!(
                        "there is no “{shown}” that you may know of: check its name or number{en}"
                    ),
                ))
            }
        })
    }

    fn look_up(&self, tx: &mut Tx<'_>, target: &str, text: &str) -> Result<Found, Error> {
        if text.parse::<RecordId>().is_ok() {
            return Ok(Found::One(text.to_owned()));
        }
        if let Some(row) = tx.visible_numbered(target, text, self.visible)? {
            return Ok(Found::One(row.id.to_string()));
        }
        for key in names(self.inner.catalogue.definition(target)) {
            let query = ListQuery {
                register: target.to_owned(),
                visible: self.visible.clone(),
                conditions: vec![Condition::Is(key, IndexValue::Text(text.to_owned()))],
                sort: Sort::Newest,
                after: None,
                limit: 2,
            };
            match tx.list(&query)?.as_slice() {
                [] => {}
                [only] => return Ok(Found::One(only.id.to_string())),
                _ => return Ok(Found::Several),
            }
        }
        Ok(Found::None)
    }
}

/// The fields by which records of a register are called: what is unique first.
fn names(definition: Option<&Definition>) -> Vec<String> {
    let fields = definition.map_or(&[][..], |definition| &definition.fields);
    // what not everybody sees who sees the record must not be found out by asking
    let written =
        |field: &&Field| field.index && field.kind == FieldKind::Text && field.visible.is_none();
    let unique = fields.iter().filter(written).filter(|field| field.unique);
    let called = fields.iter().filter(written);
    let called = called.filter(|field| ["name", "title", "serial"].contains(&field.key.as_str()));
    unique
        .chain(called)
        .map(|field| field.key.clone())
        .collect()
}

/// A cell as it would be written.
pub(super) fn words(cell: &Value) -> String {
    match cell {
        Value::String(text) => text.trim().to_owned(),
        Value::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        Value::Null => String::new(),
        Value::Object(went_wrong) => {
            let error = went_wrong.get("error").and_then(Value::as_str);
            error.unwrap_or_default().to_owned()
        }
        Value::Number(_) | Value::Array(_) => cell.to_string(),
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(BETWEEN).map(str::trim);
    parts.filter(|part| !part.is_empty())
}

/// A number without what stands between its thousands: `1,234.5`, and not `1,5`.
fn number(text: &str) -> String {
    let text = text.replace('，', ",");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let mut groups = whole.trim_start_matches('-').split(',');
    let digits = |group: &str| group.bytes().all(|one| one.is_ascii_digit());
    let first = groups.next().unwrap_or_default();
    let is_grouped = (1..=3).contains(&first.len())
        && digits(first)
        && groups.all(|group| group.len() == 3 && digits(group));
    if is_grouped && !rest.contains(',') {
        text.replace(',', "")
    } else {
        text
    }
}

/// A day in any of the usual spellings: 2026-3-1, 2026/03/01, 2026年3月1日, 20260301.
fn day(text: &str) -> Option<String> {
    let text = text.trim();
    let (text, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    // a time behind it is no part of the day; anything else is no day
    if !time
        .trim()
        .bytes()
        .all(|one| one.is_ascii_digit() || one == b':')
    {
        return None;
    }
    let numbers: Vec<&str> = if text.len() == 8 && text.bytes().all(|one| one.is_ascii_digit()) {
        vec![text.get(..4)?, text.get(4..6)?, text.get(6..)?]
    } else {
        let parts = text.split(['-', '/', '.', '年', '月', '日']);
        parts.filter(|part| !part.is_empty()).collect()
    };
    let [year, month, day] = numbers.as_slice() else {
        return None;
    };
    if year.len() != 4 {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    date.ok().map(|date| date.to_string())
}

/// 2026-03-01 – 2026-03-05, 2026年3月1日至3月5日 is not taken: both days are whole.
fn period(text: &str) -> Option<Value> {
    let (from, to) = ["至", "–", "—", "~", "～", " - ", "到"]
        .iter()
        .find_map(|between| text.split_once(between))?;
    Some(json!({ "from": day(from)?, "to": day(to)? }))
}

fn yes_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "是" | "有" | "对" | "yes" | "y" | "true" | "1" | "√" | "✓" => Some(true),
        "否" | "无" | "不" | "no" | "n" | "false" | "0" | "×" => Some(false),
        _ => None,
    }
}

fn choice(field: &Field, text: &str) -> String {
    let is_meant = |names: [&String; 3]| names.iter().any(|name| name.eq_ignore_ascii_case(text));
    let mut choices = field.choices.iter();
    let found = choices.find(|choice| is_meant([&choice.key, &choice.name.zh, &choice.name.en]));
    found.map_or(text, |choice| &choice.key).to_owned()
}

fn state(definition: &Definition, text: &str) -> String {
    let mut states = definition.states.iter();
    let found = states.find(|state| {
        let names = [&state.key, &state.name.zh, &state.name.en];
        names.iter().any(|name| name.eq_ignore_ascii_case(text))
    });
    found.map_or(text, |state| &state.key).to_owned()
}

/// A level by its key or its word; in English words of two families may be the same, and the first counts.
fn level(text: &str) -> String {
    if ["公开", "open", "非密"].contains(&text) {
        return "open".to_owned();
    }
    let found = Level::ALL
        .iter()
        .find(|level| level.zh() == text || level.en().eq_ignore_ascii_case(text));
    found.map_or_else(|| text.to_owned(), |level| level.key().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_every_usual_spelling_and_nothing_else() {
        for text in [
            "2026-03-01",
            "2026-3-1",
            "2026/03/1",
            "2026.3.1",
            "2026年3月1日",
            "20260301",
            " 2026-03-01 00:00:00",
        ] {
            assert_eq!(day(text).as_deref(), Some("2026-03-01"), "{text}");
        }
        for text in [
            "",
            "26-3-1",
            "2026-13-1",
            "2026-3",
            "3月1日",
            "1-3-2026",
            "2026-02-30",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
        let period = period("2026-3-1 至 2026/3/5");
        assert_eq!(
            period.unwrap(),
            json!({ "from": "2026-03-01", "to": "2026-03-05" })
        );
    }

    #[test]
    fn commas_are_taken_out_of_numbers_only_between_thousands() {
        let read = ["1,234.5", "-12,345", "1,5", "1,23,456", "12"].map(number);
        assert_eq!(read, ["1234.5", "-12345", "1,5", "1,23,456", "12"]);
    }

    #[test]
    fn yes_no_and_levels_are_read_as_people_write_them() {
        assert_eq!(
            (yes_no("是"), yes_no("N"), yes_no("也许")),
            (Some(true), Some(false), None)
        );
        assert_eq!(level("机密"), "state.secret");
        assert_eq!(level("公开"), "open");
        assert_eq!(level("state.secret"), "state.secret");
        assert_eq!(level("绝绝密"), "绝绝密", "left for the register to refuse");
    }
}
