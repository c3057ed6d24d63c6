//! The model: what each act on a random register has to lead to, and a walk that compares.

mod decided;
mod lines;
mod look;
mod made;

use super::spec::{Dice, Spec};
use crate::house::{House, again, log_in, map};
use app::{AcceptedWarning, Error, Perform, Performed, RecordView, Target};
use domain::{ApprovalId, Date, RecordId, Timestamp};
use jiff::{ToSpan, tz::TimeZone};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Registers that all of them use.
pub(super) const SHARED: [(&str, &str); 2] = [
    ("thing", include_str!("thing.toml")),
    ("journal", include_str!("journal.toml")),
];

/// Things that a register's records can be about.
const THINGS: usize = 8;
/// The one of them that is secret, where records are as secret as theirs.
const SECRET: usize = 3;
/// The day on which periods begin.
const FIRST_DAY: u32 = 2;
/// Whoever acts; the last two hold.
const ACTORS: [&str; 5] = ["registrar", "leader", "chief", "reader", "witness"];
/// Who is of the house and cleared for nothing.
const OUTSIDER: &str = "outsider";

/// A record as it should be.
#[derive(Debug, Clone)]
struct Known {
    id: RecordId,
    state: &'static str,
    note: Option<String>,
    amount: i64,
    code: Option<String>,
    kind: &'static str,
    extra: Option<String>,
    holder: &'static str,
    thing: usize,
    many: usize,
    marks: usize,
    /// From the first day to which.
    days: Option<u32>,
    secret: Option<String>,
    stamp: Option<String>,
    numbered: bool,
    pending: Option<Pending>,
    rows: Vec<(RecordId, bool)>,
    due: Option<Timestamp>,
}

/// What waits, at which step, and who has agreed to that.
#[derive(Debug, Clone)]
struct Pending {
    approval: ApprovalId,
    step: usize,
    agreed: Vec<&'static str>,
}

impl Known {
    /// Every thing it names.
    fn things(&self) -> BTreeSet<usize> {
        (0..self.many).chain([self.thing]).collect()
    }

    fn is_open(&self) -> bool {
        matches!(self.state, "s0" | "s1")
    }
}

/// What should come of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Should {
    Be,
    Wait,
    Refuse,
}

impl Should {
    fn of(may: bool) -> Self {
        if may { Self::Be } else { Self::Refuse }
    }
}

/// The house, and what should be in it.
pub(super) struct World {
    house: House,
    specs: Vec<Spec>,
    things: Vec<Vec<RecordId>>,
    known: Vec<Vec<Known>>,
    /// Of each thing: until when it may be used, and whether that still runs.
    used: Vec<Vec<Option<(Timestamp, bool)>>>,
    journal: usize,
    now: Timestamp,
    /// Until when the reader stands in for the leader.
    deputy_until: Date,
    dice: Dice,
    /// How often each construct was met by an act.
    pub(super) hits: BTreeMap<&'static str, usize>,
}

type Wrong = Result<(), String>;

