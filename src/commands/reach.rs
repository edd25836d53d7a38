//! The way to the node: as whom, where, with which host key, and alone with it where that is needed.

use std::net::Ipv4Addr;
use std::time::Duration;

use crate::aws::Aws;
use crate::failure::{Failure, Result};
use crate::names::SshUser;
use crate::node::{HostKeyTrust, Node, Target as SshTarget};
use crate::output::{Console, Step};
use crate::plan::node::NodeState;
use crate::plan::observed::Instance;
use crate::settings::Settings;

/// Includes the time that sshd needs under load.
pub const SSH_CONNECT: Duration = Duration::from_secs(20);

/// The user's choice, or the one of the node's image.
pub async fn login_user(aws: &Aws, settings: &Settings, instance: &Instance) -> Result<SshUser> {
    match &settings.ssh.user {
        Some(user) => Ok(user.clone()),
        None => aws.login_user(&instance.image_id).await,
    }
}

/// A node that we are connected to.
pub struct Reached {
    pub node: Node,
    /// Another run had it before: what was read of the account until then is old.
    pub waited: bool,
    step: Step,
}

/// Connects and, if `lock`, keeps other runs off the node.
pub async fn reach(aws: &Aws, settings: &Settings, instance: &Instance, user: SshUser, lock: bool, console: &Console) -> Result<Reached> {
    let target = ssh_target(settings, instance, user)?;
    let step = console.step(format!("look at the node over SSH ({}@{})", target.user, target.host));
    let mut node = connect(aws, &target).await?;
    let mut waiting = None;
    let waited = if lock {
        node.lock(settings.ssh.lock_timeout, |run| waiting = Some(console.step(format!("wait for {run}")))).await?
    } else {
        false
    };
    if let Some(waiting) = waiting {
        waiting.done();
    }
    Ok(Reached { node, waited, step })
}

impl Reached {
    pub async fn read(self, instance: &Instance) -> Result<(Node, NodeState)> {
        let primary = instance.eni.primary().map_or(Ipv4Addr::UNSPECIFIED, |address| address.ip);
        let state = self.node.probe(&instance.eni.mac, primary).await?;
        self.step.done();
        Ok((self.node, state))
    }
}

/// Where the node is reached, and which host key is believed.
fn ssh_target(settings: &Settings, instance: &Instance, user: SshUser) -> Result<SshTarget> {
    let host = settings.ssh.host.or_else(|| instance.eni.primary().and_then(|address| address.public_ip)).ok_or_else(|| {
        Failure::failed(format!("node {} has no public address to connect to", instance.id))
            .state("nothing was changed")
            .next("after a stop and start AWS gives none where a secondary address has an Elastic IP: associate one with the primary private IP")
            .next("or name a reachable address with `--ssh-host`")
    })?;
    let trust = match (&settings.ssh.host_key_fingerprint, settings.ssh.accept_new_host_key) {
        (Some(fingerprint), _) => HostKeyTrust::Fingerprint(fingerprint.clone()),
        (None, true) => HostKeyTrust::AcceptNew,
        (None, false) => HostKeyTrust::Console,
    };
    Ok(SshTarget { host, port: settings.ssh.port, user, key: settings.ssh.key.clone(), instance: instance.id.clone(), trust })
}

async fn connect(aws: &Aws, target: &SshTarget) -> Result<Node> {
    Node::connect(target, async || aws.console_host_keys(&target.instance).await, SSH_CONNECT).await
}

/// Connects for a look, beside whatever another run does.
///
/// # Errors
/// The node can't be reached over SSH.
pub async fn log_in(aws: &Aws, settings: &Settings, instance: &Instance) -> Result<Node> {
    let user = login_user(aws, settings, instance).await?;
    connect(aws, &ssh_target(settings, instance, user)?).await
}
