//! A register in its versions: what one version has, and what a step to the next does with it.

use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Values by the key of their field.
pub(super) type Fields = BTreeMap<String, Value>;

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Text {
        max: usize,
        unique: bool,
        hidden: bool,
    },
    Whole {
        max: i64,
    },
    Choice {
        keys: Vec<&'static str>,
    },
    Person,
    Thing {
        reserve: bool,
    },
}

impl Kind {
    pub(super) const TEXT: Self = Self::Text {
        max: 40,
        unique: false,
        hidden: false,
    };

    /// Whether it holds a value.
    fn holds(&self, value: &Value) -> bool {
        match self {
            Self::Text { max, .. } => value.as_str().is_some_and(|it| it.chars().count() <= *max),
            Self::Whole { max } => value.as_i64().is_some_and(|it| (0..=*max).contains(&it)),
            Self::Choice { keys } => value.as_str().is_some_and(|it| keys.contains(&it)),
            Self::Person | Self::Thing { .. } => value.is_string(),
        }
    }
}

/// A field under the key it has in a version.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) key: String,
    pub(super) kind: Kind,
}

/// Fields and states, each by what it is for in all versions.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    pub(super) fields: BTreeMap<&'static str, Field>,
    pub(super) states: BTreeMap<&'static str, String>,
}

impl Shape {
    pub(super) fn new(fields: &[(&'static str, Kind)], states: &[&'static str]) -> Self {
        let field = |(role, kind): &(&'static str, Kind)| {
            let (key, kind) = ((*role).to_owned(), kind.clone());
            (*role, Field { key, kind })
        };
        let state = |role: &&'static str| (*role, (*role).to_owned());
        Self {
            fields: fields.iter().map(field).collect(),
            states: states.iter().map(state).collect(),
        }
    }

    /// The key of a field that is there.
    pub(super) fn key(&self, role: &str) -> &str {
        &self.fields[role].key
    }

    pub(super) fn has(&self, role: &str) -> bool {
        self.fields.contains_key(role)
    }

    pub(super) fn kind_mut(&mut self, role: &str) -> Option<&mut Kind> {
        self.fields.get_mut(role).map(|field| &mut field.kind)
    }

    pub(super) fn state(&self, role: &str) -> &str {
        &self.states[role]
    }

    /// Whether a state is one of these by now.
    pub(super) fn is(&self, state: &str, roles: &[&str]) -> bool {
        roles.iter().any(|role| self.state(role) == state)
    }

    pub(super) fn field_of(&self, key: &str) -> Option<&Field> {
        self.fields.values().find(|field| field.key == key)
    }

    /// Whether a record with these fields in this state fits.
    pub(super) fn fits(&self, fields: &Fields, state: &str) -> bool {
        let holds = |(key, value): (&String, &Value)| {
            let field = self.field_of(key);
            field.is_some_and(|field| field.kind.holds(value))
        };
        fields.iter().all(holds) && self.states.values().any(|one| one == state)
    }

    /// What of these fields somebody sees who leads, or not.
    pub(super) fn shown(&self, fields: Fields, leads: bool) -> Fields {
        let mut fields = fields;
        fields.retain(|key, _| match self.field_of(key).map(|field| &field.kind) {
            Some(Kind::Text { hidden, .. }) => leads || !hidden,
            Some(_) => true,
            None => false,
        });
        fields
    }
}

/// How a new value is worked out.
#[derive(Debug, Clone)]
pub(super) enum Made {
    /// So many times a number; of nothing there is none, and it cannot be worked out.
    Times(i64, String),
    /// A text, or a word in its place.
    OrNone(String),
    /// What was one choice is another.
    Instead(String, &'static str, &'static str),
    /// Whether the record is in a state.
    Whether(String),
    /// The record's number.
    Number,
}

impl Made {
    /// As it is written.
    pub(super) fn written(&self) -> String {
        match self {
            Self::Times(times, of) => format!("{of} * {times}"),
            Self::OrNone(of) => format!("{of} != null ? {of} : 'none'"),
            Self::Instead(of, was, is) => format!("{of} == '{was}' ? '{is}' : {of}"),
            Self::Whether(state) => format!("state == '{state}' ? 'yes' : 'no'"),
            Self::Number => "number".to_owned(),
        }
    }

    /// The value; nothing where it cannot be worked out.
    fn value(&self, of: &Then<'_>) -> Option<Value> {
        let known = |key: &String| of.fields.get(key).cloned().unwrap_or_default();
        match self {
            Self::Times(times, key) => known(key).as_i64().map(|number| json!(number * times)),
            Self::OrNone(key) => Some(match known(key) {
                Value::Null => json!("none"),
                value => value,
            }),
            Self::Instead(key, was, is) => Some(if known(key) == *was {
                json!(is)
            } else {
                known(key)
            }),
            Self::Whether(state) => Some(json!(if of.state == state { "yes" } else { "no" })),
            Self::Number => Some(json!(of.number)),
        }
    }
}

/// A record as new values are worked out from it.
struct Then<'t> {
    /// Under their keys of before and of after.
    fields: Fields,
    state: &'t str,
    number: Option<&'t str>,
}

/// What a step does.
#[derive(Debug, Clone, Default)]
pub(super) struct Change {
    pub(super) rename: BTreeMap<String, String>,
    pub(super) remove: Vec<String>,
    pub(super) set: BTreeMap<String, Made>,
    pub(super) states: BTreeMap<String, String>,
}

impl Change {
    /// What becomes of a record; nothing where it cannot be worked out.
    pub(super) fn applied(
        &self,
        (fields, state): (&Fields, &str),
        number: Option<&str>,
    ) -> Option<(Fields, String)> {
        let mut after = self.renamed(fields);
        let mut both = fields.clone();
        both.extend(after.clone());
        let then = Then {
            fields: both,
            state,
            number,
        };
        for (key, made) in &self.set {
            after.insert(key.clone(), made.value(&then)?);
        }
        after.retain(|_, value| !value.is_null());
        Some((after, self.state_after(state)))
    }

    pub(super) fn state_after(&self, state: &str) -> String {
        let named = self.states.get(state).cloned();
        named.unwrap_or_else(|| state.to_owned())
    }

    /// Fields of before under their keys of after; what is removed is nobody's.
    pub(super) fn renamed(&self, fields: &Fields) -> Fields {
        let kept = fields.iter().filter(|(key, _)| !self.remove.contains(key));
        let renamed = |(key, value): (&String, &Value)| {
            let after = self.rename.get(key).unwrap_or(key);
            (after.clone(), value.clone())
        };
        kept.map(renamed).collect()
    }
}
