//! Evaluation: a walk over the tree with a budget of steps.
//!
//! Selecting from nothing gives nothing; ordering or adding nothing is an error, so that a rule
//! which cannot be decided is never taken as held. `&&` and `||` stop early. INVARIANT: no
//! recursion deeper than the tree (bounded at compile), no list longer than `EVAL_LIST_MAX`, no
//! more than `EVAL_STEPS_MAX` steps.

use std::borrow::Cow;
use std::cell::Cell;
use std::cmp::Ordering;

use serde_json::Value;

use super::error::{EvalError, EvalErrorKind as Kind};
use super::facts::Facts;
use super::functions::{Call, Function};
use super::node::{Arith, Compare, Node, NodeKind, Walk, WalkNode};
use super::value::{equal, kind_of, number, order};
use crate::limits;

/// Evaluates a tree; `entry` is the one entry the expression is asked about, if any.
pub(super) fn eval(
    node: &Node,
    facts: &Facts<'_>,
    entry: Option<&Value>,
) -> Result<Value, EvalError> {
    let run = Run {
        facts,
        steps: Cell::new(0),
    };
    let frame = entry.map(|entry| Frame {
        entry,
        name: None,
        outer: None,
    });
    run.node(node, frame.as_ref()).map(Cow::into_owned)
}

/// One entry being looked at; `outer` is the walk around it.
struct Frame<'e> {
    entry: &'e Value,
    name: Option<&'e str>,
    outer: Option<&'e Frame<'e>>,
}

struct Run<'f, 'p> {
    facts: &'f Facts<'p>,
    steps: Cell<usize>,
}

type Found<'e> = Result<Cow<'e, Value>, EvalError>;
type Scope<'e> = Option<&'e Frame<'e>>;

