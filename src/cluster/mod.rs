//! The cluster as Kubernetes, kOps ([`kops`]) and helm ([`helm`]) see it. The Kubernetes API: a file a kind of object. Reads
//! are methods of [`Cluster`], writes are methods of [`ClusterWriter`] and exist nowhere else, so a command that never asks
//! for a writer can't change the cluster.
//!
//! Every request has deadlines ([`deadlines`]), every error is turned into a [`Failure`](crate::failure::Failure) that
//! names the verb, the resource and the next step ([`request`]). Callers get plain structs.

mod cluster_issuers;
mod connect;
mod deadlines;
mod edit;
mod errors;
pub mod helm;
mod hosted;
mod ingress_classes;
mod ingresses;
pub mod kops;
mod kube_proxy;
pub mod kubeconfig;
mod namespaces;
mod nodes;
mod objects;
mod request;
mod rollouts;
mod routes;
#[cfg(test)]
mod served;
mod service_path;
mod services;
mod workloads;

pub use connect::{Configuration, KubernetesOptions, configuration, contexts};
pub use hosted::{HostedNode, KubernetesService, SidecarPod};
pub use ingresses::Scope;
pub use rollouts::{Look, NoLook};

/// Who we are among the managers of an object's fields.
pub const FIELD_MANAGER: &str = "k8sport";

/// The reading side of one cluster.
#[derive(Clone)]
pub struct Cluster {
    client: kube::Client,
    /// Where the API server is, for messages.
    pub server: String,
    /// The context of the kubeconfig.
    pub context: String,
}

/// The writing side.
#[derive(Clone)]
pub struct ClusterWriter {
    client: kube::Client,
    server: String,
}

impl Cluster {
    pub fn writer(&self) -> ClusterWriter {
        ClusterWriter { client: self.client.clone(), server: self.server.clone() }
    }
}
