//! The zone in Route 53, and what resolvers make of it.

use std::net::Ipv4Addr;

use super::account::broken;
use super::resolution::{api, api_internal, authoritative, delegation, resolver};
use super::{Check, Facts, Host, Judge, Judged, Missing, Need, Repair, Severity, bad, fine, moot};
use crate::node::files::RedirectBackend;
use crate::plan::observed::Record;

pub const CHECKS: &[Check] = &[
    Check {
        id: "dns.zone",
        title: "the applications' hosted zone is found",
        severity: Severity::Failure,
        needs: &[],
        after: &["account.identity"],
        repair: None,
        explanation: "The public zone of --zone, or the longest one that contains the cluster's name. Two public zones with the same \
            name: only one of them is the one that the registrar delegates to.",
        judge: Judge::Once(zone),
    },
    Check {
        id: "dns.wildcard",
        title: "the wildcard record points to the applications' address",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::Records],
        after: &[],
        repair: Some(Repair::Dns),
        explanation: "`*.<zone>` A, TTL 60, one value. An alias, a routing policy or an unknown value is somebody else's and is not \
            overwritten without --force. A record that points to an address which was given back lets its next holder answer for \
            all names of the zone.",
        judge: Judge::Once(wildcard),
    },
    Check {
        id: "dns.hosts",
        title: "the hosts aren't hidden from the wildcard by records of their own",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::Records],
        after: &[],
        repair: None,
        explanation: "A record of any type for a name, or for a name below it, hides the wildcard for that name (RFC 4592). \
            app.<zone> TXT alone makes app.<zone> A disappear, and so does _acme-challenge.app.<zone> while it exists.",
        judge: Judge::Once(hosts),
    },
    Check {
        id: "dns.authoritative",
        title: "the zone's own name servers answer with it",
        severity: Severity::Failure,
        needs: &[Need::Records],
        after: &["dns.wildcard"],
        repair: None,
        explanation: "One of the zone's name servers, asked directly for a name below it. It should say what Route 53 has, some \
            seconds after a change at the latest. Skipped where the network lets nobody ask name servers outside.",
        judge: Judge::Once(authoritative),
    },
    Check {
        id: "dns.resolver",
        title: "this machine's resolver says the same",
        severity: Severity::Failure,
        needs: &[Need::Records],
        after: &["dns.wildcard"],
        repair: None,
        explanation: "A name below the zone that nobody has asked for before, so that no cache on the way holds an old answer. When \
            Route 53 has the record and the resolver says something else, the zone isn't the delegated one or the resolver has \
            answers of its own (split horizon).",
        judge: Judge::Once(resolver),
    },
    Check {
        id: "dns.delegation",
        title: "the zone is the one that the world is sent to",
        severity: Severity::Failure,
        needs: &[Need::Records],
        after: &[],
        repair: None,
        explanation: "The name servers that the resolver names for the zone against those of the zone in Route 53. When they differ, \
            the registrar delegates to other servers, and whatever is written into this zone is never asked for.",
        judge: Judge::Once(delegation),
    },
    Check {
        id: "dns.aaaa",
        title: "no AAAA record leads around the Elastic IP",
        severity: Severity::Warning,
        needs: &[Need::Records],
        after: &[],
        repair: None,
        explanation: "Clients with IPv6 prefer AAAA. An old one at the wildcard or at a host takes them to somewhere else, while all \
            looks fine over IPv4.",
        judge: Judge::Once(aaaa),
    },
    Check {
        id: "dns.caa",
        title: "CAA lets Let's Encrypt issue certificates",
        severity: Severity::Warning,
        needs: &[Need::Records],
        after: &[],
        repair: None,
        explanation: "CAA records at the zone name the authorities that may issue for all its names. cert-manager with Let's Encrypt \
            fails with a CAA error when letsencrypt.org isn't among them. With another authority this warning doesn't concern you.",
        judge: Judge::Once(caa),
    },
    Check {
        id: "dns.api",
        title: "api.<cluster> is the primary address",
        severity: Severity::Failure,
        needs: &[Need::Instance],
        after: &[],
        repair: None,
        explanation: "kOps' dns-controller owns this record and k8sport never writes it. 203.0.113.123 is kOps' placeholder: \
            dns-controller hasn't run yet. The Elastic IP there means that the old scripts, or a cloud controller that took the \
            wrong address, wrote it.",
        judge: Judge::Once(api),
    },
    Check {
        id: "dns.api-internal",
        title: "api.internal.<cluster> works with the second address",
        severity: Severity::Warning,
        needs: &[Need::Instance],
        after: &[],
        repair: None,
        explanation: "dns-controller up to kOps 1.34 publishes every private address of the node there, the secondary one included. \
            Clients that choose it come to HAProxy, which has to route this name to the API server (it does by default, from \
            private sources).",
        judge: Judge::Once(api_internal),
    },
];

