//! The command line and nothing else: what can be said, not what it means. A file a group of commands; what several
//! share is in `common` and `setup`.

mod account;
mod again;
mod api_proxy;
mod applications;
mod cleanup;
mod common;
mod configure;
mod creation;
mod deploy;
mod ecr;
pub mod examples;
mod k0smotron;
mod look;
mod parse;
mod quick_start;
mod setup;
mod teardown;
mod vip;

use std::path::PathBuf;

use clap::{CommandFactory, Parser, Subcommand, ValueHint};

pub use account::{IamPolicyArgs, QuotaArgs};
pub use again::said;
pub use api_proxy::{ApiProxyArgs, ApiProxyCommand, ApiProxyRunArgs, ManifestArgs, PortArgs};
pub use applications::{At, ToggleArgs};
pub use cleanup::CleanupArgs;
pub use common::{AccountArgs, CommonArgs, Format, KubernetesArgs, LockArgs, RunArgs, SshArgs, TargetArgs};
use common::{of_the_cluster, time};
pub use configure::{ApplicationArgs, ConfigureArgs};
pub use creation::CreationArgs;
pub use deploy::DeployArgs;
pub use ecr::{EcrCommand, EcrPruneArgs};
pub use k0smotron::{HostedArgs, K0smotronCommand, K0smotronDiagnoseArgs, PrepareWorkersArgs};
pub use look::{DiagnoseArgs, FindingsArgs, LookRunArgs, StatusArgs};
use parse::switch;
pub use parse::{parse, read};
pub use quick_start::QuickStartArgs;
pub use setup::{
    BootstrapArgs, DataPathArgs, DnsArgs, ElasticIpArgs, HaproxyArgs, NoSecondaryIp, ProxyArgs, RecordArgs, SecondaryIpArgs, ServiceArgs,
};
pub use teardown::TeardownArgs;
pub use vip::{VipArgs, VipChangeArgs, VipCleanupArgs, VipCommand, VipDiagnoseArgs, VipReachArgs, VipSetupArgs};

/// HTTPS on port 443 for applications, beside the API server of a single-node kOps cluster on AWS
///
/// The API server owns port 443 on the node. k8sport gives the node a second address whose 443 and 80 belong to the
/// ingress: a secondary private IP with an Elastic IP, a NAT table, an HAProxy instance and a wildcard record. It
/// shows its plan before it changes anything, changes only what carries its tag, and can be run again at any time.
#[derive(Debug, Parser)]
#[command(name = "k8sport", version, propagate_version = true, max_term_width = 100, after_help = AFTER_HELP, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = "\
Exit codes: 0 done · 1 failed · 2 usage · 3 diagnose found failures · 4 refused (not ours, or not confirmed) · 5 changes pending (--dry-run --exit-code) · 130 interrupted

Settings come from options, then the environment, then k8sport.toml, then discovery.";

/// The command line, with what its definition can't hold.
pub fn command() -> clap::Command {
    examples::with_examples(Cli::command()).long_version(LONG_VERSION)
}

