//! The actions every register has without writing them: correct, cancel, take over; and its lines: correct.
//!
//! They are added at load and may be written out by a definition to change who, when or what.
//! They never reach what only the program or a decision may do: records that the program makes
//! have none of them; cancel keeps to states in which nothing happened that would have to be
//! undone; correct leaves out every field that something else rests on (`rests`) and obeys the
//! rules that judge the others; take over reaches no state, open or closed, that only a decision,
//! a signature or the program gives, and what it enters is marked for good (`opening`).

use std::collections::BTreeSet;

use domain::Text;

use crate::load::Known;
use crate::model::{
    Action, Assignments, Builtin, ClockDef, Comment, Definition, Field, FieldKind, Nature, State,
    WITHDRAWN,
};
use crate::who::WhoCase;
use crate::{Who, WhoSet, opening, rests};

/// Who keeps the registers of an office.
const REGISTRAR: &str = "registrar";
/// Whom the policies let enter opening stock.
const OPENERS: [&str; 2] = [REGISTRAR, "office_head"];
/// State of a cancelled record.
const CANCELLED: &str = "cancelled";

/// Adds the built-in actions a definition does not write itself.
pub(crate) fn add(definition: &mut Definition, known: &Known<'_>) {
    add_actions(definition, known);
    correct_lines(definition, known);
    opening::mark(definition);
}

/// What was written wrongly in a line is mended like in a record, if nothing the register says reads it:
/// its rules, moves and totals look at lines too.
fn correct_lines(definition: &mut Definition, known: &Known<'_>) {
    let read = definition.names_read();
    let corrects: Vec<Option<Action>> = definition
        .lines
        .iter()
        .map(|line| {
            let mut lines = line.as_register(definition);
            // WHY: what was set under a condition or signed for is not set anew without it
            let free = |field: &Field| {
                let mut setters = line.actions.iter();
                setters.all(|action| {
                    let sets = action.input.contains(&field.key);
                    !sets || (action.when.is_none() && action.sign.is_empty() && is_plain(action))
                })
            };
            lines
                .fields
                .retain(|field| !read.contains(&field.key) && free(field));
            let written = line.action(Builtin::Correct.key()).is_some();
            correct(&lines, known).filter(|_| !written)
        })
        .collect();
    for (line, correct) in definition.lines.iter_mut().zip(corrects) {
        line.actions.extend(correct);
    }
}

fn add_actions(definition: &mut Definition, known: &Known<'_>) {
    let makers = makers(definition);
    if makers.any.is_empty() {
        // records that the program makes are the program's to change
        return;
    }
    let missing = |builtin: Builtin| definition.action(builtin.key()).is_none();
    let correct = missing(Builtin::Correct).then(|| correct(definition, known));
    let take_over = missing(Builtin::TakeOver).then(|| take_over(definition, &makers));
    let cancel = missing(Builtin::Cancel).then(|| cancel(definition, &makers));
    let added = [correct, take_over, cancel].into_iter().flatten().flatten();
    let added: Vec<Action> = added.collect();
    for action in added {
        match action.builtin {
            Some(Builtin::Cancel) => add_cancelled(definition),
            Some(Builtin::Correct | Builtin::TakeOver) | None => {}
        }
        definition.actions.push(action);
    }
}

/// Whether an action is somebody's at any time.
fn is_plain(action: &Action) -> bool {
    action.who.any.iter().all(|case| case.when.is_none())
}

/// Who may correct a field: whoever may set it by an action the definition writes. Nobody, if
/// only the program sets it.
pub fn correctors(definition: &Definition, field: &str) -> WhoSet {
    let setters = definition
        .actions
        .iter()
        .filter(|action| !action.added && action.input.iter().any(|input| input == field));
    own(setters)
}

/// Who makes records of the register; nobody, if only the program does.
fn makers(definition: &Definition) -> WhoSet {
    own(definition.initial_actions())
}

