//! The life of records with lines at random: filled from a list and from a query, signed later in an inbox, fanned out to, each
//! of some noted; fresh proofs, and what was taken over.

use super::{spec::Dice, walk::SHARED};
use crate::house::{House, log_in, map, on_each_database, secret, shipped_with};
use app::{
    Caller, Decision, Error, ListInput, Perform, Performed, RecordView, SignatureInput, Target,
    Verdict,
};
use domain::{ApprovalId, RecordId};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const RECORDS: usize = 300;
const ACTS: usize = 14;
const HITS: usize = 100;

/// A step as it should be, and what is asked of it.
#[derive(Debug, Clone)]
struct Step {
    id: RecordId,
    state: &'static str,
    waits: Option<ApprovalId>,
}

/// A record as it should be.
#[derive(Debug, Clone)]
struct Known {
    id: RecordId,
    state: &'static str,
    holder: &'static str,
    steps: Vec<Step>,
    finds: usize,
}

struct Walk {
    house: House,
    /// The registrar, who has not shown for long who they are.
    stale: Caller,
    dice: Dice,
    things: Vec<RecordId>,
    journal: usize,
    hits: BTreeMap<&'static str, usize>,
}

impl Walk {
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
        self.house.app.perform(registrar, request).await
    }

    async fn read(&self, id: RecordId) -> RecordView {
        let registrar = self.house.who("registrar");
        self.house.app.read(registrar, id).await.unwrap()
    }

    /// A record that is drafted, or one of older books.
    async fn begin(&mut self) -> Known {
        let target = Target::New {
            register: "flow".to_owned(),
        };
        let holder = self.dice.pick(&["reader", "witness"]);
        let mut fields = json!({
            "name": "一件事", "holder": self.house.id(holder), "outside": { "name": "外单位" },
        });
        let (mut action, mut state) = ("draft", "s0");
        if self.dice.one_in(2) {
            self.hit("take_over");
            (action, state) = ("take_over", self.dice.pick(&["s0", "s1"]));
            fields["state"] = json!(state);
            fields["taken_from"] = json!("旧簿");
        }
        let made = self.perform(target, action, fields).await;
        let Ok(Performed::Done { record, .. }) = made else {
            panic!("{action}: {made:?}")
        };
        Known {
            id: record.id,
            state,
            holder,
            steps: Vec::new(),
            finds: 0,
        }
    }

    /// Things come and go.
    async fn thing(&mut self) {
        if self.things.len() < 3 || (self.things.len() < 6 && self.dice.one_in(2)) {
            let fields = json!({ "name": "物件", "scope_persons": [self.house.id("registrar")] });
            let target = Target::New {
                register: "thing".to_owned(),
            };
            let made = self.perform(target, "add", fields).await.unwrap();
            let Performed::Done { record, .. } = made else {
                panic!("{made:?}")
            };
            self.things.push(record.id);
        } else {
            let at = self.dice.below(self.things.len());
            let gone = self.things.swap_remove(at);
            self.house
                .act("registrar", gone, "drop", json!({}))
                .await
                .unwrap();
        }
    }

    async fn open(&mut self, known: &mut Known) {
        self.hit("step_up");
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
        let opened = self.house.app.perform(caller, request).await;
        match (known.state == "s0", fresh, opened) {
            (true, true, Ok(Performed::Done { record, .. })) => {
                self.hit("fill rows");
                self.hit("fill query");
                let steps = record.lines.iter().filter(|line| line.line == "steps");
                let step = |line: &app::LineView| Step {
                    id: line.id,
                    state: "waiting",
                    waits: None,
                };
                known.steps = steps.map(step).collect();
                assert_eq!(known.steps.len(), 3);
                known.finds = self.things.len();
                known.state = "s1";
            }
            (true, false, Err(Error::StepUpNeeded)) | (false, _, Err(_)) => {}
            (_, _, other) => panic!("open of {known:?} came to {other:?}"),
        }
    }

    /// Something with one of its steps.
    async fn step(&mut self, known: &mut Known) {
        if known.steps.is_empty() {
            return;
        }
        let at = self.dice.below(known.steps.len());
        let (open, step) = (known.state == "s1", known.steps[at].clone());
        let free = open && step.waits.is_none();
        let action = match (step.state, self.dice.below(4)) {
            ("waiting", 0..=2) => "do",
            ("done", 0..=1) => "sign_off",
            _ => self.dice.pick(&["do", "sign_off", "skip"]),
        };
        let may = match action {
            "do" => free && step.state == "waiting",
            "sign_off" => free && step.state == "done",
            _ => free && ["waiting", "done"].contains(&step.state),
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
            (_, other) => panic!("{action} of {step:?} came to {other:?}"),
        }
    }

    /// A step is signed for in a book, or by somebody from outside, who may not have done so.
    async fn sign_on_paper(&mut self, known: &mut Known) {
        let done = |step: &Step| step.state == "done" && step.waits.is_none();
        let Some(at) = known
            .steps
            .iter()
            .position(done)
            .filter(|_| known.state == "s1")
        else {
            return self.step(known).await;
        };
        let slip = self.dice.one_in(2);
        let (action, method) = if slip {
            ("slip_off", "slip")
        } else {
            ("book_off", "paper")
        };
        self.hit(method);
        let signer = self.dice.pick(&["reader", "witness"]);
        let (given, right) = (!self.dice.one_in(4), slip || signer == known.holder);
        let id = known.steps[at].id;
        let target = Target::Existing {
            id,
            version: self.read(id).await.version,
        };
        let mut request = Perform::new(target, action, map(json!({})));
        if given {
            request.signatures = vec![SignatureInput {
                person: (!slip).then(|| self.house.person(signer)),
                method: method.to_owned(),
                credential: secret("第 3 簿第 7 页第 2 行"),
            }];
        }
        let registrar = self.house.who("registrar");
        let came = self.house.app.perform(registrar, request).await;
        match (given && right, came) {
            (true, Ok(Performed::Done { .. })) => known.steps[at].state = "signed",
            (false, Err(_)) => {}
            (_, other) => panic!("{action} by {signer} for {known:?} came to {other:?}"),
        }
    }

    /// Somebody signs what waits, or does not.
    async fn sign(&mut self, known: &mut Known) {
        let waiting: Vec<usize> = (0..known.steps.len())
            .filter(|at| known.steps[*at].waits.is_some())
            .collect();
        if waiting.is_empty() {
            return self.step(known).await;
        }
        self.hit("signed later");
        let at = self.dice.pick(&waiting);
        let actor = if self.dice.one_in(4) {
            self.dice.pick(&["reader", "witness", "leader"])
        } else {
            known.holder
        };
        let verdict = self
            .dice
            .pick(&[Verdict::Approve, Verdict::Approve, Verdict::Refuse]);
        let decision = Decision::new(known.steps[at].waits.unwrap(), verdict);
        let came = self.house.app.decide(self.house.who(actor), decision).await;
        let kept = &mut known.steps[at];
        match (actor == known.holder, came) {
            (false, Err(_)) => {}
            (true, Ok(Performed::Done { .. })) => {
                kept.waits = None;
                if verdict == Verdict::Approve {
                    kept.state = "signed";
                }
            }
            (_, other) => panic!("{verdict:?} by {actor} came to {other:?}"),
        }
    }

    async fn close(&mut self, known: &mut Known) {
        let came = self
            .house
            .act("registrar", known.id, "close", json!({}))
            .await;
        let may = known.state == "s1";
        let noted = match (may, came) {
            (false, Err(_)) => return,
            (true, Ok(Performed::Done { made, .. })) => made.len(),
            (_, other) => panic!("close of {known:?} came to {other:?}"),
        };
        self.hit("fan_out");
        self.hit("creates each");
        let signed = known.steps.iter().filter(|step| step.state == "signed");
        assert_eq!(noted, signed.count(), "{known:?}");
        self.journal += noted;
        known.state = "s2";
        for step in &mut known.steps {
            if step.state == "waiting" {
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
            let holder = self.house.who(known.holder);
            let late = self.house.app.decide(holder, late).await;
            assert!(late.is_err(), "{late:?}");
        }
    }

    async fn look(&self, known: &Known) {
        let view = self.read(known.id).await;
        assert_eq!(view.state, known.state, "{known:?}");
        let of = |kind: &'static str| view.lines.iter().filter(move |line| line.line == kind);
        let steps: Vec<(RecordId, &str)> = of("steps")
            .map(|line| (line.id, line.state.as_str()))
            .collect();
        let should: Vec<(RecordId, &str)> = known
            .steps
            .iter()
            .map(|step| (step.id, step.state))
            .collect();
        assert_eq!(steps, should);
        assert_eq!(of("finds").count(), known.finds);
    }

    async fn life(&mut self) {
        let mut known = self.begin().await;
        for _ in 0..ACTS {
            match self.dice.below(12) {
                0 => self.thing().await,
                1..=2 => self.open(&mut known).await,
                3 if known.state == "s1" && !self.dice.one_in(3) => {}
                3 => self.close(&mut known).await,
                4..=6 => self.step(&mut known).await,
                7..=8 => self.sign_on_paper(&mut known).await,
                _ => self.sign(&mut known).await,
            }
            if known.state == "s0" {
                self.open(&mut known).await;
            }
            self.look(&known).await;
        }
        // often something is asked when the record ends
        for _ in 0..3 {
            self.step(&mut known).await;
        }
        self.close(&mut known).await;
        self.look(&known).await;
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
        let registers = [("flow", include_str!("flow.toml"))];
        let packs = shipped_with(&[SHARED.as_slice(), &registers].concat());
        let mut house = House::build_on(database, &packs.packs()).await;
        house.people().await;
        let stale = log_in(&house.app, "registrar").await;
        let mut walk = Walk {
            house,
            stale,
            dice: Dice::new(5),
            things: Vec::new(),
            journal: 0,
            hits: BTreeMap::new(),
        };
        for _ in 0..if server { RECORDS / 9 } else { RECORDS } {
            walk.life().await;
        }
        walk.at_the_end().await;
        let few = walk.hits.values().filter(|hits| **hits < HITS);
        assert!(server || few.count() == 0, "hardly met: {:?}", walk.hits);
        assert_eq!(walk.hits.len(), 10, "{:?}", walk.hits);
    });
}
