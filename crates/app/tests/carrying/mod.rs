//! DESIGN 5: what the program itself changes while a record is still behind its definition is carried over
//! first. No job runs here: what is behind stays behind until it is touched.

use crate::house::{House, again, done, on_each_database, shipped_with};
use app::{Decision, Error, Performed, RecordView, Verdict};
use domain::RecordId;
use serde_json::json;

const MEMO: &str = include_str!("memo.toml");

fn renamed(text: &str) -> String {
    let text = text
        .replace("key = \"memo\"\n", "key = \"memo\"\nversion = 2\n")
        .replace("\"about\"", "\"source\"")
        .replace("join(about)", "join(source)")
        .replace("\"kept\"", "\"filed\"")
        .replace("state:kept", "state:filed");
    text + "\n[[migrate]]\nfrom = 1\nrename = { about = \"source\" }\nstates = { kept = \"filed\" }\n"
}

/// The same without the link that the label comes from.
fn cut_off(text: &str) -> String {
    let text = text
        .replace("key = \"memo\"\n", "key = \"memo\"\nversion = 2\n")
        .replace("\"about\"", "\"other\"")
        .replace("join(about)", "join(other)")
        .replace("to = \"document\"\nrequired = true", "to = \"document\"");
    text + "\n[[migrate]]\nfrom = 1\nremove = [\"about\"]\n"
}

async fn memo(house: &House, about: RecordId) -> RecordView {
    let input = json!({ "text": "备忘", "about": about });
    done(house.make("drafter", "memo", "write", input, &[]).await)
}

async fn draft(house: &House) -> RecordId {
    let input = json!({
        "title": "长城项目总体方案", "level": "state.secret", "term": { "years": 10 }, "contents": [],
    });
    done(house.make("drafter", "document", "draft", input, &[]).await).id
}

async fn classify(house: &House, document: RecordId) {
    let input = house.proposal(
        document,
        house.scope(),
        json!({ "years": 10 }),
        "state.secret",
    );
    let asked = house.make("drafter", "classification", "propose", input, &[]);
    let Performed::Waiting { approval, .. } = asked.await.unwrap() else {
        panic!("nobody decides")
    };
    let approve = Decision::new(approval, Verdict::Approve);
    done(house.app.decide(house.who("classifier"), approve).await);
}

/// A house with one memo about a document that is not classified yet, opened again under another definition.
async fn moved(database: Option<String>, next: &str) -> (House, RecordId, RecordView) {
    let packs = shipped_with(&[("memo", MEMO)]);
    let mut house = House::build_on(database, &packs.packs()).await;
    house.people().await;
    let document = draft(&house).await;
    let memo = memo(&house, document).await;
    let packs = shipped_with(&[("memo", next)]);
    let house = house.open_again(&packs.packs()).await;
    (house, document, memo)
}

#[test]
fn a_record_that_is_behind_follows_the_label_under_its_new_words() {
    on_each_database(|database| async move {
        let (house, document, memo) = moved(database, &renamed(MEMO)).await;
        classify(&house, document).await;
        let document = house
            .app
            .read(house.who("drafter"), document)
            .await
            .unwrap();
        let followed = house.app.read(house.who("drafter"), memo.id).await.unwrap();
        assert_eq!(followed.label, document.label);
        assert_ne!(followed.label, memo.label);
        assert_eq!((followed.version, followed.state.as_str()), (2, "filed"));
        assert_eq!(followed.fields["source"], json!(document.id));
        house.is_sound().await;
    });
}

#[test]
fn a_record_that_cannot_be_carried_over_never_becomes_less_secret() {
    on_each_database(|database| async move {
        let (house, document, memo) = moved(database, &cut_off(MEMO)).await;
        let trials = house.app.try_carrying().await.unwrap();
        let trial = trials.iter().find(|one| one.register == "memo").unwrap();
        assert_eq!(trial.stuck_count, 1);
        assert!(
            trial.stuck[0].1.starts_with("its label would fall"),
            "{trial:?}"
        );
        classify(&house, document).await;
        let document = house
            .app
            .read(house.who("drafter"), document)
            .await
            .unwrap();
        let followed = house.app.read(house.who("drafter"), memo.id).await.unwrap();
        assert_eq!(followed.label, memo.label.join(&document.label));
        assert_eq!(followed.version, 2, "it is still in the words of before");
        house.is_sound().await;
    });
}

#[test]
fn a_deadline_reaches_a_record_that_is_behind() {
    on_each_database(|database| async move {
        let (mut house, _, memo) = moved(database, &renamed(MEMO)).await;
        house.clock.set("2026-03-13T01:00:00Z".parse().unwrap());
        house.app.tick().await.unwrap();
        house
            .callers
            .insert("drafter", again(&house.app, "drafter").await);
        let dropped = house.app.read(house.who("drafter"), memo.id).await.unwrap();
        assert_eq!((dropped.version, dropped.state.as_str()), (3, "dropped"));
        house.is_sound().await;
    });
}

#[test]
fn an_older_definition_does_not_start_on_a_newer_folder() {
    on_each_database(|database| async move {
        let (house, ..) = moved(database, &renamed(MEMO)).await;
        let packs = shipped_with(&[("memo", MEMO)]);
        let Err(Error::Malformed { code, .. }) = house.try_again(&packs.packs()).await else {
            panic!("it started");
        };
        assert_eq!(code, "definition.older");
    });
}
