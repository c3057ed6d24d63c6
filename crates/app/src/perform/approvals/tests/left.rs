//! Gap 8: a request that nobody can decide any more says so, and who loses a role loses what they
//! knew of a request for it.

use super::*;
use crate::sight::on_each_database;

/// The errand with a request whose label hides it from everybody it is not shown to.
const ALONE: &str = r#"
[[action]]
key = "settle"
name = { zh = "结清", en = "Settle" }
from = ["agreed"]
who = "staff"
input = ["days"]

[[approval]]
action = "settle"
step = [{ who = "role:classifier" }]
"#;

impl House {
    /// Why the asker's requests wait in vain or came back.
    async fn told(&self) -> Vec<String> {
        let asker = &self.callers["asker"];
        let inbox = self.app.inbox(asker, crate::PageInput::default());
        let items = inbox.await.unwrap().items;
        let reasons = items.into_iter().filter_map(|one| one.reason);
        reasons.map(|reason| reason.code).collect()
    }

    async fn alarms(&self, who: &str) -> usize {
        let told = self
            .app
            .notices(&self.callers[who], crate::PageInput::default());
        let notices = told.await.unwrap().items;
        let alarms = notices.iter().filter(|notice| notice.kind == "nobody_left");
        alarms.count()
    }

    /// Who has the ground to decide on a record.
    pub(super) async fn deciding(&self, record: RecordId) -> Vec<PersonId> {
        let now = self.app.inner.now();
        let mut deciding = Vec::new();
        for caller in self.callers.values() {
            let Some(person) = caller.person else {
                continue;
            };
            let read = self
                .app
                .read_tx(move |_, tx| Ok(tx.grounds(record, person, now)?));
            if read.await.unwrap().iter().any(|kind| kind == "decision") {
                deciding.push(person);
            }
        }
        deciding
    }

    async fn settling(&self) -> (ApprovalId, RecordId) {
        self.settling_by("settle").await
    }

    async fn settling_by(&self, action: &str) -> (ApprovalId, RecordId) {
        let (approval, record) = self.ask(json!({ "what": "取件" })).await;
        for who in ["leader1", "head"] {
            waiting(self.approve(who, approval).await);
        }
        done(self.approve("leader2", approval).await);
        waiting(
            self.act("asker", record, action, json!({ "days": 2 }))
                .await,
        )
    }
}

#[test]
fn a_request_that_nobody_is_left_to_decide_says_so() {
    on_each_database(|server| async move {
        let mut house = House::build_on(server).await;
        house.app = under(house.app, &format!("{ERRAND}{ALONE}"));
        let (approval, record) = house.settling().await;
        let judge = house.callers["judge"].person.unwrap();
        assert_eq!(house.told().await, [""; 0]);
        assert_eq!(house.deciding(record).await, [judge]);

        house.employ("judge", &["staff"]).await;
        assert_eq!(house.told().await, ["approval.nobody_left"]);
        assert_eq!(
            house.deciding(record).await,
            [],
            "the ground went with the role"
        );
        for who in ["asker", "head"] {
            assert_eq!(house.alarms(who).await, 1, "{who}");
        }
        assert_eq!(house.app.reassess().await.unwrap(), 0, "told once");
        assert_eq!(
            code(house.approve("judge", approval).await),
            "approval.not_yours"
        );

        house
            .employ("leader1", &["staff", "leader", "classifier"])
            .await;
        assert_eq!(house.told().await, [""; 0], "somebody is there again");
        let leader = house.callers["leader1"].person.unwrap();
        assert_eq!(house.deciding(record).await, [leader]);
        let told = house
            .app
            .notices(&house.callers["leader1"], crate::PageInput::default());
        assert_eq!(told.await.unwrap().items[0].kind, "decide");
        let settled = done(house.approve("leader1", approval).await);
        assert_eq!(settled.fields["days"], 2);
    });
}

#[test]
fn a_quorum_that_cannot_be_reached_any_more_is_told() {
    on_each_database(|server| async move {
        let mut house = House::build_on(server).await;
        let (approval, _) = house.ask(json!({ "what": "取件" })).await;
        assert_eq!(
            house.told().await,
            [""; 0],
            "two leaders, one head of the office, and `both`"
        );
        house.employ("leader2", &["staff"]).await;
        assert_eq!(
            house.told().await,
            ["approval.nobody_left"],
            "two leaders are asked for"
        );
        waiting(house.approve("leader1", approval).await);
        done(house.decide("asker", approval, Verdict::Withdraw).await);
        assert_eq!(house.told().await, [""; 0]);
    });
}

/// What changes in the directory, not in an account, is seen in the next round.
#[test]
fn a_decider_who_left_the_house_is_missed() {
    on_each_database(|server| async move {
        let mut house = House::build_on(server).await;
        house.app = under(
            house.app,
            &format!("{ERRAND}{ALONE}").replace("role:classifier", "head_of(proposer.unit)"),
        );
        let unit = house.unit.unwrap();
        let judge = house.callers["judge"].person;
        done(
            house
                .act("office", unit, "correct", json!({ "head": judge }))
                .await,
        );
        let (_, record) = house.settling().await;
        assert_eq!(house.deciding(record).await, [judge.unwrap()]);
        done(
            house
                .act("office", unit, "correct", json!({ "head": null }))
                .await,
        );
        assert_eq!(house.app.reassess().await.unwrap(), 1);
        assert_eq!(house.told().await, ["approval.nobody_left"]);
        assert_eq!(house.deciding(record).await, []);
    });
}

/// Rules that lost the action of one request: it goes back, and the requests after it are judged all the same.
#[test]
fn a_request_whose_action_is_gone_goes_back_and_keeps_no_other() {
    on_each_database(|server| async move {
        let headed = ALONE
            .replace("settle", "hand_in")
            .replace("role:classifier", "head_of(proposer.unit)");
        let mut house = House::build_on(server).await;
        house.app = under(house.app, &format!("{ERRAND}{ALONE}{headed}"));
        let (unit, judge) = (house.unit.unwrap(), house.callers["judge"].person);
        let head = |person| house.act("office", unit, "correct", json!({ "head": person }));
        done(head(judge).await);
        let (gone, first) = house.settling().await;
        let (_, later) = house.settling_by("hand_in").await;
        assert_eq!(house.deciding(later).await, [judge.unwrap()]);
        done(head(None).await);

        house.app = under(house.app, &format!("{ERRAND}{headed}"));
        assert_eq!(house.app.reassess().await.unwrap(), 2);
        assert_eq!(house.deciding(later).await, []);
        assert_eq!(house.deciding(first).await, []);
        assert_eq!(code(house.approve("judge", gone).await), "approval.closed");
        let taken_back = done(house.decide("asker", gone, Verdict::Withdraw).await);
        assert_eq!(taken_back.state, "agreed");
    });
}
