//! Approvals over HTTP: what changed goes back, what is asked may be taken back, who asked must
//! still be entitled, and nobody learns of a request what they may not know.

use client::{Call, Client};
use domain::{ApprovalId, RecordId};
use serde_json::{Value, json};
use std::thread;
use testkit::{House, Server};
use wire::{
    AccountChange, Approval, ApprovalDecision, PageQuery, Performed, Record, Verdict, Waiting,
};

use crate::bad_input::problem;
use crate::on_each_database;

/// Drafters, two who classify, a reader.
fn people(server: &Server) -> House<'_> {
    let mut house = House::furnish(server).unwrap();
    for (name, roles) in [
        ("chen", &["staff"][..]),
        ("ding", &["staff", "classifier"]),
        ("wang", &["staff"]),
    ] {
        house.hire(name, "important", roles).unwrap();
    }
    house
}

fn matter(house: &House<'_>) -> RecordId {
    let matter = json!({
        "name": "总体方案", "level": "state.secret", "term": { "years": 10 },
        "scope_text": "项目组", "tier": "总体部", "clause": "第3条",
    });
    let made = house.make("office", "secret_matter", "add", matter, &[]);
    made.unwrap().record().unwrap().id
}

fn draft(house: &House<'_>, title: &str) -> Record {
    let draft = json!({ "title": title, "level": "state.secret", "term": { "years": 10 } });
    let made = house.make("chen", "document", "draft", draft, &[]).unwrap();
    made.record().unwrap().clone()
}

fn proposal(house: &House<'_>, document: RecordId, basis: RecordId) -> Value {
    json!({
        "document": document, "level": "state.secret", "term": { "years": 10 },
        "scope_persons": [house.id("chen").unwrap()], "basis": basis, "reason": "第3条",
    })
}

fn propose(house: &House<'_>, fields: Value) -> Waiting {
    waiting(
        house
            .make("chen", "classification", "propose", fields, &[])
            .unwrap(),
    )
}

fn waiting(performed: Performed) -> Waiting {
    let Performed::Waiting(waiting) = performed else {
        panic!("it does not wait: {performed:?}")
    };
    waiting
}

fn decide(
    house: &House<'_>,
    who: &str,
    approval: ApprovalId,
    verdict: Verdict,
) -> Result<Record, client::Error> {
    let client = house.client(who).unwrap();
    let performed = client.decide_approval(approval, &verdict.into())?;
    Ok(performed.record().unwrap().clone())
}

fn refused(result: Result<Record, client::Error>) -> String {
    result.unwrap_err().code().to_owned()
}

fn inbox(house: &House<'_>, who: &str) -> Vec<Approval> {
    let client = house.client(who).unwrap();
    client.list_inbox(&PageQuery::default()).unwrap().items
}

fn read(house: &House<'_>, who: &str, id: RecordId) -> Result<Record, client::Error> {
    house.client(who).unwrap().read_record(id)
}

fn edit(house: &House<'_>, document: RecordId) {
    let document = read(house, "chen", document).unwrap();
    let title = json!({ "title": "改过的标题" });
    house.act("chen", &document, "edit", title, &[]).unwrap();
}

fn what_changed_goes_back(house: &House<'_>, basis: RecordId) {
    let document = draft(house, "方案");
    let asked = propose(house, proposal(house, document.id, basis));
    edit(house, document.id);
    let error = decide(house, "ding", asked.approval, Verdict::Approve).unwrap_err();
    let problem = error.problem().unwrap();
    assert_eq!(
        (problem.status, problem.code.as_str()),
        (409, "approval.facts_changed")
    );
    assert!(problem.detail.contains("(Document)"), "{}", problem.detail);
    assert!(
        inbox(house, "ding").is_empty(),
        "it waits for nobody's decision"
    );
    let again = inbox(house, "chen");
    let reason = again[0].reason.as_ref().unwrap();
    assert_eq!(
        (
            again[0].state.as_str(),
            reason.code.as_str(),
            &reason.changed[..]
        ),
        (
            "returned",
            "approval.facts_changed",
            &["document".to_owned()][..]
        )
    );
    let record = read(house, "chen", asked.record.id).unwrap();
    assert!(
        record
            .actions
            .iter()
            .any(|one| one.key == "propose" && one.allowed)
    );
    let fields = proposal(house, document.id, basis);
    let asked = waiting(house.act("chen", &record, "propose", fields, &[]).unwrap());
    assert_eq!(asked.record.id, record.id);
    assert!(inbox(house, "chen").is_empty());
    let decided = decide(house, "ding", asked.approval, Verdict::Approve).unwrap();
    assert_eq!(decided.state, "decided");
    assert_eq!(
        read(house, "chen", document.id).unwrap().state,
        "classified"
    );
}

