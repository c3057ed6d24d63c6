use super::*;
use domain::AccountId;
use proptest::prelude::*;

const TEXT: &str = concat!(
    r#"{"action":"copy.lend","actor":{"account":"01234567-89ab-7def-8123-456789abcdef"},"#,
    r#""at":"2026-03-01T08:00:00.5Z","commitments":[{"of":"01234567-89ab-7def-8123-456789abcde2","#,
    r#""sha256":"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"}],"#,
    r#""facts":{"repeated":"12"},"grounds":["custody"],"id":"01234567-89ab-7def-8123-456789abcde0","#,
    r#""policies":["registrar.lend"],"record":"01234567-89ab-7def-8123-456789abcde1","#,
    r#""register":"copies","v":1,"version":"01234567-89ab-7def-8123-456789abcde2"}"#
);

fn token(text: &str) -> Token {
    Token::parse(text).unwrap()
}

fn sample() -> Entry {
    let id = "01234567-89ab-7def-8123-456789abcde0".parse().unwrap();
    let account: AccountId = "01234567-89ab-7def-8123-456789abcdef".parse().unwrap();
    let at = "2026-03-01T08:00:00.5Z".parse().unwrap();
    let version = "01234567-89ab-7def-8123-456789abcde2".parse().unwrap();
    let sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    Entry {
        register: Some(token("copies")),
        record: Some("01234567-89ab-7def-8123-456789abcde1".parse().unwrap()),
        version: Some(version),
        grounds: vec![token("custody")],
        policies: vec![token("registrar.lend")],
        facts: BTreeMap::from([(token("repeated"), token("12"))]),
        commitments: vec![Commitment {
            of: version,
            sha256: Hash::parse_hex(sha256).unwrap(),
        }],
        ..Entry::new(id, at, Actor::Account(account, None), token("copy.lend"))
    }
}

#[test]
fn an_entry_has_one_form_in_bytes() {
    let bytes = sample().to_bytes().unwrap();
    assert_eq!(std::str::from_utf8(&bytes).unwrap(), TEXT);
    assert_eq!(Entry::parse(&bytes).unwrap(), sample());
}

#[test]
fn another_spelling_of_the_same_entry_is_refused() {
    for wrong in [
        TEXT.replace("\"v\":1", "\"v\": 1"),
        TEXT.replace("00.5Z", "00.50Z"),
        TEXT.replace("08:00:00.5Z", "16:00:00.5+08:00"),
        TEXT.replace("copy.lend", "copy\\u002elend"),
        TEXT.replace("\"v\":1", "\"v\":1,\"v\":1"),
        TEXT.replace("\"v\":1", "\"v\":1.0"),
        TEXT.replace("\"v\":1", "\"v\":2"),
        TEXT.replace("\"facts\":{\"repeated\":\"12\"}", "\"facts\":{}"),
        TEXT.replace(
            "\"repeated\":\"12\"",
            "\"repeated\":\"12\",\"repeated\":\"12\"",
        ),
        TEXT.replace("\"grounds\"", "\"objects\":[],\"grounds\""),
        TEXT.replace(
            "4567-89ab-7def-8123-456789abcde0",
            "4567-89AB-7DEF-8123-456789ABCDE0",
        ),
        TEXT.replace("\"v\":1", "\"unknown\":1,\"v\":1"),
        TEXT.replace("\"grounds\":[\"custody\"],", ""),
        TEXT.replace("2cf24dba", "2CF24DBA"),
        format!("{TEXT} "),
        format!(" {TEXT}"),
        String::new(),
        "null".to_owned(),
        "[".repeat(60_000),
    ] {
        assert_ne!(wrong, TEXT);
        assert!(Entry::parse(wrong.as_bytes()).is_err(), "{wrong}");
    }
}

#[test]
fn titles_do_not_fit_an_entry() {
    for wrong in [
        "",
        "关于某事的报告",
        "two words",
        "a\"b",
        "a\nb",
        &"x".repeat(129),
    ] {
        let error = Token::parse(wrong).unwrap_err();
        assert_eq!(error.code(), "ledger.malformed");
        assert!(wrong.is_empty() || !error.to_string().contains(wrong));
    }
    assert!(Entry::parse(TEXT.replace("copies", "副本").as_bytes()).is_err());
}

#[test]
fn limits_are_kept() {
    let many = Entry {
        grounds: vec![token("x"); MAX_ENTRY_ITEMS + 1],
        ..sample()
    };
    assert_eq!(many.to_bytes().unwrap_err().code(), "ledger.malformed");
    let token = |n: usize| token(&format!("{n:0>128}"));
    let facts = (0..256).map(|n| (token(n), token(n))).collect();
    let long = Entry { facts, ..sample() };
    assert_eq!(long.to_bytes().unwrap_err().code(), "ledger.entry_too_long");
    assert_eq!(
        Entry::parse(&[b' '; 65_536]).unwrap_err().code(),
        "ledger.entry_too_long"
    );
    let later = Entry { v: 2, ..sample() };
    assert!(later.to_bytes().is_err());
}

#[test]
fn a_commitment_opens_with_its_salt_and_content_only() {
    let of = sample().version.unwrap();
    let (salt, other) = (Salt::from_bytes([1; 32]), Salt::from_bytes([2; 32]));
    let commitment = Commitment::new(of, &salt, b"content");
    assert!(commitment.opens(&salt, b"content"));
    assert!(!commitment.opens(&other, b"content"));
    assert!(!commitment.opens(&salt, b"contents"));
    let by_hand = sha256_parts(&[b"ruping commitment v1\n", &[1; 32], b"content"]);
    assert_eq!(commitment.sha256, by_hand);
    assert_eq!(format!("{salt:?}"), "Salt([redacted])");
}

prop_compose! {
    fn tokens()(texts in prop::collection::vec("[A-Za-z0-9._:/@+-]{1,40}", 0..6)) -> Vec<Token> {
        texts.iter().map(|text| token(text)).collect()
    }
}

prop_compose! {
    fn entries()(
        lists in (tokens(), tokens(), tokens(), tokens()),
        parts in any::<(bool, bool, bool, bool)>(),
        second in -10_000_000_000_i64..10_000_000_000,
    ) -> Entry {
        let (grounds, policies, names, values) = lists;
        let (record, register, version, system) = parts;
        let sample = sample();
        Entry {
            at: Timestamp::from_second(second).unwrap(),
            actor: if system { Actor::System("clock") } else { sample.actor },
            record: sample.record.filter(|_| record),
            register: sample.register.clone().filter(|_| register),
            version: sample.version.filter(|_| version),
            grounds,
            policies,
            facts: names.into_iter().zip(values).collect(),
            objects: vec!["01234567-89ab-7def-8123-456789abcde3".parse().unwrap()],
            ..sample
        }
    }
}

proptest! {
    /// RFC 8785, held against somebody else's canonicaliser.
    #[test]
    fn bytes_are_canonical_json(entry in entries()) {
        let canonical = serde_json_canonicalizer::to_vec(&entry).unwrap();
        prop_assert_eq!(entry.to_bytes().unwrap(), canonical);
    }

    #[test]
    fn what_parses_is_what_would_be_written(at in 0..TEXT.len(), flip in 1_u8..=255) {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes[at] ^= flip;
        if let Ok(entry) = Entry::parse(&bytes) {
            prop_assert_eq!(entry.to_bytes().unwrap(), bytes);
        }
    }

    #[test]
    fn hostile_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Entry::parse(&bytes).is_err());
    }
}
