use std::collections::BTreeSet;

use jiff::civil::date;

use super::{Clearance, Compartment, Ends, Label, LabelClass, Levels, Scope};
use crate::{Family, Level, Mark, PersonId, Term, UnitId};

fn person(n: u8) -> PersonId {
    PersonId::new(jiff::Timestamp::UNIX_EPOCH, [n; 10])
}

fn unit(n: u8) -> UnitId {
    UnitId::new(jiff::Timestamp::UNIX_EPOCH, [n; 10])
}

fn item(level: Level, term: &Term, start: jiff::civil::Date) -> Label {
    Label {
        levels: level.into(),
        ends: term.ends(start, level),
        ..Label::open()
    }
}

fn cleared(levels: Levels) -> Clearance {
    Clearance {
        levels,
        compartments: BTreeSet::new(),
    }
}

#[test]
fn r123_a_compilation_takes_the_highest_level_and_the_longest_end() {
    let plan = item(Level::Secret, &Term::Years(10), date(2020, 1, 1));
    let note = item(Level::Confidential, &Term::Years(10), date(2024, 1, 1));
    let compiled = plan.join(&note);
    assert_eq!(compiled.levels.get(Family::State), Some(Level::Secret));
    let end = compiled.ends.date().unwrap();
    assert_eq!(end, date(2034, 1, 1));
    let mark = Mark::for_level(Level::Secret, Term::Until(end), None);
    assert_eq!(mark.to_string(), "机密★2034年1月1日");
}

#[test]
fn r137_an_item_whose_period_is_over_is_declassified_without_approval() {
    let report = item(Level::Confidential, &Term::Years(10), date(2016, 6, 1));
    let nothing = BTreeSet::new();
    assert!(
        !report.ends.over(date(2026, 5, 31), &nothing),
        "secret through the day before"
    );
    assert!(report.ends.over(date(2026, 6, 1), &nothing));
    assert!(
        report.ends.over(date(2026, 6, 2), &nothing),
        "an extension now is refused (R-144)"
    );
}

#[test]
fn r137_a_condition_ends_when_it_happens_and_a_join_waits_for_all() {
    let speech = Ends::when("会议开始前");
    let both = speech.join(&Ends::on(date(2027, 1, 1)));
    let happened = BTreeSet::from(["会议开始前".to_owned()]);
    assert!(!speech.over(date(2030, 1, 1), &BTreeSet::new()));
    assert!(speech.over(date(2026, 1, 1), &happened));
    assert!(!both.over(date(2026, 12, 31), &happened));
    assert!(both.over(date(2027, 1, 1), &happened));
    assert!(!both.over(date(2027, 1, 1), &BTreeSet::new()));
}

#[test]
fn r136_long_term_never_ends_and_open_material_has_nothing_to_end() {
    let far = date(9999, 1, 1);
    assert!(!Ends::long_term().over(far, &BTreeSet::new()));
    assert!(!Ends::none().over(far, &BTreeSet::new()));
    assert!(Ends::none().is_none() && !Ends::long_term().is_none());
}

#[test]
fn r184_general_staff_are_not_cleared_for_a_secret_item() {
    let class = item(Level::Secret, &Term::Years(20), date(2026, 1, 1)).class();
    assert!(!cleared(Level::Confidential.into()).dominates(&class));
    assert!(cleared(Level::Secret.into()).dominates(&class));
    assert!(cleared(Level::TopSecret.into()).dominates(&class));
    assert!(!cleared(Levels::new().with(Level::Core).with(Level::Internal)).dominates(&class));
    assert!(Clearance::none().dominates(&LabelClass::open()));
}

#[test]
fn every_family_and_compartment_must_be_cleared() {
    let mut label = Label::open();
    label.levels = Levels::new().with(Level::Secret).with(Level::Ordinary);
    label
        .compartments
        .insert(Compartment::parse("甲工程").unwrap());
    let mut clearance = cleared(Level::TopSecret.into());
    assert!(!clearance.dominates(&label.class()), "no trade clearance");
    clearance.levels = clearance.levels.with(Level::Core);
    assert!(
        !clearance.dominates(&label.class()),
        "not admitted to the compartment"
    );
    clearance
        .compartments
        .insert(Compartment::parse("甲工程").unwrap());
    assert!(clearance.dominates(&label.class()));
}

#[test]
fn levels_hold_one_level_per_family() {
    let levels = Levels::new().with(Level::Secret).with(Level::Confidential);
    assert_eq!(
        levels.get(Family::State),
        Some(Level::Confidential),
        "with replaces"
    );
    let highest: Levels = [Level::Secret, Level::TopSecret, Level::Internal]
        .into_iter()
        .collect();
    assert_eq!(
        highest.iter().collect::<Vec<_>>(),
        [Level::TopSecret, Level::Internal]
    );
    assert!(highest.at_least(Level::Secret) && !highest.at_least(Level::Ordinary));
    assert!(
        highest
            .without(Family::State)
            .without(Family::Work)
            .is_open()
    );
}

