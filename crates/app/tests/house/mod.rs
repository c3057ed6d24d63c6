//! A furnished office inside one process: people with accounts, and the steps of the main job.

mod custody;
mod documents;
mod foretold;
mod outcome;
mod packs;
mod people;

pub(crate) use outcome::{code, done, refused_by};
pub(crate) use packs::{Shipped, shipped_with};
pub(crate) use people::{again, enter, log_in, secret};

use app::{
    App, Caller, Error, Packs, Perform, Performed, RootKeySource, SignatureInput, Target, setup,
};
use domain::{Clock, FixedClock, Level, PersonId, RecordId, Timestamp};
use people::PASSWORD;
use serde_json::{Map, Value};
use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicUsize},
};
use vault::SecretString;

pub(crate) struct House {
    pub(crate) app: App,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) callers: BTreeMap<&'static str, Caller>,
    pub(crate) ids: BTreeMap<&'static str, RecordId>,
    folder: tempfile::TempDir,
    database: Option<String>,
    /// Acts so far.
    acts: AtomicUsize,
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
        Self::build_under(database, packs, &["general-company"]).await
    }

    /// The same under other regimes.
    pub(crate) async fn build_under(
        database: Option<String>,
        packs: &Packs,
        regimes: &[&str],
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let start: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
        let clock = Arc::new(FixedClock::new(start));
        let made = setup::init_with(
            setup::InitOptions {
                data: folder.path().join("data"),
                root_key: root_key(&folder),
                org: "示范单位".into(),
                regimes: regimes.iter().map(|key| (*key).to_owned()).collect(),
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
            acts: AtomicUsize::new(0),
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
            acts,
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
            acts,
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
        self.perform(self.who(who), request).await
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
        self.perform(self.who(who), request).await
    }
}
