//! Measures an index: `cargo run --release -p passages --example million -- [DOCUMENTS [DIR]]`.
//!
//! It enrols so many documents of 3,000 Chinese characters, made from a fixed seed, then starts a fresh program that only opens the
//! index and passes texts: one with nothing of them, one with a copied passage in every ten thousand characters. Beside each
//! figure stands copying the same bytes in memory. Seconds are of CPU on Unix, for other programs may run beside it. Without DIR, `target/million` is used and emptied.

use std::collections::HashSet;
use std::error::Error;
use std::fmt::Write as _;
use std::io::{Write, stdout};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use inspect::copies::{Posting, Registered, Tag, tags};
use passages::{Index, Keeper, Key, RESIDENT_BYTES};

/// Characters of a document.
const CHARACTERS: usize = 3_000;
/// Characters of a text that is passed; about a megabyte.
const TEXT: usize = 350_000;
/// How many texts are passed.
const TEXTS: u64 = 64;
/// Characters of a copied passage, and after how many there is one.
const COPIED: usize = 200;
const EVERY: usize = 10_000;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn key() -> Key {
    Key::new([42; 32])
}

/// Seconds that this thread had a processor.
#[cfg(unix)]
fn seconds(_begun: Instant) -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Seconds that went by.
#[cfg(not(unix))]
fn seconds(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64()
}

/// The same bytes every time, and other ones at every call.
fn random() -> impl FnMut(&mut [u8]) -> std::io::Result<()> {
    let mut count = 0_u64;
    move |bytes: &mut [u8]| {
        for byte in bytes {
            count += 1;
            *byte = (next(count) >> 40).to_le_bytes()[0];
        }
        Ok(())
    }
}

fn next(mut word: u64) -> u64 {
    word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ word >> 31
}

/// Chinese text, of 3,000 different characters and a comma after about twelve.
fn text(seed: u64, characters: usize, out: &mut String) {
    let mut word = next(seed.wrapping_add(1) << 20);
    for _ in 0..characters {
        word = word
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let drawn = u32::try_from(word >> 40).unwrap_or_default();
        out.push(if drawn % 13 == 0 {
            '，'
        } else {
            char::from_u32(0x4e00 + (drawn >> 4) % 3_000).unwrap_or('一')
        });
    }
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut out = stdout();
    match arguments.as_slice() {
        ["pass", folder, documents] => pass(Path::new(folder), documents.parse()?, &mut out),
        [] => all(100_000, Path::new("target/million"), &mut out),
        [documents] => all(documents.parse()?, Path::new("target/million"), &mut out),
        [documents, folder, ..] => all(documents.parse()?, Path::new(folder), &mut out),
    }
}

fn all(documents: u64, folder: &Path, out: &mut impl Write) -> Outcome<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    enrol(documents, folder, out)?;
    let program: PathBuf = std::env::current_exe()?;
    let passed = Command::new(program)
        .arg("pass")
        .arg(folder)
        .arg(documents.to_string())
        .status()?;
    if passed.success() {
        return Ok(());
    }
    Err("the fresh program failed".into())
}

fn enrol(documents: u64, folder: &Path, out: &mut impl Write) -> Outcome<()> {
    let mut random = random();
    let mut keeper = Keeper::create(folder, key(), &mut random)?;
    let tags_key = keeper.key().clone();
    let start = Instant::now();
    let (begun, mut postings, mut making) = (seconds(start), 0, 0.0);
    let mut document = String::new();
    for number in 0..documents {
        document.clear();
        let generated = seconds(start);
        text(number, CHARACTERS, &mut document);
        making += seconds(start) - generated;
        let tags = tags(&tags_key, &document);
        postings += tags.len();
        let name = format!("文件 {number}");
        keeper.add_tags(&name, Some("state.secret"), &tags, &mut random)?;
    }
    keeper.commit(&mut random)?;
    let added = seconds(start) - begun - making;
    let merging = seconds(start);
    keeper.merge(&mut random)?;
    let merged = seconds(start) - merging;
    let mut bytes = 0;
    for file in std::fs::read_dir(folder)? {
        bytes += file?.metadata()?.len();
    }
    let rate = documents as f64 / (added + merged);
    writeln!(
        out,
        "enrolled {documents} documents, {postings} tags: {added:.1} s, and {merged:.1} s to merge all; {rate:.0} documents/s; {:.0} MB on the disk",
        bytes as f64 / 1e6
    )?;
    let one = Instant::now();
    keeper.add("one more", None, &document, &mut random)?;
    keeper.commit(&mut random)?;
    let added = one.elapsed().as_secs_f64() * 1e3;
    let one = Instant::now();
    let number = u32::try_from(documents)?;
    keeper.remove(number)?;
    keeper.commit(&mut random)?;
    let removed = one.elapsed().as_secs_f64() * 1e3;
    writeln!(
        out,
        "one more document: {added:.1} ms; taken out: {removed:.1} ms"
    )?;
    writeln!(out, "memory of the program that enrolled: {}", memory())?;
    Ok(())
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mut told = String::new();
    for line in status.lines() {
        if ["VmRSS", "VmHWM"].iter().any(|name| line.starts_with(name)) {
            let _written = write!(told, "{} ", line.split_whitespace().collect::<String>());
        }
    }
    told
}

