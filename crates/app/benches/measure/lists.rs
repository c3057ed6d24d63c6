//! Pages and counts of a large register: by default 1,000,000 documents in 10,000 label classes, asked
//! by a reader who sees every tenth, by one who sees a single class, and by one who sees only what is
//! oldest. `--scale N` makes fewer, and `--keep FOLDER` only fills it and leaves it there for the pages to be measured
//! on. The documents come in through the store's own door, many to an
//! entry; nothing of it is in the product. The peer is the store alone, without decision and views: its
//! newest page, and its count, with every class seen.
use crate::house::{House, percentile, tell};
use access::{Act, Granted, SystemReason};
use anyhow::{Result, ensure};
use app::{Caller, ListInput};
use domain::{EntryId, Label, Level, Levels, PersonId, RecordId, Scope, Timestamp};
use serde_json::json;
use std::{path::Path, sync::Arc, time::Instant};
use store::{
    EntryDraft, IndexValue, ListQuery, RecordRow, Sort, Store, Visible, Write, rows::Ints,
};
use tokio::runtime::Runtime;

/// Records, unless `--scale` says otherwise.
const SCALE: i64 = 1_000_000;
const CLASSES: i64 = 10_000;
/// Every so many-th class is the reader's.
const SEEN: i64 = 10;
/// The last classes are those of the archive alone: the oldest hundredth of the records.
const ARCHIVE: i64 = 9_900;
/// The longest page.
const PAGE: i64 = 200;
/// Records in one transaction while the register is filled.
const CHUNK: i64 = 20_000;
/// When the first record was made; one follows every second.
const FIRST_MS: i64 = 1_700_000_000_000;
const PAGE_FLOOR: &str = "p95 <= 50 ms";
/// The floor is meant for this many records.
const FLOOR_SCALE: i64 = 1_000_000;

pub(crate) fn run(runtime: &Runtime) -> Result<()> {
    for database in testkit::databases()? {
        let embedded = database.url().is_none();
        if !embedded && word("--keep").is_some() {
            continue;
        }
        let scale = if embedded {
            number("--scale", SCALE)?
        } else {
            // a server takes one statement a row, so it is filled with fewer
            number("--server-scale", number("--scale", SCALE)?.min(100_000))?
        };
        runtime.block_on(measure(database, scale))?;
    }
    Ok(())
}

/// The number after an argument.
fn number(name: &str, otherwise: i64) -> Result<i64> {
    Ok(match word(name) {
        Some(text) => text.parse()?,
        None => otherwise,
    })
}

/// What stands after an argument.
fn word(name: &str) -> Option<String> {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    arguments.next().and_then(|_| arguments.next())
}

/// Who asks, and how much of the register is theirs.
struct Readers {
    tenth: (PersonId, Caller),
    sparse: (PersonId, Caller),
    archive: (PersonId, Caller),
}

async fn measure(database: testkit::Database, scale: i64) -> Result<()> {
    let name = if database.url().is_none() {
        "sqlite"
    } else {
        "postgres"
    };
    let house = House::build(database).await?;
    let unit = house.add("unit", json!({ "name": "总体部" })).await?;
    let post = json!({ "name": "岗位", "unit": unit, "grade": "important", "trade": "core", "work": true });
    let post = house.add("post", post).await?;
    let readers = Readers {
        tenth: house.hire("tenth", unit, post).await?,
        sparse: house.hire("sparse", unit, post).await?,
        archive: house.hire("archive", unit, post).await?,
    };
    let start = Instant::now();
    let classes = fill(&house.store()?, &readers, scale).await?;
    println!(
        "{name}: {scale} records in {:.0} s",
        start.elapsed().as_secs_f64()
    );
    let house = house.reopen().await?;
    if let Some(folder) = word("--keep") {
        return house.keep(Path::new(&folder));
    }
    let bench = Bench {
        house: &house,
        prefix: format!("{name}, {scale}:"),
        floor: (name == "sqlite" && scale >= FLOOR_SCALE).then_some(PAGE_FLOOR),
        scale,
        peers: peers(&house.store()?, classes).await?,
    };
    bench.peers();
    bench.tenth(&readers.tenth.1).await?;
    bench.others(&readers).await
}

