//! The calls of helm that we make, each with its deadline. A release is in the namespace of its own name.

use std::time::{Duration, Instant, SystemTime};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde::Deserialize;

use super::Helm;
use crate::failure::{Failure, Result};
use crate::plan::addons::Chart;
use crate::plan::addons::ingress::Release;
use crate::subprocess::Finished;

/// One look.
const STATUS: Duration = Duration::from_secs(60);
const UNINSTALL: Duration = Duration::from_secs(2 * 60);
/// Until a chart is fetched, and beyond the time that helm itself is told to wait.
const BEYOND: Duration = Duration::from_secs(2 * 60);
/// Between two looks at an installation that somebody else may be at.
const PAUSE: Duration = Duration::from_secs(2);

/// As `helm status -o json` prints it, with much more.
#[derive(Debug, Deserialize)]
pub(super) struct Status {
    info: Info,
    /// The revision.
    version: u32,
}

#[derive(Debug, Deserialize)]
struct Info {
    status: String,
    /// By the clock of the machine that helm ran on.
    last_deployed: Option<Time>,
}

impl Helm {
    /// None when there is no release of that name.
    ///
    /// # Errors
    /// helm could not look.
    pub async fn release(&self, name: &str) -> Result<Option<Release>> {
        Ok(self.status(name).await?.map(|status| status.release()))
    }

    async fn status(&self, name: &str) -> Result<Option<Status>> {
        let command = self.command(["status", name, "--namespace", name, "--output", "json"]);
        let finished = command.run(STATUS, |_| ()).await?;
        if finished.code == Some(0) {
            return parse(&finished.output).map(Some);
        }
        if is_not_found(&finished) { Ok(None) } else { Err(command.failure(&finished)) }
    }

    /// Installs a chart, also over what a failed installation has left, and waits until all of it is ready.
    ///
    /// # Errors
    /// The chart can't be had, the cluster doesn't take it, or it isn't ready in time. It can be run again.
    pub async fn install(&self, name: &str, chart: &Chart, on_line: impl FnMut(&str)) -> Result<()> {
        let limit = format!("{}s", self.limit.as_secs());
        let words = ["upgrade", "--install", name, chart.name, "--version", chart.version, "--namespace", name, "--create-namespace"];
        let repository = chart.repository.iter().flat_map(|repository| ["--repo", repository]);
        let wait = ["--values", "-", "--wait", "--timeout", &limit];
        let command = self.command(words.into_iter().chain(repository).chain(wait)).input(chart.values.to_string());
        command.succeed(self.limit + BEYOND, on_line).await.map(drop).map_err(|failure| {
            failure
                .state("what helm has made until then stays")
                .next(format!("see what it waits for: kubectl --context {} --namespace {name} get pods,events", self.context))
                .next("run the same command again: it installs the rest")
                .next("or bring your own ingress controller: `--ingress-controller none`")
        })
    }

    /// Takes away what an installation that was cut off has left. One that may still go on in another process is waited for,
    /// as long as helm itself would go on; when it has ended well, there is nothing to take away.
    ///
    /// # Errors
    /// helm could not look, or not delete everything.
    pub async fn remove_unfinished(&self, name: &str, on_wait: impl Fn(&str)) -> Result<()> {
        let since = Instant::now();
        loop {
            let Some(status) = self.status(name).await? else { return Ok(()) };
            if status.release() != Release::Unfinished {
                return Ok(());
            }
            if status.age() > self.limit || since.elapsed() > self.limit {
                break;
            }
            on_wait(&format!("{name} is {}; another helm may be at it", status.info.status));
            tokio::time::sleep(PAUSE).await;
        }
        let limit = format!("{}s", UNINSTALL.as_secs());
        let command = self.command(["uninstall", name, "--namespace", name, "--wait", "--timeout", &limit]);
        command.succeed(UNINSTALL + BEYOND, |_| ()).await.map(drop).map_err(|failure| failure.next("run the same command again"))
    }
}

impl Status {
    /// A later revision was somebody else's work, and the one before it may be in use.
    pub(super) fn release(&self) -> Release {
        match (self.version, self.info.status.as_str()) {
            (1, "pending-install" | "uninstalling") => Release::Unfinished,
            (1, "failed") => Release::Failed,
            _ => Release::Installed,
        }
    }

    /// Since its last step; zero when that isn't known.
    fn age(&self) -> Duration {
        let last = self.info.last_deployed.as_ref().map(|time| SystemTime::from(time.0));
        last.and_then(|last| SystemTime::now().duration_since(last).ok()).unwrap_or_default()
    }
}

pub(super) fn parse(output: &str) -> Result<Status> {
    // What else is in it may be secret.
    serde_json::from_str(output).map_err(|_| Failure::failed("helm describes the release in a way that we don't know"))
}

pub(super) fn is_not_found(finished: &Finished) -> bool {
    finished.said().contains("release: not found")
}
