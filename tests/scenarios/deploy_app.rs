//! `deploy-app` against the real API server. What controllers, scheduler and kubelet would do is done by a stand-in on the
//! node (`deployment-controller`), which writes the states that the real ones write.

use serde_json::Value;

use crate::figures;
use crate::support::{CLUSTER, Ended, Lab};

const REGISTRY: &str = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";

/// The lab with a data path on 443, or 30443 alone, and somebody who runs the pods.
fn lab(way: &[&str]) -> Lab {
    let lab = Lab::with_api();
    lab.k8sport(&[&["bootstrap", "--cluster", CLUSTER, "--yes", "--quiet"], way].concat()).expect(0);
    lab.starts("deployment-controller");
    lab
}

/// What becomes of the pods that are made from now on.
fn fate(lab: &Lab, words: &str) {
    lab.node(&format!("echo {words} >/run/fate"));
}

fn image(tag: &str) -> String {
    format!("{REGISTRY}/shop/api:{tag}")
}

/// Deploys `store`; `more` goes to the command.
fn deploy(lab: &Lab, tag: &str, more: &[&str]) -> Ended {
    let authority = format!("SSL_CERT_FILE={}", lab.home().join("ca.pem").display());
    let image = image(tag);
    let store = ["deploy-app", "store", "--image", &image, "--host", "shop.example.com", "--ingress-class", "nginx"];
    lab.k8sport_with(&[&authority], &[&store[..], more].concat())
}

fn rollback(lab: &Lab, more: &[&str]) -> Ended {
    let authority = format!("SSL_CERT_FILE={}", lab.home().join("ca.pem").display());
    lab.k8sport_with(&[&authority], &[&["deploy-app", "store", "--rollback"], more].concat())
}

/// An object as the API server has it, read as its administrator. What calls itself curl gets indented JSON, and the lab's API
/// server crashes over that.
fn object(lab: &Lab, path: &str) -> Value {
    let script = format!(
        "curl -sS -A test --max-time 10 --cacert /srv/kubernetes/ca.crt --cert /srv/kubernetes/admin.crt --key /srv/kubernetes/admin.key \
         --resolve api.c02.example.com:443:127.0.0.1 https://api.c02.example.com{path}"
    );
    serde_json::from_str(&lab.node(&script)).expect("JSON")
}

/// A role in namespace apps for the user without any: of what is deployed, and of what is waited for.
fn grant(lab: &Lab, name: &str, verbs: &str) {
    let role = format!(
        r#"{{"metadata": {{"name": "{name}"}}, "rules": [
            {{"apiGroups": ["", "apps", "networking.k8s.io"], "resources": ["services", "ingresses", "deployments"], "verbs": {verbs}}},
            {{"apiGroups": ["", "apps"], "resources": ["pods", "replicasets"], "verbs": ["list"]}}]}}"#
    );
    let binding = format!(
        r#"{{"metadata": {{"name": "{name}"}}, "roleRef": {{"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "{name}"}},
            "subjects": [{{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "nobody"}}]}}"#
    );
    let path = "/apis/rbac.authorization.k8s.io/v1/namespaces/apps";
    let objects = format!(r#"[["{path}/roles", {role}], ["{path}/rolebindings", {binding}]]"#);
    lab.node(&format!("printf %s '{objects}' >/run/role.json && /usr/local/lib/seed-api /run/role.json"));
}

fn running(lab: &Lab) -> String {
    let store = object(lab, "/apis/apps/v1/namespaces/apps/deployments/store");
    store["spec"]["template"]["spec"]["containers"][0]["image"].as_str().expect("an image").to_owned()
}

fn digest(lab: &Lab, tag: &str) -> String {
    let account = lab.account();
    let repository = account["repositories"].as_array().expect("repositories").iter().find(|found| found["name"] == "shop/api").cloned();
    let images = repository.expect("shop/api")["images"].as_array().expect("images").clone();
    let tagged = images.into_iter().find(|image| image["tags"].as_array().is_some_and(|tags| tags.contains(&tag.into())));
    tagged.expect(tag)["digest"].as_str().expect("a digest").to_owned()
}

