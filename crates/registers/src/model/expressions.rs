//! Every expression of a definition that is evaluated on a record, wherever it stands.

use super::{
    Action, Approval, ClockDef, Definition, DistinctFrom, Due, Field, Line, Required, Rule,
    RuleTest,
};
use crate::{Expr, Who, WhoSet};
use std::collections::BTreeSet;

/// The record as it was before the act that is judged; nothing while it is made.
pub const BEFORE: &str = "before";

/// What the expressions of a register need to be evaluated.
#[derive(Debug, Clone, Default)]
pub(crate) struct Uses {
    pub(crate) variables: BTreeSet<String>,
    pub(crate) functions: BTreeSet<&'static str>,
}

impl Uses {
    /// The variable of a path; `record.x` is the variable `x` of the record.
    fn path(&mut self, path: &[String]) {
        let names = match path {
            [first, second, ..] if first == "record" => vec![first, second],
            [first, ..] => vec![first],
            [] => Vec::new(),
        };
        self.variables.extend(names.into_iter().cloned());
    }
}

impl Definition {
    /// Everybody it names, wherever they stand.
    fn each_who(&self, visit: &mut impl FnMut(&WhoSet)) {
        let lines = self.lines.iter();
        let actions = self.actions.iter();
        for action in actions.chain(lines.clone().flat_map(|line| &line.actions)) {
            visit(&action.who);
            for signer in &action.sign {
                visit(&signer.who);
                for distinct in &signer.distinct_from {
                    if let DistinctFrom::Who(who) = distinct {
                        visit(&WhoSet::one(who.clone()));
                    }
                }
            }
        }
        let steps = self.approvals.iter().flat_map(|approval| &approval.steps);
        steps.for_each(|step| visit(&step.who));
        let clocks = self.clocks.iter();
        let clocks = clocks.chain(lines.flat_map(|line| &line.clocks));
        clocks
            .filter_map(|clock| clock.escalate.as_ref())
            .for_each(visit);
    }

    /// What everything that is evaluated on its records reads and calls.
    pub(crate) fn uses(&self) -> Uses {
        let mut uses = Uses::default();
        self.each_expression(&mut |expr| {
            for path in expr.paths() {
                uses.path(&path);
            }
            uses.functions.extend(expr.functions());
        });
        self.each_who(&mut |set| {
            for case in &set.any {
                match &case.who {
                    Who::Field(path) | Who::HeadOf(path) | Who::HolderOf(path) => uses.path(path),
                    Who::Role(_) | Who::Drafter | Who::Proposer | Who::System | Who::Staff => {}
                }
            }
        });
        uses
    }

    fn each_expression(&self, visit: &mut impl FnMut(&Expr)) {
        self.fields.iter().for_each(|one| field(one, visit));
        self.rules.iter().for_each(|one| rule(one, visit));
        self.actions.iter().for_each(|one| action(one, visit));
        self.approvals.iter().for_each(|one| approval(one, visit));
        self.clocks.iter().for_each(|one| clock(one, visit));
        self.lines.iter().for_each(|one| line(one, visit));
        let number = self.number.as_ref().and_then(|rule| rule.unit.as_ref());
        number.into_iter().for_each(visit);
    }
}

fn field(field: &Field, visit: &mut impl FnMut(&Expr)) {
    let conditions = field
        .shown
        .iter()
        .chain(&field.default)
        .chain(&field.compute);
    conditions.for_each(&mut *visit);
    if let Required::When(when) = &field.required {
        visit(when);
    }
}

fn rule(rule: &Rule, visit: &mut impl FnMut(&Expr)) {
    rule.when.iter().for_each(&mut *visit);
    if let RuleTest::Check(check) = &rule.test {
        visit(check);
    }
}

fn action(action: &Action, visit: &mut impl FnMut(&Expr)) {
    who(&action.who, visit);
    action.when.iter().for_each(&mut *visit);
    action.set.values().for_each(&mut *visit);
    for signer in &action.sign {
        who(&signer.who, visit);
        signer.when.iter().for_each(&mut *visit);
    }
    for creates in &action.creates {
        let conditions = creates.each.iter().chain(&creates.when);
        conditions.chain(creates.set.values()).for_each(&mut *visit);
    }
    let fan_out = action.fan_out.iter().filter_map(|one| one.when.as_ref());
    fan_out.for_each(&mut *visit);
}

fn line(line: &Line, visit: &mut impl FnMut(&Expr)) {
    line.fields.iter().for_each(|one| field(one, visit));
    line.rules.iter().for_each(|one| rule(one, visit));
    line.actions.iter().for_each(|one| action(one, visit));
    line.clocks.iter().for_each(|one| clock(one, visit));
    line.parent.iter().for_each(|one| visit(&one.when));
    if let Some(fill) = &line.fill {
        visit(&fill.filter);
        fill.set.values().for_each(&mut *visit);
    }
}

fn clock(clock: &ClockDef, visit: &mut impl FnMut(&Expr)) {
    clock.when.iter().for_each(&mut *visit);
    clock.escalate.iter().for_each(|set| who(set, visit));
    match &clock.due {
        Due::Due(due) => visit(due),
        Due::After(cases) => cases
            .iter()
            .filter_map(|case| case.when.as_ref())
            .for_each(visit),
    }
}

fn approval(approval: &Approval, visit: &mut impl FnMut(&Expr)) {
    for step in &approval.steps {
        who(&step.who, visit);
        step.when.iter().for_each(&mut *visit);
    }
}

fn who(set: &WhoSet, visit: &mut impl FnMut(&Expr)) {
    set.any
        .iter()
        .filter_map(|case| case.when.as_ref())
        .for_each(visit);
}
