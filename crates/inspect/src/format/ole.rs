//! Which program an OLE file is of, by the streams at its root.

use super::Format;
use crate::read::{Compound, ROOT};

pub(super) fn of(bytes: &[u8]) -> Format {
    let Some(compound) = Compound::open(bytes) else {
        return Format::Ole;
    };
    for (name, format) in [
        ("EncryptedPackage", Format::Locked),
        ("__properties_version1.0", Format::Msg),
        ("PowerPoint Document", Format::Ppt),
        ("Workbook", Format::Xls),
        ("WordDocument", Format::Doc),
        ("Book", Format::Xls),
        ("BodyText", Format::Hwp),
    ] {
        if compound.find(ROOT, name).is_some() {
            return format;
        }
    }
    Format::Ole
}
