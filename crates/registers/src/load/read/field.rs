//! Fields and columns.

use std::collections::BTreeSet;

use super::{stand_in, unique};
use crate::Who;
use crate::limits;
use crate::load::mistake::Mistake;
use crate::load::reader::{FieldCount, Reader, is_key};
use crate::load::table::{At, Table};
use crate::load::wanted::{ExprScope, RefTo, Scope, Spot, Wants};
use crate::model::{Choice, ChoicesOf, Field, FieldKind, Required, SetBy, Visible};
use crate::numbering::NumberFormat;

/// The fields under a key of a table.
pub(super) fn fields<'t>(
    reader: &Reader<'t>,
    table: &Table<'t>,
    key: &'static str,
    scope: &Scope,
) -> Vec<Field> {
    let mut seen = BTreeSet::new();
    let mut fields = Vec::new();
    for entry in table.tables(key, "[[field]]") {
        match reader.one_more_field() {
            FieldCount::Fits => {}
            FieldCount::FirstTooMany => {
                entry.note(
                    entry.at,
                    Mistake::TooManyFields {
                        max: limits::FIELDS_MAX,
                    },
                );
                break;
            }
            FieldCount::TooMany => break,
        }
        let place = Place {
            scope,
            row_of: None,
        };
        if let Some(field) = field(reader, entry, &place, &mut seen) {
            fields.push(field);
        }
    }
    fields
}

/// Where a field stands.
struct Place<'p> {
    scope: &'p Scope,
    /// The table field whose column it is.
    row_of: Option<&'p str>,
}

impl Place<'_> {
    fn expressions(&self) -> ExprScope {
        match (self.row_of, self.scope) {
            (None, scope) => scope.expressions(),
            (Some(field), Scope::Record) => ExprScope::Row {
                line: None,
                field: field.to_owned(),
            },
            (Some(field), Scope::Line(line)) => ExprScope::Row {
                line: Some(line.clone()),
                field: field.to_owned(),
            },
        }
    }
}

fn field<'t>(
    reader: &Reader<'t>,
    table: Table<'t>,
    place: &Place<'_>,
    seen: &mut BTreeSet<String>,
) -> Option<Field> {
    let key = reader.variable_key(&table);
    if let Some(key) = &key {
        unique(&table, seen, key, "[[field]]");
    }
    let name = stand_in(table.need_text("name"));
    let kind = table
        .need("type")
        .and_then(|item| item.word(&FieldKind::ALL));
    if let (None, Some(key)) = (kind, &key) {
        reader.broken_field(&key.value);
    }
    let key_text = key
        .as_ref()
        .map(|key| key.value.clone())
        .unwrap_or_default();
    let field = Field {
        name,
        help: table.text("help"),
        kind: kind.unwrap_or(FieldKind::Text),
        to: target(reader, &table, place),
        choices: choices(&table),
        choices_of: choices_of(&table),
        columns: columns(reader, &table, place, &key_text),
        required: required(reader, &table, place),
        shown: reader.expr(&table, "shown", place.expressions(), Wants::Truth),
        default: reader.expr(&table, "default", place.expressions(), Wants::Anything),
        compute: reader.expr(&table, "compute", place.expressions(), Wants::Computed),
        reserve: table.flag("reserve"),
        open_item: table.flag("open_item"),
        unique: table.flag("unique"),
        index: table.flag("index") || table.flag("initials"),
        initials: table.flag("initials"),
        min: table.number("min"),
        max: table.number("max"),
        max_length: max_length(&table),
        mask: mask(&table),
        visible: visible(reader, &table, place),
        set_by: table.word("set_by", &[("effect", SetBy::Effect)]),
        key: key_text,
    };
    if kind.is_some() {
        check_keys(&table, &field);
    }
    if let Some(item) = table.item("reserve") {
        reader.spot(&table, item.at, Spot::Reserve(field.key.clone()));
    }
    table.close();
    key.map(|_| field)
}

fn target<'t>(reader: &Reader<'t>, table: &Table<'t>, place: &Place<'_>) -> Option<String> {
    let to = table.string("to")?;
    reader.want(table, to.at, place.scope, RefTo::Register(to.value.clone()));
    Some(to.value)
}

/// `choices = "regimes"`.
fn choices_of(table: &Table<'_>) -> Option<ChoicesOf> {
    table.item("choices").filter(|item| item.is_string())?;
    table.word("choices", &[("regimes", ChoicesOf::Regimes)])
}

fn choices(table: &Table<'_>) -> Vec<Choice> {
    let mut seen = BTreeSet::new();
    let mut choices = Vec::new();
    if table.item("choices").is_some_and(|item| item.is_string()) {
        return choices;
    }
    for entry in table.tables("choices", "a choice") {
        let key = entry.need_string("key").filter(|key| {
            let good = is_key(&key.value);
            if !good {
                let written = crate::load::mistake::quoted(&key.value);
                entry.note(key.at, Mistake::BadKey { written });
            }
            good
        });
        let zh = entry.need_string("zh").map(|text| text.value);
        let en = entry.need_string("en").map(|text| text.value);
        if let Some(key) = &key {
            unique(&entry, &mut seen, key, "a choice");
        }
        if let (Some(key), Some(zh), Some(en)) = (key, zh, en) {
            choices.push(Choice {
                key: key.value,
                name: domain::Text::new(zh, en),
            });
        }
        entry.close();
    }
    choices
}

