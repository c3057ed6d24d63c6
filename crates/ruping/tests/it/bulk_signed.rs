//! A pile that is signed for at the counter: one proof of who signs, and a signature on each record over what it says;
//! on both databases.

use client::Client;
use domain::{PersonId, RecordId};
use serde_json::{Value, json};
use testkit::{House, PASSWORD};
use wire::{Bulk, BulkItem, BulkQuery, BulkRequest, Record, Signature};

use super::{accounts, signing, tokens::token};
use crate::{case, case::seen, on_each_database};

fn pile(action: &str, records: &[Record], signatures: Vec<Signature>) -> BulkRequest {
    let item = |record: &Record| BulkItem {
        id: record.id,
        version: record.version,
    };
    BulkRequest {
        action: action.to_owned(),
        items: records.iter().map(item).collect(),
        comment: Some("一并借出".to_owned()),
        atomic: true,
        signatures,
        ..BulkRequest::default()
    }
}

/// Copies that these people have leave to borrow.
fn loans(house: &House<'_>, borrowers: &[&str]) -> Vec<Record> {
    let (_, _, copies) = case::document(house, "方案", "内容", borrowers.len() as u64);
    let asked = copies.iter().zip(borrowers).map(|(copy, who)| {
        let loan = json!({
            "copy": copy, "borrower": house.id(who).unwrap(), "purpose": "评审",
            "due_at": "2026-03-05T09:00:00Z",
        });
        let waiting = house.make("bao", "loan", "request", loan, &[]).unwrap();
        case::approve(house, "zhu", &waiting)
    });
    asked.collect()
}

fn by(house: &House<'_>, who: &str, method: &str, credential: &str) -> Signature {
    Signature {
        person: Some(PersonId::from(house.id(who).unwrap())),
        method: method.to_owned(),
        credential: credential.into(),
    }
}

fn ask(client: &Client, wanted: &BulkRequest) -> Result<Bulk, String> {
    let asked = client.begin_bulk("loan", wanted, None);
    asked.map_err(|error| error.code().to_owned())
}

/// How many of them came to what, and with which codes.
fn told(bulk: &Bulk) -> (Value, Vec<&str>) {
    let problems = bulk.items.iter().flat_map(|one| &one.problems);
    (
        json!(bulk.counts),
        problems.map(|one| one.code.as_str()).collect(),
    )
}

fn states(house: &House<'_>, loans: &[Record]) -> Vec<String> {
    let state = |loan: &Record| seen(house, "bao", loan.id).state;
    loans.iter().map(state).collect()
}

/// What was signed of a record: by whom, and the digest.
fn seal(house: &House<'_>, id: RecordId) -> (String, Option<String>) {
    let history = house.client("bao").unwrap().read_history(id).unwrap().items;
    let signatures = &history.last().unwrap().signatures;
    assert_eq!(signatures.len(), 1);
    let person = signatures[0].person.as_ref().unwrap();
    (person.name.clone(), signatures[0].digest.clone())
}

#[test]
fn design_6_a_pile_is_signed_for_once_and_each_record_seals_its_own() {
    on_each_database(|server| {
        let house = case::staff(&server);
        let loans = loans(&house, &["yue", "yue", "yue"]);
        let bao = house.client("bao").unwrap();

        // what would happen is told before anybody signs
        let tried = BulkRequest {
            dry_run: true,
            ..pile("lend", &loans, Vec::new())
        };
        assert_eq!(told(&ask(bao, &tried).unwrap()).0, json!({ "would": 3 }));
        let unsigned = ask(bao, &pile("lend", &loans, Vec::new())).unwrap();
        assert_eq!(unsigned.state, "refused");
        assert_eq!(told(&unsigned).1, ["signature.missing"; 3]);
        let wrong = pile(
            "lend",
            &loans,
            vec![by(&house, "yue", "password", "not this one")],
        );
        assert_eq!(ask(bao, &wrong).unwrap_err(), "signature.wrong");
        let other = pile(
            "lend",
            &loans,
            vec![by(&house, "jian", "password", PASSWORD)],
        );
        assert_eq!(told(&ask(bao, &other).unwrap()).1, ["signature.missing"; 3]);
        assert_eq!(states(&house, &loans), ["approved"; 3]);

        // one code for all of them, and for nothing else
        let (app, _) = accounts::enrol(house.client("yue").unwrap(), accounts::later(0));
        server.set_clock(&accounts::later(60).to_string()).unwrap();
        let code = app.code(accounts::later(60));
        let signed = pile("lend", &loans, vec![by(&house, "yue", "totp", &code)]);
        let done = ask(bao, &signed).unwrap();
        assert_eq!(
            (done.state.as_str(), told(&done).0),
            ("done", json!({ "done": 3 }))
        );
        assert_eq!(states(&house, &loans), ["lent"; 3]);
        let seals: Vec<_> = loans.iter().map(|loan| seal(&house, loan.id)).collect();
        assert!(seals.iter().all(|(who, _)| who == "yue"));
        assert!(
            seals[0].1 != seals[1].1 && seals[1].1 != seals[2].1,
            "each over its own"
        );
        assert_eq!(
            ask(bao, &signed).unwrap_err(),
            "signature.wrong",
            "it is used up"
        );
        drop(house);
        case::sound(server);
    });
}

