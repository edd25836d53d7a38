//! Settings of the commands that work through the Kubernetes API.

use std::time::{Duration, SystemTime};

use super::{Run, Settings, Specific, file, filled, resolve_run};
use crate::cli::{At, CommonArgs, ToggleArgs};
use crate::cluster::{KubernetesOptions, Scope};
use crate::failure::{Failure, Result};
use crate::node::files::Until;
use crate::plan::https_redirect::Wanted;

/// What `toggle-https-redirect` needs to know.
#[derive(Debug)]
pub struct ToggleSettings {
    /// None to show the state and ask.
    pub wanted: Option<Wanted>,
    /// When it is meant to be on again.
    pub until: Option<Until>,
    pub at: RedirectAt,
    pub run: Run,
}

/// Where it is that HTTP is redirected.
#[derive(Debug)]
pub enum RedirectAt {
    Ingresses(Ingresses),
    /// Our HAProxy.
    Edge(Box<Settings>),
}

#[derive(Debug)]
pub struct Ingresses {
    pub scope: Scope,
    /// Empty for all of the scope.
    pub names: Vec<String>,
    pub kubernetes: KubernetesOptions,
}

impl ToggleSettings {
    /// # Errors
    /// Options that don't go together, a settings file that can't be read.
    pub fn resolve(args: ToggleArgs) -> Result<Self> {
        let wanted = match (args.disable_https, args.enable_https) {
            (true, _) => Some(Wanted::Off),
            (_, true) => Some(Wanted::On),
            _ => None,
        };
        let until = args.lasts.map(until).transpose()?;
        match args.at {
            At::Ingresses => {
                refuse_cluster(&args.common)?;
                let timeout = file::read(args.common.target.account.config.as_deref())?.timeout;
                let kubernetes = KubernetesOptions { kubeconfig: args.kubernetes.kubeconfig, context: filled(args.kubernetes.context) };
                let scope = Scope { namespace: (!args.all_namespaces).then_some(args.namespace), selector: args.selector };
                let run = resolve_run(&args.common.run, timeout.as_deref(), None)?;
                Ok(Self { wanted, until, at: RedirectAt::Ingresses(Ingresses { scope, names: args.names, kubernetes }), run })
            }
            At::Edge => {
                if args.all_namespaces || args.selector.is_some() || !args.names.is_empty() {
                    return Err(Failure::usage("`--at edge` is for all hosts at once, so no Ingresses can be chosen")
                        .state("nothing was touched")
                        .next("leave out names, `--all-namespaces` and `--selector`, or leave out `--at edge`"));
                }
                let settings = Settings::resolve(args.common, Specific::default())?;
                Ok(Self { wanted, until, run: settings.run.clone(), at: RedirectAt::Edge(Box::new(settings)) })
            }
        }
    }
}

fn until(lasts: Duration) -> Result<Until> {
    let until = SystemTime::now().checked_add(lasts).and_then(Until::new);
    until.ok_or_else(|| Failure::usage("`--for` ends in no year that can be written down").state("nothing was touched"))
}

/// Whoever names a cluster means that one, and the kubeconfig's context may lead to another. The environment has the name
/// for all commands.
fn refuse_cluster(common: &CommonArgs) -> Result<()> {
    let from_environment = std::env::var("KOPS_CLUSTER_NAME").unwrap_or_default();
    match &common.target.cluster {
        Some(cluster) if cluster.as_str() != from_environment => {
            Err(Failure::usage("`--cluster` is for `--at edge`; Ingresses are those of the kubeconfig's context")
                .state("nothing was touched")
                .next(format!("name the context: `--context {cluster}`")))
        }
        _ => Ok(()),
    }
}
