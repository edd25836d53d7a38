//! Settings of the commands that work through the Kubernetes API.

use super::resolve_run;
use crate::cli::ToggleArgs;
use crate::cluster::{KubernetesOptions, Scope};
use crate::commands::toggle_https_redirect::Settings;
use crate::failure::Result;
use crate::plan::https_redirect::Wanted;

/// # Errors
/// A settings file that can't be read.
pub fn toggle_settings(args: ToggleArgs) -> Result<Settings> {
    let wanted = match (args.disable_https, args.enable_https) {
        (true, _) => Some(Wanted::Off),
        (_, true) => Some(Wanted::On),
        _ => None,
    };
    let file = super::file::read(None)?;
    Ok(Settings {
        wanted,
        scope: Scope { namespace: (!args.all_namespaces).then_some(args.namespace), selector: args.selector },
        names: args.names,
        lasts: args.lasts,
        kubernetes: KubernetesOptions { kubeconfig: args.kubernetes.kubeconfig, context: args.kubernetes.context },
        run: resolve_run(&args.run, file.timeout.as_deref(), None)?,
    })
}
