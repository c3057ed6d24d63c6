//! Approvals and their steps.

use std::collections::BTreeSet;

use crate::WhoSet;
use crate::load::mistake::Mistake;
use crate::load::reader::Reader;
use crate::load::table::Table;
use crate::load::wanted::{RefTo, Scope, Wants};
use crate::model::{Approval, Step};

/// Most decisions one step may ask for.
const QUORUM_MAX: usize = 20;

pub(super) fn approvals<'t>(reader: &Reader<'t>, table: &Table<'t>) -> Vec<Approval> {
    let mut seen = BTreeSet::new();
    let mut approvals = Vec::new();
    for entry in table.tables("approval", "[[approval]]") {
        let action = entry.need_string("action");
        entry.need("step");
        let steps: Vec<Step> = entry
            .tables("step", "a step")
            .into_iter()
            .map(|step| one(reader, step))
            .collect();
        let distinct = entry
            .item("distinct")
            .and_then(|item| item.boolean())
            .unwrap_or(true);
        let refused = entry.string("refused");
        if let Some(state) = &refused {
            reader.want(
                &entry,
                state.at,
                &Scope::Record,
                RefTo::State(state.value.clone()),
            );
        }
        if let Some(action) = action {
            reader.want(
                &entry,
                action.at,
                &Scope::Record,
                RefTo::Action(action.value.clone()),
            );
            if !seen.insert(action.value.clone()) {
                let action_key = action.value.clone();
                entry.note(action.at, Mistake::ApprovalTwice { action: action_key });
            }
            let refused = refused.map(|state| state.value);
            approvals.push(Approval {
                action: action.value,
                steps,
                distinct,
                refused,
            });
        }
        entry.close();
    }
    approvals
}

fn one<'t>(reader: &Reader<'t>, table: Table<'t>) -> Step {
    let scope = Scope::Record;
    let who = match table.need("who") {
        Some(item) => reader.who_of(&table, item, &scope),
        None => WhoSet::default(),
    };
    let quorum = table.count("quorum");
    if let Some(quorum) = quorum
        .as_ref()
        .filter(|q| q.value == 0 || q.value > QUORUM_MAX)
    {
        table.note(
            quorum.at,
            Mistake::TooMany {
                what: "quorum",
                max: QUORUM_MAX,
            },
        );
    }
    let step = Step {
        name: table.text("name"),
        who,
        when: reader.expr(&table, "when", scope.expressions(), Wants::Truth),
        quorum: quorum
            .and_then(|quorum| u32::try_from(quorum.value).ok())
            .unwrap_or(1),
        parallel: table.flag("parallel"),
        step_up: table.flag("step_up"),
        delegate: table.flag("delegate"),
        signs: None,
    };
    table.close();
    step
}
