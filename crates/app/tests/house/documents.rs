//! Documents and their copies: uploaded, classified, copied, lent.

use super::{House, done};
use app::{Decision, Error, Performed, RecordView, Verdict};
use domain::{FileId, RecordId};
use serde_json::{Value, json};

impl House {
    pub(crate) async fn upload(&self, name: &str, content: &[u8]) -> FileId {
        self.upload_by("drafter", name, content).await
    }

    /// A file of somebody's.
    pub(crate) async fn upload_by(&self, who: &str, name: &str, content: &[u8]) -> FileId {
        let mut upload = self
            .app
            .begin_upload(self.who(who), name, "application/zip")
            .await
            .unwrap();
        upload.push(content).await.unwrap();
        upload.finish().await.unwrap().id
    }

    /// Classifies a fresh draft and gives its id.
    pub(crate) async fn classified(&self) -> RecordId {
        self.classified_with(json!([])).await
    }

    pub(crate) async fn classified_with(&self, contents: Value) -> RecordId {
        let input = json!({
            "title": "长城项目总体方案", "level": "state.secret", "term": { "years": 10 },
            "contents": contents,
        });
        let draft = done(self.make("drafter", "document", "draft", input, &[]).await);
        let input = self.proposal(
            draft.id,
            self.scope(),
            json!({ "years": 10 }),
            "state.secret",
        );
        let waiting = self
            .make("drafter", "classification", "propose", input, &[])
            .await
            .unwrap();
        let Performed::Waiting { approval, .. } = waiting else {
            panic!("not waiting")
        };
        done(
            self.app
                .decide(
                    self.who("classifier"),
                    Decision::new(approval, Verdict::Approve),
                )
                .await,
        );
        draft.id
    }

    pub(crate) fn proposal(
        &self,
        document: RecordId,
        scope: Value,
        term: Value,
        level: &str,
    ) -> Value {
        json!({
            "document": document, "level": level, "term": term, "scope_persons": scope,
            "basis": self.id("matter"), "reason": "属保密事项范围第3条",
        })
    }

    pub(crate) async fn copies(&self, document: RecordId) -> Vec<RecordId> {
        let input =
            json!({ "copies_count": 5, "keeper": self.id("registrar"), "place": self.id("safe") });
        let made = self
            .act("registrar", document, "make_copies", input)
            .await
            .unwrap();
        let Performed::Done { made, .. } = made else {
            panic!("copies wait")
        };
        made.iter().map(|one| one.id).collect()
    }

    pub(crate) async fn lend(&self, copy: RecordId, borrower: &str) -> Result<RecordView, Error> {
        let input = json!({
            "copy": copy, "borrower": self.id(borrower), "purpose": "评审",
            "due_at": "2026-03-05T09:00:00Z",
        });
        let waiting = self
            .make("registrar", "loan", "request", input, &[])
            .await?;
        let Performed::Waiting { approval, record } = waiting else {
            panic!("not waiting")
        };
        self.app
            .decide(self.who("head"), Decision::new(approval, Verdict::Approve))
            .await?;
        Ok(done(
            self.act_signed("registrar", record.id, "lend", json!({}), &[borrower])
                .await,
        ))
    }
}
