//! The program that reads files for a scan: paths come in line by line, or contents after a line that announces them, and
//! for each a line with what is told of it goes out. It may be ended at any moment.

use std::io::{BufRead, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use inspect::{Limits, Rules, Stop};

use crate::content::Given;
use crate::read::{How, Wants, beginning, read, read_from};
use crate::{Cache, Enrolment, Salt, path};

/// How a worker reads.
#[derive(Debug)]
pub struct Work {
    /// What is looked for.
    pub rules: Rules,
    /// Limits of each file; the time is set anew for each.
    pub limits: Limits,
    /// How long a file may take.
    pub patience: Duration,
    /// Bytes of memory it may have, everything together.
    pub memory: u64,
    /// Whether all text is told, and findings as they stand there.
    pub text: bool,
    /// Whether findings are told that are too weak to be shown to people.
    pub weak: bool,
    /// What was enrolled of registered documents; told before anything else.
    pub enrolled: Enrolment,
    /// What was read before.
    pub cache: Option<Cache>,
    /// What digests of findings are keyed with.
    pub salts: Vec<Salt>,
}

struct Until(Instant);

impl Stop for Until {
    fn now(&self) -> bool {
        Instant::now() >= self.0
    }
}

/// Reads files until no more paths come.
///
/// # Errors
/// Nobody asks or listens any more.
pub fn work(work: &Work, mut asked: impl BufRead, mut out: impl Write) -> std::io::Result<()> {
    confine(work.memory);
    // what it had to prepare takes no file's time
    answer(&mut out, &work.enrolled)?;
    let mut line = String::new();
    while asked.read_line(&mut line)? > 0 {
        let wanted = Wanted::read(&line, &mut asked)?;
        line.clear();
        let limits = work.limits_from_now();
        let told = match wanted {
            None => continue,
            Some(Wanted::File(path)) => read(&path, work.how(&limits)),
            Some(Wanted::Content(content)) => content.read_by(work.how(&limits)),
        };
        answer(&mut out, &told)?;
    }
    Ok(())
}

/// What a line asks for.
enum Wanted {
    /// A file on a disk.
    File(PathBuf),
    /// Bytes that follow the line.
    Content(Given),
}

impl Wanted {
    fn read(line: &str, asked: impl Read) -> std::io::Result<Option<Self>> {
        if let Some(given) = Given::read(line, asked)? {
            return Ok(Some(Self::Content(given)));
        }
        Ok(path::from_line(line).map(Self::File))
    }
}

/// Reads one file from a stream, by the name that it is told with. What is inspected at once of it is waited for without
/// end; then a line says that its time begins.
///
/// # Errors
/// The stream fails at its beginning, or nobody listens.
pub fn work_on_stream(
    work: &Work,
    name: &str,
    mut from: impl Read,
    mut out: impl Write,
) -> std::io::Result<()> {
    confine(work.memory);
    answer(&mut out, &work.enrolled)?;
    let begins = beginning(&mut from, &work.limits)?;
    answer(&mut out, &())?;
    let limits = work.limits_from_now();
    let told = read_from(begins, &mut from, Path::new(name), work.how(&limits));
    answer(&mut out, &told)
}

fn answer(out: &mut impl Write, what: &impl serde::Serialize) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, what)?;
    out.write_all(b"\n")?;
    out.flush()
}

impl Work {
    fn limits_from_now(&self) -> Limits {
        let stop: Arc<dyn Stop> = Arc::new(Until(Instant::now() + self.patience));
        Limits {
            stop: Some(stop),
            ..self.limits.clone()
        }
    }

    fn how<'a>(&'a self, limits: &'a Limits) -> How<'a> {
        How {
            rules: &self.rules,
            limits,
            wants: Wants {
                text: self.text,
                weak: self.weak,
                salts: &self.salts,
            },
            cache: self.cache.as_ref(),
        }
    }
}

/// Takes no more memory than this, whatever a file makes a reader do. WHY data and not addresses: the program itself and
/// what is read from disk by address count for nothing.
#[cfg(unix)]
fn confine(bytes: u64) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = Rlimit {
        current: Some(bytes.saturating_add(taken())),
        maximum: getrlimit(Resource::Data).maximum,
    };
    // where it cannot be set, the machine sets none
    let _set = setrlimit(Resource::Data, limit);
}

/// Bytes of data this program has already: rules, and registered documents.
#[cfg(unix)]
fn taken() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmData:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() << 10
}

