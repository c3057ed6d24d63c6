//! The board: what the tiles of the definitions count of what the caller sees. Each figure is the count of a
//! list that can be opened, under the predicate of that list: what is hidden is in no number.

use super::{filter, of_today};
use crate::{
    caller::Caller,
    core::{App, Inner},
    error::Error,
    limits,
    views::ListInput,
    visibility::{self, Sight},
};
use access::{Grant, Role};
use domain::{Date, Level, RecordId, Text, Timestamp};
use jiff::{ToSpan, tz::TimeZone};
use registers::{Definition, Field, FieldKind, Tile, TileBy, filter::ClockIs};
use std::collections::{BTreeMap, HashMap};
use store::{Column, Group, Months, Tx, rows::Value};

/// Months that a line goes over.
const MONTHS: i64 = 12;

/// A tile with its numbers.
#[derive(Debug)]
pub struct TileView {
    /// The register it counts.
    pub register: String,
    /// Its key there.
    pub key: String,
    /// Its name.
    pub name: Text,
    /// `figure`, `bar`, `line` or `donut`.
    pub kind: &'static str,
    /// What its parts are: `state`, `label`, `month`, `clock`, `choice`, `level`, `bool` or `record`.
    pub of: Option<&'static str>,
    /// The list it stands for.
    pub filter: String,
    /// How many there are.
    pub total: i64,
    /// There are more, which were not counted.
    pub capped: bool,
    /// Its groups.
    pub parts: Vec<TilePartView>,
}

/// One group of a tile.
#[derive(Debug)]
pub struct TilePartView {
    /// What its records have in common.
    pub key: String,
    /// The name of that, if the definition has one.
    pub name: Option<Text>,
    /// How many there are.
    pub count: i64,
    /// The list it stands for.
    pub filter: String,
}

type Counts = BTreeMap<String, i64>;

impl App {
    /// The tiles that are for the caller's roles, counted now.
    pub async fn board(&self, caller: &Caller) -> Result<Vec<TileView>, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            let sight = visibility::sight(inner, tx, &caller, Grant::Handle, now)?;
            let for_caller = |tile: &&Tile| {
                let mut roles = tile.who.iter();
                roles.any(|key| Role::parse_key(key).is_ok_and(|role| sight.viewer.has(role)))
            };
            let mut shown = Vec::new();
            for definition in inner.catalogue.definitions() {
                for tile in definition.tiles.iter().filter(for_caller) {
                    if shown.len() < limits::TILES {
                        shown.push(count(inner, tx, &sight, definition, tile)?);
                    }
                }
            }
            Ok(shown)
        })
        .await
    }
}

fn count(
    inner: &Inner,
    tx: &mut Tx<'_>,
    sight: &Sight,
    definition: &Definition,
    tile: &Tile,
) -> Result<TileView, Error> {
    let by = tile.by();
    let months = Stretches::of(inner, by, sight.visible.now);
    let asked = joined(&tile.filter, months.as_ref().map_or("", |one| &one.bounds));
    let input = ListInput {
        filter: Some(asked),
        ..ListInput::default()
    };
    let mut query = filter::query(inner, definition, sight.visible.clone(), &input)?;
    let in_fields = matches!(
        by,
        Some(TileBy::MonthOf(_) | TileBy::Field(_) | TileBy::Over(..))
    );
    of_today(inner, definition, &mut query, in_fields);
    let group = group(inner, definition, by, months.as_ref(), sight.visible.now)?;
    let found = tx.grouped(&query, &group, limits::TILE_RECORDS)?;
    let met: i64 = found.iter().map(|(_, count)| count).sum();
    let named = found.into_iter();
    let counts: Counts = named
        .filter_map(|(key, count)| Some((key?, count)))
        .collect();
    let maker = Maker {
        inner,
        sight,
        definition,
        tile,
    };
    let (of, parts) = match by {
        None => (None, Vec::new()),
        Some(by) => maker.parts(tx, by, &counts, months.as_ref())?,
    };
    // WHY not everything by a deadline or a month: what has no deadline, or lies outside the year, is in no group. Of other
    // groups only the largest are told, and what has no value is in none
    let total = match by {
        Some(TileBy::Clock(_) | TileBy::Month | TileBy::MonthOf(_)) => {
            parts.iter().map(|part| part.count).sum()
        }
        None | Some(TileBy::State | TileBy::Label | TileBy::Field(_) | TileBy::Over(..)) => met,
    };
    Ok(TileView {
        register: definition.key.clone(),
        key: tile.key.clone(),
        name: tile.name.clone(),
        kind: tile.kind.word(),
        of,
        filter: tile.filter.clone(),
        total,
        capped: met >= limits::TILE_RECORDS,
        parts,
    })
}

