//! The Elastic IP: ours, where it belongs, and what else costs money.

use super::account::broken;
use super::{Check, Facts, Judge, Judged, Need, Repair, Severity, bad, doubtful, fine};
use crate::plan::elastic_ip::in_use_by;
use crate::plan::observed::ElasticIp;

pub const CHECKS: &[Check] = &[
    Check {
        id: "address.list",
        title: "the account's Elastic IPs can be read",
        severity: Severity::Failure,
        needs: &[],
        after: &["account.identity"],
        repair: None,
        explanation: "ec2:DescribeAddresses lists all Elastic IPs of the region, ours and others'. Without it neither our address \
            nor the use of the quota is known.",
        judge: Judge::Once(list),
    },
    Check {
        id: "address.elastic-ip",
        title: "an Elastic IP is tagged for the cluster",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::ElasticIps],
        after: &[],
        repair: Some(Repair::SecondaryIp),
        explanation: "Ours is the address with the tag k8sport:cluster=<cluster>. Who removes the tag takes the address away from \
            k8sport: it is then somebody else's, and never touched again.",
        judge: Judge::Once(elastic_ip),
    },
    Check {
        id: "address.association",
        title: "the Elastic IP leads to a secondary address of the node",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::ElasticIps],
        after: &["address.elastic-ip"],
        repair: Some(Repair::SecondaryIp),
        explanation: "The address must be associated with a secondary private address of the node's primary interface. AWS moves an \
            address without a word when somebody associates it elsewhere, and lets it go when its private address is unassigned.",
        judge: Judge::Once(association),
    },
    Check {
        id: "address.intended",
        title: "it leads where its tags say",
        severity: Severity::Warning,
        needs: &[Need::Instance, Need::ElasticIps],
        after: &["address.association"],
        repair: None,
        explanation: "At creation the address is tagged with the interface and private address it is meant for, so that a run that \
            was killed can be read and finished. When both differ, somebody has moved it by hand.",
        judge: Judge::Once(intended),
    },
    Check {
        id: "address.single",
        title: "there is only one Elastic IP for the cluster",
        severity: Severity::Warning,
        needs: &[Need::Instance, Need::ElasticIps],
        after: &["address.elastic-ip"],
        repair: None,
        explanation: "Every public IPv4 address costs $0.005 an hour, about $3.65 a month, in use or not. A second one tagged for the \
            cluster is left over from a node that was replaced or from a run that was killed.",
        judge: Judge::Once(single),
    },
    Check {
        id: "address.idle",
        title: "no unclaimed Elastic IP is idle",
        severity: Severity::Warning,
        needs: &[Need::ElasticIps],
        after: &[],
        repair: None,
        explanation: "An idle Elastic IP without any tag belongs to nobody, costs about $3.65 a month and counts against the quota. \
            Idle ones with a tag are somebody's and are only counted.",
        judge: Judge::Once(idle),
    },
    Check {
        id: "address.quota",
        title: "the Elastic IP quota has room",
        severity: Severity::Warning,
        needs: &[Need::ElasticIps, Need::Quota],
        after: &[],
        repair: None,
        explanation: "Quota L-0263D0A3 (5 by default) counts all Elastic IPs of the region, those of NAT gateways and load balancers \
            included. A full one stops the next allocation with AddressLimitExceeded: a failure while the cluster still needs one, \
            no news once it has it.",
        judge: Judge::Once(quota),
    },
];

fn list(facts: &Facts) -> Judged {
    match facts.elastic_ips.failed()? {
        Some(failure) => broken(facts, failure),
        None => fine(format!("{} in the region", facts.elastic_ips.get()?.len())),
    }
}

fn elastic_ip(facts: &Facts) -> Judged {
    if let Some(address) = facts.unwanted() {
        return bad(
            format!("{} is there, against `--no-secondary-ip`", address.public_ip),
            [
                "leave out `--no-secondary-ip`, K8SPORT_NO_SECONDARY_IP, or `secondary-ip = false` of the settings file".to_owned(),
                format!("or give it back: {}", facts.again.command("cleanup")),
            ],
        );
    }
    if !facts.secondary_ip {
        return super::moot("the cluster goes without a second address");
    }
    match facts.elastic_ip() {
        Ok(address) => fine(format!("{} ({})", address.public_ip, address.allocation_id)),
        Err(_) => bad(format!("none of {} has the tag k8sport:cluster={}", facts.elastic_ips.get()?.len(), facts.cluster), []),
    }
}

