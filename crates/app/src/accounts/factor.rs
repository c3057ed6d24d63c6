//! A second factor of one's own: proposed under a fresh proof, in force after its first right code,
//! with recovery codes that are told once; replaced and removed under a fresh proof by the old one.

use super::{
    ended,
    password::one_time_password,
    proof::{Claim, Factor, Need, recovery_hash},
    refused, totp,
};
use crate::{
    caller::{Caller, SessionFacts},
    core::App,
    error::Error,
    limits, log,
};
use domain::{Actor, Timestamp};
use vault::SecretString;

/// The session, if it has a fresh proof of who sits there.
fn fresh(caller: &Caller, now: Timestamp) -> Result<SessionFacts, Error> {
    let session = caller.session().ok_or_else(ended)?;
    if caller.stepped_up(now) {
        Ok(session.clone())
    } else {
        Err(Error::StepUpNeeded)
    }
}

impl App {
    /// Proposes a second factor; the secret (base32) and its `otpauth` address are told once. What
    /// was in force stays in force until a code of the new one was shown.
    pub async fn propose_totp(&self, caller: &Caller) -> Result<(SecretString, String), Error> {
        fresh(caller, self.inner.now())?;
        let secret = self.inner.random::<20>()?;
        let sealed = totp::seal(&self.inner, caller.account, &secret)?;
        let (account, person) = (caller.account, caller.person);
        let name = self
            .transact(move |inner, tx| {
                let row = tx.lock_account(account)?.ok_or_else(ended)?;
                tx.keep().propose_totp(account, &sealed)?;
                log::witness(inner, tx, Actor::Account(account, person), "totp.proposed")?;
                Ok(row.name)
            })
            .await?;
        let base32 = totp::base32(&secret);
        let url = format!("otpauth://totp/Ruping:{name}?secret={base32}&issuer=Ruping");
        Ok((SecretString::new(base32), url))
    }

    /// Puts the proposed second factor in force by its first right code; tells the recovery codes,
    /// once, and ends the other sessions.
    pub async fn confirm_totp(
        &self,
        caller: &Caller,
        code: SecretString,
    ) -> Result<Vec<SecretString>, Error> {
        let session = fresh(caller, self.inner.now())?;
        let codes: Vec<SecretString> = (0..limits::RECOVERY_CODES)
            .map(|_| one_time_password(&self.inner))
            .collect::<Result<_, _>>()?;
        let account = caller.account;
        let hashes: Vec<String> = codes
            .iter()
            .map(|code| recovery_hash(account, code.expose()))
            .collect();
        let claim = Claim {
            account: self.read_tx(move |_, tx| Ok(tx.account(account)?)).await?,
            need: Need::NextFactor,
            password: None,
            code: Some(code),
        };
        let confirmed = self.prove(claim, move |inner, tx, proven| {
            let Factor::Code(step) = proven.factor else {
                return Err(Error::defect("a second factor is shown by a code"));
            };
            let mut keep = tx.keep();
            keep.confirm_totp(account, step)?;
            keep.set_recovery(account, &hashes)?;
            keep.end_sessions(account, &session.token_hash)?;
            let actor = Actor::Account(account, proven.account.person);
            log::witness(inner, tx, actor, "totp.set_up")
        });
        confirmed.await?.ok_or_else(refused)?;
        Ok(codes)
    }

    /// Takes the own second factor and its recovery codes away, and ends the other sessions.
    pub async fn remove_totp(&self, caller: &Caller) -> Result<(), Error> {
        let session = fresh(caller, self.inner.now())?;
        let (account, person) = (caller.account, caller.person);
        self.transact(move |inner, tx| {
            let mut keep = tx.keep();
            keep.remove_totp(account)?;
            keep.end_sessions(account, &session.token_hash)?;
            log::witness(inner, tx, Actor::Account(account, person), "totp.removed")
        })
        .await
    }
}
