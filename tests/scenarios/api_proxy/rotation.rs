//! The API server gets other certificates under a proxy that runs.

use std::path::Path;

use super::running::Running;
use crate::support::Lab;

/// $0: the certificates' folder, $1: the authority, made if it isn't there. Prints a certificate for the API server's key.
const ISSUE: &str = r#"
cd "$0"
[ -f "$1.crt" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$1" -keyout "$1.key" -out "$1.crt"
openssl req -new -key apiserver.key -subj /CN=kubernetes-master -out next.csr
printf 'basicConstraints=CA:FALSE\nsubjectAltName=DNS:api.c02.example.com,IP:127.0.0.1\n' >next.ext
openssl x509 -req -in next.csr -CA "$1.crt" -CAkey "$1.key" -CAcreateserial -days 30 -extfile next.ext"#;

/// Puts it on the node, whose API server looks at the file every minute.
fn rotate(lab: &Lab, certificates: &Path, authority: &str) {
    let issued = lab.operator(&["sh", "-ec", ISSUE, &certificates.display().to_string(), authority]).expect(0).stdout;
    lab.node(&format!(
        "cat >/srv/kubernetes/apiserver.crt.new <<'END'\n{issued}END\nmv /srv/kubernetes/apiserver.crt.new /srv/kubernetes/apiserver.crt"
    ));
}

fn shown(lab: &Lab) -> String {
    lab.operator(&[
        "sh",
        "-c",
        "timeout 10 openssl s_client -connect api.c02.example.com:443 </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -issuer",
    ])
    .stdout
}

#[test]
fn a_watch_outlives_a_new_certificate_and_a_new_authority_is_taken_from_the_kubeconfig() {
    let lab = Lab::with_api();
    let (home, certificates) = (lab.home(), lab.state().join("certificates"));
    // The kubeconfig names the authority's file, as many do.
    let (authority, kubeconfig) = (home.join("authority.pem"), home.join(".kube/by-file"));
    std::fs::copy(home.join("kubernetes-ca.pem"), &authority).expect("copied");
    let config = std::fs::read_to_string(home.join(".kube/config")).expect("a kubeconfig");
    let by_file = |line: &str| {
        if line.contains("certificate-authority-data") {
            format!("    certificate-authority: {}", authority.display())
        } else {
            line.to_owned()
        }
    };
    std::fs::write(&kubeconfig, config.lines().map(by_file).collect::<Vec<_>>().join("\n")).expect("written");
    let proxy = Running::start(&lab, &["--kubeconfig", &kubeconfig.display().to_string()]);
    let (token, bundle) = proxy.credentials();
    let events = home.join("events");
    let watch = format!(
        "exec curl -sN -A test --cacert {bundle} -H 'Authorization: Bearer {token}' -o {} 'https://127.0.0.1:6443/api/v1/namespaces/default/configmaps?watch=true'",
        events.display()
    );
    let mut watching = lab.start(&["sh", "-c", &watch]);
    proxy.until("a watch", |proxy| proxy.metric(r#"mca_requests_in_flight{kind="long-running"}"#) == 1.0);

    let before = shown(&lab);
    rotate(&lab, &certificates, "kubernetes-ca");
    proxy.until("the new certificate", |_| shown(&lab) != before);
    proxy.kubectl(&["create", "configmap", "after"]).expect(0);
    let seen = || std::fs::read_to_string(&events).is_ok_and(|text| text.contains(r#""name":"after""#));
    proxy.until("the event", |_| seen());
    assert!(watching.try_wait().expect("a process").is_none(), "the watch goes on");

    // An authority that nobody knows yet; this time with a restart.
    rotate(&lab, &certificates, "next-ca");
    lab.node("systemctl restart kube-apiserver");
    proxy.until("the API server again", |_| shown(&lab).contains("next-ca"));
    let distrusted = proxy.kubectl(&["get", "--raw", "/version"]);
    assert!(distrusted.stderr.contains("the TLS handshake with the API server"), "{}", distrusted.stderr);
    assert!(proxy.metric(r#"mca_upstream_errors_total{reason="tls"}"#) >= 1.0, "{}", proxy.second("/metrics"));
    let next = std::fs::read_to_string(certificates.join("next-ca.crt")).expect("a certificate");
    let old = std::fs::read_to_string(&authority).expect("a certificate");
    std::fs::write(&authority, format!("{old}{next}")).expect("written");
    proxy.kubectl(&["get", "--raw", "/version"]).expect(0);
    drop(proxy);
    watching.wait().expect("an end");
}
