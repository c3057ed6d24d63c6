//! Where a piece of text stands in its file.

use serde::{Deserialize, Serialize};

/// The kind of place.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// What a reader sees first.
    #[default]
    Body,
    /// Above every page; the header of a message.
    Header,
    /// Below every page.
    Footer,
    /// Footnotes and endnotes.
    Footnote,
    /// Comments, annotations and remarks.
    Comment,
    /// Boxes, shapes, charts and alternative texts.
    Textbox,
    /// Notes of a slide.
    Notes,
    /// What a reader does not see: hidden sheets, rows, slides and text, deleted text of revisions, scripts.
    Hidden,
    /// Properties, custom XML, data of pictures.
    Metadata,
    /// The name of a file or member.
    Name,
    /// On a picture: text that was recognised, with the mistakes of whoever recognises.
    Picture,
}

/// Where the text that follows stands. Small, for a sheet has one for each cell; names lie beside it in [`crate::Text`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// The kind of place.
    pub part: Part,
    /// Page, from 1; 0 where there are none.
    pub page: u32,
    /// Slide, from 1; 0 where there are none.
    pub slide: u32,
    /// Sheet: its name's place among [`crate::Text::names`], from 1; 0 where there are none.
    pub sheet: u32,
    /// Row and column of a cell, from 1; zeros where there are none.
    pub cell: (u32, u32),
    /// What it lies in: the path's place among [`crate::Text::containers`]; 0 is the file itself.
    pub container: u32,
}

/// A cell as sheets name it: `B7`.
pub(crate) fn cell_name((row, column): (u32, u32)) -> Option<String> {
    if row == 0 || column == 0 {
        return None;
    }
    let mut letters = Vec::new();
    let mut left = column;
    while left > 0 {
        let letter = u8::try_from((left - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + letter));
        left = (left - 1) / 26;
    }
    Some(letters.iter().rev().collect::<String>() + &row.to_string())
}

#[cfg(test)]
mod tests {
    use super::cell_name;

    #[test]
    fn cells_are_named_as_sheets_name_them() {
        let named = |row, column| cell_name((row, column)).unwrap_or_default();
        assert_eq!(
            [
                named(1, 1),
                named(7, 26),
                named(3, 27),
                named(9, 16_384),
                named(0, 4)
            ],
            ["A1", "Z7", "AA3", "XFD9", ""]
        );
    }
}
