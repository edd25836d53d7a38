//! HAProxy of `vip setup --load-balance`, and the API by every way through it.

use super::{Check, Judge, VipFacts};
use crate::checks::{Judged, Severity, bad, fine, moot};
use crate::plan::vip::observed::{ANONYMOUS, Balanced};
use crate::plan::vip::{Answer, Member};

pub const CHECKS: &[Check] = &[
    Check {
        id: "balancer.everywhere",
        title: "every control plane has HAProxy on the same port",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "The VIP may be on any of them, and clients use one port. Skipped where `vip setup` ran without --load-balance.",
        judge: Judge::Once(everywhere),
    },
    Check {
        id: "balancer.node",
        title: "the API answers through HAProxy on the node",
        severity: Severity::Failure,
        needs: &[],
        after: &["balancer.everywhere"],
        repair: None,
        explanation: "Asks https://127.0.0.1:PORT/livez and https://NODE:PORT/livez on the node, at HAProxy's port. The VIP isn't given to a \
            node where the former doesn't answer.",
        judge: Judge::Member(node),
    },
    Check {
        id: "balancer.path",
        title: "the API answers through HAProxy on the VIP from the node",
        severity: Severity::Failure,
        needs: &[],
        after: &["vip.holder", "balancer.everywhere"],
        repair: None,
        explanation: "Asks https://VIP:PORT/livez at HAProxy's port from each control plane, where kubelet and the others go this way.",
        judge: Judge::Member(path),
    },
    Check {
        id: "balancer.answers",
        title: "the API answers through HAProxy on the VIP from here",
        severity: Severity::Failure,
        needs: &[],
        after: &["vip.holder", "balancer.everywhere"],
        repair: None,
        explanation: "A TLS handshake with the VIP on HAProxy's port from this machine, as every client begins.",
        judge: Judge::Once(answers),
    },
];

fn everywhere(facts: &VipFacts) -> Judged {
    let Some(port) = facts.balancer() else { return moot("clients reach the API servers without it") };
    let other = |member: &&Member| member.state.balancer() != Some(port);
    let others: Vec<_> = facts
        .members()
        .filter(other)
        .map(|member| match member.state.balancer() {
            Some(other) => format!("{} has it on port {other}", member.name()),
            None => format!("{} has none", member.name()),
        })
        .collect();
    if others.is_empty() {
        return fine(format!("port {port}"));
    }
    bad(format!("HAProxy is on port {port}, and {}", others.join(", ")), [super::haproxy::take_over(facts)])
}

fn node(_: &VipFacts, member: &Member) -> Judged {
    let ways = |port: u16| [format!("127.0.0.1:{port}"), format!("{}:{port}", member.address)];
    asked(member, |balanced| ways(balanced.port).into_iter().zip([balanced.health.localhost, balanced.health.node]).collect())
}

fn path(facts: &VipFacts, member: &Member) -> Judged {
    asked(member, |balanced| vec![(format!("{}:{}", facts.vip.address, balanced.port), balanced.health.vip)])
}

fn asked(member: &Member, ways: impl Fn(&Balanced) -> Vec<(String, Answer)>) -> Judged {
    let Some(balanced) = &member.state.balanced else { return moot("HAProxy isn't set up there") };
    let ways = ways(balanced);
    let Some((_, first)) = ways.iter().find(|(_, answer)| !answer.is_healthy()) else { return fine(String::new()) };
    let said: Vec<_> = ways.iter().map(|(at, answer)| format!("https://{at}/livez: {answer}")).collect();
    let next = match first {
        Answer::Unknown => return moot("it couldn't be asked: curl isn't there, and comes with `k8sport vip setup`"),
        answer if answer.wants_credentials() => ANONYMOUS,
        Answer::Refused => "on the node: journalctl -b -u k8sport-vip-haproxy.service",
        _ => {
            "see api.node: HAProxy has an API server to send to only where that answers; on the node: journalctl -b -u k8sport-vip-haproxy"
        }
    };
    bad(said.join(", "), [next.to_owned()])
}

fn answers(facts: &VipFacts) -> Judged {
    match &facts.balanced_from_here {
        Some(Ok(certificate)) => fine(certificate.subject.clone()),
        Some(Err(failure)) => {
            bad(failure.to_string(), ["see balancer.node of the holder, and the network between here and there".to_owned()])
        }
        None => moot("no HAProxy of k8sport was found"),
    }
}
