//! The built-in actions, what the program does not carry out, and what effects and numbers need.

use super::*;

const PARCEL: &str = include_str!("parcel.toml");

fn sources(text: &str) -> Vec<Source> {
    let mut sources = twelve::twelve();
    sources.push(Source {
        path: "parcel.toml".to_owned(),
        text: text.to_owned(),
    });
    sources
}

fn program() -> Known<'static> {
    static EFFECTS: LazyLock<Vec<Effect<'static>>> = LazyLock::new(|| {
        let mut effects = super::EFFECTS.to_vec();
        effects.push(Effect {
            name: "parcel.send",
            reads: &["weight"],
            takes: &[],
        });
        effects
    });
    Known {
        effects: &EFFECTS,
        ..known()
    }
}

fn parcel(text: &str) -> Definition {
    let catalogue = load(&sources(text), &program()).unwrap_or_else(|reports| {
        let told: Vec<String> = reports.iter().map(ToString::to_string).collect();
        panic!("{}", told.join("\n"))
    });
    catalogue.definition("parcel").unwrap().clone()
}

fn refused(text: &str, known: &Known<'_>) -> Vec<String> {
    let Err(reports) = load(&sources(text), known) else {
        return Vec::new();
    };
    let of_parcel = reports
        .into_iter()
        .filter(|report| report.file == "parcel.toml");
    of_parcel.map(|report| report.code.to_owned()).collect()
}

fn who(action: &crate::Action) -> Vec<String> {
    action
        .who
        .any
        .iter()
        .map(|case| case.who.to_string())
        .collect()
}

#[test]
fn a_correction_reaches_only_what_nothing_rests_on() {
    let parcel = parcel(PARCEL);
    let correct = parcel.action("correct").unwrap();
    assert_eq!(
        correct.input,
        ["remark", "colour"],
        "not what a label, a reservation, the number, an effect, a signature, a right, a clock \
         (through what it is computed from) or a decision rests on, nor files"
    );
    assert_eq!(who(correct), ["drafter", "role:leader"]);
}

#[test]
fn who_sets_a_field_corrects_it_and_no_rule_is_passed_by() {
    let parcel = parcel(PARCEL);
    let colour = crate::correctors(&parcel, "colour");
    assert_eq!(colour.any.len(), 1);
    assert_eq!(colour.any[0].who.to_string(), "role:leader");
    let catalogue = load(&sources(PARCEL), &program()).unwrap();
    let regimes = catalogue.in_force(std::iter::empty::<&str>()).unwrap();
    let hits = |field: &str, vars: serde_json::Value| -> Vec<String> {
        let vars = vars.as_object().unwrap().clone();
        let calendar = domain::Calendar::default();
        let now = "2026-03-02T01:00:00Z".parse().unwrap();
        let today = jiff::civil::date(2026, 3, 2);
        let facts = crate::Facts::new(vars, today, now, &regimes.parameters, &calendar);
        let hits = crate::rules::on_correction(&parcel, &[field.to_owned()], &facts, &regimes);
        hits.into_iter().map(|hit| hit.id).collect()
    };
    let red = serde_json::json!({ "colour": "red", "weight": 20 });
    assert_eq!(
        hits("colour", red.clone()),
        ["R-1"],
        "R-2 reads nothing that is corrected"
    );
    assert_eq!(hits("remark", red), [""; 0]);
}

#[test]
fn what_was_done_signed_or_made_by_the_program_is_not_cancelled() {
    let parcel = parcel(PARCEL);
    let cancel = parcel.action("cancel").unwrap();
    assert_eq!(
        cancel.from,
        ["packed", "painted"],
        "`agreed` was signed, `sent` had an effect"
    );
    assert_eq!(who(cancel), ["drafter"], "not everybody's to cancel");
    let by_program = PARCEL.replace("who = \"staff\" # makes", "who = \"system\"");
    let made = self::parcel(&by_program);
    let has = |key: &str| made.action(key).is_some();
    assert!(!has("cancel") && !has("correct") && !has("take_over"));
    let directory = PARCEL.replace(
        "area = \"office\"",
        "area = \"office\"\nnature = \"directory\"",
    );
    assert!(self::parcel(&directory).action("cancel").is_none());
}

#[test]
fn opening_stock_passes_no_decision_no_signature_and_no_effect_by() {
    let parcel = parcel(PARCEL);
    let take_over = parcel.action("take_over").unwrap();
    assert_eq!(
        take_over.to_any,
        ["packed", "painted"],
        "`agreed` is decided on and signed, `sent` is the effect's, `lost` the program's"
    );
    assert_eq!(who(take_over), ["role:registrar"]);
    let by_people = PARCEL.replace("who = \"system\"", "who = \"role:registrar\"");
    let by_people = self::parcel(&by_people);
    assert_eq!(
        by_people.action("take_over").unwrap().to_any,
        ["packed", "painted"],
        "closed or not, nothing leads there that is not signed for on the way"
    );
    let by_time = PARCEL.replace(
        "from = [\"sent\"]\nto = \"lost\"",
        "from = [\"sent\", \"painted\"]\nto = \"lost\"",
    );
    let by_time = by_time + "expire = \"lose\"\n";
    assert_eq!(
        self::parcel(&by_time).action("take_over").unwrap().to_any,
        ["packed", "painted", "lost"],
        "what time does it did before, too"
    );
}

