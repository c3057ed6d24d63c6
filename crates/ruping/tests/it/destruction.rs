//! B11, 销毁: a list that is counted, approved, shortened and destroyed before witnesses, who sign for
//! exactly what was on it.

use std::collections::BTreeMap;

use domain::RecordId;
use serde_json::{Value, json};
use testkit::House;
use wire::{Line, PageQuery, Record};

use crate::{case, case::refused, on_each_database};

/// Every line of the list, page by page.
fn lines(house: &House<'_>, list: RecordId) -> Vec<Line> {
    let bao = house.client("bao").unwrap();
    let (mut lines, mut query) = (Vec::new(), PageQuery::default());
    loop {
        let page = bao.list_lines(list, "copies", &query).unwrap();
        lines.extend(page.items);
        query.after = page.next;
        if query.after.is_none() {
            return lines;
        }
    }
}

/// The list as it now stands, approved.
fn approved(house: &House<'_>, counted: &Record) -> Record {
    let waiting = house.act("bao", counted, "apply", json!({}), &[]).unwrap();
    case::approve(house, "ling", &waiting)
}

fn by(house: &House<'_>, witnesses: &[&str]) -> Value {
    let ids = witnesses.iter().map(|who| house.id(who).unwrap());
    json!({ "supervisors": ids.collect::<Vec<_>>() })
}

fn status(house: &House<'_>, document: RecordId) -> BTreeMap<RecordId, String> {
    let custody = house.client("bao").unwrap().read_custody(document).unwrap();
    let copies = custody.copies.into_iter();
    copies.map(|one| (one.copy, one.status)).collect()
}

/// 200 copies; one comes off after the approval, one is lost; two sign for the rest.
#[test]
fn r231_two_sign_for_the_list_as_it_is_destroyed() {
    on_each_database(|server| {
        let house = case::staff(&server);
        let bao = house.client("bao").unwrap();
        let (document, _, copies) = case::document(&house, "过期方案", "内容", 200);
        let counted = case::destruction_list(&house, &copies);
        assert_eq!(counted.fields["copies_total"], json!(200));
        let list = approved(&house, &counted);

        let all = lines(&house, list.id);
        assert_eq!(all.len(), 200);
        assert!(all.iter().all(|line| line.state == "counted"));
        let kept = bao.read_record(all[6].id).unwrap();
        house.act("bao", &kept, "remove", json!({}), &[]).unwrap();
        let loss = json!({
            "copy": copies[7], "discovered_at": "2026-03-02T00:30:00Z", "circumstances": "清点后未见",
        });
        house.make("yue", "loss", "report", loss, &[]).unwrap();

        let list = bao.read_record(list.id).unwrap();
        let alone = house.act("bao", &list, "destroy", by(&house, &["jian"]), &["jian"]);
        assert_eq!(refused(alone), "record.rules");
        let unsigned = house.act(
            "bao",
            &list,
            "destroy",
            by(&house, &["jian", "zhu"]),
            &["jian"],
        );
        assert_eq!(refused(unsigned), "signature.missing");
        let versions: BTreeMap<_, _> = lines(&house, list.id)
            .into_iter()
            .map(|line| (line.id.to_string(), line.version))
            .collect();
        let witnesses = ["jian", "zhu"];
        let done = house
            .act("bao", &list, "destroy", by(&house, &witnesses), &witnesses)
            .unwrap();
        let done = done.record().unwrap();
        assert_eq!(done.state, "destroyed");
        assert_eq!(done.fields["copies_total"], json!(198));
        let ended = status(&house, document.id);
        for (at, copy) in copies.iter().enumerate() {
            let expected = match at {
                6 => "held",
                7 => "missing",
                _ => "destroyed",
            };
            assert_eq!(ended[copy], expected, "copy {at}");
        }

        // what both signed is the list with these lines and no others
        let history = bao.read_history(list.id).unwrap().items;
        let signed = history.iter().find(|one| one.action == "destroy").unwrap();
        let content = json!({
            "id": list.id, "version": signed.version, "state": signed.state,
            "fields": signed.fields, "lines": { "kept": versions, "given": {} },
        });
        let canonical = serde_json_canonicalizer::to_vec(&content).unwrap();
        let expected = testkit::oracle::sha256_hex(&canonical);
        let digests: Vec<_> = signed.signatures.iter().map(|one| &one.digest).collect();
        assert_eq!(digests, [&Some(expected.clone()), &Some(expected)]);
        drop(house);
        case::sound(server);
    });
}

#[test]
fn the_content_goes_with_the_last_copy_of_two_lists() {
    on_each_database(|server| {
        let house = case::staff(&server);
        let (document, file, copies) = case::document(&house, "分两次销毁", "内容-ZW3", 3);
        case::destroy(&house, &copies[..2]);
        let bao = house.client("bao").unwrap();
        bao.read_file(file, &mut std::io::sink()).unwrap();
        case::destroy(&house, &copies[2..]);
        let gone = bao.read_file(file, &mut std::io::sink()).unwrap_err();
        assert_eq!(gone.code(), "vault.key_gone");
        assert_eq!(bao.read_record(document.id).unwrap().state, "destroyed");
        drop(house);
        case::sound(server);
    });
}

/// A list that lost all its lines ends, and holds no copy any more.
#[test]
fn a_list_without_copies_ends() {
    on_each_database(|server| {
        let house = case::staff(&server);
        let bao = house.client("bao").unwrap();
        let (_, _, copies) = case::document(&house, "误列清册", "内容", 1);
        let list = case::destruction_list(&house, &copies);
        let only = bao.read_record(list.lines[0].id).unwrap();
        house.act("bao", &only, "remove", json!({}), &[]).unwrap();
        assert_eq!(bao.read_record(list.id).unwrap().state, "cancelled");
        case::destruction_list(&house, &copies);
    });
}
