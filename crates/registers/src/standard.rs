//! The actions every register has without writing them: correct, cancel, take over.
//!
//! They are added at load and may be written out by a definition to change who, when or what.
//! Cancel reaches only states in which nothing of the program has happened yet, so that 作废 never
//! undoes a movement of a carrier behind the ledger's back.

use std::collections::BTreeSet;

use domain::Text;

use crate::model::{
    Action, Assignments, Builtin, Comment, Definition, FieldKind, LabelRule, State,
};
use crate::{Who, WhoSet};

/// State of a cancelled record.
const CANCELLED: &str = "cancelled";

/// Adds the built-in actions a definition does not write itself.
pub(crate) fn add(definition: &mut Definition) {
    let untouched = untouched(definition);
    let written: BTreeSet<String> = definition
        .actions
        .iter()
        .map(|action| action.key.clone())
        .collect();
    let is_written = |builtin: Builtin| written.contains(builtin.key());
    let mut added = Vec::new();
    if !is_written(Builtin::Correct) {
        added.push(correct(definition));
    }
    if !is_written(Builtin::TakeOver) {
        added.push(take_over(definition, &untouched));
    }
    if !is_written(Builtin::Cancel) && !untouched.is_empty() {
        if definition.state(CANCELLED).is_none() {
            let name = Text::new("作废", "cancelled");
            let key = CANCELLED.to_owned();
            definition.states.push(State {
                key,
                name,
                initial: false,
                is_final: true,
            });
        }
        added.push(cancel(untouched));
    }
    definition.actions.extend(added);
}

/// Open states that can be reached without any effect of the program.
fn untouched(definition: &Definition) -> Vec<String> {
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    // a record waits in its initial state for approval, or an action without effect put it there
    let begins_untouched = definition.actions.iter().any(|action| {
        action.is_initial()
            && (action.effect.is_none() || definition.approval_of(&action.key).is_some())
    });
    let initial = definition.initial_state().filter(|_| begins_untouched);
    reached.extend(initial.map(|state| state.key.as_str()));
    let lines_have_effects = definition
        .lines
        .iter()
        .any(|line| line.actions.iter().any(|action| action.effect.is_some()));
    if !lines_have_effects {
        loop {
            let before = reached.len();
            for action in definition
                .actions
                .iter()
                .filter(|action| action.effect.is_none())
            {
                let starts = action.is_initial()
                    || action
                        .from
                        .iter()
                        .any(|from| reached.contains(from.as_str()));
                if starts {
                    reached.extend(action.to.as_deref());
                }
            }
            if reached.len() == before {
                break;
            }
        }
    }
    let open = |state: &&State| reached.contains(state.key.as_str()) && !state.is_final;
    definition
        .states
        .iter()
        .filter(open)
        .map(|state| state.key.clone())
        .collect()
}

fn blank(builtin: Builtin, name: Text, help: Text) -> Action {
    Action {
        key: builtin.key().to_owned(),
        name,
        help: Some(help),
        from: Vec::new(),
        to: None,
        to_any: Vec::new(),
        who: WhoSet::one(Who::Role("registrar".to_owned())),
        when: None,
        input: Vec::new(),
        set: Assignments::new(),
        step_up: false,
        sign: Vec::new(),
        effect: None,
        creates: Vec::new(),
        fan_out: Vec::new(),
        bulk: false,
        comment: Comment::Required,
        builtin: Some(builtin),
    }
}

/// Corrects what was written; what the label or a reservation hangs on is changed by its own
/// action only.
fn correct(definition: &Definition) -> Action {
    let name = Text::new("更正", "correct");
    let help = Text::new(
        "更正填写错误；原值和理由保留可查",
        "mends what was written wrongly; the old value and the reason stay visible",
    );
    let bound = |key: &str| match &definition.label {
        LabelRule::Join(sources) => sources.iter().any(|source| source == key),
        LabelRule::Proposed => {
            matches!(
                key,
                "level" | "term" | "compartments" | "scope_persons" | "scope_units"
            )
        }
        LabelRule::Open | LabelRule::Own => false,
    };
    let fields = definition.fields.iter().filter(|field| {
        let label = matches!(
            field.kind,
            FieldKind::Label | FieldKind::Level | FieldKind::Term
        );
        field.is_settable() && !field.reserve && !label && !bound(&field.key)
    });
    let input = fields.map(|field| field.key.clone()).collect();
    let from = definition.states.iter().map(|state| state.key.clone());
    let from = from.filter(|state| state != CANCELLED).collect();
    Action {
        from,
        input,
        ..blank(Builtin::Correct, name, help)
    }
}

fn cancel(from: Vec<String>) -> Action {
    let name = Text::new("作废", "cancel");
    let help = Text::new(
        "作废本记录；编号保留，不再使用",
        "closes the record; its number is kept and not used again",
    );
    Action {
        from,
        to: Some(CANCELLED.to_owned()),
        ..blank(Builtin::Cancel, name, help)
    }
}

/// Opening stock: any state that no effect leads to, or a closed one.
fn take_over(definition: &Definition, untouched: &[String]) -> Action {
    let name = Text::new("补录", "take over");
    let help = Text::new(
        "补录启用前已有的记录；当时未适用的规则不检查",
        "enters a record from before the system; rules it never met are not checked",
    );
    let states = definition.states.iter();
    let to_any = states
        .filter(|state| untouched.contains(&state.key) || state.is_final)
        .map(|state| state.key.clone())
        .collect();
    let mut input = crate::load::settable(&definition.fields);
    input.extend(crate::load::given_lines(&definition.lines));
    let comment = Comment::Optional;
    Action {
        to_any,
        input,
        comment,
        bulk: true,
        ..blank(Builtin::TakeOver, name, help)
    }
}