/// Gap 1: it says where it comes from and why, and carries a number where none will be drawn.
#[test]
fn what_is_taken_over_says_so_for_good() {
    let parcel = parcel(PARCEL);
    let take_over = parcel.action("take_over").unwrap();
    assert_eq!(take_over.comment, crate::model::Comment::Required);
    for key in [crate::TAKEN_FROM, crate::FORMER_NUMBER] {
        assert!(take_over.input.iter().any(|input| input == key), "{key}");
        let others = parcel.actions.iter().filter(|one| one.key != "take_over");
        for other in others {
            assert!(
                !other.input.iter().any(|input| input == key),
                "{}",
                other.key
            );
        }
    }
    let from = parcel.field(crate::TAKEN_FROM).unwrap();
    assert!(from.required == crate::model::Required::Always && from.index);
    let number = |parcel: &Definition| parcel.field(crate::FORMER_NUMBER).unwrap().clone();
    let first = number(&parcel);
    let crate::model::Required::When(when) = &first.required else {
        panic!("the number is drawn by `pack`, which is over: {first:?}")
    };
    assert_eq!(when.source(), "state in ['packed', 'painted']");
    assert!(first.unique, "it is the number");
    let later = PARCEL.replace("at = \"pack\"", "at = \"agree\"");
    let later = number(&self::parcel(&later));
    assert!(
        later.required.is_never() && later.unique,
        "drawn when agreed"
    );
    let drawn = PARCEL.replace("at = \"pack\"", "at = [\"pack\", \"take_over\"]");
    let drawn = number(&self::parcel(&drawn));
    assert!(
        drawn.required.is_never() && !drawn.unique,
        "it gets one of ours"
    );
}

/// What the old books decided and signed counts where the definition says so itself.
#[test]
fn a_definition_may_take_over_in_more_states_and_only_that_lists_them() {
    let own = |action: &str| {
        format!(
            "{PARCEL}\n[[action]]\nkey = \"{action}\"\nname = {{ zh = \"补录\", en = \"Take over\" }}\n\
             to = [\"sent\", \"lost\"]\nwho = \"role:registrar\"\ninput = [\"papers\", \"unit\"]\n"
        )
    };
    let parcel = parcel(&own("take_over"));
    let take_over = parcel.action("take_over").unwrap();
    assert_eq!(take_over.to_any, ["sent", "lost"]);
    assert!(!take_over.added && take_over.to.is_none());
    assert!(take_over.input.contains(&crate::TAKEN_FROM.to_owned()));
    assert_eq!(take_over.comment, crate::model::Comment::Required);
    assert_eq!(refused(&own("enter"), &program()), ["register.several_to"]);
    let empty = own("take_over").replace("[\"sent\", \"lost\"]", "[]");
    assert_eq!(refused(&empty, &program()), ["register.several_to"]);
}

/// What the program does because of lines passes by no decision, signature or second factor.
#[test]
fn what_follows_from_lines_asks_for_nothing_more() {
    let lines = |action: &str, line_action: &str, more: &str| {
        let last = PARCEL.replace(
            "from = [\"sent\"]\nto = \"lost\"",
            "from = [\"*\"]\nto = \"lost\"",
        );
        format!(
            "{last}\n[[line]]\nkey = \"stops\"\nname = {{ zh = \"站\", en = \"Stops\" }}\n\
             parent = {{ when = \"all(stops, state == 'passed')\", action = \"finish\" }}\n\
             [[line.field]]\nkey = \"town\"\nname = {{ zh = \"地\", en = \"Town\" }}\ntype = \"text\"\n\
             [[line.state]]\nkey = \"ahead\"\nname = {{ zh = \"未到\", en = \"ahead\" }}\ninitial = true\n\
             [[line.state]]\nkey = \"passed\"\nname = {{ zh = \"已过\", en = \"passed\" }}\nfinal = true\n\
             [[line.action]]\nkey = \"pass\"\nname = {{ zh = \"过\", en = \"Pass\" }}\nfrom = [\"ahead\"]\n\
             to = \"passed\"\nwho = \"role:registrar\"\n{line_action}\n\
             [[action]]\nkey = \"finish\"\nname = {{ zh = \"完\", en = \"Finish\" }}\nfrom = [\"sent\"]\n\
             to = \"lost\"\n{action}\n{more}\n\
             [[action]]\nkey = \"pass_all\"\nname = {{ zh = \"全过\", en = \"Pass all\" }}\nfrom = [\"sent\"]\n\
             who = \"role:registrar\"\nfan_out = [{{ line = \"stops\", action = \"pass\" }}]\n"
        )
    };
    // the program's own state of a line
    let ended = lines("who = \"system\"", "", "").replace("\"passed\"", "\"withdrawn\"");
    assert!(refused(&ended, &program()).contains(&"register.key_reserved".to_owned()));
    let refused =
        |action: &str, line: &str, more: &str| refused(&lines(action, line, more), &program());
    let (system, code) = ("who = \"system\"", "register.follows_asks_more");
    assert_eq!(refused(system, "", ""), [""; 0]);
    assert_eq!(refused("who = \"role:registrar\"", "", ""), [code]);
    let signed = "sign = [{ who = \"role:registrar\" }]";
    assert_eq!(refused(system, signed, ""), [code]);
    assert_eq!(refused(system, "step_up = true", ""), [code]);
    let decided = "[[approval]]\naction = \"finish\"\nstep = [{ who = \"role:leader\" }]";
    assert_eq!(refused(system, "", decided), [code]);
}

