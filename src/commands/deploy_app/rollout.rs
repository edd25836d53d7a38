//! Waits for a rollout, and says what holds it up.

use std::time::{Duration, Instant};

use crate::cluster::{Cluster, Look, NoLook};
use crate::failure::{Failure, Result};
use crate::output::Console;
use crate::plan::applications::rollout::{Obstacle, ObstacleKind, Progress, judge};
use crate::settings::{DeploySettings, Deployed};

/// Between two looks while the API server doesn't answer.
const PAUSE: Duration = Duration::from_secs(2);

/// # Errors
/// The rollout has stalled, takes too long, or can't be looked at.
pub async fn wait(cluster: &Cluster, settings: &DeploySettings, namespace: &str, name: &str, console: &Console) -> Result<()> {
    let step = console.step(format!("wait for the rollout of {namespace}/{name}"));
    let since = Instant::now();
    let mut held: Option<(ObstacleKind, Instant)> = None;
    loop {
        let overdue = since.elapsed() > settings.patience.rollout;
        let (doing, look) = match cluster.rollout(namespace, name).await {
            Ok(None) => {
                step.failed();
                return Err(
                    Failure::failed(format!("the Deployment {namespace}/{name} was deleted by somebody else")).after(since.elapsed())
                );
            }
            Ok(Some(look)) => match judge(&look.rollout) {
                Progress::Complete => {
                    step.done();
                    return Ok(());
                }
                Progress::Going(doing) => {
                    held = None;
                    (doing, Some(look))
                }
                Progress::Held(obstacle) => {
                    let first = held.filter(|(kind, _)| *kind == obstacle.kind).map_or_else(Instant::now, |(_, first)| first);
                    held = Some((obstacle.kind, first));
                    let stalled = obstacle.kind.is_stubborn() && first.elapsed() >= settings.patience.obstacle;
                    step.tell(&obstacle.sentence());
                    if stalled || overdue || obstacle.kind.is_final() {
                        step.failed();
                        return Err(stalled_by(&obstacle, &look, settings, namespace, name).after(since.elapsed()));
                    }
                    (obstacle.sentence(), Some(look))
                }
            },
            Err(NoLook::Final(failure)) => {
                step.failed();
                return Err(failure);
            }
            Err(NoLook::Passing(failure)) if overdue => {
                step.failed();
                return Err(failure);
            }
            Err(NoLook::Passing(failure)) => (failure.to_string(), None),
        };
        step.tell(&doing);
        if overdue {
            step.failed();
            return Err(too_long(&doing, look.as_ref(), settings, namespace, name).after(since.elapsed()));
        }
        match &look {
            Some(look) => cluster.until_changed(namespace, name, look).await,
            None => tokio::time::sleep(PAUSE).await,
        }
    }
}

fn stalled_by(obstacle: &Obstacle, look: &Look, settings: &DeploySettings, namespace: &str, name: &str) -> Failure {
    let what = format!("the rollout of {namespace}/{name} has stalled: {}", obstacle.what);
    let failure = Failure::failed(what).because(&obstacle.because).state(serving(look));
    let failure = obstacle.next(namespace).into_iter().fold(failure, Failure::next);
    way_back(failure, look, settings, namespace)
}

fn too_long(doing: &str, look: Option<&Look>, settings: &DeploySettings, namespace: &str, name: &str) -> Failure {
    let failure = Failure::failed(format!("the rollout of {namespace}/{name} did not end in time")).because(doing);
    let failure = failure.next("run the same command again: it goes on waiting; `--rollout-timeout` gives it more time");
    match look {
        Some(look) => way_back(failure.state(serving(look)), look, settings, namespace),
        None => failure,
    }
}

fn serving(look: &Look) -> String {
    match (look.rollout.earlier_available, look.rollout.available) {
        (0, 0) => "no pod of it serves".to_owned(),
        (0, serving) => format!("{serving} of {} pods serve", look.rollout.wanted),
        (earlier, _) => format!("the revision before still serves with {earlier} pod(s)"),
    }
}

fn way_back(failure: Failure, look: &Look, settings: &DeploySettings, namespace: &str) -> Failure {
    if look.revisions.len() < 2 || matches!(settings.deployed, Deployed::Earlier { .. }) {
        return failure;
    }
    failure.next(format!("or go back: k8sport deploy-app {} --namespace {namespace} --rollback", settings.name))
}
