//! Logging in and out, and one's own account.

use domain::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Credential, NamedPerson};

/// Opens a session.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// Login name.
    pub name: String,
    /// Password.
    pub password: Credential,
    /// Six-digit code, once a second factor is set up, or a recovery code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otp: Option<Credential>,
}

/// An open session. Its token travels in the cookie `ruping_session` alone.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Whose it is.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
    /// What unsafe requests must carry in `X-CSRF-Token`.
    pub csrf: String,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// The password has to be changed before anything else is allowed.
    pub must_change: bool,
}

/// Proves anew who sits there: by code, or by password where no second factor is set up.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepUp {
    /// Password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Credential>,
    /// Six-digit code, or a recovery code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otp: Option<Credential>,
}

/// Until when the proof counts as fresh.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SteppedUp {
    /// Until then.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

/// Changes one's own password.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password so far.
    pub old: Credential,
    /// The new one.
    pub new: Credential,
}

/// A second factor that is being set up; told once, in force after its first right code.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TotpEnrolment {
    /// The secret in base32.
    pub secret: Credential,
    /// The same as an `otpauth:` address, for a QR code.
    pub url: Credential,
}

/// The first code of a second factor that is being set up.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TotpConfirmation {
    /// Six-digit code.
    pub code: Credential,
}

/// Codes that each stand in once for a lost second factor; told once.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RecoveryCodes {
    /// The codes.
    pub codes: Vec<Credential>,
}

/// Who is logged in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// The account.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
    /// Login name.
    pub name: String,
    /// The person behind it.
    pub person: Option<NamedPerson>,
    /// Role keys.
    pub roles: Vec<String>,
    /// The password has to be changed first.
    pub must_change: bool,
    /// Whether a second factor is set up.
    pub totp: bool,
    /// Highest levels this installation may hold, at most one per family, joined by commas.
    pub max_level: String,
    /// What unsafe requests of this session must carry in `X-CSRF-Token`; none for a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csrf: Option<String>,
}
