use super::*;
use crate::testlog::{leaves, mth};

/// The leaves of the known-answer tests of the Certificate Transparency projects, and the roots of
/// the trees of their first 1 to 8.
const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

#[test]
fn rfc_6962_known_leaves_nodes_and_roots() {
    assert_eq!(
        empty_root().to_string(),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    assert_eq!(
        leaf_hash(b"L123456").to_string(),
        "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    );
    let leaves: Vec<Hash> = LEAVES
        .iter()
        .map(|leaf| leaf_hash(&hex::decode(leaf).unwrap()))
        .collect();
    for (size, root) in (1..).zip(ROOTS) {
        assert_eq!(tree_hash(&leaves[..size]).to_string(), root);
    }
}

#[test]
fn node_hashes_are_prefixed_with_one() {
    let joined = [&[1][..], b"N123".as_slice(), b"N456".as_slice()].concat();
    assert_eq!(
        sha256(&joined).to_string(),
        "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    );
    let (left, right) = (leaf_hash(b"a"), leaf_hash(b"b"));
    let by_hand = sha256_parts(&[&[1], left.as_bytes(), right.as_bytes()]);
    assert_eq!(node_hash(&left, &right), by_hand);
}

#[test]
fn short_and_long_entries_hash_alike() {
    for length in [0, 1, 1022, 1023, 1024, 1025, 65_535] {
        let entry = vec![0xa5; length];
        assert_eq!(leaf_hash(&entry), sha256_parts(&[&[0], &entry]), "{length}");
    }
}

#[test]
fn pairing_gives_the_split_of_rfc_6962() {
    for size in 0..=260 {
        assert_eq!(tree_hash(&leaves(size)), mth(&leaves(size)), "{size}");
    }
}

#[test]
fn text_forms_round_trip_and_are_strict() {
    let hash = leaf_hash(b"x");
    assert_eq!(Hash::parse_base64(&hash.to_base64()), Some(hash));
    assert_eq!(Hash::parse_hex(&hash.to_string()), Some(hash));
    assert_eq!(Hash::parse_hex(&hash.to_string().to_uppercase()), None);
    assert_eq!(Hash::parse_hex("00"), None);
    assert_eq!(Hash::parse_base64(&"A".repeat(44)), None);
    assert_eq!(
        Hash::parse_base64(&format!("{}B=", "A".repeat(42))),
        None,
        "trailing bits"
    );
    let json = serde_json::to_string(&hash).unwrap();
    assert_eq!(serde_json::from_str::<Hash>(&json).unwrap(), hash);
}
