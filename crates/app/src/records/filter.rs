//! From the words of a list request to conditions on indexed fields. What is not indexed cannot be
//! filtered or sorted by: the answer says so instead of scanning.

use crate::{
    error::{Error, text},
    perform,
    views::ListInput,
};
use registers::{Definition, Field, FieldKind};
use serde_json::Value;
use store::{Column, Condition, IndexValue, ListQuery, Sort, Visible};

const CONDITIONS: usize = 20;
const WORDS_CHARS: usize = 200;
const LIMIT: i64 = 50;

/// The query of a list request.
pub(super) fn query(
    definition: &Definition,
    visible: Visible,
    input: &ListInput,
) -> Result<ListQuery, Error> {
    let mut conditions = Vec::new();
    for part in input
        .filter
        .iter()
        .flat_map(|filter| filter.split(','))
        .map(str::trim)
    {
        if !part.is_empty() {
            conditions.push(condition(definition, part)?);
        }
    }
    if conditions.len() > CONDITIONS {
        return Err(too_long());
    }
    if let Some(words) = input
        .q
        .as_deref()
        .map(str::trim)
        .filter(|words| !words.is_empty())
    {
        if words.chars().count() > WORDS_CHARS {
            return Err(too_long());
        }
        conditions.push(contains(definition, words));
    }
    let sort = sort(definition, input.sort.as_deref())?;
    Ok(ListQuery {
        register: definition.key.clone(),
        visible,
        conditions,
        sort,
        after: None,
        limit: input.limit.unwrap_or(LIMIT),
    })
}

/// Words are looked for in what everybody sees who sees the record, and in no ids, which may be those
/// of records that are hidden. Letters are looked for in how names are read, too.
fn contains(definition: &Definition, words: &str) -> Condition {
    let shown = |field: &&Field| field.visible.is_none() && field.target().is_none();
    let fields = definition.fields.iter().filter(shown);
    let key = |field: &Field| field.key.clone();
    let letters = words.chars().all(|one| one.is_ascii_alphanumeric());
    Condition::Contains {
        words: words.to_owned(),
        fields: fields
            .clone()
            .filter(|field| field.index)
            .map(key)
            .collect(),
        read: fields
            .filter(|field| letters && field.initials)
            .map(key)
            .collect(),
    }
}

fn too_long() -> Error {
    Error::malformed(
        "list.too_long",
        "筛选条件过多或过长",
        "too many or too long conditions",
    )
}

fn condition(definition: &Definition, part: &str) -> Result<Condition, Error> {
    for (operator, low, high) in [
        (">=", true, false),
        ("<=", false, true),
        (":", false, false),
    ] {
        let Some((key, value)) = part.split_once(operator) else {
            continue;
        };
        if operator == ":" && key == "state" {
            return states(definition, value);
        }
        if operator == ":" && key == "open" {
            return Ok(Condition::State(open_states(definition)));
        }
        let field = indexed(definition, key)?;
        if operator == ":" && field.target().is_some() {
            let id = value.parse().map_err(|_| unreadable(key))?;
            return Ok(Condition::LinksTo(key.to_owned(), id));
        }
        let field = ordered(field)?;
        let value = parse(field, value)?;
        return Ok(match (low, high) {
            (true, _) => Condition::Between(key.to_owned(), Some(value), None),
            (_, true) => Condition::Between(key.to_owned(), None, Some(value)),
            _ => Condition::Is(key.to_owned(), value),
        });
    }
    Err(unreadable(part))
}

/// States of the definition, each once: others are nobody's, and cost as much to look for.
fn states(definition: &Definition, value: &str) -> Result<Condition, Error> {
    let mut keys: Vec<String> = Vec::new();
    for key in value.split('|') {
        let state = definition.state(key).ok_or_else(|| unreadable(key))?;
        if !keys.contains(&state.key) {
            keys.push(state.key.clone());
        }
    }
    Ok(Condition::State(keys))
}

/// A field by whose order may be asked. WHY: the order of ids says nothing, and would tell the ids
/// of records that are hidden.
fn ordered(field: &Field) -> Result<&Field, Error> {
    match field.target() {
        None => Ok(field),
        Some(_) => Err(not_indexed(&field.key)),
    }
}

