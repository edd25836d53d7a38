//! Everything that is looked at, each thing by itself.

use std::net::Ipv4Addr;
use std::time::Duration;

use serde::Serialize;

use super::Need;
use super::observed::{Missing, Observed};
use crate::aws::Permission;
use crate::failure::Failure;
use crate::names::{Again, DnsName};
use crate::node::details::Details;
use crate::plan::data_path::Recorded;
use crate::plan::ingress::Ingress;
use crate::plan::network::Cidr;
use crate::plan::node::NodeState;
use crate::plan::observed::{Account, ElasticIp, HostedZone, Instance, Quota, Record, SecurityGroup};
use crate::plan::{elastic_ip, service};
use crate::verify::http::Answer;
use crate::verify::tls::Handshake;

/// Everything that was looked at.
#[derive(Debug)]
pub struct Facts {
    pub cluster: DnsName,
    /// For commands in remedies.
    pub again: Again,
    /// False for the way without a second address.
    pub secondary_ip: bool,
    pub route_api: bool,
    pub private_sources: Vec<Cidr>,
    /// Seconds since 1970.
    pub now: i64,

    pub region: Observed<String>,
    pub credentials: Observed<()>,
    pub account: Observed<Account>,
    pub permissions: Observed<Vec<Permission>>,
    pub instances: Observed<Vec<Instance>>,
    pub elastic_ips: Observed<Vec<ElasticIp>>,
    pub quota: Observed<Option<Quota>>,
    pub addresses_per_interface: Observed<Option<u32>>,
    pub groups: Observed<Vec<SecurityGroup>>,
    pub public_route: Observed<bool>,
    pub zone: Observed<HostedZone>,
    pub records: Observed<Vec<Record>>,

    pub ssh: Observed<()>,
    pub node: Observed<NodeState>,
    pub details: Observed<Details>,
    /// How far the node's clock is ahead of ours, and by how much that can be wrong, in milliseconds.
    pub clock: Option<(i64, i64)>,

    pub outside: Outside,
    pub names: Names,
    pub hosts: Vec<Host>,
    /// Why there are no hosts to look at.
    pub no_hosts: String,
    /// Through the Kubernetes API.
    pub ingresses: Observed<Vec<Ingress>>,
    /// Through the Kubernetes API, where the data path needs it.
    pub service: Observed<service::Observed>,
    /// See [`service::Wanted::assume_class`].
    pub assume_class: bool,
}

/// Looks from outside at the two public addresses.
#[derive(Debug)]
pub struct Outside {
    /// The API server's name on the primary address.
    pub api: Observed<Handshake>,
    /// An application's name on the Elastic IP (on the primary and port 30443 without one).
    pub applications: Observed<Handshake>,
    /// The API server's name on the Elastic IP.
    pub api_on_elastic_ip: Observed<Handshake>,
    pub http: Observed<Answer>,
}

/// What the resolver of this machine says.
#[derive(Debug)]
pub struct Names {
    /// A name below the zone that nobody has asked for before.
    pub fresh: Observed<Vec<Ipv4Addr>>,
    /// The same name, asked of one of the zone's own name servers.
    pub authoritative: Observed<Vec<Ipv4Addr>>,
    pub fresh_aaaa: Observed<Vec<String>>,
    pub name_servers: Observed<Vec<String>>,
    pub caa: Observed<Vec<String>>,
    pub api: Observed<Vec<Ipv4Addr>>,
    pub api_internal: Observed<Vec<Ipv4Addr>>,
}

/// One host of an application, looked at the way its users come.
#[derive(Debug)]
pub struct Host {
    pub name: DnsName,
    pub a: Observed<Vec<Ipv4Addr>>,
    pub aaaa: Observed<Vec<String>>,
    pub tls: Observed<Handshake>,
    pub https: Observed<Answer>,
    pub http: Observed<Answer>,
}

/// A look at a host, for the time it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostLook {
    Dns,
    Tls,
    Https,
    Http,
    /// The whole way, hop by hop.
    All,
}

/// One step of the way to a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hop {
    pub name: &'static str,
    #[serde(rename = "milliseconds", serialize_with = "super::milliseconds")]
    pub took: Duration,
}

impl Host {
    /// The steps that were made, in their order.
    pub fn hops(&self) -> Vec<Hop> {
        let resolved = self.a.ok().filter(|found| !found.is_empty());
        let shown = self.tls.ok();
        // Without HTTPS what can be had over HTTP.
        let answer = self.https.ok().or(self.http.ok());
        [
            ("DNS", resolved.map(|_| self.a.took)),
            ("TCP", shown.map(|shown| shown.connected)),
            ("TLS", shown.map(|shown| shown.shaken)),
            ("HTTP", answer.map(|answer| answer.took)),
        ]
        .into_iter()
        .filter_map(|(name, took)| Some(Hop { name, took: took? }))
        .collect()
    }