#[test]
fn an_application_is_pinned_rolled_out_seen_on_443_and_rolled_back() {
    let lab = lab(&[]);
    let planned = deploy(&lab, "v11", &["--dry-run", "--exit-code"]).expect(5);
    assert!(planned.stdout.contains("3 changes") && planned.stdout.contains(&digest(&lab, "v11")), "{planned:?}");
    assert_eq!(object(&lab, "/apis/apps/v1/namespaces/apps/deployments/store")["code"], 404);
    deploy(&lab, "v11", &[]).expect(4);
    let done = deploy(&lab, "v11", &["--yes"]).expect(0);
    assert!(done.stdout.contains("https://shop.example.com/ answers HTTP 200, with a trusted certificate"), "{done:?}");
    assert_eq!(running(&lab), format!("{REGISTRY}/shop/api@{}", digest(&lab, "v11")));

    let again = deploy(&lab, "v11", &["--yes", "--output", "json"]).expect(0).json();
    assert_eq!((again["outcome"].as_str(), again["checks"][0]["ok"].as_bool()), (Some("unchanged"), Some(true)), "{again}");
    let before = object(&lab, "/apis/apps/v1/namespaces/apps/deployments/store")["metadata"]["generation"].clone();
    let planned = deploy(&lab, "v12", &["--dry-run"]).expect(0);
    let image_line = format!("- image: {REGISTRY}/shop/api@{}", digest(&lab, "v12"));
    assert!(planned.stdout.lines().any(|line| line.trim_start().starts_with('+') && line.contains(&image_line)), "{planned:?}");
    assert_eq!(object(&lab, "/apis/apps/v1/namespaces/apps/deployments/store")["metadata"]["generation"], before);
    deploy(&lab, "v12", &["--yes"]).expect(0);
    assert_eq!(running(&lab), format!("{REGISTRY}/shop/api@{}", digest(&lab, "v12")));

    // Back, and a second time nothing; no image was asked for.
    lab.forget_calls();
    let back = rollback(&lab, &["--yes"]).expect(0);
    assert!(back.stderr.contains(&image("v11")), "{back:?}");
    assert_eq!(running(&lab), format!("{REGISTRY}/shop/api@{}", digest(&lab, "v11")));
    let again = rollback(&lab, &["--yes", "--output", "json"]).expect(0).json();
    assert_eq!(again["outcome"], "unchanged", "{again}");
    assert_eq!(lab.calls(), Vec::<String>::new());
    let failed = rollback(&lab, &["--to-revision", "9", "--yes"]).expect(1);
    assert!(failed.stderr.contains("revision 9") && failed.stderr.contains(&image("v12")), "{failed:?}");
    // And forward again.
    deploy(&lab, "v12", &["--yes"]).expect(0);
    let store = object(&lab, "/apis/apps/v1/namespaces/apps/deployments/store");
    assert!(store["metadata"]["annotations"]["k8sport.io/rolled-back-from"].is_null(), "{store}");

    let ended = deploy(&lab, "v99", &["--yes"]).expect(2);
    assert!(ended.stderr.contains("no image") && ended.stderr.contains("shop/api:v99"), "{ended:?}");
}

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

