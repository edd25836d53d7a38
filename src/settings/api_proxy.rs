//! Settings of `api-proxy`.

use std::env;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;
use std::time::Duration;

use super::{Settings, Specific, filled};
use crate::api_proxy::{Identity, Source, pod};
use crate::cli::{ApiProxyRunArgs, CommonArgs, Format, LockArgs, ManifestArgs, PortArgs, RunArgs};
use crate::cluster::KubernetesOptions;
use crate::failure::{Failure, Result};
use crate::names::ImageReference;

/// What `api-proxy` needs to know.
#[derive(Debug)]
pub struct ApiProxySettings {
    pub port: u16,
    pub source: Source,
    pub identity: Identity,
    /// The cluster, its account and node, for the way through the node.
    pub via_ssh: Option<Settings>,
    pub kubeconfig: Option<PathBuf>,
    pub access_log: Option<PathBuf>,
    /// None for no second port.
    pub metrics: Option<(IpAddr, u16)>,
    pub drain_timeout: Duration,
    pub idle_timeout: Duration,
    pub share_dir: Option<PathBuf>,
    pub state_dir: Option<PathBuf>,
}

/// What `api-proxy manifest` needs to know.
#[derive(Debug)]
pub struct ManifestSettings {
    pub file: PathBuf,
    pub image: ImageReference,
    pub port: u16,
    /// It was said, and isn't the usual one.
    pub port_chosen: bool,
    pub metrics_port: u16,
    pub identity: Identity,
}

const PORT: u16 = 6443;

impl ApiProxySettings {
    /// # Errors
    /// Usage errors: a port that is none, an identity that isn't there. Refuses the node's own network.
    pub fn resolve(args: ApiProxyRunArgs) -> Result<Self> {
        let (port, chosen) = listen_port(&args.port, mca_listen_port().as_deref())?;
        let in_pod = args.pod.in_pod;
        let identity = args.identity.unwrap_or(if in_pod { Identity::Caller } else { Identity::Kubeconfig });
        check_identity(identity, in_pod)?;
        if args.port.metrics_port == port {
            return Err(
                wrong(format!("port {port} can't be both the proxy's and that of the metrics")).next("name another with `--metrics-port`")
            );
        }
        let kubernetes = KubernetesOptions { kubeconfig: args.kubernetes.kubeconfig, context: filled(args.kubernetes.context) };
        let (source, address) = if in_pod {
            let (pod_ip, host_ip) = (variable("K8SPORT_POD_IP"), variable("K8SPORT_HOST_IP"));
            pod::refuse_host_network(pod_ip.as_deref(), host_ip.as_deref(), port, chosen, identity)?;
            (
                in_pod_source(port, args.pod.service_account_dir)?,
                pod_ip.and_then(|ip| ip.parse().ok()).unwrap_or(Ipv6Addr::UNSPECIFIED.into()),
            )
        } else {
            (Source::Kubeconfig(kubernetes), Ipv4Addr::LOCALHOST.into())
        };
        let via_ssh = args.via_ssh.then(|| {
            Settings::resolve(
                CommonArgs { target: args.target, ssh: args.ssh, lock: LockArgs::default(), run: untouched() },
                Specific::default(),
            )
        });
        let via_ssh = via_ssh.transpose()?;
        Ok(Self {
            port,
            source: with_context(source, via_ssh.as_ref()),
            identity,
            via_ssh,
            kubeconfig: args.write_kubeconfig,
            access_log: args.access_log,
            metrics: (args.port.metrics_port != 0).then(|| (args.metrics_address.unwrap_or(address), args.port.metrics_port)),
            drain_timeout: args.drain_timeout,
            idle_timeout: args.idle_timeout,
            share_dir: args.pod.share_dir,
            state_dir: args.pod.state_dir,
        })
    }
}

