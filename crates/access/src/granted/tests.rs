//! Decisions as a whole: label first, then roles, then the shipped policies.

use domain::{Actor, LabelClass, Level, SYSTEM_ACTORS, Scope};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::fixtures::{account, class, classes, person, record_grounds, shipped, viewer, viewers};
use crate::{Nature, Role};

fn secret() -> LabelClass {
    class(Some(Level::Secret), Scope::named([person(1)], []))
}

#[test]
fn a_grant_names_actor_act_grounds_and_policies() {
    let act = Act {
        effect: Some("custody.lend"),
        ..Act::new("loan.hand_out", "loan", "custody")
    };
    let registrar = viewer(&[Role::Registrar]);
    let granted = decide(
        &registrar,
        &secret(),
        &[Ground::Task],
        Grant::Handle,
        &act,
        shipped(),
    )
    .unwrap();
    assert_eq!(granted.actor(), Actor::Account(account(), Some(person(1))));
    assert_eq!(granted.action(), "loan.hand_out");
    assert_eq!(granted.register(), "loan");
    assert_eq!(granted.kind(), Kind::Lend);
    assert_eq!(granted.grant(), Some(Grant::Handle));
    assert_eq!(granted.grounds(), [Ground::InScope, Ground::Task]);
    assert_eq!(granted.policies(), ["custody.keep"]);
}

#[test]
fn what_is_hidden_is_denied_without_a_word_about_rules() {
    let act = Act::new("loan.lend", "loan", "custody");
    let above = class(Some(Level::TopSecret), Scope::everyone());
    let denied = decide(
        &viewer(&[Role::Registrar]),
        &above,
        &Ground::ALL,
        Grant::Handle,
        &act,
        shipped(),
    )
    .unwrap_err();
    assert_eq!(denied, Denied::Hidden);
    assert_eq!(
        (denied.rule(), denied.clause(), denied.policy()),
        (None, None, None)
    );
    assert_eq!(denied.to_string(), "not found");
}

#[test]
fn r406_roles_that_exclude_each_other_may_do_nothing() {
    let both = viewer(&[Role::SystemAdmin, Role::AuditAdmin]);
    let act = Act::new("log.read_log", "log", "office");
    let denied = decide_office(&both, &act, shipped()).unwrap_err();
    assert_eq!(
        (denied.code(), denied.rule()),
        ("access.role_conflict", Some("R-406"))
    );
    let mixed = viewer(&[Role::Registrar, Role::SystemAdmin]);
    let act = Act {
        nature: Nature::Directory,
        ..Act::new("unit.list", "unit", "people")
    };
    let denied = decide(
        &mixed,
        &LabelClass::open(),
        &[],
        Grant::Handle,
        &act,
        shipped(),
    )
    .unwrap_err();
    assert_eq!(denied.rule(), Some("R-407"));
}

#[test]
fn whom_an_approval_step_names_may_decide_without_a_leaders_role() {
    let head_of_unit = viewer(&[Role::Staff]);
    let act = Act::new("loan.approve", "loan", "custody");
    let asked = |grounds: &[Ground]| {
        decide(
            &head_of_unit,
            &secret(),
            grounds,
            Grant::Handle,
            &act,
            shipped(),
        )
    };
    assert!(asked(&[Ground::Decision]).is_ok());
    assert_eq!(asked(&[]).unwrap_err().code(), "access.role_required");
}

#[test]
fn r224_a_holder_gives_back_and_others_do_not() {
    let staff = viewer(&[Role::Staff]);
    let act = Act::new("loan.return", "loan", "custody");
    let asked = |grounds: &[Ground]| {
        decide(&staff, &secret(), grounds, Grant::Handle, &act, shipped()).map(|_| ())
    };
    assert_eq!(asked(&[Ground::Custody]), Ok(()));
    assert_eq!(asked(&[]).unwrap_err().policy(), Some("staff.give_back"));
}

#[test]
fn destroying_asks_for_a_second_proof_only_of_those_it_would_help() {
    let mut act = Act::new("batch.destroy", "batch", "custody");
    let asked = |role: Role, act: &Act<'_>| {
        decide(
            &viewer(&[role]),
            &secret(),
            &[],
            Grant::Handle,
            act,
            shipped(),
        )
        .map(|_| ())
    };
    let denied = asked(Role::Registrar, &act).unwrap_err();
    assert_eq!(denied.code(), "access.step_up_required");
    assert_eq!(denied.policy(), Some("step_up.irreversible"));
    let denied = asked(Role::Staff, &act).unwrap_err();
    assert_eq!(
        (denied.code(), denied.rule()),
        ("access.role_required", Some("R-231"))
    );
    act.step_up = true;
    assert_eq!(asked(Role::Registrar, &act), Ok(()));
}

