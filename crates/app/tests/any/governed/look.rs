//! What acts leave behind, and which constructs they met.

use super::acts::said;
use super::judged::Act;
use super::said::{PARAMETERS, Rule, Severity, Stricter, Value, is_fixed};
use super::world::{Known, World, Wrong};
use app::RecordView;
use domain::Timestamp;
use jiff::{ToSpan, tz::TimeZone};
use std::collections::BTreeSet;

impl World {
    /// A record has come to a state, which may start its deadline.
    pub(super) fn begins(&mut self, known: &mut Known, state: &str) {
        let Some((parameter, start)) = self.register(known).clock else {
            return;
        };
        if start == state {
            self.hit("a deadline by a parameter");
            let besides = self.besides(known);
            let length = self.said.parameter(parameter, &besides);
            self.hit_parameter(parameter, &besides);
            known.due = Some((after(self.now, length), length));
        }
    }

    /// What an act left of a record; where nothing was done, that is seen now and then.
    pub(super) async fn left(
        &mut self,
        register: usize,
        one: usize,
        came: Option<Box<RecordView>>,
    ) -> Wrong {
        match came {
            Some(view) => self.is_as_known(register, one, &view),
            None if self.dice.one_in(5) => self.look(register, one).await,
            None => Ok(()),
        }
    }

    /// A record as it is seen.
    pub(super) async fn look(&mut self, register: usize, one: usize) -> Wrong {
        let id = self.known[register][one].id.unwrap();
        let seen = self.house.app.read(self.house.who("registrar"), id).await;
        self.is_as_known(register, one, &seen.map_err(said)?)
    }

    fn is_as_known(&mut self, register: usize, one: usize, view: &RecordView) -> Wrong {
        self.known[register][one].version = view.version;
        let known = self.known[register][one].clone();
        let clock = view.clocks.iter().find(|clock| clock.key == "due");
        let is = clock.map(|clock| (clock.due_at, clock.state == "stopped"));
        let ended = known.state == "s2";
        let should = known.due.map(|(due, _)| (due, ended));
        if view.state != known.state || is != should {
            return Err(format!("{view:?} is not {known:?}"));
        }
        let parameter = self.register(&known).clock.map(|(parameter, _)| parameter);
        if let (Some((_, length)), Some(parameter), false) = (known.due, parameter, ended)
            && self.said.parameter(parameter, &self.besides(&known)) != length
        {
            self.hit("a deadline keeps its length");
        }
        Ok(())
    }

    /// By which ways regimes hold for a record.
    pub(super) fn hit_ways(&mut self, act: &Act<'_>) {
        if self.said.own > 0 {
            self.hit("of the house");
        } else {
            self.hit("under the base alone");
        }
        for one in self.attached.clone() {
            let ways = self.ways(act.after, one.place);
            if one.waits.is_some() && !ways.is_empty() {
                self.hit("it holds until it is ended");
            }
            for way in ways {
                self.hit(way);
            }
        }
    }

    /// What decides how hard a rule holds.
    pub(super) fn hit_rule(&mut self, known: &Known, rule: &Rule) {
        self.hit(match rule.letter {
            "P" => "the letter P",
            "P*" => "the letter P*",
            "S" => "the letter S",
            "D" => "the letter D",
            "U" => "the letter U",
            _ => "an invariant",
        });
        let besides = self.besides(known);
        let words: BTreeSet<Severity> = self.said.words(rule, &besides).into_iter().collect();
        let in_force = self.said.in_force(&besides);
        let mut says = in_force.iter().flatten();
        let silent = says.any(|regime| !regime.severities.contains_key(&rule.id));
        let of_base = self.said.base.contains_key(&rule.id);
        let looser = words.last() < Some(&self.said.unless_said(rule));
        if is_fixed(rule.letter) {
            return;
        }
        for (met, construct) in [
            (silent && of_base, "who is silent leaves the base's word"),
            (silent && !of_base, "who is silent leaves the definition's"),
            (words.len() > 1, "the strictest of several words"),
            (looser, "a looser word that all say"),
        ] {
            if met {
                self.hit(construct);
            }
        }
    }

    /// What decides on the value of a parameter.
    pub(super) fn hit_parameter(&mut self, key: &'static str, besides: &BTreeSet<usize>) {
        let sizes = self.said.values(key, besides).into_iter().map(Value::size);
        let sizes: BTreeSet<i64> = sizes.collect();
        let (value, declared) = (
            self.said.parameter(key, besides).size(),
            self.said.declared[key].size(),
        );
        let (_, stricter, _) = PARAMETERS.into_iter().find(|one| one.0 == key).unwrap();
        let looser = match stricter {
            Stricter::Less => value > declared,
            Stricter::More => value < declared,
            Stricter::Fixed => false,
        };
        for (met, construct) in [
            (sizes.len() > 1, "the strictest of several values"),
            (looser, "a looser value that all say"),
            (stricter == Stricter::Fixed, "a value that is fixed"),
        ] {
            if met {
                self.hit(construct);
            }
        }
    }

    /// All that is derived is what it should be.
    pub(super) async fn at_the_end(&self) -> Wrong {
        self.house.app.sequence().await.map_err(said)?;
        let report = self.house.app.check(None).await.map_err(said)?;
        if report.problems.is_empty() {
            Ok(())
        } else {
            Err(format!("{:?}", report.problems))
        }
    }
}

/// So long after an instant: hours run from it, and the last of days counts in full.
fn after(start: Timestamp, length: Value) -> Timestamp {
    let days = match length {
        Value::Number(_) => panic!("a number is no length of time"),
        Value::Hours(hours) => return start + hours.hours(),
        Value::Days(days) => days,
    };
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let day = start.to_zoned_datetime(zone.clone()).date() + (days + 1).days();
    zone.to_timestamp(day.at(0, 0, 0, 0)).unwrap()
}
