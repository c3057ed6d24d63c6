use super::*;
use crate::source::MemorySource;

#[test]
fn names_are_those_of_tlog_tiles() {
    let full = |level, number| {
        LogPath::Tile {
            level,
            number,
            width: TILE_WIDTH,
        }
        .to_string()
    };
    assert_eq!(full(0, 0), "tile/0/000");
    assert_eq!(full(1, 67), "tile/1/067");
    assert_eq!(full(0, 1_067), "tile/0/x001/067");
    assert_eq!(full(0, 1_234_067), "tile/0/x001/x234/067");
    assert_eq!(full(0, 1_000_000), "tile/0/x001/x000/000");
    let partial = LogPath::Entries {
        number: 273,
        width: 112,
    };
    assert_eq!(partial.to_string(), "tile/entries/273.p/112");
    assert_eq!(partial.full().to_string(), "tile/entries/273");
}

#[test]
fn names_round_trip() {
    let mut paths = vec![LogPath::Checkpoint];
    for number in [
        0,
        999,
        1_000,
        999_999,
        1_000_000,
        1_234_567_890,
        MAX_TREE_SIZE - 1,
    ] {
        for width in [1, 255, 256] {
            paths.push(LogPath::Entries { number, width });
            paths.push(LogPath::Tile {
                level: MAX_LEVEL,
                number,
                width,
            });
        }
    }
    for path in paths {
        assert_eq!(path.to_string().parse::<LogPath>().unwrap(), path);
    }
}

#[test]
fn names_of_no_file_are_refused() {
    for wrong in [
        "",
        "checkpoint/",
        "/checkpoint",
        "tile",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/7/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile/0/001/067",
        "tile/0/x001",
        "tile/0/x000/067",
        "tile/0/x001/x067",
        "tile/0/xx01/067",
        "tile/0/+01",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/+1",
        "tile/0/000.p/1/2",
        "tile/0/000.p",
        "tile/entries/../000",
        "tile/entries/x999/x999/x999/x999/x999/999",
        "tile/entries/x999/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/data/000",
        "tile/0/０００",
    ] {
        assert_eq!(
            wrong.parse::<LogPath>().unwrap_err().code(),
            "ledger.malformed",
            "{wrong}"
        );
    }
}

#[test]
fn a_tree_of_70000_has_the_edge_of_the_tlog_tiles_example() {
    assert_eq!(edge_of(70_000, 0), (273, 112));
    assert_eq!(edge_of(70_000, 1), (1, 17));
    assert_eq!(edge_of(70_000, 2), (0, 1));
    assert_eq!(edge_of(256, 0), (1, 0));
    assert_eq!(edge_of(256, 1), (0, 1));
    assert_eq!(edge_of(MAX_TREE_SIZE, MAX_LEVEL), (0, 1));
    assert_eq!(first_entry(1, 1, 16), (256 + 16) * 256);
}

#[test]
fn a_tile_of_the_wrong_length_is_malformed() {
    for length in [0, 31, 32, 33, 65, 96] {
        let source = MemorySource::from([("tile/0/000.p/2".to_owned(), vec![0; length])]);
        let error = read_tile(&source, 0, 0, 2).unwrap_err();
        assert_eq!(error.code(), "ledger.malformed", "{length}");
    }
}

#[test]
fn a_huge_file_is_refused_without_being_used() {
    let source = MemorySource::from([("tile/0/000".to_owned(), vec![0; 1 << 20])]);
    let error = read_tile(&source, 0, 0, TILE_WIDTH).unwrap_err();
    assert!(error.to_string().contains("too long"), "{error}");
}

#[test]
fn the_full_tile_stands_in_for_a_deleted_partial_one() {
    let source = MemorySource::from([("tile/0/000".to_owned(), vec![9; MAX_TILE_BYTES])]);
    let hashes = read_tile(&source, 0, 0, 5).unwrap();
    assert_eq!(hashes, [Hash::from_bytes([9; 32]); 5]);
    assert_eq!(
        read_tile(&source, 0, 1, 5).unwrap_err().code(),
        "ledger.missing_tile"
    );
}
