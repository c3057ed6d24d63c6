//! What belongs to the document and to no page: properties, layers, fields, outline, attached files, scripts.

use std::collections::HashSet;

use hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream, String as Bytes};

use super::Document;
use super::strings::text;
use crate::read::{Outcome, Reading, xmp};
use crate::{Part, Place};

/// Nodes of trees: how deep, and how many of them in a document.
const DEPTH: usize = 32;
const NODES: usize = 100_000;

pub(super) fn read(document: &mut Document<'_>, bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    properties(document, bytes, into)?;
    let xref = document.pdf.xref();
    let Some(catalog) = xref.get::<Dict<'_>>(xref.root_id()) else {
        return Ok(());
    };
    if let Some(metadata) = catalog.get::<Stream<'_>>("Metadata") {
        let data = document.data(&metadata, into)?;
        xmp::read(&data, into)?;
    }
    layers(document, &catalog);
    let mut walk = Walk::default();
    if let Some(outlines) = catalog.get::<Dict<'_>>("Outlines") {
        into.part(Part::Metadata)?;
        walk.outline(&outlines, into)?;
    }
    if let Some(form) = catalog.get::<Dict<'_>>("AcroForm") {
        into.part(Part::Textbox)?;
        if let Some(fields) = form.get::<Array<'_>>("Fields") {
            walk.fields(&fields, "", 0, into)?;
        }
        xfa(&form, document, into)?;
    }
    if let Some(action) = catalog.get::<Dict<'_>>("OpenAction") {
        script(&action, document, into)?;
    }
    if let Some(names) = catalog.get::<Dict<'_>>("Names") {
        for (key, kind) in [("EmbeddedFiles", Kind::File), ("JavaScript", Kind::Script)] {
            if let Some(tree) = names.get::<Dict<'_>>(key) {
                walk.names(&tree, kind, 0, document, into)?;
            }
        }
    }
    if let Some(files) = catalog.get::<Array<'_>>("AF") {
        for file in files.iter::<Dict<'_>>() {
            if walk.is_new(&file) {
                attached(&file, document, into)?;
            }
        }
    }
    into.at(Place::default())
}

/// The information of the document. Its keys are open, and labels of other programs stand among them, so all are read.
fn properties(document: &Document<'_>, bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let Some(info) = info(bytes).and_then(|id| document.pdf.xref().get::<Dict<'_>>(id)) else {
        let known = document.pdf.metadata();
        for (name, value) in [
            ("Title", &known.title),
            ("Author", &known.author),
            ("Subject", &known.subject),
            ("Keywords", &known.keywords),
            ("Creator", &known.creator),
            ("Producer", &known.producer),
        ] {
            into.property(name, &text(value.as_deref().unwrap_or_default()))?;
        }
        return Ok(());
    };
    for key in info.keys() {
        if let Some(value) = info.get::<Bytes<'_>>(key.as_ref()) {
            into.property(key.as_str(), &text(value.as_bytes()))?;
        } else if let Some(value) = info.get::<Name<'_>>(key.as_ref()) {
            into.property(key.as_str(), value.as_str())?;
        }
    }
    Ok(())
}

/// Where the last trailer says that the information stands.
fn info(bytes: &[u8]) -> Option<ObjectIdentifier> {
    let at = memchr::memmem::rfind(bytes, b"/Info")?;
    let said = bytes.get(at + b"/Info".len()..)?;
    let said = std::str::from_utf8(said.get(..24.min(said.len()))?)
        .or_else(|error| std::str::from_utf8(said.get(..error.valid_up_to()).unwrap_or_default()))
        .ok()?;
    let mut words = said.split_whitespace();
    let number = words.next()?.parse().ok()?;
    let generation = words.next()?.parse().ok()?;
    Some(ObjectIdentifier::new(number, generation))
}

fn layers(document: &mut Document<'_>, catalog: &Dict<'_>) {
    let Some(properties) = catalog.get::<Dict<'_>>("OCProperties") else {
        return;
    };
    let Some(config) = properties.get::<Dict<'_>>("D") else {
        return;
    };
    let ids = |array: Option<Array<'_>>| -> Vec<ObjectIdentifier> {
        array
            .iter()
            .flat_map(Array::raw_iter)
            .filter_map(|item| item.as_obj_ref())
            .map(ObjectIdentifier::from)
            .collect()
    };
    let base = config.get::<Name<'_>>("BaseState");
    if base.is_some_and(|base| base.as_ref() == b"OFF") {
        document.off.extend(ids(properties.get("OCGs")));
        for on in ids(config.get("ON")) {
            document.off.remove(&on);
        }
    }
    document.off.extend(ids(config.get("OFF")));
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    File,
    Script,
}

/// A walk through trees that may lead back to where they began.
#[derive(Debug, Default)]
struct Walk {
    seen: HashSet<usize>,
}

impl Walk {
    fn is_new(&mut self, dict: &Dict<'_>) -> bool {
        self.seen.len() < NODES && self.seen.insert(dict.data().as_ptr().addr())
    }

