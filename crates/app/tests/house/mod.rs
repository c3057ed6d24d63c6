//! A furnished office inside one process: people with accounts, and the steps of the main job.

use app::{
    App, Caller, Decision, Error, NewAccountInput, Packs, Perform, Performed, RecordView,
    RootKeySource, SignatureInput, Target, Verdict, setup,
};
use domain::{Clock, FileId, FixedClock, Level, PersonId, RecordId, Timestamp};
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::Arc,
};
use vault::SecretString;

const PASSWORD: &str = "correct horse battery";

pub(crate) struct House {
    pub(crate) app: App,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) callers: BTreeMap<&'static str, Caller>,
    pub(crate) ids: BTreeMap<&'static str, RecordId>,
    folder: tempfile::TempDir,
    database: Option<String>,
}

/// The shipped packs with some registers more.
pub(crate) struct Shipped(tempfile::TempDir);

impl Shipped {
    pub(crate) fn packs(&self) -> Packs {
        Packs::OfTest(self.0.path().to_owned())
    }
}

pub(crate) fn shipped_with(registers: &[(&str, &str)]) -> Shipped {
    let folder = tempfile::tempdir().unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    copy(&shipped, folder.path());
    let office = folder.path().join("base/registers/office");
    fs::create_dir_all(&office).unwrap();
    for (key, text) in registers {
        fs::write(office.join(format!("{key}.toml")), text).unwrap();
    }
    Shipped(folder)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &there);
        } else {
            fs::copy(&path, &there).unwrap();
        }
    }
}

pub(crate) fn secret(text: &str) -> SecretString {
    SecretString::new(text.to_owned())
}

