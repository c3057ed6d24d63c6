//! Pieces that stand amid a paragraph but are not of its run: a comment, a hidden word, the text of a picture.
//!
//! They are kept until the paragraph ends, so that a mark with a comment inside it stays one word.

use crate::Part;
use crate::read::{Outcome, Reading};

/// More is not kept: the paragraph is interrupted then.
const MOST: usize = 1 << 20;

#[derive(Debug, Default)]
pub(crate) struct Asides {
    pieces: Vec<(Part, String)>,
    bytes: usize,
}

impl Asides {
    /// Keeps a piece; a short run of hidden words comes out as one.
    pub(crate) fn add(&mut self, part: Part, text: &str, into: &mut Reading<'_>) -> Outcome {
        self.bytes += text.len();
        match self.pieces.last_mut() {
            Some((last, kept)) if *last == part && part == Part::Hidden => kept.push_str(text),
            _ => self.pieces.push((part, text.to_owned())),
        }
        if self.bytes > MOST {
            self.write(into)?;
        }
        Ok(())
    }

    /// Writes them, each on a line of its own, and goes on where text stood.
    pub(crate) fn write(&mut self, into: &mut Reading<'_>) -> Outcome {
        if self.pieces.is_empty() {
            return Ok(());
        }
        let before = into.place();
        for (part, text) in self.pieces.drain(..) {
            let text = text.trim();
            if !text.is_empty() {
                into.part(part)?;
                into.write(text)?;
            }
        }
        self.bytes = 0;
        into.at(before)
    }
}
