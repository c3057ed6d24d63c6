//! What an engine could do wrong: packs that surely have a construct, and as they are obeyed without it.

use super::said::{
    Check, Content, Label, PARAMETERS, Regime, Register, Rule, Said, Severity, Value,
};
use super::world::{Layout, Place};
use std::collections::BTreeMap;

/// What is asked for, and what an engine would know instead.
type Fault = (&'static str, fn(&mut Said), fn(&mut Said, &mut Layout));

/// The first rule of the plain register, and that of its line.
const PLAIN: usize = 0;
const LINE: usize = 4;

/// A house with one regime of its own and one besides, which say nothing, and a register of everything.
pub(super) fn plain() -> Said {
    let all = ["make", "edit", "start", "end"];
    let checks = [Check::Below(5), Check::Most, Check::Least, Check::Law];
    let mut rules: Vec<Rule> = (0..)
        .zip(checks)
        .map(|(number, check)| Rule {
            id: id(number),
            letter: "S",
            severity: Severity::Warn,
            on: all.to_vec(),
            check,
        })
        .collect();
    rules.push(Rule {
        id: id(LINE),
        letter: "D",
        severity: Severity::Warn,
        on: vec!["rows.do"],
        check: Check::Below(5),
    });
    let regimes = ["any-0", "any-1"].map(|key| Regime {
        key: key.to_owned(),
        ..Regime::default()
    });
    Said {
        declared: PARAMETERS
            .map(|(key, _, values)| (key, values[values.len() / 2]))
            .into(),
        base: BTreeMap::new(),
        regimes: regimes.into(),
        own: 1,
        registers: vec![Register {
            key: "plain".to_owned(),
            label: Label::Thing,
            rules,
            lines: true,
            decided: true,
            clock: Some(("any.within", "s0")),
        }],
    }
}

fn id(rule: usize) -> String {
    format!("R-90{rule}")
}

/// A regime says something of a rule.
fn says(said: &mut Said, regime: usize, rule: usize, severity: Severity) {
    let severities = &mut said.regimes[regime].severities;
    severities.insert(id(rule), severity);
}

fn sets(said: &mut Said, regime: usize, key: &'static str, value: Value) {
    said.regimes[regime].parameters.insert(key, value);
}

/// A rule that no regime loosens is taken for one that the house's loosens.
fn loosened(said: &mut Said) {
    said.registers[0].rules[PLAIN].letter = "S";
    says(said, 0, PLAIN, Severity::Off);
}

fn fixed(said: &mut Said, letter: &'static str) {
    let rule = &mut said.registers[0].rules[PLAIN];
    (rule.letter, rule.severity) = (letter, Severity::Stop);
}

pub(super) const FAULTS: [Fault; 19] = [
    (
        "what a regime says of a rule",
        |said| says(said, 0, PLAIN, Severity::Stop),
        |said, _| said.regimes[0].severities.clear(),
    ),
    (
        "the looser of two words",
        |said| {
            says(said, 0, PLAIN, Severity::Warn);
            says(said, 1, PLAIN, Severity::Stop);
        },
        |said, _| says(said, 1, PLAIN, Severity::Warn),
    ),
    (
        "who is silent says that it is off",
        |_| {},
        |said, _| says(said, 0, PLAIN, Severity::Off),
    ),
    (
        "who is silent says the definition's word",
        |said| {
            said.base.insert(id(PLAIN), Severity::Stop);
        },
        |said, _| said.base.clear(),
    ),
    (
        "what the base says holds besides",
        |said| {
            said.base.insert(id(PLAIN), Severity::Stop);
            says(said, 0, PLAIN, Severity::Off);
        },
        |said, _| said.regimes[0].severities.clear(),
    ),
    (
        "the letter P",
        |said| fixed(said, "P"),
        |said, _| loosened(said),
    ),
    (
        "the letter P*",
        |said| fixed(said, "P*"),
        |said, _| loosened(said),
    ),
    (
        "an invariant",
        |said| fixed(said, "invariant"),
        |said, _| loosened(said),
    ),
    (
        "a line is under those of its record",
        |said| says(said, 0, LINE, Severity::Stop),
        |said, _| said.regimes[0].severities.clear(),
    ),
    (
        "what a regime sets",
        |said| sets(said, 0, "any.most", Value::Number(3)),
        |said, _| said.regimes[0].parameters.clear(),
    ),
    (
        "the looser of two values",
        |said| {
            sets(said, 0, "any.most", Value::Number(5));
            sets(said, 1, "any.most", Value::Number(3));
        },
        |said, _| sets(said, 1, "any.most", Value::Number(5)),
    ),
    (
        "more is stricter",
        |said| sets(said, 1, "any.least", Value::Number(5)),
        |said, _| said.regimes[1].parameters.clear(),
    ),
    (
        "what the base declares holds besides",
        |said| {
            said.declared.insert("any.most", Value::Number(3));
            sets(said, 0, "any.most", Value::Number(7));
        },
        |said, _| said.regimes[0].parameters.clear(),
    ),
    (
        "what the law fixes",
        |_| {},
        |said, _| {
            said.declared.insert("any.law", Value::Number(4));
        },
    ),
    (
        "the length of a deadline",
        |said| sets(said, 1, "any.within", Value::Days(1)),
        |said, _| said.regimes[1].parameters.clear(),
    ),
    (
        "content that is not kept",
        |said| said.regimes[1].content = Some(Content::Nothing),
        |said, _| said.regimes[1].content = None,
    ),
    (
        "a unit has those below it",
        |said| says(said, 1, PLAIN, Severity::Stop),
        |_, is| {
            is.upper[3] = None;
            is.places = vec![Place::Unit(1)];
        },
    ),
    (
        "who makes a record counts",
        |said| says(said, 1, PLAIN, Severity::Stop),
        |_, is| is.makers = Some(0),
    ),
    (
        "a project",
        |said| says(said, 1, PLAIN, Severity::Stop),
        |_, is| {
            is.projects = ["青山", "绿水"];
            is.places = [0, 1].map(Place::Project).into();
        },
    ),
];
