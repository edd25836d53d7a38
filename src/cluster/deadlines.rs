//! How long the API server may take. The client by itself waits for ever for an answer.

use std::time::Duration;

/// Until the TCP connection stands, TLS included.
pub(super) const CONNECT: Duration = Duration::from_secs(5);
/// Between two pieces of an answer.
pub(super) const READ: Duration = Duration::from_secs(15);
/// A request with all its attempts and the pauses between them.
pub(super) const REQUEST: Duration = Duration::from_secs(30);
/// Until credentials are there: a plugin may have to sign on somewhere.
pub(super) const CREDENTIALS: Duration = Duration::from_secs(60);

/// Attempts in all of a request that the API server was too busy for.
pub(super) const ATTEMPTS: u32 = 3;
/// Before the second attempt; doubled for each further one, with jitter.
pub(super) const PAUSE: Duration = Duration::from_millis(500);
