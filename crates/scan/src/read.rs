//! One file opened, read as far as the limits go, and inspected.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256};
use inspect::{Cause, Limits, Report, Rules, Stop, inspect};
use serde::{Deserialize, Serialize};

use crate::{Beside, Cache, Salt, Told, beside};

/// What is wanted of each file.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wants<'a> {
    /// All text, and findings as they stand there.
    pub(crate) text: bool,
    /// Findings that are too weak to be shown to people, too.
    pub(crate) weak: bool,
    /// What digests of findings are keyed with.
    pub(crate) salts: &'a [Salt],
}

/// A report, masked or not, and what is known beside of each of its findings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Inspected {
    pub(crate) report: Report,
    pub(crate) beside: Vec<Beside>,
}

/// How files are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct How<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) limits: &'a Limits,
    pub(crate) wants: Wants<'a>,
    pub(crate) cache: Option<&'a Cache>,
}

pub(crate) fn read(path: &Path, how: How<'_>) -> Told {
    match open(path, how.limits) {
        Ok(content) => tell(path, content, how),
        Err(_) => Told::unread(path, None, Cause::Unreadable),
    }
}

/// What comes from elsewhere than a file, all that is inspected at once of it. WHY by itself: waiting for somebody who
/// writes slowly takes no time of the file.
pub(crate) fn beginning(from: &mut impl Read, limits: &Limits) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limits.input as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// As [`read`], of what comes from elsewhere and began so.
pub(crate) fn read_from(
    beginning: Vec<u8>,
    from: &mut impl Read,
    name: &Path,
    how: How<'_>,
) -> Told {
    match rest(beginning, from, how.limits) {
        Ok(content) => tell(name, content, how),
        Err(_) => Told::unread(name, None, Cause::Unreadable),
    }
}

fn tell(path: &Path, content: Content, how: How<'_>) -> Told {
    let How {
        rules,
        limits,
        wants,
        cache,
    } = how;
    // a cache holds what is masked, so it serves nobody who wants text
    let cache = cache.filter(|_| !wants.text);
    let kept = cache.zip(content.sha256.as_deref());
    if let Some(inspected) = kept.and_then(|(cache, digest)| cache.get(digest)) {
        return told(path, content, shown(inspected, wants), None);
    }
    let mut report = inspected(path, &content, rules, limits);
    let beside = beside::of(&report, wants.salts);
    let text = std::mem::take(&mut report.text);
    if !wants.text {
        report.mask();
    }
    let inspected = Inspected { report, beside };
    // what was cut short by the clock may be read whole the next time
    if let Some((cache, digest)) = kept.filter(|_| !inspected.report.causes.contains(&Cause::Time))
    {
        cache.put(digest, &inspected);
    }
    let inspected = shown(inspected, wants);
    told(path, content, inspected, wants.text.then_some(text))
}

/// What a file holds, unmasked; nothing where it cannot be opened.
pub(crate) fn text_of(path: &Path, rules: &Rules, limits: &Limits) -> Option<Report> {
    let content = open(path, limits).ok()?;
    Some(inspected(path, &content, rules, limits))
}

fn inspected(path: &Path, content: &Content, rules: &Rules, limits: &Limits) -> Report {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut report = inspect(&content.bytes, &name, rules, limits);
    if content.bytes.len() as u64 != content.size {
        report.missed(Cause::TooBig);
    }
    report
}

fn shown(mut inspected: Inspected, wants: Wants<'_>) -> Inspected {
    if !wants.weak {
        let Inspected { report, beside } = &mut inspected;
        let is_shown = |finding: &inspect::Finding| finding.confidence >= inspect::SHOWN;
        let mut findings = report.findings.iter();
        beside.retain(|_| findings.next().is_some_and(is_shown));
        report.findings.retain(is_shown);
    }
    inspected
}

fn told(path: &Path, content: Content, inspected: Inspected, text: Option<String>) -> Told {
    let Inspected { report, beside } = inspected;
    Told {
        path: path.to_string_lossy().into_owned(),
        size: Some(content.size),
        sha256: content.sha256,
        report,
        text,
        beside,
    }
}

struct Content {
    bytes: Vec<u8>,
    size: u64,
    sha256: Option<String>,
}

/// The first bytes of a file, and the digest of all of them as far as there is time.
fn open(path: &Path, limits: &Limits) -> std::io::Result<Content> {
    let mut file = File::open(path)?;
    let bytes = beginning(&mut file, limits)?;
    let mut content = rest(bytes, &mut file, limits)?;
    if content.sha256.is_none() {
        content.size = file.metadata()?.len();
    }
    Ok(content)
}

/// What follows is hashed and counted, as long as there is time.
fn rest(bytes: Vec<u8>, from: &mut impl Read, limits: &Limits) -> std::io::Result<Content> {
    let mut digest = Context::new(&SHA256);
    digest.update(&bytes);
    let mut size = bytes.len() as u64;
    let mut part = vec![0; 1 << 16];
    while size >= limits.input as u64 {
        let count = from.read(&mut part)?;
        if count == 0 {
            break;
        }
        size += count as u64;
        if over(limits.stop.as_deref()) {
            return Ok(Content {
                bytes,
                size,
                sha256: None,
            });
        }
        digest.update(part.get(..count).unwrap_or_default());
    }
    Ok(Content {
        bytes,
        size,
        sha256: Some(hex::encode(digest.finish())),
    })
}

fn over(stop: Option<&dyn Stop>) -> bool {
    stop.is_some_and(Stop::now)
}
