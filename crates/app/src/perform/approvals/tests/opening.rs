//! Gap 1: opening stock is marked for good, carries a number, and ends nothing that is still open.

use super::*;
use crate::sight::on_each_database;

/// A register whose own `take_over` reaches a state that otherwise only a signature gives.
const SEAL: &str = r#"
key = "seal_use"
name = { zh = "用印登记", en = "Use of a seal" }
area = "office"
help = { zh = "测试用登记簿", en = "A register for tests" }
label = "open"
number = { format = "YY{seq:3}", at = "note" }

[[field]]
key = "place"
name = { zh = "印章所在", en = "Place" }
type = "unit"

[[field]]
key = "about"
name = { zh = "事项", en = "About" }
type = "link"
to = "unit"
reserve = true

[[state]]
key = "noted"
name = { zh = "已登记", en = "Noted" }
initial = true

[[state]]
key = "sealed"
name = { zh = "已用印", en = "Sealed" }
final = true

[[action]]
key = "note"
name = { zh = "登记", en = "Note" }
to = "noted"
who = "staff"
input = ["about"]

[[action]]
key = "seal"
name = { zh = "用印", en = "Seal" }
from = ["noted"]
to = "sealed"
who = "staff"
sign = ["role:leader"]

[[action]]
key = "take_over"
name = { zh = "补录", en = "Take over" }
to = ["noted", "sealed"]
who = "role:office_head"
input = ["about"]
"#;

const DECIDED: &str = r#"
[[state]]
key = "refused"
name = { zh = "未批准", en = "Refused" }
final = true

[[approval]]
action = "take_over"
refused = "refused"
step = [{ who = "role:leader" }]
"#;

async fn house(server: Option<String>, text: &str) -> House {
    let mut house = House::build_on(server).await;
    house.app = with_register(house.app, "own/registers/seal_use.toml", text);
    house
}

fn fields(result: Result<Performed, Error>) -> Vec<(String, String)> {
    match result {
        Err(Error::Fields(problems)) => problems
            .into_iter()
            .map(|one| (one.field, one.code))
            .collect(),
        other => panic!("no field was refused: {other:?}"),
    }
}

fn one(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

fn old(changes: &Value) -> Value {
    let mut input = json!({
        "taken_from": "2019 年用印登记簿，第 3 页", "former_number": "旧-7", "state": "sealed",
    });
    for (key, value) in changes.as_object().unwrap() {
        input[key] = value.clone();
    }
    input
}

#[test]
fn what_is_taken_over_says_whence_why_and_under_which_number() {
    on_each_database(|server| async move {
        let house = house(server, SEAL).await;
        let take = |input: Value| house.run("head", new("seal_use"), "take_over", input);
        let without = take(old(&json!({ "taken_from": null })));
        assert_eq!(
            fields(without.await),
            one("taken_from", "register.field_required")
        );
        let without = take(old(&json!({ "former_number": null })));
        assert_eq!(
            fields(without.await),
            one("former_number", "register.field_required"),
            "it will never have one of ours"
        );
        let mut silent = request(new("seal_use"), "take_over", old(&json!({})));
        silent.comment = None;
        let silent = house.app.perform(&house.callers["head"], silent).await;
        assert_eq!(fields(silent), one("comment", "register.field_required"));

        let taken = done(take(old(&json!({}))).await);
        assert_eq!(
            (taken.state.as_str(), taken.number.as_deref()),
            ("sealed", None)
        );
        assert_eq!(taken.fields["taken_from"], "2019 年用印登记簿，第 3 页");
        let caller = &house.callers["asker"];
        let history = house.app.history(caller, taken.id).await.unwrap();
        assert_eq!(history[0].action, "take_over");
        assert_eq!(history[0].comment.as_deref(), Some("有理由"));
        let input = crate::ListInput {
            filter: Some("former_number:旧-7".to_owned()),
            ..crate::ListInput::default()
        };
        let page = house.app.list(caller, "seal_use", input).await.unwrap();
        assert_eq!(page.items.len(), 1);
        assert!(
            page.items[0].fields.contains_key("taken_from"),
            "seen in lists"
        );
        let twice = take(old(&json!({}))).await;
        assert_eq!(fields(twice), one("former_number", "register.not_unique"));
    });
}

#[test]
fn what_is_taken_over_as_closed_names_nothing_that_is_open_here() {
    on_each_database(|server| async move {
        let house = house(server, SEAL).await;
        let unit = house.add("office", "unit", json!({ "name": "二部" })).await;
        let take = |input: Value| house.run("head", new("seal_use"), "take_over", input);
        let named = json!({ "about": unit });
        assert_eq!(
            fields(take(old(&named)).await),
            one("about", "register.take_over_live")
        );
        let open = old(&json!({ "about": unit, "state": "noted", "former_number": "旧-8" }));
        done(take(open).await);
        done(house.act("office", unit, "close", json!({})).await);
        done(take(old(&named)).await);
    });
}

#[test]
fn a_decision_on_opening_stock_leaves_the_state_that_was_chosen() {
    on_each_database(|server| async move {
        let house = house(server, &format!("{SEAL}{DECIDED}")).await;
        let asked = house.run("head", new("seal_use"), "take_over", old(&json!({})));
        let (approval, record) = waiting(asked.await);
        assert_eq!(house.read(record).await.state, "noted", "while it waits");
        assert_eq!(
            done(house.approve("leader1", approval).await).state,
            "sealed"
        );
    });
}
