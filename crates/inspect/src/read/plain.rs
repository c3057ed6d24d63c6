//! Plain text.

use super::{Fault, Outcome, Reading};
use crate::encoding::{decode, guess};
use crate::report::Cause;

pub(super) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let Some(coding) = guess(bytes) else {
        return Err(Fault(Cause::UnknownFormat));
    };
    let looked_at = bytes.get(..into.limits().input.min(bytes.len()));
    let whole = decode(looked_at.unwrap_or_default(), coding, &mut |text| {
        into.write(text)
    })?;
    if !whole {
        into.note(Cause::Damaged);
    }
    if looked_at.is_none_or(|looked_at| looked_at.len() < bytes.len()) {
        into.note(Cause::TooBig);
    }
    Ok(())
}
