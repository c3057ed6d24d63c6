//! Sessions: who is behind a cookie, until when, and how they end. A session ends by logging out,
//! by its age, when nobody uses it, and when its account changes.

use super::{ended, fresh_token, proof::Proven, token_hash};
use crate::{
    caller::{Caller, SessionFacts, Through},
    core::{App, Inner},
    error::Error,
    limits, log,
    views::LoggedIn,
};
use domain::{Actor, Timestamp};
use store::{AccountRow, AccountStanding, SessionRow, Tx};
use vault::SecretString;

/// A session that is about to be opened. Always a fresh one: what a browser sent is never taken up.
pub(super) struct NewSession {
    token: SecretString,
    csrf: String,
}

impl NewSession {
    pub(super) fn make(inner: &Inner) -> Result<Self, Error> {
        Ok(Self {
            token: fresh_token(inner)?,
            csrf: fresh_token(inner)?.expose().to_owned(),
        })
    }

    /// Opens it for who has just proven to be there.
    pub(super) fn open(
        self,
        inner: &Inner,
        tx: &mut Tx<'_>,
        proven: &Proven,
        step_up_until: Option<Timestamp>,
    ) -> Result<LoggedIn, Error> {
        let (now, account) = (inner.now(), &proven.account);
        let row = SessionRow {
            token: token_hash(self.token.expose()),
            account: account.id,
            csrf: self.csrf.clone(),
            created_at: now,
            seen_at: now,
            expires_at: now + limits::SESSION,
            step_up_until,
        };
        let mut keep = tx.keep();
        keep.sweep_sessions(now, now - limits::IDLE)?;
        keep.insert_session(&row, limits::SESSIONS)?;
        let actor = Actor::Account(account.id, account.person);
        log::witness(inner, tx, actor, "session.opened")?;
        Ok(LoggedIn {
            token: self.token,
            csrf: self.csrf,
            expires_at: row.expires_at,
            must_change: account.must_change,
            account: account.id,
        })
    }
}

fn is_live(session: &SessionRow, now: Timestamp) -> bool {
    // a clock that was set back must not bring a session to life that began in its future
    let began = session.created_at <= now + limits::STEP_UP;
    began && now < session.expires_at && now < session.seen_at + limits::IDLE
}

fn behind(session: SessionRow, account: &AccountRow) -> Caller {
    Caller {
        account: account.id,
        person: account.person,
        must_change: account.must_change,
        through: Through::Session(SessionFacts {
            token_hash: session.token,
            csrf: session.csrf,
            step_up_until: session.step_up_until,
        }),
    }
}

impl App {
    /// Who is behind a session token.
    pub async fn authenticate_session(&self, token: &str) -> Result<Caller, Error> {
        let now = self.inner.now();
        let (session, account) = self.live_session(token, now).await?;
        if session.seen_at + limits::TOUCH <= now {
            let hash = session.token.clone();
            self.transact_anew(move |_, tx| Ok(tx.keep().touch_session(&hash, now)?))
                .await?;
        }
        Ok(behind(session, &account))
    }

    /// The same for who only listens: that nobody sits there any more is found out all the same.
    pub async fn recognise_session(&self, token: &str) -> Result<Caller, Error> {
        let (session, account) = self.live_session(token, self.inner.now()).await?;
        Ok(behind(session, &account))
    }

    async fn live_session(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<(SessionRow, AccountRow), Error> {
        let hash = token_hash(token);
        self.read_tx(move |_, tx| {
            let session = tx.session(&hash)?.filter(|session| is_live(session, now));
            let session = session.ok_or_else(ended)?;
            let account = tx.account(session.account)?.filter(|row| !row.disabled);
            Ok((session, account.ok_or_else(ended)?))
        })
        .await
    }

    /// Ends the caller's session.
    pub async fn logout(&self, caller: &Caller) -> Result<(), Error> {
        let Some(session) = caller.session().cloned() else {
            return Ok(());
        };
        let actor = Actor::Account(caller.account, caller.person);
        self.transact(move |inner, tx| {
            tx.keep().end_session(&session.token_hash)?;
            log::witness(inner, tx, actor, "session.closed")
        })
        .await
    }
}

/// The account again, inside a transaction: it may have been switched off a moment ago.
pub(crate) fn live_account(tx: &mut Tx<'_>, caller: &Caller) -> Result<AccountStanding, Error> {
    tx.standing(caller.account)?
        .filter(|row| !row.disabled)
        .ok_or_else(ended)
}