#[test]
fn r137_the_registrar_lifts_only_what_has_ended() {
    let mut act = Act {
        step_up: true,
        ..Act::new("item.declassify", "item", "classification")
    };
    let asked = |act: &Act<'_>| {
        decide(
            &viewer(&[Role::Registrar]),
            &secret(),
            &[],
            Grant::Handle,
            act,
            shipped(),
        )
        .map(|_| ())
    };
    assert_eq!(asked(&act).unwrap_err().code(), "access.role_required");
    act.at_expiry = true;
    assert_eq!(asked(&act), Ok(()));
}

#[test]
fn r409_office_acts_need_no_record_and_business_acts_need_one() {
    let asked = |role: Role, action: &str, step_up: bool| {
        let act = Act {
            step_up,
            ..Act::new(action, "account", "office")
        };
        decide_office(&viewer(&[role]), &act, shipped())
    };
    let granted = asked(Role::SystemAdmin, "account.manage_accounts", false).unwrap();
    assert_eq!(granted.grounds(), [Ground::Office]);
    assert_eq!(granted.grant(), None);
    assert!(asked(Role::SecurityAdmin, "role.manage_roles", true).is_ok());
    assert!(asked(Role::AuditAdmin, "log.read_log", false).is_ok());
    let code = |denied: Result<Granted, Denied>| denied.unwrap_err().code();
    assert_eq!(
        code(asked(Role::SystemAdmin, "log.read_log", false)),
        "access.role_required"
    );
    assert_eq!(
        code(asked(Role::Leader, "account.manage_accounts", false)),
        "access.policy"
    );
    assert_eq!(
        code(asked(Role::Registrar, "loan.lend", false)),
        "record.not_found"
    );
}

#[test]
fn the_system_does_only_what_follows_from_a_deadline_or_a_finding() {
    let may = |action: &'static str, at_expiry: bool, reason| {
        let act = Act {
            at_expiry,
            ..Act::new(action, "item", "classification")
        };
        decide_system(&act, reason).is_ok()
    };
    assert!(may("item.declassify", true, SystemReason::Clock), "R-137");
    assert!(!may("item.declassify", false, SystemReason::Clock), "R-144");
    assert!(!may("item.declassify", true, SystemReason::Job));
    assert!(may("incident.open", false, SystemReason::Gateway), "R-606");
    assert!(may("copy.lose", false, SystemReason::Clock));
    assert!(!may("copy.lose", false, SystemReason::Gateway));
    for reason in SystemReason::ALL {
        assert!(SYSTEM_ACTORS.contains(&reason.key()));
        for action in [
            "approve",
            "open_content",
            "destroy",
            "export",
            "manage_keys",
            "release",
        ] {
            assert!(!may(action, true, reason), "{action}");
        }
    }
    let act = Act::new("incident.open", "incident", "incident");
    let grant = decide_system(&act, SystemReason::Gateway).unwrap();
    assert_eq!(grant.as_ref().actor(), Actor::System("gateway"));
    let granted = Granted::from(grant);
    assert_eq!(granted.action(), "incident.open");
    assert!(granted.policies().is_empty());
    let denied = decide_system(&Act::new("x.approve", "x", "office"), SystemReason::Job);
    assert_eq!(denied.unwrap_err().code(), "access.not_by_system");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn whatever_the_policies_say_no_grant_goes_beyond_the_label(
        viewer in viewers(),
        class in classes(),
        grounds in record_grounds(),
        grant in select(vec![Grant::Handle, Grant::Open]),
        kind in select(Kind::ALL.to_vec()),
        step_up in any::<bool>(),
    ) {
        let act = Act { step_up, ..Act::new(kind.key(), "item", "custody") };
        if let Ok(granted) = decide(&viewer, &class, &grounds, grant, &act, shipped()) {
            prop_assert!(viewer.clearance.dominates(&class));
            prop_assert!(!viewer.is_administrator());
            prop_assert!(viewer.is_inside(&class.scope)
                || granted.grounds().iter().any(|ground| Ground::of_record(grant).contains(ground)));
            prop_assert!(!granted.policies().is_empty());
        }
    }
}
