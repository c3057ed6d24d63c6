//! Passages of registered documents inside other texts.
//!
//! Of each text a few *tags* are chosen by what stands in it (winnowing: Schleimer, Wilkerson, Aiken, 2003), so that any
//! two texts that share [`GUARANTEED`] letters in a row share two tags at the same distance, wherever the passage stands
//! in either. Letters are counted, of any script, after normalising: spaces, punctuation, width and traditional forms make
//! no difference. Tags are made with a [`Key`]: an index of them tells nothing to who does not have it.

mod enrolled;
mod matching;
mod tags;

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

pub use enrolled::Enrolled;
pub(crate) use matching::{Passage, passages};
pub use tags::{Key, Tag, tags};

/// Letters of a gram: less than this is no passage.
pub const GRAM: u32 = 12;
/// Grams of which one is chosen.
pub const WINDOW: u32 = 24;
/// So many letters in a row, and both texts have two tags of them in common: every such passage is found.
pub const GUARANTEED: u32 = GRAM + 2 * WINDOW - 1;

/// Where a tag stands in a registered document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// Number of the document.
    pub document: u32,
    /// Letters before it.
    pub at: u32,
}

/// A registered document, as findings name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its number or title.
    pub name: String,
    /// Key of its level, if it has one.
    pub level: Option<String>,
    /// How many tags it has.
    pub tags: u32,
}

/// The index could not be read. It says no more: the report says that nobody was asked, and whoever keeps the index tells why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unanswered;

/// Who hears of postings: the place of a tag among those that were wanted, and where it stands; until it wants no more.
pub type Hear<'a> = dyn FnMut(usize, Posting) -> ControlFlow<()> + 'a;

/// An index of registered documents. WHY a trait: it may be larger than memory, and the library reads no disks.
pub trait Registered: Send + Sync + fmt::Debug {
    /// The key with which its tags are made.
    fn key(&self) -> &Key;
    /// Tells where each of these tags stands, by its place among them; in any order, as long as somebody listens.
    ///
    /// # Errors
    /// The index could not be read; what was told before does not count.
    fn look(&self, wanted: &[Tag], tell: &mut Hear<'_>) -> Result<(), Unanswered>;
    /// The document of a number.
    ///
    /// # Errors
    /// The index could not be read.
    fn document(&self, number: u32) -> Result<Option<Document>, Unanswered>;
}

/// A text as it was extracted in normal form, which is what [`tags`] and passages are of.
#[cfg(test)]
pub(crate) fn normal(text: &str) -> String {
    crate::normal::Normal::of(text).as_str().to_owned()
}

/// The tags of a text as it was extracted, in their order: what an index keeps of a document.
pub fn tags_of(key: &Key, text: &str) -> Vec<Tag> {
    tags(key, crate::normal::Normal::of(text).as_str())
}

/// An index that several readers share.
pub type Index = Arc<dyn Registered>;
