//! Least privilege. Each command runs as a user with exactly the policy that `iam-policy` prints for it, and then with each
//! of its actions taken away in turn. The lab judges actions and resources with moto's policy engine and conditions by
//! itself (tests/lab/aws/README.md); what conditions are rendered is in the snapshots of `plan::policy`.

mod limits;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{CLUSTER, Ended, Lab};

pub struct Case {
    pub command: &'static str,
    pub profile: &'static str,
    /// With this profile.
    pub lab: fn(&str) -> Lab,
    pub environment: &'static [&'static str],
    /// Runs before, with all rights.
    pub before: &'static [&'static str],
    /// For the command and for its policy.
    pub way: &'static [&'static str],
    /// For the command alone.
    pub arguments: &'static [&'static str],
    /// Actions that this case has no use for.
    pub unused: &'static [&'static str],
}

pub const CASE: Case = Case {
    command: "",
    profile: "default",
    lab: |profile| Lab::reset(profile, "fresh"),
    environment: &[],
    before: &[],
    way: &["--cluster", CLUSTER],
    arguments: &["--yes"],
    unused: &[],
};

impl Case {
    fn policy(&self, lab: &Lab) -> Value {
        lab.k8sport(&[&["iam-policy", self.command], self.way].concat()).expect(0).json()
    }

    /// The actions without which the command does its work all the same, in the product's own words.
    fn optional(&self, lab: &Lab) -> Vec<String> {
        let listed = lab.k8sport(&[&["iam-policy", self.command, "--explain"], self.way].concat()).expect(0).stdout;
        let optional = listed.lines().filter(|line| line.contains(" optional: ")).filter_map(|line| line.split(' ').next());
        optional.map(str::to_owned).collect()
    }

    fn prepare(&self, lab: &Lab) {
        lab.seed(self.profile);
        for command in self.before {
            lab.k8sport_with(self.environment, &[command, "--cluster", CLUSTER, "--yes"]).expect(0);
        }
        lab.forget_calls();
    }

    fn run(&self, lab: &Lab, policy: &Value) -> Ended {
        // The host key is to be read from the console each time.
        let _ = std::fs::remove_dir_all(lab.home().join(".local/state/k8sport"));
        let keys = lab.enforce(policy);
        let environment: Vec<&str> = keys.iter().map(String::as_str).chain(self.environment.iter().copied()).collect();
        lab.k8sport_with(&environment, &[&[self.command], self.way, self.arguments].concat())
    }

    /// Succeeds with its policy; without any one action fails and says which, unless it can do without.
    pub fn check(&self) {
        let lab = (self.lab)(self.profile);
        let (policy, optional) = (self.policy(&lab), self.optional(&lab));
        let hint = format!("k8sport iam-policy {}", self.command);
        self.prepare(&lab);
        for action in actions(&policy) {
            if !lab.mutating_calls().is_empty() {
                self.prepare(&lab);
            }
            let ended = self.run(&lab, &without(&policy, &action));
            if optional.contains(&action) || self.unused.contains(&action.as_str()) {
                ended.expect(0);
            } else {
                assert!(ended.stderr.contains(&action) && ended.stderr.contains(&hint), "without {action}: {ended:?}");
                // 4: a host key that can't be read is refused.
                assert!([1, 4].contains(&ended.code), "without {action}: {ended:?}");
            }
        }
        self.prepare(&lab);
        self.run(&lab, &policy).expect(0);
    }
}

fn actions(policy: &Value) -> BTreeSet<String> {
    let statements = policy["Statement"].as_array().expect("statements").iter();
    let actions = statements.flat_map(|statement| statement["Action"].as_array().expect("actions"));
    actions.map(|action| action.as_str().expect("an action").to_owned()).collect()
}

fn without(policy: &Value, action: &str) -> Value {
    let mut policy = policy.clone();
    for statement in policy["Statement"].as_array_mut().expect("statements") {
        statement["Action"].as_array_mut().expect("actions").retain(|there| there != action);
    }
    // IAM takes no statement without an action.
    let statements = policy["Statement"].as_array_mut().expect("statements");
    statements.retain(|statement| statement["Action"].as_array().is_some_and(|actions| !actions.is_empty()));
    policy
}

#[test]
fn bootstrap_needs_what_its_policy_says() {
    Case { command: "bootstrap", unused: &["ec2:ReleaseAddress"], ..CASE }.check();
}

#[test]
fn bootstrap_without_a_second_address_needs_less() {
    Case { command: "bootstrap", way: &["--cluster", CLUSTER, "--no-secondary-ip"], ..CASE }.check();
}