fn columns<'t>(reader: &Reader<'t>, table: &Table<'t>, place: &Place<'_>, key: &str) -> Vec<Field> {
    if place.row_of.is_some() {
        if let Some(item) = table.item("column") {
            table.note(item.at, Mistake::NestedTable);
        }
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    let inside = Place {
        scope: place.scope,
        row_of: Some(key),
    };
    let mut columns = Vec::new();
    for entry in table.tables("column", "[[field.column]]") {
        match reader.one_more_field() {
            FieldCount::Fits => {}
            FieldCount::FirstTooMany => {
                entry.note(
                    entry.at,
                    Mistake::TooManyFields {
                        max: limits::FIELDS_MAX,
                    },
                );
                break;
            }
            FieldCount::TooMany => break,
        }
        columns.extend(field(reader, entry, &inside, &mut seen));
    }
    columns
}

fn required<'t>(reader: &Reader<'t>, table: &Table<'t>, place: &Place<'_>) -> Required {
    let Some(item) = table.item("required") else {
        return Required::Never;
    };
    if item.is_string() {
        let expr = reader.expr_of(item, place.expressions(), Wants::Truth);
        return expr.map_or(Required::Never, Required::When);
    }
    match item.boolean() {
        Some(true) => Required::Always,
        _ => Required::Never,
    }
}

fn max_length(table: &Table<'_>) -> Option<usize> {
    let At { value, at } = table.count("max_length")?;
    if value == 0 || value > limits::FIELD_CHARS_MAX {
        table.note(
            at,
            Mistake::TooLong {
                max: limits::FIELD_CHARS_MAX,
            },
        );
        return None;
    }
    Some(value)
}

/// The form of what is typed, written like that of a register's own numbers.
pub(super) fn mask(table: &Table<'_>) -> Option<NumberFormat> {
    let At { value, at } = table.string("mask")?;
    NumberFormat::parse(&value)
        .map_err(|error| table.note(at, Mistake::NumberFormat { error }))
        .ok()
}

fn visible<'t>(reader: &Reader<'t>, table: &Table<'t>, place: &Place<'_>) -> Option<Visible> {
    let visible = table.table("visible", "visible")?;
    let roles = shown_to(reader, &visible, "roles", place);
    let only = shown_to(reader, &visible, "only", place);
    let states = visible.strings("states");
    for state in &states {
        reader.want(
            &visible,
            state.at,
            place.scope,
            RefTo::State(state.value.clone()),
        );
    }
    let visible_to = Visible {
        roles,
        states: states.into_iter().map(|state| state.value).collect(),
        only,
    };
    visible.close();
    Some(visible_to)
}

/// Roles, and people in fields: whoever else `who` may name cannot be told from the record alone.
fn shown_to<'t>(
    reader: &Reader<'t>,
    visible: &Table<'t>,
    key: &'static str,
    place: &Place<'_>,
) -> Vec<Who> {
    let named = reader.who(visible, key, place.scope).unwrap_or_default();
    for case in &named.any {
        let fits = match &case.who {
            Who::Role(_) => true,
            Who::Field(path) => match path.as_slice() {
                [_] => true,
                [record, _] => record == "record",
                _ => false,
            },
            Who::HeadOf(_)
            | Who::HolderOf(_)
            | Who::Drafter
            | Who::Proposer
            | Who::System
            | Who::Staff => false,
        };
        if !fits || case.when.is_some() {
            let at = visible.item(key).map_or(visible.at, |item| item.at);
            visible.note(at, Mistake::VisibleTo);
        }
    }
    named.any.into_iter().map(|case| case.who).collect()
}

/// Keys that do not go with the type, or that the type needs.
fn check_keys(table: &Table<'_>, field: &Field) {
    use FieldKind as K;
    let kind = field.kind;
    let is_link = matches!(kind, K::Link | K::Links);
    let chooses = matches!(kind, K::Choice | K::Choices | K::Checklist);
    let bounded = kind.is_number() || kind.is_list();
    let fits = |key: &'static str, there: bool, fits: bool| {
        if there && !fits {
            let at = table.item(key).map_or(table.at, |item| item.at);
            table.note(
                at,
                Mistake::FieldKeyForeign {
                    key,
                    kind: kind.word(),
                },
            );
        }
    };
    fits("to", field.to.is_some(), is_link);
    fits(
        "choices",
        !field.choices.is_empty() || field.choices_of.is_some(),
        chooses,
    );
    fits("column", !field.columns.is_empty(), kind == K::Table);
    fits("compute", field.compute.is_some(), kind == K::Computed);
    fits("reserve", field.reserve, is_link);
    fits("open_item", field.open_item, kind == K::Person);
    fits("min", field.min.is_some(), bounded);
    fits("max", field.max.is_some(), bounded);
    fits("max_length", field.max_length.is_some(), kind.is_text());
    fits("mask", table.item("mask").is_some(), kind == K::Text);
    let whole = !matches!(kind, K::Table | K::Signature | K::Checklist);
    fits("unique", field.unique, whole && kind != K::Computed);
    fits("index", table.flag("index"), whole);
    fits("initials", field.initials, kind == K::Text);
    let needs = |key: &'static str, needed: bool, there: bool| {
        // WHY: a value that is there but unreadable has its own report already
        if needed && !there && table.item(key).is_none() {
            table.note(
                table.at,
                Mistake::FieldKeyNeeded {
                    key,
                    kind: kind.word(),
                },
            );
        }
    };
    needs("to", is_link, field.to.is_some());
    needs("choices", chooses, !field.choices.is_empty());
    needs("column", kind == K::Table, !field.columns.is_empty());
    needs("compute", kind == K::Computed, field.compute.is_some());
    let filled_in = !field.required.is_never() || field.default.is_some() || field.set_by.is_some();
    if kind == K::Computed && filled_in {
        table.note(table.at, Mistake::ComputeSettable);
    }
    if let (Some(min), Some(max)) = (field.min, field.max)
        && min > max
    {
        let at = table.item("min").map_or(table.at, |item| item.at);
        table.note(at, Mistake::BoundsCrossed);
    }
}
