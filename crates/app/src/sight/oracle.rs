//! The slow second opinion: who may know a label, by the rules of the design (part 4) and R-181,
//! It shares no code with `access` and none with the database.

use super::world::{Circle, Person, Protection, Tie};
use domain::Timestamp;

/// Whether a person may know a register fact of something protected like this, at this instant.
pub(super) fn knows(
    person: &Person,
    upper: &[Option<usize>],
    protection: &Protection,
    ties: &[Tie],
    now: Timestamp,
) -> bool {
    works_here(person)
        && cleared(person, protection)
        && (inside(person, upper, &protection.circles)
            || person.roles.contains(&"registrar")
            || ties.iter().any(|tie| counts(tie, person, now)))
}

/// Administrators handle no business, and an account without a role has none.
fn works_here(person: &Person) -> bool {
    let administers = |role: &&str| role.ends_with("_admin");
    !person.roles.is_empty() && !person.roles.iter().any(administers)
}

fn cleared(person: &Person, protection: &Protection) -> bool {
    let gates_stand = person.reviewed && person.trained && person.pledged;
    let ready =
        person.known && person.active && gates_stand && !person.resting && person.post_active;
    let reach = |family: &str| -> u8 {
        if !ready {
            return 0;
        }
        match (family, person.grade, person.trade, person.work) {
            ("state", "core", ..) => 3,
            ("state", "important", ..) => 2,
            ("state", "general", ..) => 1,
            ("trade", _, "core", _) => 2,
            ("trade", _, "ordinary", _) => 1,
            ("work", _, _, true) => 1,
            _ => 0,
        }
    };
    let height = |level: &str| -> (&'static str, u8) {
        match level {
            "state.top_secret" => ("state", 3),
            "state.secret" => ("state", 2),
            "state.confidential" => ("state", 1),
            "trade.core" => ("trade", 2),
            "trade.ordinary" => ("trade", 1),
            "work.internal" => ("work", 1),
            other => panic!("an unknown level: {other}"),
        }
    };
    let levels = protection.levels.iter().all(|level| {
        let (family, needed) = height(level);
        reach(family) >= needed
    });
    let admitted = |name: &&str| ready && person.compartments.contains(name);
    levels && protection.compartments.iter().all(admitted)
}

/// Inside every circle: by name, or through one's unit or one above it.
fn inside(person: &Person, upper: &[Option<usize>], circles: &[Circle]) -> bool {
    let mut units = Vec::new();
    let mut next = person.known.then_some(person.unit);
    while let Some(unit) = next {
        units.push(unit);
        next = upper[unit];
    }
    circles.iter().all(|circle| {
        (person.known && circle.persons.contains(&person.number))
            || circle.units.iter().any(|unit| units.contains(unit))
    })
}

fn counts(tie: &Tie, person: &Person, now: Timestamp) -> bool {
    let kinds = ["drafter", "decision", "custody", "task"];
    person.known
        && tie.person == person.number
        && kinds.contains(&tie.kind)
        && tie.until.is_none_or(|until| until > now)
}
