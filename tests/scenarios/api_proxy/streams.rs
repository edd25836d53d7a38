//! `exec`, `attach`, `port-forward`, `logs`: kubectl (SPDY) and Python's client (WebSocket) through the proxy and the real API
//! server to a kubelet with Kubernetes' own stream servers (tests/lab/kubelet).

use super::running::{Running, kubectl};
use crate::support::Lab;

/// A node with a kubelet, and a pod on it. $0: kubectl, $1: kubeconfig, $2: authority, $3: token.
const OBJECTS: &str = r#"
printf '%s\n' '{"apiVersion":"v1","kind":"Node","metadata":{"name":"n"}}' '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"shop"},"spec":{"nodeName":"n","containers":[{"name":"shop","image":"x"}]}}' | "$0" --kubeconfig "$1" create -f -
authority=$2 token=$3
say() { curl -sf -A test --cacert "$authority" -H "Authorization: Bearer $token" -H "Content-Type: application/merge-patch+json" -X PATCH "https://127.0.0.1:6443/api/v1/$1/status" -d "$2" >/dev/null; }
say nodes/n '{"status":{"addresses":[{"type":"InternalIP","address":"172.20.32.10"}],"daemonEndpoints":{"kubeletEndpoint":{"Port":10250}}}}'
say namespaces/default/pods/shop '{"status":{"phase":"Running"}}'"#;

/// With the same parameters, and a file for what is sent.
const EXEC: &str = r#"
head -c 3000000 /dev/urandom >"$2"
timeout 60 "$0" --kubeconfig "$1" exec -i shop -- sh -c 'cat; echo told >&2; exit 7' <"$2" >"$2.out" 2>"$2.err"
code=$?
cmp "$2" "$2.out" && echo "$code $(head -1 "$2.err")""#;

/// Three connections through one tunnel.
const FORWARD: &str = r#"
timeout 60 "$0" --kubeconfig "$1" port-forward pod/shop 18080:30080 >/dev/null & forward=$!
for _ in 1 2 3; do
    curl -s -A test -m 20 --retry 50 --retry-connrefused --retry-delay 1 -H 'Host: app.example.com' http://127.0.0.1:18080/ | grep ^app=
done
kill $forward"#;

/// The kubelet, and what the API server has to know of it.
fn prepare(proxy: &Running<'_>) {
    proxy.lab.node("systemd-run -q --unit=kubelet-streams /opt/kubernetes/kubelet-streams");
    let (token, authority) = proxy.credentials();
    proxy.lab.operator(&["sh", "-ec", OBJECTS, &kubectl(), &proxy.kubeconfig.display().to_string(), &authority, &token]).expect(0);
}

#[test]
fn exec_attach_and_port_forward_work_and_a_drain_lets_watches_end_well() {
    let lab = Lab::with_api();
    let proxy = Running::start(&lab, &[]);
    prepare(&proxy);
    let file = proxy.kubeconfig.display().to_string();
    let run = |script: &str, more: &str| lab.operator(&["sh", "-c", script, &kubectl(), &file, more]).stdout.trim().to_owned();
    let sent = lab.home().join("sent").display().to_string();
    assert_eq!(run(EXEC, &sent), "7 told", "what comes back, and the command's own exit code");
    assert_eq!(run(r#"echo hello | timeout 60 "$0" --kubeconfig "$1" attach -i shop 2>/dev/null"#, ""), "HELLO");
    assert_eq!(run(FORWARD, ""), ["app=app.example.com"; 3].join("\n"));
    // The first line has to come before the second is written.
    let logs = r#"timeout 60 "$0" --kubeconfig "$1" logs -f shop | while read -r line; do echo "$(date +%s) $line"; done | cut -d' ' -f1 | uniq | wc -l"#;
    assert_eq!(run(logs, ""), "2");
    let wrong = lab.home().join("kubernetes-ca.pem").display().to_string();
    let ran = proxy.client(include_str!("client.py"), &[&file, &wrong]);
    assert_eq!(ran.stdout, "ok\n", "{}", ran.stderr);

    let (token, authority) = proxy.credentials();
    let watch = format!(
        "curl -sN -A test --cacert {authority} -H 'Authorization: Bearer {token}' 'https://127.0.0.1:6443/api/v1/pods?watch=true' >/dev/null; echo $?"
    );
    let watching = lab.start(&["sh", "-c", &watch]);
    proxy.until("a watch", |proxy| proxy.metric(r#"mca_requests_in_flight{kind="long-running"}"#) == 1.0);
    let ended = proxy.end().expect(0);
    assert!(!ended.stderr.contains("cut off"), "{}", ended.stderr);
    let watched = watching.wait_with_output().expect("an end");
    assert_eq!(String::from_utf8_lossy(&watched.stdout).trim(), "0", "the watch ended as one of the API server's does");
}
