//! One connection to the API server: TCP, or the tunnel through the node, then TLS, then HTTP.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::watch;
use tokio_rustls::TlsConnector;

use super::Body;
use super::upstream::Target;

/// For connection and handshakes together.
const CONNECT: Duration = Duration::from_secs(10);
/// How long an HTTP/2 connection with requests on it may be silent before it is asked, and then before it is given up.
const PING: Duration = Duration::from_secs(30);
const PONG: Duration = Duration::from_secs(15);
/// What a peer may leave unanswered, packets and keep-alives alike.
const UNANSWERED: Duration = Duration::from_secs(45);
/// An answer that nobody reads stops after this much; all streams together never fill the connection's window.
const STREAM_WINDOW: u32 = 256 << 10;
const CONNECTION_WINDOW: u32 = STREAM_WINDOW * super::serve::STREAMS;
/// Bytes of an answer's head.
const HEAD: u32 = 64 << 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    Http1,
    Http2,
}

/// Where requests go in.
pub enum Sender {
    Http1(http1::SendRequest<Body>),
    Http2(http2::SendRequest<Body>),
}

/// How the API server is reached.
pub enum Route {
    Direct,
    /// The local end of the tunnel that is up now.
    Tunnel(watch::Receiver<Option<PathBuf>>),
}

/// Why a request got no answer from the API server.
#[derive(Debug, Clone)]
pub struct Problem {
    /// For the metrics.
    pub reason: &'static str,
    pub code: StatusCode,
    pub message: String,
}

impl Problem {
    pub fn new(reason: &'static str, code: StatusCode, message: impl Into<String>) -> Self {
        Self { reason, code, message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

pub async fn dial(route: &Route, target: &Target, wanted: Protocol) -> Result<Sender, Problem> {
    match tokio::time::timeout(CONNECT, connect(route, target, wanted)).await {
        Ok(connected) => connected,
        Err(_) => Err(Problem::new(
            "connect-timeout",
            StatusCode::GATEWAY_TIMEOUT,
            format!("the API server {} did not answer within {} s", target.authority, CONNECT.as_secs()),
        )),
    }
}

async fn connect(route: &Route, target: &Target, wanted: Protocol) -> Result<Sender, Problem> {
    let stream: Box<dyn Stream> = match route {
        Route::Direct => {
            let stream = TcpStream::connect((target.host.as_str(), target.port)).await.map_err(|error| unreachable(target, &error))?;
            tune(&stream);
            Box::new(stream)
        }
        Route::Tunnel(socket) => {
            let socket = up(socket.clone()).await;
            Box::new(UnixStream::connect(socket).await.map_err(|error| unreachable(target, &error))?)
        }
    };
    let stream = TlsConnector::from(target.tls(wanted)).connect(target.server_name.clone(), stream).await.map_err(|error| {
        Problem::new("tls", StatusCode::BAD_GATEWAY, format!("the TLS handshake with the API server {} failed: {error}", target.authority))
    })?;
    let negotiated = if stream.get_ref().1.alpn_protocol() == Some(b"h2") { Protocol::Http2 } else { Protocol::Http1 };
    let failed = |error: hyper::Error| {
        Problem::new("handshake", StatusCode::BAD_GATEWAY, format!("the API server {} doesn't speak HTTP: {error}", target.authority))
    };
    let io = TokioIo::new(stream);
    match negotiated {
        Protocol::Http2 => {
            let mut builder = http2::Builder::new(TokioExecutor::new());
            builder.timer(TokioTimer::new()).keep_alive_interval(PING).keep_alive_timeout(PONG);
            builder.initial_stream_window_size(STREAM_WINDOW).initial_connection_window_size(CONNECTION_WINDOW).max_header_list_size(HEAD);
            let (sender, connection) = builder.handshake(io).await.map_err(failed)?;
            tokio::spawn(connection);
            Ok(Sender::Http2(sender))
        }
        Protocol::Http1 => {
            let (sender, connection) = http1::Builder::new().handshake(io).await.map_err(failed)?;
            tokio::spawn(connection.with_upgrades());
            Ok(Sender::Http1(sender))
        }
    }
}

/// The tunnel's local end, once there is one.
async fn up(mut socket: watch::Receiver<Option<PathBuf>>) -> PathBuf {
    match socket.wait_for(Option::is_some).await.map(|socket| socket.clone()) {
        Ok(Some(socket)) => socket,
        // Its keeper ends with the process alone.
        _ => std::future::pending().await,
    }
}

fn unreachable(target: &Target, error: &io::Error) -> Problem {
    let message = format!("the API server {} can't be reached: {error}", target.authority);
    Problem::new("connect", StatusCode::BAD_GATEWAY, message)
}

/// A peer that is gone without a word, such as after a change of networks, is noticed.
pub fn tune(stream: &TcpStream) {
    // What can't be set is the system's default.
    let _ = stream.set_nodelay(true);
    let socket = SockRef::from(stream);
    let _ = socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(PING).with_interval(PONG));
    #[cfg(target_os = "linux")]
    let _ = socket.set_tcp_user_timeout(Some(UNANSWERED));
}

/// TLS configurations, which differ in what they offer.
pub fn offering(config: &rustls::ClientConfig, protocols: &[&str]) -> Arc<rustls::ClientConfig> {
    let mut config = config.clone();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    Arc::new(config)
}