/// A construct, and whether a register has it.
type Construct = (&'static str, fn(&Spec) -> bool);

impl World {
    pub(super) async fn new(house: House, specs: Vec<Spec>, dice: Dice) -> Self {
        let mut things = Vec::new();
        for spec in &specs {
            let mut own = Vec::new();
            for number in 0..THINGS {
                let fields = thing(&house, spec, number);
                let made = house.make("registrar", "thing", "add", fields, &[]).await;
                let Performed::Done { record, .. } = made.unwrap() else {
                    panic!("a thing waits")
                };
                own.push(record.id);
            }
            things.push(own);
        }
        let now = "2026-03-02T01:00:00Z".parse().unwrap();
        let deputy_until = stand_in(&house, now).await;
        Self {
            known: vec![Vec::new(); specs.len()],
            used: vec![vec![None; THINGS]; specs.len()],
            house,
            specs,
            things,
            journal: 0,
            now,
            deputy_until,
            dice,
            hits: BTreeMap::new(),
        }
    }

    fn hit(&mut self, register: usize, constructs: &[Construct]) {
        for (construct, has) in constructs {
            if has(&self.specs[register]) {
                *self.hits.entry(construct).or_default() += 1;
            }
        }
    }

    /// One act at random, and a look at what it left.
    pub(super) async fn step(&mut self, register: usize) -> Wrong {
        let open: Vec<usize> = (0..self.known[register].len())
            .filter(|one| self.known[register][*one].is_open())
            .collect();
        let act = self.dice.below(24);
        if open.is_empty() || act < 5 {
            return self.make(register).await;
        }
        if act == 19 {
            return self.wait(register).await;
        }
        let pending = |one: &usize| self.known[register][*one].pending.is_some();
        let waiting: Vec<usize> = open.iter().copied().filter(pending).collect();
        if !waiting.is_empty() && !self.dice.one_in(8) {
            let one = self.dice.pick(&waiting);
            return self.decide(register, one).await;
        }
        // mostly what is open; now and then what is not
        let all = self.known[register].len();
        let one = if self.dice.one_in(8) {
            self.dice.below(all)
        } else {
            self.dice.pick(&open)
        };
        let begun = self.known[register][one].state == "s1";
        if begun && !self.specs[register].approval.is_empty() && !self.dice.one_in(6) {
            return self.end(register, one).await;
        }
        match act {
            5 => self.edit(register, one).await,
            6 | 20 => self.correct(register, one).await,
            7..=18 if self.known[register][one].pending.is_some() => {
                self.decide(register, one).await
            }
            7..=11 => self.start(register, one).await,
            12..=14 => self.end(register, one).await,
            15 | 21 if self.specs[register].lines => self.add_line(register, one).await,
            _ if self.specs[register].lines => self.line(register, one).await,
            _ => self.look(register, one).await,
        }
    }

    fn registrar_mostly(&mut self) -> &'static str {
        if self.dice.one_in(5) {
            self.dice.pick(&ACTORS)
        } else {
            "registrar"
        }
    }

    fn words(&mut self) -> Option<String> {
        match self.dice.below(4) {
            0 => None,
            1 => Some("很长很长很长很长".to_owned()),
            _ => Some("短".to_owned()),
        }
    }

    fn code(&mut self) -> Option<String> {
        let number = self.dice.below(40);
        (number > 3).then(|| format!("k{number}"))
    }

    /// A code counts among what is as secret: else a refusal would tell of what is hidden.
    fn code_is_free(&self, register: usize, new: &Known, but: Option<usize>) -> bool {
        let is_taken = |(one, known): (usize, &Known)| {
            Some(one) != but
                && known.code == new.code
                && self.is_secret(register, known) == self.is_secret(register, new)
        };
        let mut others = self.known[register].iter().enumerate();
        !self.specs[register].unique || new.code.is_none() || !others.any(is_taken)
    }

    async fn make(&mut self, register: usize) -> Wrong {
        self.hit(
            register,
            &[
                ("required", |s| s.note_required),
                ("max_length", |_| true),
                ("bounds", |_| true),
                ("links", |_| true),
                ("choices", |_| true),
                ("period", |_| true),
                ("unique", |s| s.unique),
                ("shown", |s| s.extra_shown),
                ("required when", |s| s.extra_required),
                ("reserve", |s| s.reserve),
                ("warning", |s| s.warn.is_some()),
                ("number", |s| s.number == Some("make")),
                ("lines", |s| s.lines),
            ],
        );
        let spec = self.specs[register].clone();
        let registrars = ["registrar", "registrar", "registrar", "registrar", "reader"];
        let actor = self.dice.pick(&registrars);
        let rows = if self.dice.one_in(8) {
            0
        } else {
            1 + self.dice.below(2)
        };
        let accepts = self.dice.one_in(2);
        let mut new = self.anything(&spec);
        let may = actor == "registrar"
            && self.may_be(register, &new)
            && (spec.warn != Some(new.amount) || accepts)
            && !(spec.lines && rows == 0);
        let mut input = self.input(register, &new);
        if spec.lines {
            let rows = (0..rows).map(|n| json!({ "what": format!("第{n}") }));
            input["rows"] = rows.collect();
        }
        let target = Target::New {
            register: spec.key.clone(),
        };
        let mut request = Perform::new(target, "make", map(input));
        if accepts {
            request.accept_warnings = vec![AcceptedWarning {
                rule: "R-902".to_owned(),
                reason: "可以".to_owned(),
            }];
        }
        let came = self.house.perform(self.house.who(actor), request).await;
        let Some(record) = self.came("make", Should::of(may), came)? else {
            return Ok(());
        };
        new.id = record.id;
        new.rows = record.lines.iter().map(|line| (line.id, false)).collect();
        self.known[register].push(new);
        self.look(register, self.known[register].len() - 1).await
    }

    /// What came of it, held against what should; the record, if something was done.
    fn came(
        &mut self,
        what: &str,
        should: Should,
        came: Result<Performed, Error>,
    ) -> Result<Option<RecordView>, String> {
        match (should, came) {
            (Should::Refuse, Err(_)) => Ok(None),
            (Should::Be, Ok(Performed::Done { record, .. })) => Ok(Some(*record)),
            (Should::Wait, Ok(Performed::Waiting { record, .. })) => Ok(Some(*record)),
            (should, came) => Err(format!("{what} should {should:?} and came to {came:?}")),
        }
    }

    async fn edit(&mut self, register: usize, one: usize) -> Wrong {
        let spec = self.specs[register].clone();
        let known = self.known[register][one].clone();
        let actor = self.dice.pick(&["registrar", "registrar", "leader"]);
        let (note, amount, code) = (
            self.words(),
            self.dice.pick(&[2, 3, 6, 7, 8, 9]),
            self.code(),
        );
        let mut edited = known.clone();
        edited.code.clone_from(&code);
        let may = actor == "registrar"
            && known.is_open()
            && known.pending.is_none()
            && note
                .as_ref()
                .is_none_or(|note| note.chars().count() <= spec.note_max)
            && self.code_is_free(register, &edited, Some(one));
        let mut input = json!({ "amount": amount });
        for (key, value) in [("note", &note), ("code", &code)] {
            if let Some(value) = value {
                input[key] = json!(value);
            }
        }
        let came = self.house.act(actor, known.id, "edit", input).await;
        if self.came("edit", Should::of(may), came)?.is_some() {
            let known = &mut self.known[register][one];
            known.amount = amount;
            known.note = note.or(known.note.take());
            known.code = code.or(known.code.take());
        }
        self.look(register, one).await
    }

    async fn start(&mut self, register: usize, one: usize) -> Wrong {
        self.hit(
            register,
            &[
                ("who by field", |s| s.holder_starts),
                ("condition", |s| s.when.is_some()),
                ("set", |s| s.sets),
                ("signature", |s| s.signs),
                ("comment", |s| s.comment),
                ("clock", |s| s.clock.is_some()),
                ("number later", |s| s.number == Some("start")),
            ],
        );
        let spec = self.specs[register].clone();
        let known = self.known[register][one].clone();
        let right = if spec.holder_starts {
            known.holder
        } else {
            "registrar"
        };
        let actor = if self.dice.one_in(4) {
            self.dice.pick(&ACTORS)
        } else {
            right
        };
        let signer = match self.dice.below(6) {
            0 => None,
            1 => Some(if known.holder == "reader" {
                "witness"
            } else {
                "reader"
            }),
            _ => Some(known.holder),
        };
        let says = !self.dice.one_in(5);
        let may = known.state == "s0"
            && actor == right
            && spec.when.is_none_or(|more| known.amount > more)
            && (!spec.signs || signer == Some(known.holder))
            && (!spec.comment || says);
        let version = self.version(known.id).await?;
        let target = Target::Existing {
            id: known.id,
            version,
        };
        let mut request = Perform::new(target, "start", map(json!({})));
        request.comment = says.then(|| "开始".to_owned());
        let signers: Vec<&str> = signer.into_iter().collect();
        request.signatures = self.house.signatures(&signers);
        let came = self.house.perform(self.house.who(actor), request).await;
        if self.came("start", Should::of(may), came)?.is_some() {
            let due = spec.clock.map(|days| midnight_after(self.now, days));
            self.is_used(register, &known);
            let known = &mut self.known[register][one];
            known.state = "s1";
            known.numbered |= spec.number == Some("start");
            known.due = due;
            if spec.sets {
                known.stamp = Some(known.note.clone().unwrap_or_else(|| "none".to_owned()));
            }
        }
        self.look(register, one).await
    }

    async fn version(&self, id: RecordId) -> Result<i64, String> {
        let seen = self.house.app.read(self.house.who("registrar"), id).await;
        seen.map(|view| view.version)
            .map_err(|error| error.to_string())
    }

    async fn end(&mut self, register: usize, one: usize) -> Wrong {
        self.hit(
            register,
            &[
                ("stop", |s| s.stop.is_some()),
                ("approval", |s| !s.approval.is_empty()),
                ("creates", |s| s.creates),
            ],
        );
        let spec = self.specs[register].clone();
        let known = self.known[register][one].clone();
        let actor = self.registrar_mostly();
        let may = known.state == "s1"
            && known.pending.is_none()
            && actor == "registrar"
            && spec.stop.is_none_or(|stop| known.amount < stop);
        let should = match (may, spec.approval.is_empty()) {
            (false, _) => Should::Refuse,
            (true, true) => Should::Be,
            (true, false) => Should::Wait,
        };
        let came = self.house.act(actor, known.id, "end", json!({})).await;
        if let Ok(Performed::Waiting { approval, .. }) = &came {
            self.known[register][one].pending = Some(Pending {
                approval: *approval,
                step: 0,
                agreed: Vec::new(),
            });
        }
        self.noted(&spec, &came)?;
        if self.came("end", should, came)?.is_some() && should == Should::Be {
            self.ended(register, one);
        }
        self.look(register, one).await
    }

    /// A record has come to its end, by whatever act.
    fn ended(&mut self, register: usize, one: usize) {
        let known = &mut self.known[register][one];
        known.state = "s2";
        for thing in known.things() {
            if let Some((_, runs)) = &mut self.used[register][thing] {
                *runs = false;
            }
        }
    }

    /// A record was started: of the things it names, those are used now that were not.
    fn is_used(&mut self, register: usize, known: &Known) {
        let Some(days) = self.specs[register].used else {
            return;
        };
        let until = midnight_after(self.now, days);
        for thing in known.things() {
            let used = &mut self.used[register][thing];
            if used.is_none_or(|(_, runs)| !runs) {
                *used = Some((until, true));
            }
        }
    }

    /// Mends the marks.
    async fn correct(&mut self, register: usize, one: usize) -> Wrong {
        self.hit(register, &[("correction", |s| s.corrects)]);
        let spec = self.specs[register].clone();
        let known = self.known[register][one].clone();
        let actor = self.registrar_mostly();
        let marks = 1 + self.dice.below(3);
        let says = !self.dice.one_in(5);
        // both may write it: the one as it is made, the other as it is taken over
        let may = spec.corrects
            && ["registrar", "chief"].contains(&actor)
            && says
            && marks <= spec.marks_max
            && known.pending.is_none();
        let version = self.version(known.id).await?;
        let target = Target::Existing {
            id: known.id,
            version,
        };
        let input = json!({ "marks": made::MARKS[..marks] });
        let mut request = Perform::new(target, "correct", map(input));
        request.comment = says.then(|| "写错了".to_owned());
        let came = self.house.perform(self.house.who(actor), request).await;
        if self.came("correct", Should::of(may), came)?.is_some() {
            self.known[register][one].marks = marks;
        }
        self.look(register, one).await
    }

    /// The journal has one more, where the register notes its ends.
    fn noted(&mut self, spec: &Spec, came: &Result<Performed, Error>) -> Wrong {
        let Ok(Performed::Done { record, made }) = came else {
            return Ok(());
        };
        let wanted = usize::from(spec.creates && record.state == "s2");
        let many = made.iter().filter(|one| one.register == "journal").count();
        self.journal += many;
        if many == wanted {
            Ok(())
        } else {
            Err(format!("{many} notes instead of {wanted}"))
        }
    }

    /// Days go by.
    async fn wait(&mut self, register: usize) -> Wrong {
        let days = i64::try_from(1 + self.dice.below(5)).map_err(|error| error.to_string())?;
        self.now += (days * 24).hours();
        self.house.clock.set(self.now);
        while self
            .house
            .app
            .tick()
            .await
            .map_err(|error| error.to_string())?
            > 0
        {}
        for actor in ACTORS.into_iter().chain([OUTSIDER]) {
            let caller = log_in(&self.house.app, actor).await;
            self.house.callers.insert(actor, caller);
        }
        if day_of(self.now) > self.deputy_until {
            let leader = again(&self.house.app, "leader").await;
            self.house.callers.insert("leader", leader);
            self.deputy_until = stand_in(&self.house, self.now).await;
        }
        for (spec, known) in self.specs.iter().zip(&mut self.known) {
            for one in known
                .iter_mut()
                .filter(|one| spec.lapses && one.state == "s1")
            {
                if one.due.is_some_and(|due| due <= self.now) {
                    one.state = "over";
                }
            }
        }
        for one in 0..self.known[register].len() {
            self.look(register, one).await?;
        }
        Ok(())
    }
}

