//! Loading reports everything at once; the shipped policies as the matrix that reviewers sign.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use cedar_policy::{Entities, Request, Schema};
use domain::{Level, Text};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::fixtures::{SHIPPED, load, roles, shipped, viewer, viewers};
use crate::limits::{ANSWERS_KEPT, POLICY_DEPTH_MAX, POLICY_FILE_BYTES_MAX, POLICY_WORDS_MAX};
use crate::{Channel, Group, Nature, Role};

fn schema() -> &'static Schema {
    static PARSED: LazyLock<Schema> =
        LazyLock::new(|| Schema::from_cedarschema_str(SCHEMA).unwrap().0);
    &PARSED
}

fn reports(files: &[(&str, &str)]) -> Vec<PolicyReport> {
    Policies::load(files).map(drop).unwrap_err()
}

fn codes(text: &str) -> Vec<&'static str> {
    reports(&[("site.cedar", text)])
        .iter()
        .map(|report| report.code)
        .collect()
}

#[test]
fn the_schema_knows_exactly_the_kinds_and_groups_of_acts() {
    let schema = schema();
    let in_schema: BTreeSet<String> = schema
        .actions()
        .map(|uid| uid.id().unescaped().to_owned())
        .collect();
    let in_code: BTreeSet<String> = Kind::ALL
        .iter()
        .map(|kind| kind.key())
        .chain(Group::ALL.iter().map(|group| group.key()))
        .map(str::to_owned)
        .collect();
    assert_eq!(in_schema, in_code);
    let entities = schema.action_entities().unwrap();
    let names = Names::new().unwrap();
    for kind in Kind::ALL {
        let parents: Vec<String> = entities
            .ancestors(&names.action(*kind))
            .unwrap()
            .map(|uid| uid.id().unescaped().to_owned())
            .collect();
        assert_eq!(parents, [kind.group().key()], "{kind:?}");
    }
}

