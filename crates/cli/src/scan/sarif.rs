//! A scan as SARIF 2.1.0 (OASIS), for programs that gather findings of many tools.
//!
//! Results are written as files are read; rules, and what was not read, follow at the end, for by then they are known.

use std::collections::BTreeMap;

use domain::{Language, Text};
use inspect::{Finding, Kind, SHOWN, Status};
use scan::{Told, Totals};
use serde_json::{Value, json};

use super::standing::{Judged, Standing, Standings};
use super::{people, put, words};
use crate::{Error, Exit, Terminal};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Files that were not read are told one by one, so many of them; of the rest the number.
const UNREAD_TOLD: usize = 10_000;

/// A log that is being written.
#[derive(Debug, Default)]
pub(super) struct Sarif {
    rules: Vec<Value>,
    places: BTreeMap<String, usize>,
    unread: Vec<Value>,
    unread_more: u64,
    results: u64,
}

impl Sarif {
    /// Begins the log.
    pub(super) fn begin(terminal: &mut Terminal<'_>) -> Result<Self, Error> {
        terminal.line(&format!(
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"columnKind\":\"unicodeCodePoints\",\"results\":["
        ))?;
        Ok(Self::default())
    }

    /// Writes what was found in a file.
    pub(super) fn tell(
        &mut self,
        judged: &Judged<'_>,
        standings: &Standings,
        terminal: &mut Terminal<'_>,
    ) -> Result<(), Error> {
        let language = terminal.language();
        for (at, finding) in judged.told.report.findings.iter().enumerate() {
            let result = self.result(judged, at, finding, standings, language);
            let comma = if self.results > 0 { "," } else { "" };
            self.results += 1;
            terminal.line(&format!("{comma}{result}"))?;
        }
        if judged.told.report.status != Status::Read {
            self.not_read(judged.told, language);
        }
        Ok(())
    }

    /// Ends the log.
    pub(super) fn end(
        &self,
        totals: &Totals,
        exit: Exit,
        terminal: &mut Terminal<'_>,
    ) -> Result<(), Error> {
        let mut notes = self.unread.clone();
        if self.unread_more > 0 {
            let more = self.unread_more;
            let text = Text::new(
                format!("另有 {more} 个文件未读或未读全"),
                format!("{more} more files not read or not all of it"),
            );
            notes.push(notification(text.in_language(terminal.language()), None));
        }
        let invocation = json!({
            "executionSuccessful": !totals.stopped,
            "exitCode": exit.code(),
            "toolExecutionNotifications": notes,
            "properties": {
                "files": totals.files, "read": totals.read, "partial": totals.partial,
                "unread": totals.unread, "linksNotFollowed": totals.links.len(),
            },
        });
        let driver = json!({
            "name": "ruping",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": self.rules,
            "notifications": [{
                "id": "unread",
                "shortDescription": { "text": "a file was not read, or not all of it" },
                "fullDescription": { "text": "文件未读或未读全 / a file was not read, or not all of it" },
            }],
        });
        terminal.line(&format!(
            "],\"tool\":{{\"driver\":{driver}}},\"invocations\":[{invocation}]}}]}}"
        ))
    }

    fn result(
        &mut self,
        judged: &Judged<'_>,
        at: usize,
        finding: &Finding,
        standings: &Standings,
        language: Language,
    ) -> Value {
        let why = match language {
            Language::Zh => &finding.why.zh,
            Language::En => &finding.why.en,
        };
        let mut result = json!({
            "ruleId": finding.rule,
            "ruleIndex": self.rule(finding),
            "level": level(finding),
            "rank": (f64::from(finding.confidence) * 1e4).round() / 100.0,
            "message": { "text": format!("{why}: {}", people::printable(&finding.text)) },
            "locations": [location(judged.told, at, finding, language)],
            "properties": { "kind": finding.kind, "secrecyLevel": finding.level },
        });
        let standing = judged.standings.get(at);
        if standings.suppresses() {
            let why = match standing {
                Some(Standing::Suppressed(says)) => json!([{
                    "kind": "external",
                    "status": "accepted",
                    "justification": says.reason,
                    "properties": { "until": says.until.to_string(), "by": says.by },
                }]),
                Some(Standing::New | Standing::Known) | None => json!([]),
            };
            put(&mut result, "suppressions", why);
        }
        if standings.compares() {
            let known = standing == Some(&Standing::Known);
            let state = if known { "unchanged" } else { "new" };
            put(&mut result, "baselineState", state.into());
        }
        if let Some(Some(digest)) = judged.digests.get(at) {
            put(
                &mut result,
                "partialFingerprints",
                json!({ "ruping/v1": digest }),
            );
        }
        result
    }

    /// The place of a finding's rule among those that were met; it is taken in when it is met first.
    fn rule(&mut self, finding: &Finding) -> usize {
        if let Some(place) = self.places.get(&finding.rule) {
            return *place;
        }
        let kind = words::kind(finding.kind);
        // what a passage is like is said of each; its rule has the name of its kind
        let of_each = matches!(finding.kind, Kind::Copy | Kind::DataMatch);
        let (zh, en) = if of_each {
            (kind.zh.as_str(), kind.en.as_str())
        } else {
            (finding.why.zh.as_str(), finding.why.en.as_str())
        };
        self.rules.push(json!({
            "id": finding.rule,
            "shortDescription": { "text": en },
            "fullDescription": { "text": format!("{zh} / {en}") },
            "properties": { "zh": zh, "en": en, "kind": finding.kind },
        }));
        let place = self.rules.len() - 1;
        self.places.insert(finding.rule.clone(), place);
        place
    }

    fn not_read(&mut self, told: &Told, language: Language) {
        if self.unread.len() >= UNREAD_TOLD {
            self.unread_more += 1;
            return;
        }
        let why = people::missed(told);
        let uri = uri(&told.path);
        self.unread
            .push(notification(why.in_language(language), Some(&uri)));
    }
}

fn notification(text: &str, uri: Option<&str>) -> Value {
    let mut note = json!({
        "descriptor": { "id": "unread", "index": 0 },
        "level": "warning",
        "message": { "text": text },
    });
    if let Some(uri) = uri {
        let place = json!([{ "physicalLocation": { "artifactLocation": { "uri": uri } } }]);
        put(&mut note, "locations", place);
    }
    note
}

/// What speaks for a level of secrecy is an error, what is too weak to be shown to people a note.
fn level(finding: &Finding) -> &'static str {
    let secret = finding
        .level
        .as_deref()
        .is_some_and(|level| level != "open");
    match (finding.confidence >= SHOWN, secret) {
        (false, _) => "note",
        (true, true) => "error",
        (true, false) => "warning",
    }
}

fn location(told: &Told, at: usize, finding: &Finding, language: Language) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(&told.path) } });
    if let Some(line) = told.beside.get(at).and_then(|beside| beside.line) {
        put(&mut physical, "region", json!({ "startLine": line }));
        return json!({ "physicalLocation": physical });
    }
    let place = words::place(&finding.place);
    let place = people::printable(place.in_language(language));
    json!({
        "physicalLocation": physical,
        "logicalLocations": [{ "fullyQualifiedName": place }],
    })
}

/// A path as a reference of RFC 3986.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_are_references_whatever_stands_in_them() {
        assert_eq!(uri("/a b/机.txt"), "file:///a%20b/%E6%9C%BA.txt");
        assert_eq!(uri("a:b/../c?d#e"), "a%3Ab/../c%3Fd%23e");
    }
}
