//! Which variables and functions an expression uses.

use std::collections::BTreeSet;

use serde_json::Value;

use super::node::{Node, NodeKind};

type Path = Vec<String>;

/// The variables an expression reads, as paths.
pub(super) fn paths(node: &Node) -> Vec<Path> {
    let mut found = BTreeSet::new();
    collect(node, &[], &mut found);
    found.into_iter().collect()
}

/// The functions an expression calls.
pub(super) fn functions(node: &Node) -> Vec<&'static str> {
    let mut found = BTreeSet::new();
    each(node, &mut |node| {
        if let NodeKind::Call(function, _) = &node.kind {
            found.insert(function.name);
        }
    });
    found.into_iter().collect()
}

/// Every name that stands in an expression, and every text that a function takes, which may be the name of
/// a field: more than it can read, never less.
pub(super) fn names(node: &Node) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    each(node, &mut |node| {
        let taken: &[Node] = match &node.kind {
            NodeKind::Call(_, taken) => taken,
            NodeKind::Index(_, key) => std::slice::from_ref(key),
            NodeKind::In(key, _) => std::slice::from_ref(key),
            _ => &[],
        };
        for one in taken {
            each(one, &mut |below| {
                if let NodeKind::Literal(Value::String(text)) = &below.kind {
                    found.insert(text.clone());
                }
            });
        }
        let name = match &node.kind {
            NodeKind::Name(name) | NodeKind::Select(_, name) => Some(name.as_str()),
            NodeKind::Entry { key, .. } => key.as_deref(),
            NodeKind::Literal(_)
            | NodeKind::Has(_)
            | NodeKind::Not(_)
            | NodeKind::Negate(_)
            | NodeKind::Index(..)
            | NodeKind::And(..)
            | NodeKind::Or(..)
            | NodeKind::Compare(..)
            | NodeKind::Arith(..)
            | NodeKind::In(..)
            | NodeKind::Choose(..)
            | NodeKind::List(_)
            | NodeKind::Call(..)
            | NodeKind::Walk(_) => None,
        };
        found.extend(name.map(str::to_owned));
    });
    found
}

/// A named entry of a walk and the path of the list it comes from.
struct Entry<'n> {
    name: Option<&'n str>,
    list: Option<Path>,
}

fn collect(node: &Node, entries: &[Entry<'_>], found: &mut BTreeSet<Path>) {
    if let Some(path) = path_of(node, entries) {
        found.insert(path);
        return;
    }
    if let NodeKind::Walk(walk) = &node.kind {
        collect(&walk.list, entries, found);
        let mut inner: Vec<Entry<'_>> = Vec::with_capacity(entries.len() + 1);
        inner.push(Entry {
            name: walk.name.as_deref(),
            list: path_of(&walk.list, entries),
        });
        inner.extend(entries.iter().map(|e| Entry {
            name: e.name,
            list: e.list.clone(),
        }));
        collect(&walk.body, &inner, found);
        return;
    }
    children(node, &mut |child| collect(child, entries, found));
}

/// The path a chain of names spells: `copy.label`, or `lines.state` inside a walk over `lines`.
fn path_of(node: &Node, entries: &[Entry<'_>]) -> Option<Path> {
    match &node.kind {
        NodeKind::Name(name) => {
            let entry = entries
                .iter()
                .find(|entry| entry.name == Some(name.as_str()));
            match entry {
                Some(entry) => entry.list.clone(),
                None => Some(vec![name.clone()]),
            }
        }
        NodeKind::Entry { up, key } => {
            let mut path = entries.get(*up)?.list.clone()?;
            path.extend(key.clone());
            Some(path)
        }
        NodeKind::Select(operand, field) => {
            let mut path = path_of(operand, entries)?;
            path.push(field.clone());
            Some(path)
        }
        _ => None,
    }
}

/// Visits a node and everything below it.
pub(crate) fn each<'n>(node: &'n Node, visit: &mut impl FnMut(&'n Node)) {
    visit(node);
    children(node, &mut |child| each(child, visit));
}

/// Visits the nodes right below a node.
fn children<'n>(node: &'n Node, visit: &mut dyn FnMut(&'n Node)) {
    match &node.kind {
        NodeKind::Literal(_) | NodeKind::Name(_) | NodeKind::Entry { .. } => {}
        NodeKind::Select(a, _) | NodeKind::Has(a) | NodeKind::Not(a) | NodeKind::Negate(a) => {
            visit(a);
        }
        NodeKind::Index(a, b)
        | NodeKind::And(a, b)
        | NodeKind::Or(a, b)
        | NodeKind::Compare(_, a, b)
        | NodeKind::Arith(_, a, b)
        | NodeKind::In(a, b) => {
            visit(a);
            visit(b);
        }
        NodeKind::Choose(a, b, c) => {
            visit(a);
            visit(b);
            visit(c);
        }
        NodeKind::List(nodes) | NodeKind::Call(_, nodes) => nodes.iter().for_each(visit),
        NodeKind::Walk(walk) => {
            visit(&walk.list);
            visit(&walk.body);
        }
    }
}
