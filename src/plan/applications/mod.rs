//! Applications on the cluster: their manifests as files, and how they get there.

mod build;
mod change;
mod deploy;
mod files;
mod image;
mod manifests;
mod object;
mod read;
mod rollback;
pub mod rollout;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use build::{Build, Platform, RepositoryState, plan as build};
pub use change::ApplicationChange;
pub use deploy::{is_as_planned, not_ours, plan as deployment};
pub use files::{Existing, Wanted, plan};
pub use image::{EcrImage, Source};
pub use manifests::{manifests, objects};
pub use object::{Conflict, Kind, Object, Preview};
pub use read::read;
pub use rollback::{Revision, rollback};

use crate::names::{AppName, DnsName, HttpPath, ImageReference, Namespace, ObjectName};

/// An annotation of the Deployment: the image as it was named, since its pods have it by digest.
pub const IMAGE: &str = "k8sport.io/image";

/// What `configure-apps` knows of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    pub name: AppName,
    pub namespace: Namespace,
    pub image: ImageReference,
    /// Where its container listens.
    pub port: u16,
    /// At least one.
    pub hosts: Vec<DnsName>,
    pub health_path: HttpPath,
    pub env_from: Vec<EnvFrom>,
    /// None for the cluster's default class.
    pub ingress_class: Option<ObjectName>,
    /// cert-manager's issuer; None for HTTP alone.
    pub cluster_issuer: Option<ObjectName>,
}

/// Where a container's environment comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum EnvFrom {
    Secret(ObjectName),
    ConfigMap(ObjectName),
}

impl FromStr for EnvFrom {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = |name: &str| name.parse::<ObjectName>();
        match text.split_once('/') {
            Some(("secret", name)) => named(name).map(Self::Secret),
            Some(("configmap", name)) => named(name).map(Self::ConfigMap),
            _ => Err(format!("expected secret/NAME or configmap/NAME, got {text:?}")),
        }
    }
}

impl TryFrom<String> for EnvFrom {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<EnvFrom> for String {
    fn from(from: EnvFrom) -> String {
        from.to_string()
    }
}

impl fmt::Display for EnvFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret(name) => write!(f, "secret/{name}"),
            Self::ConfigMap(name) => write!(f, "configmap/{name}"),
        }
    }
}
