//! Workers of control planes that k0smotron hosts.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::{FindingsArgs, KubernetesArgs, LookRunArgs, RunArgs, switch};
use crate::names::{Namespace, ObjectName, SshHost, SshUser};

#[derive(Debug, Subcommand)]
pub enum K0smotronCommand {
    /// Put the sidecar's certificates on workers, and have it read them
    ///
    /// Takes the secrets NAME-ca and NAME-ingress-haproxy from the management cluster and checks them: chain, key, names, the
    /// Service's address, expiry. On each worker they are put into /etc/haproxy/certs for the image's user (99) alone, at once or
    /// not at all. A second run changes what differs; a sidecar that runs with older files is restarted through the
    /// hosted cluster's API. Then it is asked for /version, as a pod would.
    PrepareWorkers(PrepareWorkersArgs),
    /// What is wrong between a pod on a worker and the hosted API server, why, and what to do; changes nothing
    ///
    /// Looks at the secrets, the ingress by name and SNI, the hosted cluster's Service, nodes and pods, and on each worker at
    /// files, access, expiry, port 7443, and what a pod gets through it. Exits with 3 on a failure.
    Diagnose(K0smotronDiagnoseArgs),
}

#[derive(Debug, Args)]
pub struct PrepareWorkersArgs {
    #[command(flatten)]
    pub hosted: HostedArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

#[derive(Debug, Args)]
pub struct K0smotronDiagnoseArgs {
    #[command(flatten)]
    pub findings: FindingsArgs,
    #[command(flatten)]
    pub hosted: HostedArgs,
    #[command(flatten)]
    pub run: LookRunArgs,
}

/// Which control plane and which workers.
#[derive(Debug, Args)]
pub struct HostedArgs {
    /// The cluster's name, as k0smotron knows it
    #[arg(long, value_name = "NAME")]
    pub cluster: Option<ObjectName>,
    /// The cluster's namespace in the management cluster
    #[arg(short, long, value_name = "NAME", default_value = "default")]
    pub namespace: Namespace,
    /// A worker, as `ssh` takes it; may be repeated
    #[arg(long, value_name = "HOST", value_delimiter = ',')]
    pub worker: Vec<SshHost>,
    /// The address of the hosted cluster's Service `kubernetes` [default: asked of k0smotron's ConfigMap and the hosted cluster]
    #[arg(long, value_name = "ADDRESS")]
    pub service_ip: Option<IpAddr>,
    #[command(flatten)]
    pub kubernetes: KubernetesArgs,
    #[command(flatten)]
    pub login: WorkerLoginArgs,
}

/// What isn't said here is up to `ssh` and its configuration. Host keys are those of known_hosts.
#[derive(Debug, Args)]
#[command(next_help_heading = "SSH to the workers")]
pub struct WorkerLoginArgs {
    /// Login user [default: as `ssh` has it]
    #[arg(long, value_name = "USER", env = "K8SPORT_SSH_USER")]
    pub ssh_user: Option<SshUser>,
    /// Private key [default: your agent and SSH configuration]
    #[arg(long, value_name = "FILE", env = "K8SPORT_SSH_KEY", value_hint = ValueHint::FilePath)]
    pub ssh_key: Option<PathBuf>,
    /// Port to connect to [default: as `ssh` has it]
    #[arg(long, value_name = "PORT", env = "K8SPORT_SSH_PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub ssh_port: Option<u16>,
    /// Add host keys that are not known yet to known_hosts; a changed one is refused even so
    #[arg(long, env = "K8SPORT_ACCEPT_NEW_HOST_KEY", value_parser = switch)]
    pub accept_new_host_key: bool,
}
