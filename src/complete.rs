//! Completion that asks: `COMPLETE=bash k8sport` prints what makes a shell ask k8sport itself, which then also knows the names of
//! clusters, contexts, namespaces and Ingresses. What can't be read is not offered; nothing is said about it.

use std::time::Duration;

use clap::{Arg, Command};
use clap_complete::CompleteEnv;
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};

use crate::cli;
use crate::cluster::{Cluster, KubernetesOptions, Scope, contexts};
use crate::failure::{Failure, Result};
use crate::run::block_on;

/// Somebody waits with a finger on the key.
const PATIENCE: Duration = Duration::from_secs(2);

/// Answers a shell that asks, and ends the process then.
pub fn answer() {
    CompleteEnv::with_factory(|| with_names(cli::command())).complete();
}

fn with_names(command: Command) -> Command {
    let of = command.get_name().to_owned();
    command.mut_args(|argument| with_name(&of, argument)).mut_subcommands(with_names)
}

fn with_name(command: &str, argument: Arg) -> Arg {
    match (command, argument.get_id().as_str()) {
        (_, "cluster") => argument.add(ArgValueCandidates::new(clusters)),
        (_, "context") => argument.add(ArgValueCandidates::new(all_contexts)),
        (_, "namespace") => argument.add(ArgValueCandidates::new(namespaces)),
        ("toggle-https-redirect", "names") => argument.add(ArgValueCandidates::new(ingresses)),
        _ => argument,
    }
}

fn options() -> KubernetesOptions {
    KubernetesOptions { kubeconfig: std::env::var_os("KUBECONFIG").map(Into::into), context: None }
}

fn all_contexts() -> Vec<CompletionCandidate> {
    candidates(contexts(&options()).unwrap_or_default())
}

/// kOps names contexts after its clusters.
fn clusters() -> Vec<CompletionCandidate> {
    candidates(contexts(&options()).unwrap_or_default().into_iter().filter(|name| name.contains('.')))
}

fn namespaces() -> Vec<CompletionCandidate> {
    candidates(ask(async |cluster| cluster.namespace_names().await))
}

fn ingresses() -> Vec<CompletionCandidate> {
    candidates(ask(async |cluster| Ok(cluster.ingresses(&Scope::default()).await?.into_iter().map(|ingress| ingress.name).collect())))
}

fn ask(question: impl AsyncFnOnce(Cluster) -> Result<Vec<String>>) -> Vec<String> {
    let answer = async || {
        let asked = async { question(Cluster::connect(&options()).await?).await };
        tokio::time::timeout(PATIENCE, asked).await.unwrap_or_else(|_| Err(Failure::failed("no answer in time")))
    };
    block_on(answer).and_then(|answer| answer).unwrap_or_default()
}

fn candidates(names: impl IntoIterator<Item = String>) -> Vec<CompletionCandidate> {
    names.into_iter().map(CompletionCandidate::new).collect()
}
