//! `ledger` and the oracle, two verifiers written apart from each other, must say the same of every
//! log: sound, damaged in any one place, truncated, forked; and of every proof.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

use ledger::{
    Hash, MemorySource, ProofFile, Signer, TileReader, TreeHead, Verification, Writer, proof,
    verify, verify_consistency,
};
use proptest::prelude::*;
use testkit::oracle::{self, Files, Opinion};
use zeroize::Zeroizing;

fn signer() -> Signer {
    Signer::from_seed("ruping.test/oracle", Zeroizing::new([9; 32])).unwrap()
}

fn entry(index: u64) -> Vec<u8> {
    format!(
        "entry {index} {}",
        "x".repeat(usize::try_from(index % 5).unwrap())
    )
    .into_bytes()
}

/// A log signed at each size in turn, with all partial files left lying about.
fn log(sizes: &[u64], entry: impl Fn(u64) -> Vec<u8>) -> (MemorySource, TreeHead) {
    let mut files = MemorySource::new();
    let mut writer = Writer::new();
    for size in sizes {
        let entries: Vec<_> = (writer.head().size..*size).map(&entry).collect();
        let update = writer.append(&entries, &signer()).unwrap();
        files.extend(update.files.into_iter().map(|file| (file.path, file.bytes)));
        writer = update.writer;
    }
    (files, writer.head())
}

fn ours(files: &MemorySource, kept: Option<&TreeHead>) -> Verification {
    verify(files, signer().verifier(), kept).unwrap()
}

fn theirs(files: &Files, kept: Option<&TreeHead>) -> Opinion {
    let kept = kept.map(|head| (head.size, *head.root.as_bytes()));
    oracle::judge(files, &signer().verifier().to_string(), kept)
}

/// Both verdicts, after they were found to be the same.
#[track_caller]
fn both(files: &MemorySource, kept: Option<&TreeHead>) -> Verification {
    let (ours, theirs) = (ours(files, kept), theirs(files, kept));
    let as_opinion = Opinion {
        ok: ours.ok,
        size: ours.size,
        first_bad: ours.first_bad,
        reason: ours.reason.map(ledger::Reason::code),
    };
    assert_eq!(as_opinion, theirs, "{:?}", ours.path);
    ours
}

/// What somebody may do to one file.
#[derive(Clone, Copy, Debug)]
enum Damage {
    Flip { at: usize, bits: u8 },
    Cut { at: usize },
    Grow { by: usize },
    Remove,
    Swap,
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        4 => (any::<usize>(), 1_u8..=255).prop_map(|(at, bits)| Damage::Flip { at, bits }),
        1 => any::<usize>().prop_map(|at| Damage::Cut { at }),
        1 => (1_usize..70).prop_map(|by| Damage::Grow { by }),
        1 => Just(Damage::Remove),
        1 => Just(Damage::Swap),
    ]
}

fn apply(files: &mut MemorySource, pick: usize, damage: Damage) -> String {
    let path = files.keys().nth(pick % files.len()).unwrap().clone();
    let bytes = files.get_mut(&path).unwrap();
    let length = bytes.len();
    match damage {
        // an earlier damage may have left nothing to flip or cut
        Damage::Flip { .. } | Damage::Cut { .. } if length == 0 => {}
        Damage::Flip { at, bits } => bytes[at % length] ^= bits,
        Damage::Cut { at } => bytes.truncate(at % length),
        Damage::Grow { by } => bytes.extend(vec![0; by]),
        Damage::Remove => drop(files.remove(&path)),
        Damage::Swap => bytes.reverse(),
    }
    path
}

fn is_leftover(files: &MemorySource, path: &str, size: u64) -> bool {
    let fresh = log(&[size], entry).0;
    path.contains(".p/") && !fresh.contains_key(path) && files.len() >= fresh.len()
}

#[test]
fn sound_logs() {
    for sizes in [
        &[0][..],
        &[1],
        &[255, 256, 257],
        &[0, 3, 600],
        &[300, 513],
        &[65_600, 65_700],
    ] {
        let (files, head) = log(sizes, entry);
        let answer = both(&files, Some(&head));
        assert!(answer.ok, "{answer:?}");
    }
}

#[test]
fn bundles_with_entries_removed_inserted_or_reordered() {
    let (files, _) = log(&[400], entry);
    let path = "tile/entries/000";
    for at in [0, 1, 100, 254, 255] {
        for kind in 0..4 {
            let mut entries: Vec<_> = (0..256).map(entry).collect();
            match kind {
                0 => drop(entries.remove(at)),
                1 => entries.insert(at, b"forged".to_vec()),
                2 => entries.swap(at, 255 - at),
                _ => entries[at] = b"forged".to_vec(),
            }
            let mut bundle = Vec::new();
            for entry in &entries {
                ledger::bundle::push(&mut bundle, entry).unwrap();
            }
            let mut files = files.clone();
            files.insert(path.to_owned(), bundle);
            assert!(!both(&files, None).ok, "{kind} at {at}");
        }
    }
}

