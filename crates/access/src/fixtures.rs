//! What the tests of this crate share: people, units, classes, policies and random ones of each.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use domain::{
    AccountId, ClassId, Clearance, Compartment, LabelClass, Level, Levels, PersonId, Scope, UnitId,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::{Ground, Nature, Policies, Role, Viewer};

/// The shipped policies, in the order they are loaded.
pub(crate) const SHIPPED: [(&str, &str); 5] = [
    (
        "custody.cedar",
        include_str!("../../../packs/base/policies/custody.cedar"),
    ),
    (
        "decisions.cedar",
        include_str!("../../../packs/base/policies/decisions.cedar"),
    ),
    (
        "separation.cedar",
        include_str!("../../../packs/base/policies/separation.cedar"),
    ),
    (
        "staff.cedar",
        include_str!("../../../packs/base/policies/staff.cedar"),
    ),
    (
        "step_up.cedar",
        include_str!("../../../packs/base/policies/step_up.cedar"),
    ),
];

/// A policy that permits everything, so that only visibility decides.
const EVERYTHING: &str =
    r#"@id("all") @rule("test") @clause("test") permit (principal, action, resource);"#;

pub(crate) fn shipped() -> &'static Policies {
    static LOADED: LazyLock<Policies> = LazyLock::new(|| load(&SHIPPED));
    &LOADED
}

pub(crate) fn permissive() -> &'static Policies {
    static LOADED: LazyLock<Policies> = LazyLock::new(|| load(&[("all.cedar", EVERYTHING)]));
    &LOADED
}

pub(crate) fn load(files: &[(&str, &str)]) -> Policies {
    Policies::load(files).unwrap_or_else(|reports| {
        panic!(
            "{}",
            reports
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")
        )
    })
}

fn instant() -> domain::Timestamp {
    "2026-03-02T01:00:00Z".parse().unwrap()
}

pub(crate) fn account() -> AccountId {
    AccountId::new(instant(), [1; 10])
}

pub(crate) fn person(number: u8) -> PersonId {
    PersonId::new(instant(), [number; 10])
}

pub(crate) fn unit(number: u8) -> UnitId {
    UnitId::new(instant(), [number; 10])
}

pub(crate) fn class_id(number: u8) -> ClassId {
    ClassId::new(i64::from(number))
}

pub(crate) fn compartment(name: &str) -> Compartment {
    Compartment::parse(name).unwrap()
}

/// Person 1 of unit 1, cleared up to 机密, with these roles.
pub(crate) fn viewer(roles: &[Role]) -> Viewer {
    Viewer {
        account: account(),
        person: Some(person(1)),
        units: BTreeSet::from([unit(1)]),
        clearance: Clearance {
            levels: Level::Secret.into(),
            compartments: BTreeSet::from([compartment("方舟")]),
        },
        roles: roles.iter().copied().collect(),
    }
}

pub(crate) fn class(level: Option<Level>, scope: Scope) -> LabelClass {
    LabelClass {
        levels: level.into_iter().collect(),
        compartments: BTreeSet::new(),
        scope,
    }
}

pub(crate) fn levels() -> impl Strategy<Value = Levels> {
    subsequence(Level::ALL.to_vec(), 0..=3).prop_map(Levels::from_iter)
}

fn compartments() -> impl Strategy<Value = BTreeSet<Compartment>> {
    subsequence(vec![compartment("方舟"), compartment("灯塔")], 0..=2).prop_map(BTreeSet::from_iter)
}

fn units() -> impl Strategy<Value = BTreeSet<UnitId>> + Clone {
    subsequence(vec![unit(1), unit(2), unit(3)], 0..=3).prop_map(BTreeSet::from_iter)
}

fn scope() -> impl Strategy<Value = Scope> {
    let named = (
        subsequence(vec![person(1), person(2), person(3)], 0..=3),
        units(),
    )
        .prop_map(|(persons, units)| Scope::named(persons, units))
        .boxed();
    prop_oneof![
        Just(Scope::everyone()),
        Just(Scope::nobody()),
        named.clone(),
        (named.clone(), named).prop_map(|(one, other)| one.intersect(&other)),
    ]
}

pub(crate) fn classes() -> impl Strategy<Value = LabelClass> {
    let any =
        (levels(), compartments(), scope()).prop_map(|(levels, compartments, scope)| LabelClass {
            levels,
            compartments,
            scope,
        });
    prop_oneof![1 => Just(LabelClass::open()), 6 => any]
}

pub(crate) fn roles() -> impl Strategy<Value = BTreeSet<Role>> {
    subsequence(Role::ALL.to_vec(), 0..=3).prop_map(BTreeSet::from_iter)
}

pub(crate) fn viewers() -> impl Strategy<Value = Viewer> {
    let someone = prop::option::weighted(0.9, select(vec![person(1), person(2)]));
    (someone, units(), levels(), compartments(), roles()).prop_map(
        |(person, units, levels, compartments, roles)| Viewer {
            account: account(),
            person,
            units,
            clearance: Clearance {
                levels,
                compartments,
            },
            roles,
        },
    )
}

pub(crate) fn record_grounds() -> impl Strategy<Value = Vec<Ground>> {
    subsequence(Ground::ALL.to_vec(), 0..=4)
}

pub(crate) fn natures() -> impl Strategy<Value = Nature> {
    select(Nature::ALL.to_vec())
}
