use super::*;

/// The twelve hardest registers, with the small ones they link to.
pub(crate) fn twelve() -> Vec<Source> {
    let mut sources = folder(&root().join("docs/src/explanation/definitions"));
    assert_eq!(sources.len(), 12);
    sources.extend(helpers());
    sources
}

#[test]
fn the_twelve_hardest_registers_load() {
    let catalogue = loaded(&twelve());
    for key in [
        "receive",
        "classification",
        "making",
        "reproduction",
        "circulation",
        "loan",
        "stock_take",
        "destruction",
        "exam_session",
        "self_evaluation",
        "leaving",
        "meeting",
    ] {
        assert!(catalogue.definition(key).is_some(), "{key}");
    }
}

#[test]
fn what_the_page_gets_of_a_register() {
    let catalogue = loaded(&twelve());
    let shown = serde_json::to_string_pretty(catalogue.definition("loan").unwrap()).unwrap();
    insta::assert_snapshot!("loan", shown);
}

#[test]
fn every_rule_carries_its_source_and_every_fixed_one_stops() {
    let catalogue = loaded(&twelve());
    assert!(catalogue.rules().count() > 60);
    for (definition, rule) in catalogue.rules() {
        let place = format!("{} {}", definition.key, rule.id);
        assert!(!rule.clause.is_empty(), "{place}");
        assert!(
            !rule.letter.is_fixed() || rule.severity == crate::Severity::Stop,
            "{place}"
        );
    }
}

/// The built-in actions of every register that people make records of: who runs an office can
/// mend, cancel and move in, 作废 never undoes what an effect did, and what is taken over stands
/// nowhere that a decision or a signature leads to.
#[test]
fn every_register_can_be_corrected_taken_over_and_cancelled_before_anything_happened() {
    let catalogue = loaded(&twelve());
    for definition in catalogue.definitions() {
        let key = &definition.key;
        let by_people = definition.nature == crate::Nature::Business
            && definition
                .initial_actions()
                .any(|action| !action.added && !action.who.is_system());
        let take_over = definition.action("take_over");
        let free = definition.initial_actions().any(|first| {
            let signed = !first.sign.is_empty() || first.effect.is_some();
            let made = !first.creates.is_empty() || definition.approval_of(&first.key).is_some();
            !first.added && !first.who.is_system() && !signed && !made
        });
        assert_eq!(
            take_over.is_some_and(crate::Action::is_initial),
            by_people && free,
            "{key}"
        );
        let correct = definition.action("correct");
        assert!(
            correct.is_none_or(|a| a.comment == crate::model::Comment::Required),
            "{key}"
        );
    }
    let corrected = |key: &str| {
        let action = catalogue.definition(key).unwrap().action("correct");
        action.map(|action| action.input.clone())
    };
    // what was approved, lent and counted on is left alone
    let loan = ["condition", "remark"].map(str::to_owned).to_vec();
    assert_eq!(corrected("loan"), Some(loan));
    let from = |key: &str| {
        catalogue
            .definition(key)
            .unwrap()
            .action("cancel")
            .unwrap()
            .from
            .clone()
    };
    assert_eq!(from("loan"), ["requested", "approved"]);
    assert_eq!(from("circulation"), ["drawn_up"]);
    assert_eq!(from("leaving"), ["applied"]);
    let loan = catalogue.definition("loan").unwrap();
    assert!(loan.is_final("cancelled"));
}

#[test]
fn lists_written_as_a_star_are_filled_in() {
    let catalogue = loaded(&twelve());
    let copy = catalogue.definition("copy").unwrap();
    assert_eq!(
        copy.action("lose").unwrap().from,
        ["in_stock", "lent", "missing"]
    );
    let exam = catalogue.definition("exam_session").unwrap();
    let input = &exam.action("schedule").unwrap().input;
    assert!(input.contains(&"candidates".to_owned()) && input.contains(&"paper".to_owned()));
    assert!(!input.contains(&"pass_rate".to_owned()));
}
