//! What each command may have to do in the account: one table, beside the calls. The policy that `iam-policy` prints is
//! made from it, and a test holds it against the calls in this folder, so a call without a row doesn't get in.
//!
//! Which resources an action takes is from
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_ec2.html> and its neighbours for Route 53 and
//! Service Quotas. `sts:GetCallerIdentity` has no row: AWS allows it to everybody.

use serde::Serialize;

/// A command that calls AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AwsCommand {
    Bootstrap,
    /// What bootstrap needs besides to make a cluster; what kOps itself needs is not in it
    CreateCluster,
    SetupSecondaryIp,
    SetupHaproxy,
    UpdateDns,
    Quota,
    EcrPrune,
    Cleanup,
    Diagnose,
    Status,
    Teardown,
}

/// A part of what commands do in the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Finds the node and reads what is around it.
    Node,
    /// Logs in to the node.
    Login,
    /// Elastic IP and secondary private IP.
    Address,
    Firewall,
    Records,
    /// Writes the record of before into a tag of the Elastic IP, or without one of the security group.
    Remember,
    RememberOnGroup,
    Quota,
    Cleanup,
    /// Reads what there is to judge.
    Look,
    /// The state store, and where the node can be.
    Creation,
    /// Reads image repositories.
    Repositories,
    PruneImages,
    DeleteRepositories,
    /// Looks at what there is of a cluster.
    Residue,
    StateStore,
}

/// What a statement is about: resources and conditions. Spelled out in [`crate::plan::policy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum On {
    /// Actions that can't be limited to resources.
    Everything,
    NewElasticIp,
    NewSecurityGroup,
    /// The VPC in which a group is made.
    Vpc,
    TagsOfNewElasticIp,
    TagsOfNewSecurityGroup,
    /// Tags on an address that no cluster has: adopting it.
    TagsOfFreeElasticIp,
    TagsOfOurElasticIp,
    TagsOfOurSecurityGroup,
    OurElasticIp,
    OurSecurityGroup,
    /// Interfaces get other ids and have no tags of the cluster, so these can't be narrowed.
    Interfaces,
    /// The groups of an interface are given as a whole, so those that aren't ours are in the call, too.
    Groups,
    OurNode,
    OurZone,
    AllZones,
    OurRecords,
    /// Ours and what was there before them.
    OurRecordsAndBack,
    DnsChange,
    ElasticIpQuota,
    /// The bucket of the state store.
    StateStore,
    /// Repositories carry no tag of ours.
    Repositories,
    /// Where kOps keeps clusters; its name isn't known here.
    Buckets,
    /// The cluster's own objects.
    State,
}

