//! Taking the address, and accepting until told to stop.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::{Error, connection};
use crate::limits::{CONNECTIONS, FAREWELL};
use crate::site::Cookies;

/// How bytes travel.
#[derive(Clone)]
pub enum Transport {
    /// Plain HTTP, on this machine only.
    Plain,
    /// Plain HTTP from a proxy that speaks TLS with everybody else.
    BehindProxy,
    /// TLS.
    Tls(Arc<ServerConfig>),
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "Plain",
            Self::BehindProxy => "BehindProxy",
            Self::Tls(_) => "Tls",
        })
    }
}

impl Transport {
    /// Whether browsers reach the site over TLS.
    #[must_use]
    pub fn cookies(&self) -> Cookies {
        match self {
            Self::Plain => Cookies::Plain,
            Self::BehindProxy | Self::Tls(_) => Cookies::Secure,
        }
    }
}

/// An address that is ours, not yet served.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    transport: Transport,
    address: SocketAddr,
}

/// Takes an address; port 0 is any free one.
///
/// # Errors
/// [`Error::Clear`] for plain HTTP that would leave this machine, [`Error::Bind`].
pub async fn bind(address: SocketAddr, transport: Transport) -> Result<Bound, Error> {
    if matches!(transport, Transport::Plain) && !address.ip().is_loopback() {
        return Err(Error::Clear(address));
    }
    let refused = |source| Error::Bind { address, source };
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    Ok(Bound {
        listener,
        transport,
        address,
    })
}

impl Bound {
    /// Where it is reached.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = match self.transport {
            Transport::Plain | Transport::BehindProxy => "http",
            Transport::Tls(_) => "https",
        };
        format!("{scheme}://{}", self.address)
    }

    /// Serves until `stop` says true, then lets requests under way end.
    pub async fn serve(self, router: Router, mut stop: watch::Receiver<bool>) {
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        let mut open = JoinSet::new();
        while !*stop.borrow() {
            let stream = tokio::select! {
                stream = self.accept() => stream,
                Some(_) = open.join_next() => continue,
                changed = stop.changed() => match changed {
                    Ok(()) => continue,
                    Err(_) => break,
                },
            };
            // WHY: a full house makes the kernel's queue wait, not our memory grow
            let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                break;
            };
            let (transport, router, stop) = (self.transport.clone(), router.clone(), stop.clone());
            open.spawn(async move {
                let _place = place;
                run(stream, &transport, router, stop).await;
            });
        }
        let ended = timeout(FAREWELL, async {
            while open.join_next().await.is_some() {}
        })
        .await;
        if ended.is_err() {
            tracing::warn!(
                left = open.len(),
                "connections did not end in time and are cut off"
            );
        }
    }

    async fn accept(&self) -> TcpStream {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => return stream,
                Err(error) => {
                    // the other side gave up, or files ran out: neither may end the server
                    tracing::warn!(%error, "a connection could not be accepted");
                    sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }
}

async fn run(
    stream: TcpStream,
    transport: &Transport,
    router: Router,
    stop: watch::Receiver<bool>,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection stays slow to answer");
    }
    match transport {
        Transport::Plain | Transport::BehindProxy => connection::run(stream, router, stop).await,
        Transport::Tls(config) => {
            let handshake = TlsAcceptor::from(Arc::clone(config)).accept(stream);
            match timeout(crate::limits::HANDSHAKE, handshake).await {
                Ok(Ok(stream)) => connection::run(stream, router, stop).await,
                Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
                Err(_) => tracing::debug!("a TLS handshake took too long"),
            }
        }
    }
}
