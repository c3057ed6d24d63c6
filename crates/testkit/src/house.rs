//! People at work: a unit, posts, a safe, and whoever a test hires, each with an account and a
//! session of their own.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use client::{Act, Client, Error, Version};
use domain::{PersonId, RecordId};
use serde_json::{Value, json};
use wire::{AccountChange, ActionRequest, NewAccount, NewRecord, Performed, Record, Signature};

use crate::{PASSWORD, Server};

/// A server with people in it.
#[derive(Debug)]
pub struct House<'s> {
    server: &'s Server,
    clients: BTreeMap<String, Client>,
    records: BTreeMap<String, RecordId>,
}

/// Who and what there is, without a server: it outlives a restart.
#[derive(Debug, Clone)]
pub struct Roster {
    names: Vec<String>,
    records: BTreeMap<String, RecordId>,
}

impl Roster {
    /// Lets everybody in again.
    ///
    /// # Errors
    /// What the server refuses.
    pub fn enter<'s>(&self, server: &'s Server) -> Result<House<'s>> {
        let mut clients = BTreeMap::new();
        for name in &self.names {
            clients.insert(name.clone(), server.enter_again(name)?);
        }
        Ok(House {
            server,
            clients,
            records: self.records.clone(),
        })
    }
}

impl<'s> House<'s> {
    /// Everybody leaves; they can enter again after a restart.
    #[must_use]
    pub fn leave(self) -> Roster {
        Roster {
            names: self.clients.into_keys().collect(),
            records: self.records,
        }
    }

    /// The office and the three administrators move in; a unit, a safe, and a post of each grade
    /// (`important`, `none`) are registered under the names `unit`, `safe` and the grade.
    ///
    /// # Errors
    /// What the server refuses.
    pub fn furnish(server: &'s Server) -> Result<Self> {
        let mut house = Self {
            server,
            clients: BTreeMap::new(),
            records: BTreeMap::new(),
        };
        for name in ["sysadmin", "secadmin", "office"] {
            house.clients.insert(name.to_owned(), server.enter(name)?);
        }
        house.register("unit", "unit", json!({ "name": "总体部" }))?;
        for grade in ["important", "none"] {
            let unit = house.id("unit")?;
            let post = json!({
                "name": grade, "unit": unit, "grade": grade, "trade": "core", "work": true,
            });
            house.register("post", grade, post)?;
        }
        let safe = json!({
            "name": "一号柜", "kind": "safe", "unit": house.id("unit")?,
            "level_max": "state.secret",
        });
        house.register("place", "safe", safe)?;
        Ok(house)
    }

    fn register(&mut self, register: &str, name: &str, fields: Value) -> Result<()> {
        let made = self.make("office", register, "add", fields, &[])?;
        let record = made.record().context("the record that was made")?;
        self.records.insert(name.to_owned(), record.id);
        Ok(())
    }

    /// Registers a person on the post of a grade, with an account in these roles, and lets them
    /// in. Who may classify gets the authority for 机密.
    ///
    /// # Errors
    /// What the server refuses.
    pub fn hire(&mut self, name: &str, grade: &str, roles: &[&str]) -> Result<()> {
        let mut person = json!({
            "name": name, "unit": self.id("unit")?, "post": self.id(grade)?,
            "review_passed_on": "2025-01-10", "trained_on": "2025-01-11",
            "pledged_on": "2025-01-12",
        });
        if let (Some(fields), true) = (person.as_object_mut(), roles.contains(&"classifier")) {
            fields.insert("classifier_level".into(), "state.secret".into());
            fields.insert("classifier_trained_on".into(), "2025-02-01".into());
        }
        self.register("person", name, person)?;
        let new = NewAccount {
            name: name.to_owned(),
            person: Some(PersonId::from(self.id(name)?)),
            roles: Vec::new(),
        };
        let made = self.client("sysadmin")?.create_account(&new)?;
        let roles = roles.iter().map(|role| (*role).to_owned()).collect();
        let change = AccountChange {
            roles,
            disabled: false,
        };
        self.client("secadmin")?
            .change_account(made.account.id, &change)?;
        let client = self.server.enter_first(name, made.password.expose())?;
        self.clients.insert(name.to_owned(), client);
        Ok(())
    }

    /// Lets everybody in again, after the clock has moved past their sessions or a restart has
    /// changed the address.
    ///
    /// # Errors
    /// What the server refuses.
    pub fn enter_again(&mut self) -> Result<()> {
        for (name, client) in &mut self.clients {
            *client = self.server.enter_again(name)?;
        }
        Ok(())
    }

    /// Somebody's session.
    ///
    /// # Errors
    /// When nobody of this name was let in.
    pub fn client(&self, who: &str) -> Result<&Client> {
        self.clients
            .get(who)
            .with_context(|| format!("nobody called `{who}` is here"))
    }

    /// The record of a person or thing.
    ///
    /// # Errors
    /// When nothing of this name was registered.
    pub fn id(&self, name: &str) -> Result<RecordId> {
        self.records
            .get(name)
            .copied()
            .with_context(|| format!("`{name}` is not registered"))
    }

    /// Makes a record; `signers` sign with their own passwords.
    ///
    /// # Errors
    /// [`Error::Problem`] when the server refuses.
    pub fn make(
        &self,
        who: &str,
        register: &str,
        action: &str,
        fields: Value,
        signers: &[&str],
    ) -> Result<Performed> {
        let new = NewRecord {
            comment: Some("按规定办理".to_owned()),
            ..NewRecord::by(action, fields, self.signatures(signers)?)
        };
        Ok(self
            .client(who)?
            .create_record(register, &new, &Act::default())?)
    }

    /// Acts on a record at the version given; `signers` sign with their own passwords.
    ///
    /// # Errors
    /// [`Error::Problem`] when the server refuses.
    pub fn act(
        &self,
        who: &str,
        record: &Record,
        action: &str,
        input: Value,
        signers: &[&str],
    ) -> Result<Performed> {
        let request = ActionRequest::with(input, self.signatures(signers)?, "按规定办理");
        let (client, seen) = (self.client(who)?, Version::from(record));
        Ok(client.perform_action(seen, action, &request, &Act::default())?)
    }

    fn signatures(&self, signers: &[&str]) -> Result<Vec<Signature>> {
        let signature = |who: &&str| {
            Ok(Signature::by_password(
                PersonId::from(self.id(who)?),
                PASSWORD,
            ))
        };
        signers.iter().map(signature).collect()
    }
}

/// The code with which a server refused, through the layers of an error.
#[must_use]
pub fn refusal_code(error: &anyhow::Error) -> Option<&str> {
    error.downcast_ref::<Error>().map(Error::code)
}
