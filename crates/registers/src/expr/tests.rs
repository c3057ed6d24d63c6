use std::time::{Duration, Instant};

use domain::Calendar;
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::Parameters;

/// What is refused is refused at once, well under a second on a quiet machine. WHY not a second
/// here: machines that test are busy, and this has only to tell bounded work from endless work.
const PATIENCE: Duration = Duration::from_secs(20);

fn eval_on(text: &str, vars: Value) -> Result<Value, EvalError> {
    let Value::Object(vars) = vars else {
        panic!("variables are a map")
    };
    let params = Parameters::default()
        .with("missing.days", json!(10))
        .with("installation.max_level", json!("state.secret"));
    let calendar = Calendar::new([date(2026, 3, 4)], [date(2026, 3, 7)]);
    let now = "2026-03-02T14:10:00Z".parse().unwrap();
    let facts = Facts::new(vars, date(2026, 3, 2), now, &params, &calendar);
    Expr::compile(text)
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .eval(&facts)
}

fn eval(text: &str) -> Value {
    eval_on(text, json!({})).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn fails(text: &str) -> EvalErrorKind {
    eval_on(text, json!({})).unwrap_err().kind
}

fn refused(text: &str) -> ExprErrorKind {
    Expr::compile(text).unwrap_err().kind
}

#[test]
fn operators_follow_cel() {
    assert_eq!(eval("1 + 2 * 3"), json!(7));
    assert_eq!(eval("7 % 4 == 3 && !(2 > 3)"), json!(true));
    assert_eq!(eval("'a' + 'b'"), json!("ab"));
    assert_eq!(eval("[1, 2] + [3]"), json!([1, 2, 3]));
    assert_eq!(eval("2 in [1, 2]"), json!(true));
    assert_eq!(eval("true ? 'yes' : 'no'"), json!("yes"));
    assert_eq!(eval("-(3) + 1"), json!(-2));
    assert_eq!(eval("1 == 1.0"), json!(true));
}

#[test]
fn a_ratio_of_points_is_not_cut_off() {
    assert_eq!(eval("6 / 3"), json!(2));
    assert_eq!(eval("90 / 100 >= 0.9"), json!(true));
    assert_eq!(eval("round(2 / 3, 2)"), json!(0.67));
}

#[test]
fn nothing_is_selected_from_nothing_but_not_ordered() {
    assert_eq!(eval("borrower.unit.head == null"), json!(true));
    assert_eq!(eval("has(copy.label)"), json!(false));
    assert!(matches!(
        fails("due_at <= today"),
        EvalErrorKind::Operands { .. }
    ));
    assert!(matches!(
        fails("count_made + 1"),
        EvalErrorKind::Operands { .. }
    ));
    assert_eq!(eval("due_at == null || due_at <= today"), json!(true));
}

#[test]
fn walks_see_the_entry_and_what_is_around_it() {
    let vars = json!({
        "limit": 2,
        "lines": [
            {"line": "copies", "state": "held", "pages": 1},
            {"line": "copies", "state": "missing", "pages": 3},
        ],
    });
    let on = |text: &str| eval_on(text, vars.clone()).unwrap();
    assert_eq!(on("all(lines, state == 'held')"), json!(false));
    assert_eq!(on("lines.exists(l, l.pages > limit)"), json!(true));
    assert_eq!(on("count(lines, pages > limit)"), json!(1));
    assert_eq!(on("size(lines(state == 'missing'))"), json!(1));
    assert_eq!(on("map(lines, pages)"), json!([1, 3]));
    assert_eq!(on("sum(lines, 'pages')"), json!(4));
    assert_eq!(on("lines.pages"), json!([1, 3]));
    assert_eq!(on("size(copies)"), json!(2));
    assert_eq!(
        on("all(['held'], exists(lines, state == it))"),
        json!(false)
    );
    assert_eq!(
        on("['held'].all(s, lines.exists(l, l.state == s))"),
        json!(true)
    );
    assert_eq!(on("all(nothing_here, false)"), json!(true));
}

#[test]
fn records_are_equal_by_id_and_instants_by_time() {
    let vars = json!({
        "a": {"id": "1", "name": "x"}, "b": {"id": "1"},
        "t": "2026-03-01T22:10:00+08:00", "u": "2026-03-01T14:10:00Z",
    });
    let on = |text: &str| eval_on(text, vars.clone()).unwrap();
    assert_eq!(on("a == b"), json!(true));
    assert_eq!(on("t == u && t <= u"), json!(true));
    assert_eq!(on("distinct([a, b])"), json!(false));
}

#[test]
fn levels_are_compared_inside_a_family_only() {
    let label = json!({
        "levels": {"state": "state.secret"}, "compartments": ["东风"], "ends": {},
        "scope": {"clauses": [{"persons": ["01970000-0000-7000-8000-000000000001"], "units": []}]},
    });
    let person = |level: &str, compartments: Value| {
        json!({
            "id": "01970000-0000-7000-8000-000000000001", "unit_ids": [],
            "clearance": {"levels": {"state": level}, "compartments": compartments},
        })
    };
    let vars = json!({
        "copy": {"id": "c", "label": label},
        "cleared": person("state.secret", json!(["东风"])),
        "outside": person("state.top_secret", json!([])),
        "low": person("state.confidential", json!(["东风"])),
        "none": {"id": "01970000-0000-7000-8000-000000000009"},
    });
    let on = |text: &str| eval_on(text, vars.clone()).unwrap();
    assert_eq!(
        on("at_least(copy.label, 'state.confidential')"),
        json!(true)
    );
    assert_eq!(on("at_least(copy, 'state.top_secret')"), json!(false));
    assert_eq!(on("at_least(copy.label, 'work.internal')"), json!(false));
    assert_eq!(on("at_least(missing, 'state.confidential')"), json!(false));
    assert_eq!(on("clears(cleared, copy.label)"), json!(true));
    assert_eq!(on("clears(outside, copy.label)"), json!(false));
    assert_eq!(on("clears(low, copy.label)"), json!(false));
    assert_eq!(on("clears(none, copy.label)"), json!(false));
    assert_eq!(on("clears(cleared, missing)"), json!(false));
    assert_eq!(on("in_scope(cleared, copy.label)"), json!(true));
    assert_eq!(on("in_scope(none, copy.label)"), json!(false));
    assert_eq!(
        on("covers('state.secret', [copy, copy.label])"),
        json!(true)
    );
    assert_eq!(on("same_level(copy, 'state.secret')"), json!(true));
    assert_eq!(on("within_installation('state.top_secret')"), json!(false));
    assert_eq!(on("within_installation('trade.core')"), json!(true));
}

#[test]
fn periods_follow_r_131_and_r_139() {
    let vars = json!({"ten": {"years": 10}, "fifteen": {"years": 15}, "event": {"condition": "会议开始前"}, "until": {"until": "2030-05-01"}});
    let on = |text: &str| eval_on(text, vars.clone()).unwrap();
    assert_eq!(
        on("exceeds_max('state.confidential', fifteen)"),
        json!(true)
    );
    assert_eq!(on("exceeds_max('state.confidential', ten)"), json!(false));
    assert_eq!(
        on("term_ends(ten, '2016-02-29', 'state.secret')"),
        json!("2026-02-28")
    );
    assert_eq!(
        on("term_ends(event, '2016-02-29', 'state.secret')"),
        json!(null)
    );
    assert_eq!(
        on("term_ends(until, null, 'state.secret')"),
        json!("2030-05-01"),
        "a named day needs no start"
    );
    assert_eq!(on("term_ends(ten, null, 'state.secret')"), json!(null));
}

#[test]
fn days_run_on_the_calendar() {
    assert_eq!(eval("days_between('2026-02-27', today)"), json!(3));
    assert_eq!(eval("add_days(today, 3)"), json!("2026-03-05"));
    assert_eq!(eval("add_workdays(today, 2)"), json!("2026-03-05"));
    assert_eq!(
        eval("workdays_between('2026-03-05', '2026-03-09')"),
        json!(3)
    );
    assert_eq!(eval("add_months('2026-01-31', 1)"), json!("2026-02-28"));
    assert_eq!(eval("years_since('2016-03-03')"), json!(9));
    assert_eq!(eval("years_since('2016-03-02')"), json!(10));
    assert_eq!(eval("date_of(now)"), json!("2026-03-02"));
    assert_eq!(
        eval("hours_between('2026-03-01T14:10:00Z', now)"),
        json!(24)
    );
    assert_eq!(eval("days_between(none, today)"), json!(null));
    assert!(matches!(
        fails("add_days(today, 99999999)"),
        EvalErrorKind::OutOfRange { .. }
    ));
}

#[test]
fn amounts_checklists_and_copy_numbers_are_read() {
    let vars = json!({
        "rows": [{"amount": "0.10"}, {"amount": "0.20"}, {"amount": null}],
        "packing": {"seal": "yes", "strip": "na"}, "bad": {"seal": "no"},
        "numbers": "000001-000005,000009",
    });
    let on = |text: &str| eval_on(text, vars.clone()).unwrap();
    assert_eq!(on("sum(rows, 'amount')"), json!(0.3));
    assert_eq!(on("to_number('12.50')"), json!(12.5));
    assert_eq!(on("all_yes(packing) && !all_yes(bad)"), json!(true));
    assert_eq!(on("range_count(numbers)"), json!(6));
    assert_eq!(on("param('missing.days')"), json!(10));
    assert!(matches!(
        fails("param('nope')"),
        EvalErrorKind::Parameter { .. }
    ));
}

#[test]
fn open_items_must_be_supplied() {
    let vars = json!({"leaver": {"id": "p"}, "open_items": {"p": [{"hidden": true}]}});
    assert_eq!(
        eval_on("count(open_items(leaver))", vars).unwrap(),
        json!(1)
    );
    let missing = eval_on("count(open_items(leaver))", json!({"leaver": {"id": "p"}}));
    assert!(matches!(
        missing.unwrap_err().kind,
        EvalErrorKind::NotSupplied { .. }
    ));
}

#[test]
fn what_the_language_lacks_is_refused_by_name() {
    use ExprErrorKind as K;
    assert_eq!(refused(""), K::Empty);
    assert!(matches!(refused("1 +"), K::Syntax { .. }));
    let unknown = refused("at_leest(label, 'state.secret')");
    assert!(matches!(unknown, K::UnknownFunction { nearest: Some(n), .. } if n == "at_least"));
    assert!(matches!(refused("clears(a)"), K::Arguments { .. }));
    assert!(matches!(refused("{'a': 1}.a"), K::Unsupported { .. }));
    assert!(matches!(refused("1u"), K::Unsupported { .. }));
    assert!(matches!(refused("a.?b"), K::Syntax { .. }));
    assert!(matches!(refused("lines.all(it, true)"), K::BadName { .. }));
    assert_eq!(
        Expr::compile("a == 1 && at_leest(b)").unwrap_err().offset,
        18
    );
}

#[test]
fn paths_name_what_an_expression_reads() {
    let expr = Expr::compile("clears(borrower, copy.label) && lines.all(l, l.state == state)");
    let paths = expr.unwrap().paths();
    let paths: Vec<String> = paths.iter().map(|path| path.join(".")).collect();
    assert_eq!(
        paths,
        ["borrower", "copy.label", "lines", "lines.state", "state"]
    );
    assert_eq!(
        Expr::compile("count(open_items(a))").unwrap().functions(),
        ["count", "open_items"]
    );
}

#[test]
fn hostile_expressions_are_refused_fast() {
    let deep = 3_000;
    let hostile = [
        "(".repeat(deep),
        "!".repeat(1_999),
        "-".repeat(1_999) + "1",
        "[".repeat(1_999),
        format!("a{}", ".b".repeat(950)),
        format!("1{}", "+1".repeat(950)),
        format!("a{}", " && a".repeat(390)),
        format!("{}a", "a ? ".repeat(400)),
        "a ? b : ".repeat(240) + "c",
        "'".repeat(1_999),
        "x".repeat(100_000),
        "all(a, ".repeat(200),
        "f(".repeat(900),
        "\"\\".repeat(900),
        ") ".repeat(900),
        "1 1 ".repeat(490),
    ];
    for text in &hostile {
        let start = Instant::now();
        let compiled = Expr::compile(text);
        let shown: String = text.chars().take(20).collect();
        if let Ok(expr) = compiled {
            let params = Parameters::default();
            let calendar = Calendar::default();
            let now = jiff::Timestamp::UNIX_EPOCH;
            let facts = Facts::new(Map::new(), date(2026, 3, 2), now, &params, &calendar);
            drop(expr.eval(&facts));
        }
        assert!(start.elapsed() < PATIENCE, "{shown}: {:?}", start.elapsed());
    }
}

#[test]
fn an_evaluation_has_a_budget() {
    let lines: Vec<Value> = (0..3_000)
        .map(|n| json!({"line": "copies", "n": n}))
        .collect();
    let vars = json!({"lines": lines});
    let nested = "all(lines, all(lines, all(lines, n >= 0)))";
    let error = eval_on(nested, vars).unwrap_err();
    assert!(matches!(error.kind, EvalErrorKind::TooManySteps { .. }));
    let long: Vec<Value> = (0..6_000).map(|n| json!({"n": n})).collect();
    let error = eval_on("all(lines, n >= 0)", json!({"lines": long})).unwrap_err();
    assert!(matches!(error.kind, EvalErrorKind::ListTooLong { .. }));
}

/// Expressions both interpreters know, over whole numbers, texts, flags and lists.
fn any_expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        (-20i64..20).prop_map(|n| format!("({n})")),
        Just("true".to_owned()),
        Just("false".to_owned()),
        Just("x".to_owned()),
        Just("flag".to_owned()),
        Just("'甲'".to_owned()),
        Just("name".to_owned()),
        Just("[1, 2, 3]".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let op = prop_oneof![
            Just("+"),
            Just("-"),
            Just("*"),
            Just("=="),
            Just("!="),
            Just("<"),
            Just("<="),
            Just(">"),
            Just("&&"),
            Just("||"),
            Just("in"),
            Just("%"),
        ];
        prop_oneof![
            (inner.clone(), op, inner.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            inner.clone().prop_map(|a| format!("(!{a})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a}.all(e, e == {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a}.exists(e, e == {b})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("size({a}.filter(e, e != {b}))")),
        ]
    })
}

fn by_cel(text: &str) -> Option<Value> {
    let program = cel::Program::compile(text).ok()?;
    let mut context = cel::Context::default();
    context.add_variable("x", 3_i64).ok()?;
    context.add_variable("flag", true).ok()?;
    context.add_variable("name", "甲").ok()?;
    to_json(program.execute(&context).ok()?)
}

fn to_json(value: cel::Value) -> Option<Value> {
    Some(match value {
        cel::Value::Bool(flag) => json!(flag),
        cel::Value::Int(number) => json!(number),
        cel::Value::UInt(number) => json!(number),
        cel::Value::String(text) => json!(text.as_str()),
        cel::Value::Null => Value::Null,
        cel::Value::List(entries) => entries
            .iter()
            .cloned()
            .map(to_json)
            .collect::<Option<Vec<_>>>()
            .map(Value::Array)?,
        _ => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Where both give an answer it is the same one; ours may refuse where CEL's logic lets one
    /// side of `&&` and `||` fail.
    #[test]
    fn evaluation_agrees_with_the_crate_that_parses(text in any_expression()) {
        let vars = json!({"x": 3, "flag": true, "name": "甲"});
        let Ok(expr) = Expr::compile(&text) else { return Ok(()) };
        let params = Parameters::default();
        let calendar = Calendar::default();
        let Value::Object(vars) = vars else { unreachable!() };
        let now = jiff::Timestamp::UNIX_EPOCH;
        let facts = Facts::new(vars, date(2026, 3, 2), now, &params, &calendar);
        if let (Ok(ours), Some(theirs)) = (expr.eval(&facts), by_cel(&text)) {
            prop_assert_eq!(ours, theirs, "{}", text);
        }
    }

    #[test]
    fn compiling_never_panics(text in "[a-z0-9_.,'\"\\\\()\\[\\]{}?:!<>=&|+*/% -]{0,60}|\\PC{0,40}") {
        drop(Expr::compile(&text));
    }

    #[test]
    fn evaluating_never_panics(
        text in "(all|exists|sum|at_least|clears|add_days|term_ends|range_count|round|size|count)\\((a|b|c|lines|a\\.b|1|-9|'x'|null|today|now|[0-9]{1,19})(, ?(a|b|'x'|b\\.c|9223372036854775807|null|true))?(, ?(a|2))?\\)( (\\+|-|\\*|/|%|<|==|in) (a|b|0|9223372036854775807|lines))?",
        a in any_json(), b in any_json(),
    ) {
        let Ok(expr) = Expr::compile(&text) else { return Ok(()) };
        let mut vars = Map::new();
        vars.insert("a".to_owned(), a.clone());
        vars.insert("b".to_owned(), b);
        vars.insert("lines".to_owned(), json!([a]));
        let params = Parameters::default();
        let calendar = Calendar::default();
        let now = jiff::Timestamp::UNIX_EPOCH;
        let facts = Facts::new(vars, date(2026, 3, 2), now, &params, &calendar);
        drop(expr.eval(&facts));
    }
}

/// Any JSON, with texts that look like the values of the language.
pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>()
            .prop_map(|n| serde_json::Number::from_f64(n).map_or(Value::Null, Value::Number)),
        "\\PC{0,12}".prop_map(Value::from),
        prop_oneof![
            Just("state.secret"),
            Just("open"),
            Just("2026-03-01"),
            Just("9999-12-31"),
            Just("2026-03-01T22:10:00+08:00"),
            Just("10年"),
            Just("机密★10年"),
            Just("000001-000009"),
            Just("24h"),
            Just("12.50"),
            Just("01970000-0000-7000-8000-000000000001"),
        ]
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let key = prop_oneof![
            Just("id".to_owned()),
            Just("levels".to_owned()),
            Just("state".to_owned()),
            Just("label".to_owned()),
            Just("from".to_owned()),
            Just("years".to_owned()),
            "[a-z]{1,6}",
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            proptest::collection::btree_map(key, inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}
