//! What the base, regimes and registers say, at random.

use super::super::spec::Dice;
use std::collections::{BTreeMap, BTreeSet};

/// How hard a rule holds, by strictness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    Off,
    Warn,
    Stop,
}

/// What the base and definitions say at random.
const STRICT: [Severity; 5] = [
    Severity::Off,
    Severity::Warn,
    Severity::Warn,
    Severity::Warn,
    Severity::Stop,
];

/// What loose and strict regimes say at random.
const LOOSE: [Severity; 4] = [Severity::Off, Severity::Off, Severity::Off, Severity::Warn];
const TIGHT: [Severity; 4] = [
    Severity::Off,
    Severity::Warn,
    Severity::Warn,
    Severity::Stop,
];

/// What is kept of documents, by strictness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Content {
    Vault,
    Fingerprint,
    Nothing,
}

/// The value of a parameter: a number or a length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Number(i64),
    Days(i64),
    Hours(i64),
}

impl Value {
    /// By which two of a kind compare.
    pub(super) fn size(self) -> i64 {
        match self {
            Self::Number(size) | Self::Hours(size) => size,
            Self::Days(days) => days * 24,
        }
    }
}

/// Which value of a parameter is stricter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stricter {
    Less,
    More,
    Fixed,
}

const LENGTHS: [Value; 5] = [
    Value::Days(1),
    Value::Hours(30),
    Value::Days(2),
    Value::Hours(100),
    Value::Days(6),
];

/// What parameters the base declares besides its own, and values of them by size.
pub(super) const PARAMETERS: [(&str, Stricter, &[Value]); 5] = [
    (
        "any.most",
        Stricter::Less,
        &[Value::Number(4), Value::Number(5), Value::Number(7)],
    ),
    (
        "any.least",
        Stricter::More,
        &[Value::Number(1), Value::Number(3), Value::Number(4)],
    ),
    (
        "any.law",
        Stricter::Fixed,
        &[Value::Number(5), Value::Number(6)],
    ),
    ("any.within", Stricter::Less, &LENGTHS),
    ("any.wait", Stricter::More, &LENGTHS),
];

/// Letters, more often those that regimes loosen.
const LETTERS: [&str; 9] = ["P", "P*", "S", "S", "D", "D", "U", "U", "invariant"];

/// What a rule asks of the amount.
#[derive(Clone, Copy, Debug)]
pub(super) enum Check {
    Below(i64),
    Most,
    Least,
    Law,
}

impl Check {
    /// The parameter it reads.
    pub(super) fn parameter(self) -> Option<&'static str> {
        match self {
            Self::Below(_) => None,
            Self::Most => Some("any.most"),
            Self::Least => Some("any.least"),
            Self::Law => Some("any.law"),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) letter: &'static str,
    pub(super) severity: Severity,
    pub(super) on: Vec<&'static str>,
    pub(super) check: Check,
}

/// Whether the law fixes what carries this letter, or the product does.
pub(super) fn is_fixed(letter: &str) -> bool {
    ["P", "P*", "invariant"].contains(&letter)
}

/// Where the label of a record comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Open,
    Thing,
    Own,
    Both,
}

impl Label {
    pub(super) fn is_things(self) -> bool {
        [Self::Thing, Self::Both].contains(&self)
    }

