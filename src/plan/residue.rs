//! What is still there of a cluster after a teardown, service by service, and what it costs.

use serde::Serialize;

use super::images::{Repository, per_month};
use super::observed::{DnsState, ElasticIp, Record};
use super::teardown::Stored;
use super::usage::ADDRESS_PER_MONTH;
use crate::names::DnsName;

/// US dollars a month for a GiB of gp3 in us-east-1; other regions are up to a third dearer
/// (<https://aws.amazon.com/ebs/pricing/>).
const VOLUME_GIB_PER_MONTH: f64 = 0.08;
/// US dollars for 730 hours of a load balancer in us-east-1 at $0.0225, without its traffic
/// (<https://aws.amazon.com/elasticloadbalancing/pricing/>).
const LOAD_BALANCER_PER_MONTH: f64 = 16.43;

/// A thing that carries the cluster's tags or ours.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tagged {
    pub id: String,
    pub kind: TaggedKind,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaggedKind {
    Instance {
        instance_type: String,
        state: String,
    },
    Volume {
        gib: u32,
    },
    LoadBalancer,
    ScalingGroup,
    Role,
    InstanceProfile,
    /// As EC2 spells it: `security-group`, `vpc`, …
    Other(String),
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Residue {
    pub items: Vec<Item>,
    /// US dollars a month (730 hours) for what has a price here; instances have none.
    pub monthly_cost_usd: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    pub service: Service,
    pub kind: String,
    pub id: String,
    /// None where the price isn't known.
    pub monthly_cost_usd: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    Ec2,
    AutoScaling,
    LoadBalancing,
    Iam,
    Route53,
    Ecr,
    S3,
}

impl Service {
    pub fn name(self) -> &'static str {
        match self {
            Self::Ec2 => "EC2",
            Self::AutoScaling => "Auto Scaling",
            Self::LoadBalancing => "load balancing",
            Self::Iam => "IAM",
            Self::Route53 => "Route 53",
            Self::Ecr => "ECR",
            Self::S3 => "S3",
        }
    }
}

/// What there may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub tagged: Vec<Tagged>,
    pub elastic_ips: Vec<ElasticIp>,
    pub zones: Vec<DnsState>,
    /// Those that were to go.
    pub repositories: Vec<Repository>,
    pub stored: Option<Stored>,
    /// Old versions in the state store were to go, too.
    pub all_versions: bool,
}

