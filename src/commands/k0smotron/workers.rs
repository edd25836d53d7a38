//! All workers at once, for a look.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;

use crate::failure::{Failure, Result};
use crate::names::DnsName;
use crate::node::Target;
use crate::node::worker::Worker;
use crate::plan::k0smotron::Worker as State;

/// Includes the time that sshd needs under load.
const CONNECT: Duration = Duration::from_secs(20);
/// SSH connections that are made at the same time.
const AT_ONCE: usize = 16;

/// One that we are connected to, and how it is.
pub struct Seen {
    pub worker: Worker,
    pub state: State,
}

/// Each of them, or why not.
pub async fn look(targets: &[Target], api: Option<&DnsName>) -> Vec<Result<Seen>> {
    let looks = targets.iter().map(async |target| {
        let worker = Worker::connect(target, CONNECT).await?;
        let state = worker.read(api).await?;
        Ok(Seen { worker, state })
    });
    stream::iter(looks).buffered(AT_ONCE).collect().await
}

/// # Errors
/// The first one's, with the names of the others.
pub fn all(targets: &[Target], seen: Vec<Result<Seen>>) -> Result<Vec<Seen>> {
    let failed: Vec<_> = targets.iter().zip(&seen).filter(|(_, seen)| seen.is_err()).map(|(target, _)| target.host.to_string()).collect();
    seen.into_iter().collect::<Result<Vec<_>>>().map_err(|first| match failed.as_slice() {
        [_, others @ ..] if !others.is_empty() => {
            let what = format!("{}; neither can {}", first.what, others.join(", "));
            Failure { what, ..first }
        }
        _ => first,
    })
}
