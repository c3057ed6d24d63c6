//! Judging an expression by the kinds of its names.
//!
//! Gives the tree with the fields of entries settled, what it results in, and the mistakes with
//! their offsets.

use domain::Level;
use serde_json::Value;

use super::{Shape, Sight};
use crate::expr::node::{Arith, Compare, Node, NodeKind, Walk, WalkNode};
use crate::load::{ExprScope, Mistake};

/// An expression after judging.
pub(crate) struct Checked {
    pub(crate) node: Node,
    pub(crate) shape: Shape,
    /// Offset in characters, mistake.
    pub(crate) mistakes: Vec<(usize, Mistake)>,
    /// Whether something in it is not known for sure, so that a sample proves nothing.
    pub(crate) unsure: bool,
}

/// Judges an expression in its scope.
pub(crate) fn check(node: &Node, scope: &ExprScope, sight: &Sight<'_>) -> Checked {
    let entries = entry(scope, sight)
        .map(|shape| Entry { name: None, shape })
        .into_iter()
        .collect();
    let mut checker = Checker {
        scope,
        sight,
        entries,
        mistakes: Vec::new(),
        unsure: false,
    };
    let (node, shape) = checker.node(node);
    Checked {
        node,
        shape,
        mistakes: checker.mistakes,
        unsure: checker.unsure,
    }
}

/// What the first unnamed entry of an expression is, for expressions about an entry.
pub(crate) fn entry(scope: &ExprScope, sight: &Sight<'_>) -> Option<Shape> {
    match scope {
        ExprScope::Each { list, .. } => Some(entry_of_list(list.node(), scope, sight)),
        ExprScope::Candidate(register) => Some(sight.reference(register)),
        ExprScope::Record | ExprScope::Line(_) | ExprScope::Row { .. } | ExprScope::Free => None,
    }
}

/// What the entries of a list expression are; its own mistakes are noted where it stands.
fn entry_of_list(list: &Node, scope: &ExprScope, sight: &Sight<'_>) -> Shape {
    let base = match scope {
        ExprScope::Each { base, .. } => base.expressions(),
        other => other.clone(),
    };
    match check(list, &base, sight).shape {
        Shape::List(entry) => *entry,
        _ => Shape::Any,
    }
}

/// An entry being walked over; the innermost is the last.
struct Entry {
    name: Option<String>,
    shape: Shape,
}

/// One expression while it is judged.
pub(super) struct Checker<'c> {
    scope: &'c ExprScope,
    pub(super) sight: &'c Sight<'c>,
    entries: Vec<Entry>,
    mistakes: Vec<(usize, Mistake)>,
    pub(super) unsure: bool,
}

pub(super) type Judged = (Node, Shape);

