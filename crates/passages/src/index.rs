//! An index that is asked.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::Path;

use inspect::copies::{Document, Hear, Posting, Registered, Tag, Unanswered};

use crate::Error;
use crate::fuse::{Filter, Fuse, Width};
use crate::key::Key;
use crate::limits::SMALL_POSTINGS;
use crate::list::List;
use crate::segment::{Entry, Numbered, Segment};

/// How often a list is read anew that was replaced while its segments were opened.
const TRIES: usize = 10;

/// Registered documents on a disk.
#[derive(Debug)]
pub struct Index {
    key: inspect::copies::Key,
    /// Segments that are read where it is needed, each with its filter.
    segments: Vec<(Segment, Filter)>,
    small: Small,
    removed: HashSet<u32>,
    documents: u64,
}

/// Segments that are read whole.
#[derive(Debug)]
struct Small {
    entries: Vec<Entry>,
    documents: HashMap<u32, Document>,
    filter: Filter,
}

/// What an index was found to hold, read whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Checked {
    /// Documents that passages are found of.
    pub documents: u64,
    /// Postings of all segments, those of removed documents too.
    pub postings: u64,
    /// Removed documents whose postings are still on the disk.
    pub removed: u64,
    /// Segments.
    pub segments: u64,
    /// Bytes on the disk.
    pub bytes: u64,
}

/// All segments of a list, open.
pub(crate) fn segments(folder: &Path, key: &Key) -> Result<(List, Vec<Segment>), Error> {
    let mut list = List::read(folder, key)?;
    for _ in 0..TRIES {
        let entries = list.segments.iter();
        let opened = entries.map(|entry| Segment::open(folder, *entry, key));
        let error = match opened.collect() {
            Ok(segments) => return Ok((list, segments)),
            Err(error) => error,
        };
        // WHY: a merge in the meantime takes segments away, and then there is another list
        let again = List::read(folder, key)?;
        if again == list {
            return Err(error);
        }
        list = again;
    }
    Err(Error::Busy {
        path: folder.to_owned(),
    })
}

/// All numbers that segments say were removed.
pub(crate) fn removed(segments: &[Segment]) -> Result<HashSet<u32>, Error> {
    let mut all = HashSet::new();
    for segment in segments {
        all.extend(segment.removed()?);
    }
    Ok(all)
}

impl Index {
    /// Opens an index; at most so many bytes of filters are held in memory ([`crate::RESIDENT_BYTES`]). With fewer than all,
    /// answers are the same and cost more looks at the disk.
    ///
    /// # Errors
    /// There is none, it is damaged, or the key is another.
    pub fn open(folder: &Path, key: &Key, resident_bytes: usize) -> Result<Self, Error> {
        let (list, segments) = segments(folder, key)?;
        let removed = removed(&segments)?;
        let (small, large): (Vec<_>, Vec<_>) = segments
            .into_iter()
            .partition(|one| one.entry.postings < SMALL_POSTINGS);
        let places = large.iter().map(Segment::places).sum();
        let width = Width::within(places, resident_bytes as u64);
        let filtered = large.into_iter().map(|segment| {
            let filter = segment.filter(width)?;
            Ok((segment, filter))
        });
        let documents: u64 = list
            .segments
            .iter()
            .map(|one| u64::from(one.documents))
            .sum();
        Ok(Self {
            key: key.tags()?,
            segments: filtered.collect::<Result<_, Error>>()?,
            small: Small::read(&small)?,
            documents: documents.saturating_sub(removed.len() as u64),
            removed,
        })
    }

