//! Settings of the commands about control planes that share an address.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

use super::{Run, at_home, default_ssh_key, filled, no_ssh_key, resolve_run};
use crate::checks::Detail;
use crate::cli::{VipArgs, VipChangeArgs, VipCleanupArgs, VipDiagnoseArgs, VipReachArgs, VipSetupArgs, said};
use crate::cluster::KubernetesOptions;
use crate::failure::{Failure, Result};
use crate::names::{Said, SshUser};
use crate::plan::vip::Vip;

/// Whom they are about, and how they are reached.
#[derive(Debug, Clone)]
pub struct VipSettings {
    pub vip: Vip,
    /// Empty for those of the kubeconfig's cluster.
    pub nodes: Vec<Ipv4Addr>,
    pub kubernetes: KubernetesOptions,
    /// For commands that messages name.
    pub said: Said,
    pub user: SshUser,
    pub key: Option<PathBuf>,
    pub port: u16,
    pub accept_new_host_key: bool,
    /// For who changes something.
    pub lock_timeout: Duration,
    /// What can't be reached is left out.
    pub skip_unreachable: bool,
    pub run: Run,
}

#[derive(Debug, Clone)]
pub struct VipDiagnoseSettings {
    pub common: VipSettings,
    pub strict: bool,
    pub detail: Detail,
}

#[derive(Debug, Clone)]
pub struct VipSetupSettings {
    pub common: VipSettings,
    pub balancer: Option<u16>,
    pub router_id: Option<u8>,
    pub take_over: bool,
}

#[derive(Debug, Clone)]
pub struct VipCleanupSettings {
    pub common: VipSettings,
    pub purge_packages: bool,
}

impl VipSettings {
    fn to_change(vip: VipArgs, args: VipChangeArgs) -> Result<Self> {
        let common = Self::resolve(vip, args.reach)?;
        Ok(Self { skip_unreachable: args.skip_unreachable, lock_timeout: args.lock_timeout, ..common })
    }

    fn resolve(vip: VipArgs, reach: VipReachArgs) -> Result<Self> {
        let VipReachArgs { nodes, kubernetes, run } = reach;
        let wrong = |what: String| Failure::usage(what).state("nothing was touched");
        let address = vip.vip.ok_or_else(|| wrong("which VIP?".to_owned()).next("name it with `--vip 10.255.254.100` or K8SPORT_VIP"))?;
        if address.is_unspecified() || address.is_loopback() || address.is_multicast() || address.is_broadcast() {
            return Err(wrong(format!("{address} can't be shared by hosts")).next("name a free address of the control planes' network"));
        }
        if nodes.node.contains(&address) {
            return Err(wrong(format!("{address} can't be the VIP and a control plane's own address")));
        }
        let mut addresses = nodes.node;
        addresses.sort();
        if let Some(twice) = addresses.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(wrong(format!("the control plane {} is named twice", twice[0])));
        }
        let key = match nodes.ssh_key {
            Some(path) => Some(at_home(&path)).map(|path| if path.is_file() { Ok(path) } else { Err(no_ssh_key(&path)) }).transpose()?,
            None => Some(default_ssh_key()).filter(|path| path.is_file()),
        };
        Ok(Self {
            vip: Vip { address, port: vip.api_port },
            nodes: addresses,
            kubernetes: KubernetesOptions { kubeconfig: kubernetes.kubeconfig, context: filled(kubernetes.context) },
            said: said(),
            user: nodes.ssh_user,
            key,
            port: nodes.ssh_port,
            accept_new_host_key: nodes.accept_new_host_key,
            lock_timeout: Duration::ZERO,
            skip_unreachable: false,
            run: resolve_run(&run, None, None)?,
        })
    }
}

impl VipDiagnoseSettings {
    /// # Errors
    /// Usage errors.
    pub fn resolve(args: VipDiagnoseArgs) -> Result<Self> {
        let detail = Detail::of(args.findings.short, args.reach.run.verbose);
        let common = VipSettings::resolve(args.vip, args.reach)?;
        Ok(Self { common, strict: args.findings.strict, detail })
    }
}

impl VipSetupSettings {
    /// # Errors
    /// Usage errors.
    pub fn resolve(args: VipSetupArgs) -> Result<Self> {
        let common = VipSettings::to_change(args.vip, args.change)?;
        if args.load_balance && args.balancer_port == common.vip.port {
            return Err(Failure::usage(format!("HAProxy can't have port {}: it is the API servers'", args.balancer_port))
                .because("kube-apiserver has it on every address, and HAProxy could bind it nowhere")
                .state("nothing was touched")
                .next("name another one with `--balancer-port`"));
        }
        let balancer = args.load_balance.then_some(args.balancer_port);
        Ok(Self { common, balancer, router_id: args.router_id, take_over: args.take_over })
    }
}

impl VipCleanupSettings {
    /// # Errors
    /// Usage errors.
    pub fn resolve(args: VipCleanupArgs) -> Result<Self> {
        let common = VipSettings::to_change(args.vip, args.change)?;
        Ok(Self { common, purge_packages: args.purge_packages })
    }
}
