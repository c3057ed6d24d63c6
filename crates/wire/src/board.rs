//! The board: tiles with their numbers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Text;

/// A tile: how many records there are of what the caller sees, all together or by groups.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Tile {
    /// The register it counts.
    pub register: String,
    /// Its key there.
    pub key: String,
    /// Its name.
    pub name: Text,
    /// `figure`, `bar`, `line` or `donut`.
    pub kind: String,
    /// What its groups are: `state`, `label`, `month`, `clock`, `choice`, `level`, `bool` or `record`.
    pub of: Option<String>,
    /// The conditions of the list it stands for.
    pub filter: String,
    /// How many there are.
    pub total: i64,
    /// There are more, which were not counted.
    pub capped: bool,
    /// Its groups.
    pub parts: Vec<TilePart>,
}

/// A group of a tile.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TilePart {
    /// What its records have in common: a state, a level or `open`, a month, how a deadline stands, a choice, an id.
    pub key: String,
    /// Its name, where the definition has one.
    pub name: Option<Text>,
    /// How many there are.
    pub count: i64,
    /// The conditions of the list it stands for.
    pub filter: String,
}
