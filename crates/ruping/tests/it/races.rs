//! Many at once: one copy, one series of numbers, one sequencer, every clock once.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use client::{Act, Call, Client, Error, Version};
use domain::RecordId;
use serde_json::{Value, json};
use testkit::{Database, House, PASSWORD, Plan, Server, databases};
use wire::{
    ActionRequest, ApprovalDecision, ListQuery, Login, NewRecord, Performed, Record, Verdict,
};

use crate::{RUPING, on_each_database};

/// How many ask at once.
const CLIENTS: usize = 64;

/// A house in which copies can be lent: `bao` keeps them, `zhu` approves, `yue` borrows.
fn library(server: &Server) -> House<'_> {
    let mut house = House::furnish(server).unwrap();
    house
        .hire("bao", "important", &["staff", "registrar"])
        .unwrap();
    house.hire("zhu", "important", &["staff"]).unwrap();
    house.hire("yue", "important", &["staff"]).unwrap();
    let office = house.client("office").unwrap();
    let unit = office.read_record(house.id("unit").unwrap()).unwrap();
    let head = json!({ "head": house.id("zhu").unwrap() });
    house.act("office", &unit, "correct", head, &[]).unwrap();
    house
}

/// A document of 机密 and so many copies of it.
fn copies(house: &House<'_>, count: usize) -> Vec<RecordId> {
    let persons = ["bao", "zhu", "yue"].map(|name| house.id(name).unwrap());
    let item = json!({
        "title": "总体方案", "level": "state.secret", "term": { "years": 10 },
        "issue_date": "2026-01-05", "scope_persons": persons, "issuer": "本单位",
        "taken_from": "旧台账",
    });
    let made = house
        .make("bao", "document", "take_over", item, &[])
        .unwrap();
    let document = made.record().unwrap().clone();
    let input = json!({
        "copies_count": count, "keeper": persons[0], "place": house.id("safe").unwrap(),
    });
    let made = house.act("bao", &document, "make_copies", input, &[]);
    let Performed::Done(done) = made.unwrap() else {
        panic!("copies wait")
    };
    done.made.iter().map(|one| one.id).collect()
}

fn request(house: &House<'_>, copy: RecordId) -> NewRecord {
    let fields = json!({
        "copy": copy, "borrower": house.id("yue").unwrap(), "purpose": "评审",
        "due_at": "2026-03-05T09:00:00Z",
    });
    let Value::Object(fields) = fields else {
        unreachable!()
    };
    NewRecord {
        action: Some("request".to_owned()),
        fields,
        ..NewRecord::default()
    }
}

fn done(performed: Performed) -> Record {
    let Performed::Done(done) = performed else {
        panic!("{performed:?}")
    };
    done.record
}

/// Asks for a copy, has it approved and lends it.
fn lend(house: &House<'_>, copy: RecordId) -> Record {
    let bao = house.client("bao").unwrap();
    let asked = bao.create_record("loan", &request(house, copy), &Act::default());
    let Performed::Waiting(waiting) = asked.unwrap() else {
        panic!("no approval")
    };
    let decision = ApprovalDecision::from(Verdict::Approve);
    let zhu = house.client("zhu").unwrap();
    let approved = done(zhu.decide_approval(waiting.approval, &decision).unwrap());
    done(
        house
            .act("bao", &approved, "lend", json!({}), &["yue"])
            .unwrap(),
    )
}