    /// Titles in order; children before what follows.
    fn outline(&mut self, root: &Dict<'_>, into: &mut Reading<'_>) -> Outcome {
        let mut open = vec![root.clone()];
        while let Some(item) = open.pop() {
            into.look()?;
            if !self.is_new(&item) {
                continue;
            }
            if let Some(title) = item.get::<Bytes<'_>>("Title") {
                into.line()?;
                into.write(&text(title.as_bytes()))?;
            }
            open.extend(item.get::<Dict<'_>>("Next"));
            open.extend(item.get::<Dict<'_>>("First"));
        }
        Ok(())
    }

    fn fields(
        &mut self,
        fields: &Array<'_>,
        above: &str,
        depth: usize,
        into: &mut Reading<'_>,
    ) -> Outcome {
        for field in fields.iter::<Dict<'_>>() {
            into.look()?;
            if depth > DEPTH || !self.is_new(&field) {
                continue;
            }
            let own = field
                .get::<Bytes<'_>>("T")
                .map(|name| text(name.as_bytes()));
            let name = match own {
                Some(own) if above.is_empty() => own,
                Some(own) => format!("{above}.{own}"),
                None => above.to_owned(),
            };
            let values: Vec<String> = ["TU", "V", "DV", "Opt"]
                .iter()
                .flat_map(|key| value(field.get::<Object<'_>>(*key)))
                .filter(|value| !value.trim().is_empty())
                .collect();
            if !values.is_empty() {
                into.line()?;
                into.write(&format!("{name}: {}", values.join("\t")))?;
            }
            if let Some(kids) = field.get::<Array<'_>>("Kids") {
                self.fields(&kids, &name, depth + 1, into)?;
            }
        }
        Ok(())
    }

    fn names(
        &mut self,
        tree: &Dict<'_>,
        kind: Kind,
        depth: usize,
        document: &Document<'_>,
        into: &mut Reading<'_>,
    ) -> Outcome {
        if depth > DEPTH || !self.is_new(tree) {
            return Ok(());
        }
        if let Some(names) = tree.get::<Array<'_>>("Names") {
            for named in names.iter::<Object<'_>>().filter_map(Object::into_dict) {
                match kind {
                    Kind::File if self.is_new(&named) => attached(&named, document, into)?,
                    Kind::Script => script(&named, document, into)?,
                    Kind::File => {}
                }
            }
        }
        if let Some(kids) = tree.get::<Array<'_>>("Kids") {
            for kid in kids.iter::<Dict<'_>>() {
                self.names(&kid, kind, depth + 1, document, into)?;
            }
        }
        Ok(())
    }
}

/// The texts of a field's value: one, or a list of them.
fn value(object: Option<Object<'_>>) -> Vec<String> {
    match object {
        Some(Object::String(string)) => vec![text(string.as_bytes())],
        Some(Object::Name(name)) if name.as_ref() != b"Off" => vec![name.as_str().to_owned()],
        Some(Object::Stream(stream)) => stream
            .decoded()
            .map(|data| vec![text(&data)])
            .unwrap_or_default(),
        Some(Object::Array(array)) => array
            .iter::<Object<'_>>()
            .filter_map(|item| match item {
                Object::String(string) => Some(text(string.as_bytes())),
                item => item
                    .into_array()
                    .and_then(|pair| pair.iter::<Bytes<'_>>().last())
                    .map(|shown| text(shown.as_bytes())),
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Forms of the other kind: XML, in one stream or in several that belong together.
fn xfa(form: &Dict<'_>, document: &Document<'_>, into: &mut Reading<'_>) -> Outcome {
    let mut whole = Vec::new();
    match form.get::<Object<'_>>("XFA") {
        Some(Object::Stream(stream)) => whole.extend(&*document.data(&stream, into)?),
        Some(Object::Array(array)) => {
            for part in array.iter::<Object<'_>>().filter_map(Object::into_stream) {
                whole.extend(&*document.data(&part, into)?);
            }
        }
        _ => {}
    }
    if whole.is_empty() {
        return Ok(());
    }
    into.part(Part::Textbox)?;
    xmp::texts(&whole, into)
}

/// A script, which may be text or a stream of it.
pub(super) fn script(
    action: &Dict<'_>,
    document: &Document<'_>,
    into: &mut Reading<'_>,
) -> Outcome {
    let code = match action.get::<Object<'_>>("JS") {
        Some(Object::String(string)) => text(string.as_bytes()),
        Some(Object::Stream(stream)) => text(&document.data(&stream, into)?),
        _ => return Ok(()),
    };
    let before = into.place();
    into.part(Part::Hidden)?;
    into.write(&code)?;
    into.at(before)
}

/// A file within the file.
pub(super) fn attached(
    specification: &Dict<'_>,
    document: &Document<'_>,
    into: &mut Reading<'_>,
) -> Outcome {
    let name = ["UF", "F", "Desc"]
        .iter()
        .find_map(|key| specification.get::<Bytes<'_>>(*key))
        .map(|name| text(name.as_bytes()))
        .unwrap_or_default();
    let files = specification.get::<Dict<'_>>("EF").unwrap_or_default();
    let stream = ["UF", "F"]
        .iter()
        .find_map(|key| files.get::<Stream<'_>>(*key));
    into.member(&name)?;
    if let Some(description) = specification.get::<Bytes<'_>>("Desc") {
        into.property("description", &text(description.as_bytes()))?;
    }
    match stream {
        Some(stream) => {
            let data = document.data(&stream, into)?;
            into.inside(&name, &data)
        }
        None => Ok(()),
    }
}
