//! A row a state that the API server reports.

use super::*;

fn going(pods: Vec<Pod>) -> Rollout {
    Rollout { observed: true, wanted: 1, replicas: 2, updated: 1, available: 1, earlier_available: 1, pods, ..Rollout::default() }
}

fn container() -> Container {
    Container { name: "shop".to_owned(), ..Container::default() }
}

fn waiting(reason: &str, message: &str) -> Container {
    Container { waiting: Some((reason.to_owned(), message.to_owned())), ..container() }
}

fn ended(code: i32, reason: &str, restarts: i32) -> Container {
    let ended = Some(Ended { code, reason: reason.to_owned(), message: String::new() });
    Container { ended, restarts, ..container() }
}

fn pod(container: Container, warning: Option<(&str, &str)>) -> Pod {
    let warning = warning.map(|(reason, message)| Warning { reason: reason.to_owned(), message: message.to_owned() });
    Pod { name: "shop-1".to_owned(), containers: vec![container], warning, ..Pod::default() }
}

#[test]
fn complete_is_what_kubectl_calls_complete() {
    let complete = Rollout { observed: true, wanted: 2, replicas: 2, updated: 2, available: 2, ..Rollout::default() };
    assert_eq!(judge(&complete), Progress::Complete);
    assert_eq!(judge(&Rollout { wanted: 0, replicas: 0, updated: 0, available: 0, ..complete.clone() }), Progress::Complete);
    for (rollout, said) in [
        (Rollout { observed: false, ..complete.clone() }, "has not seen it"),
        (Rollout { updated: 1, ..complete.clone() }, "1 of 2 pods are updated"),
        (Rollout { replicas: 3, ..complete.clone() }, "1 earlier pod(s) are still ending"),
        (Rollout { available: 1, ..complete }, "1 of 2 updated pods are available"),
    ] {
        let Progress::Going(doing) = judge(&rollout) else { panic!("{said}") };
        assert!(doing.contains(said), "{doing}");
    }
}

#[test]
fn what_is_in_the_way_and_what_to_do() {
    use ObstacleKind::{Configuration, CrashLoop, Evicted, ImagePull, NoPods, NotReady, OutOfTime, Paused, Unschedulable};
    let unscheduled = |why: &str| Pod { unschedulable: Some(why.to_owned()), ..pod(container(), None) };
    let running = |container: Container| Container { running: true, ..container };
    for (rollout, kind, because, next) in [
        (going(vec![pod(waiting("ErrImagePull", "no space left on device"), None)]), ImagePull, "no space left", "disk"),
        (
            going(vec![pod(waiting("ImagePullBackOff", "Back-off pulling"), Some(("Failed", "403 Forbidden")))]),
            ImagePull,
            "403 Forbidden",
            "let the node pull",
        ),
        (going(vec![pod(waiting("InvalidImageName", "x"), None)]), ImagePull, "InvalidImageName: x", "describe pod shop-1"),
        (
            going(vec![pod(waiting("ErrImagePull", "no match for platform in manifest"), None)]),
            ImagePull,
            "platform",
            "for the node's platform",
        ),
        (going(vec![pod(ended(1, "Error", 2), None)]), CrashLoop, "restarted 2 time(s)", "logs shop-1 -c shop --previous"),
        // Between two crashes it runs.
        (going(vec![pod(running(ended(1, "Error", 2)), Some(("Unhealthy", "refused")))]), CrashLoop, "restarted 2", "--previous"),
        (going(vec![pod(waiting("CreateContainerConfigError", "secret \"x\" not found"), None)]), Configuration, "secret", "get secrets"),
        (
            going(vec![pod(waiting("ContainerCreating", ""), Some(("FailedMount", "no volume")))]),
            Configuration,
            "FailedMount: no volume",
            "pvc",
        ),
        (going(vec![pod(running(container()), Some(("Unhealthy", "503")))]), NotReady, "503", "the probe is wrong"),
        (going(vec![unscheduled("1 node(s) had untolerated taint {x: }.")]), Unschedulable, "taint", "kubectl taint"),
        (going(vec![unscheduled("1 Insufficient cpu.")]), Unschedulable, "Insufficient cpu", "Recreate"),
        (going(vec![Pod { evicted: Some("low on disk".to_owned()), ..pod(container(), None) }]), Evicted, "low on disk", "make room"),
        (Rollout { no_pods: Some("exceeded quota".to_owned()), ..going(Vec::new()) }, NoPods, "exceeded quota", "resourcequota"),
        (Rollout { out_of_time: Some("timed out".to_owned()), ..going(Vec::new()) }, OutOfTime, "timed out", ""),
        (Rollout { paused: true, ..going(Vec::new()) }, Paused, "spec.paused", "rollout resume"),
    ] {
        let Progress::Held(obstacle) = judge(&rollout) else { panic!("{kind:?} is not seen") };
        assert_eq!(obstacle.kind, kind, "{obstacle:?}");
        assert!(obstacle.because.contains(because), "{obstacle:?}");
        assert!(obstacle.next("apps").join("\n").contains(next), "{:?}", obstacle.next("apps"));
    }
}

#[test]
fn what_only_takes_its_time_is_no_obstacle() {
    let running = Container { running: true, ..container() };
    let ready = Container { ready: true, restarts: 3, ..ended(1, "Error", 3) };
    for pod in [pod(waiting("ContainerCreating", ""), None), pod(running, None), pod(ready, Some(("Unhealthy", "long ago")))] {
        assert!(matches!(judge(&going(vec![pod.clone()])), Progress::Going(_)), "{pod:?}");
    }
}
