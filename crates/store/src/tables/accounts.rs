//! Accounts, their recovery codes, and changes that wait for a second administrator. Only hashes of
//! passwords and codes are stored.

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
    /// Sealed TOTP secret that was told but not shown to work yet.
    pub totp_next: Option<Vec<u8>>,
    /// Keys of its roles.
    pub roles: Vec<String>,
    /// The side of the house on which it has ever had a role.
    pub side: Option<String>,
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

/// What every request asks of the account that makes it. WHY: passwords and second factors need not
/// be read for that.
#[derive(Clone, Debug)]
pub struct AccountStanding {
    /// Its id.
    pub id: AccountId,
    /// The person behind it.
    pub person: Option<PersonId>,
    /// Keys of its roles.
    pub roles: Vec<String>,
    /// Switched off.
    pub disabled: bool,
}

impl From<&AccountRow> for AccountStanding {
    fn from(row: &AccountRow) -> Self {
        Self {
            id: row.id,
            person: row.person,
            roles: row.roles.clone(),
            disabled: row.disabled,
        }
    }
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
    /// The side of the house these roles are on.
    pub side: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What waits for a second administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// Other roles, or switched off.
    Roles,
    /// A new one-time password, no second factor.
    Reset,
}

impl ChangeKind {
    fn word(self) -> &'static str {
        match self {
            Self::Roles => "roles",
            Self::Reset => "reset",
        }
    }
}

/// A change of an account that one administrator asked for and another has to confirm.
#[derive(Clone, Debug)]
pub struct ChangeRow {
    /// Which account.
    pub account: AccountId,
    /// What kind of change.
    pub kind: ChangeKind,
    /// Roles it would have.
    pub roles: Vec<String>,
    /// Whether it would be switched off.
    pub disabled: bool,
    /// Hash of the one-time password it would have.
    pub password: Option<String>,
    /// Who asked.
    pub asked_by: AccountId,
    /// When.
    pub at: Timestamp,
}

const ACCOUNT: &str = "id, name, person_id, password, totp, totp_next, roles, side, must_change, \
     failures, locked_until, otp_counter, disabled, created_at";

fn account(row: &Row) -> Result<AccountRow, Error> {
    Ok(AccountRow {
        id: row.parse(0)?,
        name: row.text(1)?,
        person: row.opt_parse(2)?,
        password: row.text(3)?,
        totp: row.opt_blob(4)?,
        totp_next: row.opt_blob(5)?,
        roles: row.json(6)?,
        side: row.opt_text(7)?,
        must_change: row.int(8)? != 0,
        failures: row.int(9)?,
        locked_until: row.opt_instant(10)?,
        otp_counter: row.opt_int(11)?,
        disabled: row.int(12)? != 0,
        created_at: row.instant(13)?,
    })
}

