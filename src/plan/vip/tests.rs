//! Plans over nodes as they are met.

mod refusals;
mod starting;

use std::net::Ipv4Addr;

use super::files::{self, VipFile};
use super::observed::{HAPROXY, HAPROXY_CONFIG, KEEPALIVED, KEEPALIVED_CONFIG};
use super::setup::{Wanted, plan};
use super::{Answer, ControlPlane, Member, Vip, VipAction, VipChange, cleanup, without_keepalived};
use crate::failure::Kind;
use crate::names::Said;
use crate::plan::Plan;
use crate::plan::change::Change;
use crate::plan::node::{Address, FileState, ListenAddress, Listener, UnitState};

fn ip(text: &str) -> Ipv4Addr {
    text.parse().expect("an address")
}

const VIP: &str = "10.0.0.100";

pub fn member(last: u8) -> Member {
    let address = Ipv4Addr::new(10, 0, 0, last);
    let mut state = ControlPlane { hostname: format!("cp{last}"), ..ControlPlane::default() };
    state.addresses.push(on_eth0(address, 24));
    state.listeners.push(Listener {
        address: ListenAddress::Wildcard,
        port: 6443,
        process: "kube-apiserver".into(),
        pid: None,
        unit: None,
    });
    state.packages = ["keepalived", "haproxy", "curl"].map(str::to_owned).into();
    Member { address, state }
}

pub fn on_eth0(ip: Ipv4Addr, prefix: u8) -> Address {
    Address { interface: "eth0".parse().expect("a name"), ip, prefix, scope: "global".into(), secondary: false, dynamic: false }
}

fn file(content: &str, mode: &str) -> FileState {
    FileState { content: content.to_owned(), sha256: "0".repeat(64), mode: format!("{mode} root:root") }
}

fn running() -> UnitState {
    UnitState { loaded: true, enabled: true, active: true, sub_state: "running".into(), ..UnitState::default() }
}

/// As in the document: keepalived has the VIP, HAProxy wants it.
fn of_the_document(last: u8, holder: bool) -> Member {
    let mut member = member(last);
    let state = &mut member.state;
    state.files.insert(
        KEEPALIVED_CONFIG.into(),
        file("vrrp_instance VI_1 {\n virtual_router_id 51\n virtual_ipaddress {\n 10.0.0.100\n }\n}\n", "644"),
    );
    state.files.insert(HAPROXY_CONFIG.into(), file("frontend a\n bind 10.0.0.100:6443\n", "644"));
    state.units.insert(KEEPALIVED.into(), running());
    state
        .units
        .insert(HAPROXY.into(), UnitState { loaded: true, enabled: true, sub_state: "failed".into(), restarts: 5, ..UnitState::default() });
    if holder {
        state.addresses.push(on_eth0(ip(VIP), 32));
    }
    member
}

fn wanted(members: &[Member]) -> Wanted {
    let vip = Vip { address: ip(VIP), port: 6443 };
    let all = members.iter().map(|member| member.address).collect();
    Wanted { vip, said: Said::default(), balancer: None, router_id: None, take_over: false, api_runs: true, all }
}

fn clean_up(members: &[Member]) -> Plan {
    cleanup::plan(members, wanted(members).vip, false).expect("a plan")
}

fn changes(plan: &Plan) -> Vec<&VipChange> {
    plan.changes.iter().filter_map(|change| if let Change::Vip(change) = change { Some(&**change) } else { None }).collect()
}

