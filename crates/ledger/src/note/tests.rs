use super::*;
use crate::testlog::signer;
use proptest::prelude::*;
use zeroize::Zeroizing;

/// The example of the signed-note text, with the vkey of its author's test data.
const EXAMPLE: &str = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è \
                       subito sera.\n\n— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

/// Key and note of Go's `sumdb/note` tests.
const GO_SIGNER: &str =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const GO_VERIFIER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_NOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know \
                       what your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

#[test]
fn notes_of_others_parse_and_print_back() {
    for text in [EXAMPLE, GO_NOTE] {
        let note = SignedNote::parse(text.as_bytes()).unwrap();
        assert_eq!(note.to_string(), text);
    }
    let note = SignedNote::parse(EXAMPLE.as_bytes()).unwrap();
    assert!(
        note.text().ends_with("\n\ned è subito sera.\n"),
        "the last blank line separates"
    );
    assert_eq!(note.signatures()[0].name(), "quasimodo.example/salvatore");
}

#[test]
fn go_keys_and_signatures_are_ours() {
    let signer = Signer::parse(GO_SIGNER).unwrap();
    assert_eq!(signer.verifier().to_string(), GO_VERIFIER);
    assert_eq!(*signer.to_secret_text(), GO_SIGNER);
    let theirs = SignedNote::parse(GO_NOTE.as_bytes()).unwrap();
    theirs.verify(&GO_VERIFIER.parse().unwrap()).unwrap();
    let ours = SignedNote::sign(theirs.text().to_owned(), &signer).unwrap();
    assert_eq!(ours.to_string(), GO_NOTE);
}

#[test]
fn unknown_signatures_are_ignored_and_a_wrong_known_one_refuses_the_note() {
    let (log, office) = (signer("log"), signer("office"));
    let mut note = SignedNote::sign("text\n".to_owned(), &log).unwrap();
    note.cosign(&office).unwrap();
    note.cosign(&office).unwrap();
    assert_eq!(note.signatures().len(), 2);
    for key in [log.verifier(), office.verifier()] {
        note.verify(key).unwrap();
    }
    let stranger = signer("stranger");
    let error = note.verify(stranger.verifier()).unwrap_err();
    assert_eq!(error.code(), "ledger.checkpoint_signature");
    // The same name and id with other bytes, beside the right signature.
    let mut both = note.clone();
    both.signatures.push(NoteSignature {
        bytes: vec![0; 64],
        ..note.signatures[0].clone()
    });
    assert!(both.verify(log.verifier()).is_err());
    assert!(both.verify(office.verifier()).is_ok());
    // The right bytes under another key's id.
    both.signatures[0].key_id ^= 1;
    both.signatures.truncate(1);
    assert!(both.verify(log.verifier()).is_err());
}

#[test]
fn malformed_notes_are_refused() {
    let good = SignedNote::sign("text\n".to_owned(), &signer("log"))
        .unwrap()
        .to_string();
    let line = good.lines().last().unwrap();
    for wrong in [
        String::new(),
        "\n\n".to_owned(),
        "text\n".to_owned(),
        "text\n\n".to_owned(),
        good.trim_end().to_owned(),
        good.replace('\n', "\r\n"),
        good.replace("text", "te\tt"),
        good.replace('—', "-"),
        good.replace("log ", "log  "),
        good.replace("— log", "— l+g"),
        good.replace("— log", "— "),
        good.replace("— log", "— l\u{3000}g"),
        format!("{good}\n"),
        format!("{good}trailing\n"),
        "text\n\n— log AAAAAQ==\n".to_owned(),
        "text\n\n— log AAAA\n".to_owned(),
        "text\n\n— log !!!!\n".to_owned(),
        format!("text\n\n{}", format!("{line}\n").repeat(MAX_SIGNATURES + 1)),
        format!("{}\n\n{line}\n", "t".repeat(MAX_NOTE_BYTES)),
    ] {
        let error = SignedNote::parse(wrong.as_bytes()).unwrap_err();
        assert_eq!(error.code(), "ledger.malformed", "{wrong:?}");
    }
    assert!(SignedNote::parse(b"te\xfft\n\n").is_err());
    let many = format!("text\n\n{}", format!("{line}\n").repeat(MAX_SIGNATURES));
    assert!(
        SignedNote::parse(many.as_bytes()).is_ok(),
        "at least 16 signatures are taken"
    );
}

#[test]
fn texts_that_are_no_note_are_not_signed() {
    for wrong in ["", "no newline", "tab\t\n", "return\r\n"] {
        assert!(
            SignedNote::sign(wrong.to_owned(), &signer("log")).is_err(),
            "{wrong:?}"
        );
    }
}

#[test]
fn malformed_keys_are_refused_without_being_repeated() {
    for wrong in [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAAAA",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
    ] {
        let error = wrong.parse::<VerifierKey>().unwrap_err();
        assert_eq!(error.code(), "ledger.key_malformed", "{wrong:?}");
        let error = Signer::parse(&format!("PRIVATE+KEY+{wrong}")).unwrap_err();
        assert!(!error.to_string().contains("ARpc2"), "{error}");
    }
    assert!(Signer::parse(GO_VERIFIER).is_err());
}

#[test]
fn a_seed_is_never_in_debug() {
    let signer = Signer::from_seed("log", Zeroizing::new([0xab; 32])).unwrap();
    let shown = format!("{signer:?}");
    assert_eq!(shown, "Signer(log, [redacted])");
    assert!(signer.to_secret_text().starts_with("PRIVATE+KEY+log+"));
    assert_eq!(
        Signer::parse(&signer.to_secret_text()).unwrap().verifier(),
        signer.verifier()
    );
    assert!(Signer::from_seed("a b", Zeroizing::new([0; 32])).is_err());
    assert!(Signer::from_seed("a+b", Zeroizing::new([0; 32])).is_err());
    assert!(Signer::from_seed("", Zeroizing::new([0; 32])).is_err());
}

proptest! {
    #[test]
    fn hostile_bytes_never_panic_and_what_parses_prints_back(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        if let Ok(note) = SignedNote::parse(&bytes) {
            prop_assert_eq!(note.to_string().into_bytes(), bytes);
        }
    }

    #[test]
    fn damaged_notes_do_not_verify(at in 0_usize..GO_NOTE.len(), flip in 1_u8..=255) {
        let mut bytes = GO_NOTE.as_bytes().to_vec();
        bytes[at] ^= flip;
        let key: VerifierKey = GO_VERIFIER.parse().unwrap();
        if let Ok(note) = SignedNote::parse(&bytes) {
            prop_assert_eq!(note.to_string().into_bytes(), bytes);
            prop_assert!(note.verify(&key).is_err());
        }
    }
}
