//! Options > environment > `k8sport.toml` > discovery, resolved once. Commands see only the result.

mod account;
mod api_proxy;
mod applications;
mod configure;
mod creation;
mod deploy;
mod ecr;
mod file;
#[cfg(test)]
mod hostile;
mod k0smotron;
mod quick_start;
mod teardown;
mod vip;

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use account::{PolicySettings, QuotaSettings};
pub use api_proxy::{ApiProxySettings, ManifestSettings};
pub use applications::{Ingresses, RedirectAt, ToggleSettings};
pub use configure::{ConfigureSettings, application_names};
pub use creation::Creation;
pub use deploy::{DeploySettings, Deployed};
pub use ecr::EcrPruneSettings;
use file::{File, read};
pub use k0smotron::{HostedDiagnoseSettings, HostedSettings};
pub use quick_start::QuickStartSettings;
pub use teardown::TeardownSettings;
pub use vip::{VipCleanupSettings, VipDiagnoseSettings, VipSettings, VipSetupSettings};

use crate::aws::AwsOptions;
use crate::cli::{
    AccountArgs, BootstrapArgs, CommonArgs, CreationArgs, DataPathArgs, ElasticIpArgs, Format, KubernetesArgs, NoSecondaryIp, ProxyArgs,
    RecordArgs, RunArgs, SshArgs, TargetArgs, said,
};
use crate::cluster::KubernetesOptions;
use crate::failure::{Failure, Result};
use crate::names::{AccountId, Again, HostKeyFingerprint, InstanceId, Said, SshUser};
use crate::plan::data_path::Wish;
use crate::plan::network::Cidr;
use crate::plan::service::preconditions::keep_api_internal;
use crate::plan::whole::WantedPath;
use crate::plan::{Context, Selector};

/// Everything a command needs to know from its user.
#[derive(Debug, Clone)]
pub struct Settings {
    pub context: Context,
    pub secondary_ip: bool,
    /// False: the node stays as kOps makes it.
    pub haproxy: bool,
    pub proxy: Proxy,
    pub data_path: WantedPath,
    /// None for commands that create no cluster.
    pub creation: Option<Creation>,
    pub instance_id: Option<InstanceId>,
    pub aws: AwsOptions,
    pub ssh: Ssh,
    pub kubernetes: KubernetesOptions,
    pub run: Run,
}

#[derive(Debug, Clone)]
pub struct Proxy {
    pub route_api: bool,
    pub private_sources: Vec<Cidr>,
}

#[derive(Debug, Clone)]
pub struct Ssh {
    pub user: Option<SshUser>,
    pub key: Option<PathBuf>,
    pub host: Option<Ipv4Addr>,
    pub port: u16,
    pub host_key_fingerprint: Option<HostKeyFingerprint>,
    pub accept_new_host_key: bool,
    /// How long to wait for another run that has the node.
    pub lock_timeout: Duration,
}

#[derive(Debug, Clone)]
pub struct Run {
    pub dry_run: bool,
    pub yes: bool,
    pub timeout: Duration,
    /// For commands that messages name.
    pub said: Said,
}

/// What a subcommand has beyond the common options; a command leaves at its default what it doesn't offer.
#[derive(Debug, Default)]
pub struct Specific {
    pub no_secondary_ip: bool,
    pub with_secondary_ip: bool,
    pub skip_haproxy: bool,
    pub elastic_ip: ElasticIpArgs,
    pub proxy: ProxyArgs,
    pub data_path: DataPathArgs,
    pub records: RecordArgs,
    pub kubernetes: KubernetesArgs,
    /// For the command that can create a cluster.
    pub creation: Option<CreationArgs>,
    /// Instead of the usual limit.
    pub timeout: Option<Duration>,
}

impl From<NoSecondaryIp> for Specific {
    fn from(args: NoSecondaryIp) -> Self {
        Self { no_secondary_ip: args.no_secondary_ip, with_secondary_ip: args.with_secondary_ip, ..Self::default() }
    }
}

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(15 * 60);
const DEFAULT_LOCK_TIMEOUT: Duration = Duration::from_secs(60);

