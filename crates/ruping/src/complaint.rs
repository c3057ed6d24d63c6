//! What the program itself has to complain of before anything is opened: arguments, configuration,
//! the test clock. Each has a stable code and says in both languages what to do.

use domain::Text;

/// A complaint.
#[derive(Debug, thiserror::Error)]
#[error("{}", say.en)]
pub(crate) struct Complaint {
    pub(crate) code: &'static str,
    pub(crate) say: Text,
}

impl Complaint {
    pub(crate) fn new(code: &'static str, zh: &str, en: &str) -> Self {
        Self {
            code,
            say: Text::new(zh, en),
        }
    }
}
