//! A scan: the line of a record that is meant by a label or a number is found by the program, so that
//! whoever scans need not know the list, and does not come to know it. While one counts blindly, what is
//! missing in the request is said before whether anything is on the list: nobody tries what stands there
//! without noting it.

mod typed;

use super::{
    approvals, carry,
    engine::Engine,
    lines,
    request::{self, Found},
    signers,
};
use crate::{
    caller::Caller,
    error::Error,
    facts::{Around, For},
    limits,
    views::{Perform, Scanned, Target},
};
use access::Viewer;
use registers::{
    Action, Definition, Facts,
    model::{Line, Scan, WITHDRAWN},
};
use store::{RecordRow, Visible};
use typed::Meant;

/// Who scans, and what they see.
struct Scanner<'s> {
    caller: &'s Caller,
    viewer: &'s Viewer,
    visible: &'s Visible,
}

/// What a scan does, and to which lines.
struct Does<'e> {
    line: &'e Line,
    scan: &'e Scan,
    lines: &'e Definition,
    action: &'e Action,
}

/// What is acted on: as it was seen, or by what was scanned of it.
pub(super) fn meant<'e>(
    engine: &mut Engine<'e, '_>,
    (caller, viewer, visible): (&Caller, &Viewer, &Visible),
    request: &Perform,
) -> Result<Found<'e>, Error> {
    match &request.target {
        Target::Scanned(scanned) if !request.dry_run => {
            let scanner = Scanner {
                caller,
                viewer,
                visible,
            };
            find(engine, &scanner, request, scanned)
        }
        Target::Scanned(_)
        | Target::New { .. }
        | Target::Line { .. }
        | Target::Of { .. }
        | Target::Existing { .. } => request::find(engine, visible, request),
    }
}

/// The one line that waits for what was scanned.
fn find<'e>(
    engine: &mut Engine<'e, '_>,
    scanner: &Scanner<'_>,
    request: &Perform,
    scanned: &Scanned,
) -> Result<Found<'e>, Error> {
    let occurred_at = request::occurred(engine, request)?;
    let seen = engine.tx.visible_record(scanned.of, scanner.visible)?;
    let seen = seen.ok_or(Error::NotFound)?;
    // whatever locks both locks the record before its line
    let of = engine.tx.lock_record(seen.id)?.ok_or(Error::NotFound)?;
    carry::check(engine, &of)?;
    let does = does(engine, &of, scanned)?;
    let meant = typed::read(&scanned.code)?;
    let rows = meaning(engine, &of, &does, &meant)?;
    let mut waiting = rows.iter().filter(|row| does.action.is_from(&row.state));
    let one = match (waiting.next(), waiting.next()) {
        (Some(line), None) => Some(line.id),
        (Some(_), Some(_)) | (None, _) => None,
    };
    let before = match one {
        Some(line) => engine.tx.lock_record(line)?,
        None => None,
    };
    let mut row = match before.as_ref().or(rows.first()) {
        Some(row) => row.clone(),
        None => lines::blank(engine, does.lines, &of, 0)?,
    };
    row.occurred_at = occurred_at;
    let found = Found {
        definition: does.lines,
        action: does.action,
        before,
        row,
    };
    // WHY: before anything else is told, and whatever was scanned
    let facts = entitled(engine, scanner, &found, request)?;
    if found.before.is_some() {
        return Ok(found);
    }
    request::check_state(engine, &found)?;
    if !does.line.kept_back(&of.state).is_empty() {
        registers::validate::input(found.definition, found.action, &request.input, &facts)
            .map_err(request::field_problems)?;
        request::check_formalities(&found, request)?;
        if found.action.step_up && !scanner.caller.stepped_up(engine.now) {
            return Err(Error::StepUpNeeded);
        }
        signers::check(engine, found.action, &facts)?;
    }
    let several = rows.iter().any(|row| does.action.is_from(&row.state));
    if !rows.is_empty() {
        return Err(if several { of_several() } else { done() });
    }
    let seen = match meant {
        Meant::Label(id) => engine.tx.visible_record(id, scanner.visible)?.is_some(),
        Meant::Number(_) => true,
    };
    Err(if seen { not_listed() } else { unknown() })
}

