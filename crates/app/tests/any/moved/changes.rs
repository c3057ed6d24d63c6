//! What a new version can be about: each change to what a version has, with what its step says of it.

use super::{
    shape::{Field, Kind, Made, Shape},
    version::{Deadline, Step, Version},
};
use crate::any::spec::Dice;

/// The next version on its way.
pub(super) struct Next {
    pub(super) version: Version,
    pub(super) step: Step,
    /// What it is made from.
    before: Version,
    dice: Dice,
}

/// A change: its name, how rarely it comes, and how it is made.
type One = (&'static str, usize, fn(&mut Next) -> bool);

/// Each change; false where there is nothing to change.
const CHANGES: [One; 24] = [
    ("rename", 2, Next::rename),
    ("swap", 3, Next::swap),
    ("remove", 3, Next::remove),
    ("set from removed", 2, Next::keep_words),
    ("key used anew", 2, Next::reuse),
    ("set", 2, Next::score),
    ("set fails", 4, Next::worth),
    ("choice gone", 3, Next::choose),
    ("set by state", 3, Next::told),
    ("set by number", 3, Next::numbered),
    ("states", 2, Next::states),
    ("two states into one", 4, Next::merge),
    ("two ends into one", 3, Next::merge_ends),
    ("state forgotten", 2, Next::forget_state),
    ("field forgotten", 3, Next::forget_field),
    ("new clock", 3, Next::clock),
    ("clock gone", 3, Next::no_clock),
    ("action gone", 4, Next::other_end),
    ("decision gone", 4, Next::undecided),
    ("who gone", 3, Next::no_helper),
    ("tighter", 5, Next::tighter),
    ("unique", 1, Next::unique),
    ("reserve", 3, Next::reserve),
    ("visible", 3, Next::visible),
];

/// The same for its lines.
const OF_ROWS: [One; 5] = [
    ("line rename", 2, Next::rename_rows),
    ("line set", 3, Next::weigh_rows),
    ("line remove", 4, Next::remove_of_rows),
    ("line states", 2, Next::states_of_rows),
    ("line tighter", 3, Next::tighter_rows),
];

/// Some changes at random.
pub(super) fn some(next: &mut Next) {
    for (name, rarely, change) in CHANGES {
        if next.dice.one_in(rarely) && change(next) {
            next.step.marks.push(name);
        }
    }
    for (name, rarely, change) in OF_ROWS {
        if next.dice.one_in(rarely) && change(next) {
            next.step.rows_marks.push(name);
        }
    }
}

impl Next {
    pub(super) fn after(before: &Version, dice: &mut Dice) -> Self {
        let mut version = before.clone();
        version.number += 1;
        Self {
            version,
            step: Step::new(before.number),
            before: before.clone(),
            dice: dice.fork(),
        }
    }

    pub(super) fn made(self) -> (Version, Step) {
        (self.version, self.step)
    }

    fn number(&self) -> u32 {
        self.version.number
    }

    /// Gives a field another key, which is told.
    pub(super) fn rename_one(&mut self, role: &'static str) {
        let to = format!("{role}_{}", self.number());
        if let Some(field) = self.version.of.fields.get_mut(role) {
            let from = std::mem::replace(&mut field.key, to.clone());
            self.step.of.rename.insert(from, to);
        }
    }

    pub(super) fn rename(&mut self) -> bool {
        let roles = [
            "note", "amount", "kind", "holder", "thing", "code", "secret", "limit",
        ];
        for _ in 0..3 {
            let role = self.dice.pick(&roles);
            // once in a step
            if self.same_key(role) {
                self.rename_one(role);
            }
        }
        true
    }

    /// Whether a field has the key of before.
    fn same_key(&self, role: &str) -> bool {
        let was = self.before.of.fields.get(role);
        let is = self.version.of.fields.get(role);
        was.is_some() && was.map(|field| &field.key) == is.map(|field| &field.key)
    }

    /// Two fields change their keys.
    pub(super) fn swap(&mut self) -> bool {
        if !self.same_key("note") || !self.same_key("code") {
            return false;
        }
        let note = self.version.of.key("note").to_owned();
        let code = self.version.of.key("code").to_owned();
        for (role, from, to) in [("note", &note, &code), ("code", &code, &note)] {
            self.step.of.rename.insert(from.clone(), to.clone());
            let field = self.version.of.fields.get_mut(role).unwrap();
            field.key.clone_from(to);
        }
        true
    }

    /// Drops a field without a word; its key of before.
    fn drop(&mut self, role: &str) -> Option<String> {
        if !self.same_key(role) {
            return None;
        }
        let field = self.version.of.fields.remove(role)?;
        Some(field.key)
    }

    pub(super) fn remove_one(&mut self, role: &str) -> Option<String> {
        let key = self.drop(role)?;
        self.step.of.remove.push(key.clone());
        self.version.freed.push(key.clone());
        Some(key)
    }

    pub(super) fn add(
        &mut self,
        role: &'static str,
        key: &str,
        kind: Kind,
        made: Option<Made>,
    ) -> bool {
        if self.version.of.has(role) || self.version.of.field_of(key).is_some() {
            return false;
        }
        let key = key.to_owned();
        self.step
            .of
            .set
            .extend(made.map(|made| (key.clone(), made)));
        self.version.of.fields.insert(role, Field { key, kind });
        true
    }

    pub(super) fn remove(&mut self) -> bool {
        let role = self.dice.pick(&["extra", "again"]);
        self.remove_one(role).is_some()
    }

    /// What is removed is kept in other words.
    pub(super) fn keep_words(&mut self) -> bool {
        let role = if self.same_key("extra") {
            "extra"
        } else {
            "again"
        };
        let key = format!("words_{}", self.number());
        if self.version.of.has("words") {
            return false;
        }
        let Some(of) = self.remove_one(role) else {
            return false;
        };
        self.add("words", &key, Kind::TEXT, Some(Made::OrNone(of)))
    }

    /// A new field under a key that another had.
    pub(super) fn reuse(&mut self) -> bool {
        let free = |key: &&String| self.version.of.field_of(key).is_none();
        let Some(key) = self.version.freed.iter().find(free).cloned() else {
            return false;
        };
        self.add("again", &key, Kind::TEXT, None)
    }

    pub(super) fn score(&mut self) -> bool {
        let of = self.version.of.key("amount").to_owned();
        let key = format!("score_{}", self.number());
        let made = Made::Times(2, of);
        self.add("score", &key, Kind::Whole { max: 9999 }, Some(made))
    }

    /// Worked out from what not every record has.
    pub(super) fn worth(&mut self) -> bool {
        if !self.version.of.has("limit") {
            return false;
        }
        let of = self.version.of.key("limit").to_owned();
        let made = Made::Times(3, of);
        self.add("worth", "worth", Kind::Whole { max: 9999 }, Some(made))
    }

    pub(super) fn choose(&mut self) -> bool {
        let key = self.version.of.key("kind").to_owned();
        let Some(Kind::Choice { keys }) = self.version.of.kind_mut("kind") else {
            return false;
        };
        if keys.len() < 3 {
            return false;
        }
        keys.retain(|key| *key != "c");
        // now and then it is not said what becomes of it
        if !self.dice.one_in(4) {
            let made = Made::Instead(key.clone(), "c", "b");
            self.step.of.set.insert(key, made);
        }
        true
    }

    pub(super) fn told(&mut self) -> bool {
        let role = self.dice.pick(&["begun", "going", "ended"]);
        let made = Made::Whether(self.before.of.state(role).to_owned());
        let key = format!("was_{}", self.number());
        let role = if self.number() == 2 { "was2" } else { "was3" };
        self.add(role, &key, Kind::TEXT, Some(made))
    }

    pub(super) fn numbered(&mut self) -> bool {
        self.add("known_as", "known_as", Kind::TEXT, Some(Made::Number))
    }
}

impl Next {
    /// States of records that are called otherwise.
    pub(super) fn states(&mut self) -> bool {
        let roles = ["begun", "going", "paused", "ended", "dropped"];
        let role = self.dice.pick(&roles);
        self.state(role)
    }

    pub(super) fn state(&mut self, role: &'static str) -> bool {
        let to = format!("{role}_{}", self.number());
        let (was, is) = (&self.before.of, &mut self.version.of);
        called(&[role], &to, was, is).is_some_and(|named| {
            self.step.of.states.extend(named);
            true
        })
    }

    /// Two states that a record goes on from become one.
    pub(super) fn merge(&mut self) -> bool {
        self.merged(["going", "paused"], "busy")
    }

    /// Two states in which a record is closed become one.
    pub(super) fn merge_ends(&mut self) -> bool {
        self.merged(["ended", "dropped"], "closed")
    }

    fn merged(&mut self, roles: [&'static str; 2], to: &str) -> bool {
        let of = &self.before.of;
        if of.state(roles[0]) == of.state(roles[1]) {
            return false;
        }
        let to = format!("{to}_{}", self.number());
        let (was, is) = (&self.before.of, &mut self.version.of);
        called(&roles, &to, was, is).is_some_and(|named| {
            self.step.of.states.extend(named);
            true
        })
    }

    /// A state is called otherwise, and nothing says so.
    pub(super) fn forget_state(&mut self) -> bool {
        // what a step has led to is not forgotten: such a definition does not load
        if self.before.of.state("dropped") != "dropped" {
            return false;
        }
        let to = format!("dropped_{}", self.number());
        called(&["dropped"], &to, &self.before.of, &mut self.version.of).is_some()
    }

    /// A field is gone, and nothing says so.
    pub(super) fn forget_field(&mut self) -> bool {
        let of = &self.before.of;
        let as_ever = of.has("limit") && of.key("limit") == "limit";
        as_ever && self.drop("limit").is_some()
    }

    pub(super) fn clock(&mut self) -> bool {
        let clock = Deadline {
            start: self.dice.pick(&["begun", "going"]),
            days: 5,
        };
        let key = format!("clock_{}", self.number());
        self.version.clocks.insert(key, clock);
        true
    }

    pub(super) fn no_clock(&mut self) -> bool {
        let clocks = self.before.clocks.keys();
        let all: Vec<&String> = clocks.collect();
        if all.is_empty() {
            return false;
        }
        let gone = self.dice.pick(&all);
        self.version.clocks.remove(gone).is_some()
    }

    pub(super) fn other_end(&mut self) -> bool {
        self.version.end = format!("finish_{}", self.number());
        true
    }

    pub(super) fn undecided(&mut self) -> bool {
        std::mem::replace(&mut self.version.decided, false)
    }

    pub(super) fn no_helper(&mut self) -> bool {
        self.remove_one("helper").is_some()
    }

    /// Fewer values fit, or again as many as before.
    pub(super) fn tighter(&mut self) -> bool {
        if self.dice.one_in(2)
            && let Some(Kind::Text { max, .. }) = self.version.of.kind_mut("note")
        {
            *max = if *max == 40 { 4 } else { 40 };
        }
        tight(self.version.of.kind_mut("amount"))
    }

    pub(super) fn unique(&mut self) -> bool {
        let code = self.version.of.kind_mut("code");
        let Some(Kind::Text { unique, .. }) = code else {
            return false;
        };
        !std::mem::replace(unique, true)
    }

    /// What an open record names it holds, or no longer.
    pub(super) fn reserve(&mut self) -> bool {
        let Some(Kind::Thing { reserve }) = self.version.of.kind_mut("thing") else {
            return false;
        };
        *reserve = !*reserve;
        true
    }

    /// What only leaders saw others see too, or the other way round.
    pub(super) fn visible(&mut self) -> bool {
        let Some(Kind::Text { hidden, .. }) = self.version.of.kind_mut("secret") else {
            return false;
        };
        *hidden = !*hidden;
        true
    }
}

/// Lines.
impl Next {
    pub(super) fn rename_rows(&mut self) -> bool {
        let role = self.dice.pick(&["what", "pieces"]);
        self.rename_row(role)
    }

    pub(super) fn rename_row(&mut self, role: &str) -> bool {
        let to = format!("{role}_{}", self.number());
        let Some(field) = self.version.rows.fields.get_mut(role) else {
            return false;
        };
        let from = std::mem::replace(&mut field.key, to.clone());
        self.step.rows.rename.insert(from, to);
        true
    }

    pub(super) fn weigh_rows(&mut self) -> bool {
        let rows = &mut self.version.rows;
        if rows.has("weight") || !rows.has("pieces") {
            return false;
        }
        let made = Made::Times(5, rows.key("pieces").to_owned());
        let key = "weight".to_owned();
        self.step.rows.set.insert(key.clone(), made);
        let kind = Kind::Whole { max: 999 };
        rows.fields.insert("weight", Field { key, kind });
        true
    }

    pub(super) fn remove_of_rows(&mut self) -> bool {
        let key = self.before.rows.fields.get("what").map(|field| &field.key);
        let Some(key) = key.filter(|key| self.version.rows.field_of(key).is_some()) else {
            return false;
        };
        self.version.rows.fields.remove("what");
        self.step.rows.remove.push(key.clone());
        true
    }

    pub(super) fn states_of_rows(&mut self) -> bool {
        let (was, is) = (&self.before.rows, &mut self.version.rows);
        let two = was.state("open") != was.state("half");
        let named = if two && self.dice.one_in(2) {
            let to = format!("todo_{}", self.version.number);
            called(&["open", "half"], &to, was, is)
        } else {
            let to = format!("done_{}", self.version.number);
            called(&["done"], &to, was, is)
        };
        named.is_some_and(|named| {
            self.step.rows.states.extend(named);
            true
        })
    }

    pub(super) fn tighter_rows(&mut self) -> bool {
        tight(self.version.rows.kind_mut("pieces"))
    }
}

/// Gives states another key, with all that share it; nothing where they have one of this version already.
fn called(
    roles: &[&'static str],
    to: &str,
    was: &Shape,
    is: &mut Shape,
) -> Option<Vec<(String, String)>> {
    let keys: Vec<String> = roles
        .iter()
        .map(|role| was.state(role).to_owned())
        .collect();
    let of_before: Vec<&'static str> = was
        .states
        .iter()
        .filter(|(_, key)| keys.contains(key))
        .map(|(role, _)| *role)
        .collect();
    let same = |role: &&'static str| was.state(role) == is.state(role);
    if !of_before.iter().all(same) {
        return None;
    }
    for role in of_before {
        is.states.insert(role, to.to_owned());
    }
    Some(keys.into_iter().map(|key| (key, to.to_owned())).collect())
}

/// Fewer numbers fit, or again as many as before.
fn tight(kind: Option<&mut Kind>) -> bool {
    let Some(Kind::Whole { max }) = kind else {
        return false;
    };
    *max = if *max == 99 { 50 } else { 99 };
    true
}
