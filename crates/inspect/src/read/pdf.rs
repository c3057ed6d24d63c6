//! PDF: the text of its pages, and everything else in it that says something.

mod annotation;
mod content;
mod document;
mod encoding;
mod font;
mod guard;
mod layout;
mod matrix;
mod picture;
mod strings;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro_cmap::CMap;
use hayro_syntax::object::{Array, Dict, Object, ObjectIdentifier, Stream};
use hayro_syntax::page::Page;
use hayro_syntax::{DecryptionError, Filter, LoadPdfError, Pdf};

use super::archive::unpack;
use super::{Fault, Outcome, Reading};
use crate::report::Cause;
use crate::{Part, Place};
use content::{Drawn, Painter};
use font::Font;
use layout::Before;

/// Where the last words of a file have to stand.
const END_WITHIN: usize = 2_048;

/// What is known of a document while it is read.
pub(super) struct Document<'a> {
    pdf: &'a Pdf,
    fonts: HashMap<usize, Rc<Font>>,
    cmaps: HashMap<Vec<u8>, Option<Rc<CMap>>>,
    /// Layers that are not shown.
    off: HashSet<ObjectIdentifier>,
    steps: usize,
    known: usize,
    unknown: usize,
    inline_pictures: usize,
}

pub(super) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    guard::check(bytes, into)?;
    let pdf = match Pdf::new(bytes.to_vec()) {
        Ok(pdf) => pdf,
        Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected)) => {
            return Err(Fault(Cause::Encrypted));
        }
        Err(LoadPdfError::Decryption(_)) => return Err(Fault(Cause::Encrypted)),
        Err(LoadPdfError::Invalid) => return Err(Fault(Cause::Damaged)),
    };
    let end = bytes.get(bytes.len().saturating_sub(END_WITHIN)..);
    if end.is_none_or(|end| memchr::memmem::find(end, b"%%EOF").is_none()) {
        into.note(Cause::Damaged);
    }
    let mut document = Document::new(&pdf);
    document::read(&mut document, bytes, into)?;
    for (page, number) in pdf.pages().iter().zip(1..) {
        into.look()?;
        one_page(page, number, &mut document, into)?;
    }
    if document.unknown > 16 && document.unknown > document.known / 4 {
        into.note(Cause::UnknownFormat);
    }
    into.at(Place::default())
}

fn one_page<'a>(
    page: &Page<'a>,
    number: u32,
    document: &mut Document<'a>,
    into: &mut Reading<'_>,
) -> Outcome {
    let data = contents(page.raw(), document, into)?;
    let inline = document.inline_pictures;
    let mut painter = Painter::new(document);
    let outcome = painter.draw(&data, page.resources(), into);
    let drawn = painter.drawn;
    let place = Place {
        page: number,
        ..Place::default()
    };
    let text = lines(&drawn, place, into)?;
    outcome?;
    let inline = document.inline_pictures > inline;
    pictures(&drawn.pictures, inline, text, place, document, into)?;
    annotation::read(page, place, document, into)
}

/// The letters of a page: those that are seen, and those that are not.
#[derive(Debug, Clone, Copy, Default)]
struct Letters {
    seen: usize,
    hidden: usize,
}

/// Letters behind a picture from which on they are what somebody recognised on it.
const RECOGNISED: usize = 40;

/// A page without letters is a picture, and told as unread where nobody reads pictures. Whoever reads them gets all of a
/// page, but for a scan that has been recognised before.
fn pictures(
    pictures: &[Stream<'_>],
    inline: bool,
    letters: Letters,
    place: Place,
    document: &Document<'_>,
    into: &mut Reading<'_>,
) -> Outcome {
    let empty = letters.seen + letters.hidden == 0;
    if empty && picture::is_in_pieces(pictures, inline) {
        into.note(Cause::ImageWithoutOcr);
    }
    let asked = into.limits().ocr.is_some() && letters.hidden < RECOGNISED;
    if empty || asked {
        picture::read(pictures, place, document, into)?;
    }
    Ok(())
}

/// Writes lines; says how many letters there were.
fn lines(drawn: &Drawn<'_>, place: Place, into: &mut Reading<'_>) -> Result<Letters, Fault> {
    let mut letters = Letters::default();
    let mut hidden = None;
    for line in layout::lines(&drawn.pieces, &drawn.text) {
        if hidden != Some(line.hidden) {
            let part = if line.hidden {
                Part::Hidden
            } else {
                place.part
            };
            into.at(Place { part, ..place })?;
            hidden = Some(line.hidden);
        }
        match line.before {
            Before::Line => into.line()?,
            Before::Tab => into.write("\t")?,
            Before::Nothing => {}
        }
        let text: String = line.text.chars().filter(|one| !one.is_control()).collect();
        let count = text.chars().count();
        if line.hidden {
            letters.hidden += count;
        } else {
            letters.seen += count;
        }
        into.write(&text)?;
    }
    Ok(letters)
}

/// Streams of a page follow one another as if they were one.
fn contents(
    page: &Dict<'_>,
    document: &Document<'_>,
    into: &mut Reading<'_>,
) -> Result<Vec<u8>, Fault> {
    let mut whole = Vec::new();
    match page.get::<Object<'_>>("Contents") {
        Some(Object::Stream(stream)) => whole.extend(&*document.data(&stream, into)?),
        Some(Object::Array(array)) => {
            for stream in array.iter::<Stream<'_>>() {
                whole.extend(&*document.data(&stream, into)?);
                whole.push(b'\n');
            }
        }
        _ => {}
    }
    Ok(whole)
}

