//! Load balancers of a cluster: by their tags, wherever they are (Resource Groups Tagging), and by the interfaces that they
//! keep in the cluster's own VPCs (EC2).

use std::collections::BTreeSet;

use aws_sdk_ec2::types::NetworkInterface;
use aws_sdk_resourcegroupstagging::types::TagFilter;

use super::Aws;
use super::call::Call;
use super::interfaces::interfaces;
use crate::failure::Result;
use crate::names::DnsName;
use crate::plan::residue::{Tagged, TaggedKind};

/// Classic ones, and those of both kinds that came after them.
const KIND: &str = "elasticloadbalancing:loadbalancer";

impl Aws {
    /// `app/shop/50dc…`, or `shop` for a classic one. `vpcs` are the cluster's alone.
    pub(super) async fn load_balancers(&self, cluster: &DnsName, vpcs: &[String]) -> Result<Vec<Tagged>> {
        let (tagged, connected) = tokio::try_join!(self.tagged_load_balancers(cluster), self.connected_load_balancers(vpcs))?;
        let names = tagged.into_iter().chain(connected).collect::<BTreeSet<_>>();
        Ok(names.into_iter().map(|name| Tagged { id: name, kind: TaggedKind::LoadBalancer }).collect())
    }

    /// A VPC that is shared with others doesn't tell whose they are; this does.
    async fn tagged_load_balancers(&self, cluster: &DnsName) -> Result<Vec<String>> {
        let call = Call::read("tag:GetResources", format!("the load balancers of {cluster} in {}", self.region));
        let owned = TagFilter::builder().key(super::tags::owned(cluster)).values("owned").build();
        let request = self.tagging.get_resources().resource_type_filters(KIND).tag_filters(owned);
        let found: Result<Vec<_>, _> = request.into_paginator().items().send().collect().await;
        let found = found.map_err(|error| call.failed(&error))?;
        let name = |arn: &str| arn.split_once(":loadbalancer/").map(|(_, name)| name.to_owned());
        found.iter().map(|found| found.resource_arn().and_then(name).ok_or_else(|| call.malformed("no ARN of a load balancer"))).collect()
    }

    /// By the description of their interfaces: `ELB app/shop/50dc…`.
    async fn connected_load_balancers(&self, vpcs: &[String]) -> Result<Vec<String>> {
        if vpcs.is_empty() {
            return Ok(Vec::new());
        }
        let call = Call::read("ec2:DescribeNetworkInterfaces", format!("the interfaces in {}", vpcs.join(", ")));
        let found = interfaces(&self.ec2, &call, "vpc-id", vpcs).await?;
        let names = found.iter().filter_map(NetworkInterface::description).filter_map(|text| text.strip_prefix("ELB "));
        Ok(names.map(str::to_owned).collect())
    }
}
