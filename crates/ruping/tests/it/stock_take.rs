//! B12, 清点: the list is frozen, those who count do not see what the ledger says, and each gap is one
//! loss.

use client::Act;
use domain::RecordId;
use serde_json::{Value, json};
use testkit::House;
use wire::{Line, ListQuery, NewRecord, PageQuery, Performed, Record};

use crate::{
    case,
    case::{refused, seen},
    on_each_database,
};

const COUNTERS: [&str; 2] = ["jian", "yue"];

/// The office, with a second safe to find things in.
fn office(server: &testkit::Server) -> (House<'_>, RecordId) {
    let house = case::staff(server);
    let other = json!({
        "name": "二号柜", "kind": "safe", "unit": house.id("unit").unwrap(),
        "level_max": "state.secret",
    });
    let other = house.make("office", "place", "add", other, &[]).unwrap();
    let other = other.record().unwrap().id;
    (house, other)
}

fn opening(house: &House<'_>) -> Value {
    json!({
        "occasion": "季度清点", "kind": "regular", "counters": COUNTERS.map(|who| house.id(who).unwrap()),
        "finish_by": "2026-03-31",
    })
}

fn open(house: &House<'_>) -> Record {
    let opened = house.make("bao", "stock_take", "open", opening(house), &[]);
    opened.unwrap().record().unwrap().clone()
}

/// The line of a copy.
fn line(house: &House<'_>, take: RecordId, copy: RecordId) -> Line {
    let lines = seen(house, "bao", take).lines;
    let found = lines
        .into_iter()
        .find(|line| line.fields["copy"] == json!(copy));
    found.unwrap()
}

/// Acts on the line of a copy as it stands.
fn act(
    house: &House<'_>,
    who: &str,
    (take, copy): (RecordId, RecordId),
    action: &str,
    input: Value,
) -> anyhow::Result<Performed> {
    let line = seen(house, "bao", line(house, take, copy).id);
    house.act(who, &line, action, input, &[])
}

fn losses(house: &House<'_>) -> Vec<Record> {
    let query = ListQuery::default();
    let page = house.client("bao").unwrap().list_records("loss", &query);
    page.unwrap().items
}

/// A counter scans a copy.
fn find(
    house: &House<'_>,
    who: &str,
    (take, copy): (RecordId, RecordId),
    input: Value,
) -> anyhow::Result<Performed> {
    case::scan(house, who, take, &case::label(copy), input)
}

/// A counter has looked everywhere.
fn finish(house: &House<'_>, who: &str, take: RecordId) -> Record {
    let counting = seen(house, who, take);
    let finished = house.act(who, &counting, "finish_counting", json!({}), &[]);
    finished.unwrap().record().unwrap().clone()
}

/// Closes a count with a copy that was found elsewhere and a gap.
fn close(house: &House<'_>, compared: &Record, elsewhere: (RecordId, RecordId)) {
    let reason = json!({ "explanation": "二号柜一份未登记移柜；一份未找到" });
    let early = house.act("bao", compared, "close", reason.clone(), &COUNTERS);
    assert_eq!(refused(early), "record.rules", "the ledger is not adjusted");
    act(house, "bao", elsewhere, "adjust", json!({})).unwrap();
    let compared = seen(house, "bao", compared.id);
    let silent = house.act("bao", &compared, "close", json!({}), &COUNTERS);
    assert_eq!(refused(silent), "record.fields", "a gap is explained");
    let unsigned = house.act("bao", &compared, "close", reason.clone(), &["jian"]);
    assert_eq!(refused(unsigned), "signature.missing");
    let closed = house.act("bao", &compared, "close", reason, &COUNTERS);
    assert_eq!(closed.unwrap().record().unwrap().state, "closed");
}

/// The last copy is lost, the third has moved, the first is still out.
fn outcome(house: &House<'_>, document: RecordId, copies: &[RecordId]) {
    let found = losses(house);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].fields["copy"], json!(copies[3]));
    let custody = house.client("bao").unwrap().read_custody(document).unwrap();
    let of = |copy: usize| {
        let found = custody.copies.iter().find(|one| one.copy == copies[copy]);
        found.unwrap()
    };
    assert_eq!(of(0).status, "out");
    assert_eq!(of(3).status, "missing");
    assert_eq!(of(2).place.as_deref(), Some("二号柜"));
    let kinds: Vec<_> = of(2)
        .movements
        .iter()
        .map(|one| one.kind.as_str())
        .collect();
    assert_eq!(kinds, ["made", "relocated"]);
}

