//! B5, 传阅: one copy from reader to reader, always back through the registrar, and the record of it
//! from the first line to the last.

use client::Act;
use domain::RecordId;
use serde_json::json;
use testkit::House;
use wire::{ApprovalDecision, Line, PageQuery, Performed, Record, Verdict};

use crate::{case, case::refused, on_each_database};

/// A circulation of the copy among these readers, approved.
fn circulate(house: &House<'_>, copy: RecordId, readers: &[&str]) -> Record {
    let waiting = draw_up(house, copy, readers).unwrap();
    case::approve(house, "ling", &waiting)
}

fn draw_up(house: &House<'_>, copy: RecordId, readers: &[&str]) -> anyhow::Result<Performed> {
    let readers: Vec<_> = readers
        .iter()
        .map(|who| json!({ "reader": house.id(who).unwrap() }))
        .collect();
    let fields = json!({ "copy": copy, "subject": "年度方案征求意见", "readers": readers });
    house.make("bao", "circulation", "draw_up", fields, &[])
}

fn line(house: &House<'_>, of: RecordId, no: i64) -> Line {
    let record = house.client("bao").unwrap().read_record(of).unwrap();
    let found = record.lines.into_iter().find(|line| line.no == no);
    found.unwrap()
}

/// Acts on the line as it stands.
fn act(
    house: &House<'_>,
    line: &Line,
    action: &str,
    signers: &[&str],
) -> anyhow::Result<Performed> {
    let bao = house.client("bao").unwrap();
    let record = bao.read_record(line.id).unwrap();
    house.act("bao", &record, action, json!({}), signers)
}

fn holder(house: &House<'_>, of: RecordId, copy: RecordId) -> (String, Option<RecordId>) {
    let custody = house.client("bao").unwrap().read_custody(of).unwrap();
    let found = custody.copies.iter().find(|one| one.copy == copy).unwrap();
    let person = found
        .person
        .as_ref()
        .map(|person| RecordId::from(person.id));
    (found.status.clone(), person)
}

#[test]
fn r207_a_copy_goes_from_the_registrar_to_each_reader_and_back() {
    on_each_database(|server| {
        let house = case::staff(&server);
        let (document, _, copies) = case::document(&house, "年度方案", "内容", 1);
        let copy = copies[0];
        let round = circulate(&house, copy, &["yue", "jian"]);
        assert_eq!(round.state, "circulating");
        assert_eq!(round.lines.len(), 2);
        assert_eq!(round.fields["readers_left"], json!(2));

        let (first, second) = (line(&house, round.id, 1), line(&house, round.id, 2));
        assert_eq!(
            refused(act(&house, &second, "hand_out", &["jian"])),
            "line.order"
        );
        assert_eq!(
            refused(act(&house, &first, "hand_out", &[])),
            "signature.missing"
        );
        act(&house, &first, "hand_out", &["yue"]).unwrap();
        let yue = house.id("yue").unwrap();
        assert_eq!(
            holder(&house, document.id, copy),
            ("out".to_owned(), Some(yue))
        );
        // the reader sees what they read, and their line of it
        let seen = house.client("yue").unwrap().read_record(round.id).unwrap();
        assert_eq!(seen.lines[0].state, "reading");
        assert!(
            seen.lines
                .iter()
                .all(|line| line.actions.iter().all(|one| !one.allowed))
        );

        assert_eq!(
            refused(act(&house, &second, "hand_out", &["jian"])),
            "record.rules"
        );
        act(&house, &first, "take_back", &[]).unwrap();
        let bao = house.id("bao").unwrap();
        assert_eq!(
            holder(&house, document.id, copy),
            ("held".to_owned(), Some(bao))
        );
        act(&house, &second, "hand_out", &["jian"]).unwrap();
        let busy = draw_up(&house, copy, &["yue"]);
        assert_eq!(refused(busy), "reservation.taken");
        act(&house, &second, "take_back", &[]).unwrap();

        let bao = house.client("bao").unwrap();
        let done = bao.read_record(round.id).unwrap();
        assert_eq!(done.state, "complete", "all have read");
        let history = bao.read_history(second.id).unwrap().items;
        let actions: Vec<_> = history.iter().map(|one| one.action.as_str()).collect();
        assert_eq!(actions, ["draw_up", "hand_out", "take_back"]);
        assert_eq!(history[1].signatures.len(), 1, "the reader signed");
        let late = act(&house, &first, "take_back", &[]);
        assert_eq!(refused(late), "line.record_closed");
        circulate(&house, copy, &["zhu"]);
        drop(house);
        case::sound(server);
    });
}

