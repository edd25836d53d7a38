//! The planner against generated and hand-written accounts. Nothing here touches the world.

mod cleanup;
mod dns;
mod elastic_ip;
mod firewall;
mod model;
mod private_ip;
pub mod properties;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::observed::{
    Account, Association, AwsState, DnsState, ElasticIp, Eni, HostedZone, IngressRule, Instance, PrivateAddress, Quota, QuotaSource,
    Record, SecurityGroup, Subnet,
};
use super::{Context, elastic_ip::Reuse};
use crate::names::{Again, AllocationId, DnsName, EniId, GroupId, Said};

pub fn name(text: &str) -> DnsName {
    text.parse().expect(text)
}

pub fn ip(text: &str) -> Ipv4Addr {
    text.parse().expect(text)
}

pub fn allocation(number: u8) -> AllocationId {
    format!("eipalloc-{number:017x}").parse().expect("an allocation id")
}

pub fn public(number: u8) -> Ipv4Addr {
    Ipv4Addr::new(198, 18, 77, number)
}

pub fn eni_id() -> EniId {
    "eni-0000000000000000a".parse().expect("an ENI id")
}

pub const PRIMARY: Ipv4Addr = Ipv4Addr::new(172, 20, 32, 10);

pub fn context() -> Context {
    Context {
        cluster: name("c02.example.com"),
        again: Again::new(name("c02.example.com"), Said::default()),
        zone: None,
        hosts: Vec::new(),
        elastic_ip: None,
        reuse: Reuse::AtLimit,
        skip_allocate: false,
        force: false,
    }
}

/// An account with our node and nothing else in it.
pub fn account() -> AwsState {
    AwsState {
        account: Account { id: "123456789012".to_owned(), region: "eu-central-1".to_owned() },
        instance: Instance {
            id: "i-0000000000000000a".parse().expect("an instance id"),
            name: "control-plane-eu-central-1a.masters.c02.example.com".to_owned(),
            state: "running".to_owned(),
            instance_type: "t4g.medium".to_owned(),
            image_id: "ami-00000000".to_owned(),
            addons: None,
            eni: Eni {
                id: eni_id(),
                mac: "02:00:00:00:00:0a".to_owned(),
                vpc_id: "vpc-00000001".to_owned(),
                subnet_id: "subnet-00000001".to_owned(),
                groups: vec![group_id(1)],
                addresses: vec![PrivateAddress { ip: PRIMARY, primary: true, public_ip: Some(public(10)) }],
            },
        },
        subnet: Subnet {
            id: "subnet-00000001".to_owned(),
            cidr: "172.20.32.0/19".parse().expect("a block"),
            in_use: [PRIMARY].into_iter().collect(),
        },
        elastic_ips: Vec::new(),
        quota: Some(Quota { limit: 5, source: QuotaSource::Applied }),
        addresses_per_interface: Some(6),
        security_groups: vec![SecurityGroup {
            id: group_id(1),
            name: "masters.c02.example.com".to_owned(),
            tags: BTreeMap::new(),
            ingress: vec![from_anywhere(22), from_anywhere(443)],
        }],
    }
}

pub fn group_id(number: u8) -> GroupId {
    format!("sg-{number:017x}").parse().expect("a group id")
}

pub fn from_anywhere(port: u16) -> IngressRule {
    IngressRule { protocol: "tcp".to_owned(), from_port: port, to_port: port, source: "0.0.0.0/0".to_owned() }
}

pub fn free(number: u8, tags: &[(&str, &str)]) -> ElasticIp {
    ElasticIp {
        allocation_id: allocation(number),
        public_ip: public(number),
        association: None,
        tags: tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
    }
}

/// Associated with somebody else's interface.
pub fn elsewhere(number: u8, tags: &[(&str, &str)]) -> ElasticIp {
    let association = Association {
        id: format!("eipassoc-{number:017x}"),
        eni: Some("eni-0000000000000000f".parse().expect("an ENI id")),
        instance: None,
        private_ip: Some(ip("10.50.0.9")),
    };
    ElasticIp { association: Some(association), ..free(number, tags) }
}

/// Puts an Elastic IP on a private address of our node's ENI, on both sides as AWS shows it.
pub fn associate(state: &mut AwsState, mut address: ElasticIp, private_ip: Ipv4Addr) {
    address.association = Some(Association {
        id: "eipassoc-0000000000000000a".to_owned(),
        eni: Some(eni_id()),
        instance: Some(state.instance.id.clone()),
        private_ip: Some(private_ip),
    });
    let addresses = &mut state.instance.eni.addresses;
    if !addresses.iter().any(|on_eni| on_eni.ip == private_ip) {
        addresses.push(PrivateAddress { ip: private_ip, primary: false, public_ip: None });
        state.subnet.in_use.insert(private_ip);
    }
    for on_eni in addresses.iter_mut().filter(|on_eni| on_eni.ip == private_ip) {
        on_eni.public_ip = Some(address.public_ip);
    }
    match state.elastic_ips.iter_mut().find(|other| other.allocation_id == address.allocation_id) {
        Some(other) => *other = address,
        None => state.elastic_ips.push(address),
    }
}

pub fn zone() -> HostedZone {
    HostedZone { id: "Z1".to_owned(), name: name("example.com") }
}

pub fn record(name: &str, kind: &str, ttl: i64, values: &[&str]) -> Record {
    Record {
        name: name.to_owned(),
        kind: kind.to_owned(),
        ttl: Some(ttl),
        values: values.iter().map(ToString::to_string).collect(),
        alias: None,
        set_identifier: None,
    }
}

pub fn dns_state(records: Vec<Record>) -> DnsState {
    let mut all = vec![record("api.c02.example.com", "A", 60, &["198.18.77.10"])];
    all.extend(records);
    DnsState { zone: zone(), records: all, complete: true }
}
