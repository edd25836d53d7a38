//! Settings of the commands about image repositories.

use std::path::PathBuf;

use super::file::read;
use super::{Run, aws_options, resolve_run};
use crate::aws::{AwsOptions, Repositories};
use crate::cli::EcrPruneArgs;
use crate::failure::Result;

/// What `ecr prune` needs to know.
#[derive(Debug, Clone)]
pub struct EcrPruneSettings {
    pub repositories: Repositories,
    /// Of the kubeconfig.
    pub contexts: Vec<String>,
    pub kubeconfig: Option<PathBuf>,
    pub keep: u32,
    pub lifecycle: bool,
    pub force: bool,
    pub aws: AwsOptions,
    pub run: Run,
}

impl EcrPruneSettings {
    /// # Errors
    /// A settings file that can't be read.
    pub fn resolve(args: EcrPruneArgs) -> Result<Self> {
        let file = read(args.account.config.as_deref())?;
        Ok(Self {
            repositories: Repositories { names: args.repositories.repositories, prefix: args.repositories.prefix },
            contexts: args.context,
            kubeconfig: args.kubeconfig,
            keep: args.keep,
            lifecycle: args.lifecycle_policy,
            force: args.force,
            aws: aws_options(args.account, file.account, file.profile, file.region),
            run: resolve_run(&args.run, file.timeout.as_deref(), None)?,
        })
    }
}
