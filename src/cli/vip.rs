//! Control planes that share an address.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueHint};

use super::{FindingsArgs, KubernetesArgs, RunArgs, switch, time};
use crate::names::SshUser;

#[derive(Debug, Subcommand)]
pub enum VipCommand {
    /// Who holds the VIP, who has its port, why HAProxy can't bind it; changes nothing
    ///
    /// Looks at all control planes at once: the VIP's holder, listeners, keepalived's state and priorities, HAProxy's restart
    /// loop, and the API by every way. Says which row of the decision matrix applies. Exits with 3 on a failure.
    Diagnose(VipDiagnoseArgs),
    /// Let keepalived keep the VIP where the API server answers, without HAProxy or with one on a port of its own
    ///
    /// By default no HAProxy runs on the control planes: kube-apiserver listens on every address, so it answers on the VIP
    /// wherever that is, and HAProxy could bind its port nowhere. With --load-balance HAProxy listens on another port of every
    /// node and balances over all API servers.
    ///
    /// Before the first API server is there, as kubeadm has it, everything is made ready, and the VIP comes with that one.
    ///
    /// An instance of keepalived of our own moves the VIP within three seconds, and away from a node whose API doesn't answer.
    /// Node by node, the holder last, each seen to work before the next.
    Setup(VipSetupArgs),
    /// Remove what `vip setup` made, and give back what it took over
    Cleanup(VipCleanupArgs),
}

#[derive(Debug, Args)]
pub struct VipDiagnoseArgs {
    #[command(flatten)]
    pub vip: VipArgs,
    #[command(flatten)]
    pub findings: FindingsArgs,
    #[command(flatten)]
    pub reach: VipReachArgs,
}

#[derive(Debug, Args)]
pub struct VipSetupArgs {
    #[command(flatten)]
    pub vip: VipArgs,
    /// HAProxy on a port of its own on all control planes, in front of all API servers
    #[arg(long)]
    pub load_balance: bool,
    /// With --load-balance: that port
    #[arg(long, value_name = "PORT", default_value_t = 8443, requires = "load_balance", value_parser = clap::value_parser!(u16).range(1..))]
    pub balancer_port: u16,
    /// VRRP's virtual router id, which no other on the network may have [default: the VIP's last part]
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(u8).range(1..))]
    pub router_id: Option<u8>,
    /// Stop and disable the distribution's keepalived or HAProxy where it is in the way; its files stay. Refused where it serves
    /// others, too
    #[arg(long)]
    pub take_over: bool,
    #[command(flatten)]
    pub change: VipChangeArgs,
}

#[derive(Debug, Args)]
pub struct VipCleanupArgs {
    #[command(flatten)]
    pub vip: VipArgs,
    /// Also purge the packages that `vip setup` installed, where nobody else uses them
    #[arg(long)]
    pub purge_packages: bool,
    #[command(flatten)]
    pub change: VipChangeArgs,
}

/// For commands that change something on the control planes.
#[derive(Debug, Args)]
pub struct VipChangeArgs {
    /// Go on with the others where a control plane can't be reached
    #[arg(long)]
    pub skip_unreachable: bool,
    #[command(flatten)]
    pub reach: VipReachArgs,
    /// How long to wait for another run that has a node, such as 10m
    #[arg(
        long,
        value_name = "TIME",
        env = "K8SPORT_LOCK_TIMEOUT",
        default_value = "1m",
        value_parser = time,
        help_heading = "Control planes"
    )]
    pub lock_timeout: Duration,
}

#[derive(Debug, Args)]
pub struct VipArgs {
    /// The address that the control planes share
    #[arg(long, value_name = "ADDRESS", env = "K8SPORT_VIP")]
    pub vip: Option<Ipv4Addr>,
    /// The API servers' port
    #[arg(long, value_name = "PORT", default_value_t = 6443, value_parser = clap::value_parser!(u16).range(1..))]
    pub api_port: u16,
}

/// Which control planes, how they are reached, and how to run.
#[derive(Debug, Args)]
pub struct VipReachArgs {
    #[command(flatten)]
    pub nodes: NodesArgs,
    #[command(flatten)]
    pub kubernetes: KubernetesArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Control planes")]
pub struct NodesArgs {
    /// A control plane's address; once for each [default: those of the kubeconfig's cluster]
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    pub node: Vec<Ipv4Addr>,
    /// Login user
    #[arg(long, value_name = "USER", env = "K8SPORT_SSH_USER", default_value = "ubuntu")]
    pub ssh_user: SshUser,
    /// Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]
    #[arg(long, value_name = "FILE", env = "K8SPORT_SSH_KEY", value_hint = ValueHint::FilePath)]
    pub ssh_key: Option<PathBuf>,
    /// Port to connect to
    #[arg(long, value_name = "PORT", env = "K8SPORT_SSH_PORT", default_value_t = 22, value_parser = clap::value_parser!(u16).range(1..))]
    pub ssh_port: u16,
    /// Trust and pin the keys that nodes show first, where your known hosts have none
    #[arg(long, env = "K8SPORT_ACCEPT_NEW_HOST_KEY", value_parser = switch)]
    pub accept_new_host_key: bool,
}
