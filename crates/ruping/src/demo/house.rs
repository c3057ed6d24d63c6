//! The cast: units, posts, people with their accounts, a safe, and the catalogue of secret matters.

use super::{
    server::Server,
    story::{Story, say},
};
use anyhow::{Context, Result};
use client::{Client, Error};
use domain::{PersonId, RecordId, Timestamp};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use wire::{AccountChange, Login, NewAccount, PasswordChange, StepUp};

/// When the story begins: a Monday morning.
pub(super) const START: &str = "2026-03-02T01:00:00Z";

/// Everybody's password, once they have changed the one they were given.
pub(super) const PASSWORD: &str = "ruping-demo-2026";

/// Login name, name, post and roles of each person.
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

/// Everybody, with their sessions.
#[derive(Debug)]
pub(super) struct House<'s> {
    pub(super) server: &'s Server,
    now: Timestamp,
    clients: RefCell<BTreeMap<String, Client>>,
    pub(super) ids: BTreeMap<String, RecordId>,
}

impl<'s> House<'s> {
    pub(super) fn furnish(story: &mut Story, server: &'s Server) -> Result<Self> {
        let mut house = Self {
            server,
            now: START.parse()?,
            clients: RefCell::default(),
            ids: BTreeMap::new(),
        };
        story.step(
            "建立系统：三员和保密办的首批账号，各自改掉一次性口令",
            "set up: the three administrators and the office, each changing their one-time password",
        );
        for (name, once) in &server.passwords {
            house.first_login(name, once)?;
        }
        let names: Vec<&str> = server.passwords.keys().map(String::as_str).collect();
        story.fact("账号 accounts", &names.join(" "));
        story.step(
            "登记部门、岗位、人员、保密柜和保密事项范围",
            "register a unit, posts, people, a cabinet and the catalogue of secret matters",
        );
        house.directory()?;
        story.fact("人员 people", &CAST.map(|(_, name, _, _)| name).join(" "));
        story.step(
            "系统管理员建账号，安全管理员授角色",
            "accounts by the system administrator, roles by the security administrator",
        );
        house.step_up("secadmin")?;
        for (name, _, _, roles) in CAST {
            house.account(name, roles)?;
        }
        story.fact("账号 accounts", &CAST.map(|(name, ..)| name).join(" "));
        Ok(house)
    }

    fn first_login(&self, name: &str, once: &str) -> Result<()> {
        let mut client = Client::new(&self.server.address())?;
        client.open_session(&login(name, once))?;
        client.change_password(&PasswordChange {
            old: once.into(),
            new: PASSWORD.into(),
        })?;
        self.clients.borrow_mut().insert(name.to_owned(), client);
        Ok(())
    }

    /// Somebody's session; it is opened when it is needed.
    pub(super) fn client(&self, name: &str) -> Result<Client, Error> {
        if let Some(client) = self.clients.borrow().get(name) {
            return Ok(client.clone());
        }
        let mut client = Client::new(&self.server.address())?;
        client.open_session(&login(name, PASSWORD))?;
        let mut clients = self.clients.borrow_mut();
        Ok(clients.entry(name.to_owned()).or_insert(client).clone())
    }

    /// Somebody proves anew who sits there.
    pub(super) fn step_up(&self, name: &str) -> Result<(), Error> {
        self.client(name)?.step_up_session(&StepUp {
            password: Some(PASSWORD.into()),
            otp: None,
        })?;
        Ok(())
    }

    /// What time it is in the story.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// Lets time pass; everybody's session has ended by then.
    pub(super) fn set_clock(&mut self, now: &str) -> Result<()> {
        self.now = now.parse()?;
        self.server.set_clock(self.now)?;
        self.clients.borrow_mut().clear();
        Ok(())
    }

    fn directory(&mut self) -> Result<()> {
        self.add("unit", "unit", json!({ "name": "总体部" }))?;
        for (grade, name) in [("important", "重要涉密岗位"), ("none", "非涉密岗位")] {
            let post = json!({
                "name": name, "unit": self.id("unit"), "grade": grade,
                "trade": "core", "work": true,
            });
            self.add("post", grade, post)?;
        }
        for (key, name, post, roles) in CAST {
            self.add("person", key, self.person(key, name, post, roles)?)?;
        }
        let head = json!({ "head": self.id("zhu") });
        let unit = self.record("office", self.rid("unit")?)?;
        self.act("office", &unit, "correct", head, &[])?;
        let safe = json!({
            "name": "一号保密柜", "kind": "safe", "unit": self.id("unit"), "level_max": "state.secret",
        });
        self.add("place", "safe", safe)?;
        let matter = json!({
            "name": "重大项目总体方案", "level": "state.secret", "term": { "years": 10 },
            "scope_text": "项目组", "tier": "总体部", "clause": "保密事项范围第3条",
        });
        self.add("secret_matter", "matter", matter)
    }

    fn person(&self, key: &str, name: &str, post: &str, roles: &[&str]) -> Result<Value> {
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
        Ok(person)
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

    /// Tells how to log in to the server that stays, and what to do there.
    pub(super) fn tell_how_to_go_on(&self, address: &str) {
        let folder = self.server.folder().display();
        let now = self.now;
        say(&format!("\n服务已启动 the server runs at  {address}"));
        say(&format!("口令 everybody's password      {PASSWORD}"));
        say(&format!("目录 folder                    {folder}"));
        say(&format!("演示时钟 its clock goes on from {now}"));
        say("\n账号 accounts");
        for (key, name, _, roles) in CAST {
            say(&format!("    {key:<9} {name}  {}", roles.join(", ")));
        }
        say("    sysadmin  系统管理员  system_admin");
        say("    secadmin  安全管理员  security_admin");
        say("    auditor   安全审计员  audit_admin");
        say("    office    保密办      office_head");
        say("\n接着可以 now try");
        say(&format!(
            "    curl -c cookies -H 'Content-Type: application/json' \\\n         \
             -d '{{\"name\":\"yue\",\"password\":\"{PASSWORD}\"}}' {address}/api/v1/session"
        ));
        say(&format!(
            "    curl -b cookies {address}/api/v1/registers/document/records"
        ));
        say(&format!("    curl {address}/api/openapi.json"));
        say("\nCtrl-C 结束 ends it");
    }
}

fn login(name: &str, password: &str) -> Login {
    Login {
        name: name.to_owned(),
        password: password.into(),
        otp: None,
    }
}
