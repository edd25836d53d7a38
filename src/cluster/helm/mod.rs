//! helm, as a subprocess. The only place that knows its arguments, its exit codes and its JSON, which are those of helm 3 and
//! 4; the tests in [`contract`] have what it prints.

mod calls;
#[cfg(test)]
mod contract;

use std::path::PathBuf;
use std::time::Duration;

use super::Cluster;
use super::connect::KubernetesOptions;
use crate::subprocess::Subprocess;

/// helm on one cluster.
#[derive(Debug, Clone)]
pub struct Helm {
    context: String,
    kubeconfig: Option<PathBuf>,
    /// How long objects may take to become ready.
    limit: Duration,
}

const PROGRAM: &str = "helm";

impl Helm {
    /// None when it isn't on the PATH.
    pub fn of(cluster: &Cluster, options: &KubernetesOptions, limit: Duration) -> Option<Self> {
        let helm = Self { context: cluster.context.clone(), kubeconfig: options.kubeconfig.clone(), limit };
        Self::is_installed().then_some(helm)
    }

    pub fn is_installed() -> bool {
        Subprocess::is_installed(PROGRAM)
    }

    /// `helm WORDS… --kube-context …`. The kubeconfig may be a list of files, which helm takes from the environment alone.
    fn command<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Subprocess {
        let context = ["--kube-context", &self.context].map(str::to_owned);
        let kubeconfig = self.kubeconfig.as_ref().map(|path| ("KUBECONFIG", path.display().to_string()));
        // It would go before the context's.
        let no_other_server = ("HELM_KUBEAPISERVER", String::new());
        let environment = kubeconfig.into_iter().chain([no_other_server]);
        Subprocess::new(PROGRAM, words.into_iter().map(str::to_owned).chain(context)).environment(environment)
    }
}