/// The world after a plan.
fn apply(members: &mut [Member], plan: &Plan) {
    for change in changes(plan) {
        let state = &mut members.iter_mut().find(|member| member.address == change.node).expect("a member").state;
        match &change.action {
            VipAction::WriteFile { file: new, .. } => {
                state.files.insert(new.path().into(), file(&new.render(), new.mode()));
            }
            VipAction::StartVip { .. } => {
                state.units.insert(files::UNIT.into(), running());
                state.loaded.insert(files::KEEPALIVED.into());
            }
            VipAction::StartBalancer { .. } => {
                state.units.insert(files::BALANCER_UNIT.into(), running());
                state.loaded.insert(files::BALANCER.into());
            }
            VipAction::TakeOver { unit, .. } => {
                let taken = state.file(files::TAKEN).unwrap_or_default().to_owned() + unit + " active enabled\n";
                state.files.insert(files::TAKEN.into(), file(&taken, "644"));
                state.units.remove(*unit);
            }
            VipAction::GiveBack { unit } => drop(state.units.insert(unit.clone(), running())),
            VipAction::StopUnit { unit } => drop(state.units.remove(*unit)),
            VipAction::RemoveFiles { files } => files.iter().for_each(|path| drop(state.files.remove(path))),
            VipAction::InstallPackage { package } => drop(state.packages.insert((*package).to_owned())),
            VipAction::PurgePackages { packages } => state.packages.retain(|package| !packages.contains(package)),
        }
    }
}

#[test]
fn a_second_run_has_nothing_to_do_and_cleanup_leaves_nothing() {
    for balancer in [None, Some(8443)] {
        let mut members = [member(10), member(11), member(12)];
        let wanted = Wanted { balancer, ..wanted(&members) };
        let first = plan(&members, &wanted).expect("a plan");
        assert!(!first.changes.is_empty());
        apply(&mut members, &first);
        assert_eq!(plan(&members, &wanted).expect("a plan").changes, []);
        // Without HAProxy again, and back.
        let without = Wanted { balancer: None, ..wanted.clone() };
        let plan_without = plan(&members, &without).expect("a plan");
        // Whoever uses HAProxy's port hears that it goes.
        let told = plan_without.notes.iter().any(|note| note.text.contains("--balancer-port 8443"));
        assert_eq!(told, balancer.is_some());
        apply(&mut members, &plan_without);
        assert!(members.iter().all(|member| !member.state.files.contains_key(files::BALANCER)));
        assert_eq!(plan(&members, &without).expect("a plan").changes, []);
        let gone = clean_up(&members);
        apply(&mut members, &gone);
        assert!(members.iter().all(|member| member.state.files.is_empty() && member.state.units.is_empty()));
        assert_eq!(clean_up(&members).changes, []);
    }
}

#[test]
fn what_is_not_ours_is_refused_and_then_taken_over_with_the_holder_last() {
    let mut members = [of_the_document(10, true), of_the_document(11, false), of_the_document(12, false)];
    let refused = plan(&members, &wanted(&members)).expect_err("a refusal");
    assert!(refused.kind == Kind::Refused && refused.next[0].contains("--take-over"), "{refused:?}");
    let wanted = Wanted { take_over: true, ..wanted(&members) };
    let planned = plan(&members, &wanted).expect("a plan");
    let keepalived: Vec<_> = changes(&planned)
        .into_iter()
        .filter_map(|change| match &change.action {
            VipAction::TakeOver { unit, .. } if *unit == KEEPALIVED => Some((change.node.octets()[3], "ends")),
            VipAction::StartVip { .. } => Some((change.node.octets()[3], "starts")),
            _ => None,
        })
        .collect();
    // Two kinds of VRRP never hold the address at once.
    assert_eq!(keepalived, [(11, "ends"), (12, "ends"), (10, "ends"), (10, "starts"), (11, "starts"), (12, "starts")]);
    // An end between the two leaves nodes without any, and says so.
    let all: Vec<_> = changes(&planned).into_iter().cloned().collect();
    let first = all.iter().position(|change| matches!(change.action, VipAction::StartVip { .. })).expect("a start");
    assert_eq!(without_keepalived(&all, first).len(), 3);
    assert_eq!(without_keepalived(&all, first + 1), ["cp11 (10.0.0.11)", "cp12 (10.0.0.12)"]);
    assert_eq!(without_keepalived(&all, 0), [] as [&str; 0]);
    apply(&mut members, &planned);
    assert_eq!(plan(&members, &wanted).expect("a plan").changes, []);
    let back = clean_up(&members);
    let steps: Vec<_> = changes(&back)
        .into_iter()
        .filter_map(|change| match &change.action {
            VipAction::StopUnit { .. } => Some((change.node.octets()[3], "ends")),
            VipAction::GiveBack { unit } if unit == KEEPALIVED => Some((change.node.octets()[3], "starts")),
            _ => None,
        })
        .collect();
    assert_eq!(steps, [(11, "ends"), (12, "ends"), (10, "ends"), (10, "starts"), (11, "starts"), (12, "starts")]);
    assert!(back.notes.is_empty());
}

