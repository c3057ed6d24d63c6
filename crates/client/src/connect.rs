//! A connection to one server, and as whom it speaks.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use wire::Credential;

use crate::{Error, address};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a whole call may take; uploads and downloads of large files included.
const CALL: Duration = Duration::from_secs(600);

/// A server, and as whom it is spoken to.
#[derive(Clone)]
pub struct Client {
    pub(crate) agent: Agent,
    pub(crate) base: String,
    pub(crate) identity: Identity,
}

/// As whom the server is spoken to.
#[derive(Clone, Debug)]
pub(crate) enum Identity {
    Nobody,
    Token(Credential),
    Session {
        cookie: Credential,
        csrf: Credential,
    },
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.base)
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client of the server at `http(s)://host[:port]`. Over https it trusts nobody yet: say
    /// whom with [`Client::trusting`].
    ///
    /// # Errors
    /// [`Error::Address`].
    pub fn new(server: &str) -> Result<Self, Error> {
        Ok(Self {
            agent: agent(&[]),
            base: address::base(server)?,
            identity: Identity::Nobody,
        })
    }

    /// Trusts servers whose certificate leads to one of these (PEM), and no others.
    ///
    /// # Errors
    /// [`Error::Roots`].
    pub fn trusting(mut self, roots_pem: &[u8]) -> Result<Self, Error> {
        let items: Result<Vec<_>, _> = parse_pem(roots_pem).collect();
        let items = items.map_err(|error| Error::Roots(Box::new(error)))?;
        let roots: Vec<_> = items
            .into_iter()
            .filter_map(|item| {
                let PemItem::Certificate(certificate) = item else {
                    return None;
                };
                Some(certificate)
            })
            .collect();
        self.agent = agent(&roots);
        Ok(self)
    }

    /// Speaks as the program that holds this token.
    #[must_use]
    pub fn with_token(mut self, token: Credential) -> Self {
        self.identity = Identity::Token(token);
        self
    }

    /// The server's address.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.base
    }
}

fn agent(roots: &[ureq::tls::Certificate<'static>]) -> Agent {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(roots))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .build();
    Agent::config_builder()
        .tls_config(tls)
        .proxy(None)
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_connect(Some(CONNECT))
        .timeout_global(Some(CALL))
        .user_agent("ruping")
        .build()
        .new_agent()
}
