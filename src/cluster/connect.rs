//! Kubeconfig, context and credentials, resolved once before anything else, and the client made from them.

use std::path::{Path, PathBuf};

use kube::config::{Context, KubeConfigOptions, Kubeconfig, KubeconfigError};
use kube::{Client, Config};

use super::{Cluster, deadlines, errors, kubeconfig};
use crate::failure::{Failure, Result};
use crate::proxies;

/// What the user said about the cluster's API; the rest comes from the kubeconfig.
#[derive(Debug, Clone, Default)]
pub struct KubernetesOptions {
    /// One file, or several as KUBECONFIG has them.
    pub kubeconfig: Option<PathBuf>,
    /// [default: the kubeconfig's current one]
    pub context: Option<String>,
}

impl Cluster {
    /// Reads the kubeconfig and makes the client. Asks the API server nothing; an exec plugin may ask others for
    /// credentials.
    ///
    /// # Errors
    /// No kubeconfig or one that can't be read, an unknown context, credentials that can't be had in time.
    pub async fn connect(options: &KubernetesOptions) -> Result<Self> {
        let Configuration { config, context, .. } = configuration(options).await?;
        Self::of_config(config, context).await
    }

    pub(super) async fn of_config(mut config: Config, context: String) -> Result<Self> {
        config.connect_timeout = Some(deadlines::CONNECT);
        config.read_timeout = Some(deadlines::READ);
        // Ours ends: `request`.
        config.default_retry = false;
        let server = config.cluster_url.to_string().trim_end_matches('/').to_owned();
        // In a thread of its own: the plugin is waited for in this call.
        let made = tokio::task::spawn_blocking(move || {
            // Two are linked in, so rustls can't choose by itself.
            let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
            Client::try_from(config)
        });
        let client = match tokio::time::timeout(deadlines::CREDENTIALS, made).await {
            Ok(Ok(made)) => made.map_err(|error| errors::no_client(&error))?,
            Ok(Err(error)) => return Err(Failure::failed("the client of the API server was not made").because(error)),
            Err(_) => return Err(errors::no_credentials_in_time()),
        };
        Ok(Self { client, server, context })
    }
}

/// What the kubeconfig says of the API server.
pub struct Configuration {
    pub config: Config,
    /// Its name.
    pub context: String,
    /// The kubeconfig's own, and those of certificates and keys that it names.
    pub files: Vec<PathBuf>,
}

/// # Errors
/// No kubeconfig or one that can't be read, an unknown context.
pub async fn configuration(options: &KubernetesOptions) -> Result<Configuration> {
    let kubeconfig = read(&files(options)?)?;
    let context = options.context.clone().or_else(|| kubeconfig.current_context.clone()).unwrap_or_default();
    let files = kubeconfig::named(options.kubeconfig.as_deref()).into_iter().chain(named_by(&kubeconfig, &context)).collect();
    let contexts: Vec<_> = kubeconfig.contexts.iter().map(|context| context.name.clone()).collect();
    let proxy = cluster_of(&kubeconfig, &context).and_then(|cluster| cluster.proxy_url.as_ref()?.parse().ok());
    let chosen = KubeConfigOptions { context: options.context.clone(), ..KubeConfigOptions::default() };
    let mut config = Config::from_custom_kubeconfig(kubeconfig, &chosen).await.map_err(|error| unusable(&error, &contexts))?;
    config.proxy_url = proxy.or_else(|| proxies::to(&config.cluster_url));
    Ok(Configuration { config, context, files })
}

fn context_of<'a>(kubeconfig: &'a Kubeconfig, name: &str) -> Option<&'a Context> {
    kubeconfig.contexts.iter().find(|named| named.name == name)?.context.as_ref()
}

fn cluster_of<'a>(kubeconfig: &'a Kubeconfig, context: &str) -> Option<&'a kube::config::Cluster> {
    let context = context_of(kubeconfig, context)?;
    kubeconfig.clusters.iter().find(|named| named.name == context.cluster)?.cluster.as_ref()
}

