//! What a `PostgreSQL` server refused, told without any value: its own message, detail, hint, place and
//! query may each hold a piece of a record, and what an error says ends up in logs.

use std::{error::Error as _, fmt, io};

/// A failure of the server or of the way to it: kind, SQLSTATE, and names from our own schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerFailure {
    kind: String,
    state: Option<String>,
    names: Vec<(&'static str, String)>,
    cause: Option<io::ErrorKind>,
}

impl From<&postgres::Error> for ServerFailure {
    fn from(error: &postgres::Error) -> Self {
        let told = error.as_db_error();
        let names = told.map(|told| {
            [
                ("table", told.table()),
                ("column", told.column()),
                ("constraint", told.constraint()),
            ]
        });
        let named = |(what, name): (_, Option<&str>)| Some((what, name?.to_owned()));
        let source = error.source();
        Self {
            // the kind of failure, in words of the client library
            kind: error.to_string(),
            state: told.map(|told| told.code().code().to_owned()),
            names: names.into_iter().flatten().filter_map(named).collect(),
            cause: source
                .and_then(|source| source.downcast_ref::<io::Error>())
                .map(io::Error::kind),
        }
    }
}

impl fmt::Display for ServerFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind)?;
        if let Some(state) = &self.state {
            write!(f, ", SQLSTATE {state}")?;
        }
        for (what, name) in &self.names {
            write!(f, ", {what} `{name}`")?;
        }
        if let Some(cause) = self.cause {
            write!(f, ", {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ServerFailure {}
