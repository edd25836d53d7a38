//! One request: taken or not, sent on, and its answer passed back as it comes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderValue, UPGRADE};
use hyper::{Method, Request, Response, StatusCode};

use super::access::{AccessLog, Outcome, Record};
use super::body::{Download, Draining, InFlight, Upload};
use super::dial::Problem;
use super::identity::Callers;
use super::link::Link;
use super::metrics::Metrics;
use super::serve::{Alive, Drain};
use super::status::status;
use super::upstream::Upstream;
use super::{Body, headers, upgrade};

/// The API server ends what isn't long-running after 60 s by itself.
const ANSWER: Duration = Duration::from_secs(75);

/// What all connections share.
pub struct Proxy {
    pub upstream: Arc<Upstream>,
    pub callers: Callers,
    pub metrics: Arc<Metrics>,
    pub log: Arc<AccessLog>,
    pub drain: Drain,
}

/// A connection of a client.
pub struct Client {
    pub address: SocketAddr,
    pub link: Link,
    pub in_flight: Arc<AtomicUsize>,
    /// For what outlives the connection.
    pub alive: Alive,
}

impl Proxy {
    pub async fn handle(&self, client: &Client, request: Request<Incoming>) -> Response<Body> {
        let in_flight = InFlight::new(&client.in_flight);
        let mut record = Record::begin(Arc::clone(&self.metrics), Arc::clone(&self.log), client.address, &request);
        match self.answer(client, request, &record).await {
            Ok(Answer::Body(response)) => {
                record.answered(response.status());
                let draining = record.info.long_running.then(|| Box::pin(self.drain.begun()) as Draining);
                response.map(|body| Download::new(body, record, draining, in_flight).boxed_unsync())
            }
            Ok(Answer::Upgrade(response, sides)) => {
                record.answered(response.status());
                upgrade::join(sides, record, client.alive.clone());
                response
            }
            Err(problem) => {
                record.answered(problem.code);
                record.end(if problem.reason == REFUSED { Outcome::Complete } else { Outcome::UpstreamError });
                status(problem.code, &problem.message)
            }
        }
    }

    async fn answer(&self, client: &Client, mut request: Request<Incoming>, record: &Record) -> Result<Answer, Problem> {
        if !self.callers.admits(request.headers()) {
            let message = "the token isn't the one of the kubeconfig that this proxy has printed";
            return Err(Problem::new(REFUSED, StatusCode::UNAUTHORIZED, message));
        }
        if request.method() == Method::CONNECT {
            return Err(Problem::new(REFUSED, StatusCode::METHOD_NOT_ALLOWED, "CONNECT isn't Kubernetes"));
        }
        let wanted = headers::upgrade(request.headers());
        let ours = wanted.is_some().then(|| hyper::upgrade::on(&mut request));
        let (mut parts, body) = request.into_parts();
        headers::strip_request(&mut parts.headers);
        if let Some(wanted) = wanted {
            parts.headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
            parts.headers.insert(UPGRADE, wanted);
        }
        let sent = async {
            let target = self.upstream.target().await;
            self.upstream.authorize(&target, &mut parts.headers).await?;
            client.link.send(parts, Upload::new(body).boxed_unsync(), &target.authority).await
        };
        let answered = if record.info.long_running { sent.await } else { within(ANSWER, sent).await };
        let mut response = answered.inspect_err(|problem| record.upstream_error(problem.reason))?;
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            let Some(ours) = ours else {
                record.upstream_error("upgrade");
                return Err(Problem::new("upgrade", StatusCode::BAD_GATEWAY, "the API server changed the protocol without being asked"));
            };
            let theirs = hyper::upgrade::on(&mut response);
            return Ok(Answer::Upgrade(response.map(|_| upgrade::no_body()), (ours, theirs)));
        }
        headers::strip(response.headers_mut());
        Ok(Answer::Body(response))
    }
}

/// A request that the proxy didn't send on.
const REFUSED: &str = "refused";

enum Answer {
    Body(Response<Incoming>),
    Upgrade(Response<Body>, upgrade::Sides),
}

async fn within<T>(deadline: Duration, sent: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    tokio::time::timeout(deadline, sent).await.unwrap_or_else(|_| {
        let message = format!("the API server took the request and did not answer within {} s", deadline.as_secs());
        Err(Problem::new("answer-timeout", StatusCode::GATEWAY_TIMEOUT, message))
    })
}
