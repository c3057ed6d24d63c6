//! A request step by step: find the target, check state and person, take the input, ask the decision
//! and the rules, then wait for approval or execute.

use super::{
    approvals, effects,
    engine::Engine,
    lines, links, objections, opening,
    outcome::{self, Outcome},
    scan, signers,
};
use crate::{
    caller::Caller,
    error::{Error, FieldProblem, text},
    facts::{Around, For},
    labels, people, records,
    views::{Perform, Performed, Target},
    visibility,
};
use access::{Act, Grant, Granted, Ground, Viewer};
use domain::{RecordId, Timestamp};
use registers::{Action, Builtin, Definition, Facts, Party, WhoSet};
use serde_json::{Map, Value};
use store::{RecordRow, Visible};

/// What is known once the target is found.
pub(super) struct Found<'e> {
    pub(super) definition: &'e Definition,
    pub(super) action: &'e Action,
    pub(super) before: Option<RecordRow>,
    pub(super) row: RecordRow,
}

pub(crate) fn run(
    engine: &mut Engine<'_, '_>,
    caller: &Caller,
    request: &Perform,
) -> Result<Outcome, Error> {
    engine.actor = caller.person;
    engine.account = Some(caller.account);
    let viewer = people::viewer(engine.inner, engine.tx, caller, engine.now)?;
    let visible = visibility::visible(engine.inner, engine.tx, &viewer, Grant::Handle, engine.now)?;
    let mut found = scan::meant(engine, (caller, &viewer, &visible), request)?;
    check_state(engine, &found)?;
    let mut input = request.input.clone();
    opening::take_state(&mut found, &mut input)?;
    let around = around(engine, caller, &found)?;
    take_input(engine, &mut found, &input, &visible, &around)?;
    opening::check_nothing_live(engine, &found)?;
    let mut facts = engine.facts(found.definition, &found.row, &around)?;
    check_who(&viewer, &found, &facts, &input)?;
    let mut granted = grant(engine, caller, &viewer, &found)?;
    if lines::fills(&found) {
        // only for who may do it: a query is work, and tells what there is
        lines::fill(engine, &mut found, &visible, &around)?;
        label(engine, &mut found)?;
        facts = engine.facts(found.definition, &found.row, &around)?;
        granted = grant(engine, caller, &viewer, &found)?;
    }
    check_formalities(&found, request)?;
    if found.action.step_up && !caller.stepped_up(engine.now) {
        return Err(Error::StepUpNeeded);
    }
    check_when(found.action, &facts)?;
    let hits = objections::of(engine, &found, &facts, &input)?;
    let accepted = objections::passed(&hits, &request.accept_warnings, request.dry_run)?;
    let needed = registers::approvals::needed(found.definition, &found.action.key, &facts);
    let decided_on = needed.iter().any(|needed| needed.step.signs.is_none());
    if request.dry_run {
        let state = found
            .action
            .to
            .clone()
            .unwrap_or_else(|| found.row.state.clone());
        return Ok(Outcome::Told(Performed::WouldHappen {
            state,
            needs_approval: decided_on,
            rules: accepted,
        }));
    }
    signers::check(engine, found.action, &facts)?;
    let terms = effects::Terms {
        comment: request.comment.clone(),
        accepted: request.accept_warnings.clone(),
        ..effects::Terms::default()
    };
    if decided_on || engine.placed.is_owed() {
        let written = (&request.input, &terms);
        let waiting = approvals::wait(engine, caller, &granted, found, &facts, written)?;
        return Ok(Outcome::Told(waiting));
    }
    let row = effects::execute(engine, &granted, found, &terms)?;
    let made = std::mem::take(&mut engine.made);
    let act = outcome::Act::new(row, made);
    Ok(Outcome::Done(Box::new(outcome::Done { viewer, act })))
}

