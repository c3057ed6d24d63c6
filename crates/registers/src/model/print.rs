//! Printed forms of a register.

use domain::Text;
use serde::Serialize;

use super::is_false;

/// One printed form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Print {
    /// Key, unique in its register.
    pub key: String,
    /// Name shown to people, and the head of the page.
    pub name: Text,
    /// Layout in the pack's `prints/` folder.
    pub layout: String,
    /// What it prints.
    pub of: PrintOf,
    /// What stands on it besides the record's own fields, or the columns of a list: fields, and fields of
    /// what they link to, as paths from the record.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub show: Vec<Vec<String>>,
    /// What the lines to sign on with a pen are for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sign: Vec<Text>,
    /// Added by the language, not written.
    #[serde(skip_serializing_if = "is_false")]
    pub added: bool,
    /// The states in which it can be printed; any when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<String>,
    /// The sizes of a label; the first unless told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sizes: Vec<LabelSize>,
}

/// The size of a label, and how many stand on a sheet of A4. Lengths are in tenths of a millimetre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelSize {
    /// Key, unique in its form.
    pub key: String,
    /// Name shown to people.
    pub name: Text,
    /// Width of one.
    pub width: u32,
    /// Height of one.
    pub height: u32,
    /// Side by side on a sheet; none for a roll, where each is a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<u32>,
    /// Above one another on a sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u32>,
    /// Between two side by side.
    pub gap_across: u32,
    /// Between two above one another.
    pub gap_down: u32,
}

impl LabelSize {
    /// The shortest side that a code of a label can be read on, in tenths of a millimetre.
    pub const SIDE_MIN: u32 = 200;
    /// The longest side of a label, in tenths of a millimetre.
    pub const SIDE_MAX: u32 = 2970;
    /// A4, in tenths of a millimetre.
    const SHEET: (u32, u32) = (2100, 2970);

    /// How many stand on one page.
    #[must_use]
    pub fn places(&self) -> u32 {
        self.columns.unwrap_or(1) * self.rows.unwrap_or(1)
    }

    /// Whether a code fits on it, and so many of it on a sheet.
    #[must_use]
    pub fn fits(&self) -> bool {
        let side = Self::SIDE_MIN..=Self::SIDE_MAX;
        let all = |many: Option<u32>, each: u32, gap: u32, room: u32| {
            let Some(many) = many else {
                return true;
            };
            let gaps = many.saturating_sub(1).saturating_mul(gap);
            many > 0 && many.saturating_mul(each).saturating_add(gaps) <= room
        };
        let (across, down) = Self::SHEET;
        side.contains(&self.width)
            && side.contains(&self.height)
            && self.columns.is_some() == self.rows.is_some()
            && all(self.columns, self.width, self.gap_across, across)
            && all(self.rows, self.height, self.gap_down, down)
    }
}

/// What a form prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintOf {
    /// One record.
    Record,
    /// Records of the register, as its ledger.
    List,
    /// A label for each record, with its square code.
    Label,
    /// One record with its line of custody.
    Custody,
}

impl PrintOf {
    /// All, with the word a definition uses for it.
    pub const ALL: [(&'static str, Self); 4] = [
        ("record", Self::Record),
        ("list", Self::List),
        ("label", Self::Label),
        ("custody", Self::Custody),
    ];

    /// Whether it is printed of one record.
    #[must_use]
    pub const fn is_of_one(self) -> bool {
        match self {
            Self::Record | Self::Label | Self::Custody => true,
            Self::List => false,
        }
    }

    /// Whether it is printed of many records at once.
    #[must_use]
    pub const fn is_of_many(self) -> bool {
        match self {
            Self::List | Self::Label => true,
            Self::Record | Self::Custody => false,
        }
    }
}

impl Print {
    /// The size of this name, or the first where none is asked for.
    #[must_use]
    pub fn size(&self, key: Option<&str>) -> Option<&LabelSize> {
        match key {
            Some(key) => self.sizes.iter().find(|size| size.key == key),
            None => self.sizes.first(),
        }
    }

    /// The form that every register has: all of a record.
    pub const FORM: &'static str = "form";
    /// The page that every register has: its records.
    pub const LEDGER: &'static str = "ledger";
    /// What a page can show of every record besides its fields.
    pub const HEADER: [&'static str; 3] = ["number", "mark", "state"];

    /// Whether it can be printed of a record in this state.
    #[must_use]
    pub fn is_for(&self, state: &str) -> bool {
        self.states.is_empty() || self.states.iter().any(|one| one == state)
    }
}
