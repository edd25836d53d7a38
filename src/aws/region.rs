//! Which region: given, from the environment, from the profile, or where this instance runs.

use aws_config::Region;
use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::imds;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;

use super::{AwsOptions, deadlines, machine};
use crate::failure::{Failure, Result};

/// The region, or a usage failure when none is set or the name can't be one.
pub(super) async fn resolve(options: &AwsOptions) -> Result<Region> {
    let mut profile = ProfileFileRegionProvider::builder();
    if let Some(name) = &options.profile {
        profile = profile.profile_name(name);
    }
    let mut chain = RegionProviderChain::first_try(options.region.clone().map(Region::new))
        .or_else(EnvironmentVariableRegionProvider::new())
        .or_else(profile.build());
    if machine::has_metadata() {
        let client = imds::Client::builder().connect_timeout(deadlines::METADATA).read_timeout(deadlines::METADATA).max_attempts(2).build();
        chain = chain.or_else(imds::region::ImdsRegionProvider::builder().imds_client(client).build());
    }
    let region = chain.region().await.filter(|region| !region.as_ref().is_empty()).ok_or_else(missing)?;
    check(region.as_ref())?;
    Ok(region)
}

fn missing() -> Failure {
    Failure::usage("No AWS region is set")
        .because("looked at --region, AWS_REGION, AWS_DEFAULT_REGION and `region` of the profile")
        .next("name the region of the cluster, for example --region eu-central-1")
}

/// Catches what can't be a region before it becomes a host name that nobody resolves.
fn check(name: &str) -> Result<()> {
    if is_region(name) {
        return Ok(());
    }
    let failure = Failure::usage(format!("{name:?} is not the name of an AWS region"));
    match name.strip_suffix(|last: char| last.is_ascii_lowercase()).filter(|rest| is_region(rest)) {
        Some(region) => Err(failure.because("it names an availability zone").next(format!("use --region {region}"))),
        None => Err(failure.because("a region looks like eu-central-1").next("check --region, AWS_REGION and the profile")),
    }
}

/// `eu-central-1`, `us-gov-west-1`, `eusc-de-east-1`: words of letters, then a number.
fn is_region(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let Some((number, words)) = parts.split_last() else { return false };
    words.len() >= 2
        && words.iter().all(|word| word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_lowercase()))
        && (1..=2).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_partitions_pass() {
        for name in [
            "eu-central-1",
            "us-east-1",
            "us-gov-west-1",
            "cn-north-1",
            "us-isob-east-1",
            "eusc-de-east-1",
            "ap-southeast-7",
            "mx-central-1",
        ] {
            assert!(is_region(name), "{name}");
        }
    }

    #[test]
    fn what_cannot_be_a_region_is_refused_with_a_hint() {
        for name in ["", "eu", "eu-central", "eucentral1", "EU-CENTRAL-1", "eu-central-1 ", "eu-central-1.evil.com", "-", "eu--1", "1-2-3"]
        {
            assert!(check(name).is_err(), "{name}");
        }
        let failure = check("eu-central-1a").expect_err("a zone");
        assert_eq!(failure.next, ["use --region eu-central-1"]);
    }
}