fn change(row: &Row) -> Result<ChangeRow, Error> {
    let kind = match row.text(1)?.as_str() {
        "roles" => ChangeKind::Roles,
        "reset" => ChangeKind::Reset,
        _ => return Err(Error::Corrupt { column: 1 }),
    };
    Ok(ChangeRow {
        account: row.parse(0)?,
        kind,
        roles: row.json(2)?,
        disabled: row.int(3)? != 0,
        password: row.opt_text(4)?,
        asked_by: row.parse(5)?,
        at: row.instant(6)?,
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

    /// How an account stands.
    pub fn standing(&mut self, id: AccountId) -> Result<Option<AccountStanding>, Error> {
        self.query_one(
            "SELECT person_id, roles, disabled FROM account WHERE id = $1",
            values![id],
        )?
        .map(|row| {
            Ok(AccountStanding {
                id,
                person: row.opt_parse(0)?,
                roles: row.json(1)?,
                disabled: row.int(2)? != 0,
            })
        })
        .transpose()
    }

    /// An account by id, held until the end of the transaction.
    pub fn lock_account(&mut self, id: AccountId) -> Result<Option<AccountRow>, Error> {
        let lock = self.for_update();
        let text = format!("SELECT {ACCOUNT} FROM account WHERE id = $1{lock}");
        self.query_one(&text, values![id])?
            .as_ref()
            .map(account)
            .transpose()
    }

    /// Every account with an administrator's role, held until the end of the transaction: that one
    /// of each kind is left can only be seen together.
    pub fn lock_administrators(&mut self) -> Result<Vec<AccountRow>, Error> {
        let lock = self.for_update();
        let text =
            format!("SELECT {ACCOUNT} FROM account WHERE roles LIKE '%admin%' ORDER BY id{lock}");
        self.query(&text, &[])?.iter().map(account).collect()
    }

    /// Changes that wait for a second administrator.
    pub fn account_changes(&mut self) -> Result<Vec<ChangeRow>, Error> {
        let text = "SELECT account_id, kind, roles, disabled, password, asked_by, at \
             FROM account_change ORDER BY at LIMIT 10000";
        self.query(text, &[])?.iter().map(change).collect()
    }

    /// The change of an account that waits.
    pub fn account_change(&mut self, id: AccountId) -> Result<Option<ChangeRow>, Error> {
        let text = "SELECT account_id, kind, roles, disabled, password, asked_by, at \
             FROM account_change WHERE account_id = $1";
        self.query_one(text, values![id])?
            .as_ref()
            .map(change)
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
}

impl Write<'_, '_> {
    /// Makes an account; false if the name or the person already has one.
    pub fn insert_account(&mut self, new: &NewAccount) -> Result<bool, Error> {
        let added = self.tx.execute(
            "INSERT INTO account (id, name, person_id, password, roles, side, must_change, failures, \
             disabled, created_at) VALUES ($1, $2, $3, $4, $5, $6, 1, 0, 0, $7) ON CONFLICT DO NOTHING",
            values![
                new.id,
                &new.name,
                new.person,
                &new.password,
                super::records::json(&new.roles),
                new.side.as_deref(),
                new.created_at
            ],
        )?;
        Ok(added == 1)
    }

    /// Replaces an account's roles, the side they are on, and whether it is switched off.
    pub fn set_account(
        &mut self,
        id: AccountId,
        roles: &[String],
        side: Option<&str>,
        disabled: bool,
    ) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE account SET roles = $2, side = $3, disabled = $4 WHERE id = $1",
            values![id, super::records::json(&roles), side, disabled],
        )?;
        Ok(())
    }

    /// Lets a change wait for a second administrator; one that waited already is replaced.
    pub fn put_account_change(&mut self, row: &ChangeRow) -> Result<(), Error> {
        self.drop_account_change(row.account)?;
        self.tx.execute(
            "INSERT INTO account_change (account_id, kind, roles, disabled, password, asked_by, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![
                row.account,
                row.kind.word(),
                super::records::json(&row.roles),
                row.disabled,
                row.password.as_deref(),
                row.asked_by,
                row.at
            ],
        )?;
        Ok(())
    }

    /// Nothing waits for the account any more.
    pub fn drop_account_change(&mut self, id: AccountId) -> Result<(), Error> {
        self.tx.execute(
            "DELETE FROM account_change WHERE account_id = $1",
            values![id],
        )?;
        Ok(())
    }

    /// Gives an account a one-time password and takes its second factor and its lock away.
    pub fn reset_account(&mut self, id: AccountId, password: &str) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE account SET password = $2, must_change = 1, totp = NULL, totp_next = NULL, \
             failures = 0, locked_until = NULL WHERE id = $1",
            values![id, password],
        )?;
        self.tx
            .execute("DELETE FROM recovery WHERE account_id = $1", values![id])?;
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

    /// Keeps a sealed TOTP secret that still has to be shown to work.
    pub fn propose_totp(&mut self, id: AccountId, sealed: &[u8]) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE account SET totp_next = $2 WHERE id = $1",
            values![id, sealed],
        )?;
        Ok(())
    }

    /// Puts the proposed TOTP secret in force; the time step that showed it is used up.
    pub fn confirm_totp(&mut self, id: AccountId, step: i64) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE account SET totp = totp_next, totp_next = NULL, otp_counter = $2 WHERE id = $1",
            values![id, step],
        )?;
        Ok(())
    }

    /// Takes the second factor away. The last time step stays: it is used up for ever.
    pub fn remove_totp(&mut self, id: AccountId) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE account SET totp = NULL, totp_next = NULL WHERE id = $1",
            values![id],
        )?;
        self.set_recovery(id, &[])
    }

    /// Replaces an account's recovery codes by these hashes.
    pub fn set_recovery(&mut self, id: AccountId, hashes: &[String]) -> Result<(), Error> {
        self.tx
            .execute("DELETE FROM recovery WHERE account_id = $1", values![id])?;
        for hash in hashes {
            self.tx.execute(
                "INSERT INTO recovery (account_id, hash) VALUES ($1, $2)",
                values![id, hash],
            )?;
        }
        Ok(())
    }

    /// Uses up a recovery code; false if there is none of this hash.
    pub fn use_recovery(&mut self, id: AccountId, hash: &str) -> Result<bool, Error> {
        let touched = self.tx.execute(
            "DELETE FROM recovery WHERE account_id = $1 AND hash = $2",
            values![id, hash],
        )?;
        Ok(touched == 1)
    }
}
