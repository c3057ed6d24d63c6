//! Gap 2: signatures that came with a request are judged again when it is decided, with those who
//! decide known by then.

use super::*;
use crate::perform::{Signed, perform_signed};
use crate::sight::on_each_database;
use registers::model::SignMethod;

/// The errand with two acts that a leader signs who must be none of its approvers.
const SIGNED: &str = r#"
[[action]]
key = "book"
name = { zh = "预订", en = "Book" }
to = "agreed"
who = "staff"
input = ["what"]
sign = [{ who = "role:leader", distinct_from = ["approver"] }]

[[action]]
key = "hand_over"
name = { zh = "移交", en = "Hand over" }
from = ["agreed"]
who = "staff"
input = ["days"]
sign = [{ who = "role:leader", distinct_from = ["approver"] }]

[[approval]]
action = "book"
refused = "refused"
step = [{ who = "role:leader" }]

[[approval]]
action = "hand_over"
step = [{ who = ["role:leader", "role:office_head"] }]
"#;

impl House {
    /// Asks with a signature of somebody's.
    async fn ask_signed(
        &self,
        target: Target,
        action: &str,
        input: Value,
        signer: &str,
    ) -> Result<Performed, Error> {
        let signed = Signed {
            person: self.callers[signer].person.unwrap(),
            method: SignMethod::Counter,
            paper: None,
            otp_step: None,
            at: None,
        };
        let asker = self.callers["asker"].clone();
        perform_signed(
            &self.app,
            asker,
            request(target, action, input),
            vec![signed],
        )
        .await
    }

    /// Who signed which version of a record.
    async fn signers(&self, record: RecordId) -> Vec<(i64, PersonId)> {
        let read = self.app.read_tx(move |_, tx| Ok(tx.signatures(record)?));
        let rows = read.await.unwrap();
        rows.iter().map(|row| (row.version, row.person)).collect()
    }
}

#[test]
fn who_signed_a_request_does_not_approve_it() {
    on_each_database(|server| async move {
        let mut house = House::build_on(server).await;
        house.app = under(house.app, &format!("{ERRAND}{SIGNED}"));
        let leader = house.callers["leader1"].person.unwrap();

        let asked = house.ask_signed(
            new("errand"),
            "book",
            json!({ "what": "会议室" }),
            "leader1",
        );
        let (approval, record) = waiting(asked.await);
        assert_eq!(
            code(house.approve("leader1", approval).await),
            "approval.signer",
            "what signs the making of a record"
        );
        done(house.approve("leader2", approval).await);
        assert_eq!(house.signers(record).await, [(1, leader)], "sealed once");

        let version = house.read(record).await.version;
        let target = Target::Existing {
            id: record,
            version,
        };
        let asked = house.ask_signed(target, "hand_over", json!({ "days": 3 }), "leader1");
        let (approval, _) = waiting(asked.await);
        assert_eq!(
            code(house.approve("leader1", approval).await),
            "approval.signer",
            "what signs a change of it"
        );
        assert_eq!(house.read(record).await.fields.get("days"), None);
        let changed = done(house.approve("head", approval).await);
        assert_eq!(changed.fields["days"], 3);
        assert_eq!(
            house.signers(record).await,
            [(1, leader), (changed.version, leader)]
        );
    });
}

#[test]
fn a_signature_of_somebody_who_lost_the_role_does_not_count_any_more() {
    on_each_database(|server| async move {
        let mut house = House::build_on(server).await;
        house.app = under(house.app, &format!("{ERRAND}{SIGNED}"));
        let asked = house.ask_signed(
            new("errand"),
            "book",
            json!({ "what": "会议室" }),
            "leader1",
        );
        let (approval, _) = waiting(asked.await);
        house.employ("leader1", &["staff"]).await;
        assert_eq!(
            code(house.approve("leader2", approval).await),
            "signature.missing"
        );
    });
}
