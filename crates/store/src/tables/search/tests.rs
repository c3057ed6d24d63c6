//! Every way to a list, on both databases, gives what looking at each record gives: the same records
//! in the same order, page by page, and as many.

mod kept_back;

use super::{
    After, Column, Condition, Group, IndexValue, ListQuery, Months, Sort, Visible,
    arms::{Part, Query},
    plan::Way,
};
use crate::{
    Database, EntryDraft, Error, Indexed, RecordRow, Store, StoreOptions, Tx, Write,
    rows::{Ints, Value},
};
use access::{Act, Granted, SystemReason};
use domain::{EntryId, Label, PersonId, RecordId, Scope};
use jiff::Timestamp;
use serde_json::Map;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use vault::SecretString;

const RECORDS: u64 = 240;
const CLASSES: u64 = 6;
const PAGE: usize = 7;

/// What a record of the test is, before it is stored.
#[derive(Clone, Debug)]
struct Made {
    id: RecordId,
    register: &'static str,
    state: String,
    class: i64,
    at: i64,
    text: Option<String>,
    number: Option<i64>,
    mine: bool,
    link: Option<RecordId>,
}

/// A number without pattern from another (splitmix64).
fn scatter(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn instant(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap()
}

fn id(number: u64) -> RecordId {
    let mut random = [0; 10];
    random[..8].copy_from_slice(&scatter(number).to_be_bytes());
    RecordId::new(instant(1_000), random)
}

fn me() -> PersonId {
    PersonId::from(id(1 << 40))
}

fn one_of<T: Copy>(all: &[T], number: u64) -> T {
    all[usize::try_from(number).unwrap()]
}

fn made(number: u64, classes: &[i64]) -> Made {
    let luck = scatter(number + 77);
    let own = |shift: u32, of: u64| (luck >> shift) % of;
    Made {
        id: id(number),
        register: if own(3, 5) == 0 { "other" } else { "one" },
        state: one_of(&["a", "b", "c"], own(7, 3)).to_owned(),
        class: one_of(classes, own(11, CLASSES)),
        // several at one instant, so that the id has to decide
        at: 5_000 + own(17, 60) as i64,
        text: (own(23, 4) > 0).then(|| format!("k{:02}", own(29, 9))),
        number: (own(33, 4) > 0).then(|| own(37, 9) as i64 - 4),
        mine: own(41, 3) == 0,
        link: (own(43, 3) == 0).then(|| id(own(47, 3))),
    }
}

fn granted() -> Granted {
    let act = Act::new("one.register", "one", "custody");
    Granted::from(access::decide_system(&act, SystemReason::Job).unwrap())
}

fn class(number: u64) -> domain::LabelClass {
    let label = Label {
        scope: Scope::named([PersonId::from(id(number + (1 << 41)))], []),
        ..Label::open()
    };
    label.class()
}

fn row(one: &Made, number: u64) -> RecordRow {
    RecordRow {
        id: one.id,
        register: one.register.to_owned(),
        number: Some(format!("N{number}")),
        state: one.state.clone(),
        version: 1,
        class: one.class,
        label: Label::open(),
        body: Map::new(),
        drafter: None,
        created_by: None,
        created_at: instant(one.at),
        updated_at: instant(one.at),
        occurred_at: instant(one.at),
        open: true,
        line: None,
    }
}

fn put(door: &mut Write<'_, '_>, one: &Made, number: u64) -> Result<(), Error> {
    door.insert_record(&row(one, number))?;
    let text = one.text.clone().map(|text| Indexed {
        reading: Some(reading(&text)),
        value: IndexValue::Text(text),
    });
    door.set_index(one.id, one.register, "t", text.as_ref())?;
    let number = one.number.map(|number| IndexValue::Int(number).into());
    door.set_index(one.id, one.register, "n", number.as_ref())?;
    if one.mine {
        // two grounds are not two records
        door.add_ground(one.id, me(), "drafter", one.id, None)?;
        door.add_ground(one.id, me(), "task", one.id, None)?;
    } else {
        door.add_ground(one.id, me(), "task", one.id, Some(instant(1)))?;
        door.add_ground(one.id, me(), "unknown", one.id, None)?;
    }
    Ok(())
}

/// Stores the records and gives them back.
async fn fill(store: &Store) -> Vec<Made> {
    let filled: Result<Vec<Made>, Error> = store
        .transact(|tx| {
            tx.write(&granted(), |door| {
                let classes: Result<Vec<i64>, Error> = (0..CLASSES)
                    .map(|number| door.intern_class(&class(number)))
                    .collect();
                let classes = classes?;
                let all: Vec<Made> = (0..RECORDS).map(|n| made(n, &classes)).collect();
                for (number, one) in (0..).zip(&all) {
                    put(door, one, number)?;
                }
                for one in &all {
                    let links: Vec<RecordId> = one.link.into_iter().collect();
                    door.add_links(one.id, "l", &links)?;
                }
                let entry = EntryDraft {
                    id: EntryId::new(instant(1), [1; 10]),
                    body: b"{}".to_vec(),
                    record: None,
                    at: instant(1),
                };
                Ok((entry, all))
            })
        })
        .await;
    filled.unwrap()
}

fn meets(one: &Made, condition: &Condition) -> bool {
    let value = |field: &str| match field {
        "t" => one.text.clone().map(IndexValue::Text),
        _ => one.number.map(IndexValue::Int),
    };
    let within = |value: &IndexValue, low: Option<&IndexValue>, high: Option<&IndexValue>| {
        let pair = |value: &IndexValue| match value {
            IndexValue::Text(text) => (text.clone(), 0),
            IndexValue::Int(number) => (String::new(), *number),
        };
        low.is_none_or(|low| pair(value) >= pair(low))
            && high.is_none_or(|high| pair(value) <= pair(high))
    };
    match condition {
        Condition::State(states) => states.contains(&one.state),
        Condition::Is(field, wanted) => value(field).as_ref() == Some(wanted),
        Condition::Between(field, low, high) => {
            value(field).is_some_and(|value| within(&value, low.as_ref(), high.as_ref()))
        }
        Condition::LinksTo(_, to) => one.link == Some(*to),
        Condition::Written(_) => true,
        Condition::Classes(classes) => classes.contains(one.class),
        Condition::Recorded(low, high) => {
            low.is_none_or(|low| one.at >= low) && high.is_none_or(|high| one.at <= high)
        }
        // no record of the test links to one with values, and none has a deadline
        Condition::Over(..) | Condition::Clock(..) => false,
        Condition::Contains { words, read, .. } => one.text.as_ref().is_some_and(|text| {
            let is_read = !read.is_empty() && reading(text).contains(&words.to_lowercase());
            is_read || text.contains(words)
        }),
    }
}

/// How the texts of the test are read.
fn reading(text: &str) -> String {
    text.replace('k', "r")
}

/// What looking at each record gives, in order.
fn expected(all: &[Made], query: &ListQuery) -> Vec<RecordId> {
    let visible = &query.visible;
    let mut seen: Vec<&Made> = all
        .iter()
        .filter(|one| one.register == query.register)
        .filter(|one| {
            visible.classes.contains(one.class)
                || (one.mine && visible.with_ground.contains(one.class))
        })
        .filter(|one| {
            query
                .conditions
                .iter()
                .all(|condition| meets(one, condition))
        })
        .collect();
    seen.sort_by_key(|one| (one.at, one.id.to_string()));
    if query.sort != Sort::Oldest {
        seen.reverse();
    }
    if let Sort::Field {
        key, descending, ..
    } = &query.sort
    {
        let value = |one: &&Made| match key.as_str() {
            "t" => one.text.clone().map(|text| (text, 0)),
            _ => one.number.map(|number| (String::new(), number)),
        };
        let (mut valued, empty): (Vec<&Made>, Vec<&Made>) =
            seen.into_iter().partition(|one| value(one).is_some());
        valued.sort_by_key(|one| (value(one), one.id.to_string()));
        if *descending {
            valued.reverse();
        }
        seen = valued.into_iter().chain(empty).collect();
    }
    seen.iter().map(|one| one.id).collect()
}

fn after(all: &[Made], sort: &Sort, last: RecordId) -> After {
    let one = all.iter().find(|one| one.id == last).unwrap();
    let value = match sort {
        Sort::Newest | Sort::Oldest => Some(IndexValue::Int(one.at)),
        Sort::Field { key, .. } if key == "t" => one.text.clone().map(IndexValue::Text),
        Sort::Field { .. } => one.number.map(IndexValue::Int),
    };
    value.map_or(After::Empty(one.at, last), |value| After::Row(value, last))
}

/// One page, as `list` puts it together, but by this way.
fn ids(tx: &mut Tx<'_>, query: &ListQuery, way: Way<'_>) -> Result<Vec<RecordId>, Error> {
    let mut ids = Vec::new();
    for part in Part::of(query) {
        let left = query.limit - ids.len() as i64;
        let statement = Query::new(tx.dialect(), query, way).page(*part, left);
        let (text, values) = statement.parts();
        if left > 0 {
            let rows = tx.query(text, values)?;
            let found: Result<Vec<RecordId>, Error> = rows.iter().map(|row| row.parse(0)).collect();
            ids.extend(found?);
        }
    }
    Ok(ids)
}

/// All pages of a list by one way.
fn paged(
    tx: &mut Tx<'_>,
    all: &[Made],
    query: &ListQuery,
    way: Way<'_>,
) -> Result<Vec<RecordId>, Error> {
    let mut found = Vec::new();
    let mut query = query.clone();
    loop {
        let page = ids(tx, &query, way)?;
        found.extend(page.iter().copied());
        let Some(last) = page.last().filter(|_| page.len() == PAGE) else {
            return Ok(found);
        };
        query.after = Some(after(all, &query.sort, *last));
    }
}

fn conditions() -> Vec<Vec<Condition>> {
    let text = |text: &str| IndexValue::Text(text.to_owned());
    let states = |states: &[&str]| {
        Condition::State(states.iter().map(|state| (*state).to_owned()).collect())
    };
    vec![
        vec![],
        vec![states(&["a"])],
        vec![
            states(&["c", "a"]),
            Condition::Is("t".to_owned(), text("k03")),
        ],
        vec![Condition::Between(
            "n".to_owned(),
            Some(IndexValue::Int(-2)),
            None,
        )],
        vec![Condition::Between(
            "n".to_owned(),
            None,
            Some(IndexValue::Int(1)),
        )],
        vec![
            Condition::Between("t".to_owned(), None, Some(text("k04"))),
            states(&["b"]),
        ],
        vec![Condition::LinksTo("l".to_owned(), id(1))],
        vec![
            Condition::Recorded(Some(5_010), Some(5_040)),
            states(&["a", "b"]),
        ],
        vec![Condition::Contains {
            words: "k0".to_owned(),
            fields: vec!["t".to_owned(), "n".to_owned()],
            read: Vec::new(),
        }],
        vec![Condition::Contains {
            words: "R0".to_owned(),
            fields: vec!["t".to_owned()],
            read: vec!["t".to_owned()],
        }],
    ]
}

fn sorts() -> Vec<Sort> {
    let field = |key: &str, descending| Sort::Field {
        key: key.to_owned(),
        column: if key == "t" {
            Column::Text
        } else {
            Column::Int
        },
        descending,
    };
    vec![
        Sort::Newest,
        Sort::Oldest,
        field("t", false),
        field("n", false),
        field("n", true),
    ]
}

fn queries(all: &[Made]) -> Vec<ListQuery> {
    let classes: BTreeSet<i64> = all.iter().map(|one| one.class).collect();
    let classes: Vec<i64> = classes.into_iter().collect();
    let ints = |numbers: &[i64]| Arc::new(Ints::new(numbers.to_vec()));
    let sights = [
        (&classes[..], &classes[..0]),
        (&classes[..2], &classes[3..]),
        (&classes[..0], &classes[..4]),
        (&classes[..0], &classes[..0]),
    ];
    let (conditions, sorts) = (conditions(), sorts());
    let mut queries = Vec::new();
    for (seen, with_ground) in sights {
        for conditions in &conditions {
            for sort in &sorts {
                queries.push(ListQuery {
                    register: "one".to_owned(),
                    visible: Visible {
                        classes: ints(seen),
                        with_ground: ints(with_ground),
                        grounds: vec!["drafter", "task"],
                        registers: None,
                        kept_back: Arc::new([]),
                        person: Some(me()),
                        now: instant(9_000),
                    },
                    conditions: conditions.clone(),
                    sort: sort.clone(),
                    after: None,
                    limit: PAGE as i64,
                });
            }
        }
    }
    queries
}

fn compare(tx: &mut Tx<'_>, all: &[Made]) -> Result<(), Error> {
    for query in queries(all) {
        let wanted = expected(all, &query);
        let mut ways = vec![Way::Order, Way::Classes];
        let found = |condition: &&Condition| {
            !matches!(
                condition,
                Condition::State(_) | Condition::Recorded(..) | Condition::Contains { .. }
            )
        };
        ways.extend(query.conditions.iter().filter(found).map(Way::Found));
        for way in ways {
            assert_eq!(paged(tx, all, &query, way)?, wanted, "{way:?} of {query:?}");
        }
        assert_eq!(tx.count(&query, None)?, wanted.len() as i64, "{query:?}");
        assert_eq!(tx.count(&query, Some(3))?, wanted.len().min(3) as i64);
        compare_groups(tx, all, &query, &wanted)?;
        let first: Vec<RecordId> = tx.list(&query)?.iter().map(|row| row.id).collect();
        assert_eq!(first, wanted[..wanted.len().min(PAGE)]);
    }
    Ok(())
}

/// R-181, R-184: what is counted by groups is what the list has, record by record.
fn compare_groups(
    tx: &mut Tx<'_>,
    all: &[Made],
    query: &ListQuery,
    wanted: &[RecordId],
) -> Result<(), Error> {
    let bounds = [5_000_i64, 5_020, 5_050].map(Value::from).to_vec();
    let stretch = |one: &Made| match one.at {
        ..5_000 => "0",
        5_000..5_020 => "1",
        5_020..5_050 => "2",
        _ => "3",
    };
    type Told = fn(&Made) -> Option<String>;
    let groups: [(Group, Told); 6] = [
        (Group::All, |_| Some(String::new())),
        (Group::State, |one| Some(one.state.clone())),
        (Group::Class, |one| Some(one.class.to_string())),
        (Group::Field("t".to_owned(), Column::Text), |one| {
            one.text.clone()
        }),
        (Group::Field("n".to_owned(), Column::Int), |one| {
            one.number.map(|number| number.to_string())
        }),
        (Group::Link("l".to_owned()), |one| {
            one.link.map(|link| link.to_string())
        }),
    ];
    let of = |told: &dyn Fn(&Made) -> Option<String>| {
        let mut counts = BTreeMap::new();
        for one in all.iter().filter(|one| wanted.contains(&one.id)) {
            *counts.entry(told(one)).or_insert(0) += 1;
        }
        counts
    };
    for (group, told) in groups {
        let found: BTreeMap<_, _> = tx.grouped(query, &group, 1_000)?.into_iter().collect();
        assert_eq!(found, of(&told), "{group:?} of {query:?}");
    }
    let months = Group::Months(Months {
        field: None,
        bounds,
    });
    let found: BTreeMap<_, _> = tx.grouped(query, &months, 1_000)?.into_iter().collect();
    assert_eq!(found, of(&|one| Some(stretch(one).to_owned())), "{query:?}");
    let capped = tx.grouped(query, &Group::State, 3)?;
    let sum: i64 = capped.iter().map(|(_, count)| count).sum();
    assert_eq!(sum, wanted.len().min(3) as i64);
    Ok(())
}

/// R-181, R-184: a single read agrees with the lists, whatever the record gives.
fn compare_single(tx: &mut Tx<'_>, all: &[Made]) -> Result<(), Error> {
    for query in queries(all).iter().step_by(40) {
        for one in all {
            let visible = &query.visible;
            let wanted = visible.classes.contains(one.class)
                || (one.mine && visible.with_ground.contains(one.class));
            assert_eq!(tx.visible_record(one.id, visible)?.is_some(), wanted);
        }
        let visible = &query.visible;
        for some in all.chunks(150) {
            let ids = some.iter().map(|one| one.id).collect();
            let seen = tx.visible_records(&ids, visible)?;
            let seen: BTreeSet<RecordId> = seen.iter().map(|row| row.id).collect();
            assert_eq!(seen, tx.visible_among(&ids, visible)?);
            let alone = |id: &RecordId| tx.visible_record(*id, visible).map(|row| row.is_some());
            let each: Result<Vec<bool>, Error> = ids.iter().map(alone).collect();
            assert_eq!(each?.iter().filter(|seen| **seen).count(), seen.len());
        }
    }
    Ok(())
}

#[test]
fn every_way_to_a_list_gives_what_each_record_gives() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    for database in testkit::databases().unwrap() {
        let folder = tempfile::tempdir().unwrap();
        let options = StoreOptions {
            database: match database.url() {
                Some(url) => Database::Postgres {
                    url: SecretString::new(url),
                },
                None => Database::Sqlite {
                    main: folder.path().join("main.db"),
                    keys: folder.path().join("keys.db"),
                    key: SecretString::new(format!("x'{}'", "07".repeat(32))),
                },
            },
            create: true,
        };
        let store = Store::open(&options).unwrap();
        runtime.block_on(async {
            let all = fill(&store).await;
            let compared: Result<(), Error> = store
                .read(move |tx| {
                    compare(tx, &all)?;
                    compare_single(tx, &all)
                })
                .await;
            compared.unwrap();
            let kept_back: Result<(), Error> = store.transact(kept_back::compare).await;
            kept_back.unwrap();
        });
    }
}
