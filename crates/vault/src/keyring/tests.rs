//! Keyrings: rotation on both levels, and data keys that open for their object and level only.

use uuid::Uuid;

use super::*;
use crate::random::testing::{Broken, Repeatable};
use crate::root::RootKey;

struct Given {
    root: RootKey,
    random: Repeatable,
    keyring: Keyring,
    row: StoredKek,
}

fn given() -> Given {
    let root = RootKey::from_bytes([1; 32]).unwrap();
    let random = Repeatable::default();
    let mut keyring = Keyring::new();
    let row = keyring.make(&secret(), &root, &random).unwrap();
    keyring.make(&open(), &root, &random).unwrap();
    Given {
        root,
        random,
        keyring,
        row,
    }
}

fn secret() -> KekId {
    KekId::new("state.secret", ["甲"]).unwrap()
}

fn open() -> KekId {
    KekId::new("open", [""; 0]).unwrap()
}

fn object(byte: u8) -> ObjectId {
    ObjectId::from_uuid(Uuid::from_bytes([byte; 16]))
}

impl Given {
    fn data_key(&self, byte: u8) -> DataKey {
        DataKey::generate(object(byte), Suite::Aes256Gcm, &self.random).unwrap()
    }

    fn wrapped(&self, key: &DataKey) -> WrappedDataKey {
        self.keyring.wrap(&secret(), key, &self.random).unwrap()
    }
}

fn code<T: fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.unwrap_err().code()
}

#[test]
fn a_keyring_opens_again_from_its_rows() {
    let given = given();
    let key = given.data_key(1);
    let stored = given.wrapped(&key).to_bytes();
    let keyring = Keyring::open(&given.root, [&given.row]).unwrap();
    let wrapped = WrappedDataKey::from_bytes(&stored).unwrap();
    let again = keyring.unwrap(&secret(), object(1), &wrapped).unwrap();
    assert_eq!(again.secret(), key.secret());
    assert_eq!(again.object(), object(1));
    assert!(keyring.contains(&secret()) && !keyring.contains(&open()));
    assert_eq!(keyring.ids().collect::<Vec<_>>(), [&secret()]);
    assert_eq!(stored.len(), 100);
}

#[test]
fn a_data_key_is_bound_to_its_object() {
    let given = given();
    let wrapped = given.wrapped(&given.data_key(1));
    assert_eq!(wrapped.object(), object(1));
    let swapped = given.keyring.unwrap(&secret(), object(2), &wrapped);
    assert_eq!(code(swapped), "vault.wrong_object");

    let mut renamed = wrapped.to_bytes();
    renamed[24..40].copy_from_slice(&[2; 16]);
    let renamed = WrappedDataKey::from_bytes(&renamed).unwrap();
    assert_eq!(
        code(given.keyring.unwrap(&secret(), object(2), &renamed)),
        "vault.key_damaged"
    );
}

#[test]
fn a_data_key_is_bound_to_level_and_compartments() {
    let given = given();
    let wrapped = given.wrapped(&given.data_key(1));
    assert_eq!(
        code(given.keyring.unwrap(&open(), object(1), &wrapped)),
        "vault.wrong_kek"
    );

    let mut rows = given.row.clone();
    rows.id = open();
    assert_eq!(
        code(Keyring::open(&given.root, [&rows])),
        "vault.key_damaged"
    );
    let mut rows = given.row.clone();
    rows.generation = 2;
    assert_eq!(
        code(Keyring::open(&given.root, [&rows])),
        "vault.key_damaged"
    );
}

#[test]
fn a_key_that_is_gone_is_called_gone() {
    let mut given = given();
    let wrapped = given.wrapped(&given.data_key(1));
    assert_eq!(
        code(WrappedDataKey::from_row(object(1), None)),
        "vault.key_gone"
    );
    assert!(WrappedDataKey::from_row(object(1), Some(&wrapped.to_bytes())).is_ok());
    given.keyring.forget(&secret());
    assert_eq!(
        code(given.keyring.unwrap(&secret(), object(1), &wrapped)),
        "vault.kek_gone"
    );
    let key = given.data_key(1);
    assert_eq!(
        code(given.keyring.wrap(&secret(), &key, &given.random)),
        "vault.kek_gone"
    );
}

#[test]
fn another_root_key_opens_no_keyring() {
    let given = given();
    let other = RootKey::from_bytes([2; 32]).unwrap();
    assert_eq!(
        code(Keyring::open(&other, [&given.row])),
        "vault.wrong_root_key"
    );
}

