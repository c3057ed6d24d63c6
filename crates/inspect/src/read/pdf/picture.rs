//! Pages that are pictures.

use hayro_syntax::Filter;
use hayro_syntax::object::Stream;

use super::Document;
use crate::Place;
use crate::read::{Outcome, Reading};
use crate::report::Cause;

/// Gives the pictures of a page without text to whoever reads pictures.
pub(super) fn read(
    pictures: &[Stream<'_>],
    place: Place,
    _document: &Document<'_>,
    into: &mut Reading<'_>,
) -> Outcome {
    let Some(ocr) = into.limits().ocr.clone() else {
        into.note(Cause::ImageWithoutOcr);
        return Ok(());
    };
    let mut unread = pictures.is_empty();
    for picture in pictures {
        into.look()?;
        let text = file(picture).and_then(|file| ocr.text(&file));
        match text {
            Some(text) => {
                into.at(place)?;
                into.write(&text)?;
            }
            None => unread = true,
        }
    }
    if unread {
        into.note(Cause::ImageWithoutOcr);
    }
    Ok(())
}

/// A picture as a file of its own.
fn file(picture: &Stream<'_>) -> Option<Vec<u8>> {
    match *picture.filters() {
        [Filter::DctDecode | Filter::JpxDecode] => Some(picture.raw_data().into_owned()),
        _ => None,
    }
}
