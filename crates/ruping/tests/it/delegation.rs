//! 代理授权 through REST: a head who is away has somebody decide, who finds the request at once, decides in
//! their own name, and stands so in what is told and printed.

use serde_json::json;
use wire::{ApprovalDecision, PageQuery, Performed, Print, Verdict};

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
                ..Print::default()
            };
            let (_, form) = ling.print_record(asked.record.id, &print).unwrap();
            assert!(words(&form).contains(told), "{}", words(&form));
        }
        drop(house);
        case::sound(server);
    });
}

/// I-own-loan: a head does not decide on what is lent to them, and has nobody decide on it for them.
#[test]
fn what_a_head_may_not_decide_nobody_decides_for_them() {
    on_each_database(|server| {
        let house = case::office(&server);
        let (_, _, copies) = case::document(&house, "借阅", "内容", 2);
        prove(&house, "zhu");
        let fields = json!({
            "delegator": house.id("zhu").unwrap(), "deputy": house.id("jian").unwrap(), "reason": "出差",
            "days": { "from": "2026-03-02", "to": "2026-03-06" },
        });
        done(house.make("zhu", "delegation", "delegate", fields, &[]));
        let lend = |copy, who: &str| {
            let loan = json!({
                "copy": copy, "borrower": house.id(who).unwrap(), "purpose": "评审",
                "due_at": "2026-03-05T09:00:00Z",
            });
            house.make("bao", "loan", "request", loan, &[]).unwrap()
        };
        let own = lend(copies[0], "zhu");
        let Performed::Waiting(asked) = &own else {
            panic!("nobody decides")
        };
        let jian = house.client("jian").unwrap();
        let approve = ApprovalDecision::from(Verdict::Approve);
        let refused = jian.decide_approval(asked.approval, &approve).unwrap_err();
        assert_eq!(refused.code(), "record.rules");
        let others = lend(copies[1], "yue");
        assert_eq!(case::approve(&house, "jian", &others).state, "approved");
        case::approve(&house, "ling", &own);
        drop(house);
        case::sound(server);
    });
}
