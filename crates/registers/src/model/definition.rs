//! The definition of one register, and how to find things in it.

use domain::Text;
use serde::Serialize;

use super::{
    Action, Approval, ClockDef, Field, LabelRule, Line, Migration, NumberRule, Print, Rule, State,
    Tile, Trigger,
};

/// One register (台账 or form) as data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Definition {
    /// Unique key, `[a-z][a-z0-9_]*`.
    pub key: String,
    /// Version of the definition; raised by whoever changes what is stored.
    pub version: u32,
    /// Name shown to people.
    pub name: Text,
    /// What it is for, which rule asks for it, what happens next.
    pub help: Text,
    /// The chapter it stands in.
    pub area: Area,
    /// Whether it holds business records or the directory of people and places.
    pub nature: Nature,
    /// Duties (A1, B7 …) it serves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub duties: Vec<String>,
    /// How its records are numbered; `None` when they carry no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<NumberRule>,
    /// Where a record's label comes from.
    pub label: LabelRule,
    /// Field shown as the record's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Fields in the order they are shown.
    pub fields: Vec<Field>,
    /// Child records with their own state.
    pub lines: Vec<Line>,
    /// Checks with their source.
    pub rules: Vec<Rule>,
    /// States of a record's life.
    pub states: Vec<State>,
    /// Moves between them, the built-in ones included.
    pub actions: Vec<Action>,
    /// Decisions that actions wait for.
    pub approvals: Vec<Approval>,
    /// Deadlines.
    pub clocks: Vec<ClockDef>,
    /// Steps that carry records of older definition versions over.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub migrations: Vec<Migration>,
    /// Printed forms.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prints: Vec<Print>,
    /// What the board counts of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tiles: Vec<Tile>,
    /// Whose lines its records are, if they are lines ([`Line::as_register`]).
    #[serde(skip)]
    pub line_of: Option<LineOf>,
}

/// The register and the kind of lines that records of a derived register are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineOf {
    /// Key of the register.
    pub register: String,
    /// Key of its lines.
    pub line: String,
}

impl Definition {
    /// The field of this key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The kind of child records of this key.
    pub fn line(&self, key: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.key == key)
    }

    /// The state of this key.
    pub fn state(&self, key: &str) -> Option<&State> {
        self.states.iter().find(|state| state.key == key)
    }

    /// The action of this key.
    pub fn action(&self, key: &str) -> Option<&Action> {
        self.actions.iter().find(|action| action.key == key)
    }

    /// The state a record stands in before its first action is through.
    pub fn initial_state(&self) -> Option<&State> {
        self.states.iter().find(|state| state.initial)
    }

    /// Whether a record in this state is closed: it no longer reserves its targets.
    pub fn is_final(&self, state: &str) -> bool {
        self.state(state).is_some_and(|state| state.is_final)
    }

    /// The actions that create a record.
    pub fn initial_actions(&self) -> impl Iterator<Item = &Action> {
        self.actions.iter().filter(|action| action.is_initial())
    }

    /// The rules that hold on an action (`lend`, or `readers.take` for a line's action).
    pub fn rules_on<'a>(&'a self, action: &'a str) -> impl Iterator<Item = &'a Rule> {
        self.rules
            .iter()
            .filter(move |rule| rule.on.iter().any(|on| on == action))
    }

    /// The action that undoes another: the one it names, or itself where it only sets fields.
    pub fn undo_of<'d>(&'d self, action: &'d Action) -> Option<&'d Action> {
        match &action.undo {
            Some(undo) => self.action(undo),
            None => self.only_sets_fields(action).then_some(action),
        }
    }

    /// Whether an action does nothing but set fields on which nothing else starts: done again with the values of
    /// before, it is undone.
    fn only_sets_fields(&self, action: &Action) -> bool {
        let is_field = |key: &String| self.fields.iter().any(|field| field.key == *key);
        let moves = |clock: &ClockDef| {
            let mut triggers = clock.stop.iter().chain(&clock.start);
            triggers.any(|one| matches!(one, Trigger::Field(field) if action.input.contains(field)))
        };
        action.does_no_more_than_set()
            && self.approval_of(&action.key).is_none()
            && action.input.iter().all(is_field)
            && !self.clocks.iter().any(moves)
    }

    /// The approval an action waits for, if it has one.
    pub fn approval_of(&self, action: &str) -> Option<&Approval> {
        self.approvals
            .iter()
            .find(|approval| approval.action == action)
    }
}

/// The chapters of the product; also the folder a definition lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// People, posts, reviews, leaving.
    People,
    /// Places, devices, visitors.
    Places,
    /// Classification decisions and their basis.
    Classification,
    /// Carriers and their movements.
    Custody,
    /// Leaks, losses and emergencies.
    Incident,
    /// Courses and exams.
    Training,
    /// Inspections, self-evaluation, risk.
    Inspection,
    /// Meetings and visits.
    Meeting,
    /// Everything else an office keeps.
    Office,
}

impl Area {
    /// Every area with the word a definition uses for it.
    pub const ALL: [(&'static str, Self); 9] = [
        ("people", Self::People),
        ("places", Self::Places),
        ("classification", Self::Classification),
        ("custody", Self::Custody),
        ("incident", Self::Incident),
        ("training", Self::Training),
        ("inspection", Self::Inspection),
        ("meeting", Self::Meeting),
        ("office", Self::Office),
    ];
}

impl Area {
    /// The word a definition uses for it.
    pub fn key(self) -> &'static str {
        let mut all = Self::ALL.iter();
        let found = all.find(|(_, area)| *area == self);
        found.map_or("office", |(key, _)| *key)
    }
}

/// Who may see open records of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// Business records: label, clearance and a ground decide.
    Business,
    /// Units, people, posts, places: everybody may see open ones.
    Directory,
}

impl Nature {
    /// Every nature with the word a definition uses for it.
    pub const ALL: [(&'static str, Self); 2] =
        [("business", Self::Business), ("directory", Self::Directory)];
}
