//! What is there, held against what should be: each record with its lines, deadlines and history as two people
//! read them, who sees it, what waits, and the log.

use super::{
    EXTRA, SECRET, World, Wrong,
    record::{Known, Runs, Sheet, Then, in_words_of},
    shape::{Fields, Shape},
    version::{Chain, Step, Version},
};
use app::{Error, ListInput, PageInput, VersionView};
use domain::{ApprovalId, RecordId};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

type Part = (fn(&Step) -> &super::shape::Change, fn(&Version) -> &Shape);

const RECORDS: Part = (|step| &step.of, |version| &version.of);
const ROWS: Part = (|step| &step.rows, |version| &version.rows);

/// What was written, in the words of the definition in force, as somebody sees it.
fn today(
    chain: &Chain,
    (under, now): (u32, u32),
    (fields, state): (&Fields, &str),
    part: Part,
    leads: bool,
) -> (Fields, String) {
    let (of, shape) = part;
    let (fields, state) = in_words_of(chain, (under, now), (fields, state), of);
    (shape(chain.version(now)).shown(fields, leads), state)
}

/// The same of an earlier version, told in the words of then.
fn then(chain: &Chain, now: u32, then: &Then, part: Part, leads: bool) -> Fields {
    let one = |(key, value): (&String, &Value)| {
        let alone = Fields::from([(key.clone(), value.clone())]);
        let alone = (&alone, then.state.as_str());
        let (shown, _) = today(chain, (then.under, now), alone, part, leads);
        (!shown.is_empty()).then(|| (key.clone(), value.clone()))
    };
    then.fields.iter().filter_map(one).collect()
}

fn plain(fields: &serde_json::Map<String, Value>) -> Fields {
    let fields = fields.iter();
    fields
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, is: &T, should: &T) -> Wrong {
    if is == should {
        Ok(())
    } else {
        Err(format!("{what}: {is:?} instead of {should:?}"))
    }
}

impl World {
    /// Every record of a register as a leader reads it, and some as who does not lead.
    pub(super) async fn look(&self, register: usize) -> Wrong {
        for (one, known) in self.known[register].iter().enumerate() {
            let readers = [("leader", true), ("registrar", false)];
            let readers = if one % 3 == 0 {
                &readers[..]
            } else {
                &readers[..1]
            };
            for &(who, leads) in readers {
                let looked = self.look_at(register, known, (who, leads)).await;
                looked.map_err(|wrong| format!("{wrong}\nfor {who} of {known:#?}"))?;
            }
            let sees = self.who_sees(register, known).await;
            sees.map_err(|wrong| format!("{wrong}\nof {known:#?}"))?;
        }
        self.look_for(register, "code", &["k0", "k1"]).await?;
        self.look_for(register, "again", &[EXTRA]).await
    }

    /// What is found by a value: every record that has it, and of those that are behind none that has it not.
    async fn look_for(&self, register: usize, role: &str, values: &[&str]) -> Wrong {
        let (chain, version) = (&self.obeyed[register], self.in_force(register));
        let Some(field) = version.of.fields.get(role) else {
            return Ok(());
        };
        let (mut has, mut comes) = (BTreeMap::new(), BTreeMap::new());
        for known in &self.known[register] {
            let sheet = &known.sheet;
            let written = (&sheet.fields, sheet.state.as_str());
            let (shown, _) = today(chain, (sheet.under, version.number), written, RECORDS, true);
            let Some(value) = shown.get(&field.key).and_then(Value::as_str) else {
                continue;
            };
            let of: &mut BTreeSet<RecordId> = has.entry(value.to_owned()).or_default();
            of.insert(sheet.id);
            if sheet.under == version.number {
                let of: &mut BTreeSet<RecordId> = comes.entry(value.to_owned()).or_default();
                of.insert(sheet.id);
            }
        }
        for &value in values {
            let input = ListInput {
                filter: Some(format!("{}:{value}", field.key)),
                ..ListInput::default()
            };
            let (app, leader) = (&self.house().app, self.house().who("leader"));
            let found = app.list(leader, &chain.key, input).await.map_err(said)?;
            let found: BTreeSet<RecordId> = found.items.iter().map(|one| one.id).collect();
            let has = has.remove(value).unwrap_or_default();
            let comes = comes.remove(value).unwrap_or_default();
            if !found.is_subset(&has) || !comes.is_subset(&found) {
                return Err(format!("{value} finds {found:?}, not {comes:?} or {has:?}"));
            }
        }
        Ok(())
    }

