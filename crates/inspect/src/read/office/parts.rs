//! What packages of all programs have beside their text: relations between parts, properties, pictures, embedded files.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::markup::{Markup, Piece, utf8};
use super::metafile;
use super::package::Package;
use super::properties::{self, Attributes};
use crate::Format;
use crate::read::le::Le;
use crate::read::ole::unknown;
use crate::read::picture::is_small;
use crate::read::{Fault, Outcome, Reading};
use crate::report::Cause;

/// Parts of a document, with those that were read.
#[derive(Debug)]
pub(crate) struct Parts<'b> {
    pub(crate) package: Package<'b>,
    done: HashSet<String>,
}

/// What a part points to.
#[derive(Debug, Default)]
pub(crate) struct Relations {
    /// Targets inside the package, with the kind of relation, by their key.
    pub(crate) inside: HashMap<String, (String, String)>,
    /// Keys in the order in which they stand.
    pub(crate) order: Vec<String>,
}

impl<'b> Parts<'b> {
    pub(crate) fn open(bytes: &'b [u8], into: &mut Reading<'_>) -> Result<Self, Fault> {
        let package = Package::open(bytes, into.limits().members);
        if package.damaged() {
            into.note(Cause::Damaged);
        }
        if package.is_cut(into.limits().members) {
            into.note(Cause::TooBig);
        }
        if package.names().next().is_none() {
            return Err(Fault(Cause::Damaged));
        }
        let parts = Self {
            package,
            done: HashSet::new(),
        };
        Ok(parts)
    }

    /// A part; each is given once.
    pub(crate) fn take(
        &mut self,
        name: &str,
        into: &mut Reading<'_>,
    ) -> Result<Option<Cow<'b, [u8]>>, Fault> {
        if !self.done.insert(name.to_ascii_lowercase()) {
            return Ok(None);
        }
        self.package.part(name, into)
    }

    /// Leaves a part unread, on purpose.
    pub(crate) fn skip(&mut self, name: &str) {
        self.done.insert(name.to_ascii_lowercase());
    }

    /// Names of parts that were not read, in an order that people expect: `sheet2` before `sheet10`.
    pub(crate) fn left(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .package
            .names()
            .filter(|name| !self.done.contains(&name.to_ascii_lowercase()))
            .map(ToOwned::to_owned)
            .collect();
        names.sort_by_cached_key(|name| natural(name));
        names
    }

    /// What a part points to.
    pub(crate) fn relations(
        &mut self,
        of: &str,
        into: &mut Reading<'_>,
    ) -> Result<Relations, Fault> {
        let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
        let slash = if folder.is_empty() { "" } else { "/" };
        let name = format!("{folder}{slash}_rels/{file}.rels");
        match self.take(&name, into)? {
            Some(xml) => relations(&xml, folder, into),
            None => Ok(Relations::default()),
        }
    }

    /// Properties, relations to the outside, pictures and embedded files: all that is left after a document's own reader.
    pub(crate) fn rest(&mut self, into: &mut Reading<'_>) -> Outcome {
        for name in self.left() {
            self.left_over(&name, into)?;
        }
        Ok(())
    }

    fn left_over(&mut self, name: &str, into: &mut Reading<'_>) -> Outcome {
        let lower = name.to_ascii_lowercase();
        let (path, ending) = lower.rsplit_once('.').unwrap_or((&lower, ""));
        if is_look(&lower) {
            return Ok(());
        }
        let Some(bytes) = self.take(name, into)? else {
            return Ok(());
        };
        match ending {
            "rels" => {
                relations(&bytes, "", into)?;
            }
            "xml" if path.contains("docmetadata") || path.contains("customxml") => {
                properties::read(&bytes, Attributes::Tell, into)?;
            }
            "xml" => properties::read(&bytes, Attributes::Skip, into)?,
            "emf" | "wmf" => metafile::read(&bytes, into)?,
            "esl" => seal(&bytes, into)?,
            // a scanned page in a packing that only its own readers know
            "jb2" => into.note(Cause::ImageWithoutOcr),
            "svm" | "fntdata" | "odttf" | "ttf" | "otf" => {}
            _ if is_media(&bytes) => {}
            _ if is_small(&bytes) => {}
            _ if Format::of(&bytes, name) == Format::Unknown => {
                into.within(name, |into| unknown(&bytes, into))?;
            }
            _ => into.inside(name, &bytes)?,
        }
        Ok(())
    }
}

/// Parts that say how things look.
fn is_look(lower: &str) -> bool {
    let file = lower.rsplit('/').next().unwrap_or(lower);
    [
        "styles",
        "theme",
        "fonttable",
        "websettings",
        "numbering",
        "[content_types]",
        "viewprops",
        "presprops",
        "tablestyles",
        "printersettings",
        "calcchain",
        "colors",
        "style",
        "quickstyle",
        "layout",
        "themeoverride",
        "thumbnail",
        "stylesWithEffects",
    ]
    .iter()
    .any(|look| {
        file.strip_prefix(look).is_some_and(|rest| {
            rest.trim_start_matches(|c: char| c.is_ascii_digit())
                .starts_with('.')
        })
    })
}

/// What a seal says of itself: its strings. The rest of it are numbers, certificates and a picture.
fn seal(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut at = 0;
    while let Some(next) = memchr::memchr(0x0c, bytes.rest(at)) {
        at += next + 2;
        let length = usize::from(bytes.u8(at - 1).unwrap_or_default());
        let said = bytes.all(at, length).filter(|_| (4..128).contains(&length));
        let said = said.and_then(|said| std::str::from_utf8(said).ok());
        if let Some(said) = said
            && !said.chars().any(char::is_control)
        {
            into.property("seal", said)?;
            at += length;
        }
    }
    Ok(())
}

/// Sound and film hold no text.
fn is_media(bytes: &[u8]) -> bool {
    bytes.some(4, 4) == b"ftyp"
        || bytes.starts_with(b"ID3")
        || bytes.starts_with(b"\xff\xfb")
        || bytes.some(8, 4) == b"WAVE"
        || bytes.some(8, 4) == b"AVI "
}

/// Reads relations; what lies outside the package (links, templates, linked data) is written down.
fn relations(xml: &[u8], folder: &str, into: &mut Reading<'_>) -> Result<Relations, Fault> {
    let mut relations = Relations::default();
    let xml = utf8(xml);
    for piece in Markup::of(&xml) {
        let Piece::Open(tag) = piece else { continue };
        if tag.name != b"Relationship" {
            continue;
        }
        let target = tag.attribute(b"Target").unwrap_or_default();
        if tag.raw(b"TargetMode") == Some(b"External") {
            into.property("link", &target)?;
            continue;
        }
        let key = tag.attribute(b"Id").unwrap_or_default().into_owned();
        let kind = tag.attribute(b"Type").unwrap_or_default();
        let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
        relations.order.push(key.clone());
        relations
            .inside
            .insert(key, (kind, resolve(folder, &target)));
    }
    Ok(relations)
}

/// A target as a part's name.
pub(crate) fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').collect(),
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.retain(|step| !step.is_empty());
    path.join("/")
}

/// A name with its numbers made comparable.
fn natural(name: &str) -> (String, u64) {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let letters = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = stem
        .get(letters.len()..)
        .and_then(|digits| digits.parse().ok())
        .unwrap_or_default();
    (letters.to_owned(), number)
}
