//! What is in the way, in words, and what to do about it.

use super::{Obstacle, ObstacleKind};

impl Obstacle {
    pub(super) fn new(kind: ObstacleKind, what: &str, because: &str, pod: Option<(String, String)>) -> Self {
        Self { kind, what: what.to_owned(), because: because.trim().to_owned(), pod }
    }

    pub fn sentence(&self) -> String {
        format!("{}: {}", self.what, self.because.lines().next().unwrap_or_default())
    }

    /// What to do about it.
    pub fn next(&self, namespace: &str) -> Vec<String> {
        let has = |words: &[&str]| words.iter().any(|word| self.because.to_lowercase().contains(word));
        let logs = |more: &str| {
            self.pod.as_ref().map(|(pod, container)| format!("see what it says: kubectl -n {namespace} logs {pod} -c {container}{more}"))
        };
        let describe = || self.pod.as_ref().map(|(pod, _)| format!("kubectl -n {namespace} describe pod {pod}"));
        let steps = match self.kind {
            ObstacleKind::ImagePull if has(&["no space left", "disk"]) => {
                [Some("make room on the node's disk: `crictl rmi --prune` on the node".to_owned()), None]
            }
            ObstacleKind::ImagePull if has(&["no match for platform", "no matching manifest"]) => {
                [Some("build the image for the node's platform: kubectl get nodes -L kubernetes.io/arch".to_owned()), None]
            }
            ObstacleKind::ImagePull if has(&["not found", "notfound"]) => {
                [Some("see whether the image is in its registry, and the node's region is the registry's".to_owned()), None]
            }
            ObstacleKind::ImagePull if has(&["denied", "unauthorized", "authorization", "authentication", "forbidden", "credentials"]) => [
                Some("let the node pull: for ECR its role needs ecr:GetAuthorizationToken and ecr:BatchGetImage, else an imagePullSecret".to_owned()),
                None,
            ],
            ObstacleKind::ImagePull => [describe(), None],
            ObstacleKind::CrashLoop if has(&["exec format"]) => [Some("build the image for the node's platform".to_owned()), logs(" --previous")],
            ObstacleKind::CrashLoop => [logs(" --previous"), None],
            ObstacleKind::NotReady => {
                [logs(""), Some("or the probe is wrong: its path and port are those of `--health-path` and `--port`".to_owned())]
            }
            ObstacleKind::Configuration => [Some(format!("see that what it needs is in namespace {namespace}: kubectl -n {namespace} get secrets,configmaps,pvc")), describe()],
            ObstacleKind::Unschedulable if has(&["taint"]) => [
                Some("take the node's taint off: kubectl taint nodes --all node-role.kubernetes.io/control-plane-".to_owned()),
                Some("see its taints: kubectl describe nodes".to_owned()),
            ],
            ObstacleKind::Unschedulable => [
                Some("one node has to hold the new pod beside the old one: ask for less (`resources.requests`), or make room: kubectl describe nodes".to_owned()),
                Some("or let the old pod go first: `strategy: {type: Recreate}`".to_owned()),
            ],
            ObstacleKind::Evicted => [Some("make room on the node: kubectl describe nodes".to_owned()), None],
            ObstacleKind::NoPods => [Some(format!("see its quotas and policies: kubectl -n {namespace} describe resourcequota,limitrange")), None],
            ObstacleKind::Paused => [Some("let it go on: `kubectl rollout resume`".to_owned()), None],
            ObstacleKind::OutOfTime => [describe(), None],
        };
        steps.into_iter().flatten().collect()
    }
}
