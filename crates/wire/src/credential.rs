//! Passwords, codes and tokens on their way: the one secret type with `Serialize`, because to be
//! sent is what it is for. It is wiped when dropped and never shown.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};
use zeroize::Zeroizing;

/// A password, code or token as it crosses the wire.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Credential(Zeroizing<String>);

impl Credential {
    /// Takes the text over.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself. Do not copy it into anything that is not wiped.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Gives the text away, to be wiped by whoever takes it.
    #[must_use]
    pub fn into_text(mut self) -> String {
        std::mem::take(&mut *self.0)
    }
}

impl From<String> for Credential {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Credential {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned())
    }
}

impl From<Credential> for String {
    fn from(credential: Credential) -> Self {
        credential.into_text()
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl PartialSchema for Credential {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
            .into()
    }
}

impl ToSchema for Credential {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Credential")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_crosses_the_wire_but_never_shows_itself() {
        let credential: Credential = serde_json::from_str("\"芝麻开门\"").unwrap();
        assert_eq!(credential.expose(), "芝麻开门");
        assert_eq!(format!("{credential:?}"), "[redacted]");
        assert_eq!(serde_json::to_string(&credential).unwrap(), "\"芝麻开门\"");
        assert_eq!(credential.into_text(), "芝麻开门");
    }
}
