//! What one connection of a client has of the API server: a connection of the same protocol, opened with the first request
//! and again when it is lost. Where the API server speaks no HTTP/2, one for each request that is under way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper::header::{HOST, HeaderValue};
use hyper::http::request::Parts;
use hyper::http::uri::{Authority, Scheme};
use hyper::{Request, Response, StatusCode, Uri, Version};
use tokio::sync::Mutex;

use super::Body;
use super::dial::{Problem, Protocol, Sender};
use super::upstream::Upstream;

/// The end of one answer may be on its way yet when the next request comes.
const SETTLE: Duration = Duration::from_secs(1);
/// Requests that waited for a connection while it failed fail with it.
const SHARED_FAILURE: Duration = Duration::from_secs(1);

pub struct Link {
    upstream: Arc<Upstream>,
    wanted: Protocol,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    http2: Option<http2::SendRequest<Body>>,
    http1: Vec<http1::SendRequest<Body>>,
    /// HTTP/2 was offered and not taken.
    only_http1: bool,
    failed: Option<(Instant, Problem)>,
}

impl Link {
    pub fn new(upstream: Arc<Upstream>, wanted: Protocol) -> Self {
        Self { upstream, wanted, open: Mutex::default() }
    }

    /// Sends a request and waits for the head of its answer. Over a connection that turns out to be gone it is sent once
    /// more, if nothing of it was sent or it is one without body that changes nothing.
    pub async fn send(&self, parts: Parts, body: Body, authority: &Authority) -> Result<Response<Incoming>, Problem> {
        let repeatable = parts.method.is_safe() && hyper::body::Body::is_end_stream(&body);
        let mut spare = repeatable.then(|| parts.clone());
        let mut request = Request::from_parts(parts, body);
        let mut fresh = false;
        loop {
            let (sender, reused) = self.sender(fresh).await?;
            address(&mut request, &sender, authority);
            let lost = match self.try_send(sender, request).await {
                Ok(response) => return Ok(response),
                Err(lost) => lost,
            };
            if !reused {
                return Err(lost.problem);
            }
            fresh = true;
            request = match (lost.unsent, spare.take()) {
                (Some(unsent), _) => unsent,
                (None, Some(parts)) => Request::from_parts(parts, Empty::new().map_err(|never| match never {}).boxed_unsync()),
                (None, None) => return Err(lost.problem),
            };
        }
    }

    async fn try_send(&self, sender: Sender, request: Request<Body>) -> Result<Response<Incoming>, Lost> {
        match sender {
            Sender::Http2(mut sender) => sender.try_send_request(request).await.map_err(Lost::new),
            Sender::Http1(mut sender) => {
                let response = sender.try_send_request(request).await.map_err(Lost::new)?;
                if response.status() != StatusCode::SWITCHING_PROTOCOLS {
                    self.open.lock().await.http1.push(sender);
                }
                Ok(response)
            }
        }
    }

    /// A connection to send on, and whether it has been there before.
    async fn sender(&self, fresh: bool) -> Result<(Sender, bool), Problem> {
        let mut open = self.open.lock().await;
        if fresh {
            open.http1.clear();
            open.http2 = open.http2.take().filter(|sender| !sender.is_closed());
        }
        if self.wanted == Protocol::Http1 || open.only_http1 {
            while let Some(mut sender) = open.http1.pop() {
                // A client's own HTTP/1.1 has one request at a time.
                let ready = match self.wanted {
                    Protocol::Http1 => matches!(tokio::time::timeout(SETTLE, sender.ready()).await, Ok(Ok(()))),
                    Protocol::Http2 => sender.is_ready(),
                };
                if ready {
                    return Ok((Sender::Http1(sender), true));
                }
            }
            drop(open);
            return Ok((self.upstream.dial(Protocol::Http1).await?, false));
        }
        if let Some(sender) = open.http2.as_ref().filter(|sender| !sender.is_closed()) {
            return Ok((Sender::Http2(sender.clone()), true));
        }
        if let Some((_, problem)) = open.failed.as_ref().filter(|(when, _)| when.elapsed() < SHARED_FAILURE) {
            return Err(problem.clone());
        }
        // With the lock held: the others wait for this one.
        let dialled = self.upstream.dial(Protocol::Http2).await;
        match &dialled {
            Ok(Sender::Http2(sender)) => open.http2 = Some(sender.clone()),
            Ok(Sender::Http1(_)) => open.only_http1 = true,
            Err(problem) => open.failed = Some((Instant::now(), problem.clone())),
        }
        dialled.map(|sender| (sender, false))
    }
}

struct Lost {
    problem: Problem,
    unsent: Option<Request<Body>>,
}

impl Lost {
    fn new(mut error: hyper::client::conn::TrySendError<Request<Body>>) -> Self {
        let unsent = error.take_message();
        let problem = Problem::new(
            "no-answer",
            StatusCode::BAD_GATEWAY,
            format!("the connection to the API server ended without an answer: {}", chain(&error.into_error())),
        );
        Self { problem, unsent }
    }
}

/// hyper's own words say little without those of what it got.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// Each protocol says in its own way whom a request is for.
fn address(request: &mut Request<Body>, sender: &Sender, authority: &Authority) {
    let path = request.uri().path_and_query().cloned();
    let mut uri = hyper::http::uri::Parts::default();
    uri.path_and_query = path.or_else(|| Some(hyper::http::uri::PathAndQuery::from_static("/")));
    match sender {
        Sender::Http1(_) => {
            *request.version_mut() = Version::HTTP_11;
            if let Ok(host) = HeaderValue::from_str(authority.as_str()) {
                request.headers_mut().insert(HOST, host);
            }
        }
        Sender::Http2(_) => {
            *request.version_mut() = Version::HTTP_2;
            request.headers_mut().remove(HOST);
            (uri.scheme, uri.authority) = (Some(Scheme::HTTPS), Some(authority.clone()));
        }
    }
    if let Ok(uri) = Uri::from_parts(uri) {
        *request.uri_mut() = uri;
    }
}
