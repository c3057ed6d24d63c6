//! Objects: round trips at every edge of a chunk, ranges, and bounded work.

use std::cell::Cell;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::limits::STORED_CHUNK_BYTES;
use crate::random::Random;
use crate::random::testing::{Broken, Repeatable};

const CHUNK: usize = CHUNK_BYTES;

/// Everything needed to seal and open one object.
pub(super) struct Given {
    pub(super) key: DataKey,
    pub(super) kek: KekId,
    pub(super) label: LabelDigest,
    pub(super) random: Repeatable,
}

pub(super) fn given() -> Given {
    Given {
        key: key(1, 1),
        kek: KekId::new("state.secret", ["甲"]).unwrap(),
        label: LabelDigest::of("机密★10年").unwrap(),
        random: Repeatable::default(),
    }
}

pub(super) fn key(object: u8, secret: u8) -> DataKey {
    let object = ObjectId::from_uuid(Uuid::from_bytes([object; 16]));
    DataKey::new(object, Suite::Aes256Gcm, Secret::new([secret; 32]))
}

/// Content in which no two chunks are alike.
pub(super) fn content(length: usize) -> Vec<u8> {
    (0..length)
        .map(|at| u8::try_from((at + 7 * (at / CHUNK)) % 251).unwrap())
        .collect()
}

impl Given {
    pub(super) fn binding(&self) -> Binding<'_> {
        Binding {
            kek: &self.kek,
            label: &self.label,
        }
    }

    pub(super) fn seal(&self, content: &[u8], length: PlainLength) -> (Vec<u8>, Sealed) {
        let mut stored = Vec::new();
        let binding = self.binding();
        let mut writer =
            ObjectWriter::new(&self.key, &binding, length, &self.random, &mut stored).unwrap();
        writer.push(content, &mut stored).unwrap();
        let sealed = writer.finish(&mut stored).unwrap();
        (stored, sealed)
    }

    pub(super) fn open<'a>(&self, stored: &'a [u8]) -> Result<ObjectReader<&'a [u8]>, Error> {
        ObjectReader::open(stored, &self.key, &self.binding())
    }
}

/// Both ways to begin an object.
pub(super) fn lengths(content: &[u8]) -> [PlainLength; 2] {
    [
        PlainLength::Known(wide(content.len())),
        PlainLength::Unknown,
    ]
}

fn whole<R: ReadAt>(reader: &ObjectReader<R>) -> Vec<u8> {
    let blocks: Vec<_> = reader.blocks(0, u64::MAX).map(Result::unwrap).collect();
    assert!(
        blocks
            .iter()
            .all(|block| (1..=CHUNK).contains(&block.len()))
    );
    blocks
        .iter()
        .flat_map(|block| block.expose().to_vec())
        .collect()
}

#[test]
fn objects_of_every_edge_size_come_back() {
    let given = given();
    for size in [
        0,
        1,
        CHUNK - 1,
        CHUNK,
        CHUNK + 1,
        2 * CHUNK - 1,
        2 * CHUNK,
        2 * CHUNK + 1,
        5 * CHUNK,
        5 * CHUNK + 77,
    ] {
        let content = content(size);
        for length in lengths(&content) {
            let (stored, sealed) = given.seal(&content, length);
            assert_eq!(
                wide(stored.len()),
                stored_len(wide(size)).unwrap(),
                "{size}"
            );
            assert_eq!(sealed.stored_bytes, wide(stored.len()));
            let reader = given.open(&stored).unwrap();
            assert_eq!(reader.info().plaintext_bytes, wide(size));
            assert_eq!(reader.info().stored_bytes, wide(stored.len()));
            assert_eq!(reader.info().seal, sealed.seal);
            assert_eq!(reader.info().object, sealed.object);
            assert!(whole(&reader) == content, "{size}");
            assert!(
                reader.read_range(0, u64::MAX).unwrap().expose() == content,
                "{size}"
            );
        }
    }
}

