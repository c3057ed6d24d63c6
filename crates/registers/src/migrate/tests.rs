use serde_json::json;

use super::*;
use crate::fixtures::{Around, vars};
use crate::load::tests::known;
use crate::{Catalogue, Source, load};

const TEXT: &str = r#"
key = "note"
version = 3
name = { zh = "记录", en = "Note" }
area = "office"
help = { zh = "测试", en = "a test" }
label = "open"

[[field]]
key = "text"
name = { zh = "内容", en = "Text" }
type = "text"

[[field]]
key = "pages"
name = { zh = "页数", en = "Pages" }
type = "integer"

[[state]]
key = "open"
name = { zh = "在办", en = "open" }
initial = true

[[state]]
key = "closed"
name = { zh = "办结", en = "closed" }
final = true

[[action]]
key = "add"
name = { zh = "登记", en = "Add" }
to = "open"
who = "staff"

[[action]]
key = "close"
name = { zh = "办结", en = "Close" }
from = ["open"]
to = "closed"
who = "staff"

[[migrate]]
from = 1
rename = { body = "text" }
states = { done = "closed" }

[[migrate]]
from = 2
remove = ["sheets"]
set = { pages = "sheets * 2" }
"#;

fn catalogue() -> Catalogue {
    let source = Source {
        path: "note.toml".to_owned(),
        text: TEXT.to_owned(),
    };
    load(&[source], &known()).unwrap()
}

#[test]
fn a_record_is_carried_over_step_by_step() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let note = catalogue.definition("note").unwrap();
    let old = vars(json!({ "body": "甲", "sheets": 3 }));
    let facts = around.facts(json!({}));
    let new = migrate(note, 1, old, "done", &facts).unwrap();
    assert_eq!(new.fields, vars(json!({ "text": "甲", "pages": 6 })));
    assert_eq!(new.state, "closed");
    let same = vars(json!({ "text": "甲", "pages": 6 }));
    let unchanged = migrate(note, 3, same.clone(), "open", &facts).unwrap();
    assert_eq!((unchanged.fields, unchanged.state.as_str()), (same, "open"));
}

/// The same with steps of which the second goes on from what the first leads to.
fn chained() -> String {
    let (head, _) = TEXT.split_once("[[migrate]]").unwrap();
    head.to_owned()
        + r#"
[[field]]
key = "was"
name = { zh = "曾", en = "Was" }
type = "text"

[[migrate]]
from = 1
rename = { body = "words" }
remove = ["was"]
set = { sheets = "1" }
states = { done = "shut" }

[[migrate]]
from = 2
rename = { words = "text" }
remove = ["sheets"]
set = { was = "was == null ? state : was" }
states = { shut = "closed" }
"#
}

#[test]
fn a_step_goes_on_from_what_the_one_before_it_leads_to() {
    let source = |text| Source {
        path: "note.toml".to_owned(),
        text,
    };
    let catalogue = load(&[source(chained())], &known()).unwrap();
    let around = Around::new(&catalogue);
    let note = catalogue.definition("note").unwrap();
    let old = vars(json!({ "body": "甲", "was": "乙" }));
    // as the program collects facts: of fields that are called today as others were called then
    let facts = around.facts(json!({ "was": "乙", "state": "done" }));
    let new = migrate(note, 1, old, "done", &facts).unwrap();
    assert_eq!(new.fields, vars(json!({ "text": "甲", "was": "shut" })));
    assert_eq!(new.state, "closed");
    // but what no later step speaks of has to be there
    for name in ["words = \"text\"", "shut = \"closed\"", "\"sheets\""] {
        let text = chained().replace(name, "");
        assert!(load(&[source(text)], &known()).is_err(), "{name}");
    }
}

#[test]
fn a_name_of_before_leads_to_the_present_one() {
    let catalogue = catalogue();
    let note = catalogue.definition("note").unwrap();
    assert_eq!(present_field(note, 1, "body").as_deref(), Some("text"));
    assert_eq!(present_field(note, 2, "body").as_deref(), Some("body"));
    assert_eq!(present_field(note, 1, "sheets"), None);
    assert_eq!(present_state(note, 1, "done"), "closed");
    assert_eq!(present_state(note, 2, "done"), "done");
}

#[test]
fn a_step_that_would_lose_a_value_is_an_error() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let note = catalogue.definition("note").unwrap();
    let clash = vars(json!({ "body": "甲", "text": "乙" }));
    let result = migrate(note, 1, clash, "open", &around.facts(json!({})));
    assert_eq!(
        result,
        Err(Error::MigrationClash {
            from: 1,
            field: "text".into()
        })
    );
}
