//! Pages: what a reader sees line by line, and what he does not.

use super::asides::Asides;
use super::entities::unescape;
use super::tags::{Tags, Token, attributes};
use crate::Part;
use crate::read::{Outcome, Reading};

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 45] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tr",
    "ul",
    "title",
];
/// Elements without content.
const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];
/// Elements whose content knows no tags.
const RAW: [&str; 7] = [
    "script", "style", "title", "textarea", "xmp", "noembed", "noframes",
];
/// Attributes that people read.
const READ: [&str; 6] = [
    "alt",
    "title",
    "placeholder",
    "aria-label",
    "label",
    "summary",
];

#[derive(Debug, Default)]
struct Page {
    asides: Asides,
    /// The element that hides what is in it, and how many of its name are open.
    hidden: Option<(String, usize)>,
    preformatted: usize,
    space: bool,
    begun: bool,
}

pub(super) fn read(text: &str, into: &mut Reading<'_>) -> Outcome {
    let mut page = Page::default();
    let mut tags = Tags::new(text);
    while let Some(token) = tags.next() {
        match token {
            Token::Text(text) | Token::Cdata(text) => page.text(text, into)?,
            Token::Comment(comment) => page.asides.add(Part::Comment, &unescape(comment), into)?,
            Token::Declaration(text) => page.asides.add(Part::Metadata, text, into)?,
            Token::Instruction(_) => {}
            Token::End(name) => page.end(&name.to_ascii_lowercase(), into)?,
            Token::Start(name, inside, closed) => {
                let name = name.to_ascii_lowercase();
                page.start(&name, inside, closed, into)?;
                if RAW.contains(&name.as_str()) && !closed {
                    page.raw(&name, tags.raw(&name), into)?;
                }
            }
        }
        into.look()?;
    }
    page.block(into)
}

impl Page {
    fn text(&mut self, text: &str, into: &mut Reading<'_>) -> Outcome {
        let text = unescape(text);
        if self.hidden.is_some() {
            return self.asides.add(Part::Hidden, &text, into);
        }
        if self.preformatted > 0 {
            return into.write(&text);
        }
        let mut line = String::with_capacity(text.len());
        for c in text.chars() {
            if matches!(c, ' ' | '\n' | '\r' | '\t' | '\u{c}') {
                self.space = true;
                continue;
            }
            if self.space && self.begun {
                line.push(' ');
            }
            (self.space, self.begun) = (false, true);
            line.push(c);
        }
        into.write(&line)
    }

    /// Ends the line; then what stood beside it.
    fn block(&mut self, into: &mut Reading<'_>) -> Outcome {
        (self.space, self.begun) = (false, false);
        into.line()?;
        self.asides.write(into)
    }

    fn start(&mut self, name: &str, inside: &str, closed: bool, into: &mut Reading<'_>) -> Outcome {
        if let Some((hidden, open)) = &mut self.hidden {
            *open += usize::from(hidden == name && !closed);
            if BLOCKS.contains(&name) {
                self.asides.add(Part::Hidden, "\n", into)?;
            }
            return Ok(());
        }
        if matches!(name, "td" | "th") && self.begun {
            self.space = false;
            into.write("\t")?;
        } else if BLOCKS.contains(&name) {
            self.block(into)?;
        }
        if name == "pre" {
            self.preformatted += 1;
        }
        if name == "meta" {
            return meta(inside, into);
        }
        let hides = self.attributes(name, inside, into)?;
        if hides && !closed && !VOID.contains(&name) {
            self.hidden = Some((name.to_owned(), 1));
        }
        Ok(())
    }

    /// Writes what people read of them, and says whether they hide the element.
    fn attributes(
        &mut self,
        name: &str,
        inside: &str,
        into: &mut Reading<'_>,
    ) -> Result<bool, crate::read::Fault> {
        let mut hides = matches!(name, "template" | "datalist");
        let is_input = matches!(name, "input" | "button" | "param");
        let unseen = attributes(inside).any(|(key, value)| {
            key.eq_ignore_ascii_case("type") && value.eq_ignore_ascii_case("hidden")
        });
        for (key, value) in attributes(inside) {
            let key = key.to_ascii_lowercase();
            if READ.contains(&key.as_str()) {
                self.asides.add(Part::Textbox, &unescape(value), into)?;
            } else if key == "value" && is_input {
                let part = if unseen { Part::Hidden } else { Part::Textbox };
                self.asides.add(part, &unescape(value), into)?;
            } else if key == "hidden" || (key == "style" && is_unseen(value)) {
                hides = true;
            } else if key.starts_with("data-") && !value.is_ascii() {
                self.asides
                    .add(Part::Hidden, &format!("\n{}\n", unescape(value)), into)?;
            }
        }
        Ok(hides)
    }

    fn raw(&mut self, name: &str, text: &str, into: &mut Reading<'_>) -> Outcome {
        match name {
            "title" if self.hidden.is_none() => into.property("title", unescape(text).trim()),
            "title" | "textarea" | "xmp" => self.text(text, into),
            _ => {
                self.asides.add(Part::Hidden, "\n", into)?;
                self.asides.add(Part::Hidden, text, into)
            }
        }
    }

    fn end(&mut self, name: &str, into: &mut Reading<'_>) -> Outcome {
        if let Some((hidden, open)) = &mut self.hidden {
            if hidden == name {
                *open -= 1;
                if *open == 0 {
                    self.hidden = None;
                    self.asides.add(Part::Hidden, "\n", into)?;
                }
            }
            return Ok(());
        }
        if name == "pre" {
            self.preformatted = self.preformatted.saturating_sub(1);
        }
        if BLOCKS.contains(&name) {
            self.block(into)
        } else {
            Ok(())
        }
    }
}

fn meta(inside: &str, into: &mut Reading<'_>) -> Outcome {
    let of = |names: &[&str]| {
        attributes(inside)
            .find(|(key, _)| names.iter().any(|name| key.eq_ignore_ascii_case(name)))
            .map(|(_, value)| unescape(value))
    };
    match (
        of(&["name", "property", "http-equiv", "itemprop"]),
        of(&["content"]),
    ) {
        (Some(name), Some(content)) => into.property(&name, &content),
        (None, Some(content)) => into.property("meta", &content),
        _ => Ok(()),
    }
}

/// Styles by which text is on a page and nobody sees it.
fn is_unseen(style: &str) -> bool {
    let style: String = style
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_ascii_lowercase();
    ["display:none", "visibility:hidden", "mso-hide:all"]
        .iter()
        .any(|unseen| style.contains(unseen))
        || style.split(';').any(|one| {
            matches!(
                one,
                "font-size:0" | "font-size:0px" | "font-size:0pt" | "opacity:0"
            )
        })
}