/// What stands around the record while it is acted on.
pub(super) fn around(
    engine: &mut Engine<'_, '_>,
    caller: &Caller,
    found: &Found<'_>,
) -> Result<Around, Error> {
    // a line is signed under the decisions on its record
    let decided = found.before.is_some() || found.row.line.is_some();
    let approvers = if decided {
        approvals::approvers(engine.tx, found.row.root())?
    } else {
        Vec::new()
    };
    Ok(Around {
        asked: For::act(found.action),
        actor: caller.person,
        proposer: caller.person,
        approvers,
        // what is asked again was never anything else
        before: found.before.clone().filter(|_| !found.action.is_initial()),
        anew: found.action.is_initial(),
        ..Around::default()
    })
}

/// The answer after a decision: the record as the decider now sees it.
pub(super) fn done(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    id: RecordId,
) -> Result<Performed, Error> {
    let record = records::view_own(engine, viewer, id)?;
    Ok(Performed::Done {
        record: Box::new(record),
        made: std::mem::take(&mut engine.made),
    })
}

pub(super) fn find<'e>(
    engine: &mut Engine<'e, '_>,
    visible: &Visible,
    request: &Perform,
) -> Result<Found<'e>, Error> {
    let occurred_at = occurred(engine, request)?;
    match &request.target {
        Target::New { register } => {
            let definition = engine
                .inner
                .catalogue
                .definition(register)
                .ok_or(Error::NotFound)?;
            let action = match &request.action {
                Some(key) => definition.action(key).filter(|action| action.is_initial()),
                None => definition
                    .initial_actions()
                    .find(|action| action.to_any.is_empty()),
            };
            let action = action.ok_or_else(unknown_action)?;
            let row = engine.blank(register, occurred_at)?;
            Ok(Found {
                definition,
                action,
                before: None,
                row,
            })
        }
        Target::Line { of, line } => {
            let key = request.action.as_deref();
            let mut found = find_line(engine, visible, (*of, line), key)?;
            found.row.occurred_at = occurred_at;
            Ok(found)
        }
        Target::Existing { id, version } => {
            find_seen(engine, visible, request, (None, *id, *version))
        }
        Target::Of {
            register,
            id,
            version,
        } => find_seen(engine, visible, request, (Some(register), *id, *version)),
        // WHY: what was scanned is told of nobody but by doing it
        Target::Scanned(_) => Err(unknown_action()),
    }
}

/// A record that is there and that the caller sees, of a register where one is named.
fn find_seen<'e>(
    engine: &mut Engine<'e, '_>,
    visible: &Visible,
    request: &Perform,
    (register, id, version): (Option<&str>, RecordId, i64),
) -> Result<Found<'e>, Error> {
    let occurred_at = occurred(engine, request)?;
    // WHY: what is absent, of another register or not theirs to see takes the same way out
    let seen = engine
        .tx
        .visible_record(id, visible)?
        .filter(|row| register.is_none_or(|register| row.register == register))
        .ok_or(Error::NotFound)?;
    // whatever locks both locks the record before its line
    if let Some(line) = seen.line {
        engine.tx.lock_record(line.of)?;
    }
    let before = engine.tx.lock_record(id)?.ok_or(Error::NotFound)?;
    if before.version != version || seen.version != before.version {
        return Err(store::Error::Stale {
            current: before.version,
        }
        .into());
    }
    super::carry::check(engine, &before)?;
    let definition = engine.definition(&before.register)?;
    let key = request.action.as_deref().unwrap_or_default();
    let action = definition.action(key).ok_or_else(unknown_action)?;
    let asker = (engine.account, engine.actor);
    if action.is_initial() && !approvals::asks_again(engine.tx, &before, action, asker)? {
        return Err(unknown_action());
    }
    let mut row = before.clone();
    row.occurred_at = occurred_at;
    Ok(Found {
        definition,
        action,
        before: Some(before),
        row,
    })
}

