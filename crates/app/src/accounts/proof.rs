//! The one place where it is checked what somebody claims to know of an account, and where wrong
//! claims are counted. A wrong name, password or code, a locked and a closed account are refused
//! by the same steps and the same statements, so that neither answer nor cost tells them apart.
//!
//! The password is hashed before the transaction; everything else, the lock above all, is decided
//! inside it with the account held, so that many guesses at once are counted one by one.

use super::{token_hash, totp};
use crate::{
    core::{App, Inner},
    error::Error,
    limits, log,
};
use domain::{AccountId, Actor, Timestamp};
use store::{AccountRow, Tx};
use vault::SecretString;

/// What has to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// The password and, where one is set up, the second factor.
    Login,
    /// The second factor or, where none is set up, the password.
    Fresh,
    /// As [`Need::Fresh`], but no recovery code, and the code of the app is not used up yet: that
    /// goes with the commit of what is signed.
    Signature,
    /// The password alone.
    Password,
    /// A code of the second factor that is being set up.
    NextFactor,
}

/// What somebody claims to know.
#[derive(Debug)]
pub(crate) struct Claim {
    /// The account it is about; none where there is no such account.
    pub(crate) account: Option<AccountRow>,
    /// What has to be shown.
    pub(crate) need: Need,
    /// The password given.
    pub(crate) password: Option<SecretString>,
    /// The code given: of the app, or a recovery code.
    pub(crate) code: Option<SecretString>,
}

/// A claim whose password was checked.
struct Checked {
    id: AccountId,
    /// The hash the password was checked against.
    hash: String,
    need: Need,
    password_right: bool,
    code: Option<SecretString>,
}

/// A claim that was right.
#[derive(Debug)]
pub(crate) struct Proven {
    /// The account, as it was when the claim was judged.
    pub(crate) account: AccountRow,
    /// By which factor.
    pub(crate) factor: Factor,
}

impl Proven {
    /// The time step that whoever signs has to use up.
    pub(crate) fn used_up(&self) -> Option<(AccountId, i64)> {
        match self.factor {
            Factor::Code(step) => Some((self.account.id, step)),
            Factor::Password | Factor::Recovery => None,
        }
    }
}

/// What it was shown by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Factor {
    /// The password alone.
    Password,
    /// A code of the app, of this time step.
    Code(i64),
    /// A recovery code.
    Recovery,
}

impl App {
    /// Judges a claim; where it is right, `then` happens in the same transaction. Nothing comes
    /// back where it is wrong, and the wrong claim is counted.
    pub(crate) async fn prove<T, F>(&self, claim: Claim, then: F) -> Result<Option<T>, Error>
    where
        F: FnOnce(&Inner, &mut Tx<'_>, &Proven) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        let (id, hash) = match &claim.account {
            Some(row) => (row.id, row.password.clone()),
            None => (nobody(), self.inner.decoy_hash.clone()),
        };
        let password_right = match claim.password {
            Some(password) => self.verify(hash.clone(), password).await?,
            None => false,
        };
        let checked = Checked {
            id,
            hash,
            need: claim.need,
            password_right,
            code: claim.code,
        };
        let now = self.inner.now();
        self.transact(move |inner, tx| match settle(inner, tx, &checked, now)? {
            Some(proven) => then(inner, tx, &proven).map(Some),
            None => Ok(None),
        })
        .await
    }
}

/// The id of no account.
fn nobody() -> AccountId {
    AccountId::new(Timestamp::UNIX_EPOCH, [0; 10])
}

fn settle(
    inner: &Inner,
    tx: &mut Tx<'_>,
    checked: &Checked,
    now: Timestamp,
) -> Result<Option<Proven>, Error> {
    let row = tx.lock_account(checked.id)?;
    let factor = match &row {
        Some(row) if is_open(row, now) && row.password == checked.hash => {
            judge(inner, tx, row, checked, now)?
        }
        Some(_) | None => None,
    };
    let (Some(account), Some(factor)) = (&row, factor) else {
        refuse(inner, tx, checked.id, row.as_ref(), now)?;
        return Ok(None);
    };
    // WHY: a password alone must not make guesses at the second factor forgotten
    if checked.need != Need::Password || account.totp.is_none() {
        tx.keep().note_failure(account.id, 0, None)?;
    }
    Ok(row.map(|account| Proven { account, factor }))
}

