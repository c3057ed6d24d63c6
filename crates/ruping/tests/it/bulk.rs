//! The same act on many records: tried, all or none, each by itself, in the background, and undone; each record is
//! judged as if it were alone; on both databases.

use client::{Client, Error};
use domain::RecordId;
use serde_json::{Value, json};
use testkit::House;
use wire::{
    Bulk, BulkItem, BulkQuery, BulkRequest, BulkUndo, ImportRowsQuery, ImportStart, ListQuery,
    NewToken, Record,
};

use crate::{case, on_each_database};

fn request(action: &str, records: &[Record], input: &Value) -> BulkRequest {
    let item = |record: &Record| BulkItem {
        id: record.id,
        version: record.version,
    };
    BulkRequest {
        action: action.to_owned(),
        items: records.iter().map(item).collect(),
        input: input.as_object().cloned().unwrap_or_default(),
        comment: Some("统一调整".to_owned()),
        ..BulkRequest::default()
    }
}

/// A new deadline for findings, which stay with whom they are.
fn reassign(records: &[Record], day: &str) -> BulkRequest {
    let responsible = records
        .first()
        .and_then(|one| one.fields.get("responsible"));
    let input = json!({ "fix_by": day, "responsible": responsible });
    request("reassign", records, &input)
}

/// The same for one of them, by hand.
fn move_on(house: &House<'_>, one: &Record, day: &str) -> Record {
    let input = json!({ "fix_by": day, "responsible": one.fields["responsible"] });
    case::done(house.act("ban", one, "reassign", input, &[]))
}

fn all(wanted: BulkRequest) -> BulkRequest {
    BulkRequest {
        atomic: true,
        ..wanted
    }
}

fn tried(wanted: &BulkRequest) -> BulkRequest {
    BulkRequest {
        dry_run: true,
        ..wanted.clone()
    }
}

/// How far it is, and how many came to what.
fn state(bulk: &Bulk) -> (&str, Vec<(&str, i64)>) {
    (&bulk.state, counts(bulk))
}

fn ask(client: &Client, register: &str, wanted: &BulkRequest) -> Bulk {
    client.begin_bulk(register, wanted, None).unwrap()
}

fn counts(bulk: &Bulk) -> Vec<(&str, i64)> {
    let counts = bulk.counts.iter();
    counts.map(|(word, many)| (word.as_str(), *many)).collect()
}

/// What is wrong with which record, by rule or code.
fn failed(bulk: &Bulk) -> Vec<(RecordId, String)> {
    let failed = bulk.items.iter().filter(|one| one.outcome == "failed");
    failed
        .map(|one| {
            let problem = one.problems.first().unwrap();
            let about = problem.rule.clone().unwrap_or_else(|| problem.code.clone());
            (one.record.unwrap(), about)
        })
        .collect()
}

fn code<T>(outcome: Result<T, Error>) -> String {
    outcome.map(drop).unwrap_err().code().to_owned()
}

/// Six findings that yue is to put right.
fn findings(house: &House<'_>) -> Vec<Record> {
    let yue = house.id("yue").unwrap();
    let opened = (1..=6).map(|number| {
        let fields = json!({
            "text": format!("问题 {number}"), "source": "自评", "responsible": yue, "fix_by": "2027-03-31",
        });
        case::done(house.make("ban", "finding", "open", fields, &[]))
    });
    opened.collect()
}

fn again(client: &Client, records: &[Record]) -> Vec<Record> {
    let read = |record: &Record| client.read_record(record.id).unwrap();
    records.iter().map(read).collect()
}

fn versions(records: &[Record]) -> Vec<i64> {
    records.iter().map(|record| record.version).collect()
}

fn deadlines(records: &[Record]) -> Vec<&str> {
    records
        .iter()
        .map(|record| record.fields["fix_by"].as_str().unwrap_or_default())
        .collect()
}

