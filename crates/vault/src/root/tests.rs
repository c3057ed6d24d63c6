//! The root key: its file forms, what is derived from it, and what it wraps.

use super::*;
use crate::random::testing::{Broken, Repeatable};
use crate::wrapped::Purpose;

fn root(byte: u8) -> RootKey {
    RootKey::from_bytes([byte; 32]).unwrap()
}

fn id() -> KeyId {
    KeyId::from_bytes([9; 16])
}

const SEED: KeyUse<'static> = KeyUse {
    purpose: Purpose::LogSeed,
    context: b"origin",
};

#[test]
fn a_key_file_holds_hex_or_raw_bytes() {
    let hex = "ab".repeat(32);
    let expected = RootKey::from_bytes([0xab; 32]).unwrap().to_hex();
    for content in [
        hex.clone(),
        format!("{hex}\n"),
        format!("{hex}\r\n"),
        hex.to_uppercase(),
    ] {
        assert_eq!(
            RootKey::parse_file(content.as_bytes()).unwrap().to_hex(),
            expected
        );
    }
    assert_eq!(RootKey::parse_file(&[0xab; 32]).unwrap().to_hex(), expected);
}

#[test]
fn what_is_exported_reads_back() {
    let made = RootKey::generate(&Repeatable::default()).unwrap();
    let back = RootKey::parse_file(made.to_hex().expose().as_bytes()).unwrap();
    assert_eq!(back.check_value().unwrap(), made.check_value().unwrap());
}

#[test]
fn other_files_are_refused_clearly_and_without_quoting_them() {
    let hex = "ab".repeat(32);
    for wrong in [
        String::new(),
        "\n".into(),
        "b".repeat(63),
        format!("{hex}\n\n"),
        format!(" {hex}"),
    ] {
        let error = RootKey::parse_file(wrong.as_bytes()).unwrap_err();
        assert!(
            matches!(error, Error::RootKeyLength { found } if found == wrong.len()),
            "{wrong:?}"
        );
        assert_eq!(error.code(), "vault.root_key_format");
    }
    let typo = format!("{}g\n", "b".repeat(63));
    let error = RootKey::parse_file(typo.as_bytes()).unwrap_err();
    assert!(matches!(error, Error::RootKeyText));
    assert_eq!(
        error.to_string(),
        "a root key file of 64 characters must be hexadecimal throughout"
    );
}

#[test]
fn a_key_of_zeros_is_no_key() {
    assert!(matches!(
        RootKey::from_bytes([0; 32]),
        Err(Error::RootKeyZero)
    ));
    assert!(matches!(
        RootKey::parse_file(&[0; 32]),
        Err(Error::RootKeyZero)
    ));
    assert!(matches!(
        RootKey::parse_file(&[b'0'; 64]),
        Err(Error::RootKeyZero)
    ));
}

#[test]
fn a_wrong_root_key_is_told_by_its_check_value() {
    let check = root(1).check_value().unwrap();
    root(1).verify(&check).unwrap();
    let error = root(2).verify(&check).unwrap_err();
    assert_eq!(error.code(), "vault.wrong_root_key");
    assert_eq!(KeyCheck::parse(&check.to_string()).unwrap(), check);
    assert_eq!(KeyCheck::from_bytes(*check.as_bytes()), check);
    assert!(matches!(KeyCheck::parse("xyz"), Err(Error::Format { .. })));
}

#[test]
fn a_root_key_never_shows_itself() {
    assert_eq!(
        format!("{:?}", root(0x41)),
        "RootKey([redacted], generation 1)"
    );
}

#[test]
fn the_database_key_is_a_raw_key_text() {
    let text = root(1).database_key().unwrap();
    let digits = text
        .expose()
        .strip_prefix("x'")
        .unwrap()
        .strip_suffix('\'')
        .unwrap();
    assert_eq!(hex::decode(digits).unwrap().len(), 32);
    assert_eq!(text, root(1).with_generation(2).database_key().unwrap());
    assert_ne!(text, root(2).database_key().unwrap());
}

#[test]
fn everything_derived_differs() {
    let root = root(1);
    let key = root.database_key().unwrap();
    let digits = [
        key.expose().replace(['x', '\''], ""),
        hex::encode(root.session_pepper().unwrap().expose()),
        hex::encode(root.token_pepper().unwrap().expose()),
        root.to_hex().expose().to_owned(),
    ];
    for (i, left) in digits.iter().enumerate() {
        assert!(digits.iter().skip(i + 1).all(|right| left != right));
        assert!(!left.starts_with(&root.check_value().unwrap().to_string()));
    }
}

