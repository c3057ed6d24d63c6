//! New definitions come into force: what is told beforehand, what the program's job does, and what it leaves
//! behind.

use super::{
    OFFICE, World, Wrong,
    look::said,
    record::Known,
    version::{Chain, Version},
};
use crate::{any::walk::midnight_after, house::log_in};
use app::CarryTrial;
use domain::RecordId;
use jiff::ToSpan;
use std::collections::BTreeSet;
use tokio::sync::watch;

/// How often it is asked whether the job is over.
const ROUNDS: usize = 400;

impl World {
    /// Two days later.
    pub(super) async fn days_later(&mut self) -> Wrong {
        self.now += 48.hours();
        self.house().clock.set(self.now);
        // a deadline of what is behind stays due
        for _ in 0..3 {
            self.house().app.tick().await.map_err(said)?;
        }
        for who in OFFICE {
            let caller = log_in(&self.house().app, who).await;
            let house = self.house.as_mut().unwrap();
            house.callers.insert(who, caller);
        }
        Ok(())
    }

    /// Opens the house under the next definitions.
    pub(super) async fn open_next(&mut self) {
        self.times += 1;
        self.open_again().await;
    }

    pub(super) async fn open_again(&mut self) {
        let packs = self.packs();
        let house = self.house.take().unwrap();
        self.house = Some(house.open_again(&packs.packs()).await);
        self.shipped = Some(packs);
    }

    /// What is behind by now is refused, before the job has come to it.
    pub(super) async fn touch(&mut self, register: usize) -> Wrong {
        let now = self.in_force(register).number;
        let behind = |one: &&Known| one.sheet.under != now && one.waits.is_none();
        let Some(known) = self.known[register].iter().find(behind) else {
            return Ok(());
        };
        let came = self
            .house()
            .act("registrar", known.sheet.id, "edit", serde_json::json!({}));
        let came = came.await;
        self.is_behind(came)
    }

    /// The job of the program, until there is nothing left that it could carry over.
    pub(super) async fn work(&self) -> Wrong {
        let (stop, stopped) = watch::channel(false);
        let background = self.house().app.clone().run_background(stopped);
        let background = tokio::spawn(background);
        let mut over = false;
        for _ in 0..ROUNDS {
            let trials = self.house().app.try_carrying().await.map_err(said)?;
            over = trials.iter().all(|one| one.behind == one.stuck_count);
            if over {
                break;
            }
        }
        stop.send_replace(true);
        background.await.map_err(|error| error.to_string())?;
        self.house().app.reassess().await.map_err(said)?;
        if over {
            Ok(())
        } else {
            Err("something is left to carry over".to_owned())
        }
    }

    /// Whether what was told beforehand is what is to be: who does not fit stays behind, and of those who would
    /// hold the same all but one.
    pub(super) fn foretold(&self, register: usize, trials: &[CarryTrial]) -> Wrong {
        let (chain, to) = (&self.obeyed[register], self.in_force(register).number);
        let of = |key: &str| trials.iter().find(|one| one.register == key);
        let stuck = |key: &str| -> BTreeSet<RecordId> {
            let stuck = of(key).into_iter().flat_map(|one| &one.stuck);
            stuck.map(|(id, _)| *id).collect()
        };
        let all = &self.known[register];
        let behind = all.iter().filter(|one| one.sheet.under != to);
        let told = of(&chain.key).map_or(0, |one| one.behind);
        if u64::try_from(behind.count()).ok() != Some(told) {
            return Err(format!("{told} of {} are told to be behind", chain.key));
        }
        let stays = |one: &Known| stuck(&chain.key).contains(&one.sheet.id);
        self.stay_rightly(register, stays)?;
        let rows = all.iter().flat_map(|one| &one.rows);
        let rows = rows.filter(|row| row.sheet.under != to && row.next(chain, to).is_none());
        let rows: BTreeSet<RecordId> = rows.map(|row| row.sheet.id).collect();
        let told = stuck(&format!("{}.rows", chain.key));
        if rows == told {
            Ok(())
        } else {
            Err(format!("lines {told:?} are told to stay, not {rows:?}"))
        }
    }

