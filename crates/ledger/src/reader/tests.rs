use super::*;
use crate::testlog::{Leftovers, TestLog, entry, leaves, mth};

#[test]
fn every_leaf_and_entry_of_a_log_can_be_read() {
    let log = TestLog::grown(&[10, 300, 700], Leftovers::Deleted);
    let mut reader = TileReader::open(&log.source, log.head).unwrap();
    for (index, leaf) in (0..).zip(leaves(700)) {
        assert_eq!(reader.leaf(index).unwrap(), leaf);
        assert_eq!(reader.entry(index).unwrap(), entry(index));
    }
    assert_eq!(reader.leaf(700).unwrap_err().code(), "ledger.out_of_range");
    assert_eq!(
        reader.entry(u64::MAX).unwrap_err().code(),
        "ledger.out_of_range"
    );
}

#[test]
fn ranges_are_the_tree_hashes_of_rfc_6962() {
    let log = TestLog::grown(&[66_000], Leftovers::Deleted);
    let leaves = leaves(66_000);
    let mut reader = TileReader::open(&log.source, log.head).unwrap();
    for (start, end) in [
        (0, 0),
        (0, 1),
        (0, 66_000),
        (0, 65_536),
        (65_536, 66_000),
        (512, 1024),
        (65_792, 66_000),
    ] {
        let hash = reader.range(start as u64, end as u64).unwrap();
        assert_eq!(hash, mth(&leaves[start..end]), "{start}..{end}");
    }
}

/// The hole of CVE-2026-56865: a full tile that is not on the path from the first tile asked for
/// was handed out without having been compared with its parent.
#[test]
fn no_forged_hash_comes_out_of_any_tile() {
    let log = TestLog::grown(&[66_000], Leftovers::Deleted);
    for path in [
        "tile/0/100",
        "tile/0/255",
        "tile/1/000",
        "tile/0/257.p/208",
        "tile/1/001.p/1",
    ] {
        let mut source = log.source.clone();
        source.get_mut(path).unwrap()[33 % if path.ends_with("/1") { 32 } else { 64 }] ^= 1;
        let Ok(mut reader) = TileReader::open(&source, log.head) else {
            assert!(path.contains(".p/"));
            continue;
        };
        let mut refused = 0;
        for index in (0..66_000).step_by(97).chain([25_600, 25_601]) {
            match reader.leaf(index) {
                Ok(leaf) => assert_eq!(leaf, leaf_hash(&entry(index))),
                Err(error) => {
                    assert_eq!(error.code(), "ledger.tile_changed");
                    refused += 1;
                }
            }
        }
        assert!(refused > 0, "{path}");
    }
}

#[test]
fn a_changed_or_missing_entry_is_an_error() {
    let mut log = TestLog::grown(&[300], Leftovers::Deleted);
    log.source.get_mut("tile/entries/000").unwrap()[2] ^= 1;
    log.source.remove("tile/entries/001.p/44");
    let mut reader = TileReader::open(&log.source, log.head).unwrap();
    assert_eq!(reader.entry(0).unwrap_err().code(), "ledger.entry_changed");
    assert_eq!(reader.entry(1).unwrap(), entry(1));
    assert_eq!(reader.entry(299).unwrap_err().code(), "ledger.missing_tile");
}
