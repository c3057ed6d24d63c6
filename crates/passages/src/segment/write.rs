//! A segment written in one pass: postings in their order, then documents, then removals.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::footer::{Blocks, Footer, Span};
use super::{Entry, MAGIC, Numbered};
use crate::bytes::{put, put_text};
use crate::fuse::{Fuse, shard_of};
use crate::key::{Key, Part, SALT_BYTES, Salt, Sealer};
use crate::limits::{BLOCK_DOCUMENTS, BLOCK_POSTINGS, BLOCK_REMOVED, SHARD_TAGS};
use crate::list;
use crate::{Error, Random};

/// A segment that is being written.
#[derive(Debug)]
pub(crate) struct Writer {
    path: PathBuf,
    file: BufWriter<File>,
    offset: u64,
    sealer: Sealer,
    footer: Footer,
    block: Vec<Entry>,
    /// Distinct tags of the shard that is being gathered.
    shard: Vec<u64>,
    last: Option<Entry>,
    documents: Vec<Numbered>,
    removed: Vec<u32>,
}

impl Writer {
    /// Begins a file, for about so many postings.
    pub(crate) fn create(
        path: &Path,
        key: &Key,
        postings: u64,
        random: &mut Random<'_>,
    ) -> Result<Self, Error> {
        let mut salt: Salt = [0; SALT_BYTES];
        random(&mut salt).map_err(Error::Random)?;
        let mut writer = Self {
            path: path.to_owned(),
            file: BufWriter::with_capacity(1 << 18, list::create(path)?),
            offset: 0,
            sealer: key.sealer(&salt)?,
            footer: Footer {
                bits: (postings / SHARD_TAGS).max(1).ilog2(),
                ..Footer::default()
            },
            block: Vec::with_capacity(BLOCK_POSTINGS),
            shard: Vec::new(),
            last: None,
            documents: Vec::new(),
            removed: Vec::new(),
        };
        writer.write(MAGIC)?;
        writer.write(&salt)?;
        Ok(writer)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file
            .write_all(bytes)
            .map_err(Error::disk(&self.path))?;
        self.offset += bytes.len() as u64;
        Ok(())
    }

    fn seal(&mut self, part: Part, number: usize, mut bytes: Vec<u8>) -> Result<Span, Error> {
        self.sealer.seal(part, number as u64, &mut bytes)?;
        let span = Span {
            offset: self.offset,
            length: u32::try_from(bytes.len()).map_err(|_| Error::Full)?,
        };
        self.write(&bytes)?;
        Ok(span)
    }

    /// Takes the next posting; they come in their order.
    pub(crate) fn posting(&mut self, entry: Entry) -> Result<(), Error> {
        debug_assert!(self.last <= Some(entry), "postings come in their order");
        if self.last.is_none_or(|last| last.tag != entry.tag) {
            while shard_of(entry.tag, self.footer.bits) > self.footer.shards.len() {
                self.end_shard()?;
            }
            self.shard.push(entry.tag);
        }
        self.last = Some(entry);
        self.footer.postings += 1;
        self.block.push(entry);
        if self.block.len() == BLOCK_POSTINGS {
            self.end_block()?;
        }
        Ok(())
    }

    fn end_block(&mut self) -> Result<(), Error> {
        let Some(first) = self.block.first().map(|entry| entry.tag) else {
            return Ok(());
        };
        let mut bytes = Vec::with_capacity(BLOCK_POSTINGS * 12);
        let mut last = 0;
        for entry in self.block.drain(..) {
            put(&mut bytes, entry.tag.wrapping_sub(last));
            put(&mut bytes, u64::from(entry.document));
            put(&mut bytes, u64::from(entry.at));
            last = entry.tag;
        }
        let span = self.seal(Part::Postings, self.footer.blocks.len(), bytes)?;
        let blocks: &mut Blocks = &mut self.footer.blocks;
        blocks.push(first, span).ok_or(Error::Full)
    }

    fn end_shard(&mut self) -> Result<(), Error> {
        let fuse = Fuse::of(&self.shard).ok_or(Error::Crypto)?;
        self.shard.clear();
        let span = self.seal(Part::Filter, self.footer.shards.len(), fuse.places)?;
        self.footer.shards.push((fuse.shape, span));
        Ok(())
    }

    /// Takes the next document; they come in the order of their numbers.
    pub(crate) fn document(&mut self, document: Numbered) -> Result<(), Error> {
        self.footer.documents += 1;
        self.documents.push(document);
        if self.documents.len() == BLOCK_DOCUMENTS {
            self.end_documents()?;
        }
        Ok(())
    }

    fn end_documents(&mut self) -> Result<(), Error> {
        let Some(first) = self.documents.first().map(|one| one.number) else {
            return Ok(());
        };
        let mut bytes = Vec::new();
        let mut last = first;
        for Numbered { number, document } in std::mem::take(&mut self.documents) {
            put(&mut bytes, u64::from(number.wrapping_sub(last)));
            put(&mut bytes, u64::from(document.tags));
            put_text(&mut bytes, document.level.as_deref().unwrap_or_default());
            put_text(&mut bytes, &document.name);
            last = number;
        }
        let span = self.seal(Part::Documents, self.footer.names.len(), bytes)?;
        self.footer.names.push((first, span));
        Ok(())
    }

    /// Takes the number of a document that was removed.
    pub(crate) fn removed(&mut self, number: u32) -> Result<(), Error> {
        self.footer.removed += 1;
        self.removed.push(number);
        if self.removed.len() == BLOCK_REMOVED {
            self.end_removed()?;
        }
        Ok(())
    }

    fn end_removed(&mut self) -> Result<(), Error> {
        let numbers = std::mem::take(&mut self.removed);
        if numbers.is_empty() {
            return Ok(());
        }
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes());
        let span = self.seal(Part::Removed, self.footer.removals.len(), bytes.collect())?;
        self.footer.removals.push(span);
        Ok(())
    }

    /// Ends the file and has it on the disk; tells how the list names it.
    pub(crate) fn end(mut self, number: u64) -> Result<list::Entry, Error> {
        self.end_block()?;
        while self.footer.shards.len() < 1 << self.footer.bits {
            self.end_shard()?;
        }
        self.end_documents()?;
        self.end_removed()?;
        let footer = self.seal(Part::Footer, 0, self.footer.to_bytes())?;
        self.write(&footer.offset.to_le_bytes())?;
        self.write(&u64::from(footer.length).to_le_bytes())?;
        let disk = Error::disk(&self.path);
        self.file.flush().map_err(&disk)?;
        self.file.get_ref().sync_all().map_err(&disk)?;
        Ok(list::Entry {
            number,
            bytes: self.offset,
            postings: self.footer.postings,
            documents: self.footer.documents,
            removed: self.footer.removed,
        })
    }
}
