//! What a person was told: deadlines that come near or have passed, decisions that wait. A notice is
//! shown only while its record is visible to whom it was given.

use crate::{caller::Caller, core::App, error::Error, people, views::NoticeView, visibility};
use access::Grant;

impl App {
    /// The caller's notices, newest first.
    pub async fn notices(&self, caller: &Caller) -> Result<Vec<NoticeView>, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            let viewer = people::viewer(inner, tx, &caller, now)?;
            let Some(person) = viewer.person else {
                return Ok(Vec::new());
            };
            let visible = visibility::visible(inner, tx, &viewer, Grant::Handle, now)?;
            let mut notices = Vec::new();
            for (record, kind, at) in tx.notices(person)? {
                if let Some(row) = tx.visible_record(record, &visible)? {
                    notices.push(NoticeView {
                        record,
                        register: row.register,
                        number: row.number,
                        kind,
                        at,
                    });
                }
            }
            Ok(notices)
        })
        .await
    }
}
