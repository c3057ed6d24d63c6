//! The tree of a compiled expression: the part of CEL this product uses, and nothing else.
//!
//! Made only by `compile`, so a node never names a function or operator that evaluation does not
//! know. Each node keeps where it stands in the source, in characters.

use super::functions::Function;

/// One node and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// Offset into the source, in characters.
    pub(crate) at: usize,
    pub(crate) kind: NodeKind,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NodeKind {
    /// A constant.
    Literal(serde_json::Value),
    /// A variable.
    Name(String),
    /// A field of the entry `up` walks out (or the entry itself), found out by the loader; so a
    /// field that an entry leaves out is null and never the record's field of the same name.
    Entry {
        up: usize,
        key: Option<String>,
    },
    /// `operand.field`
    Select(Box<Node>, String),
    /// `operand[index]`
    Index(Box<Node>, Box<Node>),
    /// `has(operand.field)`: there and not empty.
    Has(Box<Node>),
    List(Vec<Node>),
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    /// `condition ? yes : no`
    Choose(Box<Node>, Box<Node>, Box<Node>),
    Compare(Compare, Box<Node>, Box<Node>),
    Arith(Arith, Box<Node>, Box<Node>),
    /// `needle in list`
    In(Box<Node>, Box<Node>),
    Call(&'static Function, Vec<Node>),
    /// A body evaluated for each entry of a list.
    Walk(Box<WalkNode>),
}

/// `list.all(x, body)` or `all(list, body)`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WalkNode {
    pub(crate) walk: Walk,
    pub(crate) list: Node,
    /// The entry's name in the body; without one, bare names are the entry's own fields.
    pub(crate) name: Option<String>,
    pub(crate) body: Node,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Walk {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
    Count,
}

impl Walk {
    pub(crate) const ALL: [(&'static str, Self); 6] = [
        ("all", Self::All),
        ("exists", Self::Exists),
        ("exists_one", Self::ExistsOne),
        ("filter", Self::Filter),
        ("map", Self::Map),
        ("count", Self::Count),
    ];

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, _)| *known == word)
            .map(|(_, walk)| *walk)
    }

    pub(crate) fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, walk)| *walk == self)
            .map_or("", |(word, _)| word)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Compare {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arith {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

impl Arith {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
        }
    }
}