fn acts() -> impl Strategy<Value = Act<'static>> {
    (
        select(Kind::ALL.to_vec()),
        any::<[bool; 3]>(),
        select(Nature::ALL.to_vec()),
        select(Channel::ALL.to_vec()),
        prop::option::of(0_u8..24),
    )
        .prop_map(
            |(kind, [step_up, at_expiry, outside], nature, channel, hour)| Act {
                step_up,
                at_expiry,
                outside,
                nature,
                channel,
                hour,
                ..Act::new(kind.key(), "loan", "custody")
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// At run time nothing is checked against the schema; so every shape is checked here.
    #[test]
    fn what_cedar_is_asked_fits_the_schema(
        viewer in viewers(),
        act in acts(),
        levels in crate::fixtures::levels(),
        grounds in crate::fixtures::record_grounds(),
        grant in prop::option::of(select(Grant::ALL.to_vec())),
    ) {
        let (schema, policies) = (schema(), shipped());
        let known = Known { grant, grounds: &grounds, levels: Some(&levels) };
        let action = &policies.by_kind[&act.kind()].action;
        let question = Question::new(&viewer, &act, known);
        let (request, entities) = policies.names.request(&question, action).unwrap();
        let checked = Request::new(
            request.principal().unwrap().clone(),
            request.action().unwrap().clone(),
            request.resource().unwrap().clone(),
            request.context().unwrap().clone(),
            Some(schema),
        );
        prop_assert!(checked.is_ok(), "{}", checked.unwrap_err());
        let checked = Entities::from_entities(entities.iter().cloned(), Some(schema));
        prop_assert!(checked.is_ok(), "{}", checked.unwrap_err());
    }

    /// The shipped policies live as long as the tests and are asked by all of them, so what they kept
    /// of other viewers and acts would show here.
    #[test]
    fn a_kept_answer_is_the_one_that_would_be_given(
        viewer in viewers(),
        act in acts(),
        levels in crate::fixtures::levels(),
        grounds in crate::fixtures::record_grounds(),
    ) {
        let policies = shipped();
        let known = Known { grant: Some(Grant::Handle), grounds: &grounds, levels: Some(&levels) };
        let question = Question::new(&viewer, &act, known);
        let anew = policies.ask(&question);
        for _ in 0..2 {
            prop_assert_eq!(&policies.answer(question.clone()), &anew);
        }
    }

    #[test]
    fn r407_administrators_never_get_a_business_act(roles in roles(), act in acts()) {
        let mut viewer = viewer(&[Role::SystemAdmin]);
        viewer.roles.extend(roles);
        prop_assume!(act.kind().group() == Group::Business);
        prop_assume!(!(act.kind() == Kind::List && act.nature == Nature::Directory));
        prop_assert!(shipped().permits(&viewer, &act).is_err());
    }
}

#[test]
fn every_shipped_policy_says_itself_in_both_languages() {
    for (id, policy) in &shipped().annotated {
        assert!(policy.say.is_some(), "{id}");
        assert!(
            policy.rule.starts_with("R-") || policy.rule == "invariant",
            "{id} names the rule `{}`",
            policy.rule
        );
    }
    assert_eq!(shipped().len(), shipped().ids().count());
    assert!(!shipped().is_empty());
}

type Change = fn(&mut Act<'_>);

/// Role × act under the shipped policies: the document that security reviewers read.
#[test]
fn the_matrix_of_roles_and_acts() {
    let mut matrix = String::from("act");
    for role in Role::ALL {
        write!(matrix, " | {}", role.key()).unwrap();
    }
    matrix.push('\n');
    let cell = |role: Role, kind: Kind, change: Change| {
        let mut act = Act::new(kind.key(), "any", "custody");
        change(&mut act);
        match shipped().permits(&viewer(&[role]), &act) {
            Ok(_) => "yes",
            Err(Denied::StepUp(_)) => "step-up",
            Err(Denied::Role { .. }) => ".",
            Err(Denied::Policy(_)) => "forbidden",
            Err(other) => panic!("{other}"),
        }
    };
    for kind in Kind::ALL {
        let rows: [(&str, Change); 3] = [
            ("", |_| {}),
            (" outside", |act| act.outside = true),
            (" at expiry", |act| act.at_expiry = true),
        ];
        let cells =
            rows.map(|(name, change)| (name, Role::ALL.map(|role| cell(role, *kind, change))));
        let plain = cells[0].1;
        for (name, cells) in cells {
            if name.is_empty() || cells != plain {
                writeln!(matrix, "{}{name} | {}", kind.key(), cells.join(" | ")).unwrap();
            }
        }
    }
    insta::assert_snapshot!("authz_matrix", matrix);
}

/// Asking only the policies of a kind must not change an answer: here against the whole set.
#[test]
fn the_policies_of_a_kind_answer_like_all_of_them() {
    let whole: String = SHIPPED.iter().map(|(_, text)| *text).collect();
    let whole: PolicySet = whole.parse().unwrap();
    let policies = shipped();
    for kind in Kind::ALL {
        for role in Role::ALL {
            for step_up in [false, true] {
                let viewer = viewer(&[role]);
                let act = Act {
                    step_up,
                    ..Act::new(kind.key(), "any", "custody")
                };
                let action = &policies.by_kind[&act.kind()].action;
                let (request, entities) = policies
                    .names
                    .request(&Question::new(&viewer, &act, Known::default()), action)
                    .unwrap();
                let answer = Authorizer::new().is_authorized(&request, &whole, &entities);
                assert_eq!(
                    answer.decision() == Decision::Allow,
                    policies.permits(&viewer, &act).is_ok(),
                    "{kind:?} {role:?}"
                );
            }
        }
    }
}

#[test]
fn answers_are_kept_up_to_a_limit() {
    let policies = load(&SHIPPED);
    let asking = viewer(&[Role::Registrar]);
    for hour in 0..=u8::MAX {
        for kind in Kind::ALL.iter().take(40) {
            let act = Act {
                hour: Some(hour),
                ..Act::new(kind.key(), "any", "custody")
            };
            drop(policies.permits(&asking, &act));
        }
    }
    let kept = policies.answers.len();
    assert!((1..=ANSWERS_KEPT).contains(&kept), "{kept}");
}

#[test]
fn without_policies_everything_is_denied() {
    let none = load(&[]);
    assert!(none.is_empty());
    for kind in Kind::ALL {
        for role in Role::ALL {
            let act = Act {
                step_up: true,
                ..Act::new(kind.key(), "any", "custody")
            };
            let denied = none.permits(&viewer(&[role]), &act).unwrap_err();
            assert_eq!(denied.code(), "access.role_required");
            assert_eq!((denied.policy(), denied.rule()), (None, None));
        }
    }
}

#[test]
fn every_problem_of_every_file_is_reported_at_once() {
    let first = r#"@id("site.one") @rule("site") @clause("order 7")
permit (principal in Role::"registar", action, resource);

@id("Site Two") @rule("site") @clause("order 7")
permit (principal, action, resource);

@id("site.three") @clause("order 7")
permit (principal, action == Action::"lend", resource) when { context.stepup };
"#;
    let second = "@id(\"site.four\") @rule(\"site\") @clause(\"order 8\")\nforbid (principal, action, resource) when { };\n";
    let third = r#"@id("site.one") @rule("site") @clause("order 9") @zh("只有中文")
forbid (principal, action == Action::"teleport", resource);
@id("site.five") @rule("site") @clause("order 9") @remedy("ask_nicely")
forbid (principal, action == Action::"lend", resource) when { principal.clearance == "x" };
"#;
    let found = reports(&[
        ("one.cedar", first),
        ("two.cedar", second),
        ("three.cedar", third),
    ]);
    let text: String = found.iter().map(|report| format!("{report}\n")).collect();
    insta::assert_snapshot!("reports", text);
}

#[test]
fn a_policy_needs_id_rule_and_clause() {
    let policy = |annotations: &str| format!("{annotations} permit (principal, action, resource);");
    assert_eq!(codes(&policy("")), ["policy.id"]);
    assert_eq!(
        codes(&policy("@id(\"a\")")),
        ["policy.annotation", "policy.annotation"]
    );
    let rule = "@id(\"a\") @rule(\"r\") @clause(\"c\")";
    load(&[("site.cedar", &policy(rule))]);
    assert_eq!(
        codes(&policy(&format!("{rule} @en(\"only English\")"))),
        ["policy.annotation"]
    );
    let long = "长".repeat(401);
    assert_eq!(
        codes(&policy(&format!(
            "@id(\"a\") @clause(\"c\") @rule(\"{long}\")"
        ))),
        ["policy.annotation"]
    );
}

#[test]
fn a_site_cannot_replace_a_shipped_policy() {
    let site = r#"@id("separation.no_business") @rule("site") @clause("site")
forbid (principal, action == Action::"export", resource);"#;
    let mut files = SHIPPED.to_vec();
    files.push(("site.cedar", site));
    let found = reports(&files);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].code, found[0].file.as_str()),
        ("policy.id_taken", "site.cedar")
    );
}

