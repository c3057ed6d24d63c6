//! DESIGN 6: a signature is given at the counter, later in the inbox, on paper, or by an outsider's return slip;
//! what waits for one is frozen, and nobody signs for somebody else.

use std::{fs, path::Path};

use domain::RecordId;
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{House, PASSWORD, Plan, Server};
use wire::{
    ActionRequest, ApprovalDecision, PageQuery, Performed, Print, Record, Signature, StepUp,
    Verdict, Waiting,
};

use crate::{
    RUPING, case,
    case::{done, refused, seen},
    prints,
};

/// A house with the register of handovers.
fn each(test: impl Fn(&mut Server)) {
    with_register(("handover", include_str!("handover.toml")), test);
}

/// A house with one more register, on each database; at its end nothing of what is kept is wrong.
pub(crate) fn with_register((key, text): (&str, &str), test: impl Fn(&mut Server)) {
    for database in testkit::databases().unwrap() {
        let packs = TempDir::new().unwrap();
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        case::copy_folder(&shipped, packs.path());
        let register = packs.path().join(format!("base/registers/{key}.toml"));
        fs::write(register, text).unwrap();
        let path = packs.path().display().to_string();
        let plan = Plan::new(RUPING, database).init("--test-packs", &path);
        let mut server = plan.serve("--test-packs", &path).start().unwrap();
        test(&mut server);
        server.stop(0).unwrap();
        let mut check = server.on_folder("check");
        let check = check.args(["--test-packs", &path]).output().unwrap();
        let told = String::from_utf8_lossy(&check.stdout).into_owned();
        assert!(check.status.success(), "{told}");
    }
}

pub(crate) fn drawn(house: &House<'_>) -> Record {
    let fields = json!({
        "what": "工作手册", "receiver": house.id("yue").unwrap(), "outside": { "name": "外单位" },
    });
    done(house.make("bao", "handover", "draw", fields, &[]))
}

fn act(house: &House<'_>, record: &Record, action: &str) -> Waiting {
    let outcome = house.act("bao", record, action, json!({}), &[]).unwrap();
    let Performed::Waiting(waiting) = outcome else {
        panic!("nobody has to sign: {outcome:?}")
    };
    waiting
}

pub(crate) fn decide(
    house: &House<'_>,
    who: &str,
    waiting: &Waiting,
    verdict: Verdict,
) -> Result<Performed, String> {
    let decision = ApprovalDecision::from(verdict);
    let client = house.client(who).unwrap();
    let decided = client.decide_approval(waiting.approval, &decision);
    decided.map_err(|error| error.code().to_owned())
}

pub(crate) fn prove(house: &House<'_>, who: &str) {
    let proof = StepUp {
        password: Some(PASSWORD.into()),
        otp: None,
    };
    house.client(who).unwrap().step_up_session(&proof).unwrap();
}

pub(crate) fn inbox(house: &House<'_>, who: &str) -> usize {
    let inbox = house.client(who).unwrap().list_inbox(&PageQuery::default());
    inbox.unwrap().items.len()
}

/// How the newest version was signed: by whom, how.
pub(crate) fn signed(house: &House<'_>, id: RecordId) -> Vec<(Option<String>, String)> {
    let history = house.client("bao").unwrap().read_history(id).unwrap().items;
    let last = history.last().unwrap().signatures.iter();
    last.map(|one| {
        (
            one.person.as_ref().map(|person| person.name.clone()),
            one.method.clone(),
        )
    })
    .collect()
}

#[test]
fn design_6_what_is_not_signed_at_the_counter_waits_in_the_signers_inbox() {
    each(|server| {
        let house = case::office(server);
        let record = drawn(&house);
        let waiting = act(&house, &record, "give");
        assert_eq!(
            seen(&house, "bao", record.id).state,
            "drawn",
            "nothing has happened yet"
        );
        assert_eq!((inbox(&house, "yue"), inbox(&house, "jian")), (1, 0));
        let other = decide(&house, "jian", &waiting, Verdict::Approve).unwrap_err();
        assert_eq!(other, "approval.not_yours", "nobody signs for another");
        let asker = decide(&house, "bao", &waiting, Verdict::Approve).unwrap_err();
        assert_eq!(asker, "record.rules", "who asked signs only their own");
        server.set_clock("2026-03-02T01:12:00Z").unwrap();
        let stale = decide(&house, "yue", &waiting, Verdict::Approve).unwrap_err();
        assert_eq!(
            stale, "session.step_up_needed",
            "signing is proving who one is"
        );
        prove(&house, "yue");
        let given = decide(&house, "yue", &waiting, Verdict::Approve).unwrap();
        assert_eq!(given.record().unwrap().state, "given");
        assert_eq!(
            signed(&house, record.id),
            [(Some("yue".to_owned()), "inbox".to_owned())]
        );
        let seal = &seen(&house, "bao", record.id).fields["received_by"];
        assert_eq!(seal[0]["method"], json!("inbox"), "{seal}");
        assert_eq!(seal[0]["person"], json!(house.id("yue").unwrap()), "{seal}");
        let twice = decide(&house, "yue", &waiting, Verdict::Approve).unwrap_err();
        assert_eq!(twice, "approval.closed");

        // at the counter nobody waits, and who refuses signs nothing
        let record = drawn(&house);
        let given = done(house.act("bao", &record, "give", json!({}), &["yue"]));
        assert_eq!(given.state, "given");
        let record = drawn(&house);
        let waiting = act(&house, &record, "give");
        decide(&house, "yue", &waiting, Verdict::Refuse).unwrap();
        assert_eq!(seen(&house, "bao", record.id).state, "drawn");
        assert!(signed(&house, record.id).is_empty());
        assert_eq!(inbox(&house, "yue"), 0);
        let wrong = house.act(
            "bao",
            &seen(&house, "bao", record.id),
            "give",
            json!({}),
            &["jian"],
        );
        assert!(
            matches!(wrong.unwrap(), Performed::Waiting(_)),
            "who is not asked signs nothing"
        );
    });
}