    /// Whether those stay behind who must.
    fn stay_rightly(&self, register: usize, stays: impl Fn(&Known) -> bool) -> Wrong {
        let (chain, version) = (&self.obeyed[register], self.in_force(register));
        let to = version.number;
        let all = &self.known[register];
        let comes = |one: &&Known| one.sheet.under == to || !stays(one);
        for known in all.iter().filter(|one| one.sheet.under != to) {
            let fits = known.next(chain, to).is_some();
            let against = |other: &&Known| excludes(chain, version, known, other);
            let clash = all.iter().filter(against);
            let wrong = if stays(known) {
                fits && clash.count() == 0
            } else {
                !fits || clash.filter(comes).count() > 0
            };
            if wrong {
                let stays = stays(known);
                return Err(format!("whether it stays ({stays}) is wrong: {known:#?}"));
            }
        }
        Ok(())
    }

    /// The records as they are to be by now.
    pub(super) async fn carried(&mut self, register: usize) -> Wrong {
        let came = self.came(register).await?;
        self.stay_rightly(register, |one| !came.contains(&one.sheet.id))?;
        let chain = self.obeyed[register].clone();
        let version = self.in_force(register).clone();
        let (to, mut hits) = (version.number, Vec::new());
        for known in &mut self.known[register] {
            let was = known.sheet.under;
            let marks = chain.between(was, to).flat_map(|step| &step.marks);
            hits.extend(marks.copied());
            if to - was > 1 {
                hits.push("two steps at once");
            }
            if let Some(next) = known.next(&chain, to).filter(|_| was != to) {
                if came.contains(&known.sheet.id) {
                    known.carry(&chain, to, next, midnight_after);
                    hits.push("carried");
                } else {
                    hits.push("stays for another");
                }
            } else if was != to {
                hits.push("stays");
            }
            for row in known.rows.iter_mut().filter(|row| row.sheet.under != to) {
                let marks = chain.between(row.sheet.under, to);
                hits.extend(marks.flat_map(|step| &step.rows_marks).copied());
                match row.next(&chain, to) {
                    Some(next) => row.carry(to, next),
                    None => hits.push("line stays"),
                }
            }
            let gone =
                |(_, action, _): &(_, String, u32)| !version.decided || *action != version.end;
            if let Some((approval, ..)) = known.waits.take_if(|waits| gone(waits)) {
                known.returned = Some(approval);
                hits.push("request goes back");
            }
        }
        hits.into_iter().for_each(|hit| self.hit(hit));
        Ok(())
    }

    /// Which of those that were behind have come over.
    async fn came(&self, register: usize) -> Result<BTreeSet<RecordId>, String> {
        let to = self.in_force(register).number;
        let mut came = BTreeSet::new();
        for known in self.known[register]
            .iter()
            .filter(|one| one.sheet.under != to)
        {
            let (app, registrar) = (&self.house().app, self.house().who("registrar"));
            let view = app.read(registrar, known.sheet.id).await.map_err(said)?;
            if view.version != known.sheet.version() {
                came.insert(known.sheet.id);
            }
        }
        Ok(came)
    }
}

/// Whether two records cannot both be under a definition: they share what one alone has.
fn excludes(chain: &Chain, version: &Version, one: &Known, other: &Known) -> bool {
    if one.sheet.id == other.sheet.id {
        return false;
    }
    let now = |known: &Known| {
        if known.sheet.under == version.number {
            let (fields, state) = (known.sheet.fields.clone(), known.sheet.state.clone());
            return Some((fields, state, true));
        }
        let next = known.next(chain, version.number);
        next.map(|(fields, state)| (fields, state, true))
            .or_else(|| {
                let was = known.version(chain);
                let (fields, state) = (known.sheet.fields.clone(), known.sheet.state.clone());
                (was.is_unique() || was.reserves()).then_some((fields, state, false))
            })
    };
    let (Some(one_now), Some(other_now)) = (now(one), now(other)) else {
        return false;
    };
    let key = version.of.key("code");
    let code = one_now.0.get(key);
    let secret = |known: &Known| known.thing == super::SECRET;
    let shares = version.is_unique()
        && code.is_some()
        && code == other_now.0.get(key)
        && secret(one) == secret(other);
    let open = |known: &Known, (_, state, is_next): &(_, String, bool)| {
        if *is_next {
            !version.is_closed(state)
        } else {
            known.is_open(chain)
        }
    };
    let holds = version.reserves()
        && one.thing == other.thing
        && open(one, &one_now)
        && open(other, &other_now);
    shares || holds
}
