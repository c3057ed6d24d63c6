use super::*;
use crate::bundle;
use crate::hash::{Hash, leaf_hash, node_hash, tree_hash};
use crate::source::{BoxError, MemorySource};
use crate::testlog::{Leftovers, TestLog, entry, leaves, mth, signer, store};
use crate::tile::encode;
use crate::writer::Writer;
use proptest::prelude::*;

/// 2 full bundles and tiles, a partial one of 88, and a level above.
const SIZE: u64 = 600;

fn log() -> TestLog {
    TestLog::grown(&[SIZE], Leftovers::Deleted)
}

fn found(source: &MemorySource, log: &TestLog) -> Verification {
    verify(source, &log.key(), None).unwrap()
}

/// Verifies after `change` was made to one file.
fn after(log: &TestLog, path: &str, change: impl FnOnce(&mut Vec<u8>)) -> Verification {
    let mut source = log.source.clone();
    change(source.get_mut(path).unwrap());
    found(&source, log)
}

#[track_caller]
fn assert_found(found: &Verification, reason: Reason, first_bad: Option<u64>, path: &str) {
    let expected = (false, Some(reason), first_bad, Some(path.to_owned()));
    assert_eq!(
        (found.ok, found.reason, found.first_bad, found.path.clone()),
        expected
    );
}

fn bundle_of(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in entries {
        bundle::push(&mut bytes, entry).unwrap();
    }
    bytes
}

fn entries_of(range: std::ops::Range<u64>) -> Vec<Vec<u8>> {
    range.map(entry).collect()
}

#[test]
fn sound_logs_of_all_sizes_verify() {
    for size in [
        0, 1, 2, 255, 256, 257, 511, 512, 513, 600, 65_536, 65_537, 66_000,
    ] {
        let log = TestLog::grown(&[size / 2, size], Leftovers::Deleted);
        let expected = Verification {
            ok: true,
            size,
            first_bad: None,
            reason: None,
            path: None,
        };
        assert_eq!(found(&log.source, &log), expected, "{size}");
    }
}

#[test]
fn the_answer_prints_as_the_cli_promises() {
    let good = serde_json::to_string(&found(&log().source, &log())).unwrap();
    assert_eq!(
        good,
        r#"{"ok":true,"size":600,"first_bad":null,"reason":null,"path":null}"#
    );
    let bad = after(&log(), "tile/entries/000", |bytes| bytes[2] ^= 1);
    let bad = serde_json::to_string(&bad).unwrap();
    let expected = r#"{"ok":false,"size":600,"first_bad":0,"reason":"ledger.entry_changed","path":"tile/entries/000"}"#;
    assert_eq!(bad, expected);
}

#[test]
fn any_flipped_byte_of_an_entry_is_named_by_its_index() {
    let log = log();
    for (path, start, end) in [
        ("tile/entries/000", 0, 256),
        ("tile/entries/001", 256, 512),
        ("tile/entries/002.p/88", 512, 600),
    ] {
        let mut at = 0;
        for index in start..end {
            let length = entry(index).len();
            if index % 31 == 0 || index + 1 == end {
                for place in at + 2..at + 2 + length {
                    let found = after(&log, path, |bytes| bytes[place] ^= 0x20);
                    assert_found(&found, Reason::EntryChanged, Some(index), path);
                }
            }
            at += 2 + length;
        }
    }
}

#[test]
fn a_flipped_length_is_named_by_its_index() {
    let log = log();
    let mut at = 0;
    for index in 0..256 {
        for place in [at, at + 1] {
            for bit in [1, 0x80] {
                let found = after(&log, "tile/entries/000", |bytes| bytes[place] ^= bit);
                assert!(!found.ok);
                assert_eq!(found.first_bad, Some(index), "{place}");
                let expected = [Reason::EntryChanged, Reason::Malformed];
                assert!(expected.contains(&found.reason.unwrap()), "{found:?}");
            }
        }
        at += 2 + entry(index).len();
    }
}