struct Bench<'h> {
    house: &'h House,
    prefix: String,
    floor: Option<&'static str>,
    scale: i64,
    peers: Peers,
}

/// What the store alone takes, in milliseconds.
struct Peers {
    page: f64,
    count: f64,
}

/// Measures the store where every class is seen.
async fn peers(store: &Store, classes: Vec<i64>) -> Result<Peers> {
    let query = ListQuery {
        register: "document".to_owned(),
        visible: Visible {
            classes: Arc::new(Ints::new(classes)),
            with_ground: Arc::new(Ints::new(Vec::new())),
            grounds: Vec::new(),
            registers: None,
            kept_back: Arc::new([]),
            person: None,
            now: made_at(0),
        },
        conditions: Vec::new(),
        sort: Sort::Newest,
        after: None,
        limit: 50,
    };
    let (mut pages, mut counts) = (Vec::new(), Vec::new());
    for _ in 0..50 {
        let asked = query.clone();
        let start = Instant::now();
        let page: Result<Vec<RecordRow>, store::Error> =
            store.read(move |tx| tx.list(&asked)).await;
        pages.push(start.elapsed());
        ensure!(page?.len() == 50, "a whole page");
    }
    for _ in 0..5 {
        let asked = query.clone();
        let start = Instant::now();
        let count: Result<i64, store::Error> = store.read(move |tx| tx.count(&asked, None)).await;
        counts.push(start.elapsed());
        ensure!(count? > 0, "something to count");
    }
    pages.sort_unstable();
    counts.sort_unstable();
    Ok(Peers {
        page: percentile(&pages, 50),
        count: percentile(&counts, 50),
    })
}

impl Bench<'_> {
    fn peers(&self) {
        for (what, value) in [
            ("page of the store alone (50 rows)", self.peers.page),
            ("exact count of the store alone", self.peers.count),
        ] {
            let what = format!("{} {what} p50", self.prefix);
            tell(&what, value, "ms", Some(1.0), None);
        }
    }

    /// What the floors speak of, and what else such a reader asks for.
    async fn tenth(&self, caller: &Caller) -> Result<()> {
        let middle = ListInput {
            after: self.middle(caller).await?,
            ..ListInput::default()
        };
        let theirs = |number: &i64| class_of(*number, self.scale) % SEEN == 0;
        let number = (self.scale / 2..self.scale)
            .find(theirs)
            .unwrap_or_default();
        let number = format!("doc_no:{}", doc_no(number));
        for (what, times, input) in [
            ("first page", 200, ListInput::default()),
            ("page in the middle", 200, middle),
            ("sorted by title", 100, sorted("title")),
            ("sorted by date, last first", 100, sorted("-issue_date")),
            ("one state in a hundred", 100, filtered("state:draft")),
            ("one document number", 100, filtered(&number)),
            ("from a date on", 50, filtered("issue_date>=2025-06-01")),
        ] {
            self.page(what, caller, times, || input.clone(), self.floor)
                .await?;
        }
        let of_state = ListInput {
            filter: Some("state:draft".to_owned()),
            ..counted("exact")
        };
        for (what, times, input) in [
            ("words that many have", 20, words("方案")),
            ("words that nobody has", 3, words("没有这样的")),
            ("capped count", 50, counted("capped")),
            ("exact count", 20, counted("exact")),
            ("exact count of a state", 20, of_state),
        ] {
            self.page(what, caller, times, || input.clone(), None)
                .await?;
        }
        Ok(())
    }

    /// Readers for whom the newest records are of no use.
    async fn others(&self, readers: &Readers) -> Result<()> {
        let page = ListInput::default;
        let (sparse, archive) = (&readers.sparse.1, &readers.archive.1);
        self.page(
            "first page of one class in 10,000",
            sparse,
            50,
            page,
            self.floor,
        )
        .await?;
        self.page(
            "first page of the oldest hundredth",
            archive,
            20,
            page,
            self.floor,
        )
        .await?;
        let sorted = || ListInput {
            sort: Some("title".to_owned()),
            ..page()
        };
        self.page(
            "one class in 10,000 by title",
            sparse,
            20,
            sorted,
            self.floor,
        )
        .await?;
        self.page(
            "first page of an administrator",
            &self.house.office,
            50,
            page,
            None,
        )
        .await
    }

    async fn page(
        &self,
        what: &str,
        caller: &Caller,
        times: usize,
        input: impl Fn() -> ListInput,
        floor: Option<&str>,
    ) -> Result<()> {
        let mut took = Vec::new();
        let peer = if input().count.is_some() {
            self.peers.count
        } else {
            self.peers.page
        };
        let mut answer = (0, None);
        for _ in 0..times {
            let start = Instant::now();
            let page = self.house.app.list(caller, "document", input()).await?;
            took.push(start.elapsed());
            answer = (page.items.len(), page.total);
        }
        took.sort_unstable();
        let total = answer
            .1
            .map_or_else(String::new, |total| format!(" of {total}"));
        let what = format!("{} {what} ({} rows{total})", self.prefix, answer.0);
        for (rank, floor) in [(50, None), (95, floor)] {
            let value = percentile(&took, rank);
            let what = format!("{what} p{rank}");
            tell(&what, value, "ms", Some(value / peer), floor);
        }
        Ok(())
    }

    /// The cursor that a reader holds who has paged through half of what they see.
    async fn middle(&self, caller: &Caller) -> Result<Option<String>> {
        let mut after = None;
        for _ in 0..self.scale / SEEN / 2 / PAGE {
            let input = ListInput {
                after,
                limit: Some(PAGE),
                ..ListInput::default()
            };
            after = self.house.app.list(caller, "document", input).await?.next;
        }
        Ok(after)
    }
}