#[test]
fn templates_and_oversized_files_are_refused() {
    let template =
        r#"@id("t") @rule("r") @clause("c") permit (principal == ?principal, action, resource);"#;
    assert_eq!(codes(template), ["policy.template"]);
    let large = "/".repeat(POLICY_FILE_BYTES_MAX + 1);
    assert_eq!(codes(&large), ["policy.file_too_large"]);
}

/// A text that would use up the stack ends in a report, not in the end of the program: what is just short enough is read
/// by Cedar in a thread like those of the server.
#[test]
fn nesting_and_long_policies_are_refused_before_the_stack_is_used_up() {
    let policy = |when: &str| {
        format!(
            "@id(\"a\") @rule(\"r\") @clause(\"c\")\n\
             permit (principal, action, resource) when {{ {when} }};"
        )
    };
    let read = |text: &str| drop(Policies::load(&[("a.cedar", text)]));
    let brackets = |n: usize| policy(&format!("{}true{}", "(".repeat(n), ")".repeat(n)));
    assert_eq!(codes(&brackets(60_000)), ["policy.too_deep"]);
    assert_eq!(codes(&brackets(POLICY_DEPTH_MAX)), ["policy.too_deep"]);
    read(&brackets(POLICY_DEPTH_MAX - 1));
    let ifs = |n: usize| {
        policy(&format!(
            "{} true",
            "if principal.has_person then true else ".repeat(n)
        ))
    };
    assert_eq!(codes(&ifs(5_000)), ["policy.too_deep"]);
    read(&ifs(POLICY_DEPTH_MAX - 1));
    for link in [
        " && true",
        " || true",
        " == 1 && 1",
        " + 1",
        ".a.a",
        "[\"a\"]",
    ] {
        let chain = |n: usize| policy(&format!("context{}", link.repeat(n)));
        assert_eq!(codes(&chain(4_000)), ["policy.too_long"], "{link}");
        for words in 1..=5 {
            read(&chain((POLICY_WORDS_MAX - 100) / words));
        }
    }
}

