//! Security groups: what lets 80 and 443 in, for how long, and what is open without need.

use super::account::broken;
use super::{Check, Facts, Judge, Judged, Missing, Need, Repair, Severity, bad, fine, moot};
use crate::plan::firewall::{ANYWHERE, api_is_open_without_ours, opens};
use crate::plan::observed::SecurityGroup;
use crate::plan::ownership;

pub const CHECKS: &[Check] = &[
    Check {
        id: "firewall.list",
        title: "the interface's security groups can be read",
        severity: Severity::Failure,
        needs: &[Need::Instance],
        after: &[],
        repair: None,
        explanation: "ec2:DescribeSecurityGroups shows what may come in. A closed port looks like a dead address from outside: \
            packets are dropped, nothing answers.",
        judge: Judge::Once(list),
    },
    Check {
        id: "firewall.group",
        title: "our security group is on the interface",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::SecurityGroups],
        after: &[],
        repair: Some(Repair::SecondaryIp),
        explanation: "The rules live in a group of our own, k8sport.<cluster>, since kOps removes 443 rules that it doesn't know from \
            its own group. The group isn't part of the instance group: a replaced node comes up without it.",
        judge: Judge::Once(group),
    },
    Check {
        id: "firewall.https",
        title: "443 is open to the world",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::SecurityGroups],
        after: &[],
        repair: Some(Repair::SecondaryIp),
        explanation: "Any group on the interface may let TCP 443 in; security groups only add up. A group can't tell the two addresses \
            of one interface apart.",
        judge: Judge::Once(https),
    },
    Check {
        id: "firewall.http",
        title: "80 is open to the world",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::SecurityGroups],
        after: &[],
        repair: Some(Repair::SecondaryIp),
        explanation: "Port 80 is needed for redirects to HTTPS and for the HTTP-01 challenges of Let's Encrypt.",
        judge: Judge::Once(http),
    },
    Check {
        id: "firewall.kops-rules",
        title: "443 rests on no rule that kOps takes away",
        severity: Severity::Warning,
        needs: &[Need::Instance, Need::SecurityGroups],
        after: &["firewall.group", "firewall.https"],
        repair: Some(Repair::SecondaryIp),
        explanation: "At each `kops update cluster --yes` kOps removes rules for exactly 443 (and 22, 8443 and some more) from its own \
            groups unless spec.api.access asks for them. When nothing but such a rule lets the applications' 443 in, they are cut off by \
            the next update. Rules for 80 and ranges of ports aren't removed.",
        judge: Judge::Once(kops_rules),
    },
    Check {
        id: "firewall.api",
        title: "the API server isn't opened by our 443",
        severity: Severity::Warning,
        needs: &[Need::Instance, Need::SecurityGroups],
        after: &["firewall.https"],
        repair: None,
        explanation: "When kOps' own groups keep 443 to some networks (spec.api.access), our rule opens it on the primary address as \
            well, since a group protects the interface and not an address. Client certificates and tokens still guard the API.",
        judge: Judge::Once(api),
    },
    Check {
        id: "firewall.needless",
        title: "no port is open that needs not be",
        severity: Severity::Warning,
        needs: &[Need::Instance, Need::SecurityGroups],
        after: &[],
        repair: None,
        explanation: "HAProxy reaches the NodePorts 30080 and 30443 on the node itself, and its statistics are on loopback. Opening \
            30080, 30443, 8443 or 8404 to the world, as old instructions had it, only makes a way around the front door.",
        judge: Judge::Once(needless),
    },
];

fn list(facts: &Facts) -> Judged {
    match facts.groups.failed()? {
        Some(failure) => broken(facts, failure),
        None => fine(attached(facts)?.map(|group| group.name.as_str()).collect::<Vec<_>>().join(", ")),
    }
}

fn attached(facts: &Facts) -> Result<impl Iterator<Item = &SecurityGroup>, Missing> {
    let eni = &facts.instance()?.eni;
    Ok(facts.groups.get()?.iter().filter(|group| eni.groups.contains(&group.id)))
}

