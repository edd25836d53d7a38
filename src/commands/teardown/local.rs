//! What there is of a cluster on the operator's machine.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::cluster::kubeconfig;
use crate::failure::{Failure, Result};
use crate::names::{DnsName, InstanceId};
use crate::node;
use crate::plan::teardown::{Entry, LocalFile, LocalKind};

/// What `ssh-keygen` is told to write into the public half of a key that we make.
const COMMENT: &str = "k8sport";
const KEY: &str = ".ssh/kops-key";

/// The node's pinned host key, and the SSH key at its default place if we made it; what is there of them.
pub fn files(instance: Option<&InstanceId>) -> Vec<LocalFile> {
    let pinned = instance.and_then(|instance| node::pinned_host_keys(&node::Machine::Instance(instance.clone())).ok());
    let pinned = pinned.into_iter().map(|path| LocalFile { path, kind: LocalKind::HostKey });
    let key = std::env::home_dir().map(|home| key_files(&home)).unwrap_or_default();
    pinned.chain(key).filter(|file| file.path.is_file()).collect()
}

/// The public half says whose it is, so it goes last.
fn key_files(home: &Path) -> Vec<LocalFile> {
    let key = home.join(KEY);
    let public: PathBuf = key.with_extension("pub");
    let text = std::fs::read_to_string(&public).unwrap_or_default();
    let ours = text.split_whitespace().skip(2).eq([COMMENT]);
    if !ours {
        return Vec::new();
    }
    vec![LocalFile { path: key, kind: LocalKind::SshKey }, LocalFile { path: public, kind: LocalKind::SshKey }]
}

/// # Errors
/// When the file can't be deleted. One that is gone is no error.
pub fn delete(file: &Path) -> Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Failure::failed(format!("{} can't be deleted", file.display())).because(error).state("it is still there"))
        }
        _ => Ok(()),
    }
}

/// # Errors
/// When the file can't be written as it has to be.
pub fn forget(file: &Path, cluster: &DnsName, entries: &[Entry]) -> Result<()> {
    kubeconfig::forget(file, cluster.as_str(), entries).map_err(|error| {
        Failure::failed(format!("{cluster} can't be taken out of the kubeconfig {}", file.display()))
            .because(error)
            .state("the file is as it was")
            .next(format!("kubectl config delete-context {cluster}, delete-cluster and delete-user do the same"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_key_that_we_made_is_ours() {
        let home = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(home.path().join(".ssh")).expect("a folder");
        let public = home.path().join(".ssh/kops-key.pub");
        assert_eq!(key_files(home.path()), []);
        for comment in ["", "me@laptop", "k8sport and me", "not-k8sport"] {
            std::fs::write(&public, format!("ssh-ed25519 AAAA {comment}\n")).expect("a file");
            assert_eq!(key_files(home.path()), [], "{comment}");
        }
        std::fs::write(&public, "ssh-ed25519 AAAA k8sport\n").expect("a file");
        assert_eq!(key_files(home.path()).len(), 2);
        delete(&public).expect("deleted");
        delete(&public).expect("gone already");
    }
}
