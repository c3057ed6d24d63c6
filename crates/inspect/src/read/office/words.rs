//! Paragraphs of WordprocessingML and DrawingML: documents, slides, shapes, charts, diagrams. Both name a paragraph `p`
//! and its text `t`, and mix inside one another, so one walk reads them all.

use std::borrow::Cow;
use std::collections::HashSet;

use super::flow::Flow;
use super::markup::{Markup, Piece, Tag, text};
use crate::read::{Outcome, Reading};
use crate::{Part, Place};

/// What the text of the element means in which the walk stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Take {
    Nothing,
    Seen,
    Unseen,
    /// A value of a chart: a line of its own.
    Value,
}

/// Styles whose text is hidden.
pub(crate) type Veils = HashSet<Vec<u8>>;

struct Walk<'r, 'a, 's> {
    flow: Flow<'r, 'a>,
    veils: &'s Veils,
    take: Take,
    /// Inside deletions, readings above characters, and the like: how deep.
    gone: usize,
    in_run: bool,
    veiled: bool,
    /// Inside a shape that is not shown.
    unshown: bool,
    alternative: Alternative,
}

/// Two ways to say the same: the second is read only where it says something else.
#[derive(Debug, Default)]
struct Alternative {
    choices: usize,
    fallbacks: usize,
    said: HashSet<String>,
}

/// Reads a part whose text stands at a place.
pub(crate) fn read(xml: &[u8], place: Place, veils: &Veils, into: &mut Reading<'_>) -> Outcome {
    let mut walk = Walk {
        flow: Flow::new(into, place),
        veils,
        take: Take::Nothing,
        gone: 0,
        in_run: false,
        veiled: false,
        unshown: false,
        alternative: Alternative::default(),
    };
    let xml = super::markup::utf8(xml);
    for piece in Markup::of(&xml) {
        match piece {
            Piece::Open(tag) => walk.open(&tag)?,
            Piece::Close(name) => walk.close(name)?,
            Piece::Text(raw) => {
                if walk.take != Take::Nothing {
                    walk.say(&text(raw));
                }
            }
            Piece::Data(data) => {
                if walk.take != Take::Nothing {
                    walk.say(&String::from_utf8_lossy(data));
                }
            }
        }
    }
    walk.flow.end()
}

/// Styles of a document that hide what is written in them.
pub(crate) fn veils(styles: &[u8]) -> Veils {
    let mut veils = Veils::new();
    if memchr::memmem::find(styles, b":vanish").is_none() {
        return veils;
    }
    let mut style: &[u8] = b"";
    for piece in Markup::of(styles) {
        if let Piece::Open(tag) = piece {
            match tag.name {
                b"style" => style = tag.raw(b"styleId").unwrap_or_default(),
                b"vanish" if tag.on() && !style.is_empty() => {
                    veils.insert(style.to_vec());
                }
                _ => {}
            }
        }
    }
    veils
}

