//! `cleanup`: everything that k8sport made for a cluster goes, and nothing else. It works from what is there, so the node
//! or the whole cluster may be gone, and a run may have stopped anywhere.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::change::Change;
use super::elastic_ip::in_use_by;
use super::node::{self, NodeState, Removal};
use super::observed::{Account, DnsState, ElasticIp, Eni, Instance, Quota, Record, SecurityGroup};
use super::ownership::{Before, ENI, FORMER, former, is_ours, record_tag};
use super::{Note, Plan, service};
use crate::names::DnsName;

/// What there may be of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remains {
    pub account: Account,
    /// None when the cluster's node is gone.
    pub instance: Option<Instance>,
    /// All Elastic IPs of the region.
    pub elastic_ips: Vec<ElasticIp>,
    pub quota: Option<Quota>,
    /// The ENIs that our Elastic IPs' tags and associations name, and those with our security group.
    pub interfaces: Vec<Eni>,
    /// Tagged for the cluster, in any VPC.
    pub groups: Vec<SecurityGroup>,
    /// All public hosted zones: an address is released only after none of their records has it.
    pub zones: Vec<DnsState>,
    /// None when the node is gone or left out.
    pub node: Option<NodeState>,
    /// None where the data path is HAProxy, or the cluster gone or left out.
    pub cluster: Option<service::Observed>,
}

