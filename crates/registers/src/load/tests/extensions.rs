//! What a pack adds to a register of another pack.

use super::*;

fn with(extension: &str) -> Result<Catalogue, Vec<Report>> {
    let mut sources = twelve::twelve();
    sources.push(Source {
        path: "own/loan.toml".to_owned(),
        text: extension.to_owned(),
    });
    load(&sources, &known())
}

fn refused(extension: &str) -> Vec<(&'static str, usize)> {
    with(extension)
        .unwrap_err()
        .iter()
        .map(|report| (report.code, report.line))
        .collect()
}

#[test]
fn an_extension_adds_and_tightens() {
    let catalogue = with(
        r#"
extends = "loan"

[[field]]
key = "project"
name = { zh = "项目", en = "Project" }
type = "text"

[[tighten]]
field = "purpose"
max_length = 100

[[tighten]]
field = "remark"
required = true

[[rule]]
id = "R-219"
clause = "本单位规定"
letter = "D"
severity = "warn"
on = ["request"]
check = "filled(project)"
say = { zh = "请填写项目", en = "name the project" }

[[approval]]
action = "request"
step = [{ who = "role:office_head" }]

[[clock]]
key = "reminder"
name = { zh = "提醒", en = "Reminder" }
start = "state:lent"
after = "7d"
stop = ["state:returned"]
"#,
    )
    .unwrap();
    let loan = catalogue.definition("loan").unwrap();
    assert!(loan.field("project").is_some());
    assert_eq!(loan.field("purpose").unwrap().max_length, Some(100));
    assert_eq!(
        loan.field("remark").unwrap().required,
        crate::model::Required::Always
    );
    assert_eq!(loan.approval_of("request").unwrap().steps.len(), 3);
    assert_eq!(
        loan.approval_of("request").unwrap().refused.as_deref(),
        Some("refused")
    );
    assert!(loan.clocks.iter().any(|clock| clock.key == "reminder"));
    assert!(loan.rules.iter().any(|rule| rule.id == "R-184"));
}

#[test]
fn an_extension_never_loosens() {
    assert_eq!(
        refused("extends = \"loan\"\n[[tighten]]\nfield = \"purpose\"\nmax_length = 400\n"),
        [("register.extends_loosens", 3)]
    );
    assert_eq!(
        refused("extends = \"loan\"\n[[tighten]]\nfield = \"copy\"\nrequired = false\n"),
        [("register.extends_loosens", 3)]
    );
    assert_eq!(
        refused("extends = \"loan\"\nlabel = \"open\"\n[[state]]\nkey = \"x\"\n"),
        [
            ("register.extends_foreign", 2),
            ("register.extends_foreign", 3)
        ]
    );
    assert_eq!(
        refused("extends = \"loan\"\n[[tighten]]\nfield = \"purpse\"\nmax_length = 1\n"),
        [("register.no_such_field", 3)]
    );
    assert_eq!(
        refused("extends = \"laon\"\n"),
        [("register.no_such_register", 1)]
    );
}

#[test]
fn what_an_extension_says_is_checked_like_the_rest() {
    let reports = refused(
        "extends = \"loan\"\n[[rule]]\nid = \"R-1\"\nclause = \"x\"\nletter = \"S\"\nseverity = \"stop\"\n\
         on = [\"lend\"]\ncheck = \"borower.cooling_off\"\nsay = { zh = \"甲\", en = \"a\" }\n",
    );
    assert_eq!(reports, [("register.expression_name", 8)]);
}

/// Capability 4: a site gives a number that is typed by hand its form; another pack does not take it away.
#[test]
fn an_extension_may_ask_for_a_form() {
    let tighten = |field: &str, mask: &str| {
        format!("[[tighten]]\nfield = \"{field}\"\nmask = \"{mask}\"\n\n")
    };
    let extension = |parts: &[String]| format!("extends = \"loan\"\n\n{}", parts.concat());
    let catalogue = with(&extension(&[tighten("purpose", "KY〔{year}〕{seq:1}号")])).unwrap();
    let purpose = catalogue.definition("loan").unwrap().field("purpose");
    let mask = purpose.unwrap().mask.as_ref().unwrap();
    assert_eq!(mask.to_string(), "KY〔{year}〕{seq:1}号");
    let code = |parts: &[String]| {
        refused(&extension(parts))
            .into_iter()
            .map(|(code, _)| code)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        code(&[tighten("due_at", "A{seq:2}")]),
        ["register.field_key_foreign"]
    );
    let two = [
        tighten("purpose", "A{seq:2}"),
        tighten("purpose", "B{seq:2}"),
    ];
    assert_eq!(code(&two), ["register.extends_loosens"]);
    assert_eq!(
        code(&[tighten("purpose", "A{seq}{day}")]),
        ["register.number_format"]
    );
}
