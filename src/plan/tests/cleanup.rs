//! What cleanup takes down, what it leaves, and that set-up and cleanup together leave the account as it was.

use super::model::{self, NEW};
use super::properties::{build, kinds};
use super::*;
use crate::plan::Plan;
use crate::plan::change::{Change, Deferred, Holder};
use crate::plan::cleanup::{Remains, Wanted, plan};
use crate::plan::data_path::Recorded;
use crate::plan::dns::{self, Target};
use crate::plan::ownership::is_ours;
use crate::plan::secondary_ip::{self, Configured};
use proptest::prelude::*;

fn remains(state: &AwsState, dns: &DnsState) -> Remains {
    Remains {
        account: state.account.clone(),
        instance: Some(state.instance.clone()),
        elastic_ips: state.elastic_ips.clone(),
        quota: state.quota,
        interfaces: vec![state.instance.eni.clone()],
        groups: state.security_groups.iter().filter(|group| group.is_for(&context().cluster)).cloned().collect(),
        zones: vec![dns.clone()],
        node: None,
        cluster: None,
    }
}

fn cleanup(state: &AwsState, dns: &DnsState) -> Plan {
    plan(&remains(state, dns), &Wanted { cluster: context().cluster, purge_packages: false })
}

/// The AWS side of a set-up on the model, with its wildcard record.
fn set_up(state: &mut AwsState, dns_state: &mut DnsState, context: &Context, by_scripts: Option<Ipv4Addr>) -> bool {
    let configured = Configured { by_scripts, by_us: None, public: None };
    let Ok(second) = secondary_ip::plan(state, context, configured, Recorded::Haproxy) else { return false };
    model::apply(state, &second.changes);
    let ours = crate::plan::elastic_ip::ours(state, context).expect("an address of ours").clone();
    let target = Target {
        public_ip: Deferred::Known(ours.public_ip),
        holder: Some(Holder::ElasticIp(Deferred::Known(ours.allocation_id))),
        tags: ours.tags,
    };
    let Ok(names) = dns::plan(dns_state, state, context, &target) else { return false };
    model::apply(state, &names.changes);
    model::apply_dns(dns_state, &names.changes);
    true
}

fn take_down(state: &mut AwsState, dns: &mut DnsState) {
    let plan = cleanup(state, dns);
    model::apply(state, &plan.changes);
    model::apply_dns(dns, &plan.changes);
}

#[test]
fn what_was_set_up_goes_in_the_safe_order() {
    let (mut state, mut dns) = (account(), dns_state(vec![]));
    assert!(set_up(&mut state, &mut dns, &context(), None));
    let plan = cleanup(&state, &dns);
    let lines: Vec<_> = plan.changes.iter().map(|change| change.summary().sentence()).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    DNS record *.example.com A 198.18.77.200 TTL 60
    association 198.18.77.200 -> 172.20.63.254
    private IP 172.20.63.254 from eni-0000000000000000a
    security group detach sg-00000000000000063 from eni-0000000000000000a
    security group k8sport.c02.example.com (sg-00000000000000063)
    Elastic IP release 198.18.77.200 (eipalloc-000000000000000c8)
    ");
}

#[test]
fn the_scripts_address_stays_where_it_was_and_the_record_gets_its_old_ttl() {
    let mut state = account();
    associate(&mut state, free(101, &[]), ip("172.20.63.20"));
    let mut dns = dns_state(vec![record("*.example.com", "A", 300, &["198.18.77.101"])]);
    let (before, before_dns) = (state.clone(), dns.clone());
    assert!(set_up(&mut state, &mut dns, &context(), Some(ip("172.20.63.20"))));
    assert_ne!(state, before);
    take_down(&mut state, &mut dns);
    assert_eq!(state, before);
    assert_eq!(dns, before_dns);
}

#[test]
fn an_address_is_not_released_while_a_name_leads_to_it() {
    let (mut state, mut dns) = (account(), dns_state(vec![]));
    assert!(set_up(&mut state, &mut dns, &context(), None));
    dns.records.push(record("shop.example.com", "A", 300, &["198.18.77.200"]));
    let plan = cleanup(&state, &dns);
    assert!(!plan.changes.iter().any(|change| matches!(change, Change::ReleaseElasticIp { .. })));
    assert!(plan.notes.iter().any(|note| note.text.contains("shop.example.com")));
    // The record that somebody else made isn't touched.
    assert!(
        !plan.changes.iter().any(|change| matches!(change, Change::RestoreRecord { current, .. } if current.name == "shop.example.com"))
    );
}