#[test]
fn without_a_second_address_it_is_on_30443_and_a_certificate_that_is_missing_is_a_remark() {
    let lab = lab(&["--no-secondary-ip"]);
    let done = deploy(&lab, "v1", &["--no-secondary-ip", "--yes"]).expect(0);
    assert!(done.stdout.contains("https://shop.example.com:30443/ answers HTTP 200, with a trusted certificate"), "{done:?}");

    // No right to watch or to read events: it is looked at now and then.
    grant(&lab, "deployer", r#"["get", "list", "create", "patch"]"#);
    let nobody = lab.home().join(".kube/nobody").display().to_string();
    deploy(&lab, "v2", &["--no-secondary-ip", "--yes", "--kubeconfig", &nobody]).expect(0);
    assert_eq!(running(&lab), format!("{REGISTRY}/shop/api@{}", digest(&lab, "v2")));

    // From files, in a namespace that isn't there yet, for a host without a certificate.
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("UTF-8");
    let image = image("v2");
    let blog = ["configure-apps", "blog", "--image", &image, "--host", "blog.example.com", "--namespace", "blog", "--out", out, "--yes"];
    lab.k8sport(&blog).expect(0);
    let deploy_blog =
        |more: &[&str]| lab.k8sport(&[&["deploy-app", "blog", "--manifests", out, "--no-secondary-ip", "--yes"], more].concat());
    let ended = deploy_blog(&["--port", "3000"]).expect(2);
    assert!(ended.stderr.contains("--port has no effect") && ended.stderr.contains(out), "{ended:?}");
    let done = deploy_blog(&["--output", "json"]).expect(0).json();
    let things: Vec<_> = done["changes"].as_array().expect("changes").iter().map(|change| change["summary"]["thing"].clone()).collect();
    assert_eq!(things, ["namespace", "Service", "Ingress", "Deployment"], "{done}");
    let remarked = |note: &Value| note["text"].as_str().is_some_and(|text| text.contains("blog.example.com:30443/ is not trusted"));
    assert!(done["notes"].as_array().is_some_and(|notes| notes.iter().any(remarked)), "{done}");
    assert_eq!(done["checks"][0]["ok"], true, "{done}");
    let again = deploy_blog(&["--output", "json"]).expect(0).json();
    assert_eq!(again["outcome"], "unchanged", "{again}");
}

#[test]
fn what_others_manage_is_a_conflict_and_who_may_not_hears_verb_resource_and_role() {
    let lab = Lab::with_api();
    let image = image("v1");
    let shop = ["deploy-app", "shop", "--image", &image, "--host", "shop.example.com", "--ingress-class", "nginx"];
    let before = object(&lab, "/apis/networking.k8s.io/v1/namespaces/apps/ingresses/shop");
    // Somebody else has made an Ingress of this name.
    let refused = lab.k8sport(&[&shop[..], &["--yes"]].concat()).expect(4);
    let said = ["Ingress apps/shop: .spec.rules is Python-urllib's", "--force-conflicts", "nothing was changed"];
    assert!(said.iter().all(|said| refused.stderr.contains(said)), "{refused:?}");
    let forced = lab.k8sport(&[&shop[..], &["--force-conflicts", "--dry-run"]].concat()).expect(0);
    assert!(forced.stdout.contains("is taken over") && forced.stdout.contains("~ Ingress"), "{forced:?}");

    let kube = |user: &str| lab.home().join(".kube").join(user).display().to_string();
    let store = |user: &str| {
        lab.k8sport(&["deploy-app", "store", "--image", &image, "--host", "a.example.com", "--yes", "--kubeconfig", &kube(user)])
    };
    let ended = store("viewer").expect(1);
    assert!(
        ended.stderr.contains("patch ") && ended.stderr.contains("in namespace apps") && ended.stderr.contains("create role"),
        "{ended:?}"
    );
    let ended = store("nobody").expect(1);
    assert!(ended.stderr.contains("get ") && ended.stderr.contains("create role k8sport-get"), "{ended:?}");
    // Who may change what is there may not make something new.
    grant(&lab, "changer", r#"["get", "list", "patch"]"#);
    let ended = store("nobody").expect(1);
    assert!(ended.stderr.contains("in namespace apps is not allowed") && ended.stderr.contains("create role k8sport-create"), "{ended:?}");
    let ended = lab.k8sport(&["deploy-app", "store", "--rollback", "--yes"]).expect(1);
    assert!(ended.stderr.contains("there is no Deployment store in namespace apps"), "{ended:?}");
    // The name of the cluster is that of its context; another one's is not taken instead.
    let ended = lab.k8sport(&[&shop[..], &["--cluster", "c03.example.com", "--yes"]].concat()).expect(2);
    assert!(ended.stderr.contains("c03.example.com"), "{ended:?}");
    assert_eq!(object(&lab, "/apis/networking.k8s.io/v1/namespaces/apps/ingresses/shop"), before);
    assert_eq!(object(&lab, "/apis/apps/v1/namespaces/apps/deployments")["items"], Value::Array(Vec::new()));
}

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
