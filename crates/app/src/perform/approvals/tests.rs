//! What the language promises of approvals, on a register of the test's own: rounds, quorums,
//! conditions, second factors, acts on records that are there already, changed rules.

mod before;
mod delegated;
mod left;
mod opening;
mod signed;

use crate::{
    App, Caller, Decision, Error, NewAccountInput, Perform, Performed, RecordView, RootKeySource,
    Target, Verdict, packs, setup,
};
use domain::{AccountId, ApprovalId, Clock, FixedClock, Level, PersonId, RecordId, Timestamp};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};
use vault::SecretString;

const ERRAND: &str = include_str!("errand.toml");
const PASSWORD: &str = "correct horse battery";

struct House {
    app: App,
    callers: BTreeMap<String, Caller>,
    unit: Option<RecordId>,
    post: Option<RecordId>,
    _folder: tempfile::TempDir,
}

fn secret(text: &str) -> SecretString {
    SecretString::new(text.to_owned())
}

/// The same installation under other rules.
fn under(app: App, errand: &str) -> App {
    with_register(app, "own/registers/errand.toml", errand)
}

fn with_register(app: App, path: &str, text: &str) -> App {
    let mut inner = Arc::try_unwrap(app.inner).unwrap();
    inner.catalogue = packs::catalogue_with(&[(path, text)]);
    App {
        inner: Arc::new(inner),
    }
}

impl House {
    async fn build() -> Self {
        Self::build_on(None).await
    }

    /// On the server of this address, or on an embedded database.
    async fn build_on(server: Option<String>) -> Self {
        let database = || server.clone().map(SecretString::new);
        let folder = tempfile::tempdir().unwrap();
        let start: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
        let clock = Arc::new(FixedClock::new(start)) as Arc<dyn Clock>;
        let key = format!("file:{}", folder.path().join("root.key").display());
        let root_key: RootKeySource = key.parse().unwrap();
        let data = folder.path().join("data");
        let init = setup::InitOptions {
            data: data.clone(),
            root_key: root_key.clone(),
            org: "示范单位".into(),
            regimes: vec!["general-company".into()],
            max_levels: vec![Level::Secret],
            test: true,
            database: database(),
        };
        let made = setup::init(init, Arc::clone(&clock)).await.unwrap();
        let open = setup::OpenOptions {
            data,
            root_key,
            database: database(),
            clock,
            test_clock: true,
        };
        let mut house = Self {
            app: under(setup::open(open).await.unwrap(), ERRAND),
            callers: BTreeMap::new(),
            unit: None,
            post: None,
            _folder: folder,
        };
        for (name, _, once) in &made.accounts {
            house.enter(name, once).await;
        }
        let unit = house
            .add("office", "unit", json!({ "name": "总体部" }))
            .await;
        house.unit = Some(unit);
        let post = json!({ "name": "岗", "unit": unit, "grade": "general", "work": true });
        house.post = Some(house.add("office", "post", post).await);
        for (name, role) in [
            ("asker", "staff"),
            ("leader1", "leader"),
            ("leader2", "leader"),
            ("head", "office_head"),
            ("both", "office_head"),
            ("judge", "classifier"),
        ] {
            house.hire(name, role).await;
        }
        house
    }

    async fn enter(&mut self, name: &str, once: &SecretString) {
        let login = |password: SecretString| self.app.login(name, password, None);
        let session = login(secret(once.expose())).await.unwrap();
        let caller = self.app.authenticate_session(session.token.expose()).await;
        let caller = caller.unwrap();
        let old = secret(once.expose());
        let changed = self.app.change_password(&caller, old, secret(PASSWORD));
        changed.await.unwrap();
        let session = login(secret(PASSWORD)).await.unwrap();
        let caller = self.app.authenticate_session(session.token.expose()).await;
        self.callers.insert(name.to_owned(), caller.unwrap());
    }