fn zone(facts: &Facts) -> Judged {
    if let Some(failure) = facts.zone.failed()? {
        return broken(facts, failure);
    }
    if let Some(failure) = facts.records.failed()? {
        return broken(facts, failure);
    }
    let zone = facts.zone.get()?;
    fine(format!("{} ({})", zone.name, zone.id))
}

pub(super) fn records<'a>(facts: &'a Facts, name: &'a str) -> Result<impl Iterator<Item = &'a Record>, Missing> {
    Ok(facts.records.get()?.iter().filter(move |record| record.name == name))
}

fn value(record: &Record) -> String {
    record.alias.clone().unwrap_or_else(|| record.values.join(" "))
}

/// The address in the record, where the node had it and the account no longer has.
fn given_back(facts: &Facts, wildcard: &str) -> Option<Ipv4Addr> {
    let record = records(facts, wildcard).ok()?.find(|record| record.kind == "A")?;
    let [value] = record.values.as_slice() else { return None };
    let value: Ipv4Addr = value.parse().ok()?;
    let is_there = facts.elastic_ips.ok()?.iter().any(|address| address.public_ip == value)
        || facts.instance().ok()?.eni.addresses.iter().any(|address| address.public_ip == Some(value));
    let files = &facts.node.ok()?.files;
    let redirects = [RedirectBackend::Nftables, RedirectBackend::Iptables].map(RedirectBackend::path);
    let had = redirects.iter().filter_map(|path| files.get(*path)).any(|file| is_named(&file.content, value));
    (had && !is_there).then_some(value)
}

fn is_named(text: &str, address: Ipv4Addr) -> bool {
    text.split(|char: char| !char.is_ascii_digit() && char != '.').any(|word| word == address.to_string())
}

fn wildcard(facts: &Facts) -> Judged {
    let zone = facts.zone.get()?;
    let name = format!("*.{}", zone.name);
    let wanted = match (facts.public_ip(), given_back(facts, &name)) {
        (Ok(wanted), _) => wanted,
        (Err(_), Some(lost)) => {
            return bad(
                format!("{name} is {lost}, which was this cluster's and is no longer in the account: who gets it next gets the visitors"),
                [format!("{} --force", facts.again.command("bootstrap")), "or delete the record until there is another address".to_owned()],
            );
        }
        (Err(missing), None) => return Err(missing),
    };
    if let Some(cname) = records(facts, &name)?.find(|record| record.kind == "CNAME") {
        return bad(format!("{name} is a CNAME to {}", value(cname)), ["delete it, if it is no longer needed; then update-dns".to_owned()]);
    }
    let Some(record) = records(facts, &name)?.find(|record| record.kind == "A") else {
        return bad(format!("{name} has no A record"), []);
    };
    let force = || [format!("{} --force   (if what is there is no longer needed)", Repair::Dns.command(facts))];
    if record.set_identifier.is_some() {
        return bad(format!("{name} has a routing policy"), ["delete the record set first, if it is no longer needed".to_owned()]);
    }
    if record.alias.is_some() {
        return bad(format!("{name} is an alias of {}", value(record)), force());
    }
    if record.values == [wanted.to_string()] {
        return fine(format!("{name} A {wanted}, TTL {}", record.ttl.unwrap_or_default()));
    }
    let known = facts
        .instance()?
        .eni
        .addresses
        .iter()
        .any(|address| record.values == [address.public_ip.map_or_else(String::new, |ip| ip.to_string())]);
    let what = format!("{name} is {}, not {wanted}", value(record));
    if known { bad(what, []) } else { bad(what, force()) }
}

