//! A segment that is read where it is needed. Everything is opened with the key, so that what was changed is damage.

use std::fs::File;
use std::path::{Path, PathBuf};

use inspect::copies::Document;

use super::footer::Span;
use super::{Entry, Footer, MAGIC, Numbered, TRAILER_BYTES};
use crate::Error;
use crate::bytes::{Rest, read_at};
use crate::fuse::{Filter, Width};
use crate::key::{Key, Part, SALT_BYTES, Sealer};
use crate::limits::{FOOTER_BYTES_MOST, LEVEL_BYTES_MOST, NAME_BYTES_MOST};
use crate::list;

/// A segment, open.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) path: PathBuf,
    pub(crate) entry: list::Entry,
    file: File,
    sealer: Sealer,
    footer: Footer,
}

impl Segment {
    /// Opens a segment of the list.
    pub(crate) fn open(folder: &Path, entry: list::Entry, key: &Key) -> Result<Self, Error> {
        let path = list::segment_path(folder, entry.number);
        let disk = Error::disk(&path);
        let damaged = || Error::damaged(&path);
        let file = File::open(&path).map_err(&disk)?;
        let length = file.metadata().map_err(&disk)?.len();
        let head = MAGIC.len() + SALT_BYTES;
        if length != entry.bytes || length < head as u64 + TRAILER_BYTES {
            return Err(damaged());
        }
        let start = read_at(&file, 0, head).map_err(&disk)?;
        let mut rest = Rest(&start);
        let salt = rest
            .fixed()
            .filter(|magic| magic == MAGIC)
            .and_then(|_| rest.fixed())
            .ok_or_else(damaged)?;
        let trailer = read_at(&file, length - TRAILER_BYTES, 16).map_err(&disk)?;
        let mut rest = Rest(&trailer);
        let (offset, bytes) = rest.u64().zip(rest.u64()).ok_or_else(damaged)?;
        let ends = offset.checked_add(bytes) == Some(length - TRAILER_BYTES);
        if !ends || bytes > FOOTER_BYTES_MOST {
            return Err(damaged());
        }
        let sealer = key.sealer(&salt)?;
        let bytes = usize::try_from(bytes).map_err(|_| damaged())?;
        let mut footer = read_at(&file, offset, bytes).map_err(&disk)?;
        let footer = sealer
            .open(Part::Footer, 0, &mut footer)
            .and_then(|()| Footer::from_bytes(&footer))
            .filter(|footer| {
                (footer.postings, footer.documents, footer.removed)
                    == (entry.postings, entry.documents, entry.removed)
            })
            .ok_or_else(damaged)?;
        Ok(Self {
            path: path.clone(),
            entry,
            file,
            sealer,
            footer,
        })
    }

    fn damaged(&self) -> Error {
        Error::damaged(&self.path)
    }

    fn part(&self, part: Part, number: usize, span: Span) -> Result<Vec<u8>, Error> {
        let bytes = read_at(&self.file, span.offset, span.length as usize);
        let mut bytes = bytes.map_err(Error::disk(&self.path))?;
        self.sealer
            .open(part, number as u64, &mut bytes)
            .ok_or_else(|| self.damaged())?;
        Ok(bytes)
    }

    /// How many places its filter has.
    pub(crate) fn places(&self) -> u64 {
        let shards = self.footer.shards.iter();
        shards.map(|(shape, _)| shape.places()).sum()
    }

    /// Its filter, as wide as that.
    pub(crate) fn filter(&self, width: Width) -> Result<Filter, Error> {
        let mut filter = Filter::new(width, self.footer.bits, self.places());
        if !filter.holds() {
            return Ok(filter);
        }
        for (number, (shape, span)) in self.footer.shards.iter().enumerate() {
            let places = self.part(Part::Filter, number, *span)?;
            if places.len() as u64 != shape.places() {
                return Err(self.damaged());
            }
            filter.push(*shape, &places);
        }
        Ok(filter)
    }

    /// How many blocks of postings there are.
    pub(crate) fn blocks(&self) -> usize {
        self.footer.blocks.len()
    }

    /// The postings of a block, as they are written.
    pub(crate) fn written(&self, number: usize) -> Result<Vec<u8>, Error> {
        let span = self.footer.blocks.span(number);
        self.part(Part::Postings, number, span.ok_or_else(|| self.damaged())?)
    }

    /// The postings of a block.
    fn block(&self, number: usize) -> Result<Vec<Entry>, Error> {
        let bytes = self.written(number)?;
        let entries: Option<Vec<Entry>> = Entries::of(&bytes).collect();
        entries.ok_or_else(|| self.damaged())
    }

