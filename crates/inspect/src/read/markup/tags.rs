//! Tags and what stands between them, forgiving as readers of pages have to be. Each byte is looked at a fixed number of
//! times, whatever is left open.

use memchr::{memchr, memmem};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Text(&'a str),
    /// Name, attributes as they stand there, and whether it is closed by itself.
    Start(&'a str, &'a str, bool),
    End(&'a str),
    Comment(&'a str),
    /// `<!DOCTYPE …>` and other declarations.
    Declaration(&'a str),
    /// `<?…?>`.
    Instruction(&'a str),
    Cdata(&'a str),
}

#[derive(Debug)]
pub(super) struct Tags<'a> {
    rest: &'a str,
    /// Quotes that were once found to be open to the end: no quotes any more.
    unclosed: [bool; 2],
}

impl<'a> Tags<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            unclosed: [false; 2],
        }
    }

    /// What stands before the end tag of this name, which is passed too: scripts and titles know no tags.
    pub(super) fn raw(&mut self, name: &str) -> &'a str {
        let whole = self.rest;
        let mut from = 0;
        while let Some(at) = whole
            .get(from..)
            .and_then(|rest| memmem::find(rest.as_bytes(), b"</"))
        {
            let begin = from + at;
            let named = whole.get(begin + 2..begin + 2 + name.len());
            if named.is_some_and(|named| named.eq_ignore_ascii_case(name)) {
                self.skip(begin);
                self.next();
                return whole.get(..begin).unwrap_or_default();
            }
            from = begin + 2;
        }
        self.rest = "";
        whole
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn until(&mut self, from: usize, end: &str) -> &'a str {
        let whole = self.rest.get(from..).unwrap_or_default();
        let at = memmem::find(whole.as_bytes(), end.as_bytes());
        let inside = at.map_or(whole, |at| whole.get(..at).unwrap_or_default());
        self.skip(from + inside.len() + if at.is_some() { end.len() } else { 0 });
        inside
    }

    /// A declaration may hold others between brackets.
    fn declaration(&mut self) -> &'a str {
        let whole = self.rest.get(2..).unwrap_or_default();
        let end = memchr(b'>', whole.as_bytes()).unwrap_or(whole.len());
        let opened = whole.get(..end).is_some_and(|inside| inside.contains('['));
        if opened {
            self.until(2, "]>")
        } else {
            self.until(2, ">")
        }
    }

    /// The length of a tag without its `>`, which quotes may hold.
    fn tag_end(&mut self) -> Option<usize> {
        let bytes = self.rest.as_bytes();
        let mut at = 1;
        loop {
            let rest = bytes.get(at..)?;
            let next = rest
                .iter()
                .position(|byte| matches!(byte, b'>' | b'"' | b'\''))?;
            at += next;
            let quote = *bytes.get(at)?;
            let which = usize::from(quote == b'"');
            let is_value = bytes.get(..at).is_some_and(|before| {
                before.iter().rev().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'=')
            });
            if quote == b'>' {
                return Some(at);
            }
            if is_value && self.unclosed.get(which) == Some(&false) {
                match memchr(quote, bytes.get(at + 1..)?) {
                    Some(length) => at += length + 1,
                    None => self
                        .unclosed
                        .iter_mut()
                        .skip(which)
                        .take(1)
                        .for_each(|one| *one = true),
                }
            }
            at += 1;
        }
    }

    fn tag(&mut self) -> Option<Token<'a>> {
        let end = self.tag_end()?;
        let inside = self.rest.get(1..end)?;
        self.skip(end + 1);
        if let Some(name) = inside.strip_prefix('/') {
            return Some(Token::End(name.trim()));
        }
        let closed = inside.ends_with('/');
        let inside = inside.strip_suffix('/').unwrap_or(inside);
        let name_end = inside
            .find(|c: char| c.is_whitespace() || c == '/')
            .unwrap_or(inside.len());
        Some(Token::Start(
            inside.get(..name_end)?,
            inside.get(name_end..)?,
            closed,
        ))
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        if self.rest.starts_with("<!--") {
            return Some(Token::Comment(self.until(4, "-->")));
        }
        if self.rest.starts_with("<![CDATA[") {
            return Some(Token::Cdata(self.until(9, "]]>")));
        }
        if self.rest.starts_with("<!") {
            return Some(Token::Declaration(self.declaration()));
        }
        if self.rest.starts_with("<?") {
            return Some(Token::Instruction(self.until(2, ">")));
        }
        let opens = self.rest.strip_prefix('<').is_some_and(|rest| {
            rest.starts_with(|c: char| c.is_alphabetic() || c == '/' || c == '_')
        });
        if opens {
            if let Some(token) = self.tag() {
                return Some(token);
            }
            let rest = std::mem::take(&mut self.rest);
            return Some(Token::Text(rest));
        }
        let from = usize::from(self.rest.starts_with('<'));
        let end = self
            .rest
            .get(from..)
            .and_then(|rest| memchr(b'<', rest.as_bytes()))
            .map_or(self.rest.len(), |at| from + at);
        let text = self.rest.get(..end)?;
        self.skip(end);
        Some(Token::Text(text))
    }
}

/// Names and values, as they stand there.
pub(super) fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/' || c == '=');
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '=')
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end)?;
        let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else {
            rest = after;
            return Some((name, ""));
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => {
                let inside = value.get(1..)?;
                inside.split_once(quote).unwrap_or((inside, ""))
            }
            None => {
                let end = value.find(char::is_whitespace).unwrap_or(value.len());
                value.split_at_checked(end)?
            }
        };
        rest = after;
        Some((name, value))
    })
}
