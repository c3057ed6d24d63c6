//! What every handler has at hand.

use std::fmt;
use std::sync::Arc;

use app::App;

use crate::partial::Partial;

/// Whether cookies travel encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookies {
    /// The browser sends them over TLS only.
    Secure,
    /// Plain HTTP on this machine.
    Plain,
}

/// The open system and how it is reached.
#[derive(Clone)]
pub struct Site {
    pub(crate) app: App,
    pub(crate) cookies: Cookies,
    /// The OpenAPI document, made once.
    pub(crate) document: Arc<str>,
    /// Files that come in parts.
    pub(crate) partial: Arc<Partial>,
}

impl Site {
    /// A site on an open system.
    #[must_use]
    pub fn new(app: App, cookies: Cookies) -> Self {
        Self {
            app,
            cookies,
            document: crate::openapi().into(),
            partial: Arc::default(),
        }
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site")
            .field("cookies", &self.cookies)
            .finish_non_exhaustive()
    }
}
