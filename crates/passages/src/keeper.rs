//! Changes an index: documents come and go, segments are merged.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use inspect::copies::{Document, Tag, tags_of};

use crate::key::Key;
use crate::limits::{
    LEVEL_BYTES_MOST, MERGED_TOGETHER, NAME_BYTES_MOST, SEGMENTS_MOST, WAITING_POSTINGS,
};
use crate::list::{self, List};
use crate::merge::Merge;
use crate::segment::{Entry, Numbered, Segment, Writer};
use crate::{Error, Random, index};

/// An index that is being changed; by one at a time.
#[derive(Debug)]
pub struct Keeper {
    folder: PathBuf,
    key: Key,
    tags: inspect::copies::Key,
    list: List,
    /// The next number of a document, as the disk has it.
    given: u32,
    segments: Vec<Segment>,
    /// All documents that were removed and are still on the disk.
    removed: HashSet<u32>,
    waiting: Waiting,
    _lock: File,
}

/// What the next commit writes.
#[derive(Debug, Default)]
struct Waiting {
    entries: Vec<Entry>,
    documents: Vec<Numbered>,
    removed: Vec<u32>,
}

/// A document that was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Added {
    /// Its number, which no other document ever has.
    pub number: u32,
    /// How many tags it has; where there are none, it is too short for any passage to be found.
    pub tags: u32,
}

impl Keeper {
    /// Makes an index without documents, in a folder that has none; the folder is made where there is none.
    ///
    /// # Errors
    /// There is an index, or the folder cannot be written.
    pub fn create(folder: &Path, key: Key, random: &mut Random<'_>) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(Error::disk(folder))?;
        let lock = lock(folder)?;
        if List::is_in(folder) {
            return Err(Error::There {
                path: folder.to_owned(),
            });
        }
        List::default().write(folder, &key, random)?;
        Self::of(folder, key, lock)
    }

    /// Opens an index to change it.
    ///
    /// # Errors
    /// There is none, it is damaged, the key is another, or another program changes it.
    pub fn open(folder: &Path, key: Key) -> Result<Self, Error> {
        // before a file is made in somebody's folder
        if !List::is_in(folder) {
            return Err(Error::None {
                path: folder.to_owned(),
            });
        }
        let lock = lock(folder)?;
        Self::of(folder, key, lock)
    }

    fn of(folder: &Path, key: Key, lock: File) -> Result<Self, Error> {
        let (list, segments) = index::segments(folder, &key)?;
        let keeper = Self {
            tags: key.tags()?,
            removed: index::removed(&segments)?,
            folder: folder.to_owned(),
            key,
            given: list.next_document,
            list,
            segments,
            waiting: Waiting::default(),
            _lock: lock,
        };
        keeper.sweep();
        Ok(keeper)
    }

    /// Adds a document by its extracted text. It is found once it is committed.
    ///
    /// # Errors
    /// The index is full, or the disk.
    pub fn add(
        &mut self,
        name: &str,
        level: Option<&str>,
        text: &str,
        random: &mut Random<'_>,
    ) -> Result<Added, Error> {
        let tags = tags_of(&self.tags, text);
        self.add_tags(name, level, &tags, random)
    }

    /// The key with which tags are made, for [`Keeper::add_tags`].
    #[must_use]
    pub fn key(&self) -> &inspect::copies::Key {
        &self.tags
    }

    /// As [`Keeper::add`], for a document whose tags are made already.
    ///
    /// # Errors
    /// The index is full, or the disk.
    pub fn add_tags(
        &mut self,
        name: &str,
        level: Option<&str>,
        tags: &[Tag],
        random: &mut Random<'_>,
    ) -> Result<Added, Error> {
        let number = self.list.next_document;
        self.list.next_document = number.checked_add(1).ok_or(Error::Full)?;
        let entries = tags.iter().map(|tag| Entry {
            tag: tag.tag,
            document: number,
            at: tag.at,
        });
        self.waiting.entries.extend(entries);
        let count = u32::try_from(tags.len()).unwrap_or(u32::MAX);
        self.waiting.documents.push(Numbered {
            number,
            document: Document {
                name: shortened(name, NAME_BYTES_MOST).to_owned(),
                level: level.map(|level| shortened(level, LEVEL_BYTES_MOST).to_owned()),
                tags: count,
            },
        });
        if self.waiting.entries.len() >= WAITING_POSTINGS {
            self.commit(random)?;
        }
        Ok(Added {
            number,
            tags: count,
        })
    }

    /// Removes a document; false where there is none of that number. It is found until that is committed.
    ///
    /// # Errors
    /// A segment cannot be read or is damaged.
    pub fn remove(&mut self, number: u32) -> Result<bool, Error> {
        let waiting = &mut self.waiting.documents;
        if let Some(at) = waiting.iter().position(|one| one.number == number) {
            waiting.remove(at);
            self.waiting.entries.retain(|one| one.document != number);
            return Ok(true);
        }
        if self.removed.contains(&number) || !self.is_in_segments(number, &[])? {
            return Ok(false);
        }
        self.removed.insert(number);
        self.waiting.removed.push(number);
        Ok(true)
    }