fn joined(one: &str, other: &str) -> String {
    match (one.is_empty(), other.is_empty()) {
        (false, false) => format!("{one},{other}"),
        _ => format!("{one}{other}"),
    }
}

/// A filter without its conditions on some words.
fn without(filter: &str, words: &[&str]) -> String {
    let parts = filter.split(',').map(str::trim);
    let kept = parts.filter(|part| {
        let key = registers::filter::part(part).map_or("", |part| part.key);
        !words.contains(&key)
    });
    kept.collect::<Vec<_>>().join(",")
}

/// The last twelve months, as groups and as conditions.
struct Stretches {
    /// The first day of each, and of the one that follows.
    days: Vec<Date>,
    /// What is asked of every record that is counted.
    bounds: String,
    /// What the months are of; none = when the record was recorded.
    field: Option<String>,
}

impl Stretches {
    fn of(inner: &Inner, by: Option<TileBy<'_>>, now: Timestamp) -> Option<Self> {
        let field = match by? {
            TileBy::Month => None,
            TileBy::MonthOf(field) => Some(field.to_owned()),
            TileBy::State
            | TileBy::Label
            | TileBy::Clock(_)
            | TileBy::Field(_)
            | TileBy::Over(..) => return None,
        };
        let first = inner.today(now).first_of_month();
        let from = 1 - MONTHS;
        let days = (from..=1).filter_map(|months| first.checked_add(months.months()).ok());
        let days: Vec<Date> = days.collect();
        let bounds = match &field {
            None => days.first().map(|day| format!("recorded>={day}")),
            Some(_) => None,
        };
        Some(Self {
            days,
            bounds: bounds.unwrap_or_default(),
            field,
        })
    }
}

fn begins(day: Date, zone: &TimeZone) -> Result<Timestamp, Error> {
    zone.to_timestamp(day.at(0, 0, 0, 0))
        .map_err(Error::internal)
}

/// The groups of a field, or how its months are told apart.
fn group(
    inner: &Inner,
    definition: &Definition,
    by: Option<TileBy<'_>>,
    months: Option<&Stretches>,
    now: Timestamp,
) -> Result<Group, Error> {
    if let Some(months) = months {
        let field = months
            .field
            .as_deref()
            .and_then(|key| definition.field(key));
        let day = |day: &Date| match field {
            Some(field) if field.kind == FieldKind::Date => Ok(Value::from(day.to_string())),
            _ => Ok(Value::from(begins(*day, &inner.zone)?.as_millisecond())),
        };
        let bounds = months.days.iter().map(day).collect::<Result<_, Error>>()?;
        let field = field.map(|field| (field.key.clone(), filter::column(field.kind)));
        return Ok(Group::Months(Months { field, bounds }));
    }
    Ok(match by {
        None | Some(TileBy::Month | TileBy::MonthOf(_)) => Group::All,
        Some(TileBy::State) => Group::State,
        Some(TileBy::Label) => Group::Class,
        Some(TileBy::Clock(key)) => Group::Clock(key.to_owned(), now),
        Some(TileBy::Field(key)) => match definition.field(key) {
            Some(field) if field.target().is_some() => Group::Link(key.to_owned()),
            field => Group::Field(key.to_owned(), column_of(field)),
        },
        Some(TileBy::Over(link, key)) => {
            let field = target(inner, definition, link).and_then(|other| other.field(key));
            Group::Over(link.to_owned(), key.to_owned(), column_of(field))
        }
    })
}

