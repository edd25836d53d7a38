//! Options of `api-proxy`.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueHint};

use super::{KubernetesArgs, SshArgs, TargetArgs, switch, time};
use crate::api_proxy::Identity;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ApiProxyArgs {
    #[command(flatten)]
    pub run: ApiProxyRunArgs,
    #[command(subcommand)]
    pub command: Option<ApiProxyCommand>,
}

#[derive(Debug, Subcommand)]
pub enum ApiProxyCommand {
    /// Print a manifest with the proxy beside its containers, each added line explained
    ///
    /// The proxy is a native sidecar (Kubernetes 1.29 or newer): it is up before the other containers start and ends after
    /// them. They get the variables that lead to it, and a service account folder whose ca.crt has its authority, too.
    /// Everything else in the file stays as it is.
    Manifest(ManifestArgs),
}

#[derive(Debug, Args)]
pub struct ApiProxyRunArgs {
    #[command(flatten)]
    pub port: PortArgs,
    /// As whom requests go on [default: caller with --in-pod, else kubeconfig]
    #[arg(long, value_enum, value_name = "WHO", env = "K8SPORT_IDENTITY")]
    pub identity: Option<Identity>,
    /// The kubeconfig for the proxy goes into this file instead of standard output
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub write_kubeconfig: Option<PathBuf>,
    /// Reach the API server through the node over SSH; needs --cluster
    #[arg(long, env = "K8SPORT_VIA_SSH", value_parser = switch, conflicts_with = "in_pod")]
    pub via_ssh: bool,
    /// One line of JSON for each request goes to this file; `-` is standard output
    #[arg(long, value_name = "FILE", env = "K8SPORT_ACCESS_LOG", value_hint = ValueHint::FilePath)]
    pub access_log: Option<PathBuf>,
    /// Address of the second port [default: 127.0.0.1; the pod's with --in-pod]
    #[arg(long, value_name = "ADDRESS", env = "K8SPORT_METRICS_ADDRESS")]
    pub metrics_address: Option<IpAddr>,
    /// What is under way may take so long when the proxy is told to end
    #[arg(long, value_name = "TIME", default_value = "25s", env = "K8SPORT_DRAIN_TIMEOUT", value_parser = time)]
    pub drain_timeout: Duration,
    /// A connection may be without a request for so long, and the head of a request may take as long
    #[arg(long, value_name = "TIME", default_value = "100s", env = "K8SPORT_IDLE_TIMEOUT", value_parser = time)]
    pub idle_timeout: Duration,
    /// More on stderr
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
    #[command(flatten)]
    pub pod: PodArgs,
    #[command(flatten)]
    pub kubernetes: KubernetesArgs,
    #[command(flatten)]
    pub target: TargetArgs,
    #[command(flatten)]
    pub ssh: SshArgs,
}

#[derive(Debug, Args)]
pub struct PortArgs {
    /// Port on 127.0.0.1 and [::1] [default: MCA_LISTEN_PORT, else 6443]
    #[arg(long, value_name = "PORT", env = "K8SPORT_LISTEN_PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub listen_port: Option<u16>,
    /// Second port, for /metrics, /healthz and /readyz; 0 for none
    #[arg(long, value_name = "PORT", default_value_t = 6444, env = "K8SPORT_METRICS_PORT")]
    pub metrics_port: u16,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "In a pod")]
pub struct PodArgs {
    /// The API server is that of KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT
    #[arg(long, env = "K8SPORT_IN_POD", value_parser = switch)]
    pub in_pod: bool,
    /// The service account's folder
    #[arg(
        long,
        value_name = "FOLDER",
        default_value = "/var/run/secrets/kubernetes.io/serviceaccount",
        env = "K8SPORT_SERVICE_ACCOUNT_DIR",
        value_hint = ValueHint::DirPath
    )]
    pub service_account_dir: PathBuf,
    /// Keep a folder like it here, for the other containers: its ca.crt has the proxy's authority, too
    #[arg(long, value_name = "FOLDER", requires = "in_pod", env = "K8SPORT_SHARE_DIR", value_hint = ValueHint::DirPath)]
    pub share_dir: Option<PathBuf>,
    /// Keep the proxy's authority here, so that it is the same after a restart [default: in memory]
    #[arg(long, value_name = "FOLDER", env = "K8SPORT_STATE_DIR", value_hint = ValueHint::DirPath)]
    pub state_dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ManifestArgs {
    /// A Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job or CronJob, among others; `-` is standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// Image that has k8sport
    #[arg(long, value_name = "IMAGE", env = "K8SPORT_IMAGE")]
    pub image: crate::names::ImageReference,
    #[command(flatten)]
    pub port: PortArgs,
    /// As whom requests go on
    #[arg(long, value_enum, value_name = "WHO", default_value = "caller", env = "K8SPORT_IDENTITY")]
    pub identity: Identity,
}
