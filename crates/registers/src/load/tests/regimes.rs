//! Regimes set what the base declares, and loosen nothing the law fixes.

use serde_json::json;

use super::*;
use crate::{Regimes, Severity};

fn with(regimes: &[(&str, &str)]) -> Result<Catalogue, Vec<Report>> {
    let mut sources = twelve::twelve();
    for (key, text) in regimes {
        let text = format!("key = \"{key}\"\nname = {{ zh = \"甲\", en = \"a\" }}\n{text}");
        sources.push(Source {
            path: format!("{key}/regime.toml"),
            text,
        });
    }
    load(&sources, &known())
}

fn in_force(catalogue: &Catalogue, keys: &[&str]) -> Regimes {
    catalogue.in_force(keys.iter().copied()).unwrap()
}

#[test]
fn the_strictest_of_several_regimes_wins() {
    let catalogue = with(&[
        ("weapons", "[parameters]\n\"exam.pass\" = { value = 90, rule = \"R-322\" }\n\"missing.other\" = { value = \"30d\", rule = \"R-606\" }\n[severities]\n\"R-209\" = \"stop\"\n"),
        ("research", "[parameters]\n\"exam.pass\" = { value = 85, rule = \"R-322\" }\n[severities]\n\"R-209\" = \"off\"\n"),
    ])
    .unwrap();
    let rule = |id: &str| {
        catalogue
            .rules()
            .find(|(_, rule)| rule.id == id)
            .unwrap()
            .1
            .clone()
    };
    let param = |regimes: &Regimes, key: &str| regimes.parameters.get(key).cloned().unwrap();

    let base = in_force(&catalogue, &[]);
    assert_eq!(param(&base, "exam.pass"), json!(80));
    assert_eq!(base.severity(&rule("R-209")), Severity::Warn);

    let research = in_force(&catalogue, &["research"]);
    assert_eq!(param(&research, "missing.other"), json!("60d"));
    assert_eq!(research.severity(&rule("R-209")), Severity::Off);

    let both = in_force(&catalogue, &["research", "weapons"]);
    assert_eq!(param(&both, "exam.pass"), json!(90));
    assert_eq!(param(&both, "missing.other"), json!("30d"));
    assert_eq!(both.severity(&rule("R-209")), Severity::Stop);
    assert_eq!(both.severity(&rule("R-184")), Severity::Stop);
    assert!(catalogue.in_force(["nowhere"]).is_err());
}

/// What comes beside a house never loosens what holds there, also where the base alone holds.
#[test]
fn a_regime_beside_a_house_only_tightens() {
    let catalogue = with(&[
        ("loose", "[parameters]\n\"missing.other\" = { value = \"60d\", rule = \"R-606\" }\n[severities]\n\"R-209\" = \"off\"\n"),
        ("tight", "[parameters]\n\"exam.pass\" = { value = 95, rule = \"R-322\" }\n[severities]\n\"R-209\" = \"stop\"\n"),
    ])
    .unwrap();
    let (_, rule) = catalogue
        .rules()
        .find(|(_, rule)| rule.id == "R-209")
        .unwrap();
    for own in [&[][..], &["base"], &["tight"]] {
        let house = in_force(&catalogue, own);
        for besides in [&["loose"][..], &["tight"], &["loose", "tight"]] {
            let both = catalogue.in_force_beside(own.iter().copied(), besides.iter().copied());
            let both = both.unwrap();
            assert!(
                both.severity(rule) >= house.severity(rule),
                "{own:?} {besides:?}"
            );
            let pass = |regimes: &Regimes| regimes.parameters.get("exam.pass").cloned().unwrap();
            assert!(pass(&both).as_i64() >= pass(&house).as_i64());
        }
    }
    let tight = catalogue.in_force_beside([], ["tight"]).unwrap();
    assert_eq!(tight.severity(rule), Severity::Stop);
    assert!(catalogue.in_force_beside([], ["nowhere"]).is_err());
}

#[test]
fn what_the_law_fixes_is_not_loosened() {
    let codes = |text: &str| -> Vec<&'static str> {
        let reports = with(&[("own", text)]).unwrap_err();
        reports.iter().map(|report| report.code).collect()
    };
    assert_eq!(
        codes("[severities]\n\"R-182\" = \"warn\"\n"),
        ["register.regime_loosens"]
    );
    assert_eq!(
        codes("[severities]\n\"I-two-counters\" = \"off\"\n"),
        ["register.regime_loosens"]
    );
    assert_eq!(
        codes("[severities]\n\"R-999\" = \"off\"\n"),
        ["register.no_such_rule"]
    );
    let fixed = "[parameters]\n\"leak.report\" = { value = \"48h\", rule = \"R-601\" }\n";
    assert_eq!(codes(fixed), ["register.regime_fixed"]);
    let low = "[parameters]\n\"exam.pass\" = { value = 50, rule = \"R-322\" }\n";
    assert_eq!(codes(low), ["register.regime_bounds"]);
    let kind = "[parameters]\n\"exam.pass\" = { value = \"80\", rule = \"R-322\" }\n";
    assert_eq!(codes(kind), ["register.regime_value"]);
    let unknown = "[parameters]\n\"exam.pas\" = { value = 80, rule = \"R-322\" }\n";
    assert_eq!(codes(unknown), ["register.no_such_parameter"]);
}

/// Even a rule that says otherwise in memory stops: severity is decided by the letter first.
#[test]
fn a_p_rule_stops_under_every_regime() {
    let catalogue = with(&[]).unwrap();
    let regimes = in_force(&catalogue, &[]);
    for (_, rule) in catalogue.rules().filter(|(_, rule)| rule.letter.is_fixed()) {
        let mut rule = rule.clone();
        rule.severity = Severity::Off;
        assert_eq!(regimes.severity(&rule), Severity::Stop);
    }
}
