//! Lines that an act makes by itself: from a query, what whoever acts may see of another register, looked
//! through once; or the same each time.

use super::count;
use crate::{
    error::{Error, FieldProblem, text},
    facts::{Around, Collector},
    limits,
    perform::{
        engine::Engine,
        request::{self, Found},
    },
};
use registers::{
    Definition, Expr, Facts,
    model::{Assignments, FillFrom, Line, WITHDRAWN},
};
use serde_json::Value;
use store::{Condition, ListQuery, Sort, Visible};

/// Whether an act fills lines.
pub(in crate::perform) fn fills(found: &Found<'_>) -> bool {
    let mut fills = found
        .definition
        .lines
        .iter()
        .filter_map(|line| line.fill.as_ref());
    fills.any(|fill| fill.at == found.action.key)
}

/// Makes the lines that an act makes by itself: what meets their query at this act, whatever becomes of
/// it afterwards, or the same each time.
pub(in crate::perform) fn fill(
    engine: &mut Engine<'_, '_>,
    found: &mut Found<'_>,
    visible: &Visible,
    around: &Around,
) -> Result<(), Error> {
    for line in &found.definition.lines {
        let Some(fill) = line
            .fill
            .as_ref()
            .filter(|fill| fill.at == found.action.key)
        else {
            continue;
        };
        let facts = engine.facts(found.definition, &found.row, around)?;
        let register = line.register_key(&found.definition.key);
        // what is asked again takes the place of what was filled before
        let there = if found.action.is_initial() {
            0
        } else {
            engine
                .tx
                .count_lines(found.row.id, &register, &[WITHDRAWN])?
        };
        let mut filled = Filled {
            line,
            facts: &facts,
            there,
            rows: Vec::new(),
        };
        match &fill.from {
            FillFrom::Query { from, filter, set } => {
                let from = engine.definition(from)?;
                query(engine, from, (filter, set), visible, &mut filled)?;
            }
            FillFrom::Rows { rows } => {
                for set in rows {
                    filled.add(set, None)?;
                }
            }
        }
        let rows = filled.rows;
        if line.min.is_some_and(|min| rows.len() < min) {
            return Err(too_few(line));
        }
        found.row.body.insert(line.key.clone(), Value::Array(rows));
    }
    Ok(())
}

/// The lines of one kind that an act makes.
struct Filled<'f> {
    line: &'f Line,
    /// Facts of the record.
    facts: &'f Facts<'f>,
    /// How many it has already.
    there: i64,
    rows: Vec<Value>,
}

impl Filled<'_> {
    /// One more, with its fields worked out on the candidate or on the record alone.
    fn add(&mut self, set: &Assignments, candidate: Option<&Value>) -> Result<(), Error> {
        let set = match candidate {
            Some(candidate) => registers::compute::assigned_for(set, self.facts, candidate),
            None => registers::compute::assigned(set, self.facts),
        };
        let set = set.map_err(unfilled)?;
        let set = registers::validate::fit(&self.line.fields, &set, self.facts)
            .map_err(request::field_problems)?;
        self.rows.push(Value::Object(set));
        let filled = i64::try_from(self.rows.len()).map_err(Error::internal)?;
        count(self.line, self.there + filled)
    }
}

/// Looks through a register once.
fn query(
    engine: &mut Engine<'_, '_>,
    from: &Definition,
    (filter, set): (&Expr, &Assignments),
    visible: &Visible,
    filled: &mut Filled<'_>,
) -> Result<(), Error> {
    let mut looked = 0;
    let mut query = ListQuery {
        register: from.key.clone(),
        visible: visible.clone(),
        conditions: open_states(from),
        sort: Sort::Oldest,
        after: None,
        limit: limits::FILL_PAGE,
    };
    loop {
        let page = engine.tx.list(&query)?;
        looked += page.len();
        if looked > limits::FILL {
            return Err(too_long());
        }
        let mut collector = Collector::new(engine.inner, engine.now);
        for row in &page {
            let candidate = collector.alone(engine.tx, from, row)?;
            if filter.eval_for(filled.facts, &candidate) == Ok(Value::Bool(true)) {
                filled.add(set, Some(&candidate))?;
            }
        }
        let is_full = i64::try_from(page.len()).is_ok_and(|length| length == limits::FILL_PAGE);
        let Some(last) = page.last().filter(|_| is_full) else {
            return Ok(());
        };
        query.after = Some(store::After::Row(
            store::IndexValue::Int(last.created_at.as_millisecond()),
            last.id,
        ));
    }
}

/// Only what is still open is filled in: a list of what is to be looked for, destroyed or returned
/// is one of what is there.
fn open_states(definition: &Definition) -> Vec<Condition> {
    let open = definition.states.iter().filter(|state| !state.is_final);
    vec![Condition::State(
        open.map(|state| state.key.clone()).collect(),
    )]
}

fn too_long() -> Error {
    Error::conflict(
        "line.fill_too_long",
        "查询范围过大：须逐条查看的记录超过 20000 条",
        "the query looks through more than 20,000 records",
    )
}

fn too_few(line: &Line) -> Error {
    let min = line.min.unwrap_or_default();
    Error::Fields(vec![FieldProblem {
        field: line.key.clone(),
        code: "register.field_too_few".to_owned(),
        say: text(
            &format!("至少 {min} 项"),
            &format!("takes at least {min} entries"),
        ),
    }])
}

fn unfilled(error: impl std::fmt::Display) -> Error {
    tracing::warn!(%error, "a line could not be filled");
    Error::conflict(
        "line.fill",
        "无法按查询填入明细：所需内容缺失",
        "the lines cannot be filled from their query: something it needs is missing",
    )
}
