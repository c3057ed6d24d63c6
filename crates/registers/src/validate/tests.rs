use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::NumberFormat;
use crate::expr::tests::any_json;
use crate::fixtures::{Around, catalogue, copy, id, label, person, vars};

/// Field and code of every mistake.
fn mistakes(
    register: &str,
    action: &str,
    given: Value,
    known: Value,
) -> Vec<(String, &'static str)> {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let definition = catalogue.definition(register).unwrap();
    let action = definition.action(action).unwrap();
    match input(definition, action, &vars(given), &around.facts(known)) {
        Ok(_) => Vec::new(),
        Err(errors) => errors
            .into_iter()
            .map(|error| (error.field, error.code))
            .collect(),
    }
}

fn loan() -> Value {
    json!({
        "copy": id(1), "borrower": id(2), "purpose": "查阅", "due_at": "2026-03-09T10:00:00+08:00",
    })
}

#[test]
fn good_input_comes_out_in_one_form_with_its_defaults() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let loan_definition = catalogue.definition("loan").unwrap();
    let request = loan_definition.action("request").unwrap();
    let facts = around
        .facts(json!({ "copy": copy(1, "state.secret"), "borrower": person(2, "state.secret") }));
    let accepted = input(loan_definition, request, &vars(loan()), &facts).unwrap();
    assert_eq!(accepted["due_at"], json!("2026-03-09T02:00:00Z"));
    assert_eq!(accepted["outside"], json!(false));
    assert_eq!(accepted["copy"], json!(id(1)));
}

#[test]
fn every_mistake_is_found_at_once() {
    let mut given = loan();
    given["purpose"] = json!("长".repeat(201));
    given["due_at"] = json!("tomorrow");
    given["borrower"] = json!("张三");
    given["colour"] = json!("red");
    given["condition"] = json!("complete");
    let mut found = mistakes("loan", "request", given, json!({}));
    found.sort();
    let expected = [
        ("borrower", "register.field_kind"),
        ("colour", "register.field_unknown"),
        ("condition", "register.field_not_accepted"),
        ("due_at", "register.field_kind"),
        ("purpose", "register.field_too_long"),
    ];
    assert_eq!(
        found,
        expected.map(|(field, code)| (field.to_owned(), code))
    );
}

/// Capability 4: a number that is typed by hand has the form it should have, but for what is taken over.
#[test]
fn a_typed_number_has_its_form() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let mut definition = catalogue.definition("loan").unwrap().clone();
    let purpose = definition.fields.iter_mut();
    let purpose = purpose.into_iter().find(|field| field.key == "purpose");
    purpose.unwrap().mask = Some(NumberFormat::parse("KY〔{year}〕{seq:2}号").unwrap());
    let request = definition.action("request").unwrap();
    let taken_over = Action {
        builtin: Some(Builtin::TakeOver),
        ..request.clone()
    };
    let codes = |action: &Action, purpose: &str| -> Vec<&'static str> {
        let mut given = loan();
        given["purpose"] = json!(purpose);
        let facts = around.facts(json!({}));
        match input(&definition, action, &vars(given), &facts) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.into_iter().map(|error| error.code).collect(),
        }
    };
    for good in ["KY〔2026〕07号", "KY〔2026〕123号"] {
        assert_eq!(codes(request, good), [""; 0], "{good}");
    }
    for wrong in [
        "KY〔26〕07号",
        "KY〔2026〕7号",
        "ky〔2026〕07号",
        "KY〔2026〕007号",
        "查阅",
    ] {
        assert_eq!(codes(request, wrong), ["register.field_mask"], "{wrong}");
    }
    assert_eq!(codes(&taken_over, "老文号 7"), [""; 0]);
    // what stands there may be sent again
    let mut given = loan();
    given["purpose"] = json!("老文号 7");
    let facts = around.facts(json!({ "purpose": "老文号 7" }));
    assert!(input(&definition, request, &vars(given), &facts).is_ok());
}

