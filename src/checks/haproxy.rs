//! Our HAProxy instance.

use super::{Check, Facts, Judge, Judged, Missing, Need, Repair, Severity, bad, fine, moot};
use crate::node::files::{Front, HAPROXY_CONFIG, HAPROXY_UNIT, HaproxyConfig};
use crate::plan::node::{self, HaproxyWanted, ListenAddress, Listener};
use crate::plan::whole::TIMEOUT_TUNNEL;

pub const CHECKS: &[Check] = &[
    Check {
        id: "haproxy.unit",
        title: "our HAProxy instance runs and is enabled",
        severity: Severity::Failure,
        needs: &[Need::Node],
        after: &[],
        repair: Some(Repair::Haproxy),
        explanation: "k8sport-haproxy.service is an instance of its own beside the distribution's haproxy.service, which isn't used. \
            When it doesn't run, the redirected connections are refused; when it isn't enabled, they are after the next reboot.",
        judge: Judge::Once(unit),
    },
    Check {
        id: "haproxy.restarts",
        title: "it doesn't restart again and again",
        severity: Severity::Warning,
        needs: &[Need::Node],
        after: &["haproxy.unit"],
        repair: None,
        explanation: "systemd starts it again after each crash, without end. Several restarts since the unit was started mean that it \
            dies by itself: memory, a crash, or somebody who kills it.",
        judge: Judge::Once(restarts),
    },
    Check {
        id: "haproxy.listens",
        title: "it has 8443 and 80 of the secondary address",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::Node],
        after: &["haproxy.unit"],
        repair: None,
        explanation: "`haproxy -c` doesn't try to bind. Another process that listens on one of the ports, on this address or on all \
            of them, may share them by SO_REUSEPORT and then gets some of the connections.",
        judge: Judge::Once(listens),
    },
    Check {
        id: "haproxy.configuration",
        title: "its configuration is the one this version writes",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::Node],
        after: &["haproxy.unit"],
        repair: Some(Repair::Haproxy),
        explanation: "The plan of `setup-haproxy` with nothing left to change: /etc/k8sport/haproxy.cfg and the unit are as they \
            should be for the addresses and NodePorts that answer now. Changes made by hand are overwritten by the next run.",
        judge: Judge::Once(configuration),
    },
    Check {
        id: "haproxy.loaded",
        title: "it runs with the configuration that is on disk",
        severity: Severity::Failure,
        needs: &[Need::Node],
        after: &["haproxy.unit"],
        repair: Some(Repair::Haproxy),
        explanation: "A configuration that was edited but not loaded takes effect at the worst moment: the next reboot.",
        judge: Judge::Once(loaded),
    },
    Check {
        id: "haproxy.warnings",
        title: "`haproxy -c` has nothing to say",
        severity: Severity::Warning,
        needs: &[Need::Node, Need::Details],
        after: &[],
        repair: Some(Repair::Haproxy),
        explanation: "A warning of HAProxy is often a mistake that works by accident, such as HTTP options on a TCP proxy. k8sport \
            takes warnings for errors when it writes the configuration.",
        judge: Judge::Once(warnings),
    },
    Check {
        id: "haproxy.backends",
        title: "its backends are up",
        severity: Severity::Failure,
        needs: &[Need::Details],
        after: &["haproxy.unit"],
        repair: None,
        explanation: "HAProxy looks every five seconds whether the ingress' NodePorts and the API server take connections. A backend \
            that is down makes HTTPS close at once and HTTP answer 503: the ingress controller is away, or its Service has other \
            NodePorts.",
        judge: Judge::Once(backends),
    },
    Check {
        id: "haproxy.certificate",
        title: "behind its HTTPS backend is not the API server",
        severity: Severity::Failure,
        needs: &[Need::Details],
        after: &["haproxy.backends"],
        repair: None,
        explanation: "Asked on the node itself, past Elastic IP and redirect: which certificate is behind the NodePort, and which \
            behind 127.0.0.1:443? The same one twice means that HAProxy forwards the applications to the API server.",
        judge: Judge::Once(certificate),
    },
    Check {
        id: "haproxy.stats",
        title: "its statistics aren't public",
        severity: Severity::Failure,
        needs: &[Need::Node],
        after: &[],
        repair: None,
        explanation: "Statistics name every backend and its traffic. Ours are on 127.0.0.1:8404. The old scripts had `stats enable` in \
            their defaults, which shows the page at /stats of every application on port 80.",
        judge: Judge::Once(stats),
    },
    super::redirects::SWITCHED_OFF_AT_EDGE,
];

fn unit(facts: &Facts) -> Judged {
    let node = facts.node.get()?;
    let unit = node.unit(HAPROXY_UNIT);
    let what = match (node.tools.haproxy.is_some(), unit.loaded, unit.active, unit.enabled) {
        (false, ..) => "HAProxy isn't installed".to_owned(),
        (_, false, ..) => format!("there is no {HAPROXY_UNIT}"),
        (_, _, false, _) => format!("{HAPROXY_UNIT} doesn't run ({})", unit.sub_state),
        (_, _, _, false) => format!("{HAPROXY_UNIT} is not enabled"),
        _ => return fine(node.tools.haproxy.clone().unwrap_or_default()),
    };
    bad(what, [])
}

fn restarts(facts: &Facts) -> Judged {
    let restarts = facts.node.get()?.unit(HAPROXY_UNIT).restarts;
    if restarts < 3 {
        return fine(format!("{restarts} restarts"));
    }
    bad(format!("{HAPROXY_UNIT} was restarted {restarts} times"), [format!("on the node: journalctl -u {HAPROXY_UNIT} -n 50")])
}

