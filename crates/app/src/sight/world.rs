//! A small world at random: units, people with posts, gates and roles, and records with labels of
//! three families, scopes, grounds with ends and versions of other labels, written into a database.

use crate::{
    App, Caller, RootKeySource, caller::Through, core::Inner, error::Error, keys, labels, log,
    perform::indexed, setup,
};
use access::Granted;
use domain::{
    AccountId, Clock, Compartment, EntryId, FixedClock, Label, Level, PersonId, RecordId, Scope,
    Timestamp, UnitId, VersionId,
};
use serde_json::{Map, Value, json};
use std::{collections::BTreeSet, sync::Arc};
use store::{NewAccount, NewVersion, RecordRow, Tx};
use tempfile::TempDir;
use vault::SecretString;

/// When everything happens.
pub(super) const NOW: &str = "2026-03-02T01:00:00Z";

pub(super) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// Numbers that look random and are the same in every run (`SplitMix64`).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn some<T: Copy>(&mut self, from: &[T], most: usize) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| self.pick(from)).collect()
    }
}

/// Somebody with an account; `known` people have a record as well.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each gate is one of its own")]
pub(super) struct Person {
    pub(super) number: usize,
    pub(super) known: bool,
    pub(super) roles: Vec<&'static str>,
    pub(super) unit: usize,
    pub(super) grade: &'static str,
    pub(super) trade: &'static str,
    pub(super) work: bool,
    pub(super) post_active: bool,
    pub(super) active: bool,
    pub(super) reviewed: bool,
    pub(super) trained: bool,
    pub(super) pledged: bool,
    pub(super) resting: bool,
    pub(super) compartments: Vec<&'static str>,
}

impl Person {
    /// Somebody in the first unit in whose post and papers nothing is amiss.
    pub(super) fn ready(number: usize, grade: &'static str, roles: &[&'static str]) -> Self {
        Self {
            number,
            known: true,
            roles: roles.to_vec(),
            unit: 0,
            grade,
            trade: "core",
            work: true,
            post_active: true,
            active: true,
            reviewed: true,
            trained: true,
            pledged: true,
            resting: false,
            compartments: Vec::new(),
        }
    }
}

/// Those named, and everybody in the named units.
#[derive(Clone, Debug)]
pub(super) struct Circle {
    pub(super) persons: Vec<usize>,
    pub(super) units: Vec<usize>,
}

/// A label in plain words.
#[derive(Clone, Debug)]
pub(super) struct Protection {
    pub(super) levels: Vec<&'static str>,
    pub(super) compartments: Vec<&'static str>,
    /// All must hold; none = everyone.
    pub(super) circles: Vec<Circle>,
}

/// What a record itself gives a person.
#[derive(Debug)]
pub(super) struct Tie {
    pub(super) person: usize,
    pub(super) kind: &'static str,
    pub(super) until: Option<Timestamp>,
}

/// A record to be.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) id: RecordId,
    pub(super) register: &'static str,
    pub(super) number: Option<String>,
    pub(super) state: &'static str,
    pub(super) fields: Map<String, Value>,
    /// The label of every version; the last is today's.
    pub(super) protections: Vec<Protection>,
    pub(super) ties: Vec<Tie>,
    pub(super) entry: Option<EntryId>,
}

/// An open system with people and records in it.
pub(super) struct World {
    pub(super) app: App,
    pub(super) people: Vec<Person>,
    pub(super) items: Vec<Item>,
    /// The unit above each unit.
    pub(super) upper: Vec<Option<usize>>,
    _folder: TempDir,
}

/// Ids that follow from a kind and a number.
fn bytes(kind: u8, number: usize) -> [u8; 10] {
    let mut bytes = [kind; 10];
    bytes[8..].copy_from_slice(&u16::try_from(number).unwrap().to_be_bytes());
    bytes
}

pub(super) fn person_id(number: usize) -> PersonId {
    PersonId::new(now(), bytes(1, number))
}

pub(super) fn unit_id(number: usize) -> UnitId {
    UnitId::new(now(), bytes(2, number))
}

fn post_id(number: usize) -> RecordId {
    RecordId::new(now(), bytes(3, number))
}

fn item_id(number: usize) -> RecordId {
    RecordId::new(now(), bytes(4, number))
}

fn account_id(number: usize) -> AccountId {
    AccountId::new(now(), bytes(5, number))
}

