//! Sessions of browsers and tokens of programs. Only hashes of their secrets are stored.

use crate::{
    Error, Keep, Tx,
    rows::{Row, Statement},
    values,
};
use domain::{AccountId, TokenId};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// A session by the hash of its token.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// SHA-256 of the token, hex.
    pub token: String,
    /// Whose.
    pub account: AccountId,
    /// Token that forms must carry.
    pub csrf: String,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was last used, give or take a minute.
    pub seen_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Until when a second factor counts as fresh.
    pub step_up_until: Option<Timestamp>,
}

/// A program's token by its hash.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// Its id.
    pub id: TokenId,
    /// SHA-256 of the token, hex.
    pub hash: String,
    /// How the token begins, so that people know it again.
    pub prefix: String,
    /// Whose.
    pub account: AccountId,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, give or take a minute.
    pub used_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

const TOKEN: &str = "id, hash, prefix, account_id, name, scopes, created_at, expires_at, used_at, \
     revoked_at";

fn token(row: &Row) -> Result<TokenRow, Error> {
    Ok(TokenRow {
        id: row.parse(0)?,
        hash: row.text(1)?,
        prefix: row.text(2)?,
        account: row.parse(3)?,
        name: row.text(4)?,
        scopes: row.json(5)?,
        created_at: row.instant(6)?,
        expires_at: row.instant(7)?,
        used_at: row.opt_instant(8)?,
        revoked_at: row.opt_instant(9)?,
    })
}

impl Tx<'_> {
    /// A session by the hash of its token.
    pub fn session(&mut self, token: &str) -> Result<Option<SessionRow>, Error> {
        self.query_one(
            "SELECT token, account_id, csrf, created_at, seen_at, expires_at, step_up_until \
             FROM session WHERE token = $1",
            values![token],
        )?
        .map(|row| {
            Ok(SessionRow {
                token: row.text(0)?,
                account: row.parse(1)?,
                csrf: row.text(2)?,
                created_at: row.instant(3)?,
                seen_at: row.instant(4)?,
                expires_at: row.instant(5)?,
                step_up_until: row.opt_instant(6)?,
            })
        })
        .transpose()
    }

    /// A program's token by its hash.
    pub fn token(&mut self, hash: &str) -> Result<Option<TokenRow>, Error> {
        let text = format!("SELECT {TOKEN} FROM token WHERE hash = $1");
        self.query_one(&text, values![hash])?
            .as_ref()
            .map(token)
            .transpose()
    }

    /// A program's token by its id.
    pub fn token_by_id(&mut self, id: TokenId) -> Result<Option<TokenRow>, Error> {
        let text = format!("SELECT {TOKEN} FROM token WHERE id = $1");
        self.query_one(&text, values![id])?
            .as_ref()
            .map(token)
            .transpose()
    }

    /// The tokens of an account, or of everybody, that were not taken back; newest first.
    pub fn tokens(&mut self, of: Option<AccountId>) -> Result<Vec<TokenRow>, Error> {
        let (whose, values) = match of {
            Some(id) => ("AND account_id = $1", values![id].to_vec()),
            None => ("", Vec::new()),
        };
        let text = format!(
            "SELECT {TOKEN} FROM token WHERE revoked_at IS NULL {whose} \
             ORDER BY created_at DESC, id LIMIT 10000"
        );
        self.query(&text, &values)?.iter().map(token).collect()
    }
}

impl Tx<'_> {
    /// Those of these sessions that have not ended, by age, by nobody using them since `idle`, or with their
    /// account. They are only looked at: none lives longer for it.
    pub fn live_sessions(
        &mut self,
        tokens: &[String],
        now: Timestamp,
        idle: Timestamp,
    ) -> Result<BTreeSet<String>, Error> {
        let mut statement = Statement::new(
            "SELECT s.token FROM session s JOIN account a ON a.id = s.account_id WHERE a.disabled = 0 \
             AND s.expires_at > ",
        );
        statement.bind(now).push(" AND s.seen_at > ").bind(idle);
        statement.push(" AND s.token IN ").list(tokens);
        let (text, values) = statement.parts();
        self.query(text, values)?
            .iter()
            .map(|row| row.text(0))
            .collect()
    }
}

impl Keep<'_, '_> {
    /// Opens a session; the oldest ones beyond `most` end.
    pub fn insert_session(&mut self, row: &SessionRow, most: i64) -> Result<(), Error> {
        self.tx.execute(
            "DELETE FROM session WHERE account_id = $1 AND token NOT IN (SELECT token FROM session \
             WHERE account_id = $1 ORDER BY created_at DESC, token LIMIT $2)",
            values![row.account, most - 1],
        )?;
        self.tx.execute(
            "INSERT INTO session (token, account_id, csrf, created_at, seen_at, expires_at, \
             step_up_until) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![
                &row.token,
                row.account,
                &row.csrf,
                row.created_at,
                row.seen_at,
                row.expires_at,
                row.step_up_until
            ],
        )?;
        Ok(())
    }

    /// Notes that a session was used.
    pub fn touch_session(&mut self, token: &str, now: Timestamp) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE session SET seen_at = $2 WHERE token = $1 AND seen_at < $2",
            values![token, now],
        )?;
        Ok(())
    }

    /// Notes a fresh second factor.
    pub fn step_up(&mut self, token: &str, until: Timestamp) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE session SET step_up_until = $2 WHERE token = $1",
            values![token, until],
        )?;
        Ok(())
    }

    /// Ends a session.
    pub fn end_session(&mut self, token: &str) -> Result<(), Error> {
        self.tx
            .execute("DELETE FROM session WHERE token = $1", values![token])?;
        Ok(())
    }

    /// Ends all sessions of an account but one.
    pub fn end_sessions(&mut self, account: AccountId, but: &str) -> Result<(), Error> {
        self.tx.execute(
            "DELETE FROM session WHERE account_id = $1 AND token <> $2",
            values![account, but],
        )?;
        Ok(())
    }

    /// Removes sessions that have ended, by age or because nobody used them since `idle`.
    pub fn sweep_sessions(&mut self, now: Timestamp, idle: Timestamp) -> Result<(), Error> {
        self.tx.execute(
            "DELETE FROM session WHERE expires_at < $1 OR seen_at < $2",
            values![now, idle],
        )?;
        Ok(())
    }

    /// Makes a program's token.
    pub fn insert_token(&mut self, row: &TokenRow) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO token (id, hash, prefix, account_id, name, scopes, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            values![
                row.id,
                &row.hash,
                &row.prefix,
                row.account,
                &row.name,
                super::records::json(&row.scopes),
                row.created_at,
                row.expires_at
            ],
        )?;
        Ok(())
    }

    /// Notes that a token was used.
    pub fn touch_token(&mut self, id: TokenId, now: Timestamp) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE token SET used_at = $2 WHERE id = $1 AND (used_at IS NULL OR used_at < $2)",
            values![id, now],
        )?;
        Ok(())
    }

    /// Takes a token back.
    pub fn revoke_token(&mut self, id: TokenId, now: Timestamp) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL",
            values![id, now],
        )?;
        Ok(())
    }

    /// Takes every token of an account back.
    pub fn revoke_tokens(&mut self, account: AccountId, now: Timestamp) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE token SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL",
            values![account, now],
        )?;
        Ok(())
    }
}
