//! XMP: properties as XML, within documents and pictures. Also other small XML whose texts are all that matters.

use memchr::{memchr, memchr2};

use super::{Outcome, Reading};

/// Writes every element's text and every attribute as a property.
pub(super) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let text = decoded(bytes);
    let mut name = String::new();
    for token in tokens(&text) {
        into.look()?;
        match token {
            Token::Open(tag) => {
                let (own, rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
                // WHY kept: a list stands between a property's name and its text
                if !own.starts_with("rdf:") {
                    own.trim_end_matches('/').clone_into(&mut name);
                }
                for (key, value) in attributes(rest) {
                    let told = key.starts_with("xmlns")
                        || key.starts_with("rdf:")
                        || key.starts_with("xml:");
                    if !told {
                        into.property(key, &unescaped(value))?;
                    }
                }
            }
            Token::Text(said) => into.property(&name, &unescaped(said))?,
        }
    }
    Ok(())
}

/// Writes every element's text on a line of its own.
pub(super) fn texts(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    for token in tokens(&decoded(bytes)) {
        into.look()?;
        if let Token::Text(said) = token {
            let said = unescaped(said);
            if !said.trim().is_empty() {
                into.line()?;
                into.write(said.trim())?;
            }
        }
    }
    Ok(())
}

fn decoded(bytes: &[u8]) -> String {
    encoding_rs::UTF_8.decode(bytes).0.into_owned()
}

enum Token<'t> {
    Open(&'t str),
    Text(&'t str),
}

fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let (head, body) = match memchr(b'<', rest.as_bytes()) {
                None if rest.is_empty() => return None,
                None => (std::mem::take(&mut rest), ""),
                Some(at) => rest.split_at_checked(at)?,
            };
            if !head.is_empty() {
                rest = body;
                if !head.trim().is_empty() {
                    return Some(Token::Text(head));
                }
                continue;
            }
            let end = memchr(b'>', body.as_bytes()).unwrap_or(body.len());
            let tag = body.get(1..end).unwrap_or_default();
            rest = body.get(end + 1..).unwrap_or_default();
            if !tag.starts_with(['/', '?', '!']) {
                return Some(Token::Open(tag));
            }
        }
    })
}

fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = *after.as_bytes().first()?;
        if !matches!(quote, b'"' | b'\'') {
            return None;
        }
        let body = after.get(1..)?;
        let end = memchr(quote, body.as_bytes())?;
        rest = body.get(end + 1..)?;
        Some((key.trim(), body.get(..end)?))
    })
}

/// Text with entities as the characters they stand for.
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
        let end = memchr2(b';', b'&', rest.as_bytes()).unwrap_or(rest.len());
        match rest.get(..end).and_then(entity) {
            Some(one) => {
                out.push(one);
                rest = rest.get(end + 1..).unwrap_or_default();
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn entities_become_characters_and_broken_ones_stay() {
        assert_eq!(unescaped("a&amp;b &#x5BC6;&#9733; &x &"), "a&b 密★ &x &");
    }
}
