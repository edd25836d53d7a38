//! The profiles of the AWS configuration files.

use aws_config::profile::{self, ProfileSet};
use aws_types::os_shim_internal::{Env, Fs};

use crate::failure::{Failure, Result};

/// The profile in force: the one that was asked for, else `AWS_PROFILE`, else `default`.
pub(super) fn in_force(asked: Option<&str>) -> String {
    let environment = || std::env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty());
    asked.map(str::to_owned).or_else(environment).unwrap_or_else(|| "default".to_owned())
}

/// Checks that the profile exists before anything is read from it: the SDK takes one that doesn't for one without region
/// and credentials. `default` may be missing.
pub(super) async fn check(asked: Option<&str>) -> Result<()> {
    let name = in_force(asked);
    let profiles = profile::load(&Fs::real(), &Env::real(), &Default::default(), None).await;
    let profiles =
        profiles.map_err(|error| Failure::usage("The AWS configuration files can't be read").because(super::cause::chain_text(&error)))?;
    if name == "default" || profiles.get_profile(&name).is_some() { Ok(()) } else { Err(unknown(&name, &profiles)) }
}

fn unknown(name: &str, profiles: &ProfileSet) -> Failure {
    let mut names: Vec<&str> = profiles.profiles().collect();
    names.sort_unstable();
    let known = if names.is_empty() { "there are no profiles".to_owned() } else { format!("there are {}", names.join(", ")) };
    Failure::usage(format!("There is no AWS profile named {name:?}"))
        .because(format!("{known} in ~/.aws/config and ~/.aws/credentials (or AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE)"))
        .next("name another one with --profile or AWS_PROFILE, or unset it")
}