#[test]
fn packages_go_only_where_nobody_else_uses_them() {
    let mut members = [member(10), member(11), member(12)];
    for member in &mut members {
        member.state.installed_by_us.present = ["haproxy", "keepalived", "libsnmp40"].map(str::to_owned).into();
    }
    members[1].state.installed_by_us.uses.push("/etc/haproxy/haproxy.cfg was changed".to_owned());
    members[2].state.units.insert(HAPROXY.into(), running());
    let vip = wanted(&members).vip;
    let planned = cleanup::plan(&members, vip, true).expect("a plan");
    let purged: Vec<_> = changes(&planned)
        .iter()
        .filter_map(|change| match &change.action {
            VipAction::PurgePackages { packages } => Some((change.node.octets()[3], packages.join(" "))),
            _ => None,
        })
        .collect();
    assert_eq!(purged, [(10, "haproxy keepalived libsnmp40".to_owned())]);
    let notes: Vec<_> = planned.notes.iter().map(|note| note.text.as_str()).collect();
    assert!(notes[0].contains("cp11") && notes[0].contains("haproxy.cfg was changed"), "{notes:?}");
    assert!(notes[1].contains("cp12") && notes[1].contains("haproxy.service is in use"), "{notes:?}");
    // Not asked for: they stay, and it is said how they go.
    let kept = cleanup::plan(&members, vip, false).expect("a plan");
    assert!(kept.changes.is_empty() && kept.notes.len() == 3 && kept.notes[0].text.contains("`--purge-packages`"), "{kept:?}");
}

#[test]
fn priorities_differ_and_come_from_the_addresses_alone() {
    let members: Vec<_> = (10..20).map(member).collect();
    let priorities = |members: &[Member]| {
        let planned = plan(members, &wanted(members)).expect("a plan");
        let of = |change: &&VipChange| match &change.action {
            VipAction::WriteFile { file: VipFile::Keepalived(keepalived), .. } => Some((change.node, keepalived.priority)),
            _ => None,
        };
        changes(&planned).iter().filter_map(of).collect::<std::collections::BTreeMap<_, _>>()
    };
    let there = priorities(&members);
    let different: std::collections::BTreeSet<_> = there.values().collect();
    assert_eq!(different.len(), members.len());
    let mut turned = members.clone();
    turned.reverse();
    assert_eq!(priorities(&turned), there);
}

#[test]
fn nodes_reach_each_other_in_the_network_of_the_vip() {
    let mut members = [member(10), member(11)];
    for member in &mut members {
        member.address = Ipv4Addr::new(192, 168, 0, member.address.octets()[3]);
        let ssh = Address { interface: "eth1".parse().expect("a name"), ..on_eth0(member.address, 24) };
        member.state.addresses.insert(0, ssh);
    }
    let wanted = Wanted { balancer: Some(8443), ..wanted(&members) };
    let planned = plan(&members, &wanted).expect("a plan");
    for change in changes(&planned) {
        match &change.action {
            VipAction::WriteFile { file: VipFile::Keepalived(file), .. } => {
                let own = Ipv4Addr::new(10, 0, 0, change.node.octets()[3]);
                let peer = Ipv4Addr::new(10, 0, 0, if own.octets()[3] == 10 { 11 } else { 10 });
                assert_eq!((file.interface.to_string().as_str(), file.own, &file.peers), ("eth0", own, &vec![peer]));
            }
            VipAction::WriteFile { file: VipFile::Balancer { servers, .. }, .. } => {
                assert_eq!(servers, &[ip("10.0.0.10"), ip("10.0.0.11")]);
            }
            _ => {}
        }
    }
    apply(&mut members, &planned);
    assert_eq!(plan(&members, &wanted).expect("a plan").changes, []);
    // What SSH knows it by is no address of one that can't be asked.
    let unknown = plan(&members[..1], &wanted).expect_err("a refusal");
    assert!(unknown.what.contains("192.168.0.11"), "{unknown:?}");
}
