//! A text shown to people, in both languages of the product.
//!
//! Both are required everywhere: a missing translation is a load error, not an empty label.

use serde::{Deserialize, Serialize};

/// The languages the product speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Chinese (simplified).
    Zh,
    /// English.
    En,
}

/// One text in Chinese and English.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_are_required() {
        let text: Text = serde_json::from_str(r#"{"zh":"借阅","en":"loan"}"#).unwrap();
        assert_eq!(text, Text::new("借阅", "loan"));
        assert_eq!(text.in_language(Language::Zh), "借阅");
        assert_eq!(text.in_language(Language::En), "loan");
        assert!(serde_json::from_str::<Text>(r#"{"zh":"借阅"}"#).is_err());
        assert!(serde_json::from_str::<Text>(r#"{"zh":"a","en":"b","fr":"c"}"#).is_err());
    }
}