#[test]
fn design_6_it_is_signed_after_it_was_decided_and_signing_is_no_decision() {
    each(|server| {
        let house = case::office(server);
        let record = drawn(&house);
        let given = done(house.act("bao", &record, "give", json!({}), &["yue"]));
        let waiting = act(&house, &given, "book");
        assert_eq!(
            (inbox(&house, "ling"), inbox(&house, "yue")),
            (1, 0),
            "the leader first"
        );
        let early = decide(&house, "yue", &waiting, Verdict::Approve).unwrap_err();
        assert_eq!(early, "approval.not_yours");
        let decided = decide(&house, "ling", &waiting, Verdict::Approve).unwrap();
        assert!(matches!(decided, Performed::Waiting(_)), "now it is signed");
        let twice = decide(&house, "ling", &waiting, Verdict::Approve).unwrap_err();
        assert_eq!(
            twice, "approval.twice",
            "the leader does not sign for the receiver"
        );
        let booked = decide(&house, "yue", &waiting, Verdict::Approve).unwrap();
        let booked = booked.record().unwrap().clone();
        assert_eq!(booked.state, "booked");

        // an outsider signs on a slip; who signed in the inbox is no approver to the rules
        let bare = house.act("bao", &booked, "send", json!({}), &[]);
        assert_eq!(refused(bare), "signature.missing");
        let slip = Signature {
            person: None,
            method: "slip".to_owned(),
            credential: "回执第 12 号，王五签收".into(),
        };
        let nobody = Signature {
            method: "password".to_owned(),
            ..slip.clone()
        };
        let bao = house.client("bao").unwrap();
        let send = |signature: Signature| {
            let request = ActionRequest::with(json!({}), vec![signature], "寄出");
            let sent =
                bao.perform_action((&booked).into(), "send", &request, &client::Act::default());
            sent.map_err(|error| error.code().to_owned())
        };
        assert_eq!(send(nobody).unwrap_err(), "signature.person");
        let sent = send(slip).unwrap();
        let sent = sent.record().unwrap();
        assert_eq!(sent.state, "sent");
        assert_eq!(
            sent.fields["slip"][0]["slip"],
            json!("回执第 12 号，王五签收")
        );
        assert_eq!(signed(&house, sent.id), [(None, "slip".to_owned())]);
        let printed = bao.print_record(sent.id, &Print::default()).unwrap().1;
        let text = prints::words(&printed);
        for part in ["回执第12号，王五签收", "待办", "yue", "外单位"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let history = bao.read_history(sent.id).unwrap().items;
        let all: Value = serde_json::to_value(&history).unwrap();
        assert!(!all.to_string().contains(PASSWORD));
    });
}

/// Everybody who is named signs, whatever else counts; who is named twice signs once; who asks may have to sign.
#[test]
fn design_6_everybody_who_is_named_signs_and_once() {
    each(|server| {
        let house = case::office(server);
        let with = |witness: &str| {
            let fields = json!({
                "what": "工作手册", "receiver": house.id("yue").unwrap(), "witness": house.id(witness).unwrap(),
            });
            let drawn = done(house.make("bao", "handover", "draw", fields, &[]));
            done(house.act("bao", &drawn, "give", json!({}), &["yue"]))
        };
        let given = with("jian");
        let one = house.act("bao", &given, "witness_it", json!({}), &["yue"]);
        assert_eq!(
            refused(one),
            "signature.missing",
            "the witness is of the house too"
        );
        let both = done(house.act("bao", &given, "witness_it", json!({}), &["yue", "jian"]));
        assert_eq!(signed(&house, both.id).len(), 2);

        let waiting = act(&house, &both, "both");
        assert_eq!((inbox(&house, "yue"), inbox(&house, "jian")), (1, 1));
        let first = decide(&house, "yue", &waiting, Verdict::Approve).unwrap();
        assert!(matches!(first, Performed::Waiting(_)));
        let again = decide(&house, "yue", &waiting, Verdict::Approve).unwrap_err();
        assert_eq!(again, "approval.twice");
        assert_eq!((inbox(&house, "yue"), inbox(&house, "jian")), (0, 1));
        let last = decide(&house, "jian", &waiting, Verdict::Approve).unwrap();
        assert!(matches!(last, Performed::Done(_)));

        let same = with("yue");
        let waiting = act(&house, &same, "both");
        let done = decide(&house, "yue", &waiting, Verdict::Approve).unwrap();
        assert!(
            matches!(done, Performed::Done(_)),
            "one person, one signature: {done:?}"
        );
        assert_eq!(signed(&house, same.id).len(), 1);

        // for two roles that one person has, they sign twice
        let waiting = act(&house, &seen(&house, "bao", same.id), "vouch");
        let first = decide(&house, "ling", &waiting, Verdict::Approve).unwrap();
        assert!(matches!(first, Performed::Waiting(_)));
        let second = decide(&house, "ling", &waiting, Verdict::Approve).unwrap();
        assert!(matches!(second, Performed::Done(_)), "{second:?}");

        let own = house
            .act(
                "yue",
                &seen(&house, "yue", same.id),
                "confirm",
                json!({}),
                &[],
            )
            .unwrap();
        let Performed::Waiting(own) = own else {
            panic!("{own:?}")
        };
        assert_eq!(inbox(&house, "yue"), 1, "who asks finds what they owe");
        let done = decide(&house, "yue", &own, Verdict::Approve).unwrap();
        assert!(matches!(done, Performed::Done(_)));
    });
}
