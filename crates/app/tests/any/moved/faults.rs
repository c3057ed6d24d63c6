//! What an engine could do wrong with a step: a register as it should be carried over, and as it is written for
//! one that does not know what the step says.

use super::{
    changes::Next,
    shape::{Field, Kind, Made},
    version::Chain,
};
use crate::any::spec::Dice;

/// A register as it is to be obeyed, and as it is.
pub(super) struct Fault {
    pub(super) name: &'static str,
    pub(super) obeyed: Chain,
    pub(super) written: Chain,
}

type Changes = fn(&mut Next);

/// Each with the step as it should be, and as it is obeyed.
const FAULTS: [(&str, Changes, Changes); 18] = [
    ("nothing is wrong", rename, rename),
    ("another key loses the value", rename, |next| {
        rename(next);
        next.step.of.rename.clear();
        next.step.of.remove.push("amount".to_owned());
    }),
    ("another key is not known", rename, |next| {
        rename(next);
        next.step.of.rename.clear();
    }),
    ("keys are given one after the other", swap, |next| {
        swap(next);
        next.step.of.rename.remove("note");
        next.step.of.remove.push("note".to_owned());
    }),
    ("nothing is worked out", score, |next| {
        score(next);
        next.step.of.set.clear();
    }),
    ("something else is worked out", score, |next| {
        score(next);
        let made = Made::Times(3, "amount".to_owned());
        next.step.of.set.insert("score_2".to_owned(), made);
    }),
    ("what is removed is not there to be read", words, |next| {
        words(next);
        for made in next.step.of.set.values_mut() {
            *made = Made::OrNone("nowhere".to_owned());
        }
    }),
    ("a state is taken for another", going, |next| {
        going(next);
        let other = next.version.of.state("paused").to_owned();
        next.step.of.states.insert("going".to_owned(), other);
    }),
    ("states are not mapped", going, |next| {
        going(next);
        next.step.of.states.clear();
    }),
    ("what is removed is shown", remove, |next| {
        let key = "extra_2".to_owned();
        let to = Field {
            key: key.clone(),
            kind: Kind::TEXT,
        };
        next.version.of.fields.insert("extra", to);
        next.step.of.rename.insert("extra".to_owned(), key);
    }),
    ("what is hidden is shown", hidden, |next| {
        hidden(next);
        *next.version.of.kind_mut("secret").unwrap() = Kind::TEXT;
    }),
    ("the step of lines is left out", rows, |next| {
        rows(next);
        next.step.rows.rename.clear();
    }),
    ("a new deadline does not start", clock, |_| {}),
    ("a deadline that is gone goes on", no_clock, |_| {}),
    ("what does not fit comes all the same", tighter, |_| {}),
    ("what one alone may have two have", unique, |_| {}),
    ("what one alone may hold two hold", reserve, |_| {}),
    ("a request waits for what is gone", other_end, |_| {}),
];

fn rename(next: &mut Next) {
    next.rename_one("amount");
}

fn swap(next: &mut Next) {
    assert!(next.swap());
}

fn score(next: &mut Next) {
    assert!(next.score());
}

fn words(next: &mut Next) {
    let of = next.remove_one("extra").unwrap();
    assert!(next.add("words", "words", Kind::TEXT, Some(Made::OrNone(of))));
}

fn going(next: &mut Next) {
    assert!(next.state("going"));
}

fn remove(next: &mut Next) {
    next.remove_one("extra").unwrap();
}

fn hidden(next: &mut Next) {
    next.rename_one("secret");
}

fn rows(next: &mut Next) {
    next.rename_row("pieces");
}

fn clock(next: &mut Next) {
    next.clock();
}

fn no_clock(next: &mut Next) {
    assert!(next.no_clock());
}

fn tighter(next: &mut Next) {
    assert!(next.tighter());
}

fn unique(next: &mut Next) {
    assert!(next.unique());
}

fn reserve(next: &mut Next) {
    assert!(next.reserve());
}

fn other_end(next: &mut Next) {
    assert!(next.other_end());
}

/// Each fault with a register in which it has to show.
pub(super) fn faults(dice: &mut Dice) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    for (name, should, is) in FAULTS {
        let mut obeyed = Chain::full(&format!("fault{}", faults.len()));
        let mut written = obeyed.clone();
        obeyed.grow(dice, should);
        written.grow(dice, is);
        faults.push(Fault {
            name,
            obeyed,
            written,
        });
    }
    faults.push(second_step(dice));
    faults
}

/// Of two steps at once the second is left out.
fn second_step(dice: &mut Dice) -> Fault {
    let mut obeyed = Chain::full("second");
    obeyed.skips = true;
    obeyed.grow(dice, score);
    let mut written = obeyed.clone();
    obeyed.grow(dice, rename);
    written.grow(dice, |next| {
        rename(next);
        next.step.of = super::shape::Change::default();
    });
    Fault {
        name: "of two steps at once the second is left out",
        obeyed,
        written,
    }
}