#[test]
fn b12_each_gap_of_a_blind_count_is_one_loss() {
    on_each_database(|server| {
        let (house, other) = office(&server);
        let (document, _, copies) = case::document(&house, "清点方案", "内容", 4);
        case::lend(&house, copies[0]);
        let take = open(&house);
        let safe = house.id("safe").unwrap();

        // frozen: what comes afterwards is not looked for
        let more = json!({ "copies_count": 1, "keeper": house.id("bao").unwrap(), "place": safe });
        let now = seen(&house, "bao", document.id);
        house.act("bao", &now, "make_copies", more, &[]).unwrap();

        let at = |copy: usize| (take.id, copies[copy]);
        let here = json!({ "seen_place": safe });
        assert_eq!(
            refused(find(&house, "zhu", at(1), here.clone())),
            "access.who"
        );
        assert_eq!(
            refused(find(&house, "jian", at(1), json!({}))),
            "record.fields"
        );
        let lent = json!({ "seen_holder": house.id("yue").unwrap() });
        find(&house, "jian", at(0), lent).unwrap();
        find(&house, "jian", at(1), here).unwrap();
        find(&house, "jian", at(2), json!({ "seen_place": other })).unwrap();
        let counting = seen(&house, "bao", take.id);
        assert_eq!(counting.state, "open");
        assert_eq!(counting.fields["found"], json!(3));
        assert!(!counting.fields.contains_key("expected"));

        let compared = finish(&house, "yue", take.id);
        assert_eq!(compared.state, "compared", "all are counted");
        assert_eq!(compared.lines.len(), 4, "now it is told");
        assert_eq!(compared.fields["expected"], json!(4));
        assert_eq!(compared.fields["missing"], json!(1));
        assert_eq!(compared.fields["elsewhere"], json!(1));
        let compared_line = line(&house, take.id, copies[2]);
        assert!(
            compared_line.fields.contains_key("expected_holder"),
            "now it is counted"
        );
        assert_eq!(compared_line.fields["differs"], json!(true));
        let missed = seen(&house, "bao", line(&house, take.id, copies[3]).id);
        assert!(
            missed.clocks.iter().any(|clock| clock.key == "report"),
            "R-601"
        );

        close(&house, &compared, at(2));
        outcome(&house, document.id, &copies);
        drop(house);
        case::sound(server);
    });
}

/// What turns up is found; what was reported by hand is not reported twice; what is in no ledger is
/// settled before the count is closed.
#[test]
fn b12_a_count_is_mended_until_it_is_closed() {
    on_each_database(|server| {
        let (house, _) = office(&server);
        let (_, _, copies) = case::document(&house, "清点复查", "内容", 2);
        let take = open(&house);
        let at = |copy: usize| (take.id, copies[copy]);
        let here = json!({ "seen_place": house.id("safe").unwrap() });
        finish(&house, "jian", take.id);
        act(&house, "yue", at(0), "recount", json!({})).unwrap();
        act(&house, "yue", at(0), "find", here.clone()).unwrap();
        let loss = json!({
            "copy": copies[1], "discovered_at": "2026-03-02T00:30:00Z", "circumstances": "清点中未见",
        });
        house.make("yue", "loss", "report", loss, &[]).unwrap();

        let odd = json!({ "title": "无号复印件", "seen_place": house.id("safe").unwrap() });
        let note = NewRecord::by("note", odd, Vec::new());
        let jian = house.client("jian").unwrap();
        let noted = jian.create_line(take.id, "surplus", &note, &Act::default());
        let noted = noted.unwrap().record().unwrap().clone();
        let reason = json!({ "explanation": "一份已报失；账外复印件已销毁" });
        let compared = seen(&house, "bao", take.id);
        let early = house.act("bao", &compared, "close", reason.clone(), &COUNTERS);
        assert_eq!(
            refused(early),
            "record.rules",
            "a surplus copy is not settled"
        );
        let how = json!({ "settled_how": "登记入账" });
        house.act("bao", &noted, "settle", how, &[]).unwrap();
        let compared = seen(&house, "bao", take.id);
        house
            .act("bao", &compared, "close", reason, &COUNTERS)
            .unwrap();
        assert_eq!(
            losses(&house).len(),
            1,
            "the loss that was reported by hand"
        );
        drop(house);
        case::sound(server);
    });
}

