//! Connections of clients: TLS, HTTP/1.1 or HTTP/2, their bounds, and their end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio_rustls::TlsAcceptor;

use super::dial::{Protocol, tune};
use super::forward::{Client, Proxy};
use super::link::Link;
use super::listen::Listeners;

const HANDSHAKE: Duration = Duration::from_secs(10);
/// As many as the API server allows on one connection, since each of a client's has one there.
pub const STREAMS: u32 = 100;
/// Bytes of a request's head.
const HEAD: usize = 64 << 10;
const HEADERS: usize = 100;
/// A client that doesn't answer any more.
const PING: Duration = Duration::from_secs(30);
const PONG: Duration = Duration::from_secs(15);
/// How long a client that was told to go may stay.
const GOODBYE: Duration = Duration::from_secs(5);
/// Without file descriptors no connection can be taken for a while.
const PAUSE: Duration = Duration::from_millis(100);

/// Whether the proxy ends.
#[derive(Debug, Clone)]
pub struct Drain(watch::Receiver<bool>);

impl Drain {
    pub fn new() -> (watch::Sender<bool>, Self) {
        let (begin, begun) = watch::channel(false);
        (begin, Self(begun))
    }

    /// Waits for it.
    pub fn begun(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut begun = self.0.clone();
        async move {
            if begun.wait_for(|begun| *begun).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

/// Held by everything that should come to its end before the process does.
pub type Alive = mpsc::Sender<Infallible>;

/// What a client may take.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub connections: usize,
    /// How long a connection may be without a request; also how long the head of one may take.
    pub idle: Duration,
}

/// Serves until the drain begins, and then until all is done or `patience` is over. Says whether all was done.
pub async fn serve(proxy: Arc<Proxy>, tls: ServerConfig, listeners: Listeners, bounds: Bounds, patience: Duration) -> bool {
    let (alive, mut ended) = mpsc::channel(1);
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let places = Arc::new(Semaphore::new(bounds.connections));
    let accepting = listeners.sockets.into_iter().map(|listener| {
        accept(listener, Arc::clone(&places), |stream, address, place| {
            let (proxy, acceptor, alive) = (Arc::clone(&proxy), acceptor.clone(), alive.clone());
            tokio::spawn(async move {
                let metrics = Arc::clone(&proxy.metrics);
                metrics.connected();
                connection(proxy, acceptor, stream, address, bounds.idle, alive).await;
                metrics.disconnected();
                drop(place);
            });
        })
    });
    tokio::select! {
        _ = futures_util::future::join_all(accepting) => {}
        () = proxy.drain.begun() => {}
    }
    drop(alive);
    tokio::time::timeout(patience, ended.recv()).await.is_ok()
}

async fn accept(listener: TcpListener, places: Arc<Semaphore>, on: impl Fn(TcpStream, SocketAddr, OwnedSemaphorePermit)) {
    loop {
        // Those who find none wait in the listener's queue.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, address)) => on(stream, address, place),
            Err(error) => {
                tracing::warn!("a connection can't be taken: {error}");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// A connection to its end. One without requests is told to go, and so are all when the proxy ends. Two types, one text.
macro_rules! drive {
    ($connection:expr, $proxy:expr, $idle:expr, $activity:expr) => {{
        let mut connection = pin!($connection);
        let draining = tokio::select! {
            ended = connection.as_mut() => return debug(ended),
            () = $activity.none_for($idle) => false,
            () = $proxy.drain.begun() => true,
        };
        connection.as_mut().graceful_shutdown();
        tokio::select! {
            ended = connection.as_mut() => debug(ended),
            () = $activity.none_for(GOODBYE), if !draining => {}
        }
    }};
}

async fn connection(proxy: Arc<Proxy>, acceptor: TlsAcceptor, stream: TcpStream, address: SocketAddr, idle: Duration, alive: Alive) {
    tune(&stream);
    let shaken = tokio::select! {
        shaken = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)) => shaken,
        () = proxy.drain.begun() => return,
    };
    let stream = match shaken {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return tracing::debug!("{address}: no TLS: {error}"),
        Err(_) => return tracing::debug!("{address}: no TLS handshake within {} s", HANDSHAKE.as_secs()),
    };
    let protocol = if stream.get_ref().1.alpn_protocol() == Some(b"h2") { Protocol::Http2 } else { Protocol::Http1 };
    let activity = Arc::new(Activity::default());
    let link = Link::new(Arc::clone(&proxy.upstream), protocol);
    let client = Arc::new(Client { address, link, in_flight: Arc::clone(&activity.in_flight), alive });
    let (shared, counted) = (Arc::clone(&proxy), Arc::clone(&activity));
    let service = service_fn(move |request| {
        counted.requests.fetch_add(1, Ordering::Relaxed);
        let (proxy, client) = (Arc::clone(&shared), Arc::clone(&client));
        async move { Ok::<_, Infallible>(proxy.handle(&client, request).await) }
    });
    let io = TokioIo::new(stream);
    match protocol {
        Protocol::Http2 => {
            let mut builder = http2::Builder::new(TokioExecutor::new());
            builder.timer(TokioTimer::new()).keep_alive_interval(PING).keep_alive_timeout(PONG);
            builder.max_concurrent_streams(STREAMS).max_header_list_size(u32::try_from(HEAD).unwrap_or(u32::MAX));
            drive!(builder.serve_connection(io, service), proxy, idle, activity);
        }
        Protocol::Http1 => {
            let mut builder = http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(idle).max_headers(HEADERS).max_buf_size(HEAD);
            drive!(builder.serve_connection(io, service).with_upgrades(), proxy, idle, activity);
        }
    }
}

fn debug(ended: hyper::Result<()>) {
    if let Err(error) = ended {
        tracing::debug!("a client's connection ended: {error}");
    }
}

/// What a connection is used for.
#[derive(Debug, Default)]
struct Activity {
    in_flight: Arc<AtomicUsize>,
    requests: AtomicUsize,
}

impl Activity {
    /// Waits until there has been no request for so long.
    async fn none_for(&self, limit: Duration) {
        const LOOKS: u32 = 10;
        let (mut seen, mut quiet) = (self.requests.load(Ordering::Relaxed), 0);
        while quiet < LOOKS {
            tokio::time::sleep(limit / LOOKS).await;
            let now = self.requests.load(Ordering::Relaxed);
            quiet = if now == seen && self.in_flight.load(Ordering::Relaxed) == 0 { quiet + 1 } else { 0 };
            seen = now;
        }
    }
}
