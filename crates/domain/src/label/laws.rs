//! The lattice laws of labels, held on random values.

use std::collections::BTreeSet;

use jiff::Span;
use jiff::civil::date;
use proptest::collection::btree_set;
use proptest::option;
use proptest::prelude::*;

use super::{Clause, Clearance, Compartment, Ends, Label, LabelClass, Levels, Scope};
use crate::{Family, Level, PersonId, UnitId};

fn person(n: u8) -> PersonId {
    PersonId::new(jiff::Timestamp::UNIX_EPOCH, [n; 10])
}

fn unit(n: u8) -> UnitId {
    UnitId::new(jiff::Timestamp::UNIX_EPOCH, [n; 10])
}

fn levels() -> impl Strategy<Value = Levels> {
    btree_set(0usize..6, 0..4).prop_map(|picks| picks.into_iter().map(|n| Level::ALL[n]).collect())
}

fn compartments() -> impl Strategy<Value = BTreeSet<Compartment>> {
    btree_set(0usize..4, 0..4).prop_map(|picks| {
        let names = ["甲", "乙", "丙 \"引号\"", "North\\Star"];
        picks
            .into_iter()
            .map(|n| Compartment::parse(names[n]).unwrap())
            .collect()
    })
}

fn ends() -> impl Strategy<Value = Ends> {
    let day = (0i32..2000).prop_map(|n| date(2026, 1, 1).saturating_add(Span::new().days(n)));
    let events = btree_set(0usize..3, 0..3);
    (option::of(day), events, prop::bool::weighted(0.1)).prop_map(|(day, events, long)| {
        let names = ["会议开始前", "公布前", "项目验收后"];
        let mut ends = day.map_or_else(Ends::none, Ends::on);
        for n in events {
            ends = ends.join(&Ends::when(names[n]));
        }
        if long {
            ends.join(&Ends::long_term())
        } else {
            ends
        }
    })
}

fn members() -> impl Strategy<Value = (BTreeSet<PersonId>, BTreeSet<UnitId>)> {
    let persons = btree_set((0u8..5).prop_map(person), 0..4);
    let units = btree_set((0u8..4).prop_map(unit), 0..3);
    (persons, units)
}

fn scope() -> impl Strategy<Value = Scope> {
    prop::collection::vec(members(), 0..4).prop_map(|clauses| {
        clauses
            .into_iter()
            .fold(Scope::everyone(), |scope, (persons, units)| {
                scope.intersect(&Scope::named(persons, units))
            })
    })
}

fn label() -> impl Strategy<Value = Label> {
    (levels(), ends(), compartments(), scope()).prop_map(|(levels, ends, compartments, scope)| {
        Label {
            levels,
            ends,
            compartments,
            scope,
        }
    })
}

fn class() -> impl Strategy<Value = LabelClass> {
    label().prop_map(|label| label.class())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn joining_is_commutative(a in label(), b in label()) {
        prop_assert_eq!(a.join(&b), b.join(&a));
    }

    #[test]
    fn joining_is_associative(a in label(), b in label(), c in label()) {
        prop_assert_eq!(a.join(&b).join(&c), a.join(&b.join(&c)));
    }

    #[test]
    fn joining_is_idempotent_and_open_is_neutral(a in label(), b in label()) {
        prop_assert_eq!(a.join(&a), a.clone());
        prop_assert_eq!(a.join(&Label::open()), a.clone());
        let joined = a.join(&b);
        prop_assert_eq!(joined.join(&a), joined.clone());
        prop_assert_eq!(Label::join_all([&a, &b, &a]), joined);
    }

    #[test]
    fn a_join_dominates_what_it_is_made_from(a in label(), b in label()) {
        let joined = a.join(&b);
        prop_assert!(joined.dominates(&a));
        prop_assert!(joined.dominates(&b));
    }

    #[test]
    fn dominating_is_the_order_of_the_join(a in label(), b in label()) {
        prop_assert_eq!(a.dominates(&b), a.join(&b) == a);
        if a.dominates(&b) && b.dominates(&a) {
            prop_assert_eq!(&a, &b);
        }
    }

    #[test]
    fn joining_is_monotone(a in label(), b in label(), c in label()) {
        let more = a.join(&b);
        prop_assert!(more.join(&c).dominates(&a.join(&c)));
    }

    #[test]
    fn long_term_and_nobody_absorb(a in ends(), s in scope()) {
        prop_assert_eq!(a.join(&Ends::long_term()), Ends::long_term());
        prop_assert_eq!(s.intersect(&Scope::nobody()), Scope::nobody());
        prop_assert_eq!(s.intersect(&Scope::everyone()), s);
    }

    #[test]
    fn a_join_is_never_over_before_its_parts(a in ends(), b in ends(), days in 0i32..2100) {
        let today = date(2026, 1, 1).saturating_add(Span::new().days(days));
        let happened = BTreeSet::from(["公布前".to_owned()]);
        if a.join(&b).over(today, &happened) {
            prop_assert!(a.is_none() || a.over(today, &happened));
            prop_assert!(b.is_none() || b.over(today, &happened));
        }
    }

    #[test]
    fn an_intersection_holds_those_inside_both(
        a in scope(), b in scope(), p in 0u8..6, units in btree_set((0u8..4).prop_map(unit), 0..3),
    ) {
        let inside = a.contains(person(p), &units) && b.contains(person(p), &units);
        prop_assert_eq!(a.intersect(&b).contains(person(p), &units), inside);
        if a.is_narrower_or_equal(&b) && a.contains(person(p), &units) {
            prop_assert!(b.contains(person(p), &units));
        }
        prop_assert_eq!(a.is_narrower_or_equal(&b), a.intersect(&b) == a);
    }

    #[test]
    fn a_clearance_for_a_join_is_a_clearance_for_each_part(
        a in label(), b in label(), levels in levels(), compartments in compartments(),
    ) {
        let clearance = Clearance { levels, compartments };
        let both = clearance.dominates(&a.class()) && clearance.dominates(&b.class());
        prop_assert_eq!(clearance.dominates(&a.join(&b).class()), both);
    }

    #[test]
    fn levels_of_other_families_do_not_matter(a in levels(), b in levels()) {
        for family in Family::ALL {
            let lone = |levels: &Levels| levels.get(family).map_or_else(Levels::new, Levels::from);
            prop_assert_eq!(a.join(&b).get(family), lone(&a).join(&lone(&b)).get(family));
        }
    }

    #[test]
    fn labels_read_back_as_stored(a in label()) {
        let json = serde_json::to_string(&a).unwrap();
        prop_assert_eq!(serde_json::from_str::<Label>(&json).unwrap(), a);
    }

    #[test]
    fn canonical_text_is_the_stored_json_and_names_one_class(a in class(), b in class()) {
        let text = a.canonical();
        prop_assert_eq!(&serde_json::to_string(&a).unwrap(), &text);
        prop_assert_eq!(&serde_json::from_str::<LabelClass>(&text).unwrap(), &a);
        prop_assert_eq!(text == b.canonical(), a == b);
    }

    #[test]
    fn scopes_read_back_normalised(clauses in prop::collection::vec(members(), 1..4)) {
        let all: BTreeSet<Clause> =
            clauses.iter().cloned().map(|(persons, units)| Clause { persons, units }).collect();
        let json = serde_json::json!({ "clauses": all }).to_string();
        let joined = clauses.into_iter().fold(Scope::everyone(), |scope, (persons, units)| {
            scope.intersect(&Scope::named(persons, units))
        });
        prop_assert_eq!(serde_json::from_str::<Scope>(&json).unwrap(), joined);
    }
}
