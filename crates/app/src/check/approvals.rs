//! Approvals and decisions: what is kept of them against what the log says happened to them.

use super::{PAGE, entries::Taken, findings::Findings};
use crate::{error::Error, perform::fits_its_digest};
use domain::{AccountId, PersonId, Timestamp};
use ledger::Entry;
use std::collections::BTreeSet;
use store::{ApprovalRow, Tx};

/// Who decided, by which account, on which step, what, and when.
type Decided = (By, String, String, Timestamp);

/// Who decided, by which account, and for whom.
type By = (Option<PersonId>, AccountId, Option<String>);

/// What the log says of one approval.
#[derive(Default)]
struct Told {
    requested: Option<Entry>,
    /// The last entry that changed its state.
    last: Option<Entry>,
    decided: BTreeSet<Decided>,
    digests: BTreeSet<String>,
    /// Some of it went with the end of an older database.
    lost: bool,
}

/// Every approval there is. That each one of the log is there, `entries` sees.
pub(super) fn all(tx: &mut Tx<'_>, taken: &Taken, findings: &mut Findings) -> Result<(), Error> {
    let mut after = None;
    loop {
        let page = tx.approvals_after(after, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.id);
        for approval in page {
            findings.count("approvals");
            let told = told(tx, &approval, taken)?;
            let wrong = compare(tx, &approval, &told)?;
            if wrong.is_empty() {
                continue;
            }
            if told.lost {
                findings.lose();
                continue;
            }
            findings.add(
                "check.approval",
                format!(
                    "an approval is not what the log says of it: {}",
                    wrong.join(", ")
                ),
                format!("record {} approval {}", approval.record, approval.id),
            );
        }
    }
}

/// Collects it, entry by entry.
fn told(tx: &mut Tx<'_>, approval: &ApprovalRow, taken: &Taken) -> Result<Told, Error> {
    let id = approval.id.to_string();
    let mut told = Told::default();
    let mut after = 0;
    loop {
        let page = tx.entries_about(approval.record, after, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(told);
        };
        after = last.n;
        for row in &page {
            // what is no entry is told elsewhere
            let Ok(entry) = Entry::parse(&row.body) else {
                continue;
            };
            if entry.fact("approval") == Some(&id) {
                told.lost |= taken.has(row);
                told.note(entry);
            }
        }
    }
}

impl Told {
    fn note(&mut self, entry: Entry) {
        self.digests
            .extend(entry.fact("digest").map(ToOwned::to_owned));
        let verdict = entry.fact("verdict").map(ToOwned::to_owned);
        let step = entry.fact("decides").map(ToOwned::to_owned);
        if let (Some(verdict), Some(step), Some(account)) = (verdict, step, entry.actor.account()) {
            let for_person = entry.fact("for").map(ToOwned::to_owned);
            let by = (entry.actor.person(), account, for_person);
            let decided = (by, step, verdict, entry.at);
            self.decided.insert(decided);
        }
        match entry.action.as_str() {
            "approval.requested" => {
                self.requested = Some(entry.clone());
                self.last = Some(entry);
            }
            "approval.assigned" | "approval.released" => {}
            _ => self.last = Some(entry),
        }
    }

    /// The state that the last change left it in, and the round that waits.
    fn state(&self) -> Option<(&str, &str)> {
        let last = self.last.as_ref()?;
        let what = last.action.as_str().strip_prefix("approval.")?;
        // one that was approved waits on, unless it says that the last round is over
        let state = match what {
            "requested" => "pending",
            "approved" if last.fact("closed").is_none() => "pending",
            other => other,
        };
        Some((state, last.fact("step")?))
    }
}

/// What an approval and its decisions tell otherwise than the log.
fn compare(
    tx: &mut Tx<'_>,
    approval: &ApprovalRow,
    told: &Told,
) -> Result<Vec<&'static str>, Error> {
    let kept: BTreeSet<Decided> = tx
        .decisions(approval.id)?
        .into_iter()
        .map(|one| {
            let step = one.step.to_string();
            let for_person = one.for_person.map(|person| person.to_string());
            (
                (Some(one.person), one.account, for_person),
                step,
                one.verdict,
                one.at,
            )
        })
        .collect();
    let asked = told.requested.as_ref().is_some_and(|entry| {
        entry.at == approval.at
            && entry.actor.account() == Some(approval.requested_by)
            && entry.actor.person() == approval.requested_person
    });
    let step = approval.step.to_string();
    let ended = told.last.as_ref().map(|entry| entry.at);
    let compared = [
        ("request", asked),
        (
            "digest",
            told.digests.iter().eq([&approval.digest]) && fits_its_digest(approval),
        ),
        (
            "state",
            told.state() == Some((approval.state.as_str(), step.as_str())),
        ),
        (
            "closed_at",
            approval.closed_at.is_none() == (approval.state == "pending")
                && approval.closed_at.is_none_or(|at| Some(at) == ended),
        ),
        ("decisions", kept == told.decided),
    ];
    Ok(super::versions::differing(&compared))
}
