//! What an account keeps for itself: drafts of forms, views of lists, columns, how far notices were seen.
//! It is no act and leaves no entry in the log; nobody else is told of it, whatever their role.

use crate::{
    caller::Caller,
    core::App,
    error::{Error, text},
    limits,
};
use domain::{Text, Timestamp};
use serde_json::Value;
use store::KeptRow;

/// The kinds there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// What was typed into a form and not sent: `register:action`, with the record behind it if there is one.
    Draft,
    /// A list as it was asked for, under a name: `register:anything`.
    View,
    /// The columns of a register's table: `register`.
    Columns,
    /// Until when notices were seen: `notices`.
    Seen,
}

/// A thing that is kept.
#[derive(Debug)]
pub struct KeptView {
    /// Under which key.
    pub key: String,
    /// What it says.
    pub body: Value,
    /// When it was put there.
    pub at: Timestamp,
}

impl Kept {
    /// Every kind with its word.
    pub const ALL: [(&'static str, Self); 4] = [
        ("draft", Self::Draft),
        ("view", Self::View),
        ("columns", Self::Columns),
        ("seen", Self::Seen),
    ];

    fn word(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, kind)| *kind == self);
        found.map_or("draft", |(word, _)| word)
    }

    /// A word that is none is answered like an address that never was.
    fn parse(word: &str) -> Result<Self, Error> {
        let found = Self::ALL.iter().find(|(known, _)| *known == word);
        found.map(|(_, kind)| *kind).ok_or(Error::NotFound)
    }
}

fn malformed(code: &'static str, say: Text) -> Error {
    Error::Malformed { code, say }
}

/// Keys are made of what keys of registers and ids are made of.
fn check_key(key: &str) -> Result<(), Error> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte);
    if !key.is_empty() && key.len() <= limits::KEPT_KEY_BYTES && key.bytes().all(fits) {
        return Ok(());
    }
    Err(malformed(
        "kept.key",
        text(
            "保留项的键须为 1 至 200 个字母、数字或 . _ : -",
            "the key of what is kept has 1 to 200 letters, digits or . _ : -",
        ),
    ))
}

fn check_body(kind: Kept, body: &Value) -> Result<(), Error> {
    if body.to_string().len() > limits::KEPT_BYTES {
        return Err(too_large());
    }
    if !body.is_object() {
        return Err(malformed(
            "kept.body",
            text("保留项的内容须为对象", "what is kept is an object"),
        ));
    }
    if kind == Kept::View {
        check_name(body.get("name").and_then(Value::as_str))?;
    }
    Ok(())
}

fn check_name(name: Option<&str>) -> Result<(), Error> {
    let length = name.map_or(0, |name| name.trim().chars().count());
    if (1..=limits::KEPT_NAME_CHARS).contains(&length) {
        return Ok(());
    }
    Err(malformed(
        "kept.name",
        text(
            "视图名称为 1 至 100 个字符",
            "the name of a view has 1 to 100 characters",
        ),
    ))
}

fn view(row: KeptRow) -> KeptView {
    KeptView {
        key: row.key,
        body: row.body,
        at: row.at,
    }
}

impl App {
    /// What the caller keeps of a kind.
    pub async fn kept(&self, caller: &Caller, kind: &str) -> Result<Vec<KeptView>, Error> {
        let (kind, account) = (Kept::parse(kind)?, caller.account);
        let now = self.inner.now();
        self.read_tx(move |_, tx| {
            let rows = tx.kept(account, kind.word())?;
            let stands = |row: &KeptRow| stands(kind, row, now);
            Ok(rows.into_iter().filter(stands).map(view).collect())
        })
        .await
    }

    /// One thing the caller keeps.
    pub async fn kept_one(
        &self,
        caller: &Caller,
        kind: &str,
        key: &str,
    ) -> Result<KeptView, Error> {
        let (kind, account) = (Kept::parse(kind)?, caller.account);
        let (key, now) = (key.to_owned(), self.inner.now());
        self.read_tx(move |_, tx| {
            let row = tx.kept_one(account, kind.word(), &key)?;
            let row = row.filter(|row| stands(kind, row, now));
            row.map(view).ok_or(Error::NotFound)
        })
        .await
    }

