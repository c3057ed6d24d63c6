//! Taking the address, and accepting until told to stop.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
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

/// How many are let in, and how long they are waited for at the end.
#[derive(Clone, Copy, Debug)]
struct House {
    connections: usize,
    farewell: Duration,
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
    pub async fn serve(self, router: Router, stop: watch::Receiver<bool>) {
        let house = House {
            connections: CONNECTIONS,
            farewell: FAREWELL,
        };
        self.receive(router, stop, house).await;
    }

    async fn receive(self, router: Router, mut stop: watch::Receiver<bool>, house: House) {
        let places = Arc::new(Semaphore::new(house.connections));
        let mut open = JoinSet::new();
        while !*stop.borrow() {
            let (place, stream) = tokio::select! {
                Some(guest) = self.next_guest(&places) => guest,
                Some(_) = open.join_next() => continue,
                changed = stop.changed() => match changed {
                    Ok(()) => continue,
                    Err(_) => break,
                },
            };
            let (transport, router, stop) = (self.transport.clone(), router.clone(), stop.clone());
            open.spawn(async move {
                let _place = place;
                run(stream, &transport, router, stop).await;
            });
        }
        let ended = timeout(house.farewell, async {
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

    /// A connection and its place. WHY: the place first, so that a full house makes the kernel's
    /// queue wait, not our memory grow.
    async fn next_guest(
        &self,
        places: &Arc<Semaphore>,
    ) -> Option<(OwnedSemaphorePermit, TcpStream)> {
        let place = Arc::clone(places).acquire_owned().await.ok()?;
        Some((place, self.accept().await))
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::AsyncWriteExt;
    use tokio::sync::Notify;

    #[tokio::test]
    async fn gap_5_a_full_house_hears_that_it_is_to_end() {
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let bound = bind(address, Transport::Plain).await.unwrap();
        let address = bound.address;
        let inside = Arc::new(Notify::new());
        let entered = Arc::clone(&inside);
        let stays = move || {
            entered.notify_one();
            std::future::pending::<()>()
        };
        let (tell, stop) = watch::channel(false);
        let house = House {
            connections: 1,
            farewell: Duration::from_millis(40),
        };
        let router = Router::new().route("/", get(stays));
        let serving = tokio::spawn(bound.receive(router, stop, house));
        let ask = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        let mut guest = TcpStream::connect(address).await.unwrap();
        guest.write_all(ask).await.unwrap();
        inside.notified().await;
        let mut waiting = TcpStream::connect(address).await.unwrap();
        waiting.write_all(ask).await.unwrap();
        // the one at the door has been seen, if anybody looks
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        tell.send_replace(true);
        let ended = timeout(Duration::from_secs(20), serving).await;
        ended.expect("it ends, however many are there").unwrap();
    }
}