impl World {
    /// An empty system with registers more than the shipped ones: the path and the text of each.
    pub(super) async fn build_with(server: Option<String>, registers: &[(&str, &str)]) -> Self {
        let mut world = Self::build(server).await;
        let inner = Arc::get_mut(&mut world.app.inner).expect("nobody else has it");
        inner.catalogue = crate::packs::catalogue_with(registers);
        world
    }

    /// An empty system, on the server of this address or on an embedded database.
    pub(super) async fn build(server: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(FixedClock::new(now()));
        let root = folder.path().join("root.key");
        let root_key: RootKeySource = format!("file:{}", root.display()).parse().unwrap();
        let url = || server.clone().map(SecretString::new);
        let init = setup::InitOptions {
            data: folder.path().join("data"),
            root_key: root_key.clone(),
            org: "示范单位".into(),
            regimes: vec!["general-company".into()],
            max_levels: vec![Level::TopSecret, Level::Core, Level::Internal],
            test: true,
            database: url(),
        };
        setup::init(init, Arc::clone(&clock)).await.unwrap();
        let open = setup::OpenOptions {
            data: folder.path().join("data"),
            root_key,
            database: url(),
            clock,
            test_clock: true,
        };
        Self {
            app: setup::open(open).await.unwrap(),
            people: Vec::new(),
            items: Vec::new(),
            upper: vec![None, Some(0), Some(1), None],
            _folder: folder,
        }
    }

    /// The account behind a person.
    pub(super) fn caller(&self, person: &Person) -> Caller {
        Caller {
            account: account_id(person.number),
            person: person.known.then(|| person_id(person.number)),
            through: Through::Token(BTreeSet::new()),
            must_change: false,
        }
    }

    /// Writes people and their records, posts and accounts.
    pub(super) async fn settle(&mut self, people: Vec<Person>) {
        let upper = self.upper.clone();
        let first = self.people.is_empty();
        let written = self.app.transact(move |inner, tx| {
            if first {
                units(inner, tx, &upper)?;
            }
            for person in &people {
                settle(inner, tx, person)?;
            }
            Ok(people)
        });
        self.people.extend(written.await.unwrap());
    }

    /// Writes records.
    pub(super) async fn place(&mut self, items: Vec<Item>) {
        let written = self.app.transact(move |inner, tx| {
            let mut written = Vec::new();
            for mut item in items {
                item.entry = Some(place(inner, tx, &item)?);
                written.push(item);
            }
            Ok(written)
        });
        self.items.extend(written.await.unwrap());
    }
}

fn directory(id: RecordId, register: &'static str, state: &'static str, fields: Value) -> Item {
    let Value::Object(fields) = fields else {
        panic!("not an object")
    };
    Item {
        id,
        register,
        number: None,
        state,
        fields,
        protections: vec![Protection {
            levels: Vec::new(),
            compartments: Vec::new(),
            circles: Vec::new(),
        }],
        ties: Vec::new(),
        entry: None,
    }
}

fn units(inner: &Inner, tx: &mut Tx<'_>, upper: &[Option<usize>]) -> Result<(), Error> {
    for (number, above) in upper.iter().enumerate() {
        let fields = json!({ "name": format!("部门{number}"), "upper": above.map(unit_id) });
        place(
            inner,
            tx,
            &directory(unit_id(number).into(), "unit", "active", fields),
        )?;
    }
    Ok(())
}

fn settle(inner: &Inner, tx: &mut Tx<'_>, person: &Person) -> Result<(), Error> {
    let unit = unit_id(person.unit);
    let post = json!({
        "name": "岗位", "unit": unit, "grade": person.grade, "trade": person.trade, "work": person.work,
    });
    let state = if person.post_active {
        "active"
    } else {
        "closed"
    };
    place(
        inner,
        tx,
        &directory(post_id(person.number), "post", state, post),
    )?;
    let day = |passed: bool| passed.then_some("2025-01-10");
    let fields = json!({
        "name": format!("人员{}", person.number), "unit": unit, "post": post_id(person.number),
        "review_passed_on": day(person.reviewed), "trained_on": day(person.trained),
        "pledged_on": day(person.pledged),
        "cooling_off_until": if person.resting { "2027-01-01" } else { "2026-01-01" },
        "compartments": person.compartments.join("，"),
    });
    let state = if person.active { "active" } else { "left" };
    if person.known {
        let id = person_id(person.number).into();
        place(inner, tx, &directory(id, "person", state, fields))?;
    }
    let account = NewAccount {
        id: account_id(person.number),
        name: format!("account{}", person.number),
        person: person.known.then(|| person_id(person.number)),
        password: String::new(),
        roles: person.roles.iter().map(ToString::to_string).collect(),
        side: None,
        created_at: now(),
    };
    let granted = granted();
    let entry = log::account_entry(inner, &granted, account.id, now())?;
    tx.write::<_, Error>(&granted, |door| Ok((entry, door.insert_account(&account)?)))?;
    Ok(())
}

