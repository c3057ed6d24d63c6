//! Text strings: those of titles, fields and remarks, not those of pages.

use encoding_rs::{GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A text string. WHY GBK: the format asks for UTF-16 or its own Latin table, and Chinese programs write neither.
pub(super) fn text(bytes: &[u8]) -> String {
    let decoded = match bytes {
        [0xFE, 0xFF, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest).0,
        [0xFF, 0xFE, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest).0,
        [0xEF, 0xBB, 0xBF, rest @ ..] => UTF_8.decode_without_bom_handling(rest).0,
        _ => UTF_8
            .decode_without_bom_handling_and_without_replacement(bytes)
            .or_else(|| GBK.decode_without_bom_handling_and_without_replacement(bytes))
            .unwrap_or_else(|| WINDOWS_1252.decode_without_bom_handling(bytes).0),
    };
    without_languages(&decoded)
        .replace('\r', "\n")
        .trim_matches('\0')
        .to_owned()
}

/// Languages stand between two escape characters within a text.
fn without_languages(text: &str) -> String {
    text.split('\u{1b}').step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn strings_of_all_encodings_are_read() {
        assert_eq!(text(b"\xfe\xff\x67\x3a\x5b\xc6"), "机密");
        assert_eq!(text(b"\xbb\xfa\xc3\xdc"), "机密");
        assert_eq!(text("机密".as_bytes()), "机密");
        assert_eq!(text(b"\xfe\xff\0\x1b\0z\0h\0\x1b\x5b\xc6"), "密");
        assert_eq!(text(b"plain"), "plain");
    }
}
