//! What a policy keeps from happening, and what isn't needed where there is another way.

use super::{CASE, Case, without};
use crate::support::{CLUSTER, Lab};

#[test]
fn looking_at_the_quota_needs_no_right_to_ask_for_more() {
    let lab = Lab::default();
    let case = Case { command: "quota", way: &[], arguments: &[], ..CASE };
    let mut policy = case.policy(&lab);
    for action in ["servicequotas:RequestServiceQuotaIncrease", "servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota"] {
        policy = without(&policy, action);
    }
    let ended = case.run(&lab, &policy).expect(0);
    assert!(ended.stdout.contains("can't be read") && ended.stdout.contains("2 of 5"), "{ended:?}");
}

#[test]
fn the_policy_lets_an_address_be_adopted_but_not_taken_from_another_cluster() {
    let lab = Lab::reset("free", "fresh");
    let case = Case { command: "setup-secondary-ip", arguments: &["--yes", "--reuse-eip", "first"], ..CASE };
    let policy = case.policy(&lab);
    let ended = case.run(&lab, &policy).expect(0);
    assert!(ended.stderr.contains("adopt"), "{ended:?}");
    // The same policy for another cluster: nothing of ours may be tagged or moved.
    let ours = format!("k8sport:cluster\":\"{CLUSTER}");
    let other = policy.to_string().replace(&ours, "k8sport:cluster\":\"other.example.com");
    assert!(!other.contains(&ours));
    lab.seed("own-tag");
    lab.forget_calls();
    let ended = case.run(&lab, &serde_json::from_str(&other).expect("JSON")).expect(1);
    assert!(ended.stderr.contains("is not allowed"), "{ended:?}");
    let own = |lab: &Lab| {
        lab.account()["addresses"].as_array().expect("addresses").iter().find(|a| a["tags"]["k8sport:cluster"] == CLUSTER).cloned()
    };
    assert!(own(&lab).is_some_and(|address| address["eni"].is_null()), "it is still idle");
}

#[test]
fn the_console_is_not_needed_where_the_host_key_is_trusted_otherwise() {
    let lab = Lab::default();
    let case = Case { command: "bootstrap", arguments: &["--yes", "--accept-new-host-key"], ..CASE };
    case.run(&lab, &without(&case.policy(&lab), "ec2:GetConsoleOutput")).expect(0);
}

#[test]
fn a_record_that_the_policy_does_not_name_is_not_written() {
    let lab = Lab::default();
    let host = ["--host", "app.example.com"];
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes"]).expect(0);
    let with_host = Case { command: "update-dns", arguments: &["--yes", "--host", "app.example.com"], ..CASE };
    let ended = with_host.run(&lab, &with_host.policy(&lab)).expect(1);
    assert!(ended.stderr.contains("route53:ChangeResourceRecordSets"), "{ended:?}");
    let policy = lab.k8sport(&[&["iam-policy", "update-dns", "--cluster", CLUSTER], &host[..]].concat()).expect(0).json();
    with_host.run(&lab, &policy).expect(0);
}

#[test]
fn another_account_is_refused_before_anything_else_is_read() {
    let lab = Lab::default();
    for command in [&["bootstrap", "--cluster", CLUSTER, "--yes"][..], &["quota"], &["iam-policy", "--cluster", CLUSTER]] {
        lab.forget_calls();
        let ended = lab.k8sport(&[command, &["--account", "210987654321"]].concat()).expect(4);
        assert!(ended.stderr.contains("123456789012") && ended.stderr.contains("210987654321"), "{ended:?}");
        assert_eq!(lab.calls(), ["sts.GetCallerIdentity"]);
    }
    let settings = lab.home().join("pinned.toml");
    std::fs::write(&settings, format!("account = '210987654321'\ncluster = '{CLUSTER}'\n")).expect("a file");
    let settings = settings.to_str().expect("UTF-8");
    lab.k8sport(&["bootstrap", "--yes", "--config", settings]).expect(4);
    lab.k8sport(&["bootstrap", "--yes", "--dry-run", "--config", settings, "--account", "123456789012"]).expect(0);
}

#[test]
fn without_credentials_the_policy_is_made_from_what_was_said() {
    let lab = Lab::default();
    let by_hand = lab
        .k8sport_with(
            &["AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY="],
            &[
                "iam-policy",
                "--cluster",
                CLUSTER,
                "--account",
                "123456789012",
                "--zone",
                "example.com",
                "--zone-id",
                "Z02PUBLICEXAMPLECOM",
                "--region",
                "eu-central-1",
            ],
        )
        .expect(0);
    assert_eq!(lab.calls(), Vec::<String>::new());
    assert_eq!(by_hand.stderr, "");
    assert_eq!(lab.k8sport(&["iam-policy", "--cluster", CLUSTER]).expect(0).json(), by_hand.json());
}
