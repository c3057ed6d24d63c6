//! Layouts and type, and the making of pages from them.

use crate::{DATA_BYTES_MAX, SONG, ink, value};
use domain::Timestamp;
use std::{collections::BTreeMap, fmt};
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Dict, Duration, Smart, Str, Value},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp as PdfTimestamp};

/// Layouts with the type to set them in; made once.
pub struct Press {
    sources: BTreeMap<String, Source>,
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
}

impl fmt::Debug for Press {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Press")
            .field("layouts", &self.sources.keys())
            .field("fonts", &self.fonts.len())
            .finish_non_exhaustive()
    }
}

/// Pages that were made.
#[derive(Debug)]
pub struct Printed {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

/// Why there are no pages.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// No layout has this name.
    #[error("there is no layout `{0}`")]
    NoSuchLayout(String),
    /// More than [`DATA_BYTES_MAX`].
    #[error("what is to be printed is too long for one file")]
    TooLong,
    /// The layout is wrong, or does not fit what it was given.
    #[error("{0}")]
    Layout(String),
}

impl Press {
    /// A press with these layouts, by name without ending, each a typst file that may `import` others by
    /// their name and `.typ`. Characters that the built-in type lacks are looked for in `fonts`, files of
    /// OpenType or TrueType in order; what is no such file is passed over.
    pub fn new(
        layouts: impl IntoIterator<Item = (String, String)>,
        fonts: impl IntoIterator<Item = Vec<u8>>,
    ) -> Self {
        let more = fonts.into_iter().map(Bytes::new);
        let fonts: Vec<Font> = std::iter::once(Bytes::new(SONG))
            .chain(more)
            .flat_map(Font::iter)
            .collect();
        let sources = layouts.into_iter().filter_map(|(name, text)| {
            let path = VirtualPath::new(format!("{name}.typ")).ok()?;
            let id = RootedPath::new(VirtualRoot::Project, path).intern();
            Some((name, Source::new(id, text)))
        });
        Self {
            sources: sources.collect(),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
        }
    }

    /// The names of the layouts.
    pub fn layouts(&self) -> impl Iterator<Item = &str> {
        self.sources.keys().map(String::as_str)
    }

    /// The families of type beside the built-in one, in the order they are tried.
    fn families(&self) -> Vec<String> {
        let mut families: Vec<String> = Vec::new();
        for font in &self.fonts {
            let family = font.info().family.to_string();
            if !families.contains(&family) {
                families.push(family);
            }
        }
        families
    }

    /// Sets `data` in a layout, which finds it as `sys.inputs.data` and the families of type as
    /// `sys.inputs.fonts`. `at` is the date in the file.
    ///
    /// # Errors
    /// When there is no such layout, it is wrong, or the data are too long.
    pub fn print(
        &self,
        layout: &str,
        data: serde_json::Value,
        at: Timestamp,
    ) -> Result<Printed, PrintError> {
        let main = self.sources.get(layout);
        let main = main.ok_or_else(|| PrintError::NoSuchLayout(layout.to_owned()))?;
        if length(&data) > DATA_BYTES_MAX {
            return Err(PrintError::TooLong);
        }
        let ink = |text: &str| ink::seen(text, |c| self.has_shape(c));
        let families = self
            .families()
            .into_iter()
            .map(|name| Value::Str(name.into()));
        let mut inputs = Dict::new();
        inputs.insert(Str::from("data"), value::value(data, &ink));
        inputs.insert(Str::from("fonts"), Value::Array(families.collect()));
        let desk = Desk {
            press: self,
            main,
            library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
        };
        let made = desk.make(at);
        // WHY: what typst remembers for its next run are the words of this one
        typst::comemo::evict(0);
        made
    }

    fn has_shape(&self, c: char) -> bool {
        let mut fonts = self.fonts.iter();
        fonts.any(|font| font.info().coverage.contains(u32::from(c)))
    }
}

/// The bytes of text in a value.
fn length(data: &serde_json::Value) -> usize {
    use serde_json::Value as Json;
    match data {
        Json::Null | Json::Bool(_) | Json::Number(_) => 8,
        Json::String(text) => text.len(),
        Json::Array(list) => list.iter().map(length).sum(),
        Json::Object(map) => map.iter().map(|(key, one)| key.len() + length(one)).sum(),
    }
}

/// One print: what typst asks of the world, answered from memory.
struct Desk<'p> {
    press: &'p Press,
    main: &'p Source,
    library: LazyHash<Library>,
}

impl Desk<'_> {
    fn make(&self, at: Timestamp) -> Result<Printed, PrintError> {
        let told = |diagnostics: &[SourceDiagnostic]| {
            let all: Vec<String> = diagnostics.iter().map(|one| self.told(one)).collect();
            PrintError::Layout(all.join("\n"))
        };
        let document = typst::compile::<PagedDocument>(self);
        let document = document.output.map_err(|errors| told(&errors))?;
        let options = PdfOptions {
            ident: Smart::Custom(format!("{}", at.as_millisecond())),
            creator: Smart::Custom(Some("Ruping 如瓶".to_owned())),
            timestamp: stamp(at),
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&document, &options).map_err(|errors| told(&errors))?;
        Ok(Printed {
            pdf,
            pages: document.pages().len(),
        })
    }

    /// A mistake with its file and line.
    fn told(&self, one: &SourceDiagnostic) -> String {
        use typst::WorldExt;
        let file = one.span.id();
        let name = file.map(|id| id.vpath().get_without_slash().to_owned());
        let source = file.and_then(|id| self.source(id).ok());
        let line = source
            .zip(self.range(one.span))
            .and_then(|(source, range)| source.lines().byte_to_line(range.start));
        match (name, line) {
            (Some(name), Some(line)) => format!("{name}:{}: {}", line + 1, one.message),
            _ => one.message.to_string(),
        }
    }
}

/// The date in the file, in the zone of Greenwich.
fn stamp(at: Timestamp) -> Option<PdfTimestamp> {
    let day = at.to_zoned_datetime(jiff::tz::TimeZone::UTC);
    let number = |part: i8| u8::try_from(part).ok();
    let datetime = Datetime::from_ymd_hms(
        i32::from(day.year()),
        number(day.month())?,
        number(day.day())?,
        number(day.hour())?,
        number(day.minute())?,
        number(day.second())?,
    )?;
    Some(PdfTimestamp::new_utc(datetime))
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.press.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let mut sources = self.press.sources.values();
        let found = sources.find(|source| source.id() == id);
        found.cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, _id: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests;
