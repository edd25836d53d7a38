//! Findings over nodes as they are met.

use super::{Seen, VipFacts, run};
use crate::checks::{Finding, Status};
use crate::failure::Failure;
use crate::names::Said;
use crate::plan::node::{FileState, UnitState};
use crate::plan::vip::files::BALANCER;
use crate::plan::vip::observed::{Balanced, Health, KEEPALIVED, KEEPALIVED_CONFIG, Transition};
use crate::plan::vip::tests::{member, on_eth0};
use crate::plan::vip::{Answer, ControlPlane, Member, Role, Vip};
use crate::verify::tls::Certificate;

fn plane(last: u8, holder: bool) -> Seen {
    let Member { address, mut state } = member(last);
    if holder {
        state.addresses.push(on_eth0("10.0.0.100".parse().expect("an address"), 24));
    }
    let content = format!(
        "vrrp_instance V {{\n virtual_router_id 7\n priority {last}\n advert_int 0.5\n virtual_ipaddress {{\n 10.0.0.100\n }}\n track_script {{\n x\n }}\n}}\n"
    );
    state.files.insert(KEEPALIVED_CONFIG.into(), FileState { content, sha256: String::new(), mode: String::new() });
    state.units.insert(KEEPALIVED.into(), UnitState { active: true, enabled: true, ..UnitState::default() });
    state.transitions.push(Transition { at: 0, instance: "V".into(), role: if holder { Role::Master } else { Role::Backup } });
    let ok = Answer::Status(200);
    (state.health.localhost, state.health.node, state.health.vip) = (ok, ok, ok);
    Seen { address, member: Ok(Member { address, state }), from_here: Ok(certificate()) }
}

fn certificate() -> Certificate {
    let sans = vec!["10.0.0.100".to_owned()];
    Certificate {
        subject: "CN=kube-apiserver".into(),
        issuer: String::new(),
        sans,
        not_after: 0,
        not_after_date: String::new(),
        public_key: Vec::new(),
    }
}

fn facts(nodes: Vec<Seen>) -> VipFacts {
    VipFacts {
        vip: Vip { address: "10.0.0.100".parse().expect("an address"), port: 6443 },
        said: Said::default(),
        nodes,
        from_here: Ok(certificate()),
        balanced_from_here: None,
    }
}

fn wrong(facts: &VipFacts) -> Vec<(&'static str, Status)> {
    let bad = |finding: &Finding| matches!(finding.status, Status::Failed | Status::Warning);
    run(facts).iter().filter(|finding| bad(finding)).map(|finding| (finding.id, finding.status)).collect()
}

fn state(seen: &mut Seen) -> &mut ControlPlane {
    &mut seen.member.as_mut().expect("a member").state
}

#[test]
fn one_that_is_well_has_no_findings() {
    assert_eq!(wrong(&facts(vec![plane(10, true), plane(11, false), plane(12, false)])), []);
}

