use super::*;
use crate::testlog::{Leftovers, TestLog, leaves, mth};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;

fn grown(leaves: &[Hash]) -> Tree {
    let mut tree = Tree::new();
    for leaf in leaves {
        tree.push(*leaf).unwrap();
    }
    tree
}

#[test]
fn every_size_over_the_first_tile_borders_has_the_root_of_rfc_6962() {
    let leaves = leaves(1030);
    let mut tree = Tree::new();
    assert_eq!(tree.head(), TreeHead::empty());
    for (size, leaf) in (1..).zip(&leaves) {
        tree.push(*leaf).unwrap();
        assert_eq!(tree.size(), size as u64);
        assert_eq!(tree.root(), mth(&leaves[..size]), "{size}");
    }
}

#[test]
fn a_tree_of_three_levels_has_the_root_of_rfc_6962() {
    let leaves = leaves(66_000);
    assert_eq!(grown(&leaves).root(), mth(&leaves));
    assert_eq!(grown(&leaves[..65_536]).root(), mth(&leaves[..65_536]));
}

#[test]
fn a_full_tree_takes_no_more() {
    let mut tree = Tree {
        size: MAX_TREE_SIZE,
        ..Tree::new()
    };
    assert_eq!(
        tree.push(Hash::from_bytes([0; 32])).unwrap_err().code(),
        "ledger.full"
    );
}

#[test]
fn loading_refuses_an_edge_that_does_not_lead_to_the_root() {
    let mut log = TestLog::grown(&[300], Leftovers::Deleted);
    assert_eq!(
        Tree::load(&log.source, &log.head).unwrap(),
        grown(&leaves(300))
    );
    log.source.get_mut("tile/1/000.p/1").unwrap()[0] ^= 1;
    let error = Tree::load(&log.source, &log.head).unwrap_err();
    assert_eq!(error.code(), "ledger.checkpoint_mismatch");
    log.source.remove("tile/0/001.p/44");
    let error = Tree::load(&log.source, &log.head).unwrap_err();
    assert_eq!(error.code(), "ledger.missing_tile");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn roots_are_those_of_ct_merkle(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..700)) {
        let mut peer = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        let mut tree = Tree::new();
        for entry in entries {
            tree.push(crate::leaf_hash(&entry)).unwrap();
            peer.push(entry);
        }
        let (ours, theirs) = (tree.root(), peer.root());
        prop_assert_eq!(&ours.as_bytes()[..], theirs.as_bytes().as_slice());
    }
}
