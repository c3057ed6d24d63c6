//! Measures appending entries to the log and verifying all of it, in memory, against SHA-256 alone of
//! the same bytes. The best of several rounds counts, as everything slower is somebody else's load.
#![expect(
    clippy::print_stdout,
    reason = "printing the measurement is what a bench is for"
)]

use aws_lc_rs::digest;
use ledger::{Error, MemorySource, Signer, Writer, verify};
use std::hint::black_box;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

const ENTRIES: usize = 100_000;
/// What an entry of an action takes.
const ENTRY_BYTES: usize = 500;
/// Entries placed at once, as the sequencer does.
const TURN: usize = 2000;
const ROUNDS: usize = 3;

fn main() -> Result<(), Error> {
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return Ok(());
    }
    let signer = Signer::from_seed("ruping.test/bench", Zeroizing::new([7; 32]))?;
    let entries: Vec<Vec<u8>> = (0..ENTRIES).map(entry).collect();
    let bare = best(|| {
        for entry in &entries {
            black_box(digest::digest(&digest::SHA256, entry));
        }
        Ok(())
    })?;
    let mut log = MemorySource::new();
    let append = best(|| {
        log.clear();
        append(&entries, &signer, &mut log)
    })?;
    let key = signer.verifier().clone();
    let check = best(|| {
        let found = verify(&log, &key, None)?;
        assert!(found.ok, "the log just written verifies");
        Ok(())
    })?;
    tell("bare SHA-256 of the same bytes", bare, bare);
    tell("append, tiles and checkpoint", append, bare);
    tell("verify the whole log", check, bare);
    Ok(())
}

fn entry(number: usize) -> Vec<u8> {
    let mut bytes = format!("{{\"n\":{number},\"pad\":\"").into_bytes();
    bytes.resize(ENTRY_BYTES - 2, b'x');
    bytes.extend_from_slice(b"\"}");
    bytes
}

fn append(entries: &[Vec<u8>], signer: &Signer, log: &mut MemorySource) -> Result<(), Error> {
    let mut writer = Writer::new();
    for turn in entries.chunks(TURN) {
        let update = writer.append(turn, signer)?;
        for file in update.files {
            log.insert(file.path, file.bytes);
        }
        for folder in update.superseded {
            let inside = format!("{folder}/");
            log.retain(|path, _| !path.starts_with(&inside));
        }
        writer = update.writer;
    }
    Ok(())
}

fn best(mut work: impl FnMut() -> Result<(), Error>) -> Result<Duration, Error> {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        work()?;
        best = best.min(start.elapsed());
    }
    Ok(best)
}

/// A line as `cargo xtask bench` reads it.
fn tell(what: &str, took: Duration, bare: Duration) {
    let rate = f64::from(u32::try_from(ENTRIES).unwrap_or_default()) / took.as_secs_f64();
    let ratio = bare.as_secs_f64() / took.as_secs_f64();
    println!("figure\tledger: {what}\t{rate:.0}\tentries/s\t{ratio:.2}\t");
}