    async fn step_up(&mut self, name: &str) {
        let session = self.app.login(name, secret(PASSWORD), None).await.unwrap();
        let token = session.token.expose();
        let caller = self.app.authenticate_session(token).await.unwrap();
        let proof = self.app.step_up(&caller, Some(secret(PASSWORD)), None);
        proof.await.unwrap();
        let caller = self.app.authenticate_session(token).await.unwrap();
        self.callers.insert(name.to_owned(), caller);
    }

    async fn hire(&mut self, name: &str, role: &str) {
        let person = json!({
            "name": name, "unit": self.unit, "post": self.post, "review_passed_on": "2025-01-10",
            "trained_on": "2025-01-11", "pledged_on": "2025-01-12",
        });
        let person = self.add("office", "person", person).await;
        let new = NewAccountInput {
            name: name.to_owned(),
            person: Some(PersonId::from(person)),
            roles: Vec::new(),
        };
        let made = self
            .app
            .create_account(&self.callers["sysadmin"], new)
            .await;
        let (account, once) = made.unwrap();
        let roles: &[&str] = if role == "staff" {
            &[role]
        } else {
            &["staff", role]
        };
        self.set_roles(account.id, roles).await;
        self.enter(name, &once).await;
    }

    async fn set_roles(&mut self, account: AccountId, roles: &[&str]) {
        self.step_up("secadmin").await;
        let roles = roles.iter().map(ToString::to_string).collect();
        let secadmin = &self.callers["secadmin"];
        let set = self.app.set_account(secadmin, account, roles, false);
        set.await.unwrap();
    }

    /// Gives somebody other roles, and lets them log in again.
    async fn employ(&mut self, name: &str, roles: &[&str]) {
        let account = self.callers[name].account;
        self.set_roles(account, roles).await;
        let session = self.app.login(name, secret(PASSWORD), None).await.unwrap();
        let caller = self.app.authenticate_session(session.token.expose()).await;
        self.callers.insert(name.to_owned(), caller.unwrap());
    }

    async fn add(&self, who: &str, register: &str, fields: Value) -> RecordId {
        let register = register.to_owned();
        match self.run(who, Target::New { register }, "add", fields).await {
            Ok(Performed::Done { record, .. }) => record.id,
            other => panic!("{other:?}"),
        }
    }

    async fn run(
        &self,
        who: &str,
        target: Target,
        action: &str,
        input: Value,
    ) -> Result<Performed, Error> {
        let request = request(target, action, input);
        self.app.perform(&self.callers[who], request).await
    }

    async fn ask(&self, fields: Value) -> (ApprovalId, RecordId) {
        let register = "errand".to_owned();
        let asked = self.run("asker", Target::New { register }, "ask", fields);
        waiting(asked.await)
    }

    async fn act(
        &self,
        who: &str,
        id: RecordId,
        action: &str,
        input: Value,
    ) -> Result<Performed, Error> {
        let version = self.read(id).await.version;
        self.run(who, Target::Existing { id, version }, action, input)
            .await
    }

    async fn read(&self, id: RecordId) -> RecordView {
        self.app.read(&self.callers["asker"], id).await.unwrap()
    }

    async fn decide(
        &self,
        who: &str,
        approval: ApprovalId,
        verdict: Verdict,
    ) -> Result<Performed, Error> {
        let decision = Decision::new(approval, verdict);
        self.app.decide(&self.callers[who], decision).await
    }

    async fn approve(&self, who: &str, approval: ApprovalId) -> Result<Performed, Error> {
        self.decide(who, approval, Verdict::Approve).await
    }

    async fn waits_for(&self, who: &str) -> Vec<Vec<i64>> {
        let inbox = self
            .app
            .inbox(&self.callers[who], crate::PageInput::default());
        let items = inbox.await.unwrap().items;
        items.into_iter().map(|one| one.waits_for).collect()
    }
}

fn request(target: Target, action: &str, input: Value) -> Perform {
    let Value::Object(input) = input else {
        panic!("not an object")
    };
    Perform {
        comment: Some("有理由".to_owned()),
        ..Perform::new(target, action, input)
    }
}