#[test]
fn any_flipped_byte_of_a_tile_is_named_by_the_first_entry_under_its_hash() {
    let log = log();
    for (path, start, under) in [
        ("tile/0/000", 0, 1),
        ("tile/0/001", 256, 1),
        ("tile/0/002.p/88", 512, 1),
        ("tile/1/000.p/2", 0, 256),
    ] {
        for place in (0..log.source[path].len()).step_by(13) {
            let found = after(&log, path, |bytes| bytes[place] ^= 1);
            let index = start + under * (place as u64 / 32);
            assert_found(&found, Reason::TileChanged, Some(index), path);
        }
    }
}

#[test]
fn tiles_of_upper_levels_are_checked_too() {
    let log = TestLog::grown(&[66_000], Leftovers::Deleted);
    for (path, place, index) in [
        ("tile/2/000.p/1", 0, 0),
        ("tile/1/000", 32 * 100, 25_600),
        ("tile/1/001.p/1", 31, 65_536),
        ("tile/0/256", 32 * 3, 65_539),
    ] {
        let found = after(&log, path, |bytes| bytes[place] ^= 1);
        assert_found(&found, Reason::TileChanged, Some(index), path);
    }
}

#[test]
fn any_flipped_byte_of_the_checkpoint_is_found() {
    let log = log();
    for place in 0..log.source["checkpoint"].len() {
        for bit in [1, 0x80] {
            let found = after(&log, "checkpoint", |bytes| bytes[place] ^= bit);
            assert!(!found.ok, "{place}");
            let expected = [Reason::CheckpointSignature, Reason::Malformed];
            assert!(
                expected.contains(&found.reason.unwrap()),
                "{place} {found:?}"
            );
            assert_eq!(found.path.as_deref(), Some("checkpoint"));
            assert_eq!(found.size, 0, "an unsigned size is not repeated");
        }
    }
}

#[test]
fn every_missing_file_is_named() {
    let log = log();
    for (path, first_bad) in [
        ("tile/0/000", 0),
        ("tile/0/001", 256),
        ("tile/0/002.p/88", 512),
        ("tile/1/000.p/2", 0),
        ("tile/entries/000", 0),
        ("tile/entries/001", 256),
        ("tile/entries/002.p/88", 512),
    ] {
        let mut source = log.source.clone();
        source.remove(path);
        assert_found(
            &found(&source, &log),
            Reason::MissingTile,
            Some(first_bad),
            path,
        );
    }
    let mut source = log.source.clone();
    source.remove("checkpoint");
    assert_found(
        &found(&source, &log),
        Reason::CheckpointMissing,
        None,
        "checkpoint",
    );
}

#[test]
fn files_of_the_wrong_length_are_malformed() {
    let log = log();
    for (path, first_bad) in [
        ("tile/0/000", 0),
        ("tile/0/001", 256),
        ("tile/0/002.p/88", 512),
        ("tile/1/000.p/2", 0),
    ] {
        for change in [
            |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() - 1),
            |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() - 32),
            |bytes: &mut Vec<u8>| bytes.push(0),
            |bytes: &mut Vec<u8>| bytes.extend([0; 32]),
            Vec::clear,
        ] {
            assert_found(
                &after(&log, path, change),
                Reason::Malformed,
                Some(first_bad),
                path,
            );
        }
    }
    let path = "tile/entries/002.p/88";
    let found = after(&log, path, |bytes| bytes.truncate(bytes.len() - 1));
    assert_found(&found, Reason::Malformed, Some(599), path);
    let found = after(&log, path, |bytes| bytes.push(0));
    assert_found(&found, Reason::Malformed, Some(600), path);
    let found = after(&log, path, Vec::clear);
    assert_found(&found, Reason::EntryRemoved, Some(512), path);
}

