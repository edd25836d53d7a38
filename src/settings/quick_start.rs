//! Settings of `quick-start`.

use super::file::{File, read};
use super::{Creation, DeploySettings, Settings, Specific};
use crate::cli::{ApplicationArgs, BootstrapArgs, DeployArgs, QuickStartArgs};
use crate::cluster::kops::StateStore;
use crate::commands;
use crate::failure::{Failure, Result};
use crate::names::{AppName, DnsName};

/// What `quick-start` needs to know.
#[derive(Debug)]
pub struct QuickStartSettings {
    pub bootstrap: Settings,
    /// In the order in which they are deployed.
    pub applications: Vec<DeploySettings>,
}

impl QuickStartSettings {
    /// # Errors
    /// Usage errors of `bootstrap` and of `deploy-app` for each application.
    pub fn resolve(args: QuickStartArgs) -> Result<Self> {
        let file = read(args.bootstrap.common.target.account.config.as_deref())?;
        let names = if args.skip_apps || args.skip_haproxy { Vec::new() } else { file.apps.keys().cloned().collect() };
        let applications = names.into_iter().map(|name| application(name, &args, &file)).collect::<Result<_>>()?;
        let specific = Specific { skip_haproxy: args.skip_haproxy, timeout: Some(commands::quick_start::TIMEOUT), ..Specific::default() };
        let mut bootstrap = Settings::of_bootstrap(args.bootstrap, specific)?;
        if let Some(creation) = &mut bootstrap.creation {
            with_state_store(creation, &bootstrap.context.cluster)?;
        }
        Ok(Self { bootstrap, applications })
    }
}

fn application(name: AppName, args: &QuickStartArgs, file: &File) -> Result<DeploySettings> {
    let BootstrapArgs { secondary, creation, kubernetes, common, .. } = &args.bootstrap;
    let args = DeployArgs {
        name,
        application: ApplicationArgs { http_only: creation.skip_cert_manager, ..ApplicationArgs::default() },
        manifests: args.manifests.clone(),
        build: None,
        rollback: false,
        to_revision: None,
        force_conflicts: false,
        rollout_timeout: None,
        stalled_after: None,
        cluster: common.target.cluster.clone(),
        secondary: *secondary,
        kubernetes: kubernetes.clone(),
        account: common.target.account.clone(),
        run: common.run.clone(),
    };
    DeploySettings::with_file(args, file)
}

/// Buckets share one space of names with the whole world, as clusters' names do.
fn with_state_store(creation: &mut Creation, cluster: &DnsName) -> Result<()> {
    if creation.state_store.is_none() {
        let store = format!("s3://{}-kops-state", cluster.to_string().replace('.', "-"));
        let store: StateStore = store.parse().map_err(|_| {
            Failure::usage(format!("no bucket can be named after {cluster}"))
                .state("nothing was touched")
                .next("name one with `--state-store s3://…`")
        })?;
        creation.state_store = Some(store);
    }
    Ok(())
}