/// A new line of a record that is there.
fn find_line<'e>(
    engine: &mut Engine<'e, '_>,
    visible: &Visible,
    (of, line): (RecordId, &str),
    action: Option<&str>,
) -> Result<Found<'e>, Error> {
    engine
        .tx
        .visible_record(of, visible)?
        .ok_or(Error::NotFound)?;
    let (definition, row) = lines::new(engine, of, line)?;
    let mut initial = definition.initial_actions();
    let action = match action {
        Some(key) => initial.find(|action| action.key == key),
        None => initial.next(),
    };
    Ok(Found {
        definition,
        action: action.ok_or_else(unknown_action)?,
        before: None,
        row,
    })
}

pub(super) fn unknown_action() -> Error {
    Error::malformed(
        "action.unknown",
        "该台账没有这个操作",
        "the register has no such action here",
    )
}

pub(super) fn occurred(engine: &Engine<'_, '_>, request: &Perform) -> Result<Timestamp, Error> {
    match request.occurred_at {
        Some(at) if at > engine.now => Err(Error::malformed(
            "occurred_at.future",
            "发生时间不能晚于现在",
            "what happened cannot have happened in the future",
        )),
        // the database keeps milliseconds; what is sealed must be what is stored
        Some(at) => Ok(Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)),
        None => Ok(engine.now),
    }
}

pub(super) fn check_state(engine: &mut Engine<'_, '_>, found: &Found<'_>) -> Result<(), Error> {
    lines::check_turn(engine, found)?;
    let Some(before) = &found.before else {
        // a line cannot come to a record while that waits
        return match found.row.line {
            Some(_) => check_nothing_waits(engine, &found.row),
            None => Ok(()),
        };
    };
    // an initial action is found here only where it was sent back
    if !found.action.is_from(&before.state) && !found.action.is_initial() {
        return Err(Error::conflict(
            "action.wrong_state",
            "当前状态下不能进行此操作",
            "the record's state does not allow this action",
        ));
    }
    check_nothing_waits(engine, before)?;
    // what other records refer to is no slip of the pen any more
    let cancels = found.action.builtin == Some(Builtin::Cancel) && found.action.added;
    if cancels && engine.tx.referred_to(before.id)? {
        return Err(Error::conflict(
            "action.referred_to",
            "其他记录引用了本记录，不能作废",
            "other records refer to this one; it cannot be cancelled",
        ));
    }
    Ok(())
}

/// What is frozen stays as it is, and so do its lines.
fn check_nothing_waits(engine: &mut Engine<'_, '_>, row: &RecordRow) -> Result<(), Error> {
    if approvals::is_waiting(engine.tx, row)? {
        return Err(approvals::pending());
    }
    Ok(())
}

/// Validates the input and merges it into the row; what it links to must be visible to the caller.
fn take_input(
    engine: &mut Engine<'_, '_>,
    found: &mut Found<'_>,
    input: &Map<String, Value>,
    visible: &Visible,
    around: &Around,
) -> Result<(), Error> {
    let facts = engine.facts(found.definition, &found.row, around)?;
    let values = registers::validate::input(found.definition, found.action, input, &facts)
        .map_err(field_problems)?;
    links::check(engine, found.definition, &values, visible)?;
    found.row.body.extend(values);
    found.row.body.retain(|_, value| !value.is_null());
    set(
        engine,
        (found.definition, found.action),
        &mut found.row,
        around,
    )?;
    lines::check_count(engine, found)?;
    label(engine, found)
}

/// Works out the label, which must be one that the installation may hold.
pub(super) fn label(engine: &mut Engine<'_, '_>, found: &mut Found<'_>) -> Result<(), Error> {
    found.row.label = labels::of(engine.tx, found.definition, &found.row)?;
    if !engine.inner.within_installation(&found.row.label) {
        return Err(Error::rule(
            "R-421",
            "LAW 36",
            "invariant",
            "密级超过本系统允许登记的最高密级",
            "the level is above the highest level of this installation",
        ));
    }
    Ok(())
}

