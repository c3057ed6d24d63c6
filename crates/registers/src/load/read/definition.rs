//! A register's definition as a whole.

use std::collections::BTreeSet;

use super::{action, approval, clock, field, line, other, rule, stand_in, state, tile, unique};
use crate::load::mistake::Mistake;
use crate::load::reader::Reader;
use crate::load::table::{At, Table};
use crate::load::wanted::{RefTo, Scope, Spot, Wants};
use crate::model::{Area, Definition, LabelRule, Nature, NumberRule};
use crate::numbering::NumberFormat;

/// Reads a definition; nothing when it has no usable key.
pub(in crate::load) fn definition<'t>(reader: &Reader<'t>, table: Table<'t>) -> Option<Definition> {
    let scope = Scope::Record;
    let key = reader.key(&table);
    reader.spot(
        &table,
        key.as_ref().map_or(table.at, |key| key.at),
        Spot::Register,
    );
    let name = stand_in(table.need_text("name"));
    let help = stand_in(table.need_text("help"));
    table.need("area");
    let area = table.word("area", &Area::ALL).unwrap_or(Area::Office);
    let nature = table
        .word("nature", &Nature::ALL)
        .unwrap_or(Nature::Business);
    let version = table
        .count("version")
        .and_then(|v| u32::try_from(v.value).ok())
        .unwrap_or(1);
    let duties = table
        .strings("duties")
        .into_iter()
        .map(|duty| duty.value)
        .collect();
    let number = number(reader, &table);
    let label = label(reader, &table);
    let fields = field::fields(reader, &table, "field", &scope);
    let lines = line::lines(reader, &table);
    let mut names: BTreeSet<String> = fields.iter().map(|field| field.key.clone()).collect();
    for line in &lines {
        let at = At {
            value: line.value.key.clone(),
            at: line.at,
        };
        unique(&table, &mut names, &at, "[[line]]");
    }
    let definition = key.map(|key| Definition {
        key: key.value,
        version,
        name,
        help,
        area,
        nature,
        duties,
        number,
        label,
        title: title(reader, &table),
        fields,
        lines: lines.into_iter().map(|line| line.value).collect(),
        rules: rule::rules(reader, &table, &scope),
        states: state::states(reader, &table, &scope),
        actions: action::actions(reader, &table, &scope),
        approvals: approval::approvals(reader, &table),
        clocks: clock::clocks(reader, &table, &scope),
        migrations: other::migrations(reader, &table),
        prints: other::prints(reader, &table),
        tiles: tile::tiles(reader, &table),
        line_of: None,
    });
    table.close();
    definition
}

fn title<'t>(reader: &Reader<'t>, table: &Table<'t>) -> Option<String> {
    let title = table.string("title")?;
    reader.want(
        table,
        title.at,
        &Scope::Record,
        RefTo::Field(title.value.clone()),
    );
    Some(title.value)
}

fn number<'t>(reader: &Reader<'t>, table: &Table<'t>) -> Option<NumberRule> {
    let number = table.table("number", "number")?;
    let format = number.need_string("format");
    number.need("at");
    let at = number.strings("at");
    let per_level = number.flag("per_level");
    for at in &at {
        reader.want(
            &number,
            at.at,
            &Scope::Record,
            RefTo::Action(at.value.clone()),
        );
    }
    let format = format.and_then(|format| match NumberFormat::parse(&format.value) {
        Ok(parsed) => Some(parsed),
        Err(error) => {
            number.note(format.at, Mistake::NumberFormat { error });
            None
        }
    });
    let unit = number
        .item("unit")
        .and_then(|item| reader.expr_of(item, Scope::Record.expressions(), Wants::Text));
    let prints_unit = format.as_ref().is_some_and(NumberFormat::prints_unit);
    if prints_unit != number.item("unit").is_some() {
        number.note(number.at, Mistake::NumberUnit);
    }
    let prints_level = format.as_ref().is_none_or(NumberFormat::prints_level);
    if let (true, false, Some(flag)) = (per_level, prints_level, number.item("per_level")) {
        number.note(flag.at, Mistake::NumberPerLevel);
    }
    number.close();
    let at = at.into_iter().map(|at| at.value).collect();
    Some(NumberRule {
        format: format?,
        at,
        per_level,
        unit,
    })
}

fn label<'t>(reader: &Reader<'t>, table: &Table<'t>) -> LabelRule {
    let Some(label) = table.need_string("label") else {
        return LabelRule::Open;
    };
    reader.spot(table, label.at, Spot::Label);
    match label.value.as_str() {
        "open" => return LabelRule::Open,
        "proposed" => return LabelRule::Proposed,
        _ => {}
    }
    let inside = label
        .value
        .strip_prefix("join(")
        .and_then(|rest| rest.strip_suffix(')'));
    let sources: Vec<String> = inside
        .into_iter()
        .flat_map(|inside| inside.split(','))
        .map(|source| source.trim().to_owned())
        .collect();
    if sources.is_empty() {
        let known = ["open", "proposed", "join(…)"];
        table.note(label.at, Mistake::unknown_word(&label.value, &known));
    }
    let links = sources
        .iter()
        .filter(|source| *source != LabelRule::OWN_FIELDS);
    for source in links {
        reader.want(
            table,
            label.at,
            &Scope::Record,
            RefTo::LabelSource(source.clone()),
        );
    }
    LabelRule::Join(sources)
}
