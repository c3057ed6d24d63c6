//! Acts under the definition in force: records are made and acted on, and who acts on one that is behind is
//! refused.

use super::{
    EXTRA, THINGS, World, Wrong,
    record::{Known, Row, Sheet, put},
    shape::{Fields, Kind, Shape},
};
use crate::{
    any::walk::midnight_after,
    house::{code, map},
};
use app::{Decision, Error, Perform, Performed, RecordView, Target, Verdict};
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl World {
    /// Something with one of the records at random.
    pub(super) async fn act(&mut self, register: usize) -> Wrong {
        let now = self.in_force(register).number;
        let all = self.known[register].iter().enumerate();
        let asked = |one: &Known| one.waits.as_ref().is_some_and(|(.., asked)| *asked != now);
        let stale: Vec<usize> = all
            .filter(|(_, one)| asked(one))
            .map(|(at, _)| at)
            .collect();
        let one = if !stale.is_empty() && !self.dice.one_in(4) {
            self.dice.pick(&stale)
        } else {
            self.dice.below(self.known[register].len())
        };
        let known = self.known[register][one].clone();
        let chain = &self.obeyed[register];
        if let Some((approval, action, asked)) = &known.waits {
            let stands = *asked == now;
            // most wait on, until other definitions come
            if !stands || self.dice.one_in(8) {
                let (approval, action) = (*approval, action.clone());
                return self
                    .decide((register, one), approval, &action, stands)
                    .await;
            }
            return Ok(());
        }
        if let Some(returned) = known.returned
            && !self.dice.one_in(3)
        {
            let withdraw = Decision::new(returned, Verdict::Withdraw);
            let came = self
                .house()
                .app
                .decide(self.house().who("registrar"), withdraw);
            came.await.map_err(|error| format!("withdrawn: {error}"))?;
            self.known[register][one].returned = None;
            self.hit("withdrawn");
            return Ok(());
        }
        if known.sheet.under != now {
            let came = self
                .house()
                .act("registrar", known.sheet.id, "edit", json!({}));
            let came = came.await;
            return self.is_behind(came);
        }
        if known.is_open(chain) && self.dice.one_in(3) {
            return self.act_on_row(register, one).await;
        }
        self.act_on(register, one).await
    }

    pub(super) fn is_behind(&mut self, came: Result<Performed, Error>) -> Wrong {
        self.hit("refused while behind");
        if came.is_err() && code(came) == "record.behind" {
            return Ok(());
        }
        Err("a record that is behind is acted on".to_owned())
    }

    async fn decide(
        &mut self,
        (register, one): (usize, usize),
        approval: domain::ApprovalId,
        action: &str,
        stands: bool,
    ) -> Wrong {
        let approve = Decision::new(approval, Verdict::Approve);
        let came = self.house().app.decide(self.house().who("leader"), approve);
        let came = came.await;
        match (stands, came) {
            (true, Ok(Performed::Done { .. })) => self.ended(register, one, action),
            (
                false,
                Err(Error::Conflict {
                    code: "approval.facts_changed",
                    ..
                }),
            ) => {
                self.hit("goes back when it is decided on");
                let known = &mut self.known[register][one];
                known.waits = None;
                known.returned = Some(approval);
            }
            (_, came) => return Err(format!("{action} is decided: {came:?}")),
        }
        Ok(())
    }

    fn ended(&mut self, register: usize, one: usize, action: &str) {
        let (chain, now) = (&self.obeyed[register], self.now);
        let known = &mut self.known[register][one];
        known.goes_to(chain, "ended", now, midnight_after);
        known.sheet.written(action);
        known.waits = None;
        // of what is over nothing is asked again
        known.returned = None;
        known.end_rows(chain);
    }

    /// What can be done with a record in its state: the action, who does it, and where it leads.
    fn possible(&self, register: usize, known: &Known) -> Vec<Possible> {
        let version = self.in_force(register);
        let is = |role: &str| known.sheet.state == version.of.state(role);
        let apart = version.of.state("going") != version.of.state("paused");
        let mut all = Vec::new();
        if is("begun") {
            all.push(("start", known.holder, Some("going")));
            all.push(("drop", "registrar", Some("dropped")));
            all.extend(known.helper.map(|helper| ("help", helper, None)));
        }
        if is("going") && apart {
            all.push(("pause", "registrar", Some("paused")));
        }
        if is("paused") && apart {
            all.push(("resume", "registrar", Some("going")));
        }
        if is("going") || is("paused") {
            all.extend([("end", "registrar", Some("ended")); 3]);
        }
        if !version.is_closed(&known.sheet.state) {
            all.push(("edit", "registrar", None));
        }
        all
    }

    async fn act_on(&mut self, register: usize, one: usize) -> Wrong {
        let known = self.known[register][one].clone();
        let possible = self.possible(register, &known);
        if possible.is_empty() {
            return Ok(());
        }
        let possible = self.dice.pick(&possible);
        if possible.0 == "drop" && !self.dice.one_in(4) {
            return Ok(());
        }
        self.do_to(register, one, possible).await
    }

    /// Where the end is decided on, it is asked for of most.
    pub(super) async fn ask(&mut self, register: usize) -> Wrong {
        let version = self.in_force(register).clone();
        if !version.decided {
            return Ok(());
        }
        for one in 0..self.known[register].len() {
            for wanted in ["start", "end"] {
                let known = &self.known[register][one];
                let free = known.sheet.under == version.number && known.waits.is_none();
                let possible = self.possible(register, known);
                let possible = possible.into_iter().find(|(what, ..)| *what == wanted);
                if let Some(possible) = possible.filter(|_| free)
                    && !self.dice.one_in(12)
                {
                    self.do_to(register, one, possible).await?;
                }
            }
        }
        Ok(())
    }

    async fn do_to(&mut self, register: usize, one: usize, (what, who, to): Possible) -> Wrong {
        let known = self.known[register][one].clone();
        let version = self.in_force(register).clone();
        let action = if what == "end" {
            version.end.as_str()
        } else {
            what
        };
        let mut fields = Fields::new();
        if what == "edit" {
            fields = self.edited(&version.of);
        }
        let came = self.house().act(who, known.sheet.id, action, json!(fields));
        let came = came.await;
        match (what == "end" && version.decided, came) {
            (true, Ok(Performed::Waiting { approval, .. })) => {
                let known = &mut self.known[register][one];
                known.waits = Some((approval, action.to_owned(), version.number));
                known.returned = None;
                return Ok(());
            }
            (false, Ok(Performed::Done { .. })) => {}
            (_, came) => return Err(format!("{action} of {known:?} came to {came:?}")),
        }
        if what == "end" {
            self.ended(register, one, action);
            self.known[register][one].acted = self.now;
            return Ok(());
        }
        let (chain, now) = (&self.obeyed[register], self.now);
        let known = &mut self.known[register][one];
        if let Some(to) = to {
            known.goes_to(chain, to, now, midnight_after);
        }
        known.sheet.fields.extend(fields);
        known.sheet.written(action);
        known.acted = now;
        if what == "drop" {
            known.end_rows(chain);
        }
        Ok(())
    }

    /// What somebody mends.
    fn edited(&mut self, of: &Shape) -> Fields {
        let mut fields = Fields::new();
        let (note, amount) = (self.note(of), self.amount(of, "amount"));
        put(&mut fields, of.key("note"), note);
        put(&mut fields, of.key("amount"), amount);
        fields
    }

    fn note(&mut self, of: &Shape) -> Value {
        let short = self.dice.one_in(2);
        match of.fields["note"].kind {
            Kind::Text { max, .. } if max > 4 && !short => json!("很长的一段文字"),
            _ => json!("短"),
        }
    }

    fn amount(&mut self, of: &Shape, role: &str) -> Value {
        let most = match of.fields[role].kind {
            Kind::Whole { max } => usize::try_from(max.min(99)).unwrap(),
            _ => 0,
        };
        json!(self.dice.below(most + 1))
    }

    /// A record more, if there is a thing for it.
    pub(super) async fn make(&mut self, register: usize) -> Wrong {
        let version = self.in_force(register).clone();
        let Some((thing, code)) = self.free(register) else {
            return Ok(());
        };
        let holder = self.dice.pick(&["reader", "witness"]);
        let helper = version.of.has("helper") && self.dice.one_in(2);
        let helper = helper.then(|| self.dice.pick(&["reader", "witness"]));
        let mut fields = self.anything(&version.of);
        let person = |who: &str| json!(self.house().id(who));
        put(&mut fields, version.of.key("holder"), person(holder));
        put(&mut fields, version.of.key("code"), code);
        if let Some(helper) = helper {
            put(&mut fields, version.of.key("helper"), person(helper));
        }
        let id = json!(self.things[register][thing]);
        put(&mut fields, version.of.key("thing"), id);
        let mut rows = Vec::new();
        for _ in 0..self.dice.below(3) {
            rows.push(self.any_row(&version.rows));
        }
        let mut input = json!(fields);
        if !rows.is_empty() {
            input["rows"] = json!(rows);
        }
        let key = self.obeyed[register].key.clone();
        let came = self.house().make("registrar", &key, "make", input, &[]);
        let record = match came.await {
            Ok(Performed::Done { record, .. }) => *record,
            came => return Err(format!("make came to {came:?}")),
        };
        let made = Made {
            fields,
            rows,
            thing,
            holder,
            helper,
        };
        self.is_made(register, &record, made);
        Ok(())
    }

    fn is_made(&mut self, register: usize, record: &RecordView, made: Made) {
        let (version, now) = (self.in_force(register).clone(), self.now);
        let sheet = |id, state: &str, fields, action: &str| {
            Sheet::new(id, version.number, state, fields, action)
        };
        let rows = made.rows.into_iter().zip(&record.lines);
        let rows = rows.map(|(fields, line)| Row {
            sheet: sheet(line.id, version.rows.state("open"), fields, "make"),
            over: false,
        });
        let chain = &self.obeyed[register];
        let number = self.known[register].len() + 1;
        let mut sheet = sheet(record.id, version.of.state("begun"), made.fields, "make");
        sheet.history.clear();
        let mut known = Known {
            number: Some(format!("{}-{number:03}", chain.key)),
            thing: made.thing,
            holder: made.holder,
            helper: made.helper,
            rows: rows.collect(),
            clocks: std::collections::BTreeMap::new(),
            acted: now,
            waits: None,
            returned: None,
            sheet,
        };
        known.goes_to(chain, "begun", now, midnight_after);
        known.sheet.written("make");
        self.known[register].push(known);
    }

    /// A thing that nothing holds, and a code that is nobody's where no two share one.
    fn free(&mut self, register: usize) -> Option<(usize, Value)> {
        let (version, chain) = (self.in_force(register), &self.obeyed[register]);
        let (reserves, unique) = (version.reserves(), version.is_unique());
        let all = &self.known[register];
        let holds = |one: &&Known| one.version(chain).reserves() && one.is_open(chain);
        let held: BTreeSet<usize> = all.iter().filter(holds).map(|one| one.thing).collect();
        let free: Vec<usize> = (0..THINGS)
            .filter(|thing| !reserves || !held.contains(thing))
            .collect();
        let code_of = |one: &Known| {
            let key = one.version(chain).of.key("code");
            one.sheet.fields.get(key).cloned().unwrap_or_default()
        };
        let taken: Vec<Value> = all.iter().map(code_of).collect();
        let codes: Vec<usize> = (0..60)
            .filter(|code| !unique || !taken.contains(&json!(format!("k{code}"))))
            .collect();
        let few = if unique { codes.len() } else { 2 };
        if free.is_empty() || codes.is_empty() {
            return None;
        }
        let code = codes[self.dice.below(few)];
        let code = if self.dice.one_in(5) {
            Value::Null
        } else {
            json!(format!("k{code}"))
        };
        Some((self.dice.pick(&free), code))
    }

    /// Fields of a record at random, but for whom and what it is about.
    fn anything(&mut self, of: &Shape) -> Fields {
        let mut fields = Fields::new();
        let (note, amount) = (self.note(of), self.amount(of, "amount"));
        put(&mut fields, of.key("note"), note);
        put(&mut fields, of.key("amount"), amount);
        if let Kind::Choice { keys } = &of.fields["kind"].kind {
            put(&mut fields, of.key("kind"), json!(self.dice.pick(keys)));
        }
        for role in ["extra", "again", "secret"] {
            if of.has(role) && self.dice.one_in(2) {
                let words = if role == "secret" { "密" } else { EXTRA };
                put(&mut fields, of.key(role), json!(words));
            }
        }
        if of.has("limit") && !self.dice.one_in(3) {
            let limit = self.amount(of, "limit");
            put(&mut fields, of.key("limit"), limit);
        }
        fields
    }

    fn any_row(&mut self, rows: &Shape) -> Fields {
        let mut fields = Fields::new();
        if rows.has("what") {
            put(&mut fields, rows.key("what"), json!("一项"));
        }
        let count = self.amount(rows, "pieces");
        put(&mut fields, rows.key("pieces"), count);
        fields
    }

    /// Something with a line, or a line more.
    async fn act_on_row(&mut self, register: usize, one: usize) -> Wrong {
        let version = self.in_force(register).clone();
        let known = self.known[register][one].clone();
        if known.rows.is_empty() || self.dice.one_in(5) {
            return self.add_row(register, one).await;
        }
        let at = self.dice.below(known.rows.len());
        let row = &known.rows[at].sheet;
        if row.under != version.number {
            let came = self.house().act("registrar", row.id, "do", json!({}));
            let came = came.await;
            return self.is_behind(came);
        }
        let is = |role: &str| row.state == version.rows.state(role);
        let (action, to) = if is("half") {
            ("do", "done")
        } else if is("open") {
            ("take", "half")
        } else {
            return Ok(());
        };
        let came = self.house().act("registrar", row.id, action, json!({}));
        let came = came.await;
        if !matches!(came, Ok(Performed::Done { .. })) {
            return Err(format!("{action} of {row:?} came to {came:?}"));
        }
        let row = &mut self.known[register][one].rows[at].sheet;
        version.rows.state(to).clone_into(&mut row.state);
        row.written(action);
        Ok(())
    }

    async fn add_row(&mut self, register: usize, one: usize) -> Wrong {
        let version = self.in_force(register).clone();
        let fields = self.any_row(&version.rows);
        let target = Target::Line {
            of: self.known[register][one].sheet.id,
            line: "rows".to_owned(),
        };
        let request = Perform::new(target, "add", map(json!(fields)));
        let came = self
            .house()
            .app
            .perform(self.house().who("registrar"), request);
        let line = match came.await {
            Ok(Performed::Done { record, .. }) => *record,
            came => return Err(format!("add came to {came:?}")),
        };
        let state = version.rows.state("open");
        let sheet = Sheet::new(line.id, version.number, state, fields, "add");
        self.known[register][one]
            .rows
            .push(Row { sheet, over: false });
        Ok(())
    }
}

/// What can be done, by whom, and where it leads.
type Possible = (&'static str, &'static str, Option<&'static str>);

/// What a record was made with.
struct Made {
    fields: Fields,
    rows: Vec<Fields>,
    thing: usize,
    holder: &'static str,
    helper: Option<&'static str>,
}
