//! Which column stands for which field: as the caller had it the last time, or by name.

use domain::Text;
use registers::{Action, Builtin, Definition, Field, FieldKind};
use serde_json::Value;
use std::collections::BTreeMap;

/// Takes the state a record is taken over in.
pub(super) const STATE: &str = "state";
/// Takes when it happened.
pub(super) const OCCURRED_AT: &str = "occurred_at";

/// What a column can stand for on an action.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) key: String,
    pub(super) name: Text,
}

/// Every target of an action, in the order of its input: its fields, and those of its tables and lines, of
/// which each row of the file may hold one more.
pub(super) fn targets(definition: &Definition, action: &Action) -> Vec<Target> {
    let state = (!action.to_any.is_empty()).then(|| Target {
        key: STATE.to_owned(),
        name: Text::new("状态", "State"),
    });
    let occurred = Target {
        key: OCCURRED_AT.to_owned(),
        name: Text::new("发生时间", "Occurred at"),
    };
    let fields = action.input.iter().filter_map(|key| definition.field(key));
    let own = fields.filter(|field| is_taken(field)).map(|field| Target {
        key: field.key.clone(),
        name: field.name.clone(),
    });
    let nested = action.input.iter().flat_map(|key| nested(definition, key));
    own.chain(state).chain([occurred]).chain(nested).collect()
}

/// The columns of a table, or the fields that a new line is given.
fn nested(definition: &Definition, key: &str) -> Vec<Target> {
    let (name, fields): (&Text, Vec<&Field>) = match (definition.field(key), definition.line(key)) {
        (Some(field), _) => (&field.name, field.columns.iter().collect()),
        (None, Some(line)) => {
            let makes = line.actions.iter().find(|action| action.is_initial());
            // what a later act of the line writes is not written with it
            let later = |key: &String| {
                let mut acts = line.actions.iter();
                acts.any(|one| !one.added && !one.is_initial() && one.input.contains(key))
            };
            let given = |field: &&Field| match makes {
                Some(action) => action.input.contains(&field.key),
                None => field.is_settable() && !later(&field.key),
            };
            (&line.name, line.fields.iter().filter(given).collect())
        }
        (None, None) => return Vec::new(),
    };
    let taken = fields.into_iter().filter(|field| is_taken(field));
    taken
        .map(|field| Target {
            key: format!("{key}.{}", field.key),
            name: Text::new(
                format!("{}·{}", name.zh, field.name.zh),
                format!("{} · {}", name.en, field.name.en),
            ),
        })
        .collect()
}

/// The field that a target stands for: the register's, or a column's of a table or line.
pub(super) fn field<'d>(definition: &'d Definition, target: &str) -> Option<&'d Field> {
    let Some((table, key)) = target.split_once('.') else {
        return definition.field(target);
    };
    match definition.line(table) {
        Some(line) => line.field(key),
        None => {
            let mut columns = definition.field(table)?.columns.iter();
            columns.find(|column| column.key == key)
        }
    }
}

/// Whether a row goes on with the record of the row above: it says nothing of a record's own, only one more row of
/// a table or line, or nothing that is taken in.
pub(super) fn continues(mapping: &[Option<String>], cells: &[Value]) -> bool {
    let said = mapping.iter().zip(cells).filter_map(|(target, cell)| {
        let blank = cell.is_null() || cell.as_str().is_some_and(|text| text.trim().is_empty());
        target.as_ref().filter(|_| !blank)
    });
    said.into_iter().all(|target| target.contains('.'))
}

/// Whether one cell can say what a field holds.
pub(super) fn is_taken(field: &Field) -> bool {
    !matches!(
        field.kind,
        FieldKind::File
            | FieldKind::Files
            | FieldKind::Table
            | FieldKind::Label
            | FieldKind::Checklist
            | FieldKind::Signature
            | FieldKind::Computed
    )
}

/// What is known of heads beside their names: what the caller says now, and what they said before (an empty
/// field: left out).
#[derive(Debug)]
pub(super) struct Known<'k> {
    pub(super) given: &'k BTreeMap<String, Option<String>>,
    pub(super) before: &'k [(String, String)],
}

