//! Lists and how they are asked for.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Declares how a list is asked for: its own parameters, and those that every list in pages has.
/// WHY: `serde(flatten)` neither refuses what is unknown nor reads numbers from an address.
macro_rules! in_pages {
    ($(#[$about:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            $($own)*
            /// Cursor: `next` of the page before.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[param(nullable = false)]
            pub after: Option<String>,
            /// At most so many, up to 200.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[param(nullable = false, minimum = 1, maximum = 200)]
            pub limit: Option<i64>,
            /// `none`, `capped` or `exact`.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[param(nullable = false)]
            pub count: Option<String>,
        }
    };
}

in_pages! {
    /// How a list without parameters of its own is asked for: the inbox, notices.
    PageQuery {}
}

in_pages! {
    /// How a list of records is asked for.
    ListQuery {
        /// Conditions `field:value`, `state:x`, `field>=v`, `field<=v`, joined by `,`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[param(nullable = false)]
        pub filter: Option<String>,
        /// Words to look for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[param(nullable = false)]
        pub q: Option<String>,
        /// `field` or `-field`; default newest first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[param(nullable = false)]
        pub sort: Option<String>,
    }
}

/// A page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// How many there are on all pages, if it was asked.
    pub total: Option<i64>,
}

/// A list that comes whole.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Items<T> {
    /// What is in it.
    pub items: Vec<T>,
}
