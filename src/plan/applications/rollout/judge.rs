//! From what is seen to how far it is.

use super::{Container, Obstacle, ObstacleKind, Pod, Progress, Rollout};

/// Reasons that only mean that it takes its time.
const ON_ITS_WAY: [&str; 2] = ["ContainerCreating", "PodInitializing"];
const PULL: [&str; 6] =
    ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError", "RegistryUnavailable"];

pub fn judge(rollout: &Rollout) -> Progress {
    if rollout.paused {
        return held(ObstacleKind::Paused, "the rollout is paused", "`spec.paused` of the Deployment is true", None);
    }
    if !rollout.observed {
        return Progress::Going("its controller has not seen it yet".to_owned());
    }
    if rollout.updated == rollout.wanted && rollout.replicas == rollout.updated && rollout.available == rollout.updated {
        return Progress::Complete;
    }
    if let Some(obstacle) = rollout.pods.iter().find_map(obstacle) {
        return Progress::Held(obstacle);
    }
    if let Some(because) = &rollout.no_pods {
        return held(ObstacleKind::NoPods, "its pods can't be created", because, None);
    }
    if let Some(because) = &rollout.out_of_time {
        return held(ObstacleKind::OutOfTime, "its controller has given up", because, None);
    }
    let Rollout { wanted, replicas, updated, available, .. } = rollout;
    Progress::Going(if updated < wanted {
        format!("{updated} of {wanted} pods are updated")
    } else if replicas > updated {
        format!("{} earlier pod(s) are still ending", replicas - updated)
    } else {
        format!("{available} of {updated} updated pods are available")
    })
}

fn obstacle(pod: &Pod) -> Option<Obstacle> {
    if let Some(because) = &pod.unschedulable {
        return Some(Obstacle::new(ObstacleKind::Unschedulable, "no node takes its pod", because, None));
    }
    if let Some(because) = &pod.evicted {
        return Some(Obstacle::new(ObstacleKind::Evicted, "the node has thrown its pod out", because, None));
    }
    let unready: Vec<_> = pod.containers.iter().filter(|container| !container.ready).collect();
    unready.iter().find_map(|container| of_container(pod, container)).or_else(|| mounting(pod, &unready))
}

fn of_container(pod: &Pod, container: &Container) -> Option<Obstacle> {
    let place = Some((pod.name.clone(), container.name.clone()));
    let warned = |reasons: &[&str]| pod.warning.as_ref().filter(|warning| reasons.contains(&warning.reason.as_str()));
    let waiting = container.waiting.as_ref().filter(|(reason, _)| !ON_ITS_WAY.contains(&reason.as_str()));
    if let Some((reason, message)) = waiting.filter(|(reason, _)| PULL.contains(&reason.as_str())) {
        // "Back-off pulling image" hides why.
        let because = warned(&["Failed"]).filter(|_| reason == "ImagePullBackOff").map_or(message, |warning| &warning.message);
        return Some(Obstacle::new(ObstacleKind::ImagePull, "its image can't be pulled", &format!("{reason}: {because}"), place));
    }
    if let Some(ended) = container.ended.as_ref().filter(|_| container.restarts > 0 || !container.running) {
        let what = match ended.reason.as_str() {
            "OOMKilled" => "its container is killed for want of memory".to_owned(),
            _ => format!("its container ends with exit code {}", ended.code),
        };
        let reason = waiting.map_or(ended.reason.as_str(), |(reason, _)| reason.as_str());
        let because = format!("{reason}: {} was restarted {} time(s)\n{}", container.name, container.restarts, ended.message);
        return Some(Obstacle::new(ObstacleKind::CrashLoop, &what, &because, place));
    }
    if let Some((reason, message)) = waiting {
        return Some(Obstacle::new(ObstacleKind::Configuration, "its container can't be started", &format!("{reason}: {message}"), place));
    }
    let unhealthy = warned(&["Unhealthy"]).filter(|_| container.running)?;
    Some(Obstacle::new(ObstacleKind::NotReady, "its container runs and isn't ready", &unhealthy.message, place))
}

/// What the pod needs before a container can be made: volumes, their Secrets and ConfigMaps, its network.
fn mounting(pod: &Pod, unready: &[&Container]) -> Option<Obstacle> {
    let warning = pod.warning.as_ref().filter(|warning| warning.reason != "Unhealthy" && !unready.is_empty())?;
    if unready.iter().any(|container| container.running) {
        return None;
    }
    let because = format!("{}: {}", warning.reason, warning.message);
    Some(Obstacle::new(ObstacleKind::Configuration, "its pod can't be started", &because, Some((pod.name.clone(), String::new()))))
}

fn held(kind: ObstacleKind, what: &str, because: &str, pod: Option<(String, String)>) -> Progress {
    Progress::Held(Obstacle::new(kind, what, because, pod))
}