/// Nothing is said now.
static NOTHING: BTreeMap<String, Option<String>> = BTreeMap::new();

impl<'k> Known<'k> {
    pub(super) fn before(before: &'k [(String, String)]) -> Self {
        Self {
            given: &NOTHING,
            before,
        }
    }
}

/// The target of each head: as it is given, else as it was before, else by its name. No target stands twice.
pub(super) fn suggested(
    heads: &[String],
    targets: &[Target],
    known: &Known<'_>,
) -> Vec<Option<String>> {
    let mut free: Vec<&Target> = targets.iter().collect();
    let mut mapping: Vec<Option<String>> = vec![None; heads.len()];
    let mut open: Vec<usize> = (0..heads.len()).collect();
    let before = |head: &String| known.before.iter().find(|(one, _)| one == head);
    let by_name = |head: &String, target: &Target| {
        let names = [&target.key, &target.name.zh, &target.name.en];
        names.iter().any(|name| bare(name) == bare(head))
    };
    // each pass settles what it knows, and leaves the rest to the next
    for pass in 0..3 {
        open.retain(|at| {
            let Some(head) = heads.get(*at) else {
                return false;
            };
            let wanted = match (pass, known.given.get(head), before(head)) {
                (0, Some(None), _) => return false,
                (1, _, Some((_, field))) if field.is_empty() => return false,
                (0, Some(Some(field)), _) | (1, _, Some((_, field))) => Some(field),
                (2, ..) => None,
                _ => return true,
            };
            let found = free.iter().position(|target| {
                wanted.map_or_else(|| by_name(head, target), |field| target.key == *field)
            });
            let Some(found) = found else { return true };
            if let Some(place) = mapping.get_mut(*at) {
                *place = Some(free.remove(found).key.clone());
            }
            false
        });
    }
    mapping
}

/// A head without what people put around it: `* 名称（必填）` is `名称`.
fn bare(head: &str) -> String {
    let cut = head.find(['(', '（', ':', '：']).unwrap_or(head.len());
    let plain = head.get(..cut).unwrap_or(head);
    plain
        .chars()
        .filter(|one| !one.is_whitespace() && *one != '*' && *one != '_')
        .flat_map(char::to_lowercase)
        .collect()
}

/// The action rows are taken in by: what is asked for, or the register's first that makes records.
pub(super) fn action<'d>(definition: &'d Definition, key: Option<&str>) -> Option<&'d Action> {
    let mut initial = definition.initial_actions();
    match key {
        Some(key) => initial.find(|action| action.key == key),
        None => initial.find(|action| action.builtin != Some(Builtin::TakeOver)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_row_goes_on_if_it_says_nothing_of_a_record() {
        let mapping = [
            Some("subject".to_owned()),
            None,
            Some("tools.what".to_owned()),
        ];
        let goes_on = |cells: Value| continues(&mapping, cells.as_array().unwrap());
        assert!(goes_on(json!([null, null, "x"])));
        assert!(goes_on(json!([" ", "left out", "x"])));
        assert!(!goes_on(json!(["y", null, "x"])));
        assert!(!goes_on(json!(["y"])));
        assert!(
            goes_on(json!([null, "left out"])),
            "a remark cuts no record in two"
        );
    }

    #[test]
    fn heads_are_known_by_name_in_both_languages_and_by_what_they_were_before() {
        let target = |key: &str, zh: &str, en: &str| Target {
            key: key.to_owned(),
            name: Text::new(zh, en),
        };
        let targets = [
            target("name", "名称", "Name"),
            target("post_kind", "岗位类别", "Kind"),
            target("unit", "单位", "Unit"),
        ];
        let heads = ["* 名称（必填）", "post kind", "部门", "name", "单位"].map(str::to_owned);
        let before = [("部门", "unit"), ("单位", "")]
            .map(|(head, field)| (head.to_owned(), field.to_owned()));
        let wanted = [Some("name"), Some("post_kind"), Some("unit"), None, None];
        assert_eq!(
            suggested(&heads, &targets, &Known::before(&before)),
            wanted.map(|one| one.map(str::to_owned)),
            "no field is taken twice"
        );
    }
}
