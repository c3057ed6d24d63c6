//! What `q` finds: one or two characters of a title, a number, a name by its pinyin; on both databases, and
//! nothing that the reader may not see.

use serde_json::json;
use testkit::House;
use wire::ListQuery;

use crate::{case, case::done, on_each_database};

fn found(house: &House<'_>, who: &str, register: &str, words: &str) -> Vec<String> {
    let query = ListQuery {
        q: Some(words.to_owned()),
        count: Some("exact".to_owned()),
        ..ListQuery::default()
    };
    let page = house.client(who).unwrap().list_records(register, &query);
    let page = page.unwrap();
    assert_eq!(page.total, i64::try_from(page.items.len()).ok(), "{words}");
    let title = |record: &wire::Record| {
        let name = record
            .fields
            .get("name")
            .or_else(|| record.fields.get("title"));
        name.and_then(|name| name.as_str())
            .unwrap_or_default()
            .to_owned()
    };
    page.items.iter().map(title).collect()
}

#[test]
fn names_are_found_by_their_letters() {
    on_each_database(|server| {
        let house = case::staff(&server);
        let unit = json!({ "name": "科研生产处" });
        let unit = done(house.make("office", "unit", "add", unit, &[])).id;
        for name in ["王小明", "单雄信", "欧阳Max"] {
            let person = json!({ "name": name, "unit": unit, "post": house.id("none").unwrap() });
            done(house.make("office", "person", "add", person, &[]));
        }
        for (words, name) in [
            ("wxm", "王小明"),
            ("XM", "王小明"),
            ("wangxiao", "王小明"),
            ("sxx", "单雄信"),
            ("dxx", "单雄信"),
            ("小", "王小明"),
            ("oym", "欧阳Max"),
            ("max", "欧阳Max"),
        ] {
            assert_eq!(found(&house, "yue", "person", words), [name], "{words}");
        }
        assert_eq!(found(&house, "yue", "unit", "kysc"), ["科研生产处"]);
        assert!(
            found(&house, "yue", "person", "wxm%").is_empty(),
            "no pattern of the database"
        );
        // a new name is found, the old one is not any more
        let query = ListQuery {
            q: Some("wxm".to_owned()),
            ..ListQuery::default()
        };
        let page = house
            .client("office")
            .unwrap()
            .list_records("person", &query);
        let person = page.unwrap().items[0].clone();
        let name = json!({ "name": "王大明" });
        done(house.act("office", &person, "correct", name, &[]));
        assert!(found(&house, "yue", "person", "wxm").is_empty());
        assert_eq!(found(&house, "yue", "person", "wdm"), ["王大明"]);
        drop(house);
        case::sound(server);
    });
}

#[test]
fn one_character_is_enough_and_what_is_hidden_is_not_found() {
    on_each_database(|server| {
        let mut house = case::staff(&server);
        house.hire("wai", "none", &["staff"]).unwrap();
        let (document, _, _) = case::document(&house, "年度方案", "内容", 1);
        let number = document.number.unwrap();
        let part = number.rsplit('-').next().unwrap();
        for words in ["度", "方案", "年度方案", number.as_str(), part] {
            assert_eq!(
                found(&house, "yue", "document", words),
                ["年度方案"],
                "{words}"
            );
            assert!(
                found(&house, "wai", "document", words).is_empty(),
                "{words}"
            );
        }
        assert!(found(&house, "yue", "document", "方年").is_empty());
    });
}
