//! Damage to the log's files and to proofs, each judged by the second verifier too.

use std::fs;
use std::path::PathBuf;

use ledger::Checkpoint;
use serde_json::Value;
use testkit::oracle;
use zeroize::Zeroizing;

use super::{Bench, Damages, Row};

pub(super) fn damages() -> Damages {
    Damages::from([
        (
            "log-entry-byte",
            (|bench| flip(&bundle(bench), 60)) as fn(&mut Bench),
        ),
        ("log-entry-removed", |bench| {
            rewrite(bench, |entries| drop(entries.remove(3)));
        }),
        ("log-entry-inserted", |bench| {
            rewrite(bench, |entries| entries.insert(3, b"{}".to_vec()));
        }),
        ("log-entries-swapped", |bench| {
            rewrite(bench, |entries| entries.swap(3, 5))
        }),
        ("log-tile-byte", |bench| flip(&newest(bench, "0"), 70)),
        ("log-file-missing", |bench| {
            fs::remove_file(bundle(bench)).unwrap()
        }),
        ("log-file-cut", |bench| {
            let path = bundle(bench);
            let bytes = fs::read(&path).unwrap();
            fs::write(path, &bytes[..bytes.len() - 9]).unwrap();
        }),
        ("log-checkpoint-byte", |bench| {
            let path = log(bench).join("checkpoint");
            let text = fs::read_to_string(&path).unwrap();
            let root = text.lines().nth(2).unwrap();
            fs::write(path, text.replacen(root, &other_at(root, 0), 1)).unwrap();
        }),
        ("log-checkpoint-missing", |bench| {
            fs::remove_file(log(bench).join("checkpoint")).unwrap();
        }),
        ("log-other-key", |bench| {
            let origin = bench.text("SELECT value FROM meta WHERE key = 'origin'");
            let signer = ledger::Signer::from_seed(&origin, Zeroizing::new([9; 32])).unwrap();
            let entries = entries(bench);
            bench.server.forge_log(&entries, &signer).unwrap();
        }),
        ("log-truncated", |bench| {
            keep(bench);
            shorten(bench, 5);
        }),
        ("log-forked", |bench| {
            keep(bench);
            fork(bench);
        }),
        ("log-forked-database", fork),
    ])
}

pub(super) fn proof_damages() -> Damages {
    Damages::from([
        (
            "proof-entry",
            (|bench| {
                change_proof(bench, |text| {
                    let entry = text.lines().nth(1).unwrap().to_owned();
                    text.replacen(&entry, &other_at(&entry, entry.len() / 2), 1)
                });
            }) as fn(&mut Bench),
        ),
        ("proof-path", |bench| {
            change_proof(bench, |text| {
                let hash = text.lines().nth(3).unwrap().to_owned();
                text.replacen(&hash, &other_at(&hash, 0), 1)
            });
        }),
        ("proof-checkpoint", |bench| {
            change_proof(bench, |text| {
                let (proof, note) = text.split_once("\n\n").unwrap();
                let root = note.lines().nth(2).unwrap();
                let changed = note.replacen(root, &other_at(root, 0), 1);
                format!("{proof}\n\n{changed}")
            });
        }),
    ])
}

/// The Base64 text with another character in one place.
fn other_at(text: &str, place: usize) -> String {
    let other = |(at, char): (usize, char)| match (at == place, char) {
        (false, char) => char,
        (true, 'A') => 'B',
        (true, _) => 'A',
    };
    text.chars().enumerate().map(other).collect()
}

/// Both verifiers say the same of the log as it lies there.
pub(super) fn oracle_agrees(bench: &Bench, row: &Row) {
    let output = bench.run("ruping ledger verify --kept");
    let kept = bench.server.folder().join("kept");
    if !kept.exists() {
        return judge(bench, row, &bench.run("ruping ledger verify").stdout, None);
    }
    let key = bench.server.vkey().parse().unwrap();
    let head = Checkpoint::open(&fs::read(&kept).unwrap(), &key)
        .unwrap()
        .head();
    judge(
        bench,
        row,
        &output.stdout,
        Some((head.size, *head.root.as_bytes())),
    );
    fs::remove_file(kept).unwrap();
}

fn judge(bench: &Bench, row: &Row, told: &[u8], kept: Option<(u64, oracle::Digest)>) {
    let told: Value = serde_json::from_slice(told).unwrap();
    let files = oracle::read_folder(&log(bench)).unwrap();
    let opinion = oracle::judge(&files, bench.server.vkey(), kept);
    assert_eq!(told["ok"], opinion.ok, "{}", row.id);
    assert_eq!(told["size"], opinion.size, "{}", row.id);
    assert_eq!(told["first_bad"].as_u64(), opinion.first_bad, "{}", row.id);
    assert_eq!(told["reason"].as_str(), opinion.reason, "{}", row.id);
}

pub(super) fn oracle_on_proof(bench: &Bench, row: &Row) {
    let proof = fs::read(bench.server.folder().join("proof")).unwrap();
    let judged = oracle::judge_proof(&proof, bench.server.vkey());
    assert!(judged.is_err(), "{}", row.id);
}

