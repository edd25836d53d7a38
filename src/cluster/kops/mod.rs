//! kOps, as a subprocess. The only place that knows its arguments, its exit codes and its JSON; the contract was read
//! from the sources of kOps 1.30 to 1.37 and is checked by the tests in [`contract`].

mod calls;
#[cfg(test)]
mod contract;
mod state_store;
mod validation;
mod version;

pub use state_store::StateStore;
pub use version::{OLDEST, Version};

use std::path::Path;

use crate::aws::AwsOptions;
use crate::names::DnsName;
use crate::subprocess::Subprocess;

/// kOps on one cluster in one state store.
#[derive(Debug, Clone)]
pub struct Kops {
    cluster: DnsName,
    state_store: StateStore,
    /// What our own options say about AWS, since kOps has none of its own for it.
    environment: Vec<(&'static str, String)>,
}

const PROGRAM: &str = "kops";

impl Kops {
    pub fn new(cluster: DnsName, state_store: StateStore, aws: &AwsOptions) -> Self {
        let profile = aws.profile.clone().map(|profile| ("AWS_PROFILE", profile));
        let region = aws.region.clone().map(|region| ("AWS_REGION", region));
        Self { cluster, state_store, environment: profile.into_iter().chain(region).collect() }
    }

    /// Where kOps writes credentials, when that isn't where it writes them by itself.
    pub fn with_kubeconfig(mut self, kubeconfig: Option<&Path>) -> Self {
        self.environment.extend(kubeconfig.map(|path| ("KUBECONFIG", path.display().to_string())));
        self
    }

    pub fn state_store(&self) -> &StateStore {
        &self.state_store
    }

    /// `kops WORDS… --state … ` with the environment.
    fn command<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Subprocess {
        let state = ["--state".to_owned(), self.state_store.to_string()];
        Subprocess::new(PROGRAM, words.into_iter().map(str::to_owned).chain(state)).environment(self.environment.clone())
    }
}