impl<'a> Document<'a> {
    fn new(pdf: &'a Pdf) -> Self {
        Self {
            pdf,
            fonts: HashMap::new(),
            cmaps: HashMap::new(),
            off: HashSet::new(),
            steps: 0,
            known: 0,
            unknown: 0,
            inline_pictures: 0,
        }
    }

    /// The bytes of a stream, within the limits; what is damaged is noted and gives what came out.
    fn data<'s>(
        &self,
        stream: &Stream<'s>,
        into: &mut Reading<'_>,
    ) -> Result<Cow<'s, [u8]>, Fault> {
        self.data_as_of(stream, 0, into)
    }

    /// As [`Self::data`], with as much room as if so many bytes were there at least.
    fn data_as_of<'s>(
        &self,
        stream: &Stream<'s>,
        least: usize,
        into: &mut Reading<'_>,
    ) -> Result<Cow<'s, [u8]>, Fault> {
        let filters = stream.filters();
        let raw = stream.raw_data();
        if filters.is_empty() {
            return Ok(raw);
        }
        if *filters == [Filter::FlateDecode] && !stream.dict().contains_key("DecodeParms") {
            return inflated(&raw, least, into).map(Cow::Owned);
        }
        let room = into.room(raw.len().max(least) as u64);
        if guard::is_too_much(&filters, &raw, room) {
            into.note(Cause::TooBig);
            return Ok(Cow::default());
        }
        let Ok(bytes) = stream.decoded() else {
            into.note(Cause::Damaged);
            return Ok(Cow::default());
        };
        into.unpacked(bytes.len())?;
        Ok(bytes)
    }

    fn font(&mut self, dict: &Dict<'_>, into: &mut Reading<'_>) -> Result<Rc<Font>, Fault> {
        // WHY the place of its bytes: fonts may stand within other objects, without a number of their own
        let key = dict.data().as_ptr().addr();
        if let Some(font) = self.fonts.get(&key) {
            return Ok(Rc::clone(font));
        }
        let font = Rc::new(Font::read(dict, self, into)?);
        self.fonts.insert(key, Rc::clone(&font));
        Ok(font)
    }

    fn cmap(&mut self, name: &[u8]) -> Option<Rc<CMap>> {
        if let Some(known) = self.cmaps.get(name) {
            return known.clone();
        }
        let found = font::predefined(name).map(Rc::new);
        self.cmaps.insert(name.to_vec(), found.clone());
        found
    }

    fn counted(&mut self, unknown: bool) {
        if unknown {
            self.unknown += 1;
        } else {
            self.known += 1;
        }
    }

    /// Whether a layer, or all of a group of them, is not shown.
    fn is_off(&self, group: Option<&Dict<'_>>, id: Option<ObjectIdentifier>) -> bool {
        if id.is_some_and(|id| self.off.contains(&id)) {
            return true;
        }
        let Some(group) = group else { return false };
        let mut members: Vec<ObjectIdentifier> = Vec::new();
        if let Some(array) = group.get::<Array<'_>>("OCGs") {
            let references = array.raw_iter().filter_map(|item| item.as_obj_ref());
            members.extend(references.map(ObjectIdentifier::from));
        } else if let Some(one) = group.get_ref("OCGs") {
            members.push(one.into());
        }
        !members.is_empty() && members.iter().all(|id| self.off.contains(id))
    }
}

/// Inflates; also what lacks the two bytes that say it is packed, or has wrong ones.
fn inflated(raw: &[u8], least: usize, into: &mut Reading<'_>) -> Result<Vec<u8>, Fault> {
    let packed = raw.len().max(least);
    let mut unpacked = unpack(&mut ZlibDecoder::new(raw), packed, into)?;
    if unpacked.bytes.is_empty() && unpacked.cause.is_some() {
        let bare = raw.get(2..).unwrap_or_default();
        unpacked = unpack(&mut DeflateDecoder::new(bare), packed, into)?;
    }
    if unpacked.cause == Some(Cause::TooBig) {
        into.note(Cause::TooBig);
    }
    Ok(unpacked.bytes)
}

#[cfg(test)]
mod tests;