    pub(super) fn is_own(self) -> bool {
        [Self::Own, Self::Both].contains(&self)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Register {
    pub(super) key: String,
    pub(super) label: Label,
    pub(super) rules: Vec<Rule>,
    /// It has a line, which is done by itself.
    pub(super) lines: bool,
    /// Its end is decided.
    pub(super) decided: bool,
    /// The parameter that its deadline is as long as, and the state that starts it.
    pub(super) clock: Option<(&'static str, &'static str)>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Regime {
    pub(super) key: String,
    pub(super) severities: BTreeMap<String, Severity>,
    pub(super) parameters: BTreeMap<&'static str, Value>,
    pub(super) content: Option<Content>,
}

/// All that is said in a house.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// Parameters as the base declares them.
    pub(super) declared: BTreeMap<&'static str, Value>,
    /// What the base says of rules.
    pub(super) base: BTreeMap<String, Severity>,
    /// Those of the whole house first; the last is one of those that are shipped, and says nothing of all this.
    pub(super) regimes: Vec<Regime>,
    /// So many are of the whole house.
    pub(super) own: usize,
    pub(super) registers: Vec<Register>,
}

/// The shipped regime.
pub(super) const SHIPPED: &str = "general-company";

const RULES: usize = 12;
const RULES_OF_ONE: usize = 5;

impl Said {
    /// Some registers, and regimes besides the shipped one, of which the first `own` are of the whole house.
    pub(super) fn any(own: usize, (regimes, registers): (usize, usize), dice: &mut Dice) -> Self {
        let letters: Vec<&'static str> = (0..RULES).map(|_| dice.pick(&LETTERS)).collect();
        let registers: Vec<Register> = (0..registers)
            .map(|number| Register::any(number, &letters, dice))
            .collect();
        let rules = registers.iter().flat_map(|register| &register.rules);
        let rules: BTreeMap<String, &'static str> =
            rules.map(|rule| (rule.id.clone(), rule.letter)).collect();
        let declared = PARAMETERS.map(|(key, _, values)| (key, dice.pick(values)));
        let declared = BTreeMap::from(declared);
        let mut all: Vec<Regime> = (0..regimes)
            .map(|number| Regime::any((number, own), &rules, &declared, dice))
            .collect();
        for one in &mut all[..own] {
            // else nothing could be uploaded at all
            one.content = dice.pick(&[None, Some(Content::Vault)]);
        }
        all.push(Regime {
            key: SHIPPED.to_owned(),
            ..Regime::default()
        });
        Self {
            base: severities(&rules, 2, &STRICT, dice),
            declared,
            regimes: all,
            own,
            registers,
        }
    }
}

/// What is said of rules; of one in so many nothing.
fn severities(
    rules: &BTreeMap<String, &'static str>,
    silent: usize,
    all: &[Severity],
    dice: &mut Dice,
) -> BTreeMap<String, Severity> {
    let mut said = BTreeMap::new();
    for (id, letter) in rules {
        if !dice.one_in(silent) {
            let severity = if is_fixed(letter) {
                Severity::Stop
            } else {
                dice.pick(all)
            };
            said.insert(id.clone(), severity);
        }
    }
    said
}

impl Regime {
    fn any(
        (number, own): (usize, usize),
        rules: &BTreeMap<String, &'static str>,
        declared: &BTreeMap<&'static str, Value>,
        dice: &mut Dice,
    ) -> Self {
        // under those of the house something is looser only if all of them say so
        let loose = number < own || dice.one_in(2);
        let (silent, words) = if loose { (9, &LOOSE) } else { (3, &TIGHT) };
        let mut parameters = BTreeMap::new();
        for (key, stricter, values) in PARAMETERS {
            let value = match stricter {
                Stricter::Fixed => declared[key],
                Stricter::Less if loose => values[values.len() - 1],
                Stricter::More if loose => values[0],
                Stricter::Less | Stricter::More => dice.pick(values),
            };
            if !dice.one_in(silent) {
                parameters.insert(key, value);
            }
        }
        let contents = [None, Some(Content::Fingerprint), Some(Content::Fingerprint)];
        let content = dice.pick(&[contents.as_slice(), &[Some(Content::Nothing)]].concat());
        Self {
            key: format!("any-{number}"),
            severities: severities(rules, silent, words, dice),
            parameters,
            content,
        }
    }
}

impl Register {
    fn any(number: usize, letters: &[&'static str], dice: &mut Dice) -> Self {
        let labels = [Label::Open, Label::Thing, Label::Own, Label::Both];
        // what one house has of each differs from what the next has
        let label = labels[(number + dice.below(2)) % labels.len()];
        let lines = number.is_multiple_of(2);
        let mut numbers = BTreeSet::new();
        while numbers.len() < RULES_OF_ONE {
            numbers.insert(dice.below(RULES));
        }
        let rules: Vec<Rule> = numbers
            .into_iter()
            .map(|rule| Rule::any(rule, letters[rule], lines, dice))
            .collect();
        let parameter = dice.pick(&["any.within", "any.wait"]);
        let clock = (parameter, dice.pick(&["s0", "s1"]));
        Self {
            key: format!("governed{number}"),
            label,
            rules,
            lines,
            decided: number % 3 != 2,
            clock: (number != 3).then_some(clock),
        }
    }
}

impl Rule {
    fn any(number: usize, letter: &'static str, lines: bool, dice: &mut Dice) -> Self {
        let id = if letter == "invariant" {
            format!("I-any-{number}")
        } else {
            format!("R-9{number:02}")
        };
        let on = if lines && dice.one_in(3) {
            vec!["rows.do"]
        } else {
            let all = ["make", "edit", "start", "end"];
            let but = dice.below(all.len());
            let some = all.iter().enumerate().filter(|(one, _)| *one != but);
            some.map(|(_, on)| *on).collect()
        };
        let severity = if is_fixed(letter) {
            Severity::Stop
        } else {
            dice.pick(&STRICT)
        };
        let check = match dice.below(5) {
            0 => Check::Most,
            1 => Check::Least,
            2 => Check::Law,
            _ => Check::Below(dice.pick(&[5, 6, 7])),
        };
        Self {
            id,
            letter,
            severity,
            on,
            check,
        }
    }
}
