//! What records are called tells no more than the records do: not the title of what is hidden, and not a
//! title that is itself hidden.

use super::cost::making;
use super::on_each_database;
use super::world::{Person, World};
use crate::{Caller, Performed};
use domain::RecordId;
use serde_json::json;

/// An open register whose title is for registrars.
const HINT: &str = r#"
key = "hint"
name = { zh = "线索", en = "Hint" }
area = "office"
help = { zh = "线索。", en = "Hints." }
label = "open"
title = "words"

[[field]]
key = "words"
name = { zh = "内容", en = "Words" }
type = "text"
required = true
visible = { roles = ["role:registrar"] }

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
fn a_title_that_is_hidden_stays_hidden() {
    on_each_database(|server| async move {
        let packs = [("base/registers/hint.toml", HINT)];
        let mut world = World::build_with(server, &packs).await;
        let people = vec![
            Person::ready(0, "core", &["staff", "registrar"]),
            Person::ready(1, "core", &["staff"]),
        ];
        world.settle(people).await;
        let caller = |number: usize| world.caller(&world.people[number]);
        let (registrar, staff) = (caller(0), caller(1));
        let hint = making("hint", "add", json!({ "words": "有人看见" }));
        let made = world.app.perform(&registrar, hint).await.unwrap();
        let Performed::Done { record, .. } = made else {
            panic!("not done: {made:?}")
        };
        let title = async |who: &Caller, id: RecordId| {
            let names = world.app.names(who, &id.to_string()).await.unwrap();
            let [name] = names.as_slice() else {
                panic!("an open record has its name: {names:?}")
            };
            assert_eq!((name.id, name.register.as_str()), (id, "hint"));
            name.title.clone()
        };
        let told = title(&registrar, record.id).await;
        assert_eq!(told.as_deref(), Some("有人看见"));
        assert_eq!(title(&staff, record.id).await, None);
    });
}
