//! Lines: made with their record, seen with it and as secret as it is, worked off in their order,
//! leading it on, following its acts, ending with it.

use super::cost::{document, making, object};
use super::world::{Person, World, person_id};
use super::{follow, on_each_database};
use crate::{
    Caller, Decision, Error, LineView, PageInput, Perform, Performed, RecordView, Target, Verdict,
};
use domain::{ApprovalId, Level, RecordId};
use serde_json::{Value, json};

const ROUND: &str = include_str!("round.toml");

struct Desk {
    world: World,
    registrar: Caller,
    leader: Caller,
    reader: Caller,
    /// Cleared for nothing.
    stranger: Caller,
}

/// Two documents: a secret one and one that stays inside.
async fn desk(server: Option<String>) -> Desk {
    let mut world = World::build_with(
        server,
        &[("round.toml", ROUND), ("note.toml", follow::NOTES)],
    )
    .await;
    let people = vec![
        Person::ready(0, "core", &["staff", "registrar"]),
        Person::ready(1, "core", &["staff"]),
        Person::ready(2, "none", &["staff"]),
        Person::ready(3, "core", &["staff", "leader"]),
        Person::ready(4, "core", &["staff"]),
    ];
    world.settle(people).await;
    let all = [0, 1, 3, 4];
    let papers = vec![
        document(1, &["state.secret"], &all),
        document(2, &["work.internal"], &all),
    ];
    world.place(papers).await;
    let caller = |number: usize| world.caller(&world.people[number]);
    Desk {
        registrar: caller(0),
        reader: caller(1),
        stranger: caller(2),
        leader: caller(3),
        world,
    }
}

impl Desk {
    async fn perform(&self, who: &Caller, request: Perform) -> Result<Performed, Error> {
        self.world.app.perform(who, request).await
    }

    async fn read(&self, id: RecordId) -> RecordView {
        self.world.app.read(&self.registrar, id).await.unwrap()
    }

    /// A round of two readers with one paper.
    async fn round(&self, paper: usize) -> RecordView {
        let input = json!({
            "subject": "年度计划",
            "readers": [{ "reader": person_id(1) }, { "reader": person_id(4) }],
            "papers": [{ "document": self.world.items[paper].id }],
        });
        done(
            self.perform(&self.registrar, making("round", "draw_up", input))
                .await,
        )
    }

    async fn line(&self, of: RecordId, kind: &str, no: i64) -> LineView {
        let lines = self.read(of).await.lines;
        let wanted = |line: &&LineView| line.line == kind && line.no == no;
        lines.iter().find(wanted).unwrap().clone()
    }

    /// Acts on a line as it stands.
    async fn act(&self, line: &LineView, action: &str, input: Value) -> Result<Performed, Error> {
        let version = self.read(line.id).await.version;
        let mut request = Perform::new(target(line.id, version), action, object(input));
        request.comment = Some("试验".to_owned());
        self.perform(&self.registrar, request).await
    }

    async fn act_on(&self, of: RecordId, action: &str, input: Value) -> Result<Performed, Error> {
        let version = self.read(of).await.version;
        let request = Perform::new(target(of, version), action, object(input));
        self.perform(&self.registrar, request).await
    }

    async fn decide(&self, approval: ApprovalId, verdict: Verdict) -> Result<Performed, Error> {
        let decision = Decision {
            approval,
            verdict,
            comment: Some("意见".to_owned()),
            digest: None,
            idempotency_key: None,
        };
        self.world.app.decide(&self.leader, decision).await
    }
}

fn target(id: RecordId, version: i64) -> Target {
    Target::Existing { id, version }
}

fn done(performed: Result<Performed, Error>) -> RecordView {
    match performed {
        Ok(Performed::Done { record, .. }) => *record,
        other => panic!("not done: {other:?}"),
    }
}

fn waiting(performed: Result<Performed, Error>) -> ApprovalId {
    match performed {
        Ok(Performed::Waiting { approval, .. }) => approval,
        other => panic!("does not wait: {other:?}"),
    }
}

