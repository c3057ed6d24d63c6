//! A whole register as somebody sees it, page by page inside one transaction.

use super::{cursor, filter, links, of_today, only_visible_targets, then, view};
use crate::{
    core::Inner,
    error::Error,
    facts::Collector,
    perform::Engine,
    views::{ListInput, RecordView},
    visibility::Sight,
};
use registers::Definition;
use store::{ListQuery, RecordRow, Tx, limits};

/// The pages of a list, each once.
pub(crate) struct Pages<'d> {
    definition: &'d Definition,
    query: ListQuery,
    ended: bool,
}

impl<'d> Pages<'d> {
    pub(crate) fn new(
        inner: &Inner,
        definition: &'d Definition,
        sight: &Sight,
        input: &ListInput,
    ) -> Result<Self, Error> {
        let mut query = filter::query(inner, definition, sight.visible.clone(), input)?;
        of_today(inner, definition, &mut query, false);
        query.limit = limits::PAGE;
        Ok(Self {
            definition,
            query,
            ended: false,
        })
    }

    /// The next page; none after the last.
    pub(crate) fn next(&mut self, tx: &mut Tx<'_>) -> Result<Option<Vec<RecordRow>>, Error> {
        if self.ended || !only_visible_targets(tx, &self.query)? {
            return Ok(None);
        }
        let rows = tx.list(&self.query)?;
        let full = i64::try_from(rows.len()).is_ok_and(|rows| rows >= limits::PAGE);
        match rows.last().filter(|_| full) {
            Some(last) => {
                self.query.after = Some(cursor::place(self.definition, &self.query.sort, last));
            }
            None => self.ended = true,
        }
        Ok((!rows.is_empty()).then_some(rows))
    }
}

/// Records of one register as a list shows them.
pub(crate) fn briefs(
    engine: &mut Engine<'_, '_>,
    sight: &Sight,
    definition: &Definition,
    rows: &[RecordRow],
    collector: &mut Collector<'_>,
) -> Result<Vec<RecordView>, Error> {
    let rows = then::today(engine, rows)?;
    let bodies = rows.iter().map(|row| &row.body);
    let links = links::known(engine.inner, engine.tx, &sight.visible, definition, bodies)?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        let computed = collector.computed(engine.tx, definition, row)?;
        items.push(view::brief(engine, sight, (row, None), (computed, &links))?);
    }
    Ok(items)
}
