//! A look at an expression before the parser sees it.
//!
//! The parser descends recursively and spends much on malformed text, so length and nesting are
//! bounded first, in one pass over the characters.

use super::error::{ExprError, ExprErrorKind};
use crate::limits;

/// Refuses what is empty, too long or too deep.
pub(super) fn prescan(text: &str) -> Result<(), ExprError> {
    let error = |offset, kind| Err(ExprError { offset, kind });
    if text.trim().is_empty() {
        return error(0, ExprErrorKind::Empty);
    }
    if text.chars().nth(limits::EXPR_CHARS_MAX).is_some() {
        let kind = ExprErrorKind::TooLong {
            max: limits::EXPR_CHARS_MAX,
        };
        return error(limits::EXPR_CHARS_MAX, kind);
    }
    let mut scan = Scan::default();
    for (offset, c) in text.chars().enumerate() {
        scan.step(c);
        if scan.depth > limits::EXPR_DEPTH_MAX || scan.unary > limits::EXPR_DEPTH_MAX {
            return error(
                offset,
                ExprErrorKind::TooDeep {
                    max: limits::EXPR_DEPTH_MAX,
                },
            );
        }
    }
    Ok(())
}

/// Brackets, `?` and runs of prefix operators open at one character.
#[derive(Default)]
struct Scan {
    depth: usize,
    unary: usize,
    quote: Option<char>,
    escaped: bool,
}

impl Scan {
    fn step(&mut self, c: char) {
        if let Some(quote) = self.quote {
            if self.escaped {
                self.escaped = false;
            } else if c == '\\' {
                self.escaped = true;
            } else if c == quote {
                self.quote = None;
            }
            return;
        }
        match c {
            '\'' | '"' => self.quote = Some(c),
            '(' | '[' | '{' | '?' => self.depth += 1,
            ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
            '!' | '-' => self.unary += 1,
            c if c.is_whitespace() => {}
            _ => self.unary = 0,
        }
    }
}
