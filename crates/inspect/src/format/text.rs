//! Which kind of text a file is, or whether it is none.

use super::Format;
use crate::encoding::{decode_to, guess};

/// So much of the beginning is looked at for tags.
const LOOKED_AT: usize = 8 * 1_024;

/// Tags that an HTML file begins with, after comments and white space.
const HTML: [&str; 12] = [
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<title",
    "<meta",
    "<table",
    "<div",
    "<script",
    "<style",
    "<p>",
    "<h1",
];

pub(super) fn of(bytes: &[u8], name_hint: &str) -> Format {
    let Some(coding) = guess(bytes) else {
        return Format::Unknown;
    };
    let begin = bytes.get(..LOOKED_AT.min(bytes.len())).unwrap_or_default();
    let (text, _) = decode_to(begin, coding, LOOKED_AT * 4);
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    // WHY the second: programs take pieces of rich text out of the clipboard, without their first group
    if text.starts_with("{\\rtf") || text.starts_with("{\\pard") {
        return Format::Rtf;
    }
    let lower = text.to_ascii_lowercase();
    markup(&lower, &name_hint.to_ascii_lowercase()).unwrap_or(Format::Txt)
}

fn markup(text: &str, name: &str) -> Option<Format> {
    let first = past_comments(text);
    let is_html = |text: &str| HTML.iter().any(|tag| text.starts_with(tag));
    if is_html(first) {
        return Some(Format::Html);
    }
    if text.starts_with("<?xml") {
        let after = past_comments(text.split_once("?>").map_or("", |(_, after)| after));
        return Some(if is_html(after) {
            Format::Html
        } else {
            Format::Xml
        });
    }
    let named = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if named(&[".html", ".htm", ".xhtml"]) && first.contains("</") {
        return Some(Format::Html);
    }
    let opens = first.strip_prefix('<').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_alphabetic()) || rest.starts_with("!doctype")
    });
    // WHY not less: Markdown and code may begin with a tag as well
    (opens && (named(&[".xml", ".svg", ".rss", ".xsd"]) || first.contains("xmlns")))
        .then_some(Format::Xml)
}

/// What follows the comments and white space at the beginning.
fn past_comments(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some((_, after)) = rest
        .strip_prefix("<!--")
        .and_then(|rest| rest.split_once("-->"))
    {
        rest = after.trim_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::Format;

    #[test]
    fn text_is_told_from_markup_by_how_it_begins() {
        for (text, name, format) in [
            ("机密★10年\n关于", "a.bin", Format::Txt),
            ("{\"a\": [1, 2]}", "a.json", Format::Txt),
            ("<!-- x --> <!DOCTYPE html><p>", "", Format::Html),
            (
                "<?xml version=\"1.0\"?>\n<html xmlns=\"…\">",
                "",
                Format::Html,
            ),
            ("<?xml version=\"1.0\"?>\n<rss>", "a.txt", Format::Xml),
            ("<svg xmlns=\"…\"/>", "", Format::Xml),
            ("<b>bold</b> in Markdown", "readme.md", Format::Txt),
            ("some <i>text</i>", "page.htm", Format::Html),
            (" {\\rtf1 x}", "", Format::Rtf),
            ("{\\pard x}", "", Format::Rtf),
        ] {
            assert_eq!(of(text.as_bytes(), name), format, "{text}");
        }
    }

    #[test]
    fn markup_is_recognised_in_wide_text_too() {
        let wide: Vec<u8> = "<!DOCTYPE html><title>机密</title>"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(of(&wide, ""), Format::Html);
    }

    #[test]
    fn bytes_that_are_no_text_are_unknown() {
        assert_eq!(
            of(b"\x01\x02\x03\x04\x00\x00\x05\x80\x90", "a.txt"),
            Format::Unknown
        );
    }
}
