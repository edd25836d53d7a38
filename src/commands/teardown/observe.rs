//! Reads what there is of the cluster. Node, API server, cluster and state store may be gone.

use std::time::Duration;

use super::local;
use crate::aws::Aws;
use crate::cluster::{Cluster, KubernetesOptions, kubeconfig};
use crate::commands::own_cluster;
use crate::commands::remains::{self, OnNode};
use crate::failure::{Failure, Result};
use crate::output::Console;
use crate::plan::lane::Lane;
use crate::plan::observed::Instance;
use crate::plan::residue::{Found, Residue};
use crate::plan::teardown::{Application, Subject};
use crate::report::{Report, Status, Target};
use crate::settings::TeardownSettings;

pub struct Observation {
    pub aws: Aws,
    pub account: String,
    /// None when the node is gone.
    pub target: Option<Target>,
    pub cluster: Option<Cluster>,
    /// Why the API server can't be asked, while there is a node that it could be on.
    pub unreachable: Option<Failure>,
    pub subject: Subject,
}

/// The cluster's own namespaces: they go with it.
const SYSTEM: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];
/// Looks at what is left, until nothing is: EC2 shows things for a moment after they are gone.
const LOOKS: u32 = 3;
const PAUSE: Duration = Duration::from_secs(4);

/// # Errors
/// When AWS can't be read.
pub async fn observe(settings: &TeardownSettings, console: &Console) -> Result<Observation> {
    let found = remains::observe(&settings.common, OnNode::Skip, console).await?;
    let step = console.step("read what belongs to the cluster");
    let (aws, name) = (found.aws, &settings.common.context.cluster);
    let account = found.remains.account.id.clone();
    let (tagged, stored, repositories) =
        tokio::try_join!(aws.tagged(name), aws.stored(&settings.state_store, name, &account), aws.repositories(&settings.repositories),)?;
    step.done();
    let running = found.remains.instance.as_ref().filter(|instance| instance.state == "running");
    let (mut cluster, mut applications, mut unreachable) = (None, None, None);
    if let (Some(instance), false) = (running, settings.skip_applications) {
        let step = console.step("ask the API server for the applications");
        match ask(settings, instance).await {
            Ok((connected, found)) => {
                (cluster, applications) = (Some(connected), Some(found));
                step.done();
            }
            Err(failure) => {
                unreachable = Some(failure);
                step.failed();
            }
        }
    }
    let instance = found.remains.instance.as_ref().map(|instance| &instance.id);
    let (files, kubeconfigs) = if settings.delete_local_config {
        (local::files(instance), kubeconfig::entries(&kubeconfig::named(settings.kubeconfig.as_deref()), name.as_str()))
    } else {
        (Vec::new(), Vec::new())
    };
    let subject = Subject { remains: found.remains, applications, tagged, stored, repositories, files, kubeconfigs };
    Ok(Observation { aws, account, target: found.target, cluster, unreachable, subject })
}

async fn ask(settings: &TeardownSettings, instance: &Instance) -> Result<(Cluster, Vec<Application>)> {
    let name = &settings.common.context.cluster;
    let options = KubernetesOptions { kubeconfig: settings.kubeconfig.clone(), context: None };
    let cluster = own_cluster::connect(&options, name, instance).await?;
    let namespaces = cluster.namespaces().await?.into_iter().filter(|namespace| !SYSTEM.contains(&namespace.name.as_str()));
    let applications = namespaces.map(|namespace| Application {
        namespace: namespace.name,
        load_balancers: namespace.load_balancers,
        volume_claims: namespace.volume_claims,
    });
    let applications = applications.collect();
    Ok((cluster, applications))
}

/// What is still there, without what the user chose to keep.
///
/// # Errors
/// When AWS can't be read.
pub async fn residue(aws: &Aws, settings: &TeardownSettings, report: &Report, console: &Console) -> Result<Residue> {
    let step = console.step("look at what is left");
    let mut look = 1;
    let residue = loop {
        let residue = one_look(aws, settings, report).await?;
        if residue.is_empty() || look == LOOKS {
            break residue;
        }
        look += 1;
        tokio::time::sleep(PAUSE).await;
    };
    if residue.is_empty() {
        step.done()
    } else {
        step.failed()
    }
    Ok(residue)
}

async fn one_look(aws: &Aws, settings: &TeardownSettings, report: &Report) -> Result<Residue> {
    let cluster = &settings.common.context.cluster;
    let kept = |lane| {
        let mut changes = report.plan.changes.iter().enumerate();
        changes.any(|(index, change)| change.lane() == lane && report.status(index) == Status::Skipped)
    };
    let account = aws.account().await?;
    let (tagged, elastic_ips, zones, repositories, stored) = tokio::try_join!(
        aws.tagged(cluster),
        aws.elastic_ips(),
        aws.all_records(),
        aws.repositories(&settings.repositories),
        aws.stored(&settings.state_store, cluster, &account.id),
    )?;
    let repositories = if kept(Lane::Images) { Vec::new() } else { repositories };
    let all_versions = settings.delete_state_store && !kept(Lane::StateStore);
    Ok(Residue::of(&Found { tagged, elastic_ips, zones, repositories, stored, all_versions }, cluster))
}
