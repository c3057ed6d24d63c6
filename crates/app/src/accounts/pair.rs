//! What takes two administrators. Taking an auditor's duty away is asked by the security
//! administrator and confirmed by the system administrator, so that nobody alone silences an
//! auditor; a reset is asked by the system administrator and confirmed by the security
//! administrator, so that nobody alone gets another's password.

use super::{
    admin::{Change, apply, check_last, end_everything, not_own, office, overseer, view, write},
    one_time_password,
};
use crate::{
    caller::Caller,
    core::{App, Inner},
    error::Error,
    limits,
    views::{AccountView, WaitingChange},
};
use access::Granted;
use domain::{AccountId, Timestamp};
use store::{AccountRow, ChangeKind, ChangeRow, Tx};
use vault::SecretString;

/// A change that waits, as administrators see it.
pub(super) fn waiting(row: &ChangeRow) -> WaitingChange {
    let kind = match row.kind {
        ChangeKind::Roles => "roles",
        ChangeKind::Reset => "reset",
    };
    WaitingChange {
        kind: kind.to_owned(),
        roles: row.roles.clone(),
        disabled: row.disabled,
        asked_by: row.asked_by,
        at: row.at,
    }
}

/// Lets a change of roles wait for the system administrator.
pub(super) fn ask_roles(
    inner: &Inner,
    tx: &mut Tx<'_>,
    (granted, asked_by): (&Granted, AccountId),
    row: &AccountRow,
    change: &Change,
    now: Timestamp,
) -> Result<AccountView, Error> {
    let asked = ChangeRow {
        account: row.id,
        kind: ChangeKind::Roles,
        roles: change.roles.clone(),
        disabled: change.disabled,
        password: None,
        asked_by,
        at: now,
    };
    ask(inner, tx, granted, row, &asked)
}

fn ask(
    inner: &Inner,
    tx: &mut Tx<'_>,
    granted: &Granted,
    row: &AccountRow,
    asked: &ChangeRow,
) -> Result<AccountView, Error> {
    write(inner, tx, granted, row.id, asked.at, |door| {
        door.put_account_change(asked)
    })?;
    Ok(view(row, Some(asked)))
}

fn fresh(caller: &Caller, now: Timestamp) -> Result<(), Error> {
    if caller.stepped_up(now) {
        Ok(())
    } else {
        Err(Error::StepUpNeeded)
    }
}

impl App {
    /// Asks that an account get a one-time password and lose its second factor. The password is
    /// told now and good once the security administrator has confirmed.
    pub async fn ask_reset(
        &self,
        caller: &Caller,
        id: AccountId,
    ) -> Result<(AccountView, SecretString), Error> {
        let now = self.inner.now();
        self.read_tx({
            let caller = caller.clone();
            move |inner, tx| office(inner, tx, &caller, "account.manage_accounts", now).map(drop)
        })
        .await?;
        fresh(caller, now)?;
        not_own(caller, id)?;
        let password = one_time_password(&self.inner)?;
        let hash = self
            .hash(SecretString::new(password.expose().to_owned()))
            .await?;
        let caller = caller.clone();
        let asked = self.transact(move |inner, tx| {
            let granted = office(inner, tx, &caller, "account.manage_accounts", now)?;
            let row = tx.lock_account(id)?.ok_or(Error::NotFound)?;
            let asked = ChangeRow {
                account: id,
                kind: ChangeKind::Reset,
                roles: row.roles.clone(),
                disabled: row.disabled,
                password: Some(hash),
                asked_by: caller.account,
                at: now,
            };
            ask(inner, tx, &granted, &row, &asked)
        });
        Ok((asked.await?, password))
    }

    /// Confirms what another administrator asked for, and makes it so.
    pub async fn confirm_account(
        &self,
        caller: &Caller,
        id: AccountId,
    ) -> Result<AccountView, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        let confirmed = self.transact(move |inner, tx| {
            drop(overseer(inner, tx, &caller, now)?);
            let administrators = tx.lock_administrators()?;
            let row = tx.lock_account(id)?.ok_or(Error::NotFound)?;
            let waits = |change: &ChangeRow| now < change.at + limits::ACCOUNT_CHANGE;
            let asked = tx.account_change(id)?.filter(waits);
            let asked = asked.ok_or(Error::NotFound)?;
            // the duty that did not ask
            let duty = match asked.kind {
                ChangeKind::Roles => "account.manage_accounts",
                ChangeKind::Reset => "account.manage_roles",
            };
            let granted = office(inner, tx, &caller, duty, now)?;
            fresh(&caller, now)?;
            not_own(&caller, id)?;
            match asked.kind {
                ChangeKind::Roles => {
                    let change = Change {
                        roles: asked.roles,
                        disabled: asked.disabled,
                    };
                    check_last(&administrators, &row, &change)?;
                    Ok((apply(inner, tx, &granted, &row, &change, now)?, row))
                }
                ChangeKind::Reset => {
                    let password = asked.password.unwrap_or_default();
                    write(inner, tx, &granted, id, now, |door| {
                        door.reset_account(id, &password)
                    })?;
                    end_everything(tx, id, now)?;
                    let changed = tx.account(id)?.ok_or(Error::NotFound)?;
                    Ok((view(&changed, None), row))
                }
            }
        });
        let (view, before) = confirmed.await?;
        self.awaited_anew(before).await;
        Ok(view)
    }
}
