//! Sealed blobs: round trips, and every way to misplace or alter one.

use domain::ObjectId;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::random::testing::{Broken, Repeatable};
use crate::secret::Secret;

fn key(object: u8, secret: u8) -> DataKey {
    let object = ObjectId::from_uuid(Uuid::from_bytes([object; 16]));
    DataKey::new(object, Suite::Aes256Gcm, Secret::new([secret; 32]))
}

fn code(result: Result<SecretBytes, Error>) -> &'static str {
    result.unwrap_err().code()
}

#[test]
fn a_blob_opens_only_in_its_place() {
    let random = Repeatable::default();
    let sealed = seal(
        &key(1, 1),
        &[b"record", b"version"],
        "台账".as_bytes(),
        &random,
    )
    .unwrap();
    assert_eq!(sealed.len(), 6 + OVERHEAD_BYTES);
    let place: [&[u8]; 2] = [b"record", b"version"];
    assert_eq!(
        open(&key(1, 1), &place, &sealed).unwrap().expose(),
        "台账".as_bytes()
    );
    for elsewhere in [
        vec![],
        vec![b"record".as_slice()],
        vec![b"version".as_slice(), b"record"],
        vec![b"recordv".as_slice(), b"ersion"],
        vec![b"record".as_slice(), b"version", b""],
    ] {
        assert_eq!(
            code(open(&key(1, 1), &elsewhere, &sealed)),
            "vault.blob_damaged"
        );
    }
    assert_eq!(
        code(open(&key(1, 2), &place, &sealed)),
        "vault.blob_damaged"
    );
    assert_eq!(
        code(open(&key(2, 1), &place, &sealed)),
        "vault.blob_damaged"
    );
}

#[test]
fn every_flipped_bit_and_every_cut_is_noticed() {
    let sealed = seal(&key(1, 1), &[], b"content", &Repeatable::default()).unwrap();
    for bit in 0..sealed.len() * 8 {
        let mut altered = sealed.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(open(&key(1, 1), &[], &altered).is_err(), "bit {bit}");
    }
    for length in 0..sealed.len() {
        assert!(
            open(&key(1, 1), &[], &sealed[..length]).is_err(),
            "{length} bytes"
        );
    }
    assert!(open(&key(1, 1), &[], &[sealed.as_slice(), b"x"].concat()).is_err());
    assert!(open(&key(1, 1), &[], &sealed).is_ok());
}

#[test]
fn unknown_versions_and_suites_are_called_so() {
    let mut sealed = seal(&key(1, 1), &[], b"", &Repeatable::default()).unwrap();
    sealed[1] = 2;
    assert_eq!(code(open(&key(1, 1), &[], &sealed)), "vault.suite");
    sealed[0] = 2;
    assert_eq!(code(open(&key(1, 1), &[], &sealed)), "vault.version");
    assert_eq!(code(open(&key(1, 1), &[], b"")), "vault.format");
}

#[test]
fn the_same_content_never_looks_the_same() {
    let random = Repeatable::default();
    let one = seal(&key(1, 1), &[], b"content", &random).unwrap();
    assert_ne!(one, seal(&key(1, 1), &[], b"content", &random).unwrap());
}

#[test]
fn sealing_has_a_limit_and_needs_randomness() {
    let long = vec![0; SEALED_BYTES_MAX + 1];
    let error = seal(&key(1, 1), &[], &long, &Repeatable::default()).unwrap_err();
    assert_eq!(error.code(), "vault.blob_too_long");
    let stored = [
        [VERSION, 1].as_slice(),
        &vec![0; SEALED_BYTES_MAX + OVERHEAD_BYTES],
    ]
    .concat();
    assert_eq!(code(open(&key(1, 1), &[], &stored)), "vault.blob_too_long");
    assert!(matches!(
        seal(&key(1, 1), &[], b"", &Broken),
        Err(Error::Random)
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_sealed_comes_back(
        content in prop::collection::vec(any::<u8>(), 0..2000),
        place in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..4),
    ) {
        let place: Vec<&[u8]> = place.iter().map(Vec::as_slice).collect();
        let sealed = seal(&key(1, 1), &place, &content, &Repeatable::default()).unwrap();
        prop_assert_eq!(sealed.len(), content.len() + OVERHEAD_BYTES);
        let opened = open(&key(1, 1), &place, &sealed).unwrap();
        prop_assert_eq!(opened.expose(), content.as_slice());
    }

    #[test]
    fn bytes_from_anywhere_never_open(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(open(&key(1, 1), &[], &bytes).is_err());
    }
}
