use proptest::prelude::*;

use super::*;
use crate::plan::observed::AwsState;
use crate::plan::tests::properties::{build, kinds};
use crate::plan::tests::{account, associate, context, dns_state, free, ip, name, record};

fn remains(state: &AwsState) -> Remains {
    Remains {
        account: state.account.clone(),
        instance: Some(state.instance.clone()),
        elastic_ips: state.elastic_ips.clone(),
        quota: state.quota,
        interfaces: vec![state.instance.eni.clone()],
        groups: Vec::new(),
        zones: vec![dns_state(vec![record("www.example.com", "A", 300, &["192.0.2.80"])])],
        node: None,
        cluster: None,
    }
}

fn stored(configured: bool, others: Option<&str>) -> Stored {
    Stored {
        store: "s3://kops-state".parse().expect("a state store"),
        prefix: "c02.example.com/".to_owned(),
        configured,
        current: 3,
        versions: 7,
        bytes: 12_345,
        others: others.map(str::to_owned),
    }
}

fn tagged(id: &str, kind: TaggedKind) -> Tagged {
    Tagged { id: id.to_owned(), kind }
}

fn subject(state: &AwsState) -> Subject {
    Subject {
        remains: remains(state),
        applications: Some(vec![Application { namespace: "shop".to_owned(), load_balancers: 1, volume_claims: 2 }]),
        tagged: vec![
            tagged("i-1", TaggedKind::Instance { instance_type: "t4g.medium".to_owned(), state: "running".to_owned() }),
            tagged("vol-1", TaggedKind::Volume { gib: 20 }),
            tagged("vol-2", TaggedKind::Volume { gib: 20 }),
            tagged("vpc-1", TaggedKind::Other("vpc".to_owned())),
        ],
        stored: Some(stored(true, Some("other.example.com/config"))),
        repositories: vec![],
        files: vec![LocalFile { path: "/home/me/.ssh/kops-key".into(), kind: LocalKind::SshKey }],
        kubeconfigs: vec![("/home/me/.kube/config".into(), vec![Entry::Cluster, Entry::User])],
    }
}

fn wanted(delete_state_store: bool) -> Wanted {
    Wanted { cluster: name("c02.example.com"), state_store: "s3://kops-state".parse().expect("a state store"), delete_state_store }
}

fn lines(plan: &Plan) -> Vec<String> {
    plan.changes.iter().map(|change| change.summary().sentence()).collect()
}

#[test]
fn applications_first_then_ours_then_kops_then_the_address_then_the_state() {
    let mut state = account();
    let ours = [("k8sport:cluster", "c02.example.com"), ("k8sport:ownership", "owned"), ("k8sport:private-ip", "172.20.63.254")];
    associate(&mut state, free(101, &ours), ip("172.20.63.254"));
    let plan = plan(&subject(&state), &wanted(true));
    insta::assert_snapshot!(lines(&plan).join("\n"), @r"
    namespace shop with 1 load balancer, 2 volume claims
    association 198.18.77.101 -> 172.20.63.254
    private IP 172.20.63.254 from eni-0000000000000000a
    cluster kops delete cluster c02.example.com --state s3://kops-state
    Elastic IP release 198.18.77.101 (eipalloc-00000000000000065)
    state s3://kops-state/c02.example.com/, 7 versions, 13 kB
    file /home/me/.ssh/kops-key, the SSH key that bootstrap made; other clusters may use it
    kubeconfig c02.example.com in /home/me/.kube/config: cluster, user
    ");
    let kops = plan.changes.iter().find(|change| change.lane() == Lane::ClusterDeletion).expect("kOps");
    assert!(kops.summary().detail.ends_with("1 instance, 2 volumes, 1 vpc, 1 DNS record"), "{:?}", kops.summary());
}

#[test]
fn a_bucket_with_another_cluster_s_state_stays() {
    let state = account();
    let buckets = |others: Option<&str>, delete| {
        let subject = Subject { stored: Some(stored(false, others)), ..subject(&state) };
        lines(&plan(&subject, &wanted(delete))).into_iter().filter(|line| line.starts_with("bucket") || line.starts_with("state")).count()
    };
    assert_eq!((buckets(Some("other.example.com/config"), true), buckets(None, true), buckets(None, false)), (1, 2, 0));
}

#[test]
fn without_its_configuration_kops_is_not_asked() {
    let state = account();
    let gone = Subject {
        stored: Some(stored(false, None)),
        tagged: vec![],
        applications: None,
        files: vec![],
        kubeconfigs: vec![],
        ..subject(&state)
    };
    assert_eq!(lines(&plan(&gone, &wanted(false))), Vec::<String>::new());
    let elsewhere = plan(&Subject { stored: None, ..subject(&state) }, &wanted(false));
    assert!(elsewhere.notes.iter().any(|note| note.text.contains("--state")), "{elsewhere:?}");
}

proptest! {
    #[test]
    fn it_names_only_what_is_the_cluster_s(kinds in kinds(), pods in 0_u8..4, configured in any::<bool>(), delete in any::<bool>()) {
        let state = build(&kinds, None, pods);
        let subject = Subject { stored: Some(stored(configured, Some("other.example.com/config"))), ..subject(&state) };
        let plan = plan(&subject, &wanted(delete));
        let order: Vec<_> = plan.changes.iter().map(|change| LANES.iter().position(|lane| *lane == change.lane())).collect();
        prop_assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{:?}", order);
        for change in &plan.changes {
            match change {
                Change::ReleaseElasticIp { allocation_id, .. } => {
                    let address = state.elastic_ips.iter().find(|address| address.allocation_id == *allocation_id).expect("an address");
                    prop_assert!(address.is_for(&context().cluster) && address.is_owned());
                }
                Change::GiveBackElasticIp { public_ip, .. } | Change::DisassociateElasticIp { public_ip, .. } => {
                    let address = state.elastic_ips.iter().find(|address| address.public_ip == *public_ip).expect("an address");
                    prop_assert!(address.is_for(&context().cluster));
                }
                Change::Teardown(TeardownChange::State { prefix, .. }) => prop_assert_eq!(prefix, "c02.example.com/"),
                Change::Teardown(TeardownChange::Bucket { .. }) => prop_assert!(false, "somebody else's things are in it"),
                _ => {}
            }
        }
    }
}
