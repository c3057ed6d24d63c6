//! Every layout of the packs sets what the program gives it, full and empty, in both languages.

use super::*;
use serde_json::json;

/// What a layout is given: of a record with everything, or with nothing that need not be there.
fn data(language: &str, full: bool) -> Value {
    let table = |key| {
        json!({
            "key": key, "name": "载体", "keys": ["doc_no", "state"], "heads": ["份号", "状态"], "shares": [0, 2],
            "states": if full { json!(["destroyed", "removed"]) } else { json!([]) },
            "rows": if full { json!([["000001", "已销毁"], ["000002", "已剔除"]]) } else { json!([]) },
        })
    };
    let some = |value: Value| if full { value } else { json!([]) };
    json!({
        "lang": language, "org": "某单位", "form": "销毁清册", "register": "销毁",
        "number": "XH2026-0001", "mark": "机密★10年", "state": "已销毁", "state_key": "destroyed",
        "fields": [{ "key": "reason", "name": "理由", "value": "长".repeat(300) }],
        "besides": some(json!([{ "name": "份号", "value": "000001" }])),
        "values": { "copy.serial": "000001", "sender": "某部", "discrepancy": "少一份", "explanation": "无", "occasion": "年度" },
        "names": { "copy.serial": "份号", "sender": "来文单位", "discrepancy": "不符情况", "explanation": "说明", "occasion": "事由" },
        "tables": [table("copies"), table("surplus"), table("list")],
        "decisions": some(json!([{ "action": "报批", "verdict": "同意", "comment": "照办", "who": "凌", "at": "2026-03-01 10:00" }])),
        "signatures": some(json!([{ "action": "销毁", "who": "朱", "method": "当面", "at": "2026-03-02 10:00" }])),
        "to_sign": some(json!(["监销人", "监销人"])),
        "heads": ["编号", "状态"], "shares": [0, 0], "rows": some(json!([["1", "2"]])), "left_out": "备注",
        "printed": { "by": "包", "at": "2026-03-02 10:00" },
        "proof": if full { json!({ "text": "ruping.test #1 abc" }) } else { Value::Null },
        "size": if full { json!({ "width": 60, "height": 40, "gap_across": 0, "gap_down": 0, "columns": null, "rows": null }) }
            else { json!({ "width": 99.1, "height": 38.1, "gap_across": 2.5, "gap_down": 0, "columns": 2, "rows": 7 }) },
        "first": if full { 1 } else { 4 },
        "labels": [{ "code": proof::drawn("RP:1"), "mark": if full { "机密★10年" } else { "" }, "number": "", "fields": [{ "key": "serial", "name": "份号", "value": "000001" }] }],
        "custody": { "copies": some(json!([{ "serial": "000001", "status": "在保管", "person": "包", "place": "甲柜", "since": "2026-03-01 10:00",
            "rows": [["2026-03-01 10:00", "制作", "包", "甲柜", "制作登记 ZZ2026-0001", "朱", "#12"]] }])),
            "known_by": some(json!([["凌", "起草", "2026-03-01 10:00"]])) },
        "code": if full { proof::drawn("XH2026-0001") } else { Value::Null },
    })
}

#[test]
fn every_layout_sets_what_it_is_given() {
    let press = crate::Packs::Shipped.press(Vec::new()).unwrap();
    let layouts: Vec<&str> = press.layouts().filter(|name| *name != "page").collect();
    assert!(layouts.len() >= 9, "{layouts:?}");
    for layout in layouts {
        for (language, full) in [("zh", true), ("en", true), ("zh", false)] {
            let at = "2026-03-02T02:00:00Z".parse().unwrap();
            let made = press.print(layout, data(language, full), at);
            let made = made.unwrap_or_else(|error| panic!("{layout} {language} {full}: {error}"));
            assert!(made.pages >= 1);
        }
    }
}
