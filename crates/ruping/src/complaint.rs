//! What the program itself has to complain of before anything is opened: arguments, configuration,
//! the test clock. Each has a stable code and says in both languages what to do.

use domain::Text;
use std::borrow::Cow;

/// A complaint.
#[derive(Debug, thiserror::Error)]
#[error("{}", say.en)]
pub(crate) struct Complaint {
    pub(crate) code: Cow<'static, str>,
    pub(crate) say: Text,
}

impl Complaint {
    pub(crate) fn new(code: &'static str, zh: &str, en: &str) -> Self {
        Self {
            code: code.into(),
            say: Text::new(zh, en),
        }
    }

    /// What another `ruping` complained of, run with `--format json`.
    pub(crate) fn of_child(stderr: &[u8]) -> Option<Self> {
        let lines = stderr.split(|byte| *byte == b'\n');
        let told = lines.rev().find_map(|line| {
            let told: serde_json::Value = serde_json::from_slice(line).ok()?;
            told.get("code").is_some().then_some(told)
        })?;
        let text = |pointer: &str| Some(told.pointer(pointer)?.as_str()?.to_owned());
        Some(Self {
            code: text("/code")?.into(),
            say: Text::new(text("/say/zh")?, text("/say/en")?),
        })
    }
}
