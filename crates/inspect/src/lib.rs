//! Finds secrets inside files: bytes in, a report out.
//!
//! [`inspect`] recognises a file by its content, unpacks it within [`Limits`], extracts its text with the place of every
//! piece, brings the text into one form, asks the [`Rules`] and judges what they found. It opens nothing, calls nobody,
//! never fails and never panics: what it could not read stands in the report as [`Status::Partial`] or
//! [`Status::Unread`] with its [`Cause`]s, which is work for somebody and not "clean". [`Stream`] does the same for what comes
//! piece by piece, and reads plain text of any size.
//!
//! ```
//! use inspect::{Limits, Rules, Status, inspect};
//!
//! let report = inspect("机密★10年\n关于……的通知".as_bytes(), "notice.txt", &Rules::default(), &Limits::default());
//! assert_eq!(report.status, Status::Read);
//! assert!(report.text.contains("机密"));
//! ```

pub mod copies;
mod detect;
mod encoding;
pub mod exact;
mod format;
mod judge;
mod limits;
mod normal;
mod place;
mod read;
mod report;
mod rules;
mod stream;
mod text;

pub use format::Format;
pub use judge::masked;
pub use limits::{Limits, Ocr, Stop};
pub use place::{Part, Place};
pub use report::{Cause, Finding, Kind, Report, Status, Verdict, Where, Why};
pub use rules::{RuleError, Rules, SHOWN};
pub use stream::Stream;
pub use text::Text;

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Reads a file and says what it holds. `name_hint` is its name, if it has one: it is told in places, and helps only
/// where content leaves the choice open (which of two encodings, which dialect of a text).
pub fn inspect(bytes: &[u8], name_hint: &str, rules: &Rules, limits: &Limits) -> Report {
    inspect_as(Format::of(bytes, name_hint), bytes, rules, limits)
}

/// As [`inspect`], by the reader of one format whatever the bytes look like: for programs that try the readers.
#[doc(hidden)]
pub fn inspect_as(format: Format, bytes: &[u8], rules: &Rules, limits: &Limits) -> Report {
    let mut reading = read::Reading::new(limits);
    // WHY: readers of foreign formats lean on libraries; whatever one of them does, a report comes, with what was read
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        read::file_as(format, bytes, &mut reading);
        reading.look_at_pictures();
    }));
    if outcome.is_err() {
        reading.note(Cause::Damaged);
    }
    report::of(format, reading.end(), rules, limits)
}
