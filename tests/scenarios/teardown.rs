//! The whole cluster goes, and nothing else: finished at once, in pieces, or after a failure half way.

mod killed;
mod left;
mod local;
mod service;

use serde_json::Value;

use crate::support::{CLUSTER, Ended, Lab, assert_same_node as assert_same_lines};

const STATE: &str = "s3://example-com-kops-state";
const TEARDOWN: [&str; 7] = ["teardown", "--cluster", CLUSTER, "--state-store", STATE, "--confirm", CLUSTER];

/// Python: a versioned state store with another cluster's state in it, and a VPC that is the cluster's alone.
const PREPARE: &str = "
s3 = boto3.client('s3')
s3.create_bucket(Bucket='example-com-kops-state', CreateBucketConfiguration={'LocationConstraint': 'eu-central-1'})
s3.put_bucket_versioning(Bucket='example-com-kops-state', VersioningConfiguration={'Status': 'Enabled'})
for key in ('other.example.org/config', 'c02.example.com.au/config', 'c02.example.community/config'):
    s3.put_object(Bucket='example-com-kops-state', Key=key, Body=b'theirs')
for version in (b'old', b'new'):
    s3.put_object(Bucket='example-com-kops-state', Key='c02.example.com/cluster.spec', Body=version)
others = [{'Name': 'tag:KubernetesCluster', 'Values': ['ha.example.com', 'gone.example.com']}]
running = [{'Name': 'instance-state-name', 'Values': ['running']}]
found = ec2.describe_instances(Filters=others + running)['Reservations']
ec2.terminate_instances(InstanceIds=[i['InstanceId'] for r in found for i in r['Instances']])
for group in ec2.describe_security_groups(Filters=others)['SecurityGroups']:
    ec2.delete_security_group(GroupId=group['GroupId'])
owned = [{'Key': 'KubernetesCluster', 'Value': 'c02.example.com'}, {'Key': 'kubernetes.io/cluster/c02.example.com', 'Value': 'owned'}]
theirs = [{'Key': 'KubernetesCluster', 'Value': 'other.example.org'}, {'Key': 'kubernetes.io/cluster/other.example.org', 'Value': 'owned'}]
for size, tags in ((20, owned), (30, theirs)):
    ec2.create_volume(Size=size, AvailabilityZone='eu-central-1a', TagSpecifications=[{'ResourceType': 'volume', 'Tags': tags}])
";

/// A cluster with k8sport on it, known to kOps.
fn prepared() -> Lab {
    prepare(Lab::default())
}

fn prepare(lab: Lab) -> Lab {
    known_to_kops(&lab);
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes"]).expect(0);
    lab
}

fn known_to_kops(lab: &Lab) {
    lab.meanwhile(PREPARE);
    lab.operator(&["kops", "lab-register", "--name", CLUSTER, "--state", STATE]).expect(0);
}

fn teardown(lab: &Lab, more: &[&str]) -> Ended {
    lab.k8sport(&[&TEARDOWN[..], &["--skip-applications"], more].concat())
}

/// What of the account isn't the cluster's: it has to be the same before and after.
fn of_others(account: &Value) -> String {
    let foreign = |list: &str, keep: &dyn Fn(&Value) -> bool| -> Vec<Value> {
        account[list].as_array().expect(list).iter().filter(|item| keep(item)).cloned().collect()
    };
    let untagged = |item: &Value| !item["tags"].to_string().contains(CLUSTER);
    let addresses = foreign("addresses", &untagged);
    let instances = foreign("instances", &untagged);
    let groups = foreign("groups", &|group| group["name"] != "default" && untagged(group));
    // The node's own disk has no tags in the lab.
    let volumes = foreign("volumes", &|volume| volume["tags"] != serde_json::json!({}) && untagged(volume));
    let records: Vec<_> = account["zones"]
        .as_array()
        .expect("zones")
        .iter()
        .flat_map(|zone| zone["records"].as_array().expect("records"))
        .filter(|record| {
            let name = record["name"].as_str().unwrap_or_default();
            !name.contains(&format!("{CLUSTER}.")) && !name.contains('*') && !name.contains("052")
        })
        .collect();
    let state: Vec<_> = foreign("buckets", &|_| true)
        .iter()
        .flat_map(|bucket| bucket["versions"].as_object().expect("versions").clone())
        .filter(|(key, _)| !key.starts_with("c02.example.com/"))
        .collect();
    let all = [addresses, instances, groups, volumes].concat().into_iter().map(|item| item.to_string());
    let all = all.chain(records.into_iter().map(Value::to_string)).chain(state.into_iter().map(|(key, count)| format!("{key} {count}")));
    all.chain([account["repositories"].to_string()]).collect::<Vec<_>>().join("\n")
}

