//! The decision table as text, and the laws that hold for every viewer, label and ground.

use std::fmt::Write as _;

use domain::{LabelClass, Level, Scope};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::fixtures::{
    class, class_id, classes, compartment, natures, permissive, person, record_grounds, unit,
    viewer, viewers,
};
use crate::{Act, Denied, decide};

/// The kinds of class in the table: person 1 of unit 1 is cleared up to 机密 and for 方舟.
fn table_classes() -> Vec<(&'static str, LabelClass)> {
    let mut admitted = class(Some(Level::Secret), Scope::everyone());
    admitted.compartments.insert(compartment("方舟"));
    let mut not_admitted = admitted.clone();
    not_admitted.compartments.insert(compartment("灯塔"));
    vec![
        ("open", LabelClass::open()),
        (
            "open, others' scope",
            class(None, Scope::named([person(2)], [])),
        ),
        (
            "机密, everyone",
            class(Some(Level::Secret), Scope::everyone()),
        ),
        (
            "机密, own name",
            class(Some(Level::Secret), Scope::named([person(1)], [])),
        ),
        (
            "机密, own unit",
            class(Some(Level::Secret), Scope::named([], [unit(1)])),
        ),
        (
            "机密, others' scope",
            class(Some(Level::Secret), Scope::named([person(2)], [unit(2)])),
        ),
        ("机密, nobody", class(Some(Level::Secret), Scope::nobody())),
        ("机密 方舟", admitted),
        ("机密 方舟+灯塔", not_admitted),
        (
            "绝密, own name",
            class(Some(Level::TopSecret), Scope::named([person(1)], [])),
        ),
        (
            "绝密, others' scope",
            class(Some(Level::TopSecret), Scope::named([person(2)], [])),
        ),
        (
            "普通商密, everyone",
            class(Some(Level::Ordinary), Scope::everyone()),
        ),
    ]
}

fn word(decision: ClassDecision) -> String {
    match decision {
        ClassDecision::Visible(ground) => ground.key().to_owned(),
        ClassDecision::NeedsGround => "needs ground".to_owned(),
        ClassDecision::Hidden => "-".to_owned(),
    }
}

#[test]
fn the_whole_decision_table() {
    let mut viewers: Vec<(String, Viewer)> = vec![("no role".to_owned(), viewer(&[]))];
    viewers.extend(
        Role::ALL
            .iter()
            .map(|role| (role.key().to_owned(), viewer(&[*role]))),
    );
    viewers.push((
        "registrar+system_admin".to_owned(),
        viewer(&[Role::Registrar, Role::SystemAdmin]),
    ));
    viewers.push((
        "program (staff)".to_owned(),
        Viewer {
            person: None,
            ..viewer(&[Role::Staff])
        },
    ));
    let mut table = String::from("nature | viewer | class | handle | open | stat\n");
    for nature in Nature::ALL {
        for (who, viewer) in &viewers {
            for (what, class) in table_classes() {
                let cells =
                    Grant::ALL.map(|grant| word(decide_class(viewer, &class, nature, grant)));
                writeln!(
                    table,
                    "{} | {who} | {what} | {}",
                    nature.key(),
                    cells.join(" | ")
                )
                .unwrap();
            }
        }
    }
    insta::assert_snapshot!("decision_table", table);
}

/// Whether the predicate of a list lets a record through, as the store's SQL does.
fn listed(found: &Visibility, id: ClassId, record_grounds: &[Ground], grant: Grant) -> bool {
    found.visible.contains(&id)
        || (found.with_ground.contains(&id)
            && Ground::of_record(grant)
                .iter()
                .any(|ground| record_grounds.contains(ground)))
}

