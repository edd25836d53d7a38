//! The rows: which action, for which part of the work, on what.

use super::{Need, On, Part, Permission};

const fn row(part: Part, action: &'static str, on: &'static [On]) -> Permission {
    Permission { action, part, on, need: Need::Always }
}

const fn tolerated(part: Part, action: &'static str, without: &'static str) -> Permission {
    Permission { action, part, on: &[On::Everything], need: Need::Tolerated(without) }
}

const fn sometimes(part: Part, action: &'static str, on: &'static [On], when: &'static str) -> Permission {
    Permission { action, part, on, need: Need::Sometimes(when) }
}

/// What docker does with our login, and what a call of ours needs besides its own name
/// (<https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html>).
#[cfg(test)]
pub const OF_OTHERS: [&str; 6] = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:TagResource",
    "ecr:UploadLayerPart",
];

const BUILD: &str = "with --build";
const PUSH: &str = "with --build: docker pushes with it";
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
    sometimes(Part::DataPath, "ec2:CreateTags", &[On::TagsOfOurElasticIp], "when the data path changes"),
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
    sometimes(Part::Creation, "s3:GetBucketVersioning", &[On::StateStore], "once the bucket is there"),
    sometimes(Part::Creation, "s3:GetBucketPublicAccessBlock", &[On::StateStore], "once the bucket is there"),
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
    sometimes(Part::PinImages, "ecr:DescribeImages", &[On::Repositories], "for an image in ECR that is named by its tag"),
    sometimes(Part::BuildImages, "ecr:DescribeRepositories", &[On::Repositories], BUILD),
    sometimes(Part::BuildImages, "ecr:GetLifecyclePolicy", &[On::Repositories], BUILD),
    sometimes(Part::BuildImages, "ecr:ListTagsForResource", &[On::Repositories], BUILD),
    sometimes(Part::BuildImages, "ecr:CreateRepository", &[On::Repositories], "with --build, until the repository is there"),
    sometimes(Part::BuildImages, "ecr:TagResource", &[On::Repositories], "with --build, until the repository is there"),
    sometimes(Part::BuildImages, "ecr:PutLifecyclePolicy", &[On::Repositories], "with --build, until the repository is there"),
    sometimes(Part::BuildImages, "ecr:GetAuthorizationToken", &[On::Everything], BUILD),
    sometimes(Part::BuildImages, "ecr:BatchCheckLayerAvailability", &[On::Repositories], PUSH),
    sometimes(Part::BuildImages, "ecr:BatchGetImage", &[On::Repositories], PUSH),
    sometimes(Part::BuildImages, "ecr:CompleteLayerUpload", &[On::Repositories], PUSH),
    sometimes(Part::BuildImages, "ecr:InitiateLayerUpload", &[On::Repositories], PUSH),
    sometimes(Part::BuildImages, "ecr:PutImage", &[On::Repositories], PUSH),
    sometimes(Part::BuildImages, "ecr:UploadLayerPart", &[On::Repositories], PUSH),
    sometimes(Part::DeleteRepositories, "ecr:DeleteRepository", &[On::Repositories], "with --ecr-repositories or --ecr-prefix"),
    row(Part::Residue, "ec2:DescribeTags", &[On::Everything]),
    sometimes(Part::Residue, "ec2:DescribeVolumes", &[On::Everything], "while the cluster has volumes"),
    row(Part::Residue, "tag:GetResources", &[On::Everything]),
    row(Part::Residue, "autoscaling:DescribeAutoScalingGroups", &[On::Everything]),
    row(Part::Residue, "iam:ListRoles", &[On::Everything]),
    row(Part::Residue, "iam:ListInstanceProfiles", &[On::Everything]),
    sometimes(Part::Residue, "iam:GetRole", &[On::Roles], "while there are roles of the cluster's name"),
    sometimes(Part::Residue, "iam:GetInstanceProfile", &[On::InstanceProfiles], "while there are profiles of the cluster's name"),
    row(Part::Residue, "s3:ListBucket", &[On::Buckets]),
    row(Part::Residue, "s3:ListBucketVersions", &[On::Buckets]),
    sometimes(Part::StateStore, "s3:DeleteObjectVersion", &[On::State], "with --delete-state-store"),
    sometimes(Part::StateStore, "s3:DeleteBucket", &[On::Buckets], "with --delete-state-store, if nothing else is in it"),
];
