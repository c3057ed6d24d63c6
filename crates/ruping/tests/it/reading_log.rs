//! The auditor looks through the log: by time, event, register, record and account, from either end.

use client::{Call, Client};
use serde_json::Value;
use testkit::Server;
use wire::{LogEntry, LogOrder, LogQuery};

use crate::bad_input::problem;
use crate::case::{self, log};
use crate::on_each_database;

fn places(entries: &[LogEntry]) -> Vec<i64> {
    entries.iter().map(|one| one.n).collect()
}

fn word<'e>(entry: &'e LogEntry, key: &str) -> &'e str {
    entry.entry[key].as_str().unwrap_or_default()
}

/// What one question finds is what the whole log has of it.
fn finds(auditor: &Client, query: LogQuery, is: impl Fn(&LogEntry) -> bool) -> Vec<LogEntry> {
    let should: Vec<LogEntry> = log(auditor, LogQuery::default())
        .into_iter()
        .filter(is)
        .collect();
    assert!(!should.is_empty(), "{query:?}");
    let found = log(auditor, query);
    // the question itself may have added some, at the end
    assert!(places(&found).starts_with(&places(&should)));
    found
}

fn refused(auditor: &Client, query: &str) -> (u16, String) {
    let path = format!("/api/v1/log/entries?{query}");
    let answer = auditor.send(&Call::new("GET", &path)).unwrap();
    (answer.status, problem(&answer).code)
}

fn of_accounts(server: &Server, auditor: &Client) {
    let office = server.enter_again("office").unwrap();
    let id = office.read_me().unwrap().account;
    let query = LogQuery {
        account: Some(id),
        ..LogQuery::default()
    };
    let own = finds(auditor, query, |one| {
        one.entry["actor"]["account"] == id.to_string()
    });
    assert!(
        own.iter()
            .all(|one| one.account.as_deref() == Some("office"))
    );
    let program = log(auditor, LogQuery::default())
        .into_iter()
        .find(|one| one.entry["actor"]["system"].is_string());
    assert_eq!(program.unwrap().account, None);
}

#[test]
fn the_auditor_looks_through_the_log_from_either_end() {
    on_each_database(|server| {
        let house = case::office(&server);
        let (document, ..) = case::document(&house, "年度方案", "内容", 1);
        let auditor = server.enter("auditor").unwrap();

        let whole = log(&auditor, LogQuery::default());
        assert!(
            whole.iter().all(|one| one.name.is_some()),
            "each has a name"
        );
        let by_threes = LogQuery {
            limit: Some(3),
            order: Some(LogOrder::Newest),
            ..LogQuery::default()
        };
        let mut backwards = places(&log(&auditor, by_threes));
        backwards.reverse();
        assert_eq!(backwards, places(&log(&auditor, LogQuery::default())));

        let action = |action: &str| LogQuery {
            action: Some(action.to_owned()),
            ..LogQuery::default()
        };
        let opened = finds(&auditor, action("session.opened"), |one| {
            word(one, "action") == "session.opened"
        });
        assert_eq!(opened[0].name.as_ref().unwrap().zh, "登录");
        finds(&auditor, action("session."), |one| {
            word(one, "action").starts_with("session.")
        });
        assert!(log(&auditor, action("session")).is_empty(), "whole words");

        let of_register = LogQuery {
            register: Some("copy".to_owned()),
            ..LogQuery::default()
        };
        finds(&auditor, of_register, |one| word(one, "register") == "copy");
        let of_record = LogQuery {
            record: Some(document.id),
            order: Some(LogOrder::Oldest),
            ..LogQuery::default()
        };
        let of_record = finds(&auditor, of_record, |one| {
            word(one, "record") == document.id.to_string()
        });
        assert_eq!(word(&of_record[0], "action"), "document.take_over");
        of_accounts(&server, &auditor);
    });
}

#[test]
fn the_log_is_read_between_two_times_and_only_by_who_may() {
    on_each_database(|server| {
        let before = server.enter("office").unwrap();
        drop(before);
        server.set_clock("2026-03-02T03:00:00Z").unwrap();
        let auditor = server.enter("auditor").unwrap();
        let at: domain::Timestamp = "2026-03-02T02:00:00Z".parse().unwrap();
        let from = LogQuery {
            from: Some(at),
            ..LogQuery::default()
        };
        let until = LogQuery {
            until: Some(at),
            ..LogQuery::default()
        };
        let is_late = |one: &LogEntry| word(one, "at") >= "2026-03-02T02:00:00Z";
        finds(&auditor, from, is_late);
        finds(&auditor, until, |one| !is_late(one));
        let never = LogQuery {
            from: Some(at),
            until: Some(at),
            ..LogQuery::default()
        };
        assert!(log(&auditor, never).is_empty());

        for bad in [
            "from=yesterday",
            "order=up",
            "record=7",
            "whatever=1",
            "after=x",
        ] {
            let (status, code) = refused(&auditor, bad);
            assert_eq!((status, code.as_str()), (400, "request.query"), "{bad}");
        }
        let office = server.enter_again("office").unwrap();
        let code = office.list_entries(&LogQuery::default()).unwrap_err();
        assert_eq!(code.code(), "access.denied");
    });
}

/// What the answer says goes for every reader of its form.
#[test]
fn an_entry_is_told_with_its_name_and_its_account() {
    let server = crate::server();
    let auditor = server.enter("auditor").unwrap();
    let call = Call::new("GET", "/api/v1/log/entries?limit=1");
    let page: Value = auditor.send(&call).unwrap().json().unwrap();
    assert_eq!(page["items"][0]["name"]["en"], "definition in use");
    assert!(page["next"].is_i64());
}
