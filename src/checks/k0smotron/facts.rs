//! What was observed of a hosted cluster, each thing by itself.

use std::net::IpAddr;

use serde::Serialize;

use crate::checks::Missing;
use crate::cluster::{HostedNode, KubernetesService, SidecarPod};
use crate::failure::Failure;
use crate::names::{DnsName, Namespace, ObjectName, SshHost};
use crate::plan::ingress::{Ingress, IngressClass};
use crate::plan::k0smotron::route::Routes;
use crate::plan::k0smotron::{Material, Objects, Service, Sidecar, Worker};

/// Where was looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    pub cluster: ObjectName,
    pub namespace: Namespace,
    /// The management cluster's API server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub management: Option<String>,
    pub workers: Vec<String>,
}

#[derive(Debug)]
pub struct HostedFacts {
    /// `team/my-cluster`
    pub name: String,
    /// The command that puts certificates on workers.
    pub prepare: String,
    /// Seconds since 1970.
    pub now: i64,
    pub material: Result<Material, Failure>,
    /// Images of the control plane; None where there is none.
    pub images: Result<Option<Vec<String>>, Missing>,
    pub ingress: Result<Option<Ingress>, Missing>,
    pub classes: Result<Vec<IngressClass>, Missing>,
    /// Objects that lead there instead of it.
    pub routes: Routes,
    pub objects: Objects,
    /// Those of its Services that are there.
    pub services: Result<Vec<Service>, Missing>,
    /// Where the sidecars go to.
    pub api: Option<(DnsName, u16)>,
    /// Where the agents of konnectivity go to.
    pub konnectivity: Option<String>,
    pub to_api: Result<Reached, Missing>,
    pub to_konnectivity: Result<Reached, Missing>,
    pub hosted: Result<HostedState, Missing>,
    pub workers: Vec<WorkerFacts>,
}

/// A look at a host of the ingress from here.
#[derive(Debug)]
pub struct Reached {
    pub host: String,
    pub addresses: Vec<IpAddr>,
    /// What answered, or why nothing did.
    pub answer: Result<String, Failure>,
}

#[derive(Debug, Clone)]
pub struct HostedState {
    pub server: String,
    pub service: KubernetesService,
    pub pods: Vec<SidecarPod>,
    pub nodes: Vec<HostedNode>,
    /// Keys of taints that the DaemonSet tolerates; None where there is no DaemonSet.
    pub tolerations: Option<Vec<String>>,
}

#[derive(Debug)]
pub struct WorkerFacts {
    pub host: SshHost,
    pub state: Result<Worker, Failure>,
    pub sidecar: Sidecar,
    /// The API server's version, through the sidecar.
    pub version: Result<String, Failure>,
}

impl WorkerFacts {
    pub fn state(&self) -> Result<&Worker, Missing> {
        self.state.as_ref().map_err(|_| Missing::untried("it could not be read (worker.reached)"))
    }
}

impl HostedFacts {
    pub fn material(&self) -> Result<&Material, Missing> {
        self.material.as_ref().map_err(|_| Missing::untried("needs certificates.secrets, which failed"))
    }

    pub fn hosted(&self) -> Result<&HostedState, Missing> {
        self.hosted.as_ref().map_err(Clone::clone)
    }

    pub fn days_left(&self, until: i64) -> i64 {
        (until - self.now).div_euclid(24 * 60 * 60)
    }
}