#[test]
fn removed_inserted_and_reordered_entries_are_told_apart() {
    let log = log();
    let path = "tile/entries/001";
    let put = |entries: Vec<Vec<u8>>| after(&log, path, |bytes| *bytes = bundle_of(&entries));
    for index in [256, 300, 510] {
        let at = usize::try_from(index - 256).unwrap();
        let mut removed = entries_of(256..512);
        removed.remove(at);
        assert_found(
            &put(removed.clone()),
            Reason::EntryRemoved,
            Some(index),
            path,
        );
        removed.push(entry(512));
        assert_found(&put(removed), Reason::EntryRemoved, Some(index), path);
        let mut inserted = entries_of(256..512);
        inserted.insert(at, b"forged".to_vec());
        assert_found(
            &put(inserted.clone()),
            Reason::EntryInserted,
            Some(index),
            path,
        );
        inserted.pop();
        assert_found(&put(inserted), Reason::EntryInserted, Some(index), path);
        let mut swapped = entries_of(256..512);
        swapped.swap(at, at + 1);
        assert_found(&put(swapped), Reason::EntriesReordered, Some(index), path);
    }
    assert_found(
        &put(entries_of(256..511)),
        Reason::EntryRemoved,
        Some(511),
        path,
    );
    assert_found(
        &put(entries_of(256..513)),
        Reason::EntryInserted,
        Some(512),
        path,
    );
    let mut reversed = entries_of(256..512);
    reversed.reverse();
    assert_found(&put(reversed), Reason::EntriesReordered, Some(256), path);
}

#[test]
fn swapped_files_are_found() {
    let log = log();
    let mut source = log.source.clone();
    let first = source["tile/entries/000"].clone();
    let second = source.insert("tile/entries/001".to_owned(), first).unwrap();
    source.insert("tile/entries/000".to_owned(), second);
    assert_found(
        &found(&source, &log),
        Reason::EntryChanged,
        Some(0),
        "tile/entries/000",
    );
    let mut source = log.source.clone();
    let first = source["tile/0/000"].clone();
    source.insert("tile/0/001".to_owned(), first);
    assert_found(
        &found(&source, &log),
        Reason::TileChanged,
        Some(256),
        "tile/0/001",
    );
}

/// Rewrites an entry and as much of the tree above it as `levels` says, as somebody without the
/// signing key could.
fn rewritten(log: &TestLog, index: u64, levels: u8) -> MemorySource {
    let mut source = log.source.clone();
    let mut entries = entries_of(0..256);
    entries[usize::try_from(index).unwrap()] = b"forged".to_vec();
    source.insert("tile/entries/000".to_owned(), bundle_of(&entries));
    let tile: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
    if levels > 0 {
        source.insert("tile/0/000".to_owned(), encode(&tile));
    }
    if levels > 1 {
        let edge = source.get_mut("tile/1/000.p/2").unwrap();
        edge[..32].copy_from_slice(tree_hash(&tile).as_bytes());
    }
    source
}

#[test]
fn a_rewriting_that_stops_somewhere_is_found_where_it_stops() {
    let log = log();
    let one = found(&rewritten(&log, 7, 0), &log);
    assert_found(&one, Reason::EntryChanged, Some(7), "tile/entries/000");
    // Entry and tile agree; which of the 256 it was is no longer to be told.
    let two = found(&rewritten(&log, 7, 1), &log);
    assert_found(&two, Reason::TileChanged, Some(0), "tile/0/000");
    let three = found(&rewritten(&log, 7, 2), &log);
    assert_found(&three, Reason::CheckpointMismatch, None, "checkpoint");
}

#[test]
fn a_rewriting_with_a_contradiction_further_down_is_placed_there() {
    let log = log();
    // All tiles rewritten, the entry forgotten.
    let mut source = rewritten(&log, 7, 2);
    source.insert(
        "tile/entries/000".to_owned(),
        log.source["tile/entries/000"].clone(),
    );
    let all = found(&source, &log);
    assert_found(&all, Reason::CheckpointMismatch, Some(7), "checkpoint");
    // A tile rewritten, its entry forgotten, the level above untouched.
    let mut source = rewritten(&log, 7, 1);
    source.insert(
        "tile/entries/000".to_owned(),
        log.source["tile/entries/000"].clone(),
    );
    assert_found(
        &found(&source, &log),
        Reason::TileChanged,
        Some(7),
        "tile/0/000",
    );
}

