//! What a cluster is to be, where there is none yet.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::{switch, time};
use crate::cluster::kops::StateStore;
use crate::names::{AvailabilityZone, EmailAddress, ImageName, InstanceType, KubernetesVersion};
use crate::plan::addons::IngressController;
use crate::plan::creation::specification::Networking;
use crate::plan::network::Cidr;

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "New cluster")]
pub struct CreationArgs {
    /// Where kOps keeps the cluster's specification, such as s3://example-com-kops-state; created if it is missing
    #[arg(long, value_name = "BUCKET", env = "KOPS_STATE_STORE")]
    pub state_store: Option<StateStore>,
    /// Use this specification instead of ours; `--save-spec` writes one to start from
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath,
          conflicts_with_all = ["instance_type", "availability_zone", "kubernetes_version", "networking", "image", "api_access", "skip_cert_manager"])]
    pub from_spec: Option<PathBuf>,
    /// Also write the specification into this file, with --dry-run too
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub save_spec: Option<PathBuf>,
    /// The node's instance type [default: t3.medium]
    #[arg(long, value_name = "TYPE", env = "K8SPORT_INSTANCE_TYPE")]
    pub instance_type: Option<InstanceType>,
    /// Where the node is to be [default: the first of the region that has the instance type]
    #[arg(long, value_name = "ZONE", env = "K8SPORT_AVAILABILITY_ZONE")]
    pub availability_zone: Option<AvailabilityZone>,
    /// Kubernetes version [default: what kOps' stable channel recommends]
    #[arg(long, value_name = "VERSION", env = "K8SPORT_KUBERNETES_VERSION")]
    pub kubernetes_version: Option<KubernetesVersion>,
    /// The cluster's network [default: calico]
    #[arg(long, value_name = "CNI", env = "K8SPORT_NETWORKING")]
    pub networking: Option<Networking>,
    /// The node's image, by id or as OWNER/NAME [default: kOps' choice]
    #[arg(long, value_name = "IMAGE", env = "K8SPORT_IMAGE")]
    pub image: Option<ImageName>,
    /// Sources that may reach the API server and SSH; may be repeated [default: 0.0.0.0/0]
    #[arg(long, value_name = "CIDR", env = "K8SPORT_API_ACCESS", value_delimiter = ',')]
    pub api_access: Vec<Cidr>,
    /// Leave out cert-manager, which kOps installs otherwise, and its ClusterIssuer
    #[arg(long, env = "K8SPORT_SKIP_CERT_MANAGER", value_parser = switch)]
    pub skip_cert_manager: bool,
    /// What is installed behind the NodePorts 30080 and 30443 with helm, unless something is there [default: traefik on a new
    /// cluster, none on others]
    #[arg(long, value_name = "NAME", env = "K8SPORT_INGRESS_CONTROLLER")]
    pub ingress_controller: Option<IngressController>,
    /// Of the account with Let's Encrypt; with it, the ClusterIssuer letsencrypt-prod is also made on a cluster that exists
    #[arg(long, value_name = "ADDRESS", env = "K8SPORT_ACME_EMAIL", conflicts_with = "skip_cert_manager")]
    pub acme_email: Option<EmailAddress>,
    /// Don't look first whether everything that is needed is there
    #[arg(long, env = "K8SPORT_SKIP_PREREQUISITES", value_parser = switch)]
    pub skip_prerequisites: bool,
    /// Limit for each of the waits for the new cluster: instance, API server, validation [default: 15m]
    #[arg(long, value_name = "TIME", env = "K8SPORT_WAIT", value_parser = time)]
    pub wait: Option<Duration>,
}
