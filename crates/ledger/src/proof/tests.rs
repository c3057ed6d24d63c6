use super::*;
use crate::leaf_hash;
use crate::testlog::{Leftovers, TestLog, entry, leaves, mth};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use proptest::prelude::*;
use sha2::Sha256;

type Peer = MemoryBackedTree<Sha256, Vec<u8>>;

fn peer(size: u64) -> Peer {
    let mut peer = Peer::new();
    for index in 0..size {
        peer.push(entry(index));
    }
    peer
}

fn concat(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

fn old_head(size: u64) -> TreeHead {
    TreeHead {
        size,
        root: mth(&leaves(size)),
    }
}

#[test]
fn rfc_6962_known_proofs() {
    let leaves = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
    ];
    let leaves = leaves.map(|leaf| hex::decode(leaf).unwrap());
    let last = hex::decode("606162636465666768696a6b6c6d6e6f").unwrap();
    let all: Vec<_> = leaves.into_iter().chain([last]).collect();
    let log = TestLog::grown_with(&[8], Leftovers::Deleted, |index| {
        all[usize::try_from(index).unwrap()].clone()
    });
    let mut reader = TileReader::open(&log.source, log.head).unwrap();
    let shown = |hashes: Vec<Hash>| hashes.iter().map(Hash::to_string).collect::<Vec<_>>();
    let second = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
    let pair = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
    let half = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
    assert_eq!(
        shown(inclusion(&mut reader, 0).unwrap()),
        [second, pair, half]
    );
    assert_eq!(
        shown(consistency(&mut reader, 1).unwrap()),
        [second, pair, half]
    );
    assert_eq!(
        shown(consistency(&mut reader, 6).unwrap()),
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
}

#[test]
fn every_proof_of_small_trees_verifies_and_no_neighbour_does() {
    for size in 1..=18 {
        let log = TestLog::grown(&[size], Leftovers::Deleted);
        let mut reader = TileReader::open(&log.source, log.head).unwrap();
        for index in 0..size {
            let path = inclusion(&mut reader, index).unwrap();
            for claimed in 0..size {
                let leaf = leaf_hash(&entry(claimed));
                let right = verify_inclusion(&log.head, index, &leaf, &path).is_ok();
                assert_eq!(right, claimed == index);
            }
        }
        for old in 0..=size {
            let path = consistency(&mut reader, old).unwrap();
            assert_eq!(root_at(&mut reader, old).unwrap(), mth(&leaves(old)));
            for claimed in 0..=size {
                let right = verify_consistency(&old_head(claimed), &log.head, &path).is_ok();
                // With an empty proof both the empty and the whole log are consistent.
                let same = claimed == old || (path.is_empty() && claimed % size == 0);
                assert_eq!(right, same, "{old} {claimed} of {size}");
            }
        }
    }
}

#[test]
fn proofs_outside_the_tree_are_refused() {
    let log = TestLog::grown(&[5], Leftovers::Deleted);
    let mut reader = TileReader::open(&log.source, log.head).unwrap();
    assert_eq!(
        inclusion(&mut reader, 5).unwrap_err().code(),
        "ledger.out_of_range"
    );
    assert_eq!(
        consistency(&mut reader, 6).unwrap_err().code(),
        "ledger.out_of_range"
    );
    assert_eq!(
        root_at(&mut reader, 6).unwrap_err().code(),
        "ledger.out_of_range"
    );
    let leaf = leaf_hash(&entry(4));
    let error = verify_inclusion(&log.head, 5, &leaf, &[]).unwrap_err();
    assert_eq!(error.code(), "ledger.out_of_range");
    let error = verify_consistency(&old_head(6), &log.head, &[]).unwrap_err();
    assert_eq!(error.code(), "ledger.out_of_range");
    let long = vec![leaf; MAX_PROOF_HASHES + 1];
    assert!(verify_inclusion(&log.head, 4, &leaf, &long).is_err());
    assert!(verify_consistency(&old_head(4), &log.head, &long).is_err());
}

#[test]
fn a_proof_that_ends_below_the_root_is_refused() {
    let (leaf, two, four) = (leaf_hash(&entry(0)), old_head(2), old_head(4));
    let short = TreeHead {
        size: 2,
        root: leaf,
    };
    assert!(verify_inclusion(&short, 0, &leaf, &[]).is_err());
    let short = TreeHead {
        size: 4,
        root: two.root,
    };
    assert!(verify_consistency(&two, &short, &[]).is_err());
    assert!(verify_consistency(&two, &four, &[]).is_err());
    assert!(verify_consistency(&four, &old_head(8), &[]).is_err());
}

#[test]
fn a_right_proof_for_a_wrong_old_root_is_refused() {
    let log = TestLog::grown(&[600], Leftovers::Deleted);
    let mut reader = TileReader::open(&log.source, log.head).unwrap();
    for size in [1, 2, 3, 255, 256, 300, 511, 600] {
        let path = consistency(&mut reader, size).unwrap();
        let wrong = TreeHead {
            size,
            root: leaf_hash(b"another"),
        };
        let error = verify_consistency(&wrong, &log.head, &path).unwrap_err();
        assert_eq!(error.code(), "ledger.consistency_invalid", "{size}");
    }
}

#[test]
fn proofs_are_not_made_from_damaged_tiles() {
    let mut log = TestLog::grown(&[700], Leftovers::Deleted);
    log.source.get_mut("tile/0/001").unwrap()[0] ^= 1;
    let mut reader = TileReader::open(&log.source, log.head).unwrap();
    assert!(
        inclusion(&mut reader, 5).is_ok(),
        "its path does not touch the tile"
    );
    assert_eq!(
        inclusion(&mut reader, 300).unwrap_err().code(),
        "ledger.tile_changed"
    );
    assert_eq!(
        consistency(&mut reader, 300).unwrap_err().code(),
        "ledger.tile_changed"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn inclusion_is_that_of_ct_merkle(size in 1_u64..700, pick in any::<u64>()) {
        let index = pick % size;
        let log = TestLog::grown(&[size], Leftovers::Deleted);
        let mut reader = TileReader::open(&log.source, log.head).unwrap();
        let path = inclusion(&mut reader, index).unwrap();
        let peer = peer(size);
        let theirs = peer.prove_inclusion(usize::try_from(index).unwrap());
        prop_assert_eq!(concat(&path), theirs.as_bytes());
        verify_inclusion(&log.head, index, &leaf_hash(&entry(index)), &path).unwrap();
        let root = RootHash::<Sha256>::new((*log.head.root.as_bytes()).into(), size);
        let proof = InclusionProof::from_bytes(concat(&path));
        prop_assert!(root.verify_inclusion(&entry(index), index, &proof).is_ok());
    }

    #[test]
    fn consistency_is_that_of_ct_merkle(size in 1_u64..700, pick in any::<u64>()) {
        let old = 1 + pick % size;
        let log = TestLog::grown(&[size], Leftovers::Deleted);
        let mut reader = TileReader::open(&log.source, log.head).unwrap();
        let path = consistency(&mut reader, old).unwrap();
        verify_consistency(&old_head(old), &log.head, &path).unwrap();
        if old < size {
            let theirs = peer(size).prove_consistency(usize::try_from(size - old).unwrap());
            prop_assert_eq!(concat(&path), theirs.as_bytes());
            let (old, new) = (peer(old).root(), peer(size).root());
            let proof = ConsistencyProof::<Sha256>::try_from_bytes(concat(&path)).unwrap();
            prop_assert!(new.verify_consistency(&old, &proof).is_ok());
        }
    }

    #[test]
    fn a_damaged_proof_does_not_verify(
        size in 2_u64..600, pick in any::<u64>(), at in any::<usize>(), flip in 1_u8..=255,
    ) {
        let log = TestLog::grown(&[size], Leftovers::Deleted);
        let mut reader = TileReader::open(&log.source, log.head).unwrap();
        let (index, old) = (pick % size, 1 + pick % (size - 1));
        let damage = |path: &[Hash]| {
            let mut path = path.to_vec();
            let place = at % path.len();
            let mut bytes = *path[place].as_bytes();
            bytes[at % 32] ^= flip;
            path[place] = Hash::from_bytes(bytes);
            path
        };
        let leaf = leaf_hash(&entry(index));
        let good = inclusion(&mut reader, index).unwrap();
        prop_assert!(verify_inclusion(&log.head, index, &leaf, &damage(&good)).is_err());
        prop_assert!(verify_inclusion(&log.head, index, &leaf, &good[1..]).is_err());
        prop_assert!(verify_inclusion(&log.head, index, &leaf, &[&good[..], &good[..1]].concat()).is_err());
        let good = consistency(&mut reader, old).unwrap();
        prop_assert!(verify_consistency(&old_head(old), &log.head, &damage(&good)).is_err());
        prop_assert!(verify_consistency(&old_head(old), &log.head, &good[1..]).is_err());
        prop_assert!(verify_consistency(&old_head(old), &log.head, &[&good[..], &good[..1]].concat()).is_err());
    }
}