#[test]
fn a_checkpoint_signed_by_another_key_or_for_another_log_is_refused() {
    let log = log();
    let stranger = signer("stranger");
    let answer = verify(&log.source, stranger.verifier(), None).unwrap();
    assert_found(&answer, Reason::CheckpointSignature, None, "checkpoint");
    let text = format!("other\n600\n{}\n", log.head.root.to_base64());
    let note = crate::SignedNote::sign(text, &log.signer)
        .unwrap()
        .to_string();
    let answer = after(&log, "checkpoint", |bytes| *bytes = note.into_bytes());
    assert_found(&answer, Reason::CheckpointOrigin, None, "checkpoint");
}

#[test]
fn a_cosigned_checkpoint_verifies_with_either_key_known() {
    let log = log();
    let mut note = crate::SignedNote::parse(&log.source["checkpoint"]).unwrap();
    note.cosign(&signer("second.office")).unwrap();
    let answer = after(&log, "checkpoint", |bytes| {
        *bytes = note.to_string().into_bytes()
    });
    assert!(answer.ok);
}

#[test]
fn truncation_is_found_against_a_kept_checkpoint_only() {
    let (long, short) = (log(), TestLog::grown(&[500], Leftovers::Deleted));
    assert!(found(&short.source, &short).ok, "alone it is sound");
    let answer = verify(&short.source, &short.key(), Some(&long.head)).unwrap();
    assert_found(&answer, Reason::Truncated, Some(500), "checkpoint");
    assert_eq!(answer.size, 500);
    let one_more = TreeHead {
        size: 501,
        root: mth(&leaves(501)),
    };
    let answer = verify(&short.source, &short.key(), Some(&one_more)).unwrap();
    assert_found(&answer, Reason::Truncated, Some(500), "checkpoint");
    let empty = TestLog::grown(&[0], Leftovers::Deleted);
    let answer = verify(&empty.source, &empty.key(), Some(&long.head)).unwrap();
    assert_found(&answer, Reason::Truncated, Some(0), "checkpoint");
}

#[test]
fn a_fork_is_found_against_a_kept_checkpoint_only() {
    let forged = |index| {
        if index < 300 {
            entry(index)
        } else {
            b"other".to_vec()
        }
    };
    let fork = TestLog::grown_with(&[SIZE], Leftovers::Deleted, forged);
    assert!(found(&fork.source, &fork).ok, "alone it is sound");
    for size in [0, 1, 200, 256, 300, 301, 400, 512, 599, 600] {
        let kept = TreeHead {
            size,
            root: mth(&leaves(size)),
        };
        assert!(
            verify(&log().source, &log().key(), Some(&kept)).unwrap().ok,
            "{size}"
        );
        let answer = verify(&fork.source, &fork.key(), Some(&kept)).unwrap();
        if size <= 300 {
            assert!(answer.ok, "{size}");
        } else {
            assert_found(&answer, Reason::Forked, None, "checkpoint");
        }
    }
}

#[test]
fn leftovers_of_partial_files_are_checked_where_the_source_can_list() {
    let log = TestLog::grown(&[10, 20, 300, 600], Leftovers::Kept);
    assert!(found(&log.source, &log).ok);
    for (path, place, reason, first_bad) in [
        ("tile/0/000.p/10", 32 * 4, Reason::TileChanged, 4),
        ("tile/0/001.p/44", 0, Reason::TileChanged, 256),
        ("tile/1/000.p/1", 0, Reason::TileChanged, 0),
        ("tile/entries/000.p/20", 2, Reason::EntryChanged, 0),
        ("tile/entries/001.p/44", 2, Reason::EntryChanged, 256),
    ] {
        let answer = after(&log, path, |bytes| bytes[place] ^= 1);
        assert_found(&answer, reason, Some(first_bad), path);
        let answer = after(&log, path, |bytes| bytes.truncate(bytes.len() - 1));
        assert_eq!(answer.reason, Some(Reason::Malformed), "{path}");
    }
    // What lies beyond the signed size is not sealed yet and no fault.
    let mut source = log.source.clone();
    source.insert("tile/0/002.p/99".to_owned(), vec![1; 99 * 32]);
    source.insert("tile/entries/002.p/99".to_owned(), vec![1]);
    assert!(found(&source, &log).ok);
}