    /// Whether a document is in a segment other than these.
    fn is_in_segments(&self, number: u32, but: &[u64]) -> Result<bool, Error> {
        let others = self.segments.iter();
        for segment in others.filter(|one| !but.contains(&one.entry.number)) {
            if segment.document(number)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The documents that are committed, with their numbers.
    ///
    /// # Errors
    /// A segment cannot be read or is damaged; or `tell` failed.
    pub fn documents(
        &self,
        tell: &mut dyn FnMut(u32, Document) -> Result<(), Error>,
    ) -> Result<(), Error> {
        index::each_document(&self.segments, &self.removed, tell)
    }

    /// Has everything on the disk that was added and removed, all of it or nothing; then merges segments of which there are
    /// many.
    ///
    /// # Errors
    /// The disk, or a segment that is merged is damaged.
    pub fn commit(&mut self, random: &mut Random<'_>) -> Result<(), Error> {
        let Waiting {
            mut entries,
            documents,
            mut removed,
        } = std::mem::take(&mut self.waiting);
        if documents.is_empty() && removed.is_empty() {
            // WHY: a number that was given once is given to nobody else, even if its document went before it was written
            if self.list.next_document != self.given {
                self.list.write(&self.folder, &self.key, random)?;
                self.given = self.list.next_document;
            }
            return Ok(());
        }
        entries.sort_unstable();
        removed.sort_unstable();
        let number = self.next_segment();
        let path = list::segment_path(&self.folder, number);
        let mut writer = Writer::create(&path, &self.key, entries.len() as u64, random)?;
        for entry in entries {
            writer.posting(entry)?;
        }
        for document in documents {
            writer.document(document)?;
        }
        for number in removed {
            writer.removed(number)?;
        }
        let written = writer.end(number)?;
        self.replace(&[], written, random)?;
        while let Some(many) = self.many() {
            self.merge_these(&many, random)?;
        }
        Ok(())
    }

    /// Makes one segment of all: what was removed is then gone from the disk, and answers are the quickest.
    ///
    /// # Errors
    /// The disk, or a segment is damaged.
    pub fn merge(&mut self, random: &mut Random<'_>) -> Result<(), Error> {
        self.commit(random)?;
        let all: Vec<u64> = self.segments.iter().map(|one| one.entry.number).collect();
        if all.len() > 1 || !self.removed.is_empty() {
            self.merge_these(&all, random)?;
        }
        Ok(())
    }

    fn next_segment(&mut self) -> u64 {
        let number = self.list.next_segment;
        self.list.next_segment = number.saturating_add(1);
        number
    }

    /// Segments of about one size, where there are many.
    fn many(&self) -> Option<Vec<u64>> {
        // eight times as large is the next size
        let size = |entry: &list::Entry| {
            let all = entry.postings + u64::from(entry.documents) + u64::from(entry.removed);
            all.max(1).ilog2() / 3
        };
        let of_size = |wanted: u32| -> Vec<u64> {
            let same = self.segments.iter().map(|one| &one.entry);
            same.filter(|entry| size(entry) == wanted)
                .map(|entry| entry.number)
                .collect()
        };
        (0..22)
            .map(of_size)
            .find(|same| same.len() >= MERGED_TOGETHER)
    }

    fn merge_these(&mut self, numbers: &[u64], random: &mut Random<'_>) -> Result<(), Error> {
        let number = self.next_segment();
        let parts = self.segments.iter();
        let parts: Vec<&Segment> = parts
            .filter(|one| numbers.contains(&one.entry.number))
            .collect();
        let mut kept = Vec::new();
        for part in &parts {
            for gone in part.removed()? {
                if self.is_in_segments(gone, numbers)? {
                    kept.push(gone);
                }
            }
        }
        kept.sort_unstable();
        let merge = Merge {
            parts,
            removed: &self.removed,
            kept,
        };
        let written = merge.write(&self.folder, number, &self.key, random)?;
        self.replace(numbers, written, random)
    }

    /// Puts a new segment in the place of others, all at once, and takes those from the disk.
    fn replace(
        &mut self,
        old: &[u64],
        new: list::Entry,
        random: &mut Random<'_>,
    ) -> Result<(), Error> {
        let mut list = self.list.clone();
        list.segments.retain(|one| !old.contains(&one.number));
        if list.segments.len() >= SEGMENTS_MOST {
            return Err(Error::Full);
        }
        list.segments.push(new);
        let opened = Segment::open(&self.folder, new, &self.key)?;
        list.write(&self.folder, &self.key, random)?;
        self.given = list.next_document;
        self.list = list;
        self.segments.retain(|one| !old.contains(&one.entry.number));
        self.segments.push(opened);
        self.removed = index::removed(&self.segments)?;
        self.sweep();
        Ok(())
    }

    /// Takes away segments that the list does not name: merged ones, and those of a change that was cut short. Where one
    /// cannot be taken away, the next change tries again.
    fn sweep(&self) {
        for entry in std::fs::read_dir(&self.folder)
            .into_iter()
            .flatten()
            .flatten()
        {
            let name = entry.file_name();
            let number = name
                .to_str()
                .and_then(|name| name.strip_suffix(".seg"))
                .and_then(|number| number.parse::<u64>().ok());
            let named = |number: u64| self.list.segments.iter().any(|one| one.number == number);
            if number.is_some_and(|number| !named(number)) {
                drop(std::fs::remove_file(entry.path()));
            }
        }
    }
}

fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join(list::LOCK);
    let file = list::create(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(Error::Busy {
            path: folder.to_owned(),
        }),
        Err(std::fs::TryLockError::Error(source)) => Err(Error::Disk { path, source }),
    }
}

fn shortened(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or(text)
}
