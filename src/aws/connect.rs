//! Region and credentials, resolved once before anything else, and the clients made from them.

use aws_config::{AppName, BehaviorVersion};

use super::{Aws, authorities, credentials, deadlines, profiles, region};
use crate::failure::{Failure, Result};
use crate::names::AccountId;

/// What the user said about AWS; the rest comes from the environment and the AWS configuration files.
#[derive(Debug, Clone, Default)]
pub struct AwsOptions {
    pub profile: Option<String>,
    pub region: Option<String>,
    /// The only account to work in.
    pub account: Option<AccountId>,
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
    /// from one (roles, single sign-on), and except whose they are where an account is pinned.
    ///
    /// # Errors
    /// No or an impossible region, an unknown profile, no credentials, credentials that can't be had in time. Refuses
    /// credentials of another account than the pinned one.
    pub async fn connect(options: &AwsOptions) -> Result<Aws> {
        authorities::check()?;
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
        let aws = Aws::new(&loader.load().await, region.to_string());
        if let Some(pinned) = &options.account {
            aws.refuse_other_accounts(pinned).await?;
        }
        Ok(aws)
    }

    /// Here and not in the commands, so that none of them can forget it.
    async fn refuse_other_accounts(&self, pinned: &AccountId) -> Result<()> {
        let account = self.account().await?;
        if account.id == pinned.as_str() {
            return Ok(());
        }
        Err(Failure::refused(format!("these credentials belong to account {}, and only {pinned} may be worked in", account.id))
            .because("the account is pinned by `--account`, K8SPORT_ACCOUNT or `account` in k8sport.toml")
            .state("nothing was read or changed in either account")
            .next(format!("use credentials of {pinned} (`--profile`), or change the pin if {} is meant", account.id)))
    }
}
