//! Every layout of the packs sets what the program gives it, full and empty, in both languages.

use super::*;
use serde_json::json;

/// What a layout is given: of a record with everything, or with nothing that need not be there.
fn data(language: &str, full: bool) -> Value {
    let table = json!({
        "key": "copies", "name": "载体", "heads": ["份号", "状态"], "shares": [0, 2],
        "states": if full { json!(["destroyed", "removed"]) } else { json!([]) },
        "rows": if full { json!([["000001", "已销毁"], ["000002", "已剔除"]]) } else { json!([]) },
    });
    let some = |value: Value| if full { value } else { json!([]) };
    json!({
        "lang": language, "org": "某单位", "form": "销毁清册", "register": "销毁",
        "number": "XH2026-0001", "mark": "机密★10年", "state": "已销毁", "state_key": "destroyed",
        "fields": [{ "key": "reason", "name": "理由", "value": "长".repeat(300) }],
        "besides": some(json!([{ "name": "份号", "value": "000001" }])),
        "values": { "copy.serial": "000001" }, "names": { "copy.serial": "份号" },
        "tables": [table],
        "decisions": some(json!([{ "action": "报批", "verdict": "同意", "comment": "照办", "who": "凌", "at": "2026-03-01 10:00" }])),
        "signatures": some(json!([{ "action": "销毁", "who": "朱", "method": "当面", "at": "2026-03-02 10:00" }])),
        "to_sign": some(json!(["监销人", "监销人"])),
        "heads": ["编号", "状态"], "shares": [0, 0], "rows": some(json!([["1", "2"]])), "left_out": "备注",
        "printed": { "by": "包", "at": "2026-03-02 10:00" },
        "proof": if full { json!({ "text": "ruping.test #1 abc" }) } else { Value::Null },
        "code": if full { proof::drawn("XH2026-0001") } else { Value::Null },
    })
}

#[test]
fn every_layout_sets_what_it_is_given() {
    let press = crate::Packs::Shipped.press(Vec::new()).unwrap();
    let layouts: Vec<&str> = press.layouts().filter(|name| *name != "page").collect();
    assert!(layouts.len() >= 4, "{layouts:?}");
    for layout in layouts {
        for (language, full) in [("zh", true), ("en", true), ("zh", false)] {
            let at = "2026-03-02T02:00:00Z".parse().unwrap();
            let made = press.print(layout, data(language, full), at);
            let made = made.unwrap_or_else(|error| panic!("{layout} {language} {full}: {error}"));
            assert!(made.pages >= 1);
        }
    }
}
