//! The control-plane instances of kOps clusters (EC2).

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{self, Filter};

use super::Aws;
use super::call::Call;
use super::interfaces;
use super::tags::filter;
use crate::failure::Result;
use crate::names::{DnsName, InstanceId};
use crate::plan::addons;
use crate::plan::observed::Instance;

/// Every kOps release sets it; `k8s.io/role/control-plane` is missing on clusters made before 1.26.
const CONTROL_PLANE: &str = "tag:k8s.io/role/master";
const CLUSTER_TAG: &str = "kubernetes.io/cluster/";

impl Aws {
    /// The control-plane instances of a cluster that are not terminated, each with its primary interface. `instance`
    /// narrows it to one of them.
    pub async fn control_plane(&self, cluster: &DnsName, instance: Option<&InstanceId>) -> Result<Vec<Instance>> {
        let call = Call::read("ec2:DescribeInstances", format!("the control plane of {cluster} in {}", self.region));
        let mut filters = vec![filter(format!("tag:{CLUSTER_TAG}{cluster}"), ["owned"])];
        filters.extend(instance.map(|id| filter("instance-id", [id.as_str()])));
        let found = self.control_planes(&call, filters).await?;
        let mut instances = found.iter().map(|instance| convert(instance, &call)).collect::<Result<Vec<_>>>()?;
        instances.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(instances)
    }

    /// The names of the kOps clusters that have a control-plane instance in this region, sorted.
    pub async fn clusters(&self) -> Result<Vec<String>> {
        let call = Call::read("ec2:DescribeInstances", format!("the kOps clusters in {}", self.region));
        let found = self.control_planes(&call, Vec::new()).await?;
        let tags = found.iter().flat_map(types::Instance::tags).filter(|tag| tag.value() == Some("owned"));
        let names: BTreeSet<String> = tags.filter_map(|tag| Some(tag.key()?.strip_prefix(CLUSTER_TAG)?.to_owned())).collect();
        Ok(names.into_iter().collect())
    }

    /// Whether the cluster has had an instance lately: EC2 shows a terminated one for a while.
    pub async fn had_instances(&self, cluster: &DnsName) -> Result<bool> {
        let call = Call::read("ec2:DescribeInstances", format!("the instances of {cluster} in {}", self.region));
        let found = self.ec2.describe_instances().filters(filter(format!("tag:{CLUSTER_TAG}{cluster}"), ["owned"])).send().await;
        Ok(!found.map_err(|error| call.failed(&error))?.reservations().is_empty())
    }

    /// How many IPv4 addresses an interface of this instance type takes, the primary included; None when AWS doesn't say.
    pub async fn addresses_per_interface(&self, instance_type: &str) -> Option<u32> {
        let call = Call::read("ec2:DescribeInstanceTypes", instance_type);
        // The limit only allows an earlier message: AssignPrivateIpAddresses knows it, too.
        let answer = self.ec2.describe_instance_types().instance_types(instance_type.into()).send().await;
        let answer = answer.inspect_err(|error| tracing::debug!("{}", call.failed(error))).ok()?;
        let limit = answer.instance_types().first()?.network_info()?.ipv4_addresses_per_interface()?;
        u32::try_from(limit).ok()
    }

    async fn control_planes(&self, call: &Call, filters: Vec<Filter>) -> Result<Vec<types::Instance>> {
        let reservations: Result<Vec<_>, _> = self
            .ec2
            .describe_instances()
            .set_filters(Some(filters))
            .filters(filter(CONTROL_PLANE, ["1"]))
            .filters(filter("instance-state-name", ["pending", "running", "stopping", "stopped"]))
            .into_paginator()
            .page_size(1000)
            .items()
            .send()
            .collect()
            .await;
        let reservations = reservations.map_err(|error| call.failed(&error))?;
        Ok(reservations.into_iter().flat_map(|reservation| reservation.instances.unwrap_or_default()).collect())
    }
}

/// Device 0 on card 0: the order of the list says nothing.
fn primary_interface<'a>(instance: &'a types::Instance, call: &Call) -> Result<&'a types::InstanceNetworkInterface> {
    let is_primary = |interface: &&types::InstanceNetworkInterface| {
        interface.attachment().is_some_and(|attachment| {
            // Absent on types that have one card only.
            attachment.device_index() == Some(0) && attachment.network_card_index().unwrap_or(0) == 0
        })
    };
    let interface = instance.network_interfaces().iter().find(is_primary);
    interface
        .ok_or_else(|| call.malformed(format!("instance {} has no interface with device index 0", instance.instance_id().unwrap_or("?"))))
}

fn convert(instance: &types::Instance, call: &Call) -> Result<Instance> {
    let tag = |key| instance.tags().iter().find(|tag| tag.key() == Some(key)).and_then(|tag| tag.value());
    Ok(Instance {
        id: instance.instance_id().unwrap_or_default().parse().map_err(|error| call.malformed(error))?,
        name: tag("Name").unwrap_or_default().to_owned(),
        state: instance.state().and_then(|state| state.name()).map(|name| name.as_str().to_owned()).unwrap_or_default(),
        instance_type: instance.instance_type().map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
        image_id: instance.image_id().unwrap_or_default().to_owned(),
        addons: tag(addons::TAG).map(str::to_owned),
        eni: interfaces::of_instance(primary_interface(instance, call)?, call)?,
    })
}