fn no_is_possible(house: &House<'_>, basis: RecordId) {
    let document = draft(house, "方案");
    let asked = propose(house, proposal(house, document.id, basis));
    edit(house, document.id);
    let back = decide(house, "ding", asked.approval, Verdict::Return).unwrap();
    assert_eq!(back.state, "proposed", "the record waits for its asker");
    assert_eq!(
        inbox(house, "chen")[0].reason.as_ref().unwrap().code,
        "approval.returned"
    );
    assert_eq!(
        refused(decide(house, "ding", asked.approval, Verdict::Approve)),
        "not_found",
        "the duty to decide was the only reason to know of it"
    );
    let fields = proposal(house, document.id, basis);
    let record = read(house, "chen", asked.record.id).unwrap();
    let asked = waiting(house.act("chen", &record, "propose", fields, &[]).unwrap());
    edit(house, document.id);
    let no = decide(house, "ding", asked.approval, Verdict::Refuse).unwrap();
    assert_eq!(no.state, "refused");
    // the document is free for another proposal
    let free = propose(house, proposal(house, document.id, basis));
    decide(house, "chen", free.approval, Verdict::Withdraw).unwrap();
}

fn taken_back(house: &House<'_>, basis: RecordId) {
    let document = draft(house, "方案");
    let asked = propose(house, proposal(house, document.id, basis));
    assert!(
        read(house, "ding", document.id).is_ok(),
        "a decider may know"
    );
    assert_eq!(
        refused(decide(house, "ding", asked.approval, Verdict::Withdraw)),
        "approval.not_yours"
    );
    let gone = decide(house, "chen", asked.approval, Verdict::Withdraw).unwrap();
    assert_eq!(gone.state, "cancelled");
    assert_eq!(refused(read(house, "ding", document.id)), "not_found");
    assert_eq!(refused(read(house, "ding", asked.record.id)), "not_found");
    assert!(inbox(house, "ding").is_empty());
    assert_eq!(
        refused(decide(house, "chen", asked.approval, Verdict::Withdraw)),
        "approval.closed"
    );
    // after a return too
    let asked = propose(house, proposal(house, document.id, basis));
    decide(house, "ding", asked.approval, Verdict::Return).unwrap();
    decide(house, "chen", asked.approval, Verdict::Withdraw).unwrap();
    assert!(inbox(house, "chen").is_empty());
    propose(house, proposal(house, document.id, basis));
}

fn who_lost_the_right_to_ask(house: &House<'_>, basis: RecordId) {
    let document = draft(house, "方案");
    let asked = propose(house, proposal(house, document.id, basis));
    let set = |disabled: bool, roles: &[&str]| {
        let accounts = house.client("sysadmin").unwrap().list_accounts().unwrap();
        let chen = accounts
            .items
            .iter()
            .find(|one| one.name == "chen")
            .unwrap();
        let roles = roles.iter().map(|role| (*role).to_owned()).collect();
        let change = AccountChange { roles, disabled };
        let secadmin = house.client("secadmin").unwrap();
        secadmin.change_account(chen.id, &change).unwrap();
    };
    let approve = || refused(decide(house, "ding", asked.approval, Verdict::Approve));
    set(true, &["staff"]);
    assert_eq!(approve(), "approval.asker_not_entitled");
    let no = decide(house, "ding", asked.approval, Verdict::Refuse).unwrap();
    assert_eq!(no.state, "refused");
}

