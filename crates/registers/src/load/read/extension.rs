//! Extensions: what a pack adds to a register of another pack, and what it tightens.

use super::{approval, clock, field, field::mask, other, rule, tile};
use crate::load::mistake::Mistake;
use crate::load::reader::Reader;
use crate::load::table::{At, Table};
use crate::load::wanted::{ExprScope, Scope, Wants};
use crate::model::{Approval, ClockDef, Field, Print, Required, Rule, Tile};
use crate::numbering::NumberFormat;

/// A file with `extends = "…"`.
pub(in crate::load) struct Extension {
    pub(in crate::load) extends: At<String>,
    pub(in crate::load) fields: Vec<Field>,
    pub(in crate::load) rules: Vec<Rule>,
    pub(in crate::load) approvals: Vec<Approval>,
    pub(in crate::load) clocks: Vec<ClockDef>,
    pub(in crate::load) prints: Vec<Print>,
    pub(in crate::load) tiles: Vec<Tile>,
    pub(in crate::load) tighten: Vec<Tightening>,
}

/// A field that is made stricter.
pub(in crate::load) struct Tightening {
    pub(in crate::load) field: At<String>,
    pub(in crate::load) required: Option<Required>,
    pub(in crate::load) min: Option<f64>,
    pub(in crate::load) max: Option<f64>,
    pub(in crate::load) max_length: Option<usize>,
    pub(in crate::load) mask: Option<NumberFormat>,
    pub(in crate::load) unique: bool,
}

/// Keys a definition has and an extension may not.
const FOREIGN: [&str; 13] = [
    "key", "version", "name", "help", "area", "nature", "duties", "number", "label", "title",
    "state", "action", "line",
];

pub(in crate::load) fn extension<'t>(reader: &Reader<'t>, table: Table<'t>) -> Option<Extension> {
    let scope = Scope::Record;
    let extends = table.string("extends");
    for key in FOREIGN {
        if let Some(item) = table.item(key) {
            table.note(
                item.at,
                Mistake::ExtendsForeign {
                    key: key.to_owned(),
                },
            );
        }
    }
    let extension = extends.map(|extends| Extension {
        extends,
        fields: field::fields(reader, &table, "field", &scope),
        rules: rule::rules(reader, &table, &scope),
        approvals: approval::approvals(reader, &table),
        clocks: clock::clocks(reader, &table, &scope),
        prints: other::prints(reader, &table),
        tiles: tile::tiles(reader, &table),
        tighten: tightenings(reader, &table),
    });
    table.close();
    extension
}

fn tightenings<'t>(reader: &Reader<'t>, table: &Table<'t>) -> Vec<Tightening> {
    let mut all = Vec::new();
    for entry in table.tables("tighten", "[[tighten]]") {
        let field = entry.need_string("field");
        let required = entry.item("required").and_then(|item| {
            if item.is_string() {
                let expr = reader.expr_of(item, ExprScope::Record, Wants::Truth);
                return expr.map(Required::When);
            }
            item.boolean().map(|yes| {
                if yes {
                    Required::Always
                } else {
                    Required::Never
                }
            })
        });
        let tightening = field.map(|field| Tightening {
            field,
            required,
            min: entry.number("min"),
            max: entry.number("max"),
            max_length: entry.count("max_length").map(|count| count.value),
            mask: mask(&entry),
            unique: entry.flag("unique"),
        });
        entry.close();
        all.extend(tightening);
    }
    all
}
