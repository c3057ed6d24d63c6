//! What an adversary who holds the storage but no key can do to an object, one test each. The
//! answer is always an error, the clearest that can be told, and never other content.

use proptest::prelude::*;

use super::tests::{Given, content, given, key, lengths};
use super::*;
use crate::limits::STORED_CHUNK_BYTES;

const CHUNK: usize = CHUNK_BYTES;

/// Where a chunk begins in the stored bytes.
fn at(chunk: usize) -> usize {
    HEADER_BYTES + chunk * STORED_CHUNK_BYTES
}

/// Opens and reads everything, and gives the code of what went wrong.
fn refused(given: &Given, stored: &[u8]) -> Option<&'static str> {
    let reader = match given.open(stored) {
        Ok(reader) => reader,
        Err(error) => return Some(error.code()),
    };
    reader
        .read_range(0, u64::MAX)
        .err()
        .map(|error| error.code())
}

fn stated(given: &Given, size: usize) -> Vec<u8> {
    given.seal(&content(size), PlainLength::Known(wide(size))).0
}

fn unstated(given: &Given, size: usize) -> Vec<u8> {
    given.seal(&content(size), PlainLength::Unknown).0
}

#[test]
fn truncation_is_always_called_so_when_the_length_was_stated() {
    let given = given();
    let stored = stated(&given, 3 * CHUNK + 100);
    for cut in [
        4,
        100,
        HEADER_BYTES,
        at(0) + 1,
        at(1),
        at(2),
        at(3),
        at(3) + 16,
        stored.len() - 1,
    ] {
        assert_eq!(
            refused(&given, &stored[..cut]),
            Some("vault.truncated"),
            "{cut}"
        );
    }
    assert_eq!(refused(&given, b""), Some("vault.format"));
}

#[test]
fn truncation_at_a_chunk_boundary_is_called_so_even_when_the_length_was_not_stated() {
    let given = given();
    for size in [3 * CHUNK + 100, 3 * CHUNK] {
        let stored = unstated(&given, size);
        for cut in [
            HEADER_BYTES - 1,
            at(0),
            at(0) + 15,
            at(1),
            at(1) + 1,
            at(1) + 16,
            at(2),
        ] {
            assert_eq!(
                refused(&given, &stored[..cut]),
                Some("vault.truncated"),
                "{cut}"
            );
        }
        for cut in [at(0) + 16, at(0) + 17, at(1) + 17, at(2) + 5000] {
            assert_eq!(
                refused(&given, &stored[..cut]),
                Some("vault.end_damaged"),
                "{cut}"
            );
        }
    }
}

#[test]
fn extension_is_told() {
    let given = given();
    for size in [0, 100, CHUNK, 2 * CHUNK] {
        let stored = stated(&given, size);
        for more in [1, 16, 17, STORED_CHUNK_BYTES] {
            let longer = [stored.as_slice(), &vec![0; more]].concat();
            assert_eq!(
                refused(&given, &longer),
                Some("vault.extended"),
                "{size} + {more}"
            );
        }
    }
    for (size, more, expected) in [
        (2 * CHUNK, 1, "vault.extended"),
        (2 * CHUNK, 16, "vault.extended"),
        (2 * CHUNK, 17, "vault.extended"),
        (2 * CHUNK, STORED_CHUNK_BYTES, "vault.extended"),
        (2 * CHUNK, 2 * STORED_CHUNK_BYTES, "vault.end_damaged"),
        (0, 1, "vault.end_damaged"),
        (100, 1, "vault.end_damaged"),
    ] {
        let longer = [unstated(&given, size).as_slice(), &vec![0; more]].concat();
        assert_eq!(refused(&given, &longer), Some(expected), "{size} + {more}");
    }
}

#[test]
fn a_chunk_appended_once_more_is_an_extension() {
    let given = given();
    let stored = unstated(&given, 2 * CHUNK);
    let longer = [stored.as_slice(), &stored[at(1)..]].concat();
    assert_eq!(refused(&given, &longer), Some("vault.extended"));
}

