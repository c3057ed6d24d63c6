//! Administration of accounts: made by the system administrator, roles by the security administrator
//! . Neither handles business records, and none of them alone can become another.

use super::{one_time_password, pair};
use crate::{
    caller::Caller,
    core::{App, Inner},
    error::{Error, text},
    kept, log, people,
    views::{AccountView, NewAccountInput},
};
use access::{Act, Granted, Role};
use domain::{AccountId, Timestamp};
use std::collections::BTreeSet;
use store::{AccountRow, ChangeRow, NewAccount, Tx, Write};
use vault::SecretString;

/// A grant for an act that concerns no record.
pub(crate) fn office(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    action: &'static str,
    now: Timestamp,
) -> Result<Granted, Error> {
    let viewer = people::viewer(inner, tx, caller, now)?;
    let mut act = Act::new(action, "account", "office");
    act.step_up = caller.stepped_up(now);
    access::decide_office(&viewer, &act, &inner.policies).map_err(|denied| Error::denied(&denied))
}

/// Any of the three administrators: each has to see the accounts the other two deal with.
pub(crate) fn overseer(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    now: Timestamp,
) -> Result<Granted, Error> {
    office(inner, tx, caller, "account.manage_accounts", now)
        .or_else(|_| office(inner, tx, caller, "account.read_log", now))
}

fn parse_roles(keys: &[String]) -> Result<BTreeSet<Role>, Error> {
    let roles: Result<BTreeSet<Role>, _> = keys.iter().map(|key| Role::parse_key(key)).collect();
    let roles = roles
        .map_err(|_| Error::malformed("account.role", "没有这个角色", "there is no such role"))?;
    access::check_roles(&roles).map_err(|conflict| {
        Error::rule(
            conflict.rule(),
            conflict.clause(),
            "S",
            &conflict.say().zh,
            &conflict.say().en,
        )
    })?;
    Ok(roles)
}

/// The side of the house that roles which may be held together are on: the business, or one of the
/// three administrators.
pub(crate) fn side(roles: &BTreeSet<Role>) -> Option<&'static str> {
    let administrator = roles.iter().find(|role| role.is_administrator());
    match administrator {
        Some(role) => Some(role.key()),
        None => (!roles.is_empty()).then_some("business"),
    }
}

/// An account stays on the side on which it first had a role: else two changes, one after the
/// other, would gather in one hand what keep apart.
fn check_side(row: &AccountRow, roles: &BTreeSet<Role>) -> Result<(), Error> {
    match (row.side.as_deref(), side(roles)) {
        (Some(before), Some(after)) if before != after => {
            let rule = if before == "business" || after == "business" {
                "R-407"
            } else {
                "R-406"
            };
            Err(Error::rule(
                rule,
                "SANYUAN",
                "S",
                "该账号曾任另一方的职责；新职责须用新账号",
                "the account has had duties on another side; a new duty needs a new account",
            ))
        }
        _ => Ok(()),
    }
}

/// An account as administrators see it.
pub(super) fn view(row: &AccountRow, waiting: Option<&ChangeRow>) -> AccountView {
    AccountView {
        id: row.id,
        name: row.name.clone(),
        person: row.person,
        roles: row.roles.clone(),
        disabled: row.disabled,
        locked_until: row.locked_until,
        totp: row.totp.is_some(),
        waiting: waiting.map(pair::waiting),
    }
}

