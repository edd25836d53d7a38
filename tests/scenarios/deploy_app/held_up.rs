//! What keeps a rollout from its end, and an API server that goes away meanwhile.

use super::{REGISTRY, deploy, digest, fate, image, lab, object, rollback, running};
use crate::figures;
use crate::support::{Ended, Lab};

/// Each with what is said about it: the obstacle, its cause, a way out.
const OBSTACLES: [(&str, [&str; 3]); 6] = [
    ("pull", ["its image can't be pulled", "not found", "see whether the image is in its registry"]),
    ("crash", ["ends with exit code 3", "was restarted 4 time(s)", "logs store-"]),
    ("probe", ["runs and isn't ready", "statuscode: 503", "the probe is wrong"]),
    ("config", ["can't be started", "secret \"store\" not found", "get secrets,configmaps,pvc"]),
    ("unschedulable", ["no node takes its pod", "untolerated taint", "kubectl taint nodes"]),
    ("quota", ["its pods can't be created", "exceeded quota", "describe resourcequota"]),
];

#[test]
fn what_holds_a_rollout_up_is_told_and_the_revision_before_serves_on() {
    let lab = lab(&[]);
    deploy(&lab, "v1", &["--yes"]).expect(0);
    let mut told = 0;
    for (number, (words, said)) in OBSTACLES.iter().enumerate() {
        fate(&lab, words);
        // A probe that fails may be an application that starts slowly: only the rollout's own limit ends it.
        let patience = if *words == "probe" { ["--rollout-timeout", "5s"] } else { ["--stalled-after", "2s"] };
        let ended = deploy(&lab, &format!("v{}", number + 2), &[&["--yes"], &patience[..]].concat()).expect(1);
        for said in said {
            assert!(ended.stderr.contains(said), "{words}: no {said:?} in {ended:?}");
        }
        assert!(ended.stderr.contains("the revision before still serves with 1 pod(s)"), "{words}: {ended:?}");
        assert!(ended.stderr.contains("deploy-app store --namespace apps --rollback"), "{words}: {ended:?}");
        told += 1;
        fate(&lab, "ready");
        rollback(&lab, &["--yes"]).expect(0);
        assert_eq!(running(&lab), format!("{REGISTRY}/shop/api@{}", digest(&lab, "v1")), "after {words}");
    }
    figures::record("rollouts that can't go on: the reason, the state and the way back", told, OBSTACLES.len());
}

#[test]
fn a_rollout_goes_on_over_an_api_server_that_restarts_and_ends_with_one_that_hangs() {
    let lab = lab(&[]);
    fate(&lab, "ready 12");
    let (binary, image) = (env!("CARGO_BIN_EXE_k8sport"), image("v1"));
    let authority = format!("SSL_CERT_FILE={}", lab.home().join("ca.pem").display());
    let store = ["env", &authority, binary, "deploy-app", "store", "--image", &image, "--host", "shop.example.com", "--yes", "-v"];
    let started = lab.start(&store);
    until_there_is_a_pod(&lab);
    lab.node("systemctl restart kube-apiserver");
    let ended = Ended::of(started.wait_with_output().expect("an end"));
    let ended = ended.expect(0);
    // Whatever was under way just then: a watch, a look, or a new connection.
    let met = ["the watch of apps/store has ended", "got no answer", "can't be reached"];
    assert!(met.iter().any(|met| ended.stderr.contains(met)), "{ended:?}");
    assert!(ended.stdout.contains("https://shop.example.com/ answers HTTP 200"), "{ended:?}");

    fate(&lab, "ready 600");
    let other = self::image("v2");
    let waiting = [&store[..6], &[&other, "--host", "shop.example.com", "--yes", "--rollout-timeout", "20s"]].concat();
    let started = lab.start(&waiting);
    std::thread::sleep(std::time::Duration::from_secs(5));
    lab.node("systemctl kill --signal=STOP kube-apiserver");
    let ended = Ended::of(started.wait_with_output().expect("an end"));
    lab.node("systemctl kill --signal=CONT kube-apiserver");
    let ended = ended.expect(1);
    assert!(ended.stderr.contains("error: ") && !ended.stderr.contains("panicked"), "{ended:?}");
}

fn until_there_is_a_pod(lab: &Lab) {
    let since = std::time::Instant::now();
    while object(lab, "/api/v1/namespaces/apps/pods")["items"].as_array().is_none_or(Vec::is_empty) {
        assert!(since.elapsed().as_secs() < 60, "no pod");
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
}
