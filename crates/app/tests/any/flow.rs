//! Random registers with lines under random acts: filled from a list and from a query, signed later in an inbox, in a book or
//! by a slip, fanned out to, each of some noted, leading their record; fresh proofs, and what was taken over.

mod spec;

use super::{spec::Dice, walk::SHARED};
use crate::house::{House, Shipped, log_in, map, on_each_database, secret, shipped_with};
use app::{
    Caller, Decision, Error, LineView, ListInput, Perform, Performed, RecordView, Scanned,
    SignatureInput, Target, Verdict,
};
use domain::{ApprovalId, RecordId};
use serde_json::{Value, json};
use spec::{Spec, Way, faults};
use std::collections::BTreeMap;

const REGISTERS: usize = 42;
const LIVES: usize = 13;
/// On a server the constructs need not all be met again.
const REGISTERS_ON_A_SERVER: usize = 5;
const ACTS: usize = 14;
/// Lives within which a fault has to show.
const LIVES_OF_A_FAULT: usize = 60;
const HITS: usize = 100;

type Wrong = Result<(), String>;

/// A step as it should be, and what is asked of it.
#[derive(Debug, Clone)]
struct Step {
    id: RecordId,
    state: &'static str,
    waits: Option<ApprovalId>,
}

impl Step {
    fn is_over(&self) -> bool {
        ["signed", "skipped"].contains(&self.state)
    }
}

/// A record as it should be.
#[derive(Debug, Clone)]
struct Known {
    id: RecordId,
    state: &'static str,
    holder: &'static str,
    steps: Vec<Step>,
    finds: Vec<Find>,
}

/// Something that was there when a record was opened.
#[derive(Debug, Clone)]
struct Find {
    thing: RecordId,
    checked: bool,
}

/// Something that is there, and whether it is heavy.
struct Thing {
    id: RecordId,
    heavy: bool,
}

struct Walk {
    house: House,
    /// The registrar, who has not shown for long who they are.
    stale: Caller,
    dice: Dice,
    things: Vec<Thing>,
    journal: usize,
    hits: BTreeMap<&'static str, usize>,
}

/// What should have been, and what came.
fn wrong<T>(
    what: &str,
    known: &impl std::fmt::Debug,
    came: impl std::fmt::Debug,
) -> Result<T, String> {
    Err(format!("{what} of {known:?} came to {came:?}"))
}

impl Walk {
    async fn new(database: Option<String>, specs: &[Spec], dice: Dice) -> (Self, Shipped) {
        let written: Vec<(&str, String)> = specs
            .iter()
            .map(|spec| (spec.key.as_str(), spec.toml()))
            .collect();
        let written = written.iter().map(|(key, text)| (*key, text.as_str()));
        let all: Vec<(&str, &str)> = SHARED.iter().copied().chain(written).collect();
        let packs = shipped_with(&all);
        let mut house = House::build_on(database, &packs.packs()).await;
        house.people().await;
        let stale = log_in(&house.app, "registrar").await;
        let walk = Self {
            house,
            stale,
            dice,
            things: Vec::new(),
            journal: 0,
            hits: BTreeMap::new(),
        };
        (walk, packs)
    }

    fn hit(&mut self, construct: &'static str) {
        *self.hits.entry(construct).or_default() += 1;
    }

    async fn perform(
        &self,
        target: Target,
        action: &str,
        input: Value,
    ) -> Result<Performed, Error> {
        let mut request = Perform::new(target, action, map(input));
        request.comment = Some("按规定".to_owned());
        let registrar = self.house.who("registrar");
        self.house.perform(registrar, request).await
    }

    async fn read(&self, id: RecordId) -> RecordView {
        let registrar = self.house.who("registrar");
        self.house.app.read(registrar, id).await.unwrap()
    }

