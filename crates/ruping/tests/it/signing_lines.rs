//! DESIGN 5 and 6: a line may wait in its signer's inbox while the others of its record go on; what is asked about the
//! record itself, and the end of the record, come first.

use domain::RecordId;
use serde_json::{Value, json};
use testkit::{House, Server};
use wire::{NewRecord, PageQuery, Performed, Record, Verdict, Waiting};

use super::signing::{decide, inbox, prove, signed, with_register};
use crate::{
    case,
    case::{done, refused, seen},
};

const KIT: &str = include_str!("kit.toml");

fn each(test: impl Fn(&mut Server)) {
    with_register(("kit", KIT), test);
}

/// A kit of two pieces: one for ban, who may not know the document, and one for yue.
fn issued(house: &House<'_>) -> Record {
    let piece = |what: &str, who: &str| json!({ "piece": what, "keeper": house.id(who).unwrap() });
    with_pieces(house, &json!([piece("电源", "ban"), piece("钥匙", "yue")]))
}

fn with_pieces(house: &House<'_>, pieces: &Value) -> Record {
    let (document, _, _) = case::document(house, "密码机说明", "内容", 1);
    let fields = json!({
        "what": "配套物件", "document": document.id, "host": house.id("jian").unwrap(), "pieces": pieces,
    });
    done(house.make("bao", "kit", "issue", fields, &[]))
}

/// A piece as the registrar sees it.
fn piece(house: &House<'_>, of: RecordId, no: usize) -> Record {
    let line = seen(house, "bao", of).lines[no].id;
    seen(house, "bao", line)
}

fn ask(house: &House<'_>, line: &Record, action: &str) -> Waiting {
    let asked = house.act("bao", line, action, json!({}), &[]).unwrap();
    waiting(asked)
}

fn waiting(asked: Performed) -> Waiting {
    let Performed::Waiting(waiting) = asked else {
        panic!("nobody has to sign: {asked:?}")
    };
    waiting
}

/// Asks for one more piece, which its keeper has to sign for; it may come with a document.
fn add(house: &House<'_>, of: RecordId, who: &str, item: Option<RecordId>) -> Waiting {
    let fields = json!({ "piece": "备用钥匙", "keeper": house.id(who).unwrap(), "item": item });
    let Value::Object(fields) = fields else {
        unreachable!()
    };
    let new = NewRecord {
        action: Some("add".to_owned()),
        fields,
        ..NewRecord::default()
    };
    let bao = house.client("bao").unwrap();
    waiting(
        bao.create_line(of, "pieces", &new, &client::Act::default())
            .unwrap(),
    )
}

fn told(house: &House<'_>, who: &str) -> Vec<String> {
    let notices = house
        .client(who)
        .unwrap()
        .list_notices(&PageQuery::default());
    notices
        .unwrap()
        .items
        .into_iter()
        .map(|one| one.kind)
        .collect()
}

#[test]
fn design_6_a_line_waits_to_be_signed_while_the_others_go_on() {
    each(|server| {
        let house = case::office(server);
        let kit = issued(&house);
        let (bans, yues) = (piece(&house, kit.id, 0), piece(&house, kit.id, 1));
        let ban = house.client("ban").unwrap();
        let hidden = ban.read_record(kit.id).unwrap_err();
        assert_eq!(hidden.code(), "not_found");
        let waits = ask(&house, &bans, "hand");
        assert_eq!(
            piece(&house, kit.id, 0).state,
            "listed",
            "nothing has happened yet"
        );
        assert_eq!((inbox(&house, "ban"), inbox(&house, "yue")), (1, 0));
        assert!(told(&house, "ban").contains(&"decide".to_owned()));
        assert_eq!(
            ban.read_record(kit.id).unwrap().id,
            kit.id,
            "who signs sees what for"
        );

        // the line that waits is not acted on, by itself or as one of the list; the other is
        let twice = house.act(
            "bao",
            &piece(&house, kit.id, 0),
            "give_back",
            json!({}),
            &[],
        );
        assert_eq!(refused(twice), "approval.pending");
        let page = house.client("bao").unwrap();
        let page = page
            .list_lines(kit.id, "pieces", &PageQuery::default())
            .unwrap();
        let may = |no: usize| page.items[no].actions.iter().all(|one| one.allowed);
        assert_eq!((may(0), may(1)), (false, true));
        let handed = done(house.act("bao", &yues, "hand", json!({}), &["yue"]));
        assert_eq!(handed.state, "handed");

        let other = decide(&house, "yue", &waits, Verdict::Approve).unwrap_err();
        assert_eq!(other, "approval.not_yours", "nobody signs for another");
        let given = decide(&house, "ban", &waits, Verdict::Approve).unwrap();
        assert!(matches!(given, Performed::Done(_)), "{given:?}");
        let given = piece(&house, kit.id, 0);
        assert_eq!(given.state, "handed");
        assert_eq!(given.fields["received_by"][0]["method"], json!("inbox"));
        assert_eq!(
            signed(&house, given.id),
            [(Some("ban".to_owned()), "inbox".to_owned())]
        );
        assert!(ban.read_record(kit.id).is_err(), "and sees it no longer");

        // both came back, and the record is led on
        for no in [0, 1] {
            done(house.act(
                "bao",
                &piece(&house, kit.id, no),
                "give_back",
                json!({}),
                &[],
            ));
        }
        assert_eq!(seen(&house, "bao", kit.id).state, "closed");
    });
}

