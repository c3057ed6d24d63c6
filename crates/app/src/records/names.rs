//! What records are called, many at once, for whoever shows what links to them. One that is hidden is left
//! out like one that is absent, so that nobody learns which of their ids was somebody's.

use super::{then, view};
use crate::{
    caller::Caller,
    core::App,
    error::Error,
    facts::Collector,
    limits,
    perform::Engine,
    views::NameView,
    visibility::{self, Sight},
};
use access::Grant;
use domain::RecordId;
use registers::{Definition, Field};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use store::RecordRow;

impl App {
    /// What those of these records are called that the caller may see; ids are joined by commas.
    pub async fn names(&self, caller: &Caller, ids: &str) -> Result<Vec<NameView>, Error> {
        let ids = read(ids)?;
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            let sight = visibility::sight(inner, tx, &caller, Grant::Handle, now)?;
            let rows = tx.visible_records(&ids, &sight.visible)?;
            let mut engine = Engine::new(inner, tx, now, Vec::new());
            engine.actor = caller.person;
            let rows = then::today(&mut engine, &rows)?;
            let mut collector = Collector::new(inner, now).seen_by(&sight.visible);
            let mut names = Vec::with_capacity(rows.len());
            for row in rows.iter() {
                names.push(name(&mut engine, &sight, row, &mut collector)?);
            }
            Ok(names)
        })
        .await
    }
}

fn read(ids: &str) -> Result<BTreeSet<RecordId>, Error> {
    let mut parts = ids.split(',').map(str::trim);
    let mut read = BTreeSet::new();
    for part in parts.by_ref().take(limits::NAMES) {
        let id = part.parse().map_err(|_| {
            Error::malformed(
                "names.ids",
                "ids 须为记录的标识，以逗号分隔",
                "ids are the ids of records, joined by commas",
            )
        })?;
        read.insert(id);
    }
    if parts.next().is_some() {
        return Err(Error::malformed(
            "names.too_many",
            "一次查询的名称过多",
            "too many names are asked for at once",
        ));
    }
    Ok(read)
}

fn name(
    engine: &mut Engine<'_, '_>,
    sight: &Sight,
    row: &RecordRow,
    collector: &mut Collector<'_>,
) -> Result<NameView, Error> {
    let definition = engine.definition(&row.register)?;
    let field = definition.title.as_deref();
    let title = match field.and_then(|key| definition.field(key)) {
        Some(field) => title(engine, sight, (definition, field), row, collector)?,
        None => None,
    };
    Ok(NameView {
        id: row.id,
        register: row.register.clone(),
        number: row.number.clone(),
        title,
    })
}

/// The field that a register shows as the title, unless it is hidden from the viewer.
fn title(
    engine: &mut Engine<'_, '_>,
    sight: &Sight,
    (definition, field): (&Definition, &Field),
    row: &RecordRow,
    collector: &mut Collector<'_>,
) -> Result<Option<String>, Error> {
    // the title of what it names is that record's own to tell
    if field.target().is_some() {
        return Ok(None);
    }
    let mut fields = if field.compute.is_some() {
        collector.computed(engine.tx, definition, row)?
    } else {
        row.body.clone()
    };
    fields.retain(|key, _| *key == field.key);
    let of = match row.line {
        Some(line) if field.visible.is_some() => engine.tx.record(line.of)?,
        Some(_) | None => None,
    };
    let stand = view::Stand {
        id: row.id,
        state: &row.state,
        body: &row.body,
        of: of.as_ref().map(|of| &of.body),
        today: None,
    };
    let fields: Map<String, Value> =
        view::visible_fields(&sight.viewer, definition, &stand, fields);
    let value = fields.get(&field.key).and_then(Value::as_str);
    Ok(value.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(ids: &str) -> &'static str {
        match read(ids) {
            Err(Error::Malformed { code, .. }) => code,
            other => panic!("not refused: {other:?}"),
        }
    }

    fn id(number: usize) -> String {
        format!("019cc5ce-f280-7d09-9138-{number:012x}")
    }

    #[test]
    fn what_is_no_list_of_ids_is_refused() {
        let good = id(1);
        for ids in [
            "",
            ",",
            "x",
            "1,2",
            &format!("{good},"),
            &format!("{good};{good}"),
        ] {
            assert_eq!(code(ids), "names.ids", "{ids}");
        }
        assert_eq!(read(&format!("{good}, {good}")).unwrap().len(), 1);
    }

    #[test]
    fn so_many_and_no_more() {
        let all: Vec<String> = (0..=limits::NAMES).map(id).collect();
        assert_eq!(read(&all[1..].join(",")).unwrap().len(), limits::NAMES);
        assert_eq!(code(&all.join(",")), "names.too_many");
        let same = vec![id(1); limits::NAMES + 1];
        assert_eq!(code(&same.join(",")), "names.too_many");
    }
}