impl Settings {
    /// # Errors
    /// Usage errors: no cluster named, or a settings file that can't be read.
    pub fn resolve(common: CommonArgs, specific: Specific) -> Result<Self> {
        let named = &specific.elastic_ip;
        if specific.no_secondary_ip && (named.elastic_ip.is_some() || named.allocation_id.is_some()) {
            return Err(Failure::usage("an Elastic IP is named, and `--no-secondary-ip` is said")
                .because("without a second address none is used")
                .state("nothing was touched")
                .next("leave out one of the two"));
        }
        let CommonArgs { target, ssh, lock, run } = common;
        let file = read(target.account.config.as_deref())?;
        let context = context(&target, &specific, &file)?;
        let may_create = specific.creation.is_some();
        let private_sources = first_filled(specific.proxy.private_source, file.private_sources).unwrap_or_else(private_ranges);
        Ok(Self {
            context,
            data_path: data_path(specific.data_path, file.data_path, file.source_ranges)?,
            kubernetes: KubernetesOptions { kubeconfig: specific.kubernetes.kubeconfig, context: filled(specific.kubernetes.context) },
            haproxy: !specific.skip_haproxy,
            secondary_ip: !(specific.no_secondary_ip || specific.skip_haproxy)
                && (specific.with_secondary_ip || file.secondary_ip.unwrap_or(true)),
            proxy: Proxy { route_api: specific.proxy.route_api || file.route_api.unwrap_or(false), private_sources },
            creation: specific.creation.map(|args| Creation::resolve(args, file.state_store)),
            instance_id: target.instance_id.or(file.instance_id),
            aws: aws_options(target.account, file.account, file.profile, file.region),
            ssh: Ssh {
                lock_timeout: lock.lock_timeout.unwrap_or(DEFAULT_LOCK_TIMEOUT),
                ..resolve_ssh(ssh, file.ssh_user, file.ssh_key, file.ssh_host, file.ssh_port, file.host_key_fingerprint, may_create)?
            },
            run: resolve_run(&run, file.timeout.as_deref(), specific.timeout)?,
        })
    }
}

impl Settings {
    /// Of `bootstrap`, and of what contains it: `specific` has what that adds.
    ///
    /// # Errors
    /// As [`Self::resolve`].
    pub fn of_bootstrap(args: BootstrapArgs, specific: Specific) -> Result<Self> {
        let BootstrapArgs { secondary, elastic_ip, data_path, proxy, records, creation, kubernetes, common } = args;
        let NoSecondaryIp { no_secondary_ip, with_secondary_ip } = secondary;
        let creation = Some(creation);
        Self::resolve(
            common,
            Specific { no_secondary_ip, with_secondary_ip, elastic_ip, data_path, proxy, records, creation, kubernetes, ..specific },
        )
    }
}

/// No option, since no cluster outside of the lab (tests/lab/README.md) should have it.
const ASSUME_CLASS: &str = "K8SPORT_ASSUME_CLASS";

fn data_path(args: DataPathArgs, wish: Option<Wish>, source_ranges: Vec<Cidr>) -> Result<WantedPath> {
    if args.service.keep_api_internal {
        return Err(keep_api_internal());
    }
    let source_ranges = first_filled(args.service.source_range, source_ranges).unwrap_or_default();
    let wish = args.data_path.or(wish);
    let assume_class = std::env::var(ASSUME_CLASS).is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"));
    Ok(WantedPath { wish, source_ranges, assume_class })
}

fn aws_options(args: AccountArgs, account: Option<AccountId>, profile: Option<String>, region: Option<String>) -> AwsOptions {
    AwsOptions { profile: filled(args.profile).or(profile), region: filled(args.region).or(region), account: args.account.or(account) }
}

