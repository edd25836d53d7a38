//! `ecr prune`: of the named repositories the newest images stay, and other repositories are not touched.

use crate::support::Lab;

fn tags(lab: &Lab, repository: &str) -> Vec<String> {
    let account = lab.account();
    let found = account["repositories"].as_array().expect("repositories").iter().find(|found| found["name"] == repository).cloned();
    let images = found.expect(repository)["images"].as_array().expect("images").clone();
    let mut tags: Vec<_> = images.iter().flat_map(|image| image["tags"].as_array().expect("tags")).map(|tag| tag.to_string()).collect();
    tags.sort_by_key(|tag| (tag.len(), tag.clone()));
    tags
}

fn images(lab: &Lab, repository: &str) -> usize {
    let account = lab.account();
    let found = account["repositories"].as_array().expect("repositories").iter().find(|found| found["name"] == repository).cloned();
    found.expect(repository)["images"].as_array().expect("images").len()
}

#[test]
fn the_newest_stay_and_a_second_run_has_nothing_to_do() {
    let lab = Lab::default();
    let other = images(&lab, "other-team/tool");
    lab.forget_calls();
    let account = lab.account();
    let prune = ["ecr", "prune", "--repositories", "shop/api", "--keep", "10"];
    let planned = lab.k8sport(&[&prune[..], &["--dry-run"]].concat()).expect(0);
    insta::assert_snapshot!("ecr-prune-dry-run", planned.transcript());
    lab.k8sport(&[&prune[..], &["--dry-run", "--exit-code"]].concat()).expect(5);
    let refused = lab.k8sport(&prune).expect(4);
    assert!(refused.stderr.contains("--yes"), "{refused:?}");
    assert_eq!((lab.mutating_calls(), lab.account()), (Vec::<String>::new(), account));
    let done = lab.k8sport(&[&prune[..], &["--yes", "--quiet"]].concat()).expect(0);
    insta::assert_snapshot!("ecr-prune", done.transcript());
    assert_eq!(tags(&lab, "shop/api"), (3..=12).map(|number| format!("\"v{number}\"")).collect::<Vec<_>>());
    lab.forget_calls();
    let again = lab.k8sport(&[&prune[..], &["--yes", "--output", "json"]].concat()).expect(0).json();
    assert_eq!((again["outcome"].as_str(), lab.mutating_calls()), (Some("unchanged"), Vec::<String>::new()), "{again}");
    assert_eq!(images(&lab, "other-team/tool"), other);
}

#[test]
fn a_multi_platform_image_goes_with_its_parts_and_one_that_stays_keeps_its_own() {
    let lab = Lab::default();
    assert_eq!(images(&lab, "shop/web"), 9);
    // A lost answer is no second deletion, and no failure.
    lab.fault(r#"{"action":"BatchDeleteImage","kind":"lost"}"#);
    let policy = ["--lifecycle-policy", "--keep", "1", "--yes"];
    let done = lab.k8sport(&[&["ecr", "prune", "--prefix", "shop/w"][..], &policy].concat()).expect(0);
    assert!(done.stderr.contains("lifecycle policy of its own"), "{done:?}");
    assert_eq!((images(&lab, "shop/web"), tags(&lab, "shop/web")), (3, vec!["\"v3\"".to_owned()]));
    assert_eq!(images(&lab, "shop/api"), 12);
    lab.k8sport(&[&["ecr", "prune", "--prefix", "shop/w", "--force"][..], &policy].concat()).expect(0);
    assert!(lab.account()["repositories"].to_string().contains("k8sport: keep the newest 1 images"));
}

#[test]
fn a_name_that_leads_nowhere_and_no_name_at_all_are_usage_errors() {
    let lab = Lab::default();
    let account = lab.account();
    let ended = lab.k8sport(&["ecr", "prune", "--repositories", "shop/api,shop/apii", "--yes"]).expect(2);
    assert!(ended.stderr.contains("shop/apii"), "{ended:?}");
    lab.k8sport(&["ecr", "prune", "--prefix", "nobody/", "--yes"]).expect(2);
    for arguments in [&["--keep", "3"][..], &["--prefix", ""], &["--repositories", "Shop"], &["--prefix", "shop/", "--keep", "0"]] {
        lab.k8sport(&[&["ecr", "prune", "--yes"], arguments].concat()).expect(2);
    }
    assert_eq!(lab.account(), account);
}

#[test]
fn it_needs_what_its_policy_says() {
    let lab = Lab::default();
    let policy = lab.k8sport(&["iam-policy", "ecr-prune"]).expect(0).json();
    let mut less = policy.clone();
    less["Statement"][0]["Action"].as_array_mut().expect("actions").retain(|action| action != "ecr:BatchDeleteImage");
    let prune = |policy: &serde_json::Value| {
        let keys = lab.enforce(policy);
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        lab.k8sport_with(&keys, &["ecr", "prune", "--prefix", "shop/", "--keep", "2", "--lifecycle-policy", "--force", "--yes"])
    };
    let ended = prune(&less).expect(1);
    assert!(ended.stderr.contains("ecr:BatchDeleteImage") && ended.stderr.contains("k8sport iam-policy ecr-prune"), "{ended:?}");
    prune(&policy).expect(0);
}