fn column_of(field: Option<&Field>) -> Column {
    field.map_or(Column::Text, |field| filter::column(field.kind))
}

fn target<'i>(inner: &'i Inner, definition: &Definition, link: &str) -> Option<&'i Definition> {
    let register = definition.field(link)?.target()?;
    inner.catalogue.definition(register)
}

/// Makes the groups of one tile.
struct Maker<'m> {
    inner: &'m Inner,
    sight: &'m Sight,
    definition: &'m Definition,
    tile: &'m Tile,
}

type Parts = (Option<&'static str>, Vec<TilePartView>);

impl Maker<'_> {
    fn parts(
        &self,
        tx: &mut Tx<'_>,
        by: TileBy<'_>,
        counts: &Counts,
        months: Option<&Stretches>,
    ) -> Result<Parts, Error> {
        Ok(match by {
            TileBy::State => (Some("state"), self.states(counts)),
            TileBy::Label => (Some("label"), self.labels(tx, counts)?),
            TileBy::Month | TileBy::MonthOf(_) => {
                let parts = months.map(|months| self.months(counts, months));
                (Some("month"), parts.transpose()?.unwrap_or_default())
            }
            TileBy::Clock(key) => (Some("clock"), self.clocks(key, counts)),
            TileBy::Field(key) => match self.definition.field(key) {
                Some(field) if field.target().is_some() => {
                    (Some("record"), self.records(tx, key, counts)?)
                }
                field => self.values(key, field, counts),
            },
            TileBy::Over(link, key) => {
                let other = target(self.inner, self.definition, link);
                let field = other.and_then(|other| other.field(key));
                self.values(&format!("{link}.{key}"), field, counts)
            }
        })
    }

    fn part(&self, key: &str, name: Option<&Text>, count: i64, condition: &str) -> TilePartView {
        TilePartView {
            key: key.to_owned(),
            name: name.cloned(),
            count,
            filter: joined(&self.tile.filter, condition),
        }
    }

    fn states(&self, counts: &Counts) -> Vec<TilePartView> {
        let rest = without(&self.tile.filter, &["state", "open"]);
        let states = self.definition.states.iter();
        let met = states.filter_map(|state| Some((state, *counts.get(&state.key)?)));
        met.map(|(state, count)| TilePartView {
            key: state.key.clone(),
            name: Some(state.name.clone()),
            count,
            filter: joined(&rest, &format!("state:{}", state.key)),
        })
        .collect()
    }

    fn labels(&self, tx: &mut Tx<'_>, counts: &Counts) -> Result<Vec<TilePartView>, Error> {
        let seen = self.inner.classes.seen(tx)?;
        let mut levels: HashMap<Option<Level>, i64> = HashMap::new();
        for (class, count) in counts {
            let level = class.parse().ok().and_then(|class| seen.highest(class));
            *levels.entry(level).or_default() += count;
        }
        let order = Level::ALL.iter().map(|level| Some(*level)).chain([None]);
        let met = order.filter_map(|level| Some((level, *levels.get(&level)?)));
        let parts = met.map(|(level, count)| {
            let key = level.map_or("open", Level::key);
            self.part(key, None, count, &format!("label:{key}"))
        });
        Ok(parts.collect())
    }

    fn months(&self, counts: &Counts, months: &Stretches) -> Result<Vec<TilePartView>, Error> {
        let pairs = months.days.iter().zip(months.days.iter().skip(1));
        let mut parts = Vec::new();
        for (number, (from, next)) in pairs.enumerate() {
            let count = counts.get(&(number + 1).to_string()).copied();
            let condition = self.within(months, *from, *next)?;
            let key = from.strftime("%Y-%m").to_string();
            parts.push(self.part(&key, None, count.unwrap_or(0), &condition));
        }
        Ok(parts)
    }

    /// What a list is asked for to have the records of one month.
    fn within(&self, months: &Stretches, from: Date, next: Date) -> Result<String, Error> {
        let last = next.yesterday().map_err(Error::internal)?;
        let Some(field) = months.field.as_deref() else {
            return Ok(format!("recorded>={from},recorded<={last}"));
        };
        let kind = self.definition.field(field).map(|field| field.kind);
        if kind == Some(FieldKind::Date) {
            return Ok(format!("{field}>={from},{field}<={last}"));
        }
        let zone = &self.inner.zone;
        let (from, next) = (begins(from, zone)?, begins(next, zone)?);
        let last = next - 1.millisecond();
        Ok(format!("{field}>={from},{field}<={last}"))
    }

    fn clocks(&self, key: &str, counts: &Counts) -> Vec<TilePartView> {
        let words = ClockIs::ALL.iter().map(|(word, _)| *word);
        let met = words.filter_map(|word| Some((word, *counts.get(word)?)));
        met.map(|(word, count)| self.part(word, None, count, &format!("clock.{key}:{word}")))
            .collect()
    }

    fn values(&self, key: &str, field: Option<&Field>, counts: &Counts) -> Parts {
        let Some(field) = field else {
            return (None, Vec::new());
        };
        let bools = [("true", "1"), ("false", "0")];
        if field.kind == FieldKind::Bool {
            let met = bools.iter();
            let met = met.filter_map(|(word, kept)| Some((word, counts.get(*kept)?)));
            let part = |(word, count): (&&str, &i64)| {
                self.part(word, None, *count, &format!("{key}:{word}"))
            };
            return (Some("bool"), met.map(part).collect());
        }
        if field.kind == FieldKind::Choice {
            let choices = field.choices.iter();
            let met = choices.filter_map(|one| Some((one, counts.get(&one.key)?)));
            let part = |(one, count): (&registers::Choice, &i64)| {
                let condition = format!("{key}:{}", one.key);
                self.part(&one.key, Some(&one.name), *count, &condition)
            };
            return (Some("choice"), met.map(part).collect());
        }
        let all = counts.iter();
        let part = |(value, count): (&String, &i64)| {
            self.part(value, None, *count, &format!("{key}:{value}"))
        };
        (Some("level"), all.map(part).collect())
    }

    /// Groups by what is linked to, the largest first; what is hidden is no group.
    fn records(
        &self,
        tx: &mut Tx<'_>,
        key: &str,
        counts: &Counts,
    ) -> Result<Vec<TilePartView>, Error> {
        let linked = counts.iter();
        let linked: Vec<(RecordId, i64)> = linked
            .filter_map(|(id, count)| Some((id.parse().ok()?, *count)))
            .collect();
        let ids = linked.iter().map(|(id, _)| *id).collect();
        let seen = tx.visible_among(&ids, &self.sight.visible)?;
        let mut seen: Vec<(RecordId, i64)> = linked
            .into_iter()
            .filter(|(id, _)| seen.contains(id))
            .collect();
        seen.sort_by_key(|(id, count)| (-count, *id));
        seen.truncate(limits::TILE_GROUPS);
        let parts = seen.into_iter().map(|(id, count)| {
            let condition = format!("{key}:{id}");
            self.part(&id.to_string(), None, count, &condition)
        });
        Ok(parts.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packs::Packs;
    use registers::TileKind;

    #[test]
    fn conditions_are_put_together_and_taken_out() {
        assert_eq!(joined("", ""), "");
        assert_eq!(joined("a:1", "b:2"), "a:1,b:2");
        let filter = "state:a|b, level:x,open:yes";
        assert_eq!(without(filter, &["state", "open"]), "level:x");
    }

    #[test]
    fn a_line_goes_over_months_and_everything_has_roles() {
        let catalogue = Packs::Shipped.catalogue().unwrap();
        let tiles: Vec<&Tile> = catalogue.definitions().flat_map(|one| &one.tiles).collect();
        assert!(tiles.len() > 8, "{}", tiles.len());
        for tile in tiles {
            assert!(!tile.who.is_empty(), "{}", tile.key);
            let over = matches!(tile.by(), Some(TileBy::Month | TileBy::MonthOf(_)));
            assert!(tile.kind != TileKind::Line || over, "{}", tile.key);
        }
    }
}
