//! Gap 3: an honest repeat of what was signed with a code is told what the first time was, and
//! counts against nobody.

use client::{Act, Version};
use domain::PersonId;
use serde_json::json;
use testkit::{House, PASSWORD};
use wire::{ActionRequest, Performed, Record, Signature};

use crate::accounts::{enrol, later, login};
use crate::{case, on_each_database};

/// Lends under a key, against a signature of yue's; tells the version the loan then has.
fn lend(
    house: &House<'_>,
    who: &str,
    loan: &Record,
    (method, credential): (&str, &str),
    comment: &str,
) -> Result<i64, String> {
    let act = ActionRequest {
        signatures: vec![Signature {
            person: Some(PersonId::from(house.id("yue").unwrap())),
            method: method.to_owned(),
            credential: credential.into(),
        }],
        comment: Some(comment.to_owned()),
        ..ActionRequest::default()
    };
    let how = Act {
        idempotency_key: Some("lend-1".to_owned()),
        ..Act::default()
    };
    let client = house.client(who).unwrap();
    match client.perform_action(Version::from(loan), "lend", &act, &how) {
        Ok(Performed::Done(done)) => Ok(done.record.version),
        Ok(other) => panic!("{other:?}"),
        Err(error) => Err(error.code().to_owned()),
    }
}

#[test]
fn a_repeat_of_what_was_signed_with_a_code_needs_no_second_code() {
    on_each_database(|server| {
        let mut house = case::staff(&server);
        house
            .hire("chen", "important", &["staff", "registrar"])
            .unwrap();
        let (_, _, copies) = case::document(&house, "方案", "内容", 1);
        let loan = json!({
            "copy": copies[0], "borrower": house.id("yue").unwrap(), "purpose": "评审",
            "due_at": "2026-03-05T09:00:00Z",
        });
        let waiting = house.make("bao", "loan", "request", loan, &[]).unwrap();
        let loan = case::approve(&house, "zhu", &waiting);
        let (app, _) = enrol(house.client("yue").unwrap(), later(0));
        server.set_clock(&later(60).to_string()).unwrap();
        let code = app.code(later(60));
        let first = lend(&house, "bao", &loan, ("totp", &code), "评审");
        assert!(first.is_ok(), "{first:?}");
        // more often than an account may be wrong
        for _ in 0..8 {
            assert_eq!(lend(&house, "bao", &loan, ("totp", &code), "评审"), first);
        }
        let other = || Err("idempotency.other_body".to_owned());
        assert_eq!(lend(&house, "bao", &loan, ("totp", &code), "别的"), other());
        assert_eq!(
            lend(&house, "bao", &loan, ("password", PASSWORD), "评审"),
            other(),
            "signed in another way"
        );
        assert_eq!(
            lend(&house, "chen", &loan, ("totp", &code), "评审"),
            Err("signature.wrong".to_owned()),
            "the key is bao's"
        );
        server.set_clock(&later(120).to_string()).unwrap();
        let fresh = app.code(later(120));
        assert!(
            login(&server, "yue", PASSWORD, Some(&fresh)).is_ok(),
            "not locked out"
        );
    });
}
