//! From bytes to text: which reader a file gets, and what all readers write into.
//!
//! A reader is a function `read(bytes, &mut Reading) -> Result<(), Fault>`. It says where text stands ([`Reading::at`])
//! before it writes it ([`Reading::write`]), gives what lies inside the file back to be read as a file of its own
//! ([`Reading::inside`]), and ends with a [`Fault`] where it can go no further; what it wrote before stays.

mod archive;
mod data;
mod le;
mod mail;
mod markup;
mod office;
mod ole;
mod pdf;
mod picture;
mod pictures;
mod plain;
#[cfg(test)]
pub(crate) mod probe;
mod rtf;
mod xmp;

pub(crate) use archive::tar::is_header as is_tar_header;
pub(crate) use data::dbf::is_table as is_dbf_table;
pub(crate) use office::package::Package;
pub(crate) use ole::lzfu::unpacked as rich_text;
pub(crate) use ole::{Compound, ROOT};

use std::collections::BTreeSet;

use crate::report::Cause;
use crate::text::Text;
use crate::{Format, Limits, Part, Place};

/// Why a reader ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault(pub(crate) Cause);

pub(crate) type Outcome = Result<(), Fault>;

/// What a reader writes into, within the limits of the whole file.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    limits: &'a Limits,
    text: Text,
    place: Place,
    path: Vec<String>,
    causes: BTreeSet<Cause>,
    unpacked: u64,
    members: usize,
    pictures: pictures::Pictures,
}

/// What was read of a file.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) text: Text,
    pub(crate) causes: BTreeSet<Cause>,
}

/// Reads a file, or one inside another, by what it holds.
pub(crate) fn file(bytes: &[u8], name: &str, into: &mut Reading<'_>) {
    file_as(Format::of(bytes, name), bytes, into);
}

/// Reads it as of this format.
pub(crate) fn file_as(format: Format, bytes: &[u8], into: &mut Reading<'_>) {
    if let Err(Fault(cause)) = reader(format)(bytes, into) {
        into.note(cause);
    }
}

fn reader(format: Format) -> fn(&[u8], &mut Reading<'_>) -> Outcome {
    match format {
        Format::Txt => plain::read,
        Format::Html => markup::html,
        Format::Rtf => rtf::read,
        Format::Xml => markup::xml,
        Format::Docx => office::docx,
        Format::Pptx => office::pptx,
        Format::Xlsx => office::xlsx,
        Format::Xlsb => office::xlsb,
        Format::Odt | Format::Ods | Format::Odp => office::odf,
        Format::Ofd => office::ofd,
        Format::Epub => office::epub,
        Format::Xps => office::xps,
        Format::Doc
        | Format::Xls
        | Format::Ppt
        | Format::Msg
        | Format::Locked
        | Format::Ole
        | Format::Hwp
        | Format::One => ole::read,
        Format::Empty => |_, _| Ok(()),
        Format::Eml => mail::eml,
        Format::Mbox => mail::mbox,
        Format::Tnef => mail::tnef::read,
        Format::Sqlite => data::sqlite::read,
        Format::Dbf => data::dbf::read,
        Format::Exe => data::program::read,
        Format::Pdf => pdf::read,
        Format::Jpg => picture::jpg,
        Format::Png => picture::png,
        Format::Gif => picture::gif,
        Format::Tif => picture::tif,
        Format::Bmp => picture::bmp,
        Format::Webp => picture::webp,
        Format::Zip => archive::zip::read,
        Format::SevenZip => archive::sevenzip::read,
        Format::Rar => archive::rar::read,
        Format::Tar => archive::tar::read,
        Format::Cpio => archive::cpio::read,
        Format::Cab => archive::cab::read,
        Format::Lzh => archive::lzh::read,
        Format::Gz => archive::stream::gz,
        Format::Bz2 => archive::stream::bz2,
        Format::Xz => archive::stream::xz,
        Format::Zst => archive::stream::zst,
        Format::Lz4 => archive::stream::lz4,
        Format::Chm | Format::Unknown => |_, _| Err(Fault(Cause::UnknownFormat)),
    }
}

