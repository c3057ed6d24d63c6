//! Control words: which of them begin a place of its own, which are characters, which change what holds.

use super::sink::Sink;
use super::{Outcome, Reader, Reading};
use crate::Part;

/// Groups that hold text of their own.
const PLACES: [(&str, Sink); 24] = [
    ("header", Sink::Aside(Part::Header)),
    ("headerl", Sink::Aside(Part::Header)),
    ("headerr", Sink::Aside(Part::Header)),
    ("headerf", Sink::Aside(Part::Header)),
    ("footer", Sink::Aside(Part::Footer)),
    ("footerl", Sink::Aside(Part::Footer)),
    ("footerr", Sink::Aside(Part::Footer)),
    ("footerf", Sink::Aside(Part::Footer)),
    ("footnote", Sink::Aside(Part::Footnote)),
    ("annotation", Sink::Aside(Part::Comment)),
    ("atnauthor", Sink::Aside(Part::Comment)),
    ("shptxt", Sink::Aside(Part::Textbox)),
    ("fldinst", Sink::Aside(Part::Hidden)),
    ("bkmkstart", Sink::Aside(Part::Metadata)),
    ("title", Sink::Property("title")),
    ("subject", Sink::Property("subject")),
    ("author", Sink::Property("author")),
    ("keywords", Sink::Property("keywords")),
    ("doccomm", Sink::Property("comments")),
    ("company", Sink::Property("company")),
    ("category", Sink::Property("category")),
    ("operator", Sink::Property("operator")),
    ("manager", Sink::Property("manager")),
    ("docvar", Sink::Property("variable")),
];

/// Groups without text.
const SKIPPED: [&str; 16] = [
    "stylesheet",
    "colortbl",
    "listtable",
    "listoverridetable",
    "generator",
    "themedata",
    "colorschememapping",
    "latentstyles",
    "rsidtbl",
    "nonshppict",
    "upr",
    "pntext",
    "xmlnstbl",
    "filetbl",
    "revtbl",
    "mmathPr",
];

/// Groups that are marked as ones to be passed over where unknown, but hold text of the document.
const TRANSPARENT: [&str; 8] = [
    "shpinst",
    "shppict",
    "userprops",
    "ud",
    "do",
    "pn",
    "objname",
    "background",
];

impl Reader {
    pub(super) fn word(
        &mut self,
        word: &str,
        number: Option<i64>,
        into: &mut Reading<'_>,
    ) -> Outcome {
        self.flush(into)?;
        if self.begins(word) || self.format(word, number) {
            return Ok(());
        }
        match word {
            "u" => self.numbered(number.unwrap_or_default(), into),
            "par" | "line" | "sect" | "page" | "row" | "softline" | "nestrow" | "column" => {
                self.paragraph(into)
            }
            "tab" | "cell" | "nestcell" => self.put("\t", into),
            "emdash" => self.put("—", into),
            "endash" => self.put("–", into),
            "bullet" => self.put("•", into),
            "lquote" => self.put("‘", into),
            "rquote" => self.put("’", into),
            "ldblquote" => self.put("“", into),
            "rdblquote" => self.put("”", into),
            "emspace" | "enspace" | "qmspace" => self.put(" ", into),
            _ if self.group.ignorable && !TRANSPARENT.contains(&word) => {
                // WHY only the first word after the sign: later ones format what the group holds
                self.group.ignorable = false;
                if !matches!(self.group.sink, Sink::Fonts) {
                    self.group.sink = Sink::Skip;
                }
                Ok(())
            }
            _ => {
                self.group.ignorable = false;
                Ok(())
            }
        }
    }

    /// Whether the word begins a place of its own.
    fn begins(&mut self, word: &str) -> bool {
        if matches!(self.group.sink, Sink::Skip) && word != "ud" {
            return true;
        }
        let sink = match word {
            "fonttbl" => Some(Sink::Fonts),
            "pict" => Some(Sink::Picture),
            "objdata" => Some(Sink::Object),
            "propname" => Some(Sink::UserName),
            "staticval" => Some(Sink::UserValue),
            "ud" => Some(
                self.groups
                    .iter()
                    .rev()
                    .nth(1)
                    .map_or(Sink::Body, |outer| outer.sink),
            ),
            _ if SKIPPED.contains(&word) => Some(Sink::Skip),
            _ => PLACES
                .iter()
                .find(|(name, _)| *name == word)
                .map(|(_, sink)| *sink),
        };
        let Some(sink) = sink else {
            return false;
        };
        self.group.ignorable = false;
        self.group.sink = sink;
        if !self.group.own && word != "ud" && !matches!(sink, Sink::Skip | Sink::Fonts) {
            self.group.own = true;
            self.sinks.begin();
        }
        true
    }

    /// Whether the word only changes what holds for text that follows.
    fn format(&mut self, word: &str, number: Option<i64>) -> bool {
        let small = || number.and_then(|number| u32::try_from(number).ok());
        match word {
            "uc" => self.group.fallback = small().unwrap_or(1).min(16) as usize,
            "v" | "deleted" => self.group.hidden = number != Some(0),
            "plain" => {
                self.group.hidden = false;
                self.group.font = u32::MAX;
            }
            "f" if matches!(self.group.sink, Sink::Fonts) => {
                self.fonts.entry(small().unwrap_or_default())
            }
            "f" => self.group.font = small().unwrap_or(u32::MAX),
            "fcharset" => self.fonts.charset(small().unwrap_or_default()),
            "cpg" if matches!(self.group.sink, Sink::Fonts) => {
                self.fonts.page_of_font(small().unwrap_or_default())
            }
            "ansicpg" => self.fonts.page(small().unwrap_or_default()),
            "deff" => self.fonts.usual(small().unwrap_or_default()),
            "mac" => self.fonts.page(10_000),
            _ => return false,
        }
        true
    }
}