#[test]
fn swapped_and_repeated_chunks_are_damage() {
    let given = given();
    for length in lengths(&content(4 * CHUNK)) {
        let (stored, _) = given.seal(&content(4 * CHUNK), length);
        for (from, to) in [(0, 1), (1, 0), (2, 1), (0, 2)] {
            let mut altered = stored.clone();
            altered.copy_within(at(from)..at(from + 1), at(to));
            assert_eq!(
                refused(&given, &altered),
                Some("vault.damaged"),
                "{from} over {to}"
            );
        }
        let mut swapped = stored.clone();
        swapped[at(0)..at(1)].copy_from_slice(&stored[at(1)..at(2)]);
        swapped[at(1)..at(2)].copy_from_slice(&stored[at(0)..at(1)]);
        assert_eq!(refused(&given, &swapped), Some("vault.damaged"));
    }
}

#[test]
fn a_last_chunk_cannot_move_forward_nor_a_middle_one_to_the_end() {
    let given = given();
    let mut stored = stated(&given, 3 * CHUNK);
    let last = stored[at(2)..].to_vec();
    stored[at(1)..at(2)].copy_from_slice(&last);
    assert_eq!(refused(&given, &stored), Some("vault.damaged"));
    let mut stored = stated(&given, 3 * CHUNK);
    stored.copy_within(at(1)..at(2), at(2));
    assert_eq!(refused(&given, &stored), Some("vault.damaged"));
}

#[test]
fn a_removed_chunk_is_told() {
    let given = given();
    let mut stored = unstated(&given, 3 * CHUNK + 9);
    stored.drain(at(1)..at(2));
    assert_eq!(refused(&given, &stored), Some("vault.end_damaged"));
    let mut stored = stated(&given, 3 * CHUNK + 9);
    stored.drain(at(1)..at(2));
    assert_eq!(refused(&given, &stored), Some("vault.truncated"));
}

#[test]
fn a_chunk_of_another_sealing_does_not_fit_in() {
    let given = given();
    let mut stored = unstated(&given, 3 * CHUNK);
    let other = unstated(&given, 3 * CHUNK);
    stored[at(1)..at(2)].copy_from_slice(&other[at(1)..at(2)]);
    assert_eq!(refused(&given, &stored), Some("vault.damaged"));
}

#[test]
fn another_object_in_its_place_is_told() {
    let mut given = given();
    given.key = key(2, 2);
    let other = unstated(&given, 100);
    given.key = key(1, 1);
    assert_eq!(refused(&given, &other), Some("vault.wrong_object"));

    let mut renamed = other;
    renamed[16..32].copy_from_slice(given.key.object().as_uuid().as_bytes());
    assert_eq!(refused(&given, &renamed), Some("vault.wrong_key"));
}

#[test]
fn even_with_the_same_data_key_another_object_does_not_pass() {
    let mut given = given();
    given.key = key(2, 1);
    let mut other = unstated(&given, 100);
    given.key = key(1, 1);
    other[16..32].copy_from_slice(given.key.object().as_uuid().as_bytes());
    assert_eq!(refused(&given, &other), Some("vault.header_damaged"));
}

#[test]
fn an_older_object_under_the_same_id_with_another_data_key_is_told() {
    let mut given = given();
    given.key = key(1, 9);
    let older = unstated(&given, 100);
    given.key = key(1, 1);
    assert_eq!(refused(&given, &older), Some("vault.wrong_key"));
}

#[test]
fn an_older_object_even_with_the_same_data_key_is_told_by_its_seal() {
    let given = given();
    let (older, old) = given.seal(b"version one", PlainLength::Unknown);
    let (newer, new) = given.seal(b"version two", PlainLength::Unknown);
    given.open(&newer).unwrap().require_seal(&new.seal).unwrap();
    let reader = given.open(&older).unwrap();
    assert_eq!(
        reader.require_seal(&new.seal).unwrap_err().code(),
        "vault.replaced"
    );
    let kept = SealId::from_bytes(*old.seal.as_bytes());
    reader.require_seal(&kept).unwrap();
}

