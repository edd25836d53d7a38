//! Tells the node's watchdog that the node can still be reached, or finds out what it has done.

use std::ops::Range;
use std::time::{Duration, Instant};

use super::Node;
use super::apply::{self, Confirmation, RemoteStep};
use super::holder::Holder;
use super::ssh::Connection;
use super::step::Stopped;
use crate::failure::{Failure, Result};

/// How long a fresh connection is tried for: until the watchdog has taken the step back, and then as long as `sshd` may need.
const REACH: Duration = Duration::from_secs(apply::CONFIRM_WITHIN + 40);
/// What one attempt of that may need.
const ATTEMPT: Duration = Duration::from_secs(20);
/// How long `sshd` may need to greet a new connection, and then to hear that all is well. Together they leave the watchdog's time to
/// another login.
const GREETING: Duration = Duration::from_secs(6);
const HEARING: Duration = Duration::from_secs(10);
/// How long the confirmation may take, there: the watchdog may be at work.
const CONFIRM: Duration = Duration::from_secs(80);

impl Node {
    /// Shows that the node can still be reached by those who come anew, so that its watchdog needn't take `changes` back.
    pub(super) async fn confirm(&self, changes: Range<usize>) -> Result<(), Stopped> {
        if changes.is_empty() {
            return Ok(());
        }
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
            Confirmation::Reverted => {
                let failure = Failure::failed("the change of the node's network was taken back by its watchdog")
                    .because("no fresh SSH connection came through while it was there")
                    .after(started.elapsed())
                    .state("the node's network is as it was before")
                    .next(
                        "see what it did to SSH: `k8sport diagnose` shows other rules and agents on the node; then run the command again",
                    );
                Err(Stopped { failure, taken_back: changes })
            }
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
    async fn reach(&self) -> Result<Connection> {
        let started = Instant::now();
        loop {
            match self.connection.another(REACH.saturating_sub(started.elapsed())).await {
                Ok(fresh) => return Ok(fresh),
                Err(error) if started.elapsed() >= REACH - ATTEMPT => return Err(error),
                Err(_) => tokio::time::sleep(Duration::from_secs(1)).await,
            }
        }
    }

    /// The connection was lost in the middle of a watched step: has that taken back.
    pub(super) async fn give_up(&self, step: &RemoteStep, lost: Failure) -> Stopped {
        if self.is_taken_back().await {
            let state = "the node's network is as it was before: the half-done change was taken back";
            return Stopped { failure: lost.state(state), taken_back: step.watched.clone() };
        }
        lost.state("the change of the node's network may be half done; the node takes it back by itself within a few minutes").into()
    }

    async fn is_taken_back(&self) -> bool {
        let Ok(fresh) = self.reach().await else { return false };
        let script = Holder::me().assignment() + &apply::give_up();
        let finished = fresh.run(&script, Duration::from_secs(120), |_| {}).await;
        fresh.close().await;
        finished.is_ok_and(|finished| finished.code == 0)
    }
}

async fn confirm_over(connection: &Connection) -> Result<Confirmation> {
    let finished = connection.run(&apply::confirm(), CONFIRM, |_| {}).await?;
    apply::read_confirmation(&finished.output)
        .ok_or_else(|| Failure::failed("the confirmation wasn't understood").because(finished.errors.trim()))
}
