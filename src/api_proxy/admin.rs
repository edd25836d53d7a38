//! The second port: metrics and health, over plain HTTP.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, Semaphore};

use super::dial::Protocol;
use super::forward::Proxy;
use super::listen::taken;
use crate::failure::{Failure, Result};

/// How long a head may take, and a connection be idle.
const IDLE: Duration = Duration::from_secs(60);
/// One look at the API server is good for so long.
const LOOK: Duration = Duration::from_secs(5);
const CONNECTIONS: usize = 32;

/// # Errors
/// The port can't be had.
pub async fn listen(address: IpAddr, port: u16) -> Result<TcpListener> {
    TcpListener::bind(SocketAddr::new(address, port)).await.map_err(|error| {
        let failure = taken(address, port, &error);
        Failure { next: vec!["name another port with `--metrics-port`, or 0 for none".to_owned()], ..failure }
    })
}

/// Answers as long as the process runs.
pub async fn serve(listener: TcpListener, proxy: Arc<Proxy>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let seen = Arc::new(Mutex::new(None));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (proxy, seen) = (Arc::clone(&proxy), Arc::clone(&seen));
        tokio::spawn(async move {
            let service = service_fn(|request| answer(&proxy, &seen, request));
            let mut builder = http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(IDLE).max_buf_size(16 << 10);
            let _ = builder.serve_connection(TokioIo::new(stream), service).await;
            drop(place);
        });
    }
}

/// When the API server was looked at, and what was wrong.
type Seen = Mutex<Option<(Instant, Result<(), String>)>>;

async fn answer(proxy: &Proxy, seen: &Seen, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (code, kind, body) = match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, "/metrics") => (StatusCode::OK, "text/plain; version=0.0.4", proxy.metrics.text().into()),
        (&Method::GET | &Method::HEAD, "/healthz") => (StatusCode::OK, "text/plain", Bytes::from_static(b"ok\n")),
        (&Method::GET | &Method::HEAD, "/readyz") => match look(proxy, seen).await {
            Ok(()) => (StatusCode::OK, "text/plain", Bytes::from_static(b"ok\n")),
            Err(why) => (StatusCode::SERVICE_UNAVAILABLE, "text/plain", Bytes::from(why + "\n")),
        },
        _ => (StatusCode::NOT_FOUND, "text/plain", Bytes::from_static(b"/metrics, /healthz or /readyz\n")),
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = code;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(response)
}

/// Whether the API server takes a connection, with the certificate that it should have.
async fn look(proxy: &Proxy, seen: &Seen) -> Result<(), String> {
    let mut seen = seen.lock().await;
    if let Some((when, said)) = &*seen
        && when.elapsed() < LOOK
    {
        return said.clone();
    }
    let said = proxy.upstream.dial(Protocol::Http1).await.map(drop).map_err(|problem| problem.message);
    *seen = Some((Instant::now(), said.clone()));
    said
}