    /// A record that is drafted, or one of older books; none where it may not be taken over so.
    async fn begin(&mut self, spec: &Spec) -> Result<Option<Known>, String> {
        let target = Target::New {
            register: spec.key.clone(),
        };
        let holder = self.dice.pick(&["reader", "witness"]);
        let mut fields = json!({
            "name": "一件事", "holder": self.house.id(holder), "outside": { "name": "外单位" },
        });
        let (mut action, mut state, mut may) = ("draft", "s0", true);
        if self.dice.one_in(2) {
            self.hit("take_over");
            (action, state) = ("take_over", self.dice.pick(&["s0", "s1"]));
            may = spec.taken.contains(&state);
            fields["state"] = json!(state);
            fields["taken_from"] = json!("旧簿");
        }
        let made = self.perform(target, action, fields).await;
        match (may, made) {
            (false, Err(_)) => Ok(None),
            (true, Ok(Performed::Done { record, .. })) => Ok(Some(Known {
                id: record.id,
                state,
                holder,
                steps: Vec::new(),
                finds: Vec::new(),
            })),
            (_, other) => wrong(action, &state, other),
        }
    }

    /// Things come and go.
    async fn thing(&mut self) {
        if self.things.len() < 3 || (self.things.len() < 6 && self.dice.one_in(2)) {
            let heavy = self.dice.one_in(2);
            let mut fields =
                json!({ "name": "物件", "scope_persons": [self.house.id("registrar")] });
            if heavy || self.dice.one_in(2) {
                fields["heavy"] = json!(heavy);
            }
            let target = Target::New {
                register: "thing".to_owned(),
            };
            let made = self.perform(target, "add", fields).await.unwrap();
            let Performed::Done { record, .. } = made else {
                panic!("{made:?}")
            };
            let id = record.id;
            self.things.push(Thing { id, heavy });
        } else {
            let at = self.dice.below(self.things.len());
            let gone = self.things.swap_remove(at);
            self.house
                .act("registrar", gone.id, "drop", json!({}))
                .await
                .unwrap();
        }
    }

    async fn open(&mut self, spec: &Spec, known: &mut Known) -> Wrong {
        if spec.step_up {
            self.hit("step_up");
        }
        let fresh = !self.dice.one_in(3);
        let target = Target::Existing {
            id: known.id,
            version: self.read(known.id).await.version,
        };
        let request = Perform::new(target, "open", map(json!({})));
        let caller = if fresh {
            self.house.who("registrar")
        } else {
            &self.stale
        };
        let opened = self.house.perform(caller, request).await;
        let proven = fresh || !spec.step_up;
        match (known.state == "s0", proven, opened) {
            (true, true, Ok(Performed::Done { record, .. })) => {
                self.hit("fill rows");
                self.hit("fill query");
                let steps = record.lines.iter().filter(|line| line.line == "steps");
                let step = |line: &LineView| Step {
                    id: line.id,
                    state: "waiting",
                    waits: None,
                };
                known.steps = steps.map(step).collect();
                let found = self.things.iter();
                let found = found.filter(|one| spec.finds_all || !one.heavy);
                let find = |one: &Thing| Find {
                    thing: one.id,
                    checked: false,
                };
                known.finds = found.map(find).collect();
                known.state = "s1";
                if known.steps.len() == spec.rows {
                    Ok(())
                } else {
                    wrong("open", known, spec.rows)
                }
            }
            (true, false, Err(Error::StepUpNeeded)) | (false, _, Err(_)) => Ok(()),
            (_, _, other) => wrong("open", known, other),
        }
    }