fn code(refused: Result<Performed, Error>) -> String {
    match refused {
        Err(Error::Conflict { code, .. }) => code.to_owned(),
        Err(Error::Fields(problems)) => format!("{}: {}", problems[0].field, problems[0].code),
        Err(Error::Rules(problems)) => problems[0].id.clone(),
        Err(Error::NotFound) => "not_found".to_owned(),
        other => panic!("not refused: {other:?}"),
    }
}

fn states(record: &RecordView, kind: &str) -> Vec<String> {
    let lines = record.lines.iter().filter(|line| line.line == kind);
    lines.map(|line| line.state.clone()).collect()
}

fn secret(record: &RecordView) -> bool {
    record
        .label
        .levels
        .iter()
        .any(|level| level == Level::Secret)
}

#[test]
fn lines_are_made_with_their_record_and_as_secret_as_it_is() {
    on_each_database(|server| async move {
        let desk = desk(server).await;
        let round = desk.round(0).await;
        assert!(secret(&round), "as secret as what its lines name");
        assert_eq!(round.fields.get("readers"), None, "lines are no field");
        assert_eq!(round.fields.get("left"), Some(&json!(2)));
        assert_eq!(states(&round, "readers"), ["waiting", "waiting"]);
        let line = desk.read(desk.line(round.id, "readers", 2).await.id).await;
        assert_eq!(line.register, "round.readers");
        assert_eq!(line.label, round.label);
        assert_eq!(line.line.unwrap().of, round.id);
    });
}

#[test]
fn a_line_is_seen_by_whoever_sees_its_record_and_by_nobody_else() {
    on_each_database(|server| async move {
        let desk = desk(server).await;
        let round = desk.round(0).await;
        let line = desk.line(round.id, "readers", 1).await;
        let app = &desk.world.app;
        assert!(app.read(&desk.registrar, line.id).await.is_ok());
        assert!(app.history(&desk.registrar, line.id).await.is_ok());
        let page = PageInput::default;
        for id in [round.id, line.id] {
            let read = app.read(&desk.stranger, id).await;
            assert!(matches!(read, Err(Error::NotFound)), "{read:?}");
        }
        let lines = app.lines(&desk.stranger, round.id, "readers", page()).await;
        assert!(matches!(lines, Err(Error::NotFound)));
        let input = object(json!({ "text": "看见了" }));
        let of = Target::Line {
            of: round.id,
            line: "notes".to_owned(),
        };
        let noted = desk
            .perform(&desk.stranger, Perform::new(of, "note", input))
            .await;
        assert!(matches!(noted, Err(Error::NotFound)), "{noted:?}");
        let request = Perform::new(target(line.id, 1), "hand_out", object(json!({})));
        let handed = desk.perform(&desk.stranger, request).await;
        assert!(matches!(handed, Err(Error::NotFound)), "{handed:?}");
        // lines are no register that could be listed or written to
        let listed = app
            .list(
                &desk.registrar,
                "round.readers",
                crate::ListInput::default(),
            )
            .await;
        assert!(matches!(listed, Err(Error::NotFound)));
        let made = making("round.notes", "note", json!({ "text": "无主" }));
        assert_eq!(code(desk.perform(&desk.registrar, made).await), "not_found");
    });
}

#[test]
fn lines_are_worked_off_in_their_order_and_lead_their_record() {
    on_each_database(|server| async move {
        let desk = desk(server).await;
        let round = desk.round(0).await;
        let first = desk.line(round.id, "readers", 1).await;
        let second = desk.line(round.id, "readers", 2).await;
        let none = || json!({});
        assert_eq!(
            code(desk.act(&second, "hand_out", none()).await),
            "line.order"
        );
        done(desk.act(&first, "hand_out", none()).await);
        let out = desk.read(first.id).await;
        assert_eq!(out.clocks.len(), 1, "a line has its own deadline");
        assert_eq!(
            code(desk.act(&first, "skip", none()).await),
            "action.wrong_state"
        );
        done(
            desk.act(&first, "take_back", json!({ "remark": "同意" }))
                .await,
        );
        assert_eq!(desk.read(round.id).await.state, "circulating");
        done(desk.act(&second, "skip", none()).await);
        let round = desk.read(round.id).await;
        assert_eq!(round.state, "complete", "all of its lines are done");
        assert_eq!(desk.read(first.id).await.clocks[0].state, "stopped");
        let entries = desk
            .world
            .app
            .history(&desk.registrar, round.id)
            .await
            .unwrap();
        assert_eq!(entries.last().unwrap().action, "complete");
    });
}

