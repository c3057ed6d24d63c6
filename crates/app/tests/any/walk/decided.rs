//! Decisions on what waits: by whom, how many, for whom; and the other ends of a request.

use super::{ACTORS, Pending, Should, World, Wrong, day_of};
use app::{Decision, Verdict};
use serde_json::json;

impl World {
    pub(super) async fn decide(&mut self, register: usize, one: usize) -> Wrong {
        self.hit(register, &[("decision", |s| !s.approval.is_empty())]);
        let known = self.known[register][one].clone();
        let Some(pending) = known.pending else {
            return Ok(());
        };
        // while it waits nothing else is done with it
        let meanwhile = self
            .house
            .act("registrar", known.id, "end", json!({}))
            .await;
        self.came("end while it waits", Should::Refuse, meanwhile)?;
        if self.dice.one_in(3) {
            return self.withdraw(register, one, &pending).await;
        }
        let right = self.deciders(register, &pending);
        let actor = if self.dice.one_in(4) {
            self.dice.pick(&ACTORS)
        } else {
            self.dice.pick(&right)
        };
        let may = right.contains(&actor) && !pending.agreed.contains(&actor);
        let verdict = match self.dice.below(8) {
            0 => Verdict::Refuse,
            1 => Verdict::Return,
            _ => Verdict::Approve,
        };
        let after = self.agreed_by(register, &pending, actor);
        let decision = Decision::new(pending.approval, verdict);
        let came = self.house.app.decide(self.house.who(actor), decision).await;
        let should = match (may, verdict) {
            (false, _) => Should::Refuse,
            (true, Verdict::Approve) if after.is_some() => Should::Wait,
            (true, _) => Should::Be,
        };
        if verdict == Verdict::Approve && after.is_none() {
            self.noted(&self.specs[register].clone(), &came)?;
        }
        if self.came("decide", should, came)?.is_some() {
            self.known[register][one].pending = after.filter(|_| should == Should::Wait);
            if should == Should::Be && verdict == Verdict::Approve {
                self.ended(register, one);
            }
        }
        self.look(register, one).await
    }

    /// Who may decide at the step that waits.
    fn deciders(&mut self, register: usize, pending: &Pending) -> Vec<&'static str> {
        let spec = self.specs[register].clone();
        match spec.approval.get(pending.step).copied() {
            Some("both") => {
                self.hit(register, &[("quorum", |_| true)]);
                vec!["leader", "chief"]
            }
            Some("leader") if spec.delegates && day_of(self.now) <= self.deputy_until => {
                self.hit(register, &[("delegation", |_| true)]);
                vec!["leader", "reader"]
            }
            Some("leader") => vec!["leader"],
            _ => vec!["chief"],
        }
    }

    /// What waits when somebody has agreed; nothing, if they were the last.
    fn agreed_by(&self, register: usize, pending: &Pending, who: &'static str) -> Option<Pending> {
        let spec = &self.specs[register];
        let mut after = pending.clone();
        after.agreed.push(who);
        let wanted = match spec.approval.get(after.step) {
            Some(&"both") => spec.quorum,
            _ => 1,
        };
        if after.agreed.len() >= wanted {
            after.step += 1;
            // whoever has decided decides nothing more of it
        }
        (after.step < spec.approval.len()).then_some(after)
    }

    /// Who asked takes it back, and nobody else does.
    async fn withdraw(&mut self, register: usize, one: usize, pending: &Pending) -> Wrong {
        self.hit(register, &[("withdrawal", |_| true)]);
        let actor = if self.dice.one_in(3) {
            self.dice.pick(&ACTORS)
        } else {
            "registrar"
        };
        let decision = Decision::new(pending.approval, Verdict::Withdraw);
        let came = self.house.app.decide(self.house.who(actor), decision).await;
        let should = Should::of(actor == "registrar");
        if self.came("withdraw", should, came)?.is_some() {
            self.known[register][one].pending = None;
        }
        self.look(register, one).await
    }
}
