//! The API servers: where they listen, and whether they answer by every way.

use super::{Check, Judge, Seen, VipFacts};
use crate::checks::{Judged, Severity, bad, fine, moot};
use crate::plan::node::ListenAddress;
use crate::plan::vip::observed::ANONYMOUS;
use crate::plan::vip::{Answer, Member};

pub const CHECKS: &[Check] = &[
    Check {
        id: "api.listener",
        title: "the API server listens where the VIP needs it",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "Reads who listens on the API's port, on the VIP itself and on every address. kube-apiserver binds all interfaces by \
            default, and with them the VIP wherever that is. One that binds the node's own address alone isn't reached through the VIP.",
        judge: Judge::Member(listener),
    },
    Check {
        id: "api.restart",
        title: "the API server could bind its port again",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "The dangerous order: when HAProxy binds VIP:PORT before kube-apiserver is there, as after a reboot, kube-apiserver \
            can't bind every address any more, and the control plane of that node is down.",
        judge: Judge::Member(restart),
    },
    Check {
        id: "api.localhost",
        title: "the API answers on the node's loopback",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "Asks https://127.0.0.1:PORT/livez on the node. Skipped where the API server listens on other addresses alone.",
        judge: Judge::Member(localhost),
    },
    Check {
        id: "api.node",
        title: "the API answers on the node's own address",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "Asks https://NODE:PORT/livez on the node: what keepalived has to look at, so that the VIP leaves a node whose API \
            server is dead.",
        judge: Judge::Member(node),
    },
    Check {
        id: "api.from-here",
        title: "the API answers on the node's own address from here",
        severity: Severity::Warning,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "A TLS handshake with it from this machine. The nodes may well be reached through the VIP alone, so it is a warning.",
        judge: Judge::Named(from_here),
    },
];

fn listener(facts: &VipFacts, member: &Member) -> Judged {
    let (vip, port) = (facts.vip.address, facts.vip.port);
    let all: Vec<_> = member.state.listening(port).collect();
    let shown: Vec<_> = all
        .iter()
        .map(|listener| {
            let at = match listener.address {
                ListenAddress::Wildcard => "*".to_owned(),
                ListenAddress::Ip(ip) => ip.to_string(),
                ListenAddress::Ip6 => "an IPv6 address".to_owned(),
            };
            let who = if listener.process.is_empty() { "somebody" } else { &listener.process };
            format!("{who} has {at}:{port}")
        })
        .collect();
    match (all.is_empty(), all.iter().any(|listener| listener.covers(vip))) {
        (true, _) => bad(
            format!("nobody listens on port {port}"),
            ["see why kube-apiserver doesn't run: crictl ps -a --name kube-apiserver".to_owned()],
        ),
        (_, true) => fine(shown.join(", ")),
        (_, false) if member.state.has(vip) => bad(
            format!("{}, and that is not {vip}", shown.join(", ")),
            ["let kube-apiserver listen on every address: `--bind-address=0.0.0.0`".to_owned()],
        ),
        (_, false) => fine(format!("{}; the VIP isn't here", shown.join(", "))),
    }
}

fn restart(facts: &VipFacts, member: &Member) -> Judged {
    let port = facts.vip.port;
    let foreign = member.state.listening(port).find(|listener| listener.process == "haproxy");
    match foreign {
        Some(_) => bad(
            format!("HAProxy has port {port}: when kube-apiserver starts again it fails with \"address already in use\""),
            [super::haproxy::take_over(facts)],
        ),
        None => fine(String::new()),
    }
}

fn way(facts: &VipFacts, place: &str, answer: Answer) -> Judged {
    if answer.is_healthy() {
        return fine(String::new());
    }
    if answer == Answer::Unknown {
        return moot("it couldn't be asked: curl isn't there, and comes with `k8sport vip setup`");
    }
    if answer.wants_credentials() {
        return bad(format!("https://{place}:{}/livez: {answer}", facts.vip.port), [ANONYMOUS.to_owned()]);
    }
    bad(
        format!("https://{place}:{}/livez: {answer}", facts.vip.port),
        ["see why kube-apiserver doesn't answer: crictl logs of its container, and etcd's".to_owned()],
    )
}

fn localhost(facts: &VipFacts, member: &Member) -> Judged {
    let mut all = member.state.listening(facts.vip.port).peekable();
    if all.peek().is_some() && !all.any(|listener| listener.covers(std::net::Ipv4Addr::LOCALHOST)) {
        return moot("it doesn't listen on the loopback");
    }
    way(facts, "127.0.0.1", member.state.health.localhost)
}

fn node(facts: &VipFacts, member: &Member) -> Judged {
    way(facts, &member.address.to_string(), member.state.health.node)
}

fn from_here(_: &VipFacts, seen: &Seen) -> Judged {
    match &seen.from_here {
        Ok(_) => fine(String::new()),
        Err(failure) => bad(failure.to_string(), []),
    }
}
