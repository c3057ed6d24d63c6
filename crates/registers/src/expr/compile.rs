//! From text to a tree: parsed by `cel`, then cut down to the language of this product.
//!
//! The parser runs without macros, so `lines.all(x, …)` arrives as the call it is written as and
//! keeps its position. Whatever the language does not have is refused here, by name.

use std::sync::OnceLock;

use cel::common::ast::operators as op;
use cel::common::ast::{CallExpr, Expr as Cel, IdedExpr, LiteralValue, SelectExpr, SourceInfo};
use serde_json::Value;

use super::error::{ExprError, ExprErrorKind};
use super::functions;
use super::node::{Arith, Compare, Node, NodeKind, Walk, WalkNode};
use super::prescan::prescan;
use crate::limits;
use crate::nearest::nearest;

/// Names the language gives a meaning; an entry of a walk cannot take them.
const RESERVED: [&str; 5] = ["it", "record", "today", "now", "lines"];

pub(super) fn compile(text: &str) -> Result<Node, ExprError> {
    prescan(text)?;
    let (tree, info) = parse(text)?;
    let at_char = CharOffsets::new(text, info);
    Builder { at_char: &at_char }.node(&tree, Depth::default())
}

fn parse(text: &str) -> Result<(IdedExpr, SourceInfo), ExprError> {
    static PLAIN: OnceLock<cel::Env> = OnceLock::new();
    let env = PLAIN.get_or_init(|| cel::Env::default().with_optional_support(false));
    let depth = u16::try_from(limits::EXPR_DEPTH_MAX * 2).unwrap_or(u16::MAX);
    let parser = env
        .parser()
        .max_recursion_depth(depth)
        .error_recovery_limit(2);
    parser.parse_with_source_info(text).map_err(|errors| {
        let first = errors.errors.into_iter().next();
        let (offset, detail) = first.map_or((0, String::new()), |error| {
            (offset_of(text, error.pos), shortened(&error.msg))
        });
        ExprError {
            offset,
            kind: ExprErrorKind::Syntax { detail },
        }
    })
}

/// What the parser says, without the list of everything it would have liked better.
fn shortened(message: &str) -> String {
    let message = message.split(" expecting ").next().unwrap_or(message);
    let message = message.strip_prefix("Syntax error: ").unwrap_or(message);
    message
        .replace("'<EOF>'", "the end")
        .chars()
        .take(200)
        .collect()
}

/// The parser's line and column as one offset.
fn offset_of(text: &str, (line, column): (isize, isize)) -> usize {
    let line = usize::try_from(line).unwrap_or(1).max(1);
    let column = usize::try_from(column).unwrap_or(0).saturating_sub(1);
    let before: usize = text
        .split('\n')
        .take(line - 1)
        .map(|l| l.chars().count() + 1)
        .sum();
    (before + column).min(text.chars().count())
}

/// Where each node stands, in characters.
struct CharOffsets {
    info: SourceInfo,
    length: usize,
}

impl CharOffsets {
    fn new(text: &str, info: SourceInfo) -> Self {
        Self {
            info,
            length: text.chars().count(),
        }
    }

    fn of(&self, id: u64) -> usize {
        let start = self
            .info
            .offset_for(id)
            .map_or(0, |(start, _)| start as usize);
        start.min(self.length)
    }
}

/// How deep a node lies, and inside how many walks.
#[derive(Clone, Copy, Default)]
struct Depth {
    nesting: usize,
    walks: usize,
}

struct Builder<'a> {
    at_char: &'a CharOffsets,
}

type Built = Result<Node, ExprError>;

