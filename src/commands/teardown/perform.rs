//! What `teardown` does besides what `cleanup` does.

use std::time::Duration;

use super::local;
use super::observe::Observation;
use crate::aws::AwsWriter;
use crate::cluster::ClusterWriter;
use crate::cluster::kops::Kops;
use crate::failure::Result;
use crate::output::Step;
use crate::plan::change::Change;
use crate::plan::ownership;
use crate::plan::teardown::TeardownChange;
use crate::settings::TeardownSettings;

/// The writers exist only here, after the plan was confirmed.
pub struct Performer {
    aws: AwsWriter,
    account: String,
    cluster: Option<ClusterWriter>,
    kops: Kops,
}

/// For one namespace; a load balancer takes minutes to go.
const NAMESPACE: Duration = Duration::from_secs(5 * 60);
/// kOps' own default.
const CLUSTER: Duration = Duration::from_secs(10 * 60);

impl Performer {
    pub fn new(settings: &TeardownSettings, observation: &Observation) -> Self {
        Self {
            aws: observation.aws.writer(ownership::operation_id()),
            account: observation.account.clone(),
            cluster: observation.cluster.as_ref().map(crate::cluster::Cluster::writer),
            kops: Kops::new(settings.common.context.cluster.clone(), settings.state_store.clone(), &settings.common.aws),
        }
    }

    /// # Errors
    /// What AWS, the API server or kOps refuse, or don't do in time.
    pub async fn perform(&self, change: &Change, step: &Step) -> Result<()> {
        let Change::Teardown(change) = change else { return Ok(()) };
        match change {
            TeardownChange::Namespace { namespace, .. } => match &self.cluster {
                Some(cluster) => cluster.delete_namespace(namespace, NAMESPACE, |why| step.update(why)).await,
                None => Ok(()),
            },
            TeardownChange::Cluster { .. } => self.kops.delete(CLUSTER, |line| step.update(line)).await,
            TeardownChange::State { store, prefix, .. } => self.aws.delete_state(store, prefix, &self.account).await,
            TeardownChange::File(file) => local::delete(&file.path),
            TeardownChange::Kubeconfig { path, cluster, entries } => local::forget(path, cluster, entries),
            TeardownChange::Bucket { store } => self.aws.delete_bucket(store, &self.account).await,
        }
    }
}