#[test]
fn design_6_who_does_not_sign_for_a_line_leaves_it_as_it_was() {
    each(|server| {
        let house = case::office(server);
        let kit = issued(&house);
        let waits = ask(&house, &piece(&house, kit.id, 0), "hand");
        decide(&house, "ban", &waits, Verdict::Refuse).unwrap();
        assert_eq!(piece(&house, kit.id, 0).state, "listed");
        assert_eq!(inbox(&house, "ban"), 0);
        assert!(told(&house, "bao").contains(&"refused".to_owned()));

        // one that was to be added is taken back: refused by its keeper, or by who asked
        for verdict in [Verdict::Refuse, Verdict::Withdraw] {
            let added = add(&house, kit.id, "ban", None);
            let line = added.record.id;
            assert_eq!(added.record.state, "listed");
            let who = if verdict == Verdict::Refuse {
                "ban"
            } else {
                "bao"
            };
            decide(&house, who, &added, verdict).unwrap();
            assert_eq!(seen(&house, "bao", line).state, "withdrawn");
        }
        // sent back, it is asked again as it is
        let added = add(&house, kit.id, "ban", None);
        decide(&house, "ban", &added, Verdict::Return).unwrap();
        let line = seen(&house, "bao", added.record.id);
        let fields = json!({ "piece": "新钥匙", "keeper": house.id("ban").unwrap() });
        let again = waiting(house.act("bao", &line, "add", fields, &[]).unwrap());
        let made = decide(&house, "ban", &again, Verdict::Approve).unwrap();
        assert!(matches!(made, Performed::Done(_)), "{made:?}");
        let made = seen(&house, "bao", line.id);
        assert_eq!(
            (made.state.as_str(), &made.fields["piece"]),
            ("handed", &json!("新钥匙"))
        );

        // a line that is not signed for does not keep its record open
        let added = add(&house, kit.id, "ban", None);
        for no in [0, 1] {
            done(house.act(
                "bao",
                &piece(&house, kit.id, no),
                "give_back",
                json!({}),
                &[],
            ));
        }
        done(house.act(
            "bao",
            &seen(&house, "bao", line.id),
            "give_back",
            json!({}),
            &[],
        ));
        assert_eq!(seen(&house, "bao", kit.id).state, "open");
        decide(&house, "bao", &added, Verdict::Withdraw).unwrap();
        assert_eq!(seen(&house, "bao", kit.id).state, "closed");
    });
}