#[test]
fn what_is_required_when_is_asked_for_then() {
    let mut given = loan();
    given["outside"] = json!(true);
    assert_eq!(
        mistakes("loan", "request", given.clone(), json!({})),
        [("destination".to_owned(), "register.field_required")]
    );
    given["outside"] = json!(false);
    given["destination"] = json!("北京");
    assert_eq!(
        mistakes("loan", "request", given, json!({})),
        [("destination".to_owned(), "register.field_not_shown")]
    );
    assert_eq!(
        mistakes(
            "loan",
            "return",
            json!({ "condition": "damaged" }),
            json!({})
        ),
        [("remark".to_owned(), "register.field_required")]
    );
    // what the record already holds need not be said again
    let known = json!({ "remark": "封面破损" });
    assert!(mistakes("loan", "return", json!({ "condition": "damaged" }), known).is_empty());
}

#[test]
fn links_the_caller_resolved_decide_conditions() {
    let given = json!({
        "sources": [id(1)], "way": "copy", "purpose": "meeting", "pages": 2, "copies_approved": 3,
        "where": "house",
    });
    let known = |level: &str| json!({ "sources": [copy(1, level)], "label": label(level) });
    assert!(
        mistakes(
            "reproduction",
            "request",
            given.clone(),
            known("state.secret")
        )
        .is_empty()
    );
    assert_eq!(
        mistakes("reproduction", "request", given, known("state.top_secret")),
        [("consent".to_owned(), "register.field_required")]
    );
}

#[test]
fn rows_and_lines_say_which_row() {
    let given = json!({
        "document": id(1), "purpose": "发文", "copies_approved": 3, "maker_kind": "own", "place": id(4),
        "distribution": [{ "unit": id(2), "copies": 2 }, { "unit": id(3), "copies": 0 }, "x"],
    });
    assert_eq!(
        mistakes("making", "request", given, json!({})),
        [
            (
                "distribution.1.copies".to_owned(),
                "register.field_too_small"
            ),
            ("distribution.2".to_owned(), "register.field_kind")
        ]
    );
    let given = json!({ "copy": id(1), "subject": "传阅", "readers": [{ "reader": id(2) }, {}] });
    assert_eq!(
        mistakes(
            "circulation",
            "draw_up",
            given,
            json!({ "label": label("state.secret") })
        ),
        [("readers.1.reader".to_owned(), "register.field_required")]
    );
    let given = json!({ "copy": id(1), "subject": "传阅" });
    assert_eq!(
        mistakes(
            "circulation",
            "draw_up",
            given,
            json!({ "label": label("state.secret") })
        ),
        [("readers".to_owned(), "register.field_too_few")]
    );
}

#[test]
fn a_new_line_is_not_asked_for_what_a_later_action_fills_in() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let meeting = catalogue.definition("meeting").unwrap();
    let given = json!({
        "subject": "评审会", "host": id(1), "starts_at": "2026-03-09T01:00:00Z",
        "ends_at": "2026-03-09T03:00:00Z", "level": "state.confidential", "term": "5年",
        "place": id(4), "secrecy_lead": id(5), "content": "评审", "passing_on": "none",
        "participants": [{ "person": id(2) }], "papers": [{ "copy": id(6) }],
    });
    let plan = meeting.action("plan").unwrap();
    let accepted = input(meeting, plan, &vars(given), &around.facts(json!({}))).unwrap();
    assert_eq!(accepted["papers"], json!([{ "copy": id(6) }]));
    assert_eq!(
        accepted["participants"],
        json!([{ "named": true, "person": id(2) }])
    );
}

#[test]
fn taking_over_asks_what_a_new_record_is_asked_and_correcting_what_it_touches() {
    let old = json!({ "text": "旧问题", "fix_by": "2020-01-01", "taken_from": "2019 年检查台账" });
    assert!(mistakes("finding", "take_over", old, json!({})).is_empty());
    assert_eq!(
        mistakes(
            "finding",
            "take_over",
            json!({ "text": "旧问题" }),
            json!({})
        ),
        [
            ("fix_by".to_owned(), "register.field_required"),
            ("taken_from".to_owned(), "register.field_required"),
        ]
    );
    let said = json!({ "text": "新问题", "fix_by": "2020-01-01", "taken_from": "x" });
    assert_eq!(
        mistakes("finding", "open", said, json!({})),
        [("taken_from".to_owned(), "register.field_not_accepted")],
        "nothing else is marked so"
    );
    assert!(mistakes("loan", "correct", json!({ "remark": "笔误" }), json!({})).is_empty());
    assert_eq!(
        mistakes(
            "person",
            "correct",
            json!({ "name": "" }),
            json!({ "name": "李华" })
        ),
        [("name".to_owned(), "register.field_required")]
    );
}

