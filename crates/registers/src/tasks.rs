//! Whom a record gives a task: the people in fields that `who` of an action names. They know of the
//! record for as long as it is open and names them, for nobody acts on what they may not see.

use std::collections::BTreeSet;

use crate::Who;
use crate::model::{Action, Definition, FieldKind};

/// The person fields of a register, or of a kind of lines, whose people act on its records.
pub fn fields(definition: &Definition) -> BTreeSet<&str> {
    let own = definition.actions.iter().filter(|action| acts(action));
    let own = own.flat_map(|action| named(action, |path| single(path)));
    let of_lines = definition.lines.iter().flat_map(|line| {
        let actions = line.actions.iter().filter(|action| !action.added);
        actions.flat_map(|action| {
            named(action, |path| match path {
                [record, field] if record == "record" => Some(field.as_str()),
                // a bare name is the line's field, or else the record's
                [field] if line.field(field).is_none() => Some(field.as_str()),
                _ => None,
            })
        })
    });
    let mut fields: BTreeSet<&str> = own.chain(of_lines).collect();
    fields.retain(|key| {
        let field = definition.field(key);
        field.is_some_and(|field| matches!(field.kind, FieldKind::Person | FieldKind::Persons))
    });
    fields
}

/// Whether an action is done on a record that is there, and the definition writes it.
fn acts(action: &Action) -> bool {
    !action.added && !action.is_initial()
}

fn single(path: &[String]) -> Option<&str> {
    match path {
        [field] => Some(field),
        _ => None,
    }
}

/// The fields that an action's `who` names.
fn named<'a>(action: &'a Action, field: impl Fn(&'a [String]) -> Option<&'a str>) -> Vec<&'a str> {
    let cases = action.who.any.iter();
    cases
        .filter_map(|case| match &case.who {
            Who::Field(path) => field(path),
            Who::Role(_)
            | Who::HeadOf(_)
            | Who::HolderOf(_)
            | Who::Drafter
            | Who::Proposer
            | Who::System
            | Who::Staff => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::tests::shipped::shipped;

    #[test]
    fn a_task_is_for_those_whom_an_action_names_and_who_act_on_what_is_there() {
        let catalogue = shipped();
        let of = |register: &str| -> Vec<&str> {
            let definition = catalogue.kept_as(register).unwrap();
            fields(definition).into_iter().collect()
        };
        assert_eq!(of("finding"), ["responsible"]);
        assert_eq!(of("stock_take"), ["counters"], "named by its lines");
        assert_eq!(of("exam_session"), ["invigilators", "markers"]);
        assert_eq!(of("exam_session.candidates"), ["candidate"]);
        assert_eq!(of("meeting"), ["secrecy_lead"]);
        // who only signs, or only asks, has it before them anyway
        assert_eq!(of("circulation.readers"), [""; 0]);
        assert_eq!(of("loan"), [""; 0]);
    }
}
