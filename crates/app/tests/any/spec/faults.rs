//! What an engine could do wrong: a register that surely has a construct, and as it is obeyed without it.

use super::{Dice, Spec};

type Change = fn(&mut Spec);

/// What an engine could do wrong: what the register has, and how it is obeyed.
const FAULTS: [(&str, Change, Change); 33] = [
    (
        "a required field is not asked for",
        |s| s.note_required = true,
        |s| s.note_required = false,
    ),
    (
        "a text may be too long",
        |s| s.note_max = 6,
        |s| s.note_max = 60,
    ),
    (
        "a list of links may be too long",
        |s| s.many_max = 2,
        |s| s.many_max = 9,
    ),
    (
        "too much may be chosen",
        |s| s.marks_max = 2,
        |s| s.marks_max = 3,
    ),
    (
        "nobody stands in",
        |s| {
            s.approval = vec!["leader"];
            s.delegates = true;
            s.lines = false;
            s.lapses = false;
        },
        |s| s.delegates = false,
    ),
    (
        "one of two is enough",
        |s| {
            s.approval = vec!["both"];
            s.lines = false;
            s.lapses = false;
        },
        |s| s.quorum = 1,
    ),
    (
        "there may be too many lines",
        |s| s.lines = true,
        |s| s.lines_max = 9,
    ),
    (
        "nothing is corrected",
        |s| s.corrects = true,
        |s| s.corrects = false,
    ),
    (
        "a record is not as secret as its thing",
        |s| s.labelled = true,
        |s| s.labelled = false,
    ),
    (
        "an act elsewhere is not heard of",
        |s| s.used = Some(7),
        |s| s.used = None,
    ),
    (
        "a number may be out of bounds",
        |s| s.amount = (0, 9),
        |s| s.amount = (-9, 99),
    ),
    (
        "a unique value is not",
        |s| s.unique = true,
        |s| s.unique = false,
    ),
    (
        "a field is not needed when it should be",
        |s| {
            s.extra_shown = true;
            s.extra_required = true;
        },
        |s| s.extra_required = false,
    ),
    (
        "a field is taken where it is not shown",
        |s| s.extra_shown = true,
        |s| s.extra_shown = false,
    ),
    (
        "a target is held twice",
        |s| s.reserve = true,
        |s| s.reserve = false,
    ),
    (
        "anybody may do it",
        |s| s.anybody_starts = false,
        |s| s.anybody_starts = true,
    ),
    (
        "a field names nobody",
        |s| s.holder_starts = true,
        |s| s.holder_starts = false,
    ),
    (
        "a condition is not asked",
        |s| s.when = Some(2),
        |s| s.when = None,
    ),
    (
        "a stop does not stop",
        |s| {
            s.stop = Some(8);
            s.lines = false;
        },
        |s| s.stop = None,
    ),
    (
        "a warning is not given",
        |s| s.warn = Some(5),
        |s| s.warn = None,
    ),
    (
        "a decision is left out",
        |s| {
            s.approval = vec!["leader", "office_head"];
            s.lines = false;
            s.lapses = false;
        },
        |s| s.approval = vec!["leader"],
    ),
    (
        "nothing is decided",
        |s| {
            s.approval = vec!["leader"];
            s.lines = false;
            s.lapses = false;
        },
        |s| s.approval = Vec::new(),
    ),
    (
        "no number is drawn",
        |s| s.number = Some("make"),
        |s| s.number = None,
    ),
    (
        "a deadline is another",
        |s| s.clock = Some(3),
        |s| s.clock = Some(4),
    ),
    (
        "a deadline does not end",
        |s| {
            s.clock = Some(3);
            s.clock_stops = true;
        },
        |s| s.clock_stops = false,
    ),
    (
        "nothing happens at its end",
        |s| {
            s.clock = Some(3);
            s.lapses = true;
            s.approval = Vec::new();
        },
        |s| s.lapses = false,
    ),
    ("nothing is set", |s| s.sets = true, |s| s.sets = false),
    ("a sum is wrong", |s| s.times = 2, |s| s.times = 3),
    (
        "a hidden field is shown",
        |s| s.hidden = true,
        |s| s.hidden = false,
    ),
    ("nobody signs", |s| s.signs = true, |s| s.signs = false),
    (
        "no comment is asked for",
        |s| s.comment = true,
        |s| s.comment = false,
    ),
    (
        "lines lead nowhere",
        |s| {
            s.lines = true;
            s.lines_lead = true;
            s.approval = Vec::new();
        },
        |s| s.lines_lead = false,
    ),
    (
        "nothing is created",
        |s| {
            s.creates = true;
            s.lines = false;
        },
        |s| s.creates = false,
    ),
];

/// Each fault with a register that surely has the construct: as it should be obeyed and as it is.
pub(in super::super) fn faults(dice: &mut Dice) -> Vec<(&'static str, Spec, Spec)> {
    let specs = FAULTS.into_iter().enumerate();
    specs
        .map(|(number, (name, has, loses))| {
            let mut spec = Spec::any(&format!("fault{number}"), dice);
            has(&mut spec);
            let mut wrong = spec.clone();
            loses(&mut wrong);
            (name, spec, wrong)
        })
        .collect()
}