/// Field errors as callers read them.
pub(super) fn field_problems(errors: Vec<registers::FieldError>) -> Error {
    let problem = |error: registers::FieldError| FieldProblem {
        field: error.field,
        code: error.code.to_string(),
        say: error.say,
    };
    Error::Fields(errors.into_iter().map(problem).collect())
}

/// What the action sets itself, worked out on the record with its input in.
pub(super) fn set(
    engine: &mut Engine<'_, '_>,
    (definition, action): (&Definition, &Action),
    row: &mut RecordRow,
    around: &Around,
) -> Result<(), Error> {
    if action.set.is_empty() {
        return Ok(());
    }
    let facts = engine.facts(definition, row, around)?;
    let values = registers::compute::assigned(&action.set, &facts).map_err(|error| {
        tracing::warn!(%error, action = %action.key, "what an action sets could not be worked out");
        Error::conflict(
            "action.cannot_set",
            "本操作要填写的内容无法计算：所需内容缺失",
            "what this action fills in cannot be worked out: something it needs is missing",
        )
    })?;
    let values =
        registers::validate::fit(&definition.fields, &values, &facts).map_err(field_problems)?;
    row.body.extend(values);
    row.body.retain(|_, value| !value.is_null());
    Ok(())
}

/// An action with a condition is possible only when it holds; one that cannot be decided does not.
pub(super) fn check_when(action: &Action, facts: &Facts<'_>) -> Result<(), Error> {
    let holds = action
        .when
        .as_ref()
        .is_none_or(|when| when.eval_bool(facts) == Ok(true));
    if holds {
        return Ok(());
    }
    Err(Error::conflict(
        "action.not_now",
        "当前条件下不能进行此操作",
        "the condition for this action does not hold",
    ))
}

/// Whether the definition's `who` names the viewer.
pub(crate) fn permitted(viewer: &Viewer, action: &Action, facts: &Facts<'_>) -> bool {
    is_one_of(viewer, &action.who, facts)
}

fn is_one_of(viewer: &Viewer, who: &WhoSet, facts: &Facts<'_>) -> bool {
    let parties = who.resolve(facts).unwrap_or_default();
    parties.iter().any(|party| is_party(viewer, party))
}

/// Whether a party is the viewer.
pub(super) fn is_party(viewer: &Viewer, party: &Party) -> bool {
    match party {
        Party::Role(key) => viewer.roles.iter().any(|role| role.key() == key),
        Party::Person(id) => viewer
            .person
            .is_some_and(|person| person.to_string() == *id),
        Party::Staff => viewer.is_business() && viewer.person.is_some(),
        Party::System => false,
    }
}

/// The definition's `who`; a built-in correction asks it of every field that is touched.
pub(super) fn check_who(
    viewer: &Viewer,
    found: &Found<'_>,
    facts: &Facts<'_>,
    input: &Map<String, Value>,
) -> Result<(), Error> {
    let may_touch = |field: &String| {
        is_one_of(
            viewer,
            &registers::correctors(found.definition, field),
            facts,
        )
    };
    let may = permitted(viewer, found.action, facts);
    if may && (!corrects(found.action) || input.keys().all(may_touch)) {
        return Ok(());
    }
    Err(Error::Denied {
        code: "access.who".to_owned(),
        rule: None,
        clause: None,
        say: text("此操作不由您办理", "this action is not yours to do"),
    })
}

