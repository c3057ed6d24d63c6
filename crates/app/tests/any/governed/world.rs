//! The house, its units, projects and people, and what should be in it.

use super::super::spec::Dice;
use super::held::Word;
use super::said::{self, Register, Said};
use crate::house::{House, log_in};
use app::{Caller, Performed};
use domain::{ApprovalId, RecordId, Timestamp};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Three units one below the other, one beside them, and the one that the house had.
pub(super) const UNITS: [&str; 5] = ["unit", "top", "mid", "low", "beside"];
pub(super) const PROJECTS: [&str; 2] = ["长城", "方舟"];
/// Who makes records: where they belong, and which projects they may know.
const MAKERS: [(&str, usize, &[usize]); 4] = [
    ("drafter", 3, &[0, 1]),
    ("reader", 4, &[0]),
    ("witness", 1, &[]),
    ("head", 2, &[0, 1]),
];
/// Who else acts, all of the first unit.
const OTHERS: [(&str, &[usize]); 4] = [
    ("registrar", &[0, 1]),
    ("leader", &[0, 1]),
    ("chief", &[]),
    ("outsider", &[]),
];
/// Which projects a thing belongs to.
pub(super) const THINGS: [&[usize]; 4] = [&[], &[0], &[1], &[0, 1]];

/// How a house is laid out. An engine that does not know what a unit or a project is would act as in another.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// The unit above each.
    pub(super) upper: [Option<usize>; 5],
    /// Where whoever makes records belongs; else as above.
    pub(super) makers: Option<usize>,
    /// Projects as regimes are attached to them.
    pub(super) projects: [&'static str; 2],
    /// Where regimes are attached.
    pub(super) places: Vec<Place>,
}

impl Layout {
    pub(super) fn usual() -> Self {
        Self {
            upper: [None, None, Some(1), Some(2), None],
            makers: None,
            projects: PROJECTS,
            places: (0..UNITS.len())
                .map(Place::Unit)
                .chain([0, 1].map(Place::Project))
                .collect(),
        }
    }
}

/// A record as it should be.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) id: Option<RecordId>,
    pub(super) version: i64,
    pub(super) register: usize,
    pub(super) state: &'static str,
    pub(super) amount: i64,
    pub(super) unit: Option<usize>,
    pub(super) person: Option<&'static str>,
    pub(super) thing: usize,
    /// What it proposes itself.
    pub(super) projects: Vec<usize>,
    pub(super) scope: Vec<&'static str>,
    pub(super) drafter: &'static str,
    pub(super) papers: Vec<String>,
    pub(super) row: Option<Row>,
    /// When it is due, and by what length.
    pub(super) due: Option<(Timestamp, said::Value)>,
    pub(super) waits: Option<Waits>,
}

impl Known {
    /// Whether it can be acted on.
    pub(super) fn is_free(&self) -> bool {
        self.state != "s2" && self.waits.is_none()
    }
}

/// Its line.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: Option<RecordId>,
    pub(super) amount: i64,
    pub(super) done: bool,
}

/// What waits, who asked for it, and what held then.
#[derive(Clone, Debug)]
pub(super) struct Waits {
    pub(super) approval: ApprovalId,
    pub(super) asker: &'static str,
    pub(super) word: Word,
}

/// Where a regime is attached.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Unit(usize),
    Project(usize),
}

#[derive(Clone, Debug)]
pub(super) struct Attachment {
    pub(super) id: RecordId,
    pub(super) regime: usize,
    pub(super) place: Place,
    pub(super) waits: Option<Waits>,
}

pub(super) struct World {
    pub(super) house: House,
    pub(super) said: Said,
    pub(super) layout: Layout,
    /// How the house is laid out.
    pub(super) is: Layout,
    pub(super) things: Vec<RecordId>,
    pub(super) known: Vec<Vec<Known>>,
    pub(super) attached: Vec<Attachment>,
    /// So many are attached at once.
    pub(super) most: usize,
    pub(super) unit_of: BTreeMap<&'static str, usize>,
    /// Uploads that nothing names yet, and whose they are.
    pub(super) uploads: BTreeMap<&'static str, String>,
    /// The head of the office, who has not shown for long who they are.
    pub(super) stale: Caller,
    pub(super) now: Timestamp,
    pub(super) dice: Dice,
    /// How often each construct was met by an act.
    pub(super) hits: BTreeMap<&'static str, usize>,
}

pub(super) type Wrong = Result<(), String>;

impl World {
    /// What is said and how it is laid out, and how the house is laid out.
    pub(super) async fn new(mut house: House, said: Said, is: Layout, dice: Dice) -> Self {
        house.people().await;
        let mut unit_of = furnish(&mut house, &is).await;
        let things = things(&house).await;
        let stale = log_in(&house.app, "chief").await;
        for (who, unit, _) in MAKERS {
            unit_of.insert(who, unit);
        }
        Self {
            known: vec![Vec::new(); said.registers.len()],
            house,
            said,
            layout: Layout::usual(),
            is,
            things,
            attached: Vec::new(),
            most: 6,
            unit_of,
            uploads: BTreeMap::new(),
            stale,
            now: "2026-03-02T01:00:00Z".parse().unwrap(),
            dice,
            hits: BTreeMap::new(),
        }
    }

    pub(super) fn hit(&mut self, construct: &'static str) {
        *self.hits.entry(construct).or_default() += 1;
    }

    pub(super) fn register(&self, known: &Known) -> &Register {
        &self.said.registers[known.register]
    }

