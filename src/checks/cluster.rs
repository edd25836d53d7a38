//! What Kubernetes is like on the node, as far as it bears on two addresses.

use super::{Check, Facts, Judge, Judged, Need, Repair, Severity, bad, doubtful, fine, moot};
use crate::node::files::{HAPROXY_CONFIG, HaproxyConfig};
use crate::plan::node::{Cni, Listener};
use crate::verify::judge::{Verdict as Who, judge};

pub const CHECKS: &[Check] = &[
    Check {
        id: "cluster.api-outside",
        title: "the API server answers on the primary public address",
        severity: Severity::Failure,
        needs: &[Need::Instance],
        after: &["instance.running"],
        repair: None,
        explanation: "A TLS handshake from here with the name api.<cluster>: the certificate must be the API server's. k8sport never \
            touches this way; when it is cut, the reason is the security group, the node, or the API server itself.",
        judge: Judge::Once(api_outside),
    },
    Check {
        id: "cluster.api-health",
        title: "the API server says that it is alive",
        severity: Severity::Failure,
        needs: &[Need::Details],
        after: &[],
        repair: None,
        explanation: "GET /livez on the primary address, asked on the node. 401 and 403 count as alive: anonymous questions may be \
            forbidden. 500 names a part that fails, etcd for the most part.",
        judge: Judge::Once(api_health),
    },
    Check {
        id: "cluster.ports",
        title: "the ports belong to whom they should",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::Node],
        after: &[],
        repair: None,
        explanation: "443 belongs to the API server on all addresses, 80 and 8443 of the secondary address to our HAProxy. Whoever \
            binds <address>:443 before the API server starts keeps it from starting at all. Listed with their processes: 80, 443, \
            6443, 8443, 30080, 30443.",
        judge: Judge::Once(ports),
    },
    Check {
        id: "cluster.cni",
        title: "the container network leaves the second address alone",
        severity: Severity::Failure,
        needs: &[Need::Node],
        after: &[],
        repair: None,
        explanation: "The Amazon VPC CNI and Cilium with `ipam: eni` take every secondary address of the interface for pods, ours too, \
            and may unassign it. There k8sport refuses to add one.",
        judge: Judge::Once(cni),
    },
    Check {
        id: "cluster.node-ports",
        title: "the ingress answers on its NodePorts",
        severity: Severity::Failure,
        needs: &[Need::Node],
        after: &[],
        repair: None,
        explanation: "HAProxy forwards to 30443 (HTTPS) and 30080 (HTTP) of the node. Nothing there: the ingress controller isn't \
            installed, isn't ready, or its Service has other NodePorts.",
        judge: Judge::Once(node_ports),
    },
    Check {
        id: "cluster.backend-address",
        title: "HAProxy forwards to an address where the NodePorts answer",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::Node],
        after: &["cluster.node-ports", "haproxy.unit"],
        repair: Some(Repair::Haproxy),
        explanation: "In kube-proxy's nftables mode NodePorts answer on the node's primary address alone, not on 127.0.0.1. When the \
            mode changes, a backend that worked stops working.",
        judge: Judge::Once(backend_address),
    },
    Check {
        id: "cluster.kube-proxy",
        title: "kube-proxy's mode",
        severity: Severity::Warning,
        needs: &[Need::Details],
        after: &[],
        repair: None,
        explanation: "Told for the record: iptables, ipvs or nftables, from 127.0.0.1:10249/proxyMode. It decides on which addresses \
            NodePorts answer. Cilium without kube-proxy says nothing there.",
        judge: Judge::Once(kube_proxy),
    },
];

fn api_outside(facts: &Facts) -> Judged {
    if let Some(failure) = facts.outside.api.failed()? {
        return super::account::broken(facts, failure);
    }
    let shown = facts.outside.api.get()?;
    match judge(&shown.certificate, None, &facts.cluster) {
        Who::ApiServer { .. } => fine(format!("{} in {} ms", shown.certificate.subject, (shown.connected + shown.shaken).as_millis())),
        Who::Application => bad(
            format!("the primary address shows {}, which isn't the API server's", shown.certificate.subject),
            ["on the node: sudo ss -ltnp 'sport = :443'; sudo nft list ruleset | grep 443".to_owned()],
        ),
    }
}

fn api_health(facts: &Facts) -> Judged {
    let primary = facts.primary()?;
    match facts.details.get()?.api_health {
        Some(status @ (200 | 401 | 403)) => fine(format!("HTTP {status}")),
        Some(status) => bad(format!("/livez answers HTTP {status}"), [format!("on the node: curl -k 'https://{primary}/livez?verbose'")]),
        None => {
            bad(format!("nothing answers on https://{primary}/livez"), ["on the node: sudo crictl ps -a | grep kube-apiserver".to_owned()])
        }
    }
}

