//! Accounts and tokens, as administrators and programs deal with them.

use domain::{AccountId, PersonId, Timestamp};
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
    /// Role keys.
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
    /// Switched off; its sessions end.
    pub disabled: bool,
}

/// A token to be made for a program that acts as the caller.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// What it may do; empty: what the account may do.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

/// A token that was made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TokenMade {
    /// The token, told once: `Authorization: Bearer …`.
    pub token: Credential,
}