#[test]
fn many_are_acted_on_all_or_none_or_each_by_itself() {
    on_each_database(|server| {
        let house = case::office(&server);
        let ban = house.client("ban").unwrap();
        let found = findings(&house);
        // somebody was faster with one of them
        let first = found.first().unwrap();
        move_on(&house, first, "2027-04-30");
        let wanted = reassign(&found, "2027-06-30");
        let stale = [(first.id, "record.stale".to_owned())];

        // each is told of, and nothing is kept
        let one_fails = vec![("failed", 1), ("would", 5)];
        for (wanted, word) in [
            (tried(&wanted), "tried"),
            (all(wanted.clone()), "refused"),
            (all(tried(&wanted)), "tried"),
        ] {
            let told = ask(ban, "finding", &wanted);
            assert_eq!((told.id, state(&told)), (None, (word, one_fails.clone())));
            assert_eq!(failed(&told), stale);
        }
        let now = versions(&again(ban, &found));
        assert_eq!(now, [2, 1, 1, 1, 1, 1]);
        assert!(ban.list_bulk().unwrap().items.is_empty());

        // each by itself: five are done, and the sixth is told of
        let done = ask(ban, "finding", &wanted);
        assert_eq!(state(&done), ("done", vec![("done", 5), ("failed", 1)]));
        assert_eq!(failed(&done), stale);
        let now = again(ban, &found);
        let expected: Vec<_> = ["2027-04-30"]
            .into_iter()
            .chain(["2027-06-30"; 5])
            .collect();
        assert_eq!(deadlines(&now), expected);

        // all of them, at the versions they have now
        let done = ask(ban, "finding", &all(reassign(&now, "2027-09-30")));
        assert_eq!(state(&done), ("done", vec![("done", 6)]));
        assert_eq!(deadlines(&again(ban, &found)), ["2027-09-30"; 6]);
        let rows = |outcome: &str| {
            let query = ImportRowsQuery {
                outcome: Some(outcome.to_owned()),
                after: None,
            };
            ban.list_bulk_rows(done.id.unwrap(), &query)
                .unwrap()
                .items
                .len()
        };
        assert_eq!((rows("done"), rows("failed")), (6, 0));
        let said = ban.read_history(first.id).unwrap().items;
        assert_eq!(said.last().unwrap().comment.as_deref(), Some("统一调整"));
        let kept = ban.list_bulk().unwrap().items;
        assert_eq!(
            kept.iter()
                .map(|one| one.state.as_str())
                .collect::<Vec<_>>(),
            ["done"; 2]
        );
        drop(house);
        case::sound(server);
    });
}

#[test]
fn a_repeat_does_nothing_again_and_is_nobody_elses() {
    on_each_database(|server| {
        let house = case::office(&server);
        let ban = house.client("ban").unwrap();
        let found = findings(&house);
        for (key, atomic) in [("each", false), ("all", true)] {
            let wanted = BulkRequest {
                atomic,
                ..reassign(&again(ban, &found), "2027-06-30")
            };
            let done = ban.begin_bulk("finding", &wanted, Some(key)).unwrap();
            assert_eq!(done.state, "done");
            let now = versions(&again(ban, &found));
            let repeat = ban.begin_bulk("finding", &wanted, Some(key)).unwrap();
            assert_eq!(repeat.id, done.id, "{key}");
            assert_eq!(versions(&again(ban, &found)), now);
            let other = reassign(&found, "2028-01-31");
            let other = ban.begin_bulk("finding", &other, Some(key));
            assert_eq!(code(other), "idempotency.other_body");
            let id = done.id.unwrap();
            let bao = house.client("bao").unwrap();
            assert_eq!(code(bao.read_bulk(id)), "not_found");
            assert_eq!(code(bao.undo_bulk(id, &BulkUndo::default())), "not_found");
        }
    });
}

