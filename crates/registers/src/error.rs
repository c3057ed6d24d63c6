//! The one error type of this crate.
//!
//! Load errors are [`crate::Report`]s and input errors are [`crate::FieldError`]s, because people
//! read them; this type is for what goes wrong while a loaded definition is used.

use crate::expr::EvalError;

/// Something went wrong while a definition was used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// An expression could not be evaluated on these facts.
    #[error("{what} of `{key}` could not be evaluated: {source}")]
    Eval {
        /// Which part of the definition, e.g. `the due time`.
        what: &'static str,
        /// Its key.
        key: String,
        /// Why.
        #[source]
        source: EvalError,
    },
    /// A value is not of the kind the definition promises.
    #[error("{what} of `{key}` is not {wanted}")]
    Value {
        /// Which part of the definition.
        what: &'static str,
        /// Its key.
        key: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// A parameter no regime sets.
    #[error("no regime in force sets the parameter `{0}`")]
    Parameter(String),
    /// A regime that was not loaded.
    #[error("there is no regime `{0}`")]
    Regime(String),
    /// A time that lies outside the calendar.
    #[error("{what} of `{key}` lies outside the calendar")]
    OutOfRange {
        /// Which part of the definition.
        what: &'static str,
        /// Its key.
        key: String,
    },
    /// A migration step that would put two values into one field.
    #[error("migrating from version {from} puts two values into `{field}`")]
    MigrationClash {
        /// The version the record was written under.
        from: u32,
        /// The field.
        field: String,
    },
}

impl Error {
    /// The stable dotted code clients translate by.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Eval { .. } => "register.expression_failed",
            Self::Value { .. } => "register.expression_value",
            Self::Parameter(_) => "register.parameter_missing",
            Self::Regime(_) => "register.regime_missing",
            Self::OutOfRange { .. } => "register.time_out_of_range",
            Self::MigrationClash { .. } => "register.migration_clash",
        }
    }
}