fn made_at(number: i64) -> Timestamp {
    Timestamp::from_millisecond(FIRST_MS + number * 1000).unwrap_or_default()
}

fn id(number: i64) -> RecordId {
    let mut random = [0; 10];
    let (low, _) = random.split_at_mut(8);
    low.copy_from_slice(&number.to_be_bytes());
    RecordId::new(made_at(number), random)
}

fn doc_no(number: i64) -> String {
    format!("〔2025〕{number}号")
}

/// A number without pattern from another (splitmix64).
fn scatter(number: i64) -> i64 {
    let mut x = number.cast_unsigned().wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)).cast_signed() >> 1
}

fn class_of(number: i64, scale: i64) -> i64 {
    if number < scale / 100 {
        ARCHIVE + number % (CLASSES - ARCHIVE)
    } else {
        scatter(number).rem_euclid(ARCHIVE)
    }
}

/// Somebody who is only named in scopes.
fn stranger(number: i64) -> PersonId {
    PersonId::from(id(-1 - number))
}

/// The label of a class: everybody's clearance, few people's scope.
fn label(class: i64, readers: &Readers) -> Label {
    let mut persons = vec![stranger(class)];
    if class >= ARCHIVE {
        persons.push(readers.archive.0);
    } else if class % SEEN == 0 {
        persons.push(readers.tenth.0);
    } else if class == 5 {
        persons.push(readers.sparse.0);
    }
    Label {
        levels: Levels::new().with(Level::Secret),
        scope: Scope::named(persons, []),
        ..Label::open()
    }
}

/// Puts the records in, a transaction for many; gives the ids of the classes.
async fn fill(store: &Store, readers: &Readers, scale: i64) -> Result<Vec<i64>> {
    let labels: Arc<Vec<Label>> =
        Arc::new((0..CLASSES).map(|class| label(class, readers)).collect());
    let mut classes = Arc::new(Vec::new());
    let tenth = readers.tenth.0;
    for first in (0..scale).step_by(usize::try_from(CHUNK)?) {
        let (labels, known) = (Arc::clone(&labels), Arc::clone(&classes));
        let numbers = first..(first + CHUNK).min(scale);
        let filled: Result<Vec<i64>, store::Error> = store
            .transact(move |tx| {
                tx.write(&granted(), |door| {
                    let mut ids = known.to_vec();
                    if ids.is_empty() {
                        for label in labels.iter() {
                            ids.push(door.intern_class(&label.class())?);
                        }
                    }
                    for number in numbers {
                        put(door, number, scale, (&labels, &ids), tenth)?;
                    }
                    Ok((entry(first), ids))
                })
            })
            .await;
        classes = Arc::new(filled?);
    }
    ensure!(classes.len() == labels.len(), "every class has an id");
    Ok(classes.to_vec())
}