#[test]
fn a_line_is_checked_like_a_record() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let evaluation = catalogue.definition("self_evaluation").unwrap();
    let items = evaluation.line("items").unwrap();
    let lines = catalogue.kept_as("self_evaluation.items").unwrap();
    let score = lines.action("score").unwrap();
    let line = vars(json!({ "id": id(1), "state": "open", "points": 4, "kind": "scored" }));
    let facts = around.facts(json!({}));
    let facts = facts.in_line(items, &line);
    let given = vars(json!({ "applies": true, "deducted": 2 }));
    let errors = input(lines, score, &given, &facts).unwrap_err();
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["finding", "responsible"]);
}

#[test]
fn every_kind_has_one_stored_form() {
    let field = |kind: FieldKindWord| {
        let text = format!(
            "key = \"k\"\nname = {{ zh = \"甲\", en = \"a\" }}\narea = \"office\"\nhelp = {{ zh = \"甲\", en = \"a\" }}\nlabel = \"open\"\n\
             [[field]]\nkey = \"f\"\nname = {{ zh = \"甲\", en = \"a\" }}\ntype = \"{}\"\n{}\n\
             [[state]]\nkey = \"s\"\nname = {{ zh = \"甲\", en = \"a\" }}\ninitial = true\nfinal = true\n\
             [[action]]\nkey = \"add\"\nname = {{ zh = \"甲\", en = \"a\" }}\nto = \"s\"\nwho = \"staff\"\n",
            kind.0, kind.1
        );
        let known = crate::load::tests::known();
        let registers = &["person", "unit", "copy"];
        let known = crate::Known { registers, ..known };
        let source = crate::Source {
            path: "k.toml".to_owned(),
            text,
        };
        let catalogue = crate::load(&[source], &known).unwrap();
        catalogue
            .definition("k")
            .unwrap()
            .field("f")
            .unwrap()
            .clone()
    };
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let facts = around.facts(json!({}));
    for (kind, rest, given, stored) in accepted_values() {
        let value = kinds::accept(&field(FieldKindWord(kind, rest)), &given, "f", &facts);
        assert_eq!(value, Ok(stored), "{kind} {given}");
    }
    for (kind, rest, given) in refused_values() {
        let value = kinds::accept(&field(FieldKindWord(kind, rest)), &given, "f", &facts);
        assert!(value.is_err(), "{kind} {given}: {value:?}");
    }
}

struct FieldKindWord(&'static str, &'static str);

const CHOICES: &str = "choices = [{ key = \"a\", zh = \"甲\", en = \"a\" }, { key = \"b\", zh = \"乙\", en = \"b\" }]";

fn accepted_values() -> Vec<(&'static str, &'static str, Value, Value)> {
    vec![
        ("text", "", json!("借阅"), json!("借阅")),
        ("long_text", "", json!("甲\r\n乙"), json!("甲\n乙")),
        ("integer", "", json!("12"), json!(12)),
        ("decimal", "", json!("1.5"), json!(1.5)),
        ("money", "", json!(3), json!("3.00")),
        ("date", "", json!("2026-03-01"), json!("2026-03-01")),
        (
            "datetime",
            "",
            json!("2026-03-01T22:10:00+08:00"),
            json!("2026-03-01T14:10:00Z"),
        ),
        ("duration", "", json!("24h"), json!("24h")),
        (
            "period",
            "",
            json!({"from": "2026-03-01", "to": "2026-03-02"}),
            json!({"from": "2026-03-01", "to": "2026-03-02"}),
        ),
        ("bool", "", json!(true), json!(true)),
        ("choice", CHOICES, json!("a"), json!("a")),
        ("choices", CHOICES, json!(["b", "a"]), json!(["a", "b"])),
        (
            "checklist",
            CHOICES,
            json!({"a": "yes", "b": null}),
            json!({"a": "yes", "b": null}),
        ),
        (
            "person",
            "",
            json!({"id": id(1), "name": "甲"}),
            json!(id(1)),
        ),
        ("outside_org", "", json!(" 某部 "), json!({"name": "某部"})),
        ("outside_org", "", json!(id(1)), json!({"id": id(1)})),
        (
            "number_range",
            "",
            json!("000001－000003"),
            json!("000001-000003"),
        ),
        ("level", "", json!("state.secret"), json!("state.secret")),
        ("level", "", json!("open"), json!("open")),
        ("term", "", json!("10年"), json!({"years": 10})),
        ("term", "", json!({"months": 6}), json!({"months": 6})),
        ("mark", "", json!("机密★10年"), json!("机密★10年")),
        ("score", "max = 5", json!(4.5), json!(4.5)),
    ]
}

