//! Pictures wait until all else of a file is read. WHY: to recognise one takes seconds, and where the time of the file does
//! not suffice, what could have been read at once is not to be missing for it.

use std::collections::HashMap;

use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;

use super::{Fault, Outcome, Reading};
use crate::report::Cause;
use crate::{Ocr, Part, Place};

/// Bytes of pictures that wait; with more, those that wait are read at once, for they are all held in memory.
const WAIT_MOST: usize = 32 << 20;
/// A text that is kept for a picture that comes again; longer ones are recognised again.
const KEPT_MOST: usize = 64 << 10;
/// So many are kept.
const KEPT: usize = 1_000;

/// Pictures that are still to be read, and what the others said.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    waiting: Vec<Waiting>,
    bytes: usize,
    /// WHY: a letterhead or a background is on every page of a file.
    known: HashMap<u128, Result<String, Cause>>,
}

#[derive(Debug)]
struct Waiting {
    place: Place,
    picture: Vec<u8>,
}

impl Pictures {
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

impl Reading<'_> {
    /// A picture of its own file format stands there. Whoever reads pictures gets it after all else.
    pub(crate) fn picture(&mut self, place: Place, picture: Vec<u8>) {
        if self.limits.ocr.is_none() {
            self.note(Cause::ImageWithoutOcr);
            return;
        }
        if self.pictures.bytes.saturating_add(picture.len()) > WAIT_MOST {
            self.look_at_pictures();
        }
        self.pictures.bytes = self.pictures.bytes.saturating_add(picture.len());
        self.pictures.waiting.push(Waiting {
            place: Place {
                part: Part::Picture,
                container: self.place.container,
                ..place
            },
            picture,
        });
    }

    /// Reads the pictures that wait.
    pub(crate) fn look_at_pictures(&mut self) {
        let Some(ocr) = self.limits.ocr.clone() else {
            return;
        };
        self.pictures.bytes = 0;
        let before = self.place;
        for waiting in std::mem::take(&mut self.pictures.waiting) {
            if let Err(Fault(cause)) = self.look_at(&waiting, &*ocr) {
                self.note(cause);
                break;
            }
        }
        self.place = before;
    }

    fn look_at(&mut self, Waiting { place, picture }: &Waiting, ocr: &dyn Ocr) -> Outcome {
        self.look()?;
        let mut hasher = SipHasher13::new();
        hasher.write(picture);
        let key = hasher.finish128().as_u128();
        let said = match self.pictures.known.get(&key) {
            Some(known) => known.clone(),
            None => {
                let said = ocr.text(picture, self.limits.stop.as_deref());
                let short = said.as_ref().is_ok_and(|text| text.len() <= KEPT_MOST);
                if (short || said.is_err()) && self.pictures.known.len() < KEPT {
                    self.pictures.known.insert(key, said.clone());
                }
                said
            }
        };
        match said {
            Ok(text) => {
                self.line()?;
                self.place = *place;
                self.write(&text)?;
                self.line()
            }
            Err(cause) => {
                self.note(cause);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests;