impl Builder<'_> {
    fn node(&self, tree: &IdedExpr, depth: Depth) -> Built {
        let at = self.at_char.of(tree.id);
        let fail = |kind| Err(ExprError { offset: at, kind });
        if depth.nesting > limits::EXPR_DEPTH_MAX {
            return fail(ExprErrorKind::TooDeep {
                max: limits::EXPR_DEPTH_MAX,
            });
        }
        let depth = Depth {
            nesting: depth.nesting + 1,
            ..depth
        };
        let unsupported = |construct| fail(ExprErrorKind::Unsupported { construct });
        let kind = match &tree.expr {
            Cel::Ident(name) if name.starts_with('.') => return unsupported("a leading dot"),
            Cel::Ident(name) => NodeKind::Name(name.clone()),
            Cel::Literal(value) => match literal(value) {
                Ok(value) => NodeKind::Literal(value),
                Err(construct) => return unsupported(construct),
            },
            Cel::Select(select) => return self.select(at, select, depth),
            Cel::List(list) => NodeKind::List(self.nodes(&list.elements, depth)?),
            Cel::Call(call) => return self.call(at, call, depth),
            Cel::Map(_) => return unsupported("a map literal"),
            Cel::Struct(_) => return unsupported("a message literal"),
            Cel::Comprehension(_) => return unsupported("a comprehension"),
            Cel::Unspecified => return unsupported("this"),
        };
        Ok(Node { at, kind })
    }

    fn nodes(&self, trees: &[IdedExpr], depth: Depth) -> Result<Vec<Node>, ExprError> {
        trees.iter().map(|tree| self.node(tree, depth)).collect()
    }

    fn boxed(&self, tree: &IdedExpr, depth: Depth) -> Result<Box<Node>, ExprError> {
        self.node(tree, depth).map(Box::new)
    }

    fn select(&self, at: usize, select: &SelectExpr, depth: Depth) -> Built {
        let operand = self.boxed(&select.operand, depth)?;
        Ok(Node {
            at,
            kind: NodeKind::Select(operand, select.field.clone()),
        })
    }

    fn call(&self, at: usize, call: &CallExpr, depth: Depth) -> Built {
        if let Some(kind) = self.operator(call, depth)? {
            return Ok(Node { at, kind });
        }
        if let Some(target) = &call.target {
            return self.method(at, target, call, depth);
        }
        let name = call.func_name.as_str();
        match (name, call.args.as_slice()) {
            ("has", [operand]) => self.has(at, operand, depth),
            ("lines", [body]) => {
                let list = Node {
                    at,
                    kind: NodeKind::Name("lines".to_owned()),
                };
                self.walk(at, (Walk::Filter, list, None), body, depth)
            }
            (_, [list, body]) if Walk::parse(name).is_some() => {
                let walk = Walk::parse(name).unwrap_or(Walk::All);
                let list = self.node(list, depth)?;
                self.walk(at, (walk, list, None), body, depth)
            }
            (_, args) => self.function(at, name, args.iter(), depth),
        }
    }

    /// `target.name(args)`: a walk with a named entry, or a function called on its first argument.
    fn method(&self, at: usize, target: &IdedExpr, call: &CallExpr, depth: Depth) -> Built {
        let name = call.func_name.as_str();
        let Some(walk) = Walk::parse(name) else {
            let args = std::iter::once(target).chain(&call.args);
            return self.function(at, name, args, depth);
        };
        let [entry, body] = call.args.as_slice() else {
            let wanted = "2".to_owned();
            let kind = ExprErrorKind::Arguments {
                name: walk.word(),
                wanted,
                given: call.args.len(),
            };
            return Err(ExprError { offset: at, kind });
        };
        let entry = match &entry.expr {
            Cel::Ident(entry) if !RESERVED.contains(&entry.as_str()) => entry.clone(),
            Cel::Ident(entry) => {
                let kind = ExprErrorKind::BadName {
                    name: entry.clone(),
                };
                return Err(ExprError { offset: at, kind });
            }
            _ => {
                let kind = ExprErrorKind::Unsupported {
                    construct: "an entry without a name",
                };
                return Err(ExprError { offset: at, kind });
            }
        };
        let list = self.node(target, depth)?;
        self.walk(at, (walk, list, Some(entry)), body, depth)
    }

    fn walk(
        &self,
        at: usize,
        (walk, list, name): (Walk, Node, Option<String>),
        body: &IdedExpr,
        depth: Depth,
    ) -> Built {
        let depth = Depth {
            walks: depth.walks + 1,
            ..depth
        };
        if depth.walks > limits::EXPR_WALKS_MAX {
            let kind = ExprErrorKind::TooManyWalks {
                max: limits::EXPR_WALKS_MAX,
            };
            return Err(ExprError { offset: at, kind });
        }
        let body = self.node(body, depth)?;
        Ok(Node {
            at,
            kind: NodeKind::Walk(Box::new(WalkNode {
                walk,
                list,
                name,
                body,
            })),
        })
    }

    fn has(&self, at: usize, operand: &IdedExpr, depth: Depth) -> Built {
        let operand = self.boxed(operand, depth)?;
        Ok(Node {
            at,
            kind: NodeKind::Has(operand),
        })
    }

    fn function<'t>(
        &self,
        at: usize,
        name: &str,
        args: impl Iterator<Item = &'t IdedExpr>,
        depth: Depth,
    ) -> Built {
        let Some(function) = functions::find(name) else {
            let known = functions::function_names();
            let nearest = nearest(name, known.iter().copied()).map(str::to_owned);
            let kind = ExprErrorKind::UnknownFunction {
                name: name.to_owned(),
                nearest,
            };
            return Err(ExprError { offset: at, kind });
        };
        let args: Vec<Node> = args
            .map(|arg| self.node(arg, depth))
            .collect::<Result<_, _>>()?;
        if args.len() < function.least || args.len() > function.takes.len() {
            let wanted = if function.least == function.takes.len() {
                function.least.to_string()
            } else {
                format!("{} to {}", function.least, function.takes.len())
            };
            let kind = ExprErrorKind::Arguments {
                name: function.name,
                wanted,
                given: args.len(),
            };
            return Err(ExprError { offset: at, kind });
        }
        Ok(Node {
            at,
            kind: NodeKind::Call(function, args),
        })
    }

    fn operator(&self, call: &CallExpr, depth: Depth) -> Result<Option<NodeKind>, ExprError> {
        let kind = match (call.func_name.as_str(), call.args.as_slice()) {
            (op::LOGICAL_AND, [a, b]) => {
                NodeKind::And(self.boxed(a, depth)?, self.boxed(b, depth)?)
            }
            (op::LOGICAL_OR, [a, b]) => NodeKind::Or(self.boxed(a, depth)?, self.boxed(b, depth)?),
            (op::LOGICAL_NOT, [a]) => NodeKind::Not(self.boxed(a, depth)?),
            (op::NEGATE, [a]) => NodeKind::Negate(self.boxed(a, depth)?),
            (op::CONDITIONAL, [a, b, c]) => NodeKind::Choose(
                self.boxed(a, depth)?,
                self.boxed(b, depth)?,
                self.boxed(c, depth)?,
            ),
            (op::IN, [a, b]) => NodeKind::In(self.boxed(a, depth)?, self.boxed(b, depth)?),
            (op::INDEX, [a, b]) => NodeKind::Index(self.boxed(a, depth)?, self.boxed(b, depth)?),
            (name, [a, b]) => match (compare(name), arith(name)) {
                (Some(op), _) => {
                    NodeKind::Compare(op, self.boxed(a, depth)?, self.boxed(b, depth)?)
                }
                (None, Some(op)) => {
                    NodeKind::Arith(op, self.boxed(a, depth)?, self.boxed(b, depth)?)
                }
                (None, None) => return Ok(None),
            },
            _ => return Ok(None),
        };
        Ok(Some(kind))
    }
}

