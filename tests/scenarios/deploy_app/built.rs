//! An image that is built on the way, and what it takes in rights.

use serde_json::Value;

use super::{REGISTRY, image, lab, running};
use crate::support::{Ended, Lab};

/// A Dockerfile in a folder of its own.
fn source() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("Dockerfile"), "FROM scratch\n").expect("a file");
    folder
}

#[test]
fn an_image_is_built_for_the_node_pushed_and_deployed_by_its_digest() {
    let lab = lab(&[]);
    let (source, authority) = (source(), format!("SSL_CERT_FILE={}", lab.home().join("ca.pem").display()));
    let (folder, image) = (source.path().to_str().expect("UTF-8"), format!("{REGISTRY}/store/web:v1"));
    let store = ["deploy-app", "store", "--image", &image, "--host", "shop.example.com", "--build", folder];
    let build = |more: &[&str]| lab.k8sport_with(&[&authority], &[&store[..], more].concat());
    let calls = || std::fs::read_to_string(lab.state().join("docker.log")).unwrap_or_default();
    lab.forget_calls();
    let planned = build(&["--dry-run", "--output", "json"]).expect(0).json();
    let things: Vec<_> = planned["changes"].as_array().expect("changes").iter().map(|change| change["summary"]["thing"].clone()).collect();
    assert_eq!(things, ["image repository", "lifecycle policy", "image", "image", "Service", "Ingress", "Deployment"], "{planned}");
    build(&[]).expect(4);
    assert_eq!((lab.mutating_calls(), calls()), (Vec::<String>::new(), String::new()));

    let done = build(&["--yes", "-vv"]).expect(0);
    let expected = [
        format!(r#"["build", "--platform", "linux/amd64", "--tag", "{image}", "--", "{folder}"]"#),
        format!(r#"["login", "--username", "AWS", "--password-stdin", "{REGISTRY}"]"#),
        format!(r#"["push", "{image}"]"#),
    ];
    let expected: String = expected.iter().map(|arguments| format!("{{\"arguments\": {arguments}}}\n")).collect();
    assert_eq!(calls(), expected);
    // What the lab's ECR gives as the password.
    assert!(!format!("{done:?}").contains("-auth-token"), "{done:?}");
    let account = lab.account();
    let repository = account["repositories"].as_array().expect("repositories").iter().find(|found| found["name"] == "store/web").cloned();
    let repository = repository.expect("it was made");
    assert!(repository["lifecycle"].to_string().contains("keep the newest 20 images"), "{repository}");
    assert_eq!(running(&lab), format!("{REGISTRY}/store/web@{}", repository["images"][0]["digest"].as_str().expect("a digest")));

    // The same once more: the same image, so nothing is deployed; and what docker refuses is told.
    let again = build(&["--yes", "--output", "json"]).expect(0).json();
    assert_eq!(again["changes"].as_array().map(Vec::len), Some(2), "{again}");
    let before = running(&lab);
    std::fs::write(lab.state().join("docker.json"), r#"{"fail": {"push": "denied: quota"}}"#).expect("a file");
    std::fs::write(source.path().join("Dockerfile"), "FROM scratch\nUSER 1\n").expect("a file");
    let failed = build(&["--yes"]).expect(1);
    assert!(failed.stderr.contains("denied: quota") && failed.stderr.contains("1 of 2 changes are done"), "{failed:?}");
    assert_eq!(running(&lab), before);
    std::fs::remove_file(lab.state().join("docker.json")).expect("it was there");
    build(&["--yes"]).expect(0);
    assert_ne!(running(&lab), before);

    let without = lab.k8sport_with(&["PATH=/nonexistent"], &[&store[..], &["--yes"]].concat()).expect(2);
    assert!(without.stderr.contains("docker is not installed"), "{without:?}");
    for (image, said) in
        [("shop:v1", "can't be built"), ("210987654321.dkr.ecr.eu-central-1.amazonaws.com/shop:v1", "account 210987654321's")]
    {
        let ended = lab.k8sport(&["deploy-app", "store", "--image", image, "--host", "a.example.com", "--build", folder, "--yes"]);
        assert!([2, 4].contains(&ended.code) && ended.stderr.contains(said), "{ended:?}");
    }
    let nowhere = ["deploy-app", "store", "--image", &image, "--host", "a.example.com", "--build", "/nowhere", "--yes"];
    let ended = lab.k8sport(&nowhere).expect(2);
    assert!(ended.stderr.contains("/nowhere"), "{ended:?}");
}

#[test]
fn it_needs_what_its_policy_says() {
    let lab = Lab::with_api();
    let (source, policy) = (source(), lab.k8sport(&["iam-policy", "deploy-app"]).expect(0).json());
    let run = |policy: &Value, image: &str, more: &[&str]| {
        let keys = lab.enforce(policy);
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        lab.k8sport_with(&keys, &[&["deploy-app", "store", "--image", image, "--host", "a.example.com"], more].concat())
    };
    let without = |action: &str| {
        let mut less = policy.clone();
        for statement in less["Statement"].as_array_mut().expect("statements") {
            let actions = statement["Action"].as_array_mut().expect("actions");
            actions.retain(|there| there != action);
            if actions.is_empty() {
                actions.push("ecr:DescribeRegistry".into());
            }
        }
        less
    };
    let named = |ended: &Ended, action: &str| ended.stderr.contains(action) && ended.stderr.contains("k8sport iam-policy deploy-app");
    let ended = run(&without("ecr:DescribeImages"), &image("v1"), &["--dry-run"]).expect(1);
    assert!(named(&ended, "ecr:DescribeImages"), "{ended:?}");
    run(&policy, &image("v1"), &["--dry-run"]).expect(0);
    // Each of them stops the run before anything is deployed.
    let (folder, image) = (source.path().to_str().expect("UTF-8"), format!("{REGISTRY}/store/web:v1"));
    for action in [
        "ecr:DescribeRepositories",
        "ecr:CreateRepository",
        "ecr:PutLifecyclePolicy",
        "ecr:ListTagsForResource",
        "ecr:GetAuthorizationToken",
    ] {
        let ended = run(&without(action), &image, &["--build", folder, "--yes"]).expect(1);
        assert!(named(&ended, action), "without {action}: {ended:?}");
    }
    // docker pushes with it.
    let ended = run(&without("ecr:PutImage"), &image, &["--build", folder, "--yes"]).expect(1);
    assert!(ended.stderr.contains("ecr:PutImage"), "{ended:?}");
    let deployed = run(&policy, &image, &["--build", folder, "--yes", "--rollout-timeout", "1s"]).expect(1);
    assert!(deployed.stderr.contains("did not end in time"), "nobody makes its pods here: {deployed:?}");
}
