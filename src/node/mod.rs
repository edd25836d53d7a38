//! The node: what is put on it, how it is read and how it is changed over SSH.

mod apply;
mod confirm;
pub mod details;
pub mod files;
mod holder;
#[cfg(test)]
mod hostile;
pub mod lock;
mod probe;
mod ssh;
mod step;
mod vip;
pub mod worker;

use std::mem;
use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use apply::RemoteStep;
use details::Details;
use files::MacAddress;
use lock::{Lock, Look, Taken};
pub use ssh::{HostKeyTrust, Target, is_known, pinned_host_keys};
pub use step::{StepEvent, Stopped};

use crate::failure::{Failure, Result};
use crate::names::DnsName;
use crate::plan::node::{NodeChange, NodeState};

/// How long reading the node may take, there.
const PROBE: Duration = Duration::from_secs(45);

/// How long the session's own process may need to say that it is there.
const CHECK: Duration = Duration::from_secs(10);

/// A node that we are connected to. Dropping it frees the lock and ends the connection.
pub struct Node {
    lock: Option<Lock>,
    connection: ssh::Connection,
}

impl Node {
    /// Connects within `deadline`. `console_keys` gives the public host keys of the instance's console output; it is
    /// called only when no key is pinned and the user gave none.
    pub async fn connect(target: &Target, console_keys: impl AsyncFnOnce() -> Result<Vec<String>>, deadline: Duration) -> Result<Self> {
        Ok(Self { lock: None, connection: ssh::connect(target, console_keys, deadline).await? })
    }

    /// No other run works on the node until this one lets it go. Reads the node then, and says whether another run had it
    /// before; `on_wait` is told which.
    ///
    /// # Errors
    /// After `wait` another run has it still.
    pub async fn lock(&mut self, wait: Duration, mac: &str, primary: Ipv4Addr, on_wait: impl FnOnce(&str)) -> Result<(NodeState, bool)> {
        let look = Look { script: &probe::script(&mac_address(mac)?, primary), limit: PROBE };
        let (seen, waited) = self.take(wait, &look, on_wait).await?;
        Ok((probe::parse(&seen)?, waited))
    }

    async fn take(&mut self, wait: Duration, look: &Look<'_>, on_wait: impl FnOnce(&str)) -> Result<(String, bool)> {
        let Taken { lock, waited, seen } = Lock::take(&self.connection, wait, look, on_wait).await?;
        self.lock = Some(lock);
        Ok((seen, waited))
    }

    /// To be asked before each change.
    ///
    /// # Errors
    /// The lock was taken away.
    pub async fn still_ours(&self) -> Result<()> {
        match &self.lock {
            Some(lock) => lock.check().await,
            None => Ok(()),
        }
    }

    /// Who has the lock.
    pub async fn lock_state(&self) -> Result<lock::State> {
        lock::state(&self.connection).await
    }

    /// Takes the lock from `held` and says who has it then.
    pub async fn take_away(&self, held: &lock::Held) -> Result<lock::State> {
        lock::take_away(&self.connection, held).await
    }

    /// Reads the node. Changes nothing. `mac` is the ENI's MAC address.
    pub async fn probe(&self, mac: &str, primary: Ipv4Addr) -> Result<NodeState> {
        let finished = self.connection.run(&probe::script(&mac_address(mac)?, primary), PROBE, |_| {}).await?;
        finished.read(probe::parse)
    }

    /// Reads what `diagnose` wants besides. `name` is one that an application could have.
    pub async fn details(&self, primary: Ipv4Addr, name: &DnsName) -> Result<Details> {
        let script = details::script(probe::SCRIPT, primary, name);
        let finished = self.connection.run(&script, PROBE, |_| {}).await?;
        finished.read(details::parse)
    }

    /// Applies `changes` in order. `public` is the Elastic IP where the plan says "known after apply".
    pub async fn apply(&self, changes: &[NodeChange], public: Option<Ipv4Addr>, mut on_step: impl FnMut(StepEvent)) -> Result<(), Stopped> {
        let mut unconfirmed = 0..0;
        for step in apply::steps(changes, public)? {
            self.still_ours().await?;
            if !step.watched.is_empty() || changes[step.changes.clone()].iter().any(NodeChange::awaits_confirmation) {
                self.confirm(mem::take(&mut unconfirmed)).await?;
            }
            // What else follows doesn't wait until the node was reached anew, and is repeated if it never is.
            let (confirmed, ran) = tokio::join!(self.confirm(unconfirmed), self.run_step(&step, changes, &mut on_step));
            confirmed.and(ran)?;
            unconfirmed = step.watched;
        }
        self.confirm(unconfirmed).await
    }

    /// Makes a socket here lead to a port of the node's loopback.
    pub async fn forward(&self, socket: &Path, port: u16) -> Result<()> {
        self.connection.forward(socket, port).await
    }

    /// Whether the SSH session is there still.
    pub async fn is_connected(&self) -> bool {
        self.connection.is_connected(CHECK).await
    }

    /// Connects anew, as the first time.
    pub async fn again(&self, deadline: Duration) -> Result<Self> {
        Ok(Self { lock: None, connection: self.connection.another(deadline).await? })
    }

    pub async fn close(self) {
        if let Some(lock) = self.lock {
            lock.release().await;
        }
        self.connection.close().await;
    }

    async fn run_step(&self, step: &RemoteStep, changes: &[NodeChange], on_step: &mut impl FnMut(StepEvent)) -> Result<(), Stopped> {
        let describe = |index: usize| changes.get(index).map(NodeChange::summary);
        match step::attempt(&self.connection, step, &describe, on_step).await {
            Ok(ended) => ended,
            Err(lost) if step.watched.is_empty() => Err(lost.state(step::REPEATABLE).into()),
            Err(lost) => Err(self.give_up(step, lost).await),
        }
    }
}

fn mac_address(mac: &str) -> Result<MacAddress> {
    mac.parse().map_err(|error| Failure::failed("the network interface's MAC address is unusable").because(error))
}