fn association(facts: &Facts) -> Judged {
    let address = facts.elastic_ip()?;
    let eni = &facts.instance()?.eni;
    let public = address.public_ip;
    let Some(association) = &address.association else { return bad(format!("{public} is associated with nothing"), []) };
    if association.eni.as_ref() != Some(&eni.id) {
        return bad(
            format!("{public} is in use by {}, not by {}", in_use_by(address), eni.id),
            [
                format!(
                    "if nothing needs it there: aws ec2 disassociate-address --association-id {}{}",
                    association.id,
                    facts.again.place()
                ),
                format!("then: {}", Repair::SecondaryIp.command(facts)),
            ],
        );
    }
    match facts.front() {
        Ok(front) => fine(format!("{public} -> {} on {}", front.private_ip, eni.id)),
        Err(_) => bad(
            format!("{public} is associated with the primary address of {}", eni.id),
            [
                "give the primary another public address first: this one is the node's only one".to_owned(),
                format!("then: aws ec2 disassociate-address --association-id {}{}", association.id, facts.again.place()),
                format!("then: {}", Repair::SecondaryIp.command(facts)),
            ],
        ),
    }
}

fn intended(facts: &Facts) -> Judged {
    let front = facts.front()?;
    let there = front.private_ip;
    match front.address.intended_private_ip() {
        Some(meant) if meant != there => doubtful(
            format!("it leads to {there}, its tag says {meant}"),
            [format!(
                "aws ec2 create-tags --resources {} --tags Key=k8sport:private-ip,Value={there}{}",
                front.address.allocation_id,
                facts.again.place()
            )],
        ),
        Some(_) => fine(there.to_string()),
        None => fine(format!("{there}; no tag says where it was meant")),
    }
}

fn single(facts: &Facts) -> Judged {
    let ours = facts.elastic_ip()?;
    let others: Vec<&ElasticIp> = facts
        .elastic_ips
        .get()?
        .iter()
        .filter(|address| address.is_for(&facts.cluster) && address.allocation_id != ours.allocation_id)
        .collect();
    let Some(first) = others.first() else { return fine(ours.public_ip.to_string()) };
    let list = others.iter().map(|address| format!("{} ({})", address.public_ip, in_use_by(address))).collect::<Vec<_>>().join(", ");
    bad(
        format!("besides {} there is {list}: about ${:.2} a month", ours.public_ip, 3.65 * count(others.len())),
        [format!("if no record points at it: aws ec2 release-address --allocation-id {}{}", first.allocation_id, facts.again.place())],
    )
}

fn idle(facts: &Facts) -> Judged {
    let all = facts.elastic_ips.get()?;
    let (unclaimed, claimed): (Vec<&ElasticIp>, Vec<&ElasticIp>) =
        all.iter().filter(|address| address.association.is_none()).partition(|address| address.tags.is_empty());
    let Some(first) = unclaimed.first() else {
        return fine(if claimed.is_empty() { "none is idle".to_owned() } else { format!("{} idle, tagged by somebody", claimed.len()) });
    };
    let list = unclaimed.iter().map(|address| address.public_ip.to_string()).collect::<Vec<_>>().join(", ");
    bad(
        format!("{list}: about ${:.2} a month for nothing", 3.65 * count(unclaimed.len())),
        [format!("if nobody needs it: aws ec2 release-address --allocation-id {}{}", first.allocation_id, facts.again.place())],
    )
}

fn quota(facts: &Facts) -> Judged {
    let used = facts.elastic_ips.get()?.len();
    let Some(quota) = facts.quota.get()? else { return super::moot("neither the applied nor the default quota may be read") };
    let text = format!("{used} of {} used", quota.limit);
    if used < quota.limit as usize || facts.elastic_ip().is_ok() || !facts.secondary_ip {
        return fine(text);
    }
    bad(
        text,
        [format!(
            "aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-0263D0A3 --desired-value {}{}",
            used.saturating_add(5),
            facts.again.place()
        )],
    )
}

/// Addresses are few: every count is exact.
fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