    /// Something with one of its steps.
    async fn step(&mut self, spec: &Spec, known: &mut Known) -> Wrong {
        if known.steps.is_empty() {
            return Ok(());
        }
        let at = self.dice.below(known.steps.len());
        let step = known.steps[at].clone();
        let free = known.state == "s1" && step.waits.is_none();
        let action = match (step.state, self.dice.below(5)) {
            ("waiting", 0..=3) => "do",
            ("done", 0..=2) if spec.ways.contains(&Way::Inbox) => "sign_off",
            (_, 3) => "skip",
            _ => "do",
        };
        if action == "do" && step.state == "done" {
            self.hit("what was done is done again, or not");
        }
        let may = free
            && match action {
                "do" => step.state == "waiting" || (spec.again && step.state == "done"),
                "sign_off" => step.state == "done",
                _ => !step.is_over(),
            };
        let came = self
            .house
            .act("registrar", step.id, action, json!({}))
            .await;
        let kept = &mut known.steps[at];
        match (may, came) {
            (false, Err(_)) => {}
            (true, Ok(Performed::Waiting { approval, .. })) if action == "sign_off" => {
                kept.waits = Some(approval);
            }
            (true, Ok(Performed::Done { .. })) if action == "do" => kept.state = "done",
            (true, Ok(Performed::Done { .. })) if action == "skip" => kept.state = "skipped",
            (_, other) => return wrong(action, &step, other),
        }
        self.lead(spec, known);
        Ok(())
    }

    /// The label of something is scanned: of what was found, of what came later, of nothing.
    async fn scan(&mut self, spec: &Spec, known: &mut Known) -> Wrong {
        let there = self.things.iter().map(|one| one.id);
        let mut labels: Vec<RecordId> = known.finds.iter().map(|one| one.thing).collect();
        labels.extend(there.chain([known.id]));
        let thing = self.dice.pick(&labels);
        let target = Target::Scanned(Scanned {
            of: known.id,
            line: None,
            code: format!("RP:{}", thing.to_string().replace('-', "")),
        });
        let mut request = Perform::new(target, "", map(json!({})));
        request.action = None;
        let registrar = self.house.who("registrar");
        // not foretold: a scan is told of by doing it alone
        let came = self.house.app.perform(registrar, request).await;
        let may = spec.scanned && known.state == "s1";
        if may {
            self.hit("scanned");
        }
        let mut finds = known.finds.iter_mut();
        let find = finds.find(|one| one.thing == thing && !one.checked);
        match (find.filter(|_| may), came) {
            (Some(find), Ok(Performed::Done { record, .. })) if record.state == "checked" => {
                find.checked = true;
            }
            (None, Err(Error::Conflict { .. } | Error::Malformed { .. })) => {}
            (_, other) => return wrong("scan", known, other),
        }
        Ok(())
    }

