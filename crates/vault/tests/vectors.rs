//! The stored forms of version 1, frozen as files: they must open for ever, and with the same
//! keys and the same randomness the writers must still make exactly these bytes. A file here
//! is never changed; a new format version gets a folder of its own beside `v1`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the helpers of a test binary are tests too"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::digest;
use domain::ObjectId;
use vault::{
    Binding, DataKey, Error, KekId, KeyId, KeyUse, Keyring, LabelDigest, ObjectReader,
    ObjectWriter, PlainLength, Purpose, Random, RootKey, RootWrap, StoredKek, Suite,
    WrappedDataKey, WrappedKey, sealed,
};

const ROOT_CHECK: &str = "3e578f5bcb1dea699a65fd34ff5eeada";
const DATABASE_KEY: &str = "x'f7a7c958b101b819203208563034681df17fb090b523f166177cd1c1edb33e5e'";
const OBJECT: &str = "01955000-0000-7000-8000-000000000001";
const LABEL: &str = "{\"compartments\":[\"甲\"],\"levels\":{\"state\":\"state.secret\"}}";
const PLACE: [&[u8]; 2] = [b"record", b"version"];
const SHORT: &str = "守口如瓶，防意如城。";
const SEED: [u8; 32] = [0x5e; 32];
const SEED_USE: KeyUse<'static> = KeyUse {
    purpose: Purpose::LogSeed,
    context: b"log",
};

/// The counter's SHA-256: what stood in for randomness when the files were made.
#[derive(Debug, Default)]
struct Repeatable(AtomicU64);

impl Random for Repeatable {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
        for part in bytes.chunks_mut(32) {
            let count = self.0.fetch_add(1, Ordering::Relaxed);
            let block = digest::digest(&digest::SHA256, &count.to_be_bytes());
            part.copy_from_slice(&block.as_ref()[..part.len()]);
        }
        Ok(())
    }
}

fn frozen(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/v1");
    fs::read(folder.join(name)).unwrap()
}

fn root() -> RootKey {
    RootKey::parse_file(&frozen("root.key")).unwrap()
}

fn kek() -> KekId {
    KekId::new("state.secret", ["甲"]).unwrap()
}

fn object() -> ObjectId {
    OBJECT.parse().unwrap()
}

/// One full chunk and a bit: byte `i` is `i mod 251`.
fn long() -> Vec<u8> {
    (0..65_636u32)
        .map(|at| u8::try_from(at % 251).unwrap())
        .collect()
}

fn data_key() -> DataKey {
    let wrapped = WrappedKey::from_bytes(&frozen("kek.rpk")).unwrap();
    let row = StoredKek {
        id: kek(),
        generation: 1,
        wrapped,
    };
    let keyring = Keyring::open(&root(), [&row]).unwrap();
    let wrapped = WrappedDataKey::from_bytes(&frozen("data-key.rpd")).unwrap();
    keyring.unwrap(&kek(), object(), &wrapped).unwrap()
}

#[test]
fn what_the_root_key_derives_never_changes() {
    assert_eq!(root().check_value().unwrap().to_string(), ROOT_CHECK);
    assert_eq!(root().database_key().unwrap().expose(), DATABASE_KEY);
}

#[test]
fn the_frozen_seed_opens() {
    let wrapped = WrappedKey::from_bytes(&frozen("log-seed.rpk")).unwrap();
    assert_eq!(root().unwrap(SEED_USE, &wrapped).unwrap().expose(), SEED);
}

#[test]
fn the_frozen_objects_open() {
    let (kek, label) = (kek(), LabelDigest::of(LABEL).unwrap());
    let binding = Binding {
        kek: &kek,
        label: &label,
    };
    for (name, content) in [("long.rpv", long()), ("short.rpv", SHORT.into())] {
        let reader = ObjectReader::open(frozen(name), &data_key(), &binding).unwrap();
        assert_eq!(reader.info().suite, Suite::Aes256Gcm);
        assert!(
            reader.read_range(0, u64::MAX).unwrap().expose() == content,
            "{name}"
        );
    }
}

#[test]
fn the_frozen_blob_opens() {
    let opened = sealed::open(&data_key(), &PLACE, &frozen("blob.rps")).unwrap();
    assert_eq!(opened.expose(), SHORT.as_bytes());
}

/// Makes every file anew, into cargo's folder for test output, where they can be taken from
/// when a new format version needs its first vectors.
fn remade() -> Vec<(&'static str, Vec<u8>)> {
    let random = Repeatable::default();
    let seed = root()
        .wrap(SEED_USE, KeyId::random(&random).unwrap(), &SEED, &random)
        .unwrap();
    let mut keyring = Keyring::new();
    let row = keyring.make(&kek(), &root(), &random).unwrap();
    let key = DataKey::generate(object(), Suite::Aes256Gcm, &random).unwrap();
    let wrapped = keyring.wrap(&kek(), &key, &random).unwrap();
    let (kek, label) = (kek(), LabelDigest::of(LABEL).unwrap());
    let binding = Binding {
        kek: &kek,
        label: &label,
    };
    let seal = |content: &[u8], length| {
        let mut stored = Vec::new();
        let mut writer = ObjectWriter::new(&key, &binding, length, &random, &mut stored).unwrap();
        writer.push(content, &mut stored).unwrap();
        writer.finish(&mut stored).unwrap();
        stored
    };
    vec![
        ("log-seed.rpk", seed.to_bytes()),
        ("kek.rpk", row.wrapped.to_bytes()),
        ("data-key.rpd", wrapped.to_bytes()),
        ("long.rpv", seal(&long(), PlainLength::Known(65_636))),
        ("short.rpv", seal(SHORT.as_bytes(), PlainLength::Unknown)),
        (
            "blob.rps",
            sealed::seal(&key, &PLACE, SHORT.as_bytes(), &random).unwrap(),
        ),
    ]
}

#[test]
fn the_writers_still_make_the_frozen_bytes() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("vault-vectors-v1");
    fs::create_dir_all(&folder).unwrap();
    let remade = remade();
    for (name, bytes) in &remade {
        fs::write(folder.join(name), bytes).unwrap();
    }
    for (name, bytes) in &remade {
        assert!(
            *bytes == frozen(name),
            "{name} differs from the frozen file"
        );
    }
}