#[test]
fn what_was_done_in_bulk_is_undone_where_nothing_has_moved_on() {
    on_each_database(|server| {
        let house = case::office(&server);
        let ban = house.client("ban").unwrap();
        let found = findings(&house);
        let zhu = house.id("zhu").unwrap();
        let wanted = json!({ "fix_by": "2027-09-30", "responsible": zhu });
        let done = ask(ban, "finding", &all(request("reassign", &found, &wanted)));
        let id = done.id.unwrap();
        let undo = BulkUndo {
            comment: Some("误改".to_owned()),
            dry_run: false,
        };
        let only_tried = BulkUndo {
            dry_run: true,
            ..undo.clone()
        };
        let told = ban.undo_bulk(id, &only_tried).unwrap();
        assert_eq!(state(&told), ("tried", vec![("would", 6)]));
        // one has moved on: none is undone
        let now = again(ban, &found);
        let moved = move_on(&house, now.last().unwrap(), "2028-01-31");
        let refused = ban.undo_bulk(id, &undo).unwrap();
        assert_eq!(refused.state, "refused");
        assert_eq!(failed(&refused), [(moved.id, "record.stale".to_owned())]);
        let five = &found[..5];
        assert_eq!(versions(&again(ban, five)), versions(&now[..5]));

        // another one, undone whole, once
        let done = ask(ban, "finding", &reassign(&now[..5], "2027-12-31"));
        let undone = ban.undo_bulk(done.id.unwrap(), &undo).unwrap();
        assert_eq!(state(&undone), ("done", vec![("done", 5)]));
        assert_eq!(undone.undoes, done.id);
        assert_eq!(deadlines(&again(ban, five)), ["2027-09-30"; 5]);
        let done = ban.read_bulk(done.id.unwrap()).unwrap();
        assert_eq!((done.undone, done.can_undo), (undone.id, false));
        assert_eq!(code(ban.undo_bulk(done.id.unwrap(), &undo)), "bulk.no_undo");
        // and what was undone comes back the same way
        let redone = ban.undo_bulk(undone.id.unwrap(), &undo).unwrap();
        assert_eq!(redone.state, "done");
        assert_eq!(deadlines(&again(ban, five)), ["2027-12-31"; 5]);
        drop(house);
        case::sound(server);
    });
}

#[test]
fn what_leads_on_has_no_way_back_unless_its_register_names_one() {
    on_each_database(|server| {
        let house = case::office(&server);
        let ban = house.client("ban").unwrap();
        let found = findings(&house);
        let fixed = fixed(&house, &found, ["yue"; 6]);
        let closed = request("verify", &fixed, &json!({ "checked_how": "已查看" }));
        let closed = ask(ban, "finding", &closed);
        assert_eq!(
            (counts(&closed), closed.can_undo),
            (vec![("done", 6)], false)
        );
        let undo = ban.undo_bulk(closed.id.unwrap(), &BulkUndo::default());
        assert_eq!(code(undo), "bulk.no_undo");

        // a place that was closed is opened again
        let safe = ban.read_record(house.id("safe").unwrap()).unwrap().fields;
        let places = ["甲柜", "乙柜"].map(|name| {
            let fields = json!({ "name": name, "kind": safe["kind"], "unit": safe["unit"], "level_max": safe["level_max"] });
            case::done(house.make("ban", "place", "add", fields, &[]))
        });
        let states = || {
            again(ban, &places)
                .into_iter()
                .map(|one| one.state)
                .collect::<Vec<_>>()
        };
        let closed = ask(ban, "place", &all(request("close", &places, &json!({}))));
        assert_eq!(
            (closed.state.as_str(), states()),
            ("done", vec!["closed".to_owned(); 2])
        );
        let undone = ban
            .undo_bulk(closed.id.unwrap(), &BulkUndo::default())
            .unwrap();
        assert_eq!(
            (undone.action.as_str(), states()),
            ("reopen", vec!["active".to_owned(); 2])
        );
    });
}

/// Findings that were put right, each by somebody.
fn fixed<'h>(
    house: &House<'_>,
    found: &[Record],
    who: impl IntoIterator<Item = &'h str>,
) -> Vec<Record> {
    let how = json!({ "fixed_how": "已补" });
    let fix =
        |(one, who): (&Record, &str)| case::done(house.act(who, one, "fix", how.clone(), &[]));
    found.iter().zip(who).map(fix).collect()
}