#[test]
fn r_207_and_r_184_hold_on_a_line() {
    on_each_database(|server| async move {
        let desk = desk(server).await;
        let input = json!({
            "subject": "横传",
            "readers": [{ "reader": person_id(2) }, { "reader": person_id(1) }],
            "papers": [{ "document": desk.world.items[0].id }],
        });
        let made = desk
            .perform(&desk.registrar, making("round", "draw_up", input))
            .await;
        let round = done(made);
        let first = desk.line(round.id, "readers", 1).await;
        assert_eq!(code(desk.act(&first, "hand_out", json!({})).await), "R-184");
        done(desk.act(&first, "skip", json!({})).await);
        let second = desk.line(round.id, "readers", 2).await;
        done(desk.act(&second, "hand_out", json!({})).await);
        let third = json!({ "readers": [{ "reader": person_id(4) }] });
        let approval = waiting(desk.act_on(round.id, "add_readers", third).await);
        done(desk.decide(approval, Verdict::Approve).await);
        let third = desk.line(round.id, "readers", 3).await;
        let handed = code(desk.act(&third, "hand_out", json!({})).await);
        assert_eq!(handed, "R-207");
    });
}

#[test]
fn what_is_decided_on_freezes_the_lines_too() {
    on_each_database(|server| async move {
        let desk = desk(server).await;
        let round = desk.round(0).await;
        let more = |person: usize| json!({ "readers": [{ "reader": person_id(person) }] });
        assert_eq!(
            code(desk.act_on(round.id, "add_readers", more(1)).await),
            "R-181"
        );
        let four = json!({ "readers": [{ "reader": person_id(0) }, { "reader": person_id(3) }] });
        let many = code(desk.act_on(round.id, "add_readers", four).await);
        assert_eq!(many, "readers: register.field_too_many");
        let approval = waiting(desk.act_on(round.id, "add_readers", more(3)).await);
        let first = desk.line(round.id, "readers", 1).await;
        assert_eq!(
            code(desk.act(&first, "hand_out", json!({})).await),
            "approval.pending"
        );
        assert_eq!(states(&desk.read(round.id).await, "readers").len(), 2);
        done(desk.decide(approval, Verdict::Approve).await);
        assert_eq!(states(&desk.read(round.id).await, "readers").len(), 3);
    });
}

#[test]
fn an_act_of_the_record_fans_out_to_its_lines() {
    on_each_database(|server| async move {
        let desk = desk(server).await;
        let input = json!({
            "subject": "退回",
            "readers": [{ "reader": person_id(1) }],
            "papers": [{ "document": desk.world.items[0].id }, { "document": desk.world.items[1].id }],
        });
        let made = desk
            .perform(&desk.registrar, making("round", "draw_up", input))
            .await;
        let round = done(made);
        let again = desk
            .perform(
                &desk.registrar,
                making(
                    "round",
                    "draw_up",
                    json!({
                        "subject": "重复", "readers": [{ "reader": person_id(1) }],
                        "papers": [{ "document": desk.world.items[1].id }],
                    }),
                ),
            )
            .await;
        assert_eq!(code(again), "reservation.taken");
        done(desk.act_on(round.id, "give_all_back", json!({})).await);
        let papers = states(&desk.read(round.id).await, "papers");
        assert_eq!(papers, ["given_back", "given_back"]);
        done(
            desk.perform(
                &desk.registrar,
                making(
                    "round",
                    "draw_up",
                    json!({
                        "subject": "再办", "readers": [{ "reader": person_id(1) }],
                        "papers": [{ "document": desk.world.items[1].id }],
                    }),
                ),
            )
            .await,
        );
    });
}

