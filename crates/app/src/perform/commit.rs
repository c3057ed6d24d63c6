//! The commit of one act: current row, sealed version, log entry, links, indexes, reservations,
//! clocks, grounds and signatures, in one transaction or not at all.

use super::{
    effects::{self, Terms},
    engine::Engine,
    grounds,
    index::indexed,
    lines,
    seal::{self, put_signatures, sealed_signatures, signed_digest},
};
use crate::{
    clocks,
    core::Inner,
    error::{Error, FieldProblem, text},
    facts::Around,
    files, keys, labels, limits, log,
};
use access::Granted;
use domain::{AccountId, Date, FileId, Label, PersonId, RecordId, Timestamp, VersionId};
use ledger::{Commitment, Salt};
use registers::{Definition, Expr, Field, FieldKind, LabelRule, model::NumberRule};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use store::{EntryDraft, LineNo, NewVersion, RecordRow, Write};

/// What is committed besides the row.
#[derive(Debug)]
pub(super) struct Change<'c> {
    pub(super) definition: &'c Definition,
    pub(super) action: &'c str,
    /// The series to draw a number from with this act.
    pub(super) draw: Option<&'c NumberRule>,
    pub(super) before: Option<&'c RecordRow>,
    pub(super) terms: &'c Terms,
    /// The number of the definition the row is still written in, if that is not the one in force.
    pub(super) under: Option<i64>,
}

/// What the program does to a record whose label follows another.
pub(super) const RELABEL: &str = "relabel";

/// What the program does to a record whose definition has changed: it is the same record in other words, so
/// no deadline starts or ends by it.
pub(super) const CARRY: &str = "carry_over";

/// When it is committed.
#[derive(Clone, Copy, Debug)]
struct Moment {
    now: Timestamp,
    today: Date,
}

/// Commits the row as its next version and gives it back as stored.
pub(super) fn commit(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    mut row: RecordRow,
    change: &Change<'_>,
) -> Result<RecordRow, Error> {
    row.version += 1;
    row.updated_at = engine.now;
    engine.inner.regimes.touched(&row.register);
    let given = lines::take(change.definition, &mut row);
    if ![CARRY, RELABEL].contains(&change.action) {
        may_keep_files(engine, change.definition, change.before, &row)?;
    }
    let row = keep(engine, granted, row, &given, change)?;
    relabel_dependents(engine, granted, change.before, &row)?;
    lines::make(engine, granted, change, &row, &given)?;
    Ok(row)
}

/// Keeps the row with all that hangs on it.
fn keep(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    mut row: RecordRow,
    given: &lines::Given,
    change: &Change<'_>,
) -> Result<RecordRow, Error> {
    let carries = change.action == CARRY;
    let clocks = if carries {
        clocks::carried(engine, change.definition, &row)?
    } else {
        clocks::moves(engine, change.definition, change.before, &row)?
    };
    let (signed, slips) = if change.terms.cause.is_none() && !carries {
        (engine.signed.clone(), engine.slips.clone())
    } else {
        (Vec::new(), Vec::new())
    };
    let sender = engine.account.or_else(|| granted.actor().account());
    let unsigned = signed.is_empty() && slips.is_empty();
    let about_lines = if unsigned || change.definition.lines.is_empty() {
        None
    } else {
        let kept = lines::versions(engine, change.definition, row.id)?;
        Some(json!({ "kept": kept, "given": given }))
    };
    let unit = match change.draw.and_then(|rule| rule.unit.as_ref()) {
        Some(unit) if row.number.is_none() => {
            Some(unit_code(engine, change.definition, &row, unit)?)
        }
        _ => None,
    };
    let proposes = change.definition.label.proposes();
    let proposed = labels::level(&row.body).filter(|_| proposes);
    let (inner, moment) = (
        engine.inner,
        Moment {
            now: engine.now,
            today: engine.today,
        },
    );
    engine.tx.write::<_, Error>(granted, |door| {
        row.class = door.intern_class(&row.label.class())?;
        if let (Some(rule), None) = (change.draw, &row.number) {
            row.number = Some(effects::draw_number(
                moment.today,
                door,
                rule,
                (&row, proposed),
                unit.as_deref(),
            )?);
        }
        // WHY: what nobody signs needs no digest, and most acts are signed by nobody
        let digest = if unsigned {
            String::new()
        } else {
            signed_digest(&row, about_lines.as_ref())?
        };
        let signatures = sealed_signatures((&signed, &slips), change.action, &digest);
        let sealed = Sealed {
            signatures: &signatures,
            lines: about_lines.as_ref(),
        };
        let entry = put_version(inner, door, granted, (&row, &sealed), change, moment)?;
        if carries {
            door.forget_derived(row.id)?;
        }
        for field in &change.definition.fields {
            put_field(door, field, change, &row)?;
        }
        put_reservations(door, change, &row)?;
        put_files(inner, door, sender, &row, change)?;
        clocks.iter().try_for_each(|clock| door.put_clock(clock))?;
        grounds::put(door, &row, change, moment.now)?;
        put_signatures(door, &row, (&signed, change.action, &digest), moment.now)?;
        Ok((entry, row))
    })
}