#[test]
fn levels_are_stored_by_family() {
    let levels = Levels::new()
        .with(Level::Internal)
        .with(Level::Secret)
        .with(Level::Core);
    let json = r#"{"state":"state.secret","trade":"trade.core","work":"work.internal"}"#;
    assert_eq!(serde_json::to_string(&levels).unwrap(), json);
    assert_eq!(serde_json::from_str::<Levels>(json).unwrap(), levels);
    let wrong = serde_json::from_str::<Levels>(r#"{"work":"state.secret"}"#).unwrap_err();
    assert!(
        wrong
            .to_string()
            .contains("does not belong to family `work`"),
        "{wrong}"
    );
    assert!(serde_json::from_str::<Levels>(r#"{"foreign":"state.secret"}"#).is_err());
}

#[test]
fn r181_a_scope_names_persons_or_units() {
    let scope = Scope::named([person(1)], [unit(7)]);
    assert!(scope.contains(person(1), &BTreeSet::new()));
    assert!(scope.contains(person(2), &BTreeSet::from([unit(6), unit(7)])));
    assert!(!scope.contains(person(2), &BTreeSet::from([unit(6)])));
    assert!(!Scope::nobody().contains(person(1), &BTreeSet::from([unit(7)])));
    assert!(Scope::everyone().contains(person(9), &BTreeSet::new()));
}

#[test]
fn implied_clauses_are_dropped() {
    let wide = Scope::named([person(1), person(2)], [unit(1)]);
    let narrow = Scope::named([person(1)], []);
    assert_eq!(wide.intersect(&narrow), narrow);
    assert_eq!(wide.intersect(&narrow).clauses().count(), 1);
    assert!(narrow.is_narrower_or_equal(&wide) && !wide.is_narrower_or_equal(&narrow));
}

#[test]
fn a_lost_scope_is_not_read_as_everyone() {
    assert_eq!(
        serde_json::to_string(&Scope::everyone()).unwrap(),
        "\"everyone\""
    );
    assert!(serde_json::from_str::<Scope>(r#"{"clauses":[]}"#).is_err());
    assert!(serde_json::from_str::<Scope>("{}").is_err());
    let nobody = r#"{"clauses":[{"persons":[],"units":[]}]}"#;
    assert_eq!(
        serde_json::from_str::<Scope>(nobody).unwrap(),
        Scope::nobody()
    );
    let without_scope = r#"{"levels":{},"ends":{},"compartments":[]}"#;
    assert!(serde_json::from_str::<Label>(without_scope).is_err());
}

#[test]
fn what_long_term_absorbs_is_dropped_on_reading() {
    let ends: Ends =
        serde_json::from_str(r#"{"date":"2030-01-01","events":["x"],"long_term":true}"#).unwrap();
    assert_eq!(ends, Ends::long_term());
    assert_eq!(
        serde_json::to_string(&ends).unwrap(),
        r#"{"long_term":true}"#
    );
    assert_eq!(serde_json::to_string(&Ends::none()).unwrap(), "{}");
    let dated = Ends::on(date(2034, 1, 1)).join(&Ends::when("公布前"));
    let json = r#"{"date":"2034-01-01","events":["公布前"]}"#;
    assert_eq!(serde_json::to_string(&dated).unwrap(), json);
}

#[test]
fn the_canonical_form_of_a_class_does_not_change() {
    let mut label = Label::open();
    assert_eq!(
        label.class().canonical(),
        r#"{"compartments":[],"levels":{},"scope":"everyone"}"#
    );
    label.levels = Levels::new().with(Level::Secret).with(Level::Internal);
    label
        .compartments
        .insert(Compartment::parse("北斗\"2\"").unwrap());
    label.scope = Scope::named([person(1)], []);
    assert_eq!(
        label.class().canonical(),
        concat!(
            r#"{"compartments":["北斗\"2\""],"levels":{"state":"state.secret","work":"work.internal"},"#,
            r#""scope":{"clauses":[{"persons":["00000000-0000-7101-8101-010101010101"],"units":[]}]}}"#
        )
    );
    assert!(!label.is_open() && !label.class().is_open());
    assert!(Label::default().is_open() && LabelClass::open().is_open());
}

#[test]
fn compartment_names_are_visible_and_bounded() {
    assert_eq!(Compartment::parse(" 甲工程 ").unwrap().as_str(), "甲工程");
    assert!(Compartment::parse(&"工".repeat(64)).is_ok());
    for wrong in ["", "  ", "甲\u{200b}工程", "甲\n工程", &"工".repeat(65)] {
        assert_eq!(
            Compartment::parse(wrong).unwrap_err().code(),
            "domain.compartment"
        );
        let json = serde_json::to_string(wrong).unwrap();
        assert!(serde_json::from_str::<Compartment>(&json).is_err());
    }
}
