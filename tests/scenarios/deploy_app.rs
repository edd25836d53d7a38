//! `deploy-app` against the real API server. What controllers, scheduler and kubelet would do is done by a stand-in on the
//! node (`deployment-controller`), which writes the states that the real ones write.

mod built;
mod held_up;

use serde_json::Value;

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

/// An object as the API server has it, read as its administrator.
fn object(lab: &Lab, path: &str) -> Value {
    let script = format!(
        "curl -sS --max-time 10 --cacert /srv/kubernetes/ca.crt --cert /srv/kubernetes/admin.crt --key /srv/kubernetes/admin.key \
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
