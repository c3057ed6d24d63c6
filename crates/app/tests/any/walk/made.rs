//! Records at random: good or not, and whether the model lets them be.

use super::{FIRST_DAY, Known, Spec, THINGS, World};
use serde_json::{Value, json};

/// What may be chosen.
pub(super) const MARKS: [&str; 3] = ["x", "y", "z"];

impl World {
    /// Something that may be good or not.
    pub(super) fn anything(&mut self, spec: &Spec) -> Known {
        let amount = match self.dice.below(8) {
            0 => self.dice.pick(&[-1, 10]),
            1 => 5,
            _ => self.dice.pick(&[1, 3, 4, 6, 7, 8]),
        };
        let kind = self.dice.pick(&["a", "b"]);
        let has_extra = match (kind, self.dice.below(6)) {
            (_, 0) => true,
            ("b", more) => more > 1,
            _ => false,
        };
        Known {
            id: self.things[0][0],
            state: "s0",
            note: self.words(),
            amount,
            code: self.code(),
            kind,
            extra: has_extra.then(|| "x".to_owned()),
            holder: self.dice.pick(&["reader", "witness"]),
            thing: self.dice.below(THINGS),
            many: self.dice.pick(&[0, 0, 0, 1, 1, 2, 2, 3]),
            marks: self.dice.pick(&[0, 0, 0, 1, 1, 2, 2, 3]),
            days: self
                .dice
                .pick(&[None, None, Some(2), Some(3), Some(9), Some(1)]),
            secret: self.dice.one_in(2).then(|| "密".to_owned()),
            stamp: None,
            numbered: spec.number == Some("make"),
            pending: None,
            rows: Vec::new(),
            due: None,
        }
    }

    /// Whether a record may be what it is to be.
    pub(super) fn may_be(&self, register: usize, new: &Known) -> bool {
        let spec = &self.specs[register];
        let mut others = self.known[register].iter();
        let held = others.any(|one| one.is_open() && one.thing == new.thing);
        let long = |text: &String| text.chars().count() > spec.note_max;
        let wrong = [
            spec.note_required && new.note.is_none(),
            new.note.as_ref().is_some_and(long),
            new.amount < spec.amount.0 || new.amount > spec.amount.1,
            !self.code_is_free(register, new, None),
            spec.extra_shown && new.kind == "a" && new.extra.is_some(),
            spec.extra_required && new.kind == "b" && new.extra.is_none(),
            spec.reserve && held,
            new.many > spec.many_max,
            new.marks > spec.marks_max,
            new.days.is_some_and(|last| last < FIRST_DAY),
        ];
        wrong.iter().all(|wrong| !wrong)
    }

    pub(super) fn input(&self, register: usize, new: &Known) -> Value {
        let mut input = json!({
            "amount": new.amount, "kind": new.kind, "holder": self.house.id(new.holder),
            "thing": self.things[register][new.thing],
        });
        for (key, value) in [
            ("note", &new.note),
            ("code", &new.code),
            ("extra", &new.extra),
            ("secret", &new.secret),
        ] {
            if let Some(value) = value {
                input[key] = json!(value);
            }
        }
        for (key, value) in self.lists(register, new) {
            if !value.is_null() {
                input[key] = value;
            }
        }
        input
    }

    /// What of a record is more than one value.
    pub(super) fn lists(&self, register: usize, known: &Known) -> [(&'static str, Value); 3] {
        let list = |all: Value| match all.as_array() {
            Some(all) if all.is_empty() => Value::Null,
            _ => all,
        };
        let things = &self.things[register][..known.many];
        let marks = &MARKS[..known.marks];
        let days = known.days.map_or(Value::Null, |last| {
            json!({ "from": format!("2026-03-{FIRST_DAY:02}"), "to": format!("2026-03-{last:02}") })
        });
        [
            ("many", list(json!(things))),
            ("marks", list(json!(marks))),
            ("days", days),
        ]
    }
}
