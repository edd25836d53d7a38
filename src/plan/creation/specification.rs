//! The cluster as kOps reads it: ours, rendered by a pure function, or the user's own file.
//!
//! One control plane node that runs everything: one instance group of one instance, and no group of workers, since kOps
//! takes a count of zero for "not said". Fields are those of `kops.k8s.io/v1alpha2`
//! (<https://kops.sigs.k8s.io/cluster_spec/>). What isn't written is kOps' default, the Kubernetes version included: the
//! one that its stable channel recommends.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cluster::kops::StateStore;
use crate::failure::{Failure, Result};
use crate::names::{DnsName, ZoneId};
use crate::plan::addons::{self, IngressController, Made};
use crate::plan::network::Cidr;

/// Two texts of YAML documents, since kOps stops at the first object that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specification {
    pub cluster: String,
    pub instance_groups: String,
}

/// What can be said about a cluster of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    pub cluster: DnsName,
    pub state_store: StateStore,
    pub availability_zone: String,
    pub instance_type: String,
    /// `1.36.1`; None for what kOps recommends.
    pub kubernetes_version: Option<String>,
    pub networking: Networking,
    /// None for kOps' choice.
    pub image: Option<String>,
    /// Who may reach the API server and SSH.
    pub api_access: Vec<Cidr>,
    /// cert-manager may write challenges into this zone with the node's role; None for no cert-manager.
    pub certificates_zone: Option<ZoneId>,
    /// Not kOps' business, but the node remembers it.
    pub ingress: IngressController,
}

/// The CNIs under which a second address of the node is known to work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Networking {
    /// The one that k8sport is tested with
    #[default]
    Calico,
    /// In its cluster-pool mode; replaces kube-proxy
    Cilium,
}

impl Networking {
    fn name(self) -> &'static str {
        match self {
            Self::Calico => "calico",
            Self::Cilium => "cilium",
        }
    }
}

/// kOps' own choice for new clusters. The subnet leaves room for others in the same VPC.
const VPC: &str = "172.20.0.0/16";
const SUBNET: &str = "172.20.32.0/19";

/// The public half of a key.
pub fn public_half(key: &Path) -> PathBuf {
    let mut name = key.as_os_str().to_owned();
    name.push(".pub");
    name.into()
}

impl Specification {
    pub fn render(shape: &Shape) -> Self {
        Self { cluster: cluster(shape), instance_groups: instance_group(shape) }
    }

    /// A file of the user's.
    ///
    /// # Errors
    /// No YAML, not one cluster with this name, no single control plane node.
    pub fn parse(text: &str, cluster: &DnsName) -> Result<Self> {
        let wrong = |why: String| {
            Failure::usage("the specification can't be used").because(why).state("nothing was touched").next(
                "start from the one that `k8sport bootstrap --dry-run --save-spec FILE` writes, or `kops create cluster --dry-run -o yaml`",
            )
        };
        let documents: Vec<Value> = serde_saphyr::from_multiple(text).map_err(|error| wrong(format!("it is no YAML: {error}")))?;
        let kind = |document: &Value| document.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
        let (mut clusters, mut groups) = (Vec::new(), Vec::new());
        for document in documents.iter().filter(|document| !document.is_null()) {
            match kind(document).as_str() {
                "Cluster" => clusters.push(document),
                "InstanceGroup" => groups.push(document),
                other => return Err(wrong(format!("it has a {other:?}; Cluster and InstanceGroup are what can be in it"))),
            }
        }
        let [found] = clusters.as_slice() else { return Err(wrong(format!("it has {} clusters, not one", clusters.len()))) };
        let name = found.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
        if name != cluster.as_str() {
            return Err(wrong(format!("it is of cluster {name:?}, not of {cluster}")));
        }
        single_node(&groups).map_err(wrong)?;
        let joined =
            |documents: &[&Value]| documents.iter().map(|document| document.to_string()).collect::<Vec<_>>().join("\n---\n") + "\n";
        // JSON is YAML, and kOps reads it as such.
        Ok(Self { cluster: joined(&clusters), instance_groups: joined(&groups) })
    }

    pub fn whole(&self) -> String {
        format!("{}---\n{}", self.cluster, self.instance_groups)
    }
}

fn single_node(groups: &[&Value]) -> std::result::Result<(), String> {
    let size = |group: &Value| group.pointer("/spec/maxSize").and_then(Value::as_u64).unwrap_or(1);
    let is_control_plane = |group: &Value| matches!(group.pointer("/spec/role").and_then(Value::as_str), Some("ControlPlane" | "Master"));
    let count: u64 = groups.iter().copied().filter(|group| is_control_plane(group)).map(size).sum();
    let workers: u64 = groups.iter().copied().filter(|group| !is_control_plane(group)).map(size).sum();
    match (count, workers) {
        (1, 0) => Ok(()),
        (1, workers) => Err(format!("it has {workers} nodes besides the control plane; k8sport is for single-node clusters")),
        (count, _) => Err(format!("it has {count} control plane nodes; k8sport is for single-node clusters")),
    }
}

fn group_name(shape: &Shape) -> String {
    format!("control-plane-{}", shape.availability_zone)
}

