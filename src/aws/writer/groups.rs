//! Our security group.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{IpPermission, IpRange, ResourceType};

use super::AwsWriter;
use super::patience::Patience;
use crate::aws::call::Call;
use crate::aws::cause::Cause;
use crate::aws::deadlines::CONSISTENCY;
use crate::aws::security_groups::groups_named;
use crate::aws::tags::at_creation;
use crate::failure::{Failure, Result};
use crate::names::{EniId, GroupId};
use crate::plan::ownership::{CLUSTER, OPERATION};

/// Shown in the AWS console.
const DESCRIPTION: &str = "k8sport: HTTP and HTTPS for the applications on the node";
const RULE: &str = "k8sport: applications";

impl AwsWriter {
    /// Creates a group, or finds the one of that name in the VPC if it carries the same [`CLUSTER`] tag.
    ///
    /// # Errors
    /// Refused when a group of that name exists that isn't ours.
    pub async fn create_security_group(&self, name: &str, vpc_id: &str, tags: &BTreeMap<String, String>) -> Result<GroupId> {
        let call = Call::write("ec2:CreateSecurityGroup", format!("{name} in {vpc_id}"));
        let mut all = tags.clone();
        all.insert(OPERATION.to_owned(), self.operation.clone());
        let request = self.ec2.create_security_group().group_name(name).description(DESCRIPTION).vpc_id(vpc_id);
        match request.tag_specifications(at_creation(ResourceType::SecurityGroup, &all)).send().await {
            Ok(answer) => answer.group_id().unwrap_or_default().parse().map_err(|error| call.malformed(error)),
            Err(error) => {
                let cause = Cause::of(&error);
                // Also the answer to a repetition whose first attempt got through.
                if cause.is("InvalidGroup.Duplicate") { self.ours(name, vpc_id, tags, &cause).await } else { Err(call.failure(&cause)) }
            }
        }
    }

    async fn ours(&self, name: &str, vpc_id: &str, tags: &BTreeMap<String, String>, cause: &Cause) -> Result<GroupId> {
        let call = Call::read("ec2:DescribeSecurityGroups", format!("{name} in {vpc_id}"));
        let found = groups_named(&self.ec2, &call, name, vpc_id).await?;
        let group = found.into_iter().next().ok_or_else(|| call.malformed(format!("{cause}, but none is listed")))?;
        if group.tags.contains_key(CLUSTER) && group.tags.get(CLUSTER) == tags.get(CLUSTER) {
            return Ok(group.id);
        }
        Err(Failure::refused(format!("A security group named {name} exists ({}) and is not ours", group.id))
            .because(format!("it has no tag {CLUSTER} for this cluster"))
            .state("it was not changed")
            .next("rename or delete it if nobody needs it"))
    }

    /// Opens a TCP port to 0.0.0.0/0. Content when it is open.
    pub async fn authorize_ingress(&self, group: &GroupId, port: u16) -> Result<()> {
        let call = Call::write("ec2:AuthorizeSecurityGroupIngress", format!("port {port} in {group}"));
        let (port, source) = (i32::from(port), IpRange::builder().cidr_ip("0.0.0.0/0").description(RULE).build());
        let rule = IpPermission::builder().ip_protocol("tcp").from_port(port).to_port(port).ip_ranges(source).build();
        let mut patience = Patience::new(CONSISTENCY);
        loop {
            let request = self.ec2.authorize_security_group_ingress().group_id(group.as_str());
            let Err(error) = request.ip_permissions(rule.clone()).send().await else { return Ok(()) };
            let cause = Cause::of(&error);
            if cause.is("InvalidPermission.Duplicate") {
                return Ok(());
            }
            if !(is_not_yet_visible(&cause) && patience.wait().await) {
                return Err(call.failure(&cause));
            }
        }
    }

    /// Makes `groups` the full list of groups on the interface.
    pub async fn attach_security_groups(&self, eni: &EniId, groups: &[GroupId]) -> Result<()> {
        let call = Call::write("ec2:ModifyNetworkInterfaceAttribute", format!("the groups of {eni}"));
        let ids: Vec<String> = groups.iter().map(GroupId::to_string).collect();
        let mut patience = Patience::new(CONSISTENCY);
        loop {
            let request = self.ec2.modify_network_interface_attribute().network_interface_id(eni.as_str());
            let Err(error) = request.set_groups(Some(ids.clone())).send().await else { return Ok(()) };
            let cause = Cause::of(&error);
            if !(is_not_yet_visible(&cause) && patience.wait().await) {
                return Err(call.failure(&cause));
            }
        }
    }
}

/// A group that was just created is not known everywhere at once, as with addresses.
fn is_not_yet_visible(cause: &Cause) -> bool {
    cause.is("InvalidGroup.NotFound") || cause.is("InvalidGroupId.NotFound")
}
