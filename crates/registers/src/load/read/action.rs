//! Actions with their signers, creations and fan-outs.

use std::collections::BTreeSet;

use super::{stand_in, unique};
use crate::load::item::Item;
use crate::load::mistake::{Mistake, quoted};
use crate::load::reader::Reader;
use crate::load::table::Table;
use crate::load::wanted::{ExprScope, RefTo, Scope, Spot, Wants};
use crate::model::{Action, Builtin, Comment, Creates, DistinctFrom, FanOut, SignMethod, Signer};
use crate::{Who, WhoSet};

const COMMENTS: [(&str, Comment); 2] = [
    ("optional", Comment::Optional),
    ("required", Comment::Required),
];
/// Most different persons one signature line may ask for.
const SIGNERS_MAX: usize = 20;

pub(super) fn actions<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Vec<Action> {
    let mut seen = BTreeSet::new();
    let mut actions = Vec::new();
    for entry in table.tables("action", "[[action]]") {
        let key = reader.key(&entry);
        if let Some(key) = &key {
            unique(&entry, &mut seen, key, "[[action]]");
            reader.spot(
                &entry,
                key.at,
                Spot::Action(scope.clone(), key.value.clone()),
            );
        }
        let mut action = action(reader, &entry, scope);
        let to = entry.item("to").map(|to| to.at);
        if let Some(key) = key {
            action.builtin = Builtin::ALL
                .into_iter()
                .find(|(builtin, _)| *builtin == key.value)
                .map(|(_, builtin)| builtin);
            // only opening stock is entered in the state it happens to be in
            let chooses = action.builtin == Some(Builtin::TakeOver) && *scope == Scope::Record;
            if let (false, Some(to), false) = (chooses, to, action.to_any.is_empty()) {
                entry.note(to, Mistake::SeveralTo);
            }
            action.key = key.value;
            actions.push(action);
        }
        entry.close();
    }
    actions
}

fn action<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Action {
    let expressions = scope.expressions();
    let who = if table.need("who").is_some() {
        reader.who(table, "who", scope)
    } else {
        None
    };
    let set = reader.assignments(table, "set", &expressions, |field| {
        reader.want(table, field.at, scope, RefTo::Field(field.value.clone()));
    });
    let (to, to_any) = to(reader, table, scope);
    Action {
        key: String::new(),
        name: stand_in(table.need_text("name")),
        help: table.text("help"),
        from: from(reader, table, scope),
        to,
        to_any,
        who: who.unwrap_or_default(),
        when: reader.expr(table, "when", expressions, Wants::Truth),
        input: input(reader, table, scope),
        set,
        step_up: table.flag("step_up"),
        sign: signers(reader, table, scope),
        effect: effect(reader, table, scope),
        creates: creates(reader, table, scope),
        fan_out: fan_out(reader, table, scope),
        bulk: table.flag("bulk"),
        undo: undo(reader, table, scope),
        comment: table.word("comment", &COMMENTS).unwrap_or_default(),
        builtin: None,
        added: false,
    }
}

/// The action that undoes it.
fn undo<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Option<String> {
    let undo = table.string("undo")?;
    reader.want(table, undo.at, scope, RefTo::Action(undo.value.clone()));
    Some(undo.value)
}

/// States it is possible in; `*` stands for every state that is not final, and is put in by
/// `check` once the states are known.
fn from<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Vec<String> {
    let Some(item) = table.item("from") else {
        return Vec::new();
    };
    let states = table.strings("from");
    if states.is_empty() {
        table.note(item.at, Mistake::EmptyFrom);
    }
    for state in states.iter().filter(|state| state.value != "*") {
        reader.want(table, state.at, scope, RefTo::State(state.value.clone()));
    }
    states.into_iter().map(|state| state.value).collect()
}

/// The state it leads to, or those it may be chosen from.
fn to<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> (Option<String>, Vec<String>) {
    let Some(item) = table.item("to") else {
        return (None, Vec::new());
    };
    if item.is_string() {
        let to = item.string();
        if let Some(to) = &to {
            reader.want(table, to.at, scope, RefTo::State(to.value.clone()));
        }
        return (to.map(|to| to.value), Vec::new());
    }
    let states = table.strings("to");
    if states.is_empty() {
        table.note(item.at, Mistake::SeveralTo);
    }
    for state in &states {
        reader.want(table, state.at, scope, RefTo::State(state.value.clone()));
    }
    (None, states.into_iter().map(|state| state.value).collect())
}

fn input<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Vec<String> {
    // an initial action without `input` takes every settable field: filled in by `check`
    if table.item("input").is_none() && table.item("from").is_none() {
        return vec!["*".to_owned()];
    }
    let input = table.strings("input");
    for field in input.iter().filter(|field| field.value != "*") {
        let to = match scope {
            Scope::Record => RefTo::Input(field.value.clone()),
            Scope::Line(_) => RefTo::SettableField(field.value.clone()),
        };
        reader.want(table, field.at, scope, to);
    }
    input.into_iter().map(|field| field.value).collect()
}

fn effect<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Option<String> {
    let effect = table.string("effect")?;
    reader.want(table, effect.at, scope, RefTo::Effect(effect.value.clone()));
    Some(effect.value)
}

/// `sign = ["borrower", "role:registrar", { who = …, method = …, … }]`.
fn signers<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Vec<Signer> {
    let Some(item) = table.item("sign") else {
        return Vec::new();
    };
    item.one_or_many()
        .into_iter()
        .filter_map(|entry| signer(reader, table, entry, scope))
        .collect()
}