fn group(facts: &Facts) -> Judged {
    let name = format!("k8sport.{}", facts.cluster);
    let Some(group) = facts.groups.get()?.iter().find(|group| group.name == name) else {
        return bad(format!("there is no group {name}"), []);
    };
    if group.tags.get(ownership::CLUSTER).map(String::as_str) != Some(facts.cluster.as_str()) {
        return bad(
            format!("{name} ({}) has no tag k8sport:cluster={}", group.id, facts.cluster),
            [format!(
                "if it is ours: aws ec2 create-tags --resources {} --tags Key=k8sport:cluster,Value={}{}",
                group.id,
                facts.cluster,
                facts.again.place()
            )],
        );
    }
    if !facts.instance()?.eni.groups.contains(&group.id) {
        return bad(format!("{name} ({}) isn't on {}", group.id, facts.instance()?.eni.id), []);
    }
    fine(group.id.to_string())
}

const HTTPS: u16 = 443;

fn https(facts: &Facts) -> Judged {
    open(facts, if facts.secondary_ip { HTTPS } else { 30443 })
}

fn http(facts: &Facts) -> Judged {
    open(facts, 80)
}

fn open(facts: &Facts, port: u16) -> Judged {
    let Some(group) = attached(facts)?.find(|group| group.ingress.iter().any(|rule| opens(rule, port))) else {
        return bad(format!("no group on {} lets TCP {port} in from {ANYWHERE}", facts.instance()?.eni.id), []);
    };
    fine(format!("TCP {port} by {}", group.name))
}

fn kops_rules(facts: &Facts) -> Judged {
    if !facts.secondary_ip {
        return moot("kOps doesn't remove rules for 30443 and 80");
    }
    let owned = format!("kubernetes.io/cluster/{}", facts.cluster);
    let mut removable = None;
    for group in attached(facts)? {
        let by_kops = group.tags.contains_key(&owned);
        for rule in group.ingress.iter().filter(|rule| opens(rule, HTTPS)) {
            if !by_kops || rule.from_port != rule.to_port {
                return fine(format!("TCP {HTTPS} by {}", group.name));
            }
            removable = Some(group);
        }
    }
    match removable {
        Some(group) => bad(
            format!("only kOps' own {} lets {HTTPS} in: the rule goes with its next update, unless spec.api.access has it", group.name),
            [],
        ),
        None => moot(format!("nothing lets {HTTPS} in (firewall.https)")),
    }
}

fn api(facts: &Facts) -> Judged {
    let eni = &facts.instance()?.eni;
    if !facts.secondary_ip {
        return moot("the cluster goes without a second address");
    }
    if api_is_open_without_ours(facts.groups.get()?, eni, &facts.cluster) {
        return fine("the API server is open to the world by its own group");
    }
    bad(
        "kOps keeps the API server to some networks, our group opens its 443 to the world",
        ["restrict it on the node, or accept it: certificates and tokens still guard the API".to_owned()],
    )
}

fn needless(facts: &Facts) -> Judged {
    let ports: &[u16] = if facts.secondary_ip { &[8404, 8443, 30080, 30443] } else { &[8404, 8443, 30080] };
    for group in attached(facts)? {
        // A range or "everything" is kOps' or the operator's own decision.
        let needless = group
            .ingress
            .iter()
            .find(|rule| rule.from_port == rule.to_port && ports.contains(&rule.from_port) && opens(rule, rule.from_port));
        if let Some(rule) = needless {
            return bad(
                format!("{} opens TCP {} to the world", group.name, rule.from_port),
                [format!(
                    "aws ec2 revoke-security-group-ingress --group-id {} --protocol tcp --port {} --cidr {ANYWHERE}{}",
                    group.id,
                    rule.from_port,
                    facts.again.place()
                )],
            );
        }
    }
    fine("none of 8404, 8443, 30080, 30443")
}
