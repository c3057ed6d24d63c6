//! Lines that nobody sees while their record stands in some states.

use super::{Made, PAGE, class, granted, id, ids, instant, row};
use crate::{
    EntryDraft, Error, LineNo, RecordRow, Tx, Write,
    rows::Ints,
    tables::search::{KeptBack, ListQuery, Sort, Visible, plan::Way},
};
use domain::{EntryId, RecordId};
use std::{collections::BTreeSet, sync::Arc};

/// Two records with two lines each, and whether each line is kept back; with the class of all of them.
fn fill(tx: &mut Tx<'_>) -> Result<(i64, Vec<(RecordId, bool)>), Error> {
    let owners = [("counting", id(900)), ("over", id(901))];
    let mut lines = Vec::new();
    tx.write(&granted(), |door| {
        let class = door.intern_class(&class(0))?;
        let put = |door: &mut Write<'_, '_>, at: (&str, &str), one, line| {
            let made = Made {
                id: one,
                register: "other",
                state: at.1.to_owned(),
                class,
                at: 5_000,
                text: None,
                number: None,
                mine: false,
                link: None,
            };
            door.insert_record(&RecordRow {
                register: at.0.to_owned(),
                number: None,
                line,
                ..row(&made, 0)
            })
        };
        for (number, (state, of)) in (0..).zip(owners) {
            put(door, ("owner", state), of, None)?;
            for (no, state) in (1..).zip(["waiting", "seen"]) {
                let line = id(910 + 10 * number + no);
                let place = LineNo { of, no: no as i64 };
                put(door, ("owner.lines", state), line, Some(place))?;
                lines.push((line, number == 0 && state == "waiting"));
            }
        }
        let entry = EntryDraft {
            id: EntryId::new(instant(1), [2; 10]),
            body: b"{}".to_vec(),
            record: None,
            at: instant(1),
        };
        Ok((entry, (class, lines)))
    })
}

/// B12: a line that is kept back is in no list and no single read, whoever asks and whatever way is taken,
/// and the same line of another record, or in another state, is.
pub(super) fn compare(tx: &mut Tx<'_>) -> Result<(), Error> {
    let (class, lines) = fill(tx)?;
    let kept_back = KeptBack {
        register: "owner.lines".to_owned(),
        states: vec!["waiting".to_owned()],
        while_in: vec!["counting".to_owned()],
    };
    let visible = Visible {
        classes: Arc::new(Ints::new(vec![class])),
        with_ground: Arc::new(Ints::new(Vec::new())),
        grounds: Vec::new(),
        registers: None,
        kept_back: Arc::new([kept_back]),
        person: None,
        now: instant(9_000),
    };
    let told: BTreeSet<RecordId> = lines.iter().filter(|one| !one.1).map(|one| one.0).collect();
    assert_eq!((lines.len(), told.len()), (4, 3));
    let all = lines.iter().map(|one| one.0).collect();
    assert_eq!(tx.visible_among(&all, &visible)?, told);
    for (line, kept_back) in &lines {
        assert_eq!(tx.visible_record(*line, &visible)?.is_none(), *kept_back);
    }
    let query = ListQuery {
        register: "owner.lines".to_owned(),
        visible,
        conditions: Vec::new(),
        sort: Sort::Newest,
        after: None,
        limit: PAGE as i64,
    };
    for way in [Way::Order, Way::Classes] {
        let listed: BTreeSet<RecordId> = ids(tx, &query, way)?.into_iter().collect();
        assert_eq!(listed, told, "{way:?}");
    }
    assert_eq!(tx.count(&query, None)?, 3);
    Ok(())
}
