//! Logging in, proving anew who sits there, changing one's password, and who one is.

use super::{
    ended,
    password::check_strength,
    proof::{Claim, Factor, Need},
    refused,
    session::NewSession,
};
use crate::{
    caller::{Caller, SessionFacts},
    core::App,
    error::Error,
    limits, log, people,
    views::{LoggedIn, Me, NamedPerson},
};
use domain::{Actor, Timestamp};
use vault::SecretString;

impl App {
    /// Opens a session. Wrong name, wrong password, wrong code and a locked account look alike.
    pub async fn login(
        &self,
        name: &str,
        password: SecretString,
        otp: Option<&str>,
    ) -> Result<LoggedIn, Error> {
        let name = name.to_owned();
        let account = self
            .read_tx(move |_, tx| Ok(tx.account_by_name(&name)?))
            .await?;
        let claim = Claim {
            account,
            need: Need::Login,
            password: Some(password),
            code: otp.map(|code| SecretString::new(code.to_owned())),
        };
        let session = NewSession::make(&self.inner)?;
        let opened = self.prove(claim, move |inner, tx, proven| {
            let fresh = match proven.factor {
                Factor::Password => None,
                Factor::Code(_) | Factor::Recovery => Some(inner.now() + limits::STEP_UP),
            };
            session.open(inner, tx, proven, fresh)
        });
        opened.await?.ok_or_else(refused)
    }

    /// The caller's claim to be who the session says.
    async fn claim(
        &self,
        caller: &Caller,
        need: Need,
        password: Option<SecretString>,
        code: Option<SecretString>,
    ) -> Result<(Claim, SessionFacts), Error> {
        let session = caller.session().cloned().ok_or_else(ended)?;
        let account = caller.account;
        let account = self.read_tx(move |_, tx| Ok(tx.account(account)?)).await?;
        let claim = Claim {
            account,
            need,
            password,
            code,
        };
        Ok((claim, session))
    }

    /// Proves anew who sits there: by code, or by password where no second factor is set up.
    pub async fn step_up(
        &self,
        caller: &Caller,
        password: Option<SecretString>,
        otp: Option<&str>,
    ) -> Result<Timestamp, Error> {
        let code = otp.map(|code| SecretString::new(code.to_owned()));
        let (claim, session) = self.claim(caller, Need::Fresh, password, code).await?;
        let proven = self.prove(claim, move |inner, tx, proven| {
            let until = inner.now() + limits::STEP_UP;
            tx.keep().step_up(&session.token_hash, until)?;
            let actor = Actor::Account(proven.account.id, proven.account.person);
            log::witness(inner, tx, actor, "session.stepped_up")?;
            Ok(until)
        });
        proven.await?.ok_or_else(refused)
    }

    /// Changes the caller's own password and ends their other sessions.
    pub async fn change_password(
        &self,
        caller: &Caller,
        old: SecretString,
        new: SecretString,
    ) -> Result<(), Error> {
        check_strength(&new)?;
        if old.expose() == new.expose() {
            return Err(Error::malformed(
                "password.same",
                "新口令不能与原口令相同",
                "the new password must differ from the old one",
            ));
        }
        let (claim, session) = self.claim(caller, Need::Password, Some(old), None).await?;
        // WHY: before the old one is judged, so that a refusal costs what a change costs
        let hash = self.hash(new).await?;
        let changed = self.prove(claim, move |inner, tx, proven| {
            let account = &proven.account;
            let mut keep = tx.keep();
            keep.set_password(account.id, &hash, false)?;
            keep.end_sessions(account.id, &session.token_hash)?;
            let actor = Actor::Account(account.id, account.person);
            log::witness(inner, tx, actor, "account.password_changed")
        });
        changed.await?.ok_or_else(refused)
    }

    /// Who is logged in.
    pub async fn me(&self, caller: &Caller) -> Result<Me, Error> {
        let account = caller.account;
        self.read_tx(move |inner, tx| {
            let row = tx.account(account)?.ok_or_else(ended)?;
            let person = match row.person {
                Some(id) => Some(NamedPerson {
                    id,
                    name: people::name(tx, id)?,
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
