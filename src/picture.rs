//! What `status` shows: who has which address and port, where names lead, what works right now and what it costs.

use std::net::Ipv4Addr;

use serde::Serialize;

use crate::checks::{Facts, Host, Place, redirects};
use crate::failure::Failure;
use crate::names::DnsName;
use crate::node::details::BackendServer;
use crate::plan::data_path::{DataPath, Recorded};
use crate::plan::elastic_ip::in_use_by;
use crate::plan::node::{ListenAddress, Listener};
use crate::plan::observed::Record;
use crate::plan::usage::ADDRESS_PER_MONTH;
use crate::verify::http::Answer;
use crate::verify::judge::{Verdict, judge};

#[derive(Debug, Serialize)]
pub struct Picture {
    pub target: Place,
    /// None without a second address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_path: Option<String>,
    pub addresses: Vec<Address>,
    pub ports: Vec<Port>,
    pub records: Vec<Name>,
    pub backends: Vec<BackendServer>,
    pub urls: Vec<Url>,
    /// US dollars a month (730 hours) for the public addresses; None where not all of them are known.
    pub monthly_cost_usd: Option<f64>,
    /// What is meant to be put back some time.
    pub reminders: Vec<String>,
    /// What couldn't be read, and why.
    pub unknown: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
}

#[derive(Debug, Serialize)]
pub struct Address {
    pub public: Option<Ipv4Addr>,
    pub private: Option<Ipv4Addr>,
    pub purpose: &'static str,
    /// `ok`, or what is wrong with it.
    pub state: String,
}

#[derive(Debug, Serialize)]
pub struct Port {
    pub port: u16,
    /// `*` for all.
    pub address: String,
    pub process: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Name {
    pub name: String,
    pub value: String,
    pub leads_to: &'static str,
}

#[derive(Debug, Serialize)]
pub struct Url {
    pub url: String,
    pub works: bool,
    pub detail: String,
}

const PORTS: [u16; 8] = [22, 80, 443, 6443, 8404, 8443, 30080, 30443];

impl Picture {
    pub fn failed(cluster: DnsName, failure: Failure) -> Self {
        Self {
            target: Place::unknown(cluster),
            data_path: None,
            addresses: Vec::new(),
            ports: Vec::new(),
            records: Vec::new(),
            backends: Vec::new(),
            urls: Vec::new(),
            monthly_cost_usd: None,
            reminders: Vec::new(),
            unknown: Vec::new(),
            error: Some(failure),
        }
    }