/// What happens without the action. The stronger need is the smaller one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// The command fails.
    Always,
    /// The command calls it in this case only, and fails without it then.
    Sometimes(&'static str),
    /// The command does its work without; the text says how.
    Tolerated(&'static str),
}

/// One row: an action, for what, on what.
#[derive(Debug, Clone, Copy)]
pub struct Permission {
    pub action: &'static str,
    pub part: Part,
    pub on: &'static [On],
    pub need: Need,
}

impl Need {
    /// For a table.
    pub fn sentence(self) -> String {
        match self {
            Self::Always => "always".to_owned(),
            Self::Tolerated(without) => format!("optional: without it, {without}"),
            Self::Sometimes(when) => when.to_owned(),
        }
    }
}

const fn row(part: Part, action: &'static str, on: &'static [On]) -> Permission {
    Permission { action, part, on, need: Need::Always }
}

const fn tolerated(part: Part, action: &'static str, without: &'static str) -> Permission {
    Permission { action, part, on: &[On::Everything], need: Need::Tolerated(without) }
}

const fn sometimes(part: Part, action: &'static str, on: &'static [On], when: &'static str) -> Permission {
    Permission { action, part, on, need: Need::Sometimes(when) }
}

const NO_LIMIT: &str = "AWS itself refuses what is too much";

/// One row an action and part.
pub const TABLE: &[Permission] = &[
    row(Part::Node, "ec2:DescribeInstances", &[On::Everything]),
    row(Part::Node, "ec2:DescribeNetworkInterfaces", &[On::Everything]),
    row(Part::Node, "ec2:DescribeAddresses", &[On::Everything]),
    row(Part::Node, "ec2:DescribeSubnets", &[On::Everything]),
    row(Part::Node, "ec2:DescribeRouteTables", &[On::Everything]),
    row(Part::Node, "ec2:DescribeSecurityGroups", &[On::Everything]),
    tolerated(Part::Node, "ec2:DescribeInstanceTypes", NO_LIMIT),
    sometimes(Part::Login, "ec2:DescribeImages", &[On::Everything], "without --ssh-user"),
    sometimes(
        Part::Login,
        "ec2:GetConsoleOutput",
        &[On::OurNode],
        "until the node's host key is pinned, unless --host-key-fingerprint or --accept-new-host-key",
    ),
    tolerated(Part::Address, "servicequotas:GetServiceQuota", NO_LIMIT),
    tolerated(Part::Address, "servicequotas:GetAWSDefaultServiceQuota", NO_LIMIT),
    sometimes(Part::Address, "ec2:AllocateAddress", &[On::NewElasticIp], "unless an address is there or adopted"),
    sometimes(
        Part::Address,
        "ec2:CreateTags",
        &[On::TagsOfNewElasticIp, On::TagsOfFreeElasticIp, On::TagsOfOurElasticIp],
        "when an address is allocated or adopted, or its tags have drifted",
    ),
    sometimes(Part::Address, "ec2:AssignPrivateIpAddresses", &[On::Interfaces], "until the private IP is there"),
    sometimes(Part::Address, "ec2:AssociateAddress", &[On::OurElasticIp, On::Interfaces, On::OurNode], "until the address is associated"),
    sometimes(Part::Address, "ec2:ReleaseAddress", &[On::OurElasticIp], "when of two runs at once each has allocated an address"),
    sometimes(Part::Firewall, "ec2:CreateSecurityGroup", &[On::NewSecurityGroup, On::Vpc], "until the group is there"),
    sometimes(Part::Firewall, "ec2:CreateTags", &[On::TagsOfNewSecurityGroup], "until the group is there"),
    sometimes(Part::Firewall, "ec2:AuthorizeSecurityGroupIngress", &[On::OurSecurityGroup], "until its ports are open"),
    sometimes(
        Part::Firewall,
        "ec2:ModifyNetworkInterfaceAttribute",
        &[On::Interfaces, On::Groups, On::OurNode],
        "until the group is attached",
    ),
    row(Part::Records, "route53:ListHostedZones", &[On::Everything]),
    row(Part::Records, "route53:ListResourceRecordSets", &[On::OurZone]),
    sometimes(Part::Records, "route53:ChangeResourceRecordSets", &[On::OurRecords], "until the records are right"),
    sometimes(Part::Records, "route53:GetChange", &[On::DnsChange], "after a record was written"),
    sometimes(Part::Remember, "ec2:CreateTags", &[On::TagsOfOurElasticIp], "the first time a record is written"),
    sometimes(Part::RememberOnGroup, "ec2:CreateTags", &[On::TagsOfOurSecurityGroup], "the first time a record is written"),
    row(Part::Quota, "ec2:DescribeAddresses", &[On::Everything]),
    tolerated(Part::Quota, "servicequotas:GetServiceQuota", "AWS' default is shown instead"),
    tolerated(Part::Quota, "servicequotas:GetAWSDefaultServiceQuota", "usage is shown without a limit"),
    sometimes(Part::Quota, "servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota", &[On::Everything], "with --request"),
    sometimes(Part::Quota, "servicequotas:RequestServiceQuotaIncrease", &[On::ElasticIpQuota], "with --request"),
    row(Part::Cleanup, "ec2:DescribeInstances", &[On::Everything]),
    row(Part::Cleanup, "ec2:DescribeNetworkInterfaces", &[On::Everything]),
    row(Part::Cleanup, "ec2:DescribeAddresses", &[On::Everything]),
    row(Part::Cleanup, "ec2:DescribeSecurityGroups", &[On::Everything]),
    row(Part::Cleanup, "route53:ListHostedZones", &[On::Everything]),
    // All zones: an address is released only when no record of any of them points to it.
    row(Part::Cleanup, "route53:ListResourceRecordSets", &[On::AllZones]),
    tolerated(Part::Cleanup, "servicequotas:GetServiceQuota", NO_LIMIT),
    tolerated(Part::Cleanup, "servicequotas:GetAWSDefaultServiceQuota", NO_LIMIT),
    sometimes(Part::Cleanup, "route53:ChangeResourceRecordSets", &[On::OurRecordsAndBack], "while our records are there"),
    sometimes(Part::Cleanup, "route53:GetChange", &[On::DnsChange], "after a record was changed"),
    sometimes(
        Part::Cleanup,
        "ec2:DisassociateAddress",
        &[On::OurElasticIp, On::Interfaces, On::OurNode],
        "while the address is associated",
    ),
    sometimes(Part::Cleanup, "ec2:UnassignPrivateIpAddresses", &[On::Interfaces], "while the private IP is there"),
    sometimes(Part::Cleanup, "ec2:ReleaseAddress", &[On::OurElasticIp], "for an address that we allocated"),
    sometimes(Part::Cleanup, "ec2:DeleteTags", &[On::TagsOfOurElasticIp], "for an address that is given back"),
    sometimes(
        Part::Cleanup,
        "ec2:ModifyNetworkInterfaceAttribute",
        &[On::Interfaces, On::Groups, On::OurNode],
        "while the group is attached",
    ),
    sometimes(Part::Cleanup, "ec2:DeleteSecurityGroup", &[On::OurSecurityGroup], "while the group is there"),
    // Dry runs of writes need no row: a refusal is what they are made to find out.
    row(Part::Look, "ec2:DescribeInstances", &[On::Everything]),
    row(Part::Look, "ec2:DescribeNetworkInterfaces", &[On::Everything]),
    row(Part::Look, "ec2:DescribeAddresses", &[On::Everything]),
    row(Part::Look, "ec2:DescribeRouteTables", &[On::Everything]),
    row(Part::Look, "ec2:DescribeSecurityGroups", &[On::Everything]),
    tolerated(Part::Look, "ec2:DescribeInstanceTypes", "the room for addresses isn't judged"),
    row(Part::Look, "route53:ListHostedZones", &[On::Everything]),
    row(Part::Look, "route53:ListResourceRecordSets", &[On::OurZone]),
    tolerated(Part::Look, "servicequotas:GetServiceQuota", "AWS' default is taken instead"),
    tolerated(Part::Look, "servicequotas:GetAWSDefaultServiceQuota", "the quota isn't judged"),
    row(Part::Creation, "ec2:DescribeInstanceTypeOfferings", &[On::Everything]),
    row(Part::Creation, "s3:ListBucket", &[On::StateStore]),
    row(Part::Creation, "s3:GetBucketVersioning", &[On::StateStore]),
    row(Part::Creation, "s3:GetBucketPublicAccessBlock", &[On::StateStore]),
    sometimes(Part::Creation, "s3:CreateBucket", &[On::StateStore], "until the bucket is there"),
    sometimes(Part::Creation, "s3:PutBucketPublicAccessBlock", &[On::StateStore], "until the bucket is there"),
    sometimes(Part::Creation, "s3:PutEncryptionConfiguration", &[On::StateStore], "until the bucket is there"),
    sometimes(Part::Creation, "s3:PutBucketVersioning", &[On::StateStore], "until the bucket is there"),
    row(Part::Repositories, "ecr:DescribeRepositories", &[On::Repositories]),
    row(Part::Repositories, "ecr:DescribeImages", &[On::Repositories]),
    row(Part::Repositories, "ecr:GetLifecyclePolicy", &[On::Repositories]),
    sometimes(Part::Repositories, "ecr:BatchGetImage", &[On::Repositories], "for multi-platform images"),
    sometimes(Part::PruneImages, "ecr:BatchDeleteImage", &[On::Repositories], "while there are more images than are kept"),
    sometimes(Part::PruneImages, "ecr:PutLifecyclePolicy", &[On::Repositories], "with --lifecycle-policy, until it is set"),
    sometimes(Part::DeleteRepositories, "ecr:DeleteRepository", &[On::Repositories], "with --ecr-repositories or --ecr-prefix"),
    row(Part::Residue, "ec2:DescribeTags", &[On::Everything]),
    sometimes(Part::Residue, "ec2:DescribeVolumes", &[On::Everything], "while the cluster has volumes"),
    row(Part::Residue, "s3:ListBucket", &[On::Buckets]),
    row(Part::Residue, "s3:ListBucketVersions", &[On::Buckets]),
    sometimes(Part::StateStore, "s3:DeleteObjectVersion", &[On::State], "with --delete-state-store"),
    sometimes(Part::StateStore, "s3:DeleteBucket", &[On::Buckets], "with --delete-state-store, if nothing else is in it"),
];

impl AwsCommand {
    /// `secondary_ip` is false for the way without a second address.
    fn parts(self, secondary_ip: bool) -> &'static [Part] {
        use Part::{
            Address, Cleanup, Creation, DeleteRepositories, Firewall, Login, Look, Node, PruneImages, Quota, Records, Remember,
            RememberOnGroup, Repositories, Residue, StateStore,
        };
        match (self, secondary_ip) {
            (Self::Bootstrap, true) => &[Node, Login, Address, Firewall, Records, Remember],
            (Self::Bootstrap, false) => &[Node, Login, Firewall, Records, RememberOnGroup],
            (Self::CreateCluster, _) => &[Creation],
            (Self::SetupSecondaryIp, _) => &[Node, Login, Address, Firewall],
            (Self::SetupHaproxy, true) => &[Node, Login],
            (Self::SetupHaproxy, false) => &[Node, Login, Firewall],
            (Self::UpdateDns, true) => &[Node, Records, Remember],
            (Self::UpdateDns, false) => &[Node, Records, RememberOnGroup],
            (Self::Quota, _) => &[Quota],
            (Self::EcrPrune, _) => &[Repositories, PruneImages],
            // What there may be to log in to is configured on the way in.
            (Self::Cleanup, _) => &[Cleanup, Login],
            (Self::Diagnose | Self::Status, _) => &[Look, Login],
            // What kOps itself needs comes on top.
            (Self::Teardown, _) => &[Cleanup, Repositories, DeleteRepositories, Residue, StateStore],
        }
    }

    /// Whether the command works on one cluster, and not on the account as a whole.
    pub fn has_cluster(self) -> bool {
        !matches!(self, Self::Quota | Self::EcrPrune)
    }

    pub fn has_zone(self) -> bool {
        matches!(self, Self::Bootstrap | Self::UpdateDns | Self::Cleanup | Self::Teardown | Self::Diagnose | Self::Status)
    }

    /// The rows of the table for this command.
    pub fn permissions(self, secondary_ip: bool) -> impl Iterator<Item = &'static Permission> {
        let parts = self.parts(secondary_ip);
        TABLE.iter().filter(move |row| parts.contains(&row.part))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// The actions in `Call::read("…"` and `Call::write("…"` of this folder.
    fn called(folder: &Path, into: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                called(&entry, into);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&entry).expect("a source file");
                let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                let calls = code.split("Call::read(").skip(1).chain(code.split("Call::write(").skip(1));
                into.extend(calls.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next()).map(str::to_owned));
            }
        }
    }

    #[test]
    fn every_call_has_a_row() {
        let mut calls = BTreeSet::new();
        called(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/aws"), &mut calls);
        calls.remove("sts:GetCallerIdentity");
        let rows: BTreeSet<String> = TABLE.iter().map(|row| row.action.to_owned()).collect();
        assert!(calls.len() > 20, "{calls:?}");
        assert_eq!(calls.difference(&rows).collect::<Vec<_>>(), Vec::<&String>::new());
        assert_eq!(rows.difference(&calls).collect::<Vec<_>>(), Vec::<&String>::new(), "rows for calls that nobody makes");
    }

    #[test]
    fn no_row_is_there_twice() {
        for (index, row) in TABLE.iter().enumerate() {
            assert!(!TABLE[..index].iter().any(|other| (other.part, other.action) == (row.part, row.action)), "{row:?}");
        }
    }
}
