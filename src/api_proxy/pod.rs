//! What a pod's other containers get: a folder as that of a service account, whose `ca.crt` has the proxy's authority, too.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Identity;
use crate::failure::{Failure, Result};

/// Tokens are rotated minutes before they expire.
const LOOK: Duration = Duration::from_secs(10);

pub struct Shared {
    from: PathBuf,
    to: PathBuf,
    /// PEM.
    authority: String,
}

impl Shared {
    /// Fills the folder. A pod may have no token; the cluster's authorities it has.
    pub fn fill(from: &Path, to: &Path, authority: String) -> Result<Self> {
        let shared = Self { from: from.to_owned(), to: to.to_owned(), authority };
        shared.refresh().map_err(|error| {
            Failure::failed(format!("{} can't be filled from {}", to.display(), from.display()))
                .because(error)
                .state("no port is listened on")
                .next("see that the sidecar's volumes are those of `k8sport api-proxy manifest`")
        })?;
        Ok(shared)
    }

    /// Goes on with it for as long as the process runs.
    pub async fn keep(self) {
        loop {
            tokio::time::sleep(LOOK).await;
            if let Err(error) = self.refresh() {
                tracing::warn!("{} can't be brought up to date: {error}", self.to.display());
            }
        }
    }

    fn refresh(&self) -> io::Result<()> {
        fs::create_dir_all(&self.to)?;
        let mut bundle = fs::read_to_string(self.from.join("ca.crt"))?;
        if !bundle.ends_with('\n') {
            bundle.push('\n');
        }
        put(&self.to.join("ca.crt"), &(bundle + &self.authority))?;
        for name in ["token", "namespace"] {
            match fs::read_to_string(self.from.join(name)) {
                Ok(text) => put(&self.to.join(name), &text)?,
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Whole or not at all, for containers of whatever user, and only if it has changed.
fn put(path: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|before| before == text) {
        return Ok(());
    }
    let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(Path::new("/")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// On the node's own network, `port` is one of the node's.
///
/// # Errors
/// Refused, unless the port was chosen; for an identity of our own in any case.
pub fn refuse_host_network(pod_ip: Option<&str>, host_ip: Option<&str>, port: u16, chosen: bool, identity: Identity) -> Result<()> {
    match (pod_ip, host_ip) {
        (Some(pod), Some(host)) if pod == host => host_network(port, chosen, identity),
        _ => Ok(()),
    }
}

/// The same for a pod that is known to be on the node's network.
pub fn host_network(port: u16, chosen: bool, identity: Identity) -> Result<()> {
    if identity != Identity::Caller {
        return Err(Failure::refused(
            "the pod is on the node's network (hostNetwork), and there every process could use its service account",
        )
        .state("nothing was begun")
        .next("leave hostNetwork out, or let callers bring credentials of their own with `--identity caller`"));
    }
    if chosen {
        return Ok(());
    }
    Err(Failure::refused(format!("the pod is on the node's network (hostNetwork), and port {port} is the node's there"))
        .because("on a control plane an API server may have it")
        .state("nothing was begun")
        .next("leave hostNetwork out, or name a port that is free on every node with `--listen-port`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_that_of_a_service_account_with_one_more_authority() {
        let (from, to) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let write = |name: &str, text: &str| fs::write(from.path().join(name), text).expect("written");
        let read = |name: &str| fs::read_to_string(to.path().join(name)).expect("a file");
        write("ca.crt", "CLUSTER");
        write("token", "one");
        let shared = Shared::fill(from.path(), to.path(), "OURS\n".to_owned()).expect("filled");
        assert_eq!((read("ca.crt").as_str(), read("token").as_str()), ("CLUSTER\nOURS\n", "one"));
        assert_eq!(fs::metadata(to.path().join("token")).expect("a file").permissions().mode() & 0o777, 0o644);
        write("token", "two");
        write("ca.crt", "NEXT\n");
        shared.refresh().expect("refreshed");
        assert_eq!((read("ca.crt").as_str(), read("token").as_str()), ("NEXT\nOURS\n", "two"));
        fs::remove_file(from.path().join("ca.crt")).expect("removed");
        assert!(shared.refresh().is_err());
        assert_eq!(read("ca.crt"), "NEXT\nOURS\n", "what is there stays");
    }

    #[test]
    fn on_the_node_s_network_a_port_has_to_be_chosen() {
        let refused = |pod, port, identity| refuse_host_network(Some(pod), Some("10.0.0.1"), port, port != 6443, identity).is_err();
        assert!(refused("10.0.0.1", 6443, Identity::Caller) && !refused("10.0.0.1", 16443, Identity::Caller));
        assert!(!refused("10.1.0.1", 6443, Identity::ServiceAccount) && refused("10.0.0.1", 16443, Identity::ServiceAccount));
        assert!(refuse_host_network(None, None, 6443, false, Identity::Caller).is_ok());
    }
}
