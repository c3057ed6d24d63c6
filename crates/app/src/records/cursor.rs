//! Cursors: the sort value and id of a page's last row, which the reader has seen anyway, sealed with
//! a key of the installation for this account and this list. Whatever else comes as a cursor is
//! refused, so that nobody can point into a list where they have not been.

use crate::{
    caller::Caller, core::Inner, error::Error, paging, perform::index_value, views::ListInput,
};
use aws_lc_rs::hmac;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::RecordId;
use registers::Definition;
use store::{After, IndexValue, ListQuery, RecordRow, Sort};

/// Bytes of the seal.
const SEAL: usize = 32;

/// What seals the cursors of one account's one list.
pub(super) struct Seal {
    key: hmac::Key,
    list: Vec<u8>,
}

impl Seal {
    pub(super) fn new(
        inner: &Inner,
        caller: &Caller,
        register: &str,
        input: &ListInput,
    ) -> Result<Self, Error> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, inner.root.session_pepper()?.expose());
        let parts = (
            "list cursor",
            caller.account,
            register,
            &input.filter,
            &input.q,
            &input.sort,
        );
        let list = serde_json::to_vec(&parts).map_err(Error::internal)?;
        Ok(Self { key, list })
    }

    fn message(&self, text: &[u8]) -> Vec<u8> {
        // the list is JSON and so ends before the cursor's text begins
        [self.list.as_slice(), text].concat()
    }

    /// The cursor after a full page.
    pub(super) fn next(
        &self,
        definition: &Definition,
        query: &ListQuery,
        rows: &[RecordRow],
    ) -> Option<String> {
        let full = i64::try_from(rows.len()).ok()? >= query.limit.clamp(1, store::limits::PAGE);
        let last = rows.last().filter(|_| full)?;
        let text = write(&place(definition, &query.sort, last));
        let seal = hmac::sign(&self.key, &self.message(text.as_bytes()));
        let sealed = [seal.as_ref(), text.as_bytes()].concat();
        Some(BASE64_URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Reads a cursor back.
    pub(super) fn read(&self, cursor: &str) -> Result<After, Error> {
        self.open(cursor).ok_or_else(paging::bad_cursor)
    }

    fn open(&self, cursor: &str) -> Option<After> {
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (seal, text) = sealed.split_at_checked(SEAL)?;
        hmac::verify(&self.key, &self.message(text), seal).ok()?;
        parse(std::str::from_utf8(text).ok()?)
    }
}

/// Where a list goes on after this row.
pub(super) fn place(definition: &Definition, sort: &Sort, last: &RecordRow) -> After {
    let recorded = last.created_at.as_millisecond();
    let Sort::Field { key, .. } = sort else {
        return After::Row(IndexValue::Int(recorded), last.id);
    };
    let field = definition.field(key);
    match field.and_then(|field| index_value(field.kind, last.body.get(key))) {
        Some(value) => After::Row(value, last.id),
        None => After::Empty(recorded, last.id),
    }
}

fn write(after: &After) -> String {
    match after {
        After::Row(IndexValue::Int(number), id) => format!("i{number}\n{id}"),
        After::Row(IndexValue::Text(text), id) => format!("t{text}\n{id}"),
        After::Empty(recorded, id) => format!("e{recorded}\n{id}"),
    }
}

fn parse(text: &str) -> Option<After> {
    let (value, id) = text.rsplit_once('\n')?;
    let id: RecordId = id.parse().ok()?;
    if let Some(number) = value.strip_prefix('i') {
        return Some(After::Row(IndexValue::Int(number.parse().ok()?), id));
    }
    if let Some(recorded) = value.strip_prefix('e') {
        return Some(After::Empty(recorded.parse().ok()?, id));
    }
    let text = value.strip_prefix('t')?.to_owned();
    Some(After::Row(IndexValue::Text(text), id))
}
