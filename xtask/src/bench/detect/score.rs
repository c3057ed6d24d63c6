//! Labels beside reports: what was found, what was missed, what was found for nothing.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// From this confidence on a finding is shown to people.
const SHOWN: f64 = 0.5;
/// What a form that says the mark as the law does has to reach, what a bent one, and what a lightly changed passage.
const CLEAN: f64 = 0.99;
const EVASION: f64 = 0.95;
/// False marks in a thousand files.
const FALSE_MARKS: f64 = 1.0;
/// So many files without a mark have to be read.
const CLEAN_FILES: u64 = 2_000;

/// What was planted into one file, or that nothing was.
#[derive(Debug)]
pub(super) struct Label {
    pub(super) path: String,
    pub(super) kind: String,
    pub(super) place: String,
    pub(super) form: String,
    pub(super) text: String,
    base: String,
    rules: Vec<String>,
    level: String,
    part: String,
    document: String,
    ocr: bool,
}

/// A finding that a person would see.
#[derive(Debug)]
struct Found {
    rule: String,
    kind: String,
    level: String,
    text: String,
    part: String,
    why: String,
}

/// How many of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) found: u64,
    pub(super) all: u64,
}

/// Everything that was counted.
#[derive(Debug, Default)]
pub(super) struct Counted {
    /// Clean forms by place.
    pub(super) places: BTreeMap<String, Share>,
    /// Evasions by name.
    pub(super) evasions: BTreeMap<String, Share>,
    /// All clean forms by kind of what is planted.
    pub(super) kinds: BTreeMap<String, Share>,
    /// Passages by form.
    pub(super) copies: BTreeMap<String, Share>,
    /// Near misses that were rightly not told.
    pub(super) nearly: BTreeMap<String, Share>,
    /// Files without marks by where they are from: those that told none.
    pub(super) clean: BTreeMap<String, Share>,
    /// Places that were told rightly.
    pub(super) parts: Share,
    /// Findings in files without marks, by kind and rule.
    pub(super) for_nothing: BTreeMap<String, u64>,
    /// Marks and labels in planted files, and how many of them are the planted ones.
    pub(super) marks: Share,
    /// Lines about each miss and each false finding.
    pub(super) lines: Vec<String>,
}

impl Share {
    fn add(&mut self, found: bool) {
        self.found += u64::from(found);
        self.all += 1;
    }

    /// From 0 to 1; nothing of nothing is all.
    pub(super) fn value(self) -> f64 {
        if self.all == 0 {
            return 1.0;
        }
        // counts of files are far below where these lose digits
        f64::from(u32::try_from(self.found).unwrap_or(u32::MAX))
            / f64::from(u32::try_from(self.all).unwrap_or(u32::MAX))
    }

    pub(super) fn sum<'s>(all: impl IntoIterator<Item = &'s Self>) -> Self {
        all.into_iter().fold(Self::default(), |sum, one| Self {
            found: sum.found + one.found,
            all: sum.all + one.all,
        })
    }
}

impl Counted {
    pub(super) fn clean_forms(&self) -> Share {
        Share::sum(self.places.values())
    }

    pub(super) fn bent_forms(&self) -> Share {
        Share::sum(self.evasions.values())
    }

    /// Files without marks that told one, in a thousand.
    pub(super) fn false_marks(&self) -> f64 {
        (1.0 - Share::sum(self.clean.values()).value()) * 1_000.0
    }