impl Remains {
    /// Whether anything of it is there, or of ours for it.
    pub fn is_of(&self, cluster: &DnsName) -> bool {
        let ours = self.elastic_ips.iter().any(|address| address.is_for(cluster)) || self.groups.iter().any(|group| group.is_for(cluster));
        ours || self.instance.is_some()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub cluster: DnsName,
    pub purge_packages: bool,
}

/// The changes in the order in which they are done: DNS first, address last.
pub fn plan(remains: &Remains, wanted: &Wanted) -> Plan {
    let cluster = &wanted.cluster;
    let ours: Vec<_> = remains.elastic_ips.iter().filter(|address| address.is_for(cluster)).collect();
    let mut plan = records(remains, &ours);
    let services = remains.cluster.as_ref().map(service::removal).unwrap_or_default();
    plan.changes.extend(services.into_iter().map(Change::Service));
    if let Some(state) = &remains.node {
        let removal = Removal { purge_packages: wanted.purge_packages };
        plan.changes.extend(node::removal(state, &removal).into_iter().map(Change::Node));
        plan.notes.extend(node::removal_notes(state, &removal).into_iter().map(Note::info));
    }
    for address in &ours {
        network(remains, address, &mut plan);
    }
    plan.notes.extend(of_an_address_that_is_gone(remains, &ours));
    plan.notes.extend(names_of_an_address_that_is_gone(remains, &plan));
    for group in remains.groups.iter().filter(|group| group.is_for(cluster)) {
        firewall(remains, &ours, group, &mut plan);
    }
    for address in &ours {
        release(remains, address, &mut plan);
    }
    plan
}

/// Records are ours by the tag that remembers what was there before them.
fn records(remains: &Remains, ours: &[&ElasticIp]) -> Plan {
    let mut plan = Plan::default();
    let memory: BTreeMap<_, _> =
        ours.iter().map(|address| &address.tags).chain(remains.groups.iter().map(|group| &group.tags)).flatten().collect();
    let primary = remains.instance.iter().filter_map(|instance| instance.eni.primary()?.public_ip);
    let former = former(memory.get(&FORMER.to_owned()).copied(), &remains.elastic_ips);
    let addresses: Vec<String> =
        ours.iter().map(|address| address.public_ip).chain(primary).chain(former).map(|ip| ip.to_string()).collect();
    for (zone, record) in all_records(remains) {
        let Some(before) = record_tag(&record.name).and_then(|tag| memory.get(&tag).copied()) else { continue };
        if record.kind != "A" {
            continue;
        }
        let still_ours =
            record.alias.is_none() && record.set_identifier.is_none() && record.values.iter().all(|value| addresses.contains(value));
        if !still_ours {
            plan.notes.push(Note::info(format!("record {} A stays: somebody has changed it to {}", record.name, record.values.join(" "))));
            continue;
        }
        let previous = match Before::from_tag(&record.name, before) {
            Before::Record(previous) => Some(previous),
            Before::Nothing => None,
            Before::Lost => {
                plan.notes
                    .push(Note::warning(format!("what was at {} before could not be remembered, so it can't be put back", record.name)));
                None
            }
        };
        if previous.as_ref() != Some(record) {
            plan.changes.push(Change::RestoreRecord { zone: zone.zone.clone(), current: record.clone(), previous });
        }
    }
    plan
}

fn all_records(remains: &Remains) -> impl Iterator<Item = (&DnsState, &Record)> {
    remains.zones.iter().flat_map(|zone| zone.records.iter().map(move |record| (zone, record)))
}

/// Association and private IP of one of our addresses, unless they were there before us.
fn network(remains: &Remains, address: &ElasticIp, plan: &mut Plan) {
    let association = address.association.as_ref();
    let eni_id =
        association.and_then(|association| association.eni.as_ref()).map(ToString::to_string).or_else(|| address.tags.get(ENI).cloned());
    let eni = remains.interfaces.iter().find(|eni| Some(eni.id.as_str()) == eni_id.as_deref());
    let private_ip = association.and_then(|association| association.private_ip).or_else(|| address.intended_private_ip());
    let on_eni = eni.zip(private_ip).and_then(|(eni, ip)| eni.address(ip));
    if on_eni.is_some_and(|on_eni| on_eni.primary) {
        plan.notes.push(Note::warning(format!(
            "{} stays associated: it is on the primary private IP of {}, and without it the node might have no public address",
            address.public_ip,
            in_use_by(address)
        )));
        return;
    }
    if let Some(association) = association
        && !address.found("association")
    {
        plan.changes.push(Change::DisassociateElasticIp {
            association_id: association.id.clone(),
            public_ip: address.public_ip,
            private_ip: association.private_ip,
        });
    }
    if let (Some(eni), Some(on_eni)) = (eni, on_eni)
        && !address.found("private-ip")
        && on_eni.public_ip.is_none_or(|public_ip| public_ip == address.public_ip)
    {
        plan.changes.push(Change::UnassignPrivateIp { eni: eni.id.clone(), private_ip: on_eni.ip });
    }
}

/// A private IP has no tags: whether it is ours stands on the Elastic IP, which somebody may have released.
fn of_an_address_that_is_gone(remains: &Remains, ours: &[&ElasticIp]) -> Option<Note> {
    let eni = &remains.instance.as_ref()?.eni;
    let ip = remains.node.as_ref()?.our_secondary()?;
    let told = |address: &&ElasticIp| {
        let associated = address.association.as_ref().and_then(|association| association.private_ip);
        associated == Some(ip) || address.intended_private_ip() == Some(ip)
    };
    if eni.address(ip)?.primary || ours.iter().any(told) {
        return None;
    }
    Some(Note::warning(format!(
        "private IP {ip} stays on {}: the Elastic IP that told whose it is, is gone. If nobody needs it: aws ec2 \
         unassign-private-ip-addresses --region {} --network-interface-id {} --private-ip-addresses {ip}",
        eni.id, remains.account.region, eni.id
    )))
}

/// Nothing of ours says whose these records are, but the node says that the address was ours.
fn names_of_an_address_that_is_gone(remains: &Remains, plan: &Plan) -> Option<Note> {
    let public = remains.node.as_ref()?.our_public()?;
    if remains.elastic_ips.iter().any(|address| address.public_ip == public) {
        return None;
    }
    let named = still_named(remains, public, plan);
    (!named.is_empty()).then(|| {
        Note::warning(format!(
            "these names lead to {public}, which was this cluster's Elastic IP and is released, so it may be anybody's by now: {}. Remove \
             them, or have them lead elsewhere",
            named.join(", ")
        ))
    })
}

fn firewall(remains: &Remains, ours: &[&ElasticIp], group: &SecurityGroup, plan: &mut Plan) {
    let is_node = |eni: &Eni| {
        let tagged = ours.iter().any(|address| address.tags.get(ENI).is_some_and(|tag| tag == eni.id.as_str()));
        tagged || remains.instance.as_ref().is_some_and(|instance| instance.eni.id == eni.id)
    };
    let mut in_use_elsewhere = Vec::new();
    for eni in remains.interfaces.iter().filter(|eni| eni.groups.contains(&group.id)) {
        let keep: Vec<_> = eni.groups.iter().filter(|id| **id != group.id).cloned().collect();
        if is_node(eni) && !keep.is_empty() {
            plan.changes.push(Change::DetachSecurityGroup { eni: eni.id.clone(), keep, group: group.id.clone() });
        } else {
            in_use_elsewhere.push(eni.id.to_string());
        }
    }
    if in_use_elsewhere.is_empty() {
        plan.changes.push(Change::DeleteSecurityGroup { group: group.id.clone(), name: group.name.clone() });
    } else {
        let users = in_use_elsewhere.join(", ");
        plan.notes.push(Note::warning(format!("security group {} ({}) stays: {users} would be left without it", group.name, group.id)));
    }
}

fn release(remains: &Remains, address: &ElasticIp, plan: &mut Plan) {
    let (allocation_id, public_ip) = (address.allocation_id.clone(), address.public_ip);
    if !address.is_owned() {
        let tags = address.tags.keys().filter(|key| is_ours(key)).cloned().collect();
        plan.changes.push(Change::GiveBackElasticIp { allocation_id, public_ip, tags });
        return;
    }
    let left_associated = address.association.is_some()
        && !plan.changes.iter().any(|change| matches!(change, Change::DisassociateElasticIp { public_ip: gone, .. } if *gone == public_ip));
    let named = still_named(remains, public_ip, plan);
    if left_associated {
        plan.notes.push(Note::warning(format!("Elastic IP {public_ip} stays: it is still associated")));
    } else if named.is_empty() {
        plan.changes.push(Change::ReleaseElasticIp { allocation_id, public_ip });
    } else {
        plan.notes.push(Note::warning(format!(
            "Elastic IP {public_ip} stays: {} would lead to whoever gets the address next; remove them and run cleanup again",
            named.join(", ")
        )));
    }
}

/// The records that have the address after the plan's own changes.
fn still_named(remains: &Remains, public_ip: Ipv4Addr, plan: &Plan) -> Vec<String> {
    let text = public_ip.to_string();
    let put_back = |zone: &DnsState, record: &Record| {
        plan.changes.iter().find_map(|change| match change {
            Change::RestoreRecord { zone: of, current, previous } if *of == zone.zone && current == record => Some(previous.clone()),
            _ => None,
        })
    };
    all_records(remains)
        .filter(|(zone, record)| match put_back(zone, record) {
            Some(previous) => previous.is_some_and(|previous| previous.values.contains(&text)),
            None => record.kind == "A" && record.values.contains(&text),
        })
        .map(|(_, record)| record.name.clone())
        .collect()
}