#[test]
fn the_ciphertext_does_not_depend_on_how_content_was_pushed() {
    let content = content(3 * CHUNK + 5);
    let sealed: Vec<Vec<u8>> = [1000, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, content.len()]
        .into_iter()
        .map(|step| {
            let given = given();
            let mut stored = Vec::new();
            let mut writer = ObjectWriter::new(
                &given.key,
                &given.binding(),
                PlainLength::Unknown,
                &given.random,
                &mut stored,
            )
            .unwrap();
            for block in content.chunks(step) {
                writer.push(&[], &mut stored).unwrap();
                writer.push(block, &mut stored).unwrap();
            }
            writer.finish(&mut stored).unwrap();
            stored
        })
        .collect();
    assert!(sealed.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn writing_holds_at_most_one_chunk() {
    let given = given();
    let mut out = Vec::new();
    let binding = given.binding();
    let length = PlainLength::Unknown;
    let mut writer =
        ObjectWriter::new(&given.key, &binding, length, &given.random, &mut out).unwrap();
    let mut stored = 0;
    for block in content(20 * CHUNK).chunks(10_000) {
        out.clear();
        writer.push(block, &mut out).unwrap();
        assert!(out.len() <= block.len() + STORED_CHUNK_BYTES);
        stored += out.len();
    }
    assert_eq!(stored, 19 * STORED_CHUNK_BYTES);
}

#[test]
fn a_declared_length_is_kept_to() {
    let given = given();
    let mut out = Vec::new();
    let binding = given.binding();
    let length = PlainLength::Known(10);
    let begin = |out: &mut Vec<u8>| {
        ObjectWriter::new(&given.key, &binding, length, &given.random, out).unwrap()
    };
    let mut writer = begin(&mut out);
    writer.push(b"123456789", &mut out).unwrap();
    let error = writer.finish(&mut out).unwrap_err();
    assert!(matches!(
        error,
        Error::LengthMismatch {
            declared: 10,
            given: 9
        }
    ));

    let mut writer = begin(&mut out);
    let error = writer.push(b"12345678901", &mut out).unwrap_err();
    assert!(matches!(
        error,
        Error::LengthMismatch {
            declared: 10,
            given: 11
        }
    ));
    assert_eq!(
        writer.finish(&mut out).unwrap_err().code(),
        "vault.length_mismatch"
    );
}

#[test]
fn an_object_has_a_largest_size() {
    let given = given();
    let mut out = Vec::new();
    let too_long = PlainLength::Known(OBJECT_BYTES_MAX + 1);
    let begun = ObjectWriter::new(
        &given.key,
        &given.binding(),
        too_long,
        &given.random,
        &mut out,
    );
    assert_eq!(begun.unwrap_err().code(), "vault.object_too_long");
    assert!(out.is_empty());
    assert!(stored_len(OBJECT_BYTES_MAX).is_ok());
    assert_eq!(
        stored_len(OBJECT_BYTES_MAX + 1).unwrap_err().code(),
        "vault.object_too_long"
    );
}

#[test]
fn nothing_is_sealed_without_randomness() {
    let given = given();
    let broken: &dyn Random = &Broken;
    let begun = ObjectWriter::new(
        &given.key,
        &given.binding(),
        PlainLength::Unknown,
        broken,
        &mut Vec::new(),
    );
    assert!(matches!(begun, Err(Error::Random)));
}

#[test]
fn the_same_content_never_looks_the_same() {
    let given = given();
    let (one, two) = (
        given.seal(b"content", PlainLength::Unknown),
        given.seal(b"content", PlainLength::Unknown),
    );
    assert_ne!(one.0[HEADER_BYTES..], two.0[HEADER_BYTES..]);
    assert_ne!(one.1.seal, two.1.seal);
}

#[test]
fn a_stored_object_tells_neither_label_nor_compartments() {
    // Two sealings under one label look different, with another data key and with the same.
    let mut given = given();
    let (one, _) = given.seal(b"content", PlainLength::Unknown);
    for other in [key(1, 1), key(2, 2)] {
        given.key = other;
        let (two, _) = given.seal(b"content", PlainLength::Unknown);
        assert_ne!(one[56..72], two[56..72]);
        assert_ne!(one[72..88], two[72..88]);
    }
}

#[test]
fn nothing_shows_keys_or_content() {
    let given = given();
    let mut stored = Vec::new();
    let writer = ObjectWriter::new(
        &given.key,
        &given.binding(),
        PlainLength::Unknown,
        &given.random,
        &mut stored,
    )
    .unwrap();
    let object = given.key.object();
    assert_eq!(
        format!("{writer:?}"),
        format!("ObjectWriter({object}, 0 bytes, [redacted])")
    );
    writer.finish(&mut stored).unwrap();
    let shown = format!("{:?} {:?}", given.open(&stored).unwrap(), given.binding());
    assert!(shown.contains("LabelDigest([redacted])") && !shown.contains('甲'));
}

/// Counts what is read, and reads little at a time.
#[derive(Debug)]
struct Slow<'a> {
    stored: &'a [u8],
    read: Cell<usize>,
}

impl ReadAt for Slow<'_> {
    fn size(&self) -> std::io::Result<u64> {
        self.stored.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = buffer.len().min(1000);
        let got = self.stored.read_at(offset, &mut buffer[..length])?;
        self.read.set(self.read.get() + got);
        Ok(got)
    }
}