    /// Who signs for a step, but for slips.
    fn signer(spec: &Spec, known: &Known) -> &'static str {
        if spec.leader_signs {
            "leader"
        } else {
            known.holder
        }
    }

    /// A step is signed for in a book, or by somebody from outside, who may not have done so.
    async fn sign_on_paper(&mut self, spec: &Spec, known: &mut Known) -> Wrong {
        let ways = spec.ways.iter().filter(|way| **way != Way::Inbox);
        let ways: Vec<Way> = ways.copied().collect();
        let done = |step: &Step| step.state == "done" && step.waits.is_none();
        let at = known.steps.iter().position(done);
        let Some(at) = at.filter(|_| known.state == "s1" && !ways.is_empty()) else {
            return self.step(spec, known).await;
        };
        let way = self.dice.pick(&ways);
        let slip = way == Way::Slip;
        self.hit(way.method());
        let signer = self.dice.pick(&["reader", "witness", "leader"]);
        let right = slip || signer == Self::signer(spec, known);
        let given = !self.dice.one_in(4);
        let id = known.steps[at].id;
        let target = Target::Existing {
            id,
            version: self.read(id).await.version,
        };
        let mut request = Perform::new(target, way.action(), map(json!({})));
        if given {
            request.signatures = vec![SignatureInput {
                person: (!slip).then(|| self.house.person(signer)),
                method: way.method().to_owned(),
                credential: secret("第 3 簿第 7 页第 2 行"),
            }];
        }
        let registrar = self.house.who("registrar");
        let came = self.house.perform(registrar, request).await;
        match (given && right, came) {
            (true, Ok(Performed::Done { .. })) => known.steps[at].state = "signed",
            (false, Err(_)) => {}
            (_, other) => return wrong(&format!("{} by {signer}", way.action()), known, other),
        }
        self.lead(spec, known);
        Ok(())
    }

    /// Somebody signs what waits, or does not.
    async fn sign(&mut self, spec: &Spec, known: &mut Known) -> Wrong {
        let waiting: Vec<usize> = (0..known.steps.len())
            .filter(|at| known.steps[*at].waits.is_some())
            .collect();
        if waiting.is_empty() {
            return self.step(spec, known).await;
        }
        self.hit("signed later");
        let (at, right) = (self.dice.pick(&waiting), Self::signer(spec, known));
        let actor = if self.dice.one_in(4) {
            self.dice.pick(&["reader", "witness", "leader"])
        } else {
            right
        };
        let verdict = self
            .dice
            .pick(&[Verdict::Approve, Verdict::Approve, Verdict::Refuse]);
        let decision = Decision::new(known.steps[at].waits.unwrap(), verdict);
        let came = self.house.app.decide(self.house.who(actor), decision).await;
        let kept = &mut known.steps[at];
        match (actor == right, came) {
            (false, Err(_)) => {}
            (true, Ok(Performed::Done { .. })) => {
                kept.waits = None;
                if verdict == Verdict::Approve {
                    kept.state = "signed";
                }
            }
            (_, other) => return wrong(&format!("{verdict:?} by {actor}"), known, other),
        }
        self.lead(spec, known);
        Ok(())
    }

    /// The last of its steps ends the record.
    fn lead(&mut self, spec: &Spec, known: &mut Known) {
        let steps = &known.steps;
        if spec.led && known.state == "s1" && steps.iter().all(Step::is_over) {
            self.hit("parent");
            known.state = "s2";
        }
    }

    async fn close(&mut self, spec: &Spec, known: &mut Known) -> Wrong {
        let came = self
            .house
            .act("registrar", known.id, "close", json!({}))
            .await;
        let may = known.state == "s1";
        let made = match (may, came) {
            (false, Err(_)) => return Ok(()),
            (true, Ok(Performed::Done { made, .. })) => made,
            (_, other) => return wrong("close", known, other),
        };
        self.follow(spec, known).await?;
        let noted = spec.noted.map_or(0, |state| {
            known.steps.iter().filter(|one| one.state == state).count()
        });
        if spec.noted.is_some() {
            self.hit("creates each");
        }
        let journal = made.iter().filter(|one| one.register == "journal").count();
        self.journal += journal;
        if journal == noted {
            Ok(())
        } else {
            wrong("notes", known, journal)
        }
    }

    /// What becomes of the steps of a record that is closed, and of what is asked of them.
    async fn follow(&mut self, spec: &Spec, known: &mut Known) -> Wrong {
        known.state = "s2";
        let right = self.house.who(Self::signer(spec, known));
        if !spec.fans.is_empty() {
            *self.hits.entry("fan_out").or_default() += 1;
        }
        for step in &mut known.steps {
            if spec.fans.contains(&step.state) {
                step.state = "skipped";
            }
            let Some(approval) = step.waits.take() else {
                continue;
            };
            *self
                .hits
                .entry("a request ends with its record")
                .or_default() += 1;
            let late = Decision::new(approval, Verdict::Approve);
            let late = self.house.app.decide(right, late).await;
            if late.is_ok() {
                return wrong("a decision that is too late", &step.id, late);
            }
        }
        Ok(())
    }

    async fn look(&mut self, spec: &Spec, known: &Known) -> Wrong {
        let view = self.read(known.id).await;
        let of = |kind: &'static str| view.lines.iter().filter(move |line| line.line == kind);
        let steps: Vec<(RecordId, &str)> = of("steps")
            .map(|line| (line.id, line.state.as_str()))
            .collect();
        let should = known.steps.iter().map(|step| (step.id, step.state));
        let should: Vec<(RecordId, &str)> = should.collect();
        let blind = spec.scanned && spec.blind && known.state == "s1";
        let shown = known.finds.iter().filter(|one| one.checked || !blind);
        let shown: Vec<(String, bool)> = shown.map(|one| (one.thing.to_string(), !blind)).collect();
        let mut finds: Vec<(String, bool)> = of("finds")
            .filter_map(|line| Some((line.fields.get("thing")?.as_str()?.to_owned(), line.no > 0)))
            .collect();
        finds.sort_by_key(|(thing, _)| shown.iter().position(|(one, _)| one == thing));
        let as_said = steps == should && finds == shown;
        if blind {
            self.hit("counted blindly");
        }
        if view.state == known.state && as_said {
            Ok(())
        } else {
            wrong("the look", known, view)
        }
    }

    async fn life(&mut self, spec: &Spec) -> Wrong {
        let Some(mut known) = self.begin(spec).await? else {
            return Ok(());
        };
        for _ in 0..ACTS {
            match self.dice.below(14) {
                0 => self.thing().await,
                1..=2 => self.open(spec, &mut known).await?,
                3 if known.state == "s1" && !self.dice.one_in(3) => {}
                3 => self.close(spec, &mut known).await?,
                4..=6 => self.step(spec, &mut known).await?,
                7..=8 => self.sign_on_paper(spec, &mut known).await?,
                9..=10 => self.scan(spec, &mut known).await?,
                _ => self.sign(spec, &mut known).await?,
            }
            if known.state == "s0" {
                self.open(spec, &mut known).await?;
            }
            self.look(spec, &known).await?;
        }
        // often something is asked when the record ends
        for _ in 0..5 {
            self.step(spec, &mut known).await?;
        }
        self.close(spec, &mut known).await?;
        self.look(spec, &known).await
    }

    async fn at_the_end(&self) {
        let registrar = self.house.who("registrar");
        let list = ListInput {
            count: Some("exact".to_owned()),
            ..ListInput::default()
        };
        let journal = self
            .house
            .app
            .list(registrar, "journal", list)
            .await
            .unwrap();
        assert_eq!(journal.total, i64::try_from(self.journal).ok());
        self.house.app.sequence().await.unwrap();
        let report = self.house.app.check(None).await.unwrap();
        assert!(report.problems.is_empty(), "{:?}", report.problems);
    }
}

