//! A model of the account: what AWS would show after a change. Only as true as the properties need it.

use super::*;
use crate::plan::change::{Change, Deferred};

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
            state.instance.eni.addresses.push(PrivateAddress { ip: *private_ip, primary: false, public_ip: None, allocation_id: None });
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
        Change::Node(_) | Change::RememberRecord { .. } | Change::UpsertRecord { .. } | Change::RequestQuotaIncrease { .. } => {}
    }
}