fn is_open(row: &AccountRow, now: Timestamp) -> bool {
    !row.disabled && row.locked_until.is_none_or(|until| until <= now)
}

fn judge(
    inner: &Inner,
    tx: &mut Tx<'_>,
    row: &AccountRow,
    checked: &Checked,
    now: Timestamp,
) -> Result<Option<Factor>, Error> {
    let by_password = checked.password_right.then_some(Factor::Password);
    match checked.need {
        Need::Password => Ok(by_password),
        Need::Login if by_password.is_none() => Ok(None),
        Need::Login | Need::Fresh | Need::Signature => match &row.totp {
            None => Ok(by_password),
            Some(sealed) => code(inner, tx, row, (sealed, checked), now),
        },
        Need::NextFactor => match &row.totp_next {
            None => Ok(None),
            Some(sealed) => {
                let step = totp::check(inner, row.id, sealed, given(checked), now)?;
                Ok(step.map(Factor::Code))
            }
        },
    }
}

fn given(checked: &Checked) -> &str {
    checked.code.as_ref().map_or("", SecretString::expose)
}

/// A code of the app or a recovery code, each good once.
fn code(
    inner: &Inner,
    tx: &mut Tx<'_>,
    row: &AccountRow,
    (sealed, checked): (&[u8], &Checked),
    now: Timestamp,
) -> Result<Option<Factor>, Error> {
    let code = given(checked);
    if let Some(step) = totp::check(inner, row.id, sealed, code, now)? {
        let fresh = match checked.need {
            Need::Signature => row.otp_counter.is_none_or(|used| used < step),
            Need::Login | Need::Fresh | Need::Password | Need::NextFactor => {
                tx.keep().use_otp(row.id, step)?
            }
        };
        return Ok(fresh.then_some(Factor::Code(step)));
    }
    let recovers = checked.need != Need::Signature && code.len() > totp::DIGITS;
    if !recovers
        || !tx
            .keep()
            .use_recovery(row.id, &recovery_hash(row.id, code))?
    {
        return Ok(None);
    }
    let actor = Actor::Account(row.id, row.person);
    log::witness(inner, tx, actor, "totp.recovery_used")?;
    Ok(Some(Factor::Recovery))
}

/// What is kept of a recovery code. WHY: it has 100 random bits, so a slow hash adds nothing.
pub(super) fn recovery_hash(account: AccountId, code: &str) -> String {
    token_hash(&format!("recovery:{account}:{code}"))
}

/// Counts a wrong claim and logs it; an account that is closed is not counted any further.
fn refuse(
    inner: &Inner,
    tx: &mut Tx<'_>,
    id: AccountId,
    row: Option<&AccountRow>,
    now: Timestamp,
) -> Result<(), Error> {
    let (failures, lock) = row.map_or((0, None), |row| count(row, now));
    tx.keep().note_failure(id, failures, lock)?;
    let actor = row.map_or(Actor::System("system"), |row| {
        Actor::Account(row.id, row.person)
    });
    log::witness(inner, tx, actor, "session.refused")?;
    let locks = row.is_some_and(|row| is_open(row, now)) && lock.is_some_and(|until| until > now);
    if locks {
        log::witness(inner, tx, actor, "session.locked")?;
    }
    Ok(())
}

/// Wrong claims so far, and until when they lock the account.
fn count(row: &AccountRow, now: Timestamp) -> (i64, Option<Timestamp>) {
    if !is_open(row, now) {
        return (row.failures, row.locked_until);
    }
    let failures = row.failures + 1;
    if failures >= limits::FAILURES {
        return (0, Some(now + limits::LOCK));
    }
    (failures, None)
}

#[cfg(test)]
mod tests;
