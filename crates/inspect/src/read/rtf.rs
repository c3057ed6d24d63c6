//! Rich text: groups, control words, and characters in the code page of their font or as numbers.

mod fonts;
mod object;
mod sink;
#[cfg(test)]
mod tests;
mod words;

use encoding_rs::Encoding;

use super::{Fault, Outcome, Reading};
use crate::Part;
use crate::report::Cause;
use fonts::Fonts;
use sink::{Sink, Sinks};

/// Groups inside groups; programs write some dozens.
const DEPTH: usize = 1_000;
/// What follows the last group and is longer is read as a file of its own.
const AFTER_MOST: usize = 16;

/// What holds inside a group.
#[derive(Debug, Clone, Copy)]
struct Group {
    font: u32,
    /// Characters that stand in for one by number, for readers that know none.
    fallback: usize,
    hidden: bool,
    sink: Sink,
    /// Whether what it holds goes to a place of its own when it ends.
    own: bool,
    /// Only what it holds counts, not the groups in it that are unknown.
    ignorable: bool,
}

#[derive(Debug)]
struct Reader {
    group: Group,
    groups: Vec<Group>,
    deeper: usize,
    sinks: Sinks,
    fonts: Fonts,
    /// Bytes that are no characters yet: two may be one.
    bytes: Vec<u8>,
    /// The first half of a character above U+FFFF.
    half: Option<u16>,
    /// Characters still to be skipped after one by number.
    skip: usize,
}

pub(super) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut reader = Reader::new();
    let looked_at = bytes
        .get(..into.limits().input.min(bytes.len()))
        .unwrap_or_default();
    let ended = reader.run(looked_at, into);
    reader.flush(into)?;
    let open = !reader.groups.is_empty() || reader.deeper > 0;
    while let Some(group) = reader.groups.pop() {
        let inner = std::mem::replace(&mut reader.group, group);
        reader.close(inner, into)?;
    }
    into.line()?;
    reader.sinks.asides.write(into)?;
    let rest = ended?;
    if looked_at.len() < bytes.len() {
        into.note(Cause::TooBig);
    }
    if open {
        return Err(Fault(Cause::Damaged));
    }
    let rest = rest.trim_ascii();
    if rest.len() > AFTER_MOST && rest.iter().any(|byte| *byte != 0) {
        into.inside("after the end", rest)?;
    }
    Ok(())
}

impl Reader {
    fn new() -> Self {
        Self {
            group: Group {
                font: u32::MAX,
                fallback: 1,
                hidden: false,
                sink: Sink::Body,
                own: false,
                ignorable: false,
            },
            groups: Vec::new(),
            deeper: 0,
            sinks: Sinks::default(),
            fonts: Fonts::default(),
            bytes: Vec::new(),
            half: None,
            skip: 0,
        }
    }

    /// Reads up to the end of the outermost group, and gives what follows.
    fn run<'a>(&mut self, bytes: &'a [u8], into: &mut Reading<'_>) -> Result<&'a [u8], Fault> {
        let mut rest = bytes;
        while let Some((&first, tail)) = rest.split_first() {
            rest = tail;
            match first {
                b'{' => self.open(into)?,
                b'}' => {
                    self.flush(into)?;
                    self.skip = 0;
                    if self.deeper > 0 {
                        self.deeper -= 1;
                    } else if let Some(outer) = self.groups.pop() {
                        let inner = std::mem::replace(&mut self.group, outer);
                        self.close(inner, into)?;
                        if self.groups.is_empty() {
                            return Ok(rest);
                        }
                    }
                }
                b'\\' => rest = self.control(rest, into)?,
                b'\r' | b'\n' => {}
                _ if self.skip > 0 => self.skip -= 1,
                _ => self.byte(first, into)?,
            }
        }
        Ok(rest)
    }

    fn open(&mut self, into: &mut Reading<'_>) -> Outcome {
        self.flush(into)?;
        into.look()?;
        self.skip = 0;
        if self.groups.len() >= DEPTH {
            into.note(Cause::TooDeep);
            self.deeper += 1;
            return Ok(());
        }
        self.groups.push(self.group);
        self.group.own = false;
        self.group.ignorable = false;
        Ok(())
    }

    fn byte(&mut self, byte: u8, into: &mut Reading<'_>) -> Outcome {
        if matches!(self.group.sink, Sink::Skip) {
            return Ok(());
        }
        if matches!(self.group.sink, Sink::Object | Sink::Picture) {
            self.sinks.hex(byte);
            return Ok(());
        }
        self.bytes.push(byte);
        if self.bytes.len() > 4_096 && byte == b' ' {
            self.flush(into)
        } else {
            Ok(())
        }
    }

