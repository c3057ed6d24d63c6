//! The text that was extracted, with the place of every piece.

use crate::Place;
use crate::place::cell_name;
use crate::report::Where;

/// All text of a file and of what lies inside it, in the order in which it was read.
#[derive(Debug, Default)]
pub struct Text {
    whole: String,
    /// From which byte on text stands at a place; in order.
    pieces: Vec<(usize, Place)>,
    names: Vec<String>,
    containers: Vec<Vec<String>>,
    properties: Vec<Property>,
}

/// A named value of a file: a property of a document, a header of a message, an attribute of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// As the format names it.
    pub name: String,
    /// What it says.
    pub value: String,
    /// Where the value begins in the text, in bytes.
    pub at: usize,
}

impl Text {
    pub(crate) fn new() -> Self {
        Self {
            containers: vec![Vec::new()],
            ..Self::default()
        }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.whole
    }

    /// Named values, in the order in which they were read.
    pub fn properties(&self) -> &[Property] {
        &self.properties
    }

    /// Names that places speak of.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Paths of containers that places speak of; the first is the file itself.
    pub fn containers(&self) -> &[Vec<String>] {
        &self.containers
    }

    /// The place of a byte.
    pub fn place(&self, byte: usize) -> Place {
        let after = self.pieces.partition_point(|(from, _)| *from <= byte);
        after
            .checked_sub(1)
            .and_then(|last| self.pieces.get(last))
            .map_or_else(Place::default, |(_, place)| *place)
    }

    /// The place of a byte in words.
    pub fn place_told(&self, byte: usize) -> Where {
        let place = self.place(byte);
        let some = |number: u32| (number > 0).then_some(number);
        let sheet = usize::try_from(place.sheet)
            .ok()
            .and_then(|one| one.checked_sub(1));
        let container = usize::try_from(place.container).unwrap_or_default();
        Where {
            part: place.part,
            page: some(place.page),
            sheet: sheet.and_then(|at| self.names.get(at)).cloned(),
            cell: cell_name(place.cell),
            slide: some(place.slide),
            container: self.containers.get(container).cloned().unwrap_or_default(),
        }
    }

    /// From which byte on text stands at a place, in order.
    pub(crate) fn pieces(&self) -> &[(usize, Place)] {
        &self.pieces
    }

    pub(crate) fn into_string(self) -> String {
        self.whole
    }

    pub(crate) fn len(&self) -> usize {
        self.whole.len()
    }

    pub(crate) fn push(&mut self, place: Place, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.pieces.last().is_none_or(|(_, last)| *last != place) {
            self.pieces.push((self.whole.len(), place));
        }
        self.whole.push_str(text);
    }

    pub(crate) fn ends_line(&self) -> bool {
        self.whole.is_empty() || self.whole.ends_with('\n')
    }

    pub(crate) fn property(&mut self, name: &str, value: &str, at: usize) {
        self.properties.push(Property {
            name: name.to_owned(),
            value: value.to_owned(),
            at,
        });
    }

    /// The number of a name, from 1.
    pub(crate) fn name(&mut self, name: &str) -> u32 {
        // only the last ones are asked: a hostile file has more sheets than time
        let from = self.names.len().saturating_sub(256);
        let at = self
            .names
            .iter()
            .skip(from)
            .rposition(|one| one == name)
            .map(|at| at + from)
            .unwrap_or_else(|| {
                self.names.push(name.to_owned());
                self.names.len() - 1
            });
        u32::try_from(at + 1).unwrap_or_default()
    }

    /// The number of a path.
    pub(crate) fn container(&mut self, path: &[String]) -> u32 {
        self.containers.push(path.to_vec());
        u32::try_from(self.containers.len() - 1).unwrap_or_default()
    }
}
