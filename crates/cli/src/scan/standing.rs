//! What a finding counts for: whether somebody passed it over, whether it is known, or whether it is news.

use std::path::{Path, PathBuf};

use domain::{Date, Text};
use inspect::{RuleError, SHOWN, Verdict};
use scan::{Baseline, Beside, Findings, Mistake, Salt, Suppressed, Suppressions, Told};

use super::people::printable;
use crate::files::{for_secrets, read_at_most, write_secrets};
use crate::{Error, Terminal};

/// Bytes of a list of what is passed over.
const LIST_BYTES: u64 = 4 << 20;
/// Bytes of a baseline; each finding has some two hundred.
const BASELINE_BYTES: u64 = 256 << 20;
/// Entries of a list that are told as useless or ended, each by itself.
const ENTRIES_TOLD: usize = 20;

/// Files that say what findings count for.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Files {
    /// A list of findings that are passed over, each with a reason and a last day.
    #[arg(long, value_name = "FILE")]
    suppress: Option<PathBuf>,
    /// Findings of an earlier scan: they are told as known, and only others end the scan with 1.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Where to write the findings of this scan as a baseline; it holds no text of any file.
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
}

/// What a finding counts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is news.
    New,
    /// It was found before.
    Known,
    /// Somebody decided to pass it over.
    Suppressed(Suppressed),
}

/// A file's findings and what they count for, in the same order.
#[derive(Debug)]
pub(super) struct Judged<'t> {
    pub(super) told: &'t Told,
    pub(super) standings: Vec<Standing>,
    /// By the salt of the list of what is passed over, which writes such digests.
    pub(super) digests: Vec<Option<String>>,
}

/// Everything that says what findings count for, and how many were of each kind.
#[derive(Debug)]
pub(super) struct Standings {
    list: Option<(PathBuf, Suppressions)>,
    baseline: Option<Baseline>,
    begun: Option<(PathBuf, Findings)>,
    salts: Vec<Salt>,
    suppressed: u64,
    known: u64,
    new: u64,
    /// Files of which all findings were passed over.
    passed_over: u64,
}

impl Standings {
    /// Reads the files; the mistakes in them are an answer of their own.
    pub(super) fn open(
        files: &Files,
        today: Date,
        random: &[u8; 32],
    ) -> Result<Result<Self, Vec<RuleError>>, Error> {
        let mut mistakes = Vec::new();
        let list = match &files.suppress {
            None => None,
            Some(path) => Suppressions::parse(&text(path, LIST_BYTES)?, today)
                .map_err(|all| mistakes.extend(all.into_iter().map(|one| placed(path, one))))
                .ok()
                .map(|list| (path.clone(), list)),
        };
        let mut findings = |path: &Path| -> Result<Option<Findings>, Error> {
            Ok(Findings::parse(&text(path, BASELINE_BYTES)?)
                .map_err(|one| mistakes.push(placed(path, one)))
                .ok())
        };
        let baseline = files
            .baseline
            .as_deref()
            .map(&mut findings)
            .transpose()?
            .flatten();
        // what is written over keeps its salt, so that a cache of reports stays good; it has to be a baseline
        let before = files.write_baseline.as_deref().filter(|path| path.exists());
        let before = before.map(&mut findings).transpose()?.flatten();
        if !mistakes.is_empty() {
            return Ok(Err(mistakes));
        }
        let kept = before
            .as_ref()
            .or(baseline.as_ref())
            .map(|one| one.salt().clone());
        let salt = kept.unwrap_or_else(|| Salt::of(random));
        let begun = files.write_baseline.clone();
        let mut all = Self {
            list,
            baseline: baseline.map(Baseline::new),
            begun: begun.map(|path| (path, Findings::new(salt))),
            salts: Vec::new(),
            suppressed: 0,
            known: 0,
            new: 0,
            passed_over: 0,
        };
        all.salts = all.wanted().into_iter().flatten().cloned().collect();
        Ok(Ok(all))
    }

    fn wanted(&self) -> [Option<&Salt>; 3] {
        [
            self.list.as_ref().and_then(|(_, list)| list.salt()),
            self.baseline.as_ref().map(Baseline::salt),
            self.begun.as_ref().map(|(_, findings)| findings.salt()),
        ]
    }

    /// What digests are wanted by.
    pub(super) fn salts(&self) -> &[Salt] {
        &self.salts
    }

    /// Whether findings may be passed over.
    pub(super) fn suppresses(&self) -> bool {
        self.list.is_some()
    }

    /// Whether findings may be known.
    pub(super) fn compares(&self) -> bool {
        self.baseline.is_some()
    }

    /// Files of which all findings were passed over.
    pub(super) fn passed_over(&self) -> u64 {
        self.passed_over
    }

