//! What resolvers say about the zone, and about the API server's names.

use std::net::Ipv4Addr;

use super::account::broken;
use super::dns::records;
use super::{Facts, Judged, Repair, bad, doubtful, fine, moot};
use crate::node::files::HAPROXY_CONFIG;

pub fn authoritative(facts: &Facts) -> Judged {
    let wanted = facts.public_ip()?;
    if let Some(failure) = facts.names.authoritative.failed()? {
        return moot(format!("it can't be asked from here: {failure}"));
    }
    let found = facts.names.authoritative.get()?;
    if found == &[wanted] {
        return fine(format!("{wanted} in {} ms", facts.names.authoritative.took.as_millis()));
    }
    let zone = &facts.zone.get()?.name;
    let what = if found.is_empty() { "nothing".to_owned() } else { list(found) };
    bad(
        format!("they say {what}, Route 53 has {wanted}"),
        [
            "after a change wait a minute: it is on its way to the name servers".to_owned(),
            format!(
                "aws route53 test-dns-answer --hosted-zone-id {} --record-name any-name.{zone} --record-type A{}",
                facts.zone.get()?.id,
                facts.again.place()
            ),
        ],
    )
}

pub fn resolver(facts: &Facts) -> Judged {
    let wanted = facts.public_ip()?;
    if let Some(failure) = facts.names.fresh.failed()? {
        return broken(facts, failure);
    }
    let found = facts.names.fresh.get()?;
    let zone = &facts.zone.get()?.name;
    if found == &[wanted] {
        return fine(format!("a new name below {zone} is {wanted}, in {} ms", facts.names.fresh.took.as_millis()));
    }
    let what = if found.is_empty() {
        format!("a new name below {zone} doesn't resolve")
    } else {
        format!("a new name below {zone} is {}", list(found))
    };
    bad(what, [format!("dig +trace any-name.{zone}   # which servers answer?")])
}

pub fn delegation(facts: &Facts) -> Judged {
    let zone = facts.zone.get()?;
    let Some(ours) = records(facts, zone.name.as_str())?.find(|record| record.kind == "NS") else {
        return moot("Route 53 shows no NS record of the zone");
    };
    if let Some(failure) = facts.names.name_servers.failed()? {
        return broken(facts, failure);
    }
    let plain = |name: &str| name.trim_end_matches('.').to_ascii_lowercase();
    let mut ours: Vec<String> = ours.values.iter().map(|name| plain(name)).collect();
    ours.sort();
    let mut seen: Vec<String> = facts.names.name_servers.get()?.iter().map(|name| plain(name)).collect();
    seen.sort();
    if seen.is_empty() {
        return bad(
            format!("{} has no name servers for this machine's resolver", zone.name),
            [format!("name these at the registrar: {}", ours.join(", "))],
        );
    }
    if seen == ours {
        return fine(ours.join(", "));
    }
    bad(
        format!("the world is sent to {}, the zone is at {}", seen.join(", "), ours.join(", ")),
        [format!("name these at the registrar: {}", ours.join(", "))],
    )
}

const PLACEHOLDER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 123);

pub fn api(facts: &Facts) -> Judged {
    let primary = facts.instance()?.eni.primary().and_then(|address| address.public_ip);
    let Some(primary) = primary else { return moot("the node has no public address (instance.public-address)") };
    if let Some(failure) = facts.names.api.failed()? {
        return broken(facts, failure);
    }
    let name = format!("api.{}", facts.cluster);
    let remedy = || ["kubectl -n kube-system logs deployment/dns-controller   # it owns the record".to_owned()];
    match facts.names.api.get()?.as_slice() {
        [one] if *one == primary => fine(format!("{name} is {primary}")),
        [one] if *one == PLACEHOLDER => bad(format!("{name} is kOps' placeholder {one}"), remedy()),
        [] => bad(format!("{name} doesn't resolve"), remedy()),
        found => bad(format!("{name} is {}, the primary address is {primary}", list(found)), remedy()),
    }
}

pub fn api_internal(facts: &Facts) -> Judged {
    let name = format!("api.internal.{}", facts.cluster);
    if let Some(failure) = facts.names.api_internal.failed()? {
        return broken(facts, failure);
    }
    let found = facts.names.api_internal.get()?;
    let primary = facts.primary()?;
    let second = facts.front().ok().map(|front| front.private_ip);
    if found.is_empty() {
        return moot(format!("{name} doesn't resolve from here"));
    }
    if !found.contains(&primary) {
        return bad(
            format!("{name} is {}, without the primary {primary}", list(found)),
            ["kubectl -n kube-system logs deployment/dns-controller   # it owns the record".to_owned()],
        );
    }
    let Some(second) = second.filter(|second| found.contains(second)) else { return fine(format!("{name} is {}", list(found))) };
    let config = facts.node.get()?.files.get(HAPROXY_CONFIG).map_or("", |file| &file.content);
    if config.contains(&format!("req.ssl_sni -i {name}")) {
        return fine(format!("{name} contains {second}; HAProxy routes it to the API server"));
    }
    doubtful(format!("{name} contains {second}, and HAProxy doesn't route it to the API server"), [Repair::Haproxy.command(facts)])
}

fn list(addresses: &[Ipv4Addr]) -> String {
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
