//! The primitives against published answers, and what must hold whatever the primitive.

use super::*;

fn bytes<const N: usize>(digits: &str) -> [u8; N] {
    hex::decode(digits).unwrap().try_into().unwrap()
}

/// Test case 14 of the GCM specification (`McGrew` and Viega).
#[test]
fn aes_256_gcm_gives_the_published_answer() {
    let aead = Aead::new(Suite::Aes256Gcm, &Secret::new([0; 32])).unwrap();
    let mut sealed = Vec::new();
    aead.seal([0; 12], b"", &[0; 16], &mut sealed).unwrap();
    let expected: [u8; 32] =
        bytes("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
    assert_eq!(sealed, expected);
}

#[test]
fn sha_256_gives_the_published_answer() {
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(sha256(b"abc").unwrap(), bytes(expected));
}

/// Case 2 of RFC 4231, whose key is padded with zeros in HMAC anyway.
#[test]
fn hmac_gives_the_published_answer() {
    let mut key = [0; 32];
    key[..4].copy_from_slice(b"Jefe");
    let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    let tag = mac(&Secret::new(key), b"what do ya want for nothing?").unwrap();
    assert_eq!(tag, bytes(expected));
}

/// Computed with Python's `hmac`, independently of this crate.
#[test]
fn derivation_is_hkdf_over_label_and_suite() {
    let derived = derive(
        &Secret::new([1; 32]),
        b"salt",
        Label::ObjectContent,
        Suite::Aes256Gcm,
    )
    .unwrap();
    let expected = "12cdf3812f121aae7eb95812cb14904d22744c94253c78a2d9ca03857d86529a";
    assert_eq!(derived.expose(), &bytes::<32>(expected));
}

#[test]
fn every_label_derives_another_key() {
    let labels = [
        Label::RootCheck,
        Label::RootDatabase,
        Label::RootSessionPepper,
        Label::RootTokenPepper,
        Label::RootWrapKek,
        Label::RootWrapLogSeed,
        Label::RootWrapIndexKey,
        Label::RootWrapPepper,
        Label::KekWrapDataKey,
        Label::ObjectContent,
        Label::ObjectHeader,
        Label::ObjectBinding,
        Label::ObjectKeyCheck,
        Label::SealedBlob,
    ];
    let key = Secret::new([1; 32]);
    let mut seen = std::collections::BTreeSet::new();
    for label in labels {
        let derived = derive(&key, b"", label, Suite::Aes256Gcm).unwrap();
        assert!(seen.insert(*derived.expose()), "{}", label.text());
    }
}

#[test]
fn what_does_not_authenticate_leaves_only_zeros() {
    let aead = Aead::new(Suite::Aes256Gcm, &Secret::new([1; 32])).unwrap();
    let mut sealed = Vec::new();
    aead.seal([0; 12], b"aad", b"content", &mut sealed).unwrap();
    let mut out = [0xff; 7];
    aead.open([0; 12], b"aad", &sealed, &mut out).unwrap();
    assert_eq!(&out, b"content");

    sealed[0] ^= 1;
    let mut out = [0xff; 7];
    assert!(aead.open([0; 12], b"aad", &sealed, &mut out).is_err());
    assert_eq!(out, [0; 7]);

    let mut longer = [0xff; 64];
    assert!(aead.open([0; 12], b"aad", &sealed, &mut longer).is_err());
    assert_eq!(longer, [0; 64]);
    assert_eq!(format!("{aead:?}"), "[redacted]");
}
