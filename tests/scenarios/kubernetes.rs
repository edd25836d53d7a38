//! The real API server: `tests/lab/build-kubernetes` has to have built it, or KUBEBUILDER_ASSETS to name it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{CLUSTER, Lab};

const NGINX: &str = "nginx.ingress.kubernetes.io/ssl-redirect";

/// Python with `call(method, path, body=None, kind=…)` as the cluster's administrator.
fn api(lab: &Lab, script: &str) -> String {
    let prelude = r#"
import json, ssl, urllib.request
tls = ssl.create_default_context(cafile="/srv/kubernetes/ca.crt")
tls.load_cert_chain("/srv/kubernetes/admin.crt", "/srv/kubernetes/admin.key")
INGRESSES = "/apis/networking.k8s.io/v1/namespaces/apps/ingresses"
def call(method, path, body=None, kind="application/json"):
    request = urllib.request.Request("https://127.0.0.1" + path, body and json.dumps(body).encode(), {"Content-Type": kind}, method=method)
    return json.load(urllib.request.urlopen(request, timeout=20, context=tls))
def ingress(name, cls, annotations={}, tls=True):
    host = name + ".example.com"
    backend = {"service": {"name": name, "port": {"number": 80}}}
    spec = {"ingressClassName": cls, "rules": [{"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}]}
    if tls: spec["tls"] = [{"hosts": [host], "secretName": name}]
    return call("POST", INGRESSES, {"metadata": {"name": name, "annotations": annotations}, "spec": spec})
def annotate(name, annotations):
    return call("PATCH", INGRESSES + "/" + name, {"metadata": {"annotations": annotations}}, "application/merge-patch+json")
"#;
    lab.node(&format!("python3 - <<'PYTHON'\n{prelude}\n{script}\nPYTHON"))
}

/// The requests for Ingresses that the API server has answered, by verb.
fn requests(lab: &Lab) -> BTreeMap<String, u64> {
    let script = r#"
import re
text = urllib.request.urlopen("https://127.0.0.1/metrics", timeout=20, context=tls).read().decode()
counts = {}
for labels, count in re.findall(r"^apiserver_request_total{(.*)} (\S+)$", text, re.M):
    if 'resource="ingresses"' in labels:
        verb = re.search(r'verb="(\w+)"', labels)[1]
        counts[verb] = counts.get(verb, 0) + int(float(count))
print(json.dumps(counts))"#;
    serde_json::from_str(&api(lab, script)).expect("JSON")
}

/// Each Ingress' annotations and spec.
fn ingresses(lab: &Lab) -> Value {
    let script = "print(json.dumps({i['metadata']['name']: [i['metadata'].get('annotations', {}), i['spec']] for i in call('GET', INGRESSES)['items']}))";
    serde_json::from_str(&api(lab, script)).expect("JSON")
}

#[test]
fn the_redirect_goes_off_and_comes_back_exactly_over_several_classes() {
    let lab = Lab::with_api();
    api(
        &lab,
        r#"
ingress("plain", "nginx", tls=False)
ingress("forced", "nginx", {"nginx.ingress.kubernetes.io/ssl-redirect": "true", "nginx.ingress.kubernetes.io/force-ssl-redirect": "true", "other": "x"})
ingress("onpurpose", "nginx", {"nginx.ingress.kubernetes.io/ssl-redirect": "false"})
for cls in ("haproxy", "haproxy-ingress", "cilium", "traefik"): ingress(cls, cls)
ingress("f5", "nginx-f5")
ingress("contour", "contour", {"ingress.kubernetes.io/force-ssl-redirect": "true"})
"#,
    );
    let before = ingresses(&lab);
    let dry = lab.k8sport(&["toggle-https-redirect", "--http-only", "--dry-run", "--exit-code"]).expect(5);
    insta::assert_snapshot!("toggle-dry-run", dry.stdout);
    assert_eq!(ingresses(&lab), before);

    let off = lab.k8sport(&["toggle-https-redirect", "--disable-https", "--for", "2h", "--yes", "--output", "json"]).expect(0).json();
    assert_eq!(off["changes"].as_array().map(Vec::len), Some(8), "{off}");
    let now = ingresses(&lab);
    for (name, annotation, value) in [
        ("app", NGINX, "false"),
        ("forced", "nginx.ingress.kubernetes.io/force-ssl-redirect", "false"),
        ("f5", "ingress.kubernetes.io/ssl-redirect", "false"),
        ("haproxy", "haproxy.org/ssl-redirect", "false"),
        ("haproxy-ingress", "haproxy-ingress.github.io/ssl-redirect", "false"),
        ("cilium", "ingress.cilium.io/force-https", "disabled"),
        ("contour", "ingress.kubernetes.io/force-ssl-redirect", "false"),
    ] {
        assert_eq!(now[name][0][annotation], value, "{name}: {now}");
        assert!(now[name][0]["k8sport.io/https-redirect-off-until"].is_string(), "{name}: {now}");
    }
    for untouched in ["plain", "onpurpose", "traefik"] {
        assert_eq!(now[untouched], before[untouched], "{untouched}");
    }
    let again = lab.k8sport(&["toggle-https-redirect", "--disable-https", "--yes", "--output", "json"]).expect(0).json();
    assert_eq!(again["outcome"], "unchanged", "{again}");
    lab.k8sport(&["toggle-https-redirect", "--enable-https", "--yes"]).expect(0);
    assert_eq!(ingresses(&lab), before);
    // And a second round, with an edit by somebody else while it is off.
    lab.k8sport(&["toggle-https-redirect", "--disable-https", "--yes"]).expect(0);
    api(&lab, "annotate('app', {'nginx.ingress.kubernetes.io/ssl-redirect': 'true', 'theirs': 'yes'})");
    lab.k8sport(&["toggle-https-redirect", "--enable-https", "--yes"]).expect(0);
    let after = ingresses(&lab);
    assert_eq!((&after["app"][0][NGINX], &after["app"][0]["theirs"]), (&"true".into(), &"yes".into()), "what others wrote stays");
    for (name, was) in before.as_object().expect("Ingresses").iter().filter(|(name, _)| *name != "app") {
        assert_eq!(after[name], *was, "{name}");
    }
}

#[test]
fn who_may_not_hears_verb_resource_and_role() {
    let lab = Lab::with_api();
    let before = ingresses(&lab);
    let kube = |user: &str| lab.home().join(".kube").join(user).display().to_string();
    let ended = lab.k8sport(&["toggle-https-redirect", "--disable-https", "--yes", "--kubeconfig", &kube("viewer")]).expect(1);
    assert!(ended.stderr.contains("patch ingresses.networking.k8s.io") && ended.stderr.contains("create role"), "{}", ended.stderr);
    let ended = lab.k8sport(&["toggle-https-redirect", "--disable-https", "--yes", "--kubeconfig", &kube("nobody")]).expect(1);
    assert!(ended.stderr.contains("list ingress") && ended.stderr.contains("create "), "{}", ended.stderr);
    assert_eq!(ingresses(&lab), before);
    lab.k8sport(&["toggle-https-redirect", "--disable-https", "--yes", "--kubeconfig", "/nowhere"]).expect(2);
    lab.k8sport(&["toggle-https-redirect", "--disable-https", "--yes", "--context", "other"]).expect(2);
    lab.k8sport(&["toggle-https-redirect", "--disable-https"]).expect(4);
    lab.k8sport(&["toggle-https-redirect", "missing", "--disable-https", "--yes"]).expect(2);
    let nowhere = lab.k8sport(&["toggle-https-redirect", "-n", "typo", "--disable-https", "--yes"]).expect(0);
    assert!(nowhere.stderr.contains("there is no Ingress in namespace typo"), "{nowhere:?}");
    let nowhere = lab.k8sport(&["toggle-https-redirect", "-A", "-l", "app=typo", "--disable-https", "--dry-run"]).expect(0);
    assert!(nowhere.stdout.contains("there is no Ingress with app=typo in any namespace"), "{nowhere:?}");
}

#[test]
fn what_others_write_between_the_plan_and_the_change_is_kept() {
    let lab = Lab::with_api();
    let mut terminal = lab.terminal(&["toggle-https-redirect", "--disable-https"]);
    terminal.exp_string("Apply these changes?").expect("a question");
    // Beside the switch, and the switch itself.
    api(&lab, "annotate('app', {'theirs': 'yes'}); annotate('shop', {'nginx.ingress.kubernetes.io/ssl-redirect': 'false'})");
    let theirs = ingresses(&lab);
    terminal.send("y").expect("an answer");
    terminal.flush().expect("an answer");
    terminal.exp_string("the Ingress apps/shop has been changed since the plan was made").expect("a refusal");
    terminal.exp_eof().expect("the end");
    let after = ingresses(&lab);
    assert_eq!((&after["app"][0]["theirs"], &after["app"][0][NGINX]), (&"yes".into(), &"false".into()), "{after}");
    assert_eq!(after["shop"], theirs["shop"]);
    lab.k8sport(&["toggle-https-redirect", "--enable-https", "--yes"]).expect(0);
    assert_eq!(ingresses(&lab), theirs);
}

#[test]
fn a_thousand_ingresses_are_read_in_pages_and_an_api_server_that_hangs_ends_the_command() {
    let lab = Lab::with_api();
    api(&lab, "for n in range(1000): ingress(f'many-{n}', 'nginx')");
    let before = requests(&lab);
    let script = r#"/usr/bin/env python3 -c 'import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)' "$@""#;
    let run = lab.operator(&[
        "sh",
        "-c",
        script,
        "sh",
        env!("CARGO_BIN_EXE_k8sport"),
        "toggle-https-redirect",
        "--disable-https",
        "--yes",
        "--quiet",
        "--output",
        "json",
    ]);
    let run = run.expect(0);
    assert_eq!(run.json()["changes"].as_array().map(Vec::len), Some(1002));
    let kilobytes: u64 = run.stderr.trim().parse().expect("a number");
    assert!(kilobytes < 200_000, "{kilobytes} KiB");
    // Three pages, and one request a change.
    let after = requests(&lab);
    let asked = |verb: &str| after.get(verb).unwrap_or(&0) - before.get(verb).unwrap_or(&0);
    assert_eq!((asked("LIST"), asked("GET"), asked("PATCH")), (3, 0, 1002), "{before:?} {after:?}");
    lab.k8sport(&["toggle-https-redirect", "--enable-https", "--dry-run"]).expect(0);
    let looked = requests(&lab);
    assert_eq!((looked["LIST"] - after["LIST"], looked["PATCH"]), (3, after["PATCH"]), "{after:?} {looked:?}");
    // Stopped: connections stand, and nobody answers.
    lab.node("systemctl kill --signal=STOP kube-apiserver");
    let ended = lab.k8sport(&["toggle-https-redirect", "--enable-https", "--yes"]).expect(1);
    lab.node("systemctl kill --signal=CONT kube-apiserver");
    assert!(ended.stderr.contains("api.c02.example.com") && !ended.stderr.contains("panicked"), "{}", ended.stderr);
}

#[test]
fn diagnose_looks_at_every_ingress_host_and_reminds_of_redirects_that_are_off() {
    let lab = Lab::with_api();
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes", "--quiet"]).expect(0);
    let authority = format!("SSL_CERT_FILE={}", lab.home().join("ca.pem").display());
    let diagnose =
        |more: &[&str]| lab.k8sport_with(&[&authority], &[&["diagnose", "--cluster", CLUSTER, "--output", "json"], more].concat());
    let finding = |document: &Value, id: &str| -> Vec<Value> {
        document["checks"].as_array().expect("checks").iter().filter(|check| check["id"] == id).cloned().collect()
    };

    let healthy = diagnose(&["--strict"]).expect(0).json();
    let hosts: Vec<_> = finding(&healthy, "host.latency").iter().map(|check| check["subject"].clone()).collect();
    assert_eq!(hosts, ["app.example.com", "shop.example.com"], "{healthy}");
    let names = |host: &Value| host["hops"].as_array().map(|hops| hops.iter().map(|hop| hop["name"].clone()).collect::<Vec<_>>());
    assert_eq!(names(&finding(&healthy, "host.latency")[0]), Some(["DNS", "TCP", "TLS", "HTTP"].map(Value::from).to_vec()), "{healthy}");

    lab.k8sport(&["toggle-https-redirect", "--disable-https", "--for", "2h", "--yes"]).expect(0);
    let reminded = diagnose(&[]).expect(0).json();
    let reminder = &finding(&reminded, "applications.redirects")[0];
    assert_eq!(reminder["status"], "warning", "{reminder}");
    assert!(reminder["evidence"].as_str().is_some_and(|text| text.starts_with("off for apps/app (until ")), "{reminder}");
    assert!(lab.k8sport(&["status", "--cluster", CLUSTER]).expect(0).stdout.contains("redirect"), "status reminds, too");
    let remedy: Vec<_> = reminder["remedy"][0].as_str().expect("a remedy").split(' ').skip(1).collect();
    lab.k8sport(&[&remedy[..], &["--yes"]].concat()).expect(0);
    diagnose(&["--strict"]).expect(0);

    // Nobody has to have a kubeconfig.
    let elsewhere =
        lab.k8sport_with(&[&authority, "KUBECONFIG=/nonexistent"], &["diagnose", "--cluster", CLUSTER, "--output", "json"]).json();
    let skipped = &finding(&elsewhere, "applications.redirects")[0];
    assert_eq!(skipped["status"], "skipped", "{skipped}");
    assert!(skipped["evidence"].as_str().is_some_and(|text| text.contains("there is no kubeconfig /nonexistent")), "{skipped}");
}

/// What bash gets for a command line that ends where it is completed.
fn completed(lab: &Lab, environment: &[&str], words: &[&str]) -> Vec<String> {
    let index = format!("_CLAP_COMPLETE_INDEX={}", words.len());
    let asked = ["_K8SPORT_COMPLETE=bash", "_CLAP_IFS=\n", "_CLAP_COMPLETE_COMP_TYPE=9", &index];
    let ended = lab.k8sport_with(&[&asked, environment].concat(), &[&["--", "k8sport"], words].concat());
    ended.expect(0).stdout.lines().map(str::to_owned).collect()
}

#[test]
fn a_shell_that_asks_gets_the_names_that_are_there() {
    let lab = Lab::with_api();
    assert_eq!(completed(&lab, &[], &["bootstrap", "--cluster", ""]), ["c02.example.com"]);
    let namespaces = completed(&lab, &[], &["toggle-https-redirect", "--namespace", ""]);
    assert!(["apps", "kube-system"].iter().all(|name| namespaces.iter().any(|found| found == name)), "{namespaces:?}");
    let ingresses = completed(&lab, &[], &["toggle-https-redirect", "sh"]);
    assert!(ingresses.contains(&"shop".to_owned()) && ingresses.iter().all(|name| name.starts_with("sh")), "{ingresses:?}");
    // Those of the namespace that the line says; bash breaks it at `=`.
    let elsewhere = completed(&lab, &[], &["toggle-https-redirect", "--namespace", "=", "kube-system", "sh"]);
    assert_eq!(elsewhere, Vec::<String>::new());
    let unknown = completed(&lab, &[], &["toggle-https-redirect", "--context", "nonsense", "--namespace", ""]);
    assert_eq!(unknown, Vec::<String>::new());
    // Without a right, without a kubeconfig, without an answer: nothing, and soon.
    let nobody = format!("KUBECONFIG={}/.kube/nobody", lab.home().display());
    assert_eq!(completed(&lab, &[&nobody], &["toggle-https-redirect", "--namespace", ""]), Vec::<String>::new());
    assert_eq!(completed(&lab, &["KUBECONFIG=/nonexistent"], &["bootstrap", "--cluster", ""]), Vec::<String>::new());
    lab.node("systemctl kill --signal=STOP kube-apiserver");
    let hung = completed(&lab, &[], &["toggle-https-redirect", "--namespace", ""]);
    lab.node("systemctl kill --signal=CONT kube-apiserver");
    assert_eq!(hung, Vec::<String>::new());
}

/// Python: a proxy on port 3128 of the operator's loopback, which notes where it was asked to go.
const PROXY: &str = r#"
import socket, sys, threading
def pump(source, sink):
    while data := source.recv(65536): sink.sendall(data)
    sink.shutdown(socket.SHUT_WR)
def serve(client):
    host = client.recv(65536).split()[1].decode()
    print(host, file=open(sys.argv[1], "a"), flush=True)
    server = socket.create_connection(host.rsplit(":", 1), 10)
    client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    threading.Thread(target=pump, args=(server, client), daemon=True).start()
    pump(client, server)
listening = socket.create_server(("127.0.0.1", 3128))
listening.settimeout(60)
print("ready", file=open(sys.argv[1], "a"), flush=True)
while True: threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()
"#;

#[test]
fn the_proxy_of_the_environment_is_used_but_where_it_says_no() {
    let lab = Lab::with_api();
    let file = lab.home().join("proxied");
    let mut proxy = lab.start(&["timeout", "90", "python3", "-c", PROXY, file.to_str().expect("UTF-8")]);
    let gone_to = || std::fs::read_to_string(&file).unwrap_or_default().lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    while !file.exists() {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let look = |environment: &[&str]| lab.k8sport_with(environment, &["toggle-https-redirect", "--disable-https", "--dry-run"]);
    for except in [".example.com", "127.0.0.1,api.c02.example.com", "*"] {
        look(&["HTTPS_PROXY=http://127.0.0.1:3128", &format!("NO_PROXY={except}")]).expect(0);
    }
    assert_eq!(gone_to(), Vec::<String>::new());
    // The proxy itself need no proxy.
    for proxy in ["http://127.0.0.1:3128", "127.0.0.1:3128"] {
        look(&[&format!("HTTPS_PROXY={proxy}"), "NO_PROXY=127.0.0.1"]).expect(0);
    }
    assert!(!gone_to().is_empty() && gone_to().iter().all(|host| host == "api.c02.example.com:443"), "{:?}", gone_to());
    proxy.kill().expect("the proxy ends");
    proxy.wait().expect("the proxy ends");
    let dead = look(&["HTTPS_PROXY=http://me:secret@127.0.0.1:1"]).expect(1);
    assert!(dead.stderr.contains("check HTTPS_PROXY") && !dead.stderr.contains("secret"), "{dead:?}");
    let wrong = look(&["HTTPS_PROXY=http://127.0.0.1:1", "NO_PROXY=localhost,"]).expect(2);
    assert!(wrong.stderr.contains("NO_PROXY in the environment can't be read"), "{wrong:?}");
}
