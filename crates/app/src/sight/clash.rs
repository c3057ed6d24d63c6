//! Clashes tell nothing: numbers, unique values, reservations and links of what is hidden.

use super::cost::{acting, document, making};
use super::on_each_database;
use super::world::{Person, World, person_id};
use crate::{Caller, Error, Performed, RecordView};
use serde_json::{Value, json};

/// A register whose label its writer proposes and whose codes are unique.
const CODES: &str = r#"
key = "code"
name = { zh = "代号", en = "Code" }
area = "classification"
label = "proposed"
help = { zh = "代号登记。", en = "Codes." }
duties = ["A1"]
title = "code"

[[field]]
key = "code"
name = { zh = "代号", en = "Code" }
type = "text"
required = true
unique = true
index = true

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
key = "about"
name = { zh = "文件", en = "Document" }
type = "link"
to = "document"
reserve = true

[[state]]
key = "kept"
name = { zh = "登记", en = "Kept" }
initial = true

[[state]]
key = "ended"
name = { zh = "停用", en = "Ended" }
final = true

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

[[action]]
key = "end"
name = { zh = "停用", en = "End" }
from = ["kept"]
to = "ended"
who = "staff"
"#;

/// Person 0 is cleared for work and trade secrets alone, person 1 for everything.
async fn house(server: Option<String>) -> (World, Caller, Caller) {
    let mut world = World::build_with(server, &[("code.toml", CODES)]).await;
    let people = vec![
        Person::ready(0, "none", &["staff"]),
        Person::ready(1, "core", &["staff", "registrar"]),
    ];
    world.settle(people).await;
    let (low, high) = (
        world.caller(&world.people[0]),
        world.caller(&world.people[1]),
    );
    (world, low, high)
}

fn done(performed: Result<Performed, Error>) -> RecordView {
    match performed {
        Ok(Performed::Done { record, .. }) => *record,
        other => panic!("not done: {other:?}"),
    }
}

fn code(value: &str, level: &str, person: usize) -> Value {
    json!({ "code": value, "level": level, "scope_persons": [person_id(person)] })
}

#[test]
fn a_unique_value_of_a_hidden_record_is_free() {
    on_each_database(|server| async move {
        let (world, low, high) = house(server).await;
        let add = |who: &Caller, input: Value| {
            let (app, who) = (world.app.clone(), who.clone());
            async move { app.perform(&who, making("code", "add", input)).await }
        };
        done(add(&high, code("长城", "state.secret", 1)).await);
        let twice = add(&high, code("长城", "state.secret", 1)).await;
        let Err(Error::Fields(problems)) = twice else {
            panic!("a second one of the same label: {twice:?}")
        };
        assert_eq!(problems[0].code, "register.not_unique");
        done(add(&low, code("长城", "work.internal", 0)).await);
    });
}

/// A value follows the label of its record: it is free where the record was, and taken where it is.
#[test]
fn gap_9_a_unique_value_moves_with_the_label_of_its_record() {
    on_each_database(|server| async move {
        let (world, _, high) = house(server).await;
        let add = |level: &'static str| {
            let (app, who) = (world.app.clone(), high.clone());
            async move {
                let input = code("长城", level, 1);
                app.perform(&who, making("code", "add", input)).await
            }
        };
        let first = done(add("state.secret").await);
        let lower = json!({ "level": "work.internal" });
        done(
            world
                .app
                .perform(&high, acting(first.id, "regrade", lower))
                .await,
        );
        let there = add("work.internal").await;
        let Err(Error::Fields(problems)) = there else {
            panic!("a second one where the first is now: {there:?}")
        };
        assert_eq!(problems[0].code, "register.not_unique");
        done(add("state.secret").await);
    });
}

#[test]
fn numbers_leave_no_gaps_for_what_is_hidden() {
    on_each_database(|server| async move {
        let (world, low, high) = house(server).await;
        let take_over = |level: &str, person: usize| {
            let input = json!({
                "title": "存量", "level": level, "term": { "years": 5 }, "issue_date": "2026-01-01",
                "scope_persons": [person_id(person)], "taken_from": "旧台账",
            });
            let (app, high) = (world.app.clone(), high.clone());
            async move {
                done(
                    app.perform(&high, making("document", "take_over", input))
                        .await,
                )
            }
        };
        let mut told = Vec::new();
        for _ in 0..2 {
            take_over("state.secret", 1).await;
            take_over("state.confidential", 1).await;
            let seen = take_over("work.internal", 0).await;
            told.extend(world.app.read(&low, seen.id).await.unwrap().number);
        }
        assert_eq!(told, ["WJ2026-内部-00001", "WJ2026-内部-00002"]);
    });
}

#[test]
fn a_reservation_does_not_say_whose_it_is() {
    on_each_database(|server| async move {
        let (mut world, low, high) = house(server).await;
        world
            .place(vec![document(7, &["work.internal"], &[0, 1])])
            .await;
        let about = world.items[0].id;
        let mut secret = code("长城", "state.secret", 1);
        secret["about"] = about.to_string().into();
        let holder = done(
            world
                .app
                .perform(&high, making("code", "add", secret))
                .await,
        );
        let mut mine = code("泰山", "work.internal", 0);
        mine["about"] = about.to_string().into();
        let taken = world.app.perform(&low, making("code", "add", mine)).await;
        let Err(Error::Conflict { code, say }) = taken else {
            panic!("not taken: {taken:?}")
        };
        assert_eq!(code, "reservation.taken");
        let said = format!("{say:?}");
        for secret in [
            holder.id.to_string(),
            "长城".to_owned(),
            "state.secret".to_owned(),
        ] {
            assert!(!said.contains(&secret), "{said}");
        }
    });
}
