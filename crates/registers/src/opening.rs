//! Opening stock: what every record that is taken over says for good, beside its action. Where it
//! was written before (`taken_from`), and the number it had there (`former_number`), which stands
//! for a number of the register's own where none is drawn. The reason is the act's comment.

use std::collections::BTreeSet;

use domain::Text;

use crate::Expr;
use crate::model::{Action, Builtin, Comment, Definition, Field, FieldKind, Required};

/// Field: the book, file or system a record was taken over from. Filled in says "taken over".
pub const TAKEN_FROM: &str = "taken_from";
/// Field: the number it had there.
pub const FORMER_NUMBER: &str = "former_number";

const TAKEN_FROM_CHARS: usize = 200;
const FORMER_NUMBER_CHARS: usize = 60;

/// Whether a field is one of those every record that is taken over has.
pub(crate) fn is_mark(field: &str) -> bool {
    [TAKEN_FROM, FORMER_NUMBER].contains(&field)
}

/// Gives a register that takes over the fields that say so, and asks for them and for a reason.
pub(crate) fn mark(definition: &mut Definition) {
    let Some(index) = definition
        .actions
        .iter()
        .position(|action| action.builtin == Some(Builtin::TakeOver))
    else {
        return;
    };
    let Some(action) = definition.actions.get(index) else {
        return;
    };
    let fields = [taken_from(), former_number(definition, action)];
    if let Some(action) = definition.actions.get_mut(index) {
        action.comment = Comment::Required;
        action
            .input
            .extend(fields.iter().map(|one| one.key.clone()));
    }
    definition.fields.extend(fields);
}

fn taken_from() -> Field {
    Field {
        help: Some(Text::new(
            "原簿册或系统的名称、年份、页行，如 2019 年收文簿第 12 页。",
            "The book or system it stood in, with year, page and line: receiving book of 2019, page 12.",
        )),
        required: Required::Always,
        max_length: Some(TAKEN_FROM_CHARS),
        ..field(TAKEN_FROM, Text::new("补录来源", "Taken over from"))
    }
}

/// Needed where the record will never have a number of the register's own; then it is the number,
/// and no two records have it.
fn former_number(definition: &Definition, action: &Action) -> Field {
    let number = definition.number.as_ref();
    let is_number = number.is_some_and(|rule| !rule.at.contains(&action.key));
    let mut unnumbered: Vec<&str> = states(definition, action)
        .into_iter()
        .filter(|state| is_number && !is_numbered_later(definition, state))
        .collect();
    unnumbered.dedup();
    let required = match unnumbered.as_slice() {
        [] => Required::Never,
        _ if action.to_any.is_empty() => Required::Always,
        some => in_states(some),
    };
    Field {
        help: Some(Text::new(
            "在原簿册上的编号。",
            "The number it has in that book.",
        )),
        required,
        unique: is_number,
        max_length: Some(FORMER_NUMBER_CHARS),
        ..field(FORMER_NUMBER, Text::new("原编号", "Former number"))
    }
}

fn field(key: &str, name: Text) -> Field {
    Field {
        key: key.to_owned(),
        name,
        help: None,
        kind: FieldKind::Text,
        to: None,
        choices: Vec::new(),
        choices_of: None,
        columns: Vec::new(),
        required: Required::Never,
        shown: None,
        default: None,
        compute: None,
        reserve: false,
        initials: false,
        open_item: false,
        unique: false,
        index: true,
        min: None,
        max: None,
        max_length: None,
        mask: None,
        visible: None,
        set_by: None,
    }
}

/// The states a record that is taken over may stand in.
fn states<'d>(definition: &'d Definition, action: &'d Action) -> Vec<&'d str> {
    if !action.to_any.is_empty() {
        return action.to_any.iter().map(String::as_str).collect();
    }
    let initial = definition.initial_state().map(|state| state.key.as_str());
    action.to.as_deref().or(initial).into_iter().collect()
}

/// Whether a record in a state can still come to the action that draws its number.
fn is_numbered_later(definition: &Definition, state: &str) -> bool {
    let Some(rule) = &definition.number else {
        return false;
    };
    let mut ahead = BTreeSet::from([state]);
    loop {
        let before = ahead.len();
        for action in &definition.actions {
            if action.from.iter().any(|from| ahead.contains(from.as_str())) {
                ahead.extend(action.to.as_deref());
            }
        }
        if ahead.len() == before {
            break;
        }
    }
    let draws = |action: &&Action| rule.at.contains(&action.key);
    let mut drawing = definition.actions.iter().filter(draws);
    drawing.any(|action| action.from.iter().any(|from| ahead.contains(from.as_str())))
}

/// Required in these states. Keys of states need no quoting: they are letters, digits and `_`.
fn in_states(states: &[&str]) -> Required {
    let list: Vec<String> = states.iter().map(|state| format!("'{state}'")).collect();
    let text = format!("state in [{}]", list.join(", "));
    match Expr::compile(&text) {
        Ok(expr) => Required::When(expr),
        // a state whose key is malformed is a mistake of its own
        Err(_) => Required::Always,
    }
}
