//! The IAM policy for commands: the rows of [`permissions`](crate::aws::permissions) with an account, a region, a cluster
//! and a zone filled in.
//!
//! The conditions are what AWS documents: `aws:RequestTag` and `aws:ResourceTag`
//! (<https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html>), `ec2:CreateAction`, and the
//! record sets' names as Route 53 normalises them, `\052` for the asterisk
//! (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html>).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

use super::Note;
use super::ownership::CLUSTER;
use crate::aws::{AwsCommand, On};

/// What is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    pub account: String,
    pub region: String,
    pub cluster: String,
    pub zone: String,
    pub zone_id: String,
    /// Names with a record of their own besides the wildcard.
    pub hosts: Vec<String>,
    /// The bucket of kOps' state store.
    pub state_store: String,
}

/// A policy as IAM takes it; the order of the fields is that of IAM's documentation.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Policy {
    version: &'static str,
    statement: Vec<Statement>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    sid: String,
    effect: &'static str,
    action: Vec<&'static str>,
    resource: String,
    #[serde(skip_serializing_if = "Value::is_null")]
    condition: Value,
}

/// Characters without white space, as IAM counts them
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>): of a managed policy, and of all inline
/// policies of a role.
const MANAGED: usize = 6_144;
const INLINE: usize = 10_240;

impl Policy {
    /// What is to be said of a policy that IAM doesn't take everywhere.
    pub fn too_large(&self) -> Option<Note> {
        let text = serde_json::to_string(self).unwrap_or_default();
        let size = text.chars().filter(|character| !character.is_whitespace()).count();
        (size > MANAGED).then(|| {
            Note::warning(format!(
                "{size} characters are too many for a managed policy ({MANAGED}): make it an inline policy of a role (up to {INLINE}), \
                 or one policy a command"
            ))
        })
    }
}

/// The smallest policy that allows all of the commands.
pub fn policy(commands: &[AwsCommand], secondary_ip: bool, names: &Names) -> Policy {
    let mut actions: BTreeMap<On, BTreeSet<&'static str>> = BTreeMap::new();
    for row in commands.iter().flat_map(|command| command.permissions(secondary_ip)) {
        for on in row.on {
            actions.entry(*on).or_default().insert(row.action);
        }
    }
    let statement = |(on, actions): (On, BTreeSet<_>)| Statement {
        sid: format!("{on:?}"),
        effect: "Allow",
        action: actions.into_iter().collect(),
        resource: names.resource(on),
        condition: names.condition(on),
    };
    Policy { version: "2012-10-17", statement: actions.into_iter().map(statement).collect() }
}

/// The actions of the commands, each with when it is needed.
pub fn explained(commands: &[AwsCommand], secondary_ip: bool) -> Vec<(&'static str, String)> {
    let mut rows: Vec<_> =
        commands.iter().flat_map(|command| command.permissions(secondary_ip)).map(|row| (row.action, row.need)).collect();
    // What one command can't do without comes first.
    rows.sort_unstable();
    rows.dedup_by_key(|(action, _)| *action);
    rows.into_iter().map(|(action, need)| (action, need.sentence())).collect()
}

impl Names {
    fn resource(&self, on: On) -> String {
        let (partition, Self { account, region, zone_id, .. }) = (partition(&self.region), self);
        let ec2 = |kind: &str| format!("arn:{partition}:ec2:{region}:{account}:{kind}/*");
        match on {
            On::Everything => "*".to_owned(),
            On::NewElasticIp | On::OurElasticIp | On::TagsOfNewElasticIp | On::TagsOfFreeElasticIp | On::TagsOfOurElasticIp => {
                ec2("elastic-ip")
            }
            On::NewSecurityGroup | On::TagsOfNewSecurityGroup | On::TagsOfOurSecurityGroup | On::OurSecurityGroup | On::Groups => {
                ec2("security-group")
            }
            On::Vpc => ec2("vpc"),
            On::Interfaces => ec2("network-interface"),
            On::OurNode => ec2("instance"),
            On::OurZone | On::OurRecords | On::OurRecordsAndBack => format!("arn:{partition}:route53:::hostedzone/{zone_id}"),
            On::AllZones => format!("arn:{partition}:route53:::hostedzone/*"),
            On::DnsChange => format!("arn:{partition}:route53:::change/*"),
            On::StateStore => format!("arn:{partition}:s3:::{}", self.state_store),
            On::Repositories => format!("arn:{partition}:ecr:{region}:{account}:repository/*"),
            On::Buckets => format!("arn:{partition}:s3:::*"),
            On::State => format!("arn:{partition}:s3:::*/{}/*", self.cluster),
            On::Roles => format!("arn:{partition}:iam::{account}:role/*.{}", self.cluster),
            On::InstanceProfiles => format!("arn:{partition}:iam::{account}:instance-profile/*.{}", self.cluster),
            On::ElasticIpQuota => {
                format!("arn:{partition}:servicequotas:{region}:{account}:ec2/{}", crate::aws::ELASTIC_IP_QUOTA)
            }
        }
    }

