//! What is as secret as something else follows its label at once, however many they are.

use super::cost::{acting, making};
use super::on_each_database;
use super::world::{Person, World, person_id};
use crate::{Caller, Performed, RecordView};
use domain::Level;
use serde_json::{Value, json};

/// Notes are at least as secret as what they are about.
pub(super) const NOTES: &str = r#"
key = "note"
name = { zh = "札记", en = "Note" }
area = "classification"
label = "join(about, also, proposed)"
help = { zh = "札记。", en = "Notes." }
duties = ["A1"]

[[field]]
key = "level"
name = { zh = "密级", en = "Level" }
type = "level"
required = true

[[field]]
key = "term"
name = { zh = "期限", en = "Period" }
type = "term"

[[field]]
key = "scope_persons"
name = { zh = "知悉人员", en = "Persons who may know" }
type = "persons"

[[field]]
key = "code"
name = { zh = "代号", en = "Code" }
type = "text"
unique = true

[[field]]
key = "about"
name = { zh = "所涉札记", en = "About" }
type = "link"
to = "note"

[[field]]
key = "also"
name = { zh = "另涉札记", en = "Also about" }
type = "link"
to = "note"

[[state]]
key = "kept"
name = { zh = "登记", en = "Kept" }
initial = true

[[state]]
key = "ended"
name = { zh = "作废", en = "Ended" }
final = true

[[action]]
key = "end"
name = { zh = "作废", en = "End" }
from = ["kept"]
to = "ended"
who = "staff"

[[action]]
key = "add"
name = { zh = "登记", en = "Add" }
to = "kept"
who = "staff"

[[action]]
key = "regrade"
name = { zh = "改密级", en = "Regrade" }
from = ["kept"]
to = "kept"
who = "staff"
input = ["level"]
"#;

pub(super) async fn add(world: &World, who: &Caller, about: Option<&RecordView>) -> RecordView {
    note(world, who, about, json!({ "level": "work.internal" })).await
}

async fn note(
    world: &World,
    who: &Caller,
    about: Option<&RecordView>,
    mut input: Value,
) -> RecordView {
    input["scope_persons"] = json!([person_id(0)]);
    if let Some(about) = about {
        input["about"] = json!(about.id);
    }
    done(world, who, making("note", "add", input)).await
}

pub(super) async fn regrade(world: &World, who: &Caller, note: &RecordView) -> RecordView {
    let level = json!({ "level": "state.secret" });
    done(world, who, acting(note.id, "regrade", level)).await
}

async fn house(server: Option<String>) -> (World, Caller) {
    let mut world = World::build_with(server, &[("note.toml", NOTES)]).await;
    world
        .settle(vec![Person::ready(0, "core", &["staff", "registrar"])])
        .await;
    let who = world.caller(&world.people[0]);
    (world, who)
}

async fn done(world: &World, who: &Caller, request: crate::Perform) -> RecordView {
    match world.app.perform(who, request).await {
        Ok(Performed::Done { record, .. }) => *record,
        other => panic!("not done: {other:?}"),
    }
}

fn secret(record: &RecordView) -> bool {
    record
        .label
        .levels
        .iter()
        .any(|level| level == Level::Secret)
}

#[test]
fn gap_1_labels_follow_beyond_the_first_page() {
    on_each_database(|server| async move {
        let (world, who) = house(server).await;
        let first = add(&world, &who, None).await;
        let mut about = Vec::new();
        for _ in 0..5 {
            about.push(add(&world, &who, Some(&first)).await.id);
        }
        assert!(secret(&regrade(&world, &who, &first).await));
        for id in about {
            let read = world.app.read(&who, id).await.unwrap();
            assert!(secret(&read), "{:?}", read.label);
        }
    });
}

/// A clash would keep a label from rising, and tell of records that whoever acts may not know.
#[test]
fn a_label_that_follows_is_not_held_up_by_a_value_that_is_taken() {
    on_each_database(|server| async move {
        let (world, who) = house(server).await;
        let code = json!({ "level": "work.internal", "code": "长城" });
        let mut about = Vec::new();
        for _ in 0..2 {
            // one after the other: before it follows, neither is where the other is
            let first = add(&world, &who, None).await;
            let second = note(&world, &who, Some(&first), code.clone()).await;
            regrade(&world, &who, &first).await;
            about.push(second.id);
        }
        for id in about {
            assert!(secret(&world.app.read(&who, id).await.unwrap()));
        }
    });
}

/// What follows by two ways follows once. Which of the two is met first is up to their ids.
#[test]
fn a_label_follows_by_two_ways() {
    on_each_database(|server| async move {
        let (world, who) = house(server).await;
        for _ in 0..6 {
            let first = add(&world, &who, None).await;
            let second = add(&world, &who, Some(&first)).await;
            let also = json!({ "level": "work.internal", "also": first.id });
            let third = note(&world, &who, Some(&second), also).await;
            regrade(&world, &who, &first).await;
            for id in [second.id, third.id] {
                assert!(secret(&world.app.read(&who, id).await.unwrap()));
            }
        }
    });
}
