//! Messages among texts: they begin with their header, or with the line that boxes of them begin each with.

use super::Format;

/// So many lines of a header are looked at.
const LINES: usize = 80;

/// Headers that hardly stand in any text but a message.
const SURE: &[&str] = &[
    "received",
    "message-id",
    "mime-version",
    "return-path",
    "delivered-to",
    "dkim-signature",
    "x-mailer",
    "content-transfer-encoding",
    "envelope-to",
    "x-originating-ip",
    "x-mozilla-status",
    "x-unsent",
];

/// Headers whose names are words.
const LIKELY: &[&str] = &[
    "from",
    "to",
    "cc",
    "bcc",
    "subject",
    "date",
    "sender",
    "reply-to",
    "content-type",
    "references",
    "in-reply-to",
    "priority",
    "importance",
];

pub(super) fn of(bytes: &[u8], name_hint: &str) -> Option<Format> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let bytes = bytes.trim_ascii_start();
    if let Some(rest) = bytes.strip_prefix(b"From ") {
        let (line, rest) = rest.split_at_checked(memchr::memchr(b'\n', rest)?)?;
        let sure = is_dated(line) || points(rest.get(1..)?) >= 2;
        return sure.then_some(Format::Mbox);
    }
    let named = [".eml", ".mht", ".mhtml"].iter().any(|ending| {
        name_hint
            .get(name_hint.len().saturating_sub(ending.len())..)
            .is_some_and(|end| end.eq_ignore_ascii_case(ending))
    });
    (points(bytes) >= if named { 1 } else { 3 }).then_some(Format::Eml)
}

/// Whether a line ends as those between messages do: `Mon Jun 01 10:00:00 2009`.
fn is_dated(line: &[u8]) -> bool {
    let mut words = line.trim_ascii_end().rsplit(|byte| *byte == b' ');
    let year = words.next().unwrap_or_default();
    let is_year = year.len() == 4 && year.iter().all(u8::is_ascii_digit);
    let is_time = |word: &[u8]| word.iter().filter(|byte| **byte == b':').count() == 2;
    is_year && words.take(2).any(is_time)
}

/// How much a text begins as a header does; nothing, where a line is none of one.
fn points(bytes: &[u8]) -> usize {
    let mut points = 0;
    for line in bytes.split(|byte| *byte == b'\n').take(LINES) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line.first() {
            None => break,
            Some(b' ' | b'\t') => continue,
            Some(b'>') if line.starts_with(b">From ") => continue,
            Some(_) => {}
        }
        let Some(colon) = memchr::memchr(b':', line) else {
            // WHY some: what is no header ends it, and broken ones are read all the same
            return if points > 3 { points } else { 0 };
        };
        let name = line.get(..colon).unwrap_or_default().trim_ascii();
        if name.is_empty() || !name.iter().all(|byte| byte.is_ascii_graphic()) {
            return if points > 3 { points } else { 0 };
        }
        let is = |known: &&str| name.eq_ignore_ascii_case(known.as_bytes());
        if SURE.iter().any(is) {
            points += 2;
        } else if LIKELY.iter().any(is) {
            points += 1;
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::Format;

    #[test]
    fn messages_are_known_by_their_headers_and_other_texts_are_left_alone() {
        let message = b"Subject: a\r\nFrom: b\r\nDate: c\r\n\r\nbody";
        assert_eq!(of(message, ""), Some(Format::Eml));
        assert_eq!(
            of(b"From a@b Mon Jan 1\nFrom: a\nSubject: b\n\nx", ""),
            Some(Format::Mbox)
        );
        assert_eq!(
            of(b"From a Mon Jun 01 10:00:00 2009\n\nx", ""),
            Some(Format::Mbox)
        );
        assert_eq!(of(b"Subject: only one", ""), None);
        assert_eq!(of(b"Subject: only one", "draft.EML"), Some(Format::Eml));
        assert_eq!(of(b"From here on it is prose.\nAnd so on.", ""), None);
        assert_eq!(of("From: 甲\nthe rest is a note".as_bytes(), ""), None);
    }
}
