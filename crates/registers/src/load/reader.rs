//! Readers for values of the language inside tables: keys, expressions, who, spans.

use std::cell::RefCell;

use super::item::Item;
use super::mistake::{Mistake, quoted};
use super::table::{At, Table};
use super::wanted::{ExprScope, Ref, RefTo, Scope, Spot, Wanted, WantedExpr, Wants, place};
use crate::limits;
use crate::model::Assignments;
use crate::{Expr, Offset, Span, Who, WhoCase, WhoSet};

/// Reads one file and collects what it refers to.
pub(super) struct Reader<'t> {
    wanted: RefCell<Wanted<'t>>,
    fields_read: RefCell<usize>,
    expr_chars_read: RefCell<usize>,
}

/// Names the language gives a meaning to in expressions, and CEL's own words.
const RESERVED: [&str; 49] = [
    "id",
    "number",
    "state",
    "label",
    "proposed",
    "lines",
    "line",
    "actor",
    "today",
    "now",
    "proposer",
    "drafter",
    "decider",
    "record",
    "approvers",
    "it",
    "register",
    "version",
    "open_items",
    "before",
    "taken_from",
    "former_number",
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
    "all",
    "exists",
    "exists_one",
    "filter",
    "map",
    "has",
];

impl<'t> Reader<'t> {
    pub(super) fn new() -> Self {
        Self {
            wanted: RefCell::default(),
            fields_read: RefCell::default(),
            expr_chars_read: RefCell::default(),
        }
    }