#[test]
fn lines_end_with_their_record() {
    on_each_database(|server| async move {
        let desk = desk(server).await;
        let round = desk.round(0).await;
        let first = desk.line(round.id, "readers", 1).await;
        done(desk.act(&first, "hand_out", json!({})).await);
        done(desk.act_on(round.id, "stop", json!({})).await);
        let line = desk.read(first.id).await;
        assert_eq!(line.state, "reading", "what it was, it stays");
        assert_eq!(line.clocks[0].state, "stopped");
        let back = desk.act(&first, "take_back", json!({})).await;
        assert_eq!(code(back), "line.record_closed");
        // the paper is free again
        desk.round(0).await;
    });
}

#[test]
fn lines_are_filled_once_from_what_the_actor_sees() {
    on_each_database(|server| async move {
        let mut desk = desk(server).await;
        let mut hidden = document(3, &["state.secret"], &[0]);
        hidden.protections[0].compartments = vec!["特别"];
        desk.world.place(vec![hidden]).await;
        let round = desk.round(0).await;
        let found: Vec<_> = round
            .lines
            .iter()
            .filter(|line| line.line == "found")
            .collect();
        let ids: Vec<_> = found
            .iter()
            .map(|line| line.fields["document"].clone())
            .collect();
        let expected: Vec<_> = desk.world.items[..2]
            .iter()
            .map(|item| json!(item.id))
            .collect();
        assert_eq!(
            ids, expected,
            "what only others may know is not on the list"
        );
        assert_eq!(found[0].fields["was"], json!("长城1"));
        desk.world
            .place(vec![document(4, &["state.secret"], &[0])])
            .await;
        let later = desk.read(round.id).await;
        assert_eq!(states(&later, "found").len(), 2, "the list is frozen");
    });
}

#[test]
fn a_new_line_comes_by_an_action_of_its_own() {
    on_each_database(|server| async move {
        let desk = desk(server).await;
        let round = desk.round(0).await;
        let note = |text: Value| {
            let of = Target::Line {
                of: round.id,
                line: "notes".to_owned(),
            };
            Perform::new(of, "note", object(json!({ "text": text })))
        };
        let missing = desk.perform(&desk.registrar, note(Value::Null)).await;
        assert_eq!(code(missing), "text: register.field_required");
        let line = done(desk.perform(&desk.registrar, note(json!("缺页"))).await);
        assert_eq!(line.line.as_ref().unwrap().no, 1);
        let line = done(desk.perform(&desk.registrar, note(json!("补齐"))).await);
        assert_eq!(line.line.as_ref().unwrap().no, 2);
        let page = PageInput {
            limit: Some(1),
            count: Some("exact".to_owned()),
            after: None,
        };
        let app = &desk.world.app;
        let page = app
            .lines(&desk.registrar, round.id, "notes", page)
            .await
            .unwrap();
        assert_eq!(
            (page.items[0].no, page.next.as_deref(), page.total),
            (1, Some("1"), Some(2))
        );
        let next = PageInput {
            after: page.next,
            ..PageInput::default()
        };
        let page = app
            .lines(&desk.registrar, round.id, "notes", next)
            .await
            .unwrap();
        assert_eq!(page.items[0].fields["text"], json!("补齐"));
    });
}

#[test]
fn fields_of_a_line_are_hidden_by_its_own_state() {
    on_each_database(|server| async move {
        let desk = desk(server).await;
        let round = desk.round(0).await;
        let first = desk.line(round.id, "readers", 1).await;
        done(
            desk.act(&first, "hand_out", json!({ "remark": "急件" }))
                .await,
        );
        let seen = |of: RecordView| of.lines[0].fields.get("remark").cloned();
        let app = &desk.world.app;
        assert_eq!(seen(desk.read(round.id).await), Some(json!("急件")));
        let read = app.read(&desk.reader, round.id).await;
        if let Ok(read) = read {
            assert_eq!(seen(read), None, "hidden while it is out");
        }
        done(
            desk.act(&first, "take_back", json!({ "remark": "已阅" }))
                .await,
        );
    });
}

