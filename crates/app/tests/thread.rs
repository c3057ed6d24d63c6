//! The thread in one process: from an empty folder to a destroyed document, with its refusals.
//! The same steps run over HTTP in `ruping demo`; here they run against the use cases themselves.

#![cfg(test)]
#![expect(
    clippy::needless_pass_by_value,
    clippy::wildcard_enum_match_arm,
    reason = "test helpers take what json! gives and name only the errors they expect"
)]

use app::{
    App, Caller, Error, ListInput, NewAccountInput, Perform, Performed, RecordView, RootKeySource,
    SignatureInput, Target, Verdict, setup,
};
use domain::{Clock, FileId, FixedClock, Level, PersonId, RecordId, Timestamp};
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use vault::SecretString;

const PASSWORD: &str = "correct horse battery";

struct House {
    app: App,
    clock: Arc<FixedClock>,
    callers: BTreeMap<&'static str, Caller>,
    ids: BTreeMap<&'static str, RecordId>,
    _folder: tempfile::TempDir,
}

fn secret(text: &str) -> SecretString {
    SecretString::new(text.to_owned())
}

async fn enter(app: &App, name: &str, once: &SecretString) -> Caller {
    let first = app.login(name, secret(once.expose()), None).await.unwrap();
    let caller = app
        .authenticate_session(first.token.expose())
        .await
        .unwrap();
    app.change_password(&caller, secret(once.expose()), secret(PASSWORD))
        .await
        .unwrap();
    again(app, name).await
}

async fn again(app: &App, name: &str) -> Caller {
    let session = app.login(name, secret(PASSWORD), None).await.unwrap();
    let caller = app
        .authenticate_session(session.token.expose())
        .await
        .unwrap();
    app.step_up(&caller, Some(secret(PASSWORD)), None)
        .await
        .unwrap();
    app.authenticate_session(session.token.expose())
        .await
        .unwrap()
}

fn map(value: Value) -> Map<String, Value> {
    let Value::Object(map) = value else {
        panic!("not an object: {value}")
    };
    map
}

fn request(target: Target, action: &str, input: Value) -> Perform {
    Perform {
        target,
        action: Some(action.to_owned()),
        input: map(input),
        accept_warnings: Vec::new(),
        signatures: Vec::new(),
        occurred_at: None,
        comment: Some("按规定办理".to_owned()),
        dry_run: false,
        idempotency_key: None,
    }
}

