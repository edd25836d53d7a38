//! The roles that kOps makes for a cluster's instances and service accounts, and their instance profiles (IAM). A listing
//! shows no tags, so what has a name as kOps gives it (`nodes.c02.example.com`) is asked for its own.

use aws_sdk_iam::error::ProvideErrorMetadata as _;
use aws_sdk_iam::types::Tag;

use super::Aws;
use super::call::Call;
use crate::failure::Result;
use crate::names::DnsName;
use crate::plan::residue::{Tagged, TaggedKind};

/// It has gone since it was listed.
const GONE: Option<&str> = Some("NoSuchEntity");

impl Aws {
    pub(super) async fn roles(&self, cluster: &DnsName) -> Result<Vec<Tagged>> {
        let call = Call::read("iam:ListRoles", format!("the roles of {cluster}"));
        let listed: Result<Vec<_>, _> = self.iam.list_roles().into_paginator().items().send().collect().await;
        let names = listed.map_err(|error| call.failed(&error))?.into_iter().map(|role| role.role_name);
        let mut owned = Vec::new();
        for name in names.filter(|name| is_named_for(name, cluster)) {
            let call = Call::read("iam:GetRole", name.clone());
            match self.iam.get_role().role_name(&name).send().await {
                Ok(answer) if answer.role().is_some_and(|role| is_owned(role.tags(), cluster)) => {
                    owned.push(Tagged { id: name, kind: TaggedKind::Role });
                }
                Err(error) if error.code() != GONE => return Err(call.failed(&error)),
                _ => {}
            }
        }
        Ok(owned)
    }

    pub(super) async fn instance_profiles(&self, cluster: &DnsName) -> Result<Vec<Tagged>> {
        let call = Call::read("iam:ListInstanceProfiles", format!("the instance profiles of {cluster}"));
        let listed: Result<Vec<_>, _> = self.iam.list_instance_profiles().into_paginator().items().send().collect().await;
        let names = listed.map_err(|error| call.failed(&error))?.into_iter().map(|profile| profile.instance_profile_name);
        let mut owned = Vec::new();
        for name in names.filter(|name| is_named_for(name, cluster)) {
            let call = Call::read("iam:GetInstanceProfile", name.clone());
            match self.iam.get_instance_profile().instance_profile_name(&name).send().await {
                Ok(answer) if answer.instance_profile().is_some_and(|profile| is_owned(profile.tags(), cluster)) => {
                    owned.push(Tagged { id: name, kind: TaggedKind::InstanceProfile });
                }
                Err(error) if error.code() != GONE => return Err(call.failed(&error)),
                _ => {}
            }
        }
        Ok(owned)
    }
}

fn is_named_for(name: &str, cluster: &DnsName) -> bool {
    name.strip_suffix(cluster.as_str()).is_some_and(|rest| rest.ends_with('.'))
}

fn is_owned(tags: &[Tag], cluster: &DnsName) -> bool {
    tags.iter().any(|tag| tag.key() == super::tags::owned(cluster) && tag.value() == "owned")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_only_ends_alike_is_another_cluster_s() {
        let cluster = "c02.example.com".parse().expect("a name");
        for (name, expected) in [
            ("nodes.c02.example.com", true),
            ("dns-controller.kube-system.sa.c02.example.com", true),
            ("nodes.ac02.example.com", false),
            ("c02.example.com", false),
            ("nodes.c02.example.com.au", false),
        ] {
            assert_eq!(is_named_for(name, &cluster), expected, "{name}");
        }
    }
}
