//! Region and credentials, resolved once before anything else, and the clients made from them.

use aws_config::{AppName, BehaviorVersion};

use super::{Aws, credentials, deadlines, profiles, region};
use crate::failure::Result;

/// What the user said about AWS; the rest comes from the environment and the AWS configuration files.
#[derive(Debug, Clone, Default)]
pub struct AwsOptions {
    pub profile: Option<String>,
    pub region: Option<String>,
}

impl Aws {
    /// The region alone.
    ///
    /// # Errors
    /// None is set, or the name can't be one.
    pub async fn region(options: &AwsOptions) -> Result<String> {
        Ok(region::resolve(options).await?.to_string())
    }

    /// Finds region and credentials and makes the clients. Asks no AWS service, except where the credentials themselves come
    /// from one (roles, single sign-on).
    ///
    /// # Errors
    /// No or an impossible region, an unknown profile, no credentials, credentials that can't be had in time.
    pub async fn connect(options: &AwsOptions) -> Result<Aws> {
        profiles::check(options.profile.as_deref()).await?;
        let region = region::resolve(options).await?;
        let provider = credentials::resolve(options, &region).await?;
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .region(region.clone())
            .credentials_provider(provider)
            .timeout_config(deadlines::timeouts())
            .retry_config(deadlines::retries());
        if let Some(profile) = &options.profile {
            loader = loader.profile_name(profile);
        }
        // Shows in CloudTrail who called.
        if let Ok(name) = AppName::new("k8sport") {
            loader = loader.app_name(name);
        }
        Ok(Aws::new(&loader.load().await, region.to_string()))
    }
}