#[test]
fn design_6_nobody_signs_a_pile_for_another_nor_in_the_background() {
    on_each_database(|server| {
        let house = case::staff(&server);
        let loans = loans(&house, &["yue", "jian"]);
        let bao = house.client("bao").unwrap();
        let yue = || by(&house, "yue", "password", PASSWORD);
        let one = ask(bao, &pile("lend", &loans, vec![yue()])).unwrap();
        assert_eq!(
            told(&one),
            (
                json!({ "failed": 1, "would": 1 }),
                vec!["signature.missing"]
            )
        );
        assert_eq!(states(&house, &loans), ["approved"; 2], "all or none");

        let each = BulkRequest {
            atomic: false,
            ..pile("lend", &loans, vec![yue()])
        };
        assert_eq!(ask(bao, &each).unwrap_err(), "bulk.signatures");
        let unsigned = BulkRequest {
            atomic: false,
            ..pile("lend", &loans, Vec::new())
        };
        assert_eq!(
            ask(bao, &unsigned).unwrap_err(),
            "bulk.signatures",
            "nobody will"
        );
        let unseen = BulkRequest {
            items: Vec::new(),
            query: Some(BulkQuery::default()),
            ..pile("lend", &loans, vec![yue()])
        };
        assert_eq!(ask(bao, &unseen).unwrap_err(), "bulk.signed_list");
        let slip = Signature {
            person: None,
            ..by(&house, "yue", "slip", "回执第 3 号")
        };
        let slip = ask(bao, &pile("lend", &loans, vec![slip]));
        assert_eq!(slip.unwrap_err(), "bulk.slip");
        let made = token(bao, &["act"], "2026-04-01T00:00:00Z").unwrap();
        let program = server.nobody().unwrap().with_token(made.token);
        let by_program = ask(&program, &pile("lend", &loans, vec![yue()]));
        assert_eq!(by_program.unwrap_err(), "token.scope");

        // both sign, and a repeat of it asks for no credential that counts
        let both = vec![yue(), by(&house, "jian", "password", PASSWORD)];
        let both = pile("lend", &loans, both);
        let done = bao.begin_bulk("loan", &both, Some("pile")).unwrap();
        assert_eq!(done.state, "done");
        let seals: Vec<_> = loans.iter().map(|loan| seal(&house, loan.id).0).collect();
        assert_eq!(seals, ["yue", "jian"]);
        let repeat = bao.begin_bulk("loan", &both, Some("pile")).unwrap();
        assert_eq!(repeat.id, done.id);
        let others = pile("lend", &loans, vec![yue()]);
        let others = bao.begin_bulk("loan", &others, Some("pile")).unwrap_err();
        assert_eq!(others.code(), "idempotency.other_body");
        drop(house);
        case::sound(server);
    });
}

#[test]
fn design_6_a_pile_may_wait_in_the_inbox_record_by_record() {
    signing::with_register(("handover", include_str!("handover.toml")), |server| {
        let house = case::office(server);
        let drawn: Vec<Record> = (0..3).map(|_| signing::drawn(&house)).collect();
        let bao = house.client("bao").unwrap();
        let given = bao
            .begin_bulk("handover", &pile("give", &drawn, Vec::new()), None)
            .unwrap();
        assert_eq!(told(&given).0, json!({ "waits": 3 }));
        assert_eq!(signing::inbox(&house, "yue"), 3);
    });
}