fn granted() -> Granted {
    let act = Act::new("document.register", "document", "custody");
    match access::decide_system(&act, SystemReason::Job) {
        Ok(granted) => Granted::from(granted),
        Err(denied) => unreachable!("a job may register: {denied}"),
    }
}

fn entry(number: i64) -> EntryDraft {
    let at = made_at(number);
    let mut random = [1; 10];
    let (low, _) = random.split_at_mut(8);
    low.copy_from_slice(&number.to_be_bytes());
    EntryDraft {
        id: EntryId::new(at, random),
        body: b"{}".to_vec(),
        record: None,
        at,
    }
}

fn put(
    door: &mut Write<'_, '_>,
    number: i64,
    scale: i64,
    (labels, ids): (&[Label], &[i64]),
    tenth: PersonId,
) -> Result<(), store::Error> {
    let class = class_of(number, scale);
    let at = usize::try_from(class).unwrap_or_default();
    let (Some(label), Some(class_id)) = (labels.get(at), ids.get(at)) else {
        return Err(store::Error::Closed);
    };
    let (row, index) = document(number, label, *class_id);
    door.insert_record(&row)?;
    for (field, value) in index {
        door.set_index(
            row.id,
            "document",
            field,
            Some(&IndexValue::Text(value).into()),
        )?;
    }
    // some of what is out of scope the reader has drafted
    if class % SEEN != 0 && number % 5000 == 1 {
        door.add_ground(row.id, tenth, "drafter", row.id, None)?;
    }
    Ok(())
}

type Index = [(&'static str, String); 3];

fn document(number: i64, label: &Label, class: i64) -> (RecordRow, Index) {
    let luck = scatter(number + 1_000_000_007);
    let title = format!("{:05}号型号总体方案（第{number}稿）", luck % 100_000);
    let date = format!(
        "{}-{:02}-{:02}",
        2016 + luck % 10,
        1 + luck / 16 % 12,
        1 + luck / 256 % 28
    );
    let at = made_at(number);
    let state = match luck % 100 {
        0 => "draft",
        1..30 => "classified",
        _ => "destroyed",
    };
    let index = [
        ("title", title.clone()),
        ("doc_no", doc_no(number)),
        ("issue_date", date.clone()),
    ];
    let body = json!({
        "title": title, "doc_no": doc_no(number), "issue_date": date, "level": "state.secret",
        "term": { "years": 10 }, "kind": "paper", "pages": 1 + luck % 90,
        "scope_persons": label.scope.clauses().flat_map(|clause| clause.persons.iter()).collect::<Vec<_>>(),
    });
    let row = RecordRow {
        id: id(number),
        register: "document".to_owned(),
        number: Some(format!("WJ2025-{number:07}")),
        state: state.to_owned(),
        version: 1,
        class,
        label: label.clone(),
        body: crate::house::object(body),
        drafter: Some(stranger(luck % 1000)),
        created_by: None,
        created_at: at,
        updated_at: at,
        occurred_at: at,
        open: state != "destroyed",
        line: None,
    };
    (row, index)
}

fn sorted(key: &str) -> ListInput {
    ListInput {
        sort: Some(key.to_owned()),
        ..ListInput::default()
    }
}

fn filtered(text: &str) -> ListInput {
    ListInput {
        filter: Some(text.to_owned()),
        ..ListInput::default()
    }
}

fn words(text: &str) -> ListInput {
    ListInput {
        q: Some(text.to_owned()),
        ..ListInput::default()
    }
}

fn counted(how: &str) -> ListInput {
    ListInput {
        count: Some(how.to_owned()),
        limit: Some(1),
        ..ListInput::default()
    }
}