fn bound_to_what_was_read(house: &House<'_>, basis: RecordId) {
    let document = draft(house, "方案");
    let asked = propose(house, proposal(house, document.id, basis));
    let waits = inbox(house, "ding");
    let shown = waits.iter().find(|one| one.id == asked.approval).unwrap();
    let ding = house.client("ding").unwrap();
    let mut decision = ApprovalDecision {
        digest: Some("00".repeat(32)),
        ..Verdict::Approve.into()
    };
    let other = ding.decide_approval(asked.approval, &decision).unwrap_err();
    assert_eq!(other.code(), "approval.other_digest");
    decision.digest = Some(shown.digest.clone());
    ding.decide_approval(asked.approval, &decision).unwrap();
}

fn proposed_to_others(house: &House<'_>, basis: RecordId) {
    let document = draft(house, "方案");
    let mut fields = proposal(house, document.id, basis);
    fields["level"] = "state.confidential".into();
    fields["scope_persons"] = json!([house.id("chen").unwrap(), house.id("wang").unwrap()]);
    let asked = propose(house, fields);
    let label = serde_json::to_value(&asked.record.label).unwrap();
    assert!(
        label["levels"].to_string().contains("state.secret"),
        "as secret as the draft: {label}"
    );
    assert_eq!(refused(read(house, "wang", asked.record.id)), "not_found");
    assert_eq!(
        refused(decide(house, "wang", asked.approval, Verdict::Approve)),
        "not_found"
    );
    decide(house, "ding", asked.approval, Verdict::Approve).unwrap();
    let decided = read(house, "wang", asked.record.id).unwrap();
    assert_eq!(decided.label.mark.as_deref(), Some("秘密★10年"));
    assert!(read(house, "wang", document.id).is_ok());
}

fn hidden_like_absent(house: &House<'_>, basis: RecordId) {
    let document = draft(house, "方案");
    let asked = propose(house, proposal(house, document.id, basis));
    let wang = house.client("wang").unwrap();
    let answer = |id: &str| {
        let call = Call::new("POST", &format!("/api/v1/approvals/{id}"));
        let body = ApprovalDecision::from(Verdict::Approve);
        let answer = wang.send(&call.json(&body).unwrap()).unwrap();
        let problem = problem(&answer);
        (answer.status, problem.code, problem.detail)
    };
    let absent = "019cc5ce-f280-7d09-9138-84632025f651";
    assert_eq!(answer(&asked.approval.to_string()), answer(absent));
}

fn comes_in_pages(house: &House<'_>, basis: RecordId) {
    for title in ["甲", "乙", "丙"] {
        let document = draft(house, title);
        propose(house, proposal(house, document.id, basis));
    }
    let ding = house.client("ding").unwrap();
    let mut query = PageQuery {
        limit: Some(2),
        count: Some("exact".to_owned()),
        after: None,
    };
    let first = ding.list_inbox(&query).unwrap();
    assert_eq!((first.items.len(), first.total), (2, Some(3)));
    query.after = first.next;
    let second = ding.list_inbox(&query).unwrap();
    assert_eq!((second.items.len(), second.next), (1, None));
    assert_ne!(second.items[0].id, first.items[0].id);
    assert_ne!(second.items[0].id, first.items[1].id);
    for who in ["chen", "wang"] {
        let page = house.client(who).unwrap().list_inbox(&query).unwrap();
        assert_eq!((page.items.len(), page.total), (0, Some(0)), "{who}");
    }
}

/// An act under a key, as raw as it travels.
fn keyed(client: &Client, path: &str, key: &str, body: &Value) -> (u16, Value) {
    let call = Call::new("POST", path).json(body).unwrap();
    let answer = client.send(&call.header("idempotency-key", key)).unwrap();
    (answer.status, answer.json().unwrap())
}

