//! The situations in which a kind of act is tried: every combination of what its policies name.
//!
//! Looking for names in what a policy asks may find one that does not matter; then a few situations more are
//! tried. It cannot miss one: whatever a policy reads, it has to name.

use std::collections::BTreeSet;

use domain::{Level, Levels, Text};

use super::RegisterFacts;
use crate::{Channel, Grant, Ground, Group, Kind, Nature};

/// One situation.
#[derive(Debug, Clone)]
pub(super) struct Situation {
    pub(super) register: RegisterFacts,
    pub(super) step_up: bool,
    pub(super) at_expiry: bool,
    pub(super) outside: bool,
    pub(super) channel: Channel,
    pub(super) hour: Option<u8>,
    pub(super) grant: Grant,
    pub(super) grounds: Vec<Ground>,
    pub(super) levels: Levels,
    /// What is special about it; empty where nothing tells it from others.
    pub(super) told: Text,
}

/// One thing that policies tell apart, with the values that are tried.
#[derive(Debug, Clone)]
enum Axis {
    StepUp,
    AtExpiry,
    Outside,
    Channel,
    Hour,
    Grant,
    Grounds(Vec<Vec<Ground>>),
    Levels(Vec<Levels>),
    Register(Vec<RegisterFacts>),
}

/// All situations of a kind of act.
#[derive(Debug, Clone)]
pub(super) struct Situations {
    axes: Vec<Axis>,
    usual: RegisterFacts,
}

impl Situations {
    /// Those that the policies of a kind tell apart; `asks` is what they ask about.
    pub(super) fn of(kind: Kind, asks: &str, registers: &[RegisterFacts]) -> Self {
        let names = |word: &str| asks.contains(&format!("\"{word}\""));
        let office = RegisterFacts {
            key: "account".to_owned(),
            area: "office".to_owned(),
            nature: Nature::Business,
        };
        let flags = [
            ("step_up", Axis::StepUp),
            ("at_expiry", Axis::AtExpiry),
            ("outside", Axis::Outside),
            ("channel", Axis::Channel),
            ("hour", Axis::Hour),
        ];
        let named = flags.into_iter().filter(|(word, _)| names(word));
        let mut axes: Vec<Axis> = named.map(|(_, axis)| axis).collect();
        let mut usual = office;
        match kind.group() {
            Group::Administration | Group::Oversight => {}
            Group::Business => {
                if names("grant") {
                    axes.push(Axis::Grant);
                }
                if names("grounds") {
                    axes.push(Axis::Grounds(grounds(&names)));
                }
                if names("levels") {
                    axes.push(Axis::Levels(levels(&names)));
                }
                let apart = apart(&names, registers);
                usual = apart.first().cloned().unwrap_or(usual);
                if apart.len() > 1 {
                    axes.push(Axis::Register(apart));
                }
            }
        }
        Self { axes, usual }
    }

    pub(super) fn count(&self) -> usize {
        self.axes.iter().map(Axis::len).product()
    }

    /// The situation of this number, from 0.
    pub(super) fn nth(&self, number: usize) -> Situation {
        let mut situation = Situation {
            register: self.usual.clone(),
            step_up: false,
            at_expiry: false,
            outside: false,
            channel: Channel::Page,
            hour: None,
            grant: Grant::Handle,
            grounds: Vec::new(),
            levels: Levels::new(),
            told: Text::new("", ""),
        };
        let mut rest = number;
        for axis in &self.axes {
            let (next, place) = (rest / axis.len(), rest % axis.len());
            rest = next;
            if let Some(words) = axis.apply(place, &mut situation) {
                let told = &mut situation.told;
                let joined = !told.zh.is_empty();
                told.zh = format!("{}{}{}", told.zh, if joined { "；" } else { "" }, words.zh);
                told.en = format!("{}{}{}", told.en, if joined { "; " } else { "" }, words.en);
            }
        }
        situation
    }
}

impl Axis {
    fn len(&self) -> usize {
        match self {
            Self::StepUp | Self::AtExpiry | Self::Outside => 2,
            Self::Channel => Channel::ALL.len(),
            Self::Hour => 25,
            Self::Grant => Grant::ALL.len(),
            Self::Grounds(all) => all.len().max(1),
            Self::Levels(all) => all.len().max(1),
            Self::Register(all) => all.len().max(1),
        }
    }

