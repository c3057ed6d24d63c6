//! XML of any vocabulary: text, values of attributes, comments, and the names that structure gives. Entities that a file
//! defines itself stay names (nothing grows), and their definitions are read as they stand there.

use std::collections::BTreeSet;

use super::asides::Asides;
use super::entities::unescape;
use super::tags::{Tags, Token, attributes};
use crate::Part;
use crate::read::{Outcome, Reading};

/// Elements that stand within a word in the vocabularies of office programs, pages and drawings.
const INLINE: [&str; 14] = [
    "a", "b", "em", "font", "i", "r", "rPr", "s", "span", "strong", "sub", "sup", "t", "u",
];
/// Elements that end a line there.
const BREAKS: [&str; 9] = [
    "p", "br", "tr", "row", "li", "para", "title", "entry", "item",
];
/// So many different names are told.
const NAMES_MOST: usize = 2_000;
/// Elements that say a level: their text is kept as a value too.
const LABELS: [&str; 8] = [
    "PolicyIdentifier",
    "Classification",
    "classification",
    "SecurityClassification",
    "securityLevel",
    "secretLevel",
    "密级",
    "保密期限",
];
/// A level is not longer.
const LABEL_MOST: usize = 200;

#[derive(Debug, Default)]
struct Document<'a> {
    asides: Asides,
    names: BTreeSet<&'a str>,
    begun: bool,
    /// A tag stood last, and whether the text before it and the text after it may be one word.
    between: bool,
    /// The element that was opened last, and its text so far.
    leaf: Option<(&'a str, String)>,
    labels: Vec<(String, String)>,
}

pub(super) fn read(text: &str, into: &mut Reading<'_>) -> Outcome {
    let mut document = Document::default();
    for token in Tags::new(text) {
        match token {
            Token::Text(text) => document.text(&unescape(text), into)?,
            Token::Cdata(text) => document.text(text, into)?,
            Token::Comment(comment) => document.asides.add(Part::Comment, comment, into)?,
            Token::Declaration(text) => document.asides.add(Part::Metadata, text, into)?,
            Token::Instruction(text) => {
                if !text.starts_with("xml ") {
                    document.asides.add(Part::Metadata, text, into)?;
                }
            }
            Token::Start(name, inside, closed) => document.start(name, inside, closed, into)?,
            Token::End(name) => document.end(local(name), into)?,
        }
        into.look()?;
    }
    document.finish(into)
}

impl<'a> Document<'a> {
    fn text(&mut self, text: &str, into: &mut Reading<'_>) -> Outcome {
        if text.trim().is_empty() {
            if self.begun && !text.is_empty() && !text.contains('\n') {
                into.write(" ")?;
            }
            return Ok(());
        }
        if self.between {
            self.line(into)?;
        }
        if let Some((_, leaf)) = &mut self.leaf
            && leaf.len() + text.len() <= LABEL_MOST
        {
            leaf.push_str(text);
        }
        self.begun = true;
        let text = if text.starts_with('\n') {
            text.trim_start()
        } else {
            text
        };
        into.write(text)
    }

    fn line(&mut self, into: &mut Reading<'_>) -> Outcome {
        self.between = false;
        if self.begun {
            self.begun = false;
            into.line()?;
        }
        self.asides.write(into)
    }

    fn name(&mut self, name: &'a str) {
        if self.names.len() < NAMES_MOST {
            self.names.insert(name);
        }
    }

    fn start(
        &mut self,
        name: &'a str,
        inside: &'a str,
        closed: bool,
        into: &mut Reading<'_>,
    ) -> Outcome {
        self.name(name);
        let name = local(name);
        if BREAKS.contains(&name) {
            self.line(into)?;
        }
        for (key, value) in attributes(inside) {
            self.name(key);
            if !value.is_empty() && !key.starts_with("xmlns") {
                self.asides.add(Part::Metadata, &unescape(value), into)?;
            }
            if LABELS.contains(&local(key)) {
                self.labels
                    .push((local(key).to_owned(), unescape(value).into_owned()));
            }
        }
        if INLINE.contains(&name) {
            return Ok(());
        }
        self.leaf = (!closed).then(|| (name, String::new()));
        // WHY: a name in Chinese says what its value is (<密级>机密</密级>)
        if !closed && !name.is_ascii() {
            self.line(into)?;
            self.begun = true;
            into.write(name)?;
            into.write("：")?;
        }
        Ok(())
    }

    fn end(&mut self, name: &str, into: &mut Reading<'_>) -> Outcome {
        if INLINE.contains(&name) {
            return Ok(());
        }
        if let Some((leaf, text)) = self.leaf.take()
            && leaf == name
            && LABELS.contains(&name)
        {
            self.labels.push((name.to_owned(), text));
        }
        if BREAKS.contains(&name) {
            return self.line(into);
        }
        self.between = true;
        Ok(())
    }

    fn finish(&mut self, into: &mut Reading<'_>) -> Outcome {
        self.line(into)?;
        for (name, value) in std::mem::take(&mut self.labels) {
            into.property(&name, &value)?;
        }
        let names = self.names.iter().copied().collect::<Vec<_>>().join(" ");
        self.asides.add(Part::Metadata, &names, into)?;
        self.asides.write(into)
    }
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}
