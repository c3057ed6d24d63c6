//! What an act is told to come to while its form is being written, held against what comes of it.

use super::House;
use app::{Caller, Error, Perform, Performed, Unfinished};
use std::sync::atomic::Ordering;

impl House {
    /// Acts; of the first and each third that follows it is asked before what would come of it, and both have to
    /// agree. WHY not each: the walks act so often that it would double their time.
    pub(crate) async fn perform(
        &self,
        caller: &Caller,
        request: Perform,
    ) -> Result<Performed, Error> {
        if !self.acts.fetch_add(1, Ordering::Relaxed).is_multiple_of(3) {
            return self.app.perform(caller, request).await;
        }
        let told = self.app.unfinished(caller, asked(&request)).await;
        let came = self.app.perform(caller, request).await;
        if let Err(why) = agrees(&told, &came) {
            panic!("{why}: told {told:?}, and it came to {came:?}");
        }
        came
    }
}

/// The same request without what is only given when it is sent.
fn asked(request: &Perform) -> Perform {
    let action = request.action.as_deref().unwrap_or_default();
    Perform {
        action: request.action.clone(),
        occurred_at: request.occurred_at,
        ..Perform::new(request.target.clone(), action, request.input.clone())
    }
}

/// What only shows when it is done: what others hold, who signs, the remark.
const LATER: [&str; 3] = ["register.not_unique", "comment", "signature"];

fn agrees(
    told: &Result<Unfinished, Error>,
    came: &Result<Performed, Error>,
) -> Result<(), &'static str> {
    let said = match (told, came) {
        (Ok(said), _) => said,
        // not there, not in this state, not an action of it
        (Err(_), Err(_)) => return Ok(()),
        (Err(_), Ok(_)) => return Err("refused before, and done"),
    };
    let rules = || said.rules.iter().chain(&said.undecided);
    match came {
        Ok(came) => {
            clear(said, matches!(came, Performed::Done { .. }))?;
            let stop = rules().any(|rule| rule.severity == "stop");
            if stop && !matches!(came, Performed::WouldHappen { .. }) {
                Err("a stop was told, and it was done")
            } else {
                Ok(())
            }
        }
        Err(Error::Fields(fields)) => {
            let mut missed = fields.iter().filter(|problem| {
                let later = LATER.iter().any(|later| {
                    problem.code.starts_with(later) || problem.field.starts_with(later)
                });
                let found = said.problems.iter().chain(&said.refused).any(|told| {
                    told.field.as_deref() == Some(&problem.field) && told.code == problem.code
                });
                !later && !found
            });
            let denied = !said.refused.is_empty() && said.state.is_none();
            if missed.next().is_some() && !denied {
                return Err("a field was wrong that was not told");
            }
            Ok(())
        }
        Err(Error::Rules(broken)) => {
            let refused = |id: &str| {
                let mut refused = said.refused.iter();
                refused.any(|one| one.rule.as_deref() == Some(id))
            };
            let missed = broken
                .iter()
                .any(|one| rules().all(|told| told.id != one.id) && !refused(&one.id));
            if missed {
                Err("a rule objected that was not told")
            } else {
                Ok(())
            }
        }
        Err(Error::Denied { code, .. }) => {
            let told = said.refused.iter().any(|one| one.code == *code);
            if told || code.starts_with("signature") {
                return Ok(());
            }
            Err("it was denied, and that was not told")
        }
        Err(_) => Ok(()),
    }
}

/// What is done was told to be possible. Where files may lie is asked when it is done, and told before.
fn clear(said: &Unfinished, done: bool) -> Result<(), &'static str> {
    if !said.problems.is_empty() {
        return Err("a mistake was told, and it was done");
    }
    let later = |code: &str| !done && code == "content.not_kept";
    if said.refused.iter().any(|one| !later(&one.code)) {
        return Err("a refusal was told, and it was done");
    }
    Ok(())
}
