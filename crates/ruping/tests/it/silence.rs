//! What an answer about something visible keeps silent about: the hidden things it hangs on.

use client::Call;
use domain::RecordId;
use serde_json::json;
use testkit::House;
use wire::{PageQuery, Performed};

use crate::bad_input::problem;
use crate::{case, on_each_database};

/// A document that zhu may not know, who decides on its loans, and copies of it.
fn beyond_zhu(house: &House<'_>, copies: u64) -> (RecordId, Vec<RecordId>) {
    let scope: Vec<_> = ["bao", "ling", "yue"]
        .map(|who| house.id(who).unwrap())
        .into();
    let fields = json!({
        "title": "范围以外不得知悉的文件", "level": "state.secret", "term": { "years": 10 },
        "issue_date": "2026-02-01", "scope_persons": scope, "issuer": "本单位",
        "taken_from": "旧台账",
    });
    let made = house
        .make("bao", "document", "take_over", fields, &[])
        .unwrap();
    let document = made.record().unwrap().clone();
    let stock = json!({
        "copies_count": copies, "keeper": house.id("bao").unwrap(),
        "place": house.id("safe").unwrap(),
    });
    let made = house
        .act("bao", &document, "make_copies", stock, &[])
        .unwrap();
    let Performed::Done(done) = made else {
        panic!("copies wait for somebody: {made:?}")
    };
    (document.id, done.made.iter().map(|one| one.id).collect())
}

fn request(house: &House<'_>, copy: RecordId) -> Performed {
    let loan = json!({
        "copy": copy, "borrower": house.id("yue").unwrap(), "purpose": "评审",
        "due_at": "2026-03-05T09:00:00Z",
    });
    house.make("bao", "loan", "request", loan, &[]).unwrap()
}

#[test]
fn gap_18_the_custody_of_a_copy_does_not_name_a_document_its_reader_may_not_know() {
    on_each_database(|server| {
        let house = case::staff(&server);
        let (document, copies) = beyond_zhu(&house, 1);
        let copy = copies[0];
        request(&house, copy);
        // who decides on the loan sees the copy, and not what it is a copy of
        let (bao, zhu) = (house.client("bao").unwrap(), house.client("zhu").unwrap());
        assert_eq!(zhu.read_record(document).unwrap_err().code(), "not_found");
        let known = bao.read_custody(copy).unwrap();
        assert_eq!(known.item, Some(document));
        let told = zhu.read_custody(copy).unwrap();
        assert_eq!((told.item, told.copies.len()), (None, 1));
        assert!(told.known_by.is_empty());
        for path in ["", "/custody", "/history"] {
            let path = format!("/api/v1/records/{copy}{path}");
            let answer = zhu.send(&Call::new("GET", &path)).unwrap();
            let said = String::from_utf8(answer.body).unwrap();
            assert_eq!(answer.status, 200, "{path}: {said}");
            assert!(!said.contains(&document.to_string()), "{path}: {said}");
        }
    });
}

#[test]
fn gap_19_notices_come_in_pages_and_count_only_what_may_be_seen() {
    on_each_database(|server| {
        let house = case::staff(&server);
        let (_, copies) = beyond_zhu(&house, 3);
        let waiting: Vec<_> = copies.iter().map(|copy| request(&house, *copy)).collect();
        let zhu = house.client("zhu").unwrap();
        let page = |after: Option<String>, limit| {
            let count = Some("exact".to_owned());
            zhu.list_notices(&PageQuery {
                after,
                limit,
                count,
            })
            .unwrap()
        };
        let whole = page(None, None);
        assert_eq!(
            (whole.items.len(), whole.total, whole.next),
            (3, Some(3), None)
        );
        let first = page(None, Some(2));
        assert_eq!((first.items.len(), first.total), (2, Some(3)));
        let rest = page(first.next, Some(2));
        assert_eq!(
            (rest.items.len(), rest.total, rest.next),
            (1, Some(3), None)
        );
        assert_eq!(
            [first.items, rest.items].concat(),
            whole.items,
            "each once, in order"
        );
        for (query, code) in [
            ("after=x", "list.cursor"),
            ("count=all", "list.count"),
            ("page=2", "request.query"),
        ] {
            let path = format!("/api/v1/me/notices?{query}");
            let answer = zhu.send(&Call::new("GET", &path)).unwrap();
            assert_eq!((answer.status, problem(&answer).code.as_str()), (400, code));
        }
        // what was decided is zhu's to see no more
        case::approve(&house, "zhu", &waiting[0]);
        let left = page(None, None);
        assert_eq!((left.items.len(), left.total), (2, Some(2)));
    });
}
