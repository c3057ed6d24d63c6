//! 代理授权 through REST: a head who is away has somebody decide, who finds the request at once, decides in
//! their own name, and stands so in what is told and printed.

use serde_json::json;
use wire::{PageQuery, Performed, Print};

use crate::{
    case,
    case::done,
    meeting::plan,
    on_each_database,
    prints::{prove, words},
};

#[test]
fn who_stands_in_for_a_head_decides_in_their_own_name() {
    on_each_database(|server| {
        let house = case::office(&server);
        let fields = json!({
            "delegator": house.id("zhu").unwrap(), "deputy": house.id("jian").unwrap(), "reason": "出差一周",
            "days": { "from": "2026-03-02", "to": "2026-03-06" }, "areas": ["meeting"],
        });
        let delegate = |fields| house.make("zhu", "delegation", "delegate", fields, &[]);
        prove(&house, "zhu");
        done(delegate(fields));

        let mut meeting = plan(&house, &[]);
        meeting["level"] = json!("state.confidential");
        let waiting = house.make("bao", "meeting", "plan", meeting, &[]).unwrap();
        let Performed::Waiting(asked) = &waiting else {
            panic!("nobody decides")
        };
        let inbox = |who: &str| {
            let client = house.client(who).unwrap();
            client.list_inbox(&PageQuery::default()).unwrap().items
        };
        let found = inbox("jian");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].id, asked.approval);
        case::approve(&house, "jian", &waiting);
        assert!(inbox("jian").is_empty() && inbox("zhu").is_empty());
        let decision = inbox("ling").remove(0).decisions.remove(0);
        assert_eq!(decision.person.name, "jian");
        assert_eq!(decision.on_behalf_of.unwrap().name, "zhu");
        let ling = house.client("ling").unwrap();
        for (language, told) in [("zh", "jian（代zhu）"), ("en", "jian(forzhu)")] {
            let print = Print {
                form: None,
                language: Some(language.to_owned()),
            };
            let (_, form) = ling.print_record(asked.record.id, &print).unwrap();
            assert!(words(&form).contains(told), "{}", words(&form));
        }
        drop(house);
        case::sound(server);
    });
}
