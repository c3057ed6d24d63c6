//! Rows of registered tables, as findings.

use crate::exact::{Row, Table, rows};
use crate::normal::Normal;
use crate::report::{Finding, Kind, Why};
use crate::{Limits, Text};

/// The rule that a finding names.
const RULE: &str = "data.registered";

/// The rows of all tables in a text, and whether there was time for all of it.
pub(super) fn of<'t>(
    text: &Text,
    tables: impl Iterator<Item = &'t Table>,
    limits: &Limits,
) -> (Vec<Finding>, bool) {
    let normal = Normal::of(text.as_str());
    let mut findings = Vec::new();
    let mut whole = true;
    for table in tables {
        let left = limits.findings.saturating_sub(findings.len());
        if left == 0 {
            break;
        }
        let (rows, in_time) = rows(table, normal.as_str(), left, limits.stop.as_deref());
        whole &= in_time;
        findings.extend(rows.iter().map(|row| told(row, table, text, &normal)));
    }
    (findings, whole)
}

fn told(row: &Row, table: &Table, text: &Text, normal: &Normal) -> Finding {
    let source = text.as_str();
    let range = normal.origin(source, row.range.clone());
    let before = source.get(..range.start).unwrap_or_default();
    let head = table.head();
    let names: Vec<&str> = row
        .columns
        .iter()
        .filter_map(|column| head.supporting.get(*column))
        .map(String::as_str)
        .collect();
    let (name, number, primary) = (&head.name, row.number, &head.primary);
    // one more than is needed makes it surer than any chance
    let confidence = match row.columns.len().saturating_sub(head.needed) {
        0 => 0.9,
        _ => 0.97,
    };
    Finding {
        rule: RULE.to_owned(),
        kind: Kind::DataMatch,
        level: head.level.clone(),
        confidence,
        text: source.get(range.clone()).unwrap_or_default().to_owned(),
        place: text.place_told(range.start),
        offset: before.chars().count(),
        why: Why {
            zh: format!(
                "与登记数据表“{name}”第 {number} 行相符：{primary}及{}",
                names.join("、")
            ),
            en: format!(
                "row {number} of the registered table \u{201c}{name}\u{201d}: {primary} with {}",
                names.join(", ")
            ),
        },
    }
}
