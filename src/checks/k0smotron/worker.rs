//! Each worker: what lies there, who may read it, what runs, and what a pod gets.

use super::{Check, HostedFacts, Judge, WorkerFacts};
use crate::checks::{Judged, Severity, bad, fine, moot};
use crate::plan::k0smotron::{AUTHORITY, AUTHORITY_IS, FOLDER, FOLDER_IS, HAPROXY, KEY, KEY_IS, PORT, SERVER, SERVER_IS, SOON, Sidecar};

pub const CHECKS: &[Check] = &[
    Check {
        id: "worker.reached",
        title: "it can be read over SSH",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "With your SSH configuration, and as root there: directly, or with sudo without a password.",
        judge: Judge::Worker(reached),
    },
    Check {
        id: "worker.files",
        title: "it has the certificates of the management cluster",
        severity: Severity::Failure,
        needs: &[],
        after: &["worker.reached"],
        repair: None,
        explanation: "ca.crt and server.pem in /etc/haproxy/certs, as the secrets have them, by digest. Nothing brings them to the workers of a \
            standalone cluster, neither at first nor when they are new.",
        judge: Judge::Worker(files),
    },
    Check {
        id: "worker.access",
        title: "only root and the sidecar can read the key",
        severity: Severity::Failure,
        needs: &[],
        after: &["worker.reached"],
        repair: None,
        explanation: "The image runs as user 99 of the host, so server.pem is 0400 99:99 in a folder 0750 root:99. `chmod 666`, which k0smotron's \
            document and its own bootstrap use, lets everybody on the worker read and replace the key of a certificate that every pod takes for \
            the API server's.",
        judge: Judge::Worker(access),
    },
    Check {
        id: "worker.account",
        title: "no account of the host has the sidecar's number",
        severity: Severity::Warning,
        needs: &[],
        after: &["worker.reached"],
        repair: None,
        explanation: "The kernel knows numbers and no images: an account of the host with user or group 99 can read the key as the sidecar can.",
        judge: Judge::Worker(account),
    },
    Check {
        id: "worker.expiry",
        title: "the certificate that lies there is good for 30 days more",
        severity: Severity::Warning,
        needs: &[],
        after: &["worker.reached"],
        repair: None,
        explanation: "That of server.pem, whatever the management cluster has by now.",
        judge: Judge::Worker(expiry),
    },
    Check {
        id: "worker.resolves",
        title: "it resolves the API's host",
        severity: Severity::Failure,
        needs: &[],
        after: &["worker.reached"],
        repair: None,
        explanation: "HAProxy looks the name up when it starts, on the worker, and doesn't start without an address.",
        judge: Judge::Worker(resolves),
    },
    Check {
        id: "worker.pod",
        title: "the DaemonSet's pod is ready on it",
        severity: Severity::Failure,
        needs: &[],
        after: &["worker.reached", "hosted.api"],
        repair: None,
        explanation: "k0smotron-haproxy in the namespace default of the hosted cluster, one on each node.",
        judge: Judge::Worker(pod),
    },
    Check {
        id: "worker.port",
        title: "the sidecar has port 7443",
        severity: Severity::Failure,
        needs: &[],
        after: &["worker.reached"],
        repair: None,
        explanation: "On all addresses of the host (its network is the pod's), as HAProxy with user 99. The port can't be chosen.",
        judge: Judge::Worker(port),
    },
    Check {
        id: "worker.current",
        title: "the sidecar runs with the files that lie there",
        severity: Severity::Failure,
        needs: &[],
        after: &["worker.port", "worker.files"],
        repair: None,
        explanation: "HAProxy reads them when it starts. Here it shows another certificate, or has started before they came.",
        judge: Judge::Worker(current),
    },
    Check {
        id: "worker.version",
        title: "GET /version through the sidecar is answered",
        severity: Severity::Failure,
        needs: &[],
        after: &["worker.port"],
        repair: None,
        explanation: "As a pod would ask, from the worker itself: as kubernetes.default.svc, with the cluster's authority alone. The sidecar ends TLS, so \
            client certificates of pods don't come through; tokens do.",
        judge: Judge::Worker(version),
    },
];

fn reached(_: &HostedFacts, worker: &WorkerFacts) -> Judged {
    match &worker.state {
        Ok(state) => fine(state.hostname.clone()),
        Err(failure) => bad(failure.to_string(), [failure.next.join("; ")]),
    }
}

