//! Why HAProxy and the API server are in each other's way, and which rows of the decision matrix apply.

use super::VipFacts;
use crate::checks::Conclusion;
use crate::plan::node::ListenAddress;
use crate::plan::vip::decision::{Row, decide};
use crate::plan::vip::files::BALANCER_UNIT;
use crate::plan::vip::observed::HAPROXY;

pub fn conclude(facts: &VipFacts) -> Conclusion {
    let (vip, port) = (facts.vip.address, facts.vip.port);
    let row = |member: &crate::plan::vip::Member| {
        let listens = member.state.listeners.iter().any(|listener| listener.process == "haproxy" && listener.port != port);
        let configured = member.state.binds().iter().any(|bind| bind.port != port) && member.state.unit(HAPROXY).active;
        Row {
            name: member.short_name(),
            has_vip: member.state.has(vip),
            own_port: listens && (configured || member.state.unit(BALANCER_UNIT).active),
        }
    };
    let rows: Vec<_> = facts.members().map(row).collect();
    Conclusion { explanation: explanation(facts), decision: decide(&rows, facts.nodes.len()) }
}

/// The conflict's root cause, where it is there.
fn explanation(facts: &VipFacts) -> Vec<String> {
    let (vip, port) = (facts.vip.address, facts.vip.port);
    let wildcard =
        |member: &&crate::plan::vip::Member| member.state.listening(port).any(|listener| listener.address == ListenAddress::Wildcard);
    let Some(member) = facts.members().filter(|member| member.state.has_foreign_haproxy(port)).find(wildcard) else { return Vec::new() };
    let accessible = if facts.from_here.is_ok() {
        "The Kubernetes API is already accessible via the VIP without HAProxy."
    } else {
        "Without HAProxy the holder's kube-apiserver answers on the VIP by itself."
    };
    vec![
        format!(
            "kube-apiserver is already listening on *:{port} (all network interfaces), which includes localhost (127.0.0.1:{port}), the \
             server's IP ({}:{port}) and the VIP ({vip}:{port}).",
            member.address
        ),
        format!(
            "When HAProxy also tries to bind {vip}:{port}, it fails because kube-apiserver is already using that address: \"Address \
             already in use\". Where the VIP isn't, it fails as well: \"Cannot assign requested address\"."
        ),
        accessible.to_owned(),
    ]
}
