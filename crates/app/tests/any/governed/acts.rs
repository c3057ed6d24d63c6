//! Acts on records: whoever makes, edits, starts and ends them, and does their lines.

use super::judged::{Act, Asks, Should};
use super::world::{Known, PROJECTS, Row, UNITS, Waits, World, Wrong, names};
use crate::house::map;
use app::{AcceptedWarning, Error, Perform, Performed, Target};
use serde_json::{Value, json};

/// What nothing objects to.
const FREE: i64 = 4;

impl World {
    async fn perform(
        &self,
        act: &Act<'_>,
        target: Target,
        input: Value,
    ) -> Result<Performed, Error> {
        let action = act.action.trim_start_matches("rows.");
        let mut request = Perform::new(target, action, map(input));
        request.dry_run = act.asks.only;
        let accepted = |rule: &String| AcceptedWarning {
            rule: rule.clone(),
            reason: act.asks.reason.to_owned(),
        };
        request.accept_warnings = act.asks.accepts.iter().map(accepted).collect();
        let actor = self.house.who(act.actor);
        self.house.perform(actor, request).await
    }

    /// Some amount, mostly one that nothing objects to.
    fn amount(&mut self) -> i64 {
        self.dice
            .pick(&[2, 3, FREE, FREE, FREE, FREE, FREE, FREE, 5, 6, 8])
    }

    /// The amount of what is done; more often one that is objected to where that is only asked.
    fn amount_of(&mut self, asks: &Asks) -> i64 {
        if asks.only {
            self.dice.pick(&[2, 3, 5, 6, 8])
        } else {
            self.amount()
        }
    }

    /// A record at random.
    fn anything(&mut self, register: usize, drafter: &'static str) -> Known {
        let own = self.said.registers[register].label.is_own();
        let mut scope = vec!["registrar", "leader", drafter];
        let another = self.maker();
        if !scope.contains(&another) {
            scope.push(another);
        }
        let lines = self.said.registers[register].lines;
        Known {
            id: None,
            version: 0,
            register,
            state: "s0",
            amount: self.amount(),
            unit: self
                .dice
                .pick(&[None, None, Some(1), Some(2), Some(3), Some(4)]),
            person: self
                .dice
                .pick(&[None, None, Some("reader"), Some("head"), Some("outsider")]),
            thing: self.dice.pick(&[0, 0, 0, 1, 2, 3]),
            projects: if own {
                self.some_projects()
            } else {
                Vec::new()
            },
            scope,
            drafter,
            papers: Vec::new(),
            row: lines.then(|| Row {
                id: None,
                amount: self.amount(),
                done: false,
            }),
            due: None,
            waits: None,
        }
    }

    fn some_projects(&mut self) -> Vec<usize> {
        let all: [&[usize]; 5] = [&[], &[], &[0], &[1], &[0, 1]];
        self.dice.pick(&all).to_vec()
    }

    /// A file of somebody's that nothing names yet.
    async fn upload(&mut self, who: &'static str) -> String {
        if let Some(there) = self.uploads.get(who) {
            return there.clone();
        }
        let file = self.house.upload_by(who, "扫描件.zip", b"PK").await;
        self.uploads.insert(who, file.to_string());
        file.to_string()
    }

    pub(super) async fn make(&mut self, register: usize) -> Wrong {
        let actor = self.maker();
        let mut new = self.anything(register, actor);
        let asks = self.asks(register);
        new.amount = self.amount_of(&asks);
        let label = self.register(&new).label;
        let mut input = json!({ "amount": new.amount });
        if label.is_things() {
            input["thing"] = json!(self.things[new.thing]);
        }
        if label.is_own() {
            let scope = new.scope.iter().map(|who| self.house.id(who));
            input["level"] = json!("state.secret");
            input["term"] = json!({ "years": 10 });
            input["scope_persons"] = scope.collect();
        }
        self.write(&mut input, &new);
        if !self.dice.one_in(3) {
            new.papers.push(self.upload(actor).await);
            input["papers"] = json!(new.papers);
        }
        if let Some(row) = &new.row {
            input["rows"] = json!([{ "amount": row.amount }]);
        }
        let act = Act {
            action: "make",
            before: None,
            after: &new,
            amount: new.amount,
            new_papers: !new.papers.is_empty(),
            actor,
            asks,
        };
        let should = self.judge(&act);
        let target = Target::New {
            register: self.register(&new).key.clone(),
        };
        let came = self.perform(&act, target, input).await;
        let Some(record) = Self::came("make", &should, came)? else {
            return Ok(());
        };
        new.id = Some(record.id);
        if let (Some(row), Some(line)) = (&mut new.row, record.lines.first()) {
            row.id = Some(line.id);
        }
        if !new.papers.is_empty() {
            self.uploads.remove(actor);
        }
        self.begins(&mut new, "s0");
        self.known[register].push(new);
        let one = self.known[register].len() - 1;
        self.left(register, one, Some(record)).await
    }

