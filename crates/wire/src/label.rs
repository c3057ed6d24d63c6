//! What protects a record, with its printed mark.

use std::collections::BTreeSet;

use domain::{Compartment, Ends, Label, Levels, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A label as readers of the record see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LabelView {
    /// At most one level key per family: `{"state": "state.secret"}`.
    #[schema(value_type = BTreeMap<String, String>)]
    pub levels: Levels,
    /// When the secrecy ends: a date, events, or `long_term`.
    #[schema(value_type = EndsSchema)]
    pub ends: Ends,
    /// Named circles inside the levels.
    #[schema(value_type = Vec<String>)]
    pub compartments: BTreeSet<Compartment>,
    /// Who may know: `"everyone"`, or `{"clauses": [{"persons": […], "units": […]}]}`.
    #[schema(value_type = Value)]
    pub scope: Scope,
    /// The printed mark (机密★10年).
    pub mark: Option<String>,
}

impl LabelView {
    /// Puts a label and its printed mark together.
    #[must_use]
    pub fn new(label: Label, mark: Option<String>) -> Self {
        let Label {
            levels,
            ends,
            compartments,
            scope,
        } = label;
        Self {
            levels,
            ends,
            compartments,
            scope,
            mark,
        }
    }
}

/// When secrecy ends: every part present holds.
#[derive(ToSchema)]
#[schema(as = Ends)]
#[expect(
    dead_code,
    reason = "only its schema is used: `domain` knows no OpenAPI"
)]
struct EndsSchema {
    /// Over from this day on.
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    date: Option<String>,
    /// Over when all of these have happened.
    #[schema(nullable = false)]
    events: Option<Vec<String>>,
    /// No end date.
    #[schema(nullable = false)]
    long_term: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeMap;

    #[test]
    fn a_label_reads_back_as_it_was_sent() {
        let sent = LabelView::new(Label::open(), None);
        let json = serde_json::to_string(&sent).unwrap();
        assert_eq!(serde_json::from_str::<LabelView>(&json).unwrap(), sent);
        let json: BTreeMap<String, Value> = serde_json::from_str(&json).unwrap();
        let keys: Vec<_> = json.keys().map(String::as_str).collect();
        assert_eq!(keys, ["compartments", "ends", "levels", "mark", "scope"]);
        assert_eq!(json["scope"], "everyone");
    }
}
