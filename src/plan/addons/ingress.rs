//! The ingress controller behind the NodePorts: which one, and whether it is to be installed.
//!
//! | there is | then |
//! |---|---|
//! | a release of ours whose installation was cut off | it goes and is installed again |
//! | a release of ours that failed at its first installation | it is installed again over what is there |
//! | another Service with one of the NodePorts, or any IngressClass | it stays as it is, whoever made it |
//! | nothing, and no helm | a warning |
//! | nothing | it is installed |

use clap::ValueEnum;
use serde::Serialize;

use super::AddonChange;
use super::charts::Chart;
use crate::plan::Note;

/// HTTP and HTTPS, where our HAProxy looks for the ingress.
pub const NODE_PORTS: [u16; 2] = [30080, 30443];
/// A name that nobody else gives a release, so that whatever has it is ours.
pub const RELEASE: &str = "k8sport-ingress";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IngressController {
    /// Reads the annotations of ingress-nginx; its IngressClass is `nginx`
    #[default]
    Traefik,
    /// HAProxy Technologies' controller; its IngressClass is `haproxy`
    Haproxy,
    /// F5's NGINX Ingress Controller, with annotations of its own; its IngressClass is `nginx`
    Nginx,
    /// Leave it to you
    #[value(name = "none")]
    #[serde(rename = "none")]
    Nothing,
}

impl IngressController {
    pub fn name(self) -> &'static str {
        match self {
            Self::Traefik => "traefik",
            Self::Haproxy => "haproxy",
            Self::Nginx => "nginx",
            Self::Nothing => "none",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Traefik, Self::Haproxy, Self::Nginx].into_iter().find(|controller| controller.name() == name)
    }

    /// The IngressClass that comes with it.
    pub fn class(self) -> Option<&'static str> {
        match self {
            Self::Traefik | Self::Nginx => Some("nginx"),
            Self::Haproxy => Some("haproxy"),
            Self::Nothing => None,
        }
    }
}

/// What is there already.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IngressState {
    /// `namespace/name` of a Service that has one of the NodePorts.
    pub service: Option<String>,
    /// All IngressClasses.
    pub classes: Vec<String>,
    /// That of Ingresses which name none.
    pub default_class: Option<String>,
    pub helm: Helm,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Helm {
    /// Not on the PATH.
    #[default]
    Missing,
    /// It could not look at the cluster, in its own words.
    Failing(String),
    There(Option<Release>),
}

/// How far our release has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Release {
    /// Its first installation was cut off, or goes on at this moment.
    Unfinished,
    /// Its first installation failed, for example because it took too long.
    Failed,
    Installed,
}

/// `named` when the user has asked for it by name.
pub fn plan(state: &IngressState, wanted: IngressController, named: bool) -> (Option<AddonChange>, Option<Note>) {
    let Some(chart) = Chart::of(wanted) else { return (None, None) };
    let there = state.service.as_ref().map(|service| format!("the Service {service}"));
    let there = there.or_else(|| state.classes.first().map(|class| format!("the IngressClass {class}")));
    let install =
        |unfinished| (Some(AddonChange::InstallIngressController { controller: wanted, chart, release: RELEASE, unfinished }), None);
    match (&state.helm, there) {
        (Helm::There(Some(Release::Installed)), _) => (None, None),
        (Helm::There(Some(Release::Unfinished)), _) => install(true),
        (Helm::There(Some(Release::Failed)), _) | (Helm::There(None), None) => install(false),
        (_, Some(there)) => {
            let stays =
                format!("there is an ingress controller already ({there}); it stays as it is, and {} is not installed", wanted.name());
            (None, named.then(|| Note::warning(stays)))
        }
        (Helm::Missing, None) => (None, Some(Note::warning(NO_HELM))),
        (Helm::Failing(why), None) => (None, Some(Note::warning(format!("no ingress controller is installed: {why}")))),
    }
}

/// Also said before a cluster is made.
pub const NO_HELM: &str = "helm is not on the PATH, so no ingress controller is installed: install helm (https://helm.sh/docs/intro/install/) and run \
     the same command again, or bring your own on the NodePorts 30080 and 30443";
