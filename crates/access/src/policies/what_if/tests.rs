//! A what-if finds every change that could be met, and nothing else.

use proptest::prelude::*;
use proptest::sample::select;

use super::super::PolicyView;
use super::*;
use crate::fixtures::{SHIPPED, load, shipped, viewer, viewers};
use crate::{Channel, Grant};

fn registers() -> Vec<RegisterFacts> {
    let one = |key: &str, area: &str, nature| RegisterFacts {
        key: key.to_owned(),
        area: area.to_owned(),
        nature,
    };
    vec![
        one("loan", "custody", Nature::Business),
        one("circulation", "custody", Nature::Business),
        one("unit", "people", Nature::Directory),
    ]
}

fn with(site: &str) -> Policies {
    let mut files = SHIPPED.to_vec();
    files.push(("site.cedar", site));
    load(&files)
}

/// The shipped policies without one of them.
fn without(id: &str) -> Policies {
    let text = |policy: PolicyView<'_>| (policy.id != id).then(|| policy.text.to_owned());
    let texts: Vec<String> = shipped().each().filter_map(text).collect();
    load(&[("rest.cedar", &texts.join("\n"))])
}

const SITE: &str = r#"@id("site.print") @rule("site") @clause("x")
forbid (principal, action == Action::"print", resource) when { context.levels.contains(Level::"state.top_secret") };
@id("site.night") @rule("site") @clause("x")
forbid (principal, action == Action::"lend", resource) when { context has hour && context.hour >= 20 };
@id("site.keys") @rule("site") @clause("x")
forbid (principal, action in [Action::"act", Action::"export"], resource) when { resource.key like "ci*" };
@id("site.drafts") @rule("site") @clause("x")
forbid (principal, action == Action::"correct", resource)
unless { context.grounds.contains(Ground::"drafter") || context.channel == Channel::"page" };
@id("site.programs") @rule("site") @clause("x") @remedy("step_up")
forbid (principal, action == Action::"archive", resource) when { !principal.has_person && !context.step_up };"#;

#[test]
fn the_same_policies_change_nothing() {
    let who: Vec<Viewer> = Role::ALL.into_iter().map(of_role).collect();
    let told = what_if(shipped(), &load(&SHIPPED), &who, &registers());
    assert_eq!((told.shifts.len(), told.otherwise), (0, 0));
    assert_eq!(told.compared, told.of);
    assert!(told.compared > Kind::ALL.len() * Role::ALL.len());
}

#[test]
fn who_loses_what_is_told_with_the_policy_that_takes_it() {
    let who: Vec<Viewer> = Role::ALL.into_iter().map(of_role).collect();
    let told = what_if(shipped(), &without("custody.keep"), &who, &registers());
    let plain = |one: &&Shift| one.kind == Kind::Lend && one.before.weight() == 2;
    let lend = told.shifts.iter().find(plain);
    let lend = lend.unwrap();
    assert!(!lend.gains());
    let names: Vec<Role> = lend.who.iter().map(|place| Role::ALL[*place]).collect();
    assert_eq!(names, [Role::Registrar]);
    assert_eq!(
        (&lend.before, &lend.after),
        (
            &Verdict::Allowed(vec!["custody.keep".to_owned()]),
            &Verdict::Refused(None)
        )
    );
    // what else permits it is no loss
    assert!(told.shifts.iter().all(|one| one.kind != Kind::Find));
    assert!(told.otherwise > 0);

    let back = what_if(&without("custody.keep"), shipped(), &who, &registers());
    assert!(back.shifts.iter().all(Shift::gains));
}

#[test]
fn a_new_policy_tells_its_own_situations() {
    let who = [viewer(&[Role::Registrar])];
    let told = what_if(shipped(), &with(SITE), &who, &registers());
    let of = |kind: Kind| {
        let shift = told.shifts.iter().find(|one| one.kind == kind).unwrap();
        let words: Vec<&str> = shift.situations.iter().map(|one| one.en.as_str()).collect();
        words.join(" / ")
    };
    let directory = "level: Top secret; directory people/unit and its like";
    assert_eq!(of(Kind::Print), format!("level: Top secret / {directory}"));
    assert!(of(Kind::Lend).contains("at 20 h"), "{}", of(Kind::Lend));
    assert!(of(Kind::Act).contains("circulation"), "{}", of(Kind::Act));
    assert!(
        of(Kind::Correct).contains("by a program"),
        "{}",
        of(Kind::Correct)
    );
}