fn cluster(shape: &Shape) -> String {
    let Shape { cluster, state_store, availability_zone, api_access, .. } = shape;
    let group = group_name(shape);
    let access: String = api_access.iter().map(|source| format!("  - {source}\n")).collect();
    let made = Made { ingress: shape.ingress, cert_manager: shape.certificates_zone.is_some() };
    let cert_manager = shape
        .certificates_zone
        .as_ref()
        .map(|zone| format!("  certManager:\n    enabled: true\n    hostedZoneIDs:\n    - {zone}\n"))
        .unwrap_or_default();
    let version = shape.kubernetes_version.as_ref().map(|version| format!("  kubernetesVersion: {version}\n")).unwrap_or_default();
    let etcd: String = ["main", "events"]
        .iter()
        .map(|name| {
            format!("  - etcdMembers:\n    - encryptedVolume: true\n      instanceGroup: {group}\n      name: a\n    name: {name}\n")
        })
        .collect();
    let networking = shape.networking.name();
    format!(
        "apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: {cluster}
spec:
  api:
    dns: {{}}
  authorization:
    rbac: {{}}
{cert_manager}  channel: stable
  cloudLabels:
    {tag}: {made}
  cloudProvider: aws
  configBase: {state_store}/{cluster}
  etcdClusters:
{etcd}  iam:
    allowContainerRegistry: true
    legacy: false
  kubelet:
    anonymousAuth: false
  kubernetesApiAccess:
{access}{version}  networkCIDR: {VPC}
  networking:
    {networking}: {{}}
  nonMasqueradeCIDR: 100.64.0.0/10
  sshAccess:
{access}  subnets:
  - cidr: {SUBNET}
    name: {availability_zone}
    type: Public
    zone: {availability_zone}
  topology:
    dns:
      type: Public
",
        tag = addons::TAG
    )
}

/// Its metadata options are those of `kops create cluster`: pods on the node, such as cert-manager, reach the node's role.
///
/// Our security group isn't among `additionalSecurityGroups`: it needs the VPC, which kOps makes in the same step as the
/// instance. It is attached to the interface once that is there, and by the next `bootstrap` to that of a new instance.
fn instance_group(shape: &Shape) -> String {
    let Shape { cluster, availability_zone, instance_type, .. } = shape;
    let image = shape.image.as_ref().map(|image| format!("  image: {image}\n")).unwrap_or_default();
    format!(
        "apiVersion: kops.k8s.io/v1alpha2
kind: InstanceGroup
metadata:
  labels:
    kops.k8s.io/cluster: {cluster}
  name: {group}
spec:
  associatePublicIp: true
{image}  instanceMetadata:
    httpPutResponseHopLimit: 3
    httpTokens: required
  machineType: {instance_type}
  maxSize: 1
  minSize: 1
  role: ControlPlane
  subnets:
  - {availability_zone}
",
        group = group_name(shape)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> DnsName {
        "c02.example.com".parse().expect("name")
    }

    fn shape() -> Shape {
        Shape {
            cluster: name(),
            state_store: "s3://example-com-state".parse().expect("bucket"),
            availability_zone: "eu-central-1a".to_owned(),
            instance_type: "t3.medium".to_owned(),
            kubernetes_version: None,
            networking: Networking::Calico,
            image: None,
            api_access: vec!["0.0.0.0/0".parse().expect("CIDR")],
            certificates_zone: Some("Z02PUBLICEXAMPLECOM".parse().expect("zone")),
            ingress: IngressController::Traefik,
        }
    }

    #[test]
    fn as_it_is_by_default() {
        insta::assert_snapshot!(Specification::render(&shape()).whole());
    }

    #[test]
    fn with_everything_said() {
        let said = Shape {
            kubernetes_version: Some("1.35.2".to_owned()),
            networking: Networking::Cilium,
            image: Some("ami-0123456789abcdef0".to_owned()),
            api_access: ["192.0.2.0/24", "198.51.100.7/32"].map(|cidr| cidr.parse().expect("CIDR")).into(),
            certificates_zone: None,
            ingress: IngressController::Nothing,
            ..shape()
        };
        insta::assert_snapshot!(Specification::render(&said).whole());
    }

    #[test]
    fn what_we_render_we_accept() {
        let whole = Specification::render(&shape()).whole();
        let parsed = Specification::parse(&whole, &name()).expect("our own");
        assert!(parsed.cluster.contains(r#""kind":"Cluster""#) && parsed.instance_groups.contains(r#""kind":"InstanceGroup""#));
        assert_eq!(Specification::parse(&parsed.whole(), &name()).expect("again"), parsed);
    }

    #[test]
    fn what_is_no_single_node_cluster_of_this_name_is_refused() {
        let whole = Specification::render(&shape()).whole();
        let cases = [
            ("", "0 clusters"),
            ("a: [", "no YAML"),
            (&whole.replace("name: c02.example.com", "name: other.example.com"), "of cluster \"other.example.com\""),
            (&whole.replace("kind: InstanceGroup", "kind: Secret"), "\"Secret\""),
            (&whole.replace("maxSize: 1", "maxSize: 3"), "3 control plane nodes"),
            (&whole.replace("role: ControlPlane", "role: Node"), "0 control plane nodes"),
            (&format!("{whole}---\n{}", instance_group(&shape()).replace("role: ControlPlane", "role: Node")), "1 nodes besides"),
        ];
        for (text, why) in cases {
            let failure = Specification::parse(text, &name()).expect_err(why);
            assert!(failure.cause.as_ref().is_some_and(|cause| cause.contains(why)), "{why}: {failure}");
        }
    }
}
