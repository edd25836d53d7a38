//! A model of the account: what AWS would show after a change. Only as true as the properties need it.

use super::*;
use crate::plan::change::{Change, Deferred, Holder};

pub const NEW: u8 = 200;

pub fn apply(state: &mut AwsState, changes: &[Change]) {
    changes.iter().for_each(|change| step(state, change));
}

fn step(state: &mut AwsState, change: &Change) {
    match change {
        Change::AllocateElasticIp { tags } => state.elastic_ips.push(ElasticIp { tags: tags.clone(), ..free(NEW, &[]) }),
        Change::TagElasticIp { allocation_id, tags, .. } => {
            state
                .elastic_ips
                .iter_mut()
                .filter(|address| address.allocation_id == *allocation_id)
                .for_each(|address| address.tags.extend(tags.clone()));
        }
        Change::AssignPrivateIp { private_ip, .. } => {
            assert!(state.subnet.in_use.insert(*private_ip), "{private_ip} is in use");
            state.instance.eni.addresses.push(PrivateAddress { ip: *private_ip, primary: false, public_ip: None });
        }
        Change::AssociateElasticIp { allocation_id, private_ip, .. } => {
            let id = allocation_id.clone().known().unwrap_or_else(|| allocation(NEW));
            let address = state.elastic_ips.iter().find(|address| address.allocation_id == id).cloned().expect("an allocated address");
            assert_eq!(address.association, None, "never taken away from what uses it");
            associate(state, address, *private_ip);
        }
        Change::CreateSecurityGroup { name, tags, .. } => {
            state.security_groups.push(SecurityGroup { id: group_id(99), name: name.clone(), tags: tags.clone(), ingress: Vec::new() });
        }
        Change::AuthorizeIngress { group, port } => {
            let id = group.clone().known().unwrap_or_else(|| group_id(99));
            state.security_groups.iter_mut().filter(|group| group.id == id).for_each(|group| group.ingress.push(from_anywhere(*port)));
        }
        Change::AttachSecurityGroup { keep, group, .. } => {
            let id = match group {
                Deferred::Known(id) => id.clone(),
                Deferred::AfterApply => group_id(99),
            };
            state.instance.eni.groups = keep.iter().cloned().chain([id]).collect();
        }
        Change::RememberRecord { holder, tag, value } => remember(state, holder, tag, value),
        Change::DisassociateElasticIp { association_id, .. } => {
            let of_it =
                |address: &&mut ElasticIp| address.association.as_ref().is_some_and(|association| association.id == *association_id);
            for address in state.elastic_ips.iter_mut().filter(of_it) {
                address.association = None;
                let on_eni = state.instance.eni.addresses.iter_mut().filter(|on_eni| on_eni.public_ip == Some(address.public_ip));
                on_eni.for_each(|on_eni| on_eni.public_ip = None);
            }
        }
        Change::UnassignPrivateIp { private_ip, .. } => {
            state.instance.eni.addresses.retain(|address| address.ip != *private_ip);
            state.subnet.in_use.remove(private_ip);
        }
        Change::DetachSecurityGroup { keep, .. } => state.instance.eni.groups = keep.clone(),
        Change::DeleteSecurityGroup { group, .. } => {
            assert!(!state.instance.eni.groups.contains(group), "{group} is in use");
            state.security_groups.retain(|other| other.id != *group);
        }
        Change::ReleaseElasticIp { allocation_id, .. } => {
            let address = state.elastic_ips.iter().find(|address| address.allocation_id == *allocation_id).expect("an address");
            assert_eq!(address.association, None, "released while in use");
            state.elastic_ips.retain(|address| address.allocation_id != *allocation_id);
        }
        Change::GiveBackElasticIp { allocation_id, tags, .. } => {
            let of_it = state.elastic_ips.iter_mut().filter(|address| address.allocation_id == *allocation_id);
            of_it.for_each(|address| address.tags.retain(|key, _| !tags.contains(key)));
        }
        Change::Node(_)
        | Change::Cluster(_)
        | Change::Addon(_)
        | Change::Service(_)
        | Change::RecordDataPath { .. }
        | Change::Images(_)
        | Change::Teardown(_)
        | Change::EditIngress(_)
        | Change::Application(_)
        | Change::K0smotron(_)
        | Change::UpsertRecord { .. }
        | Change::RestoreRecord { .. }
        | Change::RequestQuotaIncrease { .. }
        | Change::Vip(_)
        | Change::Unlock { .. } => {}
    }
}

fn remember(state: &mut AwsState, holder: &Holder, tag: &str, value: &str) {
    let tags = match holder {
        Holder::ElasticIp(id) => {
            let id = id.clone().known().unwrap_or_else(|| allocation(NEW));
            state.elastic_ips.iter_mut().find(|address| address.allocation_id == id).map(|address| &mut address.tags)
        }
        Holder::SecurityGroup(id) => {
            let id = id.clone().known().unwrap_or_else(|| group_id(99));
            state.security_groups.iter_mut().find(|group| group.id == id).map(|group| &mut group.tags)
        }
    };
    tags.expect("something that remembers").insert(tag.to_owned(), value.to_owned());
}

/// The records after a change.
pub fn apply_dns(dns: &mut DnsState, changes: &[Change]) {
    for change in changes {
        match change {
            Change::UpsertRecord { name, ttl, value, .. } => {
                dns.records.retain(|record| !(record.name == *name && record.kind == "A"));
                dns.records.push(record(name, "A", *ttl, &[&value.known().unwrap_or_else(|| public(NEW)).to_string()]));
            }
            Change::RestoreRecord { current, previous, .. } => {
                dns.records.retain(|record| record != current);
                dns.records.extend(previous.clone());
            }
            _ => {}
        }
    }
}
