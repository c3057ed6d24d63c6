//! OLE.
use super::{Fault, Outcome, Reading};
use crate::report::Cause;
pub(super) fn read(_bytes: &[u8], _into: &mut Reading<'_>) -> Outcome {
    Err(Fault(Cause::UnknownFormat))
}