    /// The postings of a tag in a block as it is written, and whether those of greater tags follow.
    pub(crate) fn with(&self, block: &[u8], tag: u64) -> Result<(Vec<Entry>, bool), Error> {
        let mut found = Vec::new();
        for entry in Entries::of(block) {
            let entry = entry.ok_or_else(|| self.damaged())?;
            if entry.tag > tag {
                return Ok((found, true));
            }
            if entry.tag == tag {
                found.push(entry);
            }
        }
        Ok((found, false))
    }

    /// The first block that may have a tag, and whether a later one may begin with it.
    pub(crate) fn first_with(&self, tag: u64) -> usize {
        self.footer.blocks.first_with(tag)
    }

    pub(crate) fn may_begin(&self, block: usize, tag: u64) -> bool {
        self.footer.blocks.may_begin(block, tag)
    }

    /// The documents of a block.
    fn names(&self, number: usize) -> Result<Vec<Numbered>, Error> {
        let damaged = || self.damaged();
        let (first, span) = *self.footer.names.get(number).ok_or_else(damaged)?;
        let bytes = self.part(Part::Documents, number, span)?;
        documents(first, Rest(&bytes)).ok_or_else(damaged)
    }

    /// The document of a number, if it is here.
    pub(crate) fn document(&self, number: u32) -> Result<Option<Document>, Error> {
        let names = &self.footer.names;
        let after = names.partition_point(|(first, _)| *first <= number);
        let Some(block) = after.checked_sub(1) else {
            return Ok(None);
        };
        let documents = self.names(block)?.into_iter();
        let mut found = documents.filter(|one| one.number == number);
        Ok(found.next().map(|one| one.document))
    }

    /// The numbers of documents that were removed from other segments.
    pub(crate) fn removed(&self) -> Result<Vec<u32>, Error> {
        let mut numbers = Vec::new();
        for (number, span) in self.footer.removals.iter().enumerate() {
            let bytes = self.part(Part::Removed, number, *span)?;
            let mut rest = Rest(&bytes);
            while let Some(number) = rest.u32() {
                numbers.push(number);
            }
        }
        if numbers.len() == self.entry.removed as usize {
            Ok(numbers)
        } else {
            Err(self.damaged())
        }
    }

    /// All postings, in their order.
    pub(crate) fn stream(&self) -> Stream<'_, Entry> {
        Stream::new(self.blocks(), |number| self.block(number))
    }

    /// All documents, in the order of their numbers.
    pub(crate) fn all_names(&self) -> Stream<'_, Numbered> {
        Stream::new(self.footer.names.len(), |number| self.names(number))
    }
}

/// Postings of a block; nothing in the place of one that is not written as it should be.
struct Entries<'b> {
    rest: Rest<'b>,
    tag: u64,
}

impl<'b> Entries<'b> {
    fn of(bytes: &'b [u8]) -> Self {
        Self {
            rest: Rest(bytes),
            tag: 0,
        }
    }

    fn read(&mut self) -> Option<Entry> {
        self.tag = self.tag.checked_add(self.rest.number()?)?;
        Some(Entry {
            tag: self.tag,
            document: self.rest.short()?,
            at: self.rest.short()?,
        })
    }
}

impl Iterator for Entries<'_> {
    type Item = Option<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        (!self.rest.is_empty()).then(|| self.read())
    }
}

fn documents(first: u32, mut rest: Rest<'_>) -> Option<Vec<Numbered>> {
    let mut found = Vec::new();
    let mut number = first;
    while !rest.is_empty() {
        number = number.checked_add(rest.short()?)?;
        let tags = rest.short()?;
        let level = rest.text(LEVEL_BYTES_MOST)?;
        let name = rest.text(NAME_BYTES_MOST)?;
        found.push(Numbered {
            number,
            document: Document {
                name,
                level: (!level.is_empty()).then_some(level),
                tags,
            },
        });
    }
    Some(found)
}

/// What a segment holds of one kind, block by block.
pub(crate) struct Stream<'s, T> {
    read: Box<dyn FnMut(usize) -> Result<Vec<T>, Error> + 's>,
    blocks: std::ops::Range<usize>,
    block: std::vec::IntoIter<T>,
}

impl<'s, T> Stream<'s, T> {
    fn new(blocks: usize, read: impl FnMut(usize) -> Result<Vec<T>, Error> + 's) -> Self {
        Self {
            read: Box::new(read),
            blocks: 0..blocks,
            block: Vec::new().into_iter(),
        }
    }

    /// The next one, if there is one.
    pub(crate) fn next(&mut self) -> Result<Option<T>, Error> {
        loop {
            if let Some(item) = self.block.next() {
                return Ok(Some(item));
            }
            let Some(number) = self.blocks.next() else {
                return Ok(None);
            };
            self.block = (self.read)(number)?.into_iter();
        }
    }
}
