//! What a worker of a control plane that k0smotron hosts needs beside its node: the certificates of the HAProxy that pods reach the
//! API server through (k0smotron's `ingress`). k0smotron makes them and puts them on no worker of a standalone cluster.

mod change;
mod material;
mod names;
pub mod passthrough;
pub mod route;
#[cfg(test)]
mod tests;
pub mod version;
mod worker;

pub use change::K0smotronChange;
pub use material::{Given, Material, SOON, check, sha256};
pub use names::{Objects, Service};
pub use worker::{FileState, Listener, Owned, Sidecar, Worker};

use super::change::Change;
use super::{Note, Plan};
use crate::failure::{Failure, Result};

/// The folder that k0smotron's DaemonSet mounts.
pub const FOLDER: &str = "/etc/haproxy/certs";
/// HAProxy's certificate and key in one file.
pub const SERVER: &str = "/etc/haproxy/certs/server.pem";
/// Whom it believes that they are the API server.
pub const AUTHORITY: &str = "/etc/haproxy/certs/ca.crt";
/// The key once more, where somebody went by k0smotron's document. Nothing reads it.
pub const KEY: &str = "/etc/haproxy/certs/server.key";
/// The official image's user and group. Nobody else on the host may have this number.
pub const HAPROXY: u32 = 99;
pub const PORT: u16 = 7443;

/// How they have to be. The folder keeps all but root and the sidecar out.
pub const FOLDER_IS: Owned = Owned { mode: 0o750, uid: 0, gid: HAPROXY };
pub const SERVER_IS: Owned = Owned { mode: 0o400, uid: HAPROXY, gid: HAPROXY };
pub const AUTHORITY_IS: Owned = Owned { mode: 0o444, uid: 0, gid: 0 };
pub const KEY_IS: Owned = Owned { mode: 0o600, uid: 0, gid: 0 };

/// The changes on one worker. `sidecar` is its pod, as far as the hosted cluster's API could be asked.
///
/// # Errors
/// Something else has the port or is in the place of a file.
pub fn plan(worker: &Worker, sidecar: &Sidecar, material: &Material) -> Result<Plan> {
    refuse(worker)?;
    let mut plan = Plan::default();
    let host = || worker.host.clone();
    let mut changes = Vec::new();
    let mut add = |change| changes.push(Change::K0smotron(change));
    if worker.folder != Some(FOLDER_IS) {
        add(K0smotronChange::Folder { worker: host(), was: worker.folder });
    }
    let mut written = false;
    for (path, sha256, how) in [(AUTHORITY, &material.authority_sha256, AUTHORITY_IS), (SERVER, &material.server_sha256, SERVER_IS)] {
        match worker.files.get(path) {
            Some(file) if file.sha256 == *sha256 && file.owned == how => {}
            Some(file) if file.sha256 == *sha256 => {
                add(K0smotronChange::Protect { worker: host(), path, how, was: file.owned });
            }
            file => {
                written = true;
                let was = file.map(|file| file.sha256.clone());
                add(K0smotronChange::Write { worker: host(), path, how, sha256: sha256.clone(), was });
            }
        }
    }
    if let Some(key) = worker.files.get(KEY).filter(|key| key.owned != KEY_IS) {
        add(K0smotronChange::Protect { worker: host(), path: KEY, how: KEY_IS, was: key.owned });
    }
    // It reads its files when it starts, and never again.
    let listens = worker.listener.is_some();
    if (written && (listens || sidecar.is_held_up())) || (listens && worker.is_stale(material)) {
        match sidecar {
            Sidecar::Pod { name, .. } => add(K0smotronChange::Restart { worker: host(), pod: name.clone() }),
            Sidecar::Unknown(why) => plan.notes.push(Note::warning(by_hand(worker, why))),
            Sidecar::Absent => plan.notes.push(Note::warning(by_hand(worker, "the hosted cluster has no such pod on it"))),
        }
    }
    plan.changes = changes;
    let replaced = worker.certificate.as_ref().filter(|there| there.public_key != material.leaf.public_key);
    if let Some(there) = replaced {
        let (then, now) = (&there.not_after_date, &material.leaf.not_after_date);
        plan.notes.push(Note::info(format!("the certificate on {} is until {then}, the new one until {now}", worker.host)));
    }
    if let Some(account) = &worker.account {
        plan.notes.push(Note::warning(format!(
            "{} has an account with the number {HAPROXY} ({account}), which can read the key; give that account another number",
            worker.host
        )));
    }
    Ok(plan)
}

/// What is left to do where the pod can't be restarted by us.
pub fn by_hand(worker: &Worker, why: &str) -> String {
    format!(
        "the sidecar on {} goes on with the old certificate, and we can't restart it: {why}; do it with kubectl -n default delete pod \
         -l app=k0smotron-haproxy --field-selector spec.nodeName={}, with a kubeconfig of the hosted cluster",
        worker.host, worker.hostname
    )
}

fn refuse(worker: &Worker) -> Result<()> {
    let host = &worker.host;
    if let Some(other) = worker.listener.as_ref().filter(|listener| !listener.is_sidecar()) {
        return Err(Failure::refused(format!("port {PORT} of {host} is taken"))
            .because(format!("{other} listens on it, and the sidecar needs it on all addresses"))
            .state("nothing was changed")
            .next(format!("give that program another port; k0smotron's {PORT} can't be chosen")));
    }
    let Some(path) = &worker.in_the_way else { return Ok(()) };
    Err(Failure::refused(format!("{path} on {host} is neither a file nor a folder as it should be"))
        .state("nothing was changed")
        .next(format!("see what it is, and move it away: ls -ld {path}")))
}
