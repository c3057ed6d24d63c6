//! Text in code pages, as programs before Unicode wrote it.

use encoding_rs::{Encoding, WINDOWS_1252};

/// The encoding of a code page of Windows; Western where nobody knows it.
pub(crate) fn encoding(page: u16) -> &'static Encoding {
    let label: &[u8] = match page {
        936 => b"gbk",
        54936 => b"gb18030",
        950 => b"big5",
        932 => b"shift_jis",
        949 => b"euc-kr",
        874 => b"windows-874",
        1250 => b"windows-1250",
        1251 => b"windows-1251",
        1253 => b"windows-1253",
        1254 => b"windows-1254",
        1255 => b"windows-1255",
        1256 => b"windows-1256",
        1257 => b"windows-1257",
        1258 => b"windows-1258",
        10000 => b"macintosh",
        20866 => b"koi8-r",
        20932 | 51932 => b"euc-jp",
        50220..=50222 => b"iso-2022-jp",
        28592 => b"iso-8859-2",
        28595 => b"iso-8859-5",
        65001 => b"utf-8",
        _ => return WINDOWS_1252,
    };
    Encoding::for_label(label).unwrap_or(WINDOWS_1252)
}

/// The code page that a language was written in.
pub(crate) fn of_language(language: u16) -> u16 {
    match language {
        0x0404 | 0x0c04 => 950,
        0x0411 => 932,
        0x0412 => 949,
        language if language & 0x3ff == 0x04 => 936,
        0x0419 | 0x0422 | 0x0402 => 1251,
        0x0405 | 0x0415 | 0x040e | 0x0418 | 0x041a | 0x041b => 1250,
        0x0408 => 1253,
        0x041f => 1254,
        0x040d => 1255,
        0x0401 => 1256,
        0x041e => 874,
        _ => 1252,
    }
}

/// Bytes of a code page as text.
pub(crate) fn decoded(bytes: &[u8], page: u16) -> String {
    if page == 1200 {
        return crate::read::le::utf16(bytes);
    }
    encoding(page)
        .decode_without_bom_handling(bytes)
        .0
        .into_owned()
}