impl Residue {
    pub fn of(found: &Found, cluster: &DnsName) -> Self {
        let ours = found.elastic_ips.iter().filter(|address| address.is_for(cluster));
        // An adopted address stays, without our tags: one that still has them wasn't given back.
        let addresses = ours.map(|address| Item {
            service: Service::Ec2,
            kind: "Elastic IP".to_owned(),
            id: format!("{} ({})", address.public_ip, address.allocation_id),
            monthly_cost_usd: Some(ADDRESS_PER_MONTH),
        });
        let tagged = found.tagged.iter().filter(|tagged| !is_elastic_ip(tagged)).map(Tagged::item);
        let records = found.zones.iter().flat_map(|zone| &zone.records).filter(|record| is_of_kops(record, cluster)).map(|record| Item {
            service: Service::Route53,
            kind: "DNS record".to_owned(),
            id: format!("{} {}", record.name, record.kind),
            monthly_cost_usd: Some(0.0),
        });
        let repositories = found.repositories.iter().map(|repository| Item {
            service: Service::Ecr,
            kind: "image repository".to_owned(),
            id: repository.name.to_string(),
            monthly_cost_usd: Some(per_month(repository.bytes())),
        });
        let state = found.stored.iter().filter_map(|stored| stored.item(found.all_versions));
        let mut items: Vec<_> = addresses.chain(tagged).chain(records).chain(repositories).chain(state).collect();
        items.sort_by(|a, b| (a.service, &a.kind, &a.id).cmp(&(b.service, &b.kind, &b.id)));
        let cents: f64 = items.iter().filter_map(|item| item.monthly_cost_usd).map(|cost| cost * 100.0).sum();
        Self { monthly_cost_usd: cents.round() / 100.0, items }
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

/// Those are listed with their addresses.
fn is_elastic_ip(tagged: &Tagged) -> bool {
    matches!(&tagged.kind, TaggedKind::Other(kind) if kind == "elastic-ip")
}

impl Tagged {
    pub fn item(&self) -> Item {
        let item = |service, kind: &str, id: String, monthly_cost_usd| Item { service, kind: kind.to_owned(), id, monthly_cost_usd };
        match &self.kind {
            TaggedKind::Instance { instance_type, state } => {
                item(Service::Ec2, "instance", format!("{} ({instance_type}, {state})", self.id), None)
            }
            TaggedKind::Volume { gib } => {
                item(Service::Ec2, "volume", format!("{} ({gib} GiB)", self.id), Some(f64::from(*gib) * VOLUME_GIB_PER_MONTH))
            }
            TaggedKind::LoadBalancer => item(Service::LoadBalancing, "load balancer", self.id.clone(), Some(LOAD_BALANCER_PER_MONTH)),
            TaggedKind::ScalingGroup => item(Service::AutoScaling, "Auto Scaling group", self.id.clone(), Some(0.0)),
            TaggedKind::Role => item(Service::Iam, "role", self.id.clone(), Some(0.0)),
            TaggedKind::InstanceProfile => item(Service::Iam, "instance profile", self.id.clone(), Some(0.0)),
            // NAT gateways are billed, but no public single-node cluster has one.
            TaggedKind::Other(kind) if kind == "natgateway" => item(Service::Ec2, "NAT gateway", self.id.clone(), None),
            TaggedKind::Other(kind) => item(Service::Ec2, &kind.replace('-', " "), self.id.clone(), Some(0.0)),
        }
    }
}

/// The records that kOps and its dns-controller make for a cluster, and deletes with it.
pub fn is_of_kops(record: &Record, cluster: &DnsName) -> bool {
    let Some(host) = record.name.strip_suffix(cluster.as_str()).and_then(|rest| rest.strip_suffix('.')) else { return false };
    let made = ["api", "api.internal", "bastion", "kops-controller.internal"].contains(&host) || host.starts_with("etcd-");
    made && ["A", "AAAA", "TXT"].contains(&record.kind.as_str())
}

impl Stored {
    fn item(&self, all_versions: bool) -> Option<Item> {
        let left = if all_versions { self.versions } else { self.current };
        (left > 0).then(|| Item {
            service: Service::S3,
            kind: "state store".to_owned(),
            id: format!("s3://{}/{} ({left} objects)", self.store.bucket(), self.prefix),
            monthly_cost_usd: Some(0.0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::{dns_state, free, name, record};

    fn nothing() -> Found {
        Found { tagged: vec![], elastic_ips: vec![], zones: vec![], repositories: vec![], stored: None, all_versions: false }
    }

    #[test]
    fn only_what_is_the_cluster_s_is_residue() {
        let cluster = name("c02.example.com");
        let others = Found {
            elastic_ips: vec![free(1, &[]), free(2, &[("k8sport:cluster", "other.example.com")])],
            zones: vec![DnsState {
                records: [
                    ("api.c03.example.com", "A"),
                    ("www.c02.example.com", "A"),
                    ("badapi.c02.example.com", "A"),
                    ("c02.example.com", "A"),
                ]
                .map(|(name, kind)| record(name, kind, 60, &["192.0.2.1"]))
                .to_vec(),
                ..dns_state(vec![])
            }],
            ..nothing()
        };
        assert!(Residue::of(&others, &cluster).is_empty(), "{:?}", Residue::of(&others, &cluster));
        assert_eq!(Residue::of(&nothing(), &cluster), Residue { items: vec![], monthly_cost_usd: 0.0 });
    }

    #[test]
    fn it_is_sorted_by_service_and_priced_where_the_price_is_known() {
        let tagged = |id: &str, kind| Tagged { id: id.to_owned(), kind };
        let found = Found {
            tagged: vec![
                tagged("net/shop", TaggedKind::LoadBalancer),
                tagged("vol-1", TaggedKind::Volume { gib: 20 }),
                tagged("i-1", TaggedKind::Instance { instance_type: "t4g.medium".to_owned(), state: "running".to_owned() }),
                tagged("eipalloc-1", TaggedKind::Other("elastic-ip".to_owned())),
                tagged("sg-1", TaggedKind::Other("security-group".to_owned())),
                tagged("lt-1", TaggedKind::Other("launch-template".to_owned())),
                tagged("nodes.c02.example.com", TaggedKind::Role),
                tagged("nodes.c02.example.com", TaggedKind::InstanceProfile),
                tagged("nodes-eu-central-1a.c02.example.com", TaggedKind::ScalingGroup),
            ],
            elastic_ips: vec![free(1, &[("k8sport:cluster", "c02.example.com")])],
            zones: vec![dns_state(vec![])],
            ..nothing()
        };
        let residue = Residue::of(&found, &name("c02.example.com"));
        let lines: Vec<_> = residue.items.iter().map(|item| format!("{} {} {}", item.service.name(), item.kind, item.id)).collect();
        assert_eq!(
            lines,
            [
                "EC2 Elastic IP 198.18.77.1 (eipalloc-00000000000000001)",
                "EC2 instance i-1 (t4g.medium, running)",
                "EC2 launch template lt-1",
                "EC2 security group sg-1",
                "EC2 volume vol-1 (20 GiB)",
                "Auto Scaling Auto Scaling group nodes-eu-central-1a.c02.example.com",
                "load balancing load balancer net/shop",
                "IAM instance profile nodes.c02.example.com",
                "IAM role nodes.c02.example.com",
                "Route 53 DNS record api.c02.example.com A",
            ]
        );
        assert!((residue.monthly_cost_usd - 21.68).abs() < 0.001, "{}", residue.monthly_cost_usd);
    }
}