    /// Floors that are not kept.
    pub(super) fn missed(&self) -> Vec<String> {
        let least = |what: &str, share: Share, floor: f64| {
            let value = share.value();
            (share.all == 0 || value < floor)
                .then(|| format!("{what} {:.1} % < {:.0} %", value * 100.0, floor * 100.0))
        };
        let copied = |form: &str| self.copies.get(form).copied().unwrap_or_default();
        let files = Share::sum(self.clean.values()).all;
        [
            least("clean forms", self.clean_forms(), CLEAN),
            least("evasions", self.bent_forms(), EVASION),
            least("passages word by word", copied("verbatim_100"), 1.0),
            least(
                "passages lightly changed",
                copied("light_edits_100"),
                EVASION,
            ),
            (self.false_marks() > FALSE_MARKS)
                .then(|| format!("{:.2} false marks in 1,000 files", self.false_marks())),
            (files < CLEAN_FILES).then(|| format!("only {files} files without marks")),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn one(&mut self, label: &Label, found: &[Found]) {
        if label.kind == "clean" {
            return self.nothing(label, found);
        }
        let hit = found.iter().find(|one| label.is_told_by(one));
        if label.kind == "nearly" {
            self.nearly
                .entry(label.form.clone())
                .or_default()
                .add(hit.is_none());
            if hit.is_some() {
                self.lines.push(format!(
                    "nearly\t{}\t{}\t{}",
                    label.place, label.text, label.path
                ));
            }
            return;
        }
        let share = match (label.kind.as_str(), label.form.as_str()) {
            ("copy", form) => self.copies.entry(form.to_owned()),
            (kind, "clean") => {
                self.kinds
                    .entry(kind.to_owned())
                    .or_default()
                    .add(hit.is_some());
                self.places.entry(label.place.clone())
            }
            (_, form) => self.evasions.entry(form.to_owned()),
        };
        share.or_default().add(hit.is_some());
        if let Some(hit) = hit.filter(|_| !label.part.is_empty()) {
            self.parts.add(hit.part == label.part);
            if hit.part != label.part {
                self.lines.push(format!(
                    "place\t{}\t{}\t{}",
                    label.place, hit.part, label.path
                ));
            }
        }
        if hit.is_none() {
            self.lines.push(format!(
                "missed\t{}\t{}\t{}\t{}",
                label.form,
                label.place,
                label.text.escape_debug(),
                label.path
            ));
        }
        for one in found.iter().filter(|one| one.is_mark()) {
            let planted = matches!(label.kind.as_str(), "mark" | "label") && label.has_level(one)
                || label.kind == "keyword";
            self.marks.add(planted);
            if !planted {
                self.lines
                    .push(format!("wrong\t{}\t{}\t{}", one.rule, one.text, label.path));
            }
        }
    }

    fn nothing(&mut self, label: &Label, found: &[Found]) {
        let marked = found.iter().any(Found::is_mark);
        self.clean
            .entry(label.place.clone())
            .or_default()
            .add(!marked);
        for one in found {
            // the corpus has the registered documents themselves
            if one.kind == "copy" && label.place == "corpus" {
                continue;
            }
            *self
                .for_nothing
                .entry(format!("{} {}", one.kind, one.rule))
                .or_default() += 1;
            if one.kind != "identifier" {
                self.lines.push(format!(
                    "nothing\t{}\t{}\t{}",
                    one.rule,
                    one.text.escape_debug(),
                    label.base
                ));
            }
        }
    }
}

impl Label {
    fn read(line: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(line).context("a label is no JSON")?;
        let text = |name: &str| text(value.get(name));
        let rules = value.get("rules").and_then(Value::as_array);
        Ok(Self {
            path: text("path"),
            kind: text("kind"),
            place: text("place"),
            form: text("form"),
            text: text("text"),
            base: text("base"),
            rules: rules
                .into_iter()
                .flatten()
                .map(|rule| self::text(Some(rule)))
                .collect(),
            level: text("level"),
            part: text("part"),
            document: text("document"),
            ocr: value
                .get("ocr")
                .and_then(Value::as_bool)
                .unwrap_or_default(),
        })
    }

    fn is_told_by(&self, found: &Found) -> bool {
        let ruled = self.rules.iter().any(|rule| match rule.strip_suffix('*') {
            Some(begin) => found.rule.starts_with(begin),
            None => found.rule == *rule,
        });
        let this = match self.kind.as_str() {
            "copy" => found.why.contains(&self.document),
            // other numbers may stand in the same real text
            "identifier" | "nearly" => shows(&found.text, &self.text),
            _ => true,
        };
        ruled && this && self.has_level(found)
    }

    fn has_level(&self, found: &Found) -> bool {
        self.kind == "copy" || found.level.starts_with(&self.level)
    }
}

impl Found {
    fn is_mark(&self) -> bool {
        matches!(self.kind.as_str(), "mark" | "label")
    }

    fn all(report: &Value) -> Vec<Self> {
        let findings = report.get("findings").and_then(Value::as_array);
        let shown = |one: &&Value| {
            one.get("confidence")
                .and_then(Value::as_f64)
                .is_some_and(|sure| sure >= SHOWN)
        };
        findings
            .into_iter()
            .flatten()
            .filter(shown)
            .map(|one| Self {
                rule: text(one.get("rule")),
                kind: text(one.get("kind")),
                level: text(one.get("level")),
                text: text(one.get("text")),
                part: text(one.pointer("/where/part")),
                why: text(one.pointer("/why/en")),
            })
            .collect()
    }
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Whether a text that may be masked can be the planted one.
fn shows(masked: &str, planted: &str) -> bool {
    masked.chars().count() == planted.chars().count()
        && masked
            .chars()
            .zip(planted.chars())
            .all(|(shown, one)| shown == '*' || shown == one)
}

/// Counts a whole set. Every label has to have a report: a file that was passed over is no miss but a fault.
pub(super) fn count(folder: &Path, parts: &[&str], ocr: bool) -> Result<Counted> {
    let mut told: HashMap<String, Vec<Found>> = HashMap::new();
    for part in parts {
        for line in lines(&folder.join(format!("{part}.jsonl")))? {
            let report: Value = serde_json::from_str(&line?).context("a report is no JSON")?;
            let path = text(report.get("path"));
            let parts: Vec<&str> = path.rsplitn(3, '/').take(2).collect();
            if let [name, folder] = parts.as_slice() {
                told.insert(format!("{folder}/{name}"), Found::all(&report));
            }
        }
    }
    let mut counted = Counted::default();
    for line in lines(&folder.join("labels.jsonl"))? {
        let label = Label::read(&line?)?;
        let Some(found) = told.get(&label.path) else {
            bail!("nothing was told of `{}`", label.path);
        };
        if ocr || !label.ocr {
            counted.one(&label, found);
        }
    }
    Ok(counted)
}

fn lines(path: &Path) -> Result<impl Iterator<Item = std::io::Result<String>>> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(BufReader::new(file).lines())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rule: &str, kind: &str, level: &str, text: &str) -> Found {
        Found {
            rule: rule.to_owned(),
            kind: kind.to_owned(),
            level: level.to_owned(),
            text: text.to_owned(),
            part: "body".to_owned(),
            why: "about 80 characters as in the registered document \u{201c}law.txt\u{201d}"
                .to_owned(),
        }
    }

    fn label(kind: &str, form: &str, text: &str, rule: &str, level: &str) -> Label {
        let line = serde_json::json!({
            "path": "planted/1.txt", "kind": kind, "place": "txt.amid", "form": form, "text": text, "rules": [rule], "level": level,
            "part": "body", "document": "law.txt",
        });
        Label::read(&line.to_string()).unwrap()
    }

    fn counted(labels: &[(Label, Vec<Found>)]) -> Counted {
        let mut counted = Counted::default();
        for (label, found) in labels {
            counted.one(label, found);
        }
        counted
    }

    #[test]
    fn a_finding_of_another_level_or_number_is_a_miss() {
        let mark = || found("mark.state.secret", "mark", "state.secret", "机密★10年");
        let other = || found("id.prc", "identifier", "", "1101************2X");
        let counted = counted(&[
            (
                label(
                    "mark",
                    "clean",
                    "机密★10年",
                    "mark.state.secret",
                    "state.secret",
                ),
                vec![mark()],
            ),
            (
                label(
                    "mark",
                    "clean",
                    "绝密★10年",
                    "mark.state.top_secret",
                    "state.top_secret",
                ),
                vec![mark()],
            ),
            (
                label("identifier", "clean", "11010519491231002X", "id.prc", ""),
                vec![other()],
            ),
            (
                label("identifier", "clean", "31010519491231002X", "id.prc", ""),
                vec![other()],
            ),
        ]);
        assert_eq!(counted.clean_forms(), Share { found: 2, all: 4 });
        assert_eq!(counted.marks, Share { found: 1, all: 2 });
        assert_eq!(counted.missed().len(), 5, "{:?}", counted.missed());
    }

    #[test]
    fn what_is_nearly_a_number_must_not_be_told_and_its_neighbour_may() {
        let near = || label("nearly", "nearly_valid", "110105194912310021", "id.prc", "");
        let right = vec![found("id.prc", "identifier", "", "4403************1X")];
        let wrong = vec![found("id.prc", "identifier", "", "1101************21")];
        let counted = counted(&[(near(), right), (near(), wrong)]);
        assert_eq!(
            counted.nearly.get("nearly_valid"),
            Some(&Share { found: 1, all: 2 })
        );
    }

    #[test]
    fn marks_in_files_without_any_are_counted_by_the_thousand() {
        let clean = || label("clean", "clean", "", "", "");
        let mut files: Vec<(Label, Vec<Found>)> =
            (0..1_999).map(|_| (clean(), Vec::new())).collect();
        let mark = || vec![found("mark.work", "mark", "work.internal", "内部")];
        files.push((clean(), mark()));
        assert!((counted(&files).false_marks() - 0.5).abs() < 1e-6);
        files.extend([(clean(), mark()), (clean(), mark())]);
        let counted = counted(&files);
        assert!(
            counted
                .missed()
                .iter()
                .any(|what| what.contains("false marks"))
        );
        assert_eq!(counted.for_nothing.get("mark mark.work"), Some(&3));
    }

    #[test]
    fn a_passage_counts_only_with_its_own_document() {
        let copy = found("copy.registered", "copy", "state.secret", "x");
        let mut other = label("copy", "verbatim_100", "x", "copy.registered", "");
        other.document = "other.txt".to_owned();
        let own = label("copy", "verbatim_100", "x", "copy.registered", "");
        let counted = counted(&[(own, vec![copy]), (other, vec![])]);
        assert_eq!(
            counted.copies.get("verbatim_100"),
            Some(&Share { found: 1, all: 2 })
        );
    }
}
