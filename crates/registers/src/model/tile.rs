//! Tiles of the board: what of a register its leaders see counted.

use domain::Text;
use serde::Serialize;

/// One tile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tile {
    /// Key, unique in its register.
    pub key: String,
    /// Name shown to people.
    pub name: Text,
    /// How it is shown.
    pub kind: TileKind,
    /// Which records are counted, in the language of lists; all when empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub filter: String,
    /// By what they are told apart, as it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The roles that see it.
    pub who: Vec<String>,
}

/// How a tile is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TileKind {
    /// One number.
    Figure,
    /// A bar for each group.
    Bar,
    /// A line over months.
    Line,
    /// Shares of a whole.
    Donut,
}

impl TileKind {
    /// Every kind with the word a definition uses for it.
    pub const ALL: [(&'static str, Self); 4] = [
        ("figure", Self::Figure),
        ("bar", Self::Bar),
        ("line", Self::Line),
        ("donut", Self::Donut),
    ];

    /// The word a definition uses for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, kind)| *kind == self);
        found.map_or("", |(word, _)| word)
    }
}

/// By what the records of a tile are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TileBy<'t> {
    /// Their states.
    State,
    /// The highest level of their labels.
    Label,
    /// The month in which they were recorded.
    Month,
    /// The month of a field.
    MonthOf(&'t str),
    /// How a deadline stands.
    Clock(&'t str),
    /// The value of a field.
    Field(&'t str),
    /// The value of a field of what a link leads to.
    Over(&'t str, &'t str),
}

impl<'t> TileBy<'t> {
    /// Reads `state`, `label`, `month`, `month.FIELD`, `clock.KEY`, `FIELD` or `LINK.FIELD`.
    #[must_use]
    pub fn read(written: &'t str) -> Self {
        match written.split_once('.') {
            Some(("month", field)) => Self::MonthOf(field),
            Some(("clock", key)) => Self::Clock(key),
            Some((link, field)) => Self::Over(link, field),
            None => match written {
                "state" => Self::State,
                "label" => Self::Label,
                "month" => Self::Month,
                field => Self::Field(field),
            },
        }
    }
}

impl Tile {
    /// By what its records are told apart; nothing where they are only counted.
    #[must_use]
    pub fn by(&self) -> Option<TileBy<'_>> {
        self.by.as_deref().map(TileBy::read)
    }
}