    /// Units, persons and projects as they are written.
    fn write(&self, input: &mut Value, known: &Known) {
        input["unit"] = json!(known.unit.map(|unit| self.house.id(UNITS[unit])));
        input["person"] = json!(known.person.map(|who| self.house.id(who)));
        if self.register(known).label.is_own() {
            input["compartments"] = names(&known.projects, PROJECTS);
        }
    }

    /// Who acts on a record: somebody who may know it, if they may know its projects.
    fn actor(&mut self, known: &Known) -> &'static str {
        if self.register(known).label.is_own() {
            let mut scope = known.scope.clone();
            scope.retain(|who| *who != "leader");
            return self.dice.pick(&scope);
        }
        if self.dice.one_in(2) {
            "registrar"
        } else {
            self.maker()
        }
    }

    /// Changes a record, or moves it to a unit where nothing else is in the way of that.
    pub(super) async fn edit(
        &mut self,
        (register, one): (usize, usize),
        to: Option<usize>,
    ) -> Wrong {
        let before = self.known[register][one].clone();
        let actor = self.actor(&before);
        let other = self.anything(register, before.drafter);
        let mut asks = self.asks(register);
        let mut after = Known {
            amount: self.amount_of(&asks),
            unit: other.unit,
            person: other.person,
            projects: other.projects,
            ..before.clone()
        };
        if to.is_some() {
            (after.unit, after.amount, asks.only) = (to, FREE, false);
        }
        let mut input = json!({ "amount": after.amount });
        self.write(&mut input, &after);
        let papers = before.papers.len() < 3 && self.dice.one_in(6);
        if papers {
            after.papers.push(self.upload(actor).await);
            input["papers"] = json!(after.papers);
        }
        let act = Act {
            action: "edit",
            before: Some(&before),
            after: &after,
            amount: after.amount,
            new_papers: papers,
            actor,
            asks,
        };
        let should = self.judge(&act);
        let came = self.perform(&act, Self::target(&before), input).await;
        let came = Self::came("edit", &should, came)?;
        if came.is_some() {
            if papers {
                self.uploads.remove(actor);
            }
            self.known[register][one] = after;
        }
        self.left(register, one, came).await
    }

    fn target(known: &Known) -> Target {
        Target::Existing {
            id: known.id.unwrap(),
            version: known.version,
        }
    }

    /// Starts or ends it.
    pub(super) async fn go_on(&mut self, register: usize, one: usize) -> Wrong {
        let before = self.known[register][one].clone();
        let (action, to) = match (before.state, self.dice.below(8)) {
            ("s0", 1..) | (_, 0) => ("start", "s1"),
            _ => ("end", "s2"),
        };
        let mut after = before.clone();
        let mut asks = self.asks(register);
        asks.only &= self.dice.one_in(2);
        let act = Act {
            action,
            before: Some(&before),
            after: &before,
            amount: before.amount,
            new_papers: false,
            actor: self.actor(&before),
            asks,
        };
        let should = self.judge(&act);
        let came = self.perform(&act, Self::target(&before), json!({})).await;
        if let Ok(Performed::Waiting { approval, .. }) = &came {
            self.known[register][one].waits = Some(Waits {
                approval: *approval,
                asker: act.actor,
                word: self.word(&before),
            });
        }
        let came = Self::came(action, &should, came)?;
        if came.is_some() && should == Should::Be {
            after.state = to;
            self.begins(&mut after, to);
            self.known[register][one] = after;
        }
        self.left(register, one, came).await
    }

    /// Its line is done.
    pub(super) async fn row(&mut self, register: usize, one: usize) -> Wrong {
        let before = self.known[register][one].clone();
        let Some(row) = before.row.clone().filter(|row| !row.done) else {
            return self.edit((register, one), None).await;
        };
        self.hit("a line");
        let act = Act {
            action: "rows.do",
            before: Some(&before),
            after: &before,
            amount: row.amount,
            new_papers: false,
            actor: self.actor(&before),
            asks: self.asks(register),
        };
        let should = self.judge(&act);
        // it follows the label of its record, which is an act on it too
        let seen = self
            .house
            .app
            .read(self.house.who("registrar"), row.id.unwrap())
            .await;
        let target = Target::Existing {
            id: row.id.unwrap(),
            version: seen.map_err(said)?.version,
        };
        let came = self.perform(&act, target, json!({})).await;
        if Self::came("do", &should, came)?.is_some() {
            self.known[register][one].row = Some(Row { done: true, ..row });
        }
        self.left(register, one, None).await
    }
}

#[expect(clippy::needless_pass_by_value, reason = "map_err gives it")]
pub(super) fn said(error: Error) -> String {
    error.to_string()
}