/// A leader sends the list back; who asked gives their readers anew, and the first ones are history.
#[test]
fn who_asks_again_gives_the_readers_anew() {
    on_each_database(|server| {
        let house = case::staff(&server);
        let (_, _, copies) = case::document(&house, "另定阅文人", "内容", 1);
        let waiting = draw_up(&house, copies[0], &["yue", "jian"]).unwrap();
        let Performed::Waiting(waiting) = &waiting else {
            panic!("nothing waits: {waiting:?}")
        };
        let back = ApprovalDecision {
            comment: Some("人选再议".to_owned()),
            ..ApprovalDecision::from(Verdict::Return)
        };
        let ling = house.client("ling").unwrap();
        ling.decide_approval(waiting.approval, &back).unwrap();
        let bao = house.client("bao").unwrap();
        let round = bao.read_record(waiting.record.id).unwrap();
        let first = round.lines[0].id;
        let readers = json!([{ "reader": house.id("zhu").unwrap() }]);
        let again = json!({
            "copy": copies[0], "subject": "年度方案征求意见", "readers": readers,
        });
        let waiting = house.act("bao", &round, "draw_up", again, &[]).unwrap();
        let round = case::approve(&house, "ling", &waiting);
        assert_eq!(round.lines.len(), 1, "{:?}", round.lines);
        assert_eq!(round.fields["readers_left"], json!(1));
        assert_eq!(bao.read_record(first).unwrap().state, "withdrawn");
        let more = json!({ "readers": [{ "reader": house.id("yue").unwrap() }] });
        let round = bao.read_record(round.id).unwrap();
        let waiting = house.act("bao", &round, "add_readers", more, &[]).unwrap();
        let round = case::approve(&house, "ling", &waiting);
        assert_eq!(round.lines.len(), 2);
        let third = round.lines[0].no;
        act(&house, &line(&house, round.id, third), "hand_out", &["zhu"]).unwrap();
        act(&house, &line(&house, round.id, third), "take_back", &[]).unwrap();
        drop(house);
        case::sound(server);
    });
}

#[test]
fn r181_lines_are_for_those_who_may_know_their_record() {
    on_each_database(|server| {
        let mut house = case::staff(&server);
        house.hire("wai", "important", &["staff"]).unwrap();
        let (_, _, copies) = case::document(&house, "限知悉方案", "内容", 1);
        // outside the scope; R-184 would say the same of who is not cleared
        let outside = draw_up(&house, copies[0], &["wai"]).unwrap();
        let round = case::approve(&house, "ling", &outside);
        let only = line(&house, round.id, 1);
        assert_eq!(
            refused(act(&house, &only, "hand_out", &["wai"])),
            "record.rules"
        );
        let wai = house.client("wai").unwrap();
        for id in [round.id, only.id] {
            let error = wai.read_record(id).unwrap_err();
            assert_eq!(error.code(), "not_found");
        }
        let error = wai.list_lines(round.id, "readers", &PageQuery::default());
        assert_eq!(error.unwrap_err().code(), "not_found");
        let new = wire::NewRecord::by("draw_up", json!({}), Vec::new());
        let error = wai.create_line(round.id, "readers", &new, &Act::default());
        assert_eq!(error.unwrap_err().code(), "not_found");
    });
}

#[test]
fn r601_a_copy_lost_on_its_round_ends_the_round() {
    on_each_database(|server| {
        let house = case::staff(&server);
        let (document, _, copies) = case::document(&house, "途中丢失", "内容", 1);
        let round = circulate(&house, copies[0], &["yue", "jian"]);
        act(&house, &line(&house, round.id, 1), "hand_out", &["yue"]).unwrap();
        let loss = json!({
            "copy": copies[0], "discovered_at": "2026-03-02T00:30:00Z", "circumstances": "阅后未见",
        });
        house.make("yue", "loss", "report", loss, &[]).unwrap();
        let round = house.client("bao").unwrap().read_record(round.id).unwrap();
        assert_eq!(round.state, "lost");
        assert_eq!(holder(&house, document.id, copies[0]).0, "missing");
        let next = line(&house, round.id, 2);
        assert_eq!(
            refused(act(&house, &next, "hand_out", &["jian"])),
            "line.record_closed"
        );
        drop(house);
        case::sound(server);
    });
}