    /// A control word or sign; gives what follows.
    fn control<'a>(&mut self, rest: &'a [u8], into: &mut Reading<'_>) -> Result<&'a [u8], Fault> {
        let Some((&first, tail)) = rest.split_first() else {
            return Ok(rest);
        };
        if !first.is_ascii_alphabetic() {
            return self.sign(first, tail, into);
        }
        let end = rest
            .iter()
            .position(|byte| !byte.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let (word, tail) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        let minus = tail.first() == Some(&b'-');
        let digits_from = tail.get(usize::from(minus)..).unwrap_or_default();
        let digits = digits_from
            .iter()
            .take(10)
            .position(|byte| !byte.is_ascii_digit());
        let digits = digits.unwrap_or(digits_from.len().min(10));
        let number = digits_from
            .get(..digits)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| digits.parse::<i64>().ok())
            .map(|number| if minus { -number } else { number });
        let used = if digits == 0 {
            0
        } else {
            usize::from(minus) + digits
        };
        let mut tail = tail.get(used..).unwrap_or_default();
        tail = tail.strip_prefix(b" ").unwrap_or(tail);
        let word = std::str::from_utf8(word).unwrap_or_default();
        if word == "bin" {
            let length = usize::try_from(number.unwrap_or_default())
                .unwrap_or_default()
                .min(tail.len());
            let (data, after) = tail.split_at_checked(length).unwrap_or((tail, &[]));
            self.sinks.data(data);
            return Ok(after);
        }
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(tail);
        }
        self.word(word, number, into)?;
        Ok(tail)
    }

    fn sign<'a>(
        &mut self,
        first: u8,
        tail: &'a [u8],
        into: &mut Reading<'_>,
    ) -> Result<&'a [u8], Fault> {
        if first == b'*' {
            self.group.ignorable = true;
            return Ok(tail);
        }
        if first == b'\'' {
            let value = tail
                .get(..2)
                .and_then(|two| std::str::from_utf8(two).ok())
                .and_then(|two| u8::from_str_radix(two, 16).ok());
            let Some(value) = value else {
                return Ok(tail);
            };
            if self.skip > 0 {
                self.skip -= 1;
            } else {
                self.byte(value, into)?;
            }
            return Ok(tail.get(2..).unwrap_or_default());
        }
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(tail);
        }
        match first {
            b'{' | b'}' | b'\\' => self.byte(first, into)?,
            b'~' => self.put("\u{a0}", into)?,
            b'_' => self.put("-", into)?,
            b'\r' | b'\n' => self.paragraph(into)?,
            _ => {}
        }
        Ok(tail)
    }

    /// Bytes become characters.
    fn flush(&mut self, into: &mut Reading<'_>) -> Outcome {
        if self.bytes.is_empty() {
            return Ok(());
        }
        let bytes = std::mem::take(&mut self.bytes);
        let encoding: &'static Encoding = self.fonts.encoding(self.group.font, &bytes);
        let (text, _) = encoding.decode_without_bom_handling(&bytes);
        self.put(&text, into)
    }

    /// A character by number, in halves where it is above U+FFFF.
    fn numbered(&mut self, number: i64, into: &mut Reading<'_>) -> Outcome {
        self.flush(into)?;
        self.skip = self.group.fallback;
        let unit = u16::try_from(number.rem_euclid(65_536)).unwrap_or_default();
        let units = match (self.half.take(), unit) {
            (_, 0xd800..=0xdbff) => {
                self.half = Some(unit);
                return Ok(());
            }
            (Some(half), _) => vec![half, unit],
            (None, _) => vec![unit],
        };
        let text: String = char::decode_utf16(units)
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            // WHY: fonts of symbols stand in the private area, with their own bytes
            .map(|c| match u32::from(c) {
                symbol @ 0xf020..=0xf07e => char::from_u32(symbol - 0xf000).unwrap_or(c),
                _ => c,
            })
            .collect();
        self.put(&text, into)
    }

    /// Writes text where the group says.
    fn put(&mut self, text: &str, into: &mut Reading<'_>) -> Outcome {
        self.flush_only_if_needed(into)?;
        match self.group.sink {
            Sink::Body if self.group.hidden => self.sinks.asides.add(Part::Hidden, text, into),
            Sink::Body => into.write(text),
            Sink::Skip | Sink::Object | Sink::Picture => Ok(()),
            Sink::Fonts => {
                self.fonts.named(text);
                Ok(())
            }
            Sink::Aside(_) | Sink::Property(_) | Sink::UserName | Sink::UserValue => {
                self.sinks.push(text);
                Ok(())
            }
        }
    }

    fn flush_only_if_needed(&mut self, into: &mut Reading<'_>) -> Outcome {
        if self.bytes.is_empty() {
            Ok(())
        } else {
            self.flush(into)
        }
    }

    fn paragraph(&mut self, into: &mut Reading<'_>) -> Outcome {
        self.flush(into)?;
        if matches!(self.group.sink, Sink::Body) {
            into.line()?;
            return self.sinks.asides.write(into);
        }
        self.put("\n", into)
    }

    /// What a group held goes where it belongs.
    fn close(&mut self, group: Group, into: &mut Reading<'_>) -> Outcome {
        if group.own {
            self.sinks.close(group.sink, into)
        } else {
            Ok(())
        }
    }
}
