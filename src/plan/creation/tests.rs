//! Whatever an earlier run has left, the plan is what is missing of it.

use proptest::prelude::*;

use super::*;

fn wanted() -> Wanted {
    Wanted {
        cluster: "c02.example.com".parse().expect("name"),
        region: "eu-central-1".to_owned(),
        state_store: "s3://example-com-state".parse().expect("bucket"),
        ssh_key: "/home/me/.ssh/kops-key".into(),
        specification: Specification { cluster: "cluster".to_owned(), instance_groups: "groups".to_owned() },
    }
}

fn steps(plan: &Plan) -> Vec<String> {
    plan.changes.iter().map(|change| change.summary().sentence()).collect()
}

#[test]
fn from_nothing_all_steps_are_in_order() {
    insta::assert_snapshot!(steps(&plan(&Begun { bucket: Bucket::Missing, ssh_key: false, registered: None }, &wanted())).join("\n"));
}

#[test]
fn a_bucket_with_something_in_it_is_never_changed() {
    for protected in [false, true] {
        let plan = plan(&Begun { bucket: Bucket::InUse { protected }, ssh_key: true, registered: None }, &wanted());
        assert!(!plan.changes.iter().any(|change| matches!(change, Change::Cluster(ClusterChange::CreateStateStore { .. }))));
        assert_eq!(plan.notes.len(), usize::from(!protected));
    }
}

#[test]
fn a_key_that_is_there_is_never_made_again() {
    let plan = plan(&Begun { bucket: Bucket::Missing, ssh_key: true, registered: None }, &wanted());
    assert!(!plan.changes.iter().any(|change| matches!(change, Change::Cluster(ClusterChange::CreateSshKey { .. }))));
}

/// The world after the changes up to and without `until`.
fn after(mut begun: Begun, changes: &[Change]) -> Begun {
    for change in changes {
        let Change::Cluster(change) = change else { unreachable!("{change:?}") };
        let registered = begun.registered.get_or_insert(Registered { instance_groups: false, ssh_public_key: false });
        match change {
            ClusterChange::RegisterInstanceGroups { .. } => registered.instance_groups = true,
            ClusterChange::RegisterSshKey { .. } => registered.ssh_public_key = true,
            ClusterChange::CreateStateStore { .. } => {
                begun.registered = None;
                begun.bucket = Bucket::Empty { protected: true };
            }
            ClusterChange::CreateSshKey { .. } => {
                begun.registered = None;
                begun.ssh_key = true;
            }
            ClusterChange::RegisterCluster { .. } => begun.bucket = Bucket::InUse { protected: true },
            ClusterChange::UpdateCluster { .. } => {}
        }
    }
    begun
}

proptest! {
    #[test]
    fn stopped_after_any_step_the_next_run_does_the_rest(stop in 0_usize..7) {
        let whole = plan(&Begun { bucket: Bucket::Missing, ssh_key: false, registered: None }, &wanted());
        let stop = stop.min(whole.changes.len());
        let done = &whole.changes[..stop];
        let begun = after(Begun { bucket: Bucket::Missing, ssh_key: false, registered: None }, done);
        let rest = plan(&begun, &wanted());
        // The update is repeated, since only an instance says that it has been.
        let expected = if stop == whole.changes.len() { stop - 1 } else { stop };
        prop_assert_eq!(rest.changes, whole.changes[expected..].to_vec());
    }
}
