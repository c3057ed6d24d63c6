//! whoever finds a copy missing reports it at once, and learns nothing by reporting.

use client::{Client, Error};
use domain::RecordId;
use serde_json::json;
use testkit::{House, refusal_code};
use wire::{ListQuery, Problem, Record};

use crate::{case, on_each_database};

fn report(house: &House<'_>, who: &str, copy: &str) -> anyhow::Result<Record> {
    let loss = json!({
        "copy": copy, "discovered_at": "2026-03-02T00:30:00Z", "circumstances": "柜中无此件",
    });
    let made = house.make(who, "loss", "report", loss, &[])?;
    Ok(made.record().unwrap().clone())
}

/// What the server said, without the id of the request.
fn problem(error: &anyhow::Error) -> Problem {
    let Some(Error::Problem(problem)) = error.downcast_ref::<Error>() else {
        panic!("not a refusal: {error:#}")
    };
    Problem {
        request_id: String::new(),
        ..(**problem).clone()
    }
}

fn losses(client: &Client) -> usize {
    let page = client.list_records("loss", &ListQuery::default()).unwrap();
    page.items.len()
}

fn state(client: &Client, record: RecordId) -> String {
    client.read_record(record).unwrap().state
}

#[test]
fn r601_whoever_may_know_a_copy_reports_it_missing() {
    on_each_database(|server| {
        let house = case::staff(&server);
        let (_, _, copies) = case::document(&house, "试验报告", "内容", 2);
        let loan = case::lend(&house, copies[0]);
        let bao = house.client("bao").unwrap();

        // the borrower, who is no registrar: the loan ends with the loss
        let lost = report(&house, "yue", &copies[0].to_string()).unwrap();
        assert!(lost.number.is_some(), "a report has a number: {lost:?}");
        assert_eq!(state(bao, copies[0]), "missing");
        assert_ne!(state(bao, loan.id), "lent");
        // somebody who never held it
        report(&house, "jian", &copies[1].to_string()).unwrap();
        assert_eq!(
            (losses(bao), state(bao, copies[1])),
            (2, "missing".to_owned())
        );

        // once is enough, and what follows is the office's
        let again = report(&house, "jian", &copies[0].to_string()).unwrap_err();
        assert_eq!(refusal_code(&again), Some("reservation.taken"));
        let found = json!({ "found_at": "2026-03-02T00:40:00Z", "found_where": "抽屉" });
        let by_yue = house
            .act("yue", &lost, "find", found.clone(), &[])
            .unwrap_err();
        assert_eq!(refusal_code(&by_yue), Some("access.who"));
        let cancelled = house
            .act("yue", &lost, "cancel", json!({}), &[])
            .unwrap_err();
        assert_eq!(refusal_code(&cancelled), Some("action.unknown"));
        house.act("bao", &lost, "find", found, &[]).unwrap();
    });
}

#[test]
fn r181_a_report_of_what_one_may_not_know_is_a_report_of_nothing() {
    on_each_database(|server| {
        let mut house = case::staff(&server);
        // cleared, and in no scope
        house.hire("wai", "important", &["staff"]).unwrap();
        let (_, _, copies) = case::document(&house, "试验报告", "内容", 2);
        let refused = |copy: &str| problem(&report(&house, "wai", copy).unwrap_err());
        let absent = refused("019cc5ce-f280-7d09-9138-84632025f651");
        assert_eq!(
            absent
                .fields
                .iter()
                .map(|one| one.code.as_str())
                .collect::<Vec<_>>(),
            ["register.link_unknown"]
        );
        assert_eq!(
            refused(&copies[0].to_string()),
            absent,
            "hidden is like absent"
        );
        // also when it is missing already
        let lost = report(&house, "jian", &copies[0].to_string()).unwrap();
        assert_eq!(refused(&copies[0].to_string()), absent);
        let wai = house.client("wai").unwrap();
        assert_eq!(losses(wai), 0);
        assert_eq!(wai.read_record(lost.id).unwrap_err().code(), "not_found");
        let bao = house.client("bao").unwrap();
        assert_eq!(losses(bao), 1);
        assert_eq!(state(bao, copies[1]), "in_stock");

        // and who does no business reports none
        let sysadmin = report(&house, "sysadmin", &copies[1].to_string()).unwrap_err();
        let code = refusal_code(&sysadmin).unwrap();
        assert!(
            ["record.fields", "access.who", "access.denied"].contains(&code),
            "{code}"
        );
        assert_eq!(losses(bao), 1);
    });
}
