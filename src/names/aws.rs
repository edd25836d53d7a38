//! Of an AWS account.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

parsed_name!(
    /// An AWS account.
    AccountId, "an account id of 12 digits such as 123456789012", |text| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
);
parsed_name!(InstanceId, "an instance id such as i-0123456789abcdef0", |text| is_aws_id(text, "i-"));
parsed_name!(EniId, "a network interface id such as eni-0123456789abcdef0", |text| is_aws_id(text, "eni-"));
parsed_name!(GroupId, "a security group id such as sg-0123456789abcdef0", |text| is_aws_id(text, "sg-"));
parsed_name!(
    /// An Elastic IP's allocation id.
    AllocationId, "an allocation id such as eipalloc-0123456789abcdef0", |text| is_aws_id(text, "eipalloc-")
);
parsed_name!(
    /// A hosted zone of Route 53, without the `/hostedzone/` prefix.
    ZoneId, "a hosted zone id such as Z0123456789ABCDEFGHIJ",
    |text| (2..=32).contains(&text.len()) && text.starts_with('Z') && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
);
parsed_name!(
    /// A type of EC2 instances.
    InstanceType, "an instance type such as t3.medium",
    |text| text.len() <= 32 && text.contains('.') && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c))
);
parsed_name!(
    /// A zone of a region.
    AvailabilityZone, "an availability zone such as eu-central-1a",
    |text| (3..=40).contains(&text.len()) && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
);
parsed_name!(
    /// An image of EC2, as kOps takes it: an id, or its owner and its name.
    ImageName, "an image such as ami-0123456789abcdef0 or 099720109477/ubuntu/images/…",
    |text| (5..=160).contains(&text.len()) && text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c))
);
parsed_name!(
    /// An image repository in ECR.
    RepositoryName, "a repository such as shop/api in lower case",
    |text| (2..=256).contains(&text.len()) && is_repository_path(text) && text.ends_with(|c: char| c.is_ascii_alphanumeric())
);
parsed_name!(
    /// What the names of several repositories begin with. Never empty.
    RepositoryPrefix, "the beginning of repositories' names, such as shop/, in lower case",
    |text| (1..=256).contains(&text.len()) && is_repository_path(text)
);

fn is_aws_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|rest| (8..=32).contains(&rest.len()) && rest.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c)))
}

fn is_repository_path(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-/".contains(c))
}
