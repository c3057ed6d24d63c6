//! Gap 9: a line of custody goes forward only.

use client::{Act, Version};
use domain::PersonId;
use serde_json::json;
use testkit::{House, PASSWORD};
use wire::{ActionRequest, Record, Signature};

use crate::accounts::{at, later};
use crate::{case, on_each_database};

/// Acts on a loan as of an instant; the borrower signs.
fn act(house: &House<'_>, loan: &Record, action: &str, seconds: i64) -> Result<Record, String> {
    let signature = Signature {
        person: Some(PersonId::from(house.id("yue").unwrap())),
        method: "password".to_owned(),
        credential: PASSWORD.into(),
    };
    let request = ActionRequest {
        signatures: (action == "lend")
            .then_some(signature)
            .into_iter()
            .collect(),
        occurred_at: Some(later(seconds)),
        ..ActionRequest::default()
    };
    let bao = house.client("bao").unwrap();
    match bao.perform_action(Version::from(loan), action, &request, &Act::default()) {
        Ok(done) => Ok(done.record().unwrap().clone()),
        Err(error) => Err(error.code().to_owned()),
    }
}

#[test]
fn what_happened_to_a_copy_happened_after_what_happened_to_it_before() {
    on_each_database(|server| {
        let house = case::staff(&server);
        server.set_clock(&later(600).to_string()).unwrap();
        let (_, _, copies) = case::document(&house, "方案", "内容", 1);
        server.set_clock(&later(1500).to_string()).unwrap();
        let loan = json!({
            "copy": copies[0], "borrower": house.id("yue").unwrap(), "purpose": "评审",
            "due_at": "2026-03-05T09:00:00Z",
        });
        let waiting = house.make("bao", "loan", "request", loan, &[]).unwrap();
        let loan = case::approve(&house, "zhu", &waiting);
        let early = || "occurred_at.before_last_movement".to_owned();
        assert_eq!(
            act(&house, &loan, "lend", 599).unwrap_err(),
            early(),
            "before it was made"
        );
        let lent = act(&house, &loan, "lend", 1200).unwrap();
        assert_eq!(
            act(&house, &lent, "return", 1199).unwrap_err(),
            early(),
            "before it was lent"
        );
        act(&house, &lent, "return", 1200).unwrap();
        let custody = house
            .client("bao")
            .unwrap()
            .read_custody(copies[0])
            .unwrap();
        let moved: Vec<_> = custody.copies[0]
            .movements
            .iter()
            .map(|one| one.at)
            .collect();
        assert_eq!(moved, [later(600), later(1200), later(1200)]);
        assert!(moved[0] > at("2026-03-02T01:00:00Z"));
    });
}
