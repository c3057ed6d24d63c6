//! Names that must exist: states, fields, actions, registers, effects, roles, who.

use super::{Seen, World, keys, scans, tiles};
use crate::load::mistake::{Mistake, Thing};
use crate::load::wanted::{Ref, RefTo, Scope};
use crate::model::{Definition, EventName, Field, FieldKind, Print};
use crate::shape::{Shape, Sight};
use crate::{Who, WhoSet};

/// Looks one name up; says whether it was found.
pub(super) fn check(
    definition: &Definition,
    reference: &Ref<'_>,
    world: &World<'_>,
    broken: &[&str],
) -> bool {
    let look = Look {
        definition,
        world,
        broken,
        seen: Seen::of(definition, &reference.scope),
    };
    let mistake = look.up(&reference.to, &reference.scope);
    let found = mistake.is_none();
    if let Some(mistake) = mistake {
        reference.file.note(reference.at, mistake);
    }
    found
}

struct Look<'w> {
    definition: &'w Definition,
    world: &'w World<'w>,
    broken: &'w [&'w str],
    seen: Seen<'w>,
}

fn missing<'k>(
    what: Thing,
    name: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<Mistake> {
    let mut known = known.into_iter();
    let names: Vec<&str> = known.by_ref().collect();
    (!names.contains(&name)).then(|| Mistake::no_such(what, name, names))
}