#[test]
fn a_range_reads_only_the_chunks_it_touches() {
    let given = given();
    let content = content(10 * CHUNK);
    let (stored, _) = given.seal(&content, PlainLength::Unknown);
    let slow = Slow {
        stored: &stored,
        read: Cell::new(0),
    };
    let reader = ObjectReader::open(&slow, &given.key, &given.binding()).unwrap();
    assert_eq!(slow.read.get(), HEADER_BYTES + STORED_CHUNK_BYTES);

    slow.read.set(0);
    let part = reader.read_range(wide(4 * CHUNK - 1), 2).unwrap();
    assert_eq!(part.expose(), &content[4 * CHUNK - 1..=4 * CHUNK]);
    assert_eq!(slow.read.get(), 2 * STORED_CHUNK_BYTES);

    slow.read.set(0);
    assert_eq!(whole(&reader), content);
    assert_eq!(slow.read.get(), 10 * STORED_CHUNK_BYTES);
}

#[test]
fn damage_in_one_chunk_leaves_the_others_readable() {
    let given = given();
    let content = content(4 * CHUNK);
    let (mut stored, _) = given.seal(&content, PlainLength::Unknown);
    stored[HEADER_BYTES + STORED_CHUNK_BYTES + 5] ^= 1;
    let reader = given.open(&stored).unwrap();
    let mut buffer = vec![0xff; 2 * CHUNK];
    let error = reader.read_at(0, &mut buffer).unwrap_err();
    assert!(matches!(error, Error::Damaged { chunk: 1 }));
    assert!(
        buffer.iter().all(|&byte| byte == 0),
        "no byte of an unproved range stays"
    );

    let blocks: Vec<_> = reader.blocks(0, u64::MAX).collect();
    assert_eq!(blocks.len(), 2, "the first error ends the reading");
    let after = reader.read_range(wide(2 * CHUNK), u64::MAX).unwrap();
    assert!(after.expose() == &content[2 * CHUNK..]);
}

#[test]
fn a_failing_store_is_not_called_damage() {
    #[derive(Debug)]
    struct Failing(u64);
    impl ReadAt for Failing {
        fn size(&self) -> std::io::Result<u64> {
            Ok(self.0)
        }
        fn read_at(&self, _: u64, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("disk"))
        }
    }
    let given = given();
    let opened = ObjectReader::open(Failing(1000), &given.key, &given.binding());
    assert_eq!(opened.unwrap_err().code(), "vault.read");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_range_equals_the_slice(
        size in prop_oneof![0usize..100, CHUNK - 20..CHUNK + 20, 0usize..4 * CHUNK],
        from in any::<prop::sample::Index>(),
        length in prop_oneof![0usize..50, 0usize..4 * CHUNK],
        known in any::<bool>(),
    ) {
        let given = given();
        let content = content(size);
        let [stated, unstated] = lengths(&content);
        let (stored, _) = given.seal(&content, if known { stated } else { unstated });
        let reader = given.open(&stored).unwrap();
        let from = from.index(size + size / 5 + 2);
        let expected = content.get(from..).unwrap_or_default();
        let expected = &expected[..length.min(expected.len())];
        let range = reader.read_range(wide(from), wide(length)).unwrap();
        prop_assert!(range.expose() == expected);
        let mut buffer = vec![0; length];
        let read = reader.read_at(wide(from), &mut buffer).unwrap();
        prop_assert!(&buffer[..read] == expected);
        let blocks: Vec<u8> = reader
            .blocks(wide(from), wide(length))
            .flat_map(|block| block.unwrap().expose().to_vec())
            .collect();
        prop_assert!(blocks == expected);
    }

    #[test]
    fn any_split_of_the_content_comes_back(
        blocks in prop::collection::vec(prop_oneof![0usize..300, 0usize..2 * CHUNK], 0..6),
    ) {
        let given = given();
        let content = content(blocks.iter().sum());
        let mut stored = Vec::new();
        let mut writer = ObjectWriter::new(
            &given.key, &given.binding(), PlainLength::Unknown, &given.random, &mut stored,
        ).unwrap();
        let mut rest = content.as_slice();
        for block in blocks {
            let (now, later) = rest.split_at(block);
            writer.push(now, &mut stored).unwrap();
            rest = later;
        }
        writer.finish(&mut stored).unwrap();
        prop_assert!(whole(&given.open(&stored).unwrap()) == content);
    }

    #[test]
    fn bytes_from_anywhere_never_open(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        marked in any::<bool>(),
    ) {
        let start: &[u8] = if marked { b"RPV1\x01\x00\x10\x00" } else { b"" };
        prop_assert!(given().open(&[start, &bytes].concat()).is_err());
    }
}
