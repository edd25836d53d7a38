//! The node: what is put on it, how it is read and how it is changed over SSH.

mod apply;
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

use std::net::Ipv4Addr;
use std::path::Path;
use std::time::{Duration, Instant};

use apply::{Confirmation, RemoteStep};
use details::Details;
use files::MacAddress;
use holder::Holder;
use lock::{Lock, Look, Taken};
pub use ssh::{HostKeyTrust, Target, is_known, pinned_host_keys};
pub use step::StepEvent;

use crate::failure::{Failure, Result};
use crate::names::DnsName;
use crate::plan::node::{NodeChange, NodeState};

/// How long reading the node may take, there.
const PROBE: Duration = Duration::from_secs(45);
/// How long a fresh connection is tried for: until the watchdog has taken the step back, and then as long as `sshd` may need.
const REACH: Duration = Duration::from_secs(apply::CONFIRM_WITHIN + 40);

/// What one attempt of them may need.
const ATTEMPT: Duration = Duration::from_secs(20);

/// How long `sshd` may need to greet a new connection, and then to hear that all is well. Together they leave the watchdog's time to
/// another login.
const GREETING: Duration = Duration::from_secs(6);
const HEARING: Duration = Duration::from_secs(10);

/// How long the confirmation may take, there: the watchdog may be at work.
const CONFIRM: Duration = Duration::from_secs(80);

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
        probe::parse(&finished.output)
    }

    /// Reads what `diagnose` wants besides. `name` is one that an application could have.
    pub async fn details(&self, primary: Ipv4Addr, name: &DnsName) -> Result<Details> {
        let script = details::script(probe::SCRIPT, primary, name);
        let finished = self.connection.run(&script, PROBE, |_| {}).await?;
        details::parse(&finished.output)
    }

    /// Applies `changes` in order. `public` is the Elastic IP where the plan says "known after apply".
    pub async fn apply(&self, changes: &[NodeChange], public: Option<Ipv4Addr>, mut on_step: impl FnMut(StepEvent)) -> Result<()> {
        let mut unconfirmed = false;
        for step in apply::steps(changes, public)? {
            self.still_ours().await?;
            if unconfirmed && step.watched {
                self.confirm().await?;
                unconfirmed = false;
            }
            // What follows doesn't wait until a fresh connection is there, and is repeated if there never is one.
            let confirmation = async { if unconfirmed { self.confirm().await } else { Ok(()) } };
            let (confirmed, ran) = tokio::join!(confirmation, self.run_step(&step, changes, &mut on_step));
            confirmed.and(ran)?;
            unconfirmed = step.watched;
        }
        if unconfirmed { self.confirm().await } else { Ok(()) }
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

    async fn run_step(&self, step: &RemoteStep, changes: &[NodeChange], on_step: &mut impl FnMut(StepEvent)) -> Result<()> {
        let describe = |index: usize| changes.get(index).map(NodeChange::summary);
        match step::attempt(&self.connection, step, &describe, on_step).await {
            Ok(ended) => ended,
            Err(lost) if step.watched => Err(lost.state(self.give_up().await)),
            Err(lost) => Err(lost.state(step::REPEATABLE)),
        }
    }

    /// Shows that the node can still be reached by those who come anew, so that its watchdog needn't act.
    async fn confirm(&self) -> Result<()> {
        let started = Instant::now();
        let lost = |cause: Failure| {
            Failure::failed("the node could not be reached any more after a change of its network")
                .because(cause)
                .after(started.elapsed())
                .state("the node takes that change back by itself within a minute")
                .next("look why it doesn't answer over SSH, then run the command again")
        };
        let confirmation = match self.confirm_here().await {
            Some(confirmation) => confirmation,
            None => self.confirm_anew().await.map_err(lost)?,
        };
        match confirmation {
            Confirmation::Kept => Ok(()),
            Confirmation::Reverted => Err(Failure::failed("the change of the node's network was taken back by its watchdog")
                .because("no fresh SSH connection came through while it was there")
                .after(started.elapsed())
                .state("the node's network is as it was before")
                .next("see what it did to SSH: `k8sport diagnose` shows other rules and agents on the node; then run the command again")),
        }
    }

    /// Once `sshd` has greeted a new connection, this one tells the node. None if either fails.
    async fn confirm_here(&self) -> Option<Confirmation> {
        if !self.connection.is_reached_anew(GREETING).await {
            return None;
        }
        tokio::time::timeout(HEARING, confirm_over(&self.connection)).await.ok()?.ok()
    }

    /// Over a login of its own, as soon as there can be one.
    async fn confirm_anew(&self) -> Result<Confirmation> {
        let fresh = self.reach().await?;
        let confirmation = confirm_over(&fresh).await;
        fresh.close().await;
        confirmation
    }

    /// A fresh connection, as soon as there can be one.
    async fn reach(&self) -> Result<ssh::Connection> {
        let started = Instant::now();
        loop {
            match self.connection.another(REACH.saturating_sub(started.elapsed())).await {
                Ok(fresh) => return Ok(fresh),
                Err(error) if started.elapsed() >= REACH - ATTEMPT => return Err(error),
                Err(_) => tokio::time::sleep(Duration::from_secs(1)).await,
            }
        }
    }

    /// The connection was lost in the middle of a watched step: has it taken back, and says what the state is.
    async fn give_up(&self) -> &'static str {
        let on_its_own = "the change of the node's network may be half done; the node takes it back by itself within a few minutes";
        let Ok(fresh) = self.reach().await else { return on_its_own };
        let script = Holder::me().assignment() + &apply::give_up();
        let finished = fresh.run(&script, Duration::from_secs(120), |_| {}).await;
        fresh.close().await;
        match finished {
            Ok(finished) if finished.code == 0 => "the node's network is as it was before: the half-done change was taken back",
            _ => on_its_own,
        }
    }
}

async fn confirm_over(connection: &ssh::Connection) -> Result<Confirmation> {
    let finished = connection.run(&apply::confirm(), CONFIRM, |_| {}).await?;
    apply::read_confirmation(&finished.output)
        .ok_or_else(|| Failure::failed("the confirmation wasn't understood").because(finished.errors.trim()))
}

fn mac_address(mac: &str) -> Result<MacAddress> {
    mac.parse().map_err(|error| Failure::failed("the network interface's MAC address is unusable").because(error))
}
