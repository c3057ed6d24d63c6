use super::*;
use crate::source::MemorySource;
use crate::testlog::{Leftovers, TestLog, entry, leaves, mth, signer, store};
use crate::tile;
use proptest::prelude::*;

fn paths(update: &Update) -> Vec<&str> {
    update.files.iter().map(|file| file.path.as_str()).collect()
}

#[test]
fn an_empty_log_begins_with_a_checkpoint_alone() {
    let update = Writer::new().append::<&[u8]>(&[], &signer("a")).unwrap();
    assert_eq!(paths(&update), ["checkpoint"]);
    assert_eq!(update.head, TreeHead::empty());
    let opened = Checkpoint::open(&update.files[0].bytes, signer("a").verifier()).unwrap();
    assert_eq!(opened.head(), TreeHead::empty());
}

#[test]
fn the_checkpoint_comes_last_and_unchanged_partials_are_not_repeated() {
    let signer = signer("a");
    let entries: Vec<_> = (0..600).map(entry).collect();
    let first = Writer::new().append(&entries[..300], &signer).unwrap();
    assert_eq!(
        paths(&first),
        [
            "tile/entries/000",
            "tile/0/000",
            "tile/entries/001.p/44",
            "tile/0/001.p/44",
            "tile/1/000.p/1",
            "checkpoint"
        ]
    );
    assert!(first.superseded.is_empty());
    let second = first.writer.append(&entries[300..310], &signer).unwrap();
    assert_eq!(
        paths(&second),
        ["tile/entries/001.p/54", "tile/0/001.p/54", "checkpoint"]
    );
    let third = second.writer.append(&entries[310..600], &signer).unwrap();
    assert_eq!(third.superseded, ["tile/entries/001.p", "tile/0/001.p"]);
    assert_eq!(third.head.root, mth(&leaves(600)));
}

#[test]
fn writing_the_same_range_again_gives_the_same_bytes() {
    let log = TestLog::grown(&[0, 10, 300, 513], Leftovers::Deleted);
    let entries: Vec<_> = (513..1100).map(entry).collect();
    let writer = Writer::open(&log.source, &log.head).unwrap();
    let first = writer.append(&entries, &log.signer).unwrap();
    // A writer that died after half of the files begins anew from the stored checkpoint.
    let mut source = log.source.clone();
    for file in &first.files[..first.files.len() / 2] {
        source.insert(file.path.clone(), file.bytes.clone());
    }
    let again = Writer::open(&source, &log.head)
        .unwrap()
        .append(&entries, &log.signer)
        .unwrap();
    assert_eq!(again.files, first.files);
    assert_eq!(again.superseded, first.superseded);
}

#[test]
fn a_damaged_edge_is_not_extended() {
    let log = TestLog::grown(&[300], Leftovers::Deleted);
    for (path, code) in [
        ("tile/0/001.p/44", "ledger.checkpoint_mismatch"),
        ("tile/1/000.p/1", "ledger.checkpoint_mismatch"),
        ("tile/entries/001.p/44", "ledger.entry_changed"),
    ] {
        let mut source = log.source.clone();
        source.get_mut(path).unwrap()[5] ^= 1;
        assert_eq!(
            Writer::open(&source, &log.head).unwrap_err().code(),
            code,
            "{path}"
        );
        source.remove(path);
        let error = Writer::open(&source, &log.head).unwrap_err();
        assert_eq!(error.code(), "ledger.missing_tile", "{path}");
    }
}

#[test]
fn limits_are_kept_and_a_refused_append_changes_nothing() {
    let signer = signer("a");
    let writer = Writer::new();
    let long = [vec![1], vec![0; 65_536]];
    assert_eq!(
        writer.append(&long, &signer).unwrap_err().code(),
        "ledger.entry_too_long"
    );
    let many = vec![[0_u8; 0]; MAX_APPEND_ENTRIES + 1];
    assert_eq!(
        writer.append(&many, &signer).unwrap_err().code(),
        "ledger.too_many_entries"
    );
    assert_eq!(writer.head(), TreeHead::empty());
}

#[test]
fn a_log_of_70000_has_the_files_of_the_tlog_tiles_example() {
    let log = TestLog::grown(&[65_000, 70_000], Leftovers::Deleted);
    let tiles = |prefix: &str| {
        log.source
            .keys()
            .filter(|path| path.starts_with(prefix))
            .count()
    };
    assert_eq!(tiles("tile/0/"), 274);
    assert_eq!(tiles("tile/1/"), 2);
    assert_eq!(tiles("tile/2/"), 1);
    assert_eq!(tiles("tile/entries/"), 274);
    assert!(log.source.contains_key("tile/0/273.p/112"));
    assert!(log.source.contains_key("tile/1/001.p/17"));
    assert!(log.source.contains_key("tile/2/000.p/1"));
    assert_eq!(log.head.root, mth(&leaves(70_000)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn steps_do_not_matter(mut sizes in prop::collection::vec(0_u64..1500, 1..6)) {
        sizes.sort_unstable();
        let last = sizes[sizes.len() - 1];
        let stepped = TestLog::grown(&sizes, Leftovers::Deleted);
        let at_once = TestLog::grown(&[last], Leftovers::Deleted);
        // Partials of intermediate sizes lie about until their tile is full; the rest is equal.
        for (path, bytes) in &at_once.source {
            prop_assert_eq!(stepped.source.get(path), Some(bytes), "{}", path);
        }
        for path in stepped.source.keys() {
            let partial = matches!(path.parse().unwrap(),
                LogPath::Tile { width, .. } | LogPath::Entries { width, .. } if width < 256);
            prop_assert!(partial || at_once.source.contains_key(path), "{}", path);
        }
    }

    #[test]
    fn reopening_is_the_same_as_going_on(before in 0_u64..600, after in 0_u64..600) {
        let log = TestLog::grown(&[before], Leftovers::Deleted);
        let entries: Vec<_> = (before..before + after).map(entry).collect();
        let reopened = Writer::open(&log.source, &log.head).unwrap();
        let update = reopened.append(&entries, &log.signer).unwrap();
        let mut source: MemorySource = log.source.clone();
        store(&mut source, &update, Leftovers::Deleted);
        prop_assert_eq!(update.head.root, mth(&leaves(before + after)));
        for (path, bytes) in &source {
            let path: LogPath = path.parse().unwrap();
            prop_assert!(bytes.len() <= path.limit_bytes());
            if let LogPath::Tile { width, .. } = path {
                prop_assert_eq!(bytes.len(), usize::from(width) * 32);
            }
        }
        prop_assert_eq!(tile::CHECKPOINT, update.files[update.files.len() - 1].path.as_str());
    }
}
