//! What a file is, by what it holds and never by its name alone.

mod archive;
mod mail;
mod ole;
mod text;
mod zip;

use serde::{Deserialize, Serialize};

/// Formats that are recognised. Their keys are the endings that people know them by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// No bytes at all.
    Empty,
    /// Plain text of any encoding; also JSON, CSV, Markdown and source code.
    Txt,
    /// HTML.
    Html,
    /// XML that is nothing of the following.
    Xml,
    /// Rich text.
    Rtf,
    /// Word, as a package of XML; with or without macros.
    Docx,
    /// Excel, as a package of XML.
    Xlsx,
    /// Excel, as a package of records.
    Xlsb,
    /// PowerPoint, as a package of XML.
    Pptx,
    /// Word before 2007; also WPS writer.
    Doc,
    /// Excel before 2007; also WPS spreadsheets.
    Xls,
    /// PowerPoint before 2007; also WPS presentations.
    Ppt,
    /// A package that is locked by a password, whatever it holds.
    Locked,
    /// An OLE file of another program (Visio, Publisher …).
    Ole,
    /// Outlook's message.
    Msg,
    /// OpenDocument text.
    Odt,
    /// OpenDocument sheet.
    Ods,
    /// OpenDocument slides.
    Odp,
    /// OFD, GB/T 33190.
    Ofd,
    /// XPS.
    Xps,
    /// EPUB.
    Epub,
    /// PDF.
    Pdf,
    /// Hangul.
    Hwp,
    /// OneNote.
    One,
    /// A message of the Internet.
    Eml,
    /// Many of them.
    Mbox,
    /// Outlook's attachment (winmail.dat).
    Tnef,
    /// JPEG.
    Jpg,
    /// PNG.
    Png,
    /// TIFF.
    Tif,
    /// GIF.
    Gif,
    /// BMP.
    Bmp,
    /// WebP.
    Webp,
    /// ZIP.
    Zip,
    /// 7z.
    #[serde(rename = "7z")]
    SevenZip,
    /// RAR.
    Rar,
    /// TAR.
    Tar,
    /// gzip.
    Gz,
    /// bzip2.
    Bz2,
    /// xz.
    Xz,
    /// Zstandard.
    Zst,
    /// LZ4.
    Lz4,
    /// LHA.
    Lzh,
    /// Cabinet.
    Cab,
    /// CPIO.
    Cpio,
    /// Compiled help.
    Chm,
    /// SQLite.
    Sqlite,
    /// dBase.
    Dbf,
    /// A program.
    Exe,
    /// None of them.
    Unknown,
}

type Magic = (usize, &'static [u8], Format);

/// Bytes that stand at a fixed place; the first that fits holds.
const MAGIC: &[Magic] = &[
    (0, b"{\\rtf", Format::Rtf),
    (0, b"\x89PNG\r\n\x1a\n", Format::Png),
    (0, b"\xff\xd8\xff", Format::Jpg),
    (0, b"II*\0", Format::Tif),
    (0, b"MM\0*", Format::Tif),
    (0, b"GIF87a", Format::Gif),
    (0, b"GIF89a", Format::Gif),
    (8, b"WEBP", Format::Webp),
    (0, b"7z\xbc\xaf\x27\x1c", Format::SevenZip),
    (0, b"Rar!\x1a\x07", Format::Rar),
    (0, b"\x1f\x8b", Format::Gz),
    (0, b"BZh", Format::Bz2),
    (0, b"\xfd7zXZ\0", Format::Xz),
    (0, b"\x28\xb5\x2f\xfd", Format::Zst),
    (0, b"\x04\x22\x4d\x18", Format::Lz4),
    (2, b"-lh", Format::Lzh),
    (0, b"MSCF", Format::Cab),
    (0, b"070701", Format::Cpio),
    (0, b"070707", Format::Cpio),
    (0, b"ITSF", Format::Chm),
    (0, b"SQLite format 3\0", Format::Sqlite),
    (0, b"\x78\x9f\x3e\x22", Format::Tnef),
    (0, b"HWP Document File", Format::Hwp),
    (0, b"\xdb\xa5\x2d\0", Format::Doc),
    (0, b"\x31\xbe\0\0\0\xab", Format::Doc),
    (0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", Format::One),
    (0, b"MZ", Format::Exe),
    (0, b"\x7fELF", Format::Exe),
    (257, b"ustar", Format::Tar),
];

/// PDFs may have other bytes before them, as readers allow.
const PDF_WITHIN: usize = 1_024;

impl Format {
    /// Recognises a file. The name helps only where content leaves the choice open.
    pub fn of(bytes: &[u8], name_hint: &str) -> Self {
        if bytes.is_empty() {
            return Self::Empty;
        }
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            return zip::of(bytes);
        }
        if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
            return ole::of(bytes);
        }
        let begin = bytes.get(..PDF_WITHIN.min(bytes.len())).unwrap_or_default();
        if begin.windows(5).any(|five| five == b"%PDF-") {
            return Self::Pdf;
        }
        let by_magic = MAGIC
            .iter()
            .find(|(at, magic, _)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(magic)));
        match by_magic {
            Some((_, _, format)) => *format,
            None if is_bitmap(bytes) => Self::Bmp,
            None => zip::flat(bytes)
                .or_else(|| archive::of(bytes))
                .or_else(|| mail::of(bytes, name_hint))
                .unwrap_or_else(|| text::of(bytes, name_hint)),
        }
    }
}

/// Two letters begin many a text; behind those of a bitmap stands how long its header is, which is one of few.
fn is_bitmap(bytes: &[u8]) -> bool {
    let header = bytes.get(14..18).and_then(|four| four.try_into().ok());
    let header = header.map(u32::from_le_bytes);
    bytes.starts_with(b"BM") && matches!(header, Some(12 | 40 | 52 | 56 | 64 | 108 | 124))
}
