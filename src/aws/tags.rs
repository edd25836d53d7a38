//! Tags between AWS' lists and our maps.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{Filter, ResourceType, Tag, TagSpecification};

use crate::names::DnsName;

pub(super) fn to_map(tags: &[Tag]) -> BTreeMap<String, String> {
    tags.iter().filter_map(|tag| Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned()))).collect()
}

pub(super) fn to_list(tags: &BTreeMap<String, String>) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

/// What kOps and the cloud controllers mark as the cluster's alone; the value is `owned`.
pub(super) fn owned(cluster: &DnsName) -> String {
    format!("kubernetes.io/cluster/{cluster}")
}

/// Tags that a thing has from its first moment.
pub(super) fn at_creation(kind: ResourceType, tags: &BTreeMap<String, String>) -> TagSpecification {
    TagSpecification::builder().resource_type(kind).set_tags(Some(to_list(tags))).build()
}

/// A filter that AWS applies: any of the values.
pub(super) fn filter<V: Into<String>>(name: impl Into<String>, values: impl IntoIterator<Item = V>) -> Filter {
    Filter::builder().name(name).set_values(Some(values.into_iter().map(Into::into).collect())).build()
}