/// What a version seals beside its record.
struct Sealed<'s> {
    signatures: &'s Value,
    /// The lines that were signed for, if somebody signed.
    lines: Option<&'s Value>,
}

/// The code of the unit that a number prints.
fn unit_code(
    engine: &mut Engine<'_, '_>,
    definition: &Definition,
    row: &RecordRow,
    unit: &Expr,
) -> Result<String, Error> {
    let facts = engine.facts(definition, row, &Around::default())?;
    let code = unit.eval(&facts).ok();
    let code = code.as_ref().and_then(Value::as_str).unwrap_or_default();
    if code.is_empty() || !code.chars().all(char::is_alphanumeric) {
        return Err(Error::conflict(
            "number.no_unit",
            "编号须印单位代码，但该单位没有代码",
            "the number prints the unit's code, and the unit has none",
        ));
    }
    Ok(code.to_owned())
}

/// Seals the version, makes the entry that commits to it, and keeps the current row.
fn put_version(
    inner: &Inner,
    door: &mut Write<'_, '_>,
    granted: &Granted,
    (row, beside): (&RecordRow, &Sealed<'_>),
    change: &Change<'_>,
    moment: Moment,
) -> Result<EntryDraft, Error> {
    let content = content(row, beside, change)?;
    let salt = inner.random::<32>()?;
    let id = VersionId::new(moment.now, inner.random()?);
    let commitment = Commitment::new(id, &Salt::from_bytes(salt), content.as_bytes());
    let mut plain = salt.to_vec();
    plain.extend_from_slice(content.as_bytes());
    let key = keys::for_record(inner, door, row.id, &row.label, change.before.is_none())?;
    let number = row.version.to_be_bytes();
    let record = row.id.as_uuid();
    let place: [&[u8]; 3] = [b"version", record.as_bytes(), &number];
    let sealed = vault::sealed::seal(&key, &place, &plain, &*inner.random)?;
    let action = format!("{}.{}", row.register, change.action);
    let about = log::About {
        register: Some(row.register.clone()),
        record: Some(row.id),
        commitment: Some(commitment),
        facts: facts(row, beside.signatures, change),
        ..log::About::default()
    };
    let entry = log::entry(inner, granted, &action, &about, moment.now)?;
    let actor = serde_json::to_string(&granted.actor()).map_err(Error::internal)?;
    match change.before {
        None => door.insert_record(row)?,
        Some(_) => door.update_record(row)?,
    }
    door.insert_version(&NewVersion {
        id,
        record: row.id,
        version: row.version,
        at: moment.now,
        actor: &actor,
        action: change.action,
        state: &row.state,
        definition: change
            .under
            .unwrap_or_else(|| i64::from(change.definition.version)),
        sealed: &sealed,
        commitment: &hex::encode(commitment.sha256.as_bytes()),
        entry: entry.id,
    })?;
    Ok(entry)
}

/// The content of a version: everything the current row holds, and what was said to the act.
#[derive(Serialize)]
struct Content<'c> {
    register: &'c str,
    number: Option<&'c str>,
    state: &'c str,
    label: &'c Label,
    fields: &'c Map<String, Value>,
    drafter: Option<PersonId>,
    occurred_at: Timestamp,
    comment: Option<&'c str>,
    accepted: Vec<Accepted<'c>>,
    approvers: &'c [PersonId],
    signatures: &'c Value,
    /// The lines that were signed for.
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<&'c Value>,
    /// Its place, if it is a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<Value>,
}

/// A warning that was passed, and why.
#[derive(Serialize)]
struct Accepted<'c> {
    rule: &'c str,
    reason: &'c str,
}

fn content(row: &RecordRow, beside: &Sealed<'_>, change: &Change<'_>) -> Result<String, Error> {
    let accepted = change.terms.accepted.iter().map(|one| Accepted {
        rule: &one.rule,
        reason: &one.reason,
    });
    let content = Content {
        register: &row.register,
        number: row.number.as_deref(),
        state: &row.state,
        label: &row.label,
        fields: &row.body,
        drafter: row.drafter,
        occurred_at: row.occurred_at,
        comment: change.terms.comment.as_deref(),
        accepted: accepted.collect(),
        approvers: &change.terms.approvers,
        signatures: beside.signatures,
        lines: beside.lines,
        line: row.line.map(place_of),
    };
    serde_json::to_string(&content).map_err(Error::internal)
}

