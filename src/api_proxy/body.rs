//! Bodies on their way: passed on frame by frame, trailers and all, and never collected.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

use super::BoxError;
use super::access::{Outcome, Record};

/// How long a client may send nothing in the middle of a request.
const UPLOAD_IDLE: Duration = Duration::from_secs(60);

/// The body of a request.
pub struct Upload {
    inner: Incoming,
    idle: Pin<Box<Sleep>>,
}

impl Upload {
    pub fn new(inner: Incoming) -> Self {
        Self { inner, idle: Box::pin(sleep(UPLOAD_IDLE)) }
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(cx) {
            self.idle.as_mut().reset(Instant::now() + UPLOAD_IDLE);
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        ready!(self.idle.as_mut().poll(cx));
        Poll::Ready(Some(Err("the client sent nothing for 60 s in the middle of a request".into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// A request that a connection has under way.
pub struct InFlight(Arc<AtomicUsize>);

impl InFlight {
    pub fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Ends when the proxy does.
pub type Draining = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The body of an answer.
pub struct Download {
    inner: Incoming,
    record: Record,
    /// For answers that would go on for hours.
    draining: Option<Draining>,
    _in_flight: InFlight,
}

impl Download {
    pub fn new(inner: Incoming, record: Record, draining: Option<Draining>, in_flight: InFlight) -> Self {
        Self { inner, record, draining, _in_flight: in_flight }
    }
}

impl Body for Download {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Some(draining) = &mut self.draining
            && draining.as_mut().poll(cx).is_ready()
        {
            self.draining = None;
            self.record.end(Outcome::Drained);
            return Poll::Ready(None);
        }
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        match &frame {
            None => self.record.end(Outcome::Complete),
            Some(Ok(frame)) => self.record.bytes += frame.data_ref().map_or(0, |data| data.len() as u64),
            Some(Err(_)) => {
                self.record.upstream_error("broken-answer");
                self.record.end(Outcome::UpstreamError);
            }
        }
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for Download {
    /// A body of known length is not asked for its end.
    fn drop(&mut self) {
        if self.inner.is_end_stream() {
            self.record.end(Outcome::Complete);
        }
    }
}
