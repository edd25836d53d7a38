//! Where credentials come from. The same order as the AWS command line's, put together here for two reasons: the metadata
//! service is asked only on EC2, and the error can say what was looked at.

use std::sync::Mutex;

use aws_config::Region;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, error::CredentialsError, future};

use super::cause::chain_text;
use super::{AwsOptions, deadlines, machine, profiles};
use crate::failure::{Failure, Result};

/// Hands out the credentials that were fetched up front once, then asks the chain: a credential process or a sign-on isn't
/// run twice for one command, and long runs still get fresh ones.
#[derive(Debug)]
pub(super) struct Fetched {
    first: Mutex<Option<Credentials>>,
    chain: CredentialsProviderChain,
}

impl ProvideCredentials for Fetched {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        match self.first.lock().ok().and_then(|mut first| first.take()) {
            Some(credentials) => future::ProvideCredentials::ready(Ok(credentials)),
            None => self.chain.provide_credentials(),
        }
    }
}

/// Fetches credentials, so that whatever is wrong with them is said before the first call.
pub(super) async fn resolve(options: &AwsOptions, region: &Region) -> Result<Fetched> {
    let profile = options.profile.as_deref();
    let metadata = machine::has_metadata();
    // A profile that was named beats keys in the environment; one that stands in AWS_PROFILE doesn't.
    let named = profile.is_some() && std::env::var("AWS_PROFILE").ok().as_deref() != profile;
    let chain = chain(profile, named, metadata, region);
    match tokio::time::timeout(deadlines::CREDENTIALS, chain.provide_credentials()).await {
        Ok(Ok(credentials)) => Ok(Fetched { first: Mutex::new(Some(credentials)), chain }),
        Ok(Err(error)) => Err(explain(&error, profile, named, metadata)),
        Err(_) => Err(Failure::failed("AWS credentials did not arrive in time")
            .after(deadlines::CREDENTIALS)
            .next("see what the profile runs or asks: `aws sts get-caller-identity` should answer without questions")),
    }
}

fn chain(profile: Option<&str>, named: bool, metadata: bool, region: &Region) -> CredentialsProviderChain {
    let config = ProviderConfig::without_region()
        .with_region(Some(region.clone()))
        .with_behavior_version(Some(aws_config::BehaviorVersion::latest()))
        .with_timeout_config(deadlines::timeouts())
        .with_retry_config(deadlines::retries());
    let mut from_profile = ProfileFileCredentialsProvider::builder().configure(&config);
    if let Some(name) = profile {
        from_profile = from_profile.profile_name(name);
    }
    if named {
        return CredentialsProviderChain::first_try("profile", from_profile.build());
    }
    let chain = CredentialsProviderChain::first_try("environment", EnvironmentVariableCredentialsProvider::new())
        .or_else("profile", from_profile.build())
        .or_else("web identity", WebIdentityTokenCredentialsProvider::builder().configure(&config).build())
        .or_else("container", EcsCredentialsProvider::builder().configure(&config).build());
    if !metadata {
        return chain;
    }
    let client = imds::Client::builder().connect_timeout(deadlines::METADATA).read_timeout(deadlines::METADATA).max_attempts(2).build();
    chain.or_else("instance", imds::credentials::ImdsCredentialsProvider::builder().imds_client(client).build())
}

fn explain(error: &CredentialsError, profile: Option<&str>, named: bool, metadata: bool) -> Failure {
    let name = &profiles::in_force(profile);
    if matches!(error, CredentialsError::CredentialsNotLoaded(_)) {
        return Failure::failed("No AWS credentials were found").because(format!("looked at {}", sources(name, named, metadata))).next(
            "put them into the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or name a profile that has them with --profile",
        );
    }
    Failure::failed(format!("AWS credentials could not be had (profile {name:?})"))
        .because(chain_text(error))
        .next(format!("if they have expired, sign in again: `aws sso login --profile {name}` or `aws login --profile {name}`"))
        .next(format!("see whether `aws sts get-caller-identity --profile {name}` works"))
}

fn sources(profile: &str, named: bool, metadata: bool) -> String {
    let file = format!("profile {profile:?} of ~/.aws/config and ~/.aws/credentials");
    if named {
        return file;
    }
    let instance =
        if metadata { "the metadata service of this instance" } else { "not at a metadata service, since this machine is no EC2 instance" };
    format!(
        "the environment (AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY), {file}, AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONTAINER_CREDENTIALS_*, {instance}"
    )
}