fn act(nature: Nature) -> Act<'static> {
    Act {
        nature,
        ..Act::new("item.list", "item", "classification")
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_predicate_of_lists_and_the_decision_on_one_record_agree(
        viewer in viewers(),
        classes in prop::collection::vec(classes(), 1..6),
        nature in natures(),
        grant in select(Grant::ALL.to_vec()),
        grounds in record_grounds(),
    ) {
        let numbered: Vec<(ClassId, &LabelClass)> =
            (0_u8..).map(class_id).zip(classes.iter()).collect();
        let found = visibility(&viewer, numbered.iter().copied(), nature, grant);
        prop_assert!(found.visible.iter().all(|id| !found.with_ground.contains(id)));
        for (id, class) in numbered {
            let decided = decide(&viewer, class, &grounds, grant, &act(nature), permissive());
            let seen = listed(&found, id, &grounds, grant);
            // WHY: roles that exclude each other see what they see, and may do nothing
            match decided {
                Ok(granted) => {
                    prop_assert!(seen);
                    prop_assert!(!granted.grounds().is_empty(), "every use has a ground");
                }
                Err(Denied::Hidden) => prop_assert!(!seen),
                Err(Denied::RoleConflict(_)) => {
                    prop_assert!(seen && viewer.check_roles().is_err());
                }
                Err(other) => prop_assert!(false, "{other}"),
            }
        }
    }

    #[test]
    fn no_ground_ever_bypasses_clearance(
        viewer in viewers(),
        class in classes(),
        nature in natures(),
        grant in select(vec![Grant::Handle, Grant::Open]),
    ) {
        prop_assume!(!viewer.clearance.dominates(&class));
        let every_ground = Ground::ALL;
        prop_assert_eq!(decide_class(&viewer, &class, nature, grant), ClassDecision::Hidden);
        prop_assert_eq!(grounds_of(&viewer, &class, nature, &every_ground, grant), None);
    }

    #[test]
    fn r407_administrators_never_handle_or_open_business(
        viewer in viewers(),
        class in classes(),
        grant in select(Grant::ALL.to_vec()),
        administrator in select(vec![Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin]),
    ) {
        let mut viewer = viewer;
        viewer.roles.insert(administrator);
        let found = grounds_of(&viewer, &class, Nature::Business, &Ground::ALL, grant);
        prop_assert_eq!(found, None);
    }

    #[test]
    fn custody_alone_never_opens_content(viewer in viewers(), class in classes()) {
        let open = |grounds: &[Ground]| {
            grounds_of(&viewer, &class, Nature::Business, grounds, Grant::Open)
        };
        prop_assert_eq!(open(&[Ground::Custody]), open(&[]));
        prop_assert!(!open(&[Ground::Custody]).unwrap_or_default().contains(&Ground::Custody));
    }

    #[test]
    fn who_may_open_may_handle_and_who_may_handle_may_count(
        viewer in viewers(),
        class in classes(),
        nature in natures(),
        grounds in record_grounds(),
    ) {
        let may = |grant| grounds_of(&viewer, &class, nature, &grounds, grant).is_some();
        prop_assert!(!may(Grant::Open) || may(Grant::Handle));
        prop_assert!(!may(Grant::Handle) || may(Grant::Stat));
    }

    #[test]
    fn a_higher_clearance_never_sees_less(
        viewer in viewers(),
        extra in crate::fixtures::levels(),
        class in classes(),
        nature in natures(),
        grant in select(Grant::ALL.to_vec()),
        grounds in record_grounds(),
    ) {
        let mut higher = viewer.clone();
        higher.clearance.levels = higher.clearance.levels.join(&extra);
        let before = grounds_of(&viewer, &class, nature, &grounds, grant).is_some();
        let after = grounds_of(&higher, &class, nature, &grounds, grant).is_some();
        prop_assert!(!before || after);
    }
}

#[test]
fn r184_a_cleared_person_still_needs_to_know() {
    let staff = viewer(&[Role::Staff]);
    let others = class(Some(Level::Secret), Scope::named([person(2)], []));
    let found =
        |grounds: &[Ground], grant| grounds_of(&staff, &others, Nature::Business, grounds, grant);
    assert_eq!(found(&[], Grant::Handle), None);
    assert_eq!(
        found(&[Ground::InScope], Grant::Open),
        None,
        "only the label says who is in scope"
    );
    assert_eq!(
        found(&[Ground::Oversight, Ground::Directory], Grant::Handle),
        None
    );
    assert_eq!(
        found(&[Ground::Task], Grant::Open),
        Some(vec![Ground::Task])
    );
    assert_eq!(
        found(&[Ground::Task, Ground::Drafter], Grant::Handle),
        Some(vec![Ground::Drafter, Ground::Task])
    );
}

#[test]
fn the_labels_reason_comes_first_and_once() {
    let registrar = viewer(&[Role::Registrar]);
    let others = class(Some(Level::Secret), Scope::named([person(2)], []));
    assert_eq!(
        grounds_of(
            &registrar,
            &others,
            Nature::Business,
            &[Ground::Drafter, Ground::Custody],
            Grant::Handle
        ),
        Some(vec![Ground::Custody, Ground::Drafter])
    );
}
