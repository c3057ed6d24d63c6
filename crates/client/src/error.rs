//! What can go wrong with a call. Messages hold codes, paths and the server's own words, never a
//! token or a password.

use wire::Problem;

/// Why a call gave no answer that can be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is not one of a server.
    #[error("`{0}` is no address of a server: it begins with http:// or https://")]
    Address(String),
    /// A secret would leave this machine in the clear.
    #[error("plain http is for this machine only: use https to reach another one")]
    Clear,
    /// The certificates that are to be trusted cannot be read.
    #[error("the certificates to be trusted are not PEM")]
    Roots(#[source] Box<ureq::Error>),
    /// The server could not be reached or broke off.
    #[error("the server does not answer")]
    Unreachable(#[source] Box<ureq::Error>),
    /// The server refused.
    #[error("{} ({}): {}", .0.code, .0.status, .0.detail)]
    Problem(Box<Problem>),
    /// An answer without a problem document: another server, or a proxy between.
    #[error("`{path}` was answered with status {status} and no problem document")]
    Unexpected {
        /// The status.
        status: u16,
        /// What was asked.
        path: String,
    },
    /// An answer that is not of the form it should have.
    #[error("the answer to `{path}` is not understood")]
    Answer {
        /// What was asked.
        path: String,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// What was to be sent could not be written down.
    #[error("the request to `{path}` cannot be written")]
    Request {
        /// What was to be asked.
        path: String,
        /// Why not.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Where a file's content was to go did not take it.
    #[error("the content could not be written")]
    Write(#[source] std::io::Error),
}

impl Error {
    /// The problem document, if the server sent one.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem(problem) => Some(problem),
            Self::Address(_)
            | Self::Clear
            | Self::Roots(_)
            | Self::Unreachable(_)
            | Self::Unexpected { .. }
            | Self::Answer { .. }
            | Self::Request { .. }
            | Self::Write(_) => None,
        }
    }

    /// The stable code: the server's own, or one of ours for what never came from it.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Problem(problem) => &problem.code,
            Self::Address(_) => "client.address",
            Self::Clear => "client.clear_text",
            Self::Roots(_) => "client.certificates",
            Self::Unreachable(_) => "client.unreachable",
            Self::Unexpected { .. } | Self::Answer { .. } => "client.unexpected_answer",
            Self::Request { .. } => "client.request",
            Self::Write(_) => "client.write",
        }
    }
}