impl House {
    async fn build() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let start: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
        let clock = Arc::new(FixedClock::new(start));
        let root_key: RootKeySource = format!("file:{}", folder.path().join("root.key").display())
            .parse()
            .unwrap();
        let made = setup::init(
            setup::InitOptions {
                data: folder.path().join("data"),
                root_key: root_key.clone(),
                org: "示范单位".into(),
                regimes: vec!["general-company".into()],
                max_levels: vec![Level::Secret, Level::Core, Level::Internal],
                test: true,
                database: None,
            },
            Arc::clone(&clock) as Arc<dyn Clock>,
        )
        .await
        .unwrap();
        let app = setup::open(setup::OpenOptions {
            data: folder.path().join("data"),
            root_key,
            database: None,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            test_clock: true,
        })
        .await
        .unwrap();
        let mut house = Self {
            app,
            clock,
            callers: BTreeMap::new(),
            ids: BTreeMap::new(),
            _folder: folder,
        };
        for (name, _, once) in &made.accounts {
            let name: &'static str = Box::leak(name.clone().into_boxed_str());
            let caller = enter(&house.app, name, once).await;
            house.callers.insert(name, caller);
        }
        house
    }

    fn who(&self, name: &str) -> &Caller {
        &self.callers[name]
    }

    fn id(&self, key: &str) -> String {
        self.ids[key].to_string()
    }

    fn person(&self, key: &str) -> PersonId {
        PersonId::from(self.ids[key])
    }

    async fn add(&mut self, who: &str, register: &str, key: &'static str, input: Value) {
        let target = Target::New {
            register: register.to_owned(),
        };
        let done = self
            .app
            .perform(self.who(who), request(target, "add", input))
            .await;
        let Performed::Done { record, .. } = done.unwrap() else {
            panic!("{key} waits")
        };
        self.ids.insert(key, record.id);
    }

    async fn act(
        &self,
        who: &str,
        id: RecordId,
        action: &str,
        input: Value,
    ) -> Result<Performed, Error> {
        self.act_signed(who, id, action, input, &[]).await
    }

    async fn act_signed(
        &self,
        who: &str,
        id: RecordId,
        action: &str,
        input: Value,
        signers: &[&str],
    ) -> Result<Performed, Error> {
        let now = self.app.read(self.who(who), id).await?;
        let mut request = request(
            Target::Existing {
                id,
                version: now.version,
            },
            action,
            input,
        );
        request.signatures = self.signatures(signers);
        self.app.perform(self.who(who), request).await
    }

    fn signatures(&self, signers: &[&str]) -> Vec<SignatureInput> {
        signers
            .iter()
            .map(|who| SignatureInput {
                person: self.person(who),
                method: "password".into(),
                credential: secret(PASSWORD),
            })
            .collect()
    }

    async fn make(
        &self,
        who: &str,
        register: &str,
        action: &str,
        input: Value,
        signers: &[&str],
    ) -> Result<Performed, Error> {
        let mut request = request(
            Target::New {
                register: register.to_owned(),
            },
            action,
            input,
        );
        request.signatures = self.signatures(signers);
        self.app.perform(self.who(who), request).await
    }

    async fn people(&mut self) {
        self.add("office", "unit", "unit", json!({ "name": "总体部" }))
            .await;
        for (key, grade) in [
            ("core_post", "core"),
            ("important_post", "important"),
            ("plain_post", "none"),
        ] {
            let input = json!({ "name": key, "unit": self.id("unit"), "grade": grade, "trade": "core", "work": true });
            self.add("office", "post", key, input).await;
        }
        for (key, post) in [
            ("drafter", "important_post"),
            ("classifier", "important_post"),
            ("registrar", "important_post"),
            ("leader", "important_post"),
            ("head", "important_post"),
            ("reader", "important_post"),
            ("witness", "important_post"),
            ("resting", "important_post"),
            ("chief", "important_post"),
            ("outsider", "plain_post"),
        ] {
            let mut input = json!({
                "name": format!("人员{key}"), "unit": self.id("unit"), "post": self.id(post),
                "review_passed_on": "2025-01-10", "trained_on": "2025-01-11", "pledged_on": "2025-01-12",
            });
            if key == "classifier" || key == "drafter" {
                input["classifier_level"] = "state.secret".into();
                input["classifier_trained_on"] = "2025-02-01".into();
            }
            if key == "resting" {
                input["cooling_off_until"] = "2027-01-01".into();
            }
            self.add("office", "person", key, input).await;
        }
        let unit = self.ids["unit"];
        let head = self.id("head");
        self.act("office", unit, "correct", json!({ "head": head }))
            .await
            .unwrap();
        let safe = json!({ "name": "一号保险柜", "kind": "safe", "unit": self.id("unit"), "level_max": "state.secret" });
        self.add("office", "place", "safe", safe).await;
        let matter = json!({
            "name": "重大型号总体方案", "level": "state.secret", "term": { "years": 10 },
            "scope_text": "项目组", "tier": "总体部", "clause": "保密事项范围第3条",
        });
        self.add("office", "secret_matter", "matter", matter).await;
        for (name, roles) in [
            ("drafter", vec!["staff", "classifier"]),
            ("classifier", vec!["staff", "classifier"]),
            ("registrar", vec!["staff", "registrar"]),
            ("leader", vec!["staff", "leader"]),
            ("head", vec!["staff"]),
            ("reader", vec!["staff"]),
            ("witness", vec!["staff"]),
            ("resting", vec!["staff"]),
            ("chief", vec!["staff", "office_head"]),
            ("outsider", vec!["staff"]),
        ] {
            self.account(name, roles).await;
        }
    }

    async fn account(&mut self, name: &'static str, roles: Vec<&str>) {
        let new = NewAccountInput {
            name: name.to_owned(),
            person: Some(self.person(name)),
            roles: Vec::new(),
        };
        let (view, once) = self
            .app
            .create_account(self.who("sysadmin"), new)
            .await
            .unwrap();
        let roles = roles.into_iter().map(ToOwned::to_owned).collect();
        self.app
            .set_account(self.who("secadmin"), view.id, roles, false)
            .await
            .unwrap();
        let caller = enter(&self.app, name, &once).await;
        self.callers.insert(name, caller);
    }

    fn scope(&self) -> Value {
        let keys = [
            "drafter",
            "classifier",
            "registrar",
            "leader",
            "head",
            "reader",
            "witness",
            "chief",
        ];
        keys.iter().map(|key| self.id(key)).collect()
    }

    async fn upload(&self, name: &str, content: &[u8]) -> FileId {
        let mut upload = self
            .app
            .begin_upload(self.who("drafter"), name, "application/zip")
            .await
            .unwrap();
        upload.push(content).await.unwrap();
        upload.finish().await.unwrap().id
    }

    /// Copy 5 cannot be found, is found again, and is back in stock only after an assessment.
    async fn lose_and_find(&self, copy: RecordId) {
        let input = json!({
            "copy": copy, "discovered_at": "2026-03-07T00:30:00Z", "circumstances": "清点时未见",
        });
        let loss = done(self.make("registrar", "loss", "report", input, &[]).await);
        let due: Vec<String> = loss
            .clocks
            .iter()
            .map(|one| one.due_at.to_string())
            .collect();
        assert_eq!(
            due,
            ["2026-03-08T00:30:00Z", "2026-05-06T16:00:00Z"],
            "24 hours and 60 days"
        );
        let found = json!({ "found_at": "2026-03-07T00:50:00Z", "found_where": "会议室" });
        done(self.act("registrar", loss.id, "find", found).await);
        let stock = json!({ "keeper": self.id("registrar"), "place": self.id("safe") });
        refused_by(
            self.act("chief", loss.id, "assess", stock.clone()).await,
            "R-606",
        );
        let mut assessed = stock;
        assessed["exposure"] = "失控不足一小时，无人接触".into();
        done(self.act("chief", loss.id, "assess", assessed).await);
    }

    /// All copies are listed, approved and destroyed under two pairs of eyes; the content is gone.
    async fn destroy(&self, copies: &[RecordId]) {
        let input =
            json!({ "copies": copies, "route": "centre", "method": "shred", "reason": "期满清退" });
        let waiting = self
            .make("registrar", "destruction", "draw_up", input, &[])
            .await
            .unwrap();
        let Performed::Waiting { approval, record } = waiting else {
            panic!("not waiting")
        };
        let id = record.id;
        done(
            self.app
                .decide(self.who("leader"), approval, Verdict::Approve, None)
                .await,
        );
        let with = |one: &str, two: &str| json!({ "supervisors": [self.id(one), self.id(two)] });
        let twice = self.act_signed(
            "registrar",
            id,
            "destroy",
            with("witness", "witness"),
            &["witness"],
        );
        assert!(
            matches!(twice.await, Err(Error::Fields(_))),
            "nobody is two supervisors"
        );
        let alone = json!({ "supervisors": [self.id("witness")] });
        refused_by(
            self.act_signed("registrar", id, "destroy", alone, &["witness"])
                .await,
            "R-233",
        );
        let approver = self.act_signed(
            "registrar",
            id,
            "destroy",
            with("witness", "leader"),
            &["witness", "leader"],
        );
        refused_by(approver.await, "R-234");
        let unsigned = self.act_signed(
            "registrar",
            id,
            "destroy",
            with("witness", "head"),
            &["witness"],
        );
        assert_eq!(code(unsigned.await), "signature.missing");
        let signed = self.act_signed(
            "registrar",
            id,
            "destroy",
            with("witness", "head"),
            &["witness", "head"],
        );
        assert_eq!(done(signed.await).state, "destroyed");
    }

    /// The content does not open any more, and the line of custody tells the whole story.
    async fn gone(&self, document: RecordId, copies: &[RecordId]) {
        let shown = self.app.read(self.who("reader"), document).await.unwrap();
        assert_eq!(shown.state, "destroyed");
        let file: FileId = serde_json::from_value(shown.fields["contents"][0].clone()).unwrap();
        let gone = self.app.open_file(self.who("reader"), file, None).await;
        assert!(matches!(gone, Err(Error::Erased(_))), "{gone:?}");
        let line = self
            .app
            .custody(self.who("registrar"), copies[2])
            .await
            .unwrap();
        let kinds: Vec<&str> = line.copies[0]
            .movements
            .iter()
            .map(|one| one.kind.as_str())
            .collect();
        assert_eq!(kinds, ["made", "lent", "returned", "destroyed"]);
        let knew: Vec<&str> = line.known_by.iter().map(|one| one.how.as_str()).collect();
        assert_eq!(
            knew.iter().collect::<BTreeSet<_>>().len(),
            2,
            "opened and borrowed: {knew:?}"
        );
    }

    /// Classifies a fresh draft and gives its id.
    async fn classified(&self) -> RecordId {
        self.classified_with(json!([])).await
    }

    async fn classified_with(&self, contents: Value) -> RecordId {
        let input = json!({
            "title": "长城项目总体方案", "level": "state.secret", "term": { "years": 10 },
            "contents": contents,
        });
        let draft = done(self.make("drafter", "document", "draft", input, &[]).await);
        let input = self.proposal(
            draft.id,
            self.scope(),
            json!({ "years": 10 }),
            "state.secret",
        );
        let waiting = self
            .make("drafter", "classification", "propose", input, &[])
            .await
            .unwrap();
        let Performed::Waiting { approval, .. } = waiting else {
            panic!("not waiting")
        };
        done(
            self.app
                .decide(self.who("classifier"), approval, Verdict::Approve, None)
                .await,
        );
        draft.id
    }

    fn proposal(&self, document: RecordId, scope: Value, term: Value, level: &str) -> Value {
        json!({
            "document": document, "level": level, "term": term, "scope_persons": scope,
            "basis": self.id("matter"), "reason": "属保密事项范围第3条",
        })
    }

    async fn copies(&self, document: RecordId) -> Vec<RecordId> {
        let input =
            json!({ "copies_count": 5, "keeper": self.id("registrar"), "place": self.id("safe") });
        let made = self
            .act("registrar", document, "make_copies", input)
            .await
            .unwrap();
        let Performed::Done { made, .. } = made else {
            panic!("copies wait")
        };
        made.iter().map(|one| one.id).collect()
    }

    async fn lend(&self, copy: RecordId, borrower: &str) -> Result<RecordView, Error> {
        let input = json!({
            "copy": copy, "borrower": self.id(borrower), "purpose": "评审",
            "due_at": "2026-03-05T09:00:00Z",
        });
        let waiting = self
            .make("registrar", "loan", "request", input, &[])
            .await?;
        let Performed::Waiting { approval, record } = waiting else {
            panic!("not waiting")
        };
        self.app
            .decide(self.who("head"), approval, Verdict::Approve, None)
            .await?;
        Ok(done(
            self.act_signed("registrar", record.id, "lend", json!({}), &[borrower])
                .await,
        ))
    }
}