fn context(target: &TargetArgs, specific: &Specific, file: &File) -> Result<Context> {
    let cluster = target.cluster.clone().or_else(|| file.cluster.clone()).ok_or_else(|| {
        Failure::usage("which cluster?")
            .state("nothing was touched")
            .next("name it with `--cluster c02.example.com`, KOPS_CLUSTER_NAME, or `cluster` in k8sport.toml")
    })?;
    let elastic_ip = specific.elastic_ip.elastic_ip.clone().or_else(|| specific.elastic_ip.allocation_id.clone().map(Selector::Allocation));
    let unless_said = |said: &Option<String>, file: &Option<String>| file.clone().filter(|_| filled(said.clone()).is_none());
    let (profile, region) = (unless_said(&target.account.profile, &file.profile), unless_said(&target.account.region, &file.region));
    Ok(Context {
        again: Again::new(cluster.clone(), said()).in_file("profile", profile.as_ref()).in_file("region", region.as_ref()),
        cluster,
        zone: target.zone.clone().or_else(|| file.zone.clone()),
        hosts: first_filled(specific.records.host.clone(), file.hosts.clone()).unwrap_or_default(),
        elastic_ip: elastic_ip.or_else(|| file.elastic_ip.clone()),
        reuse: specific.elastic_ip.reuse_eip.or(file.reuse_eip).unwrap_or_default(),
        skip_allocate: specific.elastic_ip.skip_allocate || file.skip_allocate.unwrap_or(false),
        force: specific.records.force,
    })
}

fn resolve_ssh(
    args: SshArgs,
    user: Option<SshUser>,
    key: Option<PathBuf>,
    host: Option<Ipv4Addr>,
    port: Option<u16>,
    fingerprint: Option<HostKeyFingerprint>,
    may_create: bool,
) -> Result<Ssh> {
    let key = match args.ssh_key.or(key) {
        Some(path) => {
            let path = at_home(&path);
            if !may_create && !path.is_file() {
                return Err(no_ssh_key(&path));
            }
            Some(path)
        }
        None => Some(default_ssh_key()).filter(|path| path.is_file()),
    };
    Ok(Ssh {
        user: args.ssh_user.or(user),
        key,
        host: args.ssh_host.or(host),
        port: args.ssh_port.or(port).unwrap_or(22),
        host_key_fingerprint: args.host_key_fingerprint.or(fingerprint),
        accept_new_host_key: args.accept_new_host_key,
        lock_timeout: DEFAULT_LOCK_TIMEOUT,
    })
}

pub fn default_ssh_key() -> PathBuf {
    at_home(Path::new("~/.ssh/kops-key"))
}

pub fn no_ssh_key(path: &Path) -> Failure {
    Failure::usage(format!("there is no SSH key {}", path.display()))
        .state("nothing was touched")
        .next("name the private key with `--ssh-key`, or leave it out to use your SSH agent")
}

fn resolve_run(args: &RunArgs, timeout: Option<&str>, default: Option<Duration>) -> Result<Run> {
    let from_file = timeout
        .map(humantime::parse_duration)
        .transpose()
        .map_err(|error| Failure::usage("`timeout` in the settings file is no duration such as 90s or 15m").because(error))?;
    let timeout = args.timeout.or(from_file).or(default).unwrap_or(DEFAULT_TIMEOUT);
    Ok(Run { dry_run: args.dry_run, yes: args.yes, timeout, said: said() })
}

fn at_home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), std::env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// An empty environment variable means the same as none.
fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn first_filled<T>(first: Vec<T>, second: Vec<T>) -> Option<Vec<T>> {
    [first, second].into_iter().find(|list| !list.is_empty())
}

/// RFC 1918 and the shared space of RFC 6598, from which pods and VPCs get their addresses.
fn private_ranges() -> Vec<Cidr> {
    [([10, 0, 0, 0], 8), ([100, 64, 0, 0], 10), ([172, 16, 0, 0], 12), ([192, 168, 0, 0], 16)]
        .into_iter()
        .filter_map(|(address, prefix)| Cidr::new(address.into(), prefix))
        .collect()
}

impl Format {
    pub fn is_json(self) -> bool {
        self == Self::Json
    }
}