/// Nothing carries the cluster's name any more, but instances that EC2 still lists as terminated.
fn assert_gone(lab: &Lab) {
    let mut account = lab.account();
    account["instances"].as_array_mut().expect("instances").retain(|instance| instance["state"] != "terminated");
    account.as_object_mut().expect("an account").remove("buckets");
    let text = account.to_string();
    assert!(!text.contains("k8sport:"), "{text}");
    assert!(!text.contains("c02.example.com\"") && !text.contains("c02.example.com."), "{text}");
    assert!(lab.operator(&["getent", "hosts", "anything.example.com"]).code != 0, "the wildcard is gone");
}

#[test]
fn all_of_it_goes_and_all_else_stays() {
    let lab = prepared();
    let others = of_others(&lab.account());
    lab.forget_calls();
    let planned = lab.k8sport(&[&TEARDOWN[..5], &["--skip-applications", "--dry-run"]].concat()).expect(0);
    insta::assert_snapshot!("teardown-dry-run", planned.transcript());
    // Neither nothing nor --yes confirms it, and another cluster's name doesn't either.
    for arguments in [&[][..], &["--yes"], &["--yes", "--confirm", "c03.example.com"]] {
        let ended = lab.k8sport(&[&TEARDOWN[..5], &["--skip-applications"], arguments].concat()).expect(4);
        assert!(ended.stderr.contains("--confirm c02.example.com"), "{ended:?}");
    }
    // What runs on the cluster can't be asked for: that needs a word of its own.
    let ended = lab.k8sport(&TEARDOWN).expect(4);
    assert!(ended.stderr.contains("--skip-applications"), "{ended:?}");
    // With a typo in the state store all but the cluster would go.
    let elsewhere =
        lab.k8sport(&[&TEARDOWN[..3], &["--state-store", "s3://example-com-other-state", "--skip-applications"], &TEARDOWN[5..]].concat());
    assert!(elsewhere.expect(4).stderr.contains("kOps can't delete c02.example.com: it isn't in s3://example-com-other-state"));
    assert_eq!(lab.mutating_calls(), Vec::<String>::new());
    let done = teardown(&lab, &["--quiet"]).expect(0);
    insta::assert_snapshot!("teardown", done.transcript());
    assert_gone(&lab);
    assert_same_lines(&others, &of_others(&lab.account()), "what others have");
    lab.forget_calls();
    // The state store from the settings file.
    let settings = lab.home().join("teardown.toml");
    std::fs::write(&settings, format!("state-store = '{STATE}'\n")).expect("a file");
    let named = ["--config", settings.to_str().expect("UTF-8"), "--output", "json"];
    let again = lab.k8sport(&[&TEARDOWN[..3], &TEARDOWN[5..], &["--skip-applications"], &named].concat()).expect(0).json();
    assert_eq!((again["outcome"].as_str(), again["residue"]["items"].as_array().map(Vec::len)), (Some("unchanged"), Some(0)), "{again}");
    assert_eq!(lab.mutating_calls(), Vec::<String>::new());
}

#[test]
fn applications_go_first_and_only_those_of_this_cluster() {
    let lab = prepare(Lab::with_api());
    lab.starts("namespace-controller");
    // A context of the cluster's name that leads elsewhere isn't believed, and neither is the current one of another name.
    let elsewhere = lab.home().join(".kube/elsewhere");
    let config = std::fs::read_to_string(lab.home().join(".kube/config")).expect("a kubeconfig");
    std::fs::write(&elsewhere, config.replace("https://api.c02.example.com", "https://other.example.org")).expect("a file");
    let elsewhere = elsewhere.to_str().expect("UTF-8");
    let ended = lab.k8sport(&[&TEARDOWN[..], &["--kubeconfig", elsewhere, "--dry-run"]].concat()).expect(0);
    assert!(ended.stdout.contains("isn't this cluster's API server") && !ended.stdout.contains("namespace   "), "{ended:?}");
    let planned = lab.k8sport(&[&TEARDOWN[..], &["--dry-run"]].concat()).expect(0);
    assert!(planned.stdout.contains("- namespace         apps") && !planned.stdout.contains("kube-system"), "{planned:?}");
    let done = lab.k8sport(&TEARDOWN).expect(0);
    let order: Vec<_> =
        ["namespace apps", "DNS record", "kops delete cluster", "Elastic IP release"].map(|step| done.stderr.rfind(step)).into();
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{done:?}");
    assert_gone(&lab);
}