fn granted() -> Granted {
    let act = access::Act::new("unit.register", "unit", "custody");
    access::decide_system(&act, access::SystemReason::Job)
        .unwrap()
        .into()
}

impl Protection {
    fn label(&self) -> Label {
        let levels = self.levels.iter().map(|key| Level::parse_key(key).unwrap());
        let compartments = self.compartments.iter();
        let scope = |circle: &Circle| {
            Scope::named(
                circle.persons.iter().map(|number| person_id(*number)),
                circle.units.iter().map(|number| unit_id(*number)),
            )
        };
        Label {
            levels: levels.collect(),
            compartments: compartments
                .map(|name| Compartment::parse(name).unwrap())
                .collect(),
            scope: self.circles.iter().fold(Scope::everyone(), |all, circle| {
                all.intersect(&scope(circle))
            }),
            ..Label::open()
        }
    }
}

/// Writes a record as a commit does: current row, sealed versions, index, links and grounds.
fn place(inner: &Inner, tx: &mut Tx<'_>, item: &Item) -> Result<EntryId, Error> {
    let granted = granted();
    let about = log::About {
        register: Some(item.register.to_owned()),
        record: Some(item.id),
        ..log::About::default()
    };
    let action = format!("{}.placed", item.register);
    let entry = log::entry(inner, &granted, &action, &about, now())?;
    let id = entry.id;
    let definition = inner.catalogue.definition(item.register).unwrap();
    tx.write::<_, Error>(&granted, |door| {
        let today = item.protections.last().unwrap().label();
        let row = RecordRow {
            id: item.id,
            register: item.register.to_owned(),
            number: item.number.clone(),
            state: item.state.to_owned(),
            version: i64::try_from(item.protections.len()).unwrap(),
            class: door.intern_class(&today.class())?,
            label: today,
            body: fields_of(item),
            drafter: None,
            created_by: None,
            created_at: now(),
            updated_at: now(),
            occurred_at: now(),
            open: !definition.is_final(item.state),
            line: None,
        };
        door.insert_record(&row)?;
        put_versions(inner, door, &row, item, id)?;
        for field in &definition.fields {
            let value = row.body.get(&field.key);
            if field.target().is_some() {
                door.set_links(row.id, &field.key, &labels::ids(value))?;
            }
            if field.index {
                let kept = indexed(field, value);
                door.set_index(row.id, &row.register, &field.key, kept.as_ref())?;
            }
        }
        for (number, tie) in item.ties.iter().enumerate() {
            let cause = item_id(10_000 + number);
            door.add_ground(row.id, person_id(tie.person), tie.kind, cause, tie.until)?;
        }
        Ok((entry, ()))
    })?;
    Ok(id)
}

fn fields_of(item: &Item) -> Map<String, Value> {
    let mut fields = item.fields.clone();
    fields.retain(|_, value| !value.is_null());
    fields
}

fn put_versions(
    inner: &Inner,
    door: &mut store::Write<'_, '_>,
    row: &RecordRow,
    item: &Item,
    entry: EntryId,
) -> Result<(), Error> {
    let key = keys::for_record(inner, door, row.id, &row.label, true)?;
    for (number, protection) in (1_i64..).zip(&item.protections) {
        let content = json!({
            "state": row.state, "number": row.number, "fields": row.body,
            "label": labels::to_value(&protection.label()),
        });
        let mut plain = vec![0; 32];
        plain.extend_from_slice(content.to_string().as_bytes());
        let record = row.id.as_uuid();
        let place: [&[u8]; 3] = [b"version", record.as_bytes(), &number.to_be_bytes()];
        let sealed = vault::sealed::seal(&key, &place, &plain, &*inner.random)?;
        door.insert_version(&NewVersion {
            id: VersionId::new(now(), inner.random()?),
            record: row.id,
            version: number,
            at: now(),
            actor: "\"test\"",
            action: "placed",
            state: &row.state,
            definition: 1,
            sealed: &sealed,
            commitment: "",
            entry,
        })?;
    }
    Ok(())
}

