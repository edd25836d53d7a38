//! The names that there are, each list from where the command itself would look.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

use clap_complete::engine::CompletionCandidate;

use crate::checks::{CATEGORIES, Category, k0smotron, vip};
use crate::cluster::{self, Cluster, KubernetesOptions, Scope};
use crate::failure::{Failure, Result};
use crate::names::DnsName;
use crate::run::block_on;
use crate::{cli, help, settings};

/// Somebody waits with a finger on the key.
const PATIENCE: Duration = Duration::from_secs(2);

/// kOps names contexts after its clusters.
pub fn clusters() -> Vec<CompletionCandidate> {
    let is_cluster = |name: &String| name.contains('.') && name.parse::<DnsName>().is_ok();
    candidates(all_contexts().into_iter().filter(is_cluster))
}

pub fn contexts() -> Vec<CompletionCandidate> {
    candidates(all_contexts())
}

pub fn namespaces() -> Vec<CompletionCandidate> {
    candidates(ask(async |cluster| cluster.namespace_names().await))
}

pub fn ingresses() -> Vec<CompletionCandidate> {
    let scope = Scope { namespace: said("namespace"), ..Scope::default() };
    candidates(ask(async |cluster| Ok(cluster.ingresses(&scope).await?.into_iter().map(|ingress| ingress.name).collect())))
}

pub fn applications() -> Vec<CompletionCandidate> {
    let file = said("config").map(PathBuf::from);
    candidates(settings::application_names(file.as_deref()).unwrap_or_default().iter().map(ToString::to_string))
}

pub fn checks() -> Vec<CompletionCandidate> {
    of_checks(&CATEGORIES)
}

pub fn checks_of_workers() -> Vec<CompletionCandidate> {
    of_checks(&k0smotron::CATEGORIES)
}

pub fn checks_of_a_vip() -> Vec<CompletionCandidate> {
    of_checks(&vip::CATEGORIES)
}

fn of_checks<J>(categories: &[Category<J>]) -> Vec<CompletionCandidate> {
    let checks = categories.iter().flat_map(|category| category.checks);
    checks.map(|check| CompletionCandidate::new(check.id).help(Some(check.title.into()))).collect()
}

/// What `help` can be asked about after the words that stand there already.
pub fn topics_and_commands() -> Vec<CompletionCandidate> {
    let words = words();
    let mut about: Vec<_> = words.iter().skip_while(|word| *word != "help").skip(1).collect();
    about.pop();
    let k8sport = cli::command();
    let Some(command) = about.iter().try_fold(&k8sport, |command, word| command.find_subcommand(word)) else { return Vec::new() };
    let visible = command.get_subcommands().filter(|below| !below.is_hide_set());
    let commands = visible.map(|below| CompletionCandidate::new(below.get_name()).help(below.get_about().cloned()));
    let topics = help::topics().filter(|_| about.is_empty()).map(CompletionCandidate::new);
    commands.chain(topics).collect()
}

fn all_contexts() -> Vec<String> {
    cluster::contexts(&KubernetesOptions { kubeconfig: said("kubeconfig").map(Into::into), context: None }).unwrap_or_default()
}

fn ask(question: impl AsyncFnOnce(Cluster) -> Result<Vec<String>>) -> Vec<String> {
    let of_the_cluster = || said("cluster").filter(|cluster| all_contexts().contains(cluster));
    let options = KubernetesOptions { kubeconfig: said("kubeconfig").map(Into::into), context: said("context").or_else(of_the_cluster) };
    let answer = async || {
        let asked = async { question(Cluster::connect(&options).await?).await };
        tokio::time::timeout(PATIENCE, asked).await.unwrap_or_else(|_| Err(Failure::failed("no answer in time")))
    };
    block_on(answer).and_then(|answer| answer).unwrap_or_default()
}

/// What the line says of an option so far, else the environment, else its default.
fn said(option: &str) -> Option<String> {
    let k8sport = cli::read();
    let matches = k8sport.clone().ignore_errors(true).try_get_matches_from(words()).ok()?;
    let (mut command, mut matches) = (&k8sport, &matches);
    while let Some((name, below)) = matches.subcommand() {
        (command, matches) = (command.find_subcommand(name)?, below);
    }
    let argument = command.get_arguments().find(|argument| argument.get_id() == option)?;
    let on_the_line = matches.try_get_raw(option).ok().flatten().and_then(Iterator::last).map(OsStr::to_owned);
    // A line that isn't whole ends before these are looked at.
    let in_the_environment = || argument.get_env().and_then(std::env::var_os);
    let by_default = || argument.get_default_values().first().map(|value| value.as_os_str().to_owned());
    let value = on_the_line.or_else(in_the_environment).or_else(by_default)?;
    Some(value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}

/// The line's words. bash breaks `--context=prod` into three.
fn words() -> Vec<OsString> {
    let mut words: Vec<OsString> = Vec::new();
    for word in std::env::args_os().skip_while(|word| word != "--").skip(1) {
        match words.last_mut() {
            Some(last) if word == "=" || last.to_string_lossy().ends_with('=') => last.push(word),
            _ => words.push(word),
        }
    }
    words
}

fn candidates(names: impl IntoIterator<Item = String>) -> Vec<CompletionCandidate> {
    names.into_iter().map(CompletionCandidate::new).collect()
}
