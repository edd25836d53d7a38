//! Plans over nodes as they are met.

use std::net::Ipv4Addr;

use super::files::{self, VipFile};
use super::observed::{HAPROXY, HAPROXY_CONFIG, KEEPALIVED, KEEPALIVED_CONFIG};
use super::setup::{Wanted, plan};
use super::{ControlPlane, Member, Vip, VipAction, VipChange, cleanup};
use crate::failure::Kind;
use crate::plan::Plan;
use crate::plan::change::Change;
use crate::plan::node::{Address, FileState, ListenAddress, Listener, UnitState};

fn ip(text: &str) -> Ipv4Addr {
    text.parse().expect("an address")
}

const VIP: &str = "10.0.0.100";

fn member(last: u8) -> Member {
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

fn on_eth0(ip: Ipv4Addr, prefix: u8) -> Address {
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
    Wanted { vip, balancer: None, router_id: None, take_over: false, api_runs: true, all }
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
            VipAction::TakeOver { unit } => {
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
        apply(&mut members, &plan_without);
        assert!(members.iter().all(|member| !member.state.files.contains_key(files::BALANCER)));
        assert_eq!(plan(&members, &without).expect("a plan").changes, []);
        let gone = cleanup::plan(&members, ip(VIP), false);
        apply(&mut members, &gone);
        assert!(members.iter().all(|member| member.state.files.is_empty() && member.state.units.is_empty()));
        assert_eq!(cleanup::plan(&members, ip(VIP), false).changes, []);
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
            VipAction::TakeOver { unit } if *unit == KEEPALIVED => Some((change.node.octets()[3], "ends")),
            VipAction::StartVip { .. } => Some((change.node.octets()[3], "starts")),
            _ => None,
        })
        .collect();
    // Two kinds of VRRP never hold the address at once.
    assert_eq!(keepalived, [(11, "ends"), (12, "ends"), (10, "ends"), (10, "starts"), (11, "starts"), (12, "starts")]);
    apply(&mut members, &planned);
    assert_eq!(plan(&members, &wanted).expect("a plan").changes, []);
    let back = cleanup::plan(&members, ip(VIP), false);
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
fn what_would_not_work_is_refused() {
    let of = |change: &dyn Fn(&mut Member), more: &dyn Fn(&mut Wanted)| {
        let mut members = [member(10), member(11)];
        change(&mut members[1]);
        let mut wanted = wanted(&members);
        more(&mut wanted);
        plan(&members, &wanted).expect_err("a refusal").what
    };
    let same = |_: &mut Wanted| {};
    assert!(of(&|member| member.state.addresses.push(on_eth0(ip(VIP), 32)), &same).contains("no keepalived on it knows"));
    assert!(of(&|member| member.state.addresses.clear(), &same).contains("no interface"));
    assert!(of(&|member| member.state.listeners[0].address = ListenAddress::Ip(ip("10.0.0.11")), &same).contains("only on its own"));
    let other = |member: &mut Member| {
        let listener = Listener { address: ListenAddress::Wildcard, port: 8443, process: "dex".into(), pid: None, unit: None };
        member.state.listeners.push(listener);
    };
    assert!(of(&other, &|wanted| wanted.balancer = Some(8443)).contains("taken by dex"));
    let clash = |member: &mut Member| {
        let text = "vrrp_instance A {\n virtual_router_id 100\n virtual_ipaddress {\n 10.0.0.200\n }\n}\n";
        member.state.files.insert(KEEPALIVED_CONFIG.into(), file(text, "644"));
    };
    assert!(of(&clash, &same).contains("router id 100"));
}

#[test]
fn before_the_first_api_server_nothing_is_proven() {
    let mut members = [member(10), member(11)];
    members.iter_mut().for_each(|member| member.state.listeners.clear());
    let wanted = Wanted { api_runs: false, ..wanted(&members) };
    let planned = plan(&members, &wanted).expect("a plan");
    assert!(changes(&planned).iter().all(|change| !matches!(change.action, VipAction::StartVip { proven: true, .. })));
    assert_eq!(planned.notes.len(), 3, "{:?}", planned.notes);
}
