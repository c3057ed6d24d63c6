//! Who is asking: an account, the person behind it, his units, clearance and roles.
//!
//! The caller builds it anew for every request, inside the committing transaction for writes, so
//! that a clearance lost a moment ago is gone at the next statement. Nothing here may be cached
//! across requests.

use std::collections::BTreeSet;

use domain::{AccountId, Actor, Clearance, PersonId, Scope, UnitId};

use crate::{Role, RoleConflict, check_roles};

/// Somebody who asks to know or to act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The account he came with.
    pub account: AccountId,
    /// The person behind it; `None` for a program's account.
    pub person: Option<PersonId>,
    /// The person's units: his own and all their ancestors.
    pub units: BTreeSet<UnitId>,
    /// What the person is cleared for today: post, review, training, pledge and status counted.
    pub clearance: Clearance,
    /// The account's roles.
    pub roles: BTreeSet<Role>,
}

impl Viewer {
    /// Whether the account holds this role.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether the account is one of the three administrators, whatever else it holds.
    pub fn is_administrator(&self) -> bool {
        self.roles.iter().any(|role| role.is_administrator())
    }

    /// Whether the account takes part in the business: some business role and no administrator's.
    /// An account without any role takes part in nothing.
    pub fn is_business(&self) -> bool {
        !self.roles.is_empty() && !self.is_administrator()
    }

    /// Whether the roles may be held together.
    pub fn check_roles(&self) -> Result<(), RoleConflict> {
        check_roles(&self.roles)
    }

    /// Whether the scope contains the viewer. Only a person can be named by a scope; a program's
    /// account is inside none but the scope of everyone.
    pub fn is_inside(&self, scope: &Scope) -> bool {
        match self.person {
            Some(person) => scope.contains(person, &self.units),
            None => scope.is_everyone(),
        }
    }

    /// The viewer as log entries name it.
    pub fn actor(&self) -> Actor {
        Actor::Account(self.account, self.person)
    }
}