/// Something that records are about.
fn thing(house: &House, spec: &Spec, number: usize) -> Value {
    let mut known: Vec<&str> = ACTORS.to_vec();
    let mut fields = json!({ "name": format!("{} {number}", spec.key) });
    if spec.labelled && number == SECRET {
        fields["level"] = json!("state.secret");
        fields["term"] = json!({ "years": 10 });
    } else {
        known.push(OUTSIDER);
    }
    let known: Vec<String> = known.into_iter().map(|who| house.id(who)).collect();
    fields["scope_persons"] = json!(known);
    fields
}

/// The leader has the reader decide for ninety days.
async fn stand_in(house: &House, now: Timestamp) -> Date {
    let person = |who: &str| house.who(who).person();
    let today = now
        .to_zoned_datetime(TimeZone::get("Asia/Shanghai").unwrap())
        .date();
    let until = today + 90.days();
    let fields = json!({
        "delegator": person("leader"), "deputy": person("reader"), "reason": "出差",
        "days": { "from": today, "to": until }, "areas": ["office"],
    });
    let made = house
        .make("leader", "delegation", "delegate", fields, &[])
        .await;
    assert!(matches!(made, Ok(Performed::Done { .. })), "{made:?}");
    until
}

/// The site's day.
fn day_of(now: Timestamp) -> Date {
    now.to_zoned_datetime(TimeZone::get("Asia/Shanghai").unwrap())
        .date()
}

/// The last of so many days counts in full: due is the midnight after it.
pub(super) fn midnight_after(start: Timestamp, days: u32) -> Timestamp {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let day = start.to_zoned_datetime(zone.clone()).date();
    let due = day + (i64::from(days) + 1).days();
    zone.to_timestamp(due.at(0, 0, 0, 0)).unwrap()
}