const COMPARTMENTS: [&str; 2] = ["方舟", "灯塔"];
const ROLES: [&[&str]; 10] = [
    &["staff"],
    &["staff"],
    &["staff"],
    &["staff", "registrar"],
    &["staff", "classifier"],
    &["leader"],
    &["office_head"],
    &["staff", "registrar"],
    &["staff", "system_admin"],
    &[],
];

/// Somebody at random; most of them are in order, so that something is seen at all.
pub(super) fn person(dice: &mut Dice, number: usize) -> Person {
    Person {
        number,
        known: !dice.one_in(9),
        roles: dice.pick(&ROLES).to_vec(),
        unit: dice.below(4),
        grade: dice.pick(&["core", "core", "important", "general", "none"]),
        trade: dice.pick(&["core", "ordinary", "none"]),
        work: !dice.one_in(3),
        post_active: !dice.one_in(16),
        active: !dice.one_in(16),
        reviewed: !dice.one_in(16),
        trained: !dice.one_in(16),
        pledged: !dice.one_in(16),
        resting: dice.one_in(16),
        compartments: dice.some(&COMPARTMENTS, 3),
    }
}

fn protection(dice: &mut Dice, people: usize) -> Protection {
    let levels = [
        "state.top_secret",
        "state.secret",
        "state.confidential",
        "work.internal",
        "trade.core",
        "trade.ordinary",
    ];
    // at most one of each family
    let mut chosen: Vec<&'static str> = dice.some(&levels, 2);
    let family = |level: &str| level.split('.').next().map(ToOwned::to_owned);
    chosen.sort_by_key(|level| family(level));
    chosen.dedup_by_key(|level| family(level));
    let circles = dice.pick(&[0, 0, 1, 1, 2]);
    Protection {
        levels: chosen,
        compartments: if dice.one_in(4) {
            dice.some(&COMPARTMENTS, 2)
        } else {
            Vec::new()
        },
        circles: (0..circles)
            .map(|_| Circle {
                persons: (0..dice.below(7)).map(|_| dice.below(people)).collect(),
                units: (0..dice.below(3)).map(|_| dice.below(4)).collect(),
            })
            .collect(),
    }
}

fn ties(dice: &mut Dice, people: usize) -> Vec<Tie> {
    let ends = [
        None,
        Some(NOW),
        Some("2026-03-02T00:59:59Z"),
        Some("2026-03-02T01:00:01Z"),
    ];
    let kinds = [
        "drafter",
        "decision",
        "custody",
        "task",
        "in_scope",
        "oversight",
    ];
    (0..dice.below(4))
        .map(|_| Tie {
            person: dice.below(people),
            kind: dice.pick(&kinds),
            until: dice.pick(&ends).map(|end| end.parse().unwrap()),
        })
        .collect()
}

/// A record at random: a document, or a loan that names one of the records before it.
pub(super) fn item(dice: &mut Dice, number: usize, people: usize) -> Item {
    let is_loan = number > 4 && dice.one_in(3);
    let fields = if is_loan {
        let due = dice.pick(&[
            None,
            Some("2026-04-01T08:00:00Z"),
            Some("2026-05-01T08:00:00Z"),
        ]);
        json!({
            "copy": item_id(dice.below(number)), "borrower": person_id(dice.below(people)),
            "purpose": "评审", "due_at": due,
        })
    } else {
        json!({
            "title": format!("长城{number:03}号"),
            "doc_no": dice.pick(&[None, Some("甲一号"), Some("乙二号"), Some("乙三号")]),
            "issue_date": dice.pick(&[None, Some("2026-01-01"), Some("2026-02-01")]),
        })
    };
    let Value::Object(fields) = fields else {
        panic!("not an object")
    };
    let versions = 1 + dice.below(3);
    Item {
        id: item_id(number),
        register: if is_loan { "loan" } else { "document" },
        number: (!dice.one_in(4)).then(|| format!("号{number:03}")),
        state: match (is_loan, dice.below(2)) {
            (true, 0) => "lent",
            (true, _) => "returned",
            (false, 0) => "draft",
            (false, _) => "classified",
        },
        fields,
        protections: (0..versions).map(|_| protection(dice, people)).collect(),
        ties: ties(dice, people),
        entry: None,
    }
}
