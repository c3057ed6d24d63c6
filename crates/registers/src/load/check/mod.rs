//! Settling what the files refer to, once all of them have been read.

mod expressions;
mod flow;
mod labels;
mod losses;
mod names;
mod regimes;
mod scans;
mod tiles;

use super::file::File;
use super::wanted::{RefTo, Spot};
use super::{Draft, Drafts, Known, finish};
use crate::Catalogue;
use crate::model::Definition;

/// Everything names are looked up in.
pub(crate) struct World<'w> {
    pub(crate) catalogue: &'w Catalogue,
    pub(crate) known: &'w Known<'w>,
    /// Registers that are there but could not be read.
    lost: &'w [String],
}

impl World<'_> {
    /// Whether a register exists, read or not.
    pub(super) fn has_register(&self, key: &str) -> bool {
        self.catalogue.definition(key).is_some() || self.is_unread(key)
    }

    /// Whether a register exists but nothing is known about its fields.
    pub(super) fn is_unread(&self, key: &str) -> bool {
        self.catalogue.definition(key).is_none()
            && (self.known.registers.contains(&key) || self.lost.iter().any(|lost| lost == key))
    }

    pub(super) fn register_names(&self) -> impl Iterator<Item = &str> {
        let loaded = self
            .catalogue
            .definitions()
            .map(|definition| definition.key.as_str());
        loaded.chain(self.known.registers.iter().copied())
    }
}

/// Notes every mistake that shows only now, and gives the catalogue.
pub(super) fn settle(drafts: Drafts<'_>, known: &Known<'_>) -> Catalogue {
    let Drafts {
        definitions,
        regimes,
        lost,
        ..
    } = drafts;
    let mut catalogue = Catalogue::default();
    let mut rest = Vec::new();
    for (key, draft) in definitions {
        let Draft {
            mut definition,
            wanted,
            file,
            at,
        } = draft;
        regimes::choices(&mut definition, &regimes);
        catalogue.add(definition);
        rest.push((key, wanted, file, at));
    }
    regimes::settle(&mut catalogue, regimes);
    let world = World {
        catalogue: &catalogue,
        known,
        lost: &lost,
    };
    for (key, wanted, file, at) in &rest {
        let Some(definition) = catalogue.definition(key) else {
            continue;
        };
        let places = Places {
            wanted,
            file,
            at: *at,
        };
        labels::check(definition, &places);
        losses::check(definition, &world, &places);
        let mut states = flow::States::Named;
        let broken: Vec<&str> = wanted
            .iter()
            .flat_map(|wanted| &wanted.broken)
            .map(String::as_str)
            .collect();
        for wanted in wanted {
            for reference in &wanted.refs {
                let found = names::check(definition, reference, &world, &broken);
                if !found && matches!(reference.to, RefTo::State(_)) {
                    states = flow::States::Mistyped;
                }
            }
            for expr in &wanted.exprs {
                expressions::check(definition, expr, &world, &broken);
            }
        }
        flow::check(definition, &places, states);
    }
    catalogue
}

/// Where the things of one definition stand.
struct Places<'p, 't> {
    wanted: &'p [super::Wanted<'t>],
    file: &'t File<'t>,
    at: usize,
}

impl<'t> Places<'_, 't> {
    /// Notes a mistake where a thing stands, or at the register itself.
    fn note(&self, spot: &Spot, mistake: super::Mistake) {
        let found = self
            .wanted
            .iter()
            .find_map(|wanted| finish::place_of(wanted, spot));
        let (file, at): (&File<'t>, usize) = found.unwrap_or((self.file, self.at));
        file.note(at, mistake);
    }
}

/// A definition's names of one kind.
fn keys<'k, T>(things: &'k [T], key: impl Fn(&'k T) -> &'k str) -> Vec<&'k str> {
    things.iter().map(key).collect()
}

/// The parts of a definition a scope sees.
struct Seen<'d> {
    fields: &'d [crate::Field],
    states: &'d [crate::State],
    actions: &'d [crate::Action],
}

impl<'d> Seen<'d> {
    fn of(definition: &'d Definition, scope: &super::wanted::Scope) -> Self {
        let line = match scope {
            super::wanted::Scope::Record => None,
            super::wanted::Scope::Line(key) => definition.line(key),
        };
        match line {
            Some(line) => Self {
                fields: &line.fields,
                states: &line.states,
                actions: &line.actions,
            },
            None => Self {
                fields: &definition.fields,
                states: &definition.states,
                actions: &definition.actions,
            },
        }
    }
}