impl App {
    /// All accounts.
    pub async fn accounts(&self, caller: &Caller) -> Result<Vec<AccountView>, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            drop(overseer(inner, tx, &caller, now)?);
            let waiting = tx.account_changes()?;
            let of = |id| waiting.iter().find(|change| change.account == id);
            Ok(tx
                .accounts()?
                .iter()
                .map(|row| view(row, of(row.id)))
                .collect())
        })
        .await
    }

    /// Makes an account without roles; its one-time password is told once.
    pub async fn create_account(
        &self,
        caller: &Caller,
        new: NewAccountInput,
    ) -> Result<(AccountView, SecretString), Error> {
        self.read_tx({
            let (caller, now) = (caller.clone(), self.inner.now());
            move |inner, tx| office(inner, tx, &caller, "account.manage_accounts", now).map(drop)
        })
        .await?;
        if !parse_roles(&new.roles)?.is_empty() {
            return Err(Error::rule(
                "R-409",
                "SANYUAN",
                "invariant",
                "系统管理员只建账号，角色由安全管理员授予",
                "the system administrator makes accounts; roles are the security administrator's",
            ));
        }
        check_name(&new.name)?;
        let password = one_time_password(&self.inner)?;
        let hash = self
            .hash(SecretString::new(password.expose().to_owned()))
            .await?;
        let (caller, now) = (caller.clone(), self.inner.now());
        let made = self
            .transact(move |inner, tx| {
                let granted = office(inner, tx, &caller, "account.manage_accounts", now)?;
                if let Some(person) = new.person {
                    people::must_exist(tx, person)?;
                }
                let row = NewAccount {
                    id: AccountId::new(now, inner.random()?),
                    name: new.name,
                    person: new.person,
                    password: hash,
                    roles: Vec::new(),
                    side: None,
                    created_at: now,
                };
                insert(inner, tx, &granted, &row)
            })
            .await?;
        Ok((made, password))
    }

    /// Sets roles and switches an account on or off. What would silence an auditor waits for the
    /// system administrator.
    pub async fn set_account(
        &self,
        caller: &Caller,
        id: AccountId,
        roles: Vec<String>,
        disabled: bool,
    ) -> Result<AccountView, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        let changed = self.transact(move |inner, tx| {
            let granted = office(inner, tx, &caller, "account.manage_roles", now)?;
            let roles = parse_roles(&roles)?;
            not_own(&caller, id)?;
            let administrators = tx.lock_administrators()?;
            let row = tx.lock_account(id)?.ok_or(Error::NotFound)?;
            check_side(&row, &roles)?;
            let change = Change {
                roles: roles.iter().map(|role| role.key().to_owned()).collect(),
                disabled,
            };
            check_last(&administrators, &row, &change)?;
            if change.takes_away(&row, Role::AuditAdmin) {
                let asks = (&granted, caller.account);
                let view = pair::ask_roles(inner, tx, asks, &row, &change, now)?;
                return Ok((view, row));
            }
            Ok((apply(inner, tx, &granted, &row, &change, now)?, row))
        });
        let (view, before) = changed.await?;
        self.awaited_anew(before).await;
        Ok(view)
    }

    /// What waits for an account, now that it is no longer what it was. WHY: in transactions of
    /// its own, after the change, for whoever decides locks a record before an account; what fails
    /// here is made up for in the next round.
    pub(super) async fn awaited_anew(&self, before: AccountRow) {
        let id = before.id;
        let now = self.read_tx(move |_, tx| Ok(tx.account(id)?)).await;
        let done = match now {
            Ok(now) => {
                let both: Vec<AccountRow> = now.into_iter().chain([before]).collect();
                self.reassess_for(&both).await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = done {
            tracing::error!(%error, "who decides what waits was not looked at again");
        }
    }
}

fn insert(
    inner: &Inner,
    tx: &mut Tx<'_>,
    granted: &Granted,
    row: &NewAccount,
) -> Result<AccountView, Error> {
    let entry = log::account_entry(inner, granted, row.id, row.created_at)?;
    let added = tx.write::<_, Error>(granted, |door| Ok((entry, door.insert_account(row)?)))?;
    if !added {
        return Err(Error::conflict(
            "account.exists",
            "用户名或人员已有账号",
            "the name is taken or the person has an account already",
        ));
    }
    let made = tx.account(row.id)?.ok_or(Error::NotFound)?;
    Ok(view(&made, None))
}

/// Nobody changes their own account.
pub(super) fn not_own(caller: &Caller, id: AccountId) -> Result<(), Error> {
    if id != caller.account {
        return Ok(());
    }
    Err(Error::conflict(
        "account.own",
        "不能更改自己的账号",
        "nobody changes their own account",
    ))
}

/// What an account shall be from now on.
pub(super) struct Change {
    pub(super) roles: Vec<String>,
    pub(super) disabled: bool,
}

impl Change {
    /// Whether somebody who can act in a role now could not any more.
    fn takes_away(&self, row: &AccountRow, role: Role) -> bool {
        let has = |roles: &[String]| roles.iter().any(|key| key == role.key());
        has(&row.roles) && !row.disabled && (self.disabled || !has(&self.roles))
    }
}

/// Each of the three administrators stays: the last one of a kind is not taken away.
pub(super) fn check_last(
    administrators: &[AccountRow],
    row: &AccountRow,
    change: &Change,
) -> Result<(), Error> {
    let lost = Role::ALL
        .into_iter()
        .filter(|role| role.is_administrator() && change.takes_away(row, *role));
    for role in lost {
        let another = administrators.iter().any(|other| {
            other.id != row.id
                && !other.disabled
                && !other.must_change
                && other.roles.iter().any(|key| key == role.key())
        });
        if !another {
            return Err(Error::Conflict {
                code: "account.last_administrator",
                say: text(
                    "这是最后一名在用的该类管理员，须先另设一名并由其登录过",
                    "this is the last administrator of its kind; first let another one log in",
                ),
            });
        }
    }
    Ok(())
}

/// Makes a change; what the account could do until now ends with its sessions and tokens.
pub(super) fn apply(
    inner: &Inner,
    tx: &mut Tx<'_>,
    granted: &Granted,
    row: &AccountRow,
    change: &Change,
    now: Timestamp,
) -> Result<AccountView, Error> {
    let roles: BTreeSet<Role> = change
        .roles
        .iter()
        .filter_map(|key| Role::parse_key(key).ok())
        .collect();
    let side = side(&roles).or(row.side.as_deref());
    write(inner, tx, granted, row.id, now, |door| {
        door.set_account(row.id, &change.roles, side, change.disabled)
    })?;
    if change.roles != row.roles || change.disabled {
        end_everything(tx, row.id, now)?;
    }
    if change.disabled {
        kept::forget_drafts(tx, row.id)?;
    }
    let changed = tx.account(row.id)?.ok_or(Error::NotFound)?;
    Ok(view(&changed, None))
}

/// Writes a change of an account with its entry; nothing waits for the account any more.
pub(super) fn write(
    inner: &Inner,
    tx: &mut Tx<'_>,
    granted: &Granted,
    id: AccountId,
    now: Timestamp,
    change: impl FnOnce(&mut Write<'_, '_>) -> Result<(), store::Error>,
) -> Result<(), Error> {
    let entry = log::account_entry(inner, granted, id, now)?;
    tx.write::<_, Error>(granted, |door| {
        door.drop_account_change(id)?;
        change(door)?;
        Ok((entry, ()))
    })
}

/// Ends every session and token of an account.
pub(super) fn end_everything(tx: &mut Tx<'_>, id: AccountId, now: Timestamp) -> Result<(), Error> {
    let mut keep = tx.keep();
    keep.end_sessions(id, "")?;
    Ok(keep.revoke_tokens(id, now)?)
}

fn check_name(name: &str) -> Result<(), Error> {
    let fits = (2..=64).contains(&name.chars().count())
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
    if fits {
        return Ok(());
    }
    Err(Error::Malformed {
        code: "account.name",
        say: text(
            "用户名为 2 至 64 个字母、汉字、数字或 . _ -",
            "a name has 2 to 64 letters, digits or . _ -",
        ),
    })
}
