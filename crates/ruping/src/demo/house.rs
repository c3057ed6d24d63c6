//! The cast: units, posts, people with their accounts, a safe, and the catalogue of secret matters.

use super::{
    server::Server,
    story::{Story, say},
};
use anyhow::{Context, Result, bail};
use client::{Act, Client, Error, Version};
use domain::{PersonId, RecordId};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use wire::{
    AccountChange, ActionRequest, ApprovalDecision, Login, NewAccount, NewRecord, PasswordChange,
    Performed, Record, Signature, StepUp, Verdict,
};

const PASSWORD: &str = "ruping-demo-2026";

/// Name, post, roles and extra fields of each person.
const CAST: [(&str, &str, &str, &[&str]); 10] = [
    ("chen", "陈起草", "important", &["staff", "classifier"]),
    ("ding", "丁定密", "important", &["staff", "classifier"]),
    ("bao", "包管件", "important", &["staff", "registrar"]),
    ("ling", "凌领导", "important", &["staff", "leader"]),
    ("zhu", "朱主任", "important", &["staff"]),
    ("yue", "岳阅读", "important", &["staff"]),
    ("jian", "简监销", "important", &["staff"]),
    ("tuo", "拓脱密", "important", &["staff"]),
    ("ban", "班保办", "important", &["staff", "office_head"]),
    ("wai", "魏无关", "none", &["staff"]),
];

/// Everybody with their session.
#[derive(Debug)]
pub(super) struct House<'s> {
    pub(super) server: &'s Server,
    clients: BTreeMap<String, Client>,
    ids: BTreeMap<String, RecordId>,
}

/// What became of an act: the record, and the approval it waits for.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) record: Record,
    pub(super) approval: Option<domain::ApprovalId>,
    pub(super) made: Vec<wire::Made>,
}

impl<'s> House<'s> {
    pub(super) fn furnish(story: &mut Story, server: &'s Server) -> Result<Self> {
        let mut house = Self {
            server,
            clients: BTreeMap::new(),
            ids: BTreeMap::new(),
        };
        story.step(
            "建立系统、三员和保密办账号",
            "set up: the three administrators and the office",
        );
        for (name, once) in &server.passwords {
            house.first_login(name, once)?;
        }
        story.step(
            "登记部门、岗位、人员、保密柜和保密事项范围",
            "units, posts, people, a safe, the catalogue",
        );
        house.directory()?;
        story.step(
            "建账号，授角色",
            "accounts by the system administrator, roles by the security administrator",
        );
        for (name, _, _, roles) in CAST {
            house.account(name, roles)?;
        }
        Ok(house)
    }

    fn first_login(&mut self, name: &str, once: &str) -> Result<()> {
        let mut client = Client::new(&self.server.address())?;
        client.open_session(&login(name, once))?;
        client.change_password(&PasswordChange {
            old: once.into(),
            new: PASSWORD.into(),
        })?;
        self.enter(name)
    }

    /// Opens a fresh session with a fresh second proof.
    pub(super) fn enter(&mut self, name: &str) -> Result<()> {
        let mut client = Client::new(&self.server.address())?;
        client.open_session(&login(name, PASSWORD))?;
        client.step_up_session(&StepUp {
            password: Some(PASSWORD.into()),
            otp: None,
        })?;
        self.clients.insert(name.to_owned(), client);
        Ok(())
    }

    /// Everybody logs in again, after the clock has moved.
    pub(super) fn enter_all(&mut self) -> Result<()> {
        let names: Vec<String> = self.clients.keys().cloned().collect();
        names.iter().try_for_each(|name| self.enter(name))
    }

    fn directory(&mut self) -> Result<()> {
        self.add("unit", "unit", json!({ "name": "总体部" }))?;
        for grade in ["important", "none"] {
            let post = json!({
                "name": format!("{grade}岗"), "unit": self.id("unit"), "grade": grade,
                "trade": "core", "work": true,
            });
            self.add("post", grade, post)?;
        }
        for (key, name, post, roles) in CAST {
            let mut person = json!({
                "name": name, "unit": self.id("unit"), "post": self.id(post),
                "review_passed_on": "2025-01-10", "trained_on": "2025-01-11",
                "pledged_on": "2025-01-12",
            });
            let fields = person.as_object_mut().context("a person's fields")?;
            if roles.contains(&"classifier") {
                fields.insert("classifier_level".into(), "state.secret".into());
                fields.insert("classifier_trained_on".into(), "2025-02-01".into());
            }
            if key == "tuo" {
                fields.insert("cooling_off_until".into(), "2027-01-01".into());
            }
            self.add("person", key, person)?;
        }
        let head = json!({ "head": self.id("zhu") });
        let unit = self.record("office", self.rid("unit")?)?;
        self.act("office", &unit, "correct", head, &[])?;
        let safe = json!({
            "name": "一号密码柜", "kind": "safe", "unit": self.id("unit"), "level_max": "state.secret",
        });
        self.add("place", "safe", safe)?;
        let matter = json!({
            "name": "重大项目总体方案", "level": "state.secret", "term": { "years": 10 },
            "scope_text": "项目组", "tier": "总体部", "clause": "保密事项范围第3条",
        });
        self.add("secret_matter", "matter", matter)
    }

    fn add(&mut self, register: &str, key: &str, fields: Value) -> Result<()> {
        let made = self.make("office", register, "add", fields, &[])?;
        self.ids.insert(key.to_owned(), made.record.id);
        Ok(())
    }

