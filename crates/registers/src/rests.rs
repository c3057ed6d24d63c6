//! What rests on a field: decisions, signatures, rights, deadlines, the label, the number,
//! reservations, what the program did. Such a field is not corrected behind their back.
//!
//! The set is worked out from the definition's own expressions and from what the effects it calls
//! say they read; no field is named here.

use std::collections::BTreeSet;

use crate::load::Known;
use crate::model::{
    Action, Approval, BEFORE, ClockDef, Creates, Definition, DistinctFrom, Due, LabelRule, Rule,
    RuleTest, Signer, Trigger,
};
use crate::{Expr, Who, WhoSet};

/// The fields something rests on.
pub(crate) fn bound(definition: &Definition, known: &Known<'_>) -> BTreeSet<String> {
    let mut fields = Fields::default();
    fields.label(&definition.label);
    let reserved = definition.fields.iter().filter(|field| field.reserve);
    fields.extend(reserved.map(|field| field.key.as_str()));
    if let Some(unit) = definition
        .number
        .as_ref()
        .and_then(|rule| rule.unit.as_ref())
    {
        fields.expr(unit);
    }
    let lines = definition.lines.iter();
    for action in definition
        .actions
        .iter()
        .chain(lines.flat_map(|line| &line.actions))
    {
        fields.action(action, known);
    }
    for approval in &definition.approvals {
        fields.approval(approval, definition);
    }
    let lines = definition.lines.iter();
    for clock in definition
        .clocks
        .iter()
        .chain(lines.flat_map(|line| &line.clocks))
    {
        fields.clock(clock);
    }
    let of_lines = definition.lines.iter().flat_map(|line| &line.fields);
    for visible in definition
        .fields
        .iter()
        .chain(of_lines)
        .filter_map(|field| field.visible.as_ref())
    {
        let named = visible.roles.iter().chain(&visible.only);
        named.for_each(|who| fields.one(who));
    }
    for line in &definition.lines {
        line.parent
            .iter()
            .for_each(|parent| fields.expr(&parent.when));
        let fill = line.fill.iter();
        fill.flat_map(|fill| fill.expressions())
            .for_each(|expr| fields.expr(expr));
    }
    fields.through_computed(definition)
}

/// Whether a rule reads one of these fields, or cannot tell because the program checks it.
pub(crate) fn reads_any(definition: &Definition, rule: &Rule, wanted: &[String]) -> bool {
    let mut fields = Fields::default();
    rule.when.iter().for_each(|when| fields.expr(when));
    match &rule.test {
        RuleTest::Check(check) => fields.expr(check),
        RuleTest::By(_) => return true,
    }
    let read = fields.through_computed(definition);
    wanted.iter().any(|field| read.contains(field))
}

#[derive(Default)]
struct Fields {
    names: BTreeSet<String>,
}

impl Fields {
    fn extend<'f>(&mut self, names: impl IntoIterator<Item = &'f str>) {
        self.names.extend(names.into_iter().map(str::to_owned));
    }

    fn path(&mut self, path: &[String]) {
        // inside a line, `record` is the record itself; `before` is what it was
        let name = match path {
            [first, second, ..] if first == "record" || first == BEFORE => Some(second),
            [first, ..] => Some(first),
            [] => None,
        };
        self.names.extend(name.cloned());
    }

    fn expr(&mut self, expr: &Expr) {
        expr.paths().iter().for_each(|path| self.path(path));
    }

    fn who(&mut self, set: &WhoSet) {
        for case in &set.any {
            case.when.iter().for_each(|when| self.expr(when));
            self.one(&case.who);
        }
    }

    fn one(&mut self, who: &Who) {
        match who {
            Who::Field(path) | Who::HeadOf(path) | Who::HolderOf(path) => self.path(path),
            Who::Role(_) | Who::Drafter | Who::Proposer | Who::System | Who::Staff => {}
        }
    }

    fn label(&mut self, label: &LabelRule) {
        match label {
            LabelRule::Open | LabelRule::Proposed | LabelRule::Parent(_) => {}
            LabelRule::Join(paths) => self.extend(paths.iter().map(String::as_str)),
        }
        if label.proposes() {
            self.extend(LabelRule::PROPOSED.iter().map(|(key, _)| *key));
        }
    }

    fn action(&mut self, action: &Action, known: &Known<'_>) {
        self.who(&action.who);
        action.when.iter().for_each(|when| self.expr(when));
        action.sign.iter().for_each(|signer| self.signer(signer));
        action
            .creates
            .iter()
            .for_each(|creates| self.creates(creates));
        for effect in known.effects {
            if action.effect.as_deref() == Some(effect.name) {
                self.extend(effect.reads.iter().copied());
            }
        }
    }

    fn signer(&mut self, signer: &Signer) {
        self.who(&signer.who);
        signer.when.iter().for_each(|when| self.expr(when));
        for distinct in &signer.distinct_from {
            if let DistinctFrom::Who(who) = distinct {
                self.one(who);
            }
        }
    }

    fn creates(&mut self, creates: &Creates) {
        let conditions = creates.each.iter().chain(&creates.when);
        conditions
            .chain(creates.set.values())
            .for_each(|expr| self.expr(expr));
    }

    /// What was put before somebody is what they agreed to, all of it.
    fn approval(&mut self, approval: &Approval, definition: &Definition) {
        for step in &approval.steps {
            self.who(&step.who);
            step.when.iter().for_each(|when| self.expr(when));
        }
        if let Some(action) = definition.action(&approval.action) {
            self.extend(action.input.iter().map(String::as_str));
        }
    }

    fn clock(&mut self, clock: &ClockDef) {
        for trigger in clock.start.iter().chain(&clock.stop) {
            if let Trigger::Field(field) = trigger {
                self.names.insert(field.clone());
            }
        }
        clock.when.iter().for_each(|when| self.expr(when));
        clock.escalate.iter().for_each(|who| self.who(who));
        match &clock.due {
            Due::Due(expr) => self.expr(expr),
            Due::After(cases) => {
                let conditions = cases.iter().filter_map(|case| case.when.as_ref());
                conditions.for_each(|when| self.expr(when));
            }
        }
    }

    /// What rests on a computed field rests on the fields it is computed from.
    fn through_computed(mut self, definition: &Definition) -> BTreeSet<String> {
        loop {
            let before = self.names.len();
            for field in &definition.fields {
                if let (Some(compute), true) = (&field.compute, self.names.contains(&field.key)) {
                    self.expr(compute);
                }
            }
            if self.names.len() == before {
                return self.names;
            }
        }
    }
}
