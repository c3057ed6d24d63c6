//! Plain text.

use super::{Outcome, Reading};

pub(super) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    into.write(&String::from_utf8_lossy(bytes))
}
