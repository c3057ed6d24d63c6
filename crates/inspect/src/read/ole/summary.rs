//! Properties of OLE files: title, author, keywords, and those that people and labels added by name.

use std::collections::HashMap;

use super::compound::Compound;
use super::pages;
use crate::read::le::{Le, index, utf16};
use crate::read::{Outcome, Reading};

/// Names of the numbers of a summary.
const SUMMARY: &[(u32, &str)] = &[
    (2, "title"),
    (3, "subject"),
    (4, "author"),
    (5, "keywords"),
    (6, "comments"),
    (7, "template"),
    (8, "last author"),
    (18, "program"),
];
/// And of the summary of documents.
const DOCUMENT: &[(u32, &str)] = &[
    (2, "category"),
    (3, "format"),
    (14, "manager"),
    (15, "company"),
    (13, "parts"),
    (26, "content type"),
    (27, "content status"),
    (28, "language"),
];
/// Values of a section that are looked at.
const MOST: usize = 1_000;

pub(super) fn read(compound: &Compound<'_>, of: usize, into: &mut Reading<'_>) -> Outcome {
    for (name, names) in [
        ("\u{5}SummaryInformation", SUMMARY),
        ("\u{5}DocumentSummaryInformation", DOCUMENT),
    ] {
        if let Some(bytes) = compound.named(of, name, into)? {
            set(&bytes, names, into)?;
        }
    }
    Ok(())
}

/// A set of properties: sections of numbered values. The second section of a document has names for its numbers.
fn set(bytes: &[u8], names: &[(u32, &str)], into: &mut Reading<'_>) -> Outcome {
    let sections = bytes.u32(24).unwrap_or_default().min(2);
    for section in 0..sections {
        let at = index(bytes.u32(28 + index(section) * 20 + 16).unwrap_or(u32::MAX));
        section_of(bytes.rest(at), if section == 0 { names } else { &[] }, into)?;
    }
    Ok(())
}

fn section_of(section: &[u8], names: &[(u32, &str)], into: &mut Reading<'_>) -> Outcome {
    let count = index(section.u32(4).unwrap_or_default()).min(MOST);
    let values: Vec<(u32, usize)> = (0..count)
        .map_while(|number| {
            let key = section.u32(8 + number * 8)?;
            Some((key, index(section.u32(12 + number * 8)?)))
        })
        .collect();
    let place = |key: u32| {
        values
            .iter()
            .find(|(one, _)| *one == key)
            .map(|(_, at)| *at)
    };
    let page = place(1)
        .and_then(|at| section.u16(at.checked_add(4)?))
        .unwrap_or(1252);
    let own = place(0).map_or_else(HashMap::new, |at| dictionary(section.rest(at), page));
    for (key, at) in &values {
        let name = names
            .iter()
            .find(|(one, _)| one == key)
            .map(|(_, name)| *name)
            .or_else(|| own.get(key).map(String::as_str));
        let Some(name) = name else { continue };
        for value in texts(section.rest(*at), page) {
            into.property(name, value.trim_matches('\0'))?;
        }
    }
    Ok(())
}

/// Names that people gave to numbers.
fn dictionary(bytes: &[u8], page: u16) -> HashMap<u32, String> {
    let mut names = HashMap::new();
    let mut at = 4;
    for _ in 0..index(bytes.u32(0).unwrap_or_default()).min(MOST) {
        let (Some(key), Some(length)) = (bytes.u32(at), bytes.u32(at + 4)) else {
            break;
        };
        let length = index(length).min(bytes.len());
        let (taken, padded) = if page == 1200 {
            (length * 2, (length * 2).next_multiple_of(4))
        } else {
            (length, length)
        };
        let name = pages::decoded(bytes.some(at + 8, taken), page);
        names.insert(key, name.trim_matches('\0').to_owned());
        at += 8 + padded;
    }
    names
}

/// The strings of a value; numbers and times are no text.
fn texts(value: &[u8], page: u16) -> Vec<String> {
    let length = |at: usize| index(value.u32(at).unwrap_or_default());
    match value.u32(0).unwrap_or_default() & 0xffff {
        30 => vec![pages::decoded(value.some(8, length(4)), page)],
        31 => vec![utf16(value.some(8, length(4).saturating_mul(2)))],
        // a list of strings
        0x101e => {
            let mut all = Vec::new();
            let mut at = 8;
            for _ in 0..length(4).min(MOST) {
                let taken = length(at);
                if taken == 0 || at > value.len() {
                    break;
                }
                all.push(pages::decoded(value.some(at + 4, taken), page));
                at = at.saturating_add(4).saturating_add(taken);
            }
            all
        }
        3 => vec![value.u32(4).unwrap_or_default().to_string()],
        _ => Vec::new(),
    }
}
