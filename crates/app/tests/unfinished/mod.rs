//! UI.md: what a form comes to is told by the server as one types (`unfinished=true`): fields that apply, mistakes,
//! mark, rules, decisions; to those only who may do it, and nothing is changed by it.
//!
//! That it agrees with what comes of the act is asked at every act of the random walks (`house/foretold.rs`).

use crate::house::{House, code, map, on_each_database, shipped_with};
use app::{Error, Perform, Target, Unfinished};
use serde_json::{Value, json};

/// Journeys on business, with one of everything that depends on others.
const TRIP: &str = include_str!("trip.toml");

/// What the form of a new trip comes to.
async fn told(house: &House, who: &str, input: Value) -> Result<Unfinished, Error> {
    let target = Target::New {
        register: "trip".to_owned(),
    };
    let request = Perform::new(target, "apply", map(input));
    house.app.unfinished(house.who(who), request).await
}

/// Fields that apply, and those that are asked for.
fn stand(told: &Unfinished) -> (Vec<&str>, Vec<&str>) {
    let fields = told.fields.iter();
    let shown = fields.clone().filter(|one| one.shown);
    let required = fields.filter(|one| one.required);
    (
        shown.map(|one| one.field.as_str()).collect(),
        required.map(|one| one.field.as_str()).collect(),
    )
}

fn problems(told: &Unfinished) -> Vec<(&str, &str)> {
    let fields = told.problems.iter();
    fields
        .map(|one| (one.field.as_deref().unwrap_or_default(), one.code.as_str()))
        .collect()
}

#[test]
fn fields_follow_what_is_written() {
    on_each_database(|database| async {
        let packs = shipped_with(&[("trip", TRIP)]);
        let mut house = House::build_on(database, &packs.packs()).await;
        house.people().await;
        let empty = told(&house, "reader", json!({})).await.unwrap();
        assert_eq!(stand(&empty), (vec!["days"], vec![]));
        assert_eq!(problems(&empty), [("purpose", "register.field_required")]);
        assert_eq!(empty.computed["total"], json!(0));
        assert_eq!(empty.decisions.len(), 1);
        assert_eq!(json!(empty.filled), json!({ "abroad": false }));
        let abroad = json!({
            "purpose": "参加展览", "abroad": true, "days": 40,
            "costs": [
                { "what": "flight", "amount": 800 },
                { "what": "other", "amount": "much" },
            ],
        });
        let abroad = told(&house, "reader", abroad).await.unwrap();
        let shown = vec!["permit", "days", "costs.1.note"];
        assert_eq!(
            stand(&abroad),
            (shown, vec!["permit", "days", "costs.1.note"])
        );
        assert_eq!(
            problems(&abroad),
            [
                ("costs.1.amount", "register.field_kind"),
                ("permit", "register.field_required"),
            ]
        );
        let rules: Vec<&str> = abroad.rules.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(rules, ["R-905"]);
        assert_eq!(abroad.computed["total"], json!(800));
        let steps: Vec<usize> = abroad.decisions.iter().map(|one| one.step).collect();
        assert_eq!(steps, [0, 1]);
        assert_eq!(abroad.state.as_deref(), Some("applied"));
        let list = app::ListInput::default();
        let made = house
            .app
            .list(house.who("head"), "trip", list)
            .await
            .unwrap();
        assert!(made.items.is_empty());
        house.is_sound().await;
    });
}

#[test]
fn the_mark_is_there_before_the_record() {
    on_each_database(|database| async {
        let packs = shipped_with(&[]);
        let mut house = House::build_on(database, &packs.packs()).await;
        house.people().await;
        let target = || Target::New {
            register: "document".to_owned(),
        };
        let told = |input: Value| {
            let request = Perform::new(target(), "draft", map(input));
            house.app.unfinished(house.who("drafter"), request)
        };
        let draft = json!({ "level": "state.secret", "term": { "years": 10 } });
        let draft = told(draft).await.unwrap();
        assert_eq!(draft.mark.as_deref(), Some("机密★10年"));
        // a level without a period
        let without = told(json!({ "level": "state.secret" })).await.unwrap();
        let rules = without.rules.iter().chain(&without.undecided);
        assert!(rules.clone().any(|rule| rule.id == "R-132"));
        // above the writer's own clearance nothing is told but that
        let above = json!({ "level": "state.top_secret", "term": { "years": 20 } });
        let above = told(above).await.unwrap();
        let codes: Vec<&str> = above.refused.iter().map(|one| one.code.as_str()).collect();
        // and above what this installation may hold
        assert_eq!(codes, ["record.rules", "access.above_clearance"]);
        assert!(above.mark.is_none() && above.rules.is_empty() && above.fields.is_empty());
    });
}

#[test]
fn who_may_not_act_is_told_nothing_of_it() {
    on_each_database(|database| async {
        let packs = shipped_with(&[("trip", TRIP)]);
        let mut house = House::build_on(database, &packs.packs()).await;
        house.people().await;
        let document = house.classified().await;
        let secret = house.copies(document).await[0];
        let trip = |carried: Value| json!({ "purpose": "送文件", "carried": carried });
        // what is hidden, and what is nowhere, in the same words
        let hidden = told(&house, "outsider", trip(json!(secret))).await.unwrap();
        let nowhere = trip(json!("0196f3a0-0000-7000-8000-000000000000"));
        let nowhere = told(&house, "outsider", nowhere).await.unwrap();
        assert_eq!(problems(&hidden), [("carried", "register.link_unknown")]);
        assert_eq!(hidden.problems, nowhere.problems);
        assert_eq!((hidden.mark, hidden.label), (nowhere.mark, nowhere.label));
        // the same of somebody who may see it
        let seen = told(&house, "registrar", trip(json!(secret)))
            .await
            .unwrap();
        assert_eq!(seen.mark.as_deref(), Some("机密★10年"));
        // a record that is not theirs
        let read = house
            .app
            .read(house.who("registrar"), secret)
            .await
            .unwrap();
        let target = Target::Existing {
            id: secret,
            version: read.version,
        };
        let request = Perform::new(target, "correct", map(json!({})));
        let asked = house.app.unfinished(house.who("outsider"), request).await;
        assert_eq!(code(asked), "not_found");
    });
}
