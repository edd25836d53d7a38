//! Settings of `teardown`.

use std::path::PathBuf;
use std::time::Duration;

use super::{Settings, Specific, file};
use crate::aws::Repositories;
use crate::cli::{CommonArgs, LockArgs, SshArgs, TeardownArgs};
use crate::cluster::kops::StateStore;
use crate::failure::{Failure, Result};
use crate::names::DnsName;

/// What `teardown` needs to know. It goes to no node, so there is nothing about SSH in it.
#[derive(Debug, Clone)]
pub struct TeardownSettings {
    pub common: Settings,
    pub state_store: StateStore,
    pub confirm: Option<DnsName>,
    pub repositories: Repositories,
    pub delete_state_store: bool,
    pub delete_local_config: bool,
    pub skip_applications: bool,
    pub kubeconfig: Option<PathBuf>,
}

/// kOps alone may wait 10 minutes for AWS.
const TIMEOUT: Duration = Duration::from_secs(45 * 60);

impl TeardownSettings {
    /// # Errors
    /// Usage errors: no cluster or state store named, or a settings file that can't be read.
    pub fn resolve(args: TeardownArgs) -> Result<Self> {
        let file = file::read(args.target.account.config.as_deref())?;
        let mut run = args.run;
        run.timeout = run.timeout.or(Some(TIMEOUT));
        let common = Settings::resolve(
            CommonArgs { target: args.target, ssh: SshArgs::default(), lock: LockArgs::default(), run },
            Specific::default(),
        )?;
        let state_store = args.state_store.or(file.state_store).ok_or_else(|| {
            Failure::usage("where does kOps keep the cluster?")
                .state("nothing was touched")
                .next("name the state store with `--state-store s3://…`, KOPS_STATE_STORE, or `state-store` in k8sport.toml")
                .next(format!("or remove k8sport's part alone: {}", common.context.again.command("cleanup")))
        })?;
        Ok(Self {
            common,
            state_store,
            confirm: args.confirm,
            repositories: Repositories { names: args.ecr_repositories, prefix: args.ecr_prefix },
            delete_state_store: args.delete_state_store,
            delete_local_config: args.delete_local_config,
            skip_applications: args.skip_applications,
            kubeconfig: args.kubeconfig,
        })
    }
}