fn files(facts: &HostedFacts, worker: &WorkerFacts) -> Judged {
    let (state, material) = (worker.state()?, facts.material()?);
    let wrong: Vec<_> = [(AUTHORITY, &material.authority_sha256), (SERVER, &material.server_sha256)]
        .into_iter()
        .filter_map(|(path, wanted)| match state.files.get(path) {
            None => Some(format!("{path} is missing")),
            Some(file) if file.sha256 != *wanted => Some(format!("{path} is another one")),
            Some(_) => None,
        })
        .collect();
    if wrong.is_empty() { fine(FOLDER) } else { bad(wrong.join(", "), [facts.prepare.clone()]) }
}

fn access(facts: &HostedFacts, worker: &WorkerFacts) -> Judged {
    let state = worker.state()?;
    let wanted = [(AUTHORITY, AUTHORITY_IS), (SERVER, SERVER_IS), (KEY, KEY_IS)];
    let of_files = wanted.into_iter().filter_map(|(path, wanted)| Some((path, state.files.get(path)?.owned, wanted)));
    let wrong: Vec<_> = state
        .folder
        .map(|folder| (FOLDER, folder, FOLDER_IS))
        .into_iter()
        .chain(of_files)
        .filter(|(_, is, wanted)| is != wanted)
        .map(|(path, is, wanted)| format!("{path} is {is} and should be {wanted}"))
        .collect();
    match state.folder {
        None => moot(format!("there is no {FOLDER}")),
        Some(_) if wrong.is_empty() => fine(SERVER_IS.to_string()),
        Some(_) => bad(wrong.join("; "), [facts.prepare.clone()]),
    }
}

fn account(_: &HostedFacts, worker: &WorkerFacts) -> Judged {
    match &worker.state()?.account {
        None => fine(HAPROXY.to_string()),
        Some(account) => bad(
            format!("{account} has the number {HAPROXY}"),
            ["give it another number: usermod -u and groupmod -g, then chown what it owns".to_owned()],
        ),
    }
}

fn expiry(facts: &HostedFacts, worker: &WorkerFacts) -> Judged {
    let Some(certificate) = &worker.state()?.certificate else { return moot(format!("there is no certificate in {SERVER}")) };
    let days = facts.days_left(certificate.not_after);
    let text = format!("{days} days left, until {}", certificate.not_after_date);
    if days * 24 * 60 * 60 < i64::try_from(SOON.as_secs()).unwrap_or(i64::MAX) { bad(text, [facts.prepare.clone()]) } else { fine(text) }
}

fn resolves(facts: &HostedFacts, worker: &WorkerFacts) -> Judged {
    let Some((host, _)) = &facts.api else { return moot("the API's host is not known: there is no ConfigMap of k0smotron's") };
    let addresses: Vec<_> = worker.state()?.resolved.iter().map(ToString::to_string).collect();
    if addresses.is_empty() {
        return bad(
            format!("{host} has no address there"),
            ["see its /etc/resolv.conf, and make a record that its resolver knows".to_owned()],
        );
    }
    fine(format!("{host} -> {}", addresses.join(", ")))
}

fn pod(facts: &HostedFacts, worker: &WorkerFacts) -> Judged {
    match &worker.sidecar {
        Sidecar::Unknown(why) => moot(why.clone()),
        Sidecar::Absent => {
            bad("the hosted cluster has none there", ["see whether the node has joined, and its taints (hosted.nodes)".to_owned()])
        }
        Sidecar::Pod { name, ready: true, .. } => fine(name.clone()),
        Sidecar::Pod { name, waits, .. } => {
            bad(format!("{name} isn't ready: {}", waits.as_deref().unwrap_or("no reason is given")), [facts.prepare.clone()])
        }
    }
}

fn port(facts: &HostedFacts, worker: &WorkerFacts) -> Judged {
    match &worker.state()?.listener {
        None => bad(format!("nothing listens on {PORT}"), [facts.prepare.clone()]),
        Some(listener) if listener.is_sidecar() => fine(listener.to_string()),
        Some(other) => bad(format!("{other} has it"), [format!("give that program another port than {PORT}")]),
    }
}

fn current(facts: &HostedFacts, worker: &WorkerFacts) -> Judged {
    let (state, material) = (worker.state()?, facts.material()?);
    if state.is_stale(material) {
        return bad("it runs with those from before", [facts.prepare.clone()]);
    }
    fine(format!("certificate until {}", material.leaf.not_after_date))
}

fn version(facts: &HostedFacts, worker: &WorkerFacts) -> Judged {
    facts.material()?;
    match &worker.version {
        Ok(version) => fine(version.clone()),
        Err(failure) => bad(
            failure.to_string(),
            ["see worker.current, and whether the worker reaches the ingress (ingress.api, worker.resolves)".to_owned()],
        ),
    }
}
