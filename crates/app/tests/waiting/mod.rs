//! DESIGN 6: what an act gives waits with it, and is taken as its asker's once it was decided.

use crate::house::{House, again, code, done, on_each_database, shipped_with};
use app::{Decision, Performed, Verdict};
use serde_json::json;

/// A register whose records are ended on a report, which somebody decides on.
const CASE: &str = r#"
key = "case"
name = { zh = "事项", en = "Case" }
area = "office"
help = { zh = "凭报告办结。", en = "Closed on a report." }
label = "open"

[[field]]
key = "report"
name = { zh = "报告", en = "Report" }
type = "files"

[[state]]
key = "open"
name = { zh = "在办", en = "Open" }
initial = true

[[state]]
key = "closed"
name = { zh = "办结", en = "Closed" }
final = true

[[action]]
key = "begin"
name = { zh = "立项", en = "Begin" }
to = "open"
who = "staff"
input = []

[[action]]
key = "close"
name = { zh = "办结", en = "Close" }
from = ["open"]
to = "closed"
who = "staff"
input = ["report"]

[[approval]]
action = "close"
step = [{ who = "role:leader" }]
"#;

#[test]
fn a_file_waits_with_the_act_that_gives_it() {
    on_each_database(|database| async {
        let packs = shipped_with(&[("case", CASE)]);
        let mut house = House::build_on(database, &packs.packs()).await;
        house.people().await;
        let case = done(house.make("reader", "case", "begin", json!({}), &[]).await);
        let report = house.upload_by("reader", "report.zip", b"PK report").await;
        let lost = house.upload_by("witness", "other.zip", b"PK other").await;
        let asked = house.act("reader", case.id, "close", json!({ "report": [report] }));
        let Ok(Performed::Waiting { approval, .. }) = asked.await else {
            panic!("it does not wait")
        };
        // two days on, what nobody asked anything with is gone, and the report is not
        house.clock.set("2026-03-04T01:00:00Z".parse().unwrap());
        house.app.sweep_uploads().await.unwrap();
        for who in ["leader", "reader", "witness"] {
            let caller = again(&house.app, who).await;
            house.callers.insert(who, caller);
        }
        let approve = Decision::new(approval, Verdict::Approve);
        let closed = done(house.app.decide(house.who("leader"), approve).await);
        assert_eq!(closed.state, "closed");
        let part = house.app.open_file(house.who("reader"), report, None);
        assert_eq!(part.await.unwrap().bytes, b"PK report");
        let gone = house.app.open_file(house.who("witness"), lost, None).await;
        assert_eq!(code(gone), "not_found");
        house.is_sound().await;
    });
}