#[test]
fn truncated_and_forked_logs() {
    let forged = |index| {
        if index < 300 {
            entry(index)
        } else {
            b"other".to_vec()
        }
    };
    let (fork, _) = log(&[600], forged);
    for size in [0, 1, 255, 256, 300, 301, 512, 599, 600, 601, 900] {
        let (_, kept) = log(&[size], entry);
        let answer = both(&fork, Some(&kept));
        assert_eq!(answer.ok, size <= 300, "{size}: {answer:?}");
    }
}

#[test]
fn checkpoints_of_other_keys_and_logs() {
    let (mut files, _) = log(&[10], entry);
    let stranger = Signer::from_seed("ruping.test/oracle", Zeroizing::new([8; 32])).unwrap();
    let (ours_files, head) = (files.clone(), log(&[10], entry).1);
    let text = format!("other\n10\n{}\n", head.root.to_base64());
    for (text, signer, ok) in [
        (text, signer(), false),
        (
            format!("ruping.test/oracle\n10\n{}\n", head.root.to_base64()),
            stranger,
            false,
        ),
        (
            format!(
                "ruping.test/oracle\n10\n{}\nextension\n",
                head.root.to_base64()
            ),
            signer(),
            true,
        ),
        (
            format!("ruping.test/oracle\n010\n{}\n", head.root.to_base64()),
            signer(),
            false,
        ),
    ] {
        let note = ledger::SignedNote::sign(text, &signer).unwrap();
        files.insert("checkpoint".to_owned(), note.to_string().into_bytes());
        assert_eq!(both(&files, None).ok, ok, "{note}");
    }
    assert!(both(&ours_files, None).ok);
}

#[test]
fn folders_read_as_the_maps_they_were_written_from() {
    let (files, _) = log(&[3, 300], entry);
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in &files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    assert_eq!(oracle::read_folder(folder.path()).unwrap(), files);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn one_damaged_file(size in 1_u64..700, pick in any::<usize>(), damage in damage()) {
        let (mut files, _) = log(&[size / 3, size], entry);
        let before = files.clone();
        let path = apply(&mut files, pick, damage);
        let removed_leftover = matches!(damage, Damage::Remove) && is_leftover(&before, &path, size);
        let unchanged = files == before;
        if path == "checkpoint" {
            // Malformed or wrongly signed: which of the two is said first may differ.
            prop_assert!(!ours(&files, None).ok || unchanged);
            prop_assert_eq!(ours(&files, None).ok, theirs(&files, None).ok);
        } else {
            let answer = both(&files, None);
            prop_assert_eq!(answer.ok, unchanged || removed_leftover, "{:?} {}", damage, path);
        }
    }

    #[test]
    fn several_damaged_files(
        size in 1_u64..700,
        damages in prop::collection::vec((any::<usize>(), damage()), 2..5),
    ) {
        let (mut files, _) = log(&[size / 3, size], entry);
        for (pick, damage) in damages {
            if !files.is_empty() {
                apply(&mut files, pick, damage);
            }
        }
        prop_assert_eq!(ours(&files, None).ok, theirs(&files, None).ok);
    }

    #[test]
    fn proof_files(size in 1_u64..700, pick in any::<u64>(), at in any::<usize>(), bits in any::<u8>()) {
        let (files, head) = log(&[size], entry);
        let mut reader = TileReader::open(&files, head).unwrap();
        let key = signer().verifier().clone();
        let index = pick % size;
        let file = ProofFile::create(&mut reader, &files["checkpoint"], &key, index).unwrap();
        let mut bytes = file.to_string().into_bytes();
        let at = at % bytes.len();
        bytes[at] ^= bits;
        let ours = ProofFile::parse(&bytes).and_then(|file| file.verify(&key));
        let theirs = oracle::judge_proof(&bytes, &key.to_string());
        prop_assert_eq!(ours.is_ok(), bits == 0);
        prop_assert_eq!(theirs.is_ok(), bits == 0);
        if let Ok(entry_bytes) = theirs {
            prop_assert_eq!(entry_bytes, entry(index));
        }
    }

    #[test]
    fn consistency_proofs(
        size in 1_u64..700, pick in any::<u64>(), claim in any::<u64>(),
        lie in any::<bool>(), at in any::<usize>(), bits in any::<u8>(),
    ) {
        let (files, new) = log(&[size], entry);
        let old_size = pick % (size + 1);
        let claimed = if lie { claim % (size + 1) } else { old_size };
        let mut reader = TileReader::open(&files, new).unwrap();
        let mut path = proof::consistency(&mut reader, old_size).unwrap();
        if !path.is_empty() {
            let place = at % path.len();
            let mut bytes = *path[place].as_bytes();
            bytes[at % 32] ^= bits;
            path[place] = Hash::from_bytes(bytes);
        }
        let (_, old) = log(&[claimed], entry);
        let ours = verify_consistency(&old, &new, &path).is_ok();
        let raw: Vec<_> = path.iter().map(|hash| *hash.as_bytes()).collect();
        let pair = |head: TreeHead| (head.size, *head.root.as_bytes());
        prop_assert_eq!(ours, oracle::judge_consistency(pair(old), pair(new), &raw));
    }
}
