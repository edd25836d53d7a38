//! Security groups (EC2).

use aws_sdk_ec2::types::{self, Filter, IpPermission};

use super::Aws;
use super::call::Call;
use super::tags::{self, filter};
use crate::failure::Result;
use crate::names::DnsName;
use crate::plan::observed::{Eni, IngressRule, SecurityGroup};
use crate::plan::ownership::CLUSTER;

impl Aws {
    /// The groups on the interface, and the group named `k8sport.<cluster>` of its VPC if there is one, sorted by id.
    pub async fn security_groups(&self, eni: &Eni, cluster: &DnsName) -> Result<Vec<SecurityGroup>> {
        let call = Call::read("ec2:DescribeSecurityGroups", format!("the groups of {} and k8sport.{cluster}", eni.id));
        let (attached, name) = (vec![filter("group-id", eni.groups.iter().map(|group| group.as_str()))], format!("k8sport.{cluster}"));
        let (attached, ours) = tokio::try_join!(groups(&self.ec2, &call, attached), groups_named(&self.ec2, &call, &name, &eni.vpc_id))?;
        let mut all: Vec<_> = attached.into_iter().chain(ours).collect();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all.dedup_by(|a, b| a.id == b.id);
        Ok(all)
    }
}

impl Aws {
    /// The groups tagged for the cluster, in any VPC of the region.
    ///
    /// # Errors
    /// When `ec2:DescribeSecurityGroups` is refused or doesn't answer.
    pub async fn security_groups_of(&self, cluster: &DnsName) -> Result<Vec<SecurityGroup>> {
        let call = Call::read("ec2:DescribeSecurityGroups", format!("groups tagged {CLUSTER}={cluster}"));
        groups(&self.ec2, &call, vec![filter(format!("tag:{CLUSTER}"), [cluster.as_str()])]).await
    }
}

pub(super) async fn groups_named(ec2: &aws_sdk_ec2::Client, call: &Call, name: &str, vpc_id: &str) -> Result<Vec<SecurityGroup>> {
    groups(ec2, call, vec![filter("group-name", [name]), filter("vpc-id", [vpc_id])]).await
}

async fn groups(ec2: &aws_sdk_ec2::Client, call: &Call, filters: Vec<Filter>) -> Result<Vec<SecurityGroup>> {
    let request = ec2.describe_security_groups().set_filters(Some(filters));
    let found: Result<Vec<_>, _> = request.into_paginator().page_size(1000).items().send().collect().await;
    found.map_err(|error| call.failed(&error))?.iter().map(|group| convert(group, call)).collect()
}

fn convert(group: &types::SecurityGroup, call: &Call) -> Result<SecurityGroup> {
    Ok(SecurityGroup {
        id: group.group_id().unwrap_or_default().parse().map_err(|error| call.malformed(error))?,
        name: group.group_name().unwrap_or_default().to_owned(),
        tags: tags::to_map(group.tags()),
        ingress: group.ip_permissions().iter().flat_map(rules).collect(),
    })
}

/// A permission with several sources as one rule a source.
fn rules(permission: &IpPermission) -> Vec<IngressRule> {
    let protocol = permission.ip_protocol().unwrap_or("-1");
    // Only tcp and udp have ports; others come without, or with ICMP types in their place.
    let port = |port: Option<i32>, open: u16| match protocol {
        "tcp" | "6" | "udp" | "17" => port.and_then(|port| u16::try_from(port).ok()).unwrap_or(open),
        _ => open,
    };
    let (from_port, to_port) = (port(permission.from_port(), 0), port(permission.to_port(), u16::MAX));
    let v4 = permission.ip_ranges().iter().filter_map(|range| range.cidr_ip());
    let v6 = permission.ipv6_ranges().iter().filter_map(|range| range.cidr_ipv6());
    let groups = permission.user_id_group_pairs().iter().filter_map(|pair| pair.group_id());
    let lists = permission.prefix_list_ids().iter().filter_map(|list| list.prefix_list_id());
    let sources = v4.chain(v6).chain(groups).chain(lists);
    sources.map(|source| IngressRule { protocol: protocol.to_owned(), from_port, to_port, source: source.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::{IpRange, Ipv6Range, PrefixListId, UserIdGroupPair};

    use super::*;

    #[test]
    fn every_source_becomes_a_rule() {
        let permission = IpPermission::builder()
            .ip_protocol("tcp")
            .from_port(443)
            .to_port(443)
            .ip_ranges(IpRange::builder().cidr_ip("0.0.0.0/0").build())
            .ipv6_ranges(Ipv6Range::builder().cidr_ipv6("::/0").build())
            .user_id_group_pairs(UserIdGroupPair::builder().group_id("sg-12345678").build())
            .prefix_list_ids(PrefixListId::builder().prefix_list_id("pl-12345678").build())
            .build();
        let sources: Vec<_> = rules(&permission).into_iter().map(|rule| (rule.from_port, rule.to_port, rule.source)).collect();
        let expected = ["0.0.0.0/0", "::/0", "sg-12345678", "pl-12345678"].map(|source| (443, 443, source.to_owned()));
        assert_eq!(sources, expected);
    }

    #[test]
    fn everything_and_icmp_span_all_ports() {
        for (protocol, from, to) in [("-1", None, None), ("icmp", Some(-1), Some(-1)), ("icmp", Some(3), Some(4))] {
            let range = IpRange::builder().cidr_ip("10.0.0.0/8").build();
            let permission = IpPermission::builder().ip_protocol(protocol).set_from_port(from).set_to_port(to).ip_ranges(range).build();
            assert_eq!(
                rules(&permission).iter().map(|rule| (rule.from_port, rule.to_port)).collect::<Vec<_>>(),
                [(0, u16::MAX)],
                "{protocol}"
            );
        }
    }
}