    fn account(&mut self, name: &str, roles: &[&str]) -> Result<()> {
        let new = NewAccount {
            name: name.to_owned(),
            person: Some(PersonId::from(self.rid(name)?)),
            roles: Vec::new(),
        };
        let made = self.client("sysadmin")?.create_account(&new)?;
        let change = AccountChange {
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            disabled: false,
        };
        self.client("secadmin")?
            .change_account(made.account.id, &change)?;
        self.first_login(name, made.password.expose())
    }

    pub(super) fn client(&self, name: &str) -> Result<&Client> {
        self.clients
            .get(name)
            .with_context(|| format!("nobody called {name} is logged in"))
    }

    pub(super) fn rid(&self, key: &str) -> Result<RecordId> {
        self.ids
            .get(key)
            .copied()
            .with_context(|| format!("{key} is not registered"))
    }

    /// An id as a field value; empty, and so refused by the server, if it is not registered.
    pub(super) fn id(&self, key: &str) -> String {
        self.ids
            .get(key)
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    pub(super) fn record(&self, who: &str, id: RecordId) -> Result<Record> {
        Ok(self.client(who)?.read_record(id)?)
    }

    fn signatures(&self, signers: &[&str]) -> Vec<Signature> {
        let persons = signers.iter().filter_map(|who| self.ids.get(*who));
        persons
            .map(|id| Signature {
                person: PersonId::from(*id),
                method: "password".to_owned(),
                credential: PASSWORD.into(),
            })
            .collect()
    }

    /// Makes a record, or says why not.
    pub(super) fn try_make(
        &self,
        who: &str,
        register: &str,
        action: &str,
        fields: Value,
        signers: &[&str],
    ) -> Result<Outcome, Error> {
        let new = NewRecord {
            action: Some(action.to_owned()),
            fields: object(fields),
            signatures: self.signatures(signers),
            ..NewRecord::default()
        };
        let Ok(client) = self.client(who) else {
            return Err(nobody(who));
        };
        client
            .create_record(register, &new, &Act::default())
            .and_then(outcome)
    }

    pub(super) fn make(
        &self,
        who: &str,
        register: &str,
        action: &str,
        fields: Value,
        signers: &[&str],
    ) -> Result<Outcome> {
        self.try_make(who, register, action, fields, signers)
            .with_context(|| format!("{who}: {register}.{action}"))
    }

    /// Acts on a record, or says why not.
    pub(super) fn try_act(
        &self,
        who: &str,
        record: &Record,
        action: &str,
        input: Value,
        signers: &[&str],
    ) -> Result<Outcome, Error> {
        let Ok(client) = self.client(who) else {
            return Err(nobody(who));
        };
        let seen = client.read_record(record.id)?;
        let request = ActionRequest {
            input: object(input),
            signatures: self.signatures(signers),
            comment: Some("按规定办理".to_owned()),
            ..ActionRequest::default()
        };
        client
            .perform_action(Version::from(&seen), action, &request, &Act::default())
            .and_then(outcome)
    }

    pub(super) fn act(
        &self,
        who: &str,
        record: &Record,
        action: &str,
        input: Value,
        signers: &[&str],
    ) -> Result<Outcome> {
        self.try_act(who, record, action, input, signers)
            .with_context(|| format!("{who}: {}.{action}", record.register))
    }

    /// Approves what waits, or says why not.
    pub(super) fn try_approve(&self, who: &str, waiting: &Outcome) -> Result<Outcome, Error> {
        let Ok(client) = self.client(who) else {
            return Err(nobody(who));
        };
        let Some(approval) = waiting.approval else {
            return Err(nobody("approval"));
        };
        let decision = ApprovalDecision {
            decision: Verdict::Approve,
            comment: None,
        };
        client
            .decide_approval(approval, &decision)
            .and_then(outcome)
    }

    pub(super) fn approve(&self, who: &str, waiting: &Outcome) -> Result<Outcome> {
        if waiting.approval.is_none() {
            bail!("{} does not wait for a decision", waiting.record.register);
        }
        self.try_approve(who, waiting)
            .with_context(|| format!("{who} approves"))
    }

    /// Tells how to log in to the server that stays.
    pub(super) fn tell_accounts(&self, address: &str) {
        say(&format!(
            "\n服务运行于 {address} — the server runs at {address}（Ctrl-C 结束 ends it）"
        ));
        say(&format!("账号（口令均为 password for all: {PASSWORD}）:"));
        for (key, name, _, roles) in CAST {
            say(&format!("    {key:<8} {name}  {}", roles.join(", ")));
        }
        say("    sysadmin, secadmin, auditor, office");
        say(&format!(
            "数据目录 folder: {}",
            self.server.folder().display()
        ));
    }
}

fn login(name: &str, password: &str) -> Login {
    Login {
        name: name.to_owned(),
        password: password.into(),
        otp: None,
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}

fn outcome(performed: Performed) -> Result<Outcome, Error> {
    match performed {
        Performed::Done(done) => Ok(Outcome {
            record: done.record,
            approval: None,
            made: done.made,
        }),
        Performed::Waiting(waiting) => Ok(Outcome {
            record: waiting.record,
            approval: Some(waiting.approval),
            made: Vec::new(),
        }),
        Performed::WouldHappen(_) => Err(nobody("a dry run that nobody asked for")),
    }
}

/// A step of the demonstration that cannot even be asked.
fn nobody(what: &str) -> Error {
    Error::Unexpected {
        status: 0,
        path: what.to_owned(),
    }
}