#[test]
fn nothing_to_count_is_said_at_once() {
    on_each_database(|server| {
        let (house, other) = office(&server);
        case::document(&house, "别处的文件", "内容", 1);
        let mut nowhere = opening(&house);
        nowhere["of_place"] = json!(other);
        let outcome = house.make("bao", "stock_take", "open", nowhere, &[]);
        assert_eq!(refused(outcome), "record.fields");
        let mut alone = opening(&house);
        alone["counters"] = json!([house.id("jian").unwrap()]);
        let outcome = house.make("bao", "stock_take", "open", alone, &[]);
        assert_eq!(refused(outcome), "record.fields");
        let mut handover = opening(&house);
        handover["kind"] = json!("handover");
        let outcome = house.make("bao", "stock_take", "open", handover, &[]);
        assert_eq!(
            refused(outcome),
            "record.fields",
            "a handover has a witness"
        );
    });
}

/// The plan of a place is kept to by stock-takes of all of it, and by nothing else.
#[test]
fn r210_the_next_stock_take_of_a_plan_counts_from_the_last() {
    on_each_database(|server| {
        let (mut house, _) = office(&server);
        let (_, _, copies) = case::document(&house, "定期清点", "内容", 1);
        let safe = house.id("safe").unwrap();
        let plan = json!({
            "name": "一号柜机密级", "of_place": safe, "of_level": "state.secret",
            "responsible": house.id("zhu").unwrap(),
        });
        let plan = house
            .make("bao", "stock_take_plan", "plan", plan, &[])
            .unwrap();
        let plan = plan.record().unwrap().id;
        let next = |house: &House<'_>| case::clocks(house, "bao", plan, "count");
        assert_eq!(
            next(&house),
            [case::clock("2026-03-17", "running")],
            "half a month"
        );

        let of_plan = |change: Value| {
            let mut fields = opening(&house);
            fields["plan"] = json!(plan);
            fields["of_place"] = json!(safe);
            let fields = fields.as_object_mut().unwrap();
            fields.extend(change.as_object().unwrap().clone());
            house.make("bao", "stock_take", "open", json!(fields), &[])
        };
        for part in [
            json!({ "of_place": null }),
            json!({ "of_keeper": house.id("bao").unwrap() }),
            json!({ "kind": "incident" }),
        ] {
            assert_eq!(refused(of_plan(part)), "record.rules");
        }
        let take = of_plan(json!({})).unwrap().record().unwrap().id;
        let here = json!({ "seen_place": safe });
        find(&house, "jian", (take, copies[0]), here).unwrap();
        assert_eq!(next(&house).len(), 1, "counted, not closed");

        server.set_clock("2026-03-05T01:00:00Z").unwrap();
        house.enter_again().unwrap();
        let compared = seen(&house, "bao", take);
        let closed = house.act("bao", &compared, "close", json!({}), &COUNTERS);
        assert_eq!(closed.unwrap().record().unwrap().state, "closed");
        let twice = [
            case::clock("2026-03-17", "stopped"),
            case::clock("2026-03-20", "running"),
        ];
        assert_eq!(next(&house), twice);

        server.set_clock("2026-03-20T17:00:00Z").unwrap();
        house.enter_again().unwrap();
        case::until(|| next(&house)[1] == case::clock("2026-03-20", "overdue"));
        for who in ["zhu", "bao"] {
            let told = || {
                let client = house.client(who).unwrap();
                let told = client.list_notices(&PageQuery::default());
                let mut told = told.unwrap().items.into_iter();
                told.any(|one| one.kind == "clock.overdue" && one.record == plan)
            };
            case::until(told);
        }
        drop(house);
        case::sound(server);
    });
}
