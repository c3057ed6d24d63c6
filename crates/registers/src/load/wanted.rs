//! What a file refers to, kept with its place until every file has been read.
//!
//! States, fields, other registers and the names in expressions can only be looked up once all
//! definitions are there; reading notes them here and `check` settles them.

use super::file::File;
use crate::{Expr, WhoSet};

/// Names of a definition that must exist, and expressions that must fit.
#[derive(Default)]
pub(super) struct Wanted<'t> {
    pub(super) refs: Vec<Ref<'t>>,
    pub(super) exprs: Vec<WantedExpr<'t>>,
    /// Fields whose type could not be read; what is said about them is not judged further.
    pub(super) broken: Vec<String>,
    /// Where things stand that are judged as a whole.
    pub(super) places: Vec<(Spot, &'t File<'t>, usize)>,
}

/// A thing judged as a whole, with its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Spot {
    Register,
    Label,
    State(Scope, String),
    Line(String),
    Action(Scope, String),
    /// Where a field says that it reserves.
    Reserve(String),
}

/// Whose names are meant: the record's or a line's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scope {
    Record,
    Line(String),
}

/// A name that must exist.
pub(super) struct Ref<'t> {
    pub(super) file: &'t File<'t>,
    pub(super) at: usize,
    pub(super) scope: Scope,
    pub(super) to: RefTo,
}

/// What a name points to.
pub(super) enum RefTo {
    State(String),
    Field(String),
    /// A field people fill in.
    SettableField(String),
    /// A field that is a link, to be reserved.
    LinkField(String),
    /// An input of an action: a settable field, or a line of the register.
    Input(String),
    Line(String),
    Action(String),
    /// An action of the record, or `line.action`.
    RuleAction(String),
    LineAction {
        line: String,
        action: String,
    },
    Register(String),
    RegisterAction {
        register: String,
        action: String,
    },
    RegisterField {
        register: String,
        field: String,
    },
    /// A link, or `line.link`, that a label comes from.
    LabelSource(String),
    Effect(String),
    Check(String),
    /// An act on a record that names this one.
    Event(crate::model::EventName),
    Parameter(String),
    /// A layout of printed pages.
    Layout(String),
    /// The line of custody of the register's records.
    Custody,
    /// What a printed page shows: fields, followed over links.
    Shown(Vec<String>),
    /// Which records a tile of the board counts.
    TileFilter(String),
    /// By what it tells them apart.
    TileBy(String),
    Who(WhoSet),
    /// Who signs by return slip: also somebody from outside.
    Outsider(WhoSet),
    /// A field that shows who signed.
    SignatureField(String),
    /// The field of a line that names what is scanned.
    ScanBy(String),
    /// A text of a line that is typed where there is no label.
    ScanNumber(String),
    /// The action of a line that a scan performs.
    ScanAction(String),
}

/// An expression that must fit.
pub(super) struct WantedExpr<'t> {
    pub(super) file: &'t File<'t>,
    /// Byte offset of the value.
    pub(super) at: usize,
    /// Byte offset of the expression's first character, if it stands there as it is.
    pub(super) inside: Option<usize>,
    pub(super) expr: Expr,
    pub(super) scope: ExprScope,
    pub(super) gives: Wants,
}

/// What bare names in an expression are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ExprScope {
    /// The record's fields.
    Record,
    /// A line's fields, then the record's.
    Line(String),
    /// A row's columns, then those around it.
    Row { line: Option<String>, field: String },
    /// The fields of another register's record, then the record's.
    Candidate(String),
    /// The fields of an entry of this list, then those around it.
    Each { list: Expr, base: Scope },
    /// Fields of an older version: names are not judged.
    Free,
}

/// What an expression must give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wants {
    Truth,
    Time,
    List,
    /// A text, the code of a unit.
    Text,
    Anything,
    /// Like anything, and may fail while a value is missing.
    Computed,
}

impl WantedExpr<'_> {
    /// The place of a character of the expression in the file.
    pub(super) fn place(&self, offset: usize) -> usize {
        place(self.at, self.inside, self.expr.source(), offset)
    }
}

/// The byte offset in the file of a character of an expression.
pub(super) fn place(at: usize, inside: Option<usize>, source: &str, offset: usize) -> usize {
    let Some(inside) = inside else { return at };
    let before: usize = source.chars().take(offset).map(char::len_utf8).sum();
    inside + before
}
