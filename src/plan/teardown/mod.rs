//! `teardown`: the whole cluster goes. Applications first, so that their load balancers and volumes go; then what
//! `cleanup` does, our security group before kOps, since kOps can't delete a VPC with somebody else's group in it; then
//! kOps; and the Elastic IP after it, so that a run that fails half way keeps its address.
//!
//! What is on the node goes with the node: nothing is undone there.

mod change;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use change::{Entry, LocalFile, LocalKind, TeardownChange};

use super::change::Change;
use super::cleanup::{self, Remains};
use super::images::{ImagesChange, Repository, counted, size};
use super::lane::Lane;
use super::residue::{Tagged, TaggedKind, is_of_kops};
use super::{Note, Plan};
use crate::cluster::kops::StateStore;
use crate::names::DnsName;

/// In this order, one after the other.
pub const LANES: [Lane; 9] = [
    Lane::Applications,
    Lane::Dns,
    Lane::Address,
    Lane::Firewall,
    Lane::ClusterDeletion,
    Lane::Release,
    Lane::Images,
    Lane::StateStore,
    Lane::LocalConfig,
];

/// What there is of the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Without the node.
    pub remains: Remains,
    /// None when the API server can't be asked.
    pub applications: Option<Vec<Application>>,
    pub tagged: Vec<Tagged>,
    /// None when there is no such bucket.
    pub stored: Option<Stored>,
    /// Those that are to go.
    pub repositories: Vec<Repository>,
    /// Those that are to go.
    pub files: Vec<LocalFile>,
    /// Those with entries that are to go.
    pub kubeconfigs: Vec<(PathBuf, Vec<Entry>)>,
}

impl Subject {
    /// Whether kOps knows the cluster, in this state store.
    pub fn is_configured(&self) -> bool {
        self.stored.as_ref().is_some_and(|stored| stored.configured)
    }
}

/// A namespace that isn't the cluster's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    pub namespace: String,
    /// Services of type LoadBalancer.
    pub load_balancers: usize,
    pub volume_claims: usize,
}

/// What a state store holds of one cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub store: StateStore,
    /// What the cluster's objects begin with; ends with a slash.
    pub prefix: String,
    /// The cluster's configuration is there: kOps knows the cluster.
    pub configured: bool,
    /// Objects that a plain listing shows.
    pub current: usize,
    /// All versions and deletion marks.
    pub versions: usize,
    pub bytes: u64,
    /// The first of the objects that aren't this cluster's.
    pub others: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub cluster: DnsName,
    pub state_store: StateStore,
    pub delete_state_store: bool,
}

pub fn plan(subject: &Subject, wanted: &Wanted) -> Plan {
    let cleanup = cleanup::plan(&subject.remains, &cleanup::Wanted { cluster: wanted.cluster.clone(), purge_packages: false });
    let mut plan = Plan { changes: applications(subject), notes: cleanup.notes };
    plan.changes.extend(cleanup.changes);
    cluster(subject, wanted, &mut plan);
    for repository in &subject.repositories {
        let (images, bytes) = (repository.whole().len(), repository.bytes());
        plan.changes.push(Change::Images(ImagesChange::DeleteRepository { repository: repository.name.clone(), images, bytes }));
    }
    if let Some(stored) = &subject.stored {
        state_store(stored, wanted, &mut plan);
    }
    plan.changes.extend(subject.files.iter().cloned().map(TeardownChange::File).map(Change::Teardown));
    let kubeconfigs = subject.kubeconfigs.iter().cloned();
    let forget = kubeconfigs.map(|(path, entries)| TeardownChange::Kubeconfig { path, cluster: wanted.cluster.clone(), entries });
    plan.changes.extend(forget.map(Change::Teardown));
    // Stable: within a lane the order is that of dependence.
    plan.changes.sort_by_key(|change| LANES.iter().position(|lane| *lane == change.lane()));
    plan
}