#[test]
fn a_cluster_from_nothing_needs_what_its_policies_say_besides_what_kops_needs() {
    let lab = Lab::reset_with_api("nothing");
    std::fs::write(lab.state().join("kops.json"), r#"{"own_rights": true}"#).expect("the lab's folder");
    let way = ["--cluster", CLUSTER, "--state-store", "s3://example-com-state"];
    let policy_for = |commands: &[&str]| lab.k8sport(&[&["iam-policy"], commands, &way[..]].concat()).expect(0).json();
    let (policy, creation) = (policy_for(&["create-cluster", "bootstrap"]), policy_for(&["create-cluster"]));
    let run = |policy: &Value| {
        let keys = lab.enforce(policy);
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        lab.k8sport_with(&keys, &[&["bootstrap"], &way[..], &["--yes", "--output", "json"]].concat())
    };
    let creation = actions(&creation);
    assert!(creation.len() > 6, "{creation:?}");
    for action in creation {
        // What a bucket that is there has to be asked.
        if action.starts_with("s3:Get") {
            lab.meanwhile(
                "s3 = boto3.client('s3')\n\
                 s3.create_bucket(Bucket='example-com-state', CreateBucketConfiguration={'LocationConstraint': 'eu-central-1'})\n\
                 s3.put_bucket_versioning(Bucket='example-com-state', VersioningConfiguration={'Status': 'Enabled'})",
            );
        }
        let ended = run(&without(&policy, &action)).expect(1);
        assert!(
            ended.stderr.contains(&action) && ended.stderr.contains("k8sport iam-policy create-cluster"),
            "without {action}: {ended:?}"
        );
        lab.seed("nothing");
    }
    run(&policy).expect(0);
    assert_eq!(run(&policy).expect(0).json()["outcome"], "unchanged");
}

#[test]
fn setup_secondary_ip_needs_what_its_policy_says() {
    Case { command: "setup-secondary-ip", unused: &["ec2:ReleaseAddress"], ..CASE }.check();
}

#[test]
fn setup_haproxy_needs_what_its_policy_says() {
    // A tag is written when the settings file names the other data path.
    Case { command: "setup-haproxy", before: &["setup-secondary-ip"], unused: &["ec2:CreateTags"], ..CASE }.check();
}

#[test]
fn unlock_needs_what_its_policy_says() {
    Case { command: "unlock", ..CASE }.check();
}

#[test]
fn update_dns_needs_what_its_policy_says() {
    let before = &["setup-secondary-ip", "setup-haproxy"];
    // There is a record to remember.
    Case { command: "update-dns", profile: "foreign-wildcard", before, arguments: &["--yes", "--force"], ..CASE }.check();
}

#[test]
fn cleanup_needs_what_its_policy_says() {
    Case { command: "cleanup", before: &["bootstrap"], unused: &["ec2:DeleteTags"], ..CASE }.check();
}

#[test]
fn giving_an_adopted_address_back_needs_what_the_policy_says() {
    Case { command: "cleanup", profile: "full-free", before: &["bootstrap"], unused: &["ec2:ReleaseAddress"], ..CASE }.check();
}

#[test]
fn quota_needs_what_its_policy_says() {
    Case { command: "quota", way: &[], arguments: &["--request", "10", "--yes"], ..CASE }.check();
}

#[test]
fn diagnose_and_status_need_what_their_policy_says_and_may_change_nothing() {
    let lab = Lab::default();
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes"]).expect(0);
    let case = Case { command: "diagnose", arguments: &["--output", "json"], ..CASE };
    let policy = case.policy(&lab);
    let status = Case { command: "status", ..case };
    assert_eq!(status.policy(&lab), policy);
    let (optional, hint) = (case.optional(&lab), "k8sport iam-policy diagnose");
    lab.forget_calls();
    let found = |policy: &Value| {
        let ended = case.run(&lab, policy);
        let document = ended.json();
        let wrong = |check: &&Value| check["status"] == "failed" || check["status"] == "warning";
        let wrong: Vec<Value> = document["checks"].as_array().expect("checks").iter().filter(wrong).cloned().collect();
        (ended.code, wrong)
    };
    let (code, wrong) = found(&policy);
    // It doesn't have the rights of a setup, and says so.
    assert!(code == 0 && wrong.len() == 1 && wrong[0]["id"] == "account.permissions", "{wrong:#?}");
    for action in actions(&policy) {
        assert!(["Describe", "List", "Get"].iter().any(|read| action.contains(&format!(":{read}"))), "{action}");
        let (code, wrong) = found(&without(&policy, &action));
        if optional.contains(&action) {
            assert_eq!(code, 0, "without {action}: {wrong:#?}");
        } else {
            let named = |check: &Value| check["evidence"].to_string().contains(&action) && check["remedy"].to_string().contains(hint);
            assert!(code == 3 && wrong.iter().any(named), "without {action}: {wrong:#?}");
        }
    }
    let ended = status.run(&lab, &policy).expect(0).json();
    assert!(ended["unknown"].as_array().is_some_and(Vec::is_empty), "{ended}");
    // What is refused here are the dry runs of `diagnose`; `status` makes none.
    lab.forget_calls();
    status.run(&lab, &policy).expect(0);
    assert_eq!(lab.mutating_calls(), Vec::<String>::new());
}
