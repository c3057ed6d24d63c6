//! A look at a policy file before Cedar's parser sees it.
//!
//! Cedar turns what it has parsed into expressions by descending, and lets go of them the same way, so a text that
//! nests deep or strings very many operators together would use up the stack and end the whole program. Brackets,
//! `if` and the length of one policy are bounded first, in one pass over the text.

use crate::limits::{POLICY_DEPTH_MAX, POLICY_WORDS_MAX};

/// Where a file is refused, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// From this byte on it nests too deep.
    TooDeep(usize),
    /// The policy that goes on here has too many words and signs.
    TooLong(usize),
}

/// Looks at the text of a file.
pub(super) fn prescan(text: &str) -> Result<(), Refused> {
    let mut scan = Scan::default();
    let mut rest = text.char_indices().peekable();
    while let Some((offset, c)) = rest.next() {
        let next = rest.peek().map(|(_, next)| *next);
        scan.step(c, next, offset, text);
        if scan.depth + scan.ifs > POLICY_DEPTH_MAX {
            return Err(Refused::TooDeep(offset));
        }
        if scan.words > POLICY_WORDS_MAX {
            return Err(Refused::TooLong(offset));
        }
    }
    Ok(())
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Inside {
    #[default]
    Policy,
    Text,
    Escape,
    Comment,
    /// A word that began at this byte.
    Word(usize),
}

/// What one policy has come to at one character.
#[derive(Debug, Default)]
struct Scan {
    inside: Inside,
    depth: usize,
    /// Each `if` holds what comes after its `else`.
    ifs: usize,
    words: usize,
}

impl Scan {
    fn step(&mut self, c: char, next: Option<char>, offset: usize, text: &str) {
        match self.inside {
            Inside::Escape => self.inside = Inside::Text,
            Inside::Text => match c {
                '\\' => self.inside = Inside::Escape,
                '"' => self.inside = Inside::Policy,
                _ => {}
            },
            Inside::Comment => {
                if c == '\n' || c == '\r' {
                    self.inside = Inside::Policy;
                }
            }
            Inside::Word(_) if is_word(c) => {}
            Inside::Word(start) => {
                if text.get(start..offset) == Some("if") {
                    self.ifs += 1;
                }
                self.inside = Inside::Policy;
                self.sign(c, next, offset);
            }
            Inside::Policy => self.sign(c, next, offset),
        }
    }

    fn sign(&mut self, c: char, next: Option<char>, offset: usize) {
        if c.is_whitespace() {
            return;
        }
        if c == '/' && next == Some('/') {
            self.inside = Inside::Comment;
            return;
        }
        self.words += 1;
        match c {
            '"' => self.inside = Inside::Text,
            '(' | '[' | '{' => self.depth += 1,
            ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
            // the next policy begins anew, but none begins within brackets
            ';' if self.depth == 0 => *self = Self::default(),
            _ if is_word(c) => self.inside = Inside::Word(offset),
            _ => {}
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "permit(principal, action, resource) when { ";

    #[test]
    fn brackets_and_ifs_are_counted_outside_texts_and_comments() {
        let deep = |open: &str, n: usize| prescan(&format!("{HEAD}{}", open.repeat(n)));
        assert_eq!(deep("(", POLICY_DEPTH_MAX - 1), Ok(()));
        for open in ["(", "[", "{", "if true then 1 else "] {
            let refused = deep(open, POLICY_DEPTH_MAX);
            assert!(matches!(refused, Err(Refused::TooDeep(_))), "{open}");
        }
        let text = format!("{HEAD}\"{}\\\"((\" == \"\" }};", "(".repeat(500));
        assert_eq!(prescan(&text), Ok(()));
        let comment = format!("// {}\n{HEAD}true }};", "(".repeat(500));
        assert_eq!(prescan(&comment), Ok(()));
        assert_eq!(prescan(&format!("{HEAD}(true) }};").repeat(500)), Ok(()));
        let within = prescan(&format!("{HEAD}{}", "(;".repeat(POLICY_DEPTH_MAX)));
        assert!(matches!(within, Err(Refused::TooDeep(_))), "{within:?}");
    }

    #[test]
    fn the_words_of_one_policy_are_counted() {
        let chain = |n: usize| prescan(&format!("{HEAD}true{} }};", " && true".repeat(n)));
        assert_eq!(chain(POLICY_WORDS_MAX / 4), Ok(()));
        let refused = chain(POLICY_WORDS_MAX / 3);
        assert!(matches!(refused, Err(Refused::TooLong(_))));
    }
}
