//! Which program an OLE file is of, by the names in its directory.

use super::Format;

pub(super) fn of(bytes: &[u8]) -> Format {
    for (name, format) in [
        ("EncryptedPackage", Format::Locked),
        ("__properties_version1.0", Format::Msg),
        ("PowerPoint Document", Format::Ppt),
        ("Workbook", Format::Xls),
        ("WordDocument", Format::Doc),
        ("Book", Format::Xls),
        ("BodyText", Format::Hwp),
    ] {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        if memchr::memmem::find(bytes, &wide).is_some() {
            return format;
        }
    }
    Format::Ole
}
