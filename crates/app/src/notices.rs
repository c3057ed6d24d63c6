//! What a person was told: deadlines that come near or have passed, decisions that wait. A notice is
//! shown, and counted, only while its record is visible to whom it was given.

use crate::{
    caller::Caller,
    core::App,
    error::Error,
    limits,
    paging::{self, Page, PageInput},
    people,
    views::NoticeView,
    visibility,
};
use access::Grant;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{RecordId, Timestamp};
use store::{NoticePlace, NoticeQuery, NoticeRow};

impl App {
    /// A page of the caller's notices, newest first.
    pub async fn notices(
        &self,
        caller: &Caller,
        input: PageInput,
    ) -> Result<Page<NoticeView>, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            let viewer = people::viewer(inner, tx, &caller, now)?;
            let visible = visibility::visible(inner, tx, &viewer, Grant::Handle, now)?;
            let query = NoticeQuery {
                visible,
                person: viewer.person,
                after: input.after.as_deref().map(after).transpose()?,
                limit: input.limit(),
            };
            let rows = tx.notices(&query)?;
            let next = paging::last_of_full(&rows, query.limit).map(cursor);
            let total = paging::total(input.count.as_deref(), |cap| tx.notice_count(&query, cap))?;
            let items = rows.into_iter().map(view).collect();
            Ok(Page { items, next, total })
        })
        .await
    }
}

fn view(row: NoticeRow) -> NoticeView {
    NoticeView {
        record: row.record,
        register: row.register,
        number: row.number,
        kind: row.kind,
        at: row.at,
    }
}

/// Where the next page begins: what the reader has seen anyway. WHY: a running number would tell how
/// many notices everybody else gets.
fn cursor(last: &NoticeRow) -> String {
    let text = format!(
        "{}\n{}\n{}",
        last.at.as_millisecond(),
        last.record,
        last.kind
    );
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

fn after(cursor: &str) -> Result<NoticePlace, Error> {
    read(cursor).ok_or_else(paging::bad_cursor)
}

fn read(cursor: &str) -> Option<NoticePlace> {
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let mut parts = text.splitn(3, '\n');
    let at = Timestamp::from_millisecond(parts.next()?.parse().ok()?).ok()?;
    let record: RecordId = parts.next()?.parse().ok()?;
    let key = |kind: &&str| {
        let fits = |byte: u8| byte.is_ascii_lowercase() || b"_.0123456789".contains(&byte);
        kind.len() <= limits::NOTICE_KIND_BYTES && kind.bytes().all(fits)
    };
    let kind = parts.next().filter(key)?.to_owned();
    Some((at, record, kind))
}
