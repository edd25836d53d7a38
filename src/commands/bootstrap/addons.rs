//! What a new cluster needs inside, through its own API: observe → plan → show → confirm → apply.

use crate::cluster::{Cluster, ClusterWriter};
use crate::commands::apply::Applier;
use crate::commands::flow::Confirmed;
use crate::commands::own_cluster;
use crate::failure::Result;
use crate::output::Console;
use crate::plan::addons::{self, AddonChange, Observed};
use crate::plan::change::{Change, Deferred, Lane};
use crate::plan::observed::Instance;
use crate::plan::{Note, Plan};
use crate::report::Report;
use crate::settings::Settings;

pub struct Addons<'a> {
    pub settings: &'a Settings,
    pub aws: &'a crate::aws::Aws,
    pub instance: &'a Instance,
    pub console: &'a Console,
}

impl Addons<'_> {
    /// Whether the cluster is one that we have made, so that what is in it is ours to complete.
    pub fn are_ours(&self) -> bool {
        let by_file = self.settings.creation.as_ref().is_some_and(|creation| creation.from_spec.is_some());
        self.instance.addons.is_some() || by_file
    }

    /// Afterwards the user has said yes, if there was something to ask.
    ///
    /// # Errors
    /// Not confirmed, or a change failed; the report says how far it came.
    pub async fn set_up(&self, confirmed: Confirmed, report: &mut Report) -> Result<Confirmed> {
        let step = self.console.step("look at the cluster from inside");
        let looked = match self.connect().await {
            Ok(cluster) => observe(&cluster).await.map(|observed| (cluster, observed)),
            Err(failure) => Err(failure),
        };
        match looked {
            Ok((cluster, observed)) => {
                step.done();
                self.apply(&cluster, addons::plan(&observed), confirmed, report).await
            }
            Err(failure) => {
                step.failed();
                let why = Note::warning(format!("the cluster could not be looked at from inside: {failure}"));
                report.extend_plan(Plan { changes: Vec::new(), notes: vec![why] });
                Ok(confirmed)
            }
        }
    }

    pub async fn connect(&self) -> Result<Cluster> {
        own_cluster::connect(&self.settings.kubernetes, &self.settings.context.cluster, self.instance).await
    }

    async fn apply(&self, cluster: &Cluster, plan: Plan, confirmed: Confirmed, report: &mut Report) -> Result<Confirmed> {
        let changes = !plan.changes.is_empty();
        report.extend_plan(plan.clone());
        if self.settings.run.dry_run || !changes {
            return Ok(confirmed);
        }
        self.console.plan(&plan);
        if confirmed == Confirmed::NotYet && !self.settings.run.yes {
            let cluster = &self.settings.context.cluster;
            let question = format!("Change this inside cluster {cluster}, and set up what follows?");
            self.console.confirm(&question, "confirm with `--yes`, or look at the plan with `--dry-run`")?;
        }
        let applier = Applier::new(self.aws, None, self.console, Deferred::AfterApply);
        let writer = cluster.writer();
        applier.each(report, Lane::Addons, async |change, _| perform(&writer, change).await).await?;
        Ok(Confirmed::Before)
    }
}

async fn observe(cluster: &Cluster) -> Result<Observed> {
    Ok(Observed { nodes: cluster.nodes().await? })
}

async fn perform(writer: &ClusterWriter, change: &Change) -> Result<()> {
    let Change::Addon(change) = change else { return Ok(()) };
    match change {
        AddonChange::RemoveTaints { node, taints } => writer.remove_taints(node, taints).await,
    }
}
