//! Where the text of a group goes.

use super::object;
use crate::Part;
use crate::read::markup::Asides;
use crate::read::{Outcome, Reading};

/// Pictures with fewer bytes are icons and rules, without words.
const PICTURE_LEAST: usize = 2_048;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sink {
    Body,
    Skip,
    Fonts,
    Aside(Part),
    Property(&'static str),
    UserName,
    UserValue,
    Object,
    Picture,
}

/// What open groups have held so far.
#[derive(Debug, Default)]
pub(super) struct Sinks {
    pub(super) asides: Asides,
    open: Vec<Held>,
    /// The name of a user's property, for the value that follows.
    name: String,
}

#[derive(Debug, Default)]
pub(super) struct Held {
    text: String,
    data: Vec<u8>,
    nibble: Option<u8>,
}

impl Sinks {
    pub(super) fn begin(&mut self) {
        self.open.push(Held::default());
    }

    pub(super) fn push(&mut self, text: &str) {
        if let Some(held) = self.open.last_mut() {
            held.text.push_str(text);
        }
    }

    /// A digit of data in hexadecimal.
    pub(super) fn hex(&mut self, byte: u8) {
        let (Some(digit), Some(held)) = (char::from(byte).to_digit(16), self.open.last_mut())
        else {
            return;
        };
        let digit = u8::try_from(digit).unwrap_or_default();
        match held.nibble.take() {
            Some(high) => held.data.push(high << 4 | digit),
            None => held.nibble = Some(digit),
        }
    }

    /// Data as it is.
    pub(super) fn data(&mut self, data: &[u8]) {
        if let Some(held) = self.open.last_mut() {
            held.data.extend(data);
        }
    }

    /// The innermost group ended.
    pub(super) fn close(&mut self, sink: Sink, into: &mut Reading<'_>) -> Outcome {
        let Some(held) = self.open.pop() else {
            return Ok(());
        };
        match sink {
            Sink::Aside(part) => {
                self.asides.add(part, &held.text, into)?;
                if part == Part::Hidden {
                    self.asides.add(part, "\n", into)
                } else {
                    Ok(())
                }
            }
            Sink::Property(name) => into.property(name, held.text.trim()),
            Sink::UserName => {
                self.name = held.text;
                Ok(())
            }
            Sink::UserValue => into.property(self.name.trim(), held.text.trim()),
            Sink::Object => object::read(&held.data, into),
            Sink::Picture if held.data.len() >= PICTURE_LEAST => into.inside("picture", &held.data),
            Sink::Picture | Sink::Body | Sink::Skip | Sink::Fonts => Ok(()),
        }
    }
}
