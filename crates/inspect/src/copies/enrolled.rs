//! An index in memory.

use std::collections::HashMap;

use super::{Document, Hear, Key, Posting, Registered, Tag, Unanswered, tags_of};

/// Registered documents, as many as memory holds.
#[derive(Debug)]
pub struct Enrolled {
    key: Key,
    postings: HashMap<u64, Vec<Posting>>,
    documents: HashMap<u32, (Document, Vec<u64>)>,
    next: u32,
}

impl Enrolled {
    /// An index without documents.
    pub fn new(key: Key) -> Self {
        Self {
            key,
            postings: HashMap::new(),
            documents: HashMap::new(),
            next: 0,
        }
    }

    /// Enrols a document by its extracted text; tells its number.
    pub fn add(&mut self, name: &str, level: Option<&str>, text: &str) -> u32 {
        let tags = tags_of(&self.key, text);
        let number = self.next;
        self.next = self.next.saturating_add(1);
        for tag in &tags {
            self.postings.entry(tag.tag).or_default().push(Posting {
                document: number,
                at: tag.at,
            });
        }
        let document = Document {
            name: name.to_owned(),
            level: level.map(ToOwned::to_owned),
            tags: u32::try_from(tags.len()).unwrap_or(u32::MAX),
        };
        self.documents
            .insert(number, (document, tags.iter().map(|tag| tag.tag).collect()));
        number
    }

    /// Takes a document out, in the time that its own tags take.
    pub fn remove(&mut self, number: u32) {
        let Some((_, tags)) = self.documents.remove(&number) else {
            return;
        };
        for tag in tags {
            if let Some(postings) = self.postings.get_mut(&tag) {
                postings.retain(|posting| posting.document != number);
                if postings.is_empty() {
                    self.postings.remove(&tag);
                }
            }
        }
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }
}

impl Registered for Enrolled {
    fn key(&self) -> &Key {
        &self.key
    }

    fn look(&self, wanted: &[Tag], tell: &mut Hear<'_>) -> Result<(), Unanswered> {
        for (at, tag) in wanted.iter().enumerate() {
            for posting in self.postings.get(&tag.tag).into_iter().flatten() {
                if tell(at, *posting).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn document(&self, number: u32) -> Result<Option<Document>, Unanswered> {
        let found = self.documents.get(&number);
        Ok(found.map(|(document, _)| document.clone()))
    }
}
