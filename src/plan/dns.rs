//! `update-dns`: the wildcard record, and the hosts named with `--host`. `api.<cluster>` belongs to kOps'
//! dns-controller: it is looked at, never written.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use super::change::{Change, Deferred, Holder};
use super::observed::{AwsState, DnsState, HostedZone, Record};
use super::ownership::{Before, FORMER, former, record_tag};
use super::{Context, Note};
use crate::failure::{Failure, Result};
use crate::names::DnsName;

/// Seconds. Short, so that a move of the address is seen soon.
pub const TTL: i64 = 60;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dns {
    pub changes: Vec<Change>,
    pub notes: Vec<Note>,
    /// Names with records of their own, which the wildcard doesn't reach.
    pub explicit: Vec<String>,
}

/// Where the names are to point: the Elastic IP, or the node's own public address without a second one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub public_ip: Deferred<Ipv4Addr>,
    /// What remembers the records of before in its tags, and the tags that it has.
    pub holder: Option<Holder>,
    pub tags: BTreeMap<String, String>,
}

/// The longest public zone that contains the cluster's name.
///
/// # Errors
/// When no zone fits, when `--zone` names none of them, or when two public zones have the same name.
pub fn choose_zone(zones: &[HostedZone], context: &Context) -> Result<HostedZone> {
    let names = || zones.iter().map(|zone| zone.name.as_str()).collect::<Vec<_>>().join(", ");
    let wanted = match &context.zone {
        Some(zone) => zone.clone(),
        None => zones
            .iter()
            .map(|zone| &zone.name)
            .filter(|name| context.cluster.is_within(name))
            .max_by_key(|name| name.as_str().len())
            .cloned()
            .ok_or_else(|| {
                Failure::failed(format!("no public hosted zone contains {}", context.cluster))
                    .because(format!("the account's public zones are: {}", names()))
                    .state("nothing was changed")
                    .next("name the applications' zone with `--zone`")
            })?,
    };
    let mut matches = zones.iter().filter(|zone| zone.name == wanted);
    match (matches.next(), matches.next()) {
        (Some(zone), None) => Ok(zone.clone()),
        (None, _) => Err(Failure::usage(format!("there is no public hosted zone {wanted} in this account"))
            .because(format!("the account's public zones are: {}", names()))
            .state("nothing was changed")
            .next("choose one of them with `--zone`")),
        (Some(first), Some(second)) => {
            Err(Failure::refused(format!("two public hosted zones are called {wanted}: {} and {}", first.id, second.id))
                .because("only one of them can be the one that the registrar delegates to")
                .state("nothing was changed")
                .next("delete the one that isn't delegated"))
        }
    }
}

/// The names whose records decide what is to be done, first the one that our set-up makes.
pub fn looked_at(zone: &HostedZone, context: &Context) -> Vec<String> {
    let hosts = context.hosts.iter().map(ToString::to_string);
    [wildcard(zone)].into_iter().chain(hosts).chain([context.cluster.child("api").to_string()]).collect()
}

fn wildcard(zone: &HostedZone) -> String {
    format!("*.{}", zone.name)
}

/// # Errors
/// Refuses to overwrite records that we don't know, unless `--force`.
pub fn plan(dns: &DnsState, aws: &AwsState, context: &Context, target: &Target) -> Result<Dns> {
    let zone = &dns.zone;
    if let Some(host) = context.hosts.iter().find(|host| !host.is_within(&zone.name) || *host == &zone.name) {
        return Err(Failure::usage(format!("host {host} is not a name below zone {}", zone.name)).state("nothing was changed"));
    }
    if let Some(host) = context.hosts.iter().find(|host| is_kops(host, context)) {
        return Err(Failure::refused(format!("{host} is a name of the API server: its record is kOps'"))
            .because("kubectl, kubelets and whoever else asks the API would come to the applications' address")
            .state("nothing was changed")
            .next("name the hosts of applications with `--host`"));
    }
    let wildcard = wildcard(zone);
    let mut changes = Vec::new();
    let mut notes = Vec::new();
    for name in std::iter::once(wildcard.clone()).chain(context.hosts.iter().map(ToString::to_string)) {
        changes.extend(record(dns, aws, context, &name, target)?);
        if dns.records.iter().any(|record| record.name == name && record.kind == "AAAA") {
            notes.push(Note::warning(format!("{name} has an AAAA record: IPv6 clients won't come through the Elastic IP")));
        }
    }
    let explicit = explicit_names(dns, context, target.public_ip);
    if !explicit.is_empty() {
        notes.push(Note::info(format!("these names have records of their own and don't follow {wildcard}: {}", some_of(&explicit))));
    }
    if !dns.complete && !changes.is_empty() {
        notes.push(Note::info(format!(
            "zone {} is large, so it was not read whole: `k8sport diagnose` says which Ingress hosts have records of their own and \
             don't follow {wildcard}",
            zone.name
        )));
    }
    notes.extend(api_record(dns, aws, context));
    Ok(Dns { changes, notes, explicit })
}

/// dns-controller writes `api`, `api.internal` and `kops-controller.internal`.
fn is_kops(host: &DnsName, context: &Context) -> bool {
    ["api", "internal"].iter().any(|label| host.is_within(&context.cluster.child(label)))
}