    pub(super) fn into_wanted(self) -> Wanted<'t> {
        self.wanted.into_inner()
    }

    /// Counts a field; says whether it is the first one too many.
    pub(super) fn one_more_field(&self) -> FieldCount {
        let mut read = self.fields_read.borrow_mut();
        *read += 1;
        match (*read).cmp(&(limits::FIELDS_MAX + 1)) {
            std::cmp::Ordering::Less => FieldCount::Fits,
            std::cmp::Ordering::Equal => FieldCount::FirstTooMany,
            std::cmp::Ordering::Greater => FieldCount::TooMany,
        }
    }

    pub(super) fn want(&self, table: &Table<'t>, at: usize, scope: &Scope, to: RefTo) {
        let wanted = Ref {
            file: table.file,
            at,
            scope: scope.clone(),
            to,
        };
        self.wanted.borrow_mut().refs.push(wanted);
    }

    pub(super) fn spot(&self, table: &Table<'t>, at: usize, spot: Spot) {
        self.wanted.borrow_mut().places.push((spot, table.file, at));
    }

    pub(super) fn broken_field(&self, key: &str) {
        self.wanted.borrow_mut().broken.push(key.to_owned());
    }

    /// The key of a thing. A malformed one is noted and used all the same, so that what refers to
    /// the thing is not reported as well.
    pub(super) fn key(&self, table: &Table<'t>) -> Option<At<String>> {
        self.checked_key(table, is_key)
    }

    /// The key of a regime, which may have hyphens: it is a folder's name, never a variable.
    pub(super) fn regime_key(&self, table: &Table<'t>) -> Option<At<String>> {
        self.checked_key(table, |key| is_key(&key.replace('-', "_")))
    }

    fn checked_key(&self, table: &Table<'t>, good: fn(&str) -> bool) -> Option<At<String>> {
        let key = table.need_string("key")?;
        if !good(&key.value) {
            let written = quoted(&key.value);
            table.note(key.at, Mistake::BadKey { written });
        }
        Some(key)
    }

    /// The key of a thing that becomes a variable of expressions.
    pub(super) fn variable_key(&self, table: &Table<'t>) -> Option<At<String>> {
        let key = self.key(table)?;
        if RESERVED.contains(&key.value.as_str()) {
            let written = quoted(&key.value);
            table.note(key.at, Mistake::ReservedKey { written });
        }
        Some(key)
    }

    /// An expression under a key.
    pub(super) fn expr(
        &self,
        table: &Table<'t>,
        key: &'static str,
        scope: ExprScope,
        gives: Wants,
    ) -> Option<Expr> {
        self.expr_of(table.item(key)?, scope, gives)
    }

    /// An expression that must be there.
    pub(super) fn need_expr(
        &self,
        table: &Table<'t>,
        key: &'static str,
        scope: ExprScope,
        gives: Wants,
    ) -> Option<Expr> {
        self.expr_of(table.need(key)?, scope, gives)
    }

    pub(super) fn expr_of(&self, item: Item<'t>, scope: ExprScope, gives: Wants) -> Option<Expr> {
        let source = item.string()?;
        let inside = item.inside(&source.value);
        let mut read = self.expr_chars_read.borrow_mut();
        *read += source.value.chars().count();
        if *read > limits::FILE_EXPR_CHARS_MAX {
            let max = limits::FILE_EXPR_CHARS_MAX;
            item.file.note(item.at, Mistake::ExpressionsTooLong { max });
            return None;
        }
        match Expr::compile(&source.value) {
            Ok(expr) => {
                self.wanted.borrow_mut().exprs.push(WantedExpr {
                    file: item.file,
                    at: source.at,
                    inside,
                    expr: expr.clone(),
                    scope,
                    gives,
                });
                Some(expr)
            }
            Err(error) => {
                let at = place(source.at, inside, &source.value, error.offset);
                item.file.note(at, Mistake::Expression { kind: error.kind });
                None
            }
        }
    }

    /// `{ field = "expr", … }`; whether the fields exist is the caller's question.
    pub(super) fn assignments(
        &self,
        table: &Table<'t>,
        key: &'static str,
        scope: &ExprScope,
        target: impl Fn(&At<String>),
    ) -> Assignments {
        match table.table(key, "set") {
            Some(set) => self.assignments_of(&set, scope, target),
            None => Assignments::new(),
        }
    }

    /// The same, of a table that is nothing else.
    pub(super) fn assignments_of(
        &self,
        set: &Table<'t>,
        scope: &ExprScope,
        target: impl Fn(&At<String>),
    ) -> Assignments {
        let mut assignments = Assignments::new();
        for (field, item) in set.entries() {
            target(&field);
            if let Some(expr) = self.expr_of(item, scope.clone(), Wants::Anything) {
                assignments.insert(field.value, expr);
            }
        }
        assignments
    }

    /// Who: a text, a list of texts, or a list with `{ who, when }`.
    pub(super) fn who(
        &self,
        table: &Table<'t>,
        key: &'static str,
        scope: &Scope,
    ) -> Option<WhoSet> {
        let item = table.item(key)?;
        Some(self.who_of(table, item, scope))
    }

    pub(super) fn who_of(&self, table: &Table<'t>, item: Item<'t>, scope: &Scope) -> WhoSet {
        self.who_as(table, item, scope, RefTo::Who)
    }

    /// The same; what each must be is the caller's to say.
    pub(super) fn who_as(
        &self,
        table: &Table<'t>,
        item: Item<'t>,
        scope: &Scope,
        to: fn(WhoSet) -> RefTo,
    ) -> WhoSet {
        let mut set = WhoSet::default();
        for entry in item.one_or_many() {
            let (who, when) = if entry.is_string() {
                (entry.string(), None)
            } else {
                let Some(case) = entry.table("who") else {
                    continue;
                };
                let who = case.need_string("who");
                let when = self.expr(&case, "when", scope.expressions(), Wants::Truth);
                case.close();
                (who, when)
            };
            let Some(who) = who else { continue };
            match Who::parse(&who.value) {
                Ok(parsed) => {
                    let only = WhoSet::one(parsed.clone());
                    self.want(table, who.at, scope, to(only));
                    set.any.push(WhoCase { who: parsed, when });
                }
                Err(error) => {
                    let nearest = error.nearest;
                    table.note(
                        who.at,
                        Mistake::Who {
                            written: quoted(&error.written),
                            nearest,
                        },
                    );
                }
            }
        }
        set
    }

    pub(super) fn span(&self, table: &Table<'t>, written: &At<String>) -> Option<Span> {
        let span = Span::parse(&written.value);
        if span.is_none() {
            table.note(
                written.at,
                Mistake::Span {
                    written: quoted(&written.value),
                },
            );
        }
        span
    }

    pub(super) fn offsets(&self, table: &Table<'t>, key: &'static str) -> Vec<Offset> {
        let mut offsets = Vec::new();
        for written in table.strings(key) {
            match Offset::parse(&written.value) {
                Some(offset) => offsets.push(offset),
                None => {
                    table.note(
                        written.at,
                        Mistake::Offset {
                            written: quoted(&written.value),
                        },
                    );
                }
            }
        }
        offsets
    }
}

/// Whether one more field still fits the limit.
pub(super) enum FieldCount {
    Fits,
    FirstTooMany,
    TooMany,
}

impl Scope {
    /// What bare names are in expressions of this scope.
    pub(crate) fn expressions(&self) -> ExprScope {
        match self {
            Self::Record => ExprScope::Record,
            Self::Line(line) => ExprScope::Line(line.clone()),
        }
    }
}

pub(super) fn is_key(text: &str) -> bool {
    text.len() <= limits::KEY_CHARS_MAX
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
