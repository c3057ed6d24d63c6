//! Which way to a list is short. Neither database knows how much of a register one person may see,
//! and each way alone is slow for somebody: walking a register in its order is quick for who sees
//! much of it and endless for who sees little; collecting what one sees is the reverse. So the few
//! are counted first, never further than a bound, on indexes alone.

use super::{Condition, ListQuery, Sort, arms::push_ids};
use crate::{Error, Tx, rows::Statement};

/// Records seen outright that are collected rather than met on a walk. Collecting reads one index
/// entry each; a walk reads as many as there are records for each that is seen.
const FEW_SEEN: i64 = 20_000;
/// As many, where each that is collected has to be looked up besides: for its place in the order, or
/// for a condition.
const FEW_SEEN_LOOKED_UP: i64 = 8_000;
/// Records that meet a condition and are looked up one by one, which costs more than an index entry.
const FEW_FOUND: i64 = 5_000;

/// What leads the search.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way<'q> {
    /// The register in the order of the list.
    Order,
    /// The label classes that are seen outright.
    Classes,
    /// What meets this condition.
    Found(&'q Condition),
}

impl Tx<'_> {
    /// The way to a page.
    pub(super) fn way<'q>(&mut self, query: &'q ListQuery) -> Result<Way<'q>, Error> {
        if let Some(found) = self.few_found(query)? {
            return Ok(Way::Found(found));
        }
        let mut seen = Statement::new("SELECT 1 FROM record r WHERE r.register = ");
        seen.bind(&query.register)
            .push(" AND r.class_id")
            .one_of(self.dialect(), &query.visible.classes);
        let few = if looked_up(query) {
            FEW_SEEN_LOOKED_UP
        } else {
            FEW_SEEN
        };
        let way = if self.fewer(seen, few)?.is_some() {
            Way::Classes
        } else {
            Way::Order
        };
        Ok(way)
    }

    /// The way to a count, for which order is nothing.
    pub(super) fn way_to_count<'q>(&mut self, query: &'q ListQuery) -> Result<Way<'q>, Error> {
        Ok(self.few_found(query)?.map_or(Way::Classes, Way::Found))
    }

    /// The condition that the fewest records meet, if these are few.
    fn few_found<'q>(&mut self, query: &'q ListQuery) -> Result<Option<&'q Condition>, Error> {
        let mut fewest = None;
        for condition in &query.conditions {
            let mut ids = Statement::new("");
            if !push_ids(condition, &query.register, &mut ids) {
                continue;
            }
            let bound = fewest.map_or(FEW_FOUND, |(count, _)| count);
            if let Some(count) = self.fewer(ids, bound)? {
                fewest = Some((count, condition));
            }
        }
        Ok(fewest.map(|(_, condition)| condition))
    }

    /// How many rows a query has, if fewer than the bound.
    fn fewer(&mut self, rows: Statement, bound: i64) -> Result<Option<i64>, Error> {
        let mut count = rows;
        count.wrap("SELECT count(*) FROM (");
        count.push(" LIMIT ").bind(bound).push(") AS c");
        let (text, values) = count.parts();
        let count = self
            .query_one(text, values)?
            .map_or(Ok(0), |row| row.int(0))?;
        Ok((count < bound).then_some(count))
    }
}

/// Whether the index of the classes alone does not do.
fn looked_up(query: &ListQuery) -> bool {
    let besides = |condition: &Condition| !matches!(condition, Condition::State(_));
    matches!(query.sort, Sort::Field { .. }) || query.conditions.iter().any(besides)
}
