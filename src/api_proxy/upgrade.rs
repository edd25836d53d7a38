//! Connections that go over to SPDY or WebSocket, for `exec`, `attach` and `port-forward`: bytes from then on, both ways.

use http_body_util::{BodyExt as _, Empty};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;

use super::Body;
use super::access::{Outcome, Record};
use super::serve::Alive;

/// The client's and the API server's.
pub type Sides = (OnUpgrade, OnUpgrade);

/// Passes bytes on until one side has ended and the other has got them all.
pub fn join((client, server): Sides, mut record: Record, alive: Alive) {
    tokio::spawn(async move {
        let _alive = alive;
        let (client, server) = match tokio::try_join!(client, server) {
            Ok(sides) => sides,
            Err(error) => {
                tracing::debug!("a connection did not go over to the other protocol: {error}");
                return record.end(Outcome::UpstreamError);
            }
        };
        // A side that breaks off ends both, and that is all there is to say.
        if let Ok((_, bytes)) = tokio::io::copy_bidirectional(&mut TokioIo::new(client), &mut TokioIo::new(server)).await {
            record.bytes = bytes;
        }
        record.end(Outcome::Upgraded);
    });
}

pub fn no_body() -> Body {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}
