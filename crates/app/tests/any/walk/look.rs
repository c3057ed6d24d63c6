//! What acts leave behind: each record as two people see it, and at the end numbers, versions, reservations, the
//! journal and all that is derived.

use super::{Known, OUTSIDER, SECRET, World, Wrong};
use app::{Error, ListInput};
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl World {
    /// A record as two people see it.
    pub(super) async fn look(&mut self, register: usize, one: usize) -> Wrong {
        self.hit(
            register,
            &[
                ("computed", |_| true),
                ("visible", |s| s.hidden),
                ("label", |s| s.labelled),
                ("event", |s| s.used.is_some()),
            ],
        );
        let spec = self.specs[register].clone();
        let known = self.known[register][one].clone();
        for actor in ["registrar", "leader"] {
            let view = self.house.app.read(self.house.who(actor), known.id).await;
            let view = view.map_err(|error| error.to_string())?;
            let shows = actor == "leader" || !spec.hidden;
            let secret = known.secret.as_ref().filter(|_| shows);
            let double = known.amount * spec.times;
            let text = |value: Option<&String>| value.map_or(Value::Null, |text| json!(text));
            let wanted = [
                ("note", text(known.note.as_ref())),
                ("amount", json!(known.amount)),
                ("code", text(known.code.as_ref())),
                ("kind", json!(known.kind)),
                ("extra", text(known.extra.as_ref())),
                ("stamp", text(known.stamp.as_ref())),
                ("secret", text(secret)),
                ("double", json!(double)),
            ];
            let lists = self.lists(register, &known);
            for (key, wanted) in wanted.into_iter().chain(lists) {
                let is = view.fields.get(key).cloned().unwrap_or_default();
                if is != wanted {
                    return Err(format!("{key} is {is} for {actor} and not {wanted}"));
                }
            }
            let clock = view.clocks.iter().find(|clock| clock.key == "due");
            let stopped = clock.map(|clock| clock.state == "stopped");
            let should_stop = known.due.map(|_| !known.is_open());
            let due = clock.map(|clock| clock.due_at);
            if view.state != known.state
                || view.number.is_some() != known.numbered
                || due != known.due
                || stopped != should_stop
            {
                return Err(format!("{view:?} is not {known:?}"));
            }
        }
        let (secret, used) = (self.is_secret(register, &known), spec.used.is_some());
        if secret || self.dice.one_in(4) {
            self.look_from_outside(&known, secret).await?;
        }
        if used {
            self.look_at_the_thing(register, known.thing).await?;
        }
        Ok(())
    }

    pub(super) fn is_secret(&self, register: usize, known: &Known) -> bool {
        self.specs[register].labelled && known.thing == SECRET
    }

    /// Who is cleared for nothing sees what is open, and of the rest not even that it is there.
    async fn look_from_outside(&self, known: &Known, secret: bool) -> Wrong {
        let outsider = self.house.who(OUTSIDER);
        let seen = self.house.app.read(outsider, known.id).await;
        match (seen, secret) {
            (Ok(_), false) | (Err(Error::NotFound), true) => Ok(()),
            (seen, _) => Err(format!("who is cleared for nothing sees {seen:?}")),
        }
    }

    /// How long a thing may be used.
    async fn look_at_the_thing(&self, register: usize, thing: usize) -> Wrong {
        let spec = &self.specs[register];
        let id = self.things[register][thing];
        let view = self.house.app.read(self.house.who("registrar"), id).await;
        let view = view.map_err(said)?;
        // each time it was used has a clock of its own
        let clocks = view.clocks.iter().filter(|clock| clock.key == spec.key);
        let is = clocks
            .map(|clock| (clock.due_at, clock.state != "stopped"))
            .max_by_key(|(due, runs)| (*runs, *due));
        let should = self.used[register][thing];
        if is == should {
            Ok(())
        } else {
            Err(format!(
                "a thing is used until {is:?} instead of {should:?}"
            ))
        }
    }

    /// The numbers of a register are those that were drawn, without a gap.
    pub(in super::super) async fn numbers(&self, register: usize) -> Wrong {
        let mut drawn = BTreeSet::new();
        for known in &self.known[register] {
            let view = self
                .house
                .app
                .read(self.house.who("registrar"), known.id)
                .await;
            drawn.extend(view.map_err(|error| error.to_string())?.number);
        }
        let key = &self.specs[register].key;
        let wanted: BTreeSet<String> = (1..=drawn.len()).map(|n| format!("{key}-{n:03}")).collect();
        let numbered = self.known[register]
            .iter()
            .filter(|one| one.numbered)
            .count();
        if drawn == wanted && drawn.len() == numbered {
            Ok(())
        } else {
            Err(format!("{drawn:?} instead of {wanted:?}"))
        }
    }

    /// Versions, numbers, reservations, the journal and everything that is derived.
    pub(in super::super) async fn at_the_end(&self) -> Wrong {
        let registrar = self.house.who("registrar");
        for (register, known) in self.known.iter().enumerate() {
            self.numbers(register).await?;
            let held = known
                .iter()
                .filter(|one| one.is_open())
                .map(|one| one.thing);
            let held: Vec<usize> = held.collect();
            let different: BTreeSet<&usize> = held.iter().collect();
            if self.specs[register].reserve && different.len() != held.len() {
                return Err(format!("two open records hold one thing: {held:?}"));
            }
            for one in known.iter().step_by(5) {
                let view = self.house.app.read(registrar, one.id).await;
                let versions = self.house.app.history(registrar, one.id).await;
                let (view, versions) = (view.map_err(said)?, versions.map_err(said)?);
                let numbers: Vec<i64> = versions.iter().map(|version| version.version).collect();
                if numbers != (1..=view.version).collect::<Vec<i64>>() {
                    return Err(format!("versions {numbers:?} of {}", view.version));
                }
            }
        }
        let list = || ListInput {
            count: Some("exact".to_owned()),
            ..ListInput::default()
        };
        for (register, known) in self.known.iter().enumerate() {
            let open = known.iter().filter(|one| !self.is_secret(register, one));
            let outsider = self.house.who(OUTSIDER);
            let key = &self.specs[register].key;
            let listed = self.house.app.list(outsider, key, list()).await;
            let counted = listed.map_err(said)?.total;
            if counted != i64::try_from(open.count()).ok() {
                return Err(format!("{counted:?} of {key} are counted from outside"));
            }
        }
        let journal = self
            .house
            .app
            .list(registrar, "journal", list())
            .await
            .map_err(said)?;
        if journal.total != Some(i64::try_from(self.journal).unwrap_or_default()) {
            return Err(format!(
                "{:?} notes instead of {}",
                journal.total, self.journal
            ));
        }
        self.house.app.sequence().await.map_err(said)?;
        let report = self.house.app.check(None).await.map_err(said)?;
        if report.problems.is_empty() {
            Ok(())
        } else {
            Err(format!("{:?}", report.problems))
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "map_err gives it")]
fn said(error: Error) -> String {
    error.to_string()
}
