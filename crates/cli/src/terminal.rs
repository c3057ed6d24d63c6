//! Where verbs speak: answers and complaints, in the reader's language, as text or JSON lines.

use std::fmt;
use std::io::Write;

use domain::{Language, Text};
use serde_json::{Value, json};

use crate::{Error, codes};

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// JSON, one object a line.
    Json,
}

/// How a verb ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, and nothing is wrong.
    Fine,
    /// Something is wrong with what was looked at, or the server denied it.
    Found,
    /// The work could not be done.
    Failed,
}

impl Exit {
    /// The exit code: 0, 1 or 2.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Found => 1,
            Self::Failed => 2,
        }
    }

    /// The exit of a check.
    #[must_use]
    pub const fn of_check(ok: bool) -> Self {
        if ok { Self::Fine } else { Self::Found }
    }
}

/// The reader's language by the environment's word for it (`zh_CN.UTF-8`).
#[must_use]
pub fn language(lang: Option<&str>) -> Language {
    match lang {
        Some(lang) if lang.starts_with("zh") => Language::Zh,
        Some(_) | None => Language::En,
    }
}

/// Where verbs speak.
pub struct Terminal<'w> {
    out: &'w mut dyn Write,
    err: &'w mut dyn Write,
    language: Language,
    format: Option<Format>,
}

impl fmt::Debug for Terminal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Terminal")
            .field("language", &self.language)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

impl<'w> Terminal<'w> {
    /// A terminal; without a format each verb takes the one it is mostly used with.
    pub fn new(
        out: &'w mut dyn Write,
        err: &'w mut dyn Write,
        language: Language,
        format: Option<Format>,
    ) -> Self {
        Self {
            out,
            err,
            language,
            format,
        }
    }

    /// The reader's language.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// The format asked for, or the verb's own.
    #[must_use]
    pub fn format_or(&self, usual: Format) -> Format {
        self.format.unwrap_or(usual)
    }

    /// Writes one line of the answer.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub fn line(&mut self, line: &str) -> Result<(), Error> {
        writeln!(self.out, "{line}")
            .and_then(|()| self.out.flush())
            .map_err(Error::Output)
    }

    /// Writes one line of the answer in the reader's language.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub fn say(&mut self, text: &Text) -> Result<(), Error> {
        let line = text.in_language(self.language).to_owned();
        self.line(&line)
    }

    /// Writes one JSON object of the answer.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub fn json(&mut self, value: &Value) -> Result<(), Error> {
        self.line(&value.to_string())
    }

    /// Says on the side how far a long verb is. Nobody is left to be told if that fails.
    pub fn note(&mut self, text: &Text) {
        drop(writeln!(self.err, "{}", text.in_language(self.language)));
    }

    /// Says on the side how far it is, on a line that the next word of it takes the place of.
    pub fn progress(&mut self, text: &Text) {
        drop(
            write!(self.err, "\r\u{1b}[K{}", text.in_language(self.language))
                .and_then(|()| self.err.flush()),
        );
    }

    /// Says why a verb did not end well, and how it ended.
    pub fn complain(&mut self, error: &Error) -> Exit {
        let cause = chain(error);
        self.complain_of(error.code(), &error.say(), error.hint().as_ref(), &cause);
        if error.is_denial() {
            Exit::Found
        } else {
            Exit::Failed
        }
    }

    /// Says that something failed, and what to do: what the hint says, or else the table of codes.
    /// Nobody is left to be told if that fails too.
    pub fn complain_of(&mut self, code: &str, say: &Text, hint: Option<&Text>, cause: &str) {
        let hint = hint.cloned().or_else(|| codes::advice(code));
        if self.format == Some(Format::Json) {
            let line = json!({ "code": code, "say": say, "hint": hint, "cause": cause });
            drop(writeln!(self.err, "{line}"));
            return;
        }
        let colon = if cause.is_empty() { "" } else { ": " };
        drop(writeln!(
            self.err,
            "ruping: {}{colon}{cause} [{code}]",
            say.in_language(self.language)
        ));
        if let Some(hint) = hint {
            drop(writeln!(self.err, "  {}", hint.in_language(self.language)));
        }
    }
}

/// What lies under an error, in one line.
fn chain(error: &Error) -> String {
    let mut causes = Vec::new();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    causes.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_names_the_language() {
        for zh in ["zh_CN.UTF-8", "zh", "zh_TW"] {
            assert_eq!(language(Some(zh)), Language::Zh, "{zh}");
        }
        for en in [Some("C"), Some(""), Some("en_US.UTF-8"), None] {
            assert_eq!(language(en), Language::En, "{en:?}");
        }
    }

    #[test]
    fn a_complaint_is_in_the_readers_language_or_json() {
        let told = |language, format| {
            let (mut out, mut err) = (Vec::new(), Vec::new());
            let mut terminal = Terminal::new(&mut out, &mut err, language, format);
            let exit = terminal.complain(&Error::NoLog {
                path: "x/log".into(),
            });
            assert_eq!((exit, exit.code()), (Exit::Failed, 2));
            assert!(out.is_empty(), "answers and complaints do not mix");
            String::from_utf8(err).unwrap()
        };
        let zh = told(Language::Zh, None);
        assert!(
            zh.starts_with("ruping: `x/log` 中没有日志 [cli.no_log]\n  使用"),
            "{zh}"
        );
        let en = told(Language::En, Some(Format::Text));
        assert!(
            en.contains("`x/log` holds no log [cli.no_log]\n  on PostgreSQL"),
            "{en}"
        );
        let json: Value = serde_json::from_str(&told(Language::En, Some(Format::Json))).unwrap();
        assert_eq!(
            (&json["code"], &json["say"]["en"]),
            (&json!("cli.no_log"), &json!("`x/log` holds no log"))
        );
    }
}
