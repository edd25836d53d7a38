//! HAProxy beside the API server: the conflict.

use super::{Check, Judge, VipFacts};
use crate::checks::{Judged, Severity, bad, fine};
use crate::plan::vip::Member;
use crate::plan::vip::files::BALANCER_UNIT;
use crate::plan::vip::observed::{HAPROXY, is_failing};

pub const CHECKS: &[Check] = &[
    Check {
        id: "haproxy.bind",
        title: "HAProxy and the API server have ports of their own",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "Reads the `bind` lines of /etc/haproxy/haproxy.cfg, where HAProxy is enabled or runs. `haproxy -c` binds nothing and \
            finds no fault in them. On the API server's port HAProxy can't start while kube-apiserver runs, whoever holds the VIP; and where it \
            starts first, kube-apiserver can't.",
        judge: Judge::Member(bind),
    },
    Check {
        id: "haproxy.restarts",
        title: "no HAProxy is in a restart loop",
        severity: Severity::Failure,
        needs: &[],
        after: &[],
        repair: None,
        explanation: "systemd's state and restart counter of haproxy.service and of ours, and HAProxy's last word in the journal on why it \
            can't bind.",
        judge: Judge::Member(restarts),
    },
];

/// The command that puts it right, for these nodes.
pub fn take_over(facts: &VipFacts) -> String {
    let nodes: Vec<_> = facts.nodes.iter().map(|seen| seen.address.to_string()).collect();
    let foreign = facts
        .members()
        .any(|member| member.state.has_foreign_haproxy(facts.vip.port) || member.state.has_foreign_keepalived(facts.vip.address));
    // Without these it would take away the HAProxy that is there.
    let balancer = match facts.balancer() {
        Some(8443) => " --load-balance".to_owned(),
        Some(port) => format!(" --load-balance --balancer-port {port}"),
        None => String::new(),
    };
    let (vip, port) = (facts.vip.address, facts.vip.port_option());
    let (take, said) = (if foreign { " --take-over" } else { "" }, facts.said.to("vip setup"));
    format!("k8sport vip setup --vip {vip} --node {}{port}{balancer}{take}{said}", nodes.join(","))
}

fn bind(facts: &VipFacts, member: &Member) -> Judged {
    let port = facts.vip.port;
    if !member.state.has_foreign_haproxy(port) {
        return fine(String::new());
    }
    let wants: Vec<_> = member.state.binds().into_iter().filter(|bind| bind.port == port).map(|bind| bind.text).collect();
    let why = if member.state.has(facts.vip.address) {
        format!("which kube-apiserver on *:{port} has already, the VIP being here")
    } else {
        format!("and kube-apiserver has *:{port} here, too; besides, the VIP isn't here and can't be bound")
    };
    bad(format!("haproxy.cfg binds {}, {}", wants.join(", "), why), [take_over(facts)])
}

fn restarts(_: &VipFacts, member: &Member) -> Judged {
    let failing = [HAPROXY, BALANCER_UNIT].into_iter().find(|unit| is_failing(&member.state.unit(unit)));
    let Some(unit) = failing else { return fine(String::new()) };
    let state = member.state.unit(unit);
    let said = member.state.bind_error.as_ref().map(|said| format!(": {said}")).unwrap_or_default();
    let remedy = if unit == HAPROXY { "see haproxy.bind".to_owned() } else { format!("journalctl -b -u {unit}") };
    bad(format!("{unit} is {} after {} restarts{said}", state.sub_state, state.restarts), [remedy])
}
