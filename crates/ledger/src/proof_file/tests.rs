use super::*;
use crate::testlog::{Leftovers, TestLog, entry, signer};
use proptest::prelude::*;

fn made(size: u64, index: u64) -> (TestLog, ProofFile) {
    let log = TestLog::grown(&[size], Leftovers::Deleted);
    let mut reader = TileReader::open(&log.source, log.head).unwrap();
    let note = log.source["checkpoint"].clone();
    let file = ProofFile::create(&mut reader, &note, &log.key(), index).unwrap();
    (log, file)
}

#[test]
fn a_proof_file_carries_the_entry_and_verifies_from_the_key_alone() {
    for (size, index) in [(1, 0), (2, 1), (300, 5), (300, 299), (700, 256)] {
        let (log, file) = made(size, index);
        let text = file.to_string();
        assert!(text.starts_with("c2sp.org/tlog-proof@v1\nextra "), "{text}");
        let back = ProofFile::parse(text.as_bytes()).unwrap();
        assert_eq!(back, file);
        let proved = back.verify(&log.key()).unwrap();
        assert_eq!(proved.entry, entry(index));
        assert_eq!((proved.index, proved.head), (index, log.head));
        assert_eq!(proved.origin, "ruping.test/log");
        assert!(
            proved.parse_entry().is_err(),
            "these test entries are no `Entry`"
        );
    }
}

#[test]
fn cosignatures_ride_along() {
    let (log, file) = made(3, 1);
    let mut note = file.checkpoint().clone();
    note.cosign(&signer("second.office")).unwrap();
    let file = ProofFile {
        checkpoint: note,
        ..file
    };
    let back = ProofFile::parse(file.to_string().as_bytes()).unwrap();
    assert!(back.verify(&log.key()).is_ok());
    assert_eq!(back.checkpoint().signatures().len(), 2);
}

#[test]
fn each_part_is_bound_to_the_signature() {
    let (log, file) = made(300, 5);
    let key = log.key();
    let code = |file: &ProofFile, key| file.verify(key).unwrap_err().code();
    let stranger = signer("stranger");
    assert_eq!(
        code(&file, stranger.verifier()),
        "ledger.checkpoint_signature"
    );
    let other = ProofFile {
        extra: Some(entry(6)),
        ..file.clone()
    };
    assert_eq!(code(&other, &key), "ledger.inclusion_invalid");
    let other = ProofFile {
        index: 6,
        ..file.clone()
    };
    assert_eq!(code(&other, &key), "ledger.inclusion_invalid");
    let other = ProofFile {
        index: 300,
        ..file.clone()
    };
    assert_eq!(code(&other, &key), "ledger.out_of_range");
    let other = ProofFile {
        hashes: Vec::new(),
        ..file.clone()
    };
    assert_eq!(code(&other, &key), "ledger.inclusion_invalid");
    let other = ProofFile {
        extra: None,
        ..file
    };
    assert_eq!(code(&other, &key), "ledger.proof_without_entry");
    let shorter = TestLog::grown(&[299], Leftovers::Deleted);
    let mut reader = TileReader::open(&log.source, log.head).unwrap();
    let error = ProofFile::create(&mut reader, &shorter.source["checkpoint"], &key, 5);
    assert_eq!(error.unwrap_err().code(), "ledger.checkpoint_mismatch");
}

#[test]
fn malformed_proof_files_are_refused() {
    let (_, file) = made(3, 1);
    let good = file.to_string();
    let hash = file.hashes[0].to_base64();
    for wrong in [
        String::new(),
        good.replace("@v1", "@v2"),
        good.replace("extra ", "extra  "),
        good.replace("extra ", "extra !"),
        good.replace("extra ", "EXTRA "),
        good.replace("index 1", "index 01"),
        good.replace("index 1", "index -1"),
        good.replace("index 1", "index 18446744073709551616"),
        good.replace("index 1\n", ""),
        good.replace("index 1\n", "index 1\nindex 1\n"),
        good.replace(&hash, "short"),
        good.replace(&hash, &format!("{hash}{hash}")),
        good.replace(
            "index 1\n",
            &format!("index 1\n{}", format!("{hash}\n").repeat(64)),
        ),
        good.replace("\n\n", "\n"),
        good.replacen("\n\n", "\n\n\n", 1),
        good.replace('\n', "\r\n"),
        good.trim_end().to_owned(),
        format!("{good}\u{0}"),
        good.replace("extra ", &format!("extra {}", "A".repeat(90_000))),
        "A".repeat(MAX_PROOF_FILE_BYTES + 1),
    ] {
        let error = ProofFile::parse(wrong.as_bytes());
        // An extra newline makes the checkpoint's first line empty, which only opening it sees.
        let Err(error) = error else {
            assert!(wrong.contains("\n\n\n"), "{wrong}");
            continue;
        };
        assert_eq!(error.code(), "ledger.malformed", "{wrong}");
    }
}

proptest! {
    #[test]
    fn a_flipped_byte_never_proves_anything_else(at in any::<usize>(), flip in 1_u8..=255) {
        let (log, file) = made(300, 5);
        let mut bytes = file.to_string().into_bytes();
        let at = at % bytes.len();
        bytes[at] ^= flip;
        if let Ok(other) = ProofFile::parse(&bytes) {
            prop_assert_eq!(other.to_string().into_bytes(), bytes);
            prop_assert!(other.verify(&log.key()).is_err());
        }
    }

    #[test]
    fn hostile_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let with_header = [HEADER.as_bytes(), b"\n", &bytes].concat();
        for bytes in [bytes, with_header] {
            if let Ok(file) = ProofFile::parse(&bytes) {
                prop_assert_eq!(file.to_string().into_bytes(), bytes);
            }
        }
    }
}