#[test]
fn another_level_compartment_or_label_is_told() {
    let mut given = given();
    let stored = unstated(&given, 100);
    let right = given.kek.clone();
    for wrong in [
        KekId::new("state.secret", [""; 0]).unwrap(),
        KekId::new("state.secret", ["乙"]).unwrap(),
        KekId::new("state.confidential", ["甲"]).unwrap(),
    ] {
        given.kek = wrong;
        assert_eq!(refused(&given, &stored), Some("vault.wrong_kek"));
    }
    given.kek = right;
    given.label = LabelDigest::of("秘密★10年").unwrap();
    assert_eq!(refused(&given, &stored), Some("vault.wrong_label"));
}

#[test]
fn every_flipped_bit_of_the_header_is_told_apart_from_a_wrong_key() {
    let given = given();
    for length in lengths(&content(10)) {
        let (stored, _) = given.seal(&content(10), length);
        for bit in 0..HEADER_BYTES * 8 {
            let mut altered = stored.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            let code = refused(&given, &altered).unwrap_or("accepted");
            let expected: &[&str] = match bit / 8 {
                0..3 => &["vault.format"],
                3 => &["vault.version"],
                4 => &["vault.suite"],
                // Some of these are not possible at all, the others do not fit the tag.
                5..8 | 55 => &["vault.format", "vault.header_damaged"],
                8..16 => &["vault.format", "vault.header_damaged"],
                16..32 => &["vault.wrong_object"],
                _ => &["vault.header_damaged"],
            };
            assert!(expected.contains(&code), "byte {}: {code}", bit / 8);
        }
    }
}

#[test]
fn a_header_whose_tags_were_wiped_reads_as_one_of_another_key() {
    let given = given();
    let mut stored = unstated(&given, 10);
    stored[88..136].fill(0);
    assert_eq!(refused(&given, &stored), Some("vault.wrong_key"));
}

#[test]
fn an_object_whose_writer_was_dropped_does_not_open() {
    let given = given();
    for length in [PlainLength::Known(wide(3 * CHUNK)), PlainLength::Unknown] {
        let mut stored = Vec::new();
        let mut writer = ObjectWriter::new(
            &given.key,
            &given.binding(),
            length,
            &given.random,
            &mut stored,
        )
        .unwrap();
        writer.push(&content(3 * CHUNK), &mut stored).unwrap();
        drop(writer);
        assert_eq!(refused(&given, &stored), Some("vault.truncated"));
    }
}

#[test]
fn a_store_that_shrinks_while_it_is_read_is_told() {
    #[derive(Debug)]
    struct Shrinking<'a>(&'a [u8], std::cell::Cell<usize>);
    impl ReadAt for Shrinking<'_> {
        fn size(&self) -> std::io::Result<u64> {
            self.0.size()
        }
        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0[..self.1.get()].read_at(offset, buffer)
        }
    }
    let given = given();
    let stored = stated(&given, 3 * CHUNK);
    let source = Shrinking(&stored, std::cell::Cell::new(stored.len()));
    let reader = ObjectReader::open(&source, &given.key, &given.binding()).unwrap();
    source.1.set(at(1) + 7);
    assert!(reader.read_range(0, 10).is_ok());
    assert_eq!(
        reader.read_range(wide(CHUNK), 10).unwrap_err().code(),
        "vault.truncated"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_flipped_bit_passes(
        size in 0usize..3 * CHUNK,
        place in any::<prop::sample::Index>(),
        bit in 0u32..8,
        known in any::<bool>(),
    ) {
        let given = given();
        let mut stored = if known { stated(&given, size) } else { unstated(&given, size) };
        let place = place.index(stored.len());
        stored[place] ^= 1 << bit;
        prop_assert!(refused(&given, &stored).is_some());
    }

    #[test]
    fn no_cut_passes(size in 0usize..3 * CHUNK, place in any::<prop::sample::Index>(), known in any::<bool>()) {
        let given = given();
        let stored = if known { stated(&given, size) } else { unstated(&given, size) };
        let cut = place.index(stored.len());
        prop_assert!(refused(&given, &stored[..cut]).is_some());
    }
}
