//! One file opened, read as far as the limits go, and inspected.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256};
use inspect::{Cause, Limits, Rules, Stop, inspect};

use crate::{Cache, Told};

/// What is wanted of each file.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wants {
    /// All text, and findings as they stand there.
    pub(crate) text: bool,
    /// Findings that are too weak to be shown to people, too.
    pub(crate) weak: bool,
}

pub(crate) fn read(
    path: &Path,
    rules: &Rules,
    limits: &Limits,
    wants: Wants,
    cache: Option<&Cache>,
) -> Told {
    let Ok(content) = open(path, limits) else {
        return Told::unread(path, None, Cause::Unreadable);
    };
    // a cache holds what is masked, so it serves nobody who wants text
    let cache = cache.filter(|_| !wants.text);
    let kept = cache.zip(content.sha256.as_deref());
    if let Some(report) = kept.and_then(|(cache, digest)| cache.get(digest)) {
        return told(path, content, shown(report, wants), None);
    }
    let mut report = inspected(path, &content, rules, limits);
    let text = std::mem::take(&mut report.text);
    if !wants.text {
        report.mask();
    }
    // what was cut short by the clock may be read whole the next time
    if let Some((cache, digest)) = kept.filter(|_| !report.causes.contains(&Cause::Time)) {
        cache.put(digest, &report);
    }
    let report = shown(report, wants);
    told(path, content, report, wants.text.then_some(text))
}

/// What a file holds, unmasked; nothing where it cannot be opened.
pub(crate) fn text_of(path: &Path, rules: &Rules, limits: &Limits) -> Option<inspect::Report> {
    let content = open(path, limits).ok()?;
    Some(inspected(path, &content, rules, limits))
}

fn inspected(path: &Path, content: &Content, rules: &Rules, limits: &Limits) -> inspect::Report {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut report = inspect(&content.bytes, &name, rules, limits);
    if content.bytes.len() as u64 != content.size {
        report.missed(Cause::TooBig);
    }
    report
}

fn shown(mut report: inspect::Report, wants: Wants) -> inspect::Report {
    if !wants.weak {
        report
            .findings
            .retain(|finding| finding.confidence >= inspect::SHOWN);
    }
    report
}

fn told(path: &Path, content: Content, report: inspect::Report, text: Option<String>) -> Told {
    Told {
        path: path.to_string_lossy().into_owned(),
        size: Some(content.size),
        sha256: content.sha256,
        report,
        text,
    }
}

/// What is told of a report as it is asked for; where no digest of all of it is at hand.
pub(crate) fn told_of(
    path: &str,
    size: Option<u64>,
    mut report: inspect::Report,
    wants: Wants,
) -> Told {
    let text = std::mem::take(&mut report.text);
    if !wants.text {
        report.mask();
    }
    Told {
        path: path.to_owned(),
        size,
        sha256: None,
        report: shown(report, wants),
        text: wants.text.then_some(text),
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
    let mut bytes = Vec::new();
    let mut digest = Context::new(&SHA256);
    file.by_ref()
        .take(limits.input as u64)
        .read_to_end(&mut bytes)?;
    digest.update(&bytes);
    let mut size = bytes.len() as u64;
    let mut part = vec![0; 1 << 16];
    while size >= limits.input as u64 {
        let count = file.read(&mut part)?;
        if count == 0 {
            break;
        }
        if over(limits.stop.as_deref()) {
            let size = file.metadata()?.len();
            return Ok(Content {
                bytes,
                size,
                sha256: None,
            });
        }
        digest.update(part.get(..count).unwrap_or_default());
        size += count as u64;
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
