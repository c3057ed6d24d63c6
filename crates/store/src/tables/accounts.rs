//! Accounts, sessions and tokens. Only hashes of passwords, session and program tokens are stored.

use crate::{Error, Keep, Tx, Write, rows::Row, values};
use domain::{AccountId, PersonId};
use jiff::Timestamp;

/// An account.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// Its id.
    pub id: AccountId,
    /// Login name.
    pub name: String,
    /// The person behind it.
    pub person: Option<PersonId>,
    /// Password hash (PHC string).
    pub password: String,
    /// Sealed TOTP secret.
    pub totp: Option<Vec<u8>>,
    /// Keys of its roles.
    pub roles: Vec<String>,
    /// The password is a one-time one.
    pub must_change: bool,
    /// Failed logins since the last good one.
    pub failures: i64,
    /// Locked until.
    pub locked_until: Option<Timestamp>,
    /// Last TOTP time step used, so that a code works once.
    pub otp_counter: Option<i64>,
    /// Switched off.
    pub disabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Its id.
    pub id: AccountId,
    /// Login name.
    pub name: String,
    /// The person behind it.
    pub person: Option<PersonId>,
    /// Password hash (PHC string).
    pub password: String,
    /// Keys of its roles.
    pub roles: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

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
    /// When it ends.
    pub expires_at: Timestamp,
    /// Until when a second factor counts as fresh.
    pub step_up_until: Option<Timestamp>,
}

/// A program's token by its hash.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// Its id.
    pub id: domain::TokenId,
    /// SHA-256 of the token, hex.
    pub hash: String,
    /// Whose.
    pub account: AccountId,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

const ACCOUNT: &str = "id, name, person_id, password, totp, roles, must_change, failures, \
     locked_until, otp_counter, disabled, created_at";

fn account(row: &Row) -> Result<AccountRow, Error> {
    Ok(AccountRow {
        id: row.parse(0)?,
        name: row.text(1)?,
        person: row.opt_parse(2)?,
        password: row.text(3)?,
        totp: row.opt_blob(4)?,
        roles: row.json(5)?,
        must_change: row.int(6)? != 0,
        failures: row.int(7)?,
        locked_until: row.opt_instant(8)?,
        otp_counter: row.opt_int(9)?,
        disabled: row.int(10)? != 0,
        created_at: row.instant(11)?,
    })
}

impl Tx<'_> {
    /// An account by id.
    pub fn account(&mut self, id: AccountId) -> Result<Option<AccountRow>, Error> {
        let text = format!("SELECT {ACCOUNT} FROM account WHERE id = $1");
        self.query_one(&text, values![id])?
            .as_ref()
            .map(account)
            .transpose()
    }

    /// An account by login name.
    pub fn account_by_name(&mut self, name: &str) -> Result<Option<AccountRow>, Error> {
        let text = format!("SELECT {ACCOUNT} FROM account WHERE name = $1");
        self.query_one(&text, values![name])?
            .as_ref()
            .map(account)
            .transpose()
    }

    /// The account of a person.
    pub fn account_of(&mut self, person: PersonId) -> Result<Option<AccountRow>, Error> {
        let text = format!("SELECT {ACCOUNT} FROM account WHERE person_id = $1");
        self.query_one(&text, values![person])?
            .as_ref()
            .map(account)
            .transpose()
    }

    /// All accounts by name.
    pub fn accounts(&mut self) -> Result<Vec<AccountRow>, Error> {
        let text = format!("SELECT {ACCOUNT} FROM account ORDER BY name LIMIT 10000");
        self.query(&text, &[])?.iter().map(account).collect()
    }

    /// A session by the hash of its token.
    pub fn session(&mut self, token: &str) -> Result<Option<SessionRow>, Error> {
        self.query_one(
            "SELECT token, account_id, csrf, created_at, expires_at, step_up_until FROM session \
             WHERE token = $1",
            values![token],
        )?
        .map(|row| {
            Ok(SessionRow {
                token: row.text(0)?,
                account: row.parse(1)?,
                csrf: row.text(2)?,
                created_at: row.instant(3)?,
                expires_at: row.instant(4)?,
                step_up_until: row.opt_instant(5)?,
            })
        })
        .transpose()
    }

    /// A program's token by its hash.
    pub fn token(&mut self, hash: &str) -> Result<Option<TokenRow>, Error> {
        self.query_one(
            "SELECT id, hash, account_id, name, scopes, created_at, expires_at, revoked_at FROM token \
             WHERE hash = $1",
            values![hash],
        )?
        .map(|row| {
            Ok(TokenRow {
                id: row.parse(0)?,
                hash: row.text(1)?,
                account: row.parse(2)?,
                name: row.text(3)?,
                scopes: row.json(4)?,
                created_at: row.instant(5)?,
                expires_at: row.opt_instant(6)?,
                revoked_at: row.opt_instant(7)?,
            })
        })
        .transpose()
    }
}

