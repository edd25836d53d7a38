//! One change inside the cluster becomes the calls that make it so.

use std::time::Duration;

use crate::cluster::ClusterWriter;
use crate::cluster::helm::Helm;
use crate::failure::{Failure, Result};
use crate::output::Step;
use crate::plan::addons::AddonChange;
use crate::plan::change::Change;

pub struct Performer {
    pub writer: ClusterWriter,
    pub helm: Option<Helm>,
    /// For what comes up by itself.
    pub limit: Duration,
}

impl Performer {
    /// # Errors
    /// What the API server or helm refuses.
    pub async fn perform(&self, change: &Change, step: &Step) -> Result<()> {
        let Change::Addon(change) = change else { return Ok(()) };
        match change {
            AddonChange::RemoveTaints { node, taints } => self.writer.remove_taints(node, taints).await,
            AddonChange::InstallIngressController { chart, release, unfinished, .. } => {
                let helm = self.helm.as_ref().ok_or_else(|| Failure::failed("helm is gone from the PATH"))?;
                if *unfinished {
                    helm.remove_unfinished(release, |why| step.update(why)).await?;
                }
                helm.install(release, chart, |line| step.update(line)).await
            }
            AddonChange::CreateClusterIssuer { name, spec, .. } | AddonChange::ChangeClusterIssuer { name, spec, .. } => {
                self.writer.apply_cluster_issuer(name, spec, self.limit, |why| step.update(why)).await
            }
        }
    }
}
