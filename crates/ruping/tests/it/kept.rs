//! Drafts, views and columns: an account's own, told to nobody else, within bounds, for a time.

use client::{Answer, Call, Client};
use serde_json::{Value, json};
use testkit::House;
use wire::{AccountChange, Items, Kept, LogQuery};

use crate::bad_input::problem;
use crate::on_each_database;
use crate::tokens::token;

fn address(kind: &str, key: &str) -> String {
    format!("/api/v1/me/kept/{kind}/{key}")
}

fn put(client: &Client, kind: &str, key: &str, body: &Value) -> Answer {
    let call = Call::new("PUT", &address(kind, key));
    let call = call.json(&json!({ "body": body })).unwrap();
    client.send(&call).unwrap()
}

fn get(client: &Client, kind: &str, key: &str) -> Answer {
    client.send(&Call::new("GET", &address(kind, key))).unwrap()
}

fn keys(client: &Client, kind: &str) -> Vec<String> {
    let call = Call::new("GET", &format!("/api/v1/me/kept/{kind}"));
    let all: Items<Kept> = client.send(&call).unwrap().json().unwrap();
    all.items.into_iter().map(|one| one.key).collect()
}

/// Issue 4: what somebody typed is theirs alone, whoever asks, and is no act.
#[test]
fn what_is_kept_is_its_accounts_own_and_no_act() {
    on_each_database(|server| {
        let mut house = House::furnish(&server).unwrap();
        house.hire("chen", "important", &["staff"]).unwrap();
        let chen = server.enter_again("chen").unwrap();
        let auditor = server.enter("auditor").unwrap();
        let logged = || {
            let all = auditor.list_entries(&LogQuery::default()).unwrap();
            all.items.into_iter().map(|one| one.n).max()
        };
        let before = logged();
        let draft = json!({ "input": { "title": "写到一半" } });
        let key = "document:draft";
        assert_eq!(put(&chen, "draft", key, &draft).status, 200);
        let kept: Kept = get(&chen, "draft", key).json().unwrap();
        assert_eq!((kept.key.as_str(), &kept.body), (key, &draft));
        let again = json!({ "input": { "title": "写完了" } });
        assert_eq!(put(&chen, "draft", key, &again).status, 200);
        let kept: Kept = get(&chen, "draft", key).json().unwrap();
        assert_eq!(kept.body, again);
        assert_eq!(keys(&chen, "draft"), [key]);
        assert!(keys(&chen, "view").is_empty());
        let dropped = Call::new("DELETE", &address("draft", "nothing"));
        assert_eq!(chen.send(&dropped).unwrap().status, 204);
        assert_eq!(logged(), before, "the log knows nothing of it");

        let office = server.enter_again("office").unwrap();
        let secadmin = server.enter_again("secadmin").unwrap();
        for other in [&office, &secadmin, &auditor] {
            assert_eq!(get(other, "draft", key).status, 404);
            assert!(keys(other, "draft").is_empty());
            let dropped = Call::new("DELETE", &address("draft", key));
            assert_eq!(other.send(&dropped).unwrap().status, 204);
        }
        assert_eq!(keys(&chen, "draft"), [key], "nobody else drops it");
        assert_eq!(get(&chen, "secret", key).status, 404);

        let program = token(
            &chen,
            &["read", "act", "open", "log"],
            "2026-04-01T00:00:00Z",
        );
        let program = server.nobody().unwrap().with_token(program.unwrap().token);
        assert_eq!(problem(&get(&program, "draft", key)).code, "token.scope");

        let dropped = Call::new("DELETE", &address("draft", key));
        assert_eq!(chen.send(&dropped).unwrap().status, 204);
        assert_eq!(get(&chen, "draft", key).status, 404);
    });
}

#[test]
fn what_is_kept_has_bounds() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        let large = json!({ "input": { "text": "密".repeat(22_000) } });
        let refused = put(&office, "draft", "document:draft", &large);
        assert_eq!(
            (refused.status, problem(&refused).code.as_str()),
            (413, "kept.too_large")
        );
        let refused = put(&office, "draft", "a%20b", &json!({}));
        assert_eq!(
            (refused.status, problem(&refused).code.as_str()),
            (400, "kept.key")
        );
        let refused = put(
            &office,
            "view",
            "document:1",
            &json!({ "name": "名".repeat(101) }),
        );
        assert_eq!(
            (refused.status, problem(&refused).code.as_str()),
            (400, "kept.name")
        );
        for number in 0..200 {
            let kept = put(&office, "draft", &format!("document:{number}"), &json!({}));
            assert_eq!(kept.status, 200);
        }
        let refused = put(&office, "draft", "document:200", &json!({}));
        assert_eq!(
            (refused.status, problem(&refused).code.as_str()),
            (429, "kept.too_many")
        );
        // what is there can be written anew, and another kind has its own room
        assert_eq!(put(&office, "draft", "document:7", &json!({})).status, 200);
        assert_eq!(put(&office, "columns", "document", &json!({})).status, 200);
    });
}

#[test]
fn drafts_end_after_thirty_days_and_with_their_account() {
    on_each_database(|server| {
        let mut house = House::furnish(&server).unwrap();
        house.hire("chen", "important", &["staff"]).unwrap();
        let chen = server.enter_again("chen").unwrap();
        let view = json!({ "name": "我的", "query": "filter=state:draft" });
        for key in ["document:draft", "loan:request"] {
            assert_eq!(put(&chen, "draft", key, &json!({})).status, 200);
        }
        assert_eq!(put(&chen, "view", "document:1", &view).status, 200);

        let secadmin = server.enter_again("secadmin").unwrap();
        let all = secadmin.list_accounts().unwrap().items;
        let account = all.into_iter().find(|one| one.name == "chen").unwrap();
        for disabled in [true, false] {
            let roles = account.roles.clone();
            let change = AccountChange { roles, disabled };
            secadmin.change_account(account.id, &change).unwrap();
        }
        let chen = server.enter_again("chen").unwrap();
        assert!(keys(&chen, "draft").is_empty(), "closed with the account");
        assert_eq!(keys(&chen, "view"), ["document:1"]);

        assert_eq!(
            put(&chen, "draft", "document:draft", &json!({})).status,
            200
        );
        server.set_clock("2026-03-31T00:59:00Z").unwrap();
        let chen = server.enter_again("chen").unwrap();
        assert_eq!(keys(&chen, "draft"), ["document:draft"]);
        server.set_clock("2026-04-02T01:00:00Z").unwrap();
        let chen = server.enter_again("chen").unwrap();
        assert!(keys(&chen, "draft").is_empty(), "nobody went on with it");
        assert_eq!(get(&chen, "draft", "document:draft").status, 404);
        assert_eq!(keys(&chen, "view"), ["document:1"]);
    });
}
