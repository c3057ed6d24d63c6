//! What can be lost from under a record that reserves it: no loss waits for paperwork, so
//! a register that reserves such things lets go of them, whatever open state its record is in.

use super::{Places, World};
use crate::load::mistake::Mistake;
use crate::load::wanted::Spot;
use crate::model::{Definition, Field, FieldKind, LOSE, STRIKE};

pub(super) fn check(definition: &Definition, world: &World<'_>, places: &Places<'_, '_>) {
    reserved(definition, world, places, None);
    for line in &definition.lines {
        let spot = Spot::Line(line.key.clone());
        reserved(&line.as_register(definition), world, places, Some(&spot));
    }
}

fn reserved(
    definition: &Definition,
    world: &World<'_>,
    places: &Places<'_, '_>,
    line: Option<&Spot>,
) {
    let losable = losable(world);
    let reserving = definition
        .fields
        .iter()
        .filter(|field| field.reserve && takes(definition, field, world).is_none());
    for field in reserving {
        if !losable
            .iter()
            .any(|register| field.target() == Some(register))
        {
            continue;
        }
        let is_list = field.kind == FieldKind::Links;
        let lacks = |action: &'static str, input: Option<&str>| {
            (!lets_go(definition, action, input)).then_some(action)
        };
        let lacking = [
            lacks(LOSE, None),
            is_list.then(|| lacks(STRIKE, Some(&field.key))).flatten(),
        ];
        for action in lacking.into_iter().flatten() {
            let field = field.key.clone();
            let mistake = Mistake::ReserveNotLost {
                field: field.clone(),
                action,
            };
            let spot = line.cloned().unwrap_or(Spot::Reserve(field));
            places.note(&spot, mistake);
        }
    }
}

/// Registers whose records some effect takes away from whoever reserves them.
fn losable<'w>(world: &'w World<'_>) -> Vec<&'w str> {
    let mut losable = Vec::new();
    for definition in world.catalogue.definitions() {
        for field in &definition.fields {
            losable.extend(takes(definition, field, world));
        }
    }
    losable
}

/// The register a field takes things of away from others, by an effect of its definition.
fn takes<'d>(definition: &'d Definition, field: &'d Field, world: &World<'_>) -> Option<&'d str> {
    let mut called = definition.actions.iter().filter_map(|action| {
        let effect = action.effect.as_deref()?;
        world
            .known
            .effects
            .iter()
            .find(|known| known.name == effect)
    });
    let taken = called.any(|effect| effect.takes.contains(&field.key.as_str()));
    field.target().filter(|_| taken)
}

/// Whether the program can do an action in every open state: `lose` ends the record, `strike` sets
/// what is left of the list.
fn lets_go(definition: &Definition, key: &str, input: Option<&str>) -> bool {
    let Some(action) = definition.action(key) else {
        return false;
    };
    let mut open = definition.states.iter().filter(|state| !state.is_final);
    let everywhere = open.all(|state| action.is_from(&state.key));
    let leads = match (input, &action.to) {
        (Some(field), _) => action.input.iter().any(|input| input == field),
        (None, to) => to.as_deref().is_some_and(|to| definition.is_final(to)),
    };
    everywhere && leads && action.when.is_none()
}