#[test]
fn a_record_that_somebody_changed_since_is_left() {
    let (mut state, mut dns) = (account(), dns_state(vec![]));
    assert!(set_up(&mut state, &mut dns, &context(), None));
    dns.records.retain(|record| record.name != "*.example.com");
    dns.records.push(record("*.example.com", "A", 60, &["192.0.2.9"]));
    let plan = cleanup(&state, &dns);
    assert!(!plan.changes.iter().any(|change| matches!(change, Change::RestoreRecord { .. })));
    assert!(plan.changes.iter().any(|change| matches!(change, Change::ReleaseElasticIp { .. })), "nothing leads to it any more");
}

#[test]
fn with_the_cluster_gone_the_address_and_the_record_still_go() {
    let (mut state, mut dns) = (account(), dns_state(vec![]));
    assert!(set_up(&mut state, &mut dns, &context(), None));
    // AWS drops the association with the interface.
    state.elastic_ips.iter_mut().for_each(|address| address.association = None);
    let gone = Remains { instance: None, interfaces: vec![], groups: vec![], ..remains(&state, &dns) };
    let plan = plan(&gone, &Wanted { cluster: context().cluster, purge_packages: false });
    assert!(
        matches!(plan.changes.as_slice(), [Change::RestoreRecord { previous: None, .. }, Change::ReleaseElasticIp { .. }]),
        "{:?}",
        plan.changes
    );
}

#[test]
fn a_group_that_somebody_else_uses_stays() {
    let (mut state, mut dns) = (account(), dns_state(vec![]));
    assert!(set_up(&mut state, &mut dns, &context(), None));
    let other = Eni { id: "eni-0000000000000000e".parse().expect("an ENI id"), groups: vec![group_id(99)], ..state.instance.eni.clone() };
    let mut remains = remains(&state, &dns);
    remains.interfaces.push(other);
    let plan = plan(&remains, &Wanted { cluster: context().cluster, purge_packages: false });
    assert!(!plan.changes.iter().any(|change| matches!(change, Change::DeleteSecurityGroup { .. })));
}

proptest! {
    #[test]
    fn set_up_and_cleanup_leave_the_account_as_it_was(kinds in kinds(), pods in 0_u8..4, reuse in prop::sample::select(vec![Reuse::AtLimit, Reuse::First])) {
        let mut state = build(&kinds, Some(9), pods);
        let mut dns = dns_state(vec![record("www.example.com", "A", 300, &["192.0.2.80"])]);
        // Whatever runs before had left of ours goes first.
        take_down(&mut state, &mut dns);
        let (before, before_dns) = (state.clone(), dns.clone());
        let context = Context { reuse, ..context() };
        prop_assume!(set_up(&mut state, &mut dns, &context, None));
        take_down(&mut state, &mut dns);
        prop_assert_eq!(&state, &before);
        prop_assert_eq!(&dns, &before_dns);
    }

    #[test]
    fn cleanup_names_only_what_is_tagged_and_leaves_nothing_to_do(kinds in kinds(), pods in 0_u8..4, set_up_first in any::<bool>()) {
        let mut state = build(&kinds, None, pods);
        let mut dns = dns_state(vec![record("*.example.com", "A", 60, &["198.18.77.10"])]);
        if set_up_first {
            set_up(&mut state, &mut dns, &context(), None);
        }
        let ours = |id: &AllocationId| state.elastic_ips.iter().any(|address| address.allocation_id == *id && address.is_for(&context().cluster));
        for change in &cleanup(&state, &dns).changes {
            match change {
                Change::ReleaseElasticIp { allocation_id, .. } => {
                    prop_assert!(ours(allocation_id));
                    prop_assert!(state.elastic_ips.iter().any(|address| address.allocation_id == *allocation_id && address.is_owned()));
                }
                Change::GiveBackElasticIp { allocation_id, tags, .. } => prop_assert!(ours(allocation_id) && tags.iter().all(|tag| is_ours(tag))),
                Change::DisassociateElasticIp { public_ip, .. } => {
                    prop_assert!(state.elastic_ips.iter().any(|address| address.public_ip == *public_ip && address.is_for(&context().cluster)));
                }
                Change::UnassignPrivateIp { private_ip, .. } => {
                    let named = |address: &ElasticIp| {
                        address.is_for(&context().cluster)
                            && (address.intended_private_ip() == Some(*private_ip)
                                || address.association.as_ref().is_some_and(|association| association.private_ip == Some(*private_ip)))
                    };
                    prop_assert!(state.elastic_ips.iter().any(named), "{} is a pod's or somebody's", private_ip);
                }
                _ => {}
            }
        }
        take_down(&mut state, &mut dns);
        prop_assert_eq!(cleanup(&state, &dns).changes, Vec::<Change>::new());
        prop_assert!(state.elastic_ips.iter().all(|address| address.public_ip != public(NEW)));
    }
}