/// Of one context.
fn named_by(kubeconfig: &Kubeconfig, context: &str) -> Vec<PathBuf> {
    let authority = cluster_of(kubeconfig, context).and_then(|cluster| cluster.certificate_authority.clone());
    let context = context_of(kubeconfig, context);
    let user = context.and_then(|context| kubeconfig.auth_infos.iter().find(|named| Some(&named.name) == context.user.as_ref()));
    let user = user.and_then(|named| named.auth_info.as_ref());
    let own = user.into_iter().flat_map(|user| [user.client_certificate.clone(), user.client_key.clone()]).flatten();
    authority.into_iter().chain(own).map(PathBuf::from).collect()
}

/// The names of all contexts.
///
/// # Errors
/// No kubeconfig or one that can't be read.
pub fn contexts(options: &KubernetesOptions) -> Result<Vec<String>> {
    Ok(read(&files(options)?)?.contexts.into_iter().map(|context| context.name).collect())
}

/// As kubectl: files of a list that aren't there are left out, but not all of them.
fn files(options: &KubernetesOptions) -> Result<Vec<PathBuf>> {
    let named = kubeconfig::named(options.kubeconfig.as_deref());
    let there: Vec<_> = named.iter().filter(|path| path.is_file()).cloned().collect();
    if !there.is_empty() {
        return Ok(there);
    }
    let named: Vec<_> = named.iter().map(|path| path.display().to_string()).collect();
    Err(Failure::usage(format!("there is no kubeconfig {}", named.join(", ")))
        .state("nothing was touched")
        .next("name it with `--kubeconfig` or KUBECONFIG, or write it with `kops export kubeconfig --admin`"))
}

fn read(files: &[PathBuf]) -> Result<Kubeconfig> {
    let mut whole: Option<Kubeconfig> = None;
    for file in files {
        let wrong = |error: &KubeconfigError| {
            Failure::usage(format!("the kubeconfig {} is wrong", file.display()))
                .because(without_path(error, file))
                .state("nothing was touched")
        };
        let next = Kubeconfig::read_from(file).map_err(|error| wrong(&error))?;
        whole = Some(match whole {
            Some(first) => first.merge(next).map_err(|error| wrong(&error))?,
            None => next,
        });
    }
    whole.ok_or_else(|| Failure::usage("there is no kubeconfig"))
}

fn without_path(error: &KubeconfigError, file: &Path) -> String {
    match error {
        KubeconfigError::ReadConfig(error, _) => error.to_string(),
        // The parser quotes the text, and the text has keys in it.
        KubeconfigError::Parse(error) => match error.location() {
            Some(at) => format!("{} is no kubeconfig, from line {} on", file.display(), at.line()),
            None => format!("{} is no kubeconfig", file.display()),
        },
        other => other.to_string(),
    }
}

fn unusable(error: &KubeconfigError, contexts: &[String]) -> Failure {
    let known = || format!("the contexts are: {}; choose one with `--context`", contexts.join(", "));
    let failure = match error {
        KubeconfigError::CurrentContextNotSet => Failure::usage("the kubeconfig has no current context").next(known()),
        KubeconfigError::LoadContext(name) => Failure::usage(format!("the kubeconfig has no context {name:?}")).next(known()),
        KubeconfigError::LoadClusterOfContext(name) => Failure::usage(format!("the kubeconfig has no cluster {name:?}")),
        KubeconfigError::ParseNoProxy(error) => Failure::usage("NO_PROXY in the environment can't be read")
            .because(error)
            .next("name in it addresses, networks such as 10.0.0.0/8 and hosts, with one comma between two, and none at the end"),
        other => Failure::usage("the kubeconfig can't be used").because(other),
    };
    failure.state("nothing was touched")
}
