//! Cleanup: what k8sport made goes without a trace, what it found stays, and nothing else is touched.

use crate::support::{CLUSTER, Lab, assert_same_node};

const BOOTSTRAP: [&str; 4] = ["bootstrap", "--cluster", CLUSTER, "--yes"];
const CLEANUP: [&str; 4] = ["cleanup", "--cluster", CLUSTER, "--yes"];

/// Account and node before set-up and after cleanup are the same, to the last file, rule and record.
fn leaves_no_residue(aws: &str, node: &str) {
    let lab = Lab::reset(aws, node);
    let (account, state) = (lab.account(), lab.node_state());
    lab.k8sport(&BOOTSTRAP).expect(0);
    assert_ne!(lab.account(), account);
    lab.k8sport(&[&CLEANUP[..], &["--purge-packages"]].concat()).expect(0);
    assert_eq!(lab.account(), account);
    assert_same_node(&state, &lab.node_state(), "after cleanup");
    lab.forget_calls();
    let again = lab.k8sport(&[&CLEANUP[..], &["--output", "json"]].concat()).expect(0).json();
    assert_eq!(again["outcome"], "unchanged", "{again}");
    assert_eq!(lab.mutating_calls(), Vec::<String>::new());
}

#[test]
fn no_residue() {
    leaves_no_residue("default", "fresh");
}

#[test]
fn no_residue_where_packages_were_installed() {
    leaves_no_residue("default", "bare");
}

#[test]
fn no_residue_with_an_adopted_address() {
    leaves_no_residue("full-free", "fresh");
}

#[test]
fn without_a_second_address_there_is_a_group_and_a_record_to_remove() {
    let lab = Lab::default();
    let (account, state) = (lab.account(), lab.node_state());
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes", "--no-secondary-ip"]).expect(0);
    lab.k8sport(&CLEANUP).expect(0);
    assert_eq!(lab.account(), account);
    assert_same_node(&state, &lab.node_state(), "after cleanup");
}

/// What somebody may do by hand.
const RELEASE: &str = "\
for address in ec2.describe_addresses()['Addresses']:
    if any(tag['Key'] == 'k8sport:cluster' for tag in address.get('Tags', [])):
        ec2.disassociate_address(AssociationId=address['AssociationId'])
        ec2.release_address(AllocationId=address['AllocationId'])";

/// A private IP has no tags, so that it is ours stands on the Elastic IP alone.
#[test]
fn an_elastic_ip_that_somebody_released_leaves_a_private_ip_that_is_used_again_and_told_of() {
    let lab = Lab::default();
    lab.k8sport(&BOOTSTRAP).expect(0);
    let private_ips = || {
        let interfaces = lab.account()["interfaces"].as_array().expect("interfaces").clone();
        let addresses = interfaces.iter().flat_map(|eni| eni["addresses"].as_array().expect("addresses").clone());
        addresses.map(|address| address["private"].to_string()).collect::<Vec<_>>()
    };
    let before = private_ips();
    lab.meanwhile(RELEASE);
    // The record leads to an address that is anybody's now.
    let again = lab.k8sport(&BOOTSTRAP).expect(0);
    assert!(again.stderr.contains("is used again"), "{again:?}");
    lab.meanwhile(RELEASE);
    assert_eq!(private_ips(), before);
    let cleaned = lab.k8sport(&CLEANUP).expect(0);
    for expected in ["unassign-private-ip-addresses", "may be anybody's by now: *.example.com"] {
        assert!(cleaned.stderr.contains(expected), "{expected:?} is missing: {cleaned:?}");
    }
}

/// Step by step: what sets up the node knows the address of before, and the step after it has to know it, too.
#[test]
fn an_address_of_ours_that_somebody_released_is_never_put_back() {
    let lab = Lab::default();
    lab.k8sport(&BOOTSTRAP).expect(0);
    lab.meanwhile(RELEASE);
    for step in ["setup-secondary-ip", "update-dns"] {
        lab.k8sport(&[step, "--cluster", CLUSTER, "--yes"]).expect(0);
    }
    let cleaned = lab.k8sport(&CLEANUP).expect(0);
    assert!(cleaned.stderr.contains("could not be remembered"), "{cleaned:?}");
    assert!(!resolves(&lab), "the wildcard is gone");
}

#[test]
fn a_dry_run_shows_the_plan_the_savings_and_what_stays() {
    let lab = Lab::default();
    lab.k8sport(&BOOTSTRAP).expect(0);
    let account = lab.account();
    lab.forget_calls();
    let planned = lab.k8sport(&["cleanup", "--cluster", CLUSTER, "--dry-run"]).expect(0);
    insta::assert_snapshot!("cleanup-dry-run", planned.transcript());
    lab.k8sport(&["cleanup", "--cluster", CLUSTER, "--dry-run", "--exit-code"]).expect(5);
    assert_eq!(lab.mutating_calls(), Vec::<String>::new());
    assert_eq!(lab.account(), account);
    lab.forget_calls();
    let done = lab.k8sport(&[&CLEANUP[..], &["--quiet"]].concat()).expect(0);
    insta::assert_snapshot!("cleanup", done.transcript());
    // For the plan, before the address goes, and for what is left.
    let zones = lab.calls_in_order().iter().filter(|call| call["action"] == "ListHostedZones").count();
    assert_eq!(zones, 3);
}

