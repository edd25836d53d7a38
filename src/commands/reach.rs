//! The way to the node: as whom, where, with which host key, and alone with it where that is needed.

use std::net::Ipv4Addr;
use std::time::Duration;

use crate::aws::Aws;
use crate::failure::{Failure, Result};
use crate::names::SshUser;
use crate::node::{self, HostKeyTrust, Machine, Node, Target as SshTarget};
use crate::output::{Console, Step};
use crate::plan::node::NodeState;
use crate::plan::observed::Instance;
use crate::settings::Settings;

/// Includes the time that sshd needs under load.
pub const SSH_CONNECT: Duration = Duration::from_secs(20);

/// The user's choice, or the one of the node's image.
async fn login_user(aws: &Aws, settings: &Settings, instance: &Instance) -> Result<SshUser> {
    match &settings.ssh.user {
        Some(user) => Ok(user.clone()),
        None => aws.login_user(&instance.image_id).await,
    }
}

/// A node that we are connected to and that is as it was.
pub struct Dialled {
    node: Node,
    step: Step,
}

/// A node that was read.
pub struct Read {
    pub node: Node,
    pub state: NodeState,
    /// Another run had it before: what was read of the account until then is old.
    pub waited: bool,
}

/// Connects.
///
/// # Errors
/// The node can't be reached over SSH.
pub async fn dial(aws: &Aws, settings: &Settings, instance: &Instance, console: &Console) -> Result<Dialled> {
    let mut step = None;
    let node = connect(aws, settings, instance, |target| {
        step = Some(console.step(format!("look at the node over SSH ({}@{})", target.user, target.host)));
    });
    let node = node.await?;
    Ok(Dialled { node, step: step.unwrap_or_else(|| console.step("look at the node over SSH")) })
}

impl Dialled {
    /// Reads the node and, if `lock`, keeps other runs off it from before the first look.
    ///
    /// # Errors
    /// Another run has it, or it can't be read.
    pub async fn read(mut self, settings: &Settings, instance: &Instance, lock: bool, console: &Console) -> Result<Read> {
        let primary = instance.eni.primary().map_or(Ipv4Addr::UNSPECIFIED, |address| address.ip);
        let mac = &instance.eni.mac;
        let mut waiting = None;
        let (state, waited) = if lock {
            let on_wait = |run: &str| waiting = Some(console.step(format!("wait for {run}")));
            self.node.lock(settings.ssh.lock_timeout, mac, primary, on_wait).await?
        } else {
            (self.node.probe(mac, primary).await?, false)
        };
        if let Some(waiting) = waiting {
            waiting.done();
        }
        self.step.done();
        Ok(Read { node: self.node, state, waited })
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
    Ok(SshTarget {
        host,
        port: settings.ssh.port,
        user,
        key: settings.ssh.key.clone(),
        machine: Machine::Instance(instance.id.clone()),
        trust,
    })
}

/// `named` is told where to, before the first packet.
async fn connect(aws: &Aws, settings: &Settings, instance: &Instance, named: impl FnOnce(&SshTarget)) -> Result<Node> {
    let ask_console = settings.ssh.host_key_fingerprint.is_none() && !node::is_known(&Machine::Instance(instance.id.clone()));
    let (user, on_console) = tokio::join!(login_user(aws, settings, instance), async {
        if ask_console { Some(aws.console_host_keys(&instance.id).await) } else { None }
    });
    let target = ssh_target(settings, instance, user?)?;
    named(&target);
    let keys = async || match on_console {
        Some(keys) => keys,
        None => aws.console_host_keys(&instance.id).await,
    };
    Node::connect(&target, keys, SSH_CONNECT).await
}

/// Connects for a look, beside whatever another run does.
///
/// # Errors
/// The node can't be reached over SSH.
pub async fn log_in(aws: &Aws, settings: &Settings, instance: &Instance) -> Result<Node> {
    connect(aws, settings, instance, |_| {}).await
}
