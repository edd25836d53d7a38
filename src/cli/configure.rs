//! Options of `configure-apps`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{RunArgs, switch};
use crate::names::{AppName, DnsName, HttpPath, ImageReference, Namespace, ObjectName};
use crate::plan::applications::EnvFrom;

#[derive(Debug, Args)]
pub struct ConfigureArgs {
    /// The applications [default: all `[apps.NAME]` of the settings file]
    #[arg(value_name = "NAME")]
    pub names: Vec<AppName>,
    #[command(flatten)]
    pub application: ApplicationArgs,
    /// Folder of the manifests, in a folder of its own for each application
    #[arg(long, value_name = "FOLDER", default_value = "k8s", env = "K8SPORT_MANIFESTS", value_hint = ValueHint::DirPath)]
    pub out: PathBuf,
    /// Write also in place of files that differ
    #[arg(long)]
    pub overwrite: bool,
    /// Settings file [default: k8sport.toml in the current folder, if it is there]
    #[arg(long, value_name = "FILE", env = "K8SPORT_CONFIG", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    #[command(flatten)]
    pub run: RunArgs,
}

/// What an application is; goes before `[apps.NAME]` of the settings file.
#[derive(Debug, Default, Args)]
pub struct ApplicationArgs {
    /// The container's image; for one application
    #[arg(long, value_name = "IMAGE")]
    pub image: Option<ImageReference>,
    /// Port that the container listens on [default: 8080]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,
    /// A host that it is served on; for one application; may be repeated
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub host: Vec<DnsName>,
    /// Path that answers 200 once it is ready [default: /]
    #[arg(long, value_name = "PATH")]
    pub health_path: Option<HttpPath>,
    /// Environment variables from a Secret or ConfigMap, such as secret/shop; may be repeated
    #[arg(long, value_name = "KIND/NAME", value_delimiter = ',')]
    pub env_from: Vec<EnvFrom>,
    /// Their namespace [default: apps]
    #[arg(short, long, value_name = "NAME", env = "K8SPORT_NAMESPACE")]
    pub namespace: Option<Namespace>,
    /// Class of the Ingress [default: the cluster's default class]
    #[arg(long, value_name = "NAME", env = "K8SPORT_INGRESS_CLASS")]
    pub ingress_class: Option<ObjectName>,
    /// No TLS and no certificate, for a start
    #[arg(long, env = "K8SPORT_HTTP_ONLY", value_parser = switch)]
    pub http_only: bool,
    /// cert-manager's ClusterIssuer of the certificate, unless --http-only [default: letsencrypt-prod]
    #[arg(long, value_name = "NAME", env = "K8SPORT_CLUSTER_ISSUER")]
    pub cluster_issuer: Option<ObjectName>,
}