fn new(register: &str) -> Target {
    Target::New {
        register: register.to_owned(),
    }
}

fn waiting(result: Result<Performed, Error>) -> (ApprovalId, RecordId) {
    match result {
        Ok(Performed::Waiting { approval, record }) => (approval, record.id),
        other => panic!("it does not wait: {other:?}"),
    }
}

fn done(result: Result<Performed, Error>) -> RecordView {
    match result {
        Ok(Performed::Done { record, .. }) => *record,
        other => panic!("not done: {other:?}"),
    }
}

fn code(result: Result<Performed, Error>) -> String {
    match result {
        Err(Error::Conflict { code, .. }) => code.to_owned(),
        Err(Error::Denied { code, .. }) => code,
        Err(Error::StepUpNeeded) => "step_up".to_owned(),
        Err(Error::Rules(rules)) => rules[0].id.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_ends_when_each_of_its_steps_has_its_quorum() {
    let house = House::build().await;
    let (approval, record) = house.ask(json!({ "what": "取件" })).await;
    for who in ["leader1", "leader2", "head"] {
        assert_eq!(house.waits_for(who).await, [vec![0, 1]], "{who}");
    }
    assert!(house.waits_for("judge").await.is_empty());
    assert_eq!(
        code(house.approve("judge", approval).await),
        "approval.not_yours"
    );
    assert_eq!(waiting(house.approve("leader1", approval).await).1, record);
    assert_eq!(
        code(house.approve("leader1", approval).await),
        "approval.twice"
    );
    assert!(house.waits_for("leader1").await.is_empty());
    assert_eq!(
        house.waits_for("leader2").await,
        [vec![0, 1]],
        "one of two leaders is not enough"
    );
    waiting(house.approve("head", approval).await);
    assert_eq!(
        house.waits_for("leader2").await,
        [vec![0]],
        "the other step is decided"
    );
    let record = done(house.approve("leader2", approval).await);
    assert_eq!(record.state, "agreed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_applies_when_its_condition_holds_and_asks_for_its_second_factor() {
    let mut house = House::build().await;
    let urgent = json!({ "what": "取件", "urgent": true });
    let (approval, _) = house.ask(urgent).await;
    for who in ["leader1", "leader2", "both"] {
        waiting(house.approve(who, approval).await);
    }
    assert_eq!(house.waits_for("judge").await, [vec![2]]);
    assert_eq!(code(house.approve("judge", approval).await), "step_up");
    house.step_up("judge").await;
    assert_eq!(done(house.approve("judge", approval).await).state, "agreed");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_no_is_enough() {
    let house = House::build().await;
    let (approval, _) = house.ask(json!({ "what": "取件" })).await;
    waiting(house.approve("leader1", approval).await);
    let refused = done(house.decide("head", approval, Verdict::Refuse).await);
    assert_eq!(refused.state, "refused");
    assert_eq!(
        code(house.approve("leader2", approval).await),
        "approval.closed"
    );
    assert!(house.waits_for("leader2").await.is_empty());
}

async fn agreed(house: &House) -> RecordId {
    let (approval, record) = house.ask(json!({ "what": "取件", "days": 1 })).await;
    for who in ["leader1", "head"] {
        waiting(house.approve(who, approval).await);
    }
    done(house.approve("leader2", approval).await);
    record
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_is_there_changes_only_once_it_is_decided() {
    let house = House::build().await;
    let record = agreed(&house).await;
    let asked = house.act("asker", record, "extend", json!({ "days": 9 }));
    let (approval, _) = waiting(asked.await);
    assert_eq!(house.read(record).await.fields["days"], 1);
    done(house.decide("leader1", approval, Verdict::Return).await);
    assert_eq!(house.read(record).await.fields["days"], 1);
    let asked = house.act("asker", record, "extend", json!({ "days": 7 }));
    let (approval, _) = waiting(asked.await);
    let inbox = house
        .app
        .inbox(&house.callers["asker"], crate::PageInput::default());
    assert!(inbox.await.unwrap().items.is_empty(), "it was asked again");
    done(house.decide("asker", approval, Verdict::Withdraw).await);
    let left = house.read(record).await;
    assert_eq!(
        (left.fields["days"].clone(), left.state.as_str()),
        (json!(1), "agreed")
    );
    let asked = house.act("asker", record, "extend", json!({ "days": 5 }));
    let (approval, _) = waiting(asked.await);
    assert_eq!(
        done(house.approve("leader1", approval).await).fields["days"],
        5
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_approved_anything_of_a_record_is_known_to_its_rules_r_234() {
    let mut house = House::build().await;
    let record = agreed(&house).await;
    house.hire("leader3", "leader").await;
    let asked = house.act("asker", record, "extend", json!({ "days": 9 }));
    let (approval, _) = waiting(asked.await);
    done(house.approve("leader3", approval).await);
    for who in ["leader1", "head", "leader3"] {
        assert_eq!(
            code(house.act(who, record, "finish", json!({})).await),
            "R-234",
            "{who}"
        );
    }
    done(house.act("both", record, "finish", json!({})).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_changed_meanwhile_send_it_back() {
    let mut house = House::build().await;
    let (approval, record) = house.ask(json!({ "what": "取件" })).await;
    let stricter = ERRAND.replace("days < 100", "days < 10");
    house.app = under(house.app, &stricter);
    assert_eq!(
        code(house.approve("leader1", approval).await),
        "approval.facts_changed"
    );
    let inbox = house
        .app
        .inbox(&house.callers["asker"], crate::PageInput::default());
    let back = inbox.await.unwrap().items.remove(0);
    assert_eq!(back.reason.unwrap().changed, ["definition"]);
    let again = house
        .act("asker", record, "ask", json!({ "what": "取件" }))
        .await;
    let (approval, _) = waiting(again);
    waiting(house.approve("leader1", approval).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_that_does_not_fit_its_digest_cannot_be_approved() {
    let house = House::build().await;
    let (approval, _) = house.ask(json!({ "what": "取件" })).await;
    let forged = house.app.transact(move |inner, tx| {
        let act = access::Act::new("clock.note", "errand", "office");
        let granted = access::decide_system(&act, access::SystemReason::Clock);
        let granted = granted.map_err(|denied| Error::denied(&denied))?;
        let mut row = tx.lock_approval(approval)?.ok_or(Error::NotFound)?;
        row.steps = json!([{ "step": 0, "round": 0 }]);
        row.id = ApprovalId::new(inner.now(), [7; 10]);
        let about = crate::log::About::default();
        let entry = crate::log::entry(inner, granted.as_ref(), "test.forged", &about, inner.now())?;
        tx.write::<_, Error>(granted.as_ref(), |door| {
            door.put_approval(&row)?;
            Ok((entry, row.id))
        })
    });
    let forged = forged.await.unwrap();
    assert_eq!(
        code(house.approve("leader1", forged).await),
        "approval.damaged"
    );
    done(house.decide("leader1", forged, Verdict::Refuse).await);
}

/// What is hidden costs what is absent costs, and is told the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_approval_costs_what_an_absent_one_costs() {
    let house = House::build().await;
    let (hidden, _) = house.ask(json!({ "what": "取件" })).await;
    let absent: ApprovalId = "019cc5ce-f280-7d09-9138-84632025f651".parse().unwrap();
    let mut statements = Vec::new();
    for approval in [hidden, absent] {
        let caller = house.callers["sysadmin"].clone();
        let cost = house.app.transact(move |inner, tx| {
            let decision = Decision::new(approval, Verdict::Approve);
            let before = tx.statements();
            let mut engine = crate::perform::Engine::new(inner, tx, inner.now(), Vec::new());
            let answer = super::decide(&mut engine, &caller, &decision);
            assert!(matches!(answer, Err(Error::NotFound)), "{:?}", answer.err());
            Ok::<_, Error>(engine.tx.statements() - before)
        });
        statements.push(cost.await.unwrap());
    }
    assert_eq!(statements[0], statements[1]);
}