    pub fn took(&self, look: HostLook) -> Duration {
        match look {
            HostLook::Dns => self.a.took.max(self.aaaa.took),
            HostLook::Tls => self.tls.took,
            HostLook::Https => self.https.took,
            HostLook::Http => self.http.took,
            HostLook::All => self.hops().iter().map(|hop| hop.took).sum(),
        }
    }
}

/// The Elastic IP of ours and the private address it leads to.
#[derive(Debug, Clone, Copy)]
pub struct Front<'a> {
    pub address: &'a ElasticIp,
    pub private_ip: Ipv4Addr,
}

impl Facts {
    /// Why there is no account to look at: region, credentials or identity.
    pub fn no_account(&self) -> Option<&Failure> {
        fn failure<T>(observed: &Observed<T>) -> Option<&Failure> {
            observed.failed().ok().flatten()
        }
        failure(&self.region).or_else(|| failure(&self.credentials)).or_else(|| failure(&self.account))
    }

    /// The one control-plane node.
    pub fn instance(&self) -> Result<&Instance, Missing> {
        match self.instances.get()?.as_slice() {
            [one] => Ok(one),
            [] => {
                let region = self.account.ok().map(|account| format!(" in {}", account.region)).unwrap_or_default();
                Err(Missing::untried(format!("there is no control-plane node of {}{region} (instance.found)", self.cluster)))
            }
            _ => Err(Missing::untried("there are several control-plane nodes (instance.found)")),
        }
    }

    pub fn primary(&self) -> Result<Ipv4Addr, Missing> {
        let primary = self.instance()?.eni.primary().map(|address| address.ip);
        primary.ok_or_else(|| Missing::untried("the interface has no primary address"))
    }

    /// Our Elastic IP, wherever it is.
    pub fn elastic_ip(&self) -> Result<&ElasticIp, Missing> {
        if !self.secondary_ip {
            return Err(Missing::untried(match self.unwanted() {
                Some(address) => format!("{} is there, against `--no-secondary-ip` (address.elastic-ip)", address.public_ip),
                None => "the cluster goes without a second address".to_owned(),
            }));
        }
        self.tagged()?.ok_or_else(|| Missing::untried("there is no Elastic IP of ours (address.elastic-ip)"))
    }

    fn tagged(&self) -> Result<Option<&ElasticIp>, Missing> {
        let eni = &self.instance()?.eni.id;
        Ok(elastic_ip::among(self.elastic_ips.get()?, eni, &self.cluster))
    }

    /// Our Elastic IP where there should be none.
    pub fn unwanted(&self) -> Option<&ElasticIp> {
        self.tagged().ok().flatten().filter(|_| !self.secondary_ip)
    }

    /// As its tag says.
    pub fn data_path(&self) -> Recorded {
        Recorded::of(self.elastic_ip().ok())
    }

    /// Our Elastic IP where it should be: on a secondary address of the node's interface.
    pub fn front(&self) -> Result<Front<'_>, Missing> {
        let address = self.elastic_ip()?;
        let eni = &self.instance()?.eni;
        let association = address.association.as_ref().filter(|association| association.eni.as_ref() == Some(&eni.id));
        let private_ip = association.and_then(|association| association.private_ip);
        let private_ip = private_ip.filter(|ip| eni.secondaries().any(|address| address.ip == *ip));
        private_ip.map(|private_ip| Front { address, private_ip }).ok_or_else(|| {
            Missing::untried(format!("Elastic IP {} is not associated with this node (address.association)", address.public_ip))
        })
    }

    /// Where the applications are reached: the Elastic IP, or the primary public address without one.
    pub fn public_ip(&self) -> Result<Ipv4Addr, Missing> {
        if self.secondary_ip {
            return self.front().map(|front| front.address.public_ip);
        }
        let public = self.instance()?.eni.primary().and_then(|address| address.public_ip);
        public.ok_or_else(|| Missing::untried("the node has no public address (instance.public-address)"))
    }

    /// Why an observation is missing; None when it is there.
    pub fn missing(&self, need: Need) -> Option<String> {
        let because = |missing: Missing| missing.because;
        match need {
            Need::Account => self.account.get().err().map(because),
            Need::Instance => self.instance().err().map(because),
            Need::ElasticIps => self.elastic_ips.get().err().map(because),
            Need::Quota => self.quota.get().err().map(because),
            Need::SecurityGroups => self.groups.get().err().map(because),
            Need::Records => self.records.get().err().map(because),
            Need::Node => self.node.get().err().map(because),
            Need::Details => self.details.get().err().map(because),
        }
    }

    pub fn took(&self, need: Need) -> Duration {
        match need {
            Need::Account => self.account.took,
            Need::Instance => self.instances.took,
            Need::ElasticIps => self.elastic_ips.took,
            Need::Quota => self.quota.took,
            Need::SecurityGroups => self.groups.took,
            Need::Records => self.records.took,
            Need::Node => self.node.took,
            Need::Details => self.details.took,
        }
    }
}
