//! Definitions of registers, as pages draw their tables and forms from them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::Text;

/// One register (台账 or form) as data. The parts named here are in every definition; its parts
/// are described in the reference of the register language.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Definition {
    /// Unique key.
    pub key: String,
    /// Version of the definition.
    pub version: u32,
    /// Name shown to people.
    pub name: Text,
    /// What it is for.
    pub help: Text,
    /// The chapter it stands in.
    pub area: String,
    /// `business`, or `directory`.
    pub nature: String,
    /// Field shown as a record's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Fields in the order they are shown.
    #[schema(value_type = Vec<Object>)]
    pub fields: Vec<Value>,
    /// Child records with their own state.
    #[schema(value_type = Vec<Object>)]
    pub lines: Vec<Value>,
    /// Checks with their source.
    #[schema(value_type = Vec<Object>)]
    pub rules: Vec<Value>,
    /// States of a record's life.
    #[schema(value_type = Vec<Object>)]
    pub states: Vec<Value>,
    /// Moves between them.
    #[schema(value_type = Vec<Object>)]
    pub actions: Vec<Value>,
    /// Decisions that actions wait for.
    #[schema(value_type = Vec<Object>)]
    pub approvals: Vec<Value>,
    /// Deadlines.
    #[schema(value_type = Vec<Object>)]
    pub clocks: Vec<Value>,
    /// Everything else the definition says.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}
