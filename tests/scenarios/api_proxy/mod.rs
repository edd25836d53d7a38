//! `api-proxy` in front of the real API server, with real clients that verify its certificate.

mod http2;
mod pod;
mod rotation;
mod running;
mod streams;

use std::time::Duration;

use crate::support::{CLUSTER, Lab};
use running::{Running, kubectl};

/// The words of the guide's command that begins so.
fn of_readme(begin: &str) -> Vec<String> {
    let commands = include_str!("../../../docs/guide/api-proxy.md").lines().filter_map(|line| line.strip_prefix("    k8sport "));
    let found: Vec<_> = commands.filter(|command| command.starts_with(begin)).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].split(' ').map(str::to_owned).collect()
}

#[test]
fn kubectl_works_through_it_and_nobody_without_the_token() {
    let lab = Lab::with_api();
    let log = lab.home().join("access.log").display().to_string();
    let proxy = Running::start(&lab, &["--access-log", &log]);
    assert_eq!(proxy.second("/readyz"), "ok\n");
    assert!(proxy.kubectl(&["get", "namespaces"]).expect(0).stdout.contains("kube-system"));
    proxy.kubectl(&["create", "configmap", "shop", "--from-literal=colour=red"]).expect(0);
    // Server-side apply is a patch with a body of its own.
    let manifest = r#"printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\ndata: {colour: blue}\n' | "$0" --kubeconfig "$1" apply --server-side --force-conflicts -f -"#;
    lab.operator(&["sh", "-c", manifest, &kubectl(), &proxy.kubeconfig.display().to_string()]).expect(0);
    assert_eq!(proxy.kubectl(&["get", "configmap", "shop", "-o", "jsonpath={.data.colour}"]).expect(0).stdout, "blue");
    let seen = proxy.kubectl(&["get", "configmap", "-w", "--request-timeout=2s"]);
    assert!(seen.stdout.contains("shop"), "{}", seen.stderr);
    // By its own words, since the API server would say something else.
    let (token, authority) = proxy.credentials();
    let get = |more: &[&str]| {
        let arguments = [&["curl", "-s", "-A", "test", "--cacert", &authority, "-w", "%{http_version} %{http_code}"], more].concat();
        lab.operator(&arguments).stdout
    };
    assert!(get(&["https://127.0.0.1:6443/version"]).contains("the token isn't the one"));
    let bearer = format!("Authorization: Bearer {token}");
    for (protocol, version) in [("--http1.1", "1.1 200"), ("--http2", "2 200")] {
        assert!(get(&[protocol, "-H", &bearer, "https://[::1]:6443/version"]).ends_with(version));
    }
    let text = std::fs::read_to_string(&log).expect("an access log");
    assert!(!text.contains(&token) && text.contains(r#""verb":"watch","resource":"configmaps""#), "{text}");
    text.lines().for_each(|line| drop(serde_json::from_str::<serde_json::Value>(line).expect("JSON")));
    let counted = format!(r#"mca_requests_total{{cluster="{CLUSTER}",port="6443",resource="configmaps"}}"#);
    assert!(proxy.metric(&counted) >= 4.0, "{}", proxy.second("/metrics"));

    let taken = lab.k8sport(&["api-proxy", "--metrics-port", "0"]).expect(1);
    assert!(taken.stderr.contains("port 6443 is taken: k8sport (process ") && taken.stderr.contains("MCA_LISTEN_PORT"), "{}", taken.stderr);
    let wrong = lab.k8sport_with(&["MCA_LISTEN_PORT=70000"], &["api-proxy"]).expect(2);
    assert!(wrong.stderr.contains("MCA_LISTEN_PORT"), "{}", wrong.stderr);
}

#[test]
fn ten_thousand_objects_and_five_hundred_watches() {
    let lab = Lab::with_api();
    let proxy = Running::start(&lab, &[]);
    let (token, authority) = proxy.credentials();
    let fill = r#"
import http.client, json, ssl
from concurrent.futures import ThreadPoolExecutor
tls = ssl.create_default_context(cafile="/srv/kubernetes/ca.crt")
tls.load_cert_chain("/srv/kubernetes/admin.crt", "/srv/kubernetes/admin.key")
def some(part):
    api = http.client.HTTPSConnection("127.0.0.1", context=tls)
    for n in range(part, 10000, 4):
        api.request("POST", "/api/v1/namespaces/default/configmaps", json.dumps({"metadata": {"name": f"many-{n}"}, "data": {"n": "x" * 100}}), {"Content-Type": "application/json"})
        answer = api.getresponse()
        assert answer.status == 201, answer.read()
        answer.read()
list(ThreadPoolExecutor(4).map(some, range(4)))"#;
    lab.node(&format!("python3 - <<'PYTHON'\n{fill}\nPYTHON"));
    let list = format!(
        "curl -s -A test --cacert {authority} -H 'Authorization: Bearer {token}' https://127.0.0.1:6443/api/v1/namespaces/default/configmaps | grep -o '\"name\":\"many-[0-9]*\"' | wc -l"
    );
    assert_eq!(lab.operator(&["sh", "-c", &list]).stdout.trim(), "10000");

    // The API server has watches of its own.
    let gauge = "curl -s -A test --cacert /srv/kubernetes/ca.crt --cert /srv/kubernetes/admin.crt --key /srv/kubernetes/admin.key https://127.0.0.1/metrics | grep '^apiserver_longrunning_gauge.*resource=\"configmaps\".*verb=\"WATCH\"'";
    let open_upstream = || lab.node(gauge);
    let before = open_upstream();
    let file = proxy.kubeconfig.display().to_string();
    let seen = proxy.python(include_str!("watches.py"), &["6443", &authority, &token, "500", &kubectl(), &file]);
    assert_eq!(seen.stdout.trim(), "500", "{}", seen.stderr);
    let metrics = std::fs::read_to_string(format!("{file}.metrics")).expect("metrics");
    assert!(metrics.contains(r#"mca_requests_in_flight{kind="long-running"} 500"#), "{metrics}");
    // Their clients are gone, and so are theirs at the API server.
    proxy.until("the end of the watches", |proxy| proxy.metric(r#"mca_requests_in_flight{kind="long-running"}"#) == 0.0);
    proxy.until("the API server's end of the watches", |_| open_upstream() == before);
}

#[test]
fn an_api_server_that_restarts_or_hangs_is_told_of_and_found_again() {
    let lab = Lab::with_api();
    let proxy = Running::start(&lab, &[]);
    proxy.kubectl(&["get", "--raw", "/version"]).expect(0);
    lab.node("systemctl restart kube-apiserver");
    proxy.until("the API server again", |proxy| proxy.kubectl(&["get", "--raw", "/version"]).code == 0);
    lab.node("systemctl kill --signal=STOP kube-apiserver");
    let hung = proxy.kubectl(&["get", "--raw", "/version"]);
    lab.node("systemctl kill --signal=CONT kube-apiserver");
    assert!(hung.stderr.contains("did not answer within 10 s"), "{}", hung.stderr);
    assert!(proxy.metric(r#"mca_upstream_errors_total{reason="connect-timeout"}"#) >= 1.0, "{}", proxy.second("/metrics"));
    proxy.kubectl(&["get", "--raw", "/version"]).expect(0);
    lab.node("systemctl stop kube-apiserver");
    let away = proxy.kubectl(&["get", "--raw", "/version"]);
    assert!(away.stderr.contains("can't be reached"), "{}", away.stderr);
    assert!(proxy.second("/readyz").contains("can't be reached") && proxy.second("/healthz") == "ok\n");
    lab.node("systemctl start kube-apiserver");
    proxy.until("the API server again", |proxy| proxy.kubectl(&["get", "--raw", "/version"]).code == 0);
}

#[test]
fn slow_and_oversized_requests_are_bounded() {
    let lab = Lab::with_api();
    let proxy = Running::start(&lab, &["--idle-timeout", "2s"]);
    let (token, authority) = proxy.credentials();
    let script = r#"
import socket, ssl, sys, time
tls = ssl.create_default_context(cafile=sys.argv[1])
def connect(protocols=("http/1.1",)):
    tls.set_alpn_protocols(list(protocols))
    return tls.wrap_socket(socket.create_connection(("127.0.0.1", 6443), 10), server_hostname="localhost")
# A head that never ends, a byte at a time.
slow = connect()
slow.sendall(b"GET /version HTTP/1.1\r\nHost: x\r\n")
begun = time.monotonic()
slow.settimeout(0.2)
while time.monotonic() - begun < 20:
    try:
        slow.sendall(b"a")
        if slow.recv(1000) == b"": break
    except TimeoutError: continue
    except OSError: break
else: sys.exit("a slow head is waited for")
# HTTP/2 that says nothing.
idle = connect(["h2"])
idle.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0")
idle.settimeout(20)
while idle.recv(1000): pass
# No TLS at all.
plain = socket.create_connection(("127.0.0.1", 6443), 10)
plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
plain.settimeout(20)
while plain.recv(1000): pass
large = connect()
large.settimeout(20)
# What is unread when the connection is closed can take the answer with it.
try:
    large.sendall(b"GET /version HTTP/1.1\r\nHost: x\r\nX-Large: " + b"a" * 200000 + b"\r\n\r\n")
    answer = large.recv(1000)
except TimeoutError: raise
except OSError: answer = b""
print(answer.split(b"\r\n")[0].decode() or "closed")"#;
    let ended = proxy.python(script, &[&authority]);
    assert!(ended.stdout.starts_with("HTTP/1.1 431 ") || ended.stdout == "closed\n", "{} {}", ended.stdout, ended.stderr);
    assert!(!token.is_empty());
    proxy.kubectl(&["get", "--raw", "/version"]).expect(0);
    proxy.until("the end of all connections", |proxy| proxy.metric("mca_connections") == 0.0);
}

#[test]
fn a_tunnel_that_is_lost_is_made_again() {
    let lab = Lab::with_api();
    let shown = of_readme("api-proxy --via-ssh ");
    let help = lab.k8sport(&["help", "api-proxy"]).expect(0).stdout.replace("\\\n", "");
    assert!(help.lines().any(|line| line.split_whitespace().skip(2).eq(shown.iter())), "the help has the guide's example: {help}");
    let (file, arguments) = shown.split_last().expect("words");
    assert_eq!((file.as_str(), arguments.last().map(String::as_str)), ("proxy.kubeconfig", Some("--write-kubeconfig")));
    // The file is the test's.
    let arguments: Vec<_> = arguments[1..arguments.len() - 1].iter().map(String::as_str).collect();
    let proxy = Running::start(&lab, &arguments);
    proxy.kubectl(&["get", "--raw", "/version"]).expect(0);
    // Every session of the node's, and the operator's direct way as well.
    lab.node("for session in $(pgrep -u ubuntu sshd); do kill $session; done");
    std::thread::sleep(Duration::from_millis(200));
    proxy.until("the tunnel again", |proxy| proxy.kubectl(&["get", "--raw", "/version"]).code == 0);
    let ended = proxy.end().expect(0);
    assert!(ended.stderr.contains("the tunnel is up again"), "{}", ended.stderr);
    let left = lab.operator(&["sh", "-c", "ls -d /tmp/k8sport-tunnel-* 2>/dev/null | wc -l"]).stdout;
    assert_eq!(left.trim(), "0");
}
