//! The roles of an account, and which of them exclude each other (R-405..R-409).
//!
//! A role says which duty somebody has in confidentiality work; it never says what they may
//! know, which is clearance and ground. The three administrators 三员 run the system and handle
//! no business records. Which acts a role carries is written in the policies, not here.

use std::collections::BTreeSet;

use domain::Text;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Error;
use crate::error::quoted;

/// A duty an account holds. The list is closed because policies and code reason about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 工作人员: everybody who works with what is kept secret.
    Staff,
    /// 保密员: keeps the registers and the carriers.
    Registrar,
    /// 定密责任人: decides level, period and scope.
    Classifier,
    /// 领导: approves, and answers for the unit.
    Leader,
    /// 保密办负责人: heads the confidentiality office.
    OfficeHead,
    /// 系统管理员: runs and installs, makes accounts, backs up.
    SystemAdmin,
    /// 安全管理员: rights and policy, security events.
    SecurityAdmin,
    /// 安全审计员: audits the other two.
    AuditAdmin,
}

impl Role {
    /// Every role, the business ones first.
    pub const ALL: [Self; 8] = [
        Self::Staff,
        Self::Registrar,
        Self::Classifier,
        Self::Leader,
        Self::OfficeHead,
        Self::SystemAdmin,
        Self::SecurityAdmin,
        Self::AuditAdmin,
    ];

    /// The stable key: what definitions, policies, the API and entries say.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Registrar => "registrar",
            Self::Classifier => "classifier",
            Self::Leader => "leader",
            Self::OfficeHead => "office_head",
            Self::SystemAdmin => "system_admin",
            Self::SecurityAdmin => "security_admin",
            Self::AuditAdmin => "audit_admin",
        }
    }

    /// Finds a role by its key.
    pub fn parse_key(key: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|role| role.key() == key)
            .ok_or_else(|| Error::Role { value: quoted(key) })
    }

    /// The role's name as shown to people.
    pub fn name(self) -> Text {
        match self {
            Self::Staff => Text::new("工作人员", "staff"),
            Self::Registrar => Text::new("保密员", "registrar"),
            Self::Classifier => Text::new("定密责任人", "classifier"),
            Self::Leader => Text::new("领导", "leader"),
            Self::OfficeHead => Text::new("保密办负责人", "head of the confidentiality office"),
            Self::SystemAdmin => Text::new("系统管理员", "system administrator"),
            Self::SecurityAdmin => Text::new("安全管理员", "security administrator"),
            Self::AuditAdmin => Text::new("安全审计员", "audit administrator"),
        }
    }

    /// Whether this is one of the three administrators 三员.
    pub const fn is_administrator(self) -> bool {
        match self {
            Self::SystemAdmin | Self::SecurityAdmin | Self::AuditAdmin => true,
            Self::Staff | Self::Registrar | Self::Classifier | Self::Leader | Self::OfficeHead => {
                false
            }
        }
    }
}

impl std::str::FromStr for Role {
    type Err = Error;

    fn from_str(key: &str) -> Result<Self, Error> {
        Self::parse_key(key)
    }
}

impl Serialize for Role {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

impl<'de> Deserialize<'de> for Role {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse_key(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// Two roles that one account may not hold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RoleConflict {
    /// Two of the three administrators (R-406; the safer default: all three differ).
    #[error(
        "`{}` and `{}` exclude each other: the three administrators are three persons (R-406)",
        first.key(),
        second.key()
    )]
    Administrators {
        /// One administrator.
        first: Role,
        /// The other.
        second: Role,
    },
    /// An administrator with a duty in the business he must not see.
    #[error(
        "`{}` excludes `{}`: administrators handle no business records (R-407)",
        administrator.key(),
        business.key()
    )]
    AdministratorInBusiness {
        /// The administrator's role.
        administrator: Role,
        /// The business role beside it.
        business: Role,
    },
}

impl RoleConflict {
    /// The stable dotted code clients translate by.
    pub const fn code(&self) -> &'static str {
        "access.role_conflict"
    }

    /// The rule that separates the two.
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Administrators { .. } => "R-406",
            Self::AdministratorInBusiness { .. } => "R-407",
        }
    }

    /// Where the rule comes from.
    pub const fn clause(&self) -> &'static str {
        "SANYUAN"
    }

    /// What to tell the person who assigns roles.
    pub fn say(&self) -> Text {
        match self {
            Self::Administrators { first, second } => {
                let (first, second) = (first.name(), second.name());
                Text::new(
                    format!("{}与{}不得由同一人担任", first.zh, second.zh),
                    format!("{} and {} must be two persons", first.en, second.en),
                )
            }
            Self::AdministratorInBusiness {
                administrator,
                business,
            } => {
                let (administrator, business) = (administrator.name(), business.name());
                Text::new(
                    format!("{}不得兼任{}", administrator.zh, business.zh),
                    format!("{} may not also be {}", administrator.en, business.en),
                )
            }
        }
    }
}

/// Checks that one account may hold these roles together: the three administrators exclude each
/// other and every business role, staff included. Names the first pair found.
pub fn check_roles(roles: &BTreeSet<Role>) -> Result<(), RoleConflict> {
    let mut administrators = roles.iter().copied().filter(|role| role.is_administrator());
    let Some(administrator) = administrators.next() else {
        return Ok(());
    };
    if let Some(second) = administrators.next() {
        return Err(RoleConflict::Administrators {
            first: administrator,
            second,
        });
    }
    match roles.iter().copied().find(|role| !role.is_administrator()) {
        Some(business) => Err(RoleConflict::AdministratorInBusiness {
            administrator,
            business,
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_stable_and_read_back() {
        for role in Role::ALL {
            assert_eq!(role.key().parse::<Role>().unwrap(), role);
            let json = serde_json::to_string(&role).unwrap();
            assert_eq!(serde_json::from_str::<Role>(&json).unwrap(), role);
        }
        let error = Role::parse_key("auditor").unwrap_err();
        assert_eq!(error.to_string(), "`auditor` is not a role");
        assert_eq!(error.code(), "access.role");
    }

    #[test]
    fn r406_and_r407_separate_the_administrators_for_every_pair_of_roles() {
        for first in Role::ALL {
            assert_eq!(check_roles(&BTreeSet::from([first])), Ok(()));
            for second in Role::ALL {
                let conflict = check_roles(&BTreeSet::from([first, second])).err();
                let expected = match (first.is_administrator(), second.is_administrator()) {
                    (false, false) => None,
                    (true, true) if first == second => None,
                    (true, true) => Some("R-406"),
                    (true, false) | (false, true) => Some("R-407"),
                };
                assert_eq!(conflict.map(|c| c.rule()), expected, "{first:?} {second:?}");
            }
        }
        assert_eq!(check_roles(&BTreeSet::new()), Ok(()));
    }

    #[test]
    fn r407_an_administrator_may_not_even_be_staff() {
        let roles = BTreeSet::from([Role::Staff, Role::AuditAdmin]);
        let conflict = check_roles(&roles).unwrap_err();
        assert_eq!(
            conflict.to_string(),
            "`audit_admin` excludes `staff`: administrators handle no business records (R-407)"
        );
        assert_eq!(conflict.say().zh, "安全审计员不得兼任工作人员");
        assert_eq!(conflict.clause(), "SANYUAN");
    }

    #[test]
    fn business_roles_may_be_held_together() {
        let roles = BTreeSet::from([Role::Staff, Role::Registrar, Role::Leader, Role::OfficeHead]);
        assert_eq!(check_roles(&roles), Ok(()));
    }
}
