//! Administration of accounts: made by the system administrator, roles by the security administrator
//! . Neither handles business records.

use super::{hash_password, one_time_password};
use crate::{
    caller::Caller,
    core::{App, Inner},
    error::{Error, text},
    log, people,
    views::{AccountView, NewAccountInput},
};
use access::{Act, Granted, Role};
use domain::{AccountId, Timestamp};
use std::collections::BTreeSet;
use store::{AccountRow, NewAccount, Tx};
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

fn view(row: &AccountRow) -> AccountView {
    AccountView {
        id: row.id,
        name: row.name.clone(),
        person: row.person,
        roles: row.roles.clone(),
        disabled: row.disabled,
        locked_until: row.locked_until,
    }
}

impl App {
    /// All accounts.
    pub async fn accounts(&self, caller: &Caller) -> Result<Vec<AccountView>, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            drop(office(inner, tx, &caller, "account.manage_accounts", now)?);
            Ok(tx.accounts()?.iter().map(view).collect())
        })
        .await
    }

    /// Makes an account; its one-time password is told once.
    pub async fn create_account(
        &self,
        caller: &Caller,
        new: NewAccountInput,
    ) -> Result<(AccountView, SecretString), Error> {
        let roles = parse_roles(&new.roles)?;
        if roles.iter().any(|role| *role != Role::Staff) {
            return Err(Error::rule(
                "R-409",
                "SANYUAN",
                "invariant",
                "系统管理员只建账号，角色由安全保密管理员授予",
                "the system administrator makes accounts; roles are the security administrator's",
            ));
        }
        check_name(&new.name)?;
        let password = one_time_password(&self.inner)?;
        let hash = hash_password(&self.inner, &password)?;
        let (caller, now) = (caller.clone(), self.inner.now());
        let made = self
            .transact(move |inner, tx| {
                let granted = office(inner, tx, &caller, "account.manage_accounts", now)?;
                if let Some(person) = new.person {
                    people::must_exist(tx, person)?;
                }
                let id = AccountId::new(now, inner.random()?);
                let row = NewAccount {
                    id,
                    name: new.name,
                    person: new.person,
                    password: hash,
                    roles: roles.iter().map(|role| role.key().to_owned()).collect(),
                    created_at: now,
                };
                let entry = log::account_entry(inner, &granted, id, now)?;
                let added =
                    tx.write::<_, Error>(&granted, |door| Ok((entry, door.insert_account(&row)?)))?;
                if !added {
                    return Err(Error::conflict(
                        "account.exists",
                        "用户名或人员已有账号",
                        "the name is taken or the person has an account already",
                    ));
                }
                tx.account(id)?.as_ref().map(view).ok_or(Error::NotFound)
            })
            .await?;
        Ok((made, password))
    }

    /// Sets roles and switches an account on or off.
    pub async fn set_account(
        &self,
        caller: &Caller,
        id: AccountId,
        roles: Vec<String>,
        disabled: bool,
    ) -> Result<AccountView, Error> {
        let roles = parse_roles(&roles)?;
        let (caller, now) = (caller.clone(), self.inner.now());
        self.transact(move |inner, tx| {
            let granted = office(inner, tx, &caller, "account.manage_roles", now)?;
            if id == caller.account {
                return Err(Error::conflict(
                    "account.own",
                    "不能更改自己的账号",
                    "nobody changes their own account",
                ));
            }
            tx.account(id)?.ok_or(Error::NotFound)?;
            let keys: Vec<String> = roles.iter().map(|role| role.key().to_owned()).collect();
            let entry = log::account_entry(inner, &granted, id, now)?;
            tx.write::<_, Error>(&granted, |door| {
                Ok((entry, door.set_account(id, &keys, disabled)?))
            })?;
            if disabled {
                tx.keep().end_sessions(id, "")?;
            }
            tx.account(id)?.as_ref().map(view).ok_or(Error::NotFound)
        })
        .await
    }
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
