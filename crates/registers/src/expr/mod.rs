//! Expressions: CEL's syntax, a fixed list of functions, a budget for every evaluation.
//!
//! `cel` parses; the tree is then cut down to what this product knows and evaluated here, over
//! JSON facts, so that an evaluation never copies the facts, never runs without a bound and never
//! panics (docs/src/adr/0003). An expression sees only what it is given: no clock, no I/O.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a match names the values that fit; every other value is refused the same way"
)]

mod arith;
mod compile;
mod error;
mod eval;
mod facts;
pub(crate) mod functions;
pub(crate) mod node;
mod paths;
mod prescan;
pub(crate) mod value;

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use serde::{Serialize, Serializer};
use serde_json::Value;

pub use error::{EvalError, EvalErrorKind, ExprError, ExprErrorKind};
pub use facts::Facts;
pub use functions::function_names;

use node::Node;

/// A compiled expression.
#[derive(Debug, Clone)]
pub struct Expr {
    compiled: Arc<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    source: String,
    node: Node,
    /// The tree once the loader knows which names are fields of entries.
    settled: OnceLock<Node>,
}

impl Expr {
    /// Compiles an expression: syntax, size, known functions and their number of arguments.
    /// Whether its names exist is the loader's question, which knows the definition.
    pub fn compile(text: &str) -> Result<Self, ExprError> {
        let node = compile::compile(text)?;
        let compiled = Compiled {
            source: text.to_owned(),
            node,
            settled: OnceLock::new(),
        };
        Ok(Self {
            compiled: Arc::new(compiled),
        })
    }

    /// The text it was compiled from.
    pub fn source(&self) -> &str {
        &self.compiled.source
    }

    /// The variables it reads, each as a path: `copy.label` is `["copy", "label"]`, the states of
    /// all lines are `["lines", "state"]`. Sorted, without repeats.
    pub fn paths(&self) -> Vec<Vec<String>> {
        paths::paths(self.node())
    }

    /// Every name that stands in it, whatever it is the name of.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        paths::names(self.node())
    }

    /// The functions it calls; the caller supplies what some of them need (`open_items`).
    pub fn functions(&self) -> Vec<&'static str> {
        paths::functions(self.node())
    }

    /// Evaluates it on facts.
    pub fn eval(&self, facts: &Facts<'_>) -> Result<Value, EvalError> {
        eval::eval(self.node(), facts, None)
    }

    /// Evaluates it for one entry of a list: bare names are the entry's first.
    pub fn eval_for(&self, facts: &Facts<'_>, entry: &Value) -> Result<Value, EvalError> {
        eval::eval(self.node(), facts, Some(entry))
    }

    /// Evaluates a condition; anything but true or false is an error.
    pub fn eval_bool(&self, facts: &Facts<'_>) -> Result<bool, EvalError> {
        match self.eval(facts)? {
            Value::Bool(answer) => Ok(answer),
            other => Err(EvalError::wanted(0, "true or false", &other)),
        }
    }

    pub(crate) fn node(&self) -> &Node {
        self.compiled.settled.get().unwrap_or(&self.compiled.node)
    }

    /// Puts in the tree whose entry fields are known; the first one stays.
    pub(crate) fn settle(&self, node: Node) {
        // a second load of the same expression would settle it the same way
        drop(self.compiled.settled.set(node));
    }
}

/// The variables a tree reads.
pub(crate) fn paths_of(node: &Node) -> Vec<Vec<String>> {
    paths::paths(node)
}

/// Evaluates a tree that stands in no expression yet.
pub(crate) fn eval_node(
    node: &Node,
    facts: &Facts<'_>,
    entry: Option<&Value>,
) -> Result<Value, EvalError> {
    eval::eval(node, facts, entry)
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.compiled.source == other.compiled.source
    }
}

impl Serialize for Expr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.source())
    }
}

#[cfg(test)]
pub(crate) mod tests;