impl<'f> Run<'f, '_> {
    fn node<'e>(&'e self, node: &'e Node, scope: Scope<'e>) -> Found<'e> {
        self.step(node.at)?;
        match &node.kind {
            NodeKind::Literal(value) => Ok(Cow::Borrowed(value)),
            NodeKind::Name(name) => self.name(name, scope),
            NodeKind::Entry { up, key } => Ok(entry(*up, key.as_deref(), scope)),
            NodeKind::Select(operand, field) => self.select(node.at, operand, field, scope),
            NodeKind::Index(list, index) => self.index(list, index, scope),
            NodeKind::Has(operand) => {
                let value = self.node(operand, scope)?;
                Ok(owned(Value::Bool(super::functions::is_filled(&value))))
            }
            NodeKind::List(nodes) => self.list(nodes, scope),
            NodeKind::Not(operand) => Ok(owned(Value::Bool(!self.truth(operand, scope)?))),
            NodeKind::Negate(operand) => self.negate(operand, scope),
            NodeKind::And(a, b) => {
                let both = self.truth(a, scope)? && self.truth(b, scope)?;
                Ok(owned(Value::Bool(both)))
            }
            NodeKind::Or(a, b) => {
                let either = self.truth(a, scope)? || self.truth(b, scope)?;
                Ok(owned(Value::Bool(either)))
            }
            NodeKind::Choose(condition, yes, no) => {
                let chosen = if self.truth(condition, scope)? {
                    yes
                } else {
                    no
                };
                self.node(chosen, scope)
            }
            NodeKind::Compare(op, a, b) => self.compare(node.at, *op, a, b, scope),
            NodeKind::Arith(op, a, b) => self.arith(node.at, *op, a, b, scope),
            NodeKind::In(needle, list) => self.within(needle, list, scope),
            NodeKind::Call(function, args) => self.call(node.at, function, args, scope),
            NodeKind::Walk(walk) => self.walk(walk, scope),
        }
    }

    fn step(&self, at: usize) -> Result<(), EvalError> {
        let taken = self.steps.get() + 1;
        self.steps.set(taken);
        if taken > limits::EVAL_STEPS_MAX {
            let kind = Kind::TooManySteps {
                max: limits::EVAL_STEPS_MAX,
            };
            return Err(EvalError::at(at, kind));
        }
        Ok(())
    }

    fn name<'e>(&'e self, name: &str, scope: Scope<'e>) -> Found<'e> {
        let mut frame = scope;
        while let Some(current) = frame {
            if current.name == Some(name) || (current.name.is_none() && name == "it") {
                return Ok(Cow::Borrowed(current.entry));
            }
            if current.name.is_none()
                && let Some(value) = current.entry.get(name)
            {
                return Ok(Cow::Borrowed(value));
            }
            frame = current.outer;
        }
        Ok(self.variable(name))
    }

    fn variable(&self, name: &str) -> Cow<'_, Value> {
        if let Some(value) = self.facts.get(name) {
            return Cow::Borrowed(value);
        }
        match name {
            "today" => owned(Value::String(self.facts.today.to_string())),
            "now" => owned(Value::String(self.facts.now.to_string())),
            "record" => {
                let record = self.facts.record().unwrap_or(&self.facts.vars);
                owned(Value::Object(record.clone()))
            }
            _ => self.lines_called(name),
        }
    }

    /// The lines of one kind, which facts hold in one list.
    fn lines_called(&self, name: &str) -> Cow<'_, Value> {
        let Some(Value::Array(lines)) = self.facts.get("lines") else {
            return owned(Value::Null);
        };
        let is_called = |line: &&Value| line.get("line").and_then(Value::as_str) == Some(name);
        let lines: Vec<Value> = lines.iter().filter(is_called).cloned().collect();
        if lines.is_empty() {
            owned(Value::Null)
        } else {
            owned(Value::Array(lines))
        }
    }

    fn select<'e>(
        &'e self,
        at: usize,
        operand: &'e Node,
        field: &'e str,
        scope: Scope<'e>,
    ) -> Found<'e> {
        // WHY: selecting from `record` must not copy all of it
        if matches!(&operand.kind, NodeKind::Name(name) if name == "record")
            && !self.facts.vars.contains_key("record")
        {
            return Ok(match self.facts.record() {
                Some(record) => record
                    .get(field)
                    .map_or_else(|| self.lines_called(field), Cow::Borrowed),
                None => self.variable(field),
            });
        }
        match self.node(operand, scope)? {
            Cow::Borrowed(Value::Object(map)) => Ok(map
                .get(field)
                .map_or_else(|| owned(Value::Null), Cow::Borrowed)),
            Cow::Owned(Value::Object(mut map)) => {
                Ok(owned(map.remove(field).unwrap_or(Value::Null)))
            }
            value => match &*value {
                Value::Null => Ok(owned(Value::Null)),
                Value::Array(entries) => self.gather(at, entries, field),
                other => Err(EvalError::wanted(at, "a record", other)),
            },
        }
    }

    /// The field of every entry: `lines.state` is the list of their states.
    fn gather<'e>(&self, at: usize, entries: &[Value], field: &str) -> Found<'e> {
        bounded(at, entries)?;
        let mut gathered = Vec::with_capacity(entries.len());
        for entry in entries {
            self.step(at)?;
            match entry {
                Value::Object(map) => {
                    gathered.push(map.get(field).cloned().unwrap_or(Value::Null));
                }
                Value::Null => gathered.push(Value::Null),
                other => return Err(EvalError::wanted(at, "a record", other)),
            }
        }
        Ok(owned(Value::Array(gathered)))
    }

    fn index<'e>(&'e self, list: &'e Node, index: &'e Node, scope: Scope<'e>) -> Found<'e> {
        let base = self.node(list, scope)?;
        let key = self.node(index, scope)?;
        let value = match (&*base, &*key) {
            (Value::Null, _) => None,
            (Value::Array(entries), Value::Number(n)) => n
                .as_u64()
                .and_then(|n| usize::try_from(n).ok())
                .and_then(|n| entries.get(n)),
            (Value::Object(map), Value::String(key)) => map.get(key),
            (Value::Array(_), other) => {
                return Err(EvalError::wanted(index.at, "a number", other));
            }
            (Value::Object(_), other) => return Err(EvalError::wanted(index.at, "a text", other)),
            (other, _) => return Err(EvalError::wanted(list.at, "a list or a record", other)),
        };
        Ok(owned(value.cloned().unwrap_or(Value::Null)))
    }

    fn list<'e>(&'e self, nodes: &'e [Node], scope: Scope<'e>) -> Found<'e> {
        let mut list = Vec::with_capacity(nodes.len());
        for node in nodes {
            list.push(self.node(node, scope)?.into_owned());
        }
        Ok(owned(Value::Array(list)))
    }

    fn truth<'e>(&'e self, node: &'e Node, scope: Scope<'e>) -> Result<bool, EvalError> {
        match &*self.node(node, scope)? {
            Value::Bool(truth) => Ok(*truth),
            other => Err(EvalError::wanted(node.at, "true or false", other)),
        }
    }

    fn negate<'e>(&'e self, node: &'e Node, scope: Scope<'e>) -> Found<'e> {
        let value = self.node(node, scope)?;
        let out = || EvalError::at(node.at, Kind::OutOfRange { operator: "-" });
        match &*value {
            Value::Number(n) => match n.as_i64() {
                Some(n) => n
                    .checked_neg()
                    .map(|n| owned(Value::from(n)))
                    .ok_or_else(out),
                None => n
                    .as_f64()
                    .and_then(|n| number(-n))
                    .map(owned)
                    .ok_or_else(out),
            },
            other => Err(EvalError::wanted(node.at, "a number", other)),
        }
    }

    fn compare<'e>(
        &'e self,
        at: usize,
        op: Compare,
        a: &'e Node,
        b: &'e Node,
        scope: Scope<'e>,
    ) -> Found<'e> {
        let left = self.node(a, scope)?;
        let right = self.node(b, scope)?;
        let answer = match op {
            Compare::Equal => equal(&left, &right),
            Compare::NotEqual => !equal(&left, &right),
            Compare::Less | Compare::LessOrEqual | Compare::Greater | Compare::GreaterOrEqual => {
                let order =
                    order(&left, &right).ok_or_else(|| operands(at, op.word(), &left, &right))?;
                match op {
                    Compare::Less => order == Ordering::Less,
                    Compare::LessOrEqual => order != Ordering::Greater,
                    Compare::Greater => order == Ordering::Greater,
                    _ => order != Ordering::Less,
                }
            }
        };
        Ok(owned(Value::Bool(answer)))
    }

    fn arith<'e>(
        &'e self,
        at: usize,
        op: Arith,
        a: &'e Node,
        b: &'e Node,
        scope: Scope<'e>,
    ) -> Found<'e> {
        let left = self.node(a, scope)?;
        let right = self.node(b, scope)?;
        match (&*left, &*right) {
            (Value::Number(x), Value::Number(y)) => super::arith::arith(op, x, y)
                .map(owned)
                .map_err(|kind| EvalError::at(at, kind)),
            (Value::String(x), Value::String(y)) if op == Arith::Add => {
                if x.len() + y.len() > limits::EVAL_TEXT_BYTES_MAX {
                    let kind = Kind::TextTooLong {
                        max: limits::EVAL_TEXT_BYTES_MAX,
                    };
                    return Err(EvalError::at(at, kind));
                }
                Ok(owned(Value::String(format!("{x}{y}"))))
            }
            (Value::Array(x), Value::Array(y)) if op == Arith::Add => {
                let joined: Vec<Value> = x.iter().chain(y).cloned().collect();
                bounded(at, &joined)?;
                Ok(owned(Value::Array(joined)))
            }
            _ => Err(operands(at, op.word(), &left, &right)),
        }
    }

    fn within<'e>(&'e self, needle: &'e Node, list: &'e Node, scope: Scope<'e>) -> Found<'e> {
        let value = self.node(needle, scope)?;
        let found = match &*self.node(list, scope)? {
            Value::Array(entries) => {
                bounded(list.at, entries)?;
                self.steps.set(self.steps.get() + entries.len());
                entries.iter().any(|entry| equal(entry, &value))
            }
            Value::Object(map) => value.as_str().is_some_and(|key| map.contains_key(key)),
            Value::Null => false,
            other => return Err(EvalError::wanted(list.at, "a list", other)),
        };
        Ok(owned(Value::Bool(found)))
    }

    fn call<'e>(
        &'e self,
        at: usize,
        function: &'static Function,
        args: &'e [Node],
        scope: Scope<'e>,
    ) -> Found<'e> {
        let mut values: Vec<Cow<'e, Value>> = Vec::with_capacity(args.len());
        for arg in args {
            let value = self.node(arg, scope)?;
            if let Value::Array(entries) = &*value {
                bounded(arg.at, entries)?;
                self.steps.set(self.steps.get() + entries.len());
            }
            values.push(value);
        }
        let call = Call {
            facts: self.facts,
            args: &values,
            name: function.name,
        };
        (function.run)(&call)
            .map(owned)
            .map_err(|kind| EvalError::at(at, kind))
    }

    fn walk<'e>(&'e self, walk: &'e WalkNode, scope: Scope<'e>) -> Found<'e> {
        let list = self.node(&walk.list, scope)?;
        let empty = Vec::new();
        let entries = match &*list {
            Value::Array(entries) => entries,
            Value::Null => &empty,
            other => return Err(EvalError::wanted(walk.list.at, "a list", other)),
        };
        bounded(walk.list.at, entries)?;
        let mut kept = Vec::new();
        let mut count: usize = 0;
        for entry in entries {
            let frame = Frame {
                entry,
                name: walk.name.as_deref(),
                outer: scope,
            };
            if walk.walk == Walk::Map {
                kept.push(self.node(&walk.body, Some(&frame))?.into_owned());
                continue;
            }
            let holds = self.truth(&walk.body, Some(&frame))?;
            count += usize::from(holds);
            match (walk.walk, holds) {
                (Walk::All, false) => return Ok(owned(Value::Bool(false))),
                (Walk::Exists, true) => return Ok(owned(Value::Bool(true))),
                (Walk::Filter, true) => kept.push(entry.clone()),
                _ => {}
            }
        }
        Ok(owned(match walk.walk {
            Walk::All => Value::Bool(true),
            Walk::Exists => Value::Bool(false),
            Walk::ExistsOne => Value::Bool(count == 1),
            Walk::Count => Value::from(count),
            Walk::Filter | Walk::Map => Value::Array(kept),
        }))
    }
}

fn entry<'e>(up: usize, key: Option<&str>, scope: Scope<'e>) -> Cow<'e, Value> {
    let mut frame = scope;
    for _ in 0..up {
        frame = frame.and_then(|frame| frame.outer);
    }
    match (frame, key) {
        (None, _) => owned(Value::Null),
        (Some(frame), None) => Cow::Borrowed(frame.entry),
        (Some(frame), Some(key)) => frame
            .entry
            .get(key)
            .map_or_else(|| owned(Value::Null), Cow::Borrowed),
    }
}

fn owned<'e>(value: Value) -> Cow<'e, Value> {
    Cow::Owned(value)
}

fn bounded(at: usize, entries: &[Value]) -> Result<(), EvalError> {
    if entries.len() > limits::EVAL_LIST_MAX {
        return Err(EvalError::at(
            at,
            Kind::ListTooLong {
                max: limits::EVAL_LIST_MAX,
            },
        ));
    }
    Ok(())
}

fn operands(at: usize, operator: &'static str, left: &Value, right: &Value) -> EvalError {
    let kind = Kind::Operands {
        operator,
        left: kind_of(left),
        right: kind_of(right),
    };
    EvalError::at(at, kind)
}
