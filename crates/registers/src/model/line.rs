//! Lines: child records with their own state, inside one record.

use domain::Text;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    Action, Approval, Assignments, ClockDef, Definition, Field, LabelRule, LineOf, Rule, State,
    is_false, migration::Migration,
};
use crate::Expr;

/// One kind of child record: the readers of a circulation, the copies of a stock-take.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Key, unique among the register's fields and lines.
    pub key: String,
    /// Name shown to people.
    pub name: Text,
    /// What a line stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
    /// Fields of a line.
    pub fields: Vec<Field>,
    /// States of a line.
    pub states: Vec<State>,
    /// Moves of a line.
    pub actions: Vec<Action>,
    /// Deadlines of a line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ClockDef>,
    /// Checks on a line's actions; `on` names them without the line's key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Lines are begun in their order: none leaves its initial state before those ahead of it have.
    #[serde(skip_serializing_if = "is_false")]
    pub order: bool,
    /// Lines that an action makes by itself: from a query, frozen when it ran, or the same each time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill: Option<Fill>,
    /// Field whose target is reserved while the line is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserve: Option<String>,
    /// Moves of the record that follow from the states of its lines; the first that holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parent: Vec<ParentMove>,
    /// What is done to a line by scanning what it names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scan: Option<Scan>,
    /// Fewest lines a record must have once its first action is through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<usize>,
    /// Most lines a record may have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<usize>,
}

/// The state of a line that was given once and is not asked for any more: who asks again after a
/// request was sent back gives their lines anew.
pub const WITHDRAWN: &str = "withdrawn";

impl Line {
    /// Key of the register that the lines of a record are kept in.
    pub fn register_key(&self, register: &str) -> String {
        format!("{register}.{}", self.key)
    }

    /// Lines of this kind that stand in a record's body: an act gives them, and they are about to be
    /// made.
    pub fn given<'b>(
        &self,
        body: &'b Map<String, Value>,
    ) -> impl Iterator<Item = &'b Map<String, Value>> + use<'b> {
        let rows = body.get(&self.key).and_then(Value::as_array);
        rows.into_iter().flatten().filter_map(Value::as_object)
    }

    /// Lines as a register of their own: what serves records serves lines.
    pub(crate) fn as_register(&self, of: &Definition) -> Definition {
        let mut fields = self.fields.clone();
        for field in &mut fields {
            field.reserve |= self.reserve.as_ref() == Some(&field.key);
        }
        let mut states = self.states.clone();
        if self.state(WITHDRAWN).is_none() {
            states.push(State {
                key: WITHDRAWN.to_owned(),
                name: Text::new("已撤回", "Withdrawn"),
                initial: false,
                is_final: true,
            });
        }
        let mut approvals = Vec::new();
        Approval::add_signing(&mut approvals, &self.actions);
        Definition {
            key: self.register_key(&of.key),
            version: of.version,
            name: self.name.clone(),
            help: self.help.clone().unwrap_or_else(|| of.help.clone()),
            area: of.area,
            nature: of.nature,
            duties: of.duties.clone(),
            number: None,
            label: LabelRule::Parent(self.label_sources(of)),
            title: None,
            fields,
            lines: Vec::new(),
            rules: self.rules_with(of),
            states,
            actions: self.actions.clone(),
            approvals,
            clocks: self.clocks.clone(),
            migrations: self.migrations_of(of),
            prints: Vec::new(),
            tiles: Vec::new(),
            line_of: Some(LineOf {
                register: of.key.clone(),
                line: self.key.clone(),
            }),
        }
    }

    /// The steps of the register that are for lines of this kind.
    fn migrations_of(&self, of: &Definition) -> Vec<Migration> {
        let steps = of.migrations.iter();
        steps
            .filter(|step| step.line.as_ref() == Some(&self.key))
            .map(|step| Migration {
                line: None,
                ..step.clone()
            })
            .collect()
    }

    /// Its fields that the label of the record comes from.
    fn label_sources(&self, of: &Definition) -> Vec<String> {
        let LabelRule::Join(sources) = &of.label else {
            return Vec::new();
        };
        let prefix = format!("{}.", self.key);
        let own = sources.iter().filter_map(|one| one.strip_prefix(&prefix));
        own.map(str::to_owned).collect()
    }

    /// The line's own rules, and those of the register that name its actions as `line.action`.
    fn rules_with(&self, of: &Definition) -> Vec<Rule> {
        let prefix = format!("{}.", self.key);
        let named = of.rules.iter().filter_map(|rule| {
            let on: Vec<String> = rule
                .on
                .iter()
                .filter_map(|on| on.strip_prefix(&prefix).map(str::to_owned))
                .collect();
            (!on.is_empty()).then(|| Rule { on, ..rule.clone() })
        });
        self.rules.iter().cloned().chain(named).collect()
    }
    /// The field of this key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The state of this key.
    pub fn state(&self, key: &str) -> Option<&State> {
        self.states.iter().find(|state| state.key == key)
    }

    /// The action of this key.
    pub fn action(&self, key: &str) -> Option<&Action> {
        self.actions.iter().find(|action| action.key == key)
    }

    /// The state a new line stands in.
    pub fn initial_state(&self) -> Option<&State> {
        self.states.iter().find(|state| state.initial)
    }

    /// Whether a line in this state is closed: it no longer reserves its target.
    pub fn is_final(&self, state: &str) -> bool {
        self.state(state).is_some_and(|state| state.is_final)
    }

    /// States of lines that nobody is shown while their record stands in this one.
    pub fn kept_back(&self, state: &str) -> &[String] {
        let scan = self.scan.as_ref();
        let blind = scan.filter(|scan| scan.blind.iter().any(|one| one == state));
        let action = blind.and_then(|scan| self.action(&scan.action));
        action.map_or(&[], |action| action.from.as_slice())
    }
}

/// What is done to a line by scanning the label of what it names.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scan {
    /// The field whose record the label names.
    pub by: String,
    /// Texts of the line that are typed, one behind the other, where there is no label.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub number: Vec<String>,
    /// The action of the line that a scan performs.
    pub action: String,
    /// States of the record in which the lines that wait for their scan are shown to nobody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blind: Vec<String>,
}

/// Lines that an action makes by itself, at one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fill {
    /// Action of this register that makes them.
    pub at: String,
    /// What they are made of.
    #[serde(flatten)]
    pub from: FillFrom,
}

/// What lines are made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum FillFrom {
    /// The records of a register that a query finds.
    Query {
        /// The register.
        from: String,
        /// Which of them: bare names are the candidate's, `record` is this record.
        #[serde(rename = "where")]
        filter: Expr,
        /// Line field → expression over the candidate.
        set: Assignments,
    },
    /// The same lines each time.
    Rows {
        /// One entry for each line: line field → expression over the record.
        rows: Vec<Assignments>,
    },
}

impl Fill {
    /// Every expression in it.
    pub(crate) fn expressions(&self) -> Vec<&Expr> {
        match &self.from {
            FillFrom::Query { filter, set, .. } => {
                [filter].into_iter().chain(set.values()).collect()
            }
            FillFrom::Rows { rows } => rows.iter().flat_map(Assignments::values).collect(),
        }
    }
}

/// A move of the record that follows from its lines.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParentMove {
    /// Condition over the lines.
    pub when: Expr,
    /// Action the system performs on the record.
    pub action: String,
}
