//! Tokens for programs: bearer secrets with an end, told once, kept as a hash.

use super::{fresh_token, token_hash};
use crate::{
    caller::Caller,
    core::App,
    error::{Error, text},
    log,
};
use domain::{Actor, Timestamp, TokenId};
use store::TokenRow;
use vault::SecretString;

fn refused() -> Error {
    Error::Unauthenticated {
        code: "token.refused",
        say: text("令牌无效或已到期", "the token is not valid or has ended"),
    }
}

impl App {
    /// Makes a token for a program that acts as the caller; it can never step up.
    pub async fn create_token(
        &self,
        caller: &Caller,
        name: &str,
        scopes: Vec<String>,
        expires_at: Option<Timestamp>,
    ) -> Result<SecretString, Error> {
        let now = self.inner.now();
        if !caller.stepped_up(now) {
            return Err(Error::StepUpNeeded);
        }
        let token = fresh_token(&self.inner)?;
        let row = TokenRow {
            id: TokenId::new(now, self.inner.random()?),
            hash: token_hash(token.expose()),
            account: caller.account,
            name: name.chars().take(100).collect(),
            scopes,
            created_at: now,
            expires_at,
            revoked_at: None,
        };
        let actor = Actor::Account(caller.account, caller.person);
        self.transact(move |inner, tx| {
            tx.keep().insert_token(&row)?;
            log::witness(inner, tx, actor, "token.made")
        })
        .await?;
        Ok(token)
    }

    /// Who is behind a program's token.
    pub async fn authenticate_token(&self, token: &str) -> Result<Caller, Error> {
        let hash = token_hash(token);
        let now = self.inner.now();
        self.read_tx(move |_, tx| {
            let row = tx.token(&hash)?.ok_or_else(refused)?;
            if row.revoked_at.is_some() || row.expires_at.is_some_and(|end| end <= now) {
                return Err(refused());
            }
            let account = tx
                .account(row.account)?
                .filter(|row| !row.disabled)
                .ok_or_else(refused)?;
            Ok(Caller {
                account: account.id,
                person: account.person,
                must_change: account.must_change,
                session: None,
            })
        })
        .await
    }
}
