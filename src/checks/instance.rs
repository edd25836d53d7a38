//! The control-plane instance and its interface, as AWS has them.

use super::account::broken;
use super::{Check, Facts, Judge, Judged, Need, Severity, bad, fine, moot};
use crate::plan::observed::ElasticIp;

pub const CHECKS: &[Check] = &[
    Check {
        id: "instance.found",
        title: "the cluster has one control-plane node",
        severity: Severity::Failure,
        needs: &[],
        after: &["account.identity"],
        repair: None,
        explanation: "The node is the instance with the tags k8s.io/role/master=1 and kubernetes.io/cluster/<cluster>=owned. None: the \
            name, the region or the account is wrong. Several: k8sport is for single-node clusters, and an Elastic IP on one node \
            of many would be a different thing.",
        judge: Judge::Once(found),
    },
    Check {
        id: "instance.running",
        title: "the node is running",
        severity: Severity::Failure,
        needs: &[Need::Instance],
        after: &[],
        repair: None,
        explanation: "A stopped instance keeps its private addresses and the Elastic IP, which costs money all the same; the public \
            address that the subnet gave the primary is gone, and while a secondary address has an Elastic IP AWS gives no new one \
            at the start: give the primary private IP an Elastic IP, too.",
        judge: Judge::Once(running),
    },
    Check {
        id: "instance.public-address",
        title: "the primary address has a public address of its own",
        severity: Severity::Failure,
        needs: &[Need::Instance],
        after: &["instance.running"],
        repair: None,
        explanation: "SSH and the API server are reached through the primary private address. When our Elastic IP sits there, \
            applications and the API server share one address and the API server has its 443.",
        judge: Judge::Once(public_address),
    },
    Check {
        id: "instance.route",
        title: "the subnet has a route to an internet gateway",
        severity: Severity::Failure,
        needs: &[Need::Instance],
        after: &[],
        repair: None,
        explanation: "An Elastic IP works only where 0.0.0.0/0 of the subnet's route table goes to an internet gateway. With a NAT \
            gateway there (a private topology) nothing from outside comes in, and nothing else on this page matters.",
        judge: Judge::Once(route),
    },
    Check {
        id: "instance.room",
        title: "the interface has room for the second address",
        severity: Severity::Failure,
        needs: &[Need::Instance],
        after: &[],
        repair: None,
        explanation: "Each instance type allows so many IPv4 addresses on an interface (t4g.micro: 2, t4g.medium: 6). Where they are \
            used up before ours is there, ec2:AssignPrivateIpAddresses ends with PrivateIpAddressLimitExceeded.",
        judge: Judge::Once(room),
    },
];

fn found(facts: &Facts) -> Judged {
    if let Some(failure) = facts.instances.failed()? {
        return broken(facts, failure);
    }
    let cluster = &facts.cluster;
    match facts.instances.get()?.as_slice() {
        [one] => fine(format!("{} ({})", one.id, one.name)),
        [] => bad(
            format!("no instance with k8s.io/role/master=1 and kubernetes.io/cluster/{cluster}=owned in {}", facts.region.get()?),
            ["check --cluster, --region and --profile; `kops get clusters` lists the names".to_owned()],
        ),
        several => {
            let ids = several.iter().map(|instance| format!("{} ({})", instance.id, instance.state)).collect::<Vec<_>>().join(", ");
            bad(
                format!("{} control-plane nodes: {ids}", several.len()),
                ["if one is being replaced, name the other with --instance-id".to_owned()],
            )
        }
    }
}

fn running(facts: &Facts) -> Judged {
    let instance = facts.instance()?;
    if instance.state == "running" {
        return fine(instance.instance_type.as_str());
    }
    bad(
        format!("{} is {}", instance.id, instance.state),
        [format!("aws ec2 start-instances --instance-ids {}{}", instance.id, facts.again.place())],
    )
}

fn public_address(facts: &Facts) -> Judged {
    let instance = facts.instance()?;
    let primary = instance.eni.primary();
    let Some(public) = primary.and_then(|address| address.public_ip) else {
        return bad(
            format!("{} has none", primary.map_or_else(String::new, |address| address.ip.to_string())),
            ["give the primary private address a public one; k8sport reaches the node with --ssh-host meanwhile".to_owned()],
        );
    };
    let ours = facts.elastic_ip().is_ok_and(|address| address.public_ip == public);
    if ours {
        return bad(
            format!("our Elastic IP {public} sits on the primary address, where the API server has 443"),
            ["give the primary another public address, disassociate this one, then run bootstrap".to_owned()],
        );
    }
    fine(public.to_string())
}

fn route(facts: &Facts) -> Judged {
    if let Some(failure) = facts.public_route.failed()? {
        return broken(facts, failure);
    }
    let eni = &facts.instance()?.eni;
    if *facts.public_route.get()? {
        return fine(eni.subnet_id.as_str());
    }
    bad(
        format!("{} sends 0.0.0.0/0 to no internet gateway", eni.subnet_id),
        [format!("aws ec2 describe-route-tables --filters Name=association.subnet-id,Values={}{}", eni.subnet_id, facts.again.place())],
    )
}

fn room(facts: &Facts) -> Judged {
    let instance = facts.instance()?;
    let Some(limit) = facts.addresses_per_interface.get()? else { return moot(format!("AWS doesn't say for {}", instance.instance_type)) };
    let used = instance.eni.addresses.len();
    let text = format!("{used} of {limit} addresses of {}", instance.instance_type);
    let ours = facts.elastic_ip().ok().and_then(ElasticIp::intended_private_ip).is_some_and(|ip| instance.eni.address(ip).is_some());
    if ours || !facts.secondary_ip || used < *limit as usize {
        return fine(text);
    }
    bad(format!("all are used: {text}"), ["unassign a secondary address that isn't needed, or use a larger instance type".to_owned()])
}
