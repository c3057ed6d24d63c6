//! Paragraphs on their way into the text: what a reader sees of one comes out as one run, and what he does not see
//! (deleted or hidden text, codes of fields) follows it as a run of its own, so that neither splits the other.

use crate::read::{Outcome, Reading};
use crate::{Part, Place};

/// Writes paragraphs.
#[derive(Debug)]
pub(crate) struct Flow<'r, 'a> {
    pub(crate) into: &'r mut Reading<'a>,
    place: Place,
    seen: String,
    unseen: String,
    /// Paragraphs around the one that is written: a text box stands inside a paragraph.
    around: Vec<(Place, String, String)>,
    apart: Apart,
}

/// What parts a paragraph from the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Apart {
    Tab,
    Line,
}

impl<'r, 'a> Flow<'r, 'a> {
    pub(crate) fn new(into: &'r mut Reading<'a>, place: Place) -> Self {
        let place = Place {
            container: into.place().container,
            ..place
        };
        Self {
            into,
            place,
            seen: String::new(),
            unseen: String::new(),
            around: Vec::new(),
            apart: Apart::Line,
        }
    }

    pub(crate) fn place(&self) -> Place {
        self.place
    }

    /// Text of the paragraph.
    pub(crate) fn text(&mut self, text: &str) {
        self.seen.push_str(text);
    }

    /// Text of the paragraph that a reader does not see.
    pub(crate) fn unseen(&mut self, text: &str) {
        self.unseen.push_str(text);
    }

    /// A letter of the paragraph.
    pub(crate) fn letter(&mut self, letter: char, unseen: bool) {
        if unseen {
            self.unseen.push(letter);
        } else {
            self.seen.push(letter);
        }
    }

    /// What is seen of the paragraph so far.
    pub(crate) fn so_far(&self) -> &str {
        &self.seen
    }

    /// Nothing of the paragraph is seen.
    pub(crate) fn hide(&mut self) {
        let seen = std::mem::take(&mut self.seen);
        self.unseen.push_str(&seen);
    }

    /// From now on text stands in the next cell of the row.
    pub(crate) fn beside(&mut self, place: Place) -> Outcome {
        self.paragraph()?;
        self.place = Place {
            container: self.place.container,
            ..place
        };
        Ok(())
    }

    /// Forgets the paragraph.
    pub(crate) fn drop(&mut self) {
        self.seen.clear();
        self.unseen.clear();
    }

    /// The paragraph is over.
    pub(crate) fn paragraph(&mut self) -> Outcome {
        if !self.seen.is_empty() {
            if self.apart == Apart::Tab {
                self.into.beside(self.place)?;
            } else if self.into.place() != self.place {
                self.into.at(self.place)?;
            } else {
                self.into.line()?;
            }
            self.into.write(&self.seen)?;
            self.seen.clear();
            self.apart = Apart::Line;
        }
        if !self.unseen.trim().is_empty() {
            let hidden = Place {
                part: Part::Hidden,
                ..self.place
            };
            self.into.at(hidden)?;
            self.into.write(&self.unseen)?;
            self.apart = Apart::Line;
        }
        self.unseen.clear();
        Ok(())
    }

    /// The cell is over: what follows stands beside it.
    pub(crate) fn cell(&mut self) -> Outcome {
        let before = self.into.place();
        self.paragraph()?;
        // an empty first cell begins no line
        if self.into.place() == self.place && before.container == self.place.container {
            self.apart = Apart::Tab;
        }
        Ok(())
    }

    /// The row is over.
    pub(crate) fn row(&mut self) -> Outcome {
        self.paragraph()?;
        self.apart = Apart::Line;
        Ok(())
    }

    /// A line of its own at another part of the same place, which leaves the paragraph as it is.
    pub(crate) fn aside(&mut self, part: Part, text: &str) -> Outcome {
        if text.trim().is_empty() {
            return Ok(());
        }
        self.into.at(Place { part, ..self.place })?;
        self.apart = Apart::Line;
        self.into.write(text)
    }

    /// What follows are paragraphs of another place, inside this one.
    pub(crate) fn enter(&mut self, place: Place) {
        let place = Place {
            container: self.place.container,
            ..place
        };
        let around = (
            self.place,
            std::mem::take(&mut self.seen),
            std::mem::take(&mut self.unseen),
        );
        self.around.push(around);
        self.place = place;
        self.apart = Apart::Line;
    }

    /// The paragraph around goes on.
    pub(crate) fn leave(&mut self) -> Outcome {
        self.paragraph()?;
        self.apart = Apart::Line;
        if let Some((place, seen, unseen)) = self.around.pop() {
            self.place = place;
            self.seen = seen;
            self.unseen = unseen;
        }
        Ok(())
    }

    /// From the next paragraph on, text stands there.
    pub(crate) fn to(&mut self, place: Place) -> Outcome {
        self.paragraph()?;
        self.place = Place {
            container: self.place.container,
            ..place
        };
        Ok(())
    }

    /// The last paragraphs, where no tag ended them.
    pub(crate) fn end(mut self) -> Outcome {
        while !self.around.is_empty() {
            self.leave()?;
        }
        self.paragraph()
    }
}