    /// Keeps something for the caller.
    pub async fn keep(
        &self,
        caller: &Caller,
        (kind, key): (&str, String),
        body: Value,
    ) -> Result<KeptView, Error> {
        let kind = Kept::parse(kind)?;
        check_key(&key)?;
        check_body(kind, &body)?;
        let (account, at) = (caller.account, self.inner.now());
        let row = KeptRow { key, body, at };
        self.transact_anew(move |_, tx| {
            if tx.kept_beside(account, kind.word(), &row.key)? >= limits::KEPT {
                return Err(too_many());
            }
            tx.keep().put_kept(account, kind.word(), &row)?;
            Ok(view(row))
        })
        .await
    }

    /// Forgets something for the caller; what is not there is gone already.
    pub async fn forget(&self, caller: &Caller, kind: &str, key: &str) -> Result<(), Error> {
        let (kind, account, key) = (Kept::parse(kind)?, caller.account, key.to_owned());
        self.transact_anew(move |_, tx| Ok(tx.keep().drop_kept(account, kind.word(), &key)?))
            .await
    }

    /// Forgets drafts that nobody went on with.
    pub async fn sweep_drafts(&self) -> Result<(), Error> {
        let before = self.inner.now() - limits::DRAFT_LEFT;
        self.transact_anew(move |_, tx| Ok(tx.keep().sweep_kept(Kept::Draft.word(), before)?))
            .await
    }
}

/// Whether it still counts: a draft that is too old is gone, whether it has been swept or not.
fn stands(kind: Kept, row: &KeptRow, now: Timestamp) -> bool {
    kind != Kept::Draft || now < row.at + limits::DRAFT_LEFT
}

/// Forgets the drafts of an account that is closed.
pub(crate) fn forget_drafts(
    tx: &mut store::Tx<'_>,
    account: domain::AccountId,
) -> Result<(), Error> {
    Ok(tx.keep().drop_kept_of(account, Kept::Draft.word())?)
}

fn too_large() -> Error {
    Error::Limited {
        code: "kept.too_large",
        say: text(
            "草稿或视图超过 64 KiB，未保留",
            "what is to be kept is larger than 64 KiB",
        ),
    }
}

fn too_many() -> Error {
    Error::Limited {
        code: "kept.too_many",
        say: text(
            "保留的草稿或视图已有 200 个，请先删除旧的",
            "there are 200 drafts or views already: drop old ones first",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn code<T: std::fmt::Debug>(refused: Result<T, Error>) -> &'static str {
        match refused {
            Err(Error::Malformed { code, .. } | Error::Limited { code, .. }) => code,
            other => panic!("not refused: {other:?}"),
        }
    }

    #[test]
    fn what_is_kept_has_a_key_and_bounds() {
        assert!(check_key("circulation.readers:take:0198-a").is_ok());
        for wrong in ["", "a/b", "草稿", &"a".repeat(201)] {
            assert_eq!(code(check_key(wrong)), "kept.key", "{wrong}");
        }
        let of = |length: usize| json!({ "x": "y".repeat(length) });
        assert!(check_body(Kept::Draft, &of(limits::KEPT_BYTES - 8)).is_ok());
        let large = check_body(Kept::Draft, &of(limits::KEPT_BYTES - 7));
        assert_eq!(code(large), "kept.too_large");
        assert_eq!(code(check_body(Kept::Draft, &json!([]))), "kept.body");
    }

    #[test]
    fn a_view_has_a_name_of_at_most_a_hundred_characters() {
        let named = |name: &str| check_body(Kept::View, &json!({ "name": name }));
        assert!(named(&"名".repeat(100)).is_ok());
        assert_eq!(code(named(&"名".repeat(101))), "kept.name");
        assert_eq!(code(named("  ")), "kept.name");
        assert_eq!(code(check_body(Kept::View, &json!({}))), "kept.name");
    }
}