impl Walk<'_, '_, '_> {
    fn say(&mut self, words: &str) {
        match self.take {
            Take::Unseen => self.flow.unseen(words),
            Take::Seen | Take::Value if self.gone > 0 || self.veiled || self.unshown => {
                self.flow.unseen(words);
            }
            Take::Seen | Take::Value => self.flow.text(words),
            Take::Nothing => {}
        }
    }

    /// A letter that stands for itself.
    fn letter(&mut self, letter: &str) {
        let before = self.take;
        self.take = Take::Seen;
        self.say(letter);
        self.take = before;
    }

    fn open(&mut self, tag: &Tag<'_>) -> Outcome {
        match tag.name {
            b"t" => self.take = Take::Seen,
            b"r" => {
                self.in_run = true;
                self.veiled = false;
            }
            b"delText" | b"instrText" | b"delInstrText" => self.take = Take::Unseen,
            b"v" | b"f" if tag.prefix == b"c" || tag.prefix == b"cx" => self.take = Take::Value,
            b"text" if tag.prefix == b"p" => self.take = Take::Value,
            b"del" | b"moveFrom" | b"rt" => self.gone += 1,
            b"vanish" if self.in_run && tag.on() => self.veiled = true,
            b"rStyle" | b"pStyle" if !self.veils.is_empty() => {
                let style = tag.raw(b"val").unwrap_or_default();
                self.veiled |= self.in_run && self.veils.contains(style);
            }
            b"tab" | b"ptab" if self.in_run => self.letter("\t"),
            b"br" | b"cr" => self.letter("\n"),
            b"cNvPr" if tag.says(b"hidden") => {
                self.unshown = true;
                self.attributes(tag)?;
            }
            b"noBreakHyphen" => self.letter("-"),
            b"sym" => self.symbol(tag),
            b"txbxContent" | b"textbox" => self.flow.enter(self.boxed()),
            b"Choice" => self.alternative.choices += 1,
            b"Fallback" => self.alternative.fallbacks += 1,
            b"comment" | b"footnote" | b"endnote" | b"cm" => self.author(tag)?,
            _ => self.attributes(tag)?,
        }
        Ok(())
    }

    fn close(&mut self, name: &[u8]) -> Outcome {
        match name {
            b"t" | b"delText" | b"instrText" | b"delInstrText" => self.take = Take::Nothing,
            b"v" | b"f" | b"text" if self.take == Take::Value => {
                self.take = Take::Nothing;
                self.flow.paragraph()?;
            }
            b"r" => {
                self.in_run = false;
                self.veiled = false;
            }
            b"del" | b"moveFrom" | b"rt" => self.gone = self.gone.saturating_sub(1),
            b"p" => {
                self.repeated();
                self.flow.paragraph()?;
            }
            b"sp" | b"pic" | b"graphicFrame" | b"cxnSp" => self.unshown = false,
            b"tc" => self.flow.cell()?,
            b"tr" => self.flow.row()?,
            b"txbxContent" | b"textbox" => self.flow.leave()?,
            b"Choice" => self.alternative.choices = self.alternative.choices.saturating_sub(1),
            b"Fallback" => {
                self.alternative.fallbacks = self.alternative.fallbacks.saturating_sub(1);
            }
            b"AlternateContent" if self.alternative.choices == 0 => self.alternative.said.clear(),
            _ => {}
        }
        Ok(())
    }

    /// A paragraph of a choice is kept in mind; one of a fallback is let go where it says the same.
    fn repeated(&mut self) {
        if self.alternative.fallbacks > 0 {
            if self.alternative.said.contains(self.flow.so_far()) {
                self.flow.drop();
            }
        } else if self.alternative.choices > 0 && !self.flow.so_far().is_empty() {
            self.alternative.said.insert(self.flow.so_far().to_owned());
        }
    }

    fn boxed(&self) -> Place {
        let place = self.flow.place();
        if place.part == Part::Body {
            Place {
                part: Part::Textbox,
                ..place
            }
        } else {
            place
        }
    }

    /// Who wrote a remark.
    fn author(&mut self, tag: &Tag<'_>) -> Outcome {
        match tag.attribute(b"author") {
            Some(author) => self.flow.into.property("author", &author),
            None => Ok(()),
        }
    }

    /// Text that stands in attributes: alternative texts, words along a curve (watermarks), choices of a form.
    fn attributes(&mut self, tag: &Tag<'_>) -> Outcome {
        let (names, seen): (&[&[u8]], bool) = match tag.name {
            b"docPr" | b"cNvPr" => (&[b"descr", b"title"], true),
            b"textpath" => (&[b"string"], true),
            b"shape" | b"imagedata" => (&[b"alt", b"title"], true),
            b"fldSimple" => (&[b"instr"], false),
            b"listItem" => (&[b"displayText", b"value"], false),
            b"alias" | b"helpText" | b"statusText" | b"listEntry" => (&[b"val", b"name"], false),
            b"tag" if tag.prefix == b"p" => {
                let name = tag.attribute(b"name").unwrap_or_default();
                let value = tag.attribute(b"val").unwrap_or_default();
                return self.flow.into.property(&name, &value);
            }
            b"tag" => (&[b"val"], false),
            _ => return Ok(()),
        };
        for name in names {
            if let Some(value) = tag.attribute(name) {
                self.attribute(&value, seen)?;
            }
        }
        Ok(())
    }

    fn attribute(&mut self, value: &str, seen: bool) -> Outcome {
        if !seen {
            return self.flow.aside(Part::Hidden, value);
        }
        if self.alternative.fallbacks > 0 && self.alternative.said.contains(value) {
            return Ok(());
        }
        if self.alternative.choices > 0 {
            self.alternative.said.insert(value.to_owned());
        }
        let part = self.boxed().part;
        self.flow.aside(part, value)
    }

    /// A character of a font of symbols. What a star looks like in Wingdings is a star.
    fn symbol(&mut self, tag: &Tag<'_>) {
        let code = tag
            .attribute(b"char")
            .and_then(|hex| u32::from_str_radix(&hex, 16).ok())
            .unwrap_or_default();
        let letter = match (code & 0xff, tag.raw(b"font")) {
            (0xab, Some(b"Wingdings")) => Some('\u{2605}'),
            (0xb6, Some(b"Wingdings")) => Some('\u{2606}'),
            _ => char::from_u32(code),
        };
        if let Some(letter) = letter {
            self.letter(Cow::from(letter.to_string()).as_ref());
        }
    }
}