fn pass(folder: &Path, documents: u64, out: &mut impl Write) -> Outcome<()> {
    let opening = Instant::now();
    let index = Index::open(folder, &key(), RESIDENT_BYTES)?;
    let opened = seconds(opening);
    let resident = memory();
    writeln!(
        out,
        "opened in {opened:.2} s; {} documents; {resident}",
        index.len()
    )?;
    for (what, copies) in [
        ("no copies", false),
        ("copies", true),
        ("no copies, again", false),
    ] {
        let mut sums = Sums::default();
        for number in 0..TEXTS {
            let passed = made(number, copies, documents);
            sums.pass(&index, &passed, opening)?;
        }
        let mb = sums.bytes as f64 / 1e6;
        writeln!(
            out,
            "{what}: {:.0} MB/s (tags {:.0} MB/s, index {:.0} ns a tag, {:.3} % of tags looked up); copying in memory {:.0} MB/s; {} documents found of {}",
            mb / (sums.tags + sums.asked),
            mb / sums.tags,
            sums.asked * 1e9 / sums.count as f64,
            sums.looked as f64 * 100.0 / sums.looked_of.max(1) as f64,
            mb / sums.copied,
            sums.found,
            if copies {
                TEXTS * (TEXT / EVERY) as u64
            } else {
                0
            },
        )?;
    }
    writeln!(out, "memory of the program that passed: {}", memory())?;
    Ok(())
}

fn made(number: u64, copies: bool, documents: u64) -> String {
    let mut made = String::new();
    if !copies {
        text(number + (1 << 40), TEXT, &mut made);
        return made;
    }
    let mut document = String::new();
    for place in 0..(TEXT / EVERY) as u64 {
        text(number << 20 | place | 1 << 41, EVERY - COPIED, &mut made);
        document.clear();
        let from = next(number << 20 | place) % documents.max(1);
        text(from, CHARACTERS, &mut document);
        made.extend(document.chars().skip(1_000).take(COPIED));
    }
    made
}

#[derive(Debug, Default)]
struct Sums {
    bytes: usize,
    count: usize,
    /// Tags of the first text that the filters let through, and all of them.
    looked: usize,
    looked_of: usize,
    found: usize,
    tags: f64,
    asked: f64,
    copied: f64,
}

impl Sums {
    fn pass(&mut self, index: &Index, passed: &str, start: Instant) -> Outcome<()> {
        let mut copy = vec![1; passed.len()];
        let begun = seconds(start);
        copy.copy_from_slice(passed.as_bytes());
        std::hint::black_box(&copy);
        self.copied += seconds(start) - begun;
        let begun = seconds(start);
        let wanted: Vec<Tag> = tags(index.key(), passed);
        self.tags += seconds(start) - begun;
        let begun = seconds(start);
        let mut found: HashSet<(u32, i64)> = HashSet::new();
        let mut twice: HashSet<u32> = HashSet::new();
        index.ask(&wanted, &mut |which, Posting { document, at }| {
            let here = wanted.get(which).map_or(0, |tag| tag.at);
            if !found.insert((document, i64::from(here) - i64::from(at))) {
                twice.insert(document);
            }
            ControlFlow::Continue(())
        })?;
        self.asked += seconds(start) - begun;
        if self.bytes == 0 {
            let looked = wanted.iter().filter(|tag| index.may_have(tag.tag));
            self.looked = looked.count();
            self.looked_of = wanted.len();
        }
        self.found += twice.len();
        self.count += wanted.len();
        self.bytes += passed.len();
        Ok(())
    }
}
