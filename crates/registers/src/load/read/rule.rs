//! Rules.

use super::stand_in;
use crate::load::mistake::{Mistake, quoted};
use crate::load::reader::Reader;
use crate::load::table::{At, Table};
use crate::load::wanted::{RefTo, Scope, Wants};
use crate::model::{Letter, Rule, RuleTest, Severity};

pub(super) fn rules<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Vec<Rule> {
    let mut rules = Vec::new();
    for entry in table.tables("rule", "[[rule]]") {
        let read = rule(reader, &entry, scope);
        entry.close();
        rules.extend(read);
    }
    rules
}

fn rule<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Option<Rule> {
    let id = id(table);
    let clause = table.need_string("clause");
    let letter = table
        .need("letter")
        .and_then(|item| item.word(&Letter::ALL));
    let severity = severity(table, letter);
    let on = on(reader, table, scope);
    let when = reader.expr(table, "when", scope.expressions(), Wants::Truth);
    let test = test(reader, table, scope);
    let say = stand_in(table.need_text("say"));
    let field = table.string("field");
    if let Some(field) = &field {
        reader.want(table, field.at, scope, RefTo::Field(field.value.clone()));
    }
    Some(Rule {
        id: id?.value,
        clause: clause?.value,
        letter: letter?,
        severity,
        on,
        when,
        test: test?,
        say,
        field: field.map(|field| field.value),
    })
}

fn id(table: &Table<'_>) -> Option<At<String>> {
    let id = table.need_string("id")?;
    let number = id
        .value
        .strip_prefix("R-")
        .or_else(|| id.value.strip_prefix("I-"));
    let good = number.is_some_and(|rest| {
        !rest.is_empty()
            && rest.len() <= 40
            && rest
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    });
    if good {
        return Some(id);
    }
    table.note(
        id.at,
        Mistake::RuleId {
            written: quoted(&id.value),
        },
    );
    None
}

/// What the law fixes stops; everything else says how hard it holds.
fn severity(table: &Table<'_>, letter: Option<Letter>) -> Severity {
    let fixed = letter.is_some_and(Letter::is_fixed);
    let item = if fixed {
        table.item("severity")
    } else {
        table.need("severity")
    };
    let Some(severity) = item.and_then(|item| item.word(&Severity::ALL)) else {
        return Severity::Stop;
    };
    if let (Some(letter), true) = (letter, fixed && severity != Severity::Stop) {
        let at = item.map_or(table.at, |item| item.at);
        table.note(
            at,
            Mistake::Loosened {
                letter: letter.word(),
            },
        );
    }
    severity
}

fn on<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Vec<String> {
    table.need("on");
    let on = table.strings("on");
    for action in &on {
        let to = match scope {
            Scope::Record => RefTo::RuleAction(action.value.clone()),
            Scope::Line(_) => RefTo::Action(action.value.clone()),
        };
        reader.want(table, action.at, scope, to);
    }
    on.into_iter().map(|action| action.value).collect()
}

fn test<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Option<RuleTest> {
    let by = table.string("by");
    let has_check = table.item("check").is_some();
    if by.is_some() == has_check {
        table.note(
            table.at,
            Mistake::OneOf {
                keys: "`check`, `by`",
            },
        );
    }
    if let Some(by) = by {
        reader.want(table, by.at, scope, RefTo::Check(by.value.clone()));
        return Some(RuleTest::By(by.value));
    }
    // `on` of the record may name a line's action; then bare names are the line's
    let line = table.strings("on").iter().find_map(|on| {
        on.value
            .split_once('.')
            .map(|(line, _)| Scope::Line(line.to_owned()))
    });
    let scope = line.as_ref().unwrap_or(scope);
    reader
        .expr(table, "check", scope.expressions(), Wants::Truth)
        .map(RuleTest::Check)
}
