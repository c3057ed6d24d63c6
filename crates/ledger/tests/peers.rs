//! Other people's implementations read what this crate writes, and the other way round: Cloudflare's
//! `tlog_tiles` (tiles, checkpoints, proofs) and `signed_note`. Their `TileHashReader` is not used:
//! it hands out hashes of tiles that it has not authenticated.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

use ledger::{Hash, MemorySource, Signer, TileReader, TreeHead, Writer, proof};
use signed_note::{Note, StandardSigner, StandardVerifier, VerifierList};
use tlog_tiles::{HashReader, Tile, stored_hash_index, stored_hashes, tree_hash};
use zeroize::Zeroizing;

const ORIGIN: &str = "ruping.test/log";

fn signer() -> Signer {
    Signer::from_seed(ORIGIN, Zeroizing::new([3; 32])).unwrap()
}

fn entry(index: u64) -> Vec<u8> {
    format!("entry {index}").into_bytes()
}

fn ours(size: u64) -> (MemorySource, TreeHead) {
    let entries: Vec<_> = (0..size).map(entry).collect();
    let update = Writer::new().append(&entries, &signer()).unwrap();
    let files = update.files.into_iter().map(|file| (file.path, file.bytes));
    (files.collect(), update.head)
}

/// Their tree: every node hash in one list.
#[derive(Default)]
struct Theirs(Vec<tlog_tiles::Hash>);

impl HashReader for Theirs {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        Ok(indexes
            .iter()
            .map(|index| self.0[usize::try_from(*index).unwrap()])
            .collect())
    }
}

fn theirs(size: u64) -> Theirs {
    let mut tree = Theirs::default();
    for index in 0..size {
        let hashes = stored_hashes(index, &entry(index), &tree).unwrap();
        tree.0.extend(hashes);
    }
    tree
}

fn to_theirs(hashes: &[Hash]) -> Vec<tlog_tiles::Hash> {
    hashes
        .iter()
        .map(|hash| tlog_tiles::Hash(*hash.as_bytes()))
        .collect()
}

#[test]
fn tlog_tiles_makes_the_same_tiles_under_the_same_names() {
    for size in [1, 255, 256, 257, 70_000] {
        let (source, head) = ours(size);
        let tree = theirs(size);
        assert_eq!(
            tree_hash(size, &tree).unwrap().0,
            *head.root.as_bytes(),
            "{size}"
        );
        let mut seen = 0;
        for tile in Tile::new_tiles(8, 0, size) {
            // Theirs is Go's name, which has the height in it: `tile/8/0/000`.
            let path = tile.path().replacen("tile/8/", "tile/", 1);
            assert_eq!(
                source.get(&path),
                Some(&tile.read_data(&tree).unwrap()),
                "{path}"
            );
            seen += 1;
        }
        let written = source.keys().filter(|path| path.starts_with("tile/"));
        assert_eq!(
            written.filter(|path| !path.contains("entries")).count(),
            seen,
            "{size}"
        );
    }
}

#[test]
fn tlog_tiles_accepts_our_proofs_and_makes_the_same() {
    let size = 1_000;
    let (source, head) = ours(size);
    let tree = theirs(size);
    let root = tlog_tiles::Hash(*head.root.as_bytes());
    let mut reader = TileReader::open(&source, head).unwrap();
    for index in (0..size).step_by(37).chain([999]) {
        let path = to_theirs(&proof::inclusion(&mut reader, index).unwrap());
        assert_eq!(path, tlog_tiles::prove_record(size, index, &tree).unwrap());
        let leaf = tree.0[usize::try_from(stored_hash_index(0, index)).unwrap()];
        tlog_tiles::check_record(&path, size, root, index, leaf).unwrap();
    }
    for old in (1..=size).step_by(37) {
        let path = to_theirs(&proof::consistency(&mut reader, old).unwrap());
        assert_eq!(path, tlog_tiles::prove_tree(size, old, &tree).unwrap());
        let old_root = tree_hash(old, &tree).unwrap();
        tlog_tiles::check_tree(&path, size, root, old, old_root).unwrap();
        assert_eq!(
            proof::root_at(&mut reader, old).unwrap().as_bytes(),
            &old_root.0
        );
    }
}

#[test]
fn tlog_tiles_and_signed_note_read_our_checkpoint() {
    let (source, head) = ours(300);
    let note = Note::from_bytes(&source["checkpoint"]).unwrap();
    let key = StandardVerifier::new(&signer().verifier().to_string()).unwrap();
    let (verified, others) = note
        .verify(&VerifierList::new(vec![Box::new(key)]))
        .unwrap();
    assert_eq!((verified.len(), others.len()), (1, 0));
    let checkpoint = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();
    assert_eq!((checkpoint.origin(), checkpoint.size()), (ORIGIN, 300));
    assert_eq!(checkpoint.hash().0, *head.root.as_bytes());
}

#[test]
fn a_note_of_signed_note_is_ours_byte_for_byte() {
    let (source, head) = ours(300);
    let root = tlog_tiles::Hash(*head.root.as_bytes());
    let text = tlog_tiles::Checkpoint::new(ORIGIN, 300, root, "")
        .unwrap()
        .to_bytes();
    let mut note = Note::new(&text, &[]).unwrap();
    let theirs = StandardSigner::new(&signer().to_secret_text()).unwrap();
    note.add_sigs(&[&theirs]).unwrap();
    assert_eq!(note.to_bytes(), source["checkpoint"]);
}