fn signer<'t>(
    reader: &Reader<'t>,
    table: &Table<'t>,
    item: Item<'t>,
    scope: &Scope,
) -> Option<Signer> {
    if item.is_string() {
        let written = item.string()?;
        // a bare word that is no who is the name of a person field
        let who = match Who::parse(&written.value) {
            Ok(who) => who,
            Err(_) => Who::Field(written.value.split('.').map(str::to_owned).collect()),
        };
        let who = WhoSet::one(who);
        reader.want(table, written.at, scope, RefTo::Who(who.clone()));
        return Some(plain_signer(who));
    }
    let entry = item.table("sign")?;
    let method = entry
        .item("method")
        .map(Item::one_or_many)
        .unwrap_or_default();
    let method: Vec<SignMethod> = method
        .into_iter()
        .filter_map(|word| word.word(&SignMethod::ALL))
        .collect();
    let to = if method.contains(&SignMethod::Slip) {
        RefTo::Outsider
    } else {
        RefTo::Who
    };
    let who = match entry.need("who") {
        Some(who) => reader.who_as(&entry, who, scope, to),
        None => WhoSet::default(),
    };
    let field = entry.string("field");
    if let Some(field) = &field {
        let to = RefTo::SignatureField(field.value.clone());
        reader.want(&entry, field.at, scope, to);
    }
    let count = entry.count("count");
    if let Some(count) = count
        .as_ref()
        .filter(|c| c.value == 0 || c.value > SIGNERS_MAX)
    {
        entry.note(
            count.at,
            Mistake::TooMany {
                what: "count",
                max: SIGNERS_MAX,
            },
        );
    }
    let signer = Signer {
        who,
        method,
        count: count
            .and_then(|count| u32::try_from(count.value).ok())
            .unwrap_or(1),
        distinct_from: distinct_from(reader, &entry, scope),
        when: reader.expr(&entry, "when", scope.expressions(), Wants::Truth),
        field: field.map(|field| field.value),
    };
    entry.close();
    Some(signer)
}

fn plain_signer(who: WhoSet) -> Signer {
    Signer {
        who,
        method: Vec::new(),
        count: 1,
        distinct_from: Vec::new(),
        when: None,
        field: None,
    }
}

fn distinct_from<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Vec<DistinctFrom> {
    let mut distinct = Vec::new();
    for written in table.strings("distinct_from") {
        let who = match written.value.as_str() {
            "approver" => DistinctFrom::Approver,
            "proposer" => DistinctFrom::Proposer,
            "drafter" => DistinctFrom::Drafter,
            "actor" => DistinctFrom::Actor,
            "signer" => DistinctFrom::Signer,
            other => match Who::parse(other) {
                Ok(who) => {
                    let set = WhoSet::one(who.clone());
                    reader.want(table, written.at, scope, RefTo::Who(set));
                    DistinctFrom::Who(who)
                }
                Err(error) => {
                    let known = [
                        "approver",
                        "proposer",
                        "drafter",
                        "actor",
                        "signer",
                        "field:…",
                    ];
                    table.note(written.at, Mistake::unknown_word(&error.written, &known));
                    continue;
                }
            },
        };
        distinct.push(who);
    }
    distinct
}

fn creates<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Vec<Creates> {
    let mut all = Vec::new();
    for entry in table.tables("creates", "creates") {
        let register = entry.need_string("register");
        let action = entry.need_string("action");
        let each = reader.expr(&entry, "each", scope.expressions(), Wants::List);
        let inside = match &each {
            Some(list) => ExprScope::Each {
                list: list.clone(),
                base: scope.clone(),
            },
            None => scope.expressions(),
        };
        let when = reader.expr(&entry, "when", scope.expressions(), Wants::Truth);
        let name = register
            .as_ref()
            .map(|register| register.value.clone())
            .unwrap_or_default();
        let set = reader.assignments(&entry, "set", &inside, |field| {
            let to = RefTo::RegisterField {
                register: name.clone(),
                field: field.value.clone(),
            };
            reader.want(&entry, field.at, scope, to);
        });
        if let Some(register) = &register {
            reader.want(
                &entry,
                register.at,
                scope,
                RefTo::Register(register.value.clone()),
            );
        }
        if let Some(action) = &action {
            let to = RefTo::RegisterAction {
                register: name.clone(),
                action: action.value.clone(),
            };
            reader.want(&entry, action.at, scope, to);
        }
        if let (Some(register), Some(action)) = (register, action) {
            all.push(Creates {
                register: register.value,
                action: action.value,
                each,
                when,
                set,
            });
        }
        entry.close();
    }
    all
}

fn fan_out<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Vec<FanOut> {
    let Some(item) = table.item("fan_out") else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for item in item.one_or_many() {
        let Some(entry) = item.table("fan_out") else {
            continue;
        };
        let line = entry.need_string("line");
        let action = entry.need_string("action");
        let inside = line
            .as_ref()
            .map_or(ExprScope::Free, |l| ExprScope::Line(l.value.clone()));
        let when = reader.expr(&entry, "when", inside, Wants::Truth);
        if let (Some(line), Some(action)) = (line, action) {
            reader.want(&entry, line.at, scope, RefTo::Line(line.value.clone()));
            let to = RefTo::LineAction {
                line: quoted(&line.value),
                action: action.value.clone(),
            };
            reader.want(&entry, action.at, scope, to);
            all.push(FanOut {
                line: line.value,
                action: action.value,
                when,
            });
        }
        entry.close();
    }
    all
}
