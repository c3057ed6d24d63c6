//! Random regimes over random registers under random acts (M4, DESIGN 5): several hold at once, for the whole house or attached
//! to units and projects, and how hard each rule holds, what each parameter is, how long a deadline runs and whether content is
//! kept is what a model of the language says, which is written from the reference and knows nothing of the engine. Packs and
//! houses as an engine would obey them that does not know one construct are all caught.

mod acts;
mod attached;
mod faults;
mod held;
mod judged;
mod look;
mod said;
mod world;
mod written;

use super::{spec::Dice, walk::SHARED};
use crate::house::{House, Shipped, on_each_database, shipped_with};
use faults::{FAULTS, plain};
use said::{SHIPPED, Said};
use std::collections::BTreeMap;
use world::{Layout, World};

/// How many regimes each house has for itself, and how many may be attached at once; one is under the base alone.
const HOUSES: [(usize, usize); 4] = [(1, 2), (2, 4), (3, 3), (0, 6)];
const REGIMES: usize = 5;
const REGISTERS: usize = 4;
const ACTS: usize = 1500;
const ACTS_ON_A_SERVER: usize = 250;
/// Acts within which a fault has to show.
const ACTS_OF_A_FAULT: usize = 500;
/// How often each construct has to be met.
const HITS: usize = 100;

/// The shipped packs with what is said besides.
fn packs(said: &Said) -> Shipped {
    let registers: Vec<(&str, String)> = said
        .registers
        .iter()
        .map(|register| (register.key.as_str(), register.toml()))
        .collect();
    let registers = registers.iter().map(|(key, text)| (*key, text.as_str()));
    let all: Vec<(&str, &str)> = SHARED.iter().copied().chain(registers).collect();
    let packs = shipped_with(&all);
    packs.base_says(&said.base());
    for regime in said.regimes.iter().filter(|one| one.key != SHIPPED) {
        packs.add_regime(&regime.key, &regime.toml());
    }
    packs
}

/// A house under what is said, of which something else is known.
async fn world(
    database: Option<String>,
    (said, is): (&Said, Layout),
    known: Said,
    dice: Dice,
) -> (World, Shipped) {
    let packs = packs(said);
    let own = said.regimes[..said.own].iter();
    let own: Vec<&str> = own.map(|regime| regime.key.as_str()).collect();
    let house = House::build_under(database, &packs.packs(), &own).await;
    (World::new(house, known, is, dice).await, packs)
}

/// Random acts under random regimes, and how often each construct was met.
async fn walk(
    database: Option<String>,
    (own, most): (usize, usize),
    acts: usize,
    seed: u64,
) -> BTreeMap<&'static str, usize> {
    let mut dice = Dice::new(seed);
    let said = Said::any(own, (REGIMES, REGISTERS), &mut dice);
    let is = (&said, Layout::usual());
    let (mut world, _packs) = world(database, is, said.clone(), dice).await;
    world.most = most;
    for act in 0..acts {
        let step = world.step().await;
        step.unwrap_or_else(|wrong| panic!("{wrong}\nact {act} under {said:#?}"));
    }
    world.at_the_end().await.unwrap();
    world.hits
}

#[tokio::test(flavor = "multi_thread")]
async fn the_strictest_word_of_random_regimes_holds_for_random_acts() {
    let mut hits: BTreeMap<&str, usize> = BTreeMap::new();
    let houses = (41..).zip(HOUSES);
    let houses: Vec<_> = houses
        .map(|(seed, house)| tokio::spawn(walk(None, house, ACTS, seed)))
        .collect();
    for house in houses {
        for (construct, met) in house.await.unwrap() {
            *hits.entry(construct).or_default() += met;
        }
    }
    let few = hits.iter().filter(|(_, hits)| **hits < HITS);
    let few: BTreeMap<_, _> = few.collect();
    assert!(few.is_empty(), "hardly met: {few:?} of {hits:?}");
    assert_eq!(hits.len(), 42, "{hits:?}");
}

#[test]
fn it_does_so_on_a_server_too() {
    on_each_database(|database| async {
        if database.is_some() {
            walk(database, (2, 4), ACTS_ON_A_SERVER, 45).await;
        }
    });
}

/// Whether acts in a house tell that it is not as it is known.
async fn is_caught(is: (&Said, Layout), known: Said, seed: u64) -> bool {
    let (mut world, _packs) = world(None, is, known, Dice::new(seed)).await;
    world.most = 1;
    for _ in 0..ACTS_OF_A_FAULT {
        if world.step().await.is_err() {
            return true;
        }
    }
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_obeys_regimes_less_is_caught() {
    let mut missed = Vec::new();
    for (seed, (name, has, loses)) in (71..).zip(FAULTS) {
        let mut said = plain();
        has(&mut said);
        let (mut wrong, mut is) = (said.clone(), Layout::usual());
        loses(&mut wrong, &mut is);
        if !is_caught((&wrong, is), said, seed).await {
            missed.push(name);
        }
    }
    assert!(missed.is_empty(), "not caught: {missed:?}");
    assert!(!is_caught((&plain(), Layout::usual()), plain(), 70).await);
}
