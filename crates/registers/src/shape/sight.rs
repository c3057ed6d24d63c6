//! Which names exist where, and what they stand for.

use super::Shape;
use crate::load::{ExprScope, Mistake, Scope, World};
use crate::model::{Definition, Field, Line, State};
use crate::nearest::nearest;

/// What one definition sees: its own fields and lines, and the registers it links to.
pub(crate) struct Sight<'w> {
    pub(super) definition: &'w Definition,
    world: &'w World<'w>,
    /// Fields whose type could not be read.
    pub(super) broken: &'w [&'w str],
}

type Seen = Result<Shape, Mistake>;

/// What every record has beside its fields.
const RECORD: [&str; 8] = [
    "id", "register", "number", "state", "version", "label", "title", "drafter",
];
const PERSON: [&str; 11] = [
    "id",
    "name",
    "unit",
    "unit_ids",
    "post",
    "clearance",
    "decides",
    "cooling_off",
    "register",
    "state",
    "label",
];
const UNIT: [&str; 8] = [
    "id", "name", "code", "head", "decides", "register", "state", "label",
];
const LINE: [&str; 3] = ["id", "line", "state"];
/// Variables beside the fields of the record.
const VARIABLES: [&str; 17] = [
    "id",
    "number",
    "state",
    "label",
    "proposed",
    "title",
    "version",
    "lines",
    "actor",
    "proposer",
    "drafter",
    "decider",
    "approvers",
    "today",
    "now",
    "record",
    "before",
];