#[test]
fn every_flipped_bit_of_a_wrapped_data_key_is_noticed() {
    let given = given();
    let bytes = given.wrapped(&given.data_key(1)).to_bytes();
    let unwrap = |bytes: &[u8]| {
        let wrapped = WrappedDataKey::from_bytes(bytes)?;
        given.keyring.unwrap(&secret(), object(1), &wrapped)
    };
    assert!(unwrap(&bytes).is_ok());
    for bit in 0..bytes.len() * 8 {
        let mut altered = bytes.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(unwrap(&altered).is_err(), "bit {bit}");
    }
    for length in 0..bytes.len() {
        assert_eq!(code(unwrap(&bytes[..length])), "vault.format");
    }
    assert_eq!(
        code(unwrap(&[bytes.as_slice(), b"x"].concat())),
        "vault.format"
    );
}

#[test]
fn rotating_a_kek_keeps_old_objects_readable() {
    let mut given = given();
    let key = given.data_key(1);
    let old = given.wrapped(&key);
    assert!(given.keyring.is_current(&secret(), &old));

    let second = given
        .keyring
        .make(&secret(), &given.root, &given.random)
        .unwrap();
    assert_eq!(second.generation, 2);
    assert!(!given.keyring.is_current(&secret(), &old));
    assert!(given.keyring.unwrap(&secret(), object(1), &old).is_ok());

    let new = given
        .keyring
        .rewrap(&secret(), &secret(), &old, &given.random)
        .unwrap();
    assert!(given.keyring.is_current(&secret(), &new));
    assert_ne!(new.kek(), old.kek());

    let only_new = Keyring::open(&given.root, [&second]).unwrap();
    assert_eq!(
        only_new
            .unwrap(&secret(), object(1), &new)
            .unwrap()
            .secret(),
        key.secret()
    );
    assert_eq!(
        code(only_new.unwrap(&secret(), object(1), &old)),
        "vault.kek_gone"
    );
}

#[test]
fn rotating_the_root_rewraps_keks_and_nothing_else() {
    let given = given();
    let key = given.data_key(1);
    let wrapped = given.wrapped(&key);
    let new_root = RootKey::from_bytes([2; 32]).unwrap().with_generation(2);

    let row = given
        .row
        .rewrap(&given.root, &new_root, &given.random)
        .unwrap();
    let keyring = Keyring::open(&new_root, [&row]).unwrap();
    assert_eq!(
        keyring
            .unwrap(&secret(), object(1), &wrapped)
            .unwrap()
            .secret(),
        key.secret()
    );
    assert_eq!(
        code(Keyring::open(&given.root, [&row])),
        "vault.root_generation"
    );
    assert_eq!(
        code(Keyring::open(&new_root, [&given.row])),
        "vault.root_generation"
    );
}

#[test]
fn an_object_moves_to_another_level_by_rewrapping() {
    let given = given();
    let key = given.data_key(1);
    let secret_key = given.wrapped(&key);
    let open_key = given
        .keyring
        .rewrap(&secret(), &open(), &secret_key, &given.random)
        .unwrap();
    assert_eq!(
        given
            .keyring
            .unwrap(&open(), object(1), &open_key)
            .unwrap()
            .secret(),
        key.secret()
    );
    assert_eq!(
        code(given.keyring.unwrap(&secret(), object(1), &open_key)),
        "vault.wrong_kek"
    );
}

#[test]
fn a_wrapped_key_of_a_wrong_length_is_no_kek() {
    let given = given();
    let context = context(&open(), 1);
    let of = KeyUse {
        purpose: Purpose::Kek,
        context: &context,
    };
    let wrapped = given
        .root
        .wrap(of, KeyId::from_bytes([3; 16]), b"short", &given.random)
        .unwrap();
    let row = StoredKek {
        id: open(),
        generation: 1,
        wrapped,
    };
    assert_eq!(
        code(Keyring::open(&given.root, [&row])),
        "vault.key_damaged"
    );
}

#[test]
fn nothing_is_made_without_randomness() {
    let mut given = given();
    let key = given.data_key(1);
    assert_eq!(
        code(given.keyring.make(&secret(), &given.root, &Broken)),
        "vault.random"
    );
    assert_eq!(
        code(given.keyring.wrap(&secret(), &key, &Broken)),
        "vault.random"
    );
    assert_eq!(
        code(DataKey::generate(object(1), Suite::Aes256Gcm, &Broken)),
        "vault.random"
    );
}

#[test]
fn keys_never_show_themselves() {
    let given = given();
    let key = given.data_key(1);
    let shown = format!(
        "{:?} {:?} {:?} {:?}",
        given.keyring,
        key,
        given.row,
        given.wrapped(&key)
    );
    assert!(shown.contains("[redacted]"));
    for secret in [key.secret().expose().as_slice(), given.row.wrapped.body()] {
        assert!(!shown.contains(&hex::encode(secret)));
        assert!(!shown.contains(&format!("{secret:?}")));
    }
    assert!(!shown.contains('甲'));
}