pub(crate) async fn enter(app: &App, name: &str, once: &SecretString) -> Caller {
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

/// Somebody who has logged in.
pub(crate) async fn log_in(app: &App, name: &str) -> Caller {
    let session = app.login(name, secret(PASSWORD), None).await.unwrap();
    let session = app.authenticate_session(session.token.expose());
    session.await.unwrap()
}

pub(crate) async fn again(app: &App, name: &str) -> Caller {
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

pub(crate) fn map(value: Value) -> Map<String, Value> {
    let Value::Object(map) = value else {
        panic!("not an object: {value}")
    };
    map
}

pub(crate) fn request(target: Target, action: &str, input: Value) -> Perform {
    Perform {
        comment: Some("按规定办理".to_owned()),
        ..Perform::new(target, action, map(input))
    }
}

fn root_key(folder: &tempfile::TempDir) -> RootKeySource {
    let path = folder.path().join("root.key");
    format!("file:{}", path.display()).parse().unwrap()
}

fn options(
    folder: &tempfile::TempDir,
    clock: &Arc<FixedClock>,
    database: Option<&str>,
) -> setup::OpenOptions {
    setup::OpenOptions {
        data: folder.path().join("data"),
        root_key: root_key(folder),
        database: database.map(|url| SecretString::new(url.to_owned())),
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        test_clock: true,
    }
}

/// Runs a test on every database there is; what is made on a server is dropped outside its runtime.
pub(crate) fn on_each_database<F: Future<Output = ()>>(test: impl Fn(Option<String>) -> F) {
    for database in testkit::databases().unwrap() {
        let runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = { runtime }.enable_all().build().unwrap();
        runtime.block_on(test(database.url()));
    }
}

impl House {
    pub(crate) async fn build() -> Self {
        Self::build_with(&Packs::Shipped).await
    }

    /// The same under other packs.
    pub(crate) async fn build_with(packs: &Packs) -> Self {
        Self::build_on(None, packs).await
    }

    /// The same on the server of this address, or on an embedded database.
    pub(crate) async fn build_on(database: Option<String>, packs: &Packs) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let start: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
        let clock = Arc::new(FixedClock::new(start));
        let made = setup::init_with(
            setup::InitOptions {
                data: folder.path().join("data"),
                root_key: root_key(&folder),
                org: "示范单位".into(),
                regimes: vec!["general-company".into()],
                max_levels: vec![Level::Secret, Level::Core, Level::Internal],
                test: true,
                database: database.clone().map(SecretString::new),
            },
            Arc::clone(&clock) as Arc<dyn Clock>,
            packs,
        )
        .await
        .unwrap();
        let app = setup::open_with(options(&folder, &clock, database.as_deref()), packs)
            .await
            .unwrap();
        let mut house = Self {
            app,
            clock,
            callers: BTreeMap::new(),
            ids: BTreeMap::new(),
            folder,
            database,
        };
        for (name, _, once) in &made.accounts {
            let name: &'static str = Box::leak(name.clone().into_boxed_str());
            let caller = enter(&house.app, name, once).await;
            house.callers.insert(name, caller);
        }
        house
    }

    /// The same folder under other packs.
    pub(crate) async fn open_again(self, packs: &Packs) -> Self {
        self.try_again(packs).await.unwrap()
    }

    /// The same, where it may be refused.
    pub(crate) async fn try_again(self, packs: &Packs) -> Result<Self, Error> {
        let Self {
            app,
            clock,
            callers,
            ids,
            folder,
            database,
        } = self;
        drop(app);
        let options = options(&folder, &clock, database.as_deref());
        let app = setup::open_with(options, packs).await?;
        Ok(Self {
            app,
            clock,
            callers,
            ids,
            folder,
            database,
        })
    }

    /// What the check of everything finds: nothing.
    pub(crate) async fn is_sound(&self) {
        let report = self.app.check(None).await.unwrap();
        assert!(report.ok, "{report:?}");
    }

    pub(crate) fn who(&self, name: &str) -> &Caller {
        &self.callers[name]
    }

    pub(crate) fn id(&self, key: &str) -> String {
        self.ids[key].to_string()
    }

    pub(crate) fn person(&self, key: &str) -> PersonId {
        PersonId::from(self.ids[key])
    }

    pub(crate) async fn add(&mut self, who: &str, register: &str, key: &'static str, input: Value) {
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

    pub(crate) async fn act(
        &self,
        who: &str,
        id: RecordId,
        action: &str,
        input: Value,
    ) -> Result<Performed, Error> {
        self.act_signed(who, id, action, input, &[]).await
    }

    pub(crate) async fn act_signed(
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

    pub(crate) fn signatures(&self, signers: &[&str]) -> Vec<SignatureInput> {
        signers
            .iter()
            .map(|who| SignatureInput {
                person: Some(self.person(who)),
                method: "password".into(),
                credential: secret(PASSWORD),
            })
            .collect()
    }

    pub(crate) async fn make(
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

    pub(crate) async fn people(&mut self) {
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

    pub(crate) async fn account(&mut self, name: &'static str, roles: Vec<&str>) {
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

    pub(crate) fn scope(&self) -> Value {
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

    pub(crate) async fn upload(&self, name: &str, content: &[u8]) -> FileId {
        self.upload_by("drafter", name, content).await
    }

    /// A file of somebody's.
    pub(crate) async fn upload_by(&self, who: &str, name: &str, content: &[u8]) -> FileId {
        let mut upload = self
            .app
            .begin_upload(self.who(who), name, "application/zip")
            .await
            .unwrap();
        upload.push(content).await.unwrap();
        upload.finish().await.unwrap().id
    }

    /// Copy 5 cannot be found, is found again, and is back in stock only after an assessment.
    pub(crate) async fn lose_and_find(&self, copy: RecordId) {
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

    /// A destruction list of these copies, each of them counted.
    pub(crate) async fn destruction_list(&self, copies: &[RecordId]) -> RecordId {
        let copies: Vec<Value> = copies.iter().map(|copy| json!({ "copy": copy })).collect();
        let input = json!({
            "copies": copies, "route": "centre", "method": "shred", "reason": "期满清退",
        });
        let listed = self.make("registrar", "destruction", "draw_up", input, &[]);
        let listed = done(listed.await);
        done(self.act("registrar", listed.id, "count", json!({})).await).id
    }

    /// All copies are listed, approved and destroyed under two pairs of eyes; the content is gone.
    pub(crate) async fn destroy(&self, copies: &[RecordId]) {
        let counted = self.destruction_list(copies).await;
        let waiting = self
            .act("registrar", counted, "apply", json!({}))
            .await
            .unwrap();
        let Performed::Waiting { approval, record } = waiting else {
            panic!("not waiting")
        };
        let id = record.id;
        done(
            self.app
                .decide(
                    self.who("leader"),
                    Decision::new(approval, Verdict::Approve),
                )
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
    pub(crate) async fn gone(&self, document: RecordId, copies: &[RecordId]) {
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
    pub(crate) async fn classified(&self) -> RecordId {
        self.classified_with(json!([])).await
    }

    pub(crate) async fn classified_with(&self, contents: Value) -> RecordId {
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
                .decide(
                    self.who("classifier"),
                    Decision::new(approval, Verdict::Approve),
                )
                .await,
        );
        draft.id
    }

    pub(crate) fn proposal(
        &self,
        document: RecordId,
        scope: Value,
        term: Value,
        level: &str,
    ) -> Value {
        json!({
            "document": document, "level": level, "term": term, "scope_persons": scope,
            "basis": self.id("matter"), "reason": "属保密事项范围第3条",
        })
    }

    pub(crate) async fn copies(&self, document: RecordId) -> Vec<RecordId> {
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

    pub(crate) async fn lend(&self, copy: RecordId, borrower: &str) -> Result<RecordView, Error> {
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
            .decide(self.who("head"), Decision::new(approval, Verdict::Approve))
            .await?;
        Ok(done(
            self.act_signed("registrar", record.id, "lend", json!({}), &[borrower])
                .await,
        ))
    }
}

pub(crate) fn done(result: Result<Performed, Error>) -> RecordView {
    match result {
        Ok(Performed::Done { record, .. }) => *record,
        Ok(other) => panic!("not done: {other:?}"),
        Err(error) => panic!("refused: {error:?}"),
    }
}

pub(crate) fn refused_by(result: Result<impl std::fmt::Debug, Error>, rule: &str) {
    match result {
        Err(Error::Rules(rules)) if rules.iter().any(|one| one.id == rule) => {}
        other => panic!("{rule} did not refuse: {other:?}"),
    }
}

pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result.unwrap_err() {
        Error::Conflict { code, .. } | Error::Malformed { code, .. } => code.to_owned(),
        Error::Denied { code, .. } => code,
        Error::NotFound => "not_found".to_owned(),
        other => panic!("another error: {other:?}"),
    }
}