    fn condition(&self, on: On) -> Value {
        let cluster = &self.cluster;
        let requested = format!("aws:RequestTag/{CLUSTER}");
        let tagged = format!("aws:ResourceTag/{CLUSTER}");
        let our_keys = json!({ "aws:TagKeys": ["k8sport:*"] });
        match on {
            On::NewElasticIp | On::NewSecurityGroup => json!({ "StringEquals": { requested: cluster } }),
            On::TagsOfNewElasticIp => json!({ "StringEquals": { requested: cluster, "ec2:CreateAction": "AllocateAddress" } }),
            On::TagsOfNewSecurityGroup => json!({ "StringEquals": { requested: cluster, "ec2:CreateAction": "CreateSecurityGroup" } }),
            On::TagsOfFreeElasticIp => {
                json!({ "StringEquals": { requested: cluster }, "Null": { tagged: "true" }, "ForAllValues:StringLike": our_keys })
            }
            On::TagsOfOurElasticIp | On::TagsOfOurSecurityGroup => {
                json!({ "StringEquals": { tagged: cluster }, "ForAllValues:StringLike": our_keys })
            }
            On::OurElasticIp | On::OurSecurityGroup => json!({ "StringEquals": { tagged: cluster } }),
            On::OurNode => json!({ "StringEquals": { format!("aws:ResourceTag/kubernetes.io/cluster/{cluster}"): "owned" } }),
            On::OurRecords => self.records(&["UPSERT"]),
            On::OurRecordsAndBack => self.records(&["DELETE", "UPSERT"]),
            On::Everything
            | On::Vpc
            | On::Interfaces
            | On::Groups
            | On::OurZone
            | On::AllZones
            | On::DnsChange
            | On::ElasticIpQuota
            | On::StateStore
            | On::Repositories
            | On::Buckets
            | On::State
            | On::Roles
            | On::InstanceProfiles => Value::Null,
        }
    }

    fn records(&self, actions: &[&str]) -> Value {
        let names: Vec<String> = std::iter::once(format!("\\052.{}", self.zone)).chain(self.hosts.iter().cloned()).collect();
        json!({ "ForAllValues:StringEquals": {
            "route53:ChangeResourceRecordSetsNormalizedRecordNames": names,
            "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
            "route53:ChangeResourceRecordSetsActions": actions,
        } })
    }
}

/// The first part of every ARN
/// (<https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html>).
fn partition(region: &str) -> &'static str {
    let partitions = [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-iso-", "aws-iso"),
        ("us-isob-", "aws-iso-b"),
        ("eu-isoe-", "aws-iso-e"),
        ("us-isof-", "aws-iso-f"),
        ("eusc-", "aws-eusc"),
    ];
    partitions.into_iter().find(|(prefix, _)| region.starts_with(prefix)).map_or("aws", |(_, partition)| partition)
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    fn names() -> Names {
        Names {
            account: "123456789012".to_owned(),
            region: "eu-central-1".to_owned(),
            cluster: "c02.example.com".to_owned(),
            zone: "example.com".to_owned(),
            zone_id: "Z02PUBLICEXAMPLECOM".to_owned(),
            hosts: vec!["app.example.com".to_owned()],
            state_store: "example-com-state".to_owned(),
        }
    }

    fn rendered(commands: &[AwsCommand], secondary_ip: bool) -> String {
        serde_json::to_string_pretty(&policy(commands, secondary_ip, &names())).expect("JSON")
    }

    #[test]
    fn the_policy_of_each_command() {
        for &command in AwsCommand::value_variants() {
            let name = format!("{command:?}").to_lowercase();
            insta::assert_snapshot!(name, rendered(&[command], true));
        }
        insta::assert_snapshot!("bootstrap-http-only", rendered(&[AwsCommand::Bootstrap], false));
    }

    #[test]
    fn iam_takes_all_of_it() {
        let everything = rendered(AwsCommand::value_variants(), true);
        let size = everything.chars().filter(|character| !character.is_whitespace()).count();
        assert!(size < INLINE, "{size}");
        assert!(policy(AwsCommand::value_variants(), true, &names()).too_large().is_some());
        for &command in AwsCommand::value_variants() {
            assert_eq!(policy(&[command], true, &names()).too_large(), None, "{command:?}");
        }
        let sids: Vec<_> = policy(AwsCommand::value_variants(), true, &names()).statement.iter().map(|s| s.sid.clone()).collect();
        assert!(sids.iter().all(|sid| sid.chars().all(|c| c.is_ascii_alphanumeric())));
    }

    #[test]
    fn nothing_that_changes_is_allowed_on_everything() {
        for &command in AwsCommand::value_variants() {
            for row in command.permissions(true).filter(|row| row.on.contains(&On::Everything)) {
                let (_, name) = row.action.split_once(':').expect("service:Action");
                assert!(["Describe", "List", "Get"].iter().any(|read| name.starts_with(read)), "{row:?}");
            }
        }
    }

    #[test]
    fn other_partitions_have_other_arns() {
        assert_eq!((partition("cn-north-1"), partition("us-gov-west-1"), partition("us-east-1")), ("aws-cn", "aws-us-gov", "aws"));
    }
}