fn front(facts: &Facts) -> Result<Front, Missing> {
    if facts.secondary_ip { Ok(Front::Secondary(facts.front()?.private_ip)) } else { Ok(Front::HttpOnly(facts.primary()?)) }
}

fn listens(facts: &Facts) -> Judged {
    let node = facts.node.get()?;
    let binds = front(facts)?.binds();
    for bind in &binds {
        let on_it = |listener: &&Listener| listener.port == bind.port() && listener.covers(*bind.ip());
        let is_ours = |listener: &&Listener| listener.unit.as_deref() == Some(HAPROXY_UNIT);
        if !node.listeners.iter().filter(on_it).any(|listener| is_ours(&listener)) {
            return bad(format!("our HAProxy doesn't listen on {bind}"), [Repair::Haproxy.command(facts)]);
        }
        if let Some(other) = node.listeners.iter().filter(on_it).find(|listener| !is_ours(listener)) {
            let pid = other.pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default();
            return bad(
                format!(
                    "{}{pid} listens on port {} as well",
                    if other.process.is_empty() { "the kernel" } else { &other.process },
                    bind.port()
                ),
                [format!("on the node: sudo ss -ltnp 'sport = :{}'; move that listener to another port", bind.port())],
            );
        }
    }
    fine(binds.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
}

fn configuration(facts: &Facts) -> Judged {
    let node = facts.node.get()?;
    let wanted = HaproxyWanted {
        cluster: facts.cluster.clone(),
        front: front(facts)?,
        primary: facts.primary()?,
        route_api: facts.route_api,
        private_sources: facts.private_sources.clone(),
        timeout_tunnel: TIMEOUT_TUNNEL,
        after_network: true,
    };
    let Ok(changes) = node::haproxy(node, &wanted) else { return moot("another process is in the way (haproxy.listens)") };
    let concerns = |change: &&node::NodeChange| !change.is_leftover() && !matches!(change, node::NodeChange::StartHaproxy { .. });
    let pending: Vec<String> = changes.iter().filter(concerns).map(|change| change.summary().sentence()).collect();
    if pending.is_empty() { fine(HAPROXY_CONFIG) } else { bad(format!("to change: {}", pending.join("; ")), []) }
}

fn loaded(facts: &Facts) -> Judged {
    if facts.node.get()?.haproxy_loaded { fine("loaded") } else { bad("HAProxy runs with another configuration than the one on disk", []) }
}

fn warnings(facts: &Facts) -> Judged {
    if !facts.node.get()?.files.contains_key(HAPROXY_CONFIG) {
        return moot(format!("there is no {HAPROXY_CONFIG} (haproxy.unit)"));
    }
    match facts.details.get()?.haproxy_complaints.first() {
        None => fine("no warnings"),
        Some(first) => bad(first.trim(), []),
    }
}

fn backends(facts: &Facts) -> Judged {
    let all = &facts.details.get()?.backends;
    if all.is_empty() {
        return bad("HAProxy's status page on 127.0.0.1:8404 doesn't answer", [Repair::Haproxy.command(facts)]);
    }
    let down: Vec<String> = all.iter().filter(|server| !server.up).map(|server| format!("{} ({})", server.backend, server.check)).collect();
    if down.is_empty() {
        return fine(all.iter().map(|server| server.backend.as_str()).collect::<Vec<_>>().join(", "));
    }
    bad(
        format!("down: {}", down.join(", ")),
        [
            "kubectl get pods,services -A | grep -i ingress   # is the controller there, with NodePorts 30443 and 30080?".to_owned(),
            format!("if the NodePorts answer elsewhere: {}", Repair::Haproxy.command(facts)),
        ],
    )
}

fn certificate(facts: &Facts) -> Judged {
    let details = facts.details.get()?;
    match (&details.ingress_certificate, &details.api_certificate) {
        (Some(ingress), Some(api)) if ingress.fingerprint == api.fingerprint => bad(
            format!("the NodePort shows the API server's certificate ({})", api.subject),
            ["kubectl get services -A | grep 30443   # which Service has that NodePort?".to_owned()],
        ),
        (Some(ingress), _) => fine(ingress.subject.as_str()),
        (None, _) => moot("no certificate could be read on the node"),
    }
}

fn stats(facts: &Facts) -> Judged {
    let node = facts.node.get()?;
    let public = |listener: &&Listener| match listener.address {
        ListenAddress::Ip(ip) => listener.port == 8404 && !ip.is_loopback(),
        ListenAddress::Wildcard | ListenAddress::Ip6 => listener.port == 8404,
    };
    if let Some(listener) = node.listeners.iter().find(public) {
        return bad(
            format!("{} listens on port 8404 of more than loopback", listener.process),
            ["on the node: bind it to 127.0.0.1:8404 and reload".to_owned()],
        );
    }
    let config = node.files.get(HAPROXY_CONFIG).map_or("", |file| &file.content);
    if HaproxyConfig::shows_stats_to_all(config) {
        return bad("`stats enable` stands outside the status frontend", [Repair::Haproxy.command(facts)]);
    }
    let distribution = node.distribution_haproxy.config.as_ref().map_or("", |file| &file.content);
    if node.unit("haproxy.service").active && HaproxyConfig::shows_stats_to_all(distribution) {
        return bad(
            "haproxy.service, the distribution's, has `stats enable` in a section that others reach",
            ["on the node: remove it from /etc/haproxy/haproxy.cfg, then sudo systemctl reload haproxy".to_owned()],
        );
    }
    fine("127.0.0.1:8404 only")
}
