//! What every command that touches the world takes.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, Args, ValueEnum, ValueHint};

use super::switch;
use crate::names::{AccountId, DnsName, HostKeyFingerprint, InstanceId, SshUser};

#[derive(Debug, Args)]
pub struct CommonArgs {
    #[command(flatten)]
    pub target: TargetArgs,
    #[command(flatten)]
    pub ssh: SshArgs,
    #[command(flatten)]
    pub lock: LockArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Cluster")]
pub struct TargetArgs {
    /// The cluster's name, as kOps knows it
    #[arg(long, value_name = "NAME", env = "KOPS_CLUSTER_NAME")]
    pub cluster: Option<DnsName>,
    /// The applications' public hosted zone [default: the longest one that contains the cluster's name]
    #[arg(long, value_name = "NAME", env = "K8SPORT_ZONE")]
    pub zone: Option<DnsName>,
    /// The node, where the cluster's tags fit several instances
    #[arg(long, value_name = "ID", env = "K8SPORT_INSTANCE_ID")]
    pub instance_id: Option<InstanceId>,
    #[command(flatten)]
    pub account: AccountArgs,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Account")]
pub struct AccountArgs {
    /// Refuse to work in any other AWS account than this one
    #[arg(long, value_name = "ID", env = "K8SPORT_ACCOUNT")]
    pub account: Option<AccountId>,
    /// AWS profile
    #[arg(long, value_name = "NAME", env = "AWS_PROFILE")]
    pub profile: Option<String>,
    /// AWS region
    #[arg(long, value_name = "NAME", env = "AWS_REGION")]
    pub region: Option<String>,
    /// Settings file [default: k8sport.toml in the current folder, if it is there]
    #[arg(long, value_name = "FILE", env = "K8SPORT_CONFIG", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "SSH to the node")]
pub struct SshArgs {
    /// Login user [default: by the node's image]
    #[arg(long, value_name = "USER", env = "K8SPORT_SSH_USER")]
    pub ssh_user: Option<SshUser>,
    /// Private key [default: ~/.ssh/kops-key if it is there, else your agent and SSH configuration]
    #[arg(long, value_name = "FILE", env = "K8SPORT_SSH_KEY", value_hint = ValueHint::FilePath)]
    pub ssh_key: Option<PathBuf>,
    /// Address to connect to [default: the node's primary public address]
    #[arg(long, value_name = "ADDRESS", env = "K8SPORT_SSH_HOST")]
    pub ssh_host: Option<Ipv4Addr>,
    /// Port to connect to [default: 22]
    #[arg(long, value_name = "PORT", env = "K8SPORT_SSH_PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub ssh_port: Option<u16>,
    /// The node's host key, as `ssh-keygen -l` prints it [default: pinned before, or from the EC2 console output]
    #[arg(long, value_name = "SHA256:…", env = "K8SPORT_HOST_KEY_FINGERPRINT")]
    pub host_key_fingerprint: Option<HostKeyFingerprint>,
    /// Trust and pin the key that the node shows first
    #[arg(long, env = "K8SPORT_ACCEPT_NEW_HOST_KEY", value_parser = switch)]
    pub accept_new_host_key: bool,
}

/// For commands that keep other runs off the node.
#[derive(Debug, Clone, Copy, Default, Args)]
#[command(next_help_heading = "SSH to the node")]
pub struct LockArgs {
    /// How long to wait for another run that has the node, such as 10m [default: 1m]
    #[arg(long, value_name = "TIME", env = "K8SPORT_LOCK_TIMEOUT", value_parser = time)]
    pub lock_timeout: Option<Duration>,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "How to run")]
pub struct RunArgs {
    /// Show the plan and change nothing
    #[arg(long, env = "K8SPORT_DRY_RUN", value_parser = switch)]
    pub dry_run: bool,
    /// With --dry-run: exit with 5 when the plan has changes
    #[arg(long, env = "K8SPORT_EXIT_CODE", requires = "dry_run", value_parser = switch)]
    pub exit_code: bool,
    /// Apply without asking; needed where there is no terminal
    #[arg(short, long, env = "K8SPORT_YES", value_parser = switch)]
    pub yes: bool,
    /// What stdout gets
    #[arg(long, value_enum, default_value_t, env = "K8SPORT_OUTPUT")]
    pub output: Format,
    /// Limit for the whole command, such as 90s or 15m [default: 15m]
    #[arg(long, value_name = "TIME", env = "K8SPORT_TIMEOUT", value_parser = time)]
    pub timeout: Option<Duration>,
    /// More on stderr; twice for the AWS calls
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// No progress on stderr
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// One document, for scripts
    Json,
}

/// # Errors
/// What humantime doesn't read, with examples of what it does.
pub fn time(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|error| format!("expected a time such as 90s or 15m: {error}"))
}

/// For commands about one cluster: `#[command(mut_arg("context", of_the_cluster))]`.
pub fn of_the_cluster(context: Arg) -> Arg {
    context.help("Context of the kubeconfig [default: the one with the cluster's name]")
}

#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Kubernetes")]
pub struct KubernetesArgs {
    /// Kubeconfig [default: ~/.kube/config]
    #[arg(long, value_name = "FILE", env = "KUBECONFIG", value_hint = ValueHint::FilePath)]
    pub kubeconfig: Option<PathBuf>,
    /// Context of the kubeconfig [default: its current one]
    #[arg(long, value_name = "NAME", env = "K8SPORT_CONTEXT")]
    pub context: Option<String>,
}

#[cfg(test)]
mod tests {
    use crate::cli::command;

    /// The help of an option of a command, if it has it.
    fn help(name: &str, option: &str) -> Option<String> {
        let command = command();
        let mut options = command.find_subcommand(name).expect("a command").get_arguments();
        Some(options.find(|argument| argument.get_long() == Some(option))?.get_help()?.to_string())
    }

    #[test]
    fn who_takes_no_lock_waits_for_none() {
        for (name, takes) in [("status", false), ("api-proxy", false), ("quota", false), ("diagnose", true), ("bootstrap", true)] {
            assert_eq!(help(name, "lock-timeout").is_some(), takes, "{name}");
        }
    }

    #[test]
    fn the_context_is_the_clusters_where_there_is_one() {
        for (name, default) in [
            ("bootstrap", "the one with the cluster's name"),
            ("status", "the one with the cluster's name"),
            ("diagnose", "the one with the cluster's name"),
            ("cleanup", "the one with the cluster's name"),
            ("toggle-https-redirect", "its current one"),
        ] {
            assert!(help(name, "context").is_some_and(|help| help.contains(default)), "{name}");
        }
    }
}
