//! Who can be asked, who holds the VIP, and whether the API answers through it.

use super::facts::names;
use super::{Check, Judge, Seen, VipFacts};
use crate::checks::{Judged, Severity, bad, doubtful, fine, moot};
use crate::plan::vip::observed::ANONYMOUS;
use crate::plan::vip::{Answer, Member, Vip};

pub const CHECKS: &[Check] = &[
    Check {
        id: "vip.reached",
        title: "each control plane was read over SSH",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "Connects to every control plane that was named, at the same time. One that doesn't answer is named with the \
            reason, and the others are judged without it.",
        judge: Judge::Named(reached),
    },
    Check {
        id: "vip.holder",
        title: "exactly one control plane holds the VIP",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "The addresses of all interfaces are compared with the VIP as addresses, not as text: 10.255.254.10 is no \
            beginning of 10.255.254.100. With no holder nobody is reached through the VIP. With two, a split brain, each neighbour \
            reaches the one whose answer came last: the nodes don't hear each other's VRRP advertisements, mostly because a firewall \
            drops IP protocol 112 or a switch its multicast group 224.0.0.18.",
        judge: Judge::Once(holder),
    },
    Check {
        id: "vip.answers",
        title: "the API answers through the VIP from here",
        severity: Severity::Failure,
        needs: &[],
        after: &["vip.holder"],
        repair: None,
        explanation: "A TLS handshake with the VIP from this machine, as every client begins.",
        judge: Judge::Once(answers),
    },
    Check {
        id: "vip.certificate",
        title: "the API's certificate is valid for the VIP",
        severity: Severity::Warning,
        needs: &[],
        after: &["vip.holder", "vip.answers"],
        repair: None,
        explanation: "Whether the VIP is among the certificate's subject alternative names. Without it a kubeconfig that names the VIP's \
            address is refused by its client; one that names a host that resolves to it may do.",
        judge: Judge::Once(certificate),
    },
    Check {
        id: "vip.path",
        title: "the API answers through the VIP from the node",
        severity: Severity::Failure,
        needs: &[],
        after: &["vip.holder"],
        repair: None,
        explanation: "The same from each control plane, where kubelet, controller manager and scheduler go this way. A node that isn't \
            the holder shows the way over the network, the holder shows that its API server listens on the VIP.",
        judge: Judge::Member(path),
    },
];

fn reached(_: &VipFacts, seen: &Seen) -> Judged {
    match &seen.member {
        Ok(member) => fine(member.address.to_string()),
        Err(failure) => {
            let next = failure.next.first().cloned().unwrap_or_else(|| "see whether it runs and is reached over SSH".to_owned());
            bad(failure.to_string(), [next])
        }
    }
}

fn holder(facts: &VipFacts) -> Judged {
    let vip = facts.vip.address;
    let unseen = match facts.unseen() {
        0 => String::new(),
        count => format!(" ({count} could not be asked)"),
    };
    match facts.holders().as_slice() {
        [one] => fine(format!("{vip} is on {}{unseen}", one.name())),
        [] if facts.members().next().is_none() => moot("no control plane could be read (vip.reached)"),
        [] if facts.unseen() > 0 => doubtful(
            format!("no control plane that answered has {vip}{unseen}"),
            ["see vip.reached: one that doesn't answer may hold it".to_owned()],
        ),
        [] if facts.unseen() == 0 && !facts.members().any(|member| member.state.has_api_server(facts.vip.port)) => {
            let endpoint = Vip { port: facts.balancer().unwrap_or(facts.vip.port), ..facts.vip };
            bad(
                format!("nobody has {vip}, and no API server is there: it comes with the first one"),
                [format!("on a new cluster, on the first node: kubeadm init --control-plane-endpoint {endpoint} --upload-certs")],
            )
        }
        [] => {
            let roles: Vec<_> = facts.members().map(|member| format!("{} {}", member.name(), role(facts, member))).collect();
            bad(
                format!("nobody has {vip}: {}", roles.join(", ")),
                ["see keepalived.running and api.node: a node without either gets no VIP".to_owned()],
            )
        }
        many => bad(
            format!("split brain: {} have {vip} at the same time", names(many)),
            ["let VRRP (IP protocol 112) pass between the nodes, in both directions".to_owned()],
        ),
    }
}

pub(super) fn role(facts: &VipFacts, member: &Member) -> String {
    member.state.role(facts.vip.address).map_or_else(|| "says nothing".to_owned(), |role| format!("says {role}"))
}

fn answers(facts: &VipFacts) -> Judged {
    match &facts.from_here {
        Ok(certificate) => fine(certificate.subject.clone()),
        Err(failure) => bad(failure.to_string(), ["see api.node of the holder, and the network between here and there".to_owned()]),
    }
}

fn certificate(facts: &VipFacts) -> Judged {
    let Ok(certificate) = &facts.from_here else { return moot("nobody answers there") };
    let vip = facts.vip.address.to_string();
    if certificate.sans.contains(&vip) {
        return fine(String::new());
    }
    bad(
        format!("it is valid for {}, and not for {vip}", certificate.sans.join(", ")),
        ["add it to apiServer.certSANs of kubeadm's ClusterConfiguration, and make the certificate anew".to_owned()],
    )
}

fn path(facts: &VipFacts, member: &Member) -> Judged {
    let answer = member.state.health.vip;
    if answer.is_healthy() {
        return fine(String::new());
    }
    if answer == Answer::Unknown {
        return moot("it couldn't be asked: curl isn't there, and comes with `k8sport vip setup`");
    }
    if answer.wants_credentials() {
        return bad(format!("https://{}/livez from there: {answer}", facts.vip), [ANONYMOUS.to_owned()]);
    }
    bad(format!("https://{}/livez from there: {answer}", facts.vip), ["see api.node of the holder".to_owned()])
}
