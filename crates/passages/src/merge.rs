//! Several segments made into one, without what was removed.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::collections::binary_heap::{BinaryHeap, PeekMut};
use std::path::Path;

use crate::key::Key;
use crate::list;
use crate::segment::{Segment, Stream, Writer};
use crate::{Error, Random};

/// What is merged, and where to.
#[derive(Debug)]
pub(crate) struct Merge<'s> {
    pub(crate) parts: Vec<&'s Segment>,
    /// All documents that were removed.
    pub(crate) removed: &'s HashSet<u32>,
    /// Removals that go on, for their documents are in other segments.
    pub(crate) kept: Vec<u32>,
}

impl Merge<'_> {
    /// Writes the segment; tells how the list names it.
    pub(crate) fn write(
        &self,
        folder: &Path,
        number: u64,
        key: &Key,
        random: &mut Random<'_>,
    ) -> Result<list::Entry, Error> {
        let postings = self.parts.iter().map(|part| part.entry.postings).sum();
        let path = list::segment_path(folder, number);
        let mut writer = Writer::create(&path, key, postings, random)?;
        self.postings(&mut writer)?;
        self.documents(&mut writer)?;
        for number in &self.kept {
            writer.removed(*number)?;
        }
        writer.end(number)
    }

    fn postings(&self, writer: &mut Writer) -> Result<(), Error> {
        let streams = self.parts.iter().map(|part| part.stream()).collect();
        in_order(streams, |entry| *entry, &mut |entry| {
            if self.removed.contains(&entry.document) {
                return Ok(());
            }
            writer.posting(entry)
        })
    }

    fn documents(&self, writer: &mut Writer) -> Result<(), Error> {
        let streams = self.parts.iter().map(|part| part.all_names()).collect();
        in_order(streams, |document| document.number, &mut |document| {
            if self.removed.contains(&document.number) {
                return Ok(());
            }
            writer.document(document)
        })
    }
}

/// Tells of all that several streams have, in order; each of them is in order.
fn in_order<T, K: Ord>(
    mut streams: Vec<Stream<'_, T>>,
    key: impl Fn(&T) -> K,
    each: &mut dyn FnMut(T) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut waiting: Vec<Option<T>> = Vec::new();
    let mut next: BinaryHeap<Reverse<(K, usize)>> = BinaryHeap::new();
    for (which, stream) in streams.iter_mut().enumerate() {
        let first = stream.next()?;
        next.extend(first.as_ref().map(|first| Reverse((key(first), which))));
        waiting.push(first);
    }
    while let Some(mut first) = next.peek_mut() {
        let which = first.0.1;
        let after = match streams.get_mut(which) {
            Some(stream) => stream.next()?,
            None => None,
        };
        match after.as_ref().map(&key) {
            Some(key) => *first = Reverse((key, which)),
            None => drop(PeekMut::pop(first)),
        }
        let item = waiting
            .get_mut(which)
            .and_then(|waiting| std::mem::replace(waiting, after));
        if let Some(item) = item {
            each(item)?;
        }
    }
    Ok(())
}