/// Lets all begin at the same moment and gives what became of each.
fn at_once<T: Send>(clients: &[Client], ask: impl Fn(usize, &Client) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(CLIENTS);
    thread::scope(|scope| {
        let (start, ask) = (&start, &ask);
        let threads: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let client = clients[number % clients.len()].clone();
                scope.spawn(move || {
                    start.wait();
                    ask(number, &client)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

/// Exactly one was done; every other was refused by one of these codes. Gives the one.
fn exactly_one(results: Vec<Result<Performed, Error>>, codes: &[&str]) -> Performed {
    let (good, bad): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    for error in bad.into_iter().map(Result::unwrap_err) {
        assert!(codes.contains(&error.code()), "{error}");
    }
    assert_eq!(good.len(), 1, "exactly one gets it");
    good.into_iter().next().unwrap().unwrap()
}

fn total(client: &Client, register: &str) -> i64 {
    let path = format!("/api/v1/registers/{register}/records?count=exact");
    let answer = client.send(&Call::new("GET", &path)).unwrap();
    answer.json::<Value>().unwrap()["total"].as_i64().unwrap()
}

/// All entries of the log with this action, as the auditor reads them.
fn entries(auditor: &Client, action: &str) -> usize {
    let (mut after, mut found) = (0, 0);
    loop {
        let path = format!("/api/v1/log/entries?after={after}&limit=200");
        let page: Value = auditor
            .send(&Call::new("GET", &path))
            .unwrap()
            .json()
            .unwrap();
        let items = page["items"].as_array().unwrap();
        let Some(last) = items.last() else {
            return found;
        };
        after = last["n"].as_i64().unwrap();
        found += items
            .iter()
            .filter(|item| item["entry"]["action"] == action)
            .count();
    }
}

/// Asks until it is so; what servers do by themselves takes them a moment.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..300 {
        if is_so() {
            return;
        }
        thread::park_timeout(Duration::from_millis(100));
    }
    panic!("it never came about: {what}");
}

fn check(server: &Server) {
    let check = server.on_folder("check").output().unwrap();
    let said = String::from_utf8_lossy(&check.stdout);
    assert_eq!(check.status.code(), Some(0), "{said}");
}

#[test]
fn of_64_who_ask_for_one_copy_exactly_one_gets_it() {
    on_each_database(|mut server| {
        let auditor = server.enter("auditor").unwrap();
        {
            let house = library(&server);
            let copy = copies(&house, 2)[0];
            let bao = house.client("bao").unwrap().clone();
            let asked = request(&house, copy);
            let results = at_once(std::slice::from_ref(&bao), |_, client| {
                client.create_record("loan", &asked, &Act::default())
            });
            let one = exactly_one(results, &["reservation.taken"]);
            assert!(matches!(one, Performed::Waiting(_)));
            assert_eq!(total(&bao, "loan"), 1, "nothing half-done stays");
            assert_eq!(entries(&auditor, "loan.request"), 1);
            assert_eq!(
                house
                    .client("zhu")
                    .unwrap()
                    .list_inbox(&wire::PageQuery::default())
                    .unwrap()
                    .items
                    .len(),
                1
            );
        }
        server.stop(0).unwrap();
        check(&server);
    });
}

#[test]
fn of_64_who_act_on_one_version_exactly_one_is_heard() {
    on_each_database(|server| {
        let house = library(&server);
        let loan = lend(&house, copies(&house, 1)[0]);
        let bao = house.client("bao").unwrap().clone();
        let back = ActionRequest {
            comment: Some("归还".to_owned()),
            ..ActionRequest::default()
        };
        let results = at_once(&[bao], |_, client| {
            client.perform_action(Version::from(&loan), "return", &back, &Act::default())
        });
        let one = done(exactly_one(
            results,
            &["record.stale", "action.wrong_state"],
        ));
        assert_eq!(
            (one.state.as_str(), one.version),
            ("returned", loan.version + 1)
        );
    });
}

#[test]
fn numbers_have_no_gap_and_come_once() {
    on_each_database(|server| {
        let house = library(&server);
        let persons = ["bao"].map(|name| house.id(name).unwrap());
        let bao = house.client("bao").unwrap().clone();
        let results = at_once(&[bao], |number, client| {
            // every other one is refused, and draws none
            let place = if number % 2 == 0 {
                "state.secret"
            } else {
                "state.top_secret"
            };
            let fields = json!({
                "title": format!("旧文件{number}"), "level": place, "term": { "years": 10 },
                "issue_date": "2026-01-05", "scope_persons": persons, "issuer": "本单位",
                "taken_from": "旧台账",
            });
            let Value::Object(fields) = fields else {
                unreachable!()
            };
            let new = NewRecord {
                action: Some("take_over".to_owned()),
                fields,
                comment: Some("启用前已有".to_owned()),
                ..NewRecord::default()
            };
            client.create_record("document", &new, &Act::default())
        });
        let drawn: BTreeSet<i64> = results
            .into_iter()
            .filter_map(Result::ok)
            .map(|performed| done(performed).number.unwrap())
            .map(|number| number.rsplit('-').next().unwrap().parse().unwrap())
            .collect();
        let expected: BTreeSet<i64> = (1..=32).collect();
        assert_eq!(drawn, expected);
    });
}

#[test]
fn of_64_repeats_at_once_one_is_done_and_all_are_answered_alike() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        let answers = at_once(std::slice::from_ref(&office), |_, client| {
            let call = Call::new("POST", "/api/v1/registers/unit/records")
                .bytes("application/json", br#"{"fields": {"name": "x"}}"#.to_vec())
                .header("idempotency-key", "once");
            client.send(&call).unwrap()
        });
        let ids: BTreeSet<String> = answers
            .iter()
            .map(|answer| answer.json::<Value>().unwrap()["id"].to_string())
            .collect();
        assert_eq!(ids.len(), 1, "{ids:?}");
        assert_eq!(total(&office, "unit"), 1);
    });
}

/// Two servers on one database, with a session on each.
struct Pair {
    server: Server,
    second: usize,
}

fn pair() -> Option<Pair> {
    let shared = |database: &Database| !matches!(database, Database::Sqlite);
    let database = databases().unwrap().into_iter().find(shared)?;
    let mut server = Plan::new(RUPING, database).start().unwrap();
    let second = server.join().unwrap();
    Some(Pair { server, second })
}

impl Pair {
    fn enter_second(&self, name: &str) -> Client {
        let mut client = self.server.nobody_at(self.second).unwrap();
        let login = Login {
            name: name.to_owned(),
            password: PASSWORD.into(),
            otp: None,
        };
        client.open_session(&login).unwrap();
        client
    }
}

#[test]
fn of_64_at_two_servers_exactly_one_gets_the_copy() {
    let Some(mut pair) = pair() else { return };
    {
        let house = library(&pair.server);
        let copy = copies(&house, 1)[0];
        let both = [
            house.client("bao").unwrap().clone(),
            pair.enter_second("bao"),
        ];
        let asked = request(&house, copy);
        let results = at_once(&both, |_, client| {
            client.create_record("loan", &asked, &Act::default())
        });
        exactly_one(results, &["reservation.taken"]);
        for client in &both {
            assert_eq!(total(client, "loan"), 1);
        }
    }
    pair.server.stop(pair.second).unwrap();
    pair.server.stop(0).unwrap();
    check(&pair.server);
}

#[test]
fn at_two_servers_every_clock_fires_once() {
    const LOANS: usize = 6;
    let Some(mut pair) = pair() else { return };
    let auditor = {
        let auditor = pair.server.enter("auditor").unwrap();
        let mut house = library(&pair.server);
        let loans: Vec<Record> = copies(&house, LOANS)
            .into_iter()
            .map(|copy| lend(&house, copy))
            .collect();
        pair.server.set_clock("2026-03-05T09:00:01Z").unwrap();
        house.enter_again().unwrap();
        let bao = house.client("bao").unwrap();
        until("every loan is overdue", || {
            loans.iter().all(|loan| {
                let clocks = bao.read_record(loan.id).unwrap().clocks;
                clocks
                    .iter()
                    .any(|clock| clock.state == "overdue" && !clock.fired.is_empty())
            })
        });
        drop(auditor);
        pair.server.enter_again("auditor").unwrap()
    };
    // what the second had under way is done when it has ended
    pair.server.stop(pair.second).unwrap();
    assert_eq!(entries(&auditor, "clock.overdue"), LOANS);
    pair.server.stop(0).unwrap();
    check(&pair.server);
}

#[test]
fn the_other_server_goes_on_with_the_log_when_the_sequencer_is_killed() {
    let Some(mut pair) = pair() else { return };
    let placed = |client: &Client, entry| match client.read_proof(entry) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.code(), "ledger.pending");
            false
        }
    };
    let add = |client: &Client, name: &str| {
        let fields = json!({ "name": name });
        let Value::Object(fields) = fields else {
            unreachable!()
        };
        let new = NewRecord {
            fields,
            ..NewRecord::default()
        };
        done(client.create_record("unit", &new, &Act::default()).unwrap())
            .entry
            .unwrap()
    };
    let office = pair.server.enter("office").unwrap();
    let first = add(&office, "一部");
    until("the first server places", || placed(&office, first));
    let second = pair.enter_second("office");
    // it was the first to start, so it has the lease
    pair.server.kill(0).unwrap();
    let left = add(&second, "二部");
    assert!(
        !placed(&second, left),
        "nobody places while the lease holds"
    );
    pair.server.set_clock("2026-03-02T01:00:30Z").unwrap();
    until("the other takes over", || placed(&second, left));
    assert!(placed(&second, first));
    let units = second.list_records("unit", &ListQuery::default()).unwrap();
    assert_eq!(units.items.len(), 2);
    pair.server.stop(pair.second).unwrap();
    check(&pair.server);
}
