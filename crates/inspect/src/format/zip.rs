//! Which kind of package a ZIP is, by the names of its members.

use super::Format;
use crate::read::Package;

/// So many names are looked at.
const LOOKED_AT: usize = 10_000;

pub(super) fn of(bytes: &[u8]) -> Format {
    let package = Package::open(bytes, LOOKED_AT);
    if let Some(format) = by_mimetype(bytes) {
        return format;
    }
    let has = |name: &str| package.has(name);
    let begins = |folder: &str| {
        let mut names = package.names();
        names.any(|name| {
            name.get(..folder.len())
                .is_some_and(|begin| begin.eq_ignore_ascii_case(folder))
        })
    };
    if has("OFD.xml") {
        return Format::Ofd;
    }
    if has("META-INF/container.xml") && package.names().any(|name| name.ends_with(".opf")) {
        return Format::Epub;
    }
    if has("[Content_Types].xml") || has("_rels/.rels") {
        if has("xl/workbook.bin") {
            return Format::Xlsb;
        }
        for (folder, format) in [
            ("xl/", Format::Xlsx),
            ("ppt/", Format::Pptx),
            ("word/", Format::Docx),
        ] {
            if begins(folder) {
                return format;
            }
        }
        if package
            .names()
            .any(|name| name.to_ascii_lowercase().contains(".fpage"))
        {
            return Format::Xps;
        }
    }
    if has("content.xml") && has("META-INF/manifest.xml") {
        return Format::Odt;
    }
    Format::Zip
}

/// Documents that are one file of XML instead of a package.
pub(super) fn flat(bytes: &[u8]) -> Option<Format> {
    let begin = bytes.get(..4_096.min(bytes.len()))?;
    let has = |words: &[u8]| memchr::memmem::find(begin, words).is_some();
    if !begin.trim_ascii_start().starts_with(b"<") && !begin.starts_with(b"\xef\xbb\xbf<") {
        return None;
    }
    if has(b"<office:document") {
        return Some(if has(b"opendocument.spreadsheet") {
            Format::Ods
        } else if has(b"opendocument.presentation") || has(b"opendocument.graphics") {
            Format::Odp
        } else {
            Format::Odt
        });
    }
    (has(b"<pkg:package") || has(b"<w:wordDocument")).then_some(Format::Docx)
}

/// Packages of OpenDocument and EPUB say first, unpacked, what they are.
fn by_mimetype(bytes: &[u8]) -> Option<Format> {
    let first = bytes.get(30..120.min(bytes.len()))?;
    if !first.starts_with(b"mimetype") {
        return None;
    }
    let kinds: [(&[u8], Format); 5] = [
        (b"application/vnd.oasis.opendocument.text", Format::Odt),
        (
            b"application/vnd.oasis.opendocument.spreadsheet",
            Format::Ods,
        ),
        (
            b"application/vnd.oasis.opendocument.presentation",
            Format::Odp,
        ),
        (b"application/vnd.oasis.opendocument.graphics", Format::Odp),
        (b"application/epub+zip", Format::Epub),
    ];
    kinds
        .into_iter()
        .find(|(kind, _)| memchr::memmem::find(first, kind).is_some())
        .map(|(_, format)| format)
}