fn refused_values() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("text", "", json!("甲\n乙")),
        ("text", "", json!("a\u{202e}b")),
        ("text", "", json!(5)),
        ("integer", "", json!(1.5)),
        ("integer", "max = 5", json!(6)),
        ("decimal", "", json!("1e9")),
        ("decimal", "", json!("nan")),
        ("money", "", json!("1.234")),
        ("date", "", json!("2026-3-1")),
        ("date", "", json!("2026-02-30")),
        ("datetime", "", json!("2026-03-01T22:10:00")),
        ("duration", "", json!("a day")),
        (
            "period",
            "",
            json!({"from": "2026-03-02", "to": "2026-03-01"}),
        ),
        ("bool", "", json!("true")),
        ("choice", CHOICES, json!("c")),
        ("choices", CHOICES, json!(["a", "a"])),
        ("checklist", CHOICES, json!({"a": "maybe"})),
        ("person", "", json!("张三")),
        ("persons", "", json!([id(1), id(1)])),
        ("persons", "min = 2", json!([id(1)])),
        ("number_range", "", json!("3-1")),
        ("level", "", json!("state.secrt")),
        ("term", "", json!("十年")),
        ("mark", "", json!("机密10年")),
        ("score", "max = 5", json!(6)),
        ("score", "", json!(-1)),
        ("signature", "", json!("x")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is thrown at a register, it answers with mistakes or with values that it accepts
    /// again unchanged.
    #[test]
    fn input_never_panics_and_what_is_accepted_is_stable(
        register in proptest::sample::select(vec!["loan", "receive", "classification", "making", "meeting", "leaving"]),
        values in proptest::collection::vec(any_json(), 40),
        picks in proptest::collection::vec(any::<bool>(), 40),
    ) {
        thread_local! {
            static CATALOGUE: crate::Catalogue = catalogue();
        }
        CATALOGUE.with(|catalogue| {
            let around = Around::new(catalogue);
            let definition = catalogue.definition(register).unwrap();
            let keys = definition.fields.iter().map(|f| &f.key).chain(definition.lines.iter().map(|l| &l.key));
            let given: Input = keys
                .zip(values.iter().zip(&picks))
                .filter(|(_, (_, pick))| **pick)
                .map(|(key, (value, _))| (key.clone(), value.clone()))
                .collect();
            let facts = around.facts(Value::Object(given.clone()));
            for action in &definition.actions {
                if let Ok(accepted) = input(definition, action, &given, &facts) {
                    let again = input(definition, action, &accepted, &facts);
                    assert_eq!(again, Ok(accepted));
                }
                crate::rules::evaluate(definition, &action.key, &facts, &around.regimes);
                crate::approvals::needed(definition, &action.key, &facts);
                drop(action.who.resolve(&facts));
            }
            compute::computed(&definition.fields, &facts);
            for clock in &definition.clocks {
                drop(crate::clocks::due(clock, &facts, facts.now));
            }
        });
    }

    #[test]
    fn every_kind_takes_any_json_without_panic(value in any_json()) {
        thread_local! {
            static CATALOGUE: crate::Catalogue = catalogue();
        }
        CATALOGUE.with(|catalogue| {
            let around = Around::new(catalogue);
            let facts = around.facts(json!({}));
            for field in catalogue.definitions().flat_map(|definition| &definition.fields) {
                if let Ok(accepted) = kinds::accept(field, &value, "f", &facts) {
                    assert_eq!(kinds::accept(field, &accepted, "f", &facts).as_ref(), Ok(&accepted));
                }
            }
        });
    }
}