    /// What the findings of a file count for; each is counted.
    pub(super) fn judge<'t>(&mut self, told: &'t Told) -> Judged<'t> {
        let mut standings = Vec::new();
        let mut digests = Vec::new();
        let nothing = Beside::default();
        for (at, finding) in told.report.findings.iter().enumerate() {
            let beside = told.beside.get(at).unwrap_or(&nothing);
            let mut next = beside.digests.iter();
            let mut digest = |wanted: bool| if wanted { next.next() } else { None };
            let [of_list, of_baseline, of_new] = self.wanted().map(|salt| digest(salt.is_some()));
            let says = self
                .list
                .as_mut()
                .and_then(|(_, list)| list.of(told, at, of_list.map(String::as_str)));
            digests.push(of_list.cloned());
            if let Some(says) = says {
                self.suppressed += 1;
                standings.push(Standing::Suppressed(says));
                continue;
            }
            if let (Some((_, findings)), Some(digest)) = (self.begun.as_mut(), of_new) {
                findings.add(&told.path, &finding.rule, digest);
            }
            let baseline = self.baseline.as_mut().zip(of_baseline);
            let known = baseline
                .is_some_and(|(known, digest)| known.knows(&told.path, &finding.rule, digest));
            self.known += u64::from(known);
            self.new += u64::from(!known);
            standings.push(if known {
                Standing::Known
            } else {
                Standing::New
            });
        }
        if let Some(baseline) = &mut self.baseline {
            baseline.met(told);
        }
        let judged = Judged {
            told,
            standings,
            digests,
        };
        self.passed_over += u64::from(judged.only_passed_over());
        judged
    }

    /// Writes the new baseline, if one is wanted.
    pub(super) fn write(&self) -> Result<(), Error> {
        let Some((path, findings)) = &self.begun else {
            return Ok(());
        };
        write_secrets(path, &mut for_secrets(path)?, findings.to_text().as_bytes())
    }

    /// How many findings are of each kind.
    pub(super) fn sum(&self, whole: bool) -> Option<Text> {
        let (suppressed, known, new) = (self.suppressed, self.known, self.new);
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        if self.suppresses() {
            zh.push(format!("已抑制 {suppressed} 项"));
            en.push(format!("{suppressed} findings suppressed"));
        }
        if let Some(baseline) = &self.baseline {
            zh.push(format!("已知 {known} 项，新增 {new} 项"));
            en.push(format!("{known} known, {new} new"));
            if whole {
                let gone = baseline.gone();
                zh.push(format!("已消失 {gone} 项"));
                en.push(format!("{gone} gone"));
            }
        }
        (!zh.is_empty()).then(|| Text::new(zh.join("，"), en.join(", ")))
    }

    /// Entries of the list that do nothing: those that have ended, and those that fitted nothing in the whole scan.
    pub(super) fn tell_entries(&self, whole: bool, terminal: &mut Terminal<'_>) {
        let Some((path, list)) = &self.list else {
            return;
        };
        let path = printable(&path.to_string_lossy());
        let ended = list.expired().map(|entry| {
            let (line, until) = (entry.line, entry.says.until);
            Text::new(
                format!("{path}:{line}: 该抑制已于 {until} 到期，不再生效"),
                format!("{path}:{line}: this suppression ended on {until} and counts no more"),
            )
        });
        let unused = list.unused().filter(|_| whole).map(|entry| {
            let line = entry.line;
            Text::new(
                format!("{path}:{line}: 没有匹配任何发现"),
                format!("{path}:{line}: this fits no finding"),
            )
        });
        let all: Vec<Text> = ended.chain(unused).collect();
        for text in all.iter().take(ENTRIES_TOLD) {
            terminal.note(text);
        }
        let more = all.len().saturating_sub(ENTRIES_TOLD);
        if more > 0 {
            terminal.note(&Text::new(
                format!("{path}: 另有 {more} 条已到期或没有匹配"),
                format!("{path}: {more} more have ended or fit nothing"),
            ));
        }
    }
}

impl Judged<'_> {
    /// Whether there are findings, and all are passed over.
    pub(super) fn only_passed_over(&self) -> bool {
        let over = |one: &Standing| matches!(one, Standing::Suppressed(_));
        !self.standings.is_empty() && self.standings.iter().all(over)
    }

    /// Whether anything of it is news.
    /// The levels that new findings speak for, of those that are shown to people.
    pub(super) fn new_levels(&self) -> impl Iterator<Item = &str> {
        let pairs = self.told.report.findings.iter().zip(&self.standings);
        pairs
            .filter(|(one, standing)| **standing == Standing::New && one.confidence >= SHOWN)
            .filter_map(|(one, _)| one.level.as_deref())
    }

    pub(super) fn any_new(&self) -> bool {
        self.standings.contains(&Standing::New)
    }

    /// The verdict without what is passed over.
    pub(super) fn verdict(&self) -> Verdict {
        self.verdict_of(|standing| !matches!(standing, Standing::Suppressed(_)))
    }

    /// The verdict by what is news alone.
    pub(super) fn verdict_of_new(&self) -> Verdict {
        self.verdict_of(|standing| *standing == Standing::New)
    }

    /// WHY not always by what counts: the report's own verdict is also of findings that were too many to be told. It
    /// stands unless a finding that speaks for its level is among those that do not count.
    fn verdict_of(&self, counts: impl Fn(&Standing) -> bool) -> Verdict {
        let report = &self.told.report;
        let pairs = || report.findings.iter().zip(&self.standings);
        let of_level = |level: &Option<String>| *level == report.verdict.level;
        let taken = pairs().any(|(one, standing)| !counts(standing) && of_level(&one.level));
        if !taken {
            return report.verdict.clone();
        }
        let left: Vec<_> = pairs()
            .filter(|(_, standing)| counts(standing))
            .map(|(finding, _)| finding.clone())
            .collect();
        Verdict::of(&left)
    }
}

fn placed(path: &Path, mistake: Mistake) -> RuleError {
    let Mistake { line, code, zh, en } = mistake;
    RuleError {
        file: path.display().to_string(),
        line,
        code,
        zh,
        en,
    }
}

fn text(path: &Path, limit_bytes: u64) -> Result<String, Error> {
    String::from_utf8(read_at_most(path, limit_bytes)?).map_err(|_| Error::NotText {
        path: path.to_owned(),
    })
}
