//! One file opened, read as far as the limits go, and inspected.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256};
use inspect::{Cause, Format, Limits, Report, Rules, Stop, Stream, inspect};
use serde::{Deserialize, Serialize};

use crate::{Beside, Cache, Salt, Told, beside};

/// Bytes that are read at once.
const PART: usize = 1 << 18;

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
    let told = File::open(path).and_then(|mut file| {
        if how.wants.text {
            return Ok(tell(path, content(file, how.limits)?, how));
        }
        let size = file.metadata()?.len();
        // a report may be there already: all of the file is hashed before it is read
        if let Some(cache) = how.cache
            && let Some(sha256) = digest(&mut file, how.limits)?
        {
            if let Some(inspected) = cache.get(&sha256) {
                let content = Hashed {
                    size,
                    sha256: Some(sha256),
                };
                return Ok(told(path, content, shown(inspected, how.wants), None));
            }
            file.rewind()?;
        }
        let mut told = streamed(&[], size, &mut file, path, how)?;
        if told.sha256.is_none() {
            told.size = Some(size);
        }
        Ok(told)
    });
    told.unwrap_or_else(|_| Told::unread(path, None, Cause::Unreadable))
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
    let told = if how.wants.text {
        rest(beginning, from, how.limits).map(|content| tell(name, content, how))
    } else {
        streamed(&beginning, 0, from, name, how)
    };
    told.unwrap_or_else(|_| Told::unread(name, None, Cause::Unreadable))
}

/// Reads, hashes and inspects part by part what began so and may have so many bytes; its text is not kept.
fn streamed(
    begun: &[u8],
    expected: u64,
    from: &mut impl Read,
    path: &Path,
    how: How<'_>,
) -> std::io::Result<Told> {
    let How {
        rules,
        limits,
        wants,
        cache,
    } = how;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut stream = Stream::new(&name, rules, limits);
    stream.expect(expected);
    let mut digest = Context::new(&SHA256);
    let mut size = begun.len() as u64;
    stream.push(begun);
    digest.update(begun);
    let mut part = vec![0; PART];
    let mut whole = true;
    loop {
        let count = from.read(&mut part)?;
        if count == 0 {
            break;
        }
        size += count as u64;
        let part = part.get(..count).unwrap_or_default();
        digest.update(part);
        stream.push(part);
        if size > limits.input as u64 && over(limits.stop.as_deref()) {
            whole = false;
            break;
        }
    }
    let (mut report, lines) = stream.end_with_lines();
    if !whole {
        let held = report.format != Format::Txt || report.causes.contains(&Cause::TooBig);
        report.missed(if held { Cause::TooBig } else { Cause::Time });
    }
    let sha256 = whole.then(|| hex::encode(digest.finish()));
    let beside = beside::of(&report, lines.as_deref(), wants.salts);
    report.text = String::new();
    report.mask();
    let inspected = Inspected { report, beside };
    keep(cache.zip(sha256.as_deref()), &inspected);
    let content = Hashed { size, sha256 };
    Ok(told(path, content, shown(inspected, wants), None))
}

/// Keeps a report for the next time, but for one that the clock cut short: that may be read whole then.
fn keep(kept: Option<(&Cache, &str)>, inspected: &Inspected) {
    if let Some((cache, digest)) = kept.filter(|_| !inspected.report.causes.contains(&Cause::Time))
    {
        cache.put(digest, inspected);
    }
}

/// Tells a file with all of its text.
fn tell(path: &Path, content: Content, how: How<'_>) -> Told {
    let mut report = inspected(path, &content, how.rules, how.limits);
    let beside = beside::of(&report, None, how.wants.salts);
    let text = std::mem::take(&mut report.text);
    let inspected = Inspected { report, beside };
    let content = Hashed {
        size: content.size,
        sha256: content.sha256,
    };
    told(path, content, shown(inspected, how.wants), Some(text))
}

/// The digest of all of a file; none where there is no time for it.
fn digest(file: &mut File, limits: &Limits) -> std::io::Result<Option<String>> {
    let mut digest = Context::new(&SHA256);
    let mut part = vec![0; PART];
    loop {
        let count = file.read(&mut part)?;
        if count == 0 {
            return Ok(Some(hex::encode(digest.finish())));
        }
        if over(limits.stop.as_deref()) {
            file.rewind()?;
            return Ok(None);
        }
        digest.update(part.get(..count).unwrap_or_default());
    }
}

/// What a file holds, unmasked; nothing where it cannot be opened.
pub(crate) fn text_of(path: &Path, rules: &Rules, limits: &Limits) -> Option<Report> {
    let content = content(File::open(path).ok()?, limits).ok()?;
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

fn told(path: &Path, content: Hashed, inspected: Inspected, text: Option<String>) -> Told {
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

/// What is known of a file's bytes.
struct Hashed {
    size: u64,
    sha256: Option<String>,
}

struct Content {
    bytes: Vec<u8>,
    size: u64,
    sha256: Option<String>,
}

/// The first bytes of a file, and the digest of all of them as far as there is time.
fn content(mut file: File, limits: &Limits) -> std::io::Result<Content> {
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
    let mut part = vec![0; PART];
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