/// A line's place as a version seals it.
pub(crate) fn place_of(line: LineNo) -> Value {
    json!({ "of": line.of, "no": line.no })
}

/// Facts an entry may tell: keys and ids only.
fn facts(row: &RecordRow, signatures: &Value, change: &Change<'_>) -> Vec<(&'static str, String)> {
    let mut facts = vec![("n", row.version.to_string()), ("state", row.state.clone())];
    facts.extend(seal::SIGNED.into_iter().zip(seal::signers(signatures)));
    if let Some(cause) = change.terms.cause {
        facts.push(("cause", cause.to_string()));
    }
    facts
}

/// Links, the index and uniqueness of one field; what has not changed stands there already.
fn put_field(
    door: &mut Write<'_, '_>,
    field: &Field,
    change: &Change<'_>,
    row: &RecordRow,
) -> Result<(), Error> {
    let before = change.before;
    let value = row.body.get(&field.key);
    if change.action == CARRY {
        return carry_field(door, field, change, row);
    }
    let stays = before.filter(|before| before.body.get(&field.key) == value);
    // a value is unique among records of one label class
    if field.unique && stays.is_none_or(|before| before.class != row.class) {
        put_unique(door, field, change, row)?;
    }
    if stays.is_some() {
        return Ok(());
    }
    if field.target().is_some() {
        let links = labels::ids(value);
        match before {
            None => door.add_links(row.id, &field.key, &links)?,
            Some(_) => door.set_links(row.id, &field.key, &links)?,
        }
    }
    if field.index {
        let kept = indexed(field, value);
        if before.is_some() || kept.is_some() {
            door.set_index(row.id, &row.register, &field.key, kept.as_ref())?;
        }
    }
    Ok(())
}

/// The same of a record that is carried over, of which nothing derived is there yet: another definition may
/// index or link what the one before did not.
fn carry_field(
    door: &mut Write<'_, '_>,
    field: &Field,
    change: &Change<'_>,
    row: &RecordRow,
) -> Result<(), Error> {
    let value = row.body.get(&field.key);
    if field.target().is_some() {
        door.add_links(row.id, &field.key, &labels::ids(value))?;
    }
    if let Some(kept) = indexed(field, value).filter(|_| field.index) {
        door.set_index(row.id, &row.register, &field.key, Some(&kept))?;
    }
    if field.unique {
        put_unique(door, field, change, row)?;
    }
    Ok(())
}

/// Takes a value for the record, unless another one of its label class has it. WHY: a label that
/// follows another is no choice of whoever acts, who may know of neither record; then the value stays
/// with the one that has it.
fn put_unique(
    door: &mut Write<'_, '_>,
    field: &Field,
    change: &Change<'_>,
    row: &RecordRow,
) -> Result<(), Error> {
    let value = row.body.get(&field.key);
    if change.before.is_none() && value.is_none() {
        return Ok(());
    }
    let text = value.map(|value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    });
    if door.claim_unique(row, &field.key, text.as_deref())? || change.action == RELABEL {
        return Ok(());
    }
    Err(Error::Fields(vec![FieldProblem {
        field: field.key.clone(),
        code: "register.not_unique".to_owned(),
        say: text_taken(),
    }]))
}

fn text_taken() -> domain::Text {
    text(
        "该值已被另一条记录使用",
        "another record has this value already",
    )
}

/// an upload is let in by the regimes of the house; where it goes, or where its record goes with it, may be
/// under stricter ones. What the program itself does to a record leaves its files as they are.
pub(super) fn may_keep_files(
    engine: &mut Engine<'_, '_>,
    definition: &Definition,
    before: Option<&RecordRow>,
    row: &RecordRow,
) -> Result<(), Error> {
    let files = |row: &RecordRow| -> BTreeSet<RecordId> {
        let fields = definition.fields.iter();
        let fields =
            fields.filter(|field| matches!(field.kind, FieldKind::File | FieldKind::Files));
        let ids = fields.flat_map(|field| labels::ids(row.body.get(&field.key)));
        ids.collect()
    };
    let kept = files(row);
    if kept.is_empty() {
        return Ok(());
    }
    let refused = files::may_keep_content(engine.regimes(definition, row)?);
    let Some(before) = before.filter(|before| kept.is_subset(&files(before))) else {
        return refused;
    };
    // what came before its place was under such a regime stays
    match files::may_keep_content(engine.regimes(definition, before)?) {
        Ok(()) => refused,
        Err(_) => Ok(()),
    }
}