impl ManifestSettings {
    /// # Errors
    /// Usage errors: ports that can't be, an identity that isn't there.
    pub fn resolve(args: ManifestArgs) -> Result<Self> {
        let (port, port_chosen) = listen_port(&args.port, mca_listen_port().as_deref())?;
        check_identity(args.identity, true)?;
        if args.port.metrics_port == port || args.port.metrics_port == 0 {
            return Err(wrong("the start-up probe needs a second port of its own").next("name one with `--metrics-port`"));
        }
        let metrics_port = args.port.metrics_port;
        Ok(Self { file: args.file, image: args.image, port, port_chosen, metrics_port, identity: args.identity })
    }
}

fn wrong(what: impl Into<String>) -> Failure {
    Failure::usage(what).state("nothing was begun")
}

fn variable(name: &str) -> Option<String> {
    filled(env::var(name).ok())
}

fn mca_listen_port() -> Option<String> {
    variable("MCA_LISTEN_PORT")
}

/// The port, and whether it was chosen.
fn listen_port(args: &PortArgs, variable: Option<&str>) -> Result<(u16, bool)> {
    let said = match (args.listen_port, variable) {
        (Some(port), _) => Some(port),
        (None, Some(text)) => match text.trim().parse() {
            Ok(port) if port > 0 => Some(port),
            _ => return Err(wrong(format!("MCA_LISTEN_PORT is {text:?}, and a port is a number from 1 to 65535"))),
        },
        (None, None) => None,
    };
    let port = said.unwrap_or(PORT);
    Ok((port, port != PORT))
}

fn check_identity(identity: Identity, in_pod: bool) -> Result<()> {
    match (identity, in_pod) {
        (Identity::ServiceAccount, false) => {
            Err(wrong("only a pod has a service account").next("leave `--identity` out, or say `--in-pod`"))
        }
        (Identity::Kubeconfig, true) => {
            Err(wrong("in a pod there is no kubeconfig").next("say `--identity caller` or `--identity service-account`"))
        }
        _ => Ok(()),
    }
}

fn in_pod_source(port: u16, folder: PathBuf) -> Result<Source> {
    let named = |name: &str| {
        variable(name).ok_or_else(|| {
            wrong(format!("{name} isn't set, so where the API server is can't be told"))
                .next("in a pod it always is; elsewhere leave `--in-pod` out")
        })
    };
    let (host, upstream) = (named("KUBERNETES_SERVICE_HOST")?, named("KUBERNETES_SERVICE_PORT")?);
    let upstream: u16 = upstream.parse().map_err(|_| wrong(format!("KUBERNETES_SERVICE_PORT is {upstream:?}, which is no port")))?;
    let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if here && upstream == port {
        return Err(wrong("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT lead to the proxy itself")
            .next("set them on the other containers only: `k8sport api-proxy manifest` does"));
    }
    Ok(Source::Pod { host, port: upstream, folder })
}

/// kOps names contexts after clusters. What kubectl happens to be at may be another's.
fn with_context(source: Source, via_ssh: Option<&Settings>) -> Source {
    match (source, via_ssh) {
        (Source::Kubeconfig(options), Some(settings)) => {
            let context = options.context.or_else(|| Some(settings.context.cluster.to_string()));
            Source::Kubeconfig(KubernetesOptions { context, ..options })
        }
        (source, _) => source,
    }
}

/// It asks for nothing and has no limit.
fn untouched() -> RunArgs {
    RunArgs { dry_run: false, exit_code: false, yes: false, output: Format::Text, timeout: None, verbose: 0, quiet: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_the_option_s_then_the_variable_s_then_the_usual_one() {
        let args = |listen_port| PortArgs { listen_port, metrics_port: 6444 };
        assert_eq!(listen_port(&args(None), None).expect("a port"), (6443, false));
        assert_eq!(listen_port(&args(None), Some("16443")).expect("a port"), (16443, true));
        assert_eq!(listen_port(&args(Some(7000)), Some("16443")).expect("a port"), (7000, true));
        for text in ["0", "65536", "six", "-1"] {
            let failure = listen_port(&args(None), Some(text)).expect_err("no port");
            assert!(failure.what.contains("MCA_LISTEN_PORT") && failure.what.contains(text), "{failure}");
        }
    }
}
