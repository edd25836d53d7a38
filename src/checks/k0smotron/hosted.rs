//! The hosted cluster, through its own API server.

use super::{Check, HostedFacts, HostedState, Judge};
use crate::checks::{Judged, Severity, bad, doubtful, fine};

/// What k0smotron's manifest says until there are proxies.
const DUMMY: &str = "1.2.3.4:7443";
const UNINITIALIZED: &str = "node.cloudprovider.kubernetes.io/uninitialized";

pub const CHECKS: &[Check] = &[
    Check {
        id: "hosted.api",
        title: "its API server answers with the kubeconfig that k0smotron made",
        severity: Severity::Warning,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "From here, with the secret NAME-kubeconfig of the management cluster. Where that isn't allowed or doesn't lead there, pods \
            and endpoints aren't judged, and `prepare-workers` can't restart sidecars.",
        judge: Judge::Once(answers),
    },
    Check {
        id: "hosted.endpoints",
        title: "the Service kubernetes leads to sidecars",
        severity: Severity::Failure,
        needs: &[],
        after: &["hosted.api"],
        repair: None,
        explanation: "k0smotron gives the Service kubernetes the sidecars as endpoints, each for its own node (internalTrafficPolicy: Local). \
            Before the first one is ready it has a dummy, 1.2.3.4, or none: then pods have no API server at all.",
        judge: Judge::Once(endpoints),
    },
    Check {
        id: "hosted.nodes",
        title: "every node has a sidecar",
        severity: Severity::Failure,
        needs: &[],
        after: &["hosted.api"],
        repair: None,
        explanation: "The DaemonSet tolerates nodes that are not ready, unreachable or not initialized, and no other taint. Pods on a node without a \
            sidecar have no API server: the Service sends them to none of another node.",
        judge: Judge::Once(nodes),
    },
    Check {
        id: "hosted.cloud-provider",
        title: "no node waits for a cloud controller that waits for the sidecar",
        severity: Severity::Failure,
        needs: &[],
        after: &["hosted.api"],
        repair: None,
        explanation: "With --cloud-provider=external a node stays uninitialized until the cloud controller manager has reported its addresses; the \
            sidecar isn't set up fully before; and a cloud controller manager that asks the Service kubernetes waits for the sidecar.",
        judge: Judge::Once(cloud_provider),
    },
];

fn answers(facts: &HostedFacts) -> Judged {
    match &facts.hosted {
        Ok(hosted) => fine(hosted.server.clone()),
        Err(missing) => {
            bad(missing.because.clone(), ["see whether the ingress leads there (ingress.api), and who may read the secret".to_owned()])
        }
    }
}

fn endpoints(facts: &HostedFacts) -> Judged {
    let service = &facts.hosted()?.service;
    let all = service.endpoints.join(", ");
    match service.endpoints.as_slice() {
        [] => bad("it has no endpoint", [facts.prepare.clone()]),
        [only] if only == DUMMY => bad(format!("it has k0smotron's dummy {DUMMY} alone"), [facts.prepare.clone()]),
        _ if !service.local => doubtful(
            format!("{all}; internalTrafficPolicy is not Local"),
            ["see who has changed the Service default/kubernetes".to_owned()],
        ),
        _ => fine(all),
    }
}

fn nodes(facts: &HostedFacts) -> Judged {
    let hosted = facts.hosted()?;
    let without: Vec<String> = hosted
        .nodes
        .iter()
        .filter(|node| !hosted.pods.iter().any(|pod| pod.node == node.name))
        .map(|node| {
            let keys = hosted.tolerations.clone().unwrap_or_default();
            let tolerated = |taint: &&String| keys.iter().any(|key| key.is_empty() || taint.split(':').next() == Some(key));
            let kept_off: Vec<_> =
                node.taints.iter().filter(|taint| !tolerated(taint) && !taint.ends_with(":PreferNoSchedule")).cloned().collect();
            if kept_off.is_empty() { node.name.clone() } else { format!("{} (taint {})", node.name, kept_off.join(", ")) }
        })
        .collect();
    match (&hosted.tolerations, without.as_slice()) {
        (None, _) => bad("there is no DaemonSet default/k0smotron-haproxy", ["see whether k0s applies k0smotron's manifests".to_owned()]),
        (_, []) => fine(format!("{} node(s)", hosted.nodes.len())),
        _ => bad(
            format!("none on {}", without.join(", ")),
            ["take the taint off, or use one that the DaemonSet tolerates: k0smotron puts back what is changed in it".to_owned()],
        ),
    }
}

fn cloud_provider(facts: &HostedFacts) -> Judged {
    let hosted = facts.hosted()?;
    let waiting: Vec<_> =
        hosted.nodes.iter().filter(|node| has(&node.taints) && !is_served(hosted, &node.name)).map(|node| node.name.clone()).collect();
    if waiting.is_empty() {
        return fine("none waits");
    }
    let (host, port) = facts.api.as_ref().map_or(("the API's host".to_owned(), 443), |(host, port)| (host.to_string(), *port));
    bad(
        format!("{} is uninitialized and has no sidecar that is ready", waiting.join(", ")),
        [
            format!(
                "let the cloud controller manager past the Service: env KUBERNETES_SERVICE_HOST={host}, KUBERNETES_SERVICE_PORT={port} in its pods"
            ),
            "or give it a kubeconfig with that host".to_owned(),
        ],
    )
}

fn has(taints: &[String]) -> bool {
    taints.iter().any(|taint| taint.split(':').next() == Some(UNINITIALIZED))
}

fn is_served(hosted: &HostedState, node: &str) -> bool {
    hosted.pods.iter().any(|pod| pod.node == node && pod.ready)
}
