//! Gap 13: lists in the order of numbers, whole and broken, of amounts and of yes and no, page after
//! page, and filtered by them.

use super::cost::making;
use super::on_each_database;
use super::world::{Person, World};
use crate::{Caller, ListInput};
use serde_json::{Value, json};

const SAMPLE: &str = r#"
key = "sample"
name = { zh = "样品", en = "Sample" }
area = "office"
help = { zh = "测试用登记簿", en = "A register for tests" }
label = "open"

[[field]]
key = "weight"
name = { zh = "重量", en = "Weight" }
type = "decimal"
index = true

[[field]]
key = "points"
name = { zh = "得分", en = "Points" }
type = "score"
index = true

[[field]]
key = "price"
name = { zh = "价格", en = "Price" }
type = "money"
index = true

[[field]]
key = "pieces"
name = { zh = "件数", en = "Pieces" }
type = "integer"
index = true

[[field]]
key = "whole"
name = { zh = "完好", en = "Whole" }
type = "bool"
index = true

[[state]]
key = "kept"
name = { zh = "登记", en = "Kept" }
initial = true

[[state]]
key = "gone"
name = { zh = "注销", en = "Gone" }
final = true

[[action]]
key = "add"
name = { zh = "登记", en = "Add" }
to = "kept"
who = "staff"

[[action]]
key = "end"
name = { zh = "注销", en = "End" }
from = ["kept"]
to = "gone"
who = "staff"
"#;

async fn house(server: Option<String>) -> (World, Caller) {
    let mut world = World::build_with(server, &[("sample.toml", SAMPLE)]).await;
    world
        .settle(vec![Person::ready(0, "core", &["staff"])])
        .await;
    let caller = world.caller(&world.people[0]);
    for (weight, price, whole) in [
        (json!(10), "100.00", true),
        (json!(-2.5), "20.5", false),
        (json!(9.75), "-3", true),
        (json!(0.5), "9", false),
        (Value::Null, "1000.01", true),
    ] {
        let input = json!({
            "weight": weight, "points": weight.as_f64().map(f64::abs), "price": price,
            "pieces": price.len(), "whole": whole,
        });
        world
            .app
            .perform(&caller, making("sample", "add", input))
            .await
            .unwrap();
    }
    (world, caller)
}

/// Values of a field over the pages of a list, one row a page.
async fn told(world: &World, caller: &Caller, field: &str, filter: &str, sort: &str) -> Vec<Value> {
    let mut told = Vec::new();
    let mut after = None;
    loop {
        let input = ListInput {
            filter: Some(filter.to_owned()),
            sort: Some(sort.to_owned()),
            limit: Some(1),
            after: after.take(),
            ..ListInput::default()
        };
        let page = world.app.list(caller, "sample", input).await.unwrap();
        let values = page
            .items
            .iter()
            .map(|item| item.fields.get(field).cloned());
        told.extend(values.map(Option::unwrap_or_default));
        match page.next {
            Some(next) => after = Some(next),
            None => return told,
        }
    }
}

#[test]
fn lists_follow_the_order_of_numbers_with_decimals() {
    on_each_database(|server| async move {
        let (world, caller) = house(server).await;
        let told = |field: &'static str, filter: &'static str, sort: &'static str| {
            told(&world, &caller, field, filter, sort)
        };
        let filled = |values: Vec<Value>| -> Vec<Value> {
            values
                .into_iter()
                .filter(|value| !value.is_null())
                .collect()
        };
        let weights = vec![json!(-2.5), json!(0.5), json!(9.75), json!(10)];
        assert_eq!(filled(told("weight", "", "weight").await), weights);
        let back: Vec<Value> = weights.iter().rev().cloned().collect();
        assert_eq!(filled(told("weight", "", "-weight").await), back);
        assert_eq!(
            filled(told("points", "", "points").await),
            [json!(0.5), json!(2.5), json!(9.75), json!(10.0)]
        );
        assert_eq!(
            told("price", "", "price").await,
            ["-3.00", "9.00", "20.50", "100.00", "1000.01"]
        );
        assert_eq!(told("weight", "weight>=0.5", "weight").await, weights[1..]);
        assert_eq!(told("weight", "weight<=9.75", "weight").await, weights[..3]);
        assert_eq!(told("weight", "weight:10", "weight").await, [json!(10)]);
        assert_eq!(
            told("weight", "weight:-2.50", "weight").await,
            [json!(-2.5)]
        );
        assert_eq!(
            told("price", "price>=20.5", "price").await,
            ["20.50", "100.00", "1000.01"]
        );
        assert_eq!(told("price", "price:9", "price").await, ["9.00"]);
        assert_eq!(told("pieces", "pieces>=5", "-pieces").await, [7, 6]);
    });
}

#[test]
fn a_filter_of_yes_or_no_finds_what_is_so() {
    on_each_database(|server| async move {
        let (world, caller) = house(server).await;
        assert_eq!(
            told(&world, &caller, "price", "whole:true", "price").await,
            ["-3.00", "100.00", "1000.01"]
        );
        assert_eq!(
            told(&world, &caller, "price", "whole:false", "price").await,
            ["9.00", "20.50"]
        );
        for filter in [
            "whole:maybe",
            "weight:heavy",
            "weight:NaN",
            "price:1.234",
            "pieces:1.5",
        ] {
            let input = ListInput {
                filter: Some(filter.to_owned()),
                ..ListInput::default()
            };
            let refused = world.app.list(&caller, "sample", input).await;
            assert!(
                matches!(
                    refused,
                    Err(crate::Error::Malformed {
                        code: "list.filter",
                        ..
                    })
                ),
                "{filter}: {refused:?}"
            );
        }
    });
}