impl Look<'_> {
    fn up(&self, to: &RefTo, scope: &Scope) -> Option<Mistake> {
        let known = self.world.known;
        match to {
            RefTo::State(name) => missing(Thing::State, name, keys(self.seen.states, |s| &s.key)),
            RefTo::Action(name) => {
                missing(Thing::Action, name, keys(self.seen.actions, |a| &a.key))
            }
            RefTo::RuleAction(name) => self.rule_action(name),
            RefTo::LineAction { line, action } => {
                let line = self.definition.line(line)?;
                missing(Thing::Action, action, keys(&line.actions, |a| &a.key))
            }
            RefTo::Line(name) => missing(Thing::Line, name, self.lines()),
            RefTo::Field(name) => self.field(name).err(),
            RefTo::SettableField(name) => self.settable(name),
            RefTo::LinkField(name) => self.link(name),
            RefTo::Input(name) => {
                if self.definition.line(name).is_some() {
                    return None;
                }
                self.settable(name)
            }
            RefTo::Register(name) => {
                let there = self.world.has_register(name);
                (!there)
                    .then(|| Mistake::no_such(Thing::Register, name, self.world.register_names()))
            }
            RefTo::RegisterAction { register, action } => {
                let other = self.world.catalogue.definition(register)?;
                let initial: Vec<&str> = other
                    .initial_actions()
                    .map(|action| action.key.as_str())
                    .collect();
                missing(Thing::Action, action, initial)
            }
            RefTo::RegisterField { register, field } => {
                let other = self.world.catalogue.definition(register)?;
                missing(Thing::Field, field, keys(&other.fields, |f| &f.key))
            }
            RefTo::LabelSource(path) => self.label_source(path),
            RefTo::Effect(name) => self.effect(name),
            RefTo::Check(name) => missing(Thing::Check, name, known.checks.iter().copied()),
            RefTo::Event(event) => self.event(event, scope),
            RefTo::Parameter(name) => {
                let base = self.world.catalogue.regime(crate::regime::BASE)?;
                missing(
                    Thing::Parameter,
                    name,
                    base.parameters.keys().map(String::as_str),
                )
            }
            RefTo::Layout(name) => {
                let layouts = known.layouts.iter().map(String::as_str);
                missing(Thing::Layout, name, layouts)
            }
            RefTo::Custody => {
                let has = known.custody.contains(&self.definition.key.as_str());
                (!has).then_some(Mistake::NoCustody)
            }
            RefTo::Shown(path) => self.shown(path),
            RefTo::TileFilter(filter) => tiles::filter(self.definition, self.world, filter),
            RefTo::TileBy(by) => tiles::by(self.definition, self.world, by),
            RefTo::Who(set) => self.who(set, scope, is_person),
            RefTo::Outsider(set) => self.who(set, scope, |shape| {
                is_person(shape) || matches!(shape, Shape::Outside(_))
            }),
            RefTo::SignatureField(name) => self.signature_field(name),
            RefTo::ScanBy(name) => scans::by(&self.seen, name, self.broken),
            RefTo::ScanNumber(name) => scans::number(&self.seen, name, self.broken),
            RefTo::ScanAction(name) => scans::action(&self.seen, name),
        }
    }

    /// An effect of the program, with the fields it reads.
    fn effect(&self, name: &str) -> Option<Mistake> {
        let effects = self.world.known.effects;
        let Some(effect) = effects.iter().find(|effect| effect.name == name) else {
            return missing(
                Thing::Effect,
                name,
                effects.iter().map(|effect| effect.name),
            );
        };
        // an act on a line may be about the copy of its record
        let of_record = |field: &str| field == "copy" && self.definition.field(field).is_some();
        let lacks = |field: &&&str| self.field(field).is_err() && !of_record(field);
        let field = effect.reads.iter().find(lacks)?;
        Some(Mistake::EffectField {
            effect: name.to_owned(),
            field: (*field).to_owned(),
        })
    }

    fn lines(&self) -> Vec<&str> {
        keys(&self.definition.lines, |line| &line.key)
    }

    fn field(&self, name: &str) -> Result<&Field, Mistake> {
        let fields = self.seen.fields;
        fields
            .iter()
            .find(|field| field.key == name)
            .ok_or_else(|| Mistake::no_such(Thing::Field, name, keys(fields, |f| &f.key)))
    }

    fn settable(&self, name: &str) -> Option<Mistake> {
        match self.field(name) {
            Err(_) => {
                let mut names = keys(self.seen.fields, |field| &field.key);
                names.extend(self.lines());
                Some(Mistake::no_such(Thing::Field, name, names))
            }
            Ok(field) if !field.is_settable() => Some(Mistake::NotSettable {
                field: name.to_owned(),
            }),
            Ok(_) => None,
        }
    }

    fn link(&self, name: &str) -> Option<Mistake> {
        match self.field(name) {
            Err(mistake) => Some(mistake),
            Ok(field) if matches!(field.kind, FieldKind::Link | FieldKind::Links) => None,
            Ok(_) if self.broken.contains(&name) => None,
            Ok(_) => Some(Mistake::ReserveNotLink {
                field: name.to_owned(),
            }),
        }
    }

    /// An act on a record that may name one of this register; no record names a line.
    fn event(&self, event: &EventName, scope: &Scope) -> Option<Mistake> {
        let catalogue = self.world.catalogue;
        if self.world.is_unread(&event.register) {
            return None;
        }
        let target = Some(self.definition.key.as_str()).filter(|_| *scope == Scope::Record);
        let names_it = |other: &&Definition| {
            let mut fields = other.fields.iter();
            target.is_some() && fields.any(|field| field.target() == target)
        };
        let events: Vec<String> = catalogue
            .all_kept()
            .filter(names_it)
            .flat_map(|other| {
                let actions = other.actions.iter();
                actions.map(|action| format!("{}.{}", other.key, action.key))
            })
            .collect();
        missing(
            Thing::Event,
            &event.to_string(),
            events.iter().map(String::as_str),
        )
    }

    /// `lend`, or `readers.take` for an action of a line.
    fn rule_action(&self, name: &str) -> Option<Mistake> {
        let Some((line, action)) = name.split_once('.') else {
            return missing(
                Thing::Action,
                name,
                keys(&self.definition.actions, |a| &a.key),
            );
        };
        match self.definition.line(line) {
            Some(line) => missing(Thing::Action, action, keys(&line.actions, |a| &a.key)),
            None => Some(Mistake::no_such(Thing::Line, line, self.lines())),
        }
    }

    fn label_source(&self, path: &str) -> Option<Mistake> {
        let fields = match path.split_once('.') {
            None => self.definition.fields.as_slice(),
            Some((line, _)) => match self.definition.line(line) {
                Some(line) => line.fields.as_slice(),
                None => return Some(Mistake::no_such(Thing::Line, line, self.lines())),
            },
        };
        let name = path.rsplit('.').next().unwrap_or(path);
        match fields.iter().find(|field| field.key == name) {
            None => Some(Mistake::no_such(
                Thing::Field,
                name,
                keys(fields, |f| &f.key),
            )),
            Some(field) if matches!(field.kind, FieldKind::Link | FieldKind::Links) => None,
            Some(_) if self.broken.contains(&name) => None,
            Some(_) => Some(Mistake::LabelNotLink {
                path: path.to_owned(),
            }),
        }
    }

    fn signature_field(&self, name: &str) -> Option<Mistake> {
        match self.field(name) {
            Err(mistake) => Some(mistake),
            Ok(field) if field.kind == FieldKind::Signature => None,
            Ok(_) if self.broken.contains(&name) => None,
            Ok(_) => Some(Mistake::NotSignatureField {
                field: name.to_owned(),
            }),
        }
    }

    fn who(&self, set: &WhoSet, scope: &Scope, person: fn(&Shape) -> bool) -> Option<Mistake> {
        set.any.iter().find_map(|case| match &case.who {
            Who::Role(role) => {
                let roles = self.world.known.roles;
                missing(Thing::Role, role, roles.iter().copied())
            }
            Who::Field(path) => self.path(path, scope, "a person", person),
            Who::HeadOf(path) => self.path(path, scope, "a unit", |shape| {
                matches!(shape, Shape::Unit | Shape::Person | Shape::Any)
            }),
            Who::HolderOf(path) => self.path(path, scope, "a carrier", |shape| {
                matches!(shape, Shape::Record(_) | Shape::Any)
            }),
            Who::Drafter | Who::Proposer | Who::System | Who::Staff => None,
        })
    }

    /// What a page shows: a field, or what every record has, of the record, a line or what a link leads to.
    fn shown(&self, path: &[String]) -> Option<Mistake> {
        let line = path.first().and_then(|step| self.definition.line(step));
        let (mut fields, steps) = match line {
            Some(line) => (line.fields.as_slice(), path.get(1..).unwrap_or_default()),
            None => (self.definition.fields.as_slice(), path),
        };
        let mut steps = steps.iter().peekable();
        if steps.peek().is_none() {
            return Some(Mistake::ShownLine {
                path: path.join("."),
            });
        }
        while let Some(step) = steps.next() {
            let is_last = steps.peek().is_none();
            let field = fields.iter().find(|field| field.key == *step);
            let target = match field {
                None if is_last && Print::HEADER.contains(&step.as_str()) => return None,
                None => {
                    let known = keys(fields, |field| &field.key).into_iter();
                    let known = known.chain(Print::HEADER);
                    return Some(Mistake::no_such(Thing::Field, step, known));
                }
                Some(_) if is_last => return None,
                Some(field) if self.broken.contains(&field.key.as_str()) => return None,
                Some(field) => field.target(),
            };
            let Some(register) = target else {
                return Some(Mistake::ShownNotLink {
                    field: step.clone(),
                });
            };
            // a register that was not read: nothing is known, so nothing is judged
            fields = self.world.catalogue.definition(register)?.fields.as_slice();
        }
        None
    }

    fn path(
        &self,
        path: &[String],
        scope: &Scope,
        wanted: &'static str,
        good: fn(&Shape) -> bool,
    ) -> Option<Mistake> {
        let sight = Sight::new(self.definition, self.world, self.broken);
        let shape = match sight.path(path, scope) {
            Ok(shape) => shape,
            Err(mistake) => return Some(mistake),
        };
        (!good(shape.entry_or_self())).then(|| Mistake::WhoPath {
            path: path.join("."),
            wanted,
        })
    }
}

fn is_person(shape: &Shape) -> bool {
    matches!(shape, Shape::Person | Shape::Any)
}