fn applications(subject: &Subject) -> Vec<Change> {
    let applications = subject.applications.iter().flatten();
    let delete = applications.map(|application| TeardownChange::Namespace {
        namespace: application.namespace.clone(),
        load_balancers: application.load_balancers,
        volume_claims: application.volume_claims,
    });
    delete.map(Change::Teardown).collect()
}

fn cluster(subject: &Subject, wanted: &Wanted, plan: &mut Plan) {
    let cluster = &wanted.cluster;
    let is_ours = |tagged: &&Tagged| subject.remains.groups.iter().any(|group| group.id.as_str() == tagged.id);
    let tagged: Vec<_> = subject.tagged.iter().filter(|tagged| !is_ours(tagged)).collect();
    if subject.is_configured() {
        let records = subject.remains.zones.iter().flat_map(|zone| &zone.records).filter(|record| is_of_kops(record, cluster)).count();
        plan.changes.push(Change::Teardown(TeardownChange::Cluster {
            cluster: cluster.clone(),
            state_store: wanted.state_store.clone(),
            with: inventory(&tagged, cluster_records(records)),
        }));
        return;
    }
    let left = inventory(&tagged, None);
    if left.is_empty() {
        plan.notes.push(Note::info(format!("kOps has nothing to delete: {cluster} isn't in {}", wanted.state_store)));
    } else {
        plan.notes.push(Note::warning(format!(
            "kOps can't delete {}: {cluster} isn't in {}; if it is kept elsewhere, name that with --state-store",
            left.join(", "),
            wanted.state_store
        )));
    }
}

fn cluster_records(count: usize) -> Option<String> {
    (count > 0).then(|| counted(count, "DNS record"))
}

/// `1 instance`, `2 volumes`, …: what goes with the cluster, the things with a price first.
fn inventory(tagged: &[&Tagged], more: Option<String>) -> Vec<String> {
    let mut kinds: BTreeMap<(u8, String), usize> = BTreeMap::new();
    for thing in tagged {
        let (rank, kind) = match &thing.kind {
            TaggedKind::Instance { .. } => (0, "instance".to_owned()),
            TaggedKind::Volume { .. } => (1, "volume".to_owned()),
            TaggedKind::LoadBalancer => (2, "load balancer".to_owned()),
            TaggedKind::ScalingGroup => (3, "Auto Scaling group".to_owned()),
            TaggedKind::Role => (3, "IAM role".to_owned()),
            TaggedKind::InstanceProfile => (3, "instance profile".to_owned()),
            // Ours go by ourselves.
            TaggedKind::Other(kind) if kind == "elastic-ip" => continue,
            TaggedKind::Other(kind) => (3, kind.replace('-', " ")),
        };
        *kinds.entry((rank, kind)).or_default() += 1;
    }
    kinds.into_iter().map(|((_, kind), count)| counted(count, &kind)).chain(more).collect()
}

fn state_store(stored: &Stored, wanted: &Wanted, plan: &mut Plan) {
    let here = format!("s3://{}/{}", stored.store.bucket(), stored.prefix);
    if !wanted.delete_state_store {
        if stored.versions > 0 {
            plan.notes.push(Note::info(format!(
                "{} of the cluster's state stay in {here} ({}): --delete-state-store deletes them, too",
                counted(stored.versions, "version"),
                size(stored.bytes)
            )));
        }
        return;
    }
    if stored.versions > 0 || stored.configured {
        plan.changes.push(Change::Teardown(TeardownChange::State {
            store: stored.store.clone(),
            prefix: stored.prefix.clone(),
            versions: stored.versions,
            bytes: stored.bytes,
        }));
    }
    match &stored.others {
        Some(other) => {
            plan.notes.push(Note::info(format!("bucket {} stays: others keep things in it, such as {other}", stored.store.bucket())))
        }
        None => plan.changes.push(Change::Teardown(TeardownChange::Bucket { store: stored.store.clone() })),
    }
}
