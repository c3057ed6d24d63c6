//! Every expression of a definition that is evaluated on a record, wherever it stands.

use super::{
    Action, Approval, ClockDef, Definition, DistinctFrom, Due, Field, Line, Required, Rule,
    RuleTest, Signer,
};
use crate::{Expr, Who, WhoSet};
use std::collections::{BTreeMap, BTreeSet};

/// The record as it was before the act that is judged; nothing while it is made.
pub const BEFORE: &str = "before";

/// What somebody wants to know of a record. Facts need hold no more than the expressions read that
/// answer it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose<'p> {
    /// Anything that is evaluated on it.
    #[default]
    Any,
    /// Whether and how this action is done.
    Act(&'p str),
    /// What follows for it from the lines of one kind; asked of that kind's register.
    Moves,
    /// Which actions somebody may do.
    Judge,
    /// Its computed fields.
    Compute,
}

/// What expressions need to be evaluated.
#[derive(Debug, Clone, Default)]
pub(crate) struct Uses {
    /// Every name in them, whatever it stands for: variables, fields of entries, and texts, for some
    /// functions take the name of a field.
    names: BTreeSet<String>,
    functions: BTreeSet<&'static str>,
}

/// The computed fields that expressions may name.
type Computes<'d> = Vec<(&'d str, &'d Expr)>;

impl Uses {
    fn expr(&mut self, expr: &Expr) {
        self.names.extend(expr.names());
        self.functions.extend(expr.functions());
    }

    fn who(&mut self, set: &WhoSet) {
        for case in &set.any {
            match &case.who {
                Who::Field(path) | Who::HeadOf(path) | Who::HolderOf(path) => {
                    self.names.extend(path.iter().cloned());
                }
                Who::Role(_) | Who::Drafter | Who::Proposer | Who::System | Who::Staff => {}
            }
            case.when.iter().for_each(|when| self.expr(when));
        }
    }

    fn signer(&mut self, signer: &Signer) {
        self.who(&signer.who);
        for distinct in &signer.distinct_from {
            if let DistinctFrom::Who(who) = distinct {
                self.who(&WhoSet::one(who.clone()));
            }
        }
    }

    /// With everything that the computed fields among them read.
    fn through(mut self, computes: &Computes<'_>) -> Self {
        loop {
            let before = self.names.len();
            for (key, compute) in computes {
                if self.names.contains(*key) {
                    self.expr(compute);
                }
            }
            if self.names.len() == before {
                return self;
            }
        }
    }
}

/// What the expressions of a register need, for each purpose.
#[derive(Debug, Clone, Default)]
pub(crate) struct UsesFor {
    any: Uses,
    acts: BTreeMap<String, Uses>,
    moves: Uses,
    judge: Uses,
    compute: Uses,
}

impl UsesFor {
    /// Of a register, or of a kind of its lines.
    pub(crate) fn of(definition: &Definition, of: &Definition) -> Self {
        let lines = of.lines.iter().flat_map(|line| &line.fields);
        let computed = of.fields.iter().chain(lines);
        let computes: Computes<'_> = computed
            .filter_map(|field| Some((field.key.as_str(), field.compute.as_ref()?)))
            .collect();
        // the actions that the language adds reach through everything
        let written = definition.actions.iter().filter(|action| !action.added);
        let acts = written.map(|action| {
            let uses = definition.uses_of_act(action).through(&computes);
            (action.key.clone(), uses)
        });
        let kind = definition.line_of.as_ref();
        let kind = kind.and_then(|place| of.line(&place.line));
        let mut moves = Uses::default();
        let follows = kind.into_iter().flat_map(|line| &line.parent);
        follows.for_each(|follows| moves.expr(&follows.when));
        let mut compute = Uses::default();
        let own = definition.fields.iter();
        own.filter_map(|field| field.compute.as_ref())
            .for_each(|one| compute.expr(one));
        let mut any = of.uses();
        let made = of.migrations.iter().flat_map(|step| step.set.values());
        made.for_each(|made| any.expr(made));
        Self {
            any,
            acts: acts.collect(),
            moves: moves.through(&computes),
            judge: definition.uses_of_judging(of).through(&computes),
            compute: compute.through(&computes),
        }
    }

    fn of_purpose(&self, purpose: Purpose<'_>) -> &Uses {
        match purpose {
            Purpose::Any => &self.any,
            Purpose::Act(action) => self.acts.get(action).unwrap_or(&self.any),
            Purpose::Moves => &self.moves,
            Purpose::Judge => &self.judge,
            Purpose::Compute => &self.compute,
        }
    }

    pub(crate) fn reads(&self, purpose: Purpose<'_>, name: &str) -> bool {
        self.of_purpose(purpose).names.contains(name)
    }

    pub(crate) fn calls(&self, purpose: Purpose<'_>, function: &str) -> bool {
        self.of_purpose(purpose).functions.contains(function)
    }
}

impl Definition {
    /// What everything that is evaluated on its records reads and calls.
    fn uses(&self) -> Uses {
        let mut uses = Uses::default();
        self.each_expression(&mut |expr| uses.expr(expr));
        self.each_who(&mut |set| uses.who(set));
        uses
    }

    /// Every name that anything evaluated on its records and their lines reads.
    pub(crate) fn names_read(&self) -> BTreeSet<String> {
        self.uses().names
    }

    /// What one action reads from when it is asked for until it is done.
    fn uses_of_act(&self, wanted: &Action) -> Uses {
        let mut uses = Uses::default();
        let mut visit = |expr: &Expr| uses.expr(expr);
        action(wanted, &mut visit);
        let given = |key: &String| wanted.input.contains(key);
        let fields = self.fields.iter().filter(|one| given(&one.key));
        fields.for_each(|one| field(one, &mut visit));
        for line in &self.lines {
            let fills = line.fill.iter().filter(|fill| fill.at == wanted.key);
            fills
                .flat_map(|fill| fill.expressions())
                .for_each(&mut visit);
            if given(&line.key) {
                line.fields.iter().for_each(|one| field(one, &mut visit));
            }
        }
        self.rules_on(&wanted.key)
            .for_each(|one| rule(one, &mut visit));
        if let Some(decided) = self.approval_of(&wanted.key) {
            approval(decided, &mut visit);
            decided.steps.iter().for_each(|step| uses.who(&step.who));
        }
        uses.who(&wanted.who);
        for signer in &wanted.sign {
            uses.signer(signer);
        }
        uses
    }

    /// What tells who may do which action of a record, and of its lines.
    fn uses_of_judging(&self, of: &Self) -> Uses {
        let mut uses = Uses::default();
        let lines = of.lines.iter().flat_map(|line| &line.actions);
        for action in self.actions.iter().chain(lines) {
            uses.who(&action.who);
            action.when.iter().for_each(|when| uses.expr(when));
        }
        uses
    }

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
    field.columns.iter().for_each(|one| self::field(one, visit));
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
    let fill = line.fill.iter();
    fill.flat_map(|fill| fill.expressions())
        .for_each(&mut *visit);
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
