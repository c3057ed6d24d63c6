//! What should come of an act by all that holds, and whether it did.

use super::held::Word;
use super::said::Severity;
use super::world::{Known, World};
use app::{Error, Performed, RecordView, RuleProblem};

/// What should come of an act.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Should {
    Be,
    Wait,
    Refuse,
    /// It is refused by these rules.
    Rules(Vec<Told>),
    /// Nothing is done, and these rules are told.
    Tell(Vec<Told>),
    /// The files are not kept where they would be.
    NotKept,
    /// What was asked goes back: something else holds by now.
    GoBack,
}

/// The record, if something was done; or what is wrong.
pub(super) type Came = Result<Option<Box<RecordView>>, String>;

/// A rule, and how hard it holds.
type Told = (String, String);

/// An act: the record before and after it, and who asks for it how.
pub(super) struct Act<'a> {
    pub(super) action: &'static str,
    pub(super) before: Option<&'a Known>,
    pub(super) after: &'a Known,
    /// What its rules are about.
    pub(super) amount: i64,
    pub(super) new_papers: bool,
    pub(super) actor: &'static str,
    pub(super) asks: Asks,
}

/// How somebody asks for an act: which warnings they accept, with which reason, and whether they only ask what would
/// come of it.
#[derive(Clone, Debug)]
pub(super) struct Asks {
    pub(super) accepts: Vec<String>,
    pub(super) reason: &'static str,
    pub(super) only: bool,
}

impl World {
    pub(super) fn asks(&mut self, register: usize) -> Asks {
        let rules = &self.said.registers[register].rules;
        let mut accepts: Vec<String> = rules.iter().map(|rule| rule.id.clone()).collect();
        match self.dice.below(4) {
            0 => accepts.clear(),
            1 => accepts.truncate(3),
            _ => {}
        }
        Asks {
            accepts,
            reason: if self.dice.one_in(3) { " " } else { "可以" },
            // which costs less
            only: self.dice.one_in(2),
        }
    }

    /// What should come of an act.
    pub(super) fn judge(&mut self, act: &Act<'_>) -> Should {
        let from: &[&str] = match act.action {
            "make" => &[],
            "edit" | "rows.do" => &["s0", "s1"],
            "start" => &["s0"],
            _ => &["s1"],
        };
        let stands = |before: &Known| from.contains(&before.state) && before.waits.is_none();
        if !act.before.is_none_or(stands) {
            return Should::Refuse;
        }
        let mut both = act.before.into_iter().chain([act.after]);
        if !both.all(|known| self.is_cleared(act.actor, known)) {
            self.hit("who is not cleared for a project");
            return Should::Refuse;
        }
        let word = self.word(act.after);
        let told = self.told(act, &word);
        if act.asks.only {
            self.hit("told beforehand");
            return Should::Tell(told);
        }
        if !told.is_empty() {
            return Should::Rules(told);
        }
        let register = self.register(act.after);
        if act.action == "end" && register.decided {
            return Should::Wait;
        }
        if act.action != "rows.do" && !self.may_keep(act) {
            return Should::NotKept;
        }
        Should::Be
    }

    /// The rules that are told: those that do not hold, but for warnings that are accepted with a reason.
    fn told(&mut self, act: &Act<'_>, word: &Word) -> Vec<Told> {
        self.hit_ways(act);
        let register = self.register(act.after).clone();
        let besides = self.besides(act.after);
        let on = register
            .rules
            .iter()
            .filter(|rule| rule.on.contains(&act.action));
        for parameter in on.filter_map(|rule| rule.check.parameter()) {
            self.hit_parameter(parameter, &besides);
        }
        let mut told = Vec::new();
        for (rule, severity) in register.broken(act.action, act.amount, word) {
            self.hit_rule(act.after, rule);
            self.hit(match severity {
                Severity::Off => "a rule that is off",
                Severity::Warn => "a warning",
                Severity::Stop => "a stop",
            });
            let accepted = act.asks.accepts.contains(&rule.id);
            let reason = !act.asks.reason.trim().is_empty();
            let passes = match severity {
                Severity::Off => true,
                Severity::Warn => accepted && reason,
                Severity::Stop => false,
            };
            if severity == Severity::Warn && accepted {
                self.hit(if reason {
                    "a warning is accepted"
                } else {
                    "a warning without a reason"
                });
            }
            if !passes {
                told.push((rule.id.clone(), severity.word().to_owned()));
            }
        }
        told
    }

    /// Content is refused where it would be kept; what was kept before a regime was attached stays.
    fn may_keep(&mut self, act: &Act<'_>) -> bool {
        let keeps = |known: &Known| self.said.keeps(&self.besides(known));
        if act.after.papers.is_empty() || keeps(act.after) {
            return true;
        }
        let comes = act.before.is_some_and(keeps);
        let stays = act.before.is_some() && !comes && !act.new_papers;
        self.hit(match (stays, act.new_papers) {
            (true, _) => "content stays",
            (false, true) => "content is not kept",
            (false, false) => "content would go there with its record",
        });
        stays
    }

    /// What came of it, held against what should.
    pub(super) fn came(what: &str, should: &Should, came: Result<Performed, Error>) -> Came {
        let told = |rules: &[RuleProblem]| -> Vec<Told> {
            let told = rules.iter();
            told.map(|rule| (rule.id.clone(), rule.severity.clone()))
                .collect()
        };
        match (should, &came) {
            (Should::Be, Ok(Performed::Done { record, .. }))
            | (Should::Wait, Ok(Performed::Waiting { record, .. })) => {
                return Ok(Some(record.clone()));
            }
            (Should::Rules(should), Err(Error::Rules(rules)))
            | (Should::Tell(should), Ok(Performed::WouldHappen { rules, .. }))
                if told(rules) == *should =>
            {
                return Ok(None);
            }
            (Should::NotKept, Err(Error::Denied { code, .. })) if code == "content.not_kept" => {
                return Ok(None);
            }
            (Should::GoBack, Err(Error::Conflict { code, .. }))
                if *code == "approval.facts_changed" =>
            {
                return Ok(None);
            }
            (Should::Refuse, Err(error)) if !matches!(error, Error::Rules(_)) => return Ok(None),
            _ => {}
        }
        Err(format!("{what} should {should:?} and came to {came:?}"))
    }
}