#[test]
fn each_thing_that_goes_wrong_is_found_by_its_check() {
    let with = |change: &dyn Fn(&mut Vec<Seen>)| {
        let mut nodes = vec![plane(10, true), plane(11, false)];
        change(&mut nodes);
        wrong(&facts(nodes)).into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    // 10.0.0.10 is the beginning of 10.0.0.100, and isn't it.
    let nobody = with(&|nodes| nodes[0] = plane(10, false));
    assert_eq!(nobody, ["vip.holder"]);
    // As before `kubeadm init`.
    let mut new = facts(vec![balanced(plane(10, false)), balanced(plane(11, false))]);
    new.nodes.iter_mut().for_each(|seen| state(seen).listeners.clear());
    let holder = run(&new).into_iter().find(|finding| finding.id == "vip.holder").expect("a finding");
    assert!(holder.remedy[0].contains("kubeadm init --control-plane-endpoint 10.0.0.100:8443"), "{holder:?}");
    assert_eq!(with(&|nodes| nodes[1] = plane(11, true)), ["vip.holder"]);
    assert_eq!(with(&|nodes| nodes[1].member = Err(Failure::failed("no SSH"))), ["vip.reached"]);
    assert_eq!(with(&|nodes| state(&mut nodes[1]).listeners.clear()), ["api.listener"]);
    assert_eq!(with(&|nodes| state(&mut nodes[1]).health.node = Answer::Silent), ["api.node"]);
    assert_eq!(with(&|nodes| state(&mut nodes[1]).health.localhost = Answer::Refused), ["api.localhost"]);
    assert_eq!(with(&|nodes| state(&mut nodes[1]).health.vip = Answer::Status(500)), ["vip.path"]);
    assert_eq!(with(&|nodes| state(&mut nodes[1]).units.clear()), ["keepalived.running"]);
    assert_eq!(with(&|nodes| state(&mut nodes[1]).transitions[0].role = Role::Fault), ["keepalived.role"]);
    let edit = |from: &'static str, to: &'static str| {
        with(&move |nodes| {
            let file = state(&mut nodes[1]).files.get_mut(KEEPALIVED_CONFIG).expect("a file");
            file.content = file.content.replace(from, to);
        })
    };
    assert_eq!(edit("router_id 7", "router_id 8"), ["keepalived.agreed"]);
    assert_eq!(edit("priority 11", "priority 10"), ["keepalived.agreed"]);
    assert_eq!(edit("track_script", "no_such"), ["keepalived.tracks"]);
    assert_eq!(edit("advert_int 0.5", "advert_int 1"), ["keepalived.failover"]);
    let haproxy = |listens: bool| {
        with(&move |nodes| {
            let state = state(&mut nodes[1]);
            if listens {
                state.listeners[0].process = "haproxy".into();
            }
            let content = "frontend a\n bind :6443\n".to_owned();
            state.files.insert("/etc/haproxy/haproxy.cfg".into(), FileState { content, sha256: String::new(), mode: String::new() });
            let sub_state = if listens { "running" } else { "failed" };
            state.units.insert(
                "haproxy.service".into(),
                UnitState { enabled: true, active: listens, sub_state: sub_state.into(), ..UnitState::default() },
            );
        })
    };
    assert_eq!(haproxy(false), ["haproxy.bind", "haproxy.restarts"]);
    assert_eq!(haproxy(true), ["api.restart", "haproxy.bind"]);
}

#[test]
fn one_that_cannot_be_asked_may_be_the_holder() {
    let mut nodes = vec![plane(10, false), plane(11, false)];
    nodes[0].member = Err(Failure::failed("no SSH"));
    assert_eq!(wrong(&facts(nodes)), [("vip.reached", Status::Failed), ("vip.holder", Status::Warning)]);
}

#[test]
fn an_api_that_was_not_asked_is_moot_and_one_that_wants_credentials_has_its_own_remedy() {
    let of = |answer: Answer| {
        let mut nodes = vec![plane(10, true), plane(11, false)];
        let health = &mut state(&mut nodes[1]).health;
        (health.localhost, health.node, health.vip) = (answer, answer, answer);
        facts(nodes)
    };
    assert_eq!(wrong(&of(Answer::Unknown)), []);
    let found = run(&of(Answer::Status(401)));
    let bad: Vec<_> = found.iter().filter(|finding| finding.status == Status::Failed).collect();
    assert_eq!(bad.iter().map(|finding| finding.id).collect::<Vec<_>>(), ["vip.path", "api.localhost", "api.node"]);
    assert!(bad.iter().all(|finding| format!("{finding:?}").contains("--anonymous-auth=false")), "{bad:?}");
}

#[test]
fn the_command_that_puts_it_right_keeps_the_haproxy_that_is_there() {
    let mut seen = facts(vec![plane(10, true), plane(11, false)]);
    seen.vip.port = 443;
    let content = "frontend api\n bind *:9443\n".to_owned();
    let file = FileState { content, sha256: String::new(), mode: String::new() };
    state(&mut seen.nodes[1]).files.insert(crate::plan::vip::files::BALANCER.into(), file);
    let command = super::haproxy::take_over(&seen);
    assert!(command.contains("--node 10.0.0.10,10.0.0.11 --api-port 443 --load-balance --balancer-port 9443"), "{command}");
}

/// HAProxy of ours on 8443, as `vip setup --load-balance` leaves it.
fn balanced(mut seen: Seen) -> Seen {
    let content = "frontend api\n    bind *:8443\n".to_owned();
    state(&mut seen).files.insert(BALANCER.into(), FileState { content, sha256: String::new(), mode: String::new() });
    let ok = Answer::Status(200);
    state(&mut seen).balanced = Some(Balanced { port: 8443, health: Health { localhost: ok, node: ok, vip: ok } });
    seen
}

#[test]
fn the_api_is_asked_through_haproxy_by_every_way() {
    let with = |change: &dyn Fn(&mut VipFacts)| {
        let nodes = vec![balanced(plane(10, true)), balanced(plane(11, false))];
        let mut facts = VipFacts { balanced_from_here: Some(Ok(certificate())), ..facts(nodes) };
        change(&mut facts);
        wrong(&facts).into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    let answers =
        |change: &dyn Fn(&mut Health)| with(&|facts| change(&mut state(&mut facts.nodes[1]).balanced.as_mut().expect("HAProxy").health));
    assert_eq!(with(&|_| ()), [] as [&str; 0]);
    assert_eq!(answers(&|health| health.localhost = Answer::Refused), ["balancer.node"]);
    assert_eq!(answers(&|health| health.node = Answer::Broken), ["balancer.node"]);
    assert_eq!(answers(&|health| health.vip = Answer::Status(503)), ["balancer.path"]);
    assert_eq!(with(&|facts| facts.balanced_from_here = Some(Err(Failure::failed("no TLS")))), ["balancer.answers"]);
    assert_eq!(with(&|facts| facts.nodes[1] = plane(11, false)), ["balancer.everywhere"]);
}
