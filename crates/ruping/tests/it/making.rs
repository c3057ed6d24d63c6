//! B1 and B8, 制作 and 复制: no copy without an approval, none more than approved, each with its number.

use domain::RecordId;
use serde_json::{Value, json};
use testkit::House;

use crate::{
    case,
    case::{done, refused},
    on_each_database,
};

fn request(house: &House<'_>, document: RecordId) -> Value {
    let unit = house.id("unit").unwrap();
    json!({
        "document": document, "purpose": "下发", "copies_approved": 3, "maker_kind": "own",
        "distribution": [{ "unit": unit, "copies": 2 }, { "org": "某院", "copies": 1 }],
        "made_in": house.id("safe").unwrap(),
    })
}

fn finish(house: &House<'_>, copies: i64) -> Value {
    json!({
        "operator": house.id("yue").unwrap(), "supervisor": house.id("jian").unwrap(),
        "made_at": "2026-03-02T01:00:00Z", "copies_count": copies, "waste_sheets": 2,
        "leftovers": { "proofs": "yes", "waste": "yes", "plates": "na", "files": "yes" },
        "keeper": house.id("bao").unwrap(), "place": house.id("safe").unwrap(),
    })
}

#[test]
fn b1_no_more_copies_than_were_approved() {
    on_each_database(|server| {
        let house = case::office(&server);
        let (document, _, _) = case::document(&house, "印制方案", "内容", 2);
        let mut uneven = request(&house, document.id);
        uneven["copies_approved"] = json!(4);
        let outcome = house.make("yue", "making", "request", uneven, &[]);
        assert_eq!(
            refused(outcome),
            "record.rules",
            "R-201: the distribution adds up"
        );
        let mut expired = request(&house, document.id);
        expired["maker_kind"] = json!("contractor");
        let outcome = house.make("yue", "making", "request", expired, &[]);
        assert_eq!(
            refused(outcome),
            "record.fields",
            "R-203: a contractor has a certificate"
        );

        let waiting = house.make(
            "yue",
            "making",
            "request",
            request(&house, document.id),
            &[],
        );
        let making = case::approve_by(&house, &waiting.unwrap(), &["zhu", "ban"]);
        assert_eq!(making.state, "approved");
        let signers = ["yue", "jian", "bao"];
        let more = house.act("bao", &making, "finish", finish(&house, 4), &signers);
        assert_eq!(refused(more), "record.rules", "a copy too many");
        let mut left = finish(&house, 3);
        left["leftovers"]["waste"] = json!("no");
        let left = house.act("bao", &making, "finish", left, &signers);
        assert_eq!(refused(left), "record.rules", "R-213: waste is dealt with");
        let mut alone = finish(&house, 3);
        alone["supervisor"] = alone["operator"].clone();
        let alone = house.act("bao", &making, "finish", alone, &["yue", "bao"]);
        assert!(alone.is_err(), "nobody supervises themselves");
        let made = done(house.act("bao", &making, "finish", finish(&house, 3), &signers));
        assert_eq!(made.state, "made");
        assert_eq!(
            made.fields["numbers"],
            json!("000003-000005"),
            "R-202: they go on"
        );
        let bao = house.client("bao").unwrap();
        let custody = bao.read_custody(document.id).unwrap();
        assert_eq!(custody.copies.len(), 5);
        drop(house);
        case::sound(server);
    });
}

#[test]
fn b8_copies_of_copies_are_kept_like_the_originals() {
    on_each_database(|server| {
        let house = case::office(&server);
        let (document, _, copies) = case::document(&house, "复印方案", "内容", 1);
        let fields = json!({
            "sources": copies, "purpose": "internal", "pages": 3, "copies_approved": 2,
            "where": "house",
        });
        let waiting = house
            .make("bao", "reproduction", "request", fields, &[])
            .unwrap();
        let asked = case::approve_by(&house, &waiting, &["zhu", "ban", "ling"]);
        let with = |count: i64, stamped: bool| {
            json!({
                "operator": house.id("jian").unwrap(), "receiver": house.id("yue").unwrap(),
                "copies_count": count, "stamped": stamped, "keeper": house.id("bao").unwrap(),
                "place": house.id("safe").unwrap(),
            })
        };
        let plain = house.act("bao", &asked, "finish", with(2, false), &["yue", "bao"]);
        assert_eq!(refused(plain), "record.rules", "R-211: the stamp");
        let more = house.act("bao", &asked, "finish", with(3, true), &["yue", "bao"]);
        assert_eq!(refused(more), "record.rules", "a copy too many");
        let unsigned = house.act("bao", &asked, "finish", with(2, true), &["bao"]);
        assert_eq!(refused(unsigned), "signature.missing");
        let copied = done(house.act("bao", &asked, "finish", with(2, true), &["yue", "bao"]));
        assert_eq!(copied.fields["numbers"], json!("000002-000003"));
        let custody = house
            .client("bao")
            .unwrap()
            .read_custody(document.id)
            .unwrap();
        let kinds: Vec<_> = custody
            .copies
            .iter()
            .map(|one| one.movements[0].kind.as_str())
            .collect();
        assert_eq!(kinds, ["made", "copied", "copied"]);
        drop(house);
        case::sound(server);
    });
}
