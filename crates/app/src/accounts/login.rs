//! Sessions: opened by password and second factor, closed by logging out, time or an administrator.

use super::{TotpCheck, check_code, fresh_token, hash_password, token_hash, verify_password};
use crate::{
    caller::{Caller, SessionFacts},
    core::{App, Inner},
    error::{Error, text},
    limits, log,
    views::{LoggedIn, Me, NamedPerson},
};
use domain::{Actor, Timestamp};
use store::{AccountRow, SessionRow, Tx};
use vault::SecretString;

fn refused() -> Error {
    Error::Unauthenticated {
        code: "session.refused",
        say: text(
            "用户名、口令或动态口令不正确，或账号已锁定",
            "name, password or code is wrong, or the account is locked",
        ),
    }
}

fn ended() -> Error {
    Error::Unauthenticated {
        code: "session.ended",
        say: text(
            "会话已结束，请重新登录",
            "the session has ended, log in again",
        ),
    }
}

impl App {
    /// Opens a session. Wrong name, wrong password, wrong code and a locked account look alike.
    pub async fn login(
        &self,
        name: &str,
        password: SecretString,
        otp: Option<&str>,
    ) -> Result<LoggedIn, Error> {
        let (name, otp) = (name.to_owned(), otp.map(ToOwned::to_owned));
        let account = self
            .read_tx(move |_, tx| Ok(tx.account_by_name(&name)?))
            .await?;
        let now = self.inner.now();
        let hash = account
            .as_ref()
            .map_or(&self.inner.decoy_hash, |account| &account.password);
        let right = self.verify_off_thread(hash.clone(), password).await?;
        let Some(account) = account else {
            return Err(refused());
        };
        let open = !account.disabled && account.locked_until.is_none_or(|until| until <= now);
        let factor = second_factor(&self.inner, &account, otp.as_deref(), now)?;
        if !(right && open && factor.is_some()) {
            self.note_refusal(account.id, open, now).await?;
            return Err(refused());
        }
        self.open_session(account, factor.flatten(), now).await
    }

    /// Hashing takes tens of milliseconds; it must not hold up the runtime.
    pub(crate) async fn verify_off_thread(
        &self,
        hash: String,
        password: SecretString,
    ) -> Result<bool, Error> {
        tokio::task::spawn_blocking(move || verify_password(&hash, &password))
            .await
            .map_err(Error::internal)?
    }

    /// Counts a wrong credential towards the lock-out and logs it.
    pub(crate) async fn note_refusal(
        &self,
        account: domain::AccountId,
        count: bool,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.transact(move |inner, tx| {
            let Some(row) = tx.account(account)? else {
                return Ok(());
            };
            if count {
                let failures = row.failures + 1;
                let lock = (failures >= limits::FAILURES).then(|| now + limits::LOCK);
                let failures = if lock.is_some() { 0 } else { failures };
                tx.keep().note_failure(account, failures, lock)?;
                if lock.is_some() {
                    log::witness(
                        inner,
                        tx,
                        Actor::Account(account, row.person),
                        "session.locked",
                    )?;
                }
            }
            log::witness(
                inner,
                tx,
                Actor::Account(account, row.person),
                "session.refused",
            )
        })
        .await
    }

    async fn open_session(
        &self,
        account: AccountRow,
        otp_step: Option<i64>,
        now: Timestamp,
    ) -> Result<LoggedIn, Error> {
        let token = fresh_token(&self.inner)?;
        let csrf = fresh_token(&self.inner)?.expose().to_owned();
        let row = SessionRow {
            token: token_hash(token.expose()),
            account: account.id,
            csrf: csrf.clone(),
            created_at: now,
            expires_at: now + limits::SESSION,
            step_up_until: otp_step.map(|_| now + limits::STEP_UP),
        };
        let expires_at = row.expires_at;
        let (id, person, must_change) = (account.id, account.person, account.must_change);
        self.transact(move |inner, tx| {
            if let Some(step) = otp_step
                && !tx.keep().use_otp(id, step)?
            {
                return Err(refused());
            }
            let mut keep = tx.keep();
            keep.note_failure(id, 0, None)?;
            keep.sweep_sessions(now)?;
            keep.insert_session(&row)?;
            log::witness(inner, tx, Actor::Account(id, person), "session.opened")
        })
        .await?;
        Ok(LoggedIn {
            token,
            csrf,
            expires_at,
            must_change,
            account: id,
        })
    }

    /// Ends the caller's session.
    pub async fn logout(&self, caller: &Caller) -> Result<(), Error> {
        let Some(session) = caller.session.clone() else {
            return Ok(());
        };
        let actor = Actor::Account(caller.account, caller.person);
        self.transact(move |inner, tx| {
            tx.keep().end_session(&session.token_hash)?;
            log::witness(inner, tx, actor, "session.closed")
        })
        .await
    }

