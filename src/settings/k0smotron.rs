//! Settings of the commands about k0smotron's workers.

use std::net::IpAddr;

use super::{Run, at_home, filled, no_ssh_key, resolve_run};
use crate::checks::Detail;
use crate::cli::{HostedArgs, K0smotronDiagnoseArgs, PrepareWorkersArgs, RunArgs, said};
use crate::cluster::KubernetesOptions;
use crate::failure::{Failure, Result};
use crate::names::{Namespace, ObjectName, Said};
use crate::node::{HostKeyTrust, Target};

/// Which control plane, which workers, and how to get at both.
#[derive(Debug)]
pub struct HostedSettings {
    pub cluster: ObjectName,
    pub namespace: Namespace,
    pub service_ip: Option<IpAddr>,
    /// For commands that messages name.
    pub said: Said,
    pub kubernetes: KubernetesOptions,
    pub workers: Vec<Target>,
    pub run: Run,
}

/// What `k0smotron diagnose` needs to know besides.
#[derive(Debug)]
pub struct HostedDiagnoseSettings {
    pub hosted: HostedSettings,
    pub strict: bool,
    pub detail: Detail,
}

impl HostedDiagnoseSettings {
    /// `run` is the command's, as all have it.
    ///
    /// # Errors
    /// As [`HostedSettings::resolve`].
    pub fn resolve(args: K0smotronDiagnoseArgs, run: &RunArgs) -> Result<Self> {
        let detail = Detail::of(args.findings.short, args.run.verbose);
        Ok(Self { hosted: HostedSettings::of(args.hosted, resolve_run(run, None, None)?)?, strict: args.findings.strict, detail })
    }
}

impl HostedSettings {
    /// # Errors
    /// A worker named twice, a key that isn't there.
    pub fn resolve(args: PrepareWorkersArgs) -> Result<Self> {
        let run = resolve_run(&args.run, None, None)?;
        Self::of(args.hosted, run)
    }

    fn of(args: HostedArgs, run: Run) -> Result<Self> {
        let unnamed = |what: &str, how: &str| Failure::usage(format!("no {what} is named")).state("nothing was touched").next(how);
        let cluster = args.cluster.ok_or_else(|| unnamed("cluster", "name it with `--cluster`: kubectl get clusters.k0smotron.io -A"))?;
        if args.worker.is_empty() {
            return Err(unnamed("worker", "name each with `--worker`, as `ssh` takes it"));
        }
        let login = args.login;
        let key = login.ssh_key.as_deref().map(at_home);
        if let Some(missing) = key.as_deref().filter(|key| !key.is_file()) {
            return Err(no_ssh_key(missing));
        }
        let twice = args.worker.iter().enumerate().find(|(index, worker)| args.worker[..*index].contains(worker));
        if let Some((_, worker)) = twice {
            return Err(Failure::usage(format!("the worker {worker} is named twice")).state("nothing was touched"));
        }
        let target = |host| Target {
            host,
            port: login.ssh_port,
            user: login.ssh_user.clone(),
            key: key.clone(),
            instance: None,
            trust: if login.accept_new_host_key { HostKeyTrust::AcceptNew } else { HostKeyTrust::Console },
        };
        Ok(Self {
            cluster,
            namespace: args.namespace,
            service_ip: args.service_ip,
            kubernetes: KubernetesOptions { kubeconfig: args.kubernetes.kubeconfig, context: filled(args.kubernetes.context) },
            said: said().without("cluster"),
            workers: args.worker.into_iter().map(target).collect(),
            run,
        })
    }
}