#[test]
fn a_seed_comes_back_from_its_stored_form() {
    let wrapped = root(1)
        .wrap(SEED, id(), b"seed", &Repeatable::default())
        .unwrap();
    let stored = WrappedKey::from_bytes(&wrapped.to_bytes()).unwrap();
    assert_eq!(stored, wrapped);
    assert_eq!(root(1).unwrap(SEED, &stored).unwrap().expose(), b"seed");
    assert_eq!(stored.head().key_id, id());
}

#[test]
fn another_root_does_not_unwrap() {
    let wrapped = root(1)
        .wrap(SEED, id(), b"seed", &Repeatable::default())
        .unwrap();
    let code = |root: RootKey| root.unwrap(SEED, &wrapped).unwrap_err().code();
    assert_eq!(code(root(2)), "vault.wrong_root_key");
    assert_eq!(code(root(2).with_generation(2)), "vault.root_generation");
    assert_eq!(code(root(1).with_generation(2)), "vault.root_generation");
}

#[test]
fn another_use_does_not_unwrap() {
    let root = root(1);
    let wrapped = root
        .wrap(SEED, id(), b"seed", &Repeatable::default())
        .unwrap();
    for purpose in [Purpose::Kek, Purpose::IndexKey, Purpose::Pepper] {
        let error = root
            .unwrap(KeyUse { purpose, ..SEED }, &wrapped)
            .unwrap_err();
        assert!(matches!(error, Error::KeyDamaged { .. }));
    }
    let elsewhere = KeyUse {
        context: b"another origin",
        ..SEED
    };
    assert!(matches!(
        root.unwrap(elsewhere, &wrapped),
        Err(Error::KeyDamaged { .. })
    ));
}

#[test]
fn every_flipped_bit_of_a_wrapped_key_is_noticed() {
    let root = root(1);
    let bytes = root
        .wrap(SEED, id(), b"seed", &Repeatable::default())
        .unwrap()
        .to_bytes();
    for bit in 0..bytes.len() * 8 {
        let mut altered = bytes.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        let opened = WrappedKey::from_bytes(&altered).and_then(|key| root.unwrap(SEED, &key));
        assert!(opened.is_err(), "bit {bit}");
    }
    for length in 0..bytes.len() {
        let opened =
            WrappedKey::from_bytes(&bytes[..length]).and_then(|key| root.unwrap(SEED, &key));
        assert!(opened.is_err(), "{length} bytes");
    }
}

#[test]
fn a_newer_form_is_not_called_damaged() {
    let mut bytes = root(1)
        .wrap(SEED, id(), b"seed", &Repeatable::default())
        .unwrap()
        .to_bytes();
    bytes[3] = b'2';
    assert_eq!(
        WrappedKey::from_bytes(&bytes).unwrap_err().code(),
        "vault.version"
    );
    bytes[0] = b'X';
    assert_eq!(
        WrappedKey::from_bytes(&bytes).unwrap_err().code(),
        "vault.format"
    );
}

#[test]
fn a_root_rotation_keeps_secret_and_id() {
    let (old, new) = (root(1), root(2).with_generation(2));
    let random = Repeatable::default();
    let before = old.wrap(SEED, id(), b"seed", &random).unwrap();
    let after = before.rewrap(SEED, &old, &new, &random).unwrap();
    assert_eq!(new.unwrap(SEED, &after).unwrap().expose(), b"seed");
    assert_eq!(after.head().key_id, before.head().key_id);
    assert_eq!(after.head().root_generation, 2);
    assert!(matches!(
        old.unwrap(SEED, &after),
        Err(Error::RootGeneration {
            wrapped: 2,
            given: 1
        })
    ));
}

#[test]
fn wrapping_has_limits_and_needs_randomness() {
    let root = root(1);
    let long = vec![1; WRAPPED_SECRET_BYTES_MAX + 1];
    for wrong in [b"".as_slice(), &long] {
        let error = root
            .wrap(SEED, id(), wrong, &Repeatable::default())
            .unwrap_err();
        assert_eq!(error.code(), "vault.secret_length");
    }
    assert!(matches!(
        root.wrap(SEED, id(), b"seed", &Broken),
        Err(Error::Random)
    ));
    assert!(matches!(RootKey::generate(&Broken), Err(Error::Random)));
}