/// Whether whoever scans may do what a scan does; gives what it is judged on.
fn entitled<'e>(
    engine: &mut Engine<'e, '_>,
    scanner: &Scanner<'_>,
    found: &Found<'_>,
    request: &Perform,
) -> Result<Facts<'e>, Error> {
    let around = request::around(engine, scanner.caller, found)?;
    let facts = engine.facts(found.definition, &found.row, &around)?;
    request::check_who(scanner.viewer, found, &facts, &request.input)?;
    Ok(facts)
}

/// What a scan does with the lines of a record: of the kind that is named, or of the only one.
fn does<'e>(engine: &Engine<'e, '_>, of: &RecordRow, scanned: &Scanned) -> Result<Does<'e>, Error> {
    let register = engine.definition(&of.register)?;
    let named = |line: &&Line| scanned.line.as_ref().is_none_or(|key| *key == line.key);
    let kinds = register.lines.iter().filter(named);
    let mut kinds = kinds.filter_map(|line| Some((line, line.scan.as_ref()?)));
    let (Some((line, scan)), None) = (kinds.next(), kinds.next()) else {
        return Err(Error::malformed(
            "scan.kind",
            "该记录没有可扫码办理的明细，或须指明是哪一种",
            "nothing of this record is done by scanning, or the kind of lines has to be named",
        ));
    };
    let lines = engine.definition(&line.register_key(&register.key))?;
    let action = lines.action(&scan.action);
    Ok(Does {
        line,
        scan,
        lines,
        action: action.ok_or_else(request::unknown_action)?,
    })
}

/// The lines that are meant, whoever sees them.
fn meaning(
    engine: &mut Engine<'_, '_>,
    of: &RecordRow,
    does: &Does<'_>,
    meant: &Meant,
) -> Result<Vec<RecordRow>, Error> {
    let most = i64::try_from(limits::LINES).map_err(Error::internal)?;
    let kind = (does.lines.key.as_str(), [WITHDRAWN].as_slice());
    match meant {
        Meant::Label(id) => {
            let by = (does.scan.by.as_str(), *id);
            Ok(engine.tx.lines_naming(of.id, kind, by)?)
        }
        Meant::Number(_) if does.scan.number.is_empty() => Ok(Vec::new()),
        Meant::Number(number) => {
            let mut rows = engine.tx.lines(of.id, kind, 0, most)?;
            rows.retain(|row| has_number(row, &does.scan.number, number));
            Ok(rows)
        }
    }
}

/// Whether a line has this number: its texts one behind the other. WHY not each alone: who counts blindly
/// would be told of how many lines it is one.
fn has_number(row: &RecordRow, fields: &[String], number: &str) -> bool {
    let own = fields.iter().map(|field| row.body.get(field)?.as_str());
    let own: Option<Vec<String>> = own.map(|text| text.map(typed::plain)).collect();
    own.is_some_and(|own| own.concat() == number)
}

/// Whether somebody may do by scanning what is done to lines of a record that waits for nothing.
pub(crate) fn may_scan(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    of: &RecordRow,
    line: &Line,
) -> Result<bool, Error> {
    let lines = engine.definition(&line.register_key(&of.register))?;
    let scan = line.scan.as_ref();
    let Some(action) = scan.and_then(|scan| lines.action(&scan.action)) else {
        return Ok(false);
    };
    if approvals::waits(engine.tx, of.id)? {
        return Ok(false);
    }
    let row = lines::blank(engine, lines, of, 0)?;
    let around = Around {
        asked: For::Judging,
        actor: viewer.person,
        proposer: viewer.person,
        ..Around::default()
    };
    let facts = engine.facts(lines, &row, &around)?;
    Ok(request::permitted(viewer, action, &facts))
}

fn of_several() -> Error {
    Error::conflict(
        "scan.several",
        "清单中有多行与此相符，请在清单中逐行办理",
        "several lines go with it: act on the one that is meant in the list",
    )
}

fn done() -> Error {
    Error::conflict(
        "scan.done",
        "此项已扫过，不必重复",
        "this one was scanned before; once is enough",
    )
}

fn not_listed() -> Error {
    Error::conflict(
        "scan.not_listed",
        "不在清单中；实物确在的，另行登记",
        "it is not on the list; what is there all the same is noted apart",
    )
}

/// WHY one answer: what is absent and what is not theirs to know look alike.
fn unknown() -> Error {
    Error::conflict(
        "scan.unknown",
        "没有此标签，或不由您知悉；实物确在的，另行登记",
        "there is nothing with this label, or it is not yours to know; what is there all the same is noted apart",
    )
}
