//! Random registers under random acts: after every act the engine's answer and the record are what a model of
//! the language says, which is written from the reference and knows nothing of the engine. Engines that obey
//! one construct less are all caught.

mod flow;
mod governed;
mod kinds;
mod moved;
mod spec;
mod walk;

use crate::house::{House, Shipped, on_each_database, shipped_with};
use spec::{Dice, Spec, faults};
use std::collections::BTreeMap;
use walk::{SHARED, World};

/// Registers at random, and acts on each; fewer on a server, where the constructs need not all be met again.
const REGISTERS: usize = 66;
const REGISTERS_ON_A_SERVER: usize = 8;
const ACTS: usize = 108;
/// Acts within which a fault has to show.
const ACTS_OF_A_FAULT: usize = 900;
/// How often each construct has to be met.
const HITS: usize = 100;

/// The shipped packs with these registers.
fn packs(registers: &[Spec]) -> Shipped {
    let made: Vec<(&str, String)> = registers
        .iter()
        .map(|spec| (spec.key.as_str(), spec.toml()))
        .collect();
    let of_things: Vec<(String, String)> = registers
        .iter()
        .filter_map(|spec| Some((format!("thing_{}", spec.key), spec.of_things()?)))
        .collect();
    let more = of_things.iter().map(|(key, text)| (key.as_str(), text));
    let made = made.iter().map(|(key, text)| (*key, text));
    let made = made.chain(more).map(|(key, text)| (key, text.as_str()));
    let all: Vec<(&str, &str)> = SHARED.iter().copied().chain(made).collect();
    shipped_with(&all)
}

async fn world(
    database: Option<String>,
    registers: &[Spec],
    obeyed: Vec<Spec>,
    dice: Dice,
) -> (World, Shipped) {
    let packs = packs(registers);
    let mut house = House::build_on(database, &packs.packs()).await;
    house.people().await;
    (World::new(house, obeyed, dice).await, packs)
}

/// Random acts on so many random registers, and how often each construct was met.
async fn walk(database: Option<String>, many: usize, seed: u64) -> BTreeMap<&'static str, usize> {
    let mut dice = Dice::new(seed);
    let registers: Vec<Spec> = (0..many)
        .map(|number| Spec::any(&format!("any{number}"), &mut dice))
        .collect();
    let (mut world, _packs) = world(database, &registers, registers.clone(), dice).await;
    for (register, spec) in registers.iter().enumerate() {
        for act in 0..ACTS {
            let step = world.step(register).await;
            step.unwrap_or_else(|wrong| panic!("{wrong}\nact {act} on\n{}", spec.toml()));
        }
    }
    world.at_the_end().await.unwrap();
    world.hits
}

#[tokio::test(flavor = "multi_thread")]
async fn random_acts_on_random_registers_keep_what_the_language_says() {
    let hits = walk(None, REGISTERS, 20_260_302).await;
    let few = hits.iter().filter(|(_, hits)| **hits < HITS);
    let few: BTreeMap<_, _> = few.collect();
    assert!(few.is_empty(), "hardly met: {few:?} of {hits:?}");
    assert!(hits.len() >= 28, "{hits:?}");
}

#[test]
fn they_do_so_on_a_server_too() {
    on_each_database(|database| async {
        if database.is_some() {
            walk(database, REGISTERS_ON_A_SERVER, 11).await;
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_obeys_one_construct_less_is_caught() {
    let mut dice = Dice::new(7);
    let faults = faults(&mut dice);
    let obeyed: Vec<Spec> = faults.iter().map(|(_, spec, _)| spec.clone()).collect();
    let wrong: Vec<Spec> = faults.iter().map(|(_, _, wrong)| wrong.clone()).collect();
    let (mut world, _packs) = world(None, &wrong, obeyed, dice).await;
    let mut missed = Vec::new();
    for (register, (name, _, _)) in faults.iter().enumerate() {
        let mut caught = false;
        for _ in 0..ACTS_OF_A_FAULT {
            if world.step(register).await.is_err() {
                caught = true;
                break;
            }
        }
        if !caught && world.numbers(register).await.is_ok() {
            missed.push(*name);
        }
    }
    assert!(missed.is_empty(), "not caught: {missed:?}");
    assert!(faults.len() >= 20);
}
