//! Regimes are attached and ended, people move, days go by; and requests are decided under what holds by then.

use super::acts::said;
use super::judged::{Came, Should};
use super::world::{Attachment, Known, Place, UNITS, Waits, World, Wrong, all_who_act};
use crate::house::{again, log_in, map};
use app::{Decision, Error, Perform, Performed, Target, Verdict};
use jiff::ToSpan;
use serde_json::json;

impl World {
    /// A step at random.
    pub(super) async fn step(&mut self) -> Wrong {
        let register = self.dice.below(self.known.len());
        match self.dice.below(120) {
            0..=11 => return self.attach().await,
            12..=20 => return self.end().await,
            21..=23 => return self.move_somebody().await,
            24 => return self.wait().await,
            25..=36 => return self.decide().await,
            37..=43 => return self.move_papers().await,
            _ => {}
        }
        let all = 0..self.known[register].len();
        let open: Vec<usize> = all
            .filter(|one| self.known[register][*one].is_free())
            .collect();
        if open.len() < 3 || (open.len() < 8 && self.dice.one_in(3)) {
            return self.make(register).await;
        }
        let one = if self.dice.one_in(12) {
            self.dice.below(self.known[register].len())
        } else {
            self.dice.pick(&open)
        };
        match self.dice.below(8) {
            0..=2 => self.edit((register, one), None).await,
            3..=4 => self.row(register, one).await,
            _ => self.go_on(register, one).await,
        }
    }

    /// A record goes with its files where none are kept, if there is such a place.
    async fn move_papers(&mut self) -> Wrong {
        let all = self.known.iter().enumerate().flat_map(|(register, known)| {
            let known = known.iter().enumerate();
            known.map(move |(one, known)| ((register, one), known))
        });
        let keeps = |known: &Known| self.said.keeps(&self.besides(known));
        let free = all.filter(|(_, known)| known.is_free() && !known.papers.is_empty());
        let mut moves = Vec::new();
        for (one, known) in free.filter(|(_, known)| keeps(known)) {
            let there = |unit: &usize| {
                let unit = Some(*unit);
                !keeps(&Known {
                    unit,
                    ..known.clone()
                })
            };
            moves.extend((0..UNITS.len()).find(there).map(|unit| (one, unit)));
        }
        let Some((one, unit)) = moves.pop() else {
            return self.attach().await;
        };
        self.edit(one, Some(unit)).await
    }

    /// What waits to be decided.
    fn waiting(&self) -> Vec<(usize, usize)> {
        let all = self.known.iter().enumerate().flat_map(|(register, known)| {
            let known = known.iter().enumerate();
            known.map(move |(one, known)| (register, one, known))
        });
        let waiting = all.filter(|(_, _, known)| known.waits.is_some());
        waiting.map(|(register, one, _)| (register, one)).collect()
    }

    /// Where a regime is attached: often where something waits that it says another word of.
    fn place(&mut self, regime: usize) -> Place {
        let last = self.waiting().pop();
        let last = last.map(|(register, one)| self.known[register][one].clone());
        for _ in 0..16 {
            let place = self.dice.pick(&self.is.places);
            let another = |known: &Known| {
                let mut besides = self.besides(known);
                besides.insert(regime);
                let word = self.said.word(Some(self.register(known)), &besides);
                !self.ways(known, place).is_empty() && word != self.word(known)
            };
            if last.as_ref().is_none_or(another) {
                return place;
            }
        }
        self.dice.pick(&self.is.places)
    }

    async fn attach(&mut self) -> Wrong {
        if self.attached.len() >= self.most {
            return self.end().await;
        }
        let all = self.said.regimes.len();
        // mostly one that does not hold for all anyway, and says something
        let regime = if self.dice.one_in(4) {
            self.dice.pick(&[0, all - 1, all - 1])
        } else {
            self.said.own + self.dice.below(all - self.said.own)
        };
        let place = self.place(regime);
        let key = self.said.regimes[regime].key.clone();
        let mut input = json!({ "regime": key, "reason": "管理规定" });
        match place {
            Place::Unit(unit) => input["unit"] = json!(self.house.id(UNITS[unit])),
            Place::Project(project) => input["compartment"] = json!(self.is.projects[project]),
        }
        let case = self.dice.below(12);
        if case == 0 {
            input["unit"] = json!(self.house.id("unit"));
            input["compartment"] = json!(self.is.projects[0]);
        }
        let target = Target::New {
            register: "regime_use".to_owned(),
        };
        let request = Perform::new(target, "attach", map(input));
        let caller = match case {
            1 => &self.stale,
            2 => self.house.who("leader"),
            _ => self.house.who("chief"),
        };
        let came = self.house.app.perform(caller, request).await;
        match (case, came) {
            (0, Err(Error::Rules(rules))) if rules[0].id == "I-regime-place" => {}
            (1, Err(Error::StepUpNeeded)) | (2, Err(Error::Denied { .. })) => {}
            (3.., Ok(Performed::Done { record, .. })) => {
                self.hit("attached");
                self.attached.push(Attachment {
                    id: record.id,
                    regime,
                    place,
                    waits: None,
                });
            }
            (case, came) => return Err(format!("attaching ({case}) came to {came:?}")),
        }
        Ok(())
    }

