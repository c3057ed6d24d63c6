use super::*;
use crate::testlog::signer;

fn head() -> TreeHead {
    TreeHead {
        size: 12,
        root: crate::leaf_hash(b"root"),
    }
}

fn signed(text: &str) -> Vec<u8> {
    SignedNote::sign(text.to_owned(), &signer("log"))
        .unwrap()
        .to_string()
        .into_bytes()
}

fn open(text: &str) -> Result<Checkpoint, Error> {
    Checkpoint::open(&signed(text), signer("log").verifier())
}

#[test]
fn checkpoints_round_trip() {
    let checkpoint = Checkpoint::new("log", head()).unwrap();
    let note = checkpoint.sign(&signer("log")).unwrap();
    let root = head().root.to_base64();
    assert_eq!(note.text(), format!("log\n12\n{root}\n"));
    let opened = Checkpoint::open(note.to_string().as_bytes(), signer("log").verifier()).unwrap();
    assert_eq!(opened, checkpoint);
    assert_eq!((opened.origin(), opened.head()), ("log", head()));
}

#[test]
fn extension_lines_are_read_and_kept() {
    let text = format!("log\n12\n{}\nmore\nand more\n", head().root.to_base64());
    let opened = open(&text).unwrap();
    assert_eq!(opened.extensions(), ["more", "and more"]);
    assert_eq!(opened.sign(&signer("log")).unwrap().text(), text);
}

#[test]
fn malformed_checkpoints_are_refused_though_signed() {
    let root = head().root.to_base64();
    for wrong in [
        "log\n12\n".to_owned(),
        format!("\n12\n{root}\n"),
        format!("log\n012\n{root}\n"),
        format!("log\n+12\n{root}\n"),
        format!("log\n-1\n{root}\n"),
        format!("log\n\n{root}\n"),
        format!("log\n18446744073709551616\n{root}\n"),
        format!("log\n{}\n{root}\n", MAX_TREE_SIZE + 1),
        format!("log\n0\n{root}\n"),
        "log\n12\nAAAA\n".to_owned(),
        format!("log\n12\n{root}\n\nmore\n"),
    ] {
        assert_eq!(
            open(&wrong).unwrap_err().code(),
            "ledger.malformed",
            "{wrong}"
        );
    }
    assert!(open(&format!("log\n0\n{}\n", TreeHead::empty().root.to_base64())).is_ok());
}

#[test]
fn a_checkpoint_of_another_log_or_key_is_refused() {
    let text = format!("other\n12\n{}\n", head().root.to_base64());
    assert_eq!(open(&text).unwrap_err().code(), "ledger.checkpoint_origin");
    let bytes = signed(&text);
    let error = Checkpoint::open(&bytes, signer("other").verifier()).unwrap_err();
    assert_eq!(error.code(), "ledger.checkpoint_signature");
    let checkpoint = Checkpoint::new("log", head()).unwrap();
    assert_eq!(
        checkpoint.sign(&signer("other")).unwrap_err().code(),
        "ledger.checkpoint_origin"
    );
    assert!(Checkpoint::new("", head()).is_err());
    assert!(Checkpoint::new("a\nb", head()).is_err());
}