#[test]
fn kops_that_fails_half_way_leaves_the_address_and_can_be_run_again() {
    let lab = prepared();
    let others = of_others(&lab.account());
    lab.fault(r#"{"action":"DescribeSubnets","kind":"error","code":"UnauthorizedOperation","status":403}"#);
    let ended = teardown(&lab, &[]).expect(1);
    assert!(ended.stderr.contains("kops delete cluster") && ended.stdout.contains("[failed]"), "{ended:?}");
    assert!(lab.account()["addresses"].to_string().contains("k8sport:cluster"), "the address is released after kOps");
    teardown(&lab, &[]).expect(0);
    assert_gone(&lab);
    assert_same_lines(&others, &of_others(&lab.account()), "what others have");
}

#[test]
fn it_needs_what_its_policy_says_besides_what_kops_needs() {
    let lab = prepared();
    // kOps has its own rights to ask for, so it is done by then.
    lab.fault(r#"{"action":"ReleaseAddress","kind":"error","code":"InternalFailure"}"#);
    teardown(&lab, &[]).expect(1);
    let policy = lab.k8sport(&["iam-policy", "teardown", "--cluster", CLUSTER]).expect(0).json();
    let all = ["--skip-applications", "--ecr-prefix", "shop/", "--delete-state-store", "--yes"];
    let run = |policy: &Value| {
        let keys = lab.enforce(policy);
        lab.k8sport_with(&keys.iter().map(String::as_str).collect::<Vec<_>>(), &[&TEARDOWN[..], &all].concat())
    };
    // What kOps has left.
    lab.meanwhile(
        "iam = boto3.client('iam')\n\
         tags = [{'Key': 'kubernetes.io/cluster/c02.example.com', 'Value': 'owned'}]\n\
         iam.create_role(RoleName='nodes.c02.example.com', AssumeRolePolicyDocument='{}', Tags=tags)\n\
         iam.create_instance_profile(InstanceProfileName='nodes.c02.example.com', Tags=tags)",
    );
    let reads = [
        "ec2:DescribeTags",
        "s3:ListBucketVersions",
        "tag:GetResources",
        "autoscaling:DescribeAutoScalingGroups",
        "iam:ListRoles",
        "iam:GetRole",
        "iam:ListInstanceProfiles",
        "iam:GetInstanceProfile",
    ];
    for action in reads.into_iter().chain(["ec2:ReleaseAddress", "ecr:DeleteRepository", "s3:DeleteObjectVersion"]) {
        let mut less = policy.clone();
        for statement in less["Statement"].as_array_mut().expect("statements") {
            statement["Action"].as_array_mut().expect("actions").retain(|there| there != action);
        }
        less["Statement"].as_array_mut().expect("statements").retain(|statement| statement["Action"] != serde_json::json!([]));
        let ended = run(&less).expect(1);
        assert!(ended.stderr.contains(action) && ended.stderr.contains("k8sport iam-policy teardown"), "without {action}: {ended:?}");
    }
    let left = run(&policy).expect(1);
    assert!(left.stdout.contains("role") && left.stderr.contains("2 things of c02.example.com still there"), "{left:?}");
    lab.meanwhile(
        "iam = boto3.client('iam')\n\
         iam.delete_role(RoleName='nodes.c02.example.com')\n\
         iam.delete_instance_profile(InstanceProfileName='nodes.c02.example.com')",
    );
    run(&policy).expect(0);
    assert_gone(&lab);
}

#[test]
fn at_a_terminal_the_name_is_typed_and_each_question_asked() {
    let lab = prepared();
    let account = lab.account();
    lab.operator(&["kops", "export", "kubeconfig", CLUSTER, "--state", STATE]).expect(0);
    let delete = ["--skip-applications", "--delete-state-store", "--delete-local-config"];
    let arguments = [&TEARDOWN[..5], &delete].concat();
    let mut terminal = lab.terminal(&arguments);
    terminal.exp_string("Type the cluster's name").expect("a question");
    terminal.send_line("y").expect("an answer");
    terminal.exp_string("not confirmed").expect("a refusal");
    terminal.exp_eof().expect("the end");
    assert_eq!(lab.account(), account);
    let mut terminal = lab.terminal(&arguments);
    terminal.exp_string("Type the cluster's name").expect("a question");
    terminal.send_line(CLUSTER).expect("an answer");
    terminal.exp_string("Delete the cluster's state for good").expect("a question");
    terminal.send("n").expect("an answer");
    terminal.flush().expect("an answer");
    terminal.exp_string("Delete these files of this machine").expect("a question");
    terminal.send("n").expect("an answer");
    terminal.flush().expect("an answer");
    terminal.exp_string("Take the cluster out of the kubeconfig").expect("a question");
    terminal.send("y").expect("an answer");
    terminal.flush().expect("an answer");
    terminal.exp_string("Nothing of the cluster is left").expect("done");
    terminal.exp_eof().expect("the end");
    assert_gone(&lab);
    assert!(lab.account()["buckets"].to_string().contains("c02.example.com/cluster.spec"), "old versions are kept");
    let pinned = std::fs::read_dir(lab.home().join(".local/state/k8sport/known_hosts")).expect("a folder").count();
    let kubeconfig = std::fs::read_to_string(lab.home().join(".kube/config")).expect("a file");
    assert!(pinned > 0 && !kubeconfig.contains(&format!("name: {CLUSTER}")), "{pinned} {kubeconfig}");
}
