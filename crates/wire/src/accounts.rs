//! Accounts and tokens, as administrators and programs deal with them.

use domain::{AccountId, PersonId, Timestamp, TokenId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Credential;

/// An account as administrators see it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Account {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: AccountId,
    /// Login name.
    pub name: String,
    /// The person behind it.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub person: Option<PersonId>,
    /// Role keys.
    pub roles: Vec<String>,
    /// Switched off.
    pub disabled: bool,
    /// Locked after failed logins, until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub locked_until: Option<Timestamp>,
    /// Whether a second factor is set up.
    pub totp: bool,
    /// A change that waits for a second administrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<WaitingChange>,
}

/// A change of an account that one administrator asked for and another has to confirm.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WaitingChange {
    /// `roles` or `reset`.
    pub kind: String,
    /// Role keys it would have.
    pub roles: Vec<String>,
    /// Whether it would be switched off.
    pub disabled: bool,
    /// Who asked.
    #[schema(value_type = String, format = "uuid")]
    pub asked_by: AccountId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// An account to be made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// Login name.
    pub name: String,
    /// The person behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub person: Option<PersonId>,
    /// Stays empty: roles are given by the security administrator, to the account once it is there.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// An account that was made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountMade {
    /// The account.
    pub account: Account,
    /// Its one-time password, told once.
    pub password: Credential,
}

/// What an account shall be from now on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    /// All its role keys.
    pub roles: Vec<String>,
    /// Switched off; its sessions and tokens end.
    pub disabled: bool,
}

/// A token to be made for a program that acts as the caller.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// What it may do: `read`, `open` (files), `act`, `log`; at least one.
    pub scopes: Vec<String>,
    /// When it ends; within a year.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// A program's token, as its owner and the security administrator see it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Token {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: TokenId,
    /// Whose it is.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
    /// What it is for.
    pub name: String,
    /// How it begins.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// When it was last used, give or take a minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub used_at: Option<Timestamp>,
}

/// A token that was made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TokenMade {
    /// The token, told once: `Authorization: Bearer …`.
    pub token: Credential,
    /// What can be seen of it later.
    pub made: Token,
}