/// Gap 10, R-601: what can be lost is let go of by whoever reserves it, in every open state.
#[test]
fn a_register_that_reserves_what_can_be_lost_lets_go_of_it() {
    let mut effects = program().effects.to_vec();
    for effect in &mut effects {
        if effect.name == "custody.lose" {
            effect.takes = &["copy"];
        }
    }
    let known = Known {
        effects: &effects,
        ..program()
    };
    let refused = |text: &str| refused(text, &known);
    let code = "register.reserve_not_lost";
    assert_eq!(refused(PARCEL), [code, code], "neither `lose` nor `strike`");
    let everywhere = PARCEL.replace(
        "from = [\"sent\"]\nto = \"lost\"",
        "from = [\"*\"]\nto = \"lost\"",
    );
    assert_eq!(refused(&everywhere), [code], "`lose` from every open state");
    let strike = |input: &str, from: &str| {
        format!(
            "{everywhere}\n[[action]]\nkey = \"strike\"\nname = {{ zh = \"划去\", en = \"Strike\" }}\n\
             from = {from}\nwho = \"system\"\ninput = [\"{input}\"]\n"
        )
    };
    assert_eq!(refused(&strike("papers", "[\"*\"]")), [""; 0]);
    assert_eq!(
        refused(&strike("remark", "[\"*\"]")),
        [code],
        "not the list"
    );
    assert_eq!(
        refused(&strike("papers", "[\"packed\"]")),
        [code],
        "not always"
    );
    let other = PARCEL.replace("to = \"copy\"", "to = \"document\"");
    assert_eq!(refused(&other), [""; 0], "documents are not lost by it");
}

#[test]
fn an_effect_needs_the_fields_it_reads() {
    let text = PARCEL.replace("weight", "mass");
    assert_eq!(refused(&text, &program()), ["register.effect_field"]);
}

#[test]
fn a_number_that_prints_the_unit_says_where_it_comes_from() {
    let without = PARCEL.replace(", unit = \"unit.code\"", "");
    assert_eq!(refused(&without, &program()), ["register.number_unit"]);
    let needless = PARCEL.replace("{unit}-{seq:3}", "{seq:3}");
    assert_eq!(refused(&needless, &program()), ["register.number_unit"]);
    let wrong = PARCEL.replace("unit = \"unit.code\"", "unit = \"weight\"");
    assert_eq!(refused(&wrong, &program()), ["register.expression_gives"]);
}

#[test]
fn a_check_the_program_does_not_have_is_refused() {
    let text = PARCEL.replace("check = \"colour != 'red'\"", "by = \"parcel.balanced\"");
    assert_eq!(refused(&text, &program()), ["register.no_such_check"]);
}

/// Of a line only what nothing in the whole register reads is corrected: its own rules and conditions, and
/// the record's moves, rules and totals.
#[test]
fn a_line_is_corrected_where_nothing_reads_it() {
    let catalogue = shipped::shipped();
    let of = |register: &str| -> Vec<String> {
        let lines = catalogue.kept_as(register).unwrap();
        let correct = lines.action("correct");
        correct.map_or_else(Vec::new, |action| action.input.clone())
    };
    assert_eq!(of("stock_take.copies"), [""; 0], "set under a condition");
    assert_eq!(
        of("exam_session.candidates"),
        [""; 0],
        "no answer after the time"
    );
    assert_eq!(of("stock_take.surplus"), ["settled_how"]);
    let readers = catalogue.kept_as("circulation.readers").unwrap();
    let correct = readers.action("correct").unwrap();
    assert_eq!(correct.input, ["remark"]);
    assert_eq!(who(correct), ["role:registrar"]);
    assert!(!correct.is_from(crate::model::WITHDRAWN));
}
