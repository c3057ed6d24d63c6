//! Every expression of a definition that is evaluated on a record, wherever it stands.

use super::{Action, Approval, ClockDef, Definition, Due, Field, Line, Required, Rule, RuleTest};
use crate::{Expr, WhoSet};
use std::collections::BTreeSet;

/// The record as it was before the act that is judged; nothing while it is made.
pub const BEFORE: &str = "before";

/// What the expressions of a register need to be evaluated.
#[derive(Debug, Clone, Default)]
pub(crate) struct Uses {
    pub(crate) variables: BTreeSet<String>,
    pub(crate) functions: BTreeSet<&'static str>,
}

impl Definition {
    /// What everything that is evaluated on its records reads and calls.
    pub(crate) fn uses(&self) -> Uses {
        let mut uses = Uses::default();
        self.each_expression(&mut |expr| {
            let paths = expr.paths().into_iter();
            uses.variables
                .extend(paths.filter_map(|path| path.into_iter().next()));
            uses.functions.extend(expr.functions());
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
