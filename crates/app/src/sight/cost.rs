//! What is hidden and what is absent get the same answer for the same statements, whatever is asked
//! by id: a table of use cases, each with a hidden and an absent id.

use super::on_each_database;
use super::world::{Circle, Item, Person, Protection, World, now, person_id};
use crate::{Caller, Decision, Error, ListInput, Perform, Target, Verdict};
use domain::{ApprovalId, EntryId, FileId, RecordId};
use serde_json::{Map, Value, json};
use std::future::Future;
use store::ApprovalRow;

/// What an answer shows of itself: its words, and how many statements it took.
type Trace = (String, u64);

pub(super) fn document(number: u8, levels: &[&'static str], persons: &[usize]) -> Item {
    let Value::Object(fields) =
        json!({ "title": format!("长城{number}"), "level": levels.first() })
    else {
        panic!("not an object")
    };
    Item {
        id: RecordId::new(now(), [number; 10]),
        register: "document",
        number: Some(format!("号{number}")),
        state: "classified",
        fields,
        protections: vec![Protection {
            levels: levels.to_vec(),
            compartments: Vec::new(),
            circles: vec![Circle {
                persons: persons.to_vec(),
                units: Vec::new(),
            }],
        }],
        ties: Vec::new(),
        entry: None,
    }
}

/// Somebody cleared for nothing, a registrar who knows everything, and what is hidden from the first.
struct House {
    world: World,
    outsider: Caller,
    hidden: Hidden,
    absent: Hidden,
}

#[derive(Clone, Copy)]
struct Hidden {
    record: RecordId,
    file: FileId,
    upload: FileId,
    entry: EntryId,
    approval: ApprovalId,
}

impl House {
    async fn build(server: Option<String>) -> Self {
        let mut world = World::build(server).await;
        let (outsider, keeper) = (
            Person::ready(0, "none", &["staff"]),
            Person::ready(1, "core", &["staff", "registrar"]),
        );
        world.settle(vec![outsider, keeper]).await;
        world
            .place(vec![document(7, &["state.secret"], &[1])])
            .await;
        let (outsider, keeper) = (
            world.caller(&world.people[0]),
            world.caller(&world.people[1]),
        );
        let record = world.items[0].id;
        let hidden = Hidden {
            record,
            file: attached(&world, &keeper).await,
            upload: upload(&world, &keeper).await,
            entry: world.items[0].entry.unwrap(),
            approval: approval(&world, &keeper, record).await,
        };
        let absent = Hidden {
            record: RecordId::new(now(), [99; 10]),
            file: FileId::new(now(), [99; 10]),
            upload: FileId::new(now(), [98; 10]),
            entry: EntryId::new(now(), [99; 10]),
            approval: ApprovalId::new(now(), [99; 10]),
        };
        Self {
            world,
            outsider,
            hidden,
            absent,
        }
    }

    async fn traced<T: std::fmt::Debug>(
        &self,
        asked: impl Future<Output = Result<T, Error>>,
    ) -> Trace {
        let before = self.world.app.statements();
        let answer = asked.await;
        let took = self.world.app.statements() - before;
        (format!("{answer:?}"), took)
    }

    /// Every use case that takes an id.
    async fn ask(&self, what: Hidden) -> Vec<(&'static str, Trace)> {
        let mut all = self.read(what).await;
        all.extend(self.act(what).await);
        all
    }

    async fn read(&self, what: Hidden) -> Vec<(&'static str, Trace)> {
        let (app, who) = (&self.world.app, &self.outsider);
        let filter = ListInput {
            filter: Some(format!("copy:{}", what.record)),
            count: Some("exact".to_owned()),
            ..ListInput::default()
        };
        let words = ListInput {
            q: Some(what.record.to_string()),
            count: Some("exact".to_owned()),
            ..ListInput::default()
        };
        let file = |id, range| app.open_file(who, id, range);
        vec![
            ("record", self.traced(app.read(who, what.record)).await),
            ("history", self.traced(app.history(who, what.record)).await),
            ("custody", self.traced(app.custody(who, what.record)).await),
            ("files", self.traced(app.files(who, what.record)).await),
            ("file", self.traced(file(what.file, None)).await),
            (
                "part",
                self.traced(file(what.file, Some((1, Some(2))))).await,
            ),
            ("upload", self.traced(file(what.upload, None)).await),
            ("proof", self.traced(app.proof(who, what.entry)).await),
            ("filter", self.traced(app.list(who, "loan", filter)).await),
            ("words", self.traced(app.list(who, "loan", words)).await),
        ]
    }

    async fn act(&self, what: Hidden) -> Vec<(&'static str, Trace)> {
        let (app, who) = (&self.world.app, &self.outsider);
        let loan = json!({
            "copy": what.record, "borrower": person_id(0), "purpose": "评审",
            "due_at": "2026-03-05T09:00:00Z",
        });
        let draft = |file: FileId| {
            let input = json!({
                "title": "草稿", "level": "open", "term": { "years": 1 }, "contents": [file],
            });
            making("document", "draft", input)
        };
        let mut dry = acting(what.record, "correct", json!({}));
        dry.dry_run = true;
        let mut traces = Vec::new();
        for (name, act) in [
            ("act", acting(what.record, "make_copies", json!({}))),
            ("unknown act", acting(what.record, "fly", json!({}))),
            ("dry act", dry),
            ("link", making("loan", "request", loan)),
            ("attach", draft(what.upload)),
            ("attach of another", draft(what.file)),
        ] {
            traces.push((name, self.traced(app.perform(who, act)).await));
        }
        let decision = Decision::new(what.approval, Verdict::Approve);
        traces.push(("decision", self.traced(app.decide(who, decision)).await));
        traces
    }
}

fn perform(target: Target, action: &str, input: Map<String, Value>) -> Perform {
    Perform {
        comment: Some("按规定办理".to_owned()),
        ..Perform::new(target, action, input)
    }
}

pub(super) fn acting(id: RecordId, action: &str, input: Value) -> Perform {
    perform(Target::Existing { id, version: 1 }, action, object(input))
}

pub(super) fn making(register: &str, action: &str, input: Value) -> Perform {
    let register = register.to_owned();
    perform(Target::New { register }, action, object(input))
}

pub(super) fn object(value: Value) -> Map<String, Value> {
    let Value::Object(map) = value else {
        panic!("not an object: {value}")
    };
    map
}

async fn upload(world: &World, who: &Caller) -> FileId {
    let mut upload = world
        .app
        .begin_upload(who, "方案.docx", "application/zip")
        .await
        .unwrap();
    upload.push(b"PK plan").await.unwrap();
    upload.finish().await.unwrap().id
}

/// A file of a document that its keeper took over.
async fn attached(world: &World, keeper: &Caller) -> FileId {
    let file = upload(world, keeper).await;
    let input = json!({
        "title": "存量方案", "taken_from": "旧台账", "level": "state.secret", "term": { "years": 10 },
        "issue_date": "2026-01-01", "scope_persons": [person_id(1)], "contents": [file],
    });
    world
        .app
        .perform(keeper, making("document", "take_over", input))
        .await
        .unwrap();
    file
}

async fn approval(world: &World, keeper: &Caller, record: RecordId) -> ApprovalId {
    let id = ApprovalId::new(now(), [7; 10]);
    let mut row = ApprovalRow {
        id,
        record,
        register: "document".to_owned(),
        action: "make_copies".to_owned(),
        digest: String::new(),
        frozen: json!({}),
        steps: json!([0]),
        step: 0,
        state: "pending".to_owned(),
        requested_by: keeper.account,
        requested_person: keeper.person,
        at: now(),
        closed_at: None,
        class: 0,
        once: true,
        reason: None,
    };
    let put = world.app.transact(move |inner, tx| {
        row.class = tx.record(record)?.unwrap().class;
        let act = access::Act::new("unit.register", "unit", "custody");
        let granted = access::decide_system(&act, access::SystemReason::Job).unwrap();
        let about = crate::log::About::default();
        row.class = tx.record(record)?.ok_or(Error::NotFound)?.class;
        let entry =
            crate::log::entry(inner, granted.as_ref(), "approval.requested", &about, now())?;
        tx.write::<_, Error>(granted.as_ref(), |door| {
            Ok((entry, door.put_approval(&row)?))
        })
    });
    put.await.unwrap();
    id
}

#[test]
fn what_is_hidden_costs_and_says_what_is_absent_does() {
    on_each_database(|server| async move {
        let house = House::build(server).await;
        // what is made on first use is made now
        drop(house.ask(house.absent).await);
        let (hidden, absent) = (house.ask(house.hidden).await, house.ask(house.absent).await);
        for ((what, hidden), (_, absent)) in hidden.iter().zip(&absent) {
            println!("{what}: {hidden:?}");
            assert_eq!(hidden, absent, "{what}");
            assert!(hidden.1 > 0, "{what} was not asked of the database");
        }
        let refused = hidden
            .iter()
            .filter(|(_, trace)| trace.0.starts_with("Err("))
            .count();
        assert_eq!(
            refused,
            hidden.len() - 2,
            "only the two lists have an answer: an empty one"
        );
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tests_of_cost_would_notice() {
    let house = House::build(None).await;
    let keeper = house.world.caller(&house.world.people[1]);
    let app = &house.world.app;
    let seen = house.traced(app.read(&keeper, house.hidden.record)).await;
    let absent = house.traced(app.read(&keeper, house.absent.record)).await;
    assert!(
        seen.0.starts_with("Ok(") && seen.1 > absent.1,
        "{seen:?} {absent:?}"
    );
    for (what, answer) in [
        (
            "file",
            house
                .traced(app.open_file(&keeper, house.hidden.file, None))
                .await,
        ),
        (
            "upload",
            house
                .traced(app.open_file(&keeper, house.hidden.upload, None))
                .await,
        ),
    ] {
        assert!(answer.0.starts_with("Ok("), "{what}: {answer:?}");
    }
}