    pub fn of(facts: &Facts) -> Self {
        let addresses = addresses(facts);
        let known = facts.instance().is_ok() && facts.elastic_ips.ok().is_some() && facts.unwanted().is_none();
        let paid = addresses.iter().filter(|address| address.public.is_some()).count();
        Self {
            target: Place::of(facts),
            data_path: facts.elastic_ip().is_ok().then(|| data_path(facts)),
            ports: facts.node.ok().map(|node| ports(&node.listeners)).unwrap_or_default(),
            records: records(facts),
            backends: facts.details.ok().map(|details| details.backends.clone()).unwrap_or_default(),
            urls: urls(facts),
            monthly_cost_usd: known.then(|| ADDRESS_PER_MONTH * f64::from(u32::try_from(paid).unwrap_or(0))),
            reminders: redirects::reminders(facts),
            unknown: unknown(facts),
            error: None,
            addresses,
        }
    }
}

fn data_path(facts: &Facts) -> String {
    match facts.data_path() {
        Recorded::Haproxy => DataPath::Haproxy.sentence().to_owned(),
        Recorded::Service => DataPath::Service.sentence().to_owned(),
        Recorded::Both => "on the way from one to the other: a run was cut off; `bootstrap --data-path` finishes it".to_owned(),
    }
}

fn addresses(facts: &Facts) -> Vec<Address> {
    let Ok(instance) = facts.instance() else { return Vec::new() };
    let mut all: Vec<Address> = instance
        .eni
        .primary()
        .map(|primary| Address { public: primary.public_ip, private: Some(primary.ip), purpose: "API server, SSH", state: "ok".to_owned() })
        .into_iter()
        .collect();
    if let Ok(ours) = facts.elastic_ip() {
        let front = facts.front().ok();
        let on_node = |ip: Ipv4Addr| facts.node.ok().map(|node| node.addresses.iter().any(|address| address.ip == ip));
        let state = match &front {
            None if ours.association.is_none() => "idle: associated with nothing".to_owned(),
            None => format!("not on this node: {}", in_use_by(ours)),
            Some(_) if facts.data_path() == Recorded::Service => "ok".to_owned(),
            Some(front) if on_node(front.private_ip) == Some(false) => "not configured on the node".to_owned(),
            Some(_) => "ok".to_owned(),
        };
        all.push(Address { public: Some(ours.public_ip), private: front.map(|front| front.private_ip), purpose: "applications", state });
    }
    all
}

fn ports(listeners: &[Listener]) -> Vec<Port> {
    let mut all: Vec<Port> = listeners
        .iter()
        .filter(|listener| PORTS.contains(&listener.port))
        .map(|listener| Port {
            port: listener.port,
            address: match listener.address {
                ListenAddress::Wildcard => "*".to_owned(),
                ListenAddress::Ip(ip) => ip.to_string(),
                ListenAddress::Ip6 => "IPv6".to_owned(),
            },
            process: if listener.process.is_empty() { "kernel".to_owned() } else { listener.process.clone() },
            unit: listener.unit.clone(),
        })
        .collect();
    all.sort_by(|a, b| (a.port, &a.address).cmp(&(b.port, &b.address)));
    all.dedup_by(|a, b| a.port == b.port && a.address == b.address && a.process == b.process);
    all
}

fn records(facts: &Facts) -> Vec<Name> {
    let (Some(zone), Some(records)) = (facts.zone.ok(), facts.records.ok()) else { return Vec::new() };
    let applications = facts.public_ip().ok().map(|ip| ip.to_string());
    let primary = facts.instance().ok().and_then(|instance| instance.eni.primary());
    let own = [primary.and_then(|address| address.public_ip), primary.map(|address| address.ip)].map(|ip| ip.map(|ip| ip.to_string()));
    let wildcard = format!("*.{}", zone.name);
    let of_the_cluster = format!(".{}", facts.cluster);
    // Without a second address both are on one.
    let leads = |record: &Record| match record.values.as_slice() {
        [one] if Some(one) == applications.as_ref() && !record.name.ends_with(&of_the_cluster) => "applications",
        [one] if own.contains(&Some(one.clone())) => "API server",
        _ => "elsewhere",
    };
    let ours =
        |name: &str| name == wildcard || name.ends_with(&of_the_cluster) || facts.hosts.iter().any(|host| host.name.as_str() == name);
    records
        .iter()
        .filter(|record| matches!(record.kind.as_str(), "A" | "AAAA" | "CNAME") && ours(&record.name))
        .map(|record| Name {
            name: record.name.clone(),
            value: record.alias.clone().unwrap_or_else(|| record.values.join(" ")),
            leads_to: leads(record),
        })
        .collect()
}

/// The API server's, and each host's; without hosts, what stands for any of them.
fn urls(facts: &Facts) -> Vec<Url> {
    let mut all = vec![Url {
        url: format!("https://api.{}/", facts.cluster),
        works: facts.outside.api.ok().is_some(),
        detail: facts.outside.api.get().map_or_else(why, |shown| shown.certificate.subject.clone()),
    }];
    let secure = if facts.secondary_ip { "" } else { ":30443" };
    for host in &facts.hosts {
        let answered = |answer: &Answer| format!("HTTP {} in {} ms", answer.status, answer.took.as_millis());
        let https = host.https.get().map_or_else(|missing| no_https(host).unwrap_or_else(|| why(missing)), answered);
        all.push(Url {
            url: format!("https://{}{secure}/", host.name),
            works: host.https.ok().is_some_and(|answer| answer.status < 500),
            detail: https,
        });
        let answered = |answer: &Answer| format!("HTTP {}", answer.status);
        let http = host.http.get().map_or_else(|missing| no_address(host).unwrap_or_else(|| why(missing)), answered);
        all.push(Url {
            url: format!("http://{}/", host.name),
            works: host.http.ok().is_some_and(|answer| answer.status < 500),
            detail: http,
        });
    }
    if let (true, Some(zone)) = (facts.hosts.is_empty(), facts.zone.ok()) {
        let resolves = facts.public_ip().ok().is_some_and(|ip| facts.names.fresh.ok().is_some_and(|found| found == &[ip]));
        let shown = facts.outside.applications.get();
        let ingress = shown.as_ref().is_ok_and(|shown| matches!(judge(&shown.certificate, None, &facts.cluster), Verdict::Application));
        let detail = match shown {
            _ if !resolves => "the name doesn't lead to the applications' address".to_owned(),
            Ok(shown) => shown.certificate.subject.clone(),
            Err(missing) => why(missing),
        };
        all.push(Url { url: format!("https://<app>.{}{secure}/", zone.name), works: resolves && ingress, detail });
        let answer = facts.outside.http.ok().filter(|answer| answer.status != 503);
        let detail = facts.outside.http.get().map_or_else(why, |answer| format!("HTTP {}", answer.status));
        all.push(Url { url: format!("http://<app>.{}/", zone.name), works: resolves && answer.is_some(), detail });
    }
    all
}

/// What keeps a browser from asking: on this screen the checks' names would say nothing.
fn no_https(host: &Host) -> Option<String> {
    no_address(host).or_else(|| match host.tls.get() {
        Ok(shown) => shown.distrust.as_ref().map(|distrust| format!("{}: {distrust}", shown.certificate.subject)),
        Err(missing) => Some(why(missing)),
    })
}

fn no_address(host: &Host) -> Option<String> {
    match host.a.get() {
        Ok(found) if found.is_empty() => Some("the name doesn't resolve".to_owned()),
        Ok(_) => None,
        Err(missing) => Some(why(missing)),
    }
}

fn why(missing: crate::checks::Missing) -> String {
    missing.failure.map_or(missing.because, |failure| failure.to_string())
}

fn unknown(facts: &Facts) -> Vec<String> {
    let mut all = Vec::new();
    let mut add =
        |what: &str, missing: Option<crate::checks::Missing>| all.extend(missing.map(|missing| format!("{what}: {}", why(missing))));
    add("account", facts.credentials.get().err().or_else(|| facts.account.get().err()));
    add("instance", facts.instance().err());
    add("Elastic IP", facts.elastic_ip().err());
    add("node", facts.ssh.get().err().or_else(|| facts.node.get().err()));
    add("zone", facts.zone.get().err().or_else(|| facts.records.get().err()));
    let silent = facts.details.ok().is_some_and(|details| details.backends.is_empty());
    let silent = silent && facts.data_path() != Recorded::Service;
    add("HAProxy", silent.then(|| crate::checks::Missing::untried("nothing answers on 127.0.0.1:8404; does k8sport-haproxy.service run?")));
    all
}
