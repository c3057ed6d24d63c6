//! Who signed, as it is shown: in the history of a record, and by the certificate of an act.

use serde_json::Value;

use crate::{case, on_each_database};

#[test]
fn gap_12_history_and_certificate_show_who_signed_how_and_when() {
    on_each_database(|server| {
        let case = case::tell(&server);
        let bao = server.enter_again("bao").unwrap();
        let history = bao.read_history(case.loan).unwrap().items;
        let signed: Vec<_> = history
            .iter()
            .map(|version| (version.action.as_str(), version.signatures.len()))
            .collect();
        assert_eq!(signed.last(), Some(&("lend", 1)), "{signed:?}");
        assert!(
            signed.iter().rev().skip(1).all(|(_, n)| *n == 0),
            "{signed:?}"
        );
        let (lent, loan) = (history.last().unwrap(), bao.read_record(case.loan).unwrap());
        let signature = &lent.signatures[0];
        let signer = signature.person.as_ref().unwrap();
        let borrower = signer.id.to_string();
        assert_eq!(loan.fields["borrower"], borrower.as_str());
        assert!(!signer.name.is_empty());
        let said = (
            signature.action.as_str(),
            signature.method.as_str(),
            signature.at,
        );
        assert_eq!(said, ("lend", "counter", lent.at));
        assert_eq!(signature.digest.as_ref().map(String::len), Some(64));

        // the certificate of the destruction names its two witnesses to whoever holds it
        let proof = server.folder().join("certificate.tlog-proof");
        std::fs::write(&proof, case::proof(&bao, case.certificate)).unwrap();
        let (proof, vkey) = (
            proof.display().to_string(),
            server.vkey_file().display().to_string(),
        );
        let output = server
            .ruping(&["ledger", "check", &proof, "--vkey", &vkey])
            .unwrap();
        let checked: Value = serde_json::from_slice(&output.stdout).unwrap();
        let facts = checked["entry"]["facts"].as_object().unwrap();
        let mut named: Vec<&str> = facts
            .iter()
            .filter(|(key, _)| key.starts_with("signed."))
            .map(|(_, value)| value.as_str().unwrap())
            .collect();
        named.sort_unstable();
        let destroyed = checked["entry"]["record"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        let history = bao.read_history(destroyed).unwrap().items;
        let last = &history.last().unwrap().signatures;
        let mut shown: Vec<String> = last
            .iter()
            .map(|one| format!("{}:{}", one.person.as_ref().unwrap().id, one.method))
            .collect();
        shown.sort_unstable();
        assert_eq!(
            (named.len(), named),
            (2, shown.iter().map(String::as_str).collect())
        );
    });
}