fn done(result: Result<Performed, Error>) -> RecordView {
    match result {
        Ok(Performed::Done { record, .. }) => *record,
        Ok(other) => panic!("not done: {other:?}"),
        Err(error) => panic!("refused: {error:?}"),
    }
}

fn refused_by(result: Result<impl std::fmt::Debug, Error>, rule: &str) {
    match result {
        Err(Error::Rules(rules)) if rules.iter().any(|one| one.id == rule) => {}
        other => panic!("{rule} did not refuse: {other:?}"),
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result.unwrap_err() {
        Error::Conflict { code, .. } | Error::Malformed { code, .. } => code.to_owned(),
        Error::Denied { code, .. } => code,
        Error::NotFound => "not_found".to_owned(),
        other => panic!("another error: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_lives_from_draft_to_destruction() {
    let mut house = House::build().await;
    house.people().await;
    let file = house.upload("draft.docx", b"PK\x03\x04 plan").await;
    let document = house.classified_with(json!([file])).await;
    let part = house
        .app
        .open_file(house.who("reader"), file, Some((0, Some(1))))
        .await
        .unwrap();
    assert_eq!(part.bytes, b"PK");
    let shown = house.app.read(house.who("reader"), document).await.unwrap();
    assert_eq!(shown.mark.as_deref(), Some("机密★10年"));
    let copies = house.copies(document).await;
    assert_eq!(copies.len(), 5);

    let loan = house.lend(copies[2], "reader").await.unwrap();
    assert_eq!(loan.state, "lent");
    assert_eq!(
        code(house.lend(copies[2], "witness").await),
        "reservation.taken"
    );
    refused_by(house.lend(copies[1], "resting").await, "R-318");

    house.clock.set("2026-03-07T01:00:00Z".parse().unwrap());
    house.app.tick().await.unwrap();
    house
        .callers
        .insert("registrar", again(&house.app, "registrar").await);
    let late = house
        .app
        .read(house.who("registrar"), loan.id)
        .await
        .unwrap();
    assert_eq!(late.clocks[0].state, "overdue");
    done(
        house
            .act(
                "registrar",
                loan.id,
                "return",
                json!({ "condition": "完好" }),
            )
            .await,
    );
    house.lose_and_find(copies[4]).await;
    house.destroy(&copies).await;
    house.gone(document, &copies).await;
    house.app.sequence().await.unwrap();

    let report = house.app.check(None).await.unwrap();
    assert!(report.ok, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_of_a_classification() {
    let mut house = House::build().await;
    house.people().await;
    let input = json!({ "title": "试验大纲", "level": "state.secret", "term": { "years": 10 } });
    let draft = done(house.make("drafter", "document", "draft", input, &[]).await);
    let ten = json!({ "years": 10 });
    let propose = |scope: Value, term: Value, level: &'static str| {
        house.make(
            "drafter",
            "classification",
            "propose",
            house.proposal(draft.id, scope, term, level),
            &[],
        )
    };
    refused_by(
        propose(house.scope(), json!({ "years": 25 }), "state.secret").await,
        "R-131",
    );
    refused_by(
        propose(json!([]), ten.clone(), "state.secret").await,
        "R-102",
    );
    let outsider = json!([house.id("drafter"), house.id("outsider")]);
    refused_by(
        propose(outsider, ten.clone(), "state.secret").await,
        "R-184",
    );
    refused_by(
        propose(house.scope(), ten.clone(), "state.top_secret").await,
        "R-421",
    );
    let waiting = propose(house.scope(), ten, "state.secret").await.unwrap();
    let Performed::Waiting { approval, .. } = waiting else {
        panic!("not waiting")
    };
    refused_by(
        house
            .app
            .decide(house.who("drafter"), approval, Verdict::Approve, None)
            .await,
        "R-103",
    );
    assert_eq!(
        code(
            house
                .app
                .decide(house.who("outsider"), approval, Verdict::Approve, None)
                .await
        ),
        "not_found"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_known_does_not_exist() {
    let mut house = House::build().await;
    house.people().await;
    let document = house.classified().await;
    for who in ["outsider", "sysadmin", "secadmin", "auditor"] {
        assert_eq!(
            code(house.app.read(house.who(who), document).await),
            "not_found",
            "{who}"
        );
        let input = ListInput {
            count: Some("exact".into()),
            ..ListInput::default()
        };
        let page = house
            .app
            .list(house.who(who), "document", input)
            .await
            .unwrap();
        assert!(page.items.is_empty() && page.total == Some(0), "{who}");
        assert_eq!(
            code(house.app.history(house.who(who), document).await),
            "not_found",
            "{who}"
        );
        assert_eq!(
            code(house.app.custody(house.who(who), document).await),
            "not_found",
            "{who}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_from_outside_is_counted_and_signed() {
    let mut house = House::build().await;
    house.people().await;
    let list = |found: u8| {
        json!({
            "sender": "上级机关", "envelope_no": "JY-0071", "seal_no": "F-12", "seal_intact": true,
            "channel": "courier", "level": "state.secret", "term": { "years": 10 },
            "scope_persons": house.scope(), "keeper": house.id("registrar"), "place": house.id("safe"),
            "list": [{
                "title": "年度任务书", "doc_no": "示发〔2026〕3号", "level": "state.secret",
                "term": { "years": 10 }, "issue_date": "2026-02-01",
                "copies_listed": 3, "copies_found": found, "first_serial": 17,
            }],
        })
    };
    refused_by(
        house
            .make("registrar", "receive", "register", list(2), &["registrar"])
            .await,
        "R-201",
    );
    let mut short = list(2);
    short["discrepancy"] = "少一份，已电话核对".into();
    let unsigned = house
        .make("registrar", "receive", "register", short.clone(), &[])
        .await;
    assert_eq!(code(unsigned), "signature.missing");
    let slip = house
        .make("registrar", "receive", "register", short, &["registrar"])
        .await
        .unwrap();
    let Performed::Done { record, made } = slip else {
        panic!("waits")
    };
    assert_eq!(record.number.as_deref(), Some("SW2026-0001"));
    let registers: Vec<&str> = made.iter().map(|one| one.register.as_str()).collect();
    assert_eq!(registers, ["document", "copy", "copy"]);
    let copy = house
        .app
        .read(house.who("registrar"), made[1].id)
        .await
        .unwrap();
    assert_eq!(copy.fields["foreign_serial"], "000017");
    assert_eq!(copy.mark.as_deref(), Some("机密★10年"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_ends_by_itself_and_the_item_is_not_public() {
    let mut house = House::build().await;
    house.people().await;
    let legacy = json!({
        "title": "旧方案", "level": "state.confidential", "term": { "years": 10 },
        "issue_date": "2016-06-01", "scope_persons": house.scope(), "issuer": "本单位",
    });
    let legacy = done(
        house
            .make("registrar", "document", "take_over", legacy, &[])
            .await,
    );
    assert_eq!(legacy.fields["ends_on"], "2026-06-01");
    house.clock.set("2026-05-31T15:59:00Z".parse().unwrap());
    house.app.tick().await.unwrap();
    house
        .callers
        .insert("reader", again(&house.app, "reader").await);
    let secret = house
        .app
        .read(house.who("reader"), legacy.id)
        .await
        .unwrap();
    assert_eq!(
        secret.state, "classified",
        "secret through the day before (R-139)"
    );
    house.clock.set("2026-05-31T16:01:00Z".parse().unwrap());
    house.app.tick().await.unwrap();
    let lifted = house
        .app
        .read(house.who("reader"), legacy.id)
        .await
        .unwrap();
    assert_eq!(lifted.state, "declassified_not_public");
    assert!(lifted.label.levels.is_open() && !lifted.label.scope.is_everyone());
    house
        .callers
        .insert("outsider", again(&house.app, "outsider").await);
    let outside = house.app.read(house.who("outsider"), legacy.id).await;
    assert_eq!(code(outside), "not_found", "the scope is unchanged (R-508)");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_lost_by_its_borrower_ends_the_loan() {
    let mut house = House::build().await;
    house.people().await;
    let document = house.classified().await;
    let copies = house.copies(document).await;
    let loan = house.lend(copies[0], "reader").await.unwrap();
    let report = json!({
        "copy": copies[0], "discovered_at": "2026-03-02T00:30:00Z", "circumstances": "借阅人丢失",
    });
    let loss = done(house.make("registrar", "loss", "report", report, &[]).await);
    assert_eq!(loss.state, "missing");
    let loan = house
        .app
        .read(house.who("registrar"), loan.id)
        .await
        .unwrap();
    assert_eq!(loan.state, "lost");
    let back = house.act("registrar", loan.id, "return", json!({})).await;
    assert_eq!(code(back), "action.wrong_state");
    let line = house
        .app
        .custody(house.who("registrar"), copies[0])
        .await
        .unwrap();
    assert_eq!(line.copies[0].status, "missing");
    assert!(
        line.copies[0].person.is_none(),
        "it is out of everybody's hands"
    );
}
