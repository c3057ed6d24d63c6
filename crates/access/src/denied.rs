//! Refusals, with what a person may be told about them.
//!
//! Where existence itself is hidden the refusal says "not found" and nothing else: no rule, no
//! policy, no role. Every other refusal names its policy, rule and clause in both languages, so
//! that the person knows whom to ask. A refusal never quotes the record.

use domain::Text;

use crate::{Kind, RoleConflict};

/// A refusal by policy, with what it may say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The id of the policy; empty where no policy covers the act at all.
    pub policy: String,
    /// The rule the policy carries out (`R-407`), or the site's own name for it.
    pub rule: Option<String>,
    /// Where the rule comes from (`LAW 16`).
    pub clause: Option<String>,
    /// What to tell the person.
    pub say: Text,
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The viewer may not know that it exists. Answered like a record that is not there.
    #[error("not found")]
    Hidden,
    /// The account holds roles that exclude each other; until that is mended it may do nothing.
    #[error(transparent)]
    RoleConflict(#[from] RoleConflict),
    /// A policy forbids the act.
    #[error("forbidden by policy `{}`", .0.policy)]
    Policy(Box<Refusal>),
    /// The act is allowed as soon as the account has proved itself a second time.
    #[error("policy `{}` asks for a second proof of identity", .0.policy)]
    StepUp(Box<Refusal>),
    /// No policy allows the act to this viewer; the refusal names the one that allows it to
    /// others.
    #[error("no policy permits `{}`", .kind.key())]
    Role {
        /// What was to be done.
        kind: Kind,
        /// Whom it is allowed to instead.
        refusal: Box<Refusal>,
    },
    /// A policy could not be evaluated, so nothing is allowed.
    #[error("policy `{policy}` could not be evaluated")]
    Unsettled {
        /// The id of the policy that failed.
        policy: String,
    },
    /// The product does not do such an act on its own.
    #[error("the system does not perform `{}` on its own", .kind.key())]
    NotBySystem {
        /// What was to be done.
        kind: Kind,
    },
}

impl Denied {
    /// The stable dotted code clients translate by. That of [`Denied::Hidden`] must also be the
    /// caller's code for a record that is not there.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Hidden => "record.not_found",
            Self::RoleConflict(conflict) => conflict.code(),
            Self::Policy(_) => "access.policy",
            Self::StepUp(_) => "access.step_up_required",
            Self::Role { .. } => "access.role_required",
            Self::Unsettled { .. } => "access.policy_unsettled",
            Self::NotBySystem { .. } => "access.not_by_system",
        }
    }

    /// What to tell the person.
    pub fn say(&self) -> Text {
        match self {
            Self::Hidden => Text::new("未找到", "not found"),
            Self::RoleConflict(conflict) => conflict.say(),
            Self::Policy(refusal) | Self::StepUp(refusal) | Self::Role { refusal, .. } => {
                refusal.say.clone()
            }
            Self::Unsettled { policy } => Text::new(
                format!("策略 {policy} 无法判定，操作已拒绝，请联系安全管理员"),
                format!(
                    "policy {policy} could not be evaluated, so the act is refused; ask the security administrator"
                ),
            ),
            Self::NotBySystem { .. } => Text::new(
                "系统不会自行办理此事项",
                "the system does not do this on its own",
            ),
        }
    }

    /// The rule behind the refusal, unless existence itself is hidden.
    pub fn rule(&self) -> Option<&str> {
        match self {
            Self::RoleConflict(conflict) => Some(conflict.rule()),
            Self::Policy(refusal) | Self::StepUp(refusal) | Self::Role { refusal, .. } => {
                refusal.rule.as_deref()
            }
            Self::Hidden | Self::Unsettled { .. } | Self::NotBySystem { .. } => None,
        }
    }

    /// Where the rule comes from, unless existence itself is hidden.
    pub fn clause(&self) -> Option<&str> {
        match self {
            Self::RoleConflict(conflict) => Some(conflict.clause()),
            Self::Policy(refusal) | Self::StepUp(refusal) | Self::Role { refusal, .. } => {
                refusal.clause.as_deref()
            }
            Self::Hidden | Self::Unsettled { .. } | Self::NotBySystem { .. } => None,
        }
    }

    /// The id of the policy behind the refusal, if one is.
    pub fn policy(&self) -> Option<&str> {
        match self {
            Self::Policy(refusal) | Self::StepUp(refusal) | Self::Role { refusal, .. } => {
                Some(refusal.policy.as_str()).filter(|policy| !policy.is_empty())
            }
            Self::Unsettled { policy } => Some(policy),
            Self::Hidden | Self::RoleConflict(_) | Self::NotBySystem { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::Role;

    fn refusal(policy: &str, rule: Option<&str>) -> Box<Refusal> {
        Box::new(Refusal {
            policy: policy.to_owned(),
            rule: rule.map(str::to_owned),
            clause: rule.map(|_| "LAW 16".to_owned()),
            say: Text::new("说明", "words"),
        })
    }

    /// Every refusal, with everything it may say.
    #[test]
    fn the_catalogue_of_denials() {
        let conflict = RoleConflict::Administrators {
            first: Role::SystemAdmin,
            second: Role::AuditAdmin,
        };
        let all = [
            Denied::Hidden,
            Denied::RoleConflict(conflict),
            Denied::Policy(refusal("separation.no_business", Some("R-407"))),
            Denied::StepUp(refusal("step_up.irreversible", Some("invariant"))),
            Denied::Role {
                kind: Kind::Lend,
                refusal: refusal("custody.keep", Some("R-201")),
            },
            Denied::Role {
                kind: Kind::Lend,
                refusal: refusal("", None),
            },
            Denied::Unsettled {
                policy: "site.hours".to_owned(),
            },
            Denied::NotBySystem {
                kind: Kind::Approve,
            },
        ];
        let mut text = String::new();
        for denied in all {
            let (rule, clause, policy) = (denied.rule(), denied.clause(), denied.policy());
            let say = denied.say();
            writeln!(text, "{}: {denied}", denied.code()).unwrap();
            writeln!(text, "  {} / {}", say.zh, say.en).unwrap();
            writeln!(
                text,
                "  rule {rule:?}, clause {clause:?}, policy {policy:?}"
            )
            .unwrap();
        }
        insta::assert_snapshot!("denials", text);
    }
}