impl<'a> Reading<'a> {
    pub(crate) fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            text: Text::new(),
            place: Place::default(),
            path: Vec::new(),
            causes: BTreeSet::new(),
            unpacked: 0,
            members: 0,
            pictures: pictures::Pictures::default(),
        }
    }

    pub(crate) fn end(mut self) -> Read {
        if !self.pictures.is_empty() {
            self.note(Cause::ImageWithoutOcr);
        }
        Read {
            text: self.text,
            causes: self.causes,
        }
    }

    pub(crate) fn limits(&self) -> &'a Limits {
        self.limits
    }

    /// Something was not read; the rest is gone on with.
    pub(crate) fn note(&mut self, cause: Cause) {
        self.causes.insert(cause);
    }

    /// Text that follows stands there, on a line of its own.
    pub(crate) fn at(&mut self, place: Place) -> Outcome {
        self.line()?;
        self.place = Place {
            container: self.place.container,
            ..place
        };
        Ok(())
    }

    /// Text that follows stands there, on the same line: the next cell of a row.
    pub(crate) fn beside(&mut self, place: Place) -> Outcome {
        if !self.text.ends_line() {
            self.write("\t")?;
        }
        self.place = Place {
            container: self.place.container,
            ..place
        };
        Ok(())
    }

    /// As [`Self::at`], in another part of the same page, slide or sheet.
    pub(crate) fn part(&mut self, part: Part) -> Outcome {
        self.at(Place { part, ..self.place })
    }

    /// Where text stands now.
    pub(crate) fn place(&self) -> Place {
        self.place
    }

    /// The number of a sheet's name, for its place.
    pub(crate) fn sheet(&mut self, name: &str) -> u32 {
        self.text.name(name)
    }

    /// Begins a sheet with its name; tells the place of its cells.
    pub(crate) fn begin_sheet(&mut self, name: &str, hidden: bool) -> Result<Place, Fault> {
        let place = Place {
            part: if hidden { Part::Hidden } else { Part::Body },
            sheet: self.sheet(name),
            ..Place::default()
        };
        self.at(Place {
            part: Part::Name,
            ..place
        })?;
        self.write(name)?;
        Ok(place)
    }

    /// Writes text where it stands.
    pub(crate) fn write(&mut self, text: &str) -> Outcome {
        self.look()?;
        let left = self.limits.text.saturating_sub(self.text.len());
        if text.len() <= left {
            self.text.push(self.place, text);
            return Ok(());
        }
        let end = (0..=left)
            .rev()
            .find(|&end| text.is_char_boundary(end))
            .unwrap_or_default();
        self.text
            .push(self.place, text.get(..end).unwrap_or_default());
        Err(Fault(Cause::TooBig))
    }

    /// Ends the line, if there is one.
    pub(crate) fn line(&mut self) -> Outcome {
        if self.text.ends_line() {
            Ok(())
        } else {
            self.write("\n")
        }
    }

    /// Writes a named value, on a line of its own among the metadata.
    pub(crate) fn property(&mut self, name: &str, value: &str) -> Outcome {
        if value.trim().is_empty() {
            return Ok(());
        }
        let before = self.place;
        self.at(Place {
            part: Part::Metadata,
            container: before.container,
            ..Place::default()
        })?;
        self.write(name)?;
        self.write(": ")?;
        let at = self.text.len();
        self.write(value)?;
        self.text.property(name, value, at);
        self.at(before)
    }

    /// Ends reading when the time is over; asked wherever work is done that writes nothing.
    pub(crate) fn look(&self) -> Outcome {
        match &self.limits.stop {
            Some(stop) if stop.now() => Err(Fault(Cause::Time)),
            _ => Ok(()),
        }
    }

    /// How many bytes a member may unpack to, `packed` bytes of which are there.
    pub(crate) fn room(&self, packed: u64) -> u64 {
        let by_ratio = packed.saturating_mul(self.limits.ratio).max(1 << 20);
        self.limits
            .unpacked
            .saturating_sub(self.unpacked)
            .min(by_ratio)
    }

    /// Counts what was unpacked.
    pub(crate) fn unpacked(&mut self, bytes: usize) -> Outcome {
        self.unpacked = self.unpacked.saturating_add(bytes as u64);
        if self.unpacked > self.limits.unpacked {
            Err(Fault(Cause::TooBig))
        } else {
            self.look()
        }
    }

    /// What was unpacked is not kept, and does not count any more.
    pub(crate) fn let_go(&mut self, bytes: usize) {
        self.unpacked = self.unpacked.saturating_sub(bytes as u64);
    }

    /// Counts a member of a container and writes its name; before it is unpacked.
    pub(crate) fn member(&mut self, name: &str) -> Outcome {
        self.members += 1;
        if self.members > self.limits.members {
            return Err(Fault(Cause::TooBig));
        }
        let before = self.place;
        self.at(Place {
            part: Part::Name,
            container: before.container,
            ..Place::default()
        })?;
        self.write(name)?;
        self.at(before)
    }

    /// Reads what lies inside as a file of its own. What is wrong with it is noted; only the end of time, text or room
    /// ends the file around it too.
    pub(crate) fn inside(&mut self, name: &str, bytes: &[u8]) -> Outcome {
        self.within(name, |into| {
            file(bytes, name, into);
            Ok(())
        })
    }

    /// As [`Self::inside`], for what lies inside without being a run of bytes: a storage of an OLE file.
    pub(crate) fn within(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self) -> Outcome,
    ) -> Outcome {
        self.look()?;
        if self.path.len() >= self.limits.depth {
            self.note(Cause::TooDeep);
            return Ok(());
        }
        let before = self.place;
        self.line()?;
        self.path.push(name.to_owned());
        self.place = Place {
            container: self.text.container(&self.path),
            ..Place::default()
        };
        if let Err(Fault(cause)) = read(self) {
            self.note(cause);
        }
        self.path.pop();
        let ended = self.line();
        self.place = before;
        ended.and_then(|()| self.look())
    }
}