/// Asks the access decision, on the record as it was and as it will be.
pub(super) fn grant(
    engine: &mut Engine<'_, '_>,
    caller: &Caller,
    viewer: &Viewer,
    found: &Found<'_>,
) -> Result<Granted, Error> {
    let name = format!("{}.{}", found.definition.key, found.action.key);
    let act = act(caller, found.definition, found.action, &name, engine.now);
    let after = found.row.label.class();
    let Some(before) = &found.before else {
        let grounds = match found.row.line {
            Some(_) => record_grounds(engine, viewer, &found.row)?,
            None => vec![Ground::Drafter],
        };
        let granted = access::decide(
            viewer,
            &after,
            &grounds,
            Grant::Handle,
            &act,
            &engine.inner.policies,
        );
        return granted.map_err(|denied| above_clearance(&denied));
    };
    let grounds = record_grounds(engine, viewer, before)?;
    let still = access::decide_class(viewer, &after, act.nature, Grant::Handle);
    if still == access::ClassDecision::Hidden {
        return Err(above_clearance(&access::Denied::Hidden));
    }
    let class = before.label.class();
    let decide = |act: &Act<'_>| {
        let policies = &engine.inner.policies;
        access::decide(viewer, &class, &grounds, Grant::Handle, act, policies)
            .map_err(|denied| Error::denied(&denied))
    };
    // WHY: what is done to lines by way of their record is what really happens
    for (lines, action) in fanned(engine, found.definition, found.action)? {
        let name = format!("{}.{}", lines.key, action.key);
        drop(decide(&self::act(
            caller, lines, action, &name, engine.now,
        ))?);
    }
    decide(&act)
}

/// The actions with an effect that an action performs on its lines.
pub(super) fn fanned<'e>(
    engine: &Engine<'e, '_>,
    definition: &Definition,
    action: &Action,
) -> Result<Vec<(&'e Definition, &'e Action)>, Error> {
    let mut fanned = Vec::new();
    for wanted in &action.fan_out {
        let line = definition.line(&wanted.line);
        let key = line.map(|line| line.register_key(&definition.key));
        let lines = engine.definition(&key.unwrap_or_default())?;
        let possible = lines.action(&wanted.action);
        fanned.extend(
            possible
                .filter(|one| one.effect.is_some())
                .map(|one| (lines, one)),
        );
    }
    Ok(fanned)
}

/// The act as the policies see it.
pub(super) fn act<'x>(
    caller: &Caller,
    definition: &'x Definition,
    action: &'x Action,
    name: &'x str,
    now: Timestamp,
) -> Act<'x> {
    let mut act = act_of(definition, action, name);
    act.step_up = caller.stepped_up(now);
    act
}

/// The same, of nobody who is present.
pub(super) fn act_of<'x>(definition: &'x Definition, action: &'x Action, name: &'x str) -> Act<'x> {
    let mut act = Act::new(name, &definition.key, definition.area.key());
    act.effect = action.effect.as_deref();
    act.nature = visibility::nature(definition);
    act
}

/// What the record itself gives a viewer.
pub(super) fn record_grounds(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    row: &RecordRow,
) -> Result<Vec<Ground>, Error> {
    people::grounds(engine.tx, viewer, row, engine.now)
}

/// A label above one's own clearance is no secret to who writes it: say so instead of "not found".
fn above_clearance(denied: &access::Denied) -> Error {
    match denied {
        access::Denied::Hidden => Error::Denied {
            code: "access.above_clearance".to_owned(),
            rule: Some("R-184".to_owned()),
            clause: Some("EMARK".to_owned()),
            say: text(
                "该密级或范围超出您的知悉资格",
                "the level or scope is above your own clearance",
            ),
        },
        access::Denied::StepUp(_)
        | access::Denied::RoleConflict(_)
        | access::Denied::Policy(_)
        | access::Denied::Role { .. }
        | access::Denied::Unsettled { .. }
        | access::Denied::NotBySystem { .. } => Error::denied(denied),
    }
}

pub(super) fn check_formalities(found: &Found<'_>, request: &Perform) -> Result<(), Error> {
    let comment = request
        .comment
        .as_deref()
        .map(str::trim)
        .unwrap_or_default();
    if found.action.comment == registers::model::Comment::Required && comment.is_empty() {
        return Err(Error::Fields(vec![FieldProblem {
            field: "comment".to_owned(),
            code: "register.field_required".to_owned(),
            say: text("须填写理由", "a reason is required"),
        }]));
    }
    Ok(())
}

/// Whether an action is the correction that the language adds.
pub(super) fn corrects(action: &Action) -> bool {
    action.added && action.builtin == Some(Builtin::Correct)
}