/// Whether the host, or a name below it, has a record.
pub(super) fn hides_wildcard(facts: &Facts, host: &Host) -> bool {
    let (name, suffix) = (host.name.as_str(), format!(".{}", host.name));
    facts.records.ok().is_some_and(|all| all.iter().any(|record| record.name == name || record.name.ends_with(&suffix)))
}

fn hosts(facts: &Facts) -> Judged {
    let wanted = facts.public_ip()?.to_string();
    let zone = facts.zone.get()?;
    for host in &facts.hosts {
        let name = host.name.as_str();
        let suffix = format!(".{name}");
        let own: Vec<&Record> = records(facts, name)?.collect();
        let below = facts.records.get()?.iter().find(|record| record.name.ends_with(&suffix));
        if !host.name.is_within(&zone.name) {
            continue;
        }
        match (own.iter().find(|record| record.kind == "A" || record.kind == "CNAME"), own.first(), below) {
            (Some(address), ..) if address.values == [wanted.clone()] => {}
            (Some(address), ..) => {
                return bad(
                    format!("{name} {} {} leads elsewhere than {wanted}", address.kind, value(address)),
                    [format!("{} --host {name}", Repair::Dns.command(facts))],
                );
            }
            (None, Some(other), _) => {
                return bad(
                    format!("{name} has a {} record and no A: the wildcard doesn't reach it", other.kind),
                    [format!("{} --host {name}", Repair::Dns.command(facts))],
                );
            }
            (None, None, Some(below)) => {
                return bad(
                    format!("{} exists, so the wildcard doesn't reach {name}", below.name),
                    [format!("{} --host {name}", Repair::Dns.command(facts))],
                );
            }
            (None, None, None) => {}
        }
    }
    if facts.hosts.is_empty() { moot(facts.no_hosts.as_str()) } else { fine(format!("{} looked at", facts.hosts.len())) }
}

fn aaaa(facts: &Facts) -> Judged {
    let zone = facts.zone.get()?;
    let wildcard = format!("*.{}", zone.name);
    let names = std::iter::once(wildcard.as_str()).chain(facts.hosts.iter().map(|host| host.name.as_str()));
    for name in names {
        if let Some(record) = records(facts, name)?.find(|record| record.kind == "AAAA") {
            return bad(format!("{name} AAAA {}", value(record)), ["delete the record, if nothing answers there".to_owned()]);
        }
    }
    match facts.names.fresh_aaaa.ok().and_then(|found| found.first()) {
        Some(found) => bad(format!("a new name below {} is also {found}", zone.name), ["delete the AAAA record".to_owned()]),
        None => fine("none"),
    }
}

fn caa(facts: &Facts) -> Judged {
    let zone = facts.zone.get()?;
    let values = match records(facts, zone.name.as_str())?.find(|record| record.kind == "CAA") {
        Some(record) => record.values.clone(),
        // Only the zone itself is asked for: a parent's CAA is rare.
        None => facts.names.caa.ok().cloned().unwrap_or_default(),
    };
    let issue: Vec<&String> = values.iter().filter(|value| value.split_whitespace().nth(1) == Some("issue")).collect();
    if issue.is_empty() {
        return fine("no authority is ruled out");
    }
    if issue.iter().any(|value| value.contains("letsencrypt.org")) {
        return fine("letsencrypt.org may issue");
    }
    let list = issue.iter().map(|value| value.as_str()).collect::<Vec<_>>().join(", ");
    bad(format!("{} CAA {list}", zone.name), [format!("if you use Let's Encrypt, add to {} CAA: 0 issue \"letsencrypt.org\"", zone.name)])
}