fn compare(name: &str) -> Option<Compare> {
    Some(match name {
        op::EQUALS => Compare::Equal,
        op::NOT_EQUALS => Compare::NotEqual,
        op::LESS => Compare::Less,
        op::LESS_EQUALS => Compare::LessOrEqual,
        op::GREATER => Compare::Greater,
        op::GREATER_EQUALS => Compare::GreaterOrEqual,
        _ => return None,
    })
}

fn arith(name: &str) -> Option<Arith> {
    Some(match name {
        op::ADD => Arith::Add,
        op::SUBSTRACT => Arith::Subtract,
        op::MULTIPLY => Arith::Multiply,
        op::DIVIDE => Arith::Divide,
        op::MODULO => Arith::Modulo,
        _ => return None,
    })
}

fn literal(value: &LiteralValue) -> Result<Value, &'static str> {
    Ok(match value {
        LiteralValue::Null => Value::Null,
        LiteralValue::Boolean(v) => Value::from(*v.inner()),
        LiteralValue::Int(v) => Value::from(*v.inner()),
        LiteralValue::Double(v) => Value::from(*v.inner()),
        LiteralValue::String(v) => Value::from(v.inner()),
        LiteralValue::UInt(_) => return Err("an unsigned number"),
        LiteralValue::Bytes(_) => return Err("a byte string"),
    })
}