/// Files that an act names become the record's; all of them follow when its label changes. They are given by
/// whoever sent them: of what waited for a decision that is who asked for it.
fn put_files(
    inner: &Inner,
    door: &mut Write<'_, '_>,
    sender: Option<AccountId>,
    row: &RecordRow,
    change: &Change<'_>,
) -> Result<(), Error> {
    let moved = change.before.is_none_or(|before| before.label != row.label);
    // its files are its own already, and some of them may be erased
    if change.action == CARRY && !moved {
        return Ok(());
    }
    for field in &change.definition.fields {
        if !matches!(field.kind, FieldKind::File | FieldKind::Files) {
            continue;
        }
        let value = row.body.get(&field.key);
        let unchanged = change
            .before
            .is_some_and(|before| before.body.get(&field.key) == value);
        if value.is_none() || (unchanged && !moved) {
            continue;
        }
        let ids: Vec<FileId> = labels::ids(value)
            .iter()
            .map(|id| FileId::from_uuid(id.as_uuid()))
            .collect();
        files::attach(inner, door, row, &ids, sender)?;
    }
    Ok(())
}

/// An open record holds what its reserving fields name; a closed one gives everything back.
fn put_reservations(
    door: &mut Write<'_, '_>,
    change: &Change<'_>,
    row: &RecordRow,
) -> Result<(), Error> {
    let mut reserving = change
        .definition
        .fields
        .iter()
        .filter(|field| field.reserve)
        .peekable();
    // a definition of before may have reserved what this one does not
    if reserving.peek().is_none() && change.action != CARRY {
        return Ok(());
    }
    // what the record names no longer, it holds no longer
    door.release(row.id)?;
    if !row.open {
        return Ok(());
    }
    for field in reserving {
        for target in labels::ids(row.body.get(&field.key)) {
            if !door.reserve(target, row.id, &field.key)? {
                return Err(Error::conflict(
                    "reservation.taken",
                    "该载体或文件已被另一未办结的记录占用",
                    "another open record already holds this copy or document",
                ));
            }
        }
    }
    Ok(())
}

/// Records that are as secret as this one follow its label at once.
fn relabel_dependents(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    before: Option<&RecordRow>,
    row: &RecordRow,
) -> Result<(), Error> {
    let Some(before) = before else { return Ok(()) };
    if before.label == row.label {
        return Ok(());
    }
    let mut after = None;
    loop {
        let page = engine.tx.backlinks(row.id, after, limits::BACKLINKS)?;
        let Some(last) = page.last() else {
            break;
        };
        after = Some(last.id);
        for dependent in &page {
            relabel(engine, granted, row, dependent)?;
        }
    }
    let definition = engine.definition(&row.register)?;
    for line in lines::even_withdrawn(engine, definition, row.id)? {
        relabel(engine, granted, row, &line)?;
    }
    Ok(())
}

/// Gives a record the label that follows from what it refers to, if that is another one now.
pub(super) fn relabel(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    cause: &RecordRow,
    dependent: &RecordRow,
) -> Result<(), Error> {
    let definition = engine.definition(&dependent.register)?;
    match definition.label {
        LabelRule::Join(_) => {}
        LabelRule::Parent(_) => {
            // what a line names may count for its record, which the line follows
            let of = dependent.root();
            if of != cause.id
                && let Some(of) = engine.tx.record(of)?
            {
                relabel(engine, granted, cause, &of)?;
            }
        }
        LabelRule::Open | LabelRule::Proposed => return Ok(()),
    }
    // WHY: it may have followed already, by way of another that it refers to
    let (dependent, under) = engine
        .hold_as_it_is(dependent.id)?
        .ok_or_else(|| Error::defect("a link leads from a record that is not there"))?;
    let mut next = dependent.clone();
    next.label = match under {
        None => labels::of(engine.tx, definition, &next)?,
        // what is written in other words is not understood: it only ever becomes more secret
        Some(_) => dependent.label.join(&cause.label),
    };
    if next.label == dependent.label {
        return Ok(());
    }
    let terms = Terms {
        cause: Some(cause.id),
        ..Terms::default()
    };
    let change = Change {
        definition,
        action: RELABEL,
        draw: None,
        before: Some(&dependent),
        terms: &terms,
        under,
    };
    commit(engine, granted, next, &change)?;
    Ok(())
}
