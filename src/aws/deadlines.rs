//! How long AWS may take. The SDK by itself waits for ever for an answer.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;

/// Until the TCP connection stands.
const CONNECT: Duration = Duration::from_secs(3);
/// One request and its answer.
const ATTEMPT: Duration = Duration::from_secs(10);
/// A call with all its attempts and the pauses between them.
const OPERATION: Duration = Duration::from_secs(30);
/// A call that we can do without (quotas).
pub(super) const ADVISORY: Duration = Duration::from_secs(10);
/// Until credentials are there: may include a sign-on service, a credential process or a role.
pub(super) const CREDENTIALS: Duration = Duration::from_secs(30);
/// One question to the metadata service of the instance that we run on.
pub(super) const METADATA: Duration = Duration::from_secs(1);
/// Until what was just created is visible everywhere in EC2
/// (<https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html>).
pub(super) const CONSISTENCY: Duration = Duration::from_secs(60);

/// Attempts in all of a call that may be repeated. Mode "standard": under endless throttling it gives up after some 2 s,
/// "adaptive" after 38 s.
const ATTEMPTS: u32 = 3;

pub(super) fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECT).operation_attempt_timeout(ATTEMPT).operation_timeout(OPERATION).build()
}

pub(super) fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(ATTEMPTS)
}
