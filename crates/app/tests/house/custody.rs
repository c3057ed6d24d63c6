//! Copies that are lost and found, and how they are destroyed.

use super::{House, code, done, refused_by};
use app::{Decision, Error, Performed, Verdict};
use domain::{FileId, RecordId};
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl House {
    /// Copy 5 cannot be found, is found again, and is back in stock only after an assessment.
    pub(crate) async fn lose_and_find(&self, copy: RecordId) {
        let input = json!({
            "copy": copy, "discovered_at": "2026-03-07T00:30:00Z", "circumstances": "清点时未见",
        });
        let loss = done(self.make("registrar", "loss", "report", input, &[]).await);
        let due: Vec<String> = loss
            .clocks
            .iter()
            .map(|one| one.due_at.to_string())
            .collect();
        assert_eq!(
            due,
            ["2026-03-08T00:30:00Z", "2026-05-06T16:00:00Z"],
            "24 hours and 60 days"
        );
        let found = json!({ "found_at": "2026-03-07T00:50:00Z", "found_where": "会议室" });
        done(self.act("registrar", loss.id, "find", found).await);
        let stock = json!({ "keeper": self.id("registrar"), "place": self.id("safe") });
        refused_by(
            self.act("chief", loss.id, "assess", stock.clone()).await,
            "R-606",
        );
        let mut assessed = stock;
        assessed["exposure"] = "失控不足一小时，无人接触".into();
        done(self.act("chief", loss.id, "assess", assessed).await);
    }

    /// A destruction list of these copies, each of them counted.
    pub(crate) async fn destruction_list(&self, copies: &[RecordId]) -> RecordId {
        let copies: Vec<Value> = copies.iter().map(|copy| json!({ "copy": copy })).collect();
        let input = json!({
            "copies": copies, "route": "centre", "method": "shred", "reason": "期满清退",
        });
        let listed = self.make("registrar", "destruction", "draw_up", input, &[]);
        let listed = done(listed.await);
        done(self.act("registrar", listed.id, "count", json!({})).await).id
    }

    /// All copies are listed, approved and destroyed under two pairs of eyes; the content is gone.
    pub(crate) async fn destroy(&self, copies: &[RecordId]) {
        let counted = self.destruction_list(copies).await;
        let waiting = self
            .act("registrar", counted, "apply", json!({}))
            .await
            .unwrap();
        let Performed::Waiting { approval, record } = waiting else {
            panic!("not waiting")
        };
        let id = record.id;
        done(
            self.app
                .decide(
                    self.who("leader"),
                    Decision::new(approval, Verdict::Approve),
                )
                .await,
        );
        let with = |one: &str, two: &str| json!({ "supervisors": [self.id(one), self.id(two)] });
        let twice = self.act_signed(
            "registrar",
            id,
            "destroy",
            with("witness", "witness"),
            &["witness"],
        );
        assert!(
            matches!(twice.await, Err(Error::Fields(_))),
            "nobody is two supervisors"
        );
        let alone = json!({ "supervisors": [self.id("witness")] });
        refused_by(
            self.act_signed("registrar", id, "destroy", alone, &["witness"])
                .await,
            "R-233",
        );
        let approver = self.act_signed(
            "registrar",
            id,
            "destroy",
            with("witness", "leader"),
            &["witness", "leader"],
        );
        refused_by(approver.await, "R-234");
        let unsigned = self.act_signed(
            "registrar",
            id,
            "destroy",
            with("witness", "head"),
            &["witness"],
        );
        assert_eq!(code(unsigned.await), "signature.missing");
        let signed = self.act_signed(
            "registrar",
            id,
            "destroy",
            with("witness", "head"),
            &["witness", "head"],
        );
        assert_eq!(done(signed.await).state, "destroyed");
    }

    /// The content does not open any more, and the line of custody tells the whole story.
    pub(crate) async fn gone(&self, document: RecordId, copies: &[RecordId]) {
        let shown = self.app.read(self.who("reader"), document).await.unwrap();
        assert_eq!(shown.state, "destroyed");
        let file: FileId = serde_json::from_value(shown.fields["contents"][0].clone()).unwrap();
        let gone = self.app.open_file(self.who("reader"), file, None).await;
        assert!(matches!(gone, Err(Error::Erased(_))), "{gone:?}");
        let line = self
            .app
            .custody(self.who("registrar"), copies[2])
            .await
            .unwrap();
        let kinds: Vec<&str> = line.copies[0]
            .movements
            .iter()
            .map(|one| one.kind.as_str())
            .collect();
        assert_eq!(kinds, ["made", "lent", "returned", "destroyed"]);
        let knew: Vec<&str> = line.known_by.iter().map(|one| one.how.as_str()).collect();
        assert_eq!(
            knew.iter().collect::<BTreeSet<_>>().len(),
            2,
            "opened and borrowed: {knew:?}"
        );
    }
}