#[cfg(not(unix))]
fn confine(_bytes: u64) {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Told;
    use inspect::{Cause, Status};
    use std::path::Path;

    fn asked(work: &Work, paths: &[&Path]) -> Vec<Told> {
        let lines: String = paths.iter().map(|one| path::to_line(one) + "\n").collect();
        let mut out = Vec::new();
        super::work(work, lines.as_bytes(), &mut out).unwrap();
        String::from_utf8(out)
            .unwrap()
            .lines()
            .skip(1)
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn some() -> Work {
        Work {
            rules: Rules::default(),
            limits: Limits {
                input: 100,
                ..Limits::default()
            },
            patience: Duration::from_secs(60),
            memory: u64::MAX,
            text: true,
            weak: false,
            enrolled: Enrolment::default(),
            cache: None,
            salts: Vec::new(),
        }
    }

    #[test]
    fn a_file_is_told_with_its_digest_and_its_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("机密.txt");
        std::fs::write(&path, "一份通知").unwrap();
        let told = asked(&some(), &[&path, Path::new("/there/is/none")]);
        let [read, gone] = told.as_slice() else {
            panic!("{told:?}")
        };
        assert_eq!(
            (read.size, read.report.status, read.text.as_deref()),
            (Some(12), Status::Read, Some("一份通知"))
        );
        assert_eq!(read.sha256.as_deref().map(str::len), Some(64));
        assert_eq!(
            (gone.report.status, gone.report.causes.first()),
            (Status::Unread, Some(&Cause::Unreadable))
        );
    }

    #[test]
    fn of_a_file_beyond_the_limits_the_beginning_is_read_and_all_of_it_is_hashed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long");
        std::fs::write(&path, "0123456789".repeat(50_000)).unwrap();
        let told = asked(&some(), &[&path]);
        let [long] = told.as_slice() else {
            panic!("{told:?}")
        };
        assert_eq!(
            (long.size, long.report.status),
            (Some(500_000), Status::Partial)
        );
        assert!(long.report.causes.contains(&Cause::TooBig) && long.sha256.is_some());
        let out_of_time = Work {
            patience: Duration::ZERO,
            ..some()
        };
        let told = asked(&out_of_time, &[&path]);
        assert!(
            told.iter()
                .all(|told| told.sha256.is_none() && told.size == Some(500_000)),
            "{told:?}"
        );
    }

    #[test]
    fn plain_text_beyond_the_limits_is_read_whole_where_its_text_is_not_asked_for() {
        let (folder, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = folder.path().join("long");
        std::fs::write(&path, "0123456789\n".repeat(50_000) + "机密★10年\n").unwrap();
        let quiet = |cache: bool| Work {
            rules: Rules::shipped().unwrap(),
            text: false,
            cache: cache.then(|| Cache::open(kept.path(), "one").unwrap()),
            ..some()
        };
        let told = asked(&quiet(false), &[&path]);
        let [long] = told.as_slice() else {
            panic!("{told:?}")
        };
        assert_eq!(
            (long.report.status, long.report.findings.len()),
            (Status::Read, 1)
        );
        assert_eq!(long.beside.first().and_then(|one| one.line), Some(50_001));
        assert_eq!(asked(&quiet(true), &[&path]), told);
        assert_eq!(asked(&quiet(true), &[&path]), told, "from the cache");
        let out_of_time = Work {
            patience: Duration::ZERO,
            ..quiet(false)
        };
        let late = asked(&out_of_time, &[&path]);
        assert!(
            late.iter().all(|one| one.sha256.is_none()
                && one.size == long.size
                && one.report.causes.contains(&Cause::Time)),
            "{late:?}"
        );
        // the name of the format stands at the beginning, and then comes what is no text
        std::fs::write(&path, b"PK\x03\x04".repeat(50_000)).unwrap();
        let held = asked(&quiet(false), &[&path]);
        assert!(
            held.iter()
                .all(|one| one.report.causes.contains(&Cause::TooBig)),
            "{held:?}"
        );
    }

    #[test]
    fn a_stream_is_read_as_a_file_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long.txt");
        for length in [5, 5_000] {
            let text = "0123456789".repeat(length);
            std::fs::write(&path, &text).unwrap();
            let mut out = Vec::new();
            let name = path.to_str().unwrap();
            work_on_stream(&some(), name, text.as_bytes(), &mut out).unwrap();
            let said = String::from_utf8(out).unwrap();
            let lines: Vec<&str> = said.lines().collect();
            assert_eq!((lines.len(), lines[1]), (3, "null"));
            let told: Told = serde_json::from_str(lines[2]).unwrap();
            assert_eq!([told].as_slice(), asked(&some(), &[&path]));
        }
    }

    #[test]
    fn what_was_read_before_is_told_again_and_no_text_of_it_is_kept() {
        let (folder, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "一份通知").unwrap();
        let cache = |kind| Cache::open(kept.path(), kind).unwrap();
        let work = Work {
            text: false,
            cache: Some(cache("one")),
            ..some()
        };
        let first = asked(&work, &[&path]);
        assert_eq!(asked(&work, &[&path]), first);
        let digest = first.first().and_then(|told| told.sha256.clone()).unwrap();
        assert!(cache("one").get(&digest).is_some() && cache("other").get(&digest).is_none());
        let all: String = std::fs::read_dir(
            kept.path()
                .read_dir()
                .unwrap()
                .next()
                .unwrap()
                .unwrap()
                .path(),
        )
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
        assert!(!all.is_empty() && !all.contains("通知"));
    }
}
