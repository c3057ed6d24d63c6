//! What is said to people, in both languages at once: the reader's program chooses.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One text in Chinese and English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Text {
    /// Chinese (simplified).
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Puts the two languages together.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// The text in one language.
    #[must_use]
    pub fn in_language(&self, language: domain::Language) -> &str {
        match language {
            domain::Language::Zh => &self.zh,
            domain::Language::En => &self.en,
        }
    }
}

impl From<domain::Text> for Text {
    fn from(text: domain::Text) -> Self {
        Self {
            zh: text.zh,
            en: text.en,
        }
    }
}