#[test]
fn a_role_may_what_the_policies_say() {
    let duties = shipped().duties(Role::SystemAdmin, &registers());
    let ids: Vec<&str> = duties.iter().map(|duty| duty.policy.as_str()).collect();
    assert_eq!(
        ids,
        [
            "separation.directory",
            "separation.read_rules",
            "separation.system_admin"
        ]
    );
    let directory = duties.first().unwrap();
    assert!(directory.kinds[0].sometimes && directory.kinds[0].kind == Kind::List);
    let keys = shipped().duties(Role::SecurityAdmin, &registers());
    let own = keys
        .iter()
        .find(|one| one.policy == "separation.security_admin");
    let policies = own.unwrap().kinds.iter();
    let proof: Vec<Kind> = policies
        .filter(|one| one.proof)
        .map(|one| one.kind)
        .collect();
    assert_eq!(
        proof,
        [Kind::ManageRoles, Kind::ManagePolicies, Kind::ManageKeys]
    );
}

#[test]
fn more_than_can_be_asked_is_asked_in_part_and_said() {
    let every = r#"@id("site.all") @rule("site") @clause("x") forbid (principal, action, resource) when {
  context has hour && context.hour > 30 && context.step_up && context.at_expiry && context.outside &&
  context.channel == Channel::"page" && context.levels.contains(Level::"state.secret") && resource.key like "x*" &&
  context.grounds.contains(Ground::"task") && principal.units.contains("x") };"#;
    let who: Vec<Viewer> = Role::ALL.into_iter().map(of_role).collect();
    let told = what_if(shipped(), &with(every), &who, &registers());
    assert!(told.of > WHAT_IF_QUESTIONS, "{}", told.of);
    assert!(told.compared <= WHAT_IF_QUESTIONS && told.compared > WHAT_IF_QUESTIONS / 3);
}

fn acts() -> impl Strategy<Value = (Kind, [bool; 3], usize, Channel, Option<u8>)> {
    (
        select(Kind::ALL.to_vec()),
        any::<[bool; 3]>(),
        0_usize..3,
        select(Channel::ALL.to_vec()),
        prop::option::of(0_u8..24),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever anybody could ever be answered otherwise is told beforehand.
    #[test]
    fn nothing_changes_that_was_not_told(
        viewer in viewers(),
        (kind, [step_up, at_expiry, outside], register, channel, hour) in acts(),
        levels in crate::fixtures::levels(),
        grounds in crate::fixtures::record_grounds(),
    ) {
        let after = with(SITE);
        let registers = registers();
        let situation = Situation {
            register: registers[register].clone(),
            step_up, at_expiry, outside, channel, hour,
            grant: Grant::Handle,
            grounds, levels,
            told: Text::new("", ""),
        };
        let one = shipped().verdict(&viewer, kind, &situation);
        let other = after.verdict(&viewer, kind, &situation);
        let told = what_if(shipped(), &after, std::slice::from_ref(&viewer), &registers);
        let found = told.shifts.iter().any(|shift| {
            shift.kind == kind
                && shift.before.weight() == one.weight()
                && shift.after.weight() == other.weight()
        });
        prop_assert_eq!(found || one.weight() == other.weight(), true, "{:?} {:?} {:?}", kind, one, other);
    }
}

#[test]
fn levels_of_two_families_are_tried_together() {
    let site = r#"@id("site.both") @rule("site") @clause("x") forbid (principal, action == Action::"print", resource)
when { context.levels.containsAll([Level::"state.secret", Level::"trade.core"]) };"#;
    let told = what_if(
        shipped(),
        &with(site),
        &[viewer(&[Role::Registrar])],
        &registers(),
    );
    let print = told
        .shifts
        .iter()
        .find(|one| one.kind == Kind::Print)
        .unwrap();
    let words: Vec<&str> = print.situations.iter().map(|one| one.en.as_str()).collect();
    assert_eq!(words[0], "level: Secret, Core trade secret");
}