/// The states from which a record can still go on.
fn open_states(definition: &Definition) -> Vec<String> {
    definition
        .states
        .iter()
        .filter(|state| !definition.is_final(&state.key))
        .map(|state| state.key.clone())
        .collect()
}

fn unreadable(part: &str) -> Error {
    let part: String = part.chars().take(60).collect();
    Error::Malformed {
        code: "list.filter",
        say: text(
            &format!("看不懂筛选条件 `{part}`；写法为 field:value、field>=value、state:x"),
            &format!(
                "the condition `{part}` is not understood; write field:value, field>=value, state:x"
            ),
        ),
    }
}

fn indexed<'d>(definition: &'d Definition, key: &str) -> Result<&'d Field, Error> {
    definition
        .field(key)
        .filter(|field| field.index && field.visible.is_none())
        .ok_or_else(|| not_indexed(key))
}

fn not_indexed(key: &str) -> Error {
    let key: String = key.chars().take(60).collect();
    Error::Malformed {
        code: "list.not_indexed",
        say: text(
            &format!("字段 `{key}` 不能用于筛选或排序"),
            &format!("the field `{key}` cannot be filtered or sorted by"),
        ),
    }
}

/// A value as it is written in a condition, for the index.
fn parse(field: &Field, value: &str) -> Result<IndexValue, Error> {
    let kind = field.kind;
    let json = if kind == FieldKind::Bool {
        value.parse::<bool>().ok().map(Value::from)
    } else if kind == FieldKind::Integer {
        value.parse::<i64>().ok().map(Value::from)
    } else if perform::is_broken(kind) {
        let number = value.parse::<f64>().ok();
        number.filter(|number| number.is_finite()).map(Value::from)
    } else {
        Some(Value::from(value))
    };
    perform::index_value(kind, json.as_ref()).ok_or_else(|| unreadable(value))
}

fn sort(definition: &Definition, sort: Option<&str>) -> Result<Sort, Error> {
    match sort.map(str::trim) {
        None | Some("" | "-created_at") => Ok(Sort::Newest),
        Some("created_at") => Ok(Sort::Oldest),
        Some(key) => {
            let (key, descending) = match key.strip_prefix('-') {
                Some(key) => (key, true),
                None => (key, false),
            };
            let field = ordered(indexed(definition, key)?)?;
            Ok(Sort::Field {
                key: key.to_owned(),
                column: column(field.kind),
                descending,
            })
        }
    }
}

/// Where the index keeps values of a kind.
fn column(kind: FieldKind) -> Column {
    if perform::is_kept_as_number(kind) {
        Column::Int
    } else {
        Column::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packs::Packs;

    fn code<T: std::fmt::Debug>(refused: Result<T, Error>) -> &'static str {
        match refused {
            Err(Error::Malformed { code, .. }) => code,
            other => panic!("not refused: {other:?}"),
        }
    }

    /// Issue 2, acceptance 2: what is hidden is not found by asking for an order of ids.
    #[test]
    fn nothing_is_told_by_the_order_of_ids() {
        let catalogue = Packs::Shipped.catalogue().unwrap();
        let loan = catalogue.definition("loan").unwrap();
        for part in ["copy>=0198", "copy<=0198", "borrower>=0198"] {
            assert_eq!(code(condition(loan, part)), "list.not_indexed", "{part}");
        }
        assert_eq!(code(sort(loan, Some("copy"))), "list.not_indexed");
        assert_eq!(code(sort(loan, Some("-borrower"))), "list.not_indexed");
        assert!(sort(loan, Some("-due_at")).is_ok());
    }

    #[test]
    fn only_states_that_there_are_may_be_asked_for_each_once() {
        let catalogue = Packs::Shipped.catalogue().unwrap();
        let loan = catalogue.definition("loan").unwrap();
        assert_eq!(code(condition(loan, "state:nowhere")), "list.filter");
        let many = format!("state:lent{}", "|lent".repeat(1000));
        let Condition::State(states) = condition(loan, &many).unwrap() else {
            panic!("no states")
        };
        assert_eq!(states, ["lent"]);
    }
}