    /// How many documents there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.documents
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.documents == 0
    }

    /// Whether a tag may be in the index, by what is held in memory alone.
    #[must_use]
    pub fn may_have(&self, tag: u64) -> bool {
        self.segments
            .iter()
            .map(|(_, filter)| filter)
            .chain([&self.small.filter])
            .any(|filter| filter.may_have(tag))
    }

    /// Tells where tags stand, as [`Registered::look`] does, and why it could not.
    ///
    /// # Errors
    /// A segment cannot be read or is damaged.
    pub fn ask(&self, wanted: &[Tag], tell: &mut Hear<'_>) -> Result<(), Error> {
        let mut hear = Hearing {
            removed: &self.removed,
            tell,
        };
        for (segment, filter) in &self.segments {
            let hits = hits(wanted, filter);
            if in_segment(segment, wanted, &hits, &mut hear)?.is_break() {
                return Ok(());
            }
        }
        for which in hits(wanted, &self.small.filter) {
            let tag = wanted.get(which).map_or(0, |wanted| wanted.tag);
            for entry in self.small.with(tag) {
                if hear.entry(which, entry).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The document of a number, if it is there.
    ///
    /// # Errors
    /// A segment cannot be read or is damaged.
    pub fn named(&self, number: u32) -> Result<Option<Document>, Error> {
        if self.removed.contains(&number) {
            return Ok(None);
        }
        if let Some(document) = self.small.documents.get(&number) {
            return Ok(Some(document.clone()));
        }
        for (segment, _) in &self.segments {
            if let Some(document) = segment.document(number)? {
                return Ok(Some(document));
            }
        }
        Ok(None)
    }
}

impl Registered for Index {
    fn key(&self) -> &inspect::copies::Key {
        &self.key
    }

    fn look(&self, wanted: &[Tag], tell: &mut Hear<'_>) -> Result<(), Unanswered> {
        self.ask(wanted, tell).map_err(|_| Unanswered)
    }

    fn document(&self, number: u32) -> Result<Option<Document>, Unanswered> {
        self.named(number).map_err(|_| Unanswered)
    }
}

/// The places of the tags that a filter does not rule out.
fn hits(wanted: &[Tag], filter: &Filter) -> Vec<usize> {
    let mut hits = Vec::new();
    let tags = wanted.iter().map(|wanted| wanted.tag);
    filter.each(tags, &mut |which| hits.push(which));
    hits
}

/// Who is told, and of what not.
struct Hearing<'a, 'h> {
    removed: &'a HashSet<u32>,
    tell: &'a mut Hear<'h>,
}

impl Hearing<'_, '_> {
    fn entry(&mut self, which: usize, entry: &Entry) -> ControlFlow<()> {
        if self.removed.contains(&entry.document) {
            return ControlFlow::Continue(());
        }
        let posting = Posting {
            document: entry.document,
            at: entry.at,
        };
        (self.tell)(which, posting)
    }
}

/// Looks up tags in the order in which the segment has them, so that no block is read twice.
fn in_segment(
    segment: &Segment,
    wanted: &[Tag],
    hits: &[usize],
    hear: &mut Hearing<'_, '_>,
) -> Result<ControlFlow<()>, Error> {
    let tag_of = |which: &usize| wanted.get(*which).map_or(0, |wanted| wanted.tag);
    let mut sorted: Vec<(u64, usize)> = hits.iter().map(|which| (tag_of(which), *which)).collect();
    sorted.sort_unstable();
    let mut held: Option<(usize, Vec<u8>)> = None;
    for same in sorted.chunk_by(|one, other| one.0 == other.0) {
        let Some(tag) = same.first().map(|(tag, _)| *tag) else {
            continue;
        };
        let mut number = segment.first_with(tag);
        while segment.may_begin(number, tag) {
            if held.as_ref().is_none_or(|(which, _)| *which != number) {
                held = Some((number, segment.written(number)?));
            }
            let block = held.as_ref().map_or(&[][..], |(_, block)| block.as_slice());
            let (found, ends) = segment.with(block, tag)?;
            for entry in &found {
                for (_, which) in same {
                    if hear.entry(*which, entry).is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
            }
            if ends {
                break;
            }
            number += 1;
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// The entries of a tag among sorted ones.
fn with(entries: &[Entry], tag: u64) -> &[Entry] {
    let from = entries.partition_point(|entry| entry.tag < tag);
    let rest = entries.get(from..).unwrap_or_default();
    let count = rest.partition_point(|entry| entry.tag == tag);
    rest.get(..count).unwrap_or_default()
}

impl Small {
    fn read(segments: &[Segment]) -> Result<Self, Error> {
        let (mut entries, mut documents) = (Vec::new(), HashMap::new());
        for segment in segments {
            let mut postings = segment.stream();
            while let Some(entry) = postings.next()? {
                entries.push(entry);
            }
            let mut names = segment.all_names();
            while let Some(Numbered { number, document }) = names.next()? {
                documents.insert(number, document);
            }
        }
        entries.sort_unstable();
        let mut tags: Vec<u64> = entries.iter().map(|entry| entry.tag).collect();
        tags.dedup();
        let fuse = Fuse::of(&tags).ok_or(Error::Crypto)?;
        let mut filter = Filter::new(Width::Eight, 0, fuse.shape.places());
        // without a shard it has nothing; one of no tags would have a few
        if !tags.is_empty() {
            filter.push(fuse.shape, &fuse.places);
        }
        Ok(Self {
            entries,
            documents,
            filter,
        })
    }

    fn with(&self, tag: u64) -> &[Entry] {
        with(&self.entries, tag)
    }
}

/// Tells of all documents of segments, but for those that were removed.
pub(crate) fn each_document(
    segments: &[Segment],
    removed: &HashSet<u32>,
    tell: &mut dyn FnMut(u32, Document) -> Result<(), Error>,
) -> Result<(), Error> {
    for segment in segments {
        let mut names = segment.all_names();
        while let Some(Numbered { number, document }) = names.next()? {
            if !removed.contains(&number) {
                tell(number, document)?;
            }
        }
    }
    Ok(())
}

/// Tells of all documents of an index, with their numbers; in the order of their numbers within each segment.
///
/// # Errors
/// There is no index, it is damaged, or the key is another.
pub(crate) fn documents(
    folder: &Path,
    key: &Key,
    tell: &mut dyn FnMut(u32, Document) -> Result<(), Error>,
) -> Result<(), Error> {
    let (_, segments) = segments(folder, key)?;
    each_document(&segments, &removed(&segments)?, tell)
}

/// Reads everything of an index: whether it is as it was written, and holds together.
pub(crate) fn check(folder: &Path, key: &Key) -> Result<Checked, Error> {
    let (list, segments) = segments(folder, key)?;
    let removed = removed(&segments)?;
    let mut checked = Checked::default();
    let mut alive = HashSet::new();
    each_document(&segments, &HashSet::new(), &mut |number, _| {
        alive.insert(number);
        Ok(())
    })?;
    for segment in &segments {
        let filter = segment.filter(Width::Eight)?;
        let (mut postings, mut last) = (0, None);
        let mut stream = segment.stream();
        while let Some(entry) = stream.next()? {
            let sound = last <= Some(entry)
                && filter.may_have(entry.tag)
                && alive.contains(&entry.document)
                && entry.document < list.next_document;
            if !sound {
                return Err(Error::damaged(&segment.path));
            }
            last = Some(entry);
            postings += 1;
        }
        if postings != segment.entry.postings {
            return Err(Error::damaged(&segment.path));
        }
        checked.postings += postings;
        checked.segments += 1;
        checked.bytes += segment.entry.bytes;
    }
    checked.removed = removed.len() as u64;
    checked.documents = (alive.len() as u64).saturating_sub(checked.removed);
    Ok(checked)
}

impl Index {
    /// Tells of all documents of an index, with their numbers; in the order of their numbers within each segment.
    ///
    /// # Errors
    /// There is no index, it is damaged, or the key is another; or `tell` failed.
    pub fn documents(
        folder: &Path,
        key: &Key,
        tell: &mut dyn FnMut(u32, Document) -> Result<(), Error>,
    ) -> Result<(), Error> {
        documents(folder, key, tell)
    }

    /// Reads everything of an index: whether it is as it was written, and holds together.
    ///
    /// # Errors
    /// There is no index, the key is another, or the file that is damaged.
    pub fn check(folder: &Path, key: &Key) -> Result<Checked, Error> {
        check(folder, key)
    }
}
