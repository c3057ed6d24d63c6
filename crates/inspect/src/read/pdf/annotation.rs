//! What is laid over a page: remarks, stamps, fields to fill in, links, files pinned to it.

use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as Bytes};
use hayro_syntax::page::Page;

use super::content::Painter;
use super::document::{attached, script};
use super::strings::text;
use super::{Document, layout};
use crate::read::{Fault, Outcome, Reading};
use crate::{Part, Place};

pub(super) fn read<'a>(
    page: &Page<'a>,
    place: Place,
    document: &mut Document<'a>,
    into: &mut Reading<'_>,
) -> Outcome {
    let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else {
        return Ok(());
    };
    for annotation in annotations.iter::<Dict<'_>>() {
        into.look()?;
        one(&annotation, page, place, document, into)?;
    }
    Ok(())
}

fn one<'a>(
    annotation: &Dict<'a>,
    page: &Page<'a>,
    place: Place,
    document: &mut Document<'a>,
    into: &mut Reading<'_>,
) -> Outcome {
    let subtype = annotation.get::<Name<'_>>("Subtype");
    let subtype = subtype.as_ref().map_or(&b""[..], |name| name.as_ref());
    let part = match subtype {
        b"Widget" | b"FreeText" => Part::Textbox,
        _ => Part::Comment,
    };
    into.at(Place { part, ..place })?;
    let mut said = String::new();
    for key in ["T", "Subj", "Contents"] {
        // WHY not a field's name here: it stands among the fields
        if subtype == b"Widget" && key == "T" {
            continue;
        }
        if let Some(value) = annotation.get::<Bytes<'_>>(key) {
            let value = text(value.as_bytes());
            into.line()?;
            into.write(&value)?;
            said.push_str(&value);
        }
    }
    for shown in appearance(annotation, page, document, into)? {
        if !plain(&said).contains(&plain(&shown)) {
            into.line()?;
            into.write(&shown)?;
        }
    }
    if let Some(action) = annotation.get::<Dict<'_>>("A") {
        if let Some(link) = action.get::<Bytes<'_>>("URI") {
            into.line()?;
            into.write(&text(link.as_bytes()))?;
        }
        script(&action, document, into)?;
    }
    if let Some(file) = annotation.get::<Dict<'_>>("FS") {
        attached(&file, document, into)?;
    }
    Ok(())
}

/// The text that a reader sees there.
fn appearance<'a>(
    annotation: &Dict<'a>,
    page: &Page<'a>,
    document: &mut Document<'a>,
    into: &mut Reading<'_>,
) -> Result<Vec<String>, Fault> {
    let normal = annotation
        .get::<Dict<'_>>("AP")
        .and_then(|appearances| appearances.get::<Object<'_>>("N"));
    let stream = match normal {
        Some(Object::Stream(stream)) => Some(stream),
        Some(Object::Dict(states)) => annotation
            .get::<Name<'_>>("AS")
            .and_then(|state| states.get::<Stream<'_>>(state.as_ref())),
        _ => None,
    };
    let Some(stream) = stream else {
        return Ok(Vec::new());
    };
    let mut painter = Painter::new(document);
    painter.named(&stream, page.resources(), into)?;
    let drawn = painter.drawn;
    Ok(layout::lines(&drawn.pieces, &drawn.text)
        .into_iter()
        .map(|line| line.text)
        .collect())
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect()
}
