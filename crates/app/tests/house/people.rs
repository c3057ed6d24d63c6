//! The people of the house, their accounts, and how they come in.

use super::House;
use app::{App, Caller, NewAccountInput};
use serde_json::{Value, json};
use vault::SecretString;

pub(super) const PASSWORD: &str = "correct horse battery";

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

impl House {
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
}