fn a_race(house: &House<'_>) {
    let chen = house.client("chen").unwrap();
    let body = json!({ "action": "draft", "fields": {
        "title": "方案", "level": "state.secret", "term": { "years": 10 },
    } });
    let path = "/api/v1/registers/document/records";
    let answers: Vec<(u16, Value)> = thread::scope(|scope| {
        let racing: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| keyed(chen, path, "race-1", &body)))
            .collect();
        racing.into_iter().map(|one| one.join().unwrap()).collect()
    });
    for (status, answer) in &answers {
        assert_eq!(
            (*status, &answer["id"]),
            (201, &answers[0].1["id"]),
            "{answer}"
        );
    }
    let page = chen.list_records("document", &wire::ListQuery::default());
    assert_eq!(page.unwrap().items.len(), 1);
}

fn a_repeat(house: &House<'_>, basis: RecordId) {
    let document = draft(house, "方案");
    let asked = propose(house, proposal(house, document.id, basis));
    let ding = house.client("ding").unwrap();
    let path = format!("/api/v1/approvals/{}", asked.approval);
    let refuse = json!({ "decision": "refuse" });
    let (status, first) = keyed(ding, &path, "no-1", &refuse);
    assert_eq!((status, &first["state"]), (200, &json!("refused")));
    // the duty to decide has ended with the decision
    let (status, again) = keyed(ding, &path, "no-1", &refuse);
    assert_eq!((status, &again["code"]), (404, &json!("not_found")));
    let other = json!({ "decision": "approve" });
    let (status, answer) = keyed(ding, &path, "no-1", &other);
    assert_eq!(
        (status, &answer["code"]),
        (409, &json!("idempotency.other_body"))
    );
    // who may still see it gets the same answer again
    let asked = propose(house, proposal(house, document.id, basis));
    let path = format!("/api/v1/approvals/{}", asked.approval);
    let back = json!({ "decision": "withdraw" });
    let chen = house.client("chen").unwrap();
    let first = keyed(chen, &path, "back-1", &back);
    assert_eq!(first.0, 200, "{}", first.1);
    assert_eq!(keyed(chen, &path, "back-1", &back), first);
}

#[test]
fn a_request_goes_back_or_is_refused_or_taken_back() {
    on_each_database(|server| {
        let house = people(&server);
        let basis = matter(&house);
        what_changed_goes_back(&house, basis);
        no_is_possible(&house, basis);
        taken_back(&house, basis);
    });
}

#[test]
fn an_approval_is_for_those_whom_it_concerns() {
    on_each_database(|server| {
        let house = people(&server);
        let basis = matter(&house);
        comes_in_pages(&house, basis);
        bound_to_what_was_read(&house, basis);
        proposed_to_others(&house, basis);
        hidden_like_absent(&house, basis);
    });
}

#[test]
fn a_repeat_is_done_once_and_answered_to_who_may_still_see_it() {
    on_each_database(|server| {
        let house = people(&server);
        a_race(&house);
        let basis = matter(&house);
        a_repeat(&house, basis);
    });
}

#[test]
fn who_asked_neither_decides_nor_has_lost_the_right_to_ask() {
    on_each_database(|server| {
        let mut house = people(&server);
        house
            .hire("zhao", "important", &["staff", "classifier"])
            .unwrap();
        let basis = matter(&house);
        let draft = json!({ "title": "方案", "level": "state.secret", "term": { "years": 10 } });
        let made = house.make("zhao", "document", "draft", draft, &[]).unwrap();
        let fields = proposal(&house, made.record().unwrap().id, basis);
        let asked = house.make("zhao", "classification", "propose", fields, &[]);
        let asked = waiting(asked.unwrap());
        assert!(inbox(&house, "zhao").is_empty());
        let own = decide(&house, "zhao", asked.approval, Verdict::Approve).unwrap_err();
        assert!(
            own.problem()
                .unwrap()
                .rules
                .iter()
                .any(|rule| rule.clause == "R-103")
        );
        who_lost_the_right_to_ask(&house, basis);
    });
}
