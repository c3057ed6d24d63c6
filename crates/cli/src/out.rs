//! Lines on standard output; a closed pipe ends the telling, not the program.

use std::io::Write;

pub(crate) fn line(text: &str) {
    drop(writeln!(std::io::stdout().lock(), "{text}"));
}
