//! The format, frozen: a small log and a proof file as version 1 wrote them. They must verify for
//! ever, and today's writer must still write the same bytes. A difference here is a change of
//! format and needs an ADR, not new files.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use ledger::{
    Commitment, Entry, EntryActor, MemorySource, ProofFile, Salt, Signer, TileReader, Token,
    VerifierKey, Writer, verify,
};
use zeroize::Zeroizing;

const VERIFIER: &str = include_str!("frozen/v1/verifier.key");
const PROOF: &str = include_str!("frozen/v1/entry-1.tlog-proof");
const LOG: [(&str, &[u8]); 3] = [
    ("checkpoint", include_bytes!("frozen/v1/log/checkpoint")),
    (
        "tile/0/000.p/3",
        include_bytes!("frozen/v1/log/tile/0/000.p/3"),
    ),
    (
        "tile/entries/000.p/3",
        include_bytes!("frozen/v1/log/tile/entries/000.p/3"),
    ),
];

fn frozen_log() -> MemorySource {
    LOG.iter()
        .map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec()))
        .collect()
}

fn key() -> VerifierKey {
    VERIFIER.trim_end().parse().unwrap()
}

/// A seed for everybody to see: this key guards nothing.
fn signer() -> Signer {
    Signer::from_seed("example.org/ruping/frozen", Zeroizing::new([0x11; 32])).unwrap()
}

fn token(text: &str) -> Token {
    Token::parse(text).unwrap()
}

fn entries() -> [Entry; 3] {
    let account = "019c0000-0000-7000-8000-0000000000a1".parse().unwrap();
    let person = "019c0000-0000-7000-8000-0000000000b1".parse().unwrap();
    let version = "019c0000-0000-7000-8000-0000000000c1".parse().unwrap();
    let entry = |id: &str, at: &str, actor, action| {
        Entry::new(
            id.parse().unwrap(),
            at.parse().unwrap(),
            actor,
            token(action),
        )
    };
    let start = entry(
        "019c0000-0000-7000-8000-000000000001",
        "2026-01-28T00:00:00Z",
        EntryActor::System("setup"),
        "log.start",
    );
    let mut made = entry(
        "019c0000-0000-7000-8000-000000000002",
        "2026-01-28T00:00:01.25Z",
        EntryActor::Account(account, Some(person)),
        "copy.make",
    );
    made.register = Some(token("copies"));
    made.record = Some("019c0000-0000-7000-8000-0000000000d1".parse().unwrap());
    made.version = Some(version);
    made.grounds = vec![token("custody")];
    made.policies = vec![token("registrar.make")];
    made.commitments = vec![Commitment::new(
        version,
        &Salt::from_bytes([5; 32]),
        b"content",
    )];
    let mut erased = entry(
        "019c0000-0000-7000-8000-000000000003",
        "2026-01-28T00:00:02.000000001Z",
        EntryActor::Account(account, None),
        "object.erase",
    );
    erased.objects = vec!["019c0000-0000-7000-8000-0000000000e1".parse().unwrap()];
    erased.facts = [(token("reason"), token("R-213"))].into();
    [start, made, erased]
}

#[test]
fn the_frozen_log_verifies() {
    let answer = verify(&frozen_log(), &key(), None).unwrap();
    assert!(answer.ok, "{answer:?}");
    assert_eq!(answer.size, 3);
}

#[test]
fn the_frozen_entries_read_as_they_were_written() {
    let source = frozen_log();
    let checkpoint = ledger::Checkpoint::open(&source["checkpoint"], &key()).unwrap();
    let mut reader = TileReader::open(&source, checkpoint.head()).unwrap();
    for (index, entry) in (0..).zip(entries()) {
        assert_eq!(Entry::parse(&reader.entry(index).unwrap()).unwrap(), entry);
    }
}

#[test]
fn the_frozen_proof_file_verifies() {
    let file = ProofFile::parse(PROOF.as_bytes()).unwrap();
    let proved = file.verify(&key()).unwrap();
    assert_eq!((proved.index, proved.head.size), (1, 3));
    let [_, made, _] = entries();
    assert_eq!(proved.parse_entry().unwrap(), made);
    assert!(made.commitments[0].opens(&Salt::from_bytes([5; 32]), b"content"));
}

#[test]
fn the_writer_still_writes_the_frozen_bytes() {
    let entries = entries().map(|entry| entry.to_bytes().unwrap());
    let update = Writer::new().append(&entries, &signer()).unwrap();
    let written: MemorySource = update
        .files
        .into_iter()
        .map(|file| (file.path, file.bytes))
        .collect();
    assert_eq!(written, frozen_log());
    assert_eq!(format!("{}\n", signer().verifier()), VERIFIER);
    let mut reader = TileReader::open(&written, update.head).unwrap();
    let proof = ProofFile::create(&mut reader, &written["checkpoint"], &key(), 1).unwrap();
    assert_eq!(proof.to_string(), PROOF);
}