fn ports(facts: &Facts) -> Judged {
    let node = facts.node.get()?;
    let primary = facts.primary()?;
    let name = |listener: &Listener| if listener.process.is_empty() { "kernel".to_owned() } else { listener.process.clone() };
    let on_443 = |listener: &&Listener| listener.port == 443 && listener.covers(primary);
    let Some(api) = node.listeners.iter().find(on_443) else {
        return bad("nothing listens on 443", ["on the node: sudo crictl ps -a | grep kube-apiserver".to_owned()]);
    };
    if let Ok(front) = facts.front()
        && let Some(squatter) =
            node.listeners.iter().find(|l| l.port == 443 && l.address == crate::plan::node::ListenAddress::Ip(front.private_ip))
    {
        return bad(
            format!("{} listens on {}:443: the API server won't start again", name(squatter), front.private_ip),
            ["on the node: sudo ss -ltnp 'sport = :443'; move that listener away from 443".to_owned()],
        );
    }
    if !api.process.contains("apiserver") {
        return bad(format!("{} has 443, not the API server", name(api)), ["on the node: sudo ss -ltnp 'sport = :443'".to_owned()]);
    }
    let mut seen: Vec<(u16, String)> = [80, 443, 6443, 8443, 30080, 30443]
        .into_iter()
        .flat_map(|port| node.listeners.iter().filter(move |l| l.port == port).map(move |l| (port, name(l))))
        .collect();
    seen.dedup();
    fine(seen.iter().map(|(port, who)| format!("{port} {who}")).collect::<Vec<_>>().join(", "))
}

fn cni(facts: &Facts) -> Judged {
    let remedy = || ["use Calico, or Cilium with ipam: cluster-pool; or go without a second address: --no-secondary-ip".to_owned()];
    match &facts.node.get()?.cni {
        _ if !facts.secondary_ip => moot("the cluster goes without a second address"),
        Cni::AmazonVpc => bad("the Amazon VPC CNI gives every address of the interface to pods", remedy()),
        Cni::CiliumEni => bad("Cilium with ipam: eni gives every address of the interface to pods", remedy()),
        Cni::Cilium { ipam: Some(ipam) } => fine(format!("Cilium, {ipam}")),
        Cni::Cilium { ipam: None } => doubtful(
            "Cilium; its address management couldn't be read",
            ["kubectl -n kube-system get configmap cilium-config -o jsonpath={.data.ipam}   # it must not be eni".to_owned()],
        ),
        Cni::Other(name) => fine(name.as_str()),
        Cni::Unknown => moot("no configuration in /etc/cni/net.d"),
    }
}

fn node_ports(facts: &Facts) -> Judged {
    let seen = facts.node.get()?.backends;
    let remedy = || ["kubectl get services -A | grep NodePort   # the ingress controller needs 30443 and 30080".to_owned()];
    let (https, http) = (seen.primary_https || seen.loopback_https, seen.primary_http || seen.loopback_http);
    match (https, http) {
        (true, true) => fine(if seen.loopback_https { "on the primary address and on loopback" } else { "on the primary address only" }),
        (false, false) => bad("nothing answers on 30443 and 30080", remedy()),
        (false, true) => bad("nothing answers on 30443 (HTTPS)", remedy()),
        (true, false) => bad("nothing answers on 30080 (HTTP)", remedy()),
    }
}

fn backend_address(facts: &Facts) -> Judged {
    let node = facts.node.get()?;
    let config = node.files.get(HAPROXY_CONFIG).map_or("", |file| &file.content);
    let seen = node.backends;
    for (backend, on_primary, on_loopback) in [
        ("k8sport_ingress_https", seen.primary_https, seen.loopback_https),
        ("k8sport_ingress_http", seen.primary_http, seen.loopback_http),
    ] {
        if let Some(there) = HaproxyConfig::configured_backend(config, backend)
            && !(if there.ip().is_loopback() { on_loopback } else { on_primary })
        {
            return bad(format!("{there} of {backend} doesn't answer, another address does"), []);
        }
    }
    fine("yes")
}

fn kube_proxy(facts: &Facts) -> Judged {
    match &facts.details.get()?.proxy_mode {
        Some(mode) => fine(mode.as_str()),
        None => moot("127.0.0.1:10249 doesn't say"),
    }
}
