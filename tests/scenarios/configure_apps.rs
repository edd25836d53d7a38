//! `configure-apps`: files that the real API server takes, and that are never written over unasked.

use std::path::Path;

use crate::support::{Ended, Lab};

const STORE: [&str; 12] = [
    "configure-apps",
    "store",
    "--image",
    "registry.example.com/store:v1",
    "--host",
    "store.example.com",
    "--health-path",
    "/healthz",
    "--env-from",
    "secret/store,configmap/store-settings",
    "--ingress-class",
    "nginx",
];

/// The API server's own dry run of every file of a folder, as a server-side apply: `kind status` for each.
fn dry_run(lab: &Lab, folder: &Path) -> String {
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let texts: Vec<_> = files.iter().map(|file| std::fs::read_to_string(file).expect("a file")).collect();
    let script = format!(
        r#"python3 - <<'PYTHON'
import json, ssl, urllib.request, urllib.error
tls = ssl.create_default_context(cafile="/srv/kubernetes/ca.crt")
tls.load_cert_chain("/srv/kubernetes/admin.crt", "/srv/kubernetes/admin.key")
for text in json.loads({texts:?}):
    kind = next(line.split()[1] for line in text.splitlines() if line.startswith("kind:"))
    group = {{"Deployment": "/apis/apps/v1", "Service": "/api/v1", "Ingress": "/apis/networking.k8s.io/v1"}}[kind]
    plural = {{"Deployment": "deployments", "Service": "services", "Ingress": "ingresses"}}[kind]
    path = group + "/namespaces/apps/" + plural + "/store?dryRun=All&fieldManager=test&force=true"
    request = urllib.request.Request("https://127.0.0.1" + path, text.encode(), {{"Content-Type": "application/apply-patch+yaml"}}, method="PATCH")
    try:
        print(kind, urllib.request.urlopen(request, timeout=20, context=tls).status)
    except urllib.error.HTTPError as error:
        print(kind, error.code, error.read().decode())
PYTHON"#,
        texts = serde_json::to_string(&texts).expect("JSON")
    );
    lab.node(&script)
}

fn configure(lab: &Lab, out: &Path, more: &[&str]) -> Ended {
    lab.k8sport(&[&STORE[..], &["--out", out.to_str().expect("UTF-8")], more].concat())
}

#[test]
fn the_files_are_what_the_api_server_takes_and_are_written_once() {
    let lab = Lab::with_api();
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("k8s");
    let planned = configure(&lab, &out, &["--dry-run", "--exit-code"]).expect(5);
    assert!(planned.stdout.contains("3 changes") && !out.exists(), "{planned:?}");
    let refused = configure(&lab, &out, &[]).expect(4);
    assert!(refused.stderr.contains("--yes") && !out.exists(), "{refused:?}");
    let written = configure(&lab, &out, &["--yes", "--output", "json"]).expect(0).json();
    assert_eq!((written["outcome"].as_str(), written["changes"].as_array().map(Vec::len)), (Some("changed"), Some(3)), "{written}");
    let again = configure(&lab, &out, &["--yes", "--output", "json"]).expect(0).json();
    assert_eq!(again["outcome"], "unchanged", "{again}");
    assert_eq!(dry_run(&lab, &out.join("store")), "Deployment 201\nIngress 201\nService 201\n");
    // Neither side of the world was asked for it.
    assert_eq!(lab.calls(), Vec::<String>::new());

    let plain = folder.path().join("plain");
    configure(&lab, &plain, &["--http-only", "--yes"]).expect(0);
    let ingress = std::fs::read_to_string(plain.join("store/ingress.yaml")).expect("a file");
    assert!(!ingress.contains("tls") && !ingress.contains("cert-manager"), "{ingress}");
    assert_eq!(dry_run(&lab, &plain.join("store")), "Deployment 201\nIngress 201\nService 201\n");
}

#[test]
fn a_file_that_differs_is_shown_and_left_until_told_otherwise() {
    let lab = Lab::default();
    let folder = tempfile::tempdir().expect("a folder");
    configure(&lab, folder.path(), &["--yes"]).expect(0);
    let file = folder.path().join("store/deployment.yaml");
    let ours = std::fs::read_to_string(&file).expect("a file");
    let theirs = ours.replace("replicas: 1", "replicas: 3");
    assert_ne!(theirs, ours);
    std::fs::write(&file, &theirs).expect("a file");
    let left = configure(&lab, folder.path(), &["--yes"]).expect(0);
    assert!(left.stderr.contains("-  replicas: 3") && left.stderr.contains("--overwrite"), "{left:?}");
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), theirs);
    configure(&lab, folder.path(), &["--overwrite"]).expect(4);
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), theirs);
    configure(&lab, folder.path(), &["--overwrite", "--yes"]).expect(0);
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), ours);
    let names: Vec<_> =
        std::fs::read_dir(folder.path().join("store")).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    assert_eq!(names.len(), 3, "nothing else is left: {names:?}");

    // A folder that can't be.
    let ended = configure(&lab, &file, &["--yes"]).expect(2);
    assert!(ended.stderr.contains("deployment.yaml") && ended.stderr.contains("--out"), "{ended:?}");
}

#[test]
fn applications_come_from_the_settings_file_and_hostile_names_from_nowhere() {
    let lab = Lab::default();
    let folder = tempfile::tempdir().expect("a folder");
    let (settings, out) = (folder.path().join("k8sport.toml"), folder.path().join("k8s"));
    let apps = "[apps.shop]\nimage = 'shop:v1'\nhosts = ['shop.example.com']\n[apps.blog]\nimage = 'blog:v2'\nhosts = ['blog.example.com']\nport = 3000\n";
    std::fs::write(&settings, apps).expect("a file");
    let paths = ["--config", settings.to_str().expect("UTF-8"), "--out", out.to_str().expect("UTF-8"), "--yes"];
    lab.k8sport(&[&["configure-apps", "blog"][..], &paths].concat()).expect(0);
    assert!(out.join("blog").is_dir() && !out.join("shop").exists());
    lab.k8sport(&[&["configure-apps"][..], &paths].concat()).expect(0);
    let deployment = std::fs::read_to_string(out.join("blog/deployment.yaml")).expect("a file");
    assert!(out.join("shop").is_dir() && deployment.contains("containerPort: 3000"), "{deployment}");
    for (arguments, said) in [
        (&["shop", "blog", "--image", "x:1"][..], "for one application"),
        (&["wiki"], "which image does wiki have?"),
        (&["wiki", "--image", "wiki:1"], "which host does wiki have?"),
        (&["../wiki"], "expected an application's name"),
        (&["shop", "--host", "shop.example.com\n  x: y"], "expected a DNS name"),
        (&["shop", "--health-path", "healthz"], "expected a path"),
        (&["shop", "--env-from", "shop"], "expected secret/NAME"),
        (&["shop", "--cluster-issuer", "a: b"], "expected a name"),
    ] {
        let ended = lab.k8sport(&[&["configure-apps"][..], arguments, &paths].concat()).expect(2);
        assert!(ended.stderr.contains(said), "{arguments:?}: {ended:?}");
    }
    let ended = lab.k8sport(&["configure-apps", "--out", out.to_str().expect("UTF-8"), "--yes"]).expect(2);
    assert!(ended.stderr.contains("which application?"), "{ended:?}");
}