/// What a line names may be made more secret while the line is there; the record follows, and its
/// other lines with it.
#[test]
fn a_record_follows_what_its_lines_name() {
    on_each_database(|server| async move {
        let desk = desk(server).await;
        let (world, who) = (&desk.world, &desk.registrar);
        let sheet = follow::add(world, who, None).await;
        let input = json!({
            "subject": "密级变更",
            "readers": [{ "reader": person_id(1) }],
            "sheets": [{ "sheet": sheet.id }],
        });
        let round = done(desk.perform(who, making("round", "draw_up", input)).await);
        assert!(!secret(&round));
        follow::regrade(world, who, &sheet).await;
        assert!(secret(&desk.read(round.id).await));
        let line = desk.line(round.id, "readers", 1).await;
        assert!(secret(&desk.read(line.id).await));
    });
}

/// Too much to look through is refused before it is a burden for everybody else.
#[test]
fn a_query_that_looks_through_too_much_is_refused() {
    on_each_database(|server| async move {
        let mut desk = desk(server).await;
        let more = (3..8).map(|number| document(number, &["work.internal"], &[0]));
        desk.world.place(more.collect()).await;
        let input = json!({ "subject": "过多", "readers": [{ "reader": person_id(1) }] });
        let made = desk
            .perform(&desk.registrar, making("round", "draw_up", input))
            .await;
        assert_eq!(code(made), "line.fill_too_long");
    });
}

/// What waits in an inbox shows of its lines what the decider may see, and no more.
#[test]
fn an_inbox_hides_fields_of_lines_that_are_given() {
    on_each_database(|server| async move {
        let desk = desk(server).await;
        let round = desk.round(0).await;
        let hidden = json!({ "readers": [{ "reader": person_id(3), "remark": "不外传" }] });
        waiting(desk.act_on(round.id, "add_readers", hidden).await);
        let app = &desk.world.app;
        let seen = |caller: Caller| async move {
            let page = app.inbox(&caller, PageInput::default()).await.unwrap();
            page.items[0].frozen["input"]["readers"][0].clone()
        };
        let leader = seen(desk.leader.clone()).await;
        assert_eq!(leader, json!({ "reader": person_id(3) }));
    });
}

/// What stands closed in the old books holds nothing here.
#[test]
fn lines_that_are_taken_over_closed_hold_nothing() {
    on_each_database(|server| async move {
        let desk = desk(server).await;
        let old = |papers: Value| {
            let input = json!({
                "subject": "旧传阅", "state": "stopped", "taken_from": "旧册", "former_number": "旧1",
                "readers": [{ "reader": person_id(1) }], "papers": papers,
            });
            let mut request = making("round", "take_over", input);
            request.comment = Some("启用前".to_owned());
            request
        };
        let live = old(json!([{ "document": desk.world.items[0].id }]));
        let refused = code(desk.perform(&desk.registrar, live).await);
        assert_eq!(refused, "papers: register.take_over_live");
        let round = done(desk.perform(&desk.registrar, old(json!([]))).await);
        let line = desk.line(round.id, "readers", 1).await;
        assert!(line.actions.is_empty(), "{:?}", line.actions);
        let out = code(desk.act(&line, "hand_out", json!({})).await);
        assert_eq!(out, "line.record_closed");
    });
}

/// An answer that is kept for a repeat was made for who one was then; its lines are those of now.
#[test]
fn a_repeat_shows_lines_as_they_are_now() {
    on_each_database(|server| async move {
        let desk = desk(server).await;
        let round = desk.round(0).await;
        let input = object(json!({ "readers": [{ "reader": person_id(3) }] }));
        let ask = || {
            let mut request = Perform::new(target(round.id, 1), "add_readers", input.clone());
            request.idempotency_key = Some("once".to_owned());
            request
        };
        let approval = waiting(desk.perform(&desk.registrar, ask()).await);
        done(desk.decide(approval, Verdict::Approve).await);
        let first = desk.line(round.id, "readers", 1).await;
        done(desk.act(&first, "hand_out", json!({})).await);
        let again = desk.perform(&desk.registrar, ask()).await;
        let Ok(Performed::Waiting { record, .. }) = again else {
            panic!("another answer: {again:?}")
        };
        assert_eq!(
            states(&record, "readers"),
            ["reading", "waiting", "waiting"]
        );
    });
}