fn record(dns: &DnsState, aws: &AwsState, context: &Context, name: &str, target: &Target) -> Result<Vec<Change>> {
    let same_name = || dns.records.iter().filter(|record| record.name == name);
    if let Some(cname) = same_name().find(|record| record.kind == "CNAME") {
        return Err(
            foreign(name, cname, "a CNAME can't stand beside an A record").next("delete the CNAME first, if it is no longer needed")
        );
    }
    let existing = same_name().find(|record| record.kind == "A");
    if let Some(old) = existing {
        let values: BTreeSet<_> = old.values.iter().filter_map(|value| value.parse::<Ipv4Addr>().ok()).collect();
        let plain = old.alias.is_none() && old.set_identifier.is_none();
        if plain && old.ttl == Some(TTL) && Deferred::Known(old.values.join(" ")) == as_text(target.public_ip) {
            return Ok(Vec::new());
        }
        if old.set_identifier.is_some() {
            // An upsert of a simple record beside a routing policy is an error in Route 53, so `--force` can't help.
            return Err(foreign(name, old, "it has a routing policy").next("delete the record set first, if it is no longer needed"));
        }
        let known = plain && values.iter().all(|value| is_known(*value, aws, context, target));
        if !known && !context.force {
            let why =
                if old.alias.is_some() { "it is an alias" } else { "it points to addresses that have nothing to do with this cluster" };
            return Err(foreign(name, old, why).next("overwrite it with `--force` if that is what you want"));
        }
    }
    let upsert = Change::UpsertRecord {
        zone: dns.zone.clone(),
        name: name.to_owned(),
        ttl: TTL,
        value: target.public_ip,
        previous: existing.cloned(),
    };
    Ok(remember(name, existing, target).into_iter().chain([upsert]).collect())
}

/// Only the first time: later the record that is there is our own.
fn remember(name: &str, existing: Option<&Record>, target: &Target) -> Option<Change> {
    let tag = record_tag(name).filter(|tag| !target.tags.contains_key(tag))?;
    let was_ours = |record: &Record| !record.values.is_empty() && record.values.iter().all(|value| Some(value) == target.tags.get(FORMER));
    // What was there before that stood on the address that is gone.
    let before = if existing.is_some_and(was_ours) { Before::Lost } else { Before::of(existing) };
    Some(Change::RememberRecord { holder: target.holder.clone()?, tag, value: before.to_tag() })
}

fn as_text(target: Deferred<Ipv4Addr>) -> Deferred<String> {
    match target {
        Deferred::Known(ip) => Deferred::Known(ip.to_string()),
        Deferred::AfterApply => Deferred::AfterApply,
    }
}

/// A value that a run of ours, of the scripts or of the operator for this very node has put there.
fn is_known(value: Ipv4Addr, aws: &AwsState, context: &Context, target: &Target) -> bool {
    let on_node = aws.instance.eni.addresses.iter().any(|address| address.public_ip == Some(value));
    let ours = aws.elastic_ips.iter().any(|address| address.public_ip == value && address.is_for(&context.cluster));
    // Whoever gets that one next has the names' traffic.
    let was_ours = former(target.tags.get(FORMER), &aws.elastic_ips) == Some(value);
    on_node || ours || was_ours || target.public_ip == Deferred::Known(value)
}

fn foreign(name: &str, record: &Record, why: &str) -> Failure {
    let target = match &record.alias {
        Some(alias) => format!("alias of {alias}"),
        None => record.values.join(" "),
    };
    Failure::refused(format!("record {name} {} {target} is not ours to change", record.kind)).because(why).state("nothing was changed")
}

/// An explicit record hides the wildcard for its name, whatever its type (RFC 4592), and so does a name below it.
fn explicit_names(dns: &DnsState, context: &Context, target: Deferred<Ipv4Addr>) -> Vec<String> {
    let suffix = format!(".{}", dns.zone.name);
    let ours: BTreeSet<String> = context.hosts.iter().map(ToString::to_string).collect();
    let names: BTreeSet<String> = dns
        .records
        .iter()
        .filter(|record| !(record.kind == "A" && Deferred::Known(record.values.join(" ")) == as_text(target)))
        .filter_map(|record| record.name.strip_suffix(&suffix))
        .filter_map(|rest| rest.rsplit('.').next())
        .filter(|label| *label != "*" && !label.starts_with('_'))
        .map(|label| format!("{label}{suffix}"))
        .filter(|name| name != context.cluster.as_str() && !ours.contains(name))
        .collect();
    // The cluster's own names (api.c02.example.com) aren't applications.
    names.into_iter().filter(|name| !name.parse::<DnsName>().is_ok_and(|name| context.cluster.is_within(&name))).collect()
}

fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}

fn api_record(dns: &DnsState, aws: &AwsState, context: &Context) -> Option<Note> {
    // In another zone than the cluster's there is none to be expected.
    if !context.cluster.is_within(&dns.zone.name) {
        return None;
    }
    let name = context.cluster.child("api");
    let primary = aws.instance.eni.primary()?.public_ip?;
    let record = dns.records.iter().find(|record| record.name == name.as_str() && record.kind == "A");
    match record {
        Some(record) if record.alias.is_none() && record.values == [primary.to_string()] => None,
        Some(record) => Some(Note::warning(format!(
            "{name} is {}, but the node's primary address is {primary}; kOps' dns-controller owns that record",
            record.alias.clone().unwrap_or_else(|| record.values.join(" "))
        ))),
        None => Some(Note::warning(format!("{name} has no A record in this zone; kOps' dns-controller normally keeps one for {primary}"))),
    }
}
