//! As the manifest has it in a pod: in-cluster settings, a shared folder, and the caller's own token.

use std::fs;

use serde_json::Value;

use super::of_readme;
use super::running::{Running, kubectl};
use crate::support::Lab;

/// What client libraries do in a pod: the variables, and `token` and `ca.crt` of the folder.
const IN_CLUSTER: &str = r#"
import json, os, ssl, sys, urllib.request
folder = sys.argv[1]
tls = ssl.create_default_context(cafile=folder + "/ca.crt")
def get(port, path, token):
    request = urllib.request.Request(f"https://127.0.0.1:{port}{path}", headers={"Authorization": "Bearer " + token} if token else {})
    try: return urllib.request.urlopen(request, timeout=20, context=tls).status
    except urllib.error.HTTPError as error: return error.code
token = open(folder + "/token").read()
print(json.dumps([get(sys.argv[2], path, token) for path in sys.argv[3:]] + [get(sys.argv[2], sys.argv[3], "")]))
"#;

#[test]
fn applications_reach_it_with_their_own_token_and_verify_it() {
    let lab = Lab::with_api();
    let home = lab.home();
    let (account, shared, state) = (home.join("account"), home.join("shared"), home.join("state"));
    let path = |path: &std::path::Path| path.display().to_string();
    let kube = |arguments: &[&str]| lab.operator(&[&[kubectl().as_str()], arguments].concat()).expect(0).stdout;
    kube(&["create", "serviceaccount", "reader"]);
    kube(&["create", "role", "reader", "--verb=get,list", "--resource=configmaps"]);
    kube(&["create", "rolebinding", "reader", "--role=reader", "--serviceaccount=default:reader"]);
    let token = r#"echo '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}' | "$0" create --raw /api/v1/namespaces/default/serviceaccounts/reader/token -f -"#;
    let token = lab.operator(&["sh", "-c", token, &kubectl()]).expect(0).json()["status"]["token"].as_str().expect("a token").to_owned();
    fs::create_dir_all(&account).expect("a folder");
    fs::write(account.join("token"), &token).expect("written");
    fs::write(account.join("namespace"), "default").expect("written");
    fs::copy(home.join("kubernetes-ca.pem"), account.join("ca.crt")).expect("copied");

    let environment = ["KUBERNETES_SERVICE_HOST=api.c02.example.com", "KUBERNETES_SERVICE_PORT=443"];
    let (account, shared, state) = (path(&account), path(&shared), path(&state));
    let folders = ["--in-pod", "--service-account-dir", &account, "--share-dir", &shared, "--state-dir", &state, "--access-log", "-"];
    let start = |more: &[&str], environment: &[&str]| Running::start_with(&lab, environment, &[&folders, more].concat());
    let look = |proxy: &Running<'_>, port: &str| {
        proxy.python(IN_CLUSTER, &[&shared, port, "/api/v1/namespaces/default/configmaps", "/api/v1/secrets"]).stdout
    };
    let proxy = start(&[], &environment);
    // As the caller: the role's right, not more; and without a token nobody is added.
    assert_eq!(look(&proxy, "6443").trim(), "[200, 403, 403]");
    let authority = fs::read_to_string(format!("{shared}/ca.crt")).expect("a bundle");
    assert_eq!(authority.matches("BEGIN CERTIFICATE").count(), 2, "{authority}");
    // The cluster's authority changes, and back: the proxy goes by the file.
    let file = format!("{account}/ca.crt");
    let authority_of_cluster = fs::read_to_string(&file).expect("a certificate");
    fs::copy(home.join("ca.pem"), &file).expect("copied");
    assert_eq!(look(&proxy, "6443").trim(), "[502, 502, 502]");
    fs::write(&file, authority_of_cluster).expect("written");
    assert_eq!(look(&proxy, "6443").trim(), "[200, 403, 403]");
    let ended = proxy.end().expect(0);
    assert!(ended.stdout.contains(r#""resource":"configmaps""#) && !ended.stdout.contains(&token), "{}", ended.stdout);

    // Started again, on another port and as the pod: clients still trust it, and need no token.
    let proxy = start(&["--identity", "service-account"], &[&environment[..], &["MCA_LISTEN_PORT=16443"]].concat());
    assert_eq!(look(&proxy, "16443").trim(), "[200, 403, 200]");
    assert_eq!(fs::read_to_string(format!("{shared}/ca.crt")).expect("a bundle"), authority);
    drop(proxy);

    let node = ["K8SPORT_POD_IP=10.0.0.1", "K8SPORT_HOST_IP=10.0.0.1"];
    let refused = lab.k8sport_with(&[&environment[..], &node].concat(), &[&["api-proxy"], &folders[..]].concat()).expect(4);
    assert!(refused.stderr.contains("hostNetwork"), "{}", refused.stderr);
    let itself = ["KUBERNETES_SERVICE_HOST=127.0.0.1", "KUBERNETES_SERVICE_PORT=6443"];
    let refused = lab.k8sport_with(&itself, &[&["api-proxy"], &folders[..]].concat()).expect(2);
    assert!(refused.stderr.contains("lead to the proxy itself"), "{}", refused.stderr);
}

#[test]
fn the_api_server_takes_the_manifest() {
    let lab = Lab::with_api();
    let manifests = lab.home().join("k8s").display().to_string();
    lab.k8sport(&[
        "configure-apps",
        "shop",
        "--image",
        "registry.example.com/shop:v1",
        "--host",
        "shop.example.com",
        "--out",
        &manifests,
        "--yes",
    ])
    .expect(0);
    let file = format!("{manifests}/shop/deployment.yaml");
    let shown: Vec<_> = of_readme("api-proxy manifest ").iter().map(|word| word.replace("k8s/shop/deployment.yaml", &file)).collect();
    let shown: Vec<_> = shown.iter().map(String::as_str).collect();
    assert!(shown.contains(&file.as_str()), "{shown:?}");
    let patched = lab.k8sport(&shown).expect(0).stdout;
    let before = fs::read_to_string(&file).expect("a manifest");
    let mut after = patched.lines();
    assert!(before.lines().all(|line| after.any(|other| other == line)), "{patched}");
    // 1.20 knows no native sidecars; everything else it can judge with the proxy among the containers.
    let mut object: Value = serde_saphyr::from_str(&patched).expect("YAML");
    let spec = &mut object["spec"]["template"]["spec"];
    let mut sidecar = spec["initContainers"][0].take();
    assert_eq!(sidecar["restartPolicy"].take(), "Always");
    sidecar.as_object_mut().expect("a container").remove("restartPolicy");
    spec["containers"].as_array_mut().expect("containers").push(sidecar);
    spec.as_object_mut().expect("a spec").remove("initContainers");
    let classic = format!("{manifests}/classic.json");
    fs::write(&classic, object.to_string()).expect("written");
    lab.operator(&[&kubectl(), "create", "--dry-run=server", "-f", &classic]).expect(0);
    fs::write(&file, &patched).expect("written");
    lab.k8sport(&["api-proxy", "manifest", &file, "--image", "registry.example.com/k8sport:v1"]).expect(2);
}
