//! Files that leave: all pages of a list, in its order, no more than their limits, and nothing without a fresh
//! proof.

use super::cost::document;
use super::on_each_database;
use super::world::{Item, Person, World, now};
use crate::caller::{SessionFacts, Through};
use crate::{Caller, Error, ExportFormat, ExportInput, ListInput};
use domain::{Language, RecordId};
use serde_json::{Value, json};

/// A registrar who has just proven who sits there, and documents they may know.
async fn house(server: Option<String>, documents: u16, title: &str) -> (World, Caller) {
    let mut world = World::build(server).await;
    let mut keeper = Person::ready(0, "core", &["staff"]);
    keeper.roles = vec!["staff", "registrar"];
    world.settle(vec![keeper]).await;
    let items = (0..documents).map(|number| {
        let [high, low] = number.to_be_bytes();
        let mut bytes = [high; 10];
        bytes[9] = low;
        let mut item: Item = document(low, &["state.secret"], &[0]);
        item.id = RecordId::new(now(), bytes);
        item.number = Some(format!("号{number:03}"));
        item.fields
            .insert("title".into(), json!(format!("{title}{number:03}")));
        item
    });
    world.place(items.collect()).await;
    let mut caller = world.caller(&world.people[0]);
    caller.through = Through::Session(SessionFacts {
        token_hash: String::new(),
        csrf: String::new(),
        step_up_until: Some(now() + jiff::SignedDuration::from_hours(9_000)),
    });
    (world, caller)
}

fn wanted(format: ExportFormat) -> ExportInput {
    ExportInput {
        list: ListInput {
            sort: Some("title".to_owned()),
            limit: Some(1),
            ..ListInput::default()
        },
        format,
        language: Language::Zh,
    }
}

#[test]
fn a_file_holds_every_page_in_order() {
    on_each_database(|server| async move {
        // more than a page of the store
        let (world, caller) = house(server, 203, "甲").await;
        let file = world
            .app
            .export(&caller, "document", wanted(ExportFormat::Json))
            .await;
        let told: Value = serde_json::from_slice(&file.unwrap().bytes).unwrap();
        let records = told["records"].as_array().unwrap();
        let titles: Vec<_> = records
            .iter()
            .map(|one| one["fields"]["title"].clone())
            .collect();
        let expected: Vec<_> = (0..203)
            .map(|number| json!(format!("甲{number:03}")))
            .collect();
        assert_eq!(titles, expected);
    });
}

#[test]
fn a_file_has_its_limit_and_needs_a_fresh_proof() {
    on_each_database(|server| async move {
        let (world, mut caller) = house(server, 200, &"长".repeat(250)).await;
        for format in [ExportFormat::Csv, ExportFormat::Json, ExportFormat::Xlsx] {
            let file = world.app.export(&caller, "document", wanted(format)).await;
            let Err(Error::Limited { code, .. }) = file else {
                panic!("{format:?}: {file:?}")
            };
            assert_eq!(code, "export.too_large");
        }
        if let Through::Session(session) = &mut caller.through {
            session.step_up_until = None;
        }
        let file = world
            .app
            .export(&caller, "document", wanted(ExportFormat::Csv))
            .await;
        assert!(matches!(file, Err(Error::StepUpNeeded)), "{file:?}");
    });
}