    /// Nothing has been written since.
    pub(super) async fn is_as_before(&self, register: usize) -> Wrong {
        for known in &self.known[register] {
            let (app, leader) = (&self.house().app, self.house().who("leader"));
            let view = app.read(leader, known.sheet.id).await.map_err(said)?;
            same("a version", &view.version, &known.sheet.version())?;
            for (line, row) in view.lines.iter().zip(&known.rows) {
                same("its version", &line.version, &row.sheet.version())?;
            }
        }
        Ok(())
    }

    async fn look_at(&self, register: usize, known: &Known, (who, leads): (&str, bool)) -> Wrong {
        let (chain, now) = (&self.obeyed[register], self.in_force(register).number);
        let (app, caller) = (&self.house().app, self.house().who(who));
        let view = app.read(caller, known.sheet.id).await.map_err(said)?;
        let shown = |sheet: &Sheet, part: Part| {
            let written = (&sheet.fields, sheet.state.as_str());
            today(chain, (sheet.under, now), written, part, leads)
        };
        let is = (plain(&view.fields), view.state.clone());
        same("a record", &is, &shown(&known.sheet, RECORDS))?;
        same("a version", &view.version, &known.sheet.version())?;
        same("a number", &view.number, &known.number)?;
        let clocks = view.clocks.iter().map(|clock| {
            let stopped = clock.state == "stopped";
            let due = clock.due_at;
            (clock.key.clone(), Runs { due, stopped })
        });
        let clocks: BTreeMap<String, Runs> = clocks.collect();
        same("deadlines", &clocks, &known.clocks)?;
        same("lines", &view.lines.len(), &known.rows.len())?;
        for (line, row) in view.lines.iter().zip(&known.rows) {
            same("a line", &line.id, &row.sheet.id)?;
            let is = (plain(&line.fields), line.state.clone());
            same("a line", &is, &shown(&row.sheet, ROWS))?;
            same("its version", &line.version, &row.sheet.version())?;
            if leads {
                let history = app.history(caller, line.id).await.map_err(said)?;
                self.history((register, now), (&row.sheet, &history), ROWS, leads)?;
            }
        }
        let history = app.history(caller, known.sheet.id).await.map_err(said)?;
        self.history((register, now), (&known.sheet, &history), RECORDS, leads)?;
        let newest = history.last().map(|version| version.entry);
        same("the entry", &view.entry, &newest)
    }

    /// Every version of a record or a line as it was written.
    fn history(
        &self,
        (register, now): (usize, u32),
        (sheet, views): (&Sheet, &[VersionView]),
        part: Part,
        leads: bool,
    ) -> Wrong {
        let chain = &self.obeyed[register];
        let is: Vec<_> = views
            .iter()
            .map(|view| {
                let fields = view.fields.as_ref().map(plain);
                (view.action.clone(), view.state.clone(), fields)
            })
            .collect();
        let should: Vec<_> = sheet
            .history
            .iter()
            .map(|one| {
                let fields = then(chain, now, one, part, leads);
                (one.action.clone(), one.state.clone(), Some(fields))
            })
            .collect();
        same("a history", &is, &should)
    }

