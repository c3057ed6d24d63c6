//! Credentials on their way from the wire to the use cases.

use app::SecretString;
use wire::Credential;

/// Hands a credential over.
pub(crate) fn secret(credential: Credential) -> SecretString {
    SecretString::new(credential.into_text())
}

/// What the server tells once.
pub(crate) fn told(secret: &SecretString) -> Credential {
    Credential::from(secret.expose())
}