pub(super) fn log(bench: &Bench) -> PathBuf {
    bench.server.data().join("log")
}

/// Keeps the checkpoint as it is now.
pub(super) fn keep(bench: &Bench) {
    fs::copy(
        log(bench).join("checkpoint"),
        bench.server.folder().join("kept"),
    )
    .unwrap();
}

/// The file of the first 256 hashes or entries: full, or the widest partial one.
fn newest(bench: &Bench, level: &str) -> PathBuf {
    let full = log(bench).join("tile").join(level).join("000");
    if full.exists() {
        return full;
    }
    let partial = full.with_extension("p");
    let widths = fs::read_dir(&partial).unwrap();
    let width = widths
        .map(|entry| {
            entry
                .unwrap()
                .file_name()
                .to_str()
                .unwrap()
                .parse::<u16>()
                .unwrap()
        })
        .max()
        .unwrap();
    partial.join(width.to_string())
}

fn bundle(bench: &Bench) -> PathBuf {
    newest(bench, "entries")
}

pub(super) fn flip(path: &PathBuf, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn parse(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut entries = Vec::new();
    while let [high, low, rest @ ..] = bytes {
        let (entry, after) = rest.split_at(usize::from(u16::from_be_bytes([*high, *low])));
        entries.push(entry.to_vec());
        bytes = after;
    }
    entries
}

/// Changes the list of entries in the first bundle.
fn rewrite(bench: &Bench, change: fn(&mut Vec<Vec<u8>>)) {
    let path = bundle(bench);
    let mut entries = parse(&fs::read(&path).unwrap());
    change(&mut entries);
    let mut bytes = Vec::new();
    for entry in entries {
        bytes.extend(u16::try_from(entry.len()).unwrap().to_be_bytes());
        bytes.extend(entry);
    }
    fs::write(path, bytes).unwrap();
}

/// Every entry of the log.
fn entries(bench: &Bench) -> Vec<Vec<u8>> {
    let key = bench.server.vkey().parse().unwrap();
    let note = fs::read(log(bench).join("checkpoint")).unwrap();
    let head = Checkpoint::open(&note, &key).unwrap().head();
    let files: ledger::MemorySource = oracle::read_folder(&log(bench))
        .unwrap()
        .into_iter()
        .collect();
    let mut reader = ledger::TileReader::open(&files, head).unwrap();
    (0..head.size)
        .map(|index| reader.entry(index).unwrap())
        .collect()
}

/// The log as it was some entries ago, signed again.
pub(super) fn shorten(bench: &Bench, by: usize) {
    let mut entries = entries(bench);
    entries.truncate(entries.len() - by);
    let signer = bench.server.log_signer().unwrap();
    bench.server.forge_log(&entries, &signer).unwrap();
}

/// Another history of the same length under the right signature.
fn fork(bench: &mut Bench) {
    let mut entries = entries(bench);
    let changed = String::from_utf8(entries[7].clone()).unwrap();
    let changed = changed.replacen("\"at\":\"2026", "\"at\":\"2025", 1);
    assert_ne!(changed.as_bytes(), entries[7]);
    entries[7] = changed.into_bytes();
    let signer = bench.server.log_signer().unwrap();
    bench.server.forge_log(&entries, &signer).unwrap();
}

/// Writes the certificate's proof, which holds, changed so that it does not.
fn change_proof(bench: &Bench, change: fn(String) -> String) {
    let path = bench.server.folder().join("proof");
    let proof = make_proof(bench);
    fs::write(&path, &proof).unwrap();
    let whole = bench.run("ruping ledger check");
    assert_eq!(whole.status.code(), Some(0), "{}", super::said(&whole));
    let told: Value = serde_json::from_slice(&whole.stdout).unwrap();
    assert_eq!(told["entry"]["id"], bench.case.certificate.to_string());
    let sealed = oracle::judge_proof(proof.as_bytes(), bench.server.vkey()).unwrap();
    assert_eq!(
        told["entry"],
        serde_json::from_slice::<Value>(&sealed).unwrap()
    );
    fs::write(path, change(proof)).unwrap();
}

/// The certificate's proof, made from the log's files.
fn make_proof(bench: &Bench) -> String {
    let key: ledger::VerifierKey = bench.server.vkey().parse().unwrap();
    let note = fs::read(log(bench).join("checkpoint")).unwrap();
    let head = Checkpoint::open(&note, &key).unwrap().head();
    let id = bench.case.certificate.to_string();
    let is_it =
        |body: &Vec<u8>| serde_json::from_slice::<Value>(body).unwrap()["id"] == id.as_str();
    let index = entries(bench).iter().position(is_it).unwrap();
    let files: ledger::MemorySource = oracle::read_folder(&log(bench))
        .unwrap()
        .into_iter()
        .collect();
    let mut reader = ledger::TileReader::open(&files, head).unwrap();
    let index = u64::try_from(index).unwrap();
    ledger::ProofFile::create(&mut reader, &note, &key, index)
        .unwrap()
        .to_string()
}
