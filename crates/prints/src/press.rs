//! Layouts and type, and the making of pages from them.

use crate::{DATA_BYTES_MAX, PREVIEW_BYTES_MAX, SONG, ink, value};
use domain::Timestamp;
use std::{collections::BTreeMap, fmt};
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Dict, Duration, Smart, Str, Value},
    layout::Size,
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp as PdfTimestamp};
use typst_svg::SvgOptions;

/// Layouts with the type to set them in; made once.
pub struct Press {
    sources: BTreeMap<String, Source>,
    /// What lies over each page that is only looked at.
    watermark: Option<Source>,
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

/// Pages to look at, which nobody can take for those that are printed.
#[derive(Debug)]
pub struct Previewed {
    /// The first pages, each a picture (SVG) with a watermark.
    pub pages: Vec<String>,
    /// How many there would be.
    pub total: usize,
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
        let sources = layouts
            .into_iter()
            .filter_map(|(name, text)| Some((name.clone(), source(&name, text)?)));
        let sources: BTreeMap<String, Source> = sources.collect();
        Self {
            sources,
            watermark: source("over/watermark", WATERMARK.to_owned()),
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
        self.set(layout, data, |desk| desk.make(at))
    }

    /// The same as pictures of the first `most` pages, each under a watermark.
    ///
    /// # Errors
    /// Those of [`Press::print`].
    pub fn preview(
        &self,
        layout: &str,
        data: serde_json::Value,
        most: usize,
    ) -> Result<Previewed, PrintError> {
        self.set(layout, data, |desk| desk.look(most))
    }

    fn set<T>(
        &self,
        layout: &str,
        data: serde_json::Value,
        made: impl FnOnce(&Desk<'_>) -> Result<T, PrintError>,
    ) -> Result<T, PrintError> {
        let main = self.sources.get(layout);
        let main = main.ok_or_else(|| PrintError::NoSuchLayout(layout.to_owned()))?;
        if length(&data) > DATA_BYTES_MAX {
            return Err(PrintError::TooLong);
        }
        let ink = |text: &str| ink::seen(text, |c| self.has_shape(c));
        let desk = self.desk(main, value::value(data, &ink));
        let made = made(&desk);
        // WHY: what typst remembers for its next run are the words of this one
        typst::comemo::evict(0);
        made
    }

    fn desk<'p>(&'p self, main: &'p Source, data: Value) -> Desk<'p> {
        let families = self.families().into_iter();
        let families = families.map(|name| Value::Str(name.into()));
        let mut inputs = Dict::new();
        inputs.insert(Str::from("data"), data);
        inputs.insert(Str::from("fonts"), Value::Array(families.collect()));
        Desk {
            press: self,
            main,
            library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
        }
    }

    /// What lies over a page of this size, as a picture.
    fn over(&self, size: Size) -> Result<String, PrintError> {
        let main = self.watermark.as_ref();
        let main = main.ok_or_else(|| PrintError::NoSuchLayout("watermark".to_owned()))?;
        let mut sides = Dict::new();
        sides.insert(Str::from("width"), Value::Length(size.x.into()));
        sides.insert(Str::from("height"), Value::Length(size.y.into()));
        let document = self.desk(main, Value::Dict(sides)).document()?;
        let page = document.pages().first();
        Ok(page.map_or_else(String::new, |page| {
            typst_svg::svg(page, &SvgOptions::default())
        }))
    }

    fn has_shape(&self, c: char) -> bool {
        let mut fonts = self.fonts.iter();
        fonts.any(|font| font.info().coverage.contains(u32::from(c)))
    }
}

fn source(name: &str, text: String) -> Option<Source> {
    let path = VirtualPath::new(format!("{name}.typ")).ok()?;
    let id = RootedPath::new(VirtualRoot::Project, path).intern();
    Some(Source::new(id, text))
}

/// Words over a page, so that a picture of it is no evidence of anything. WHY: laid over the finished page,
/// where no layout can take them away.
const WATERMARK: &str = r#"
#let side = sys.inputs.data
#set page(width: side.width, height: side.height, margin: 0pt, fill: none)
#let words = box(text(font: sys.inputs.fonts, size: side.width * 0.1, fill: rgb(176, 32, 32, 64), [预览 PREVIEW]))
#let places = if side.height > side.width { (-28%, 0%, 28%) } else { (0%,) }
#for dy in places { place(center + horizon, dy: dy, rotate(-24deg, reflow: true, words)) }
"#;

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
    fn document(&self) -> Result<PagedDocument, PrintError> {
        let document = typst::compile::<PagedDocument>(self);
        document.output.map_err(|errors| self.failed(&errors))
    }

    fn failed(&self, diagnostics: &[SourceDiagnostic]) -> PrintError {
        let all: Vec<String> = diagnostics.iter().map(|one| self.told(one)).collect();
        PrintError::Layout(all.join("\n"))
    }

    fn look(&self, most: usize) -> Result<Previewed, PrintError> {
        let document = self.document()?;
        let (mut pages, mut bytes) = (Vec::new(), 0);
        let mut over: Option<(Size, String)> = None;
        for page in document.pages().iter().take(most) {
            let size = page.frame.size();
            let words = match over.take().filter(|(of, _)| *of == size) {
                Some((_, words)) => words,
                None => self.press.over(size)?,
            };
            let picture = typst_svg::svg(page, &SvgOptions::default());
            let open = picture.trim_end().strip_suffix("</svg>");
            let open = open.ok_or_else(|| PrintError::Layout("no picture".to_owned()))?;
            let picture = format!("{open}{words}</svg>");
            over = Some((size, words));
            bytes += picture.len();
            if bytes > PREVIEW_BYTES_MAX {
                break;
            }
            pages.push(picture);
        }
        Ok(Previewed {
            pages,
            total: document.pages().len(),
        })
    }

    fn make(&self, at: Timestamp) -> Result<Printed, PrintError> {
        let document = self.document()?;
        let options = PdfOptions {
            ident: Smart::Custom(format!("{}", at.as_millisecond())),
            creator: Smart::Custom(Some("Ruping 如瓶".to_owned())),
            timestamp: stamp(at),
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&document, &options);
        let pdf = pdf.map_err(|errors| self.failed(&errors))?;
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
        let mut sources = self.press.sources.values().chain(&self.press.watermark);
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