#[test]
fn r713_each_of_many_is_judged_as_if_it_were_alone() {
    on_each_database(|server| {
        let house = case::office(&server);
        let ban = house.client("ban").unwrap();
        let mut found = findings(&house);
        found.truncate(2);
        let fields = json!({
            "text": "本人整改", "source": "自评", "responsible": house.id("ban").unwrap(),
            "fix_by": "2027-03-31",
        });
        found.push(case::done(house.make(
            "ban",
            "finding",
            "open",
            fields,
            &[],
        )));
        let fixed = fixed(&house, &found, ["yue", "yue", "ban"]);
        let wanted = request("verify", &fixed, &json!({ "checked_how": "已查看" }));
        let own = [(fixed.last().unwrap().id, "R-713".to_owned())];
        assert_eq!(failed(&ask(ban, "finding", &tried(&wanted))), own);
        let done = ask(ban, "finding", &wanted);
        assert_eq!(counts(&done), [("done", 2), ("failed", 1)]);
        assert_eq!(failed(&done), own);

        // who may not do it alone may not do it to many
        let yue = house.client("yue").unwrap();
        let open = findings(&house);
        let refused = ask(yue, "finding", &reassign(&open, "2028-01-31"));
        assert_eq!(counts(&refused), [("failed", 6)]);
        let codes = failed(&refused);
        assert!(
            codes.iter().all(|(_, code)| code == "access.who"),
            "{codes:?}"
        );
        assert_eq!(versions(&again(ban, &open)), [1; 6]);
    });
}

#[test]
fn r181_records_that_are_absent_or_not_theirs_to_see_are_answered_alike() {
    on_each_database(|server| {
        let house = case::office(&server);
        let ban = house.client("ban").unwrap();
        let office = house.client("office").unwrap();
        let unit = office.read_record(house.id("unit").unwrap()).unwrap();
        let (hidden, ..) = case::document(&house, "暗账", "正文", 1);
        let strange = reassign(&[unit, hidden.clone()], "2028-01-31");
        let unseen = request("edit", &[hidden], &json!({ "title": "x" }));
        for (register, wanted) in [("finding", strange), ("document", unseen)] {
            for wanted in [tried(&wanted), wanted] {
                let told = ask(ban, register, &wanted);
                let codes = failed(&told);
                assert_eq!(codes.len(), wanted.items.len());
                assert!(
                    codes.iter().all(|(_, code)| code == "not_found"),
                    "{codes:?}"
                );
            }
        }

        // what cannot be asked for at all
        let found = findings(&house);
        for (register, action, why) in [
            ("finding", "open", "bulk.action"),
            ("finding", "fix", "bulk.action"),
            ("loan", "cancel", "bulk.action"),
            ("nothing", "open", "not_found"),
        ] {
            let wanted = request(action, &found, &json!({}));
            let refused = code(ban.begin_bulk(register, &wanted, None));
            assert_eq!(refused, why, "{register}.{action}");
        }
        let one = found.first().unwrap();
        let named = |records: &[Record]| reassign(records, "2028-01-31");
        let both = BulkRequest {
            query: Some(BulkQuery::default()),
            ..named(&found)
        };
        for wanted in [named(&[]), named(&[one.clone(), one.clone()]), both] {
            assert_eq!(code(ban.begin_bulk("finding", &wanted, None)), "bulk.items");
        }
        assert_eq!(versions(&again(ban, &found)), [1; 6]);
    });
}

/// What a token is not for singly it is not for in bulk.
#[test]
fn a_token_for_acts_alone_asks_for_no_lists() {
    on_each_database(|server| {
        let house = case::office(&server);
        let ban = house.client("ban").unwrap();
        let found = findings(&house);
        let token = NewToken {
            name: "批量".to_owned(),
            scopes: vec!["act".to_owned()],
            expires_at: "2026-04-01T00:00:00Z".parse().unwrap(),
        };
        let token = ban.create_token(&token).unwrap();
        let program = server.nobody().unwrap().with_token(token.token);
        let listed = BulkRequest {
            query: Some(BulkQuery::default()),
            ..tried(&reassign(&[], "2028-01-31"))
        };
        assert_eq!(
            code(program.begin_bulk("finding", &listed, None)),
            "token.scope"
        );
        let named = tried(&reassign(&found, "2028-01-31"));
        assert_eq!(counts(&ask(&program, "finding", &named)), [("would", 6)]);
    });
}

