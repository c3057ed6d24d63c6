//! Archives and tables that have no bytes of their own at a fixed place, or several kinds of them.

use super::Format;
use crate::read::{is_dbf_table, is_tar_header};

/// The mark of an archive that was to be written over several disks.
const SPANNED: &[u8] = b"PK\x07\x08PK\x03\x04";

pub(super) fn of(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(SPANNED) || bytes.starts_with(b"PK00PK\x03\x04") {
        return Some(Format::Zip);
    }
    if bytes.starts_with(b"070702") || matches!(bytes.get(..2), Some([0xC7, 0x71] | [0x71, 0xC7])) {
        return Some(Format::Cpio);
    }
    if is_tar_header(bytes) {
        return Some(Format::Tar);
    }
    is_dbf_table(bytes).then_some(Format::Dbf)
}