/// What a report of a problem should have.
const LONG_VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\ncommit ", env!("K8SPORT_COMMIT"), "\ntarget ", env!("K8SPORT_TARGET"));

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Do the whole job: secondary IP, HAProxy and DNS, then look from outside; makes the cluster where there is none
    ///
    /// Where there is no cluster of this name and a state store is named, kOps makes one first, from a specification that
    /// the plan shows. Its limit (--timeout) is 1h instead of 15m then. Stopped anywhere, the same command goes on from
    /// where it stands.
    Bootstrap(Box<BootstrapArgs>),
    /// From nothing to deployed applications: `bootstrap` with all it can do, then `deploy-app`, with one question
    ///
    /// The applications are those of the settings file (`[apps.NAME]`), each as `deploy-app` would deploy it. Unless a state
    /// store is named, it is a bucket of the cluster's name. Before the question stands what is made, how long that takes and
    /// what it costs a month. Its limit (--timeout) is 90 minutes. Stopped anywhere, the same command goes on from where it
    /// stands.
    QuickStart(Box<QuickStartArgs>),
    /// Give the node a second address: Elastic IP, secondary private IP, security group, NAT on the node
    SetupSecondaryIp(SecondaryIpArgs),
    /// Run our own HAProxy instance on the node, which routes 443 and 80 of the second address to the ingress
    SetupHaproxy(HaproxyArgs),
    /// Serve the second address without a proxy: a Service of ours for the ingress controller's pods
    ///
    /// kube-proxy sends 443 and 80 of the second address straight to the pods, which then see the clients' addresses. It needs
    /// Kubernetes 1.22 and kube-proxy; what speaks against it is told, and nothing is changed then. HAProxy and all else of ours
    /// goes off the node. `bootstrap --data-path haproxy` goes the way back.
    SetupService(ServiceArgs),
    /// Point the wildcard record of the applications' zone at the Elastic IP
    UpdateDns(DnsArgs),
    /// Remove what k8sport made for a cluster, and nothing else
    ///
    /// Works from what is there, so the node or the whole cluster may be gone, and an earlier run may have stopped
    /// anywhere. DNS goes first and the Elastic IP last: an address is released only after no record in the account's
    /// public zones leads to it. What existed before k8sport is left as it was found.
    Cleanup(CleanupArgs),
    /// Delete the whole cluster with everything that belongs to it, and say what is left
    ///
    /// Applications first, so that their load balancers and volumes go; then what `cleanup` removes; then the cluster
    /// itself with kOps; and the Elastic IP after it. Shows what goes, what stays and what it costs, and wants the cluster's
    /// name typed. It can be interrupted and run again at any point. Ends with a report of what is still there, and exits
    /// with 0 only when that is nothing. Unless --timeout says otherwise, it takes 45 minutes at most.
    Teardown(TeardownArgs),
    /// Look after the image repositories in ECR
    Ecr {
        #[command(subcommand)]
        command: EcrCommand,
    },
    /// Show the region's Elastic IPs against their quota, and ask for more of them
    Quota(QuotaArgs),
    /// Print the IAM policy that commands need: exactly their actions, on this account, cluster and zone
    ///
    /// stdout gets one JSON document as IAM takes it, and nothing else: in a file policy.json it is what `aws iam
    /// put-role-policy --policy-document file://policy.json` wants. Account, region and zone come from options, the
    /// environment and k8sport.toml; what they leave open is read from AWS. Where nothing is left open, no AWS call is
    /// made and no credentials are needed.
    IamPolicy(IamPolicyArgs),
    /// What is wrong, why, and what to do: looks at account, node, DNS and from outside, and changes nothing
    Diagnose(DiagnoseArgs),
    /// Who has which address and port, where names lead, what works right now, what it costs
    Status(StatusArgs),
    /// Turn the redirect from HTTP to HTTPS off for a while, and back to what it was
    ///
    /// Works on the Ingresses of a namespace through the Kubernetes API, by the annotations of each one's controller
    /// (ingress-nginx, F5 NGINX, HAProxy, HAProxy Ingress, Contour, Cilium). What was there is remembered in an annotation and
    /// put back exactly. Other controllers' Ingresses are named and left.
    ///
    /// With --at edge it is our HAProxy on the node that redirects or doesn't, for all hosts at once and whatever the
    /// controller; --enable-https makes it redirect. ACME challenges are never redirected there. Later runs of other
    /// commands leave it as it is.
    ToggleHttpsRedirect(ToggleArgs),
    /// Write the manifests of applications: a Deployment, a Service and an Ingress each, to look at and commit
    ///
    /// Files that are there and differ are shown with their differences and left, unless --overwrite. Neither AWS nor the
    /// cluster is asked. What is said here goes before `[apps.NAME]` of the settings file.
    ConfigureApps(ConfigureArgs),
    /// Take the node away from a run that holds it and doesn't go on
    ///
    /// Commands that change the node have it for themselves from their first look to their end. A run that is gone holds
    /// nothing: this is for one that hangs, or waits for an answer that nobody will give. It stops before its next change.
    Unlock(CommonArgs),
    /// Deploy an application and wait until it runs: pinned image, server-side apply, rollout, a look at its URLs
    ///
    /// What is deployed are the manifests in k8s/NAME, if they are there, with the image of --image; else what
    /// `configure-apps` would write. An image in ECR is pinned by the digest that its tag has now. The plan is the API
    /// server's own dry run; a field that somebody else manages is a conflict. The rollout is watched, and what holds it
    /// up is told: an image that can't be pulled, a crash, a probe, no room. Stopped anywhere, the same command goes on.
    DeployApp(Box<DeployArgs>),
    /// Serve the Kubernetes API on port 6443 of this machine's loopback, or of a pod's
    ///
    /// On a laptop the API server is the kubeconfig's, reached directly or through the node over SSH (--via-ssh), and stdout
    /// gets a kubeconfig for the proxy. In a pod (--in-pod, and `api-proxy manifest`) applications reach it through
    /// KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT, and their own credentials are passed on.
    ///
    /// Everything of the protocol goes through, as it comes: watches, exec, attach and port-forward, logs, lists of any size.
    /// It runs until it gets a signal; what is under way then has --drain-timeout to end.
    ApiProxy(Box<ApiProxyArgs>),
    /// Look after the workers of control planes that k0smotron hosts behind an ingress
    K0smotron {
        #[command(subcommand)]
        command: K0smotronCommand,
    },
    /// Look after the address that the control planes of an HA cluster share: keepalived, HAProxy and kube-apiserver
    Vip {
        #[command(subcommand)]
        command: VipCommand,
    },
    /// Print a completion script for your shell
    ///
    /// In bash, zsh and fish it also completes names: of clusters, contexts,
    /// namespaces, Ingresses, checks, topics, and of applications in the
    /// settings file. Packages bring the scripts of these three along.
    /// Otherwise a line in the shell's own file is enough:
    ///
    ///   ~/.bashrc
    ///       source <(k8sport completions bash)
    ///   ~/.zshrc, after compinit
    ///       source <(k8sport completions zsh)
    ///   ~/.config/fish/config.fish
    ///       k8sport completions fish | source
    ///   ~/.config/elvish/rc.elv
    ///       eval (k8sport completions elvish | slurp)
    ///   PowerShell's $PROFILE
    ///       k8sport completions powershell | Out-String | Invoke-Expression
    #[command(verbatim_doc_comment)]
    Completions {
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the help of a command, or of a topic: environment, exit-codes, ownership, migration, troubleshooting
    Help {
        /// Command or topic
        #[arg(value_hint = ValueHint::Other)]
        about: Vec<String>,
    },
    /// Write the man pages into a folder
    #[command(hide = true)]
    Man {
        #[arg(value_hint = ValueHint::DirPath)]
        folder: PathBuf,
    },
}