impl<'w> Sight<'w> {
    pub(crate) fn new(
        definition: &'w Definition,
        world: &'w World<'w>,
        broken: &'w [&'w str],
    ) -> Self {
        Self {
            definition,
            world,
            broken,
        }
    }

    pub(crate) fn world(&self) -> &World<'w> {
        self.world
    }

    /// What a variable stands for.
    pub(crate) fn variable(&self, name: &str, scope: &ExprScope) -> Seen {
        let (line, row) = match scope {
            ExprScope::Line(line) => (Some(line.as_str()), None),
            ExprScope::Row { line, field } => (line.as_deref(), Some(field.as_str())),
            ExprScope::Each {
                base: Scope::Line(line),
                ..
            } => (Some(line.as_str()), None),
            ExprScope::Record
            | ExprScope::Candidate(_)
            | ExprScope::Each { .. }
            | ExprScope::Free => (None, None),
        };
        if let Some(row) = row {
            let shape = Shape::Row {
                line: line.map(str::to_owned),
                field: row.to_owned(),
            };
            if let Ok(shape) = self.member(&shape, name) {
                return Ok(shape);
            }
        }
        if let Some(line) = line
            && let Ok(shape) = self.member(&Shape::Line(Some(line.to_owned())), name)
        {
            return Ok(shape);
        }
        self.own(name).ok_or_else(|| {
            let known = self.names(line, row);
            let nearest = nearest(name, known.iter().copied()).map(str::to_owned);
            Mistake::UnknownName {
                name: name.to_owned(),
                nearest,
            }
        })
    }

    /// What a path stands for, in a who.
    pub(crate) fn path(&self, path: &[String], scope: &Scope) -> Seen {
        let Some((first, rest)) = path.split_first() else {
            return Ok(Shape::Any);
        };
        let mut shape = self.variable(first, &scope.expressions())?;
        for step in rest {
            shape = self.select(&shape, step)?;
        }
        Ok(shape)
    }

    /// A member, also of every entry of a list.
    pub(crate) fn select(&self, shape: &Shape, name: &str) -> Seen {
        match shape {
            Shape::List(entry) => Ok(Shape::List(Box::new(self.member(entry, name)?))),
            other => self.member(other, name),
        }
    }

    /// A member of one value.
    pub(crate) fn member(&self, shape: &Shape, name: &str) -> Seen {
        let found = match shape {
            Shape::Any | Shape::Nothing => Some(Shape::Any),
            Shape::Own => self.own(name),
            Shape::Person => self.person(name),
            Shape::Unit => self.unit(name),
            Shape::Record(register) => self.record(register, name),
            Shape::Outside(register) => match name {
                "id" | "name" => Some(Shape::Text),
                _ => self.record(register, name),
            },
            Shape::Line(line) => self.line(line.as_deref(), name),
            Shape::Row { line, field } => self.row(line.as_deref(), field, name),
            Shape::Label => label(name),
            Shape::Period => matches!(name, "from" | "to").then_some(Shape::Day),
            Shape::Checklist(items) => {
                let answers = ["yes", "no", "na"].map(str::to_owned).to_vec();
                items
                    .iter()
                    .any(|item| item == name)
                    .then_some(Shape::Choice(answers))
            }
            Shape::Clearance => match name {
                "levels" => Some(Shape::Level),
                "compartments" => Some(Shape::List(Box::new(Shape::Text))),
                _ => None,
            },
            _ => None,
        };
        found.ok_or_else(|| self.no_member(shape, name))
    }

    fn no_member(&self, shape: &Shape, name: &str) -> Mistake {
        let known = self.members(shape);
        let nearest = nearest(name, known.iter().copied()).map(str::to_owned);
        Mistake::NoMember {
            owner: shape.called(),
            member: name.to_owned(),
            nearest,
        }
    }

    /// The names of the members of a value, for hints and samples.
    pub(crate) fn members<'s>(&'s self, shape: &'s Shape) -> Vec<&'s str> {
        let fields = |register: &str| -> Vec<&'s str> {
            let definition = self.world.catalogue.definition(register);
            definition
                .map(|d| d.fields.iter().map(|f| f.key.as_str()).collect())
                .unwrap_or_default()
        };
        let with = |builtin: &[&'static str], register: &str| {
            let mut names: Vec<&'s str> = builtin.to_vec();
            names.extend(fields(register));
            names
        };
        match shape {
            Shape::Own => self.names(None, None),
            Shape::Person => with(&PERSON, "person"),
            Shape::Unit => with(&UNIT, "unit"),
            Shape::Record(register) => with(&RECORD, register),
            Shape::Outside(register) => with(&["id", "name"], register),
            Shape::Line(line) => {
                let mut names = LINE.to_vec();
                for line in self.lines(line.as_deref()) {
                    names.extend(line.fields.iter().map(|field| field.key.as_str()));
                }
                names
            }
            Shape::Row { line, field } => {
                let columns = self.columns(line.as_deref(), field);
                columns.iter().map(|column| column.key.as_str()).collect()
            }
            Shape::Label => vec!["levels", "ends", "compartments", "scope", "mark"],
            Shape::Period => vec!["from", "to"],
            Shape::Checklist(items) => items.iter().map(String::as_str).collect(),
            Shape::Clearance => vec!["levels", "compartments"],
            _ => Vec::new(),
        }
    }

    fn names(&self, line: Option<&str>, row: Option<&str>) -> Vec<&str> {
        let mut names = VARIABLES.to_vec();
        names.extend(
            self.definition
                .fields
                .iter()
                .map(|field| field.key.as_str()),
        );
        names.extend(self.definition.lines.iter().map(|line| line.key.as_str()));
        if let Some(line) = line.and_then(|line| self.definition.line(line)) {
            names.extend(line.fields.iter().map(|field| field.key.as_str()));
        }
        if let Some(row) = row {
            names.extend(
                self.columns(line, row)
                    .iter()
                    .map(|column| column.key.as_str()),
            );
        }
        names
    }

    /// A variable of the record itself.
    pub(super) fn own(&self, name: &str) -> Option<Shape> {
        let definition = self.definition;
        if let Some(field) = definition.field(name) {
            return Some(self.field(field, None));
        }
        if let Some(line) = definition.line(name) {
            let line = Shape::Line(Some(line.key.clone()));
            return Some(Shape::List(Box::new(line)));
        }
        Some(match name {
            "id" | "number" | "title" => Shape::Text,
            "version" => Shape::Number,
            "state" => states(&definition.states),
            "label" => Shape::Label,
            "proposed" if definition.label.proposes() => Shape::Label,
            "lines" if definition.lines.is_empty() => return None,
            "lines" => {
                let only = match definition.lines.as_slice() {
                    [only] => Some(only.key.clone()),
                    _ => None,
                };
                Shape::List(Box::new(Shape::Line(only)))
            }
            "actor" | "proposer" | "drafter" | "decider" => Shape::Person,
            "approvers" => Shape::List(Box::new(Shape::Text)),
            "today" => Shape::Day,
            "now" => Shape::Instant,
            // a person is judged as a person wherever it stands, also on its own record
            "record" if self.definition.key == "person" => Shape::Person,
            "record" => Shape::Own,
            "before" => self.reference(&self.definition.key),
            _ => return None,
        })
    }

    fn record(&self, register: &str, name: &str) -> Option<Shape> {
        let definition = self.world.catalogue.definition(register);
        if let Some(field) = definition.and_then(|definition| definition.field(name)) {
            return Some(self.field(field, None));
        }
        match (name, definition) {
            ("id" | "register" | "number" | "title", _) => Some(Shape::Text),
            ("version", _) => Some(Shape::Number),
            ("drafter", _) => Some(Shape::Person),
            ("label", _) => Some(Shape::Label),
            ("state", Some(definition)) => Some(states(&definition.states)),
            ("state", None) => Some(Shape::Text),
            (_, Some(_)) => None,
            // a register that was not read: nothing is known, so nothing is judged
            (_, None) => Some(Shape::Any),
        }
    }

    fn person(&self, name: &str) -> Option<Shape> {
        let definition = self.world.catalogue.definition("person");
        let field = definition.and_then(|definition| definition.field(name));
        match name {
            "unit" => return Some(Shape::Unit),
            "unit_ids" => return Some(Shape::List(Box::new(Shape::Text))),
            "clearance" => return Some(Shape::Clearance),
            "decides" => return Some(Shape::Level),
            "cooling_off" => return Some(Shape::Bool),
            "name" => return Some(Shape::Text),
            _ => {}
        }
        if let Some(field) = field {
            return Some(self.field(field, None));
        }
        match name {
            "post" => Some(Shape::Record("post".to_owned())),
            _ => self.record("person", name),
        }
    }

    fn unit(&self, name: &str) -> Option<Shape> {
        match name {
            "head" => return Some(Shape::Person),
            "name" | "code" => return Some(Shape::Text),
            "decides" => return Some(Shape::Level),
            _ => {}
        }
        self.record("unit", name)
    }

    pub(super) fn lines(&self, line: Option<&str>) -> Vec<&'w Line> {
        let lines = self.definition.lines.iter();
        lines
            .filter(|known| line.is_none_or(|line| known.key == line))
            .collect()
    }

    fn line(&self, line: Option<&str>, name: &str) -> Option<Shape> {
        let lines = self.lines(line);
        for known in &lines {
            if let Some(field) = known.field(name) {
                return Some(self.field(field, Some(&known.key)));
            }
        }
        match name {
            "id" | "line" => Some(Shape::Text),
            "state" => {
                let all = lines.iter().flat_map(|line| &line.states);
                Some(Shape::Choice(all.map(|state| state.key.clone()).collect()))
            }
            _ => None,
        }
    }

    pub(super) fn columns(&self, line: Option<&str>, field: &str) -> &'w [Field] {
        let field = match line {
            Some(line) => self
                .definition
                .line(line)
                .and_then(|line| line.field(field)),
            None => self.definition.field(field),
        };
        field.map_or(&[], |field| field.columns.as_slice())
    }

    fn row(&self, line: Option<&str>, field: &str, name: &str) -> Option<Shape> {
        let column = self
            .columns(line, field)
            .iter()
            .find(|column| column.key == name)?;
        Some(self.field(column, line))
    }
}

fn states(states: &[State]) -> Shape {
    Shape::Choice(states.iter().map(|state| state.key.clone()).collect())
}

fn label(name: &str) -> Option<Shape> {
    match name {
        "levels" => Some(Shape::Level),
        "compartments" => Some(Shape::List(Box::new(Shape::Text))),
        "mark" => Some(Shape::Text),
        "ends" | "scope" => Some(Shape::Any),
        _ => None,
    }
}