    /// Who is behind a session token.
    pub async fn authenticate_session(&self, token: &str) -> Result<Caller, Error> {
        let hash = token_hash(token);
        let now = self.inner.now();
        self.read_tx(move |_, tx| {
            let session = tx.session(&hash)?.ok_or_else(ended)?;
            // a clock that was set back must not bring a session to life that began in its future
            if session.expires_at <= now || session.created_at > now + limits::STEP_UP {
                return Err(ended());
            }
            let account = tx
                .account(session.account)?
                .filter(|row| !row.disabled)
                .ok_or_else(ended)?;
            Ok(Caller {
                account: account.id,
                person: account.person,
                must_change: account.must_change,
                session: Some(SessionFacts {
                    token_hash: session.token,
                    csrf: session.csrf,
                    step_up_until: session.step_up_until,
                }),
            })
        })
        .await
    }

    /// Proves anew who sits there: by code, or by password where no second factor is set up.
    pub async fn step_up(
        &self,
        caller: &Caller,
        password: Option<SecretString>,
        otp: Option<&str>,
    ) -> Result<Timestamp, Error> {
        let Some(session) = caller.session.clone() else {
            return Err(ended());
        };
        let account = caller.account;
        let row = self
            .read_tx(move |_, tx| tx.account(account)?.ok_or_else(ended))
            .await?;
        let now = self.inner.now();
        let right = match (password, &row.totp) {
            (_, Some(_)) => second_factor(&self.inner, &row, otp, now)?.flatten(),
            (Some(password), None) => self
                .verify_off_thread(row.password.clone(), password)
                .await?
                .then_some(-1),
            (None, None) => None,
        };
        let Some(step) = right else {
            self.note_refusal(account, true, now).await?;
            return Err(refused());
        };
        let until = now + limits::STEP_UP;
        let actor = Actor::Account(account, row.person);
        self.transact(move |inner, tx| {
            if step >= 0 && !tx.keep().use_otp(account, step)? {
                return Err(refused());
            }
            tx.keep().step_up(&session.token_hash, until)?;
            log::witness(inner, tx, actor, "session.stepped_up")
        })
        .await?;
        Ok(until)
    }

    /// Changes the caller's own password and ends their other sessions.
    pub async fn change_password(
        &self,
        caller: &Caller,
        old: SecretString,
        new: SecretString,
    ) -> Result<(), Error> {
        super::password::check_strength(&new)?;
        let account = caller.account;
        let row = self
            .read_tx(move |_, tx| tx.account(account)?.ok_or_else(ended))
            .await?;
        if !self.verify_off_thread(row.password.clone(), old).await? {
            self.note_refusal(account, true, self.inner.now()).await?;
            return Err(refused());
        }
        let inner = std::sync::Arc::clone(&self.inner);
        let hash = tokio::task::spawn_blocking(move || hash_password(&inner, &new))
            .await
            .map_err(Error::internal)??;
        let session = caller
            .session
            .as_ref()
            .map(|session| session.token_hash.clone());
        let actor = Actor::Account(account, row.person);
        self.transact(move |inner, tx| {
            let mut keep = tx.keep();
            keep.set_password(account, &hash, false)?;
            keep.end_sessions(account, &session.unwrap_or_default())?;
            log::witness(inner, tx, actor, "account.password_changed")
        })
        .await
    }

    /// Who is logged in.
    pub async fn me(&self, caller: &Caller) -> Result<Me, Error> {
        let account = caller.account;
        self.read_tx(move |inner, tx| {
            let row = tx.account(account)?.ok_or_else(ended)?;
            let person = match row.person {
                Some(id) => Some(NamedPerson {
                    id,
                    name: crate::people::name(tx, id)?,
                }),
                None => None,
            };
            let max_level: Vec<&str> = inner.max_levels.iter().map(|level| level.key()).collect();
            Ok(Me {
                account: row.id,
                name: row.name,
                person,
                roles: row.roles,
                must_change: row.must_change,
                totp: row.totp.is_some(),
                max_level: max_level.join(","),
            })
        })
        .await
    }
}

/// None: the factor is wrong or missing. `Some(None)`: none is set up. `Some(step)`: right.
#[expect(clippy::option_option, reason = "three answers, named in the comment")]
fn second_factor(
    inner: &Inner,
    account: &AccountRow,
    code: Option<&str>,
    now: Timestamp,
) -> Result<Option<Option<i64>>, Error> {
    Ok(
        match check_code(inner, account, code.unwrap_or_default(), now)? {
            TotpCheck::NotSetUp => Some(None),
            TotpCheck::Step(step) => Some(Some(step)),
            TotpCheck::Wrong => None,
        },
    )
}

/// The account again, inside a transaction: it may have been switched off a moment ago.
pub(crate) fn live_account(tx: &mut Tx<'_>, caller: &Caller) -> Result<AccountRow, Error> {
    tx.account(caller.account)?
        .filter(|row| !row.disabled)
        .ok_or_else(ended)
}