/// The people who may do one of these actions. What all of the staff may do with records of
/// their own is not theirs to do with everybody else's.
fn own<'a>(actions: impl Iterator<Item = &'a Action>) -> WhoSet {
    let mut any: Vec<WhoCase> = Vec::new();
    for case in actions.flat_map(|action| &action.who.any) {
        let who = match &case.who {
            Who::System => continue,
            Who::Staff | Who::Proposer => Who::Drafter,
            Who::Role(_) | Who::Field(_) | Who::HeadOf(_) | Who::HolderOf(_) | Who::Drafter => {
                case.who.clone()
            }
        };
        let when = case.when.clone();
        let case = WhoCase { who, when };
        if !any.contains(&case) {
            any.push(case);
        }
    }
    WhoSet { any }
}

/// Whether an action does more than change its own record, or somebody signed for it: then
/// cancelling the record would leave behind what it did.
fn is_binding(action: &Action) -> bool {
    action.effect.is_some()
        || !action.creates.is_empty()
        || !action.fan_out.is_empty()
        || !action.sign.is_empty()
}

/// The states that actions of one kind lead to, one after the other.
fn reached(definition: &Definition, leads: impl Fn(&Action) -> bool) -> BTreeSet<&str> {
    let initial = definition.initial_state().map(|state| state.key.as_str());
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    loop {
        let before = reached.len();
        for action in definition.actions.iter().filter(|action| leads(action)) {
            let starts = action.is_initial()
                || action
                    .from
                    .iter()
                    .any(|from| reached.contains(from.as_str()));
            if starts {
                reached.extend(
                    action
                        .to
                        .as_deref()
                        .or(initial.filter(|_| action.is_initial())),
                );
            }
        }
        if reached.len() == before {
            break;
        }
    }
    reached
}

/// Open states in which nothing has happened that would have to be undone.
fn untouched(definition: &Definition) -> Vec<String> {
    // a record that waits for its first decision stands in the initial state, untouched
    let waits = definition
        .initial_actions()
        .any(|action| definition.approval_of(&action.key).is_some());
    let initial = definition.initial_state().filter(|_| waits);
    let lines_bind = definition
        .lines
        .iter()
        .any(|line| line.actions.iter().any(is_binding));
    let mut states = BTreeSet::new();
    states.extend(initial.map(|state| state.key.as_str()));
    if !lines_bind {
        // what is taken over was led on by others before, and may have been signed for
        let leads =
            |action: &Action| !is_binding(action) && action.builtin != Some(Builtin::TakeOver);
        states.extend(reached(definition, leads));
    }
    states.retain(|state| !definition.is_final(state));
    in_order(definition, &states)
}

/// States of a set in the order the definition writes them.
fn in_order(definition: &Definition, wanted: &BTreeSet<&str>) -> Vec<String> {
    let states = definition.states.iter().map(|state| &state.key);
    states
        .filter(|state| wanted.contains(state.as_str()))
        .cloned()
        .collect()
}

fn blank(builtin: Builtin, name: Text, help: Text, who: WhoSet) -> Action {
    Action {
        key: builtin.key().to_owned(),
        name,
        help: Some(help),
        from: Vec::new(),
        to: None,
        to_any: Vec::new(),
        who,
        when: None,
        input: Vec::new(),
        set: Assignments::new(),
        step_up: false,
        sign: Vec::new(),
        effect: None,
        creates: Vec::new(),
        fan_out: Vec::new(),
        bulk: false,
        undo: None,
        comment: Comment::Required,
        builtin: Some(builtin),
        added: true,
    }
}

