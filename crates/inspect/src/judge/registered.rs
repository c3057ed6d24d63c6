//! Rows of registered tables, as findings.

use std::collections::HashSet;
use std::ops::Range;

use crate::exact::{Asked, Row, Table, rows};
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
        let asked = Asked {
            counts: &|_| true,
            most: limits.findings.saturating_sub(findings.len()),
            stop: limits.stop.as_deref(),
        };
        if asked.most == 0 {
            break;
        }
        let (rows, in_time) = rows(table, normal.as_str(), &mut HashSet::new(), &asked);
        whole &= in_time;
        findings.extend(rows.iter().map(|row| told(row, table, text, &normal)));
    }
    (findings, whole)
}

/// Rows of one table in a text that is read in pieces.
#[derive(Debug, Default)]
pub(crate) struct Found {
    seen: HashSet<u32>,
}

impl Found {
    /// The rows that are new in a piece, of those whose primary cell begins in a part of it, given in bytes; and whether there
    /// was time for all of it.
    pub(crate) fn more(
        &mut self,
        table: &Table,
        (text, normal): (&Text, &Normal),
        part: &Range<usize>,
        limits: &Limits,
    ) -> (Vec<Finding>, bool) {
        let asked = Asked {
            counts: &|at| part.contains(&normal.origin(text.as_str(), at..at).start),
            most: limits.findings.saturating_sub(self.seen.len()),
            stop: limits.stop.as_deref(),
        };
        if asked.most == 0 {
            return (Vec::new(), true);
        }
        let (rows, whole) = rows(table, normal.as_str(), &mut self.seen, &asked);
        let told = rows.iter().map(|row| told(row, table, text, normal));
        (told.collect(), whole)
    }
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