    pub(super) fn maker(&mut self) -> &'static str {
        self.dice.pick(&MAKERS.map(|(who, _, _)| who))
    }

    /// A unit with those above it.
    fn up(&self, unit: usize) -> BTreeSet<usize> {
        let mut units = BTreeSet::new();
        let mut at = Some(unit);
        while let Some(unit) = at {
            units.insert(unit);
            at = self.layout.upper[unit];
        }
        units
    }

    /// The projects of its label.
    pub(super) fn projects_of(&self, known: &Known) -> BTreeSet<usize> {
        let label = self.register(known).label;
        let things = THINGS[known.thing].iter().filter(|_| label.is_things());
        let own = known.projects.iter().filter(|_| label.is_own());
        things.chain(own).copied().collect()
    }

    /// Whether somebody may know what belongs to the projects of a record.
    pub(super) fn is_cleared(&self, who: &str, known: &Known) -> bool {
        let makers = MAKERS.iter().map(|(maker, _, projects)| (maker, projects));
        let mut all = makers.chain(OTHERS.iter().map(|(other, projects)| (other, projects)));
        let (_, may) = all.find(|(one, _)| **one == who).unwrap();
        let projects = self.projects_of(known);
        projects.iter().all(|project| may.contains(project))
    }

    /// Each way by which a record belongs to a place.
    pub(super) fn ways(&self, known: &Known, place: Place) -> Vec<&'static str> {
        let unit = match place {
            Place::Unit(unit) => unit,
            Place::Project(project) => {
                let label = self.register(known).label;
                let of_thing = label.is_things() && THINGS[known.thing].contains(&project);
                let own = label.is_own() && known.projects.contains(&project);
                let ways = [("project of a thing", of_thing), ("project proposed", own)];
                return ways.iter().filter(|way| way.1).map(|way| way.0).collect();
            }
        };
        let is_of = |who: &str| self.up(self.unit_of[who]).contains(&unit);
        let above = |own: usize| own != unit && self.up(own).contains(&unit);
        let scope = self.register(known).label.is_own();
        let ways = [
            ("its unit", known.unit == Some(unit)),
            ("a unit above", known.unit.is_some_and(above)),
            ("a person", known.person.is_some_and(is_of)),
            ("its drafter", is_of(known.drafter)),
            (
                "its scope",
                scope && known.scope.iter().any(|who| is_of(who)),
            ),
        ];
        ways.iter().filter(|way| way.1).map(|way| way.0).collect()
    }

    /// The regimes that are attached to where a record belongs.
    pub(super) fn besides(&self, known: &Known) -> BTreeSet<usize> {
        let holds = |one: &&Attachment| !self.ways(known, one.place).is_empty();
        let attached = self.attached.iter().filter(holds);
        attached.map(|one| one.regime).collect()
    }

    pub(super) fn word(&self, known: &Known) -> Word {
        self.said
            .word(Some(self.register(known)), &self.besides(known))
    }

    /// What holds for an attachment itself: it names a unit, and the head of the office wrote it.
    pub(super) fn word_of_attachment(&self, attachment: &Attachment) -> Word {
        let mut units = self.up(self.unit_of["chief"]);
        if let Place::Unit(unit) = attachment.place {
            units.extend(self.up(unit));
        }
        let holds = |one: &&Attachment| match one.place {
            Place::Unit(unit) => units.contains(&unit),
            Place::Project(_) => false,
        };
        let attached = self.attached.iter().filter(holds);
        self.said
            .word(None, &attached.map(|one| one.regime).collect())
    }
}

/// Who logs in.
pub(super) fn all_who_act() -> impl Iterator<Item = &'static str> {
    let others = ["registrar", "leader", "chief", "office"];
    let makers = MAKERS.iter().map(|(who, _, _)| *who);
    makers.chain(others)
}

/// Units and people as they are laid out, and where who makes nothing belongs.
async fn furnish(house: &mut House, is: &Layout) -> BTreeMap<&'static str, usize> {
    for (unit, upper) in UNITS.into_iter().zip(is.upper).skip(1) {
        let mut fields = json!({ "name": unit });
        if let Some(upper) = upper {
            fields["upper"] = json!(house.id(UNITS[upper]));
        }
        house.add("office", "unit", unit, fields).await;
    }
    let others = OTHERS.map(|(who, projects)| (who, 0, projects));
    for (who, unit, projects) in MAKERS.into_iter().chain(others) {
        let unit = is.makers.unwrap_or(unit);
        let fields =
            json!({ "unit": house.id(UNITS[unit]), "compartments": names(projects, PROJECTS) });
        let moved = house.act("office", house.ids[who], "correct", fields).await;
        assert!(matches!(moved, Ok(Performed::Done { .. })), "{moved:?}");
    }
    OTHERS.map(|(who, _)| (who, 0)).into()
}

async fn things(house: &House) -> Vec<RecordId> {
    let mut things = Vec::new();
    let makers = MAKERS.map(|(who, _, _)| house.id(who));
    let others = OTHERS.map(|(who, _)| house.id(who));
    let all = [makers, others].concat();
    for (number, projects) in THINGS.iter().enumerate() {
        let fields = json!({
            "name": format!("物件{number}"), "level": "state.secret", "term": { "years": 10 },
            "compartments": names(projects, PROJECTS), "scope_persons": all,
        });
        let made = house.make("registrar", "thing", "add", fields, &[]).await;
        let Ok(Performed::Done { record, .. }) = made else {
            panic!("{made:?}")
        };
        things.push(record.id);
    }
    things
}

/// Projects as they are written; nothing where there are none.
pub(super) fn names(projects: &[usize], names: [&str; 2]) -> Value {
    let all: Vec<&str> = projects.iter().map(|project| names[*project]).collect();
    if all.is_empty() {
        return Value::Null;
    }
    json!(all.join(","))
}