    /// Who holds or helps knows a record that is open, whatever it is about; others what is not secret to them.
    async fn who_sees(&self, register: usize, known: &Known) -> Wrong {
        let chain = &self.obeyed[register];
        let secret = known.thing == SECRET;
        let open = known.is_open(chain);
        let others: &[&str] = if secret {
            &["reader", "witness", "chief", "outsider"]
        } else {
            &["outsider"]
        };
        for &who in others {
            let named = known.holder == who || known.helper == Some(who);
            let sees = !secret || who == "chief" || (named && open);
            let app = &self.house().app;
            let seen = app.read(self.house().who(who), known.sheet.id).await;
            match (seen, sees) {
                (Ok(_), true) | (Err(Error::NotFound), false) => {}
                (seen, _) => return Err(format!("{who} sees {seen:?}")),
            }
        }
        Ok(())
    }

    /// Registers in which something else waits for the leader, or has gone back to the registrar, than should.
    pub(super) async fn wrong_in_the_inboxes(&self) -> Result<BTreeSet<String>, String> {
        let mut wrong = BTreeSet::new();
        for (who, state) in [("leader", "pending"), ("registrar", "returned")] {
            let (mut is, mut after) = (Vec::new(), None);
            loop {
                let input = PageInput {
                    after,
                    ..PageInput::default()
                };
                let page = self.house().app.inbox(self.house().who(who), input);
                let page = page.await.map_err(said)?;
                let items = page.items.into_iter().filter(|item| item.state == state);
                is.extend(items.map(|item| (item.record.register, item.id)));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            for (chain, known) in self.obeyed.iter().zip(&self.known) {
                let waits = known.iter().filter_map(|one| match state {
                    "pending" => one.waits.as_ref().map(|(id, ..)| *id),
                    _ => one.returned,
                });
                let should: BTreeSet<ApprovalId> = waits.collect();
                let own = is.iter().filter(|(register, _)| *register == chain.key);
                let own: BTreeSet<ApprovalId> = own.map(|(_, id)| *id).collect();
                wrong.extend((own != should).then(|| chain.key.clone()));
            }
        }
        Ok(wrong)
    }

    /// The log has an entry for each record and each line that was carried over, and nothing that is derived is
    /// otherwise than it should be.
    pub(super) async fn look_at_the_log(&self) -> Wrong {
        let app = &self.house().app;
        app.sequence().await.map_err(said)?;
        let mut carried = BTreeMap::new();
        let mut input = app::LogInput::default();
        loop {
            let page = app.entries(self.house().who("auditor"), input.clone());
            let page = page.await.map_err(said)?;
            for entry in &page.items {
                // an act that today's definition does not have any more is told by its key alone
                let register = entry.entry["register"].as_str().unwrap_or_default();
                let action = entry.entry["action"].as_str().unwrap_or_default();
                let is_act = action
                    .strip_prefix(register)
                    .is_some_and(|act| act.starts_with('.'));
                if entry.name.is_none() && !is_act {
                    return Err(format!("an event without a name: {}", entry.entry));
                }
                if action.ends_with(".carry_over") {
                    let record = entry.entry["record"].as_str().unwrap_or_default();
                    *carried.entry(record.to_owned()).or_default() += 1;
                }
            }
            if page.next.is_none() {
                break;
            }
            input.after = page.next;
        }
        let all = self.known.iter().flatten();
        let rows = all.clone().flat_map(|one| &one.rows).map(|row| &row.sheet);
        let sheets = all.map(|one| &one.sheet).chain(rows);
        let should = sheets.filter_map(|sheet| {
            let carried = sheet
                .history
                .iter()
                .filter(|one| one.action == "carry_over");
            let many = carried.count();
            (many > 0).then(|| (sheet.id.to_string(), many))
        });
        same("entries", &carried, &should.collect::<BTreeMap<_, usize>>())?;
        let report = app.check(None).await.map_err(said)?;
        same(
            "problems",
            &format!("{:?}", report.problems),
            &"[]".to_owned(),
        )
    }
}

#[expect(clippy::needless_pass_by_value, reason = "map_err gives it")]
pub(super) fn said(error: Error) -> String {
    error.to_string()
}