impl Write<'_, '_> {
    /// Makes an account; false if the name or the person already has one.
    pub fn insert_account(&mut self, new: &NewAccount) -> Result<bool, Error> {
        let added = self.tx.execute(
            "INSERT INTO account (id, name, person_id, password, roles, must_change, failures, disabled, \
             created_at) VALUES ($1, $2, $3, $4, $5, 1, 0, 0, $6) ON CONFLICT DO NOTHING",
            values![
                new.id,
                &new.name,
                new.person,
                &new.password,
                super::records::json(&new.roles),
                new.created_at
            ],
        )?;
        Ok(added == 1)
    }

    /// Replaces an account's roles and whether it is switched off.
    pub fn set_account(
        &mut self,
        id: AccountId,
        roles: &[String],
        disabled: bool,
    ) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE account SET roles = $2, disabled = $3 WHERE id = $1",
            values![id, super::records::json(&roles), disabled],
        )?;
        Ok(())
    }
}

impl Keep<'_, '_> {
    /// Notes a failed login.
    pub fn note_failure(
        &mut self,
        id: AccountId,
        failures: i64,
        locked_until: Option<Timestamp>,
    ) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE account SET failures = $2, locked_until = $3 WHERE id = $1",
            values![id, failures, locked_until],
        )?;
        Ok(())
    }

    /// Uses up a TOTP time step; false if it or a later one was used before.
    pub fn use_otp(&mut self, id: AccountId, counter: i64) -> Result<bool, Error> {
        let touched = self.tx.execute(
            "UPDATE account SET otp_counter = $2 WHERE id = $1 AND (otp_counter IS NULL OR otp_counter < $2)",
            values![id, counter],
        )?;
        Ok(touched == 1)
    }

    /// Sets a new password hash.
    pub fn set_password(
        &mut self,
        id: AccountId,
        hash: &str,
        must_change: bool,
    ) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE account SET password = $2, must_change = $3 WHERE id = $1",
            values![id, hash, must_change],
        )?;
        Ok(())
    }

    /// Sets the sealed TOTP secret.
    pub fn set_totp(&mut self, id: AccountId, sealed: &[u8]) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE account SET totp = $2, otp_counter = NULL WHERE id = $1",
            values![id, sealed],
        )?;
        Ok(())
    }

    /// Opens a session.
    pub fn insert_session(&mut self, row: &SessionRow) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO session (token, account_id, csrf, created_at, expires_at, step_up_until) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            values![
                &row.token,
                row.account,
                &row.csrf,
                row.created_at,
                row.expires_at,
                row.step_up_until
            ],
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

    /// Removes sessions that have ended.
    pub fn sweep_sessions(&mut self, now: Timestamp) -> Result<(), Error> {
        self.tx
            .execute("DELETE FROM session WHERE expires_at < $1", values![now])?;
        Ok(())
    }

    /// Makes a program's token.
    pub fn insert_token(&mut self, row: &TokenRow) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO token (id, hash, account_id, name, scopes, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![
                row.id,
                &row.hash,
                row.account,
                &row.name,
                super::records::json(&row.scopes),
                row.created_at,
                row.expires_at
            ],
        )?;
        Ok(())
    }
}
