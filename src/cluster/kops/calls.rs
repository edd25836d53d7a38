//! The calls of kOps that we make, each with its deadline.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::validation::{self, Validation};
use super::{Kops, version};
use crate::failure::{Failure, Result};
use crate::subprocess::Finished;

/// Reads and writes of the state store.
const STATE: Duration = Duration::from_secs(60);
/// Creates VPC, roles, launch template and group, and waits for none of them but IAM.
const UPDATE: Duration = Duration::from_secs(10 * 60);
/// One look; the API server's silence included.
const VALIDATE: Duration = Duration::from_secs(60);
/// Beyond the time that kOps itself is told to wait.
const BEYOND: Duration = Duration::from_secs(120);

/// What the state store has of a cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Objects {
    /// As `kops get cluster -o json` prints it.
    pub cluster: Value,
    pub instance_groups: Vec<Value>,
    pub ssh_public_keys: Vec<SshPublicKey>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SshPublicKey {
    /// Its fingerprint.
    pub id: String,
    #[serde(rename = "publicKey")]
    pub public_key: String,
}

impl Kops {
    /// What the state store has of the cluster; None when it isn't known there.
    ///
    /// # Errors
    /// No state store, no permission, an answer that isn't kOps'.
    pub async fn objects(&self) -> Result<Option<Objects>> {
        let Some(cluster) = self.get(&["get", "cluster", self.cluster.as_str()]).await? else { return Ok(None) };
        let groups = self.get(&["get", "instancegroups", "--name", self.cluster.as_str()]).await?;
        let keys = self.get(&["get", "sshpublickeys", "--name", self.cluster.as_str()]).await?.unwrap_or(Value::Null);
        let keys: Option<Vec<SshPublicKey>> = serde_json::from_value(keys)
            .map_err(|error| Failure::failed("kOps lists the SSH keys of the cluster in a way that we don't know").because(error))?;
        let instance_groups = match groups {
            None => Vec::new(),
            // A single one comes without its list.
            Some(Value::Array(groups)) => groups,
            Some(group) => vec![group],
        };
        Ok(Some(Objects { cluster, instance_groups, ssh_public_keys: keys.unwrap_or_default() }))
    }

    async fn get(&self, words: &[&str]) -> Result<Option<Value>> {
        let command = self.command(words.iter().copied().chain(["-o", "json"]));
        let finished = command.run(STATE, |_| ()).await.map_err(explained)?;
        if finished.code == Some(0) {
            return serde_json::from_str(&finished.output)
                .map(Some)
                .map_err(|error| Failure::failed(format!("`{}` printed no JSON", command.shown())).because(error));
        }
        if is_not_found(&finished) { Ok(None) } else { Err(explained(command.failure(&finished))) }
    }

    /// Registers what is in `specification` (YAML documents of clusters and instance groups). Creates nothing in AWS but
    /// objects of the state store.
    ///
    /// # Errors
    /// It exists already, or kOps doesn't like it.
    pub async fn create(&self, specification: &str) -> Result<()> {
        let command = self.command(["create", "-f", "-"]).input(specification);
        command.succeed(STATE, |_| ()).await.map(drop).map_err(explained)
    }

    /// # Errors
    /// The cluster isn't registered, or the file is no public key.
    pub async fn create_ssh_public_key(&self, file: &Path) -> Result<()> {
        let path = file.display().to_string();
        let command = self.command(["create", "sshpublickey", self.cluster.as_str(), "-i", &path]);
        command.succeed(STATE, |_| ()).await.map(drop).map_err(explained)
    }

    /// Makes AWS as the state store says, and writes an admin's kubeconfig.
    ///
    /// # Errors
    /// What AWS refuses, in kOps' words. What was made until then stays, and the next run goes on from it.
    pub async fn update(&self, on_line: impl FnMut(&str)) -> Result<()> {
        let command = self.command(["update", "cluster", self.cluster.as_str(), "--yes", "--admin"]);
        command.succeed(UPDATE, on_line).await.map(drop).map_err(|failure| {
            explained(failure)
                .state("what kOps has made until then stays; nothing else was touched")
                .next("run the same command again: kOps goes on where it stopped")
        })
    }

    /// One look of kOps at the cluster. Whether it is healthy is in the JSON alone: the exit code is 1 for an unhealthy
    /// cluster and for a failure to look.
    ///
    /// # Errors
    /// kOps could not look.
    pub async fn validate(&self) -> Result<Validation> {
        let command = self.command(["validate", "cluster", self.cluster.as_str(), "-o", "json"]);
        let finished = command.run(VALIDATE, |_| ()).await.map_err(explained)?;
        validation::last(&finished.output).ok_or_else(|| explained(command.failure(&finished)))
    }

    /// Writes an admin's credentials and a context with the cluster's name into `kubeconfig`, or where kubectl has it.
    ///
    /// # Errors
    /// The cluster isn't known.
    pub async fn export_kubeconfig(&self, kubeconfig: Option<&Path>) -> Result<()> {
        let path = kubeconfig.map(|path| path.display().to_string());
        let words = ["export", "kubeconfig", self.cluster.as_str(), "--admin"];
        let file = path.iter().flat_map(|path| ["--kubeconfig", path.as_str()]);
        self.command(words.into_iter().chain(file)).succeed(STATE, |_| ()).await.map(drop).map_err(explained)
    }

    /// Deletes everything that kOps has made for the cluster, and its specification: waits up to `wait` for AWS. What
    /// isn't tagged as the cluster's stays, and so do Elastic IPs, our records and the state store's bucket.
    ///
    /// # Errors
    /// Something is left when `wait` is over. It can be run again.
    pub async fn delete(&self, wait: Duration, on_line: impl FnMut(&str)) -> Result<()> {
        let wait_for = format!("{}s", wait.as_secs());
        let command = self.command(["delete", "cluster", "--name", self.cluster.as_str(), "--yes", "--wait", &wait_for]);
        command
            .succeed(wait + BEYOND, on_line)
            .await
            .map(drop)
            .map_err(|failure| explained(failure).next("run the same command again: kOps deletes what is left"))
    }
}

/// In the words of several releases: of the cluster itself, and of a list that is empty.
pub(super) fn is_not_found(finished: &Finished) -> bool {
    let said = finished.said().to_lowercase();
    let cluster = said.contains("cluster not found") || (said.contains("cluster \"") && said.contains("\" not found"));
    cluster || said.contains("no clusters found") || said.contains("no instancegroup objects found")
}

/// What is wrong, where kOps' words alone don't say what to do.
pub(super) fn explained(failure: Failure) -> Failure {
    let said = failure.cause.clone().unwrap_or_default();
    let next = if failure.what.contains("is not installed") {
        version::WHERE
    } else if said.contains("NoSuchBucket") || said.contains("Could not retrieve location for AWS bucket") {
        "name the state store with `--state-store`; `k8sport bootstrap` creates it where it is missing"
    } else if said.contains("AccessDenied") || said.contains("UnauthorizedOperation") {
        "allow this identity what kOps needs: https://kops.sigs.k8s.io/getting_started/aws/"
    } else if said.contains("wait time exceeded during resources deletion") {
        "see what is left in the VPC: foreign network interfaces and security groups keep it from being deleted"
    } else {
        return failure;
    };
    failure.next(next)
}
