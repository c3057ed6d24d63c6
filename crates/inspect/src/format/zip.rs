//! Which kind of package a ZIP is, by the names in it.

use super::Format;

/// So much of a package is looked at for the names of its members.
const LOOKED_AT: usize = 256 * 1_024;

pub(super) fn of(bytes: &[u8]) -> Format {
    let has = |name: &str| contains(bytes, name.as_bytes());
    let first = bytes.get(30..120.min(bytes.len())).unwrap_or_default();
    if first.starts_with(b"mimetype") {
        for (kind, format) in [
            ("application/vnd.oasis.opendocument.text", Format::Odt),
            (
                "application/vnd.oasis.opendocument.spreadsheet",
                Format::Ods,
            ),
            (
                "application/vnd.oasis.opendocument.presentation",
                Format::Odp,
            ),
            ("application/epub+zip", Format::Epub),
        ] {
            if contains(first, kind.as_bytes()) {
                return format;
            }
        }
    }
    if has("OFD.xml") {
        return Format::Ofd;
    }
    if has("[Content_Types].xml") {
        for (name, format) in [
            ("xl/workbook.bin", Format::Xlsb),
            ("xl/", Format::Xlsx),
            ("ppt/", Format::Pptx),
            ("word/", Format::Docx),
            ("FixedDocSeq", Format::Xps),
            ("FixedDocumentSequence", Format::Xps),
        ] {
            if has(name) {
                return format;
            }
        }
    }
    Format::Zip
}

/// Names stand before each member and again at the end.
fn contains(bytes: &[u8], name: &[u8]) -> bool {
    let begin = bytes.get(..LOOKED_AT.min(bytes.len())).unwrap_or_default();
    let end = bytes
        .get(bytes.len().saturating_sub(LOOKED_AT)..)
        .unwrap_or_default();
    memchr::memmem::find(begin, name).is_some() || memchr::memmem::find(end, name).is_some()
}