impl Checker<'_> {
    pub(super) fn note(&mut self, at: usize, mistake: Mistake) {
        self.mistakes.push((at, mistake));
    }

    pub(super) fn node(&mut self, node: &Node) -> Judged {
        let at = node.at;
        let (kind, shape) = match &node.kind {
            NodeKind::Literal(value) => (NodeKind::Literal(value.clone()), literal(value)),
            NodeKind::Name(name) => return self.name(at, name),
            NodeKind::Entry { .. } => return (node.clone(), Shape::Any),
            NodeKind::Select(operand, field) => return self.select(at, operand, field),
            NodeKind::Index(list, index) => {
                let ((list, shape), (index, _)) = (self.node(list), self.node(index));
                let entry = match shape {
                    Shape::List(entry) => *entry,
                    _ => Shape::Any,
                };
                (NodeKind::Index(Box::new(list), Box::new(index)), entry)
            }
            NodeKind::Has(operand) => {
                let (operand, _) = self.node(operand);
                (NodeKind::Has(Box::new(operand)), Shape::Bool)
            }
            NodeKind::List(nodes) => self.list(nodes),
            NodeKind::Not(operand) => (NodeKind::Not(self.truth(operand)), Shape::Bool),
            NodeKind::Negate(operand) => {
                let (operand, _) = self.node(operand);
                (NodeKind::Negate(Box::new(operand)), Shape::Number)
            }
            NodeKind::And(a, b) => (NodeKind::And(self.truth(a), self.truth(b)), Shape::Bool),
            NodeKind::Or(a, b) => (NodeKind::Or(self.truth(a), self.truth(b)), Shape::Bool),
            NodeKind::Choose(condition, yes, no) => {
                let condition = self.truth(condition);
                let ((yes, a), (no, b)) = (self.node(yes), self.node(no));
                let shape = if a == b || b == Shape::Nothing {
                    a
                } else {
                    Shape::Any
                };
                (
                    NodeKind::Choose(condition, Box::new(yes), Box::new(no)),
                    shape,
                )
            }
            NodeKind::Compare(op, a, b) => self.compare(at, *op, a, b),
            NodeKind::Arith(op, a, b) => self.arith(*op, a, b),
            NodeKind::In(needle, list) => self.within(at, needle, list),
            NodeKind::Call(function, args) => self.call(function, args),
            NodeKind::Walk(walk) => self.walk(at, walk),
        };
        (Node { at, kind }, shape)
    }

    /// A name: an entry's, an entry's field, or a variable.
    fn name(&mut self, at: usize, name: &str) -> Judged {
        let plain = Node {
            at,
            kind: NodeKind::Name(name.to_owned()),
        };
        for (up, entry) in self.entries.iter().rev().enumerate() {
            if let Some(own) = &entry.name {
                if own == name {
                    return (plain, entry.shape.clone());
                }
                continue;
            }
            if name == "it" {
                let kind = NodeKind::Entry { up, key: None };
                return (Node { at, kind }, entry.shape.clone());
            }
            if entry.shape == Shape::Any {
                self.unsure = true;
                return (plain, Shape::Any);
            }
            // a list of plain values has no names of its own
            if let Ok(shape) = self.sight.member(&entry.shape, name) {
                let kind = NodeKind::Entry {
                    up,
                    key: Some(name.to_owned()),
                };
                return (Node { at, kind }, shape);
            }
        }
        match self.sight.variable(name, self.scope) {
            Ok(shape) => {
                self.unsure |= shape == Shape::Any;
                (plain, shape)
            }
            Err(mistake) => {
                let mistake = self.with_entry_hint(name, mistake);
                self.note(at, mistake);
                (plain, Shape::Any)
            }
        }
    }

    /// An unknown name inside a walk may also be a slip in a field of the entry.
    fn with_entry_hint(&self, name: &str, mistake: Mistake) -> Mistake {
        let Some(entry) = self.entries.iter().rev().find(|entry| entry.name.is_none()) else {
            return mistake;
        };
        match crate::nearest::nearest(name, self.sight.members(&entry.shape)) {
            Some(nearest) => Mistake::UnknownName {
                name: name.to_owned(),
                nearest: Some(nearest.to_owned()),
            },
            None => mistake,
        }
    }

    fn select(&mut self, at: usize, operand: &Node, field: &str) -> Judged {
        let (operand, shape) = self.node(operand);
        let member = if shape == Shape::Any {
            Shape::Any
        } else {
            match self.sight.select(&shape, field) {
                Ok(member) => member,
                Err(mistake) => {
                    self.note(at, mistake);
                    Shape::Any
                }
            }
        };
        self.unsure |= member == Shape::Any;
        (
            Node {
                at,
                kind: NodeKind::Select(Box::new(operand), field.to_owned()),
            },
            member,
        )
    }

    fn list(&mut self, nodes: &[Node]) -> (NodeKind, Shape) {
        let judged: Vec<Judged> = nodes.iter().map(|node| self.node(node)).collect();
        let first = judged
            .first()
            .map_or(Shape::Any, |(_, shape)| shape.clone());
        let same = judged.iter().all(|(_, shape)| *shape == first);
        let entry = if same { first } else { Shape::Any };
        let nodes = judged.into_iter().map(|(node, _)| node).collect();
        (NodeKind::List(nodes), Shape::List(Box::new(entry)))
    }

    fn truth(&mut self, node: &Node) -> Box<Node> {
        let (node, shape) = self.node(node);
        if !matches!(shape, Shape::Bool | Shape::Any) {
            let given = shape.called();
            self.note(
                node.at,
                Mistake::ExpressionGives {
                    wanted: "true or false",
                    given,
                },
            );
        }
        Box::new(node)
    }

    fn compare(&mut self, at: usize, op: Compare, a: &Node, b: &Node) -> (NodeKind, Shape) {
        let ((left, x), (right, y)) = (self.node(a), self.node(b));
        self.compared(at, op.word(), (a, &x), (b, &y));
        (
            NodeKind::Compare(op, Box::new(left), Box::new(right)),
            Shape::Bool,
        )
    }

    /// What two sides of a comparison tell: levels by letters, a choice that does not exist.
    fn compared(
        &mut self,
        at: usize,
        operator: &'static str,
        (a, x): (&Node, &Shape),
        (b, y): (&Node, &Shape),
    ) {
        if *x == Shape::Nothing || *y == Shape::Nothing {
            return;
        }
        let is_level = |node: &Node, shape: &Shape| {
            matches!(shape, Shape::Level | Shape::Label) || level_literal(node)
        };
        if is_level(a, x) || is_level(b, y) {
            self.note(at, Mistake::LevelCompared { operator });
            return;
        }
        let day_and_instant = matches!(
            (x, y),
            (Shape::Day, Shape::Instant) | (Shape::Instant, Shape::Day)
        );
        if day_and_instant {
            self.note(at, Mistake::DayAndInstant { operator });
        }
        for (shape, node) in [(x, b), (y, a)] {
            if let Shape::Choice(keys) = shape {
                self.one_of(keys, node);
            }
        }
    }

    fn one_of(&mut self, keys: &[String], node: &Node) {
        let NodeKind::Literal(Value::String(literal)) = &node.kind else {
            return;
        };
        if keys.iter().any(|key| key == literal) {
            return;
        }
        let known = keys.iter().map(String::as_str);
        let nearest = crate::nearest::nearest(literal, known).map(str::to_owned);
        self.note(
            node.at,
            Mistake::NeverEqual {
                literal: literal.clone(),
                nearest,
            },
        );
    }

    fn arith(&mut self, op: Arith, a: &Node, b: &Node) -> (NodeKind, Shape) {
        let ((left, x), (right, y)) = (self.node(a), self.node(b));
        let shape = match (&x, &y) {
            (Shape::Number, Shape::Number) => Shape::Number,
            (Shape::List(_), Shape::List(_)) if x == y => x,
            (Shape::List(_), Shape::List(_)) => Shape::List(Box::new(Shape::Any)),
            (Shape::Any, _) | (_, Shape::Any) => Shape::Any,
            _ => Shape::Text,
        };
        (NodeKind::Arith(op, Box::new(left), Box::new(right)), shape)
    }

    fn within(&mut self, at: usize, needle: &Node, list: &Node) -> (NodeKind, Shape) {
        let ((left, x), (right, y)) = (self.node(needle), self.node(list));
        let levels = matches!(&y, Shape::List(entry) if **entry == Shape::Level);
        let literals: &[Node] = match &list.kind {
            NodeKind::List(nodes) => nodes,
            _ => &[],
        };
        if matches!(x, Shape::Level | Shape::Label)
            || levels
            || level_literal(needle)
            || literals.iter().any(level_literal)
        {
            self.note(at, Mistake::LevelCompared { operator: "in" });
        } else if let Shape::Choice(keys) = &x {
            for literal in literals {
                self.one_of(keys, literal);
            }
        } else if let Shape::List(entry) = &y
            && let Shape::Choice(keys) = &**entry
        {
            self.one_of(keys, needle);
        }
        if !matches!(
            y,
            Shape::List(_) | Shape::Checklist(_) | Shape::Any | Shape::Nothing
        ) {
            self.argument(list.at, "in", 2, "a list", &y);
        }
        (NodeKind::In(Box::new(left), Box::new(right)), Shape::Bool)
    }

    pub(super) fn argument(
        &mut self,
        at: usize,
        function: &'static str,
        position: usize,
        wanted: &'static str,
        given: &Shape,
    ) {
        let given = given.called();
        self.note(
            at,
            Mistake::ArgumentKind {
                function,
                position,
                wanted,
                given,
            },
        );
    }

    fn walk(&mut self, at: usize, walk: &WalkNode) -> (NodeKind, Shape) {
        let (list, shape) = self.node(&walk.list);
        let entry = match &shape {
            Shape::List(entry) => (**entry).clone(),
            Shape::Any | Shape::Nothing => Shape::Any,
            other => {
                self.argument(at, walk.walk.word(), 1, "a list", other);
                Shape::Any
            }
        };
        self.entries.push(Entry {
            name: walk.name.clone(),
            shape: entry,
        });
        let (body, result) = if walk.walk == Walk::Map {
            self.node(&walk.body)
        } else {
            (*self.truth(&walk.body), Shape::Bool)
        };
        self.entries.pop();
        let gives = match walk.walk {
            Walk::All | Walk::Exists | Walk::ExistsOne => Shape::Bool,
            Walk::Count => Shape::Number,
            Walk::Filter => shape,
            Walk::Map => Shape::List(Box::new(result)),
        };
        let name = walk.name.clone();
        let walk = WalkNode {
            walk: walk.walk,
            list,
            name,
            body,
        };
        (NodeKind::Walk(Box::new(walk)), gives)
    }
}

fn literal(value: &Value) -> Shape {
    match value {
        Value::Null => Shape::Nothing,
        Value::Bool(_) => Shape::Bool,
        Value::Number(_) => Shape::Number,
        Value::String(text) if text.parse::<jiff::civil::Date>().is_ok() => Shape::Day,
        Value::String(_) => Shape::Text,
        Value::Array(_) | Value::Object(_) => Shape::Any,
    }
}

fn level_literal(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Literal(Value::String(key)) => Level::parse_key(key).is_ok(),
        _ => false,
    }
}
