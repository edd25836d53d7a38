//! What of a cluster is in the account, by the tags that kOps, the cloud controllers and we put on it (EC2 here, and what
//! other services have).

use std::collections::BTreeMap;

use super::Aws;
use super::call::Call;
use super::tags::filter;
use crate::failure::Result;
use crate::names::DnsName;
use crate::plan::ownership;
use crate::plan::residue::{Tagged, TaggedKind};

/// As kOps spells it; the older of its two tags.
const KUBERNETES_CLUSTER: &str = "KubernetesCluster";

impl Aws {
    /// Everything that belongs to the cluster but records, images and state. What it shares with others (`kubernetes.io/cluster/…=shared`) isn't
    /// in it, nor are instances that are gone but still listed.
    ///
    /// # Errors
    /// When a service refuses or doesn't answer.
    pub async fn tagged(&self, cluster: &DnsName) -> Result<Vec<Tagged>> {
        let ids = self.tagged_ids(cluster).await?;
        let of_kind = |kind: &str| ids.iter().filter(|(_, of)| of.as_str() == kind).map(|(id, _)| id.clone()).collect::<Vec<_>>();
        let (instances, volumes, vpcs) = (of_kind("instance"), of_kind("volume"), of_kind("vpc"));
        let (instances, volumes, balancers, scaling_groups, roles, profiles) = tokio::try_join!(
            self.living_instances(&instances),
            self.volumes(&volumes),
            self.load_balancers(cluster, &vpcs),
            self.scaling_groups(cluster),
            self.roles(cluster),
            self.instance_profiles(cluster),
        )?;
        let others = ids.iter().filter(|(_, kind)| !["instance", "volume"].contains(&kind.as_str()));
        let others = others.map(|(id, kind)| Tagged { id: id.clone(), kind: TaggedKind::Other(kind.clone()) });
        let mut all = [instances, volumes, balancers, scaling_groups, roles, profiles, others.collect()].concat();
        all.sort();
        Ok(all)
    }

    /// Ids with their kinds as EC2 spells them (`security-group`).
    async fn tagged_ids(&self, cluster: &DnsName) -> Result<BTreeMap<String, String>> {
        let call = Call::read("ec2:DescribeTags", format!("the tags of {cluster} in {}", self.region));
        let owned = super::tags::owned(cluster);
        let ours = [(owned.as_str(), "owned"), (KUBERNETES_CLUSTER, cluster.as_str()), (ownership::CLUSTER, cluster.as_str())];
        let request = self.ec2.describe_tags().filters(filter("key", ours.map(|(key, _)| key)));
        let request = request.filters(filter("value", ["owned", cluster.as_str()]));
        let found: Result<Vec<_>, _> = request.into_paginator().page_size(1000).items().send().collect().await;
        let found = found.map_err(|error| call.failed(&error))?;
        let is_ours = |tag: &&aws_sdk_ec2::types::TagDescription| {
            ours.iter().any(|(key, value)| tag.key() == Some(*key) && tag.value() == Some(*value))
        };
        let kind = |tag: &aws_sdk_ec2::types::TagDescription| tag.resource_type().map(|kind| kind.as_str().to_owned()).unwrap_or_default();
        Ok(found.iter().filter(is_ours).filter_map(|tag| Some((tag.resource_id()?.to_owned(), kind(tag)))).collect())
    }

    async fn living_instances(&self, ids: &[String]) -> Result<Vec<Tagged>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let call = Call::read("ec2:DescribeInstances", ids.join(", "));
        let alive = filter("instance-state-name", ["pending", "running", "stopping", "stopped", "shutting-down"]);
        let request = self.ec2.describe_instances().filters(filter("instance-id", ids)).filters(alive);
        let found: Result<Vec<_>, _> = request.into_paginator().items().send().collect().await;
        let instances =
            found.map_err(|error| call.failed(&error))?.into_iter().flat_map(|reservation| reservation.instances.unwrap_or_default());
        let tagged = instances.map(|instance| Tagged {
            id: instance.instance_id().unwrap_or_default().to_owned(),
            kind: TaggedKind::Instance {
                instance_type: instance.instance_type().map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
                state: instance.state().and_then(|state| state.name()).map(|name| name.as_str().to_owned()).unwrap_or_default(),
            },
        });
        Ok(tagged.collect())
    }

    async fn volumes(&self, ids: &[String]) -> Result<Vec<Tagged>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let call = Call::read("ec2:DescribeVolumes", ids.join(", "));
        let request = self.ec2.describe_volumes().filters(filter("volume-id", ids));
        let found: Result<Vec<_>, _> = request.into_paginator().items().send().collect().await;
        let tagged = found.map_err(|error| call.failed(&error))?.into_iter().map(|volume| Tagged {
            id: volume.volume_id().unwrap_or_default().to_owned(),
            kind: TaggedKind::Volume { gib: volume.size().and_then(|size| u32::try_from(size).ok()).unwrap_or(0) },
        });
        Ok(tagged.collect())
    }
}