/// Corrects what was written and what nothing rests on; everything else is changed by its own
/// action only. Whoever may set a field may correct it.
fn correct(definition: &Definition, known: &Known<'_>) -> Option<Action> {
    let name = Text::new("更正", "Correct");
    let help = Text::new(
        "可填写该项的人更正错误，写明理由；原值留存可查，已审批、签字的不能更正。",
        "Mends what was written wrongly, by whoever may write it, with a reason; the old value \
         stays visible. What was decided or signed is not corrected.",
    );
    let bound = rests::bound(definition, known);
    let is_open = |field: &&Field| {
        // a file is replaced by an action of its own: it is what was decided on and handed out
        let is_file = matches!(field.kind, FieldKind::File | FieldKind::Files);
        field.is_settable() && !is_file && !bound.contains(&field.key)
    };
    let mut input = Vec::new();
    let mut who = WhoSet::default();
    for field in definition.fields.iter().filter(is_open) {
        let correctors = correctors(definition, &field.key);
        if correctors.any.is_empty() {
            continue;
        }
        input.push(field.key.clone());
        for case in correctors.any {
            if !who.any.contains(&case) {
                who.any.push(case);
            }
        }
    }
    let from = definition.states.iter().map(|state| state.key.clone());
    let ended = |state: &String| state == CANCELLED || state == WITHDRAWN;
    let from = from.filter(|state| !ended(state)).collect();
    (!input.is_empty()).then(|| Action {
        from,
        input,
        bulk: true,
        ..blank(Builtin::Correct, name, help, who)
    })
}

/// What others refer to by its nature, people and places, is closed by an action of its own.
fn cancel(definition: &Definition, makers: &WhoSet) -> Option<Action> {
    let from = untouched(definition);
    if from.is_empty() || definition.nature == Nature::Directory {
        return None;
    }
    let name = Text::new("作废", "Cancel");
    let help = Text::new(
        "误开或不再办理的，写明理由作废；编号保留，不再使用，不能恢复。",
        "For what was begun by mistake or is not wanted any more, with a reason; its number is \
         kept and not used again, and it does not come back.",
    );
    Some(Action {
        from,
        to: Some(CANCELLED.to_owned()),
        bulk: true,
        ..blank(Builtin::Cancel, name, help, makers.clone())
    })
}

fn add_cancelled(definition: &mut Definition) {
    if definition.state(CANCELLED).is_none() {
        definition.states.push(State {
            key: CANCELLED.to_owned(),
            name: Text::new("作废", "Cancelled"),
            initial: false,
            is_final: true,
        });
    }
}

/// Whether people lead a record on by an action alone: nobody decides on it, nobody signs, and it
/// is not the program's to do, but for what time does.
fn is_free(definition: &Definition, action: &Action) -> bool {
    let by_time = |clock: &ClockDef| clock.expire.as_deref() == Some(&action.key);
    let by_people = !action.who.is_system() || definition.clocks.iter().any(by_time);
    by_people && !is_binding(action) && definition.approval_of(&action.key).is_none()
}

/// Opening stock of business records; people and places are simply added. It stands in a state to
/// which people could have led it here too. Where the books of the time before are to count for
/// more, what was decided or signed then, the definition says so by a `take_over` of its own.
fn take_over(definition: &Definition, makers: &WhoSet) -> Option<Action> {
    let name = Text::new("补录", "Take over");
    let help = Text::new(
        "登记启用系统前已有的记录，写明来源和理由，永久注明补录；当时未适用的规则不检查。",
        "Enters a record from before the system, with its source and a reason; it is marked as \
         taken over for good, and rules it never met are not checked.",
    );
    let mut states = reached(definition, |action| is_free(definition, action));
    states.remove(CANCELLED);
    let to_any = in_order(definition, &states);
    let mut input = crate::load::settable(&definition.fields);
    input.extend(crate::load::given_lines(&definition.lines));
    // the books of before are the registrar's, or the head's who keeps the register
    let keeps = |who: &Who| matches!(who, Who::Role(role) if OPENERS.contains(&role.as_str()));
    let mut who = WhoSet::default();
    for case in &makers.any {
        let case = if keeps(&case.who) {
            case.clone()
        } else {
            WhoCase {
                who: Who::Role(REGISTRAR.to_owned()),
                when: case.when.clone(),
            }
        };
        if !who.any.contains(&case) {
            who.any.push(case);
        }
    }
    let business = definition.nature == Nature::Business;
    (business && !to_any.is_empty()).then(|| Action {
        to_any,
        input,
        bulk: true,
        ..blank(Builtin::TakeOver, name, help, who)
    })
}