#[test]
fn a_policy_that_can_never_apply_is_a_mistake() {
    let never = r#"@id("a") @rule("r") @clause("c")
permit (principal, action == Action::"lend", resource) when { context.step_up && false };"#;
    assert_eq!(codes(never), ["policy.suspect"]);
}

#[test]
fn a_policy_that_fails_denies_instead_of_being_skipped() {
    let overflows = r#"@id("site.hours") @rule("site") @clause("site")
forbid (principal, action, resource)
when { context has hour && context.hour * 9223372036854775807 > 0 };"#;
    let mut files = SHIPPED.to_vec();
    files.push(("site.cedar", overflows));
    let policies = load(&files);
    let mut act = Act::new("item.draft", "item", "classification");
    assert!(policies.permits(&viewer(&[Role::Staff]), &act).is_ok());
    act.hour = Some(22);
    let denied = policies.permits(&viewer(&[Role::Staff]), &act).unwrap_err();
    assert_eq!(
        denied,
        Denied::Unsettled {
            policy: "site.hours".to_owned()
        }
    );
}

#[test]
fn a_site_forbids_by_level_hour_channel_and_unit() {
    let unit = crate::fixtures::unit(1);
    let site = format!(
        r#"@id("site.print") @rule("site") @clause("保密制度 12") @zh("绝密不得打印") @en("top secret is not printed")
forbid (principal, action == Action::"print", resource) when {{ context.levels.contains(Level::"state.top_secret") }};
@id("site.night") @rule("site") @clause("保密制度 9")
forbid (principal, action == Action::"lend", resource) unless {{ context has hour && context.hour >= 7 && context.hour <= 20 }};
@id("site.programs") @rule("site") @clause("保密制度 9")
forbid (principal, action == Action::"export", resource) when {{ context.channel == Channel::"program" && principal.units.contains("{unit}") }};"#
    );
    let mut files = SHIPPED.to_vec();
    files.push(("site.cedar", &site));
    let policies = load(&files);
    let registrar = viewer(&[Role::Registrar]);
    let top = Level::TopSecret.into();
    let known = Known {
        levels: Some(&top),
        ..Known::default()
    };
    let print = Act::new("item.print", "item", "classification");
    assert!(
        policies
            .permits_knowing(&registrar, &print, Known::default())
            .is_ok()
    );
    let denied = policies
        .permits_knowing(&registrar, &print, known)
        .unwrap_err();
    assert_eq!(
        denied.say(),
        Text::new("绝密不得打印", "top secret is not printed")
    );
    assert_eq!(denied.clause(), Some("保密制度 12"));
    let lend = |hour| Act {
        hour,
        ..Act::new("loan.lend", "loan", "custody")
    };
    assert!(policies.permits(&registrar, &lend(Some(9))).is_ok());
    for hour in [None, Some(6), Some(21)] {
        let denied = policies.permits(&registrar, &lend(hour)).unwrap_err();
        assert_eq!(denied.policy(), Some("site.night"));
        assert_eq!(denied.say().en, "policy site.night does not allow this");
    }
    let export = |channel| Act {
        channel,
        step_up: true,
        ..Act::new("x.export", "x", "office")
    };
    assert!(policies.permits(&registrar, &export(Channel::Page)).is_ok());
    let denied = policies
        .permits(&registrar, &export(Channel::Program))
        .unwrap_err();
    assert_eq!(denied.policy(), Some("site.programs"));
}
