//! Programs: not read, but for archives that they carry to unpack themselves.

use memchr::memmem;

use crate::read::{Fault, Outcome, Reading};
use crate::report::Cause;

/// How archives begin that programs carry.
const ARCHIVES: &[&[u8]] = &[
    b"7z\xbc\xaf\x27\x1c\x00",
    b"Rar!\x1a\x07\x00",
    b"Rar!\x1a\x07\x01\x00",
    b"PK\x03\x04",
    b"MSCF\x00\x00\x00\x00",
];

/// Programs have the marks of archives among their own words, so more than one is tried.
const TRIED: usize = 4;

pub(in crate::read) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    for magic in ARCHIVES {
        for at in memmem::find_iter(bytes, magic).take(TRIED) {
            into.look()?;
            let inside = bytes.get(at..).unwrap_or_default();
            into.member(&format!("archive at {at}"))?;
            into.inside("archive", inside)?;
        }
    }
    Err(Fault(Cause::UnknownFormat))
}