#[test]
fn what_the_scripts_had_set_up_is_given_back() {
    let lab = Lab::reset("bash", "bash");
    let account = lab.account();
    lab.k8sport(&BOOTSTRAP).expect(0);
    lab.k8sport(&CLEANUP).expect(0);
    assert_eq!(lab.account(), account, "the address stays associated, the record gets its old TTL back");
}

#[test]
fn a_run_that_stopped_anywhere_is_cleaned_up() {
    for action in [
        "AssignPrivateIpAddresses",
        "AssociateAddress",
        "AuthorizeSecurityGroupIngress",
        "ModifyNetworkInterfaceAttribute",
        "ChangeResourceRecordSets",
    ] {
        let lab = Lab::default();
        let (account, state) = (lab.account(), lab.node_state());
        lab.fault(&format!(r#"{{"action":"{action}","kind":"error","code":"InternalFailure","status":400,"times":1}}"#));
        lab.k8sport(&BOOTSTRAP).expect(1);
        lab.k8sport(&CLEANUP).expect(0);
        assert_eq!(lab.account(), account, "after {action} failed");
        assert_same_node(&state, &lab.node_state(), action);
    }
}

#[test]
fn the_node_is_gone() {
    let lab = Lab::default();
    lab.k8sport(&BOOTSTRAP).expect(0);
    lab.meanwhile(
        "found = ec2.describe_instances(Filters=[{'Name': 'tag:KubernetesCluster', 'Values': ['c02.example.com']}])\n\
         ec2.terminate_instances(InstanceIds=[i['InstanceId'] for r in found['Reservations'] for i in r['Instances']])",
    );
    let ended = lab.k8sport(&CLEANUP).expect(0);
    assert!(ended.stderr.contains("the cluster's node is gone"), "{ended:?}");
    let account = lab.account().to_string();
    assert!(!account.contains("k8sport"), "{account}");
    assert!(!resolves(&lab), "the wildcard is gone");
    lab.k8sport(&CLEANUP).expect(0);
}

/// In the wrong region or with a typo it would look as if all was gone, and cost money.
#[test]
fn a_name_that_nothing_has_is_a_mistake_and_one_that_is_gone_is_none() {
    let lab = Lab::default();
    let account = lab.account();
    let teardown = |name: &'static str| ["teardown", "--cluster", name, "--confirm", name, "--state-store", "s3://example-com-kops-state"];
    for mistaken in [&["cleanup", "--cluster", "c20.example.com", "--yes"][..], &teardown("c20.example.com")] {
        for more in [&[][..], &["--dry-run"]] {
            let ended = lab.k8sport(&[mistaken, more].concat()).expect(1);
            for expected in
                ["there is nothing of cluster c20.example.com in eu-central-1", "are: c02.example.com, ha.example.com, other.example.org"]
            {
                assert!(ended.stderr.contains(expected), "{expected:?} is missing: {ended:?}");
            }
        }
    }
    let elsewhere = lab.k8sport(&[&CLEANUP[..], &["--region", "us-east-1"]].concat()).expect(1);
    assert!(elsewhere.stderr.contains("there is no kOps cluster in us-east-1"), "{elsewhere:?}");
    lab.k8sport(&["cleanup", "--cluster", "gone.example.com", "--yes"]).expect(0);
    let several = lab.k8sport(&["cleanup", "--cluster", "ha.example.com", "--yes"]).expect(0);
    assert!(several.stderr.contains("2 control-plane nodes") && !several.stderr.contains("is gone"), "{several:?}");
    assert_eq!(lab.account(), account);
}

fn resolves(lab: &Lab) -> bool {
    lab.operator(&["getent", "hosts", "anything.example.com"]).code == 0
}

#[test]
fn the_node_can_not_be_reached() {
    let lab = Lab::default();
    let account = lab.account();
    lab.k8sport(&BOOTSTRAP).expect(0);
    let unreachable = ["--ssh-host", "198.18.77.250"];
    let ended = lab.k8sport(&[&CLEANUP[..], &unreachable].concat()).expect(1);
    assert!(ended.stderr.contains("--skip-node"), "{ended:?}");
    lab.k8sport(&[&CLEANUP[..], &unreachable, &["--skip-node"]].concat()).expect(0);
    assert_eq!(lab.account(), account);
}

#[test]
fn an_address_that_a_name_leads_to_is_kept_until_the_name_is_gone() {
    let lab = Lab::default();
    let account = lab.account();
    let done = lab.k8sport(&[&BOOTSTRAP[..], &["--output", "json"]].concat()).expect(0).json();
    let public = done["access"]["elastic_ip"].as_str().expect("an address").to_owned();
    let change = |action: &str| {
        lab.meanwhile(&format!(
            "route53.change_resource_record_sets(HostedZoneId='Z02PUBLICEXAMPLECOM', ChangeBatch={{'Changes': [{{'Action': '{action}', \
             'ResourceRecordSet': {{'Name': 'legacy.example.com', 'Type': 'A', 'TTL': 300, 'ResourceRecords': [{{'Value': '{public}'}}]}}}}]}})"
        ))
    };
    change("CREATE");
    let ended = lab.k8sport(&CLEANUP).expect(0);
    assert!(ended.stderr.contains("legacy.example.com"), "{ended:?}");
    assert!(lab.account()["addresses"].to_string().contains(&public));
    change("DELETE");
    lab.k8sport(&CLEANUP).expect(0);
    assert_eq!(lab.account(), account);
}

#[test]
fn without_a_terminal_it_needs_yes() {
    let lab = Lab::default();
    lab.k8sport(&BOOTSTRAP).expect(0);
    let account = lab.account();
    lab.k8sport(&["cleanup", "--cluster", CLUSTER]).expect(4);
    assert_eq!(lab.account(), account);
    lab.k8sport(&["cleanup", "--cluster", CLUSTER, "--force"]).expect(0);
}

#[test]
fn a_yes_to_one_group_is_no_yes_to_the_next() {
    let lab = Lab::default();
    lab.k8sport(&BOOTSTRAP).expect(0);
    let mut terminal = lab.terminal(&["cleanup", "--cluster", CLUSTER]);
    for (question, answer) in [
        ("Put these DNS records back?", "y"),
        ("Take k8sport off the node?", "n"),
        ("Remove the association and the private IP?", "n"),
        ("Remove the security group?", "y"),
    ] {
        terminal.exp_string(question).expect(question);
        terminal.send(answer).expect("an answer");
        terminal.flush().expect("an answer");
    }
    terminal.exp_string("Left out: ").expect("what is still there");
    terminal.exp_string("the Elastic IP stays, since it is still associated").expect("why");
    terminal.exp_eof().expect("the end");
    let account = lab.account().to_string();
    assert!(!resolves(&lab) && !account.contains("k8sport.c02.example.com"), "{account}");
    assert!(account.contains("k8sport:cluster"), "the Elastic IP is still ours: {account}");
    assert!(lab.node("ls /etc/k8sport").contains("haproxy.cfg"));
}

#[test]
fn without_the_records_the_address_is_not_even_asked_about() {
    let lab = Lab::default();
    lab.k8sport(&BOOTSTRAP).expect(0);
    let account = lab.account();
    let mut terminal = lab.terminal(&["cleanup", "--cluster", CLUSTER]);
    for question in ["Put these DNS records back?", "Take k8sport off the node?", "Remove the security group?"] {
        terminal.exp_string(question).expect(question);
        terminal.send("n").expect("an answer");
        terminal.flush().expect("an answer");
    }
    terminal.exp_string("not confirmed").expect("a refusal, as of every command");
    terminal.exp_eof().expect("the end");
    assert_eq!(lab.account(), account);
}

#[test]
fn an_old_variable_for_records_is_no_yes_to_cleanup() {
    let lab = Lab::default();
    lab.k8sport(&BOOTSTRAP).expect(0);
    let account = lab.account();
    lab.k8sport_with(&["K8SPORT_FORCE=1"], &["cleanup", "--cluster", CLUSTER]).expect(4);
    assert_eq!(lab.account(), account);
}

#[test]
fn free_addresses_of_others_are_released_only_by_typing_them() {
    let lab = Lab::reset("free", "fresh");
    let account = lab.account();
    let ended = lab.k8sport(&[&CLEANUP[..], &["--force", "--release-unassociated"]].concat()).expect(4);
    assert!(ended.stderr.contains("terminal"), "{ended:?}");
    assert_eq!(lab.account(), account);

    let free: Vec<_> = account["addresses"].as_array().expect("addresses").iter().filter(|a| a["eni"].is_null()).cloned().collect();
    assert_eq!(free.len(), 2, "one tagged, one untagged");
    let mut terminal = lab.terminal(&[&CLEANUP[..], &["--release-unassociated"]].concat());
    for address in &free {
        let public = address["public"].as_str().expect("an address");
        terminal.exp_string("Type the address to release it").expect("a question");
        let typed = if address["tags"] == serde_json::json!({}) { public } else { "yes" };
        terminal.send_line(typed).expect("an answer");
    }
    terminal.exp_eof().expect("the end");
    let left = lab.account();
    let left = left["addresses"].as_array().expect("addresses");
    assert_eq!(left.len(), account["addresses"].as_array().expect("addresses").len() - 1);
    assert!(left.iter().any(|a| a["tags"]["owner"] == "other-team"));
}