#[test]
fn files_written_ahead_of_the_checkpoint_do_no_harm() {
    let log = log();
    let writer = Writer::open(&log.source, &log.head).unwrap();
    let update = writer.append(&entries_of(600..1100), &log.signer).unwrap();
    let mut source = log.source.clone();
    store(&mut source, &update, Leftovers::Deleted);
    source.insert("checkpoint".to_owned(), log.source["checkpoint"].clone());
    assert!(
        !source.contains_key("tile/0/002.p/88"),
        "full files stand in for the partial ones"
    );
    assert!(found(&source, &log).ok);
    let mut changed = source.clone();
    changed.get_mut("tile/entries/002").unwrap()[2] ^= 1;
    let answer = found(&changed, &log);
    assert_found(&answer, Reason::EntryChanged, Some(512), "tile/entries/002");
}

struct Broken;

impl TileSource for Broken {
    fn read(&self, path: &str, limit_bytes: usize) -> Result<Option<Vec<u8>>, BoxError> {
        if path == "tile/entries/001" {
            return Err("disk on fire".into());
        }
        log().source.read(path, limit_bytes)
    }
}

#[test]
fn a_failing_disk_is_an_error_and_no_finding() {
    let error = verify(&Broken, &log().key(), None).unwrap_err();
    assert_eq!(error.code(), "ledger.unreadable");
    assert_eq!(
        error.to_string(),
        "could not read `tile/entries/001` of the log"
    );
}

#[test]
fn codes_are_distinct_and_said_in_both_languages() {
    let mut codes: Vec<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Reason::ALL.len());
    for reason in Reason::ALL {
        let say = reason.say();
        assert!(!say.zh.is_empty() && !say.en.is_empty());
        assert!(reason.code().starts_with("ledger."));
    }
}

#[test]
fn a_signed_but_absurd_size_costs_nothing() {
    let log = log();
    let root = node_hash(&log.head.root, &log.head.root);
    let head = TreeHead {
        size: (1 << 48) - 1,
        root,
    };
    let note = Checkpoint::new(log.signer.name(), head)
        .unwrap()
        .sign(&log.signer)
        .unwrap();
    let answer = after(&log, "checkpoint", |bytes| {
        *bytes = note.to_string().into_bytes()
    });
    assert_eq!(answer.reason, Some(Reason::MissingTile));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_flipped_byte_of_any_log_is_found(
        size in 1_u64..700, file in any::<usize>(), at in any::<usize>(), flip in 1_u8..=255,
    ) {
        let log = TestLog::grown(&[size / 3, size], Leftovers::Kept);
        let mut source = log.source.clone();
        let path = source.keys().nth(file % source.len()).unwrap().clone();
        let bytes = source.get_mut(&path).unwrap();
        let at = at % bytes.len();
        bytes[at] ^= flip;
        let answer = found(&source, &log);
        prop_assert!(!answer.ok);
        prop_assert_eq!(answer.path, Some(path));
    }

    #[test]
    fn hostile_files_never_panic(
        size in 1_u64..700, file in any::<usize>(),
        bytes in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let log = TestLog::grown(&[size], Leftovers::Deleted);
        let mut source = log.source.clone();
        let path = source.keys().nth(file % source.len()).unwrap().clone();
        source.insert(path, bytes);
        prop_assert!(!found(&source, &log).ok);
    }
}