    /// Puts a situation at a place on this axis, and says so where it is not the usual one.
    fn apply(&self, place: usize, situation: &mut Situation) -> Option<Text> {
        let yes = place == 1;
        match self {
            Self::StepUp => {
                situation.step_up = yes;
                yes.then(|| Text::new("已再次认证", "after a second proof"))
            }
            Self::AtExpiry => {
                situation.at_expiry = yes;
                yes.then(|| Text::new("保密期限已满", "the period has ended"))
            }
            Self::Outside => {
                situation.outside = yes;
                yes.then(|| Text::new("载体离开本单位", "it leaves the house"))
            }
            Self::Channel => {
                situation.channel = Channel::ALL.get(place).copied().unwrap_or_default();
                match situation.channel {
                    Channel::Page => None,
                    Channel::Program => Some(Text::new("由程序办理", "by a program")),
                    Channel::Gateway => Some(Text::new("由网关办理", "by a gateway")),
                }
            }
            Self::Hour => {
                situation.hour = place
                    .checked_sub(1)
                    .and_then(|hour| u8::try_from(hour).ok());
                let hour = situation.hour?;
                Some(Text::new(format!("{hour} 时"), format!("at {hour} h")))
            }
            Self::Grant => {
                situation.grant = Grant::ALL.get(place).copied().unwrap_or(Grant::Handle);
                match situation.grant {
                    Grant::Handle => None,
                    Grant::Open => Some(Text::new("打开内容", "to open content")),
                    Grant::Stat => Some(Text::new("只统计", "to count only")),
                }
            }
            Self::Grounds(all) => {
                situation.grounds = all.get(place).cloned().unwrap_or_default();
                let names = situation.grounds.iter().map(|ground| ground.name());
                joined(names, ("知悉依据：", "known by: "))
            }
            Self::Levels(all) => {
                situation.levels = all.get(place).cloned().unwrap_or_default();
                let names = situation.levels.iter();
                joined(
                    names.map(|level| Text::new(level.zh(), level.en())),
                    ("密级：", "level: "),
                )
            }
            Self::Register(all) => {
                situation.register = all.get(place)?.clone();
                if place == 0 {
                    return None;
                }
                let RegisterFacts { key, area, nature } = &situation.register;
                let (zh, en) = match nature {
                    Nature::Business => ("业务台账", "register"),
                    Nature::Directory => ("名录", "directory"),
                };
                Some(Text::new(
                    format!("{zh} {area}/{key} 等"),
                    format!("{en} {area}/{key} and its like"),
                ))
            }
        }
    }
}

fn joined(names: impl Iterator<Item = Text>, lead: (&str, &str)) -> Option<Text> {
    let names: Vec<Text> = names.collect();
    let (zh, en): (Vec<&str>, Vec<&str>) = names
        .iter()
        .map(|name| (name.zh.as_str(), name.en.as_str()))
        .unzip();
    (!names.is_empty()).then(|| {
        Text::new(
            format!("{}{}", lead.0, zh.join("、")),
            format!("{}{}", lead.1, en.join(", ")),
        )
    })
}

/// None, each that is named, one that is not, and all that are named together.
fn grounds(names: &impl Fn(&str) -> bool) -> Vec<Vec<Ground>> {
    let (named, others): (Vec<Ground>, Vec<Ground>) = Ground::ALL
        .into_iter()
        .filter(|ground| *ground != Ground::Office)
        .partition(|ground| names(ground.key()));
    let mut all = vec![Vec::new()];
    all.extend(named.iter().map(|ground| vec![*ground]));
    all.extend(others.first().map(|ground| vec![*ground]));
    if named.len() > 1 {
        all.push(named);
    }
    all
}

/// The same of levels; of each family the highest named stands for all of it in the last.
fn levels(names: &impl Fn(&str) -> bool) -> Vec<Levels> {
    let (named, others): (Vec<Level>, Vec<Level>) =
        Level::ALL.into_iter().partition(|level| names(level.key()));
    let mut all = vec![Levels::new()];
    all.extend(named.iter().map(|level| Levels::from(*level)));
    all.extend(others.first().map(|level| Levels::from(*level)));
    if named.len() > 1 {
        let every = named.iter().map(|level| Levels::from(*level));
        let joined = every.reduce(|one, other| one.join(&other));
        all.extend(joined);
    }
    all
}

/// The registers that are told apart, one for all that are not. Keys and chapters may be compared with a
/// pattern, so whoever names one of these tells all of them apart.
fn apart(names: &impl Fn(&str) -> bool, registers: &[RegisterFacts]) -> Vec<RegisterFacts> {
    let mut seen: BTreeSet<(Option<&str>, Option<&str>, bool)> = BTreeSet::new();
    let (key, area, nature) = (names("key"), names("area"), names("nature"));
    let mut told = Vec::new();
    // the usual one is of the business
    let (business, others): (Vec<_>, Vec<_>) = registers
        .iter()
        .partition(|one| one.nature == Nature::Business);
    for one in business.into_iter().chain(others) {
        let new = seen.insert((
            (key || names(&one.key)).then_some(one.key.as_str()),
            (area || names(&one.area)).then_some(one.area.as_str()),
            nature && one.nature == Nature::Directory,
        ));
        if new {
            told.push(one.clone());
        }
    }
    told
}
