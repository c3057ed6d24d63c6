//! Just enough of Rust's grammar to tell code, comments and string literals apart.
//!
//! It never fails: on text that is not Rust it returns some pieces, and the compiler does the
//! complaining. Lifetimes, raw strings and nested comments are the cases a line-wise search gets
//! wrong, hence this file.

/// What a stretch of source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Code,
    Comment,
    /// The inside of a string literal, escapes untouched.
    Literal,
}

/// A stretch of source of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) kind: Kind,
    /// Where it starts, from one.
    pub(super) line: usize,
    pub(super) text: String,
}

/// The pieces of a source file, in order.
pub(super) fn pieces(source: &str) -> Vec<Piece> {
    let mut lexer = Lexer {
        chars: source.chars().collect(),
        at: 0,
        line: 1,
        pieces: Vec::new(),
    };
    while lexer.peek(0).is_some() {
        lexer.advance();
    }
    lexer.pieces
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    line: usize,
    pieces: Vec<Piece>,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn bump(&mut self) -> Option<char> {
        let char = self.peek(0)?;
        self.at += 1;
        if char == '\n' {
            self.line += 1;
        }
        Some(char)
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.bump();
        }
    }

    fn advance(&mut self) {
        match (self.peek(0), self.peek(1)) {
            (Some('/'), Some('/')) => self.line_comment(),
            (Some('/'), Some('*')) => self.block_comment(),
            (Some('"'), _) => self.string(),
            (Some('r'), Some('"' | '#')) if !self.in_a_word() => self.raw_string(),
            (Some('\''), _) => self.quote(),
            _ => self.code(),
        }
    }

    /// Whether the `r` here ends or continues a name; `br` and `cr` begin raw strings too.
    fn in_a_word(&self) -> bool {
        let before = |count: usize| {
            let at = self.at.checked_sub(count)?;
            self.chars.get(at).copied()
        };
        let is_word = |char: Option<char>| char.is_some_and(|c| c.is_alphanumeric() || c == '_');
        match before(1) {
            Some('b' | 'c') => is_word(before(2)),
            other => is_word(other),
        }
    }

    fn code(&mut self) {
        let line = self.line;
        if let Some(char) = self.bump() {
            self.push_code(line, char);
        }
    }

    /// Code comes a character at a time and is gathered into one piece per line.
    fn push_code(&mut self, line: usize, char: char) {
        match self.pieces.last_mut() {
            Some(last) if last.kind == Kind::Code && last.line == line => last.text.push(char),
            _ => self.push(Kind::Code, line, char.to_string()),
        }
    }

    fn push(&mut self, kind: Kind, line: usize, text: String) {
        self.pieces.push(Piece { kind, line, text });
    }

    fn line_comment(&mut self) {
        let line = self.line;
        let mut text = String::new();
        while self.peek(0).is_some_and(|char| char != '\n') {
            text.extend(self.bump());
        }
        self.push(Kind::Comment, line, text);
    }

    fn block_comment(&mut self) {
        let line = self.line;
        let mut text = String::new();
        let mut depth = 0_u32;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => depth += 1,
                (Some('*'), Some('/')) => depth = depth.saturating_sub(1),
                (Some(_), _) => {
                    text.extend(self.bump());
                    continue;
                }
                (None, _) => break,
            }
            self.skip(2);
            if depth == 0 {
                break;
            }
        }
        self.push(Kind::Comment, line, text);
    }

    fn string(&mut self) {
        let line = self.line;
        let mut text = String::new();
        self.bump();
        while let Some(char) = self.bump() {
            match char {
                '"' => break,
                '\\' => {
                    text.push(char);
                    text.extend(self.bump());
                }
                _ => text.push(char),
            }
        }
        self.push(Kind::Literal, line, text);
    }

    fn raw_string(&mut self) {
        let mut hashes = 0;
        while self.peek(1 + hashes) == Some('#') {
            hashes += 1;
        }
        if self.peek(1 + hashes) != Some('"') {
            // a raw name such as r#type
            return self.code();
        }
        let line = self.line;
        self.skip(hashes + 2);
        let mut text = String::new();
        while let Some(char) = self.bump() {
            if char == '"' && (0..hashes).all(|hash| self.peek(hash) == Some('#')) {
                self.skip(hashes);
                break;
            }
            text.push(char);
        }
        self.push(Kind::Literal, line, text);
    }

    /// A character literal, which may hold a quotation mark, or a lifetime.
    fn quote(&mut self) {
        if self.peek(1) == Some('\\') {
            self.skip(3);
            while self.bump().is_some_and(|char| char != '\'') {}
        } else if self.peek(2) == Some('\'') {
            self.skip(3);
        } else {
            self.code();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: Kind, source: &str) -> Vec<(usize, String)> {
        let pieces = pieces(source).into_iter();
        pieces
            .filter(|piece| piece.kind == kind)
            .map(|piece| (piece.line, piece.text))
            .collect()
    }

    fn literals(source: &str) -> Vec<String> {
        let found = of(Kind::Literal, source).into_iter();
        found.map(|(_, text)| text).collect()
    }

    #[test]
    fn literals_of_every_shape_are_found() {
        assert_eq!(literals(r#"f("a", b"b", c"c")"#), ["a", "b", "c"]);
        assert_eq!(
            literals(r###"f(r"a\", r#"b"b"#, br##"c"#c"##)"###),
            ["a\\", "b\"b", "c\"#c"]
        );
        assert_eq!(literals(r#"f("say \"no\" \\")"#), [r#"say \"no\" \\"#]);
    }

    #[test]
    fn what_only_looks_like_a_literal_is_none() {
        assert_eq!(literals(r#"let c = '"'; let d = '\''; // "no""#), [""; 0]);
        assert_eq!(
            literals("fn f<'a>(x: &'a str) { /* \"no\" /* \"no\" */ */ }"),
            [""; 0]
        );
        assert_eq!(literals(r#"let r#type = var"x";"#), ["x"]);
    }

    #[test]
    fn lines_are_counted_through_everything() {
        let source = "/* one\ntwo */ let a = \"three\nfour\";\n// five\nlet b = \"six\";";
        assert_eq!(
            of(Kind::Comment, source),
            [(1, " one\ntwo ".into()), (4, "// five".into())]
        );
        assert_eq!(
            of(Kind::Literal, source),
            [(2, "three\nfour".into()), (5, "six".into())]
        );
    }

    #[test]
    fn text_that_ends_too_early_ends_quietly() {
        for source in ["\"open", "r#\"open", "/* open", "'", "'\\", "r#"] {
            pieces(source);
        }
    }
}
