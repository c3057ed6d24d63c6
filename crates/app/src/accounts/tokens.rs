//! Tokens for programs: bearer secrets with an end and a purpose, told once, kept as a hash.
//!
//! WHY found by their hash: a token has 256 random bits and its SHA-256 is what is compared, so
//! how long the index takes tells nothing about any token.

use super::{Scope, fresh_token, live_account, token_hash};
use crate::{
    caller::{Caller, Through},
    core::App,
    error::{Error, FieldProblem, text},
    limits, log, people,
    views::TokenView,
};
use access::Role;
use domain::{Actor, Timestamp, TokenId};
use std::collections::BTreeSet;
use store::{TokenRow, Tx};
use vault::SecretString;

fn refused() -> Error {
    Error::Unauthenticated {
        code: "token.refused",
        say: text("令牌无效或已到期", "the token is not valid or has ended"),
    }
}

fn wrong(field: &str, code: &str, zh: &str, en: &str) -> FieldProblem {
    FieldProblem {
        field: field.to_owned(),
        code: code.to_owned(),
        say: text(zh, en),
    }
}

/// The scopes asked for; unknown ones and none at all are refused.
fn scopes(keys: &[String]) -> Result<BTreeSet<Scope>, FieldProblem> {
    let known: Vec<&str> = Scope::ALL.iter().map(|scope| scope.key()).collect();
    let known = known.join(", ");
    let unknown = keys.iter().find(|key| Scope::parse_key(key).is_none());
    if let Some(unknown) = unknown {
        let unknown: String = unknown.chars().take(40).collect();
        return Err(wrong(
            "scopes",
            "token.scope_unknown",
            &format!("没有权限范围 `{unknown}`；可用：{known}"),
            &format!("there is no scope `{unknown}`; there are: {known}"),
        ));
    }
    if keys.is_empty() {
        return Err(wrong(
            "scopes",
            "token.scope_missing",
            &format!("须写明令牌的权限范围；可用：{known}"),
            &format!("say what the token is for; there are: {known}"),
        ));
    }
    Ok(keys
        .iter()
        .filter_map(|key| Scope::parse_key(key))
        .collect())
}

fn check_end(now: Timestamp, end: Timestamp) -> Result<(), FieldProblem> {
    if end > now && end <= now + limits::TOKEN {
        return Ok(());
    }
    Err(wrong(
        "expires_at",
        "token.expires_at",
        "到期时间须在将来，且不超过一年",
        "it ends in the future, and within a year",
    ))
}

fn check_name(name: &str) -> Result<(), FieldProblem> {
    let length = name.trim().chars().count();
    if (1..=limits::TOKEN_NAME_CHARS).contains(&length) {
        return Ok(());
    }
    Err(wrong(
        "name",
        "token.name",
        "须写明用途，至多 100 个字符",
        "say what it is for, in at most 100 characters",
    ))
}

impl App {
    /// Makes a token for a program that acts as the caller; it can never step up.
    pub async fn create_token(
        &self,
        caller: &Caller,
        name: &str,
        scopes_asked: &[String],
        expires_at: Timestamp,
    ) -> Result<(TokenView, SecretString), Error> {
        let now = self.inner.now();
        let checks = [check_name(name), check_end(now, expires_at)];
        let (scopes, objection) = match scopes(scopes_asked) {
            Ok(scopes) => (scopes, None),
            Err(problem) => (BTreeSet::new(), Some(problem)),
        };
        let problems: Vec<FieldProblem> = checks
            .into_iter()
            .filter_map(Result::err)
            .chain(objection)
            .collect();
        if !problems.is_empty() {
            return Err(Error::Fields(problems));
        }
        if !caller.stepped_up(now) {
            return Err(Error::StepUpNeeded);
        }
        let token = fresh_token(&self.inner)?;
        let row = TokenRow {
            id: TokenId::new(now, self.inner.random()?),
            hash: token_hash(token.expose()),
            prefix: token.expose().chars().take(limits::TOKEN_PREFIX).collect(),
            account: caller.account,
            name: name.trim().to_owned(),
            scopes: scopes.iter().map(ToString::to_string).collect(),
            created_at: now,
            expires_at,
            used_at: None,
            revoked_at: None,
        };
        let (caller, actor) = (
            caller.clone(),
            Actor::Account(caller.account, caller.person),
        );
        let made = self
            .transact(move |inner, tx| {
                live_account(tx, &caller)?;
                tx.keep().insert_token(&row)?;
                log::witness_about(inner, tx, actor, "token.made", &about(&row))?;
                Ok(view(row))
            })
            .await?;
        Ok((made, token))
    }

    /// The caller's tokens; for the security administrator, everybody's.
    pub async fn tokens(&self, caller: &Caller) -> Result<Vec<TokenView>, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            let viewer = people::viewer(inner, tx, &caller, now)?;
            let of = (!viewer.has(Role::SecurityAdmin)).then_some(caller.account);
            Ok(tx.tokens(of)?.into_iter().map(view).collect())
        })
        .await
    }

    /// Takes a token back: the caller's own or, for the security administrator, anybody's.
    pub async fn revoke_token(&self, caller: &Caller, id: TokenId) -> Result<(), Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.transact(move |inner, tx| {
            let viewer = people::viewer(inner, tx, &caller, now)?;
            let may =
                |row: &TokenRow| row.account == caller.account || viewer.has(Role::SecurityAdmin);
            let row = tx.token_by_id(id)?.filter(may).ok_or(Error::NotFound)?;
            tx.keep().revoke_token(id, now)?;
            let actor = Actor::Account(caller.account, caller.person);
            log::witness_about(inner, tx, actor, "token.revoked", &about(&row))
        })
        .await
    }

    /// Who is behind a program's token.
    pub async fn authenticate_token(&self, token: &str) -> Result<Caller, Error> {
        let hash = token_hash(token);
        let now = self.inner.now();
        let (row, account) = self
            .read_tx(move |_, tx| {
                let row = tx.token(&hash)?.filter(|row| is_live(row, now));
                let row = row.ok_or_else(refused)?;
                let account = tx.account(row.account)?.filter(|row| !row.disabled);
                Ok((row, account.ok_or_else(refused)?))
            })
            .await?;
        if row.used_at.is_none_or(|used| used + limits::TOUCH <= now) {
            self.transact_anew(move |_, tx| touch(tx, row.id, now))
                .await?;
        }
        let scopes = row.scopes.iter();
        Ok(Caller {
            account: account.id,
            person: account.person,
            must_change: account.must_change,
            through: Through::Token(scopes.filter_map(|key| Scope::parse_key(key)).collect()),
        })
    }
}

fn is_live(row: &TokenRow, now: Timestamp) -> bool {
    row.revoked_at.is_none() && now < row.expires_at
}

fn touch(tx: &mut Tx<'_>, id: TokenId, now: Timestamp) -> Result<(), Error> {
    Ok(tx.keep().touch_token(id, now)?)
}

fn about(row: &TokenRow) -> log::About {
    log::About {
        facts: vec![
            ("token", row.id.to_string()),
            ("account", row.account.to_string()),
        ],
        ..log::About::default()
    }
}

fn view(row: TokenRow) -> TokenView {
    TokenView {
        id: row.id,
        account: row.account,
        name: row.name,
        prefix: row.prefix,
        scopes: row.scopes,
        created_at: row.created_at,
        expires_at: row.expires_at,
        used_at: row.used_at,
    }
}