#[test]
fn records_with_lines_live_as_the_language_says() {
    on_each_database(|database| async {
        let server = database.is_some();
        let many = if server {
            REGISTERS_ON_A_SERVER
        } else {
            REGISTERS
        };
        let mut dice = Dice::new(5);
        let specs: Vec<Spec> = (0..many)
            .map(|number| Spec::any(&format!("flow{number}"), &mut dice))
            .collect();
        let (mut walk, _packs) = Walk::new(database, &specs, dice).await;
        for spec in &specs {
            for _ in 0..LIVES {
                let life = walk.life(spec).await;
                life.unwrap_or_else(|wrong| panic!("{wrong}\non\n{}", spec.toml()));
            }
        }
        walk.at_the_end().await;
        let few = walk.hits.values().filter(|hits| **hits < HITS);
        assert!(server || few.count() == 0, "hardly met: {:?}", walk.hits);
        assert!(server || walk.hits.len() == 14, "{:?}", walk.hits);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_obeys_one_of_their_constructs_less_is_caught() {
    let mut dice = Dice::new(9);
    let faults = faults(&mut dice);
    let written: Vec<Spec> = faults.iter().map(|(_, _, wrong)| wrong.clone()).collect();
    let (mut walk, _packs) = Walk::new(None, &written, dice).await;
    let mut missed = Vec::new();
    for (name, obeyed, _) in &faults {
        let mut caught = false;
        for _ in 0..LIVES_OF_A_FAULT {
            caught = caught || walk.life(obeyed).await.is_err();
        }
        if !caught {
            missed.push(*name);
        }
    }
    assert!(missed.is_empty(), "not caught: {missed:?}");
}
