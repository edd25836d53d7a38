//! The groups that start a cluster's instances (EC2 Auto Scaling).

use aws_sdk_autoscaling::types::Filter;

use super::Aws;
use super::call::Call;
use crate::failure::Result;
use crate::names::DnsName;
use crate::plan::residue::{Tagged, TaggedKind};

impl Aws {
    /// Also those that are about to go.
    pub(super) async fn scaling_groups(&self, cluster: &DnsName) -> Result<Vec<Tagged>> {
        let call = Call::read("autoscaling:DescribeAutoScalingGroups", format!("the groups of {cluster} in {}", self.region));
        let owned = Filter::builder().name(format!("tag:{}", super::tags::owned(cluster))).values("owned").build();
        let request = self.scaling.describe_auto_scaling_groups().filters(owned);
        let found: Result<Vec<_>, _> = request.into_paginator().items().send().collect().await;
        let names = found.map_err(|error| call.failed(&error))?.into_iter().filter_map(|group| group.auto_scaling_group_name);
        Ok(names.map(|name| Tagged { id: name, kind: TaggedKind::ScalingGroup }).collect())
    }
}