#[test]
fn design_6_what_is_asked_about_the_record_comes_before_its_lines() {
    each(|server| {
        let mut house = case::office(server);
        let kit = issued(&house);
        let waits = ask(&house, &piece(&house, kit.id, 0), "hand");
        let name = json!({ "what": "配套物件（新）" });
        let asked = house.act("bao", &seen(&house, "bao", kit.id), "rename", name, &[]);
        let asked = waiting(asked.unwrap());
        let early = decide(&house, "ban", &waits, Verdict::Approve).unwrap_err();
        assert_eq!(early, "approval.pending", "what is frozen stays as it is");
        decide(&house, "ling", &asked, Verdict::Approve).unwrap();
        decide(&house, "ban", &waits, Verdict::Approve).unwrap();
        assert_eq!(piece(&house, kit.id, 0).state, "handed");

        // what would be taken back stays as well, while its record waits
        let added = add(&house, kit.id, "ban", None);
        let name = json!({ "what": "配套物件（再改）" });
        let asked = house.act("bao", &seen(&house, "bao", kit.id), "rename", name, &[]);
        let asked = waiting(asked.unwrap());
        for (who, verdict) in [("ban", Verdict::Refuse), ("bao", Verdict::Withdraw)] {
            let early = decide(&house, who, &added, verdict).unwrap_err();
            assert_eq!(early, "approval.pending");
        }
        decide(&house, "ling", &asked, Verdict::Refuse).unwrap();
        decide(&house, "ban", &added, Verdict::Refuse).unwrap();

        // whoever signs proves who they are
        let waits = ask(&house, &piece(&house, kit.id, 1), "hand");
        server.set_clock("2026-03-02T01:12:00Z").unwrap();
        let stale = decide(&house, "yue", &waits, Verdict::Approve).unwrap_err();
        assert_eq!(stale, "session.step_up_needed");
        prove(&house, "yue");

        // the record ends, and nobody is asked for what ended with it
        for (end, pieces) in [("stop", "hand"), ("recall", "hand"), ("recall", "add")] {
            let kit = issued(&house);
            let waits = match pieces {
                "hand" => ask(&house, &piece(&house, kit.id, 1), "hand"),
                _ => add(&house, kit.id, "yue", None),
            };
            assert_eq!(inbox(&house, "yue"), 2, "{end}");
            done(house.act("bao", &seen(&house, "bao", kit.id), end, json!({}), &[]));
            let told = told(&house, "bao");
            assert!(
                told.contains(&"superseded".to_owned()),
                "{end} {pieces}: {told:?}"
            );
            let late = decide(&house, "yue", &waits, Verdict::Approve).unwrap_err();
            assert_eq!(late, "approval.closed", "{end} {pieces}");
        }
        house.enter_again().unwrap();
    });
}

/// what a line is about makes its record as secret from when it is asked for; taken back, it does no more.
#[test]
fn r181_a_line_that_waits_makes_its_record_as_secret_as_itself() {
    each(|server| {
        let house = case::office(server);
        let kit = issued(&house);
        let narrow = json!({
            "title": "密钥表", "level": "state.secret", "term": { "years": 10 }, "issue_date": "2026-02-01",
            "scope_persons": [house.id("bao").unwrap(), house.id("yue").unwrap()], "issuer": "本单位",
            "taken_from": "旧台账",
        });
        let narrow = done(house.make("bao", "document", "take_over", narrow, &[])).id;
        let sees = || house.client("ling").unwrap().read_record(kit.id).is_ok();
        assert!(sees());
        let other = ask(&house, &piece(&house, kit.id, 0), "hand");
        let added = add(&house, kit.id, "yue", Some(narrow));
        assert!(!sees(), "ling may not know what the new piece is about");
        decide(&house, "yue", &added, Verdict::Refuse).unwrap();
        assert!(sees());
        let handed = decide(&house, "ban", &other, Verdict::Approve).unwrap();
        assert!(
            matches!(handed, Performed::Done(_)),
            "the other line goes on: {handed:?}"
        );
        let added = add(&house, kit.id, "yue", Some(narrow));
        decide(&house, "yue", &added, Verdict::Approve).unwrap();
        assert!(!sees());
    });
}

#[test]
fn design_6_a_request_on_a_line_ends_where_it_has_to() {
    each(|server| {
        let house = case::office(server);
        // nothing is left of its kind: that leads nothing on
        let kit = with_pieces(&house, &json!([]));
        let added = add(&house, kit.id, "ban", None);
        decide(&house, "ban", &added, Verdict::Refuse).unwrap();
        assert_eq!(seen(&house, "bao", kit.id).state, "open");

        // the record names somebody else by now, who signs once it is asked again
        let kit = issued(&house);
        done(house.act(
            "bao",
            &piece(&house, kit.id, 1),
            "hand",
            json!({}),
            &["yue"],
        ));
        let waits = ask(&house, &piece(&house, kit.id, 1), "vouch");
        assert_eq!(inbox(&house, "jian"), 1);
        let host = json!({ "host": house.id("bao").unwrap() });
        done(house.act("bao", &seen(&house, "bao", kit.id), "rehost", host, &[]));
        let not_mine = decide(&house, "jian", &waits, Verdict::Approve).unwrap_err();
        assert_eq!(not_mine, "approval.not_yours");
        decide(&house, "bao", &waits, Verdict::Withdraw).unwrap();
        let waits = ask(&house, &piece(&house, kit.id, 1), "vouch");
        let vouched = decide(&house, "bao", &waits, Verdict::Approve).unwrap();
        assert!(matches!(vouched, Performed::Done(_)), "{vouched:?}");
    });
}