/// Waits until it is worked off.
fn worked(client: &Client, bulk: &Bulk) -> Bulk {
    let id = bulk.id.unwrap();
    case::until(|| client.read_bulk(id).unwrap().state != "running");
    client.read_bulk(id).unwrap()
}

/// Every unit of these words, page by page.
fn units(client: &Client, words: &str) -> Vec<Record> {
    let (mut units, mut after) = (Vec::new(), None);
    loop {
        let query = ListQuery {
            q: Some(words.to_owned()),
            limit: Some(200),
            after,
            ..ListQuery::default()
        };
        let page = client.list_records("unit", &query).unwrap();
        units.extend(page.items);
        after = page.next;
        if after.is_none() {
            return units;
        }
    }
}

/// Takes in 520 units, more than are acted on while somebody waits.
fn fill(office: &Client) {
    let rows: String = (0..520)
        .map(|number| format!("科室{number:03}\n"))
        .collect();
    let text = format!("名称\n{rows}").into_bytes();
    let sent = office.begin_import("unit", "科室.csv", text).unwrap();
    office
        .start_import(sent.id, &ImportStart::default())
        .unwrap();
    case::until(|| office.read_import(sent.id).unwrap().state == "done");
}

/// The same correction of every such unit.
fn correct_all(input: &Value) -> BulkRequest {
    let query = BulkQuery {
        q: Some("科室".to_owned()),
        filter: None,
    };
    BulkRequest {
        query: Some(query),
        ..request("correct", &[], input)
    }
}

/// How many units stand below another.
fn below(units: &[Record], upper: &Value) -> usize {
    let below = units
        .iter()
        .filter(|unit| unit.fields.get("upper") == Some(&upper["upper"]));
    below.count()
}

#[test]
fn more_than_a_few_hundred_are_worked_off_in_the_background() {
    on_each_database(|server| {
        let house = case::office(&server);
        let ban = house.client("ban").unwrap();
        fill(ban);
        let first = units(ban, "科室");
        let upper = json!({ "upper": house.id("unit").unwrap() });
        let done = worked(ban, &ask(ban, "unit", &correct_all(&upper)));
        assert_eq!(state(&done), ("done", vec![("done", 520)]));
        let now = units(ban, "科室");
        assert_eq!(below(&now, &upper), 520);

        // all or none, and one of them has moved on
        let mut stale = now.clone();
        stale[7] = first
            .into_iter()
            .find(|unit| unit.id == stale[7].id)
            .unwrap();
        let wanted = all(request("correct", &stale, &json!({ "upper": null })));
        let refused = worked(ban, &ask(ban, "unit", &wanted));
        assert_eq!(
            state(&refused),
            ("refused", vec![("failed", 1), ("would", 519)])
        );
        assert_eq!(versions(&units(ban, "科室")), versions(&now));

        // a rule that objects is told of, also where everything is only tried
        let head = json!({ "head": house.id("ban").unwrap() });
        let told = worked(ban, &ask(ban, "unit", &tried(&correct_all(&head))));
        assert_eq!(state(&told), ("checked", vec![("failed", 520)]));
        let rule = &told.items.first().unwrap().problems.first().unwrap().rule;
        assert_eq!(rule.as_deref(), Some("I-own-head"));

        // undone in one go
        let undone = ban.undo_bulk(done.id.unwrap(), &BulkUndo::default());
        let undone = worked(ban, &undone.unwrap());
        assert_eq!(state(&undone), ("done", vec![("done", 520)]));
        assert_eq!(below(&units(ban, "科室"), &upper), 0);
        let done = ban.read_bulk(done.id.unwrap()).unwrap();
        assert_eq!((done.undone, done.can_undo), (undone.id, false));
        drop(house);
        case::sound(server);
    });
}
