//! Files that leave: all pages of a list, in its order, no more than their limits, and nothing without a fresh
//! proof.

use super::cost::{document, making};
use super::on_each_database;
use super::world::{Item, Person, World, now};
use crate::caller::{SessionFacts, Through};
use crate::{Caller, Error, ExportFormat, ExportInput, ListInput};
use domain::{Language, RecordId};
use serde_json::{Value, json};

/// A registrar who has just proven who sits there, and documents they may know.
async fn house(server: Option<String>, documents: u16, title: &str) -> (World, Caller) {
    furnished(World::build(server).await, documents, title).await
}

async fn furnished(mut world: World, documents: u16, title: &str) -> (World, Caller) {
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
        print: None,
        ids: Vec::new(),
        size: None,
        first: None,
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

/// An open register whose records name documents.
const MEMO: &str = r#"
key = "memo"
name = { zh = "备忘", en = "Memo" }
area = "office"
help = { zh = "备忘。", en = "Memos." }
label = "open"

[[field]]
key = "about"
name = { zh = "文件", en = "Document" }
type = "link"
to = "document"

[[state]]
key = "kept"
name = { zh = "留存", en = "kept" }
initial = true
final = true

[[action]]
key = "add"
name = { zh = "登记", en = "Add" }
to = "kept"
who = "role:registrar"
"#;

#[test]
fn a_file_is_as_secret_as_what_its_rows_name() {
    on_each_database(|server| async move {
        let packs = [("base/registers/memo.toml", MEMO)];
        let (world, caller) = furnished(World::build_with(server, &packs).await, 1, "甲").await;
        let page = world
            .app
            .list(&caller, "document", ListInput::default())
            .await;
        let memo = making("memo", "add", json!({ "about": page.unwrap().items[0].id }));
        world.app.perform(&caller, memo).await.unwrap();
        let list = ListInput::default();
        let wanted = |format| ExportInput {
            list: list.clone(),
            ..wanted(format)
        };
        let file = world
            .app
            .export(&caller, "memo", wanted(ExportFormat::Csv))
            .await;
        let file = file.unwrap();
        assert!(file.name.starts_with("机密-"), "{}", file.name);
        assert!(String::from_utf8(file.bytes).unwrap().contains("甲000"));
        // a file for programs names nothing
        let file = world
            .app
            .export(&caller, "memo", wanted(ExportFormat::Json))
            .await;
        assert!(file.unwrap().name.starts_with("公开-"));
    });
}