    /// An attachment is ended by two persons, and holds until then.
    async fn end(&mut self) -> Wrong {
        if self.attached.is_empty() {
            return Ok(());
        }
        let one = self.dice.below(self.attached.len());
        let attachment = self.attached[one].clone();
        let word = self.word_of_attachment(&attachment);
        let Some(waits) = attachment.waits else {
            let asked = self
                .house
                .act("chief", attachment.id, "end", json!({}))
                .await;
            let Ok(Performed::Waiting { approval, .. }) = asked else {
                return Err(format!("asking to end it came to {asked:?}"));
            };
            self.attached[one].waits = Some(Waits {
                approval,
                asker: "chief",
                word,
            });
            return Ok(());
        };
        let (verdict, should) = self.verdict(waits.word == word);
        let ends = (verdict, &should) == (Verdict::Approve, &Should::Be);
        self.say(&waits, verdict, &should).await?;
        if ends {
            self.hit("ended by two");
            self.attached.remove(one);
        } else {
            self.attached[one].waits = None;
        }
        Ok(())
    }

    /// What is said to a request, and what should come of it where what holds is as it was or not.
    fn verdict(&mut self, as_it_was: bool) -> (Verdict, Should) {
        let verdict = match self.dice.below(8) {
            0 if as_it_was => Verdict::Refuse,
            1 if as_it_was => Verdict::Return,
            2 => Verdict::Withdraw,
            _ => Verdict::Approve,
        };
        let should = match (verdict, as_it_was) {
            (Verdict::Approve, true) => {
                self.hit("a request goes through");
                Should::Be
            }
            (Verdict::Approve, false) => {
                self.hit("a request goes back");
                Should::GoBack
            }
            _ => {
                self.hit("a request ends otherwise");
                Should::Be
            }
        };
        (verdict, should)
    }

    async fn say(&self, waits: &Waits, verdict: Verdict, should: &Should) -> Came {
        let decision = Decision::new(waits.approval, verdict);
        let who = match verdict {
            Verdict::Withdraw => waits.asker,
            _ => "leader",
        };
        let came = self.house.app.decide(self.house.who(who), decision).await;
        Self::came("a decision", should, came)
    }

    /// Somebody decides on what is asked about a record.
    async fn decide(&mut self) -> Wrong {
        let mut waiting = self.waiting();
        let goes_back = |(register, one): &(usize, usize)| {
            let known = &self.known[*register][*one];
            let then = known.waits.as_ref().map(|waits| &waits.word);
            then != Some(&self.word(known))
        };
        let back: Vec<(usize, usize)> = waiting.iter().copied().filter(goes_back).collect();
        if !back.is_empty() {
            waiting = back;
        }
        if waiting.is_empty() {
            return Ok(());
        }
        let (register, one) = self.dice.pick(&waiting);
        let mut known = self.known[register][one].clone();
        let waits = known.waits.take().unwrap();
        let (verdict, should) = self.verdict(waits.word == self.word(&known));
        let came = self.say(&waits, verdict, &should).await?;
        if (verdict, should) == (Verdict::Approve, Should::Be) {
            known.state = "s2";
        }
        self.known[register][one] = known;
        self.left(register, one, came).await
    }

    /// Somebody belongs to another unit from now on, and so does what names them.
    async fn move_somebody(&mut self) -> Wrong {
        self.hit("somebody moves");
        let who = self.maker();
        let unit = self.dice.below(UNITS.len());
        let input = json!({ "unit": self.house.id(UNITS[unit]) });
        let id = self.house.ids[who];
        let came = self.house.act("office", id, "correct", input).await;
        Self::came("moving", &Should::Be, came)?;
        self.unit_of.insert(who, unit);
        Ok(())
    }

    /// Days go by.
    async fn wait(&mut self) -> Wrong {
        let days = self.dice.pick(&[1, 2, 3]);
        self.now += (days * 24_i64).hours();
        self.house.clock.set(self.now);
        while self.house.app.tick().await.map_err(said)? > 0 {}
        for who in all_who_act() {
            let caller = again(&self.house.app, who).await;
            self.house.callers.insert(who, caller);
        }
        self.stale = log_in(&self.house.app, "chief").await;
        for register in 0..self.known.len() {
            for one in 0..self.known[register].len() {
                if self.known[register][one].state != "s2" {
                    self.look(register, one).await?;
                }
            }
        }
        Ok(())
    }
}
